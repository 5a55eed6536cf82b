"""The local host of Azure functions: indexing, timers, queues on Azurite, poison, and its end."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.storage.queue import QueueServiceClient

from tests.contract.clouds import azurite as start_azurite
from tests.edges.azure.azure_cases import ROOT, stage

# A small app: a worker that fails on some bodies and sends on others, a timer that may fail.
APP = """
import base64, logging, os, pathlib, time
import azure.functions as func
from azure.storage.queue import QueueClient

app = func.FunctionApp()

@app.function_name("work")
@app.queue_trigger(arg_name="message", queue_name="work", connection="Storage")
def work(message: func.QueueMessage) -> None:
    body = message.get_body().decode()
    with pathlib.Path(os.environ["DIARY"]).open("a") as diary:
        diary.write(f"{body} {message.dequeue_count}\\n")
    if body.startswith("bad"):
        raise ValueError(body)
    if body.startswith("slow"):
        time.sleep(1.5)
        with pathlib.Path(os.environ["DIARY"]).open("a") as diary:
            diary.write("slow ended\\n")
    if body.startswith("send "):
        queue = QueueClient.from_connection_string(os.environ["Storage"], "work")
        queue.send_message(base64.b64encode(body.removeprefix("send ").encode()).decode())

@app.function_name("greet")
@app.route(route="greet/{name}", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
def greet(req: func.HttpRequest) -> func.HttpResponse:
    said = req.get_body() + f" {req.route_params['name']} {req.params.get('twice')} {req.headers['X-Mood']}".encode()
    return func.HttpResponse(said, status_code=203, mimetype="text/plain", headers={"X-Mood": "good"})

@app.function_name("tick")
@app.timer_trigger(arg_name="timer", schedule="%TICK%", use_monitor=True)
def tick(timer: func.TimerRequest) -> None:
    with pathlib.Path(os.environ["DIARY"]).open("a") as diary:
        diary.write(f"tick {timer.past_due} {sorted(timer.schedule_status)}\\n")
    if os.environ.get("TICK_FAILS"):
        raise RuntimeError("the tick failed")
"""
HOST = {
    "version": "2.0",
    "extensions": {"queues": {"maxDequeueCount": 3, "visibilityTimeout": "00:05:00", "messageEncoding": "base64"}},
}
QUICK = {"AzureFunctionsJobHost__extensions__queues__visibilityTimeout": "00:00:00"}


class Running:
    """A host that runs."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, service: QueueServiceClient) -> None:
        self.process, self.folder, self.service = process, folder, service
        self.started: dict[str, Any] = {}
        assert process.stdout is not None
        self.output = process.stdout

    def ask(
        self, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        address = f"http://127.0.0.1:{self.started['port']}{path}"
        request = urllib.request.Request(address, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - always http://127.0.0.1
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def send(self, *bodies: str, encoded: bool = True) -> None:
        queue = self.service.get_queue_client("work")
        for body in bodies:
            queue.send_message(base64.b64encode(body.encode()).decode() if encoded else body)

    def until_idle(self) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            _, status = self.ask("/status")
            if status["idle"]:
                return status
            time.sleep(0.1)
        raise AssertionError(status)

    def diary(self) -> list[str]:
        path = self.folder / "diary"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with start_azurite(tmp_path_factory.mktemp("azurite")) as emulator:
        yield emulator.connection


@contextmanager
def running(folder: Path, connection: str, **settings: str) -> Iterator[Running]:
    app = folder / "app"
    app.mkdir()
    (app / "function_app.py").write_text(APP)
    (app / "host.json").write_text(json.dumps(HOST))
    # The host reads schedules with the app's own copy of our reader.
    (app / "azure_functions").mkdir()
    for name in ("__init__.py", "schedules.py"):
        (app / "azure_functions" / name).write_text((ROOT / "azure_functions" / name).read_text())
    values = {"Storage": connection, "DIARY": str(folder / "diary"), "TICK": "0 0 0 29 2 *", **QUICK, **settings}
    (folder / "settings.json").write_text(json.dumps({"IsEncrypted": False, "Values": values}))
    service = QueueServiceClient.from_connection_string(connection)
    for queue in list(service.list_queues()):
        service.delete_queue(queue.name)
    service.create_queue("work")
    command = [sys.executable, "-m", "demo.azure_host", "--app", str(app), "--settings", str(folder / "settings.json")]
    with (
        (folder / "stderr").open("w") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        host = Running(process, folder, service)
        try:
            line = host.output.readline()
            assert line, (folder / "stderr").read_text()
            host.started = json.loads(line)
            yield host
        finally:
            process.kill()
            service.close()


@pytest.mark.emulator
def test_messages_are_handed_over_until_all_queues_are_empty(tmp_path: Path, connection: str) -> None:
    with running(tmp_path, connection) as host:
        host.send("one", "send two", "send send three")
        status = host.until_idle()

        assert sorted(host.diary()) == ["one 1", "send send three 1", "send three 1", "send two 1", "three 1", "two 1"]
        assert status["queues"] == {"work": 0}
        assert status["calls"]["work"] == {"succeeded": 6, "failed": 0}
        assert {one["name"]: one["bindings"][0]["type"] for one in status["functions"]} == {
            "work": "queueTrigger",
            "greet": "httpTrigger",
            "tick": "timerTrigger",
        }


@pytest.mark.emulator
def test_a_message_that_keeps_failing_is_put_aside_after_its_tries_and_only_it(tmp_path: Path, connection: str) -> None:
    with running(tmp_path, connection) as host:
        host.send("bad", "good")
        status = host.until_idle()
        aside = [one.content for one in host.service.get_queue_client("work-poison").receive_messages()]

        assert sorted(host.diary()) == ["bad 1", "bad 2", "bad 3", "good 1"]
        assert status["poison"] == {"work": 1}
        assert [base64.b64decode(one) for one in aside] == [b"bad"]


@pytest.mark.emulator
def test_a_message_that_is_no_base64_is_put_aside_at_once(tmp_path: Path, connection: str) -> None:
    with running(tmp_path, connection) as host:
        host.send("{plain}", encoded=False)
        status = host.until_idle()

        assert status["poison"] == {"work": 1}
        assert host.diary() == []


@pytest.mark.emulator
def test_a_failed_message_waits_as_long_as_host_json_says(tmp_path: Path, connection: str) -> None:
    """Five minutes, which the status tells as not idle."""
    with running(tmp_path, connection, **dict.fromkeys(QUICK, "00:05:00")) as host:
        host.send("bad")
        time.sleep(3)
        _, status = host.ask("/status")

        assert host.diary() == ["bad 1"]
        assert status["queues"] == {"work": 1}
        assert not status["idle"]


@pytest.mark.emulator
def test_a_timer_fires_when_asked_to_and_says_how_it_ended(tmp_path: Path, connection: str) -> None:
    with running(tmp_path, connection, TICK_FAILS="yes") as host:
        assert host.ask("/timers/tick", method="POST") == (500, {"error": "RuntimeError: the tick failed"})
        assert host.ask("/timers/nothing", method="POST")[0] == 404
        assert host.ask("/elsewhere")[0] == 404
        assert host.ask("/timers/tick", method="POST", headers={"Origin": "https://example.org"})[0] == 403
        assert host.diary() == ["tick False ['Last', 'LastUpdated', 'Next']"]


@pytest.mark.emulator
def test_a_request_is_answered_by_the_function_of_its_route(tmp_path: Path, connection: str) -> None:
    with running(tmp_path, connection) as host:
        address = f"http://127.0.0.1:{host.started['port']}/api"
        asked = urllib.request.Request(  # noqa: S310 - always http://127.0.0.1
            f"{address}/greet/a%20b?twice=yes", data=b"\xff\x00", headers={"X-Mood": "fine"}, method="POST"
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - always http://127.0.0.1
            assert (answer.status, answer.read()) == (203, b"\xff\x00 a b yes fine")
            assert answer.headers["X-Mood"] == "good"
            assert answer.headers["Content-Type"].startswith("text/plain")
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            urllib.request.urlopen(f"{address}/greet/ann", timeout=30)  # noqa: S310 - only POST is offered
        refused.value.close()


@pytest.mark.emulator
def test_a_timer_fires_by_the_clock(tmp_path: Path, connection: str) -> None:
    with running(tmp_path, connection, TICK="* * * * * *") as host:
        time.sleep(3.2)

        assert 2 <= len(host.diary()) <= 4


@pytest.mark.emulator
def test_asked_to_end_it_finishes_what_runs_and_takes_no_more(tmp_path: Path, connection: str) -> None:
    with running(tmp_path, connection) as host:
        host.send("slow")
        while host.diary() != ["slow 1"]:
            time.sleep(0.05)
        host.process.send_signal(signal.SIGTERM)
        said = host.output.read()

        assert host.process.wait(timeout=20) == 0
        assert host.diary() == ["slow 1", "slow ended"]
        assert json.loads(said.splitlines()[-1])["event"] == "ended"
        assert host.service.get_queue_client("work").get_queue_properties().approximate_message_count == 0


@pytest.mark.emulator
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"TICK": "nonsense"}, "timer tick: app setting TICK: 'nonsense' has 1 fields"),
        ({"TICK": ""}, "app setting TICK: the app setting is missing"),
        ({"Storage": ""}, "app setting Storage is missing"),
    ],
)
def test_wrong_settings_end_it_with_one_sentence(
    tmp_path: Path, connection: str, settings: dict[str, str], says: str
) -> None:
    with pytest.raises(AssertionError, match=says), running(tmp_path, connection, **settings):
        pass
    assert "Traceback" not in (tmp_path / "stderr").read_text()


def list_app(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "demo.azure_host", "--list", "--app", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ('arg_name="message"', 'arg_name="massage"', "function decorators):  {'message'}"),
        (
            "timer: func.TimerRequest",
            "timer: func.QueueMessage",
            "function parameter's Python type annotation QueueMessage",
        ),
        ("timer: func.TimerRequest)", "timer: func.TimerRequest, other: str)", "declared in Python but not in"),
        ('function_name("work")', 'function_name("tick")', "unique"),
        ("import base64, logging", "import nothing_here, logging", "No module named 'nothing_here'"),
    ],
)
@pytest.mark.skipif(sys.version_info < (3, 13), reason="azure-functions-runtime needs Python 3.13")
def test_what_the_runtime_refuses_is_refused_here(tmp_path: Path, wrong: str, right: str, says: str) -> None:
    assert wrong in APP
    (tmp_path / "function_app.py").write_text(APP.replace(wrong, right))
    process = list_app(tmp_path)

    assert process.returncode == 2
    assert says in process.stderr


def test_our_app_sees_nothing_of_the_checkout(tmp_path: Path) -> None:
    folder = stage(ROOT / "azure_functions", tmp_path)
    good = list_app(folder)
    (folder / "function_app.py").write_text((folder / "function_app.py").read_text() + "\nimport functions.wiring\n")
    bad = list_app(folder)

    assert good.returncode == 0, good.stderr
    assert bad.returncode == 2
    assert "No module named 'functions'" in bad.stderr


def test_without_the_runtime_the_functions_are_called_directly_and_that_is_said_loudly(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text(APP)
    code = f"""
import asyncio, os, pathlib, sys
sys.modules["azure_functions_runtime"] = None
sys.path.insert(0, {str(tmp_path)!r})
from demo.azure_host.apps import Call, index
app = asyncio.run(index(pathlib.Path({str(tmp_path)!r})))
work, tick, _ = sorted(app.functions, key=lambda one: one.name, reverse=True)
print(app.runtime, asyncio.run(app.call(work, Call(text="good", metadata={{"DequeueCount": 2}}))).error)
print(asyncio.run(app.call(work, Call(text="bad"))).error)
print(asyncio.run(app.call(tick, Call(json='{{"Schedule": {{}}, "ScheduleStatus": null, "IsPastDue": true}}'))).error)
"""
    environ = {"PATH": "/usr/bin", "DIARY": str(tmp_path / "diary")}
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )

    assert process.stdout.splitlines() == ["plain calls None", "ValueError: bad", "None"], process.stderr
    assert (tmp_path / "diary").read_text().splitlines() == ["good 2", "bad None", "tick True []"]
    assert "DIRECTLY" in process.stderr
