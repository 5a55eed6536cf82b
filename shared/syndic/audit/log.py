"""The audit trail of whoever is alone with his store: entries are handed over and sequenced at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

from syndic.audit.appending.inbox import Inbox
from syndic.audit.appending.sequencer import sequence
from syndic.models import AuditEntry
from syndic.ports import Store


class AuditLog:
    """The trail (`syndic.ports.AuditTrail`) without a sequencer of its own.

    Several may write at once: each puts its entries where all find them, and each sequences what it finds there. So
    entries are in the trail when `take` returns, whoever put them in their places.

    Args:
        store: Where the log is kept.
        sleep: Waits between tries.
        jitter: A random number between 0 and 1.
    """

    def __init__(
        self, store: Store, *, sleep: Callable[[float], None] = time.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        self._store, self._sleep, self._jitter = store, sleep, jitter
        self._inbox = Inbox(store)

    def append(self, *entries: AuditEntry) -> None:
        """Add entries in order; who appends again logs twice."""
        if entries:
            self._inbox.append(*entries)
            self._sequence()

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Add the entries whose id is not in the trail yet, in order."""
        if entries:
            self._inbox.take(entries)
            self._sequence()

    def _sequence(self) -> None:
        sequence(self._store, sleep=self._sleep, jitter=self._jitter)
