"""Timer schedules: the six-field NCRONTAB expressions of Azure Functions, read, checked and reckoned in UTC.

``{second} {minute} {hour} {day} {month} {day of week}``. A field is ``*``, a value, a range ``a-b``, a step ``*/n``,
``a-b/n`` or ``a/n`` (from a to the field's end), or a list of these. Months and days of the week may be named by their
first three letters. A moment matches when all six fields do: unlike cron's, a given day of the month and a given day
of the week must both hold. This is what the host's own reader means by them; forms that it takes in silence and that
nobody means (a range backwards, a step of zero, five fields) are refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from syndic.errors import InvalidInputError

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
WEEKDAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# A 29 February on a given day of the week may be 40 years away: a century's end can leave a leap year out.
LONGEST_WAIT = timedelta(days=366 * 41)
SETTING = re.compile(r"%([^%\s]+)%")
ITEM = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)


@dataclass(frozen=True)
class Field:
    """One field of an expression: its name, the values it may have and their names."""

    name: str
    lowest: int
    highest: int
    names: Mapping[str, int]

    def read(self, text: str, where: str) -> frozenset[int]:
        """The values that a field's text allows. Raises `InvalidInputError`."""
        return frozenset(value for item in text.split(",") for value in self._item(item, where))

    def _item(self, text: str, where: str) -> range:
        match = ITEM.fullmatch(text)
        if match is None:
            raise self._refusal(f"{text!r} is no value, range, step or *", where)
        step = int(match["step"] or 1)
        if step == 0:
            raise self._refusal(f"the step of {text!r} is 0", where)
        if match["all"]:
            return range(self.lowest, self.highest + 1, step)
        first = self._value(match["first"], where)
        if match["last"] is None:
            return range(first, (self.highest if match["step"] else first) + 1, step)
        last = self._value(match["last"], where)
        if last < first:
            raise self._refusal(f"the range {text!r} runs backwards", where)
        return range(first, last + 1, step)

    def _value(self, text: str, where: str) -> int:
        value = self.names.get(text.lower()) if not text.isdigit() else int(text)
        if value is None:
            raise self._refusal(f"{text!r} is no number{' and no name' if self.names else ''}", where)
        if not self.lowest <= value <= self.highest:
            raise self._refusal(f"{text} is not in {self.lowest}-{self.highest}", where)
        return value

    def _refusal(self, message: str, where: str) -> InvalidInputError:
        return InvalidInputError(f"{self.name}: {message}", where=where)


FIELDS = (
    Field("second", 0, 59, {}),
    Field("minute", 0, 59, {}),
    Field("hour", 0, 23, {}),
    Field("day", 1, 31, {}),
    Field("month", 1, 12, MONTHS),
    Field("day of week", 0, 6, WEEKDAYS),
)


@dataclass(frozen=True)
class Schedule:
    """The moments at which a timer fires, in UTC."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def next_after(self, moment: datetime) -> datetime:
        """The first firing strictly after a moment (aware, of any zone)."""
        after = moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        today = after.date()
        clock = self._clock_from(after.time()) if self._on(today) else None
        if clock is not None:
            return datetime.combine(today, clock, UTC)
        return datetime.combine(self._day_after(today), self._clock_from(time.min) or time.min, UTC)

    def _on(self, day: date) -> bool:
        return day.day in self.days and day.month in self.months and day.isoweekday() % 7 in self.weekdays

    def _day_after(self, day: date) -> date:
        last = day + LONGEST_WAIT
        while day < last:
            day += timedelta(days=1)
            if self._on(day):
                return day
        raise AssertionError("parse_schedule refuses dates that no calendar has")

    def _clock_from(self, start: time) -> time | None:
        """The first time of day at or after `start`, or None when the day has no more."""
        for hour in sorted(value for value in self.hours if value >= start.hour):
            for minute in sorted(self.minutes):
                if (hour, minute) < (start.hour, start.minute):
                    continue
                least = start.second if (hour, minute) == (start.hour, start.minute) else 0
                second = min((value for value in self.seconds if value >= least), default=None)
                if second is not None:
                    return time(hour, minute, second)
        return None


def parse_schedule(text: str, *, where: str = "schedule") -> Schedule:
    """Read an expression.

    Args:
        text: Six fields between spaces.
        where: What the expression belongs to, for the error: a setting, a timer.

    Raises:
        InvalidInputError: The expression is none, or never fires. The message names the field.
    """
    parts = text.split()
    if len(parts) != len(FIELDS):
        names = ", ".join(field.name for field in FIELDS)
        raise InvalidInputError(f"{text!r} has {len(parts)} fields; six are needed: {names}", where=where)
    schedule = Schedule(*(field.read(part, where) for field, part in zip(FIELDS, parts, strict=True)))
    if min(schedule.days) > max(LONGEST_MONTH[month - 1] for month in schedule.months):
        raise InvalidInputError(f"day: no month of {parts[4]!r} has a day {min(schedule.days)}", where=where)
    return schedule


def resolve(text: str, settings: Mapping[str, str]) -> str:
    """Replace each ``%NAME%`` by the app setting of that name, as the host does in bindings.

    Raises:
        InvalidInputError: A setting is missing or empty; the message names it.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if not settings.get(name):
            raise InvalidInputError("the app setting is missing", where=f"app setting {name}")
        return settings[name]

    return SETTING.sub(value, text)


def timer_schedule(text: str, settings: Mapping[str, str]) -> Schedule:
    """The schedule of a timer binding, in which an app setting may stand for the expression."""
    match = SETTING.fullmatch(text)
    return parse_schedule(resolve(text, settings), where=f"app setting {match[1]}" if match else "schedule")
