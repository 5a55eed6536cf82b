"""The three things a requirement can ask for: a check of evidence, a signature, a document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.assessment import EvidenceRef, PartState, State
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.definitions.remedies import missing
from syndic.compliance.models import (
    AttestationDecision,
    AttestationNeed,
    Check,
    DocumentNeed,
    Need,
    Requirement,
    Scope,
)
from syndic.compliance.rules.found import is_assessed, is_finding
from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import Expression
from syndic.models import Evidence, EvidenceStatus

CLOCK_SKEW: Final = timedelta(minutes=10)
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Case:
    """What one judgement may look at."""

    compiled: Compiled
    version: str | None
    owner: str | None
    own: Mapping[str, Evidence]
    organisation: Mapping[str, Evidence]
    now: datetime

    def find(self, kind: str, scope: Scope | None = None) -> Evidence | None:
        """The evidence of a kind: the model's own, else the organisation's. A scope looks in one place only."""
        if scope == "organisation":
            return self.organisation.get(kind)
        return self.own.get(kind) or (self.organisation.get(kind) if scope is None else None)

    def expression(self, requirement: Requirement, place: str) -> Expression:
        """A compiled condition."""
        return self.compiled.expressions[requirement.id, place]


def statement_sha256(statement: str) -> str:
    """Hash by which a signature is tied to the words that were signed."""
    return hashlib.sha256(statement.encode()).hexdigest()


def resolve(
    needs: Sequence[Need], case: Case, *, assessable: bool = False
) -> tuple[dict[str, Any], tuple[EvidenceRef, ...], str | None]:
    """The facts of the needed evidence, references to it, and the reason why it is not enough, if it is not.

    Inconclusive evidence is not enough, but for a difference that was proven, where somebody can assess it.
    """
    facts: dict[str, Any] = {"evidence": {}}
    references: list[EvidenceRef] = []
    problems: list[str] = []
    for need in needs:
        evidence = case.find(need.kind)
        if evidence is None:
            problems.append(missing(need.kind))
            continue
        reference = _reference(evidence, case, max_age=need.max_age)
        references.append(reference)
        problem = (
            _unusable(
                reference, case, inconclusive_counts=need.inconclusive_counts or (assessable and is_finding(evidence))
            )
            or (_of_another_version(evidence, case) if need.of_version else None)
            or _by_hollow_limits(evidence)
        )
        if problem is not None:
            problems.append(problem)
        facts["evidence"][need.kind] = {"status": evidence.status.value}
        _place(facts, need.kind.split("."), evidence.facts)
    return facts, tuple(references), " ".join(problems) or None


def _place(facts: dict[str, Any], words: list[str], leaf: Mapping[str, Any]) -> None:
    for word in words[:-1]:
        facts = facts.setdefault(word, {})
    facts[words[-1]] = {**facts.get(words[-1], {}), **leaf}


def _reference(evidence: Evidence, case: Case, *, max_age: timedelta | None) -> EvidenceRef:
    ends = [evidence.expires_at, evidence.produced_at + max_age if max_age is not None else None]
    expires_at = min((end for end in ends if end is not None), default=None)
    return EvidenceRef.of(evidence, expires_at=expires_at, stale=expires_at is not None and expires_at <= case.now)


def _unusable(reference: EvidenceRef, case: Case, *, inconclusive_counts: bool) -> str | None:
    when = _day(reference.produced_at)
    if reference.produced_at > case.now + CLOCK_SKEW:
        return f"The newest {reference.kind} is dated {when}, which is in the future; it does not count."
    if reference.stale and reference.expires_at is not None:
        return f"The newest {reference.kind} is from {when} and was good until {_day(reference.expires_at)}."
    if reference.status is EvidenceStatus.INCONCLUSIVE and not inconclusive_counts:
        return f"The {reference.kind} of {when} could not tell: {_sentence(reference.summary)}"
    return None


def _by_hollow_limits(evidence: Evidence) -> str | None:
    """Why evidence that passes shows nothing: the limits it was judged by are ones that nothing exceeds."""
    hollow = evidence.facts.get("hollow_limits")
    if evidence.status is not EvidenceStatus.PASSING or not isinstance(hollow, list) or not hollow:
        return None
    named = "; ".join(str(one) for one in hollow[:_MOST_NAMED]) + ("; and others" if len(hollow) > _MOST_NAMED else "")
    return f"The {evidence.kind} of {_day(evidence.produced_at)} was judged by limits that find nothing: {named}."


def _of_another_version(evidence: Evidence, case: Case) -> str | None:
    """Why evidence is not about the version that is served, or None."""
    when, version, about = _day(evidence.produced_at), case.version, evidence.facts.get("model_version")
    if version is None:
        return f"It is not known which version is served, so the {evidence.kind} of {when} is about none."
    if about is None:
        return f"The {evidence.kind} of {when} does not say which version it is about; the present one is {version}."
    if about != version:
        return f"The {evidence.kind} of {when} is about version {about}; the present one is {version}."
    seen = case.find("capture.config")
    since = None if seen is None or seen.facts.get("version") != version else seen.facts.get("version_since")
    if evidence.window is not None and isinstance(since, str) and evidence.window.start < datetime.fromisoformat(since):
        began = f"{evidence.window.start:%Y-%m-%d %H:%M}"
        return (
            f"The {evidence.kind} of {when} is about a window from {began} on; version {version} was first seen "
            f"on {datetime.fromisoformat(since):%Y-%m-%d %H:%M}."
        )
    return None


def _carried_by(need: AttestationNeed | DocumentNeed, kept: Evidence, case: Case) -> tuple[EvidenceRef, ...] | None:
    """What lets a recorded thing count for the present version: nothing where it is about that one, else a signature.

    None: it is about another version, and nobody has signed that it still holds.
    """
    if need.scope != "model_version" or kept.facts.get("model_version") == case.version:
        return ()
    topic = need.carries_over_with
    signed = None if topic is None else case.find(f"attestation.{topic}", "model_version")
    if signed is None or case.version is None or kept.facts.get("model_version") is None:
        return None
    reference = _reference(signed, case, max_age=None)
    holds = (
        signed.facts.get("decision") == AttestationDecision.AFFIRMED
        and not signed.facts.get("withdrawn")
        and signed.facts.get("model_version") == case.version
        and not reference.stale
        and reference.produced_at <= case.now + CLOCK_SKEW
    )
    return (reference,) if holds else None


def _carried(need: AttestationNeed | DocumentNeed, kept: Evidence, by: Sequence[EvidenceRef]) -> str:
    """The sentence on what was carried over, or nothing."""
    if not by:
        return ""
    topic = str(need.carries_over_with).replace("_", " ")
    return f" It is for version {kept.facts.get('model_version')}, carried over by the signature on {topic}."


def check_part(requirement: Requirement, index: int, case: Case) -> PartState:
    """A machine check. Missing, stale or inconclusive evidence is insufficient, as is a fact that is not stated."""
    check = requirement.checks[index]
    facts, references, problem = resolve(check.needs, case, assessable=check.assess is not None)
    if problem is not None:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"Not known: {_lower(check.title)}. {problem}"
        return PartState(part="check", title=check.title, state=state, reason=reason, evidence=references)
    said = " ".join(f"{item.kind} of {_day(item.produced_at)}: {_sentence(item.summary)}" for item in references)
    try:
        holds = case.expression(requirement, f"checks.{index}").holds(facts)
    except NoAnswerError as error:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"Not known: {_lower(check.title)}, because {error}."
    else:
        if not holds:
            return _contradicted(check, references, said, case)
        state, reason = State.MET, f"{check.title}: supported by {said}"
    return PartState(part="check", title=check.title, state=state, reason=reason, evidence=references)


def _contradicted(check: Check, references: tuple[EvidenceRef, ...], said: str, case: Case) -> PartState:
    """A check that does not hold: refuted, not shown, or a finding that a person has to assess or has assessed."""
    state = State.NOT_MET if check.contradicts else State.INSUFFICIENT_EVIDENCE
    reason = f"{_sentence(check.otherwise)} On record: {said}"
    if check.assess is not None:
        assessment = document_part(check.assess, case)
        references = (*references, *assessment.evidence)
        state, reason = assessment.state, f"{reason} {assessment.reason}"
        found = [item for need in check.needs if (item := case.find(need.kind)) is not None]
        kept = case.find(f"document.{check.assess.topic}", check.assess.scope)
        if state is State.MET and not (kept and is_assessed(found, kept)):
            state = State.INSUFFICIENT_EVIDENCE
            reason = f"{reason} It is not about what was found now: assess it again and record the assessment."
    topic = None if check.assess is None or state is State.MET else check.assess.topic
    return PartState(part="check", title=check.title, state=state, reason=reason, evidence=references, topic=topic)


def attestation_part(need: AttestationNeed, case: Case) -> PartState:
    """A signature, valid for these words, this role, this version and not for ever."""
    evidence = case.find(f"attestation.{need.topic}", need.scope)
    title = f"Attestation by {need.role}"
    if evidence is None:
        reason = f"Nobody has signed yet; a {need.role} has to."
        return PartState(
            part="attestation",
            title=title,
            state=State.ATTESTATION_DUE,
            reason=reason,
            topic=need.topic,
            role=need.role,
        )
    reference = _reference(evidence, case, max_age=timedelta(days=need.valid_days))
    by = _carried_by(need, evidence, case)
    state, reason = _signature(need, evidence, reference, case, other_version=by is None)
    reason += _carried(need, evidence, by or ())
    return PartState(
        part="attestation", title=title, state=state, reason=reason, evidence=(reference, *(by or ())),
        topic=need.topic, role=need.role,
    )  # fmt: skip


def _signature(
    need: AttestationNeed, evidence: Evidence, reference: EvidenceRef, case: Case, *, other_version: bool
) -> tuple[State, str]:
    facts, when = evidence.facts, _day(evidence.produced_at)
    if facts.get("withdrawn"):
        return (
            State.ATTESTATION_DUE,
            f"The signature was withdrawn on {when}: {facts.get('reason', 'no reason given')}.",
        )
    signed = f"{facts.get('signer', 'Somebody')} signed as {facts.get('role', 'unknown role')} on {when}"
    mismatch = _mismatch(need, evidence, case, other_version=other_version)
    if mismatch is not None:
        return State.ATTESTATION_DUE, signed + mismatch
    if reference.stale and reference.expires_at is not None:
        return State.EXPIRED, f"{signed}; the signature was good until {_day(reference.expires_at)}."
    if facts.get("decision") != AttestationDecision.AFFIRMED:
        return State.NOT_MET, f"{signed} and declined: {_sentence(str(facts.get('comment') or 'no comment'))}"
    until = f", good until {_day(reference.expires_at)}" if reference.expires_at else ""
    return State.MET, f"{signed}{until}."


def _mismatch(need: AttestationNeed, evidence: Evidence, case: Case, *, other_version: bool) -> str | None:
    """Why a signature is not the one that is needed, as the end of a sentence."""
    facts = evidence.facts
    statements = facts.get("statements_sha256")
    if evidence.produced_at > case.now + CLOCK_SKEW:
        return ", which is in the future; it does not count."
    if facts.get("role") != need.role:
        return f", but a {need.role} has to sign."
    if need.independent and (part := _part_in_it(need, str(facts.get("signer")), case)) is not None:
        return f", but is not independent: {part}."
    if other_version:
        return f" for {facts.get('model_version') or 'no version'}; the present version is {case.version or 'unknown'}."
    if not isinstance(statements, list) or statement_sha256(need.statement) not in statements:
        return ", but the statement reads differently now."
    return None


def _part_in_it(need: AttestationNeed, signer: str, case: Case) -> str | None:
    """What else a person has to do with the model, who signs that they have nothing to do with it."""
    if case.owner is not None and signer.casefold() == case.owner.casefold():
        return f"{signer} owns the model"
    for kind, other in sorted({**case.organisation, **case.own}.items()):
        role = other.facts.get("role")
        if kind.startswith("attestation.") and other.facts.get("signer") == signer and role not in {None, need.role}:
            return f"{signer} signed {kind.removeprefix('attestation.')} as {role}"
    return None


def document_part(need: DocumentNeed, case: Case) -> PartState:
    """A document on record. That it exists and is current can be checked; its quality cannot."""
    evidence = case.find(f"document.{need.topic}", need.scope)
    if evidence is None:
        reason = f"No document is on record: {need.title}."
        state = State.INSUFFICIENT_EVIDENCE
        return PartState(part="document", title=need.title, state=state, reason=reason, topic=need.topic)
    age = timedelta(days=need.valid_days) if need.valid_days else None
    reference = _reference(evidence, case, max_age=age)
    version, by = evidence.facts.get("model_version"), _carried_by(need, evidence, case)
    dated = f"{need.title} of {_day(evidence.produced_at)}"
    if reference.produced_at > case.now + CLOCK_SKEW:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"{dated} is dated in the future; it does not count."
    elif by is None:
        present = case.version or "unknown"
        state, reason = State.INSUFFICIENT_EVIDENCE, f"{dated} is for version {version}; the present one is {present}."
    elif reference.stale and reference.expires_at is not None:
        state, reason = State.EXPIRED, f"{dated} was due for review on {_day(reference.expires_at)}."
    elif evidence.status is not EvidenceStatus.PASSING:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"{dated} does not count: {_sentence(evidence.summary)}"
    else:
        state, reason = State.MET, f"{dated} is on record; its content was not judged.{_carried(need, evidence, by)}"
    references = (reference, *(by or ()))
    return PartState(
        part="document", title=need.title, state=state, reason=reason, evidence=references, topic=need.topic
    )


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
