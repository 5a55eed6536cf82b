"""Nouns of compliance: a framework as data, its versions, the questionnaire. Results are in `syndic.assessment`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

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
from syndic.compliance.needs import (
    Applicability,
    AttestationNeed,
    Check,
    Contradiction,
    DocumentNeed,
    Expression,
    FactName,
    FrameworkId,
    Need,
    Question,
    Release,
    RequirementId,
    Scope,
    Sentence,
    Topic,
)
from syndic.models import Moment, Noun

__all__ = [
    "ORGANISATION",
    "Applicability",
    "Attestation",
    "AttestationDecision",
    "AttestationNeed",
    "Check",
    "Contradiction",
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
    "Question",
    "Reading",
    "Release",
    "Reliance",
    "Remediation",
    "RemediationStatus",
    "Requirement",
    "RequirementState",
    "Scope",
    "State",
    "Topic",
    "Trial",
    "VersionState",
]


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
    source: Sentence | None = Field(default=None, description="None: that of the framework")
    verified_on: date | None = Field(default=None, description="None: that of the framework")
    applies_from: date | None = Field(default=None, description="None: no date of its own (voluntary or contractual)")
    dates: tuple[LaterDate, ...] = Field(default=(), description="other dates by case; the first that holds counts")
    open_readings: tuple[Reading, ...] = ()
    applies: Applicability | None = Field(default=None, description="None: always")
    checks: tuple[Check, ...] = ()
    attestation: AttestationNeed | None = None
    document: DocumentNeed | None = None
    blocking: bool = False
    excludable: bool = Field(
        default=False,
        description="true where the standard lets it be left out with reasons, as a control",
    )
    evidence_shows: Sentence | None = Field(
        default=None, description="what the evidence that is asked for shows, and what it cannot"
    )
    remedy: Sentence
    deadline: Sentence | None = Field(default=None, description="a duty with a clock of its own, in words")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Requirement:
        always = [check for check in self.checks if not check.where_recorded]
        if not (always or self.attestation or self.document):
            raise ValueError("asks for nothing: give checks that are always asked, an attestation or a document")
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


class Reliance(StrEnum):
    """How far the text of a source was read for a framework. It stands once here, not in each requirement."""

    PRIMARY = "primary"  # the text itself
    QUOTED = "quoted"  # the text as others quote it word for word
    SECONDARY = "secondary"  # what others say of it


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
    read_from: Reliance | None = Field(default=None, description="how far the source was read; None: see `source`")
    not_read: Sentence | None = Field(default=None, description="what could not be read from the source itself")
    questions: dict[FactName, Question] = Field(
        default={}, max_length=20, description="a questionnaire of the framework's own, `classification.<id>`"
    )
    scope: Applicability | None = Field(
        default=None, description="when the framework is about a model at all; None: about every model"
    )
    contradictions: tuple[Contradiction, ...] = Field(
        default=(), max_length=10, description="what keeps answers from leaving a model out"
    )
    changelog: tuple[Release, ...] = Field(default=(), description="what changed by version, the newest first")
    requirements: tuple[Requirement, ...] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Framework:
        seen: set[str] = set()
        for requirement in self.requirements:
            if requirement.id in seen:
                raise ValueError(f"requirement id {requirement.id!r} is given twice")
            seen.add(requirement.id)
        if self.contradictions and self.scope is None:
            raise ValueError("contradictions are for a framework with a scope")
        return self

    @property
    def questionnaire(self) -> str | None:
        """The kind of evidence that the answers to the framework's own questions are."""
        return f"classification.{self.id}" if self.questions else None

    def requirement(self, requirement_id: str) -> Requirement | None:
        """The requirement with this id, if there is one."""
        return next((item for item in self.requirements if item.id == requirement_id), None)


class VersionState(StrEnum):
    """Where a framework version stands. One version of a framework is active."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    OFF = "off"  # of a framework that judges nobody any more and may be activated again
    REMOVED = "removed"  # and is no longer listed; its texts stay readable


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
    ended_by: str | None = Field(default=None, description="who switched it off or removed it")
    ended_at: Moment | None = None
    ended_reason: str | None = None


class StateChange(Noun):
    """A requirement whose state a new framework version would change, in a dry run."""

    model_id: str
    requirement_id: str
    before: State | None
    after: State | None
    reason: str


class Trial(Noun):
    """A dry run: what a framework would change, without anything being written."""

    models: int = Field(description="that were looked at")
    more: bool = Field(default=False, description="whether there are models that were not")
    changes: tuple[StateChange, ...]


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
