"""Recurring times in a named time zone: whether a moment lies in one, and how much of a wait does."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syndic.alerting.models.routing import TimeInterval, Times
from syndic.errors import InvalidInputError

WEEKDAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS: Final = tuple(name.lower() for name in calendar.month_name)  # the first is empty
DAY: Final = timedelta(days=1)


def holds(interval: TimeInterval, moment: datetime) -> bool:
    """Whether a moment lies in any of the interval's times."""
    return any(_in(times, moment) for times in interval.time_intervals)


def edges_of(interval: TimeInterval, start: datetime, end: datetime) -> list[datetime]:
    """Every moment between two at which the interval may begin or end to hold, in order: midnights, times of day.

    Where the clocks are put back a time of day comes twice, and both are edges.
    """
    found: set[datetime] = set()
    for times in interval.time_intervals:
        zone = ZoneInfo(times.location)
        clocks = {"00:00", *(text for one in times.times for text in (one.start_time, one.end_time) if text != "24:00")}
        day = start.astimezone(zone).date() - DAY
        while day <= end.astimezone(zone).date() + DAY:
            for text in clocks:
                local = datetime.combine(day, time.fromisoformat(text), zone)
                found |= {local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
            day += DAY
        # Where the clocks are changed, times of day are passed over or come again.
        hour = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        while hour < end:
            if hour.astimezone(zone).utcoffset() != (hour - timedelta(hours=1)).astimezone(zone).utcoffset():
                found.add(hour)
            hour += timedelta(hours=1)
    return sorted(found)


def check_interval(interval: TimeInterval, *, where: str) -> None:
    """Raise `InvalidInputError` that names the field when a time zone, a range or a name is none."""
    for number, times in enumerate(interval.time_intervals):
        at = f"{where}.time_intervals[{number}]"
        try:
            ZoneInfo(times.location)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InvalidInputError(f"{times.location!r} is no time zone", where=f"{at}.location") from error
        for one in times.times:
            if one.start_time >= one.end_time:
                said = f"{one.start_time} is not before {one.end_time}; a night is two ranges"
                raise InvalidInputError(said, where=f"{at}.times")
        for name, read in (("weekdays", _weekday), ("months", _month), ("days_of_month", _day), ("years", _number)):
            for text in getattr(times, name):
                first, last = _range(text, read, f"{at}.{name}")
                if first > last and not (name == "days_of_month" and first > 0 > last):
                    raise InvalidInputError(f"the range {text!r} runs backwards", where=f"{at}.{name}")


def _in(times: Times, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(times.location))
    last = calendar.monthrange(local.year, local.month)[1]

    def fits(texts: tuple[str, ...], read: object, value: int) -> bool:
        if not texts:
            return True
        for text in texts:
            first, end = _range(text, read, "")
            if read is _day:  # counted from the end when negative, and cut to the month
                first, end = (max(1, last + 1 + one) if one < 0 else one for one in (first, end))
            if first <= value <= end:
                return True
        return False

    clock = f"{local:%H:%M}"
    return (
        (not times.times or any(one.start_time <= clock < one.end_time for one in times.times))
        and fits(times.weekdays, _weekday, local.isoweekday() % 7)
        and fits(times.days_of_month, _day, local.day)
        and fits(times.months, _month, local.month)
        and fits(times.years, _number, local.year)
    )


def _range(text: str, read: object, where: str) -> tuple[int, int]:
    first, colon, last = text.strip().lower().partition(":")
    found = read(first, where), read(last if colon else first, where)  # type: ignore[operator]
    return int(found[0]), int(found[1])


def _weekday(text: str, where: str) -> int:
    if text not in WEEKDAYS:
        raise InvalidInputError(f"{text!r} is no day of the week", where=where)
    return WEEKDAYS.index(text)


def _month(text: str, where: str) -> int:
    if text and text in MONTHS:
        return MONTHS.index(text)
    number = _number(text, where)
    if not 1 <= number <= 12:
        raise InvalidInputError(f"{text!r} is no month", where=where)
    return number


def _day(text: str, where: str) -> int:
    number = _number(text, where)
    if number == 0 or not -31 <= number <= 31:
        raise InvalidInputError(f"{text!r} is no day of a month: 1 to 31, or -31 to -1 from its end", where=where)
    return number


def _number(text: str, where: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 4:
        raise InvalidInputError(f"{text!r} is no number", where=where)
    return int(text)
