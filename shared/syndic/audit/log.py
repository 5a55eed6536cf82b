"""The audit trail on a `Store`: append-only, contiguous, chained."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from syndic.audit.chain import batches, chain
from syndic.audit.keys import HEAD, entry_key, subject_listing
from syndic.audit.models import Head, LoggedEntry
from syndic.errors import StaleWriteError, UnavailableError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, Record, Store, Write

BATCH: Final = 45
"""Entries in one transaction: with their listings and the head they stay under the store's limit of 99."""

_TRIES: Final = 60


class AuditLog:
    """The trail (`syndic.ports.AuditTrail`).

    Entries and the new head are written in one transaction under the condition that the head is still the one they
    continue, so indices are contiguous and no two writers take the same one. Writers who lose try again after a
    random wait. Up to 45 entries are appended all or none; more go in batches of 45, in order. When the answer of
    the store is lost the entries may be there although `append` raised: a caller that tries again logs twice, and
    the trail prefers that to losing an entry.

    Args:
        store: Where the log is kept.
        sleep: Waits between tries.
        jitter: A random number between 0 and 1.
    """

    def __init__(
        self, store: Store, *, sleep: Callable[[float], None] = time.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        self._store, self._sleep, self._jitter = store, sleep, jitter

    def append(self, *entries: AuditEntry) -> None:
        """Add entries in order."""
        for batch in batches(entries, BATCH):
            self._append(batch)

    def _append(self, entries: tuple[AuditEntry, ...]) -> None:
        for attempt in range(_TRIES):
            head = self._store.get(HEAD)
            logged = chain(Head() if head is None else Head.model_validate(head.body), entries)
            try:
                self._store.put_together(
                    [
                        *(Write(_record(one), ABSENT) for one in logged),
                        Write(
                            Record(HEAD, to_json(Head(size=logged[-1].index + 1, hash=logged[-1].hash))),
                            ABSENT if head is None else head.etag,
                        ),
                    ]
                )
            except StaleWriteError:
                self._sleep(self._jitter() * min(0.5, 0.01 * 2 ** min(attempt, 6)))
            else:
                return
        raise UnavailableError(f"the audit trail was taken by other writers at each of {_TRIES} tries")


def _record(logged: LoggedEntry) -> Record:
    return Record(
        entry_key(logged.index), to_json(logged), listings=(subject_listing(logged.entry.subject, logged.index),)
    )
