"""What Prometheus is told of everything that is governed: a snapshot that schedules keep, so that asking costs nothing.

Names end in their unit; shares are from 0 to 1. Of one model there are as few series as say where to look: its
requirements, how old its checks are, what they say, and the worst measure of each. Columns, groups and versions are in
the API: as labels they would be thousands of series a model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from pydantic import Field, JsonValue

from syndic.alerting.alerts import unresolved
from syndic.alerting.models import AlertState
from syndic.assessment import State
from syndic.compliance.evaluation.queries import counts_of
from syndic.errors import StaleWriteError, UnavailableError
from syndic.exposition import Family, exposition
from syndic.models import Evidence, EvidenceStatus, Moment, Noun, RegisteredModel, to_json
from syndic.ports import ABSENT, Key, Record, Store
from syndic.records import evidence_key, list_models
from syndic.registry.approvals.requests import list_requests
from syndic.registry.models import RequestState

KEPT: Final = Key("overview", "metrics")
TAKING: Final = Key("overview", "metrics.taking")
STALE: Final = timedelta(days=1)
LIVE: Final = 25
"""Models up to which the snapshot is taken while the reader waits."""
MOST_MODELS: Final = 1000
"""Models of which there are series each; of more, those that are worst off."""
CHECKS: Final = ("drift", "quality", "bias")
BATCH: Final = 100


class Series(Noun):
    """What is told of one model alone."""

    model: str
    failing: int
    met: int | None
    applicable: int | None
    checks: dict[str, tuple[EvidenceStatus, float, float | None]]  # state, time, worst measure


class Taken(Noun):
    """What was seen of some models."""

    at: Moment
    after: str | None = None
    models: int = 0
    kinds: dict[str, int] = Field(default_factory=dict)
    approvals: dict[str, int] = Field(default_factory=dict)
    decided: int = 0
    deciding: float = 0.0
    requirements: dict[str, int] = Field(default_factory=dict)
    series: tuple[Series, ...] = ()

    def plus(self, models: Sequence[RegisteredModel], *, store: Store, now: datetime) -> Taken:
        """With some models more."""
        requests = [one for model in models if model.stages for one in list_requests(store, model.id, now=now)]
        took = [
            (max(vote.at for vote in one.votes) - one.requested_at).total_seconds()
            for one in requests
            if one.state is RequestState.APPROVED and one.votes
        ]
        counts = counts_of(store, [model.id for model in models])
        total = Counter(self.requirements)
        for states in counts.values():
            total.update({state.value: number for state, number in states.items()})
        series = [*self.series, *_series(models, counts, store)]
        return Taken(
            at=self.at,
            after=models[-1].id if models else self.after,
            models=self.models + len(models),
            kinds=dict(Counter(self.kinds) + Counter(map(_kind, models))),
            approvals=dict(Counter(self.approvals) + Counter(one.state.value for one in requests)),
            decided=self.decided + len(took),
            deciding=self.deciding + sum(took),
            requirements=dict(total),
            series=tuple(sorted(series, key=lambda one: (-one.failing, one.model))[:MOST_MODELS]),
        )


def read_metrics(store: Store, *, now: datetime) -> str:
    """The newest snapshot, as text. With few models it is taken now.

    Raises `UnavailableError` while many models were not looked at yet.
    """
    models = [model for model, _ in zip(list_models(store), range(LIVE + 1), strict=False)]
    if len(models) <= LIVE:
        return _text(Taken(at=now).plus(models, store=store, now=now), store)
    record = store.get(KEPT)
    if record is None:
        raise UnavailableError("no snapshot of the metrics was taken yet: the schedule of discovery takes one")
    return str(record.body["text"])


def keep_metrics(store: Store, *, now: datetime, over: Callable[[], bool] | None = None) -> bool:
    """Take a snapshot and keep it. Made for schedules.

    False when `over` said before the end that the time is over: the next call goes on.
    """
    found = {one.key: one for one in store.query(KEPT.partition, prefix=KEPT.sort).records}  # both by one read
    kept, record = found.get(KEPT), found.get(TAKING)
    taken = Taken(at=now) if record is None else Taken.model_validate(record.body)
    if now - taken.at > STALE:
        taken = Taken(at=now)  # what was seen then is of another day
    models = list_models(store, after=taken.after)
    while some := list(islice(models, BATCH)):
        taken = taken.plus(some, store=store, now=now)
        if over is not None and over():
            store.put(Record(TAKING, to_json(taken)))
            return False
    with suppress(StaleWriteError):  # somebody else took one at the same time
        fresh = Record(KEPT, {"at": taken.at.isoformat(), "text": _text(taken, store)})
        store.put(fresh, expect=kept.etag if kept else ABSENT)
    if record is not None:
        store.delete(TAKING)
    return True


def _text(taken: Taken, store: Store) -> str:
    at = Family("syndic_snapshot_timestamp_seconds", "When these numbers were taken")
    at.add(taken.at.timestamp())
    alerts = _of_alerts(store, taken.at)
    return exposition([*_of_registry(taken), *_of_approvals(taken), alerts, *_of_models(taken), at])


def _kind(model: RegisteredModel) -> str:
    risk = model.risk.level.value if model.risk else "undecided"
    return f"{model.compliance_status.value} {risk} {model.cloud.value}"


def _series(
    models: Sequence[RegisteredModel], counts: Mapping[str, Mapping[State, int]], store: Store
) -> Iterator[Series]:
    wanted = {evidence_key(model.id, f"{check}.run"): (model.id, check) for model in models for check in CHECKS}
    found: dict[str, dict[str, tuple[EvidenceStatus, float, float | None]]] = {}
    for key, record in store.get_many(list(wanted)).items():
        evidence, (model_id, check) = Evidence.model_validate(record.body), wanted[key]
        told = (evidence.status, evidence.produced_at.timestamp(), WORST[check](evidence.facts))
        found.setdefault(model_id, {})[check] = told
    aside = {State.NOT_APPLICABLE, State.NOT_YET_IN_FORCE}
    for model in models:
        checks, states = found.get(model.id, {}), counts.get(model.id)
        yield Series(
            model=model.id,
            failing=sum(state is EvidenceStatus.FAILING for state, _, _ in checks.values()),
            met=None if states is None else states.get(State.MET, 0),
            applicable=None if states is None else sum(n for one, n in states.items() if one not in aside),
            checks={check: checks[check] for check in CHECKS if check in checks},
        )


def _of_registry(taken: Taken) -> Iterator[Family]:
    registered = Family("syndic_registrations_total", "Models ever registered, retired ones included", "counter")
    registered.add(taken.models)
    yield registered
    found = Family("syndic_models", "Models by compliance status, risk level and cloud")
    for kind, number in sorted(taken.kinds.items()):
        found.add(number, dict(zip(("status", "risk", "cloud"), kind.split(), strict=True)))
    yield found
    requirements = Family("syndic_requirements", "Requirements of all models by state: counts, no score")
    for state in State:
        requirements.add(taken.requirements.get(state.value, 0), {"state": state.value})
    yield requirements


def _of_approvals(taken: Taken) -> Iterator[Family]:
    states = Family("syndic_approval_requests", "Requests for approval by state")
    for state, number in sorted(taken.approvals.items()):
        states.add(number, {"state": state})
    yield states
    found = Family("syndic_approval_duration_seconds", "From a request to its last vote, of those approved", "summary")
    found.add(taken.deciding, ending="_sum")
    found.add(taken.decided, ending="_count")
    yield found


def _of_alerts(store: Store, now: datetime) -> Family:
    counted: Counter[tuple[str, str, str]] = Counter()
    counted.update(
        (one.concern.value, one.severity.value, one.state.value)
        for one in unresolved(store, now)
        if one.state is not AlertState.RESOLVED
    )
    found = Family("syndic_alerts", "Alerts that are not resolved")
    for (concern, severity, state_word), number in sorted(counted.items()):
        found.add(number, {"concern": concern, "severity": severity, "state": state_word})
    return found


def _of_models(taken: Taken) -> Iterator[Family]:
    left = Family("syndic_models_without_series", "Models beyond the limit, of which no series of their own are given")
    left.add(taken.models - len(taken.series))
    met = Family("syndic_model_requirements_met", "Requirements that are met")
    due = Family("syndic_model_requirements_applicable", "Requirements in force that apply: a count, no score")
    state = Family("syndic_model_check_state", "What the newest check says: 1 of the state it is in")
    at = Family("syndic_model_last_check_timestamp_seconds", "When the newest check was made")
    worst = Family("syndic_model_worst_measure", "drift: largest PSI; bias: smallest ratio; quality: number of issues")
    for one in taken.series:
        if one.met is not None and one.applicable is not None:
            met.add(one.met, {"model": one.model})
            due.add(one.applicable, {"model": one.model})
        for check, (found, moment, measure) in one.checks.items():
            labels = {"model": one.model, "check": check}
            at.add(moment, labels)
            for word in EvidenceStatus:
                state.add(found is word, {**labels, "state": word.value})
            if measure is not None:
                worst.add(measure, labels)
    yield from (left, met, due, state, at, worst)


def _smallest_ratio(facts: Any) -> float | None:
    """Of single attributes: of intersections the facts hold a verdict alone."""
    ratios = [
        attribute["lowest_ratio"]
        for outcome in (facts.get("outcomes") or {}).values()
        for attribute in (outcome.get("attributes") or {}).values()
        if isinstance(attribute.get("lowest_ratio"), int | float)
    ]
    return min(ratios, default=None)


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


WORST: Final = {
    "drift": lambda facts: _number(facts.get("largest_psi")),
    "quality": lambda facts: float(len(facts.get("issues") or ())),
    "bias": _smallest_ratio,
}
