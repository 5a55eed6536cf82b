"""Whether entries are found where they belong: each in its listings, and nothing else in these."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from syndic.audit.keys import PARTITION, entry_index, listings_of, places_of
from syndic.audit.models import Fault
from syndic.audit.tree.chain import Walk
from syndic.models import AuditEntry
from syndic.ports import Key, Place, Record, Store

WINDOW: Final = 4000
"""Entries whose listings are compared at once: memory does not grow with the trail."""

FAR: Final = 1000
"""Places of other entries that are read on the way to the next wanted one, before it is looked up instead."""


class Listings:
    """Compares entries that are looked at in order with the listings of the store, some thousands at a time.

    Bodies are not read again: what a listing names is the entry under its key, which is verified by itself.
    """

    def __init__(self, store: Store, walk: Walk) -> None:
        self._store, self._walk = store, walk
        self._wanted: dict[str, dict[str, str]] = {}  # by partition and key of an entry: the sort text of its place
        self._first, self._last, self._count = "", "", 0

    def add(self, index: int, record: Record) -> None:
        """Note where an entry belongs. One that is none is a fault by itself and belongs nowhere."""
        expected = _expected(index, record.body)
        if expected is None:
            return
        sort, partitions = expected
        if not _is_named(record, sort, partitions):
            self._walk.fault(Fault.MISPLACED, index, "it is listed at other places than it belongs to")
        own, wanted = record.key.sort, self._wanted
        for partition in partitions:
            places = wanted.get(partition)
            if places is None:
                places = wanted[partition] = {}
            places[own] = sort
        self._first, self._last, self._count = self._first or own, own, self._count + 1
        if self._count >= WINDOW:
            self.compare()

    def compare(self) -> None:
        """Compare what was noted, and forget it."""
        for partition, places in self._wanted.items():
            self._compare(partition, places)
        self._wanted.clear()
        self._first, self._last, self._count = "", "", 0

    def _compare(self, partition: str, wanted: dict[str, str]) -> None:
        """What lies from the first wanted place to the last, but for long stretches between where nothing is wanted.

        One entry that was told late would else have the listing read from its time on, for each such window.
        """
        sorts = sorted(wanted.values())
        start: str | None = sorts[0]
        while start is not None:
            between, begin, start = 0, start, None
            for place in self._store.list_places(partition, start=begin, end=f"{sorts[-1]}~"):
                sort, own_partition, own = place
                if own_partition == PARTITION and wanted.get(own) == sort:
                    del wanted[own]
                    between = 0
                    continue
                if own_partition != PARTITION or self._first <= own <= self._last or entry_index(place.key) < 0:
                    self._foreign(partition, place)
                between += 1
                if between > FAR:
                    after = bisect_right(sorts, sort)
                    start = sorts[after] if after < len(sorts) else None
                    break
        for own in wanted:
            key = Key(PARTITION, own)
            if self._store.get(key) is not None:  # else it was erased since it was looked at
                self._walk.fault(Fault.HIDDEN, entry_index(key), "it is missing in a listing that it belongs to")

    def _foreign(self, partition: str, place: Place) -> None:
        """What was not looked for in a listing. It belongs there if its content was kept while this ran."""
        record = self._store.get(place.key)
        if record is None:  # no reader is shown it
            return
        index = entry_index(place.key) if place.own_partition == PARTITION else -1
        expected = _expected(index, record.body) if index >= 0 else None
        if expected is not None and expected[0] == place.sort and partition in expected[1]:
            return
        what = "it is in a listing that it does not belong to" if index >= 0 else "a listing holds what is no entry"
        self._walk.fault(Fault.MISPLACED, index if index >= 0 else None, what)


def _expected(index: int, body: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    content = body.get("entry")
    if not isinstance(content, dict):
        return None
    found = places_of(index, content)
    if found is not None:
        return found
    try:
        listings = listings_of(index, AuditEntry.model_validate(content))
    except ValidationError:
        return None
    return listings[0].sort, tuple(listing.partition for listing in listings)


def _is_named(record: Record, sort: str, partitions: tuple[str, ...]) -> bool:
    """Whether a record says that it is listed where it belongs, and nowhere else."""
    found = record.listings
    if len(found) != len(partitions):
        return False
    for one, partition in zip(found, partitions, strict=True):
        if one.partition != partition or one.sort != sort:  # a store may keep them in another order
            return {(one.partition, one.sort) for one in found} == {(partition, sort) for partition in partitions}
    return True
