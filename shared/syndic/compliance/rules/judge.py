"""From a framework and evidence to the state of each requirement. Pure: the same inputs give the same states.

A reason never tells an age or a distance from now, only dates, so that a status changes only when a state or its
evidence does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from syndic.assessment import (
    WORST_FIRST,
    EvidenceRef,
    FrameworkStatus,
    PartState,
    RequirementState,
    ScopeState,
    State,
)
from syndic.canonical import sha256_of
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.definitions.remedies import remedy_of
from syndic.compliance.models import Applicability, Check, Need, Requirement
from syndic.compliance.rules.denied import denied_elsewhere
from syndic.compliance.rules.requirement_parts import attestation_part, check_part, document_part, read_for, read_needed
from syndic.compliance.rules.usable import Case, resolve
from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import Expression
from syndic.models import Evidence, RegisteredModel

References = tuple[EvidenceRef, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The model that is judged."""

    model_id: str
    name: str
    owner: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All evidence a judgement may read: the model's own and the organisation's, by kind."""

    own: Mapping[str, Evidence]
    organisation: Mapping[str, Evidence] = field(default_factory=dict)


def subject_of(model: RegisteredModel) -> Subject:
    """The subject of a judgement, with the version that is served now."""
    return Subject(model.id, model.name, model.owner, model.served_version)


def evaluate(compiled: Compiled, subject: Subject, facts: Facts, *, now: datetime) -> FrameworkStatus:
    """Judge every requirement of a framework for one model at one time."""
    framework = compiled.framework
    case = Case(
        compiled=compiled,
        version=subject.version,
        owner=subject.owner,
        own=facts.own,
        organisation=facts.organisation,
        now=now.astimezone(UTC),
    )
    scope = scope_of(case)
    judged = framework.requirements if scope is None or scope.applies else ()
    states = tuple(_judge(requirement, case) for requirement in judged)
    read = [*(scope.evidence if scope else ()), *(item for state in states for item in state.evidence)]
    inputs = {
        "framework": compiled.sha256,
        "version": subject.version,
        "evidence": sorted({(item.model_id, item.kind, item.sha256) for item in read}),
    }
    return FrameworkStatus(
        framework_id=framework.id,
        framework_version=framework.version,
        framework_title=framework.title,
        framework_sha256=compiled.sha256,
        framework_source=framework.source,
        notice=framework.notice,
        model_id=subject.model_id,
        model_name=subject.name,
        model_version=subject.version,
        owner=subject.owner,
        evaluated_at=now,
        inputs_sha256=sha256_of(inputs),
        scope=scope,
        requirements=states,
    )


def scope_of(case: Case) -> ScopeState | None:
    """Whether a framework is about the model at all, by its own questions; None where it is about every model.

    Of a framework that is not about a model nothing else is judged or kept.
    """
    framework = case.compiled.framework
    if framework.scope is None:
        return None
    applies, why, references = _holds(framework.scope, case, case.compiled.expressions["", "scope"])
    if applies is False and (said := _said_against(case)) is not None:
        applies, why, references = None, said[0], (*references, *said[1])
    return ScopeState(
        applies=applies,
        reason="" if applies else why if applies is False else f"It is not known whether this applies: {why}",
        requirements=len(framework.requirements),
        waits_for=_waiting(framework.scope.needs, case) if applies is None else (),
        evidence=references,
    )


def _said_against(case: Case) -> tuple[str, References] | None:
    """What other evidence says against answers that would leave a model out."""
    for index, one in enumerate(case.compiled.framework.contradictions):
        facts, references, problem = resolve(one.needs, case)
        if problem is not None:
            continue
        try:
            holds = case.compiled.expressions["", f"contradictions.{index}"].holds(facts)
        except NoAnswerError:
            continue
        if holds:
            kinds = " and ".join(need.kind for need in one.needs)
            return f"the answers leave the model out, but {kinds} says that {one.says}", references
    return None


def _judge(requirement: Requirement, case: Case) -> RequirementState:
    applies, why, applicability = _applicability(requirement, case)
    parts = () if applies is False else _parts(requirement, case)
    if applies is False:
        ready, reason = State.NOT_APPLICABLE, why
    elif applies is None:
        ready, reason = State.INSUFFICIENT_EVIDENCE, f"It is not known whether this applies: {why}"
    else:
        ready = min((part.state for part in parts), key=WORST_FIRST.index)
        reason = _reason(parts, ready)
    applies_from, dating = _applies_from(requirement, case)
    state = ready
    if ready is not State.NOT_APPLICABLE and applies_from is not None and case.now.date() < applies_from:
        state = State.NOT_YET_IN_FORCE
        reason = f"Applies from {applies_from.isoformat()}. If it applied today: {_lower_first(reason)}"
        earlier = [
            it.applies_from for it in requirement.open_readings if it.applies_from and it.applies_from < applies_from
        ]
        if earlier and min(earlier) <= case.now.date():
            reason = f"Readings differ: by one it applies since {min(earlier).isoformat()}. {reason}"
    references = (*applicability, *dating)
    waits_for = _waits_for(requirement, case) if applies is None else ()
    expiries = [item.expires_at for item in (*references, *(ref for part in parts for ref in part.evidence))]
    changes = [moment for moment in expiries if moment is not None and moment > case.now]
    if state is State.NOT_YET_IN_FORCE and applies_from is not None:
        changes.append(datetime.combine(applies_from, time.min, UTC))
    return RequirementState(
        framework_id=case.compiled.framework.id,
        requirement_id=requirement.id,
        title=requirement.title,
        group=requirement.group,
        state=state,
        if_in_force=ready,
        reason=reason,
        blocking=requirement.blocking,
        legal_basis=requirement.legal_basis,
        source=requirement.source or case.compiled.framework.source,
        verified_on=requirement.verified_on or case.compiled.framework.verified_on,
        applies_from=applies_from,
        open_readings=requirement.open_readings,
        parts=parts,
        applicability=references,
        remedy=remedy_of(requirement, ready, waits_for=waits_for, parts=parts),
        evidence_shows=requirement.evidence_shows,
        waits_for=waits_for,
        deadline=requirement.deadline,
        changes_at=min(changes, default=None),
    )


def _applicability(requirement: Requirement, case: Case) -> tuple[bool | None, str, References]:
    if (left_out := _left_out(requirement, case)) is not None:
        return False, left_out[0], left_out[1]
    if requirement.applies is None:
        return True, "", ()
    return _holds(requirement.applies, case, case.expression(requirement, "applies"))


def _left_out(requirement: Requirement, case: Case) -> tuple[str, References] | None:
    """Why a requirement is left out by the statement of applicability of the organisation, where it may be."""
    if not requirement.excludable:
        return None
    facts, references, problem = resolve((Need(kind=f"applicability.{case.compiled.framework.id}"),), case)
    if problem is not None:
        return None
    excluded = facts["applicability"][case.compiled.framework.id].get("excluded") or {}
    reason = excluded.get(requirement.id) if isinstance(excluded, dict) else None
    return None if reason is None else (f"Left out by the statement of applicability: {reason}", references)


def _holds(asked: Applicability, case: Case, condition: Expression) -> tuple[bool | None, str, References]:
    facts, references, problem = read_needed(asked.needs, condition, case)
    if problem is not None:
        return None, problem, references
    try:
        holds = condition.holds(facts)
    except NoAnswerError as error:
        return None, f"{error}.", references
    if not holds and (said := _contradictory(asked.needs, case)):
        return None, said, references
    # also where it holds: what is denied may be the very answer that opens an exception in place of the duty itself
    if (denied := denied_elsewhere(condition, facts, case, holds=holds)) is not None:
        return None, denied[0], (*references, *(one for one in denied[1] if one not in references))
    return holds, asked.otherwise, references


def _contradictory(needs: tuple[Need, ...], case: Case) -> str | None:
    """Why answers exempt from nothing: they contradict each other, so that which of them is true is not known."""
    for need in needs:
        evidence = case.find(need.kind)
        found = None if evidence is None else evidence.facts.get("contradictions")
        if isinstance(found, list) and found:
            return f"The answers of {need.kind} contradict each other: {found[0]}."
    return None


def _waits_for(requirement: Requirement, case: Case) -> tuple[str, ...]:
    """The kinds of evidence that have to say whether a requirement applies, and do not."""
    return () if requirement.applies is None else _waiting(requirement.applies.needs, case)


def _waiting(needs: tuple[Need, ...], case: Case) -> tuple[str, ...]:
    asked = [need for need in needs if resolve((need,), case)[2] is not None]
    first = [
        need for need in asked if not need.may_be_missing
    ] or asked  # the answers say whether the others are needed
    return tuple(need.kind for need in first or needs)  # all are there: an answer in them is


def _applies_from(requirement: Requirement, case: Case) -> tuple[date | None, References]:
    """The date of application; when a case cannot be decided, the requirement's own (first) date stands."""
    for index, later in enumerate(requirement.dates):
        facts, references, problem = resolve(later.needs, case)
        if problem is not None:
            continue
        puts_off = case.expression(requirement, f"dates.{index}")
        try:
            holds = puts_off.holds(facts) and not _contradictory(later.needs, case)
        except NoAnswerError:
            continue
        if holds and denied_elsewhere(puts_off, facts, case, holds=True) is None:
            return later.applies_from, references
    return requirement.applies_from, ()


def _parts(requirement: Requirement, case: Case) -> tuple[PartState, ...]:
    parts = [_undenied(check_part(requirement, index, case), requirement, index, case)
             for index, check in enumerate(requirement.checks) if _is_asked(check, case)]  # fmt: skip
    if requirement.attestation:
        parts.append(attestation_part(requirement.attestation, case, beside=requirement.document))
    if requirement.document:
        parts.append(document_part(requirement.document, case))
    return tuple(parts)


def _is_asked(check: Check, case: Case) -> bool:
    """Whether a check is asked: one on what need not be kept here, only where all that it reads is on record."""
    return not check.where_recorded or all(case.find(need.kind) is not None for need in check.needs)


def _undenied(part: PartState, requirement: Requirement, index: int, case: Case) -> PartState:
    """A check of answers that holds, unless other evidence denies an answer on which it hangs."""
    if part.state is not State.MET:
        return part
    facts, references, problem = read_for(requirement, index, case)
    if problem is not None:
        return part
    denied = denied_elsewhere(case.expression(requirement, f"checks.{index}"), facts, case, holds=True)
    if denied is None:
        return part
    reason = f"Not known: {_lower_first(part.title)}. {denied[0]}"
    added = (one for one in denied[1] if one not in references)
    evidence = (*part.evidence, *added)
    return part.model_copy(update={"state": State.INSUFFICIENT_EVIDENCE, "reason": reason, "evidence": evidence})


def _reason(parts: tuple[PartState, ...], state: State) -> str:
    if state is State.MET:
        return " ".join(part.reason for part in parts)
    return " ".join(part.reason for part in parts if part.state is not State.MET)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
