"""Documents by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

ABSENT: Final = "absent"
"""Expectation: the record must not exist yet (create once)."""


@dataclass(frozen=True, slots=True)
class Key:
    r"""A record's place. `partition` groups what is read together; `sort` orders it, as text.

    Both are 1 to 512 visible ASCII characters (no space) without ``/ \\ # ? %``, so that every store takes them; an
    adapter refuses others with `InvalidInputError`. Concerns build keys only in their own ``keys.py`` or use cases;
    docs/keys.md lists them all.
    """

    partition: str
    sort: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A second place where a record is found by `Store.query`: a secondary index entry, kept in step by the store."""

    partition: str
    sort: str


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON document at a key. `etag` changes with each write; it is empty on a record never stored.

    `expires`: from when on nobody needs it, to the second. A store that can then removes it by itself, some time later;
    from the others `Store.remove_expired` takes it. A record that is written anew without a time stays for good.
    """

    key: Key
    body: Mapping[str, Any]
    etag: str = ""
    listings: tuple[Listing, ...] = ()
    expires: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in sort order and, when there may be more, the token that continues after them."""

    records: tuple[Record, ...]
    next_token: str | None = None


class Place(NamedTuple):
    """Where a record is found in a partition: the sort text there, and the two parts of the record's own key."""

    sort: str
    own_partition: str
    own_sort: str

    @property
    def key(self) -> Key:
        """The key of the record that lies or is listed there."""
        return Key(self.own_partition, self.own_sort)


@dataclass(frozen=True, slots=True)
class Write:
    """A write with its condition. `expect`: None = whatever is there, `ABSENT`, or the etag that must be there.

    `seldom_read`: the body is read by its key alone, and seldom. A store whose writes are paid by their size may keep a
    large one where writing costs less and reading takes longer.
    """

    record: Record
    expect: str | None = None
    seldom_read: bool = False


class Readable(Protocol):
    """Records by key: a store, or what was read of one at once (`Store.get_many`)."""

    def get(self, key: Key, /) -> Record | None:
        """The record at a key, or None."""


class Store(Protocol):
    """Documents by key, with conditional writes. Results, registry, policies, findings and the audit trail."""

    def get(self, key: Key) -> Record | None:
        """The record at a key, read consistently, or None."""

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys, each read consistently, by key; without those that are not there.

        As few calls as the service allows: on DynamoDB one for each 100 keys.
        """

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write a record and its listings; returns it with its new etag.

        Raises `StaleWriteError` when `expect` does not hold. Bodies of any size up to 8 MiB: adapters move large ones
        to their object store.
        """

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write 1 to 90 records of ONE partition, all or none. Raises `StaleWriteError` when any condition fails.

        Records and listings together are at most 99.
        """

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record and its listings. Absent is fine unless an etag is expected."""

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove 1 to 90 records of ONE partition, all or none, whatever is there. Absent is fine.

        Records and listings together are at most 99.
        """

    def put_each(self, records: Sequence[Record]) -> None:
        """Write 1 to 90 records of ONE partition, each by itself; one that is there stays as it is.

        What is written together costs twice. This is for what was derived from records that stay until all of it is
        written: who dies in between leaves some records written, and perhaps listings that name none, which no query
        shows, and whoever comes next writes the rest.
        """

    def delete_each(self, keys: Sequence[Key]) -> None:
        """Remove 1 to 90 records of ONE partition, each by itself, whatever is there. Absent is fine.

        They must have no listings and bodies of at most 300 KB: nobody looks at them first.
        """

    def discard(self, record: Record) -> None:
        """Remove a record as it was read or written, its listings first, then the record, if nobody wrote it since.

        Raises `StaleWriteError` when somebody did or it is gone; its listings are gone then too. So each of them must
        be this writing's alone. Who dies in between leaves a record that is listed nowhere.
        """

    def remove_expired(
        self, partition: str, *, now: datetime, start: str | None = None, end: str | None = None, most: int = 500
    ) -> int:
        """Remove records of a range whose time is over, where the service does not do so by itself; returns how many.

        At most `most`. A record that is written meanwhile stays. On DynamoDB always 0.
        """

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        start: str | None = None,
        end: str | None = None,
        descending: bool = False,
        limit: int = 100,
        token: str | None = None,
    ) -> Page:
        """Records of a partition in sort order, one page.

        `prefix` limits sort keys to those that begin with it; `start` (inclusive) and `end` (exclusive) to a
        range. A listing is found under its own partition and sort; the record returned is the listed one, with its
        own key. `token` is opaque, only valid with the same arguments; a wrong one raises `InvalidInputError`.
        """

    def list_places(self, partition: str, *, start: str | None = None, end: str | None = None) -> Iterator[Place]:
        """What `query` finds in a range, all of it in sort order, without bodies: they are not read where that can be.

        Only a record that was removed meanwhile may be among it. So whoever compares listings reads no record twice.
        """
