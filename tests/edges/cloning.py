"""Copies of worlds: one is made once, and each test changes a copy of its own, which takes a thousandth of the time."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

from syndic.adapters.memory import (
    MemoryArchive,
    MemoryBus,
    MemoryCaptures,
    MemoryChannels,
    MemoryNotifier,
    MemoryStore,
)
from syndic.mirror.exchange import Side
from tests.edges.world import World

SHARED = frozenset({"settings", "moment", "inspects", "waits", "signing_key"})
"""What nothing changes in place."""


def cloned(world: World) -> World:
    """A world of its own with the same records, objects, events and mails. What a world holds later joins by itself."""
    own = {
        one.name: OWN.get(one.name, copy.deepcopy)(getattr(world, one.name))
        for one in dataclasses.fields(world)
        if one.name not in SHARED
    }
    return dataclasses.replace(world, **own)


def _store(store: Any) -> MemoryStore:
    made: MemoryStore = type(store)()
    made._kept = dict(store._kept)
    made._places = {partition: list(places) for partition, places in store._places.items()}
    made._writes = store._writes
    return made


def _archive(archive: MemoryArchive | None) -> MemoryArchive | None:
    if archive is None:
        return None
    made = MemoryArchive(archive._clock)
    made._objects, made._locked = dict(archive._objects), set(archive._locked)
    return made


def _captures(captures: Any) -> MemoryCaptures:
    made = copy.copy(captures)
    made._objects = dict(captures._objects)
    return made


def _bus(bus: Any) -> MemoryBus:
    made = MemoryBus()
    made.published, made.refuse = list(bus.published), bus.refuse
    return made


def _notifier(notifier: MemoryNotifier | None) -> MemoryNotifier | None:
    if notifier is None:
        return None
    made = MemoryNotifier()
    made.sent, made.refuse = list(notifier.sent), notifier.refuse
    return made


def _channels(channels: MemoryChannels | None) -> MemoryChannels | None:
    if channels is None:
        return None
    made = MemoryChannels(secrets=channels.secrets, clock=channels.clock)
    made.sent, made.updated = list(channels.sent), list(channels.updated)
    made.whispered = list(channels.whispered)
    return made


def _side(there: Side | None) -> Side | None:
    return None if there is None else Side(_store(there.store), _bus(there.bus))


OWN: dict[str, Callable[[Any], Any]] = {
    "store": _store,
    "archive": _archive,
    "log_archive": _archive,
    "captures": _captures,
    "bus": _bus,
    "notifier": _notifier,
    "channels": _channels,
    "azure": _side,
}
"""Records, objects and events are never changed in place: a copy of what holds them is enough, and quick."""
