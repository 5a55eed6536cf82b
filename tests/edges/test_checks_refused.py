"""A check that cannot be made is refused when it is asked for; a message left from before ends and is no failure."""

from __future__ import annotations

import json
import logging
from itertools import combinations
from typing import Any, Final

import pytest

from functions import wiring
from functions.api.handler import handler as api
from functions.bias.handler import handler as bias
from functions.drift.handler import handler as drift
from functions.quality.handler import handler as quality
from syndic.bias.policy.kept import set_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.drift.keys import baseline_key
from syndic.models import ComplianceStatus, RegisteredModel, TimeWindow
from syndic.records import get_model, model_record
from syndic.tasks import bias as bias_task
from syndic.tasks import drift as drift_task
from syndic.tasks import quality as quality_task
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request, queue_batch
from tests.edges.mirroring import MIRROR_WORLDS
from tests.edges.world import MODEL, NOW, QUIET, SHIFTED, World, governed
from tests.faults.faulty import Fault, FaultyWorld

HANDLERS: Final = {"drift": drift, "quality": quality, "bias": bias}
TASKS: Final = {"drift": drift_task, "quality": quality_task, "bias": bias_task}
WINDOW: Final = TimeWindow(start=QUIET, end=SHIFTED)
ALL: Final = frozenset(HANDLERS)
LACKS: Final[dict[str, tuple[frozenset[str], str]]] = {  # what is wrong -> checks that cannot be made, and the reason
    "retired": (ALL, "is retired"),
    "no endpoint": (ALL, "has no endpoint"),
    "no capture": (ALL, "is not captured"),
    "no schema": (ALL, "columns of the model's traffic are not described"),
    "no baseline": (frozenset({"drift"}), "no baseline is set"),
    "no protected attribute": (frozenset({"bias"}), "names no protected attribute"),
}


def lacking(*faults: str) -> World:
    world = governed()
    record = world.store.get(model_record(stored(world)).key)
    model = stored(world)
    assert record is not None
    assert model.endpoint is not None
    changes: dict[str, Any] = {
        "retired": {"compliance_status": ComplianceStatus.RETIRED},
        "no capture": {"endpoint": model.endpoint.model_copy(update={"capture": None})},
        "no schema": {"capture_schema": None},
    }
    for fault in faults:
        model = model.model_copy(update=changes.get(fault, {}))
        if fault == "no baseline":
            world.store.delete(baseline_key(MODEL))
        if fault == "no protected attribute":
            set_policy(MODEL, BiasPolicy(), store=world.store, audit=world.audit, actor="ann", now=NOW)
    if "no endpoint" in faults:
        model = model.model_copy(update={"endpoint": None})
    world.store.put(model_record(model), expect=record.etag)
    return world


def stored(world: World) -> RegisteredModel:
    return get_model(world.store, MODEL)


def ask(context: Context, body: dict[str, Any], model: str = MODEL) -> tuple[int, dict[str, Any]]:
    answer = api(
        api_request(
            method="POST", path=f"/api/v1/models/{model}/checks", person="admin", body=json.dumps(body),
            headers={"Content-Type": "application/json"},
        ),
        context,
    )  # fmt: skip
    return answer["statusCode"], json.loads(answer["body"])


def message(check: str, model: str = MODEL) -> dict[str, Any]:
    return {"type": "CheckRequested", "check": check, "model_id": model, "window": WINDOW.model_dump(mode="json")}


@pytest.mark.parametrize(
    "faults", [faults for size in (1, 2) for faults in combinations(LACKS, size)], ids=" and ".join
)
def test_what_cannot_be_checked_is_refused_and_never_fails_later(
    faults: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, context: Context
) -> None:
    world = lacking(*faults)
    monkeypatch.setattr(wiring, "wired", lambda: world)
    refused = frozenset().union(*(LACKS[fault][0] for fault in faults))

    for check, handler in HANDLERS.items():
        world.bus.published.clear()
        status, said = ask(context, {"checks": [check], "window": WINDOW.model_dump(mode="json")})
        if check in refused:
            assert status == 409
            assert any(LACKS[fault][1] in said["detail"] for fault in faults if check in LACKS[fault][0])
            assert [one["where"] for one in said["errors"]] == [f"body.checks.{check}"]
            assert "; " in said["errors"][0]["problem"], "the remedy is said"
            assert world.bus.published == []
        else:
            assert (status, said["refused"]) == (202, [])
        # A message left from before, from the same queue on either cloud, is no failure.
        assert handler(queue_batch([message(check)]), context) == {"batchItemFailures": []}


def test_of_the_default_checks_those_that_can_be_made_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, context: Context
) -> None:
    world = lacking("no baseline", "no protected attribute")
    monkeypatch.setattr(wiring, "wired", lambda: world)

    status, said = ask(context, {})

    assert status == 202
    assert [one["check"] for one in said["requested"]] == ["quality"]
    assert {one["check"]: one["remedy"] for one in said["refused"]} == {
        "drift": f"set one: POST /models/{MODEL}/drift/baseline",
        "bias": f"name one: PUT /models/{MODEL}/bias/policy",
    }
    world = lacking("no capture")
    monkeypatch.setattr(wiring, "wired", lambda: world)
    status, said = ask(context, {})
    assert (status, len(said["errors"])) == (409, 3)
    assert said["detail"] == (
        "no drift or quality or bias check: the model's traffic is not captured; turn on data capture at its endpoint"
    )
    assert ask(context, {}, "nobody-000000")[0] == 404


def test_asking_for_all_checks_is_five_outside_calls(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """One read of all it looks at, the change with its note, the trail's inbox, the bus, the note's removal."""
    fault = Fault()
    world = FaultyWorld(governed(), fault)
    monkeypatch.setattr(wiring, "wired", lambda: world)
    assert ask(context, {})[0] == 202
    assert fault.calls == 5


@pytest.mark.parametrize("check", HANDLERS)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [("retired", "the model is retired and not checked any more"), ("", "no such model is registered")],
)
def test_a_message_that_can_never_succeed_is_counted_and_logged(
    check: str, fault: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = lacking(fault) if fault else governed()
    before = world.state()
    with caplog.at_level(logging.WARNING, "syndic"):
        body = json.dumps({"detail": message(check, MODEL if fault else "nobody-000000")})
        TASKS[check].take(body, world)
    (told,) = [record for record in caplog.records if record.message == "check refused"]
    assert (told.check, told.reason) == (check, reason)  # type: ignore[attr-defined]
    assert world.counted == [("ChecksRefused", 1, {"check": check})]
    assert (world.state(), world.bus.published) == (before, [])


def test_a_model_whose_own_cloud_keeps_the_baseline_is_asked_there(
    monkeypatch: pytest.MonkeyPatch, context: Context
) -> None:
    world = MIRROR_WORLDS["mirrored"]()
    monkeypatch.setattr(wiring, "wired", lambda: world)
    model = "car-loan-922677"
    assert ask(context, {"checks": ["drift"]}, model)[0] == 202
    status, said = ask(context, {"checks": ["bias"]}, model)
    assert status == 409, "policies are kept here, so that what they lack is known"
    assert "names no protected attribute" in said["detail"]
