"""A model that is served by the gateway: predictions, their log, their trace, and who answers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from skops import io as skops

from functions.api.handler import handler
from functions.gateway.keep import handler as keep
from syndic.adapters.inference.linear import LinearService
from syndic.errors import UnavailableError
from syndic.gateway.moving import EveryMetrics, EveryTraffic
from syndic.models import to_json
from syndic.ports import Asked, Cell, Record
from syndic.registry.deployments.controller import advance_deployments
from syndic.registry.keys import stages_key
from syndic.registry.models import GateResult, Stage, StageChange, Stages
from syndic.tasks import counter, drift, quality
from syndic.tasks.discovery import discover
from tests.edges.api.test_documented_requests import read_command
from tests.edges.calling import Gateway, event_of
from tests.edges.conftest import Context
from tests.edges.envelopes import bridge_event
from tests.edges.world import NOW, World

DATA = load_breast_cancer()
TAKES = {"drift": drift.take, "quality": quality.take}
NAMES = tuple(str(name) for name in DATA.feature_names)
SHA = hashlib.sha256(DATA.data.tobytes()).hexdigest()
SETTINGS: dict[str, Any] = {
    "backends": {"*": {"kind": "linear", "address": "s3://models/breast-cancer.skops"}},
    "positive_class": "benign",
    "negative_class": "malignant",
}


@pytest.fixture(scope="module")
def trained() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=5_000)).fit(DATA.data, DATA.target)


@pytest.fixture
def world(wire: Callable[[str], World], trained: Any) -> World:
    world = wire("empty")
    world.captures.add("s3://models/breast-cancer.skops", skops.dumps(trained))
    linear = LinearService(world.captures.table)

    def answer(asked: Asked, rows: Sequence[Mapping[str, Cell]]) -> Sequence[Any]:
        return linear.predict(asked, NAMES, rows)

    world.backends.answer = answer
    return world


def ask(method: str, path: str, person: str = "model_owner", **given: Any) -> Any:
    answer = handler(event_of(httpx.Request(method, f"https://s.example.org/api/v1{path}", headers={
        "authorization": f"Bearer {person}", **given.pop("headers", {})}, **given)), Context())  # fmt: skip
    return answer["statusCode"], json.loads(answer["body"])


def in_stage(world: World, model: str, **stages: Stage) -> None:
    history = tuple(
        StageChange(
            version=name.removeprefix("v"), source=Stage.STAGING, target=stage, at=world.moment, by="ann", reason="test"
        )
        for name, stage in stages.items()
    )  # fmt: skip
    held = {name.removeprefix("v"): stage for name, stage in stages.items()}
    world.store.put(Record(stages_key(model), to_json(Stages(model_id=model, of=held, history=history))))


def register(world: World) -> str:
    owner = Gateway().client("model_owner")
    model = owner.models.register(name="Breast cancer", owner="olga@example.org")
    inputs = [{"name": name, "type": "double", "required": True} for name in NAMES]
    for version in ("1", "2"):
        owner.registry.add_version(
            model, version=version, metrics={"auc": 0.99}, run_id=f"run-{version}", signature={"inputs": inputs},
            training={"dataset_sha256": SHA, "rows": 569, "features": 30}, hyperparameters={"C": 1.0},
        )  # fmt: skip
    in_stage(world, model.id, v1=Stage.PRODUCTION, v2=Stage.STAGING)
    return model.id


def served(world: World, **settings: Any) -> str:
    model = register(world)
    status, told = ask("PUT", f"/models/{model}/gateway", json={**SETTINGS, **settings})
    assert status == 200, told
    return model


def row(number: int) -> dict[str, float]:
    return dict(zip(NAMES, map(float, DATA.data[number]), strict=True))


def keep_all(world: World) -> None:
    waiting, world.predictions.waiting[:] = list(world.predictions.waiting), []
    for start in range(0, len(waiting), 100):
        batch = [
            {"messageId": f"m-{start + n}", "body": one.decode()} for n, one in enumerate(waiting[start : start + 100])
        ]
        assert keep({"Records": batch}, None) == {"batchItemFailures": []}


def test_the_journey_of_a_prediction(world: World, trained: Any) -> None:
    model = served(world)

    status, answer = ask(
        "POST", f"/gateway/{model}/predict", person="auditor", json=row(0), headers={"x-request-id": "r-1"}
    )  # fmt: skip

    expected = trained.predict_proba(DATA.data[:1])[0, 1]
    assert status == 200
    assert answer["predictions"][0]["probability_positive_class"] == pytest.approx(expected, abs=1e-12)
    assert (answer["model_version"], answer["stage"], answer["logged"]) == ("1", "production", "queued")
    assert answer["predictions"][0]["prediction_label"] == ("benign" if expected >= 0.5 else "malignant")

    keep_all(world)
    at = f"at={world.now():%Y-%m-%dT%H:%M:%SZ}"
    status, trace = ask("GET", f"/lineage/models/{model}/predictions/r-1?{at}")
    assert status == 200, trace
    assert (trace["version"], trace["request_id"], trace["run_id"]) == ("1", "r-1", "run-1")
    assert trace["training"]["dataset_sha256"] == SHA
    assert ask("GET", f"/lineage/models/{model}/predictions/r-2?{at}")[0] == 404


def test_the_documented_request_is_answered_as_documented(world: World) -> None:
    model = served(world)
    page = (Path(__file__).parents[3] / "docs" / "gateway.md").read_text("utf-8")
    block = page[page.index("$ curl $API/gateway/") : page.index("29 or 31 features")]
    command, _, answered = block.partition("\n{")
    sent = read_command(command.removeprefix("$ ").replace("\\\n", " "))
    path = re.sub(r"[a-z-]+-[0-9a-f]{6}", model, sent.address.removeprefix("$API"))
    headers = {name: value for name, value in sent.headers.items() if name != "Authorization"}

    assert sent.body == "@row.json"
    status, answer = ask("POST", path, content=json.dumps(row(0)), headers=headers)

    assert status == 200, answer
    documented = set(re.findall(r'"(\w+)":', answered))
    assert {*answer, *answer["predictions"][0]} >= documented
    assert answer["request_id"] == answer["predictions"][0]["row_id"] == "7f1c"


@pytest.mark.parametrize("change", ["missing", "extra"])
def test_29_and_31_features_are_answered_with_422_and_both_lists(world: World, change: str) -> None:
    model = served(world)
    given = {name: value for name, value in row(0).items() if change == "extra" or name != "mean area"}
    given |= {"nonsense": 1.0} if change == "extra" else {}

    status, answer = ask("POST", f"/gateway/{model}/predict", json=given)

    assert status == 422
    assert answer["code"] == "contract_broken"
    assert (answer["missing"], answer["extra"]) == ((["mean area"], []) if change == "missing" else ([], ["nonsense"]))
    assert world.backends.asked == []


def test_a_wrong_value_is_named_by_row_and_feature(world: World) -> None:
    model = served(world)

    status, answer = ask("POST", f"/gateway/{model}/predict", json=[row(0), {**row(1), "mean area": "large"}])

    assert status == 422
    assert answer["errors"] == [{"where": "body[1].mean area", "problem": "a number is expected, not a text"}]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (",".join(map(str, DATA.data[0])), "text/csv", 200),
        (json.dumps({"instances": DATA.data[:3].tolist()}), "application/json", 200),
        ("{", "application/json", 400), ("", "application/json", 400), ("x", "application/x-npy", 400),
        ("[" * 100_000, "application/json", 400),
    ],
)  # fmt: skip
def test_a_body_is_read_by_its_media_type(world: World, body: str, media: str, status: int) -> None:
    model = served(world)

    found, answer = ask("POST", f"/gateway/{model}/predict", content=body, headers={"content-type": media})

    assert found == status, answer


def test_what_serves_says_what_it_takes(world: World) -> None:
    model = register(world)
    assert ask("GET", f"/gateway/{model}/health")[0] == 404
    assert ask("PUT", f"/models/{model}/gateway", person="other_owner", json=SETTINGS)[0] == 403
    ask("PUT", f"/models/{model}/gateway", json=SETTINGS)

    assert ask("GET", f"/gateway/{model}/health")[1]["model_version"] == "1"
    told = ask("GET", f"/gateway/{model}/model-info")[1]
    assert (told["source_run_id"], told["expected_feature_count"], told["dataset_sha256"]) == ("run-1", 30, SHA)
    assert ask("GET", f"/models/{model}/gateway")[1]["settings"]["positive_class"] == "benign"
    world.moment += timedelta(minutes=1)
    in_stage(world, model, v1=Stage.ARCHIVED)
    assert ask("GET", f"/gateway/{model}/health")[1]["status"] == "nothing served"


def test_a_backend_that_is_away_is_503_and_logged(world: World) -> None:
    model = served(world)
    world.backends.answer = None

    status, answer = ask("POST", f"/gateway/{model}/predict", json=row(0))

    assert (status, answer["code"]) == (503, "backend_failed")
    keep_all(world)
    assert [one[1] for one in world.counted if one[0] == "PredictionsFailed"] == [1]


def test_logged_traffic_is_checked_for_drift_like_any_other(world: World) -> None:
    model = served(world)
    start = NOW.replace(hour=0)
    for day in range(2):
        for hour in (9, 10):
            world.moment = start + timedelta(days=day - 2, hours=hour)
            shift = 1.0 + 0.5 * day
            rows = [{name: value * shift for name, value in row(n % 569).items()} for n in range(hour, 569)]
            status, answer = ask(
                "POST", f"/gateway/{model}/predict", json=rows, headers={"x-request-id": f"{day}-{hour}"}
            )
            assert status == 200, answer
    keep_all(world)
    world.moment = NOW
    owner = Gateway(sent=world.captures.add).client("model_owner")
    table = ",".join(NAMES) + "\n" + "".join(",".join(map(str, one)) + "\n" for one in DATA.data)
    owner.drift.set_baseline(model, uri=owner.models.upload(model, table.encode(), kind="baseline", suffix="csv"))

    discover(world)
    while world.bus.published:
        event = world.bus.published.pop(0)
        body = json.dumps(bridge_event(to_json(event)))
        if event.type == "CountRequested":
            counter.take(body, world)
        elif event.type == "WindowCounted":
            TAKES[event.check](body, world)

    report = owner.drift.get_metrics(model)
    assert report.intake.read == report.intake.used == 560 + 559
    assert report.verdict == "drift"


def test_a_worse_version_is_taken_back_by_rule(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    model = served(world)
    ask("POST", f"/gateway/{model}/predict", json=row(0))
    keep_all(world)
    monkeypatch.setattr("syndic.registry.deployments.plan.judge_gate", _passed)
    monkeypatch.setattr("syndic.registry.deployments.transitions.judge_gate", _passed)
    status, planned = ask("POST", "/deployments", json={
        "model_id": model, "version": "2", "reason": "release 2026.3", "strategy": "canary",
        "steps": [{"percent": 10, "minutes": 20}, {"percent": 50, "minutes": 20}, {"percent": 100, "minutes": 20}],
    })  # fmt: skip
    assert status == 201, planned["detail"]
    traffic, metrics = (
        EveryTraffic(world.traffic, world.store, clock=world.now),
        EveryMetrics(world.endpoint_metrics, world.store),
    )
    answers = world.backends.answer
    assert answers is not None

    def worse(asked: Asked, rows: Sequence[Mapping[str, Cell]]) -> Sequence[Any]:
        if asked.version == "2":
            raise_unavailable()
        return answers(asked, rows)

    world.backends.answer = worse
    seen: dict[str, int] = {"1": 0, "2": 0}
    for minute in range(40):
        world.moment += timedelta(minutes=1)
        for n in range(60):
            ask("POST", f"/gateway/{model}/predict", json=row(n), headers={"x-request-id": f"{minute}-{n}"})
        for one in world.backends.asked:
            seen[one.version] += 1
        world.backends.asked.clear()
        keep_all(world)
        advance_deployments(
            store=world.store, traffic=traffic, metrics=metrics, audit=world.audit, bus=world.bus, now=world.now()
        )
        state = ask("GET", f"/deployments/{planned['id']}")[1]
        if state["state"] == "rolled_back":
            break

    assert state["state"] == "rolled_back", state["state_reason"]
    assert "5xx" in json.dumps(state["history"]) or "error" in json.dumps(state["history"])
    assert 0 < seen["2"] < 0.2 * sum(seen.values())
    world.moment += timedelta(minutes=1)
    assert ask("POST", f"/gateway/{model}/predict", json=row(0))[1]["model_version"] == "1"


def raise_unavailable() -> None:
    raise UnavailableError("it does not answer")


def _passed(model_id: str, version: str, target: Stage, **given: Any) -> Any:
    return GateResult(
        model_id=model_id, version=version, target=target, policy="test", conditions=(), judged_at=given["now"]
    )  # fmt: skip


def test_records_of_a_server_of_ones_own_are_kept_once(world: World) -> None:
    model = served(world)
    ask("POST", f"/gateway/{model}/predict", json=row(0), headers={"x-request-id": "r-7"})
    record = json.loads(world.predictions.waiting[0])

    for _ in range(2):
        status, told = ask("POST", f"/models/{model}/gateway/records", json={"records": [record]})
        assert (status, told["lines"]) == (202, 1)
    files = [uri for uri in world.captures._objects if f"traffic/{model}" in uri]
    assert len(files) == 1
    assert (
        ask("POST", f"/models/{model}/gateway/records", json={"records": [{**record, "model_id": "other"}]})[0] == 400
    )
    assert ask("POST", f"/models/{model}/gateway/records", person="other_owner", json={"records": [record]})[0] == 403


def test_a_message_that_holds_no_prediction_comes_back_alone(world: World) -> None:
    model = served(world)
    ask("POST", f"/gateway/{model}/predict", json=row(0))
    good = world.predictions.waiting[0].decode()

    answer = keep({"Records": [{"messageId": "a", "body": good}, {"messageId": "b", "body": "{}"}]}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "b"}]}
    assert [uri for uri in world.captures._objects if f"traffic/{model}" in uri]
