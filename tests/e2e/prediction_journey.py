"""Steps of the breast-cancer journey on the deployed stack: what people ask, and what the schedule does meanwhile."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import urllib3
from sklearn.datasets import load_breast_cancer

from demo.__main__ import Demonstration
from functions.wiring import AwsWiring
from syndic.models import TimeWindow
from syndic.tasks import rollouts
from tests.e2e.test_deployed import request_check

ROOT = Path(__file__).parents[2]
DATA = load_breast_cancer()
NAMES = tuple(str(name) for name in DATA.feature_names)
SHA = hashlib.sha256(DATA.data.tobytes()).hexdigest()
PROFILE = {
    "owner": "owner@example.com",
    "intended_purpose": "Shows how predictions are governed; it decides on nobody's treatment.",
    "limitations": "A public set of 569 cells of one clinic; not for any patient.",
    "data_sources": ["Breast Cancer Wisconsin (Diagnostic)"],
    "oversight_plan": "A person looks at each prediction, and the team looks at drift each day.",
}
POLICY = {
    "name": "pilot", "description": "One other person agrees; traffic moves in steps.", "approvers": 1,
    "strategy": "canary", "canary_steps": [{"percent": percent, "minutes": 20} for percent in (10, 50, 100)],
    "rollback": {"error_rate": 0.5, "min_invocations": 6},
}  # fmt: skip
FAIRNESS = {
    "favourable": ["1"], "outcomes": ["prediction"],
    "protected_attributes": [{"name": "clinic", "reference_group": "a"}],
}  # fmt: skip
BYTES = '{ "predictions" :\n\t[0.9100], "of": "Müller" }'.encode()
"""An answer that no encoder would write."""
WHY = "to be served from the gateway"
ENOUGH, MOST = 8, 600
"""Requests that the new version has to have got, and how many may be sent for that."""


@dataclass
class Journey:
    """The deployed API in the name of people, and what moves deployments."""

    demonstration: Demonstration
    base: str
    tokens: dict[str, str]
    backend: str

    def ask(
        self, method: str, path: str, body: Any = None, *, by: str = "owner", status: int = 200, **headers: str
    ) -> Any:
        named = {"Authorization": f"Bearer {self.tokens[by]}", **headers}
        answer = urllib3.request(method, f"{self.base}/api/v1{path}", json=body, headers=named, timeout=60)
        assert answer.status == status, (path, answer.status, answer.data[:900])
        return answer.json()

    def until(self, found: Callable[[], Any], what: str, seconds: int = 120) -> Any:
        deadline = time.monotonic() + seconds
        while not (it := found()):
            assert time.monotonic() < deadline, what
            time.sleep(1)
        return it


@contextmanager
def server_of_ones_own() -> Iterator[str]:
    """A server of predictions on a free port, that answers `BYTES` whatever it is asked."""

    class Own(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(BYTES)))
            self.end_headers()
            self.wfile.write(BYTES)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Own) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def pass_through(journey: Journey, model: str, row: dict[str, float]) -> None:
    """What a server of one's own answers goes out byte for byte where that is asked, and what is said of it is said."""
    journey.ask("PUT", f"/models/{model}/gateway", {
        "backends": {"*": {"kind": "mlflow", "address": f"http://{journey.backend}"}}, "answer": "passthrough",
    })  # fmt: skip
    headers = {"Authorization": f"Bearer {journey.tokens['owner']}", "X-Request-Id": "as-it-is"}

    def answered() -> urllib3.BaseHTTPResponse:
        address = f"{journey.base}/api/v1/gateway/{model}/predict"
        return urllib3.request("POST", address, json=row, headers=headers, timeout=60)

    journey.until(lambda: answered().data == BYTES, "the backend's own bytes are not answered")
    given = answered()
    assert (given.status, given.data) == (200, BYTES)
    assert given.headers["Content-Type"].startswith("application/json")
    told = {name: given.headers[name] for name in ("X-Model-Version", "X-Model-Stage", "X-Request-Id", "X-Logged")}
    assert told == {
        "X-Model-Version": "1", "X-Model-Stage": "production", "X-Request-Id": "as-it-is", "X-Logged": "queued",
    }  # fmt: skip


class Moved(AwsWiring):
    """The adapters of the function that moves deployments, at another time."""

    moment = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Metrics of a test are nobody's."""


def approve(journey: Journey, model: str) -> None:
    """Each version approved, and the first in staging: asked for by one person and decided by another."""
    ask = journey.ask
    ask("PATCH", f"/models/{model}", PROFILE, by="admin")
    ask("PUT", f"/models/{model}/risk-profile", {"level": "limited", "reason": "people decide, and nobody is treated"})
    for state in ("under_review", "approved"):
        ask("PATCH", f"/models/{model}/compliance-status", {"status": state, "reason": WHY}, by="admin")
    ask("POST", "/policies", POLICY, by="admin")
    ask("PUT", f"/models/{model}/approval-policy", {"name": "pilot"}, by="admin")
    ask("POST", f"/models/{model}/versions/1/promote", {"stage": "staging", "reason": WHY})
    for version in ("1", "2", "3"):
        asked = ask("POST", f"/models/{model}/approvals", {"version": version}, status=201)
        vote = {"role": "product_owner", "decision": "approve", "comment": "looked at the evaluation"}
        ask("POST", f"/models/{model}/approvals/{asked['id']}/votes", vote, by="voter")


def take_over(journey: Journey, rolling: Moved, model: str, row: dict[str, float]) -> None:
    """Version 2 gets 10, 50 and 100 %."""
    deployment = planned(journey, model, "2")
    advance(journey, rolling, deployment, "baking", back=True)
    assert shares(journey, model) == {"1": 90, "2": 10}
    answered = Counter[str]()
    while answered["2"] < ENOUGH and answered.total() < MOST:
        answered[predicted(journey, model, row)["model_version"]] += 1
    assert answered["2"] == ENOUGH < answered["1"], answered
    wait_for_numbers(journey, rolling, model, deployment, least=ENOUGH)
    seen = []
    for _ in range(2):
        advance(journey, rolling, deployment, "shifting")
        advance(journey, rolling, deployment, "baking", back=True)
        seen.append(shares(journey, model))
    assert seen == [{"1": 50, "2": 50}, {"1": 0, "2": 100}]
    advance(journey, rolling, deployment, "completed")
    time.sleep(1.5)  # what was read before is kept for a second
    assert {predicted(journey, model, row)["model_version"] for _ in range(5)} == {"2"}


def take_back(journey: Journey, rolling: Moved, model: str, row: dict[str, float]) -> None:
    """Version 3 is worse: its file is not there. A rule takes it back."""
    worse = planned(journey, model, "3")
    advance(journey, rolling, worse, "baking", back=True)
    answered = Counter[int]()
    while answered[503] < ENOUGH and answered.total() < MOST:
        answered[status_of(journey, "POST", f"/gateway/{model}/predict", row)] += 1
    assert answered[503] == ENOUGH < answered[200], answered
    wait_for_numbers(journey, rolling, model, worse, least=ENOUGH)
    advance(journey, rolling, worse, "rolled_back")
    assert shares(journey, model) == {"2": 100}
    time.sleep(1.5)
    assert {status_of(journey, "POST", f"/gateway/{model}/predict", row) for _ in range(30)} == {200}


def predicted(journey: Journey, model: str, row: dict[str, float]) -> Any:
    """The answer for one patient."""
    return journey.ask("POST", f"/gateway/{model}/predict", row)


def send_traffic(journey: Journey, model: str, predict: Callable[..., Any]) -> TimeWindow:
    """Every patient once, from two clinics; once it is kept, what became of them. Gives the window of it."""
    labels: list[dict[str, Any]] = []
    for part in range(4):
        rows = [
            {**dict(zip(NAMES, map(float, DATA.data[n]), strict=True)), "clinic": "ab"[n % 2]}
            for n in range(part, len(DATA.data), 4)
        ]
        answer = predict(rows)
        labels += [
            {"id": one["row_id"], "label": int(DATA.target[n])}
            for one, n in zip(answer["predictions"], range(part, len(DATA.data), 4), strict=True)
        ]

    traced = f"/lineage/models/{model}/predictions/{answer['request_id']}?at={answer['predicted_at']}"
    journey.until(lambda: status_of(journey, "GET", traced) == 200, "the log was never kept")
    journey.ask("POST", f"/models/{model}/labels", {"labels": labels}, status=202)
    hour = datetime.fromisoformat(answer["predicted_at"]).replace(minute=0, second=0, microsecond=0)
    return TimeWindow(start=hour, end=hour + timedelta(hours=1))


def ask_for_checks(journey: Journey, model: str, bucket: str, window: TimeWindow) -> None:
    table = ",".join(NAMES) + "\n" + "".join(",".join(map(str, one)) + "\n" for one in DATA.data)
    key = f"captures/baselines/{model}/base.csv"
    journey.demonstration.cloud.s3.put_object(Bucket=bucket, Key=key, Body=table.encode())
    journey.ask("POST", f"/models/{model}/drift/baseline", {"uri": f"s3://{bucket}/{key}"}, status=201)
    journey.ask("PUT", f"/models/{model}/bias/policy", FAIRNESS)
    for check in ("drift", "quality", "bias"):
        request_check(journey.demonstration, model, window, check, force=True)


def read_checks(journey: Journey, model: str) -> None:
    def told() -> dict[str, Any]:
        found: dict[str, Any] = journey.ask("GET", f"/dashboard/models/{model}")["evidence"]
        return found if {"drift.run", "quality.run", "bias.run"} <= found.keys() else {}

    evidence = journey.until(told, "the checks of the logged traffic did not run")
    assert evidence["drift.run"]["verdict"] == "no_drift", evidence["drift.run"]
    quality = journey.ask("GET", f"/models/{model}/quality")
    assert quality["performance"] is not None, "ground truth was not joined"
    fairness = journey.ask("GET", f"/models/{model}/bias")["reports"]
    assert [one["outcome"] for one in fairness] == ["prediction"]


def planned(journey: Journey, model: str, version: str) -> str:
    wanted = {"model_id": model, "version": version, "stage": "production", "reason": WHY}
    return str(journey.ask("POST", "/deployments", wanted, status=201)["id"])


def advance(journey: Journey, rolling: Moved, deployment: str, state: str, *, back: bool = False) -> None:
    """Let the schedule come until the deployment is in a state: shortly before now, or when a step was long enough."""
    for _ in range(8):
        rolling.moment = datetime.now(UTC) + (timedelta(minutes=-3) if back else timedelta(minutes=25))
        rollouts.advance(rolling)
        found = journey.ask("GET", f"/deployments/{deployment}")
        if found["state"] == state:
            return
    raise AssertionError((state, found["state"], found["state_reason"]))


def wait_for_numbers(journey: Journey, rolling: Moved, model: str, deployment: str, *, least: int) -> None:
    """Wait until what the new version did is in the numbers that conditions watch."""
    version = journey.ask("GET", f"/deployments/{deployment}")["version"]
    now = datetime.now(UTC)
    window = TimeWindow(start=now - timedelta(minutes=10), end=now + timedelta(minutes=10))

    def counted() -> bool:
        found = rolling.endpoint_metrics.read(f"gateway:{model}", f"{version}-{deployment}", window)
        return found.invocations >= least

    journey.until(counted, f"the requests to version {version} were never counted")


def shares(journey: Journey, model: str) -> dict[str, int]:
    state = journey.ask("GET", f"/models/{model}/gateway/state")
    return {one["version"]: round(one["weight"] * 100) for one in state["candidates"]}


def status_of(journey: Journey, method: str, path: str, body: Any = None) -> int:
    """The status of a call that may be refused."""
    named = {"Authorization": f"Bearer {journey.tokens['owner']}"}
    address = f"{journey.base}/api/v1{path}"
    return int(urllib3.request(method, address, json=body, headers=named, timeout=60, retries=False).status)
