"""The daily part of retention, model by model: sum up, give times, keep what is needed, remove what is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from syndic.checks.history.keys import partition, sort_of
from syndic.checks.history.retention import HALF_A_YEAR, RetentionPolicy, read_retention
from syndic.gateway.keys import numbers_partition
from syndic.records import list_models
from syndic.tasks.clouds import Clouds
from syndic.tasks.retention.needed import keep_needed
from syndic.tasks.retention.streams import PLACES
from syndic.tasks.retention.summing_up import sum_up
from syndic.tasks.retention.times import give_times

SHARED = ("deliveries", "chat.presses", "sign_ins")
"""Partitions of no model in which records have a time."""


def keep_or_let_go(
    clouds: Clouds, after: str | None, *, governs: bool, over: Callable[[], bool]
) -> tuple[bool, str | None]:
    """Do the work for the models after one, while there is time; returns whether some are left, after which one.

    Args:
        clouds: Records and the time.
        after: The last model that is done.
        governs: Whether registers and signatures are here: only there results are summed up, and it is known what is
            needed.
        over: Whether the time of this call is over.
    """
    policy = read_retention(clouds.store)
    last = after
    for model in list_models(clouds.store, after=after):
        if _one(model.id, policy, clouds, governs=governs, over=over):
            return True, last
        last = model.id
        if over():
            return True, last
    removed = sum(clouds.store.remove_expired(one, now=clouds.now()) for one in SHARED)
    if removed:
        clouds.count("RecordsExpired", removed)
    return False, None


def _one(model_id: str, policy: RetentionPolicy, clouds: Clouds, *, governs: bool, over: Callable[[], bool]) -> bool:
    """One model; returns whether something is left of it."""
    if governs:
        written, left = sum_up(model_id, policy, clouds, over=over)
        if written:
            clouds.count("PeriodsSummedUp", written)
        if left:
            return True
    given, left = give_times(model_id, policy, clouds, over=over)
    if given:
        clouds.count("RecordsTimed", given)
    if left:
        return True
    if governs:
        needed = keep_needed(model_id, clouds)
        if needed:
            clouds.count("RecordsNeeded", needed)
    _remove(model_id, clouds)
    return False


def _remove(model_id: str, clouds: Clouds) -> None:
    """Remove what is over, where the store does not by itself. Nothing is younger than half a year then."""
    now = clouds.now()
    end = sort_of(now - timedelta(days=HALF_A_YEAR))
    removed = sum(
        clouds.store.remove_expired(of(model_id), now=now, start=lead or None, end=f"{lead}{end}")
        for of, lead in PLACES
    )
    removed += sum(clouds.store.remove_expired(of(model_id), now=now) for of in (partition, numbers_partition))
    if removed:
        clouds.count("RecordsExpired", removed)
