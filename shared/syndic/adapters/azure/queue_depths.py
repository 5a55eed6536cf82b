"""How long messages wait in storage queues, and how many were put aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from azure.core.exceptions import ResourceNotFoundError

from syndic.adapters.azure.errors import translated
from syndic.ports import QueueDepth

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

POISON: Final = "-poison"
"""What the Functions host adds to a queue's name when it puts a message aside; it makes that queue itself."""


class QueueDepths:
    """Looks at the queues of the app without taking anything from them.

    Args:
        queue_of: Gives the client of the queue of a name.
        names: The queues.
        clock: The time.
    """

    def __init__(
        self, queue_of: Callable[[str], QueueClient], names: Sequence[str], *, clock: Callable[[], datetime]
    ) -> None:
        self._queue_of, self._names, self._clock = queue_of, names, clock

    def __call__(self) -> Iterator[QueueDepth]:
        """What each queue holds. Raises `UnavailableError`."""
        for name in self._names:
            with translated(f"queue {name}"):
                yield QueueDepth(name, self._oldest(name), self._set_aside(name + POISON))

    def _oldest(self, name: str) -> float:
        """Seconds for which the first message waits that nobody works on; 0 where there is none."""
        try:
            first = self._queue_of(name).peek_messages(max_messages=1)
        except ResourceNotFoundError:
            return 0.0
        if not first or first[0].inserted_on is None:
            return 0.0
        return max(0.0, (self._clock() - first[0].inserted_on).total_seconds())

    def _set_aside(self, name: str) -> int:
        try:
            return self._queue_of(name).get_queue_properties().approximate_message_count or 0
        except ResourceNotFoundError:
            return 0
