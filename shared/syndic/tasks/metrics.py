"""What Prometheus is told of everything that is governed: a snapshot that schedules keep, so that asking costs nothing.

Names end in their unit; shares are from 0 to 1. Of one model there are as few series as say where to look: its
requirements, how old its checks are, what they say, and the worst measure of each. Columns, groups and versions are in
the API: as labels they would be thousands of series a model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import JsonValue

from syndic.alerting.alerts import list_alerts
from syndic.alerting.models import AlertState
from syndic.assessment import State
from syndic.compliance.evaluation.queries import counts_of
from syndic.errors import UnavailableError
from syndic.exposition import Family, exposition
from syndic.models import Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import Key, Record, Store
from syndic.records import evidence_key, list_models
from syndic.registry.approvals.requests import list_requests
from syndic.registry.models import ApprovalRequest, RequestState

KEPT: Final = Key("overview", "metrics")
GOOD_FOR: Final = timedelta(minutes=10)
HOURLY: Final = timedelta(minutes=55)
LIVE: Final = 25
"""Models up to which the snapshot is taken while the reader waits."""
MOST_MODELS: Final = 1000
"""Models of which there are series each; of more, those that are worst off."""
CHECKS: Final = ("drift", "quality", "bias")
BATCH: Final = 100


def read_metrics(store: Store, *, now: datetime) -> str:
    """The newest snapshot, as text. With few models it is taken now.

    Raises `UnavailableError` while many models were not looked at yet.
    """
    record = store.get(KEPT)
    if record is not None and now - datetime.fromisoformat(str(record.body["at"])) < GOOD_FOR:
        return str(record.body["text"])
    models = _first(list_models(store), LIVE + 1)
    if len(models) <= LIVE:
        return take_metrics(models, store=store, now=now)
    if record is None:
        raise UnavailableError("no snapshot of the metrics was taken yet: the schedule of discovery takes one")
    return str(record.body["text"])


def keep_metrics(store: Store, *, now: datetime) -> None:
    """Take a snapshot and keep it. Made for schedules: one of over `MOST_MODELS` models is good for an hour."""
    record = store.get(KEPT)
    many = record is not None and int(record.body["models"]) > MOST_MODELS
    if record is not None and many and now - datetime.fromisoformat(str(record.body["at"])) < HOURLY:
        return
    models = list(list_models(store))
    text = take_metrics(models, store=store, now=now)
    store.put(Record(KEPT, {"at": now.isoformat(), "models": len(models), "text": text}))


def take_metrics(models: Sequence[RegisteredModel], *, store: Store, now: datetime) -> str:
    """The text that says where all these models stand now."""
    evidence, counts = _evidence_of(models, store), _counts_of(models, store)
    requests = [one for model in models if model.stages for one in list_requests(store, model.id, now=now)]
    families = [
        *_of_registry(models),
        *_of_approvals(requests),
        *_of_requirements(counts),
        _of_alerts(store),
        *_of_models(models, evidence, counts),
    ]
    taken = Family("syndic_snapshot_timestamp_seconds", "When these numbers were taken")
    taken.add(now.timestamp())
    return exposition([*families, taken])


def _of_registry(models: Sequence[RegisteredModel]) -> Iterable[Family]:
    registered = Family("syndic_registrations_total", "Models ever registered, retired ones included", "counter")
    registered.add(len(models))
    yield registered
    found = Family("syndic_models", "Models by compliance status, risk level and cloud")
    kinds = Counter(
        (model.compliance_status.value, model.risk.level.value if model.risk else "undecided", model.cloud.value)
        for model in models
    )
    for (status, risk, cloud), number in sorted(kinds.items()):
        found.add(number, {"status": status, "risk": risk, "cloud": cloud})
    yield found


def _of_approvals(requests: Sequence[ApprovalRequest]) -> Iterable[Family]:
    states = Family("syndic_approval_requests", "Requests for approval by state")
    for state, number in sorted(Counter(one.state.value for one in requests).items()):
        states.add(number, {"state": state})
    took = [
        (max(vote.at for vote in one.votes) - one.requested_at).total_seconds()
        for one in requests
        if one.state is RequestState.APPROVED and one.votes
    ]
    taken = Family("syndic_approval_duration_seconds", "From a request to its last vote, of those approved", "summary")
    taken.add(sum(took), ending="_sum")
    taken.add(len(took), ending="_count")
    return states, taken


def _of_requirements(counts: dict[str, dict[State, int]]) -> Iterable[Family]:
    total: Counter[State] = Counter()
    for states in counts.values():
        total.update(states)
    found = Family("syndic_requirements", "Requirements of all models by state: counts, no score")
    for state in State:
        found.add(total[state], {"state": state.value})
    yield found


def _of_alerts(store: Store) -> Family:
    counted: Counter[tuple[str, str, str]] = Counter()
    for state in (AlertState.OPEN, AlertState.ACKNOWLEDGED):
        token: str | None = None
        while True:
            page = list_alerts(store, state=state, limit=100, token=token)
            counted.update((one.concern.value, one.severity.value, state.value) for one in page.alerts)
            token = page.next_token
            if token is None:
                break
    found = Family("syndic_alerts", "Alerts that are not resolved")
    for (concern, severity, state_word), number in sorted(counted.items()):
        found.add(number, {"concern": concern, "severity": severity, "state": state_word})
    return found


def _of_models(
    models: Sequence[RegisteredModel],
    evidence: dict[tuple[str, str], Evidence],
    counts: dict[str, dict[State, int]],
) -> Iterable[Family]:
    def badness(model: RegisteredModel) -> tuple[int, str]:
        found = [evidence[model.id, check].status for check in CHECKS if (model.id, check) in evidence]
        return -sum(status is EvidenceStatus.FAILING for status in found), model.id

    shown = sorted(models, key=badness)[:MOST_MODELS]
    left = Family("syndic_models_without_series", "Models beyond the limit, of which no series of their own are given")
    left.add(len(models) - len(shown))
    met = Family("syndic_model_requirements_met", "Requirements that are met")
    due = Family("syndic_model_requirements_applicable", "Requirements in force that apply: a count, no score")
    state = Family("syndic_model_check_state", "What the newest check says: 1 of the state it is in")
    at = Family("syndic_model_last_check_timestamp_seconds", "When the newest check was made")
    worst = Family("syndic_model_worst_measure", "drift: largest PSI; bias: smallest ratio; quality: number of issues")
    for model in shown:
        if model.id in counts:
            mine = counts[model.id]
            met.add(mine.get(State.MET, 0), {"model": model.id})
            aside = {State.NOT_APPLICABLE, State.NOT_YET_IN_FORCE}
            due.add(sum(number for one, number in mine.items() if one not in aside), {"model": model.id})
        for check in CHECKS:
            found = evidence.get((model.id, check))
            if found is None:
                continue
            labels = {"model": model.id, "check": check}
            at.add(found.produced_at.timestamp(), labels)
            for word in EvidenceStatus:
                state.add(found.status is word, {**labels, "state": word.value})
            measure = WORST[check](found.facts)
            if measure is not None:
                worst.add(measure, labels)
    return left, met, due, state, at, worst


def _smallest_ratio(facts: Any) -> float | None:
    ratios = [
        group["lowest_ratio"]
        for outcome in (facts.get("outcomes") or {}).values()
        for part in ("attributes", "intersections")
        for group in (outcome.get(part) or {}).values()
        if isinstance(group.get("lowest_ratio"), int | float)
    ]
    return min(ratios, default=None)


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


WORST: Final = {
    "drift": lambda facts: _number(facts.get("largest_psi")),
    "quality": lambda facts: float(len(facts.get("issues") or ())),
    "bias": _smallest_ratio,
}


def _evidence_of(models: Sequence[RegisteredModel], store: Store) -> dict[tuple[str, str], Evidence]:
    wanted = {evidence_key(model.id, f"{check}.run"): (model.id, check) for model in models for check in CHECKS}
    keys, found = list(wanted), dict[tuple[str, str], Evidence]()
    for start in range(0, len(keys), BATCH):
        for key, record in store.get_many(keys[start : start + BATCH]).items():
            found[wanted[key]] = Evidence.model_validate(record.body)
    return found


def _counts_of(models: Sequence[RegisteredModel], store: Store) -> dict[str, dict[State, int]]:
    found = dict[str, dict[State, int]]()
    for start in range(0, len(models), BATCH):
        found |= counts_of(store, [model.id for model in models[start : start + BATCH]])
    return found


def _first(models: Iterable[RegisteredModel], number: int) -> list[RegisteredModel]:
    return [model for model, _ in zip(models, range(number), strict=False)]
