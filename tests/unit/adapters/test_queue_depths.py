"""How long messages wait in queues, and how many were put aside, without taking any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError, ServiceRequestError

from syndic.adapters.azure.queue_depths import QueueDepths
from syndic.errors import UnavailableError
from syndic.ports import QueueDepth
from syndic.tasks.watch.queue_watch import count_queues
from tests.edges.world import World

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)


class Queue:
    """A queue with some messages; None: it is not there."""

    def __init__(self, inserted: list[datetime] | None) -> None:
        self._inserted = inserted

    def peek_messages(self, max_messages: int) -> list[Any]:
        return [SimpleNamespace(inserted_on=at) for at in self._there()[:max_messages]]

    def get_queue_properties(self) -> Any:
        return SimpleNamespace(approximate_message_count=len(self._there()))

    def _there(self) -> list[datetime]:
        if self._inserted is None:
            raise ResourceNotFoundError("QueueNotFound")
        return self._inserted


def depths(queues: dict[str, list[datetime] | None], *names: str) -> QueueDepths:
    return QueueDepths(lambda name: Queue(queues.get(name)), names, clock=lambda: NOW)  # type: ignore[arg-type,return-value]


def test_the_oldest_message_and_what_was_put_aside_are_counted_by_queue() -> None:
    old, new = NOW - timedelta(hours=2), NOW + timedelta(seconds=3)  # the service's clock may be ahead
    found = depths({"a": [old, NOW], "a-poison": [old] * 3, "b": [], "b-poison": None, "c": None, "d": [new]}, *"abcd")
    expected = [QueueDepth("a", 7200, 3), QueueDepth("b", 0, 0), QueueDepth("c", 0, 0), QueueDepth("d", 0, 0)]
    assert list(found()) == expected
    world = World()
    count_queues(found, world)  # type: ignore[arg-type]
    assert ("OldestMessageSeconds", 7200, {"queue": "a"}) in world.counted
    assert ("MessagesSetAside", 3, {"queue": "a"}) in world.counted


def test_a_service_that_does_not_answer_is_no_empty_queue() -> None:
    class Broken(Queue):
        def _there(self) -> list[datetime]:
            raise ServiceRequestError("no connection")

    with pytest.raises(UnavailableError):
        list(QueueDepths(lambda name: Broken(None), ("a",), clock=lambda: NOW)())  # type: ignore[arg-type,return-value]
