"""A `Store` in memory with the real semantics: conditions, transactions, listings, ordered pages."""

from __future__ import annotations

import json
import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndic.adapters.documents import (
    check_key,
    check_keys,
    check_range,
    check_together,
    encode_body,
    is_over,
    page_token,
    read_token,
    to_second,
)
from syndic.adapters.singly import Singly
from syndic.errors import InvalidInputError, StaleWriteError
from syndic.ports import ABSENT, Key, Listing, Page, Place, Record, Write

_AFTER = "\x7f"  # sorts after every character that a key may have
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    etag: str
    listings: tuple[Listing, ...]
    expires: datetime | None = None


class MemoryStore(Singly):
    """Keeps bodies as JSON bytes, so that nothing put in or read out is shared with the caller."""

    def __init__(self) -> None:
        self._kept: dict[Key, _Kept] = {}
        self._places: dict[str, list[str]] = {}  # by partition: "sort", or "sort partition sort" of a listed record
        self._writes = 0
        self._lock = threading.RLock()

    def get(self, key: Key) -> Record | None:
        """The record at a key, or None."""
        check_key(key)
        with self._lock:
            kept = self._kept.get(key)
        return None if kept is None else _record(key, kept)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records at some keys."""
        return {key: record for key in keys if (record := self.get(key)) is not None}

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        """Write one record under its condition."""
        return self._write([Write(record, expect)])[0]

    def put_together(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Write records of one partition, all or none."""
        check_together(writes)
        return self._write(writes)

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        """Remove a record."""
        check_key(key)
        if expect == ABSENT:
            raise InvalidInputError("deleting a record that must not exist has no meaning", where="expect")
        with self._lock:
            self._check(key, expect)
            self._remove(key)

    def delete_together(self, keys: Sequence[Key]) -> None:
        """Remove records of one partition, all or none."""
        check_keys(keys)
        with self._lock:
            for key in keys:
                self._remove(key)

    def remove_expired(
        self, partition: str, *, now: datetime, start: str | None = None, end: str | None = None, most: int = 500
    ) -> int:
        """Remove records whose time is over."""
        check_range(partition, "", start, end, 1)
        with self._lock:
            keys = [place.key for place in self.list_places(partition, start=start, end=end)]
            over = [key for key in keys if key.partition == partition and is_over(self._kept[key].expires, now)]
            for key in over[:most]:
                self._remove(key)
        return len(over[:most])

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
        """One page of a partition's records and listings in sort order."""
        check_range(partition, prefix, start, end, limit)
        arguments = (partition, prefix, start, end, descending)
        after = None if token is None else read_token(token, arguments=arguments)
        with self._lock:
            places = self._places.get(partition, [])
            low, high = _range(places, prefix, start, end)
            if descending:
                high = high if after is None else min(high, bisect_left(places, after))
                found = places[max(low, high - limit - 1) : high][::-1]
            else:
                low = low if after is None else max(low, bisect_right(places, after))
                found = places[low : min(high, low + limit + 1)]
            page = tuple(self._record_at(partition, place) for place in found[:limit])
        return Page(page, page_token(found[limit - 1], arguments=arguments) if len(found) > limit else None)

    def list_places(self, partition: str, *, start: str | None = None, end: str | None = None) -> Iterator[Place]:
        """What is found in a range of a partition, without bodies."""
        check_range(partition, "", start, end, 1)
        with self._lock:
            places = self._places.get(partition, [])
            low, high = _range(places, "", start, end)
            found = places[low:high]
        for place in found:
            sort, _, listed = place.partition(" ")
            own_partition, _, own_sort = listed.partition(" ")
            yield Place(sort, own_partition, own_sort) if listed else Place(sort, partition, sort)

    def _record_at(self, partition: str, place: str) -> Record:
        sort, _, listed = place.partition(" ")
        key = Key(*listed.split(" ")) if listed else Key(partition, sort)
        return _record(key, self._kept[key])

    def _remove(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            for partition, place in _places(key, kept):
                places = self._places[partition]
                del places[bisect_left(places, place)]

    def _add(self, key: Key, kept: _Kept) -> None:
        self._remove(key)
        self._kept[key] = kept
        for partition, place in _places(key, kept):
            insort(self._places.setdefault(partition, []), place)

    def _write(self, writes: Sequence[Write]) -> tuple[Record, ...]:
        bodies = []
        for write in writes:
            check_key(write.record.key)
            for listing in write.record.listings:
                check_key(listing)
            bodies.append(encode_body(write.record.body, write.record.key))
        with self._lock:
            for write in writes:
                self._check(write.record.key, write.expect)
            written = []
            for write, body in zip(writes, bodies, strict=True):
                self._writes += 1
                kept = _Kept(body, f"m{self._writes}", *_listed_until(write.record))
                self._add(write.record.key, kept)
                written.append(_record(write.record.key, kept))
        return tuple(written)

    def _check(self, key: Key, expect: str | None) -> None:
        if expect is None:
            return
        kept = self._kept.get(key)
        if expect != (ABSENT if kept is None else kept.etag):
            raise StaleWriteError(f"record {key.partition} {key.sort} is not as expected; read it again")


def _places(key: Key, kept: _Kept) -> list[tuple[str, str]]:
    """Partition and place of a record and of its listings.

    A space sorts before every character that a key may have, so listings stand in the order of their sort text.
    """
    listed = [(at.partition, f"{at.sort} {key.partition} {key.sort}") for at in kept.listings]
    return [(key.partition, key.sort), *listed]


def _listed_until(record: Record) -> tuple[tuple[Listing, ...], datetime | None]:
    return tuple(dict.fromkeys(record.listings)), to_second(record.expires)


def _record(key: Key, kept: _Kept) -> Record:
    return Record(key, _decode(kept.body.decode("ascii"))[0], kept.etag, kept.listings, kept.expires)


def _range(places: Sequence[str], prefix: str, start: str | None, end: str | None) -> tuple[int, int]:
    """The indices between which a partition's places lie in a range of sort texts."""
    low, high = bisect_left(places, max(prefix, start or "")), len(places)
    if prefix:
        high = bisect_left(places, prefix + _AFTER)
    if end is not None:
        high = min(high, bisect_left(places, end))
    return low, max(low, high)
