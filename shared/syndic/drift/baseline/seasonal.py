"""Like with like: a Monday is compared with Mondays, an hour with the same hour. All in UTC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from syndic.drift.baseline.model import Ints
from syndic.drift.policy.model import Season
from syndic.models import TimeWindow
from syndic.windows import Window

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday
_HOURS = {Season.WEEKDAY: 24, Season.HOUR: 1, Season.WEEKDAY_HOUR: 1}


def season_key(window: TimeWindow, season: Season) -> str | None:
    """The part of the season a window lies in; None when it is longer than a part, or there is no season."""
    if season is Season.NONE or (window.end - window.start).total_seconds() > 3600 * _HOURS[season]:
        return None
    return _key(window.start.weekday(), window.start.hour, season)


def by_season(pieces: Iterable[Window], season: Season) -> Iterator[tuple[str, list[Window]]]:
    """The rows of each part of a season, by name. Rows without a time belong to none."""
    found: defaultdict[str, list[Window]] = defaultdict(list)
    for piece in pieces:
        if piece.times is None:
            continue
        hours = piece.times.astype("datetime64[h]")
        known = ~np.isnat(hours)
        number = hours.astype(np.int64)
        part = part_of_hours(number, season)
        for value in np.unique(part[known]).tolist():
            weekday, hour = (value, 0) if season is Season.WEEKDAY else divmod(value, 24)
            found[_key(weekday, hour, season)].append(piece.take((part == value) & known))
    yield from sorted(found.items())


def part_of_hours(hours: Ints, season: Season) -> Ints:
    """The number of the part of a season that each hour since 1970 lies in; 0 without a season."""
    if season is Season.HOUR:
        return hours % 24
    of_week = (hours + 24 * _EPOCH_WEEKDAY) % 168
    if season is Season.WEEKDAY:
        return of_week // 24
    return of_week if season is Season.WEEKDAY_HOUR else np.zeros(len(hours), np.int64)


def _key(weekday: int, hour: int, season: Season) -> str:
    if season is Season.WEEKDAY:
        return _DAYS[weekday]
    return f"h{hour:02d}" if season is Season.HOUR else f"{_DAYS[weekday]}-h{hour:02d}"
