"""The part of a history whose windows are gone: days, and before them months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pydantic import Field

from syndic.checks.history.keys import Level, partition, prefix, standing_key, window_in
from syndic.checks.history.summary import PeriodSummary
from syndic.models import Noun
from syndic.ports import Key, Readable, Record, Store
from syndic.records import get_model, model_key

OLDER: Final = "older."
"""What tokens begin with that go on among summaries."""


class Stood(Noun):
    """How far one stream of results is summed up, and from where on it is shown by summaries."""

    days_through: date | None = Field(default=None, description="hourly windows that begin before it are in days")
    months_through: date | None = Field(default=None, description="what begins before it is in months")
    days_before: date | None = Field(default=None, description="before it days are shown, and no hourly window")
    months_before: date | None = Field(default=None, description="before it months are shown, and no day")


class Standing(Noun):
    """How far the results of a model are summed up, by stream; and what else the daily work has to remember."""

    streams: dict[str, Stood] = Field(default_factory=dict)
    timed_by: int | None = Field(default=None, description="version of the retention policy by which all have a time")
    timing: str | None = Field(default=None, description="where giving them a time goes on: partition and sort key")
    needed_at: datetime | None = Field(default=None, description="when was looked for what must not go")


class OlderPeriods(Noun):
    """Days and months that stand for windows whose reports are gone, oldest first."""

    periods: tuple[PeriodSummary, ...] = ()
    note: str | None = Field(default=None, description="from when on days, and months, are shown in place of windows")

    def of(self, series: str) -> OlderPeriods:
        """The periods that have a series, with that one alone."""
        having = (one for one in self.periods if series in one.series)
        alone = tuple(one.model_copy(update={"series": {series: one.series[series]}}) for one in having)
        return self.model_copy(update={"periods": alone})


def read_standing(store: Readable, model_id: str) -> Standing:
    """How far the results of a model are summed up."""
    record = store.get(standing_key(model_id))
    return Standing() if record is None else Standing.model_validate(record.body)


def model_and_standing(store: Store, model_id: str) -> Mapping[Key, Record]:
    """A model's record and how far its results are summed up, in one read. Raises `NotFoundError` without the model."""
    found = store.get_many([model_key(model_id), standing_key(model_id)])
    get_model(found, model_id)
    return found


@dataclass(frozen=True, slots=True)
class Back:
    """Some of a history: records of windows, newest first, and then what stands for those that are gone."""

    records: tuple[Record, ...]
    older: OlderPeriods
    next_token: str | None


def read_back(
    model_id: str,
    stream: str,
    windows: str,
    *,
    store: Store,
    read: Readable | None = None,
    limit: int,
    token: str | None = None,
    prefix: str = "",
    end: str | None = None,
) -> Back:
    """The newest `limit` items of a history: windows, then days, then months. A page may be short and not the last.

    Args:
        model_id: Whose.
        stream: Name of the results among summaries.
        windows: Partition of the windows' records.
        store: Where they lie.
        read: What `model_and_standing` read a moment ago.
        limit: At most so many windows, or periods.
        token: Goes on after an earlier answer.
        prefix: What the sort keys of the windows' records begin with.
        end: Before which sort key they lie.
    """
    stood = read_standing(store if read is None else read, model_id).streams.get(stream, Stood())
    shown: tuple[Record, ...] = ()
    if token is None or not token.startswith(OLDER):
        page = store.query(windows, prefix=prefix, end=end, descending=True, limit=limit, token=token)
        shown = tuple(record for record in page.records if not stands_aside(record, stood))
        if page.next_token is not None:
            return Back(shown, OlderPeriods(), page.next_token)
        token = None
    older, following = older_periods(model_id, stream, stood, store=store, limit=limit, token=token)
    return Back(shown, older, following)


def stands_aside(record: Record, stood: Stood) -> bool:
    """Whether a day or month is shown in place of the window that a record is about."""
    window = window_in(record.key.sort)
    if window is None:
        return False
    span = (window.end - window.start).days
    limit = stood.days_before if span < 1 else stood.months_before if span <= 7 else None
    return limit is not None and window.start.date() < limit


def older_periods(
    model_id: str, stream: str, stood: Stood, *, store: Store, limit: int, token: str | None = None
) -> tuple[OlderPeriods, str | None]:
    """The newest `limit` periods, oldest first, of which the windows are gone; and the token for older ones."""
    if stood.days_before is None:
        return OlderPeriods(), None
    level, _, inner = (token or OLDER).removeprefix(OLDER).partition(".")
    found: list[PeriodSummary] = []
    following: str | None = None
    for one in (Level.DAY, Level.MONTH):
        if one.value < level or len(found) >= limit:
            continue
        end = stood.days_before if one is Level.DAY else stood.months_before
        if end is None:
            continue
        lead = prefix(stream, one)
        start = f"{lead}{stood.months_before:%Y%m%d}" if one is Level.DAY and stood.months_before else None
        page = store.query(
            partition(model_id), prefix=lead, start=start, end=f"{lead}{end:%Y%m%d}", descending=True,
            limit=limit - len(found), token=inner or None,
        )  # fmt: skip
        inner = ""
        found += [PeriodSummary.model_validate(record.body) for record in page.records]
        if page.next_token is not None:
            following = f"{OLDER}{one.value}.{page.next_token}"
            break
        if one is Level.DAY and len(found) >= limit and stood.months_before is not None:
            following = f"{OLDER}{Level.MONTH.value}."
    return OlderPeriods(periods=tuple(reversed(found)), note=_said(stood)), following


def _said(stood: Stood) -> str:
    said = f"before {stood.days_before} the reports of hourly windows are gone: days are shown in their place"
    return said if stood.months_before is None else f"{said}, and before {stood.months_before} months"
