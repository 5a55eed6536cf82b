"""Which hours have captured files: runs of hours, merged. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from syndic.discovery.models import HourRun
from syndic.models import TimeWindow, WindowLength

_HOUR: Final = timedelta(hours=1)
MOST_RUNS: Final = 1000


def cover(runs: Iterable[HourRun], hours: Iterable[datetime]) -> tuple[HourRun, ...]:
    """The runs with more hours; the order in which hours come makes no difference."""
    spans = sorted([(run.start, run.end) for run in runs] + [(hour, hour + _HOUR) for hour in set(hours)])
    merged: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(HourRun(start=start, end=end) for start, end in merged[-MOST_RUNS:])


def hours_in(runs: Iterable[HourRun]) -> int:
    """How many hours the runs hold."""
    return sum(int((run.end - run.start) / _HOUR) for run in runs)


def windows_in(runs: Iterable[HourRun], length: WindowLength, *, since: datetime, until: datetime) -> list[TimeWindow]:
    """Windows that have a covered hour in ``[since, until)``, in order."""
    found: dict[datetime, TimeWindow] = {}
    for run in runs:
        moment = max(run.start, since)
        while moment < min(run.end, until):
            window = length.around(moment)
            found[window.start] = window
            moment = window.end
    return [found[start] for start in sorted(found)]


def empty_windows(runs: tuple[HourRun, ...], length: WindowLength) -> list[TimeWindow]:
    """Whole windows between the first and the last covered hour that have no captured file."""
    found: list[TimeWindow] = []
    for before, after in pairwise(runs):
        window = length.around(before.end - _HOUR)
        last = length.around(after.start)
        while (window := length.around(window.end)).start < last.start:
            found.append(window)
    return found
