"""When the next one in a chain is told: so long after nobody acknowledged, by the clock or in named hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from syndic.alerting.models.routing import Escalation, TimeInterval
from syndic.alerting.routing.intervals import edges_of, holds

LONGEST: Final = timedelta(days=21)
"""Named hours are counted so far back at most; then the step is due whatever the hours are."""


def is_due(step: Escalation, opened_at: datetime | None, intervals: Mapping[str, TimeInterval], now: datetime) -> bool:
    """Whether a step is due for an alert that is open since then. Never known since when: it is.

    Where `within` names an interval only its time counts, in its own time zone: an hour that is skipped or comes twice
    when the clocks change is counted as it passes.
    """
    if opened_at is None:
        return True
    if now - opened_at < step.after:
        return False
    if step.within is None or now - opened_at >= LONGEST + step.after:
        return True
    return time_within(intervals[step.within], opened_at, now, enough=step.after) >= step.after


def time_within(interval: TimeInterval, start: datetime, end: datetime, *, enough: timedelta) -> timedelta:
    """How much of the time between two moments lies in an interval; `enough` is as much as is asked for."""
    passed = timedelta()
    edges = [one for one in edges_of(interval, start, end) if start < one < end]
    for begin, stop in pairwise([start, *edges, end]):
        if holds(interval, begin):
            passed += stop - begin
            if passed >= enough:
                return enough
    return passed
