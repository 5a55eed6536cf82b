"""Copies of worlds: one is made once, and each test changes a copy of its own, which takes a thousandth of the time."""

from __future__ import annotations

import copy
import dataclasses
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


def cloned(world: World) -> World:
    """A world of its own with the same records, objects, events and mails."""
    there = world.azure
    return dataclasses.replace(
        world,
        store=_store(world.store),
        archive=_archive(world.archive),
        captures=_captures(world.captures),
        log_archive=None if world.log_archive is None else _archive(world.log_archive),
        bus=_bus(world.bus),
        notifier=_notifier(world.notifier),
        channels=_channels(world.channels),
        maps=copy.deepcopy(world.maps),
        directory=copy.deepcopy(world.directory),
        traffic=copy.deepcopy(world.traffic),
        source=copy.deepcopy(world.source),
        endpoint_metrics=copy.deepcopy(world.endpoint_metrics),
        predictions=copy.deepcopy(world.predictions),
        storage=copy.deepcopy(world.storage),
        own_stores=dict(world.own_stores),
        registries=copy.deepcopy(world.registries),
        azure=None if there is None else Side(_store(there.store), _bus(there.bus)),
        counted=list(world.counted),
    )


def _store(store: Any) -> MemoryStore:
    made: MemoryStore = type(store)()
    made._kept = dict(store._kept)
    made._places = {partition: list(places) for partition, places in store._places.items()}
    made._writes = store._writes
    return made


def _archive(archive: MemoryArchive) -> MemoryArchive:
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
