"""A trace is given of a prediction that is in the captured traffic, and of no other."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from functions import wiring
from functions.api.handler import handler
from syndic.models import ColumnKind, ColumnRole, ColumnSpec, to_json
from syndic.ports import Record
from syndic.records import get_model, model_record
from syndic.registry.documents import predictions
from syndic.registry.keys import stages_key
from syndic.registry.models import ModelVersion, Stage, StageChange, Stages
from syndic.registry.versions.versions import add_version, change_model
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.mirroring import MIRROR_WORLDS
from tests.edges.world import ENDPOINT, MODEL, NOW, QUIET, SCHEMA, SHIFTED, World, governed

FIRST = f"{QUIET:%Y%m%d}"


def serving() -> World:
    """Version 1 was in production on the first day, version 2 from the second day on."""
    world = governed()
    changes = []
    for name, day in (("1", QUIET - timedelta(days=1)), ("2", SHIFTED)):
        version = ModelVersion(model_id=MODEL, version=name, created_at=NOW, created_by="ann")
        add_version(version, store=world.store, audit=world.audit, actor="ann", now=NOW)
        changes.append(
            StageChange(
                version=name, source=Stage.STAGING, target=Stage.PRODUCTION, at=day, by="ann", reason="released"
            )
        )
    stages = Stages(model_id=MODEL, of={"1": Stage.ARCHIVED, "2": Stage.PRODUCTION}, history=tuple(changes))
    world.store.put(Record(stages_key(MODEL), to_json(stages)))
    return world


def trace(world: World, row: str, at: datetime, context: Context, monkeypatch: Any, model: str = MODEL) -> Any:
    monkeypatch.setattr(wiring, "wired", lambda: world)
    path = f"/api/v1/lineage/models/{model}/predictions/{row}"
    answer = handler(
        api_request(method="GET", path=path, person="auditor", query=f"at={at.replace(tzinfo=None).isoformat()}Z"),
        context,
    )
    return answer["statusCode"], json.loads(answer["body"])


def test_rows_that_were_captured_are_traced_and_no_others(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    world, random = serving(), np.random.default_rng(7)
    for number in random.integers(0, 600, 6).tolist():
        for day, version in ((QUIET, "1"), (SHIFTED, "2")):
            made = day + timedelta(hours=9, seconds=number)
            named = made + timedelta(minutes=int(random.integers(-50, 50)))
            status, said = trace(world, f"{day:%Y%m%d}-{number}", named, context, monkeypatch)
            assert (status, said.get("version")) == (200, version), said
            assert said["predicted_at"] == f"{made:%Y-%m-%dT%H:%M:%SZ}", "as its record says, not as the caller does"
    for row in (f"{FIRST}-600", f"{FIRST}-", FIRST, "x" * 400, "credit"):
        status, said = trace(world, row, QUIET + timedelta(hours=9), context, monkeypatch)
        assert status == 404
        assert "is not in the 1 captured files of 2026-03-02 08:00 to 2026-03-02 11:00 UTC" in said["detail"]
    for time in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        assert trace(world, f"{FIRST}-5", time, context, monkeypatch)[0] == 404
    status, said = trace(world, f"{FIRST}-5", QUIET + timedelta(hours=20), context, monkeypatch)
    assert (status, "the 0 captured files" in said["detail"]) == (404, True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"endpoint": None}, "the model's traffic is not captured"),
        ({"endpoint": ENDPOINT.model_copy(update={"capture": None})}, "the model's traffic is not captured"),
        ({"capture_schema": None}, "the columns of the model's traffic are not described"),
    ],
)
def test_what_cannot_be_looked_up_is_not_made_up(
    change: dict[str, Any], reason: str, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = serving()
    world.store.put(model_record(get_model(world.store, MODEL).model_copy(update=change)))
    status, said = trace(world, f"{FIRST}-5", QUIET + timedelta(hours=9), context, monkeypatch)
    assert (status, reason in said["detail"]) == (404, True), said
    assert trace(world, "x", QUIET, context, monkeypatch, model="nobody-000000")[0] == 404


def test_traffic_of_the_other_cloud_is_not_searched_here(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    status, said = trace(
        MIRROR_WORLDS["mirrored"](), "x", QUIET, context, monkeypatch, model="car-loan-922677"
    )  # fmt: skip
    assert (status, said["detail"]) == (
        404, "prediction 'x' of car-loan-922677 cannot be looked up here: its traffic stays in Azure",
    )  # fmt: skip


def test_a_sample_of_the_traffic_and_a_limit_are_told(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    world = serving()
    assert ENDPOINT.capture is not None
    sampled = ENDPOINT.model_copy(update={"capture": ENDPOINT.capture.model_copy(update={"sampling_percent": 20.0})})
    world.store.put(model_record(get_model(world.store, MODEL).model_copy(update={"endpoint": sampled})))
    status, said = trace(world, "x", QUIET + timedelta(hours=9), context, monkeypatch)
    assert (status, said["detail"].endswith("; only 20 % of its traffic is captured")) == (404, True)
    monkeypatch.setattr(predictions, "MOST_BYTES", 1000)
    status, said = trace(world, f"{FIRST}-5", QUIET + timedelta(hours=9), context, monkeypatch)
    assert (status, "cannot be looked up" in said["detail"]) == (413, True)


def test_a_row_is_found_by_its_own_id_and_by_that_of_its_call(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = serving()
    amount = ColumnSpec(name="amount", kind=ColumnKind.CATEGORICAL, role=ColumnRole.ROW_ID)
    schema = SCHEMA.model_copy(update={"inputs": (amount, *SCHEMA.inputs[1:])})
    change_model(MODEL, {"capture_schema": to_json(schema)}, store=world.store, audit=world.audit, actor="a", now=NOW)
    for row in ("1037.0", f"{FIRST}-5"):
        assert trace(world, row, QUIET + timedelta(hours=9), context, monkeypatch)[0] == 200
    assert trace(world, "7", QUIET + timedelta(hours=9), context, monkeypatch)[0] == 404
