"""Evaluating models: read evidence, judge, commit what changed with exactly that to tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from syndic.assessment import ORGANISATION, FrameworkStatus, State
from syndic.changes import Change, commit, finish
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.evaluation.again import NUMBERS_OF, as_kept, can_stand, is_due, said_by_each
from syndic.compliance.evaluation.changed import Changed
from syndic.compliance.evaluation.statuses import Stored
from syndic.compliance.evaluation.statuses import stored as read_stored
from syndic.compliance.keys import counts_key, status_partition
from syndic.compliance.people.remediate import close_remedied
from syndic.compliance.rules.judge import Facts, Subject, evaluate, subject_of
from syndic.models import (
    Evidence,
    EvidenceChanged,
    FindingsChanged,
    Noun,
    Presence,
)
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write
from syndic.records import get_model, list_evidence, list_models, retried

ACTOR: Final = "syndic/compliance"
ATTEMPTS: Final = 5
AT_ONCE: Final = 100  # models that one call evaluates: half a minute of a small function at most
BATCH: Final = 30  # a store writes at most 90 records and 99 places together: up to three for each framework


class EvaluationReport(Noun):
    """What evaluating many models came to."""

    models: int = Field(description="evaluated now")
    statuses: int
    changed: int
    handed_on: int = Field(default=0, description="models that are evaluated next, each by a message of its own")


def evaluate_model(
    model_id: str,
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    now: datetime,
    frameworks: Sequence[Compiled] | None = None,
    organisation: Mapping[str, Evidence] | None = None,
    complete: bool = False,
    numbers_of: timedelta = NUMBERS_OF,
) -> tuple[FrameworkStatus, ...]:
    """Judge a model by every active framework. Nothing is written when nothing that a status says changed.

    `again.is_due` says what that is; what is returned then may name newer numbers than what is kept.
    `numbers_of`: how old the numbers in it may be when nothing else is new.
    `frameworks` and `organisation` may be handed in when many models are evaluated with the same ones. Where frameworks
    are all that are active, because they were not handed in or are `complete`, what a model has of others ends.
    Evidence on the `ORGANISATION` counts for all models, so that id evaluates all of them and returns nothing.
    Raises `NotFoundError` when there is no such model.
    """
    if model_id == ORGANISATION:
        evaluate_all(store=store, audit=audit, bus=bus, now=now)
        return ()
    subject = subject_of(get_model(store, model_id))
    compiled = tuple(active_frameworks(store).values()) if frameworks is None else tuple(frameworks)
    shared = _by_kind(list_evidence(store, ORGANISATION)) if organisation is None else organisation
    results: list[FrameworkStatus] = []
    names = frozenset(item.framework.id for item in compiled) if complete or frameworks is None else None
    for start in range(0, len(compiled), BATCH):
        results += _evaluate(
            subject, compiled[start : start + BATCH], shared, active=names, store=store, audit=audit, bus=bus, now=now,
            numbers_of=numbers_of,
        )  # fmt: skip
    return tuple(results)


def evaluate_all(
    *, store: Store, audit: AuditTrail, bus: EventBus, now: datetime, at_once: int = AT_ONCE
) -> EvaluationReport:
    """Judge every model that is not known to be gone: `at_once` here, the others by messages like those of evidence."""
    ids = [model.id for model in list_models(store) if model.presence is not Presence.GONE]
    later = [EvidenceChanged(model_id=model_id, kinds=()) for model_id in ids[at_once:]]
    if later:
        bus.publish(later)  # first, so that nothing is lost when this run ends early
    compiled = tuple(active_frameworks(store).values())
    organisation = _by_kind(list_evidence(store, ORGANISATION))
    models = ids[:at_once]
    statuses = changed = 0
    for model_id in models:
        found = evaluate_model(
            model_id, store=store, audit=audit, bus=bus, now=now, frameworks=compiled, organisation=organisation,
            complete=True,
        )  # fmt: skip
        statuses += len(found)
        changed += sum(status.evaluated_at == now for status in found)
    return EvaluationReport(models=len(models), statuses=statuses, changed=changed, handed_on=len(later))


def _by_kind(evidence: Iterable[Evidence]) -> dict[str, Evidence]:
    return {item.kind: item for item in evidence}


def _evaluate(
    subject: Subject,
    compiled: Sequence[Compiled],
    organisation: Mapping[str, Evidence],
    *,
    active: frozenset[str] | None,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    now: datetime,
    numbers_of: timedelta,
) -> list[FrameworkStatus]:

    place = counts_key(subject.model_id)
    names = {framework.framework.id for framework in compiled}

    def step() -> list[FrameworkStatus]:
        standing = store.get(place)
        if standing is not None and can_stand(standing, names, active):
            facts = Facts(_by_kind(list_evidence(store, subject.model_id)), organisation)
            judged = (evaluate(framework, subject, facts, now=now) for framework in compiled)
            same = as_kept(standing, judged, now, numbers_of)
            if same is not None:
                finish(place, store=store, audit=audit, bus=bus)
                return same
        stored, counted = _read(store, subject.model_id)
        facts = Facts(_by_kind(list_evidence(store, subject.model_id)), organisation)  # behind what it is compared with
        statuses: list[FrameworkStatus] = []
        changed = Changed()
        for framework in compiled:
            before = stored.get(framework.framework.id)
            status = evaluate(framework, subject, facts, now=now)
            stands = before is not None and not before.ended and before.untold.is_empty
            if before is not None and stands and not is_due(before.status, status, now, numbers_of):
                statuses.append(before.status)
                continue
            statuses.append(status)
            changed.add(status, before, now)
        gone = set() if active is None else {name for name, it in stored.items() if name not in active and not it.ended}
        for name in sorted(gone):
            changed.end(stored[name], now)
        kept = {name: item.status for name, item in stored.items() if name not in gone and not item.ended}
        known = kept | {item.framework_id: item for item in statuses}
        writes = [*changed.writes, *_counted(subject.model_id, known.values(), counted)]
        if not writes:
            finish(place, store=store, audit=audit, bus=bus)
            return statuses
        events = (FindingsChanged(findings=tuple(changed.findings)),) if changed.findings else ()
        change = Change(writes, now, changed.entries, (), events, changed.untold, place)
        commit(change, store=store, audit=audit, bus=bus)
        return statuses

    statuses = retried(step, what=f"the statuses of {subject.model_id}", tries=ATTEMPTS)
    close_remedied(subject.model_id, statuses, store=store, audit=audit, now=now)
    return statuses


def _read(store: Store, model_id: str) -> tuple[dict[str, Stored], Record | None]:
    """The statuses of a model by framework, and the record of their counts."""
    token: str | None = None
    found: dict[str, Record] = {}
    counts = counts_key(model_id).sort
    while True:
        page = store.query(status_partition(model_id), end=f"{counts}!", limit=100, token=token)
        found |= {record.key.sort: record for record in page.records}
        if page.next_token is None:
            counted = found.pop(counts, None)
            return {name: read_stored(record) for name, record in found.items()}, counted
        token = page.next_token


def _counted(model_id: str, statuses: Collection[FrameworkStatus], before: Record | None) -> list[Write]:
    """The counts over all frameworks and what each says, if they changed."""
    counts = {state.value: sum(status.counts[state] for status in statuses) for state in State}
    body = {"counts": counts, "said": said_by_each(statuses)}
    if not statuses or (before is not None and before.body == body):
        return []
    return [Write(Record(counts_key(model_id), body), expect=before.etag if before else ABSENT)]
