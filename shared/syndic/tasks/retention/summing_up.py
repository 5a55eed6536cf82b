"""Hours become days and days become months, well before what they are made of may go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from syndic.changes import Change, commit
from syndic.checks.history.keys import Level, partition, prefix, standing_key, summary_key, window_in
from syndic.checks.history.older import Standing, Stood
from syndic.checks.history.retention import SUMMED_UP, RetentionPolicy
from syndic.checks.history.summary import PeriodSummary, summed_up
from syndic.models import TimeWindow, WindowLength, to_json
from syndic.ports import ABSENT, Record, Write
from syndic.records import iterate, retried
from syndic.tasks.clouds import Clouds
from syndic.tasks.retention.streams import STREAMS, Stream

CHUNK: Final = timedelta(days=30)
"""Of hourly windows that one commit sums up."""

HOURLY: Final = timedelta(days=1)
LONGEST_SUMMED: Final = timedelta(days=7)


def sum_up(model_id: str, policy: RetentionPolicy, clouds: Clouds, *, over: Callable[[], bool]) -> tuple[int, bool]:
    """Sum up what is due of a model; returns how many periods were written, and whether some are left."""
    written = 0
    for stream in STREAMS:
        step = partial(_step, stream, model_id, policy, clouds)
        while (done := retried(step, what=f"the summaries of {model_id}")) is not None:
            written += done
            if over():
                return written, True
    return written, False


def _step(stream: Stream, model_id: str, policy: RetentionPolicy, clouds: Clouds) -> int | None:
    """Write some periods of a stream and how far it came, in one commit; None when nothing is due."""
    due = _next(stream, model_id, policy, clouds)
    if due is None:
        return None
    summaries, standing, expect = due
    writes = [Write(Record(standing_key(model_id), to_json(standing)), expect)]
    writes += [_write(model_id, stream, one, policy) for one in summaries]
    commit(Change(writes, clouds.now()), store=clouds.store, audit=clouds.audit)
    return len(summaries)


def _write(model_id: str, stream: Stream, one: PeriodSummary, policy: RetentionPolicy) -> Write:
    begin = one.period.start.date()
    expires = policy.removed_at(one.period, one.period.end)
    return Write(Record(summary_key(model_id, stream.name, one.level, begin), to_json(one), expires=expires))


def _next(
    stream: Stream, model_id: str, policy: RetentionPolicy, clouds: Clouds
) -> tuple[list[PeriodSummary], Standing, str] | None:
    """What is to be written next of a stream; None when nothing is due."""
    record = clouds.store.get(standing_key(model_id))
    standing = Standing() if record is None else Standing.model_validate(record.body)
    stood = standing.streams.get(stream.name, Stood())
    summaries: list[PeriodSummary] = []
    now = clouds.now()
    days_due = _midnight(now - timedelta(days=policy.hourly_days) + SUMMED_UP)
    begin = _moment(stood.days_through) or _first(stream, model_id, clouds)
    if begin is not None and begin < days_due:
        end = min(days_due, begin + CHUNK)
        summaries = _days(stream, model_id, begin, end, clouds)
        stood = stood.model_copy(update={"days_through": end.date()})
    else:
        month = _due_month(stream, model_id, stood, policy, clouds)
        if month is not None:
            summaries = _month(stream, model_id, month, clouds)
            stood = stood.model_copy(update={"months_through": month.end.date()})
    stood = _shown(stood, policy, now)
    if stood == standing.streams.get(stream.name, Stood()):
        return None
    changed = standing.model_copy(update={"streams": {**standing.streams, stream.name: stood}})
    return summaries, changed, ABSENT if record is None else record.etag


def _shown(stood: Stood, policy: RetentionPolicy, now: datetime) -> Stood:
    """From where on summaries are shown. It never moves back: what was gone does not come again."""
    days = (now - timedelta(days=policy.hourly_days)).date()
    months = (now - timedelta(days=policy.daily_days)).date().replace(day=1)
    changed = {"days_before": stood.days_before, "months_before": stood.months_before}
    if stood.days_through is not None:
        changed["days_before"] = max(min(stood.days_through, days), stood.days_before or date.min)
    if stood.months_through is not None:
        changed["months_before"] = max(min(stood.months_through, months), stood.months_before or date.min)
    return stood.model_copy(update=changed)


def _first(stream: Stream, model_id: str, clouds: Clouds) -> datetime | None:
    """The day of the oldest window."""
    record = next(stream.between(clouds.store, model_id, None, None), None)
    window = None if record is None else window_in(record.key.sort)
    return None if window is None else _midnight(window.start)


def _days(stream: Stream, model_id: str, begin: datetime, end: datetime, clouds: Clouds) -> list[PeriodSummary]:
    """The days of hourly windows in a span."""
    days: dict[date, list[PeriodSummary]] = {}
    for part in _parts(stream, stream.between(clouds.store, model_id, begin, end), longest=HOURLY):
        days.setdefault(part.period.start.date(), []).append(part)
    return [
        summed_up(parts, Level.DAY, WindowLength.DAY.around(parts[0].period.start)) for _, parts in sorted(days.items())
    ]


def _due_month(
    stream: Stream, model_id: str, stood: Stood, policy: RetentionPolicy, clouds: Clouds
) -> TimeWindow | None:
    """The next month of which days and weeks are about to go, once its hours are in days."""
    due = clouds.now() - timedelta(days=policy.daily_days) + SUMMED_UP
    begin = _moment(stood.months_through) or _oldest(stream, model_id, clouds)
    if begin is None:
        return None
    month = WindowLength.MONTH.around(begin)
    summed = stood.days_through is not None and stood.days_through >= month.end.date()
    return month if summed and month.end <= due else None


def _oldest(stream: Stream, model_id: str, clouds: Clouds) -> datetime | None:
    days = prefix(stream.name, Level.DAY)
    summary = next(iterate(clouds.store, partition(model_id), prefix=days), None)
    begins = [] if summary is None else [PeriodSummary.model_validate(summary.body).period.start]
    return min([*begins, *(one for one in (_first(stream, model_id, clouds),) if one is not None)], default=None)


def _month(stream: Stream, model_id: str, month: TimeWindow, clouds: Clouds) -> list[PeriodSummary]:
    """A month of days, and of the daily and weekly windows that begin in it; none when it had neither."""
    lead = prefix(stream.name, Level.DAY)
    records = iterate(
        clouds.store, partition(model_id), start=f"{lead}{month.start:%Y%m%d}", end=f"{lead}{month.end:%Y%m%d}"
    )
    parts = [PeriodSummary.model_validate(record.body) for record in records]
    longer = _parts(stream, stream.between(clouds.store, model_id, month.start, month.end), longest=LONGEST_SUMMED)
    parts += [part for part in longer if part.period.end - part.period.start >= HOURLY]
    return [summed_up(parts, Level.MONTH, month)] if parts else []


def _parts(stream: Stream, records: Iterable[Record], *, longest: timedelta) -> Iterable[PeriodSummary]:
    for record in records:
        window = window_in(record.key.sort)
        if window is None or window.end - window.start > longest:
            continue
        if longest is HOURLY and window.end - window.start == HOURLY:
            continue  # a day of its own is kept as long as the summary of one
        part = stream.summed(record)
        if part is not None:
            yield part


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _moment(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
