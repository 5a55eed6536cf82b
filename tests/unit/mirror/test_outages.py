"""A side that does not answer for a week: what is shown meanwhile, and what happens on its return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from syndic.adapters.events import parts_of
from syndic.alerting.alerts import list_alerts
from syndic.audit.verification.trail import verify
from syndic.drift.report.queries import history
from syndic.errors import UnavailableError
from syndic.mirror.exchange import Side, mirror_state, mirrored_at
from syndic.models import BaselineRequested, Event
from syndic.ports import EventBus
from syndic.records import get_model
from syndic.registry.versions.versions import change_model
from tests.unit.mirror.two_clouds import DAY, MODEL, NOW, TwoClouds, contents, governed

WEEK = [NOW.replace(hour=0) + day * DAY for day in range(7)]


class Silent:
    """A port whose cloud does not answer."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_args: Any, **_options: Any) -> Any:
            raise UnavailableError("Azure does not answer")

        return refuse


@pytest.fixture
def checked() -> TwoClouds:
    world = governed()
    world.settle()
    return world


def a_week_apart(world: TwoClouds, *, reachable: bool) -> None:
    """Seven days of traffic, checked in Azure each day; the mirror tries every hour."""
    for day in WEEK:
        world.azure.capture(day, 1.0)
        for _ in range(24):
            world.later(timedelta(hours=1))
            world.azure.discover()
            world.azure.bus.deliver()
            world.meet(**({} if reachable else {"there": Side(Silent(), Silent())}))
            world.aws.bus.deliver()
    world.later(timedelta(hours=2))
    world.azure.discover()
    world.azure.bus.deliver()


def test_a_week_without_azure_keeps_what_is_known_with_its_age(checked: TwoClouds) -> None:
    state = mirror_state(checked.aws.store)
    assert state is not None
    last = state.mirrored_at
    before = contents(checked.aws.raw)

    a_week_apart(checked, reachable=False)

    state = mirror_state(checked.aws.store)
    assert state is not None
    assert mirrored_at(get_model(checked.aws.store, MODEL), state) == last
    assert state.unavailable == "Azure does not answer"
    assert state.failing_since is not None
    assert last is not None
    assert state.attempted_at - last >= timedelta(days=7)
    assert contents(checked.aws.raw) == before
    trail = [record.body["entry"]["action"] for record in checked.aws.raw.query("audit", prefix="entry.").records]
    assert trail.count("mirror.unreachable") == 1
    assert verify(checked.aws.store).intact


def test_on_its_return_everything_arrives_once(checked: TwoClouds) -> None:
    a_week_apart(checked, reachable=False)
    change_model(MODEL, {"description": "for car loans"}, actor="ada", **checked.aws.common)
    checked.aws.bus.published.clear()

    report = checked.meet()

    published = [event.model_dump_json() for event in checked.aws.bus.published]
    assert report.unavailable is None
    assert report.pulled.complete
    assert report.pulled.written
    assert len(published) == len(set(published)) == report.pulled.events > 0
    assert len(history(MODEL, store=checked.aws.store, limit=50).points) == 2 + len(WEEK)
    again = checked.meet()
    assert (again.pulled.written, again.pulled.events, again.pushed.written) == (0, 0, 0)
    assert get_model(checked.azure.store, MODEL).description == "for car loans"
    state = mirror_state(checked.aws.store)
    assert state is not None
    assert (state.unavailable, state.failing_since) == (None, None)
    trail = [record.body["entry"]["action"] for record in checked.aws.raw.query("audit", prefix="entry.").records]
    assert (trail.count("mirror.unreachable"), trail.count("mirror.reached")) == (1, 1)


def test_a_week_apart_ends_like_a_week_together() -> None:
    ends = []
    for reachable in (True, False):
        world = governed()
        world.settle()
        a_week_apart(world, reachable=reachable)
        world.settle()
        aws = contents(world.aws.raw)
        ours = ("drift.", "quality.", "bias.", "models ", "model.", "evidence.")
        alerts = [(one.subject, one.state, one.severity) for one in list_alerts(world.aws.store, now=NOW).alerts]
        ends.append(({place: body for place, body in aws.items() if place.startswith(ours)}, alerts))

    assert ends[0] == ends[1]


def test_an_outage_of_aws_itself_is_an_error_of_the_run(checked: TwoClouds) -> None:
    with pytest.raises(UnavailableError):
        checked.meet(here=Side(Silent(), Silent()))


class Narrow:
    """A bus that takes messages of 48 KB, as Azure's queues do."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus

    def publish(self, events: Sequence[Event]) -> None:
        parts = [part for event in events for part in parts_of(event, limit=48 * 1024)]
        self._bus.publish(parts)


def test_an_event_that_no_message_can_hold_keeps_no_other_waiting(
    checked: TwoClouds, caplog: pytest.LogCaptureFixture
) -> None:
    long = BaselineRequested(model_id=MODEL, source={"uri": "https://a/" + "x" * 60_000}, actor="ada")
    short = BaselineRequested(model_id=MODEL, source={"uri": "https://a/x"}, actor="ada")
    checked.aws.telling.publish([long, short])
    checked.azure.bus.published.clear()

    report = checked.meet(there=Side(checked.azure.store, Narrow(checked.azure.bus)))

    assert checked.azure.bus.published == [short]
    assert report.pushed.events == 1
    assert "event refused" in caplog.text
    assert checked.meet().pushed.events == 0
