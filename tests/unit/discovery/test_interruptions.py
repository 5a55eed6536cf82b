"""A run that dies at any outside call, and is run again, ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from syndic.discovery.discover import discover_models
from syndic.model_marks import MARKED
from tests.unit.discovery.makers import DAY, NOW, World, endpoint

YESTERDAY = NOW - DAY


class StopError(Exception):
    """The function was killed."""


class Fuse:
    """Counts calls that change something outside and dies before or after one of them."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.left, self.after = at, after

    def around(self, port: Any, *names: str) -> Any:
        fuse = self

        class Guarded:
            def __getattr__(self, name: str) -> Any:
                whole: Callable = getattr(port, name)
                return fuse._guard(whole) if name in names else whole

        return Guarded()

    def _guard(self, whole: Callable) -> Callable:
        def call(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left < 0 and not self.after:
                raise StopError
            result = whole(*args, **options)
            if self.left < 0:
                raise StopError
            return result

        return call


def prepared() -> World:
    world = World(endpoint(tags={"syndic:labels": "s3://captured/labels"}), endpoint("b"))
    world.make_ready()
    world.source.listed = [world.source.listed[0], endpoint("c")]  # b goes, c comes
    for days in range(3):
        world.capture(YESTERDAY - days * DAY)
    world.label(YESTERDAY)
    return world


def contents(world: World) -> dict[str, Any]:
    kept = [key for key in world.store._kept if not key.sort.startswith(MARKED)]  # how many there are tells of tries
    return {f"{key.partition} {key.sort}": world.store.get(key).body for key in kept}


def asked(world: World) -> set[tuple[str, str, str]]:
    asked = world.bus.of("CountRequested")
    return {(check, one.model_id, one.window.key) for one in asked for check in one.checks}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_dying_anywhere_changes_nothing_in_the_end(after: bool) -> None:
    straight = prepared()
    straight.run()
    expected, expected_requests, told = contents(straight), asked(straight), set(straight.audit.actions)
    assert len(expected_requests) == 9
    for at in range(100):
        world = prepared()
        fuse = Fuse(at, after=after)
        world.bus.published.clear()
        died = False
        try:
            discover_models(
                sources=[world.source],
                store=fuse.around(world.store, "put", "put_together", "delete"),
                captures=world.captures,
                bus=fuse.around(world.bus, "publish"),
                audit=fuse.around(world.audit, "append"),
                now=NOW,
            )
        except StopError:
            died = True
        first = asked(world)
        world.run()
        assert first | asked(world) == expected_requests
        assert contents(world) == expected
        assert set(world.audit.actions) == told
        if not died:
            break
    else:
        raise AssertionError("never ran to the end")
    assert at > 10


def test_two_runs_at_the_same_time_lose_nothing() -> None:
    world = prepared()
    world.bus.published.clear()
    second = prepared()
    second.run()

    class Meanwhile:
        """Another run happens completely between this run's listing and its writes."""

        name = world.source.name

        def listing(self):
            return world.source.listing()

        def endpoints(self, names=None):
            yield from world.source.endpoints(names)
            discover_models(
                sources=[world.source],
                store=world.store,
                captures=world.captures,
                bus=world.bus,
                audit=world.audit,
                now=NOW + timedelta(seconds=0),
            )

    discover_models(
        sources=[Meanwhile()],
        store=world.store,
        captures=world.captures,
        bus=world.bus,
        audit=world.audit,
        now=NOW,
    )
    assert asked(world) == asked(second)
    assert contents(world) == contents(second)
