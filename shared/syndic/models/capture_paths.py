"""Where captured traffic lies: one folder per span of time, ``.../yyyy/mm/dd/hh/<file>``, in UTC.

SageMaker writes a folder per hour. Azure's data collector writes one per minute, hour, day, month or year, whichever
its rolling rate says. A file belongs to the hour in which its folder's span begins, so that every record is in exactly
one window: a span that is longer than the window goes wholly to the window in which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from syndic.models import TimeWindow, WindowLength

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_FOLDER = re.compile(r"/(\d{4})(?:/(\d{2})(?:/(\d{2})(?:/(\d{2})(?:/(\d{2}))?)?)?)?/[^/]+$")


_SPANS = ("year", "month", "week", "day", "hour", "minute")  # the longest first
_DEPTHS = ("year", "month", "day", "hour", "minute")


def captured_span(uri: str) -> str | None:
    """How long a span the folder of a capture file stands for: year, month, day, hour or minute; None: no time."""
    found = _FOLDER.search(uri)
    return None if found is None else _DEPTHS[sum(part is not None for part in found.groups()) - 1]


def longest_span(spans: Iterable[str]) -> str | None:
    """The longest of some spans."""
    return min(spans, key=_SPANS.index, default=None)


def outlasts(span: str, window: WindowLength) -> bool:
    """Whether files of a span may hold more than one window: then their folder does not tell whose their rows are."""
    return _SPANS.index(span) < _SPANS.index(window.value)


def hour_path(hour: datetime) -> str:
    """The folder of an hour: ``2019/04/01/00``."""
    return f"{hour.astimezone(UTC):%Y/%m/%d/%H}"


def span_ends(uri: str) -> datetime | None:
    """When the span of a capture file's folder ends, that of a minute with its hour; None when it names no time."""
    hour, span = captured_hour(uri), captured_span(uri)
    if hour is None or span is None:
        return None
    if span == "year":
        return hour.replace(year=hour.year + 1)
    return _next_month(hour) if span == "month" else hour + (_DAY if span == "day" else _HOUR)


def first_folder(hour: datetime, span: str) -> str:
    """The folder in which an hour lies, where folders stand for so long: ``2019/04/01/00``, ``2019/04``."""
    parts = hour_path(hour).split("/")
    return "/".join(parts[: min(4, _DEPTHS.index(span) + 1)])


def folders_since(hour: datetime, span: str, *, now: datetime) -> Iterator[str]:
    """Folders of days (months, years where files lie in such) from that of an hour to that of the time.

    Months of many days are one listing each.
    """
    end = _midnight(now) + _DAY
    if _DEPTHS.index(span) >= _DEPTHS.index("day"):
        yield from covering_prefixes(TimeWindow(start=min(_midnight(hour), _midnight(now)), end=end))
        return
    moment = min(_midnight(hour), _midnight(now)).replace(day=1)
    while moment < end:
        yield f"{moment:%Y}/" if span == "year" else f"{moment:%Y/%m}/"
        moment = moment.replace(year=moment.year + 1, month=1) if span == "year" else _next_month(moment)


def captured_hour(uri: str) -> datetime | None:
    """The hour in which the span of a capture file's folder begins, or None when it names no time.

    The folder of a day, a month or a year begins at its first midnight; that of a minute is in its hour.
    """
    found = _FOLDER.search(uri)
    if found is None:
        return None
    year, month, day, hour, minute = found.groups()
    try:
        moment = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), tzinfo=UTC)
    except ValueError:
        return None
    return moment.replace(minute=0)


def holds(window: TimeWindow, uri: str) -> bool:
    """Whether a capture file's hour begins in the window."""
    hour = captured_hour(uri)
    return hour is not None and window.start <= hour < window.end


def covering_prefixes(window: TimeWindow) -> Iterator[str]:
    """The fewest folder prefixes that together hold every hour of a window: months, days and hours.

    A month is one listing instead of 720.
    """
    hour = _first_hour(window)
    while hour < window.end:
        month_end = _next_month(hour)
        if hour.day == 1 and hour.hour == 0 and month_end <= window.end:
            yield f"{hour:%Y/%m}/"
            hour = month_end
        elif hour.hour == 0 and hour + _DAY <= window.end:
            yield f"{hour:%Y/%m/%d}/"
            hour += _DAY
        else:
            yield f"{hour:%Y/%m/%d/%H}/"
            hour += _HOUR


def beginning_folders(window: TimeWindow) -> Iterator[str]:
    """Folders of a day, month or year that begins in a window, but that `covering_prefixes` does not hold.

    Of these only the files that lie directly in them belong to the window.
    """
    first = _first_hour(window)
    midnight = first if first.hour == 0 else first.replace(hour=0) + _DAY
    day = window.end.replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight <= day < window.end:  # only the last day can begin and not end
        yield f"{day:%Y/%m/%d}/"
    month = day.replace(day=1)
    if midnight <= month < window.end:
        yield f"{month:%Y/%m}/"
    year = midnight if (midnight.month, midnight.day) == (1, 1) else datetime(midnight.year + 1, 1, 1, tzinfo=UTC)
    while year < window.end:
        yield f"{year:%Y}/"
        year = year.replace(year=year.year + 1)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _first_hour(window: TimeWindow) -> datetime:
    hour = window.start.replace(minute=0, second=0, microsecond=0)
    return hour if hour == window.start else hour + _HOUR


def _next_month(moment: datetime) -> datetime:
    return (moment.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0)
