"""The governance overview: totals, by stage and status, and what is failing.

Counts only. There is no averaged score: one failed duty is not made good by nine met ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.errors import StaleWriteError, UnavailableError
from syndic.model_marks import COUNTS
from syndic.models import Moment, Noun, RegisteredModel, to_json
from syndic.ports import ABSENT, Record, Store
from syndic.projections import Projection, keep, values_of
from syndic.records import ASIDE, MODELS, list_evidence, list_models
from syndic.registry.approvals.requests import list_requests
from syndic.registry.approvals.waiting import list_waiting_again
from syndic.registry.keys import OVERVIEW
from syndic.registry.models import RequestState
from syndic.registry.versions.narrowing import worst_of
from syndic.registry.versions.stage_listing import follow_stages, version_stages

LIVE: Final = 25  # models up to which counts are taken while the reader waits
FOR: Final = timedelta(minutes=55)
"""How long counts are good, so that an hourly schedule takes them anew."""


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
        raise UnavailableError("the models were not counted yet: they are counted within the hour")
    return Overview.model_validate(record.body)


def keep_overview(
    store: Store, *, now: datetime, daily: bool = False, over: Callable[[], bool] | None = None
) -> Overview | None:
    """Count all models and keep the result, unless it was done lately. Made for schedules.

    Only models that changed since are read again. `daily` counts whatever there is.
    None when `over` said before the end that the time is over: the next call goes on.
    """
    record = store.get(OVERVIEW)
    if record is not None and not daily:
        kept = Overview.model_validate(record.body)
        if now - kept.counted_at < FOR:
            return kept
    if not keep(COUNTED, store, now=now, over=over):
        return None
    counted = _sum((values_of(COUNTED, store) or {}).values(), now)
    with suppress(StaleWriteError):  # somebody counted at the same time
        store.put(Record(OVERVIEW, to_json(counted)), expect=record.etag if record else ABSENT)
    return counted


def governance_overview(store: Store, *, now: datetime) -> Overview:
    """Count everything. Reads every model, and up to four times more for each."""
    return _sum((_count(store, model, now) for model in list_models(store)), now)


def _count(store: Store, model: RegisteredModel, now: datetime) -> dict[str, Any]:
    """What is counted of one model."""
    stages = version_stages(store, model.id)
    waiting = []
    if stages:  # there is no approval without a version
        requests = list_requests(store, model.id, now=now)
        waiting = sorted(one.expires_at.isoformat() for one in requests if one.state is RequestState.PENDING)
    return {
        "cloud": model.cloud.value,
        "status": model.compliance_status.value,
        "risk": model.risk.level.value if model.risk else "undecided",
        "presence": model.presence.value,
        "stages": dict(Counter(stage.value for stage in stages.values())),
        "checks": worst_of(list(list_evidence(store, model.id))),
        "waiting": waiting,
    }


def _mend_and_count(store: Store, model: RegisteredModel, now: datetime) -> dict[str, Any]:
    """What is counted of a model that changed, after what a crash left behind of the change was put right."""
    follow_stages(store, model.id)
    list_waiting_again(store, model.id, now=now)
    return _count(store, model, now)


COUNTED: Final = Projection(COUNTS, 1, _mend_and_count)


def _sum(counted: Iterable[dict[str, Any]], now: datetime) -> Overview:
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("cloud", "status", "risk", "presence")}
    stages: Counter[str] = Counter()
    evidence: Counter[str] = Counter()
    models = pending = 0
    for one in counted:
        models += 1
        for name, counter in counts.items():
            counter[one[name]] += 1
        stages.update(one["stages"])
        evidence[one["checks"]] += 1
        pending += sum(datetime.fromisoformat(end) > now for end in one["waiting"])
    return Overview(
        models=models,
        **{f"by_{name}": dict(counter) for name, counter in counts.items()},
        by_stage=dict(stages),
        evidence_failing=evidence["failing"],
        evidence_inconclusive=evidence["inconclusive"],
        evidence_passing=evidence["passing"],
        evidence_none=evidence["none"],
        pending_approvals=pending,
        counted_at=now,
    )
