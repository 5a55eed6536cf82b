"""New files are found in calls that do not grow with the history, wherever they appear."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryCaptures
from syndic.discovery.new_files import CALLS
from syndic.models import EndpointVariant
from syndic.ports import ListedPart, ObjectInfo
from tests.unit.discovery.makers import DAY, HOUR, NOW, World, endpoint


class Counted(MemoryCaptures):
    """Counts what a store would be asked: a call lists ten files."""

    calls = 0
    page = 10

    def part(self, *args: Any, **options: Any) -> ListedPart:
        found = super().part(*args, **options)
        self.calls += max(1, -(-len(found.files) // self.page))
        return found

    def recent(self, *args: Any, **options: Any) -> Any:
        found: list[ObjectInfo] = list(super().recent(*args, **options))
        self.calls += max(len(options["variants"]), -(-len(found) // self.page))
        return found


@pytest.fixture
def world() -> World:
    world = World(endpoint(tags={"syndic:window": "hour"}))
    world.captures = Counted(clock=lambda: world.now)
    world.captures.page = 10
    world.make_ready()
    return world


def hourly(world: World, hours: int, *, variant: str = "AllTraffic") -> None:
    """So many hours go by: each has a file, and a run."""
    for _ in range(hours):
        capture(world, world.now, variant=variant)
        world.now += HOUR
        world.run()


def capture(world: World, hour: datetime, **where: str) -> None:
    hour = hour.replace(minute=0, second=0, microsecond=0)
    world.captures.capture(world.endpoint, hour, b"{}\n", modified=world.now, **where)


def history(world: World, days: int) -> None:
    for hours in range(days * 24):
        moment = NOW - (hours + 1) * HOUR
        world.captures.capture(world.endpoint, moment, b"{}\n", modified=moment + HOUR)


def test_a_years_files_cost_no_more_calls_than_a_months() -> None:
    spent = {}
    for days in (2, 30, 365):
        world = World(endpoint(tags={"syndic:window": "hour"}))
        world.captures = counted = Counted(clock=lambda world=world: world.now)
        history(world, days)
        for _ in range(20):  # the first round
            world.now += HOUR
            world.run()
        counted.calls = 0
        hourly(world, 48)
        spent[days] = counted.calls
    assert max(spent.values()) <= 48 + 2 * CALLS  # one a run, and a part of the round a day


def test_each_new_window_is_asked_for_once_whatever_the_history(world: World) -> None:
    history(world, 30)
    for _ in range(20):
        world.now += HOUR
        world.run()
    asked = []
    for _ in range(50):
        hourly(world, 1)
        asked += [one.window.start for one in world.bus.of("CountRequested") if "drift" in one.checks]
    assert len(asked) == len(set(asked))
    assert 48 <= len(asked) <= 50


@pytest.mark.parametrize("days_ago", [1, 20])
def test_a_file_in_an_old_folder_is_found_when_the_round_comes_by(world: World, days_ago: int) -> None:
    history(world, 30)
    for _ in range(20):
        world.now += HOUR
        world.run()
    hourly(world, 30)
    late = (world.now - days_ago * DAY).replace(minute=0)
    capture(world, late, name="late.jsonl")
    asked = set()
    for _ in range(24 * 10):
        hourly(world, 1)
        asked |= {one.window.start for one in world.bus.of("CountRequested")}
    assert late in asked


def test_the_last_files_of_a_variant_that_was_replaced_and_the_first_of_the_next_are_found(world: World) -> None:
    history(world, 30)
    for _ in range(20):
        world.now += HOUR
        world.run()
    hourly(world, 3)
    capture(world, world.now, name="last.jsonl")
    old = world.now.replace(minute=0)
    world.source.listed = [world.endpoint.model_copy(update={"variants": (EndpointVariant(name="green"),)})]
    asked = set()
    world.now += HOUR
    world.run()
    for _ in range(4):
        asked |= {one.window.start for one in world.bus.of("CountRequested")}
        hourly(world, 1, variant="green")
    assert {old, old + HOUR} <= asked
    assert world.bookmark.variants == ("green",)


def test_a_folder_that_no_description_names_is_learnt(world: World) -> None:
    history(world, 30)
    for _ in range(20):
        world.now += HOUR
        world.run()
    found_at = None
    for hour in range(24 * 10):
        hourly(world, 1, variant="of-a-component")
        if found_at is None and "of-a-component" in world.bookmark.variants:
            found_at = hour
    assert found_at is not None
    asked = {one.window.start for one in world.bus.of("CountRequested")}
    assert asked >= {world.now.replace(minute=0) - 2 * HOUR}
    assert world.now - (world.bookmark.modified or NOW) < timedelta(hours=2)


@pytest.mark.parametrize("days", [0, 3])
def test_a_window_is_counted_in_known_variants_from_the_first_that_began_after_they_were_known(days, world):
    history(world, days)
    hourly(world, 24)
    settled = [one for one in world.bus.of("CountRequested") if "drift" in one.checks][-1]
    assert settled.variants == ("AllTraffic",)
    seen: dict[datetime, tuple[str, ...] | None] = {}
    swapped = world.now.replace(minute=0)
    world.source.listed = [world.endpoint.model_copy(update={"variants": (EndpointVariant(name="second"),)})]
    for _ in range(8):
        hourly(world, 1, variant="second")
        asked = [one for one in world.bus.of("CountRequested") if "drift" in one.checks]
        seen |= {one.window.start: one.variants for one in asked}
    # Whether the first variant has files of the hours around the change is not known: they are looked for.
    assert seen[swapped] is None
    assert set(seen[max(seen)] or ()) >= {"second"}
    for start, variants in seen.items():
        if start >= swapped:
            assert variants is None or "second" in variants
