"""Nouns of reports: what is asked for, the job that makes it, and the content that every format shows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import Field, model_validator

from syndic.assessment import Attestation, Deadline, FrameworkStatus, Remediation
from syndic.canonical import sha256_of
from syndic.models import Evidence, Finite, Moment, Noun, RegisteredModel, TimeWindow

MAX_MODELS = 200


class ReportFormat(StrEnum):
    """The file that comes out."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"
    CSV = "csv"
    OSCAL = "oscal"  # a zip with assessment-plan and assessment-results
    CYCLONEDX = "cyclonedx"  # attestations
    EVIDENCE = "evidence"  # the evidence package: a zip with all of them, the raw evidence and a manifest


class ReportKind(StrEnum):
    """What is reported. Forms are drafts: what is not on record is marked "to be completed"."""

    COMPLIANCE = "compliance"
    ANNEX_IV = "annex_iv"
    EU_DECLARATION = "eu_declaration"
    FRIA = "fria"
    DPIA = "dpia"
    MODEL_CARD = "model_card"  # of one version; asked for at the version, which knows what goes into it


class ReportRequest(Noun):
    """What a report is to cover. Empty `frameworks` means every framework, empty `model_ids` the whole portfolio."""

    kind: ReportKind = ReportKind.COMPLIANCE
    frameworks: tuple[str, ...] = ()
    model_ids: tuple[str, ...] = Field(default=(), max_length=MAX_MODELS)
    start_date: date | None = None
    end_date: date | None = None
    format: ReportFormat = ReportFormat.PDF

    @model_validator(mode="after")
    def _makes_sense(self) -> ReportRequest:
        if self.start_date and self.end_date and self.start_date > self.end_date:
            raise ValueError(f"start_date {self.start_date} is after end_date {self.end_date}")
        if self.kind is not ReportKind.COMPLIANCE:
            if len(self.model_ids) != 1:
                raise ValueError(f"a {self.kind.value} draft is about exactly one model")
            if self.format not in {ReportFormat.PDF, ReportFormat.HTML, ReportFormat.JSON}:
                raise ValueError(f"a {self.kind.value} draft is made as pdf, html or json")
        return self


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReportJob(Noun):
    """A report being made. `progress` is between 0 and 1."""

    id: str
    request: ReportRequest
    document: str | None = Field(default=None, description="name in the archive of the card that is to be set")
    state: JobState = JobState.QUEUED
    progress: Finite = Field(default=0.0, ge=0, le=1)
    step: str = "queued"
    requested_by: str
    requested_at: Moment
    finished_at: Moment | None = None
    file: str | None = Field(default=None, description="name in the archive")
    content_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    error: str | None = None


class Checkpoint(Noun):
    """The newest entry of the audit trail that is not younger than the report's content."""

    index: int
    hash: str
    at: Moment


class DriftPoint(Noun):
    """One window of a drift trend."""

    window: TimeWindow
    verdict: str
    severity: str
    rows: int
    psi: dict[str, Finite | None]
    harm: str | None = None


FOUND: Final = ("adverse_impact_indicated", "disparity_indicated")
"""Verdicts of a fairness report that are findings, the term of the ratio of selection rates first."""


class GroupRatio(Noun):
    """One group's disparate impact with its interval, or the reason why there is none."""

    outcome: str
    attribute: str
    group: str
    reference: str | None
    n: int | None = Field(description="null: the group is too small to be shown")
    value: Finite | None
    low: Finite | None
    high: Finite | None
    verdict: str
    reason: str


class ModelSection(Noun):
    """Everything on record about one model."""

    model: RegisteredModel
    statuses: tuple[FrameworkStatus, ...]
    evidence: tuple[Evidence, ...]
    attestations: tuple[Attestation, ...] = ()
    remediations: tuple[Remediation, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    drift: tuple[DriftPoint, ...] = ()
    drift_threshold: Finite | None = None
    fairness: tuple[GroupRatio, ...] = ()
    fairness_threshold: Finite | None = Field(
        default=None, description="of the ratio of selection rates, in the policy that the run was judged by"
    )
    fairness_window: TimeWindow | None = None


class ReportContent(Noun):
    """What a report says, whatever its format. It holds no clock time but that of its newest evidence."""

    title: str
    request: ReportRequest
    as_of: Moment
    sections: tuple[ModelSection, ...]
    organisation: tuple[Evidence, ...] = ()
    checkpoint: Checkpoint | None = None

    @property
    def id(self) -> str:
        """The same for the same content, whatever the format."""
        return sha256_of(
            self.model_copy(update={"request": self.request.model_copy(update={"format": ReportFormat.PDF})})
        )[:16]
