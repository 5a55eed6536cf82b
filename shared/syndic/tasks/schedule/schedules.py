"""What runs by itself, how often, and when next: the schedules with which the platform was deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from syndic.errors import InvalidInputError
from syndic.models import Moment, Noun

RATE: Final = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
CRON: Final = re.compile(r"cron\((\d{1,2}) (\d{1,2}|\*) \* \* \? \*\)")


class ScheduledRun(Noun):
    """A function that runs by itself."""

    name: str = Field(description="of the function, such as Discovery")
    expression: str = Field(description="as it was deployed, in UTC")
    every: timedelta
    next: Moment = Field(description="when it runs next; of a rate, by when at the latest")
    exact: bool = Field(
        description="whether it runs just then: of a rate only the interval is known, not its beginning"
    )


def list_schedules(schedules: Mapping[str, str], *, now: datetime) -> tuple[ScheduledRun, ...]:
    """The schedules, the soonest first.

    Raises `InvalidInputError` for an expression that is neither a rate nor an hourly or daily cron.
    """
    found = [_read(name, text, now) for name, text in schedules.items()]
    return tuple(sorted(found, key=lambda one: (one.next, one.name)))


def _read(name: str, text: str, now: datetime) -> ScheduledRun:
    if rate := RATE.fullmatch(text):
        every = timedelta(**{f"{rate[2]}s": int(rate[1])})
        return ScheduledRun(name=name, expression=text, every=every, next=now + every, exact=False)
    if cron := CRON.fullmatch(text):
        hourly = cron[2] == "*"
        every = timedelta(hours=1) if hourly else timedelta(days=1)
        at = now.replace(minute=int(cron[1]), second=0, microsecond=0)
        at = at if hourly else at.replace(hour=int(cron[2]))
        at = at if at > now else at + every
        return ScheduledRun(name=name, expression=text, every=every, next=at, exact=True)
    raise InvalidInputError(f"{text!r} is neither a rate nor an hourly or daily cron", where=f"schedules.{name}")
