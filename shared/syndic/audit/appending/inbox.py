"""Where entries wait for their place: each writer puts a record of its own there, and waits for no other.

A waiting record holds the entries of one handing over with their ids and salts. Records wait in the order of time, in
one of a few partitions by what the first entry is about, so that what is told of one record stays in its order.
"""

from __future__ import annotations

import itertools
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from pydantic import Field, ValidationError

from syndic.audit.keys import SHARDS, pending_partition, pending_partitions
from syndic.canonical import canonical_json, sha256_of
from syndic.changes import ENTRY_LIMIT
from syndic.errors import InvalidInputError
from syndic.models import AuditEntry, Noun, to_json
from syndic.ports import ABSENT, Key, Record, Store

log = logging.getLogger(__name__)

TOGETHER: Final = 30
"""Entries in one waiting record."""

TOGETHER_BYTES: Final = 200_000
"""Bytes of them, so that no store moves the record elsewhere."""

Each = Callable[[Sequence[Callable[[], Any]]], list[Any]]
"""Makes several calls that do not depend on each other; returns their answers in order."""


def one_by_one(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """One call after the other."""
    return [call() for call in calls]


_TIME: Final = "%Y%m%dT%H%M%S.%fZ"


class Waiting(Noun):
    """An entry that waits for its place.

    Whoever may put something here must not be able to stop the sequencer with an id that is no key, or to have it log
    what no verification accepts.
    """

    id: str = Field(pattern=r"^[!-~&&[^/\\#?%]]{1,480}$")
    salt: str = Field(pattern=r"^[0-9a-f]{64}$")
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class Waiters:
    """Some of what waits, the oldest first, and the records it lies in. `more`: others wait behind them."""

    entries: tuple[Waiting, ...]
    keys: tuple[Key, ...]
    more: bool


class Inbox:
    """Hands entries over to the sequencer (`syndic.ports.AuditTrail`).

    Args:
        store: Where they wait.
        clock: The time, by which they are put in order.
        salt: Makes 32 random bytes in hexadecimal digits.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        salt: Callable[[], str] = lambda: secrets.token_hex(32),
    ) -> None:
        self._store, self._clock, self._salt = store, clock, salt

    def append(self, *entries: AuditEntry) -> None:
        """Hand over entries that are told once."""
        run = secrets.token_hex(16)
        self.take({f"{run}.{number}": entry for number, entry in enumerate(entries)})

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Hand over entries by id."""
        group: list[Waiting] = []
        size = 0
        for identity, entry in entries.items():
            large = check_entry(entry)
            if group and (len(group) >= TOGETHER or size + large > TOGETHER_BYTES):
                self._put(group)
                group, size = [], 0
            group.append(Waiting(id=identity, salt=self._salt(), entry=entry))
            size += large
        if group:
            self._put(group)

    def _put(self, waiting: Sequence[Waiting]) -> None:
        body = {"entries": [to_json(one) for one in waiting]}
        self._store.put(Record(self._place(waiting), body), expect=ABSENT)

    def _place(self, waiting: Sequence[Waiting]) -> Key:
        moment = self._clock().astimezone(UTC).strftime(_TIME)
        count = next(_COUNTER) % 1_000_000
        return Key(pending_partition(waiting[0].entry.subject), f"{moment}.{count:06d}.{secrets.token_hex(8)}")


_COUNTER: Final = itertools.count()


def check_entry(entry: AuditEntry) -> int:
    """The bytes of an entry in canonical form. Raises `InvalidInputError` for one that no trail can hold."""
    where = f"audit entry {entry.action[:80]}"
    try:
        size = len(canonical_json(to_json(entry)))
    except ValueError as error:  # NaN, an integer beyond 2^53, half a surrogate pair
        raise InvalidInputError(f"has no canonical form: {error}", where=where) from error
    if size > ENTRY_LIMIT:
        raise InvalidInputError(f"has {size} bytes, an entry has at most {ENTRY_LIMIT}", where=where)
    return size


def waiting_in(store: Store, *, most: int, each: Each = one_by_one) -> Waiters:
    """What waits, the oldest first, at most about `most` entries.

    Args:
        store: Where it waits.
        most: At most so many, but for a record that alone holds more.
        each: Makes several calls, one after the other or at once.
    """
    page = -(-most // SHARDS)
    pages = each([partial(store.query, partition, limit=page) for partition in pending_partitions()])
    records = [record for page in pages for record in page.records]
    more = any(page.next_token is not None for page in pages)
    records.sort(key=lambda one: one.key.sort)
    entries: list[Waiting] = []
    keys: list[Key] = []
    for record in records:
        found = list(_read(record))
        if keys and len(entries) + len(found) > most:
            return Waiters(tuple(entries), tuple(keys), more=True)
        entries += found
        keys.append(record.key)
    return Waiters(tuple(entries), tuple(keys), more)


def _read(record: Record) -> Iterator[Waiting]:
    """The entries of a waiting record. One that cannot be read is an entry too: nothing is dropped unsaid."""
    try:
        found = [Waiting.model_validate(one) for one in record.body["entries"]]
        for one in found:
            check_entry(one.entry)
    except (KeyError, TypeError, ValidationError, ValueError, InvalidInputError) as error:
        log.error("waiting audit entry cannot be read", extra={"record": record.key.sort, "reason": str(error)})  # noqa: TRY400
        said = {"record": record.key.sort, "reason": type(error).__name__}
        refused = AuditEntry(
            action="audit.entry_refused", actor="syndic/sequencer", subject="audit/pending",
            at=datetime(1970, 1, 1, tzinfo=UTC), details={**said},
        )  # fmt: skip
        yield Waiting(id=f"refused.{sha256_of(said)[:40]}", salt=sha256_of(said), entry=refused)
    else:
        yield from found
