"""Events to the other concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from syndic.models import Event


class EventBus(Protocol):
    """Tells the other concerns. At least once, in no order."""

    def publish(self, events: Sequence[Event]) -> None:
        """Hand over all events or raise `UnavailableError`."""


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """What a queue holds.

    Attributes:
        name: Of the queue.
        oldest: Seconds for which its first message waits that nobody works on; 0 where there is none.
        set_aside: Messages that failed every try.
    """

    name: str
    oldest: float
    set_aside: int


class Queues(Protocol):
    """Looks at the queues of a deployment."""

    def __call__(self) -> Iterable[QueueDepth]:
        """What each holds."""
