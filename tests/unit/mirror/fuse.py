"""Ending a function at any call of its ports, and worlds that are alike to compare what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syndic.adapters.memory import MemoryStore
from syndic.ports import Store
from tests.unit.mirror.two_clouds import Aws, Azure, TwoClouds


def copied(store: Store) -> MemoryStore:
    """A store of its own that holds the same."""
    assert isinstance(store, MemoryStore)
    other = MemoryStore()
    other._kept = dict(store._kept)
    other._places = {partition: list(places) for partition, places in store._places.items()}
    other._writes = store._writes
    return other


def twin(world: TwoClouds) -> TwoClouds:
    """A world of its own at the same moment; its buses are empty."""
    aws = Aws(raw=copied(world.aws.raw), moment=world.aws.moment)
    return TwoClouds(aws=aws, azure=Azure(store=copied(world.azure.store), moment=world.azure.moment))


class KilledError(Exception):
    """The function was killed."""


NEVER = 1_000_000


class Fuse:
    """Counts calls to all ports and dies before or after one of them; at `NEVER` it only counts."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.left, self.after, self.calls = at, after, 0

    def around(self, port: Any) -> Any:
        fuse = self

        class Guarded:
            def __getattr__(self, name: str) -> Any:
                return fuse._guard(getattr(port, name))

        return Guarded()

    def _guard(self, whole: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.left -= 1
            self.calls += 1
            if self.left < 0 and not self.after:
                raise KilledError
            result = whole(*args, **options)
            if self.left < 0:
                raise KilledError
            return result

        return call
