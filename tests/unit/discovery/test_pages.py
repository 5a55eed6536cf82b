"""Many models: a listing is one step, and each page of models another. None is left out, none hides another."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemorySource, MemoryStore
from syndic.discovery.discover import discover_models, look_at
from syndic.discovery.evidence import KIND
from syndic.discovery.models import DiscoveryReport
from syndic.discovery.pages import turned
from syndic.errors import UnavailableError
from syndic.models import LookRequested, Presence
from syndic.ports import Key, Record
from syndic.records import evidence_key, list_models, model_key
from tests.unit.discovery.makers import HOUR, NOW, World, endpoint

MANY = [endpoint(f"m-{number:03d}") for number in range(60)]


class Failing(MemoryStore):
    """A store that does not answer for some models."""

    broken: frozenset[Key] = frozenset()

    def get(self, key: Key) -> Record | None:
        if key in self.broken:
            raise UnavailableError("no answer")
        return super().get(key)


def work_off(world: World, **options: Any) -> list[DiscoveryReport]:
    """Take every message that waits, and those that these leave, as a queue with tries would."""
    reports = []
    tries: Counter[LookRequested] = Counter()
    waiting = world.bus.of("LookRequested")
    world.bus.published.clear()
    while waiting:
        page = waiting.pop(0)
        tries[page] += 1
        try:
            reports.append(
                look_at(
                    page, sources=[world.source], store=world.store, captures=world.captures, bus=world.bus,
                    audit=world.audit, **{"now": world.now, **options},
                )
            )  # fmt: skip
        except UnavailableError:
            waiting += [page] if tries[page] < 4 else []
        waiting += world.bus.of("LookRequested")
        world.bus.published.clear()
    return reports


def looked_at(world: World) -> set[str]:
    return {one.name for one in MANY if world.store.get(evidence_key(one.model_id, KIND)) is not None}


def test_all_but_the_first_page_are_looked_at_by_whoever_takes_their_messages() -> None:
    world = World(*MANY)
    report = world.run()
    assert (len(report.registered), report.handed_on) == (25, 35)
    assert [len(page.endpoints) for page in world.bus.of("LookRequested")] == [25, 10]
    work_off(world)
    assert looked_at(world) == {one.name for one in MANY}
    world.source.listed = MANY[:10]
    assert len(world.run().gone) == 50
    work_off(world)
    assert Counter(model.presence for model in list_models(world.store)) == {Presence.PRESENT: 10, Presence.GONE: 50}
    world.source.refuse = "AccessDenied"
    assert len(world.run().unknown) == 10
    work_off(world)
    assert Counter(model.presence for model in list_models(world.store))[Presence.UNKNOWN] == 10


def test_a_model_that_cannot_be_looked_at_hides_no_other_of_its_page() -> None:
    world = World(*MANY)
    world.store = store = Failing()
    world.run()
    page = world.bus.of("LookRequested")[0]
    bad = next(one for one in MANY if one.name == page.endpoints[3])
    store.broken = frozenset([model_key(bad.model_id)])
    work_off(world)
    store.broken = frozenset()
    assert looked_at(world) == {one.name for one in MANY} - {bad.name}


def test_a_page_that_takes_long_hands_the_rest_of_itself_on() -> None:
    world = World(*MANY)
    world.run()
    moments = iter(range(10_000))

    def clock() -> datetime:
        return NOW + timedelta(seconds=10 * next(moments))

    reports = work_off(world, clock=clock)
    assert len(reports) > 3
    assert looked_at(world) == {one.name for one in MANY}


@pytest.mark.parametrize("late", [False, True])
def test_a_page_is_left_out_when_a_later_listing_named_it_again_or_its_source_is_no_more(late: bool) -> None:
    world = World(*MANY)
    world.run()
    if late:
        world.now += HOUR
    else:
        world.source = MemorySource("another", MANY)
    work_off(world)
    assert len(looked_at(world)) == 25


def test_nobody_is_always_the_last() -> None:
    names = [f"m-{number}" for number in range(1000)]
    lasts = {turned(names, NOW + hour * HOUR)[-1] for hour in range(40)}
    assert len(lasts) == 40
    assert sorted(turned(names, NOW)) == sorted(names)


def test_an_identity_that_may_list_and_not_describe_hands_nothing_on() -> None:
    world = World(*MANY)
    world.source.listing = lambda source=world.source: iter(  # type: ignore[method-assign]
        [type("Listed", (), {"name": one.name, "model_id": one.model_id})() for one in source.listed]
    )
    world.source.refuse = "AccessDenied: DescribeEndpoint"
    report = discover_models(
        sources=[world.source], store=world.store, captures=world.captures, bus=world.bus, audit=world.audit, now=NOW
    )
    assert "DescribeEndpoint" in report.unavailable["sagemaker test"]
    assert report.handed_on == 0
    assert world.bus.of("LookRequested") == []
