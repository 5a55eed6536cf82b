"""The nouns of an assessment: what compliance computes and what reports print. All frozen, all dates in UTC.

There is no score here on purpose. A framework is summarised by counts of states and by its blocking items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, computed_field, model_validator

from syndic.models import Evidence, EvidenceStatus, Moment, Noun, TimeWindow

ORGANISATION = "organisation"
"""The model id under which evidence on the organisation itself is kept; it counts for every model."""


class State(StrEnum):
    """Where a requirement stands. Only `MET` is good, and it means no more than "the evidence supports it"."""

    MET = "met"
    NOT_MET = "not_met"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"  # missing, stale, inconclusive or unreadable: never a pass
    ATTESTATION_DUE = "attestation_due"  # a person has to sign, or signed for another version
    EXPIRED = "expired"  # an attestation or a document was there and has lapsed
    NOT_APPLICABLE = "not_applicable"  # with the reason, taken from evidence
    NOT_YET_IN_FORCE = "not_yet_in_force"

    @property
    def word(self) -> str:
        """The state in words, the same on every screen, in mails and in reports; see docs/glossary.md."""
        return _WORDS.get(self, self.value.replace("_", " "))


_WORDS = {State.INSUFFICIENT_EVIDENCE: "not enough evidence", State.ATTESTATION_DUE: "signature due"}


WORST_FIRST = (
    State.NOT_MET,
    State.INSUFFICIENT_EVIDENCE,
    State.EXPIRED,
    State.ATTESTATION_DUE,
    State.MET,
    State.NOT_YET_IN_FORCE,
    State.NOT_APPLICABLE,
)
"""The state of a whole is the worst state of its parts, in this order."""


class EvidenceRef(Noun):
    """The evidence a state rests on, as it was when it was looked at."""

    kind: str
    model_id: str
    status: EvidenceStatus
    summary: str
    source: str
    sha256: str
    produced_at: Moment
    expires_at: Moment | None = Field(default=None, description="the earlier of its own expiry and the allowed age")
    window: TimeWindow | None = None
    stale: bool = False

    @classmethod
    def of(cls, evidence: Evidence, *, expires_at: Moment | None, stale: bool) -> EvidenceRef:
        """A reference to a piece of evidence."""
        return cls(
            kind=evidence.kind,
            model_id=evidence.model_id,
            status=evidence.status,
            summary=evidence.summary,
            source=evidence.source,
            sha256=evidence.sha256,
            produced_at=evidence.produced_at,
            expires_at=expires_at,
            window=evidence.window,
            stale=stale,
        )


class PartState(Noun):
    """One thing a requirement asks for: a machine check, an attestation or a document."""

    part: Literal["check", "attestation", "document"]
    title: str
    state: State
    reason: str
    evidence: tuple[EvidenceRef, ...] = ()
    topic: str | None = Field(
        default=None, description="of a signature or document, or of the document that may assess what a check found"
    )
    role: str | None = Field(default=None, description="of a signature: the role that has to sign")


class Reading(Noun):
    """One of several readings of the law where its text is unclear. All are shown; none is chosen silently."""

    text: str
    applies_from: date | None = None
    source: str


class RequirementState(Noun):
    """A requirement of a framework, judged for one model."""

    framework_id: str
    requirement_id: str
    title: str
    group: str
    state: State
    if_in_force: State = Field(description="the state without regard to dates: how ready the model is")
    reason: str
    blocking: bool
    legal_basis: str
    source: str
    verified_on: date
    applies_from: date | None
    open_readings: tuple[Reading, ...] = ()
    parts: tuple[PartState, ...] = ()
    applicability: tuple[EvidenceRef, ...] = Field(default=(), description="evidence that decided applicability")
    remedy: str
    waits_for: tuple[str, ...] = Field(default=(), description="evidence that has to say whether it applies")
    evidence_shows: str | None = Field(default=None, description="what the evidence shows, and what it cannot")
    deadline: str | None = None
    changes_at: Moment | None = Field(default=None, description="when it changes by itself: expiry or entry into force")

    @property
    def evidence(self) -> tuple[EvidenceRef, ...]:
        """All evidence the state rests on, each once, by kind."""
        found = {
            (reference.model_id, reference.kind): reference
            for reference in (*self.applicability, *(item for part in self.parts for item in part.evidence))
        }
        return tuple(found[key] for key in sorted(found))


class Deadline(Noun):
    """A date that matters for a requirement: entry into force, or the expiry of something it rests on."""

    framework_id: str
    requirement_id: str
    title: str
    on: Moment
    kind: Literal["applies", "expires"]
    what: str


class ScopeState(Noun):
    """Whether a framework is about a model at all, where its own questions say so."""

    applies: bool | None = Field(description="null: not known; then, as when it does not apply, nothing was judged")
    reason: str = Field(description="why it does not apply, or is not known to; empty where it applies")
    requirements: int = Field(description="how many the framework has")
    waits_for: tuple[str, ...] = Field(default=(), description="evidence that has to say whether it applies")
    evidence: tuple[EvidenceRef, ...] = ()


class FrameworkStatus(Noun):
    """A framework judged for one model. `inputs_sha256` covers the framework and every piece of evidence read."""

    framework_id: str
    framework_version: str
    framework_title: str
    framework_sha256: str
    framework_source: str = ""
    notice: str = Field(default="", description="what a result under this framework does not say")
    model_id: str
    model_name: str
    model_version: str | None
    owner: str | None
    evaluated_at: Moment
    inputs_sha256: str
    scope: ScopeState | None = Field(default=None, description="null: the framework asks no questions of its own")
    requirements: tuple[RequirementState, ...] = Field(description="none where the framework does not apply")

    @model_validator(mode="before")
    @classmethod
    def _without_computed(cls, value: Any) -> Any:
        """What is computed is in the JSON for readers; read back, it is computed again, never believed."""
        if isinstance(value, Mapping):
            return {key: item for key, item in value.items() if key not in cls.model_computed_fields}
        return value

    @computed_field  # type: ignore[prop-decorator]
    @property
    def counts(self) -> dict[str, int]:
        """Requirements by state; every state is a key."""
        return {state.value: sum(item.state is state for item in self.requirements) for state in State}

    @computed_field  # type: ignore[prop-decorator]
    @property
    def readiness(self) -> dict[str, int]:
        """Requirements by the state they would have if everything were in force today."""
        return {state.value: sum(item.if_in_force is state for item in self.requirements) for state in State}

    @computed_field  # type: ignore[prop-decorator]
    @property
    def applicable(self) -> int:
        """Requirements in force that apply, or may apply, to this model."""
        return sum(item.state not in {State.NOT_APPLICABLE, State.NOT_YET_IN_FORCE} for item in self.requirements)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def met(self) -> int:
        """Of the applicable ones, those the evidence supports."""
        return self.counts[State.MET]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def blocking(self) -> tuple[str, ...]:
        """Ids of blocking requirements in force that are contradicted by evidence."""
        return tuple(item.requirement_id for item in self.requirements if item.blocking and item.state is State.NOT_MET)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def screening(self) -> dict[str, int]:
        """What to answer first: evidence that is missing, and for how many requirements it says whether they apply."""
        waiting = Counter(kind for item in self.requirements for kind in item.waits_for)
        if self.scope is not None:
            waiting.update(dict.fromkeys(self.scope.waits_for, self.scope.requirements))
        return dict(sorted(waiting.items(), key=lambda it: (-it[1], it[0])))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def stands(self) -> bool:
        """Whether the framework is known to ask something of this model: some requirement is known to apply."""
        return any(not item.waits_for and item.if_in_force is not State.NOT_APPLICABLE for item in self.requirements)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def changes_at(self) -> Moment | None:
        """When the first requirement changes by itself."""
        return min((item.changes_at for item in self.requirements if item.changes_at), default=None)


class AttestationDecision(StrEnum):
    """What the signer says of the statement."""

    AFFIRMED = "affirmed"
    DECLINED = "declined"


class Attestation(Noun):
    """A statement signed by a person in a role, for a scope, with an expiry and the hash of what was signed."""

    id: str
    topic: str
    model_id: str = Field(description=f"a model's id, or {ORGANISATION!r}")
    model_version: str | None = Field(default=None, description="None: holds for every version")
    role: str
    signer: str
    statement: str
    decision: AttestationDecision
    comment: str = ""
    subject_sha256: str = Field(description="hash of what was signed: statement, model version, evidence shown")
    signed_at: Moment
    expires_at: Moment
    withdrawn_at: Moment | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None


class RemediationStatus(StrEnum):
    """Where a remediation stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class Remediation(Noun):
    """Work that shall turn a failing requirement into a met one. Only fresh evidence closes it."""

    id: str
    model_id: str
    framework_id: str
    requirement_id: str
    title: str
    owner: str
    due: date
    status: RemediationStatus = RemediationStatus.OPEN
    note: str = ""
    opened_by: str
    opened_at: Moment
    state_when_opened: State
    closed_at: Moment | None = None
    closed_by_sha256: str | None = Field(default=None, description="inputs hash of the status that closed it")


class DocumentRecord(Noun):
    """That a document exists, where, and its hash. Its quality is for a person to judge."""

    topic: str
    model_id: str
    model_version: str | None = None
    title: str
    location: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    text: str | None = Field(default=None, description="the document itself, where somebody wrote it here")
    dated: date
    recorded_by: str
    recorded_at: Moment
    expires_at: Moment | None = None
