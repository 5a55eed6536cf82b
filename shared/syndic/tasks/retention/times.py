"""Gives the results of earlier releases the time when they may go, and all of them another one when the policy changes.

It upgrades as `syndic.tasks.schedule.upgrading` does, some records a day, and remembers with each model how far it
came: results lie in partitions of their models, of which there may be many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from syndic.bias.keys import report_partition
from syndic.changes import Change, commit
from syndic.checks.history.keys import partition, standing_key, window_in
from syndic.checks.history.older import Standing
from syndic.checks.history.retention import GRACE, RetentionPolicy
from syndic.checks.history.summary import PeriodSummary
from syndic.drift.keys import partition as drift_partition
from syndic.errors import StaleWriteError
from syndic.models import to_json
from syndic.ports import ABSENT, Record, Store, Write
from syndic.quality.keys import partition as quality_partition
from syndic.records import iterate
from syndic.tasks.clouds import Clouds

PARTITIONS = (drift_partition, quality_partition, report_partition, partition)
NEAR = timedelta(days=3)
"""A time that is off by less is left as it is: it was counted from when the result was written."""


def give_times(model_id: str, policy: RetentionPolicy, clouds: Clouds, *, over: Callable[[], bool]) -> tuple[int, bool]:
    """Give what has no time, or one of another policy, its time; returns how many, and whether some are left.

    To be called when all that is due is summed up: nothing then goes that is in no day yet.
    """
    record = clouds.store.get(standing_key(model_id))
    standing = Standing() if record is None else Standing.model_validate(record.body)
    if standing.timed_by == policy.version:
        return 0, False
    given = 0
    for one in _after(clouds.store, model_id, standing.timing):
        given += _give(one, policy, clouds)
        if over():
            here = f"{one.key.partition} {one.key.sort}"
            _keep(model_id, standing.model_copy(update={"timing": here}), record, clouds)
            return given, True
    _keep(model_id, standing.model_copy(update={"timing": None, "timed_by": policy.version}), record, clouds)
    return given, False


def _after(store: Store, model_id: str, place: str | None) -> Iterator[Record]:
    begun, _, sort = (place or "").partition(" ")
    partitions = [of(model_id) for of in PARTITIONS]
    for one in partitions[partitions.index(begun) if begun in partitions else 0 :]:
        yield from iterate(store, one, start=sort if one == begun else None)


def _give(record: Record, policy: RetentionPolicy, clouds: Clouds) -> bool:
    wanted = _wanted(record, policy)
    if wanted is None:
        return False
    wanted = max(wanted, clouds.now() + GRACE)
    if record.expires is not None and abs(record.expires - wanted) <= NEAR:
        return False
    try:
        change = Change((Write(replace(record, expires=wanted), record.etag),), clouds.now())
        commit(change, store=clouds.store, audit=clouds.audit)
    except StaleWriteError:  # somebody wrote it meanwhile, and with its time
        return False
    return True


def _wanted(record: Record, policy: RetentionPolicy) -> datetime | None:
    window = window_in(record.key.sort)
    if window is not None:
        return policy.expires(record.key.sort, at=window.end)
    if not record.key.partition.startswith("history.") or "level" not in record.body:
        return None
    summary = PeriodSummary.model_validate(record.body)
    return policy.removed_at(summary.period, summary.period.end)


def _keep(model_id: str, standing: Standing, record: Record | None, clouds: Clouds) -> None:
    write = Write(Record(standing_key(model_id), to_json(standing)), ABSENT if record is None else record.etag)
    commit(Change((write,), clouds.now()), store=clouds.store, audit=clouds.audit)
