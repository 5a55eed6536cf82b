"""Evaluating models: read evidence, judge, commit what changed with exactly that to tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from syndic.assessment import ORGANISATION, FrameworkStatus, RequirementState, State
from syndic.canonical import sha256_of
from syndic.changes import Change, Telling, commit, finish
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.evaluation.queries import HistoryEntry
from syndic.compliance.keys import STATUSES, counts_key, history_key, status_partition
from syndic.compliance.people.remediate import close_remedied
from syndic.compliance.rules.judge import Facts, Subject, evaluate, subject_of
from syndic.models import (
    AuditEntry,
    Concern,
    Event,
    Evidence,
    EvidenceChanged,
    Finding,
    FindingsChanged,
    Noun,
    Presence,
    Severity,
    to_json,
)
from syndic.ports import ABSENT, AuditTrail, EventBus, Listing, Record, Store, Write
from syndic.record_versions import Schema, Upgraded, numbered
from syndic.records import get_model, list_evidence, list_models, retried, status_key

ACTOR: Final = "syndic/compliance"
ATTEMPTS: Final = 5
AT_ONCE: Final = 500  # models that one call evaluates, about a minute of a small function
BATCH: Final = 30  # a store writes at most 90 records and 99 places together: up to three for each framework


class EvaluationReport(Noun):
    """What evaluating many models came to."""

    models: int = Field(description="evaluated now")
    statuses: int
    changed: int
    handed_on: int = Field(default=0, description="models that are evaluated next, each by a message of its own")


@dataclass(frozen=True, slots=True)
class _Stored:
    status: FrameworkStatus
    etag: str
    untold: Telling


def _from_version_1(body: dict[str, Any]) -> Upgraded:
    """Before, what had changed and was not told yet lay in the record as its news."""
    status, news = FrameworkStatus.model_validate(body["status"]), body.pop("news", ())
    if not news:
        return Upgraded(body)
    changes = {key: value for piece in news for key, value in piece["changes"].items()}
    findings = tuple(Finding.model_validate(one) for piece in news for one in piece["findings"])
    events: tuple[Event, ...] = (FindingsChanged(findings=findings),) if findings else ()
    return Upgraded(body, Telling(entries=numbered([_entry(status, changes)]), events=events))


SCHEMA: Final = Schema("status", (_from_version_1,))


def evaluate_model(
    model_id: str,
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    now: datetime,
    frameworks: Sequence[Compiled] | None = None,
    organisation: Mapping[str, Evidence] | None = None,
) -> tuple[FrameworkStatus, ...]:
    """Judge a model by every active framework. Nothing is written when no state and no evidence changed.

    `frameworks` and `organisation` may be handed in when many models are evaluated with the same ones.
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
    for start in range(0, len(compiled), BATCH):
        results += _evaluate(
            subject, compiled[start : start + BATCH], shared, store=store, audit=audit, bus=bus, now=now
        )
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
            model_id, store=store, audit=audit, bus=bus, now=now, frameworks=compiled, organisation=organisation
        )
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
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    now: datetime,
) -> list[FrameworkStatus]:

    def step() -> list[FrameworkStatus]:
        stored, counted = _read(store, subject.model_id)
        facts = Facts(_by_kind(list_evidence(store, subject.model_id)), organisation)
        statuses: list[FrameworkStatus] = []
        changed = _Changed()
        for framework in compiled:
            before = stored.get(framework.framework.id)
            status = evaluate(framework, subject, facts, now=now)
            if before is not None and _same(before.status, status) and before.untold.is_empty:
                statuses.append(before.status)
                continue
            statuses.append(status)
            changed.add(status, before, now)
        known = {name: item.status for name, item in stored.items()} | {item.framework_id: item for item in statuses}
        writes = [*changed.writes, *_counted(subject.model_id, known.values(), counted)]
        place = counts_key(subject.model_id)
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


def _read(store: Store, model_id: str) -> tuple[dict[str, _Stored], Record | None]:
    """The statuses of a model by framework, and the record of their counts."""
    token: str | None = None
    found: dict[str, Record] = {}
    counts = counts_key(model_id).sort
    while True:
        page = store.query(status_partition(model_id), end=f"{counts}!", limit=100, token=token)
        found |= {record.key.sort: record for record in page.records}
        if page.next_token is None:
            counted = found.pop(counts, None)
            return {name: _stored(record) for name, record in found.items()}, counted
        token = page.next_token


def _counted(model_id: str, statuses: Collection[FrameworkStatus], before: Record | None) -> list[Write]:
    """The counts over all frameworks, if they changed."""
    counts = {state.value: sum(status.counts[state] for status in statuses) for state in State}
    if not statuses or (before is not None and before.body["counts"] == counts):
        return []
    return [Write(Record(counts_key(model_id), {"counts": counts}), expect=before.etag if before else ABSENT)]


def _stored(record: Record) -> _Stored:
    read = SCHEMA.read(record)
    return _Stored(FrameworkStatus.model_validate(read.body["status"]), record.etag, read.untold)


def read_status(record: Record) -> FrameworkStatus:
    """A stored status as this release has it."""
    return _stored(record).status


def _same(before: FrameworkStatus, after: FrameworkStatus) -> bool:
    return before == after.model_copy(update={"evaluated_at": before.evaluated_at})


def status_record(status: FrameworkStatus) -> Record:
    """A status as it is stored, listed among those of all models."""
    listing = Listing(STATUSES, f"{status.framework_id}.{status.model_id}")
    body = SCHEMA.write({"status": to_json(status)})
    return Record(status_key(status.model_id, status.framework_id), body, listings=(listing,))


class _Changed:
    """What one evaluation changes, and what is to be told of it."""

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.entries: list[AuditEntry] = []
        self.findings: list[Finding] = []
        self.untold = Telling()

    def add(self, status: FrameworkStatus, before: _Stored | None, now: datetime) -> None:
        """Take a status that is not as it was."""
        earlier = {item.requirement_id: item for item in before.status.requirements} if before else {}
        later = {item.requirement_id: item for item in status.requirements}
        changes = {
            name: (earlier[name].state if name in earlier else None, later[name].state if name in later else None)
            for name in sorted(earlier | later)
        }
        changes = {name: pair for name, pair in changes.items() if pair[0] is not pair[1]}
        findings = [finding for item in status.requirements if (finding := _finding(status, item, earlier, now))]
        self.findings += findings
        self.writes.append(Write(status_record(status), expect=before.etag if before else ABSENT))
        if before is not None:
            self.untold = self.untold.joined(before.untold)
        if changes or findings:
            told = {name: [state and state.value for state in pair] for name, pair in changes.items()}
            self.entries.append(_entry(status, told))
        if changes:
            entry = HistoryEntry(
                framework_id=status.framework_id,
                at=now,
                counts=status.counts,
                changes=changes,
                inputs_sha256=status.inputs_sha256,
            )
            self.writes.append(Write(Record(history_key(status.model_id, status.framework_id, now), to_json(entry))))


def _entry(status: FrameworkStatus, changes: Mapping[str, Any]) -> AuditEntry:
    return AuditEntry(
        action="compliance.changed",
        actor=ACTOR,
        subject=f"model/{status.model_id}",
        at=status.evaluated_at,
        details={
            "framework": status.framework_id,
            "framework_version": status.framework_version,
            "inputs_sha256": status.inputs_sha256,
            "counts": dict(status.counts),
            "changes": dict(changes),
        },
    )


def _finding(
    status: FrameworkStatus, item: RequirementState, earlier: Mapping[str, RequirementState], now: datetime
) -> Finding | None:
    """A finding for a blocking requirement that is contradicted, and one of no severity when it no longer is."""
    before = earlier.get(item.requirement_id)
    failed_before = before is not None and before.blocking and before.state is State.NOT_MET
    fails = item.blocking and item.state is State.NOT_MET
    if (not fails and not failed_before) or (fails and item == before):
        return None
    title = f"{status.model_name}: {item.title} ({item.requirement_id}, {status.framework_title}) is "
    return Finding(
        id=sha256_of([status.model_id, status.framework_id, item.requirement_id, status.inputs_sha256, fails])[:24],
        model_id=status.model_id,
        model_name=status.model_name,
        owner=status.owner,
        concern=Concern.COMPLIANCE,
        subject=item.requirement_id,
        severity=Severity.HIGH if fails else Severity.NONE,
        title=title + ("contradicted by the evidence" if fails else f"now {item.state.word}"),
        reason=item.reason,
        remedy=item.remedy,
        measure=status.framework_id,
        report_id=f"{status.framework_id}.{status.model_id}",
        found_at=now,
    )
