"""How long a model's windows should be, and which days make its baseline: from the volume of its traffic. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from syndic.models import TimeWindow, WindowLength

ENOUGH: Final = 1000
"""Rows of a window. With fewer than about 500 a shift of half a standard deviation is missed more often than found
(docs/drift.md); twice that leaves room for quiet days."""

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of captured files that one call of the API summarises well within its time."""

DAYS: Final = (28, 14, 7, 6, 5, 4, 3, 2, 1)
"""Lengths of a baseline, the best first: whole weeks, so that each weekday is in it as often as any other."""

_HOURS: Final = ((WindowLength.HOUR, 1), (WindowLength.DAY, 24), (WindowLength.WEEK, 168))


def window_for(rows_a_day: float) -> WindowLength:
    """The shortest window that usually has enough rows; a month where a week has not."""
    return next(
        (length for length, hours in _HOURS if rows_a_day * hours / 24 >= ENOUGH),
        WindowLength.MONTH,
    )


def complete_days(oldest: datetime, newest: datetime) -> tuple[TimeWindow, ...]:
    """The days, in UTC, of which every hour lies between the first and the last captured hour, oldest first.

    Args:
        oldest: Start of the first captured hour. Its day counts only when it began with it.
        newest: Start of the newest captured hour; its day counts only when it is over.
    """
    first = WindowLength.DAY.around(oldest)
    start = first.start if oldest <= first.start else first.end
    end = WindowLength.DAY.around(newest + timedelta(hours=1)).start
    return tuple(WindowLength.DAY.around(start + timedelta(days=day)) for day in range(max(0, (end - start).days)))


def baseline_of(sizes: tuple[tuple[TimeWindow, int], ...]) -> TimeWindow | None:
    """The first days that together make the best baseline and are small enough to be read in one call.

    Args:
        sizes: Complete days without a gap, oldest first, with the bytes of their files.
    """
    for days in DAYS:
        taken = sizes[:days]
        if len(taken) == days and sum(size for _, size in taken) <= MOST_BYTES and all(size for _, size in taken):
            return TimeWindow(start=taken[0][0].start, end=taken[-1][0].end)
    return None
