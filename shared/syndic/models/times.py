"""Windows of time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from syndic.errors import InvalidInputError
from syndic.models.base import Moment, Noun


class TimeWindow(Noun):
    """A half-open span of time ``[start, end)`` whose rows are judged together."""

    start: Moment
    end: Moment
    job: str | None = Field(
        default=None,
        max_length=63,
        exclude_if=lambda job: job is None,
        description="the batch job whose rows it holds, from its creation to its end; left out of hours, days, ...",
    )

    @property
    def key(self) -> str:
        """Sortable text, part of every report's id: ``20190401T000000Z-20190501T000000Z``."""
        return f"{self.start:%Y%m%dT%H%M%SZ}-{self.end:%Y%m%dT%H%M%SZ}"

    @property
    def words(self) -> str:
        """For people: ``2019-04-01 to 2019-04-30 (UTC)``, days with their last; hours as ``[start, end)``; or a job."""
        if self.job is not None:
            return f"batch job {self.job} of {self.start:%Y-%m-%d %H:%M} UTC"
        if self.start.time() == self.end.time() == time.min:
            last = self.end - timedelta(days=1)
            days = f"{self.start:%Y-%m-%d}" if last == self.start else f"{self.start:%Y-%m-%d} to {last:%Y-%m-%d}"
            return f"{days} (UTC)"
        return f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"


class WindowLength(StrEnum):
    """How long a model's windows are. They start at whole hours, days, Mondays or months, UTC; or each is a job's."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    JOB = "job"  # of models that answer in batch jobs, and of no other

    def around(self, moment: datetime) -> TimeWindow:
        """The window that holds `moment`. Raises `InvalidInputError` where windows are jobs: a time names none."""
        if self is WindowLength.JOB:
            raise InvalidInputError("this model's windows are its batch jobs: name one", where="window")
        moment = moment.astimezone(UTC)
        hour = moment.replace(minute=0, second=0, microsecond=0)
        day = hour.replace(hour=0)
        if self is WindowLength.HOUR:
            return TimeWindow(start=hour, end=hour + timedelta(hours=1))
        if self is WindowLength.DAY:
            return TimeWindow(start=day, end=day + timedelta(days=1))
        if self is WindowLength.WEEK:
            monday = day - timedelta(days=day.weekday())
            return TimeWindow(start=monday, end=monday + timedelta(days=7))
        first = day.replace(day=1)
        return TimeWindow(start=first, end=(first + timedelta(days=32)).replace(day=1))


CALENDAR: Final = (WindowLength.HOUR, WindowLength.DAY, WindowLength.WEEK, WindowLength.MONTH)
"""The lengths that a calendar has: any moment is in one such window."""
