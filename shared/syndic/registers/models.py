"""The nouns that every register has: an entry, what may be done with it next, and counts for a screen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

from pydantic import Field

from syndic.models import Moment, Noun
from syndic.registers.clocks import Clock, ClockStanding, ClockState, next_due

MOST_MODELS: Final = 20


class Entry(Noun):
    """What the entries of every register have."""

    id: str
    title: str = Field(min_length=3, max_length=200)
    owner: str = Field(min_length=3, max_length=254, description="the address of whoever answers for it")
    model_ids: tuple[str, ...] = Field(default=(), max_length=MOST_MODELS, description="registered models it is about")
    state: str
    clocks: tuple[Clock, ...] = ()
    review_due: date | None = Field(default=None, description="the day by which a person looks at it again")
    opened_by: str
    opened_at: Moment
    changed_by: str
    changed_at: Moment
    closed_at: Moment | None = None

    @property
    def due(self) -> datetime | None:
        """What is due first: the end of a clock that runs, or of the day of the review. None once it is closed."""
        if self.closed_at is not None:
            return None
        review = None if self.review_due is None else end_of_day(self.review_due)
        return min((one for one in (next_due(self.clocks), review) if one is not None), default=None)


class Step(Noun):
    """Something that may be done with an entry as it stands."""

    name: str = Field(description="as the route or the command has it")
    title: str
    asks: tuple[str, ...] = Field(default=(), description="fields that it needs")
    due: Moment | None = None


class Standing(Noun):
    """Where an entry stands at a time: ready for a screen."""

    due: Moment | None
    worst: ClockState | None = Field(description="the most urgent state of its clocks and its review")
    review: ClockState | None = Field(default=None, description="late after its day, soon in its last days")
    clocks: tuple[ClockStanding, ...] = ()
    next_steps: tuple[Step, ...] = ()


class Counts(Noun):
    """How many entries of a register are in which state, and how urgent the open ones are."""

    by_state: dict[str, int]
    by_urgency: dict[ClockState, int] = Field(description="open entries, each by the most urgent of what it owes")
    whole: bool = Field(default=True, description="false: there are more than were counted")


def end_of_day(day: date) -> datetime:
    """The last second of a day in UTC."""
    return datetime.combine(day, time(23, 59, 59), UTC)
