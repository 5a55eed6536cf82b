"""The governance overview: totals, by stage and status, and what is failing.

Counts only. There is no averaged score: one failed duty is not made good by nine met ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.errors import UnavailableError
from syndic.models import Moment, Noun, to_json
from syndic.ports import Record, Store
from syndic.records import ASIDE, MODELS, list_evidence, list_models
from syndic.registry.approvals.requests import list_requests
from syndic.registry.approvals.waiting import list_waiting_again
from syndic.registry.keys import COUNTING, OVERVIEW
from syndic.registry.models import RequestState
from syndic.registry.versions.narrowing import worst_of
from syndic.registry.versions.stage_listing import follow_stages, version_stages

LIVE: Final = 25  # models up to which counts are taken while the reader waits
HOURLY: Final = 1000  # models up to which they are counted every hour, not every day


class Overview(Noun):
    """Numbers of the whole registry."""

    models: int
    by_cloud: dict[str, int]
    by_status: dict[str, int]
    by_risk: dict[str, int]
    by_stage: dict[str, int]  # versions
    by_presence: dict[str, int]
    evidence_failing: int  # models with at least one failing piece
    evidence_inconclusive: int  # without a failing piece, with an inconclusive one
    evidence_passing: int  # all pieces passing
    evidence_none: int
    pending_approvals: int
    counted_at: Moment


def read_overview(store: Store, *, now: datetime) -> Overview:
    """The counts: taken now while there are few models, else as `keep_overview` kept them; `counted_at` tells when.

    Raises:
        UnavailableError: There are many models and they were not counted yet.
    """
    if len(store.query(MODELS, end=ASIDE, limit=LIVE + 1).records) <= LIVE:
        return governance_overview(store, now=now)
    record = store.get(OVERVIEW)
    if record is None:
        raise UnavailableError("the models were not counted yet: they are counted within the hour, over 1,000 in a day")
    return Overview.model_validate(record.body)


class Counting(Noun):
    """A count of all models that is under way."""

    counted: Overview
    after: str  # the last model that is in it


def keep_overview(
    store: Store, *, now: datetime, daily: bool = False, over: Callable[[], bool] | None = None
) -> Overview | None:
    """Count all models and keep the result, unless it was done lately. Made for schedules.

    `daily` counts whatever there is; otherwise counts of over `HOURLY` models are good for a day, others for an hour.
    None when `over` said before the end that the time is over: the next call goes on.
    """
    begun = store.get(COUNTING)
    record = store.get(OVERVIEW)
    if record is not None and not daily and begun is None:
        kept = Overview.model_validate(record.body)
        if now - kept.counted_at < (timedelta(days=1) if kept.models > HOURLY else timedelta(minutes=55)):
            return kept
    before = None if begun is None else Counting.model_validate(begun.body)
    if before is not None and now - before.counted.counted_at > timedelta(days=1):
        before = None  # what it counted is of the day before yesterday
    reached: list[str] = []
    counted = governance_overview(
        store, now=now, repair=True, after=before.after if before else None, over=over, reached=reached
    )
    if before is not None:
        counted = _together(before.counted, counted)
    if reached:
        store.put(Record(COUNTING, to_json(Counting(counted=counted, after=reached[0]))))
        return None
    store.put(Record(OVERVIEW, to_json(counted)))
    if begun is not None:
        store.delete(COUNTING)
    return counted


def _together(first: Overview, second: Overview) -> Overview:
    """The counts of some models and of others; of the time of the first."""
    total: dict[str, Any] = {"counted_at": first.counted_at}
    for name in set(Overview.model_fields) - {"counted_at"}:
        one, other = getattr(first, name), getattr(second, name)
        total[name] = dict(Counter(one) + Counter(other)) if isinstance(one, dict) else one + other
    return Overview.model_validate(total)


def governance_overview(
    store: Store,
    *,
    now: datetime,
    repair: bool = False,
    after: str | None = None,
    over: Callable[[], bool] | None = None,
    reached: list[str] | None = None,
) -> Overview:
    """Count everything. Reads every model, and up to four times more for each; `repair` mends its listings.

    Models up to `after` are left out. Where `over` says that the time is over, the last model counted is in `reached`.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("cloud", "status", "risk", "stage", "presence")}
    evidence: Counter[str] = Counter()
    models = pending = 0
    for model in list_models(store, after=after):
        models += 1
        if repair:
            follow_stages(store, model.id)
            list_waiting_again(store, model.id, now=now)
        counts["cloud"][model.cloud.value] += 1
        counts["status"][model.compliance_status.value] += 1
        counts["risk"][model.risk.level.value if model.risk else "undecided"] += 1
        counts["presence"][model.presence.value] += 1
        stages = version_stages(store, model.id)
        counts["stage"].update(stage.value for stage in stages.values())
        evidence[worst_of(list(list_evidence(store, model.id)))] += 1
        if stages:  # there is no approval without a version
            pending += sum(request.state is RequestState.PENDING for request in list_requests(store, model.id, now=now))
        if over is not None and reached is not None and over():
            reached.append(model.id)
            break
    return Overview(
        models=models,
        **{f"by_{name}": dict(counter) for name, counter in counts.items()},
        evidence_failing=evidence["failing"],
        evidence_inconclusive=evidence["inconclusive"],
        evidence_passing=evidence["passing"],
        evidence_none=evidence["none"],
        pending_approvals=pending,
        counted_at=now,
    )
