"""The nouns that every register has: an entry, what may be done with it next, and counts for a screen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from pydantic import Field

from syndic.models import Day, Moment, Noun
from syndic.registers.clocks import Clock, ClockStanding, ClockState, next_due

MOST_MODELS: Final = 20


class Dated(Noun):
    """Something that is due by the end of a day, in UTC."""

    name: str
    title: str
    day: Day
    soon_days: int = Field(default=14, ge=0, description="so many days before it is due soon")


class Entry(Noun):
    """What the entries of every register have."""

    id: str
    title: str = Field(min_length=3, max_length=200)
    owner: str = Field(min_length=3, max_length=254, description="the address of whoever answers for it")
    model_ids: tuple[str, ...] = Field(default=(), max_length=MOST_MODELS, description="registered models it is about")
    state: str
    clocks: tuple[Clock, ...] = ()
    review_due: Day | None = Field(default=None, description="the day by which a person looks at it again")
    opened_by: str
    opened_at: Moment
    changed_by: str
    changed_at: Moment
    closed_at: Moment | None = None

    @property
    def dated(self) -> tuple[Dated, ...]:
        """What is due on a day and not by a clock. A register adds its own: agreements that end, measures to do."""
        return (Dated(name="review", title="Review it", day=self.review_due),) if self.review_due else ()

    @property
    def due(self) -> datetime | None:
        """What is due first: the end of a clock that runs, or of a day. None once it is closed."""
        if self.closed_at is not None:
            return None
        days = [end_of_day(one.day) for one in self.dated]
        return min((one for one in (next_due(self.clocks), *days) if one is not None), default=None)


class Step(Noun):
    """Something that may be done with an entry as it stands."""

    name: str = Field(description="as the route or the command has it")
    title: str
    asks: tuple[str, ...] = Field(default=(), description="fields that it needs")
    due: Moment | None = None


class Standing(Noun):
    """Where an entry stands at a time: ready for a screen."""

    due: Moment | None
    worst: ClockState | None = Field(description="the most urgent state of what follows")
    clocks: tuple[ClockStanding, ...] = Field(default=(), description="its clocks, then what is due on a day")
    next_steps: tuple[Step, ...] = ()


class Counts(Noun):
    """How many entries of a register are in which state, and how urgent the open ones are."""

    by_state: dict[str, int]
    by_urgency: dict[ClockState, int] = Field(description="open entries, each by the most urgent of what it owes")
    whole: bool = Field(default=True, description="false: there are more than were counted")


def midnight_after(day: date) -> datetime:
    """When a day is over in UTC: until then what holds to the end of the day holds, and from then on no more."""
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


def end_of_day(day: date) -> datetime:
    """The last second of a day in UTC."""
    return datetime.combine(day, time(23, 59, 59), UTC)
