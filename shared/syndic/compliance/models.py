"""Nouns of compliance: a framework as data, its versions, the questionnaire. Results are in `syndic.assessment`."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, StringConstraints, model_validator

from syndic.assessment import (
    ORGANISATION,
    Attestation,
    AttestationDecision,
    Deadline,
    DocumentRecord,
    EvidenceRef,
    FrameworkStatus,
    PartState,
    Reading,
    Remediation,
    RemediationStatus,
    RequirementState,
    State,
)
from syndic.models import Moment, Noun

__all__ = [
    "ORGANISATION",
    "Applicability",
    "Attestation",
    "AttestationDecision",
    "AttestationNeed",
    "Check",
    "Deadline",
    "DocumentNeed",
    "DocumentRecord",
    "EvidenceRef",
    "Framework",
    "FrameworkKind",
    "FrameworkStatus",
    "FrameworkVersion",
    "LaterDate",
    "Need",
    "PartState",
    "Reading",
    "Remediation",
    "RemediationStatus",
    "Requirement",
    "RequirementState",
    "State",
    "VersionState",
]

FrameworkId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._()-]{0,39}$")]
EvidenceKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=100)]
Topic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
Expression = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Scope = Literal["model_version", "model", "organisation"]


class Need(Noun):
    """Evidence a check reads."""

    kind: EvidenceKind
    max_age_days: int | None = Field(default=None, ge=1, le=3660, description="older is stale, whatever it says itself")
    inconclusive_counts: bool = Field(
        default=False, description="true only where it matters that something ran, not what it found"
    )
    of_version: bool = Field(
        default=False, description="true where the law speaks of a version: evidence about another one does not count"
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"kind": value} if isinstance(value, str) else value

    @property
    def max_age(self) -> timedelta | None:
        """The allowed age."""
        return None if self.max_age_days is None else timedelta(days=self.max_age_days)


class _OfVersion(Noun):
    """What may be bound to a version."""

    scope: Scope = "model"
    carries_over_with: Topic | None = Field(
        default=None,
        description=(
            "of what is bound to a version: the topic of a signature for the present version which lets what was "
            "recorded for an earlier one count; without it, nothing carries over"
        ),
    )

    @model_validator(mode="after")
    def _is_bound(self) -> _OfVersion:
        if self.carries_over_with is not None and self.scope != "model_version":
            raise ValueError("carries_over_with is for what has the scope model_version")
        return self


class DocumentNeed(_OfVersion):
    """A document that has to exist."""

    topic: Topic
    title: Sentence
    valid_days: int | None = Field(default=None, ge=1, le=3660, description="reviewed at least this often")


class Check(Noun):
    """A question about evidence that a machine can answer."""

    title: Sentence
    needs: tuple[Need, ...] = Field(min_length=1, max_length=12)
    met_when: Expression
    otherwise: Sentence = Field(description="what is wrong when the expression is false, in one sentence")
    contradicts: bool = Field(
        default=True,
        description="false: where the expression is false, the evidence does not suffice; it refutes nothing",
    )
    assess: DocumentNeed | None = Field(
        default=None,
        description=(
            "where no rule sets a threshold: a finding that this document assesses is no failure, one that nobody "
            "assessed is not enough evidence. The document counts for what was found when it was recorded"
        ),
    )


class AttestationNeed(_OfVersion):
    """What a person has to sign."""

    topic: Topic = Field(description="one signature serves every requirement with the same topic")
    role: Sentence
    valid_days: int = Field(ge=1, le=3660)
    independent: bool = Field(
        default=False,
        description="true where the law wants somebody without a part in it: neither its owner nor who signs otherwise",
    )
    scope: Scope = "model_version"
    statement: Sentence


class Applicability(Noun):
    """When a requirement applies. Unknown facts never make it inapplicable."""

    needs: tuple[Need, ...] = Field(min_length=1, max_length=6)
    when: Expression
    otherwise: Sentence = Field(description="the reason shown when it does not apply")


class LaterDate(Noun):
    """Another date of application in a case, decided by evidence."""

    needs: tuple[Need, ...] = Field(min_length=1, max_length=6)
    when: Expression
    applies_from: date


class Requirement(Noun):
    """One requirement of a framework, in own words, with its source."""

    id: RequirementId
    title: Sentence
    group: Sentence = Field(description="heading under which it is listed")
    summary: Sentence
    legal_basis: Sentence
    source: Sentence
    verified_on: date
    applies_from: date | None = Field(default=None, description="None: no date of its own (voluntary or contractual)")
    dates: tuple[LaterDate, ...] = Field(default=(), description="other dates by case; the first that holds counts")
    open_readings: tuple[Reading, ...] = ()
    applies: Applicability | None = Field(default=None, description="None: always")
    checks: tuple[Check, ...] = ()
    attestation: AttestationNeed | None = None
    document: DocumentNeed | None = None
    blocking: bool = False
    evidence_shows: Sentence | None = Field(
        default=None, description="what the evidence that is asked for shows, and what it cannot"
    )
    remedy: Sentence
    deadline: Sentence | None = Field(default=None, description="a duty with a clock of its own, in words")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Requirement:
        if not (self.checks or self.attestation or self.document):
            raise ValueError("asks for nothing: give checks, an attestation or a document")
        if len(self.open_readings) == 1:
            raise ValueError("open_readings needs at least two readings, or none")
        return self


class FrameworkKind(StrEnum):
    """What kind of text a framework comes from."""

    LAW = "law"
    STANDARD = "standard"
    VOLUNTARY = "voluntary"
    CRITERIA = "criteria"  # criteria of an independent examiner, such as the Trust Services Criteria
    CUSTOM = "custom"


class Framework(Noun):
    """A framework as data: loaded from YAML, versioned, activated without a deploy."""

    id: FrameworkId
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]{1,2}(\.[0-9]{1,3})?$")]
    title: Sentence
    kind: FrameworkKind
    jurisdiction: Sentence
    publisher: Sentence
    source: Sentence
    verified_on: date
    notice: Sentence = Field(description="what a result under this framework does not say; printed on every report")
    requirements: tuple[Requirement, ...] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Framework:
        seen: set[str] = set()
        for requirement in self.requirements:
            if requirement.id in seen:
                raise ValueError(f"requirement id {requirement.id!r} is given twice")
            seen.add(requirement.id)
        return self

    def requirement(self, requirement_id: str) -> Requirement | None:
        """The requirement with this id, if there is one."""
        return next((item for item in self.requirements if item.id == requirement_id), None)


class VersionState(StrEnum):
    """Where a framework version stands. One version of a framework is active."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


class FrameworkVersion(Noun):
    """An uploaded version of a framework with the text it was loaded from."""

    framework_id: str
    version: str
    title: str
    sha256: str
    text: str
    state: VersionState
    built_in: bool = False
    uploaded_by: str
    uploaded_at: Moment
    activated_by: str | None = None
    activated_at: Moment | None = None


class StateChange(Noun):
    """A requirement whose state a new framework version would change, in a dry run."""

    model_id: str
    requirement_id: str
    before: State | None
    after: State | None
    reason: str


class Classification(Noun):
    """An answered questionnaire and what follows from it; also evidence ``classification.<questionnaire>``."""

    model_id: str
    questionnaire: str
    answers: dict[str, JsonValue]
    facts: dict[str, JsonValue]
    summary: str
    reasons: tuple[str, ...]
    contradictions: tuple[str, ...] = ()
    decided_by: str
    decided_at: Moment
