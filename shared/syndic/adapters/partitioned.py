"""A `Store` of several tables: which one a record lies in is told by its partition.

The audit trail has tables of its own, so that the cloud's own rights say who may append, read and erase. The core knows
one store; only wiring knows that it is several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from syndic.errors import InvalidInputError
from syndic.ports import Key, Page, Place, Record, Store, Write


class PartitionedStore:
    """Records in the store that their partition belongs to.

    Args:
        records: Where everything lies that has no table of its own.
        tables: A store for each first word of a partition: ``audit`` takes ``audit`` and ``audit.subject.1``.
    """

    def __init__(self, records: Store, tables: Mapping[str, Store]) -> None:
        self._records, self._tables = records, dict(tables)

    def get(self, key: Key) -> Record | None:
        """The record at a key."""
        return self._of(key.partition).get(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys."""
        found: dict[Key, Record] = {}
        for word in dict.fromkeys(_word(key.partition) for key in keys):
            some = [key for key in keys if _word(key.partition) == word]
            found |= self._of(word).get_many(some)
        return found

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write one record."""
        return self._for(record).put(record, expect=expect)

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write records of one partition, all or none."""
        for write in writes:
            self._for(write.record)
        return self._of(writes[0].record.key.partition if writes else "").put_together(writes)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record."""
        self._of(key.partition).delete(key, expect=expect)

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, all or none."""
        self._of(keys[0].partition if keys else "").delete_together(keys)

    def put_each(self, records: Sequence[Record]) -> None:
        """Write records of one partition, each by itself."""
        for record in records:
            self._for(record)
        self._of(records[0].key.partition if records else "").put_each(records)

    def delete_each(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, each by itself."""
        self._of(keys[0].partition if keys else "").delete_each(keys)

    def discard(self, record: Record) -> None:
        """Remove a record as it was read."""
        self._of(record.key.partition).discard(record)

    def remove_expired(
        self, partition: str, *, now: datetime, start: str | None = None, end: str | None = None, most: int = 500
    ) -> int:
        """Remove records whose time is over."""
        return self._of(partition).remove_expired(partition, now=now, start=start, end=end, most=most)

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
        return self._of(partition).query(
            partition, prefix=prefix, start=start, end=end, descending=descending, limit=limit, token=token
        )

    def list_places(self, partition: str, *, start: str | None = None, end: str | None = None) -> Iterator[Place]:
        """What is found in a range of a partition, without bodies."""
        return self._of(partition).list_places(partition, start=start, end=end)

    def _of(self, partition: str) -> Store:
        return self._tables.get(_word(partition), self._records)

    def _for(self, record: Record) -> Store:
        """The store of a record, which has to be that of its listings too."""
        own = self._of(record.key.partition)
        if any(self._of(listing.partition) is not own for listing in record.listings):
            raise InvalidInputError(f"record {record.key.partition} {record.key.sort} is listed in another table")
        return own


def _word(partition: str) -> str:
    return partition.partition(".")[0]
