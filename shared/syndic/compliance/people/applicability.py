"""The statement of applicability: each requirement that a standard lets be left out is decided, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field, JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.keys import applicability_key
from syndic.compliance.models import Requirement
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, EvidenceStatus, Moment, Noun, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write
from syndic.records import retried
from syndic.substance import in_a_sentence, says_something

VALID: Final = timedelta(days=365)


class ApplicabilityDecision(Noun):
    """Whether a requirement is taken, and why or why not."""

    taken: bool
    reason: str = Field(min_length=3, max_length=1000)


class ApplicabilityLine(Noun):
    """A requirement in the statement; not decided yet where there is no decision."""

    requirement_id: str
    title: str
    decision: ApplicabilityDecision | None = None


class StatementOfApplicability(Noun):
    """A statement of applicability. What is not decided is taken."""

    framework_id: str
    lines: tuple[ApplicabilityLine, ...]
    complete: bool = Field(description="whether each requirement is decided")
    decided_by: str | None = None
    decided_at: Moment | None = None


def read_statement(store: Store, framework_id: str) -> StatementOfApplicability:
    """The statement as it stands. Raises `NotFoundError` where nothing may be left out."""
    asked = _asked(store, framework_id)
    record = store.get(applicability_key(framework_id))
    if record is None:
        return _statement(framework_id, asked, {})
    kept = StatementOfApplicability.model_validate(record.body)
    decided = {line.requirement_id: line.decision for line in kept.lines if line.decision is not None}
    found = _statement(framework_id, asked, decided)
    return found.model_copy(update={"decided_by": kept.decided_by, "decided_at": kept.decided_at})


def set_statement(
    framework_id: str, decisions: Mapping[str, ApplicabilityDecision], *, store: Store, audit: AuditTrail,
    bus: EventBus, actor: str, now: datetime,
) -> StatementOfApplicability:  # fmt: skip
    """Decide requirements with reasons; the whole statement is replaced. It is good for a year.

    Raises `InvalidInputError` for a requirement that may not be left out, or a reason that says nothing.
    """
    asked = _asked(store, framework_id)
    for name, decision in decisions.items():
        if name not in asked:
            raise InvalidInputError(f"{framework_id} has no {name} that may be left out", where=f"decisions.{name}")
        if not says_something(decision.reason):
            raise InvalidInputError(in_a_sentence("give a reason"), where=f"decisions.{name}.reason")
    statement = _statement(framework_id, asked, decisions).model_copy(update={"decided_by": actor, "decided_at": now})
    excluded: dict[str, JsonValue] = {name: it.reason for name, it in decisions.items() if not it.taken}
    key = applicability_key(framework_id)
    details = {
        "excluded": sorted(excluded),
        "decided": len(decisions),
        "sha256": sha256_of(to_json(statement)["lines"]),
    }
    entry = AuditEntry(
        action="applicability.decided", actor=actor, subject=f"framework/{framework_id}", at=now, details=dict(details)
    )
    left = len(asked) - len(decisions)
    evidence = Evidence(
        kind=f"applicability.{framework_id}",
        model_id=ORGANISATION,
        status=EvidenceStatus.PASSING,
        summary=f"{len(excluded)} of {len(asked)} left out with reasons" + (f", {left} not decided" if left else ""),
        facts={"excluded": excluded, "complete": statement.complete, "decided_by": actor},
        source=f"applicability/{framework_id}",
        sha256=sha256_of(statement),
        produced_at=now,
        expires_at=now + VALID,
    )
    event = EvidenceChanged(model_id=ORGANISATION, kinds=(evidence.kind,))

    def step() -> StatementOfApplicability:
        present = store.get(key)
        if present is not None:
            before = StatementOfApplicability.model_validate(present.body)
            same = (before.lines, before.decided_by) == (statement.lines, actor)
            if same and before.decided_at is not None and now - before.decided_at < VALID / 12:
                finish(key, store=store, audit=audit, bus=bus)
                return before
        writes = (Write(Record(key, to_json(statement)), present.etag if present else ABSENT),)
        commit(Change(writes, now, (entry,), (evidence,), (event,)), store=store, audit=audit, bus=bus)
        return statement

    return retried(step, what=f"the statement of applicability of {framework_id}")


def _asked(store: Store, framework_id: str) -> dict[str, Requirement]:
    compiled = active_frameworks(store).get(framework_id)
    if compiled is None:
        raise NotFoundError(f"there is no framework {framework_id!r} in force")
    found = {it.id: it for it in compiled.framework.requirements if it.excludable}
    if not found:
        raise ConflictError(f"nothing of {framework_id} may be left out: its questions say what applies")
    return found


def _statement(
    framework_id: str, asked: Mapping[str, Requirement], decided: Mapping[str, ApplicabilityDecision]
) -> StatementOfApplicability:
    lines = tuple(
        ApplicabilityLine(requirement_id=name, title=it.title, decision=decided.get(name)) for name, it in asked.items()
    )
    return StatementOfApplicability(framework_id=framework_id, lines=lines, complete=asked.keys() <= decided.keys())
