"""Where captured traffic lies: both clouds write one folder per hour, ``.../yyyy/mm/dd/hh/<file>``, in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from syndic.models import TimeWindow

_HOUR = timedelta(hours=1)
_FOLDER = re.compile(r"/(\d{4})/(\d{2})/(\d{2})(?:/(\d{2}))?/[^/]+$")


def hour_path(hour: datetime) -> str:
    """The folder of an hour: ``2019/04/01/00``."""
    return f"{hour.astimezone(UTC):%Y/%m/%d/%H}"


def captured_hour(uri: str) -> datetime | None:
    """The hour that a capture file's folder names (midnight when it names only a day), or None."""
    found = _FOLDER.search(uri)
    if found is None:
        return None
    year, month, day, hour = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, tzinfo=UTC)
    except ValueError:
        return None


def holds(window: TimeWindow, uri: str) -> bool:
    """Whether a capture file's hour begins in the window."""
    hour = captured_hour(uri)
    return hour is not None and window.start <= hour < window.end


def covering_prefixes(window: TimeWindow) -> Iterator[str]:
    """The fewest folder prefixes that together hold every hour of a window: months, days and hours.

    A month is one listing instead of 720.
    """
    hour = window.start.replace(minute=0, second=0, microsecond=0)
    if hour < window.start:
        hour += _HOUR
    while hour < window.end:
        month_end = (hour.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0)
        if hour.day == 1 and hour.hour == 0 and month_end <= window.end:
            yield f"{hour:%Y/%m}/"
            hour = month_end
        elif hour.hour == 0 and hour + timedelta(days=1) <= window.end:
            yield f"{hour:%Y/%m/%d}/"
            hour += timedelta(days=1)
        else:
            yield f"{hour:%Y/%m/%d/%H}/"
            hour += _HOUR
