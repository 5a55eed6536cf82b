"""Events to the other concerns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from syndic.models import Event


class EventBus(Protocol):
    """Tells the other concerns. At least once, in no order."""

    def publish(self, events: Sequence[Event]) -> None:
        """Hand over all events or raise `UnavailableError`."""
