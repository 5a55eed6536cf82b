"""What of the evidence on record may be used: there, in date, conclusive, of this version, by limits that limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.assessment import EvidenceRef
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.definitions.remedies import missing
from syndic.compliance.models import Need, Requirement, Scope
from syndic.compliance.rules.found import is_finding
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
    references: dict[tuple[str, str, str, timedelta | None], EvidenceRef] = field(default_factory=dict)
    """Those made so far: many requirements rest on the same evidence."""

    def find(self, kind: str, scope: Scope | None = None) -> Evidence | None:
        """The evidence of a kind: the model's own, else the organisation's. A scope looks in one place only."""
        if scope == "organisation":
            return self.organisation.get(kind)
        return self.own.get(kind) or (self.organisation.get(kind) if scope is None else None)

    def expression(self, requirement: Requirement, place: str) -> Expression:
        """A compiled condition."""
        return self.compiled.expressions[requirement.id, place]


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
        reference = reference_to(evidence, case, max_age=need.max_age)
        references.append(reference)
        problem = (
            _unusable(
                reference, case, inconclusive_counts=need.inconclusive_counts or (assessable and is_finding(evidence))
            )
            or (_of_another_version(evidence, case) if need.of_version else None)
            or (None if need.without_limits else _by_hollow_limits(evidence))
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


def reference_to(evidence: Evidence, case: Case, *, max_age: timedelta | None) -> EvidenceRef:
    """A reference to evidence, with the day on which it runs out here."""
    known = case.references.get(key := (evidence.model_id, evidence.kind, evidence.sha256, max_age))
    if known is not None:
        return known
    ends = [evidence.expires_at, evidence.produced_at + max_age if max_age is not None else None]
    expires_at = min((end for end in ends if end is not None), default=None)
    stale = expires_at is not None and expires_at <= case.now
    case.references[key] = made = EvidenceRef.of(evidence, expires_at=expires_at, stale=stale)
    return made


def _unusable(reference: EvidenceRef, case: Case, *, inconclusive_counts: bool) -> str | None:
    when = day(reference.produced_at)
    if reference.produced_at > case.now + CLOCK_SKEW:
        return f"The newest {reference.kind} is dated {when}, which is in the future; it does not count."
    if reference.stale and reference.expires_at is not None:
        return f"The newest {reference.kind} is from {when} and was good until {day(reference.expires_at)}."
    if reference.status is EvidenceStatus.INCONCLUSIVE and not inconclusive_counts:
        return f"The {reference.kind} of {when} could not tell: {sentence(reference.summary)}"
    return None


def _by_hollow_limits(evidence: Evidence) -> str | None:
    """Why evidence that passes shows nothing: the limits it was judged by are ones that nothing exceeds."""
    hollow = evidence.facts.get("hollow_limits")
    if evidence.status is not EvidenceStatus.PASSING or not isinstance(hollow, list) or not hollow:
        return None
    named = "; ".join(str(one) for one in hollow[:_MOST_NAMED]) + ("; and others" if len(hollow) > _MOST_NAMED else "")
    return f"The {evidence.kind} of {day(evidence.produced_at)} was judged by limits that find nothing: {named}."


def _of_another_version(evidence: Evidence, case: Case) -> str | None:
    """Why evidence is not about the version that is served, or None."""
    when, version, about = day(evidence.produced_at), case.version, evidence.facts.get("model_version")
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


def day(moment: datetime) -> str:
    """A moment as reasons tell it."""
    return moment.date().isoformat()


def sentence(text: str) -> str:
    """A text with an end."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
