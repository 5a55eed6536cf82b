"""The nouns that every concern uses. All are frozen; all dates are aware and in UTC.

A concern's own nouns live in ``syndic.<concern>.models``. Nothing here holds a captured row.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An aware point in time, kept in UTC."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
"""A number that is a number: NaN and the infinities are refused, so they can reach no JSON."""


class Noun(BaseModel):
    """Frozen, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="iso8601")


class Cloud(StrEnum):
    """Where a model runs."""

    AWS = "aws"
    AZURE = "azure"
    MLFLOW = "mlflow"
    OTHER = "other"


class Severity(StrEnum):
    """How bad a finding is, least first. `NONE` is not a finding."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for none to 4 for critical."""
        return list(Severity).index(self)


class Concern(StrEnum):
    """The concerns, by the one word each has everywhere."""

    DISCOVERY = "discovery"
    REGISTRY = "registry"
    DRIFT = "drift"
    QUALITY = "quality"
    BIAS = "bias"
    COMPLIANCE = "compliance"
    ALERTING = "alerting"
    AUDIT = "audit"
    REPORTS = "reports"


# --- windows -------------------------------------------------------------------------------------


class TimeWindow(Noun):
    """A half-open span of time ``[start, end)`` whose rows are judged together."""

    start: Moment
    end: Moment

    @property
    def key(self) -> str:
        """Sortable text, part of every report's id: ``20190401T000000Z-20190501T000000Z``."""
        return f"{self.start:%Y%m%dT%H%M%SZ}-{self.end:%Y%m%dT%H%M%SZ}"


class WindowLength(StrEnum):
    """How long a model's windows are. Windows start at whole hours, days, Mondays or months, UTC."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def around(self, moment: datetime) -> TimeWindow:
        """The window that holds `moment`."""
        moment = moment.astimezone(UTC)
        hour = moment.replace(minute=0, second=0, microsecond=0)
        day = hour.replace(hour=0)
        if self is WindowLength.HOUR:
            return TimeWindow(start=hour, end=hour + timedelta(hours=1))
        if self is WindowLength.DAY:
            return TimeWindow(start=day, end=day + timedelta(days=1))
        if self is WindowLength.WEEK:
            monday = day - timedelta(days=day.weekday())
            return TimeWindow(start=monday, end=monday + timedelta(days=7))
        first = day.replace(day=1)
        return TimeWindow(start=first, end=(first + timedelta(days=32)).replace(day=1))


# --- models and where their traffic is kept --------------------------------------------------------


class ColumnKind(StrEnum):
    """How a column is measured."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"


class ColumnRole(StrEnum):
    """What a column is to the model."""

    FEATURE = "feature"
    PREDICTION = "prediction"
    SCORE = "score"
    LABEL = "label"
    ROW_ID = "row_id"
    PROTECTED = "protected"  # kept for fairness only, never an input of the model
    IGNORED = "ignored"


class ColumnSpec(Noun):
    """One column of a model's captured traffic."""

    name: str = Field(min_length=1, max_length=256)
    kind: ColumnKind
    role: ColumnRole = ColumnRole.FEATURE


class CaptureSchema(Noun):
    """The columns of a model's traffic, in the order in which they are captured.

    Captured CSV has no header, so the order of `inputs` and `outputs` gives the names. JSON records with keys
    are matched by name instead. `label` describes delayed ground truth, which is joined by row id.
    """

    inputs: tuple[ColumnSpec, ...]
    outputs: tuple[ColumnSpec, ...] = ()
    label: ColumnSpec | None = None

    @property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """All columns, inputs first, the label last."""
        return (*self.inputs, *self.outputs, *((self.label,) if self.label else ()))

    def role(self, role: ColumnRole) -> tuple[ColumnSpec, ...]:
        """The columns that have a role."""
        return tuple(column for column in self.columns if column.role is role)


class CaptureFormat(StrEnum):
    """The format of captured traffic."""

    SAGEMAKER = "sagemaker"
    AZURE_COLLECTOR = "azure_collector"


class CaptureConfig(Noun):
    """Where an endpoint's traffic is captured and how much of it."""

    enabled: bool
    format: CaptureFormat
    uri: str  # s3://bucket/prefix or azureml/https blob prefix, without the endpoint's own path below it
    sampling_percent: float = Field(default=100.0, ge=0, le=100)
    labels_uri: str | None = None  # where delayed ground truth is written, in the same cloud


class EndpointVariant(Noun):
    """One variant (SageMaker) or deployment (Azure ML) behind an endpoint."""

    name: str
    model_name: str | None = None
    model_version: str | None = None
    instance_type: str | None = None
    weight: float | None = None
    image: str | None = None


class Endpoint(Noun):
    """An endpoint as its cloud describes it now. Discovery never adds anything the cloud did not say."""

    cloud: Cloud
    scope: str  # account/region, or subscription/resource group/workspace
    name: str
    resource_id: str  # ARN or ARM id
    status: str
    variants: tuple[EndpointVariant, ...] = ()
    capture: CaptureConfig | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    created_at: Moment | None = None

    @property
    def model_id(self) -> str:
        """The registry id: the same for the same resource on every run."""
        return model_id(self.name, self.resource_id)


def model_id(name: str, resource_id: str) -> str:
    """A readable, stable id: the name as a slug and six hex digits of the resource's hash."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48] or "model"
    return f"{slug}-{hashlib.sha256(resource_id.encode()).hexdigest()[:6]}"


class Presence(StrEnum):
    """Whether discovery still sees a model."""

    PRESENT = "present"
    GONE = "gone"  # listed completely, and it was not there
    UNKNOWN = "unknown"  # its source could not be read


class RiskLevel(StrEnum):
    """Risk level in the terms of Regulation (EU) 2024/1689. Proposed by a rule, decided by a person."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"
    UNACCEPTABLE = "unacceptable"


class ComplianceStatus(StrEnum):
    """Where a model stands in its compliance life. Legal steps are data: registry/lifecycle.yaml."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    RETIRED = "retired"


class RiskDecision(Noun):
    """The risk level a person decided on, with the reasons."""

    level: RiskLevel
    reason: str = Field(min_length=10)
    decided_by: str
    decided_at: Moment
    annex_iii_area: str | None = None
    profiles_people: bool | None = None


class RegisteredModel(Noun):
    """A model under governance."""

    id: str
    name: str
    cloud: Cloud
    owner: str | None = None  # an e-mail address; alerts go there
    description: str | None = None
    domain: str | None = None
    intended_purpose: str | None = None
    limitations: str | None = None
    data_sources: tuple[str, ...] = ()
    oversight_plan: str | None = None
    risk: RiskDecision | None = None
    compliance_status: ComplianceStatus = ComplianceStatus.DRAFT
    tags: dict[str, str] = Field(default_factory=dict)
    endpoint: Endpoint | None = None
    presence: Presence = Presence.PRESENT
    capture_schema: CaptureSchema | None = None
    window: WindowLength = WindowLength.DAY
    lateness: timedelta = timedelta(hours=1)  # how long after its end a window waits for late files
    registered_at: Moment
    last_seen_at: Moment | None = None
    metadata: dict[str, JsonValue] = Field(default_factory=dict)


# --- rows read -------------------------------------------------------------------------------------


class Intake(Noun):
    """What reading a window's capture files gave. ``read == used + rejected`` always holds, in records (lines)."""

    objects: int = 0
    read: int = Field(default=0, description="records (lines) read")
    used: int = 0
    rejected: int = 0
    reasons: dict[str, int] = Field(default_factory=dict, description="rejected records by reason")
    rows: int = Field(default=0, description="rows that the used records held")
    labels: int = Field(default=0, description="rows that have a label")

    def plus(self, other: Intake) -> Intake:
        """The intake of both."""
        reasons = dict(self.reasons)
        for reason, count in other.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
        return Intake(
            objects=self.objects + other.objects,
            read=self.read + other.read,
            used=self.used + other.used,
            rejected=self.rejected + other.rejected,
            reasons=dict(sorted(reasons.items())),
            rows=self.rows + other.rows,
            labels=self.labels + other.labels,
        )


# --- what concerns tell each other -----------------------------------------------------------------


class Finding(Noun):
    """Something that is wrong with a model, as one concern sees it in one window.

    Two findings with the same `subject_key` are the same trouble seen again; alerting groups by it.
    """

    id: str
    model_id: str
    model_name: str
    owner: str | None
    concern: Concern
    subject: str  # the feature, the group or the requirement
    severity: Severity
    title: str  # one sentence: what is wrong
    reason: str  # why it is judged so, with the numbers
    remedy: str  # what to do next
    measure: str | None = None  # e.g. psi
    value: Finite | None = None
    threshold: Finite | None = None
    window: TimeWindow | None = None
    report_id: str | None = None
    found_at: Moment

    @property
    def subject_key(self) -> str:
        """The same for the same trouble over time: model, concern, subject, measure."""
        return f"{self.model_id}/{self.concern}/{self.subject}/{self.measure or '-'}"


class EvidenceStatus(StrEnum):
    """What a piece of evidence says about the thing it measured. Policy of the producer, not of a law."""

    PASSING = "passing"
    FAILING = "failing"
    INCONCLUSIVE = "inconclusive"  # looked, and could not tell: not enough data, not comparable, not assessable


class Evidence(Noun):
    """A fact about a model with time, source, hash and expiry; the only thing compliance reads.

    `kind` is a dotted word such as ``drift.run``, ``bias.run``, ``capture.intake``, ``registry.profile``,
    ``audit.verified``, ``attestation.human_oversight``. `facts` holds numbers and words, never a captured row.
    """

    kind: str
    model_id: str
    status: EvidenceStatus
    summary: str
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    source: str  # the report or record it was taken from
    sha256: str  # of the canonical JSON of that source
    produced_at: Moment
    expires_at: Moment | None = None
    window: TimeWindow | None = None


class AuditEntry(Noun):
    """One thing that happened, as the audit trail keeps it. Aggregates and hashes only, no personal data."""

    action: str  # past tense, dotted: model.registered, drift.checked, policy.changed
    actor: str  # a person's user name or "syndic/<function>"
    subject: str  # what it happened to: model/<id>, framework/<id>, ...
    at: Moment
    details: dict[str, JsonValue] = Field(default_factory=dict)


# --- events ------------------------------------------------------------------------------------------


class CheckRequested(Noun):
    """A model's window is complete and due for a check."""

    type: Literal["CheckRequested"] = "CheckRequested"
    check: Literal["drift", "quality", "bias"]
    model_id: str
    window: TimeWindow
    force: bool = False  # judge again although the inputs did not change (policy changed, asked by a person)


class ModelChecked(Noun):
    """A check of a window was stored: evidence is new."""

    type: Literal["ModelChecked"] = "ModelChecked"
    check: str
    model_id: str
    window: TimeWindow
    report_id: str
    verdict: str


class FindingsChanged(Noun):
    """Findings of one check; alerting keeps and groups them."""

    type: Literal["FindingsChanged"] = "FindingsChanged"
    findings: tuple[Finding, ...]


class EvidenceChanged(Noun):
    """Evidence on a model was added, replaced or withdrawn: compliance looks at the model again."""

    type: Literal["EvidenceChanged"] = "EvidenceChanged"
    model_id: str
    kinds: tuple[str, ...]


class ModelsDiscovered(Noun):
    """A discovery run ended."""

    type: Literal["ModelsDiscovered"] = "ModelsDiscovered"
    registered: tuple[str, ...]
    gone: tuple[str, ...]
    unavailable: dict[str, str]  # source -> reason


class ReportRequested(Noun):
    """A report job waits to be built."""

    type: Literal["ReportRequested"] = "ReportRequested"
    job_id: str


Event = Annotated[
    CheckRequested | ModelChecked | FindingsChanged | EvidenceChanged | ModelsDiscovered | ReportRequested,
    Field(discriminator="type"),
]


def to_json(noun: BaseModel) -> dict[str, Any]:
    """A noun as plain JSON values, ready to be stored."""
    return noun.model_dump(mode="json")
