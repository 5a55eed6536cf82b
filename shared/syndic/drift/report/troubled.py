"""Which windows of a model have a trouble, from an index: where none has, nobody reads the windows around another.

A point in which something drifts, is confirmed or has recovered is listed in a partition of its own. Points of before
this index are not, so that it is believed only of windows behind the mark that the first check after it has set.
"""

from __future__ import annotations

from typing import Final

from syndic.drift.keys import POINTS, partition, troubled_partition
from syndic.drift.models import HistoryPoint
from syndic.drift.verdict.persistence import windows_after
from syndic.errors import StaleWriteError
from syndic.models import TimeWindow, WindowLength
from syndic.ports import ABSENT, Key, Listing, Record, Store

_SINCE: Final = "~"
"""What the sort key of the mark begins with: behind every window."""

_MARGIN: Final = 3
"""Windows after the first check in which a function of an earlier release may still write."""


def listings_of(model_id: str, point: HistoryPoint) -> tuple[Listing, ...]:
    """Where a point is listed beside the points of its model."""
    if not (point.drifted or point.confirmed or point.recovered):
        return ()
    return (Listing(troubled_partition(model_id), point.window.key),)


def may_be_troubled(store: Store, model_id: str, first: TimeWindow, last: TimeWindow) -> bool | None:
    """Whether any window of a span may have a trouble, both ends included. None: so far there is no mark."""
    marks: list[str] = []
    for place in store.list_places(troubled_partition(model_id), start=first.key):
        if place.sort.startswith(_SINCE):
            marks.append(place.sort.removeprefix(_SINCE))
        elif place.sort <= last.key:
            return True
    return min(marks) > first.key if marks else None


def mark(store: Store, model_id: str, window: TimeWindow, first: TimeWindow, length: WindowLength) -> None:
    """Set the mark: from the first window that this one depends on where none has a point yet, else a little later.

    Windows behind the mark are listed when they have a trouble.
    """
    known = store.query(partition(model_id), start=f"{POINTS}{first.key}", end=f"{POINTS}~", limit=1).records
    since = windows_after(window, length, _MARGIN)[-1] if known else first
    try:
        store.put(Record(Key(troubled_partition(model_id), f"{_SINCE}{since.key}"), {}), expect=ABSENT)
    except StaleWriteError:  # another check of the same window has set it
        return
