"""An exchange that is killed at any call of either side, and run again, ends as if nothing had happened.

A share of the calls in `make test`, all of them in `make proof`.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.audit.log import AuditLog
from syndic.mirror.change_log import ChangeLog, GovernedInAws
from syndic.mirror.exchange import Side
from syndic.models import CheckRequested, TimeWindow
from syndic.registry.versions.versions import change_model
from tests.proof import share
from tests.unit.mirror.fuse import NEVER, Fuse, KilledError, twin
from tests.unit.mirror.two_clouds import DAY, ENDPOINT, MODEL, SHIFTED, TwoClouds, contents, governed


def prepared() -> TwoClouds:
    """News on both sides: reports and events in Azure; a policy's owner, a profile and a request in AWS."""
    world = governed()
    world.azure.bus.deliver()
    world.azure.source.listed[:] = [ENDPOINT.model_copy(update={"status": "Updating"})]
    world.azure.discover()
    change_model(MODEL, {"owner": "grace@example.org"}, actor="ada", **world.aws.common)
    window = TimeWindow(start=SHIFTED, end=SHIFTED + DAY)
    world.aws.telling.publish([CheckRequested(check="drift", model_id=MODEL, window=window)])
    world.later(timedelta(minutes=5))
    return world


def told(world: TwoClouds) -> tuple[set[str], set[str]]:
    return (
        {event.model_dump_json() for event in world.aws.bus.published},
        {event.model_dump_json() for event in world.azure.bus.published},
    )


def meet(world: TwoClouds, fuse: Fuse) -> None:
    """An exchange whose calls on both sides go through a fuse."""
    raw, there = fuse.around(world.aws.raw), fuse.around(world.azure.store)
    here = ChangeLog(raw, wanted=GovernedInAws(raw), clock=world.aws.now)
    world.meet(
        here=Side(here, fuse.around(world.aws.bus)),
        there=Side(there, fuse.around(world.azure.bus)),
        audit=AuditLog(here),
    )


def copy_all(world: TwoClouds, fuse: Fuse) -> None:
    """An exchange whose calls of the store in AWS go through a fuse."""
    raw = fuse.around(world.aws.raw)
    world.meet(here=Side(ChangeLog(raw, wanted=GovernedInAws(raw), clock=world.aws.now), world.aws.bus))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_call_of_either_side_the_next_run_ends_the_same(after: bool) -> None:
    start = prepared()
    straight = twin(start)
    report = straight.meet()
    assert report.pulled.written > 3
    assert report.pushed.written
    assert report.pulled.events
    assert report.pushed.events
    expected = contents(straight.aws.raw), contents(straight.azure.store), told(straight)
    whole = Fuse(NEVER, after=after)
    meet(twin(start), whole)
    assert whole.calls > 50
    for at in share(range(whole.calls), 4, of=after):
        world = twin(start)
        with pytest.raises(KilledError):
            meet(world, Fuse(at, after=after))
        world.later(timedelta(minutes=5))
        world.meet()
        assert (contents(world.aws.raw), contents(world.azure.store), told(world)) == expected, at


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_while_everything_is_copied_the_next_run_ends_the_same(after: bool) -> None:
    start = prepared()
    start.meet()
    start.aws.raw = MemoryStore()  # AWS lost its records
    straight = twin(start)
    straight.meet()
    expected = contents(straight.aws.raw)
    assert len(expected) > 10
    whole = Fuse(NEVER, after=after)
    copy_all(twin(start), whole)
    assert whole.calls > 30
    for at in share(range(whole.calls), 4, of=after):
        world = twin(start)
        with pytest.raises(KilledError):
            copy_all(world, Fuse(at, after=after))
        world.meet()
        assert contents(world.aws.raw) == expected, at
