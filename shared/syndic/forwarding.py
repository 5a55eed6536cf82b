"""A store around another one: each call goes on to it. Who adds something of their own overrides what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from syndic.ports import Key, Page, Place, Record, Store, Write


class ForwardingStore:
    """`syndic.ports.Store`, by another one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: Key) -> Record | None:
        """The record at a key."""
        return self._store.get(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys."""
        return self._store.get_many(keys)

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write a record."""
        return self._store.put(record, expect=expect)

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write records of one partition, all or none."""
        return self._store.put_together(writes)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record."""
        self._store.delete(key, expect=expect)

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, all or none."""
        self._store.delete_together(keys)

    def put_each(self, records: Sequence[Record]) -> None:
        """Write records of one partition, each by itself."""
        self._store.put_each(records)

    def delete_each(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, each by itself."""
        self._store.delete_each(keys)

    def discard(self, record: Record) -> None:
        """Remove a record as it was read."""
        self._store.discard(record)

    def remove_expired(
        self, partition: str, *, now: datetime, start: str | None = None, end: str | None = None, most: int = 500
    ) -> int:
        """Remove records whose time is over."""
        return self._store.remove_expired(partition, now=now, start=start, end=end, most=most)

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
        """One page of a partition."""
        return self._store.query(
            partition, prefix=prefix, start=start, end=end, descending=descending, limit=limit, token=token
        )

    def list_places(self, partition: str, *, start: str | None = None, end: str | None = None) -> Iterator[Place]:
        """What is found in a range of a partition, without bodies."""
        return self._store.list_places(partition, start=start, end=end)


class KnownStore(ForwardingStore):
    """A store of which some records were read a moment ago, for a step that writes none of them: it reads them once.

    Args:
        store: Where all others are.
        known: What was found at some keys; None: nothing.
    """

    def __init__(self, store: Store, known: Mapping[Key, Record | None]) -> None:
        super().__init__(store)
        self._known = known

    def get(self, key: Key) -> Record | None:
        """The record at a key."""
        return self._known[key] if key in self._known else self._store.get(key)
