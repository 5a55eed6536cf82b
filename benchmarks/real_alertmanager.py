"""Alertmanager itself: started with the routes of all sequences, told what happens, its webhook's messages kept."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import urllib3
import yaml

from benchmarks.alert_differences import END, INTERVAL, REPEAT, WAIT, Messages
from benchmarks.alert_sequences import Sequence
from benchmarks.delays import Delays


def with_sequence(route: dict[str, Any]) -> dict[str, Any]:
    """The route for Alertmanager: an empty grouping stays within its sequence."""
    made = {**route, "routes": [with_sequence(one) for one in route.get("routes", ())]}
    if "group_by" in route:
        made["group_by"] = [*route["group_by"], "seq"]
    return made


class Sink(BaseHTTPRequestHandler):
    """Keeps what Alertmanager sends: when, to which receiver, of which group, which alerts fire."""

    kept: list[tuple[float, dict[str, Any]]] = []  # noqa: RUF012 - one run, one list
    started = 0.0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.kept.append((time.monotonic() - Sink.started, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class SinkServer(ThreadingHTTPServer):
    """Takes what many groups send at one moment. The standard queue holds five connections: the sixth is not answered,
    and comes again after the second that TCP waits, which looks like an Alertmanager that is late."""

    request_queue_size = 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def theirs(sequences: list[Sequence], binary: Path, delays: Delays) -> dict[int, Messages]:
    """What Alertmanager sends, in real time."""
    sink = SinkServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{sink.server_port}/"
    config = {
        "route": {
            "receiver": "none", "group_wait": f"{WAIT}s", "group_interval": f"{INTERVAL}s",
            "repeat_interval": f"{REPEAT}s", "routes": [with_sequence(one.route) for one in sequences],
        },
        "inhibit_rules": [rule for one in sequences for rule in one.inhibit],
        "receivers": [{"name": "none"}] + [
            {"name": f"r{number}", "webhook_configs": [{"url": url, "send_resolved": True}]} for number in range(5)
        ],
        "templates": [],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
        port = free_port()
        command = [
            str(binary), f"--config.file={place}/config.yml", f"--storage.path={place}", "--cluster.listen-address=",
            f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                play(sequences, f"http://127.0.0.1:{port}", delays)
            finally:
                running.terminate()
    sink.shutdown()
    found: dict[int, Messages] = {one.number: defaultdict(list) for one in sequences}
    for at, body in sorted(Sink.kept, key=lambda one: one[0]):
        number = int(body["alerts"][0]["labels"]["seq"])
        labels = {name: value for name, value in body["groupLabels"].items() if name != "seq"}
        key = json.dumps([body["receiver"], sorted(labels.items())])
        firing = tuple(sorted(one["labels"]["model"] for one in body["alerts"] if one["status"] == "firing"))
        found[number][key].append((at, firing))
    return found


def play(sequences: list[Sequence], base: str, delays: Delays) -> None:
    """Post what happens when it happens."""
    http = urllib3.PoolManager()
    wait_for(http, base)
    Sink.started = delays.started = time.monotonic() + 1
    began = datetime.now(UTC) + timedelta(seconds=1)
    for one in sequences:
        for matchers, start, end in one.silences:
            body = {
                "matchers": [matcher_json(text) for text in matchers], "createdBy": "b", "comment": "c",
                "startsAt": (began + timedelta(seconds=start)).isoformat(),
                "endsAt": (began + timedelta(seconds=end)).isoformat(),
            }  # fmt: skip
            post(http, f"{base}/api/v2/silences", body)
    moments = moments_of(sequences)
    for at in sorted(moments):
        time.sleep(max(0.0, Sink.started + at - time.monotonic()))
        now = datetime.now(UTC)
        body = [
            {"labels": one["labels"], "startsAt": now.isoformat(), "endsAt": (now + timedelta(hours=1)).isoformat()}
            if "startsAt" in one
            else {"labels": one["labels"], "endsAt": now.isoformat()}
            for one in moments[at]
        ]
        began_at = time.monotonic()
        post(http, f"{base}/api/v2/alerts", body)
        passed = time.monotonic() - Sink.started
        delays.posted(passed, time.monotonic() - began_at)
        for one in moments[at]:  # when it really was: the machine may be busy
            times, number = one.get("startsAt") or one["endsAt"]
            times[number] = passed
    time.sleep(max(0.0, Sink.started + END + 0.6 - time.monotonic()))


def post(http: urllib3.PoolManager, url: str, body: Any) -> None:
    """Hand something over."""
    answer = http.request("POST", url, json=body)
    if answer.status != 200:
        raise RuntimeError(f"{url}: {answer.status} {answer.data!r}")


def moments_of(sequences: list[Sequence]) -> dict[float, list[dict[str, Any]]]:
    """What happens, by when: labels, and where the true moment is noted."""
    moments: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for one in sequences:
        for name, labels in one.labels.items():
            for what, times in (("startsAt", one.begins[name]), ("endsAt", one.ends[name])):
                for number, at in enumerate(times):
                    moments[round(at, 3)].append({"labels": labels, what: (times, number)})
    return moments


def wait_for(http: urllib3.PoolManager, base: str) -> None:
    """Until it is ready."""
    for _ in range(100):
        try:
            if http.request("GET", f"{base}/-/ready", retries=False).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError("Alertmanager does not become ready")


def matcher_json(text: str) -> dict[str, Any]:
    """A matcher in the form of Alertmanager's API."""
    for operator in ("=~", "!~", "!=", "="):
        name, found, value = text.partition(operator)
        if found:
            return {"name": name, "value": value.strip('"'), "isRegex": "~" in operator, "isEqual": operator[0] == "="}
    raise ValueError(text)
