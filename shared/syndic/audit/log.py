"""The audit trail on a `Store`: append-only, contiguous, chained."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Final

from syndic.audit.chain import batches, chain
from syndic.audit.keys import HEAD, entry_key, subject_listing, taken_key
from syndic.audit.models import Head, LoggedEntry
from syndic.errors import StaleWriteError, UnavailableError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, Record, Store, Write

BATCH: Final = 45
"""Entries in one transaction: with their listings and the head they stay under the store's limit of 99."""

TAKEN_TOGETHER: Final = 30
"""Entries with an id in one transaction: each has a note of its id beside it."""

_TRIES: Final = 60


class AuditLog:
    """The trail (`syndic.ports.AuditTrail`).

    Entries and the new head are written in one transaction under the condition that the head is still the one they
    continue, so indices are contiguous and no two writers take the same one. Writers who lose try again after a
    random wait. `take` writes a note of each entry's id in the same transaction, so an entry that is handed over again,
    after an answer that was lost or by somebody else, is in the trail once. `append` takes entries without an id:
    up to 45 all or none, more in batches of 45, in order; who appends again logs twice.

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

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Add the entries whose id is not in the trail yet, in order. The note of an id is written with its entry."""
        for batch in batches(tuple(entries), TAKEN_TOGETHER):
            self._take({identity: entries[identity] for identity in batch})

    def _append(self, entries: tuple[AuditEntry, ...]) -> None:
        for attempt in range(_TRIES):
            if self._chained(entries):
                return
            self._wait(attempt)
        raise _busy()

    def _take(self, entries: dict[str, AuditEntry]) -> None:
        for attempt in range(_TRIES):
            if self._chained(tuple(entries.values()), tuple(entries)):
                return
            known = self._store.get_many([taken_key(identity) for identity in entries])
            entries = {identity: entry for identity, entry in entries.items() if taken_key(identity) not in known}
            if not entries:
                return
            if not known:
                self._wait(attempt)
        raise _busy()

    def _chained(self, entries: tuple[AuditEntry, ...], ids: tuple[str, ...] = ()) -> bool:
        """Write the entries behind the head; False when the head moved, or one of the ids is there."""
        head = self._store.get(HEAD)
        logged = chain(Head() if head is None else Head.model_validate(head.body), entries)
        notes = (Record(taken_key(one), {"index": it.index}) for one, it in zip(ids, logged, strict=False))
        moved = Record(HEAD, to_json(Head(size=logged[-1].index + 1, hash=logged[-1].hash)))
        try:
            self._store.put_together(
                [
                    *(Write(_record(one), ABSENT) for one in logged),
                    *(Write(note, ABSENT) for note in notes),
                    Write(moved, ABSENT if head is None else head.etag),
                ]
            )
        except StaleWriteError:
            return False
        return True

    def _wait(self, attempt: int) -> None:
        self._sleep(self._jitter() * min(0.5, 0.01 * 2 ** min(attempt, 6)))


def _busy() -> UnavailableError:
    return UnavailableError(f"the audit trail was taken by other writers at each of {_TRIES} tries")


def _record(logged: LoggedEntry) -> Record:
    return Record(
        entry_key(logged.index), to_json(logged), listings=(subject_listing(logged.entry.subject, logged.index),)
    )
