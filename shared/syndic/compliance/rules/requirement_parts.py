"""The three things a requirement can ask for: a check of evidence, a signature, a document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.assessment import EvidenceRef, PartState, State
from syndic.compliance.models import AttestationDecision, AttestationNeed, Check, DocumentNeed, Need, Requirement
from syndic.compliance.rules.found import is_assessed
from syndic.compliance.rules.usable import CLOCK_SKEW, Case, day, reference_to, resolve, sentence
from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import Expression
from syndic.models import Evidence, EvidenceStatus

_DECIDED: Final = {"substantial_modification": "conformity.modification"}
"""What is decided in a register, by the topic of the signature that says so."""


def statement_sha256(statement: str) -> str:
    """Hash by which a signature is tied to the words that were signed."""
    return hashlib.sha256(statement.encode()).hexdigest()


def _carried_by(need: AttestationNeed | DocumentNeed, kept: Evidence, case: Case) -> tuple[EvidenceRef, ...] | None:
    """What lets a recorded thing count for the present version: nothing where it is about that one, else a signature.

    None: it is about another version, and nobody has signed that it still holds.
    """
    if need.scope != "model_version" or kept.facts.get("model_version") == case.version:
        return ()
    topic = need.carries_over_with
    if topic is not None and _decided_against(topic, kept, case) is not None:
        return None
    signed = None if topic is None else case.find(f"attestation.{topic}", "model_version")
    if signed is None or case.version is None or kept.facts.get("model_version") is None:
        return None
    reference = reference_to(signed, case, max_age=None)
    holds = (
        signed.facts.get("decision") == AttestationDecision.AFFIRMED
        and not signed.facts.get("withdrawn")
        and signed.facts.get("model_version") == case.version
        and not reference.stale
        and reference.produced_at <= case.now + CLOCK_SKEW
    )
    return (reference,) if holds else None


def _decided_against(topic: str, item: Evidence, case: Case) -> str | None:
    """Why a signature carries nothing over: the register of what it says holds the contrary.

    Of the present version, or of one between that of the item and the present one. A new assessment makes it no
    other: it is then the new one that declaration and marking are about.
    """
    kind = _DECIDED.get(topic)
    kept = None if kind is None else case.find(kind)
    if kept is None or case.version is None or kept.produced_at > case.now + CLOCK_SKEW:
        return None
    listed = kept.facts.get("decisions")
    every = {str(of): one for of, one in listed.items() if isinstance(one, dict)} if isinstance(listed, dict) else {}
    if kept.facts.get("model_version") in {None, case.version}:
        every.setdefault(case.version, {"decision": kept.facts.get("decision")})
    substantial = {of: _opened(one) for of, one in every.items() if one.get("decision") == "substantial"}
    until, since = _opened(every.get(case.version, {})), _made_at(item)
    between = (
        of for of, opened in sorted(substantial.items())
        if of != item.facts.get("model_version") and opened and until and since < opened <= until
    )  # fmt: skip
    found = case.version if case.version in substantial else next(between, None)
    return f" Nothing is carried over: by {kind}, {found} is a substantial modification." if found is not None else None


def _opened(decision: Mapping[str, Any]) -> datetime | None:
    opened = decision.get("opened_at")
    return datetime.fromisoformat(opened) if isinstance(opened, str) else None


def _carried(need: AttestationNeed | DocumentNeed, kept: Evidence, by: Sequence[EvidenceRef] | None, case: Case) -> str:
    """The sentence on what was carried over or why it was not, or nothing."""
    if by is None:
        topic = need.carries_over_with
        return "" if topic is None else _decided_against(topic, kept, case) or ""
    if not by:
        return ""
    topic = str(need.carries_over_with).replace("_", " ")
    return f" It is for version {kept.facts.get('model_version')}, carried over by the signature on {topic}."


def check_part(requirement: Requirement, index: int, case: Case) -> PartState:
    """A machine check. Missing, stale or inconclusive evidence is insufficient, as is a fact that is not stated."""
    check = requirement.checks[index]
    facts, references, problem = read_for(requirement, index, case)
    if problem is not None:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"Not known: {_lower(check.title)}. {problem}"
        return PartState(part="check", title=check.title, state=state, reason=reason, evidence=references)
    said = " ".join(f"{item.kind} of {day(item.produced_at)}: {sentence(item.summary)}" for item in references)
    try:
        holds = case.expression(requirement, f"checks.{index}").holds(facts)
    except NoAnswerError as error:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"Not known: {_lower(check.title)}, because {error}."
    else:
        if not holds:
            return _contradicted(check, references, said, case)
        state, reason = State.MET, f"{check.title}: supported by {said}"
    return PartState(part="check", title=check.title, state=state, reason=reason, evidence=references)


def read_for(
    requirement: Requirement, index: int, case: Case
) -> tuple[dict[str, Any], tuple[EvidenceRef, ...], str | None]:
    """What a check reads."""
    check = requirement.checks[index]
    condition = case.expression(requirement, f"checks.{index}")
    return read_needed(check.needs, condition, case, assessable=check.assess is not None)


def read_needed(
    needs: Sequence[Need], condition: Expression, case: Case, *, assessable: bool = False
) -> tuple[dict[str, Any], tuple[EvidenceRef, ...], str | None]:
    """What a condition reads. What `may_be_missing`, and is, is no problem where it has an answer without it."""
    found = resolve(needs, case, assessable=assessable)
    if found[2] is None:
        return found
    kept = tuple(
        need for need in needs
        if not (need.may_be_missing and resolve((need,), case, assessable=assessable)[2] is not None)
    )  # fmt: skip
    if kept == tuple(needs):
        return found
    without = resolve(kept, case, assessable=assessable)
    try:
        condition.holds(without[0])
    except NoAnswerError:
        return found
    return without


def _contradicted(check: Check, references: tuple[EvidenceRef, ...], said: str, case: Case) -> PartState:
    """A check that does not hold: refuted, not shown, or a finding that a person has to assess or has assessed."""
    state = State.NOT_MET if check.contradicts else State.INSUFFICIENT_EVIDENCE
    reason = f"{sentence(check.otherwise)} On record: {said}"
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


def attestation_part(need: AttestationNeed, case: Case, *, beside: DocumentNeed | None = None) -> PartState:
    """A signature, valid for these words, this role, this version and not for ever.

    It is no older than what it confirms, nor than the document that the requirement asks for `beside` it.
    """
    if beside is not None and not beside.grows and _is_of_all(need) is _is_of_all(beside):
        need = need.model_copy(update={"confirms": tuple(dict.fromkeys((*need.confirms, f"document.{beside.topic}")))})
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
    max_age = need.good_until(evidence.produced_at) - evidence.produced_at
    reference = reference_to(evidence, case, max_age=max_age)
    by = _carried_by(need, evidence, case)
    state, reason = _signature(need, evidence, reference, case, other_version=by is None)
    reason += _carried(need, evidence, by, case)
    confirmed = (case.find(kind) for kind in need.confirms)
    read = tuple(reference_to(one, case, max_age=None) for one in confirmed if one is not None)
    return PartState(
        part="attestation", title=title, state=state, reason=reason, evidence=(reference, *(by or ()), *read),
        topic=need.topic, role=need.role,
    )  # fmt: skip


def _is_of_all(need: AttestationNeed | DocumentNeed) -> bool:
    return need.scope == "organisation"


def _signature(
    need: AttestationNeed, evidence: Evidence, reference: EvidenceRef, case: Case, *, other_version: bool
) -> tuple[State, str]:
    facts, when = evidence.facts, day(evidence.produced_at)
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
        return State.EXPIRED, f"{signed}; the signature was good until {day(reference.expires_at)}."
    if facts.get("decision") != AttestationDecision.AFFIRMED:
        return State.NOT_MET, f"{signed} and declined: {sentence(str(facts.get('comment') or 'no comment'))}"
    until = f", good until {day(reference.expires_at)}" if reference.expires_at else ""
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
    return _of_other_answers(need, evidence, case)


def _of_other_answers(need: AttestationNeed, evidence: Evidence, case: Case) -> str | None:
    """Why a signature speaks of what is no longer on record: it is older than the answers or the document that are."""
    for kind in need.confirms:
        confirmed = case.find(kind)
        if confirmed is None or evidence.produced_at >= (made := _recorded_at(confirmed)):
            continue
        if kind.startswith("incidents."):
            return f", but an incident came to light after it, on {day(made)}."
        how = "answered" if kind.startswith("classification.") else "recorded"
        return f", but it confirms {kind}, which was {how} anew after it, on {day(made)}."
    return None


def _made_at(evidence: Evidence) -> datetime:
    """When something was made. Evidence of a register may be younger than the entry that it shows (`made_at`)."""
    made = evidence.facts.get("made_at")
    return datetime.fromisoformat(made) if isinstance(made, str) else evidence.produced_at


def _recorded_at(evidence: Evidence) -> datetime:
    """When what is on record got there. A document may bear an earlier day than the signature, which is of another."""
    recorded, made = evidence.facts.get("recorded_at"), _made_at(evidence)
    return max(made, datetime.fromisoformat(recorded)) if isinstance(recorded, str) else made


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
    reference = reference_to(evidence, case, max_age=age)
    version, by = evidence.facts.get("model_version"), _carried_by(need, evidence, case)
    dated = f"{need.title} of {day(evidence.produced_at)}"
    if reference.produced_at > case.now + CLOCK_SKEW:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"{dated} is dated in the future; it does not count."
    elif by is None:
        present = case.version or "unknown"
        state, reason = State.INSUFFICIENT_EVIDENCE, f"{dated} is for version {version}; the present one is {present}."
        reason += _carried(need, evidence, None, case)
    elif reference.stale and reference.expires_at is not None:
        state, reason = State.EXPIRED, f"{dated} was due for review on {day(reference.expires_at)}."
    elif evidence.status is not EvidenceStatus.PASSING:
        state, reason = State.INSUFFICIENT_EVIDENCE, f"{dated} does not count: {sentence(evidence.summary)}"
    elif (newer := _followed(need, evidence, case)) is not None:
        state = State.INSUFFICIENT_EVIDENCE
        reason = f"{dated} is older than {need.follows} of {day(newer.produced_at)}, which it has to be made from."
    else:
        state, reason = (
            State.MET,
            f"{dated} is on record; its content was not judged.{_carried(need, evidence, by, case)}",
        )
    references = (reference, *(by or ()))
    return PartState(
        part="document", title=need.title, state=state, reason=reason, evidence=references, topic=need.topic
    )


def _followed(need: DocumentNeed, evidence: Evidence, case: Case) -> Evidence | None:
    """What a document is made from, where that is of a later day. Documents bear days, not times."""
    source = None if need.follows is None else case.find(need.follows)
    if source is None or evidence.produced_at.date() >= source.produced_at.date():
        return None
    return source


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
