"""Windows of time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from syndic.models.base import Moment, Noun


class TimeWindow(Noun):
    """A half-open span of time ``[start, end)`` whose rows are judged together."""

    start: Moment
    end: Moment

    @property
    def key(self) -> str:
        """Sortable text, part of every report's id: ``20190401T000000Z-20190501T000000Z``."""
        return f"{self.start:%Y%m%dT%H%M%SZ}-{self.end:%Y%m%dT%H%M%SZ}"

    @property
    def words(self) -> str:
        """For people: ``2019-04-01 to 2019-04-30 (UTC)``, days with their last; hours as ``[start, end)``."""
        if self.start.time() == self.end.time() == time.min:
            last = self.end - timedelta(days=1)
            days = f"{self.start:%Y-%m-%d}" if last == self.start else f"{self.start:%Y-%m-%d} to {last:%Y-%m-%d}"
            return f"{days} (UTC)"
        return f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"


class WindowLength(StrEnum):
    """How long a model's windows are. Windows start at whole hours, days, Mondays or months, UTC."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def around(self, moment: datetime) -> TimeWindow:
        """The window that holds `moment`."""
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
