"""The daily work ends in steps, whatever the number of models and the length of the trail, and leaves nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from functions.compliance.handler import handler
from syndic.alerting.response import KIND as RESPONSE
from syndic.assessment import ORGANISATION
from syndic.audit.verification.daily import KIND as VERIFIED
from syndic.models import Evidence, EvidenceStatus
from syndic.records import evidence_key, get_model, model_record
from syndic.registry.keys import OVERVIEW
from syndic.registry.overview import Overview
from syndic.tasks.schedule.daily import ORDER
from tests.edges.conftest import Context
from tests.edges.envelopes import queue_batch
from tests.edges.test_events import Wire
from tests.edges.world import MODEL, NOW, World

MODELS = 40
A_CALL = timedelta(seconds=1)


def slow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time somebody asks for the time, a second went by."""
    moments: Iterator[datetime] = (NOW + count * A_CALL for count in range(100_000))
    monkeypatch.setattr(World, "now", lambda _: next(moments))
    for number in range(MODELS - 1):
        copy = get_model(world.store, MODEL).model_copy(update={"id": f"m-{number:03d}-abcdef", "name": f"m{number}"})
        world.store.put(model_record(copy))


def test_every_step_is_short_and_all_models_are_looked_at(
    wire: Wire, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = wire("governed")
    slow(world, monkeypatch)
    handler({"type": "compliance.scheduled"}, context)
    steps, taken = [], [world.now()]
    while waiting := world.bus.of("DailyStepRequested"):
        world.bus.published.clear()
        assert len(waiting) == 1
        steps.append((waiting[0].step, waiting[0].after))
        began = world.now()
        assert handler(queue_batch([waiting[0].model_dump(mode="json")]), context) == {"batchItemFailures": []}
        taken.append(world.now())
        assert taken[-1] - began < timedelta(seconds=150)
    assert len(steps) >= 2
    assert [name for name, _ in steps] == sorted((name for name, _ in steps), key=ORDER.index)
    ids = [MODEL, *(f"m-{number:03d}-abcdef" for number in range(MODELS - 1))]
    assert all(world.store.get(evidence_key(one, RESPONSE)) is not None for one in ids)
    counted = world.store.get(OVERVIEW)
    assert counted is not None
    assert Overview.model_validate(counted.body).models == MODELS
    verified = world.store.get(evidence_key(ORGANISATION, VERIFIED))
    assert verified is not None
    assert Evidence.model_validate(verified.body).status is EvidenceStatus.PASSING


def test_work_that_was_left_for_over_a_day_is_left_to_the_next(wire: Wire, context: Context) -> None:
    world = wire("governed")
    old = {"type": "DailyStepRequested", "step": "people", "begun_at": (NOW - timedelta(days=2)).isoformat()}
    before = world.state()
    handler(queue_batch([old]), context)
    assert world.state() == before
