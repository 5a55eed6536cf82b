"""Legal clocks: from when a period runs, when it ends, and whether what had to be done in it was. Pure.

Every clock runs in UTC; the time zone of whoever looks at it is a matter of display. A day is 24 hours. Regulation
(EEC, Euratom) No 1182/71, Art. 3, lets a period in days end with the last hour of its last day, counts the day of the
event out, and moves an end on a weekend or holiday to the next working day; Syndic takes none of that in anybody's
favour, for an authority may see it otherwise. So a clock never ends later than the law's, with one exception: of an
event in the last hour before midnight, when the clocks go forward within the period, it ends up to an hour later.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field, model_validator

from syndic.errors import ConflictError, InvalidInputError
from syndic.models import Moment, Noun

SOON: Final = 0.25
"""A clock is due soon in the last quarter of its period, ..."""
SOON_LEAST: Final = timedelta(hours=12)
"""... and always in its last twelve hours."""


class ClockState(StrEnum):
    """Where a clock stands, the most urgent first."""

    LATE = "late"
    DUE_SOON = "due_soon"
    RUNNING = "running"
    MET_LATE = "met_late"  # done, after its end
    MET = "met"
    STOPPED = "stopped"  # what it was for is not owed, for the reason on record


OPEN_STATES: Final = frozenset({ClockState.LATE, ClockState.DUE_SOON, ClockState.RUNNING})


class Period(Noun):
    """How long a clock runs: hours, days of 24 hours, calendar months, or their sum."""

    hours: int = Field(default=0, ge=0, le=10_000)
    days: int = Field(default=0, ge=0, le=10_000)
    months: int = Field(default=0, ge=0, le=1_200)

    @model_validator(mode="after")
    def _not_empty(self) -> Period:
        if not (self.hours or self.days or self.months):
            raise ValueError("is longer than nothing")
        return self

    @property
    def words(self) -> str:
        """Such as ``72 hours``, ``15 days``, ``1 month``."""
        parts = [(self.months, "month"), (self.days, "day"), (self.hours, "hour")]
        return ", ".join(f"{count} {word}{'s' if count != 1 else ''}" for count, word in parts if count)


class Clock(Noun):
    """One period that a law gives, as it runs in one entry."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    title: str = Field(min_length=3, max_length=300, description="what has to be done before its end")
    legal_basis: str = Field(min_length=3, max_length=300)
    period: Period
    started_at: Moment
    from_what: str = Field(default="", max_length=300, description="the event from which it runs")
    due: Moment
    extended_because: str = Field(default="", max_length=2000)
    at_once_since: Moment | None = Field(default=None, description="from when on the law wants it done immediately")
    by_law: bool = Field(default=True, description="false: the law names no period; this one is Syndic's measure")
    met_at: Moment | None = None
    stopped_at: Moment | None = None
    stopped_because: str = Field(default="", max_length=2000)


class ClockStanding(Noun):
    """Where one clock of an entry stands at a time, for screens and documents."""

    name: str
    title: str
    state: ClockState
    due: Moment
    seconds_left: int = Field(description="until its end; negative after it; 0 when nothing is owed any more")
    period: str = Field(default="", description="in words; none for what is due on a day")
    at_once: bool = Field(default=False, description="owed immediately, whatever is left of the period")
    by_law: bool = True


def end_of(started_at: datetime, period: Period) -> datetime:
    """When a period ends that runs from a moment.

    A month ends on the same day of the following months, or on their last when they have no such day (31 January and
    one month: 28 February), at the same time of day in UTC.

    Raises `InvalidInputError` for an end after the year 9999.
    """
    started_at = started_at.astimezone(UTC)  # in a zone of its own, adding days would add days of the wall's clock
    try:
        month = started_at.month - 1 + period.months
        year, month = started_at.year + month // 12, month % 12 + 1
        day = min(started_at.day, calendar.monthrange(year, month)[1])
        return started_at.replace(year=year, month=month, day=day) + timedelta(days=period.days, hours=period.hours)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError("the period ends after the year 9999", where="started_at") from error


def start_clock(
    name: str, title: str, period: Period, *, legal_basis: str, started_at: datetime, from_what: str = ""
) -> Clock:
    """A clock that runs from a moment."""
    return Clock(
        name=name, title=title, legal_basis=legal_basis, period=period, started_at=started_at, from_what=from_what,
        due=end_of(started_at, period),
    )  # fmt: skip


def moved(clock: Clock, started_at: datetime) -> Clock:
    """The clock from another beginning, as when it is corrected; an extension falls away."""
    update = {"started_at": started_at, "due": end_of(started_at, clock.period), "extended_because": ""}
    return clock.model_copy(update=update)


def extended(clock: Clock, by: Period, *, because: str, now: datetime) -> Clock:
    """The clock with a later end, as a law lets one take. Raises `ConflictError` for one that has ended."""
    if state_of(clock, now) not in OPEN_STATES - {ClockState.LATE}:
        raise ConflictError(f"{clock.title}: its time is over, so that it cannot be extended")
    if not because.strip():
        raise InvalidInputError("say why the period is extended", where="because")
    return clock.model_copy(update={"due": end_of(clock.due, by), "extended_because": because.strip()})


def met(clock: Clock, at: datetime) -> Clock:
    """The clock with what it asks for done; what was done first stays.

    Raises `InvalidInputError` for a moment before its start.
    """
    if clock.met_at is not None:
        return clock
    if at < clock.started_at:
        raise InvalidInputError(f"is before {clock.started_at:%Y-%m-%d %H:%M} UTC, when the period began", where="at")
    return clock.model_copy(update={"met_at": at, "stopped_at": None, "stopped_because": ""})


def stopped(clock: Clock, *, because: str, at: datetime) -> Clock:
    """The clock for what is not owed. One that was met stays so, one that was stopped as well."""
    if clock.met_at is not None or clock.stopped_at is not None:
        return clock
    if not because.strip():
        raise InvalidInputError("say why nothing is owed", where="because")
    return clock.model_copy(update={"stopped_at": at, "stopped_because": because.strip()})


def state_of(clock: Clock, now: datetime) -> ClockState:
    """Where a clock stands. Its last second is still in time."""
    if clock.met_at is not None:
        return ClockState.MET if clock.met_at <= clock.due else ClockState.MET_LATE
    if clock.stopped_at is not None:
        return ClockState.STOPPED
    if now > clock.due:
        return ClockState.LATE
    return ClockState.DUE_SOON if now >= soon_from(clock) or is_at_once(clock, now) else ClockState.RUNNING


def is_at_once(clock: Clock, now: datetime) -> bool:
    """Whether the law wants it done immediately by now, however much of the period is left."""
    return clock.at_once_since is not None and clock.at_once_since <= now


def soon_from(clock: Clock) -> datetime:
    """From when on a clock is due soon."""
    return clock.due - max((clock.due - clock.started_at) * SOON, SOON_LEAST)


def standing_of(clock: Clock, now: datetime) -> ClockStanding:
    """The clock as it stands."""
    state = state_of(clock, now)
    left = int((clock.due - now).total_seconds()) if state in OPEN_STATES else 0
    return ClockStanding(
        name=clock.name, title=clock.title, state=state, due=clock.due, seconds_left=left, period=clock.period.words,
        at_once=state in OPEN_STATES and is_at_once(clock, now), by_law=clock.by_law,
    )  # fmt: skip


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The first end of a clock that still runs, also of one that is late."""
    return min((one.due for one in clocks if one.met_at is None and one.stopped_at is None), default=None)
