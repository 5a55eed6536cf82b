"""What is sent to the API, as keywords. Made from its description by client/generate.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict

from syndic_client.schemas import (
    Absence,
    ActionName,
    ApplicabilityDecision,
    Artefact,
    AssignedDuty,
    AttestationDecision,
    CanaryStep,
    CaptureSchema,
    Cloud,
    ComplianceStatus,
    ConformityProcedure,
    DataCategory,
    DataSection,
    Decision,
    ForeseenChange,
    IdentityCheck,
    IncidentMeasureKind,
    IncidentRecipient,
    IncidentRole,
    IncidentSource,
    LifeState,
    NotifiedBody,
    OperatorRole,
    PersonRight,
    ProcessingContents,
    ProcessingRole,
    RefusalGround,
    ReportFormat,
    ReportKind,
    ReportStage,
    RequestChannel,
    RequestOutcome,
    ResidualDecisionKind,
    RiskControlKind,
    RiskKind,
    RiskLevel,
    RiskLevels,
    RiskOrigin,
    Routing,
    Scope,
    Season,
    Severity,
    Stage,
    Strategy,
    Supply,
    SystemOrigin,
    TimeWindow,
    TrainingData,
    TrainingSubject,
    VendorAgreementKind,
    VendorState,
    WindowLength,
)


class AgreementEnding(TypedDict, total=False):
    """From when on an agreement holds no longer, and why."""

    because: Required[str]
    ended_on: Required[dt.date]


class AgreementFacts(TypedDict, total=False):
    """An agreement in writing, as a person records it. The document itself stays where it is."""

    expires_on: dt.date | str | None
    """Its last day; null: without an end."""
    kind: Required[VendorAgreementKind | str]
    location: Required[str]
    """Where the document is."""
    notice_days: int
    """So many days before its end it alerts."""
    settles: Sequence[str]
    """What it settles, by the names of its kind."""
    sha256: Required[str]
    """Of the document's bytes."""
    signed_on: Required[dt.date]
    title: Required[str]


class AlertChange(TypedDict, total=False):
    """What a person does to an alert. Nothing said: it is acknowledged."""

    action: ActionName | str
    assignee: str | None
    """Who cares for it from now on: for assign."""
    note: str
    """A note; why it is over, when it is resolved; what is said, when it is a comment."""
    until: dt.datetime | None
    """Until when it stays quiet: for snooze."""


class AlertRuleSettings(TypedDict, total=False):
    """When there is an alert, beside what the checks find. One of `when` and `absent`."""

    absent: Absence | None
    matchers: Sequence[str]
    """For which models, by their labels, such as domain="credit"; none: all."""
    needed: int
    """Of the newest `windows` looks that saw other evidence, so many."""
    remedy: str
    """What to do."""
    severity: Severity | str
    title: Required[str]
    """What is wrong."""
    when: str | None
    """A condition in CEL over `model`, `evidence` (the newest of each kind: status, summary, facts) and `alerts` (by concern: severity, state, findings), such as evidence["drift.run"].facts.share > 0.3."""
    windows: int


class Answers(TypedDict, total=False):
    """Answers to a questionnaire."""

    answers: Required[Mapping[str, object]]


class BaselineSource(TypedDict, total=False):
    """Where a baseline comes from: exactly one of a table, a captured window, a batch job or Model Monitor's files."""

    constraints_uri: str | None
    """Its constraints.json, if there is one."""
    group_column: str | None
    """Column that says which rows are of one person or session, and so alike."""
    job: str | None
    """The rows of a batch job of the model."""
    season: Season | str
    """Also keep one summary for each part of the season; auto: the one that the rows' own hours or days show, if any."""
    statistics_uri: str | None
    """Statistics.json of SageMaker Model Monitor."""
    time_column: str | None
    """Column of a table that says when each row was predicted; captured rows have times."""
    uri: str | None
    """A CSV, Parquet or capture file in the model's cloud."""
    window: TimeWindow | None
    """Captured traffic of that time."""


class CapturedRow(TypedDict, total=False):
    """One call of a model: what it was asked and what it answered."""

    at: dt.datetime | None
    """When it was answered; left out: now."""
    id: str | None
    """Names the row: labels refer to it; left out: made up."""
    inputs: Mapping[str, str | bool | int | float | None] | None
    """By the names of the capture schema."""
    outputs: Mapping[str, str | bool | int | float | None] | None
    """By the names of the capture schema."""


class ChangeAlerts(TypedDict, total=False):
    """The same for many alerts."""

    action: ActionName | str
    alerts: Required[Sequence[str]]
    """Ids of alerts."""
    assignee: str | None
    """Who cares for it from now on: for assign."""
    note: str
    """A note; why it is over, when it is resolved; what is said, when it is a comment."""
    until: dt.datetime | None
    """Until when it stays quiet: for snooze."""


class ChatPersonSettings(TypedDict, total=False):
    """Whom a member of a chat is."""

    person: Required[str]
    """Name or address of an account: what it may do, the member may."""


class ChecksWanted(TypedDict, total=False):
    """Which checks of which window."""

    checks: Sequence[str]
    force: bool
    """Judge again although the inputs did not change."""
    job: str | None
    """A batch job, of a model that answers in batch jobs."""
    window: TimeWindow | None
    """Left out: the last complete window, or the last job."""


class ChosenVersion(TypedDict, total=False):
    """One version of the framework."""

    version: Required[str]


class Compared(TypedDict, total=False):
    """How far a shadow's answers agree with those that were given, in counts that add up."""

    agreed: Required[int]
    """Rows with the same decision."""
    difference: Required[float]
    """Sum of the absolute differences of scores, or of values."""
    given: Mapping[str, int]
    """Twentieth of the scores that were given -> rows."""
    own: Mapping[str, int]
    """The same of the shadow's."""
    rows: Required[int]


class Configuration(TypedDict, total=False):
    """Files, and the models for which their drift and fairness policies are meant."""

    files: Required[Sequence[ConfigurationFile]]
    models: Sequence[str]
    """Where a file names none under `models`."""


class ConfigurationFile(TypedDict, total=False):
    """A file: drift_detection, bias_monitoring, compliance_frameworks, governance, alerting, or a framework."""

    name: Required[str]
    """For messages."""
    text: Required[str]
    """YAML."""


class Credentials(TypedDict, total=False):
    """Who signs in."""

    code: str | None
    """Of the authenticator app."""
    password: Required[str]
    username: Required[str]
    """Name or address."""


class Decisions(TypedDict, total=False):
    """The whole statement, by requirement."""

    decisions: Required[Mapping[str, ApplicabilityDecision]]


class Ending(TypedDict, total=False):
    """Why a framework is to judge nobody any more."""

    reason: Required[str]


class ErasureRequest(TypedDict, total=False):
    """What is to be erased, and why."""

    reason: Required[str]
    subject: Required[str]
    """Such as model/<id>."""


class Extension(TypedDict, total=False):
    """Why the answer takes longer, and when the person was told."""

    reason: Required[str]
    told_at: Required[dt.datetime]


class FileChanges(TypedDict, total=False):
    """What is to change of an assessment. Fields left out stay as they are; checks are given item by item."""

    checks: Mapping[str, Any] | None
    foreseen: Sequence[ForeseenChange] | None
    notified_body: NotifiedBody | None
    route: ConformityProcedure | str | None
    route_reasons: str | None
    standards: Sequence[str] | None


class FilledForm(TypedDict, total=False):
    """The form of Art. 6(4); area and grounds are those of the answers to the questionnaire."""

    ground_reasons: Mapping[str, Any] | None
    influence: str | None
    no_profiling: str | None
    no_significant_risk: str | None
    sign: bool
    version: Required[str]


class ForeignVersion(TypedDict, total=False):
    """A model version as another registry describes it, with the run that made it."""

    algorithm: str | None
    aliases: Sequence[str]
    artefacts: Sequence[Artefact]
    author: str | None
    cloud: Cloud | str
    commit: str | None
    created_at: Required[dt.datetime]
    datasets: Sequence[Mapping[str, object]]
    description: str | None
    experiment: str | None
    flavour: str | None
    foreign_id: str | None
    location: str | None
    manifest: Mapping[str, object] | None
    metrics: Mapping[str, float | str]
    model: Required[str]
    model_description: str | None
    params: Mapping[str, str]
    requirements: Sequence[str]
    run_id: str | None
    run_tags: Mapping[str, str]
    signature: Mapping[str, object] | None
    stage: str | None
    status: str | None
    tags: Mapping[str, str]
    version: Required[str]


class ForeignVersions(TypedDict, total=False):
    """Versions as another registry describes them. `source` is its stable name, part of the models' identity."""

    source: Required[str]
    versions: Required[Sequence[ForeignVersion]]


class FrameworkFile(TypedDict, total=False):
    """A framework file."""

    text: Required[str]
    """YAML, as in framework.schema.json."""


class HoldRequest(TypedDict, total=False):
    """A legal hold."""

    held: bool
    """False lifts it."""
    reason: Required[str]
    subject: Required[str]
    """Such as model/<id>."""


class IdentityFound(TypedDict, total=False):
    """Whether it is known who asks."""

    identity: Required[IdentityCheck | str]


class IncidentChange(TypedDict, total=False):
    """What to change; fields left out stay."""

    affected_persons: int | None
    aware_at: dt.datetime | None
    """Moves the clocks; say why in `reason`."""
    awareness: str | None
    description: str | None
    member_states: Sequence[str] | None
    model_ids: Sequence[str] | None
    occurred_at: dt.datetime | None
    owner: str | None
    reason: str
    review_due: dt.date | str | None
    roles: Sequence[IncidentRole | str] | None
    root_cause: str | None
    source_reference: str | None
    title: str | None


class IncidentClosing(TypedDict, total=False):
    """What was found, and what follows from it."""

    conclusion: Required[str]


class IncidentMeasureChange(TypedDict, total=False):
    """That a measure is done, or is not going to be, or is another's or due on another day."""

    done: bool | None
    dropped_because: str | None
    due: dt.date | str | None
    owner: str | None


class IncidentReopening(TypedDict, total=False):
    """Why a closed incident is opened again."""

    reason: Required[str]


class InferenceRecord(TypedDict, total=False):
    """A request, or a part of one with many rows."""

    at: Required[dt.datetime]
    compared: Compared | None
    copied: ShadowCopy | None
    first: bool
    """Whether it is the request's first part, which counts the request."""
    id: Required[str]
    """The same whenever the same part of the same request is told."""
    lines: Sequence[str]
    milliseconds: Required[float]
    """Until the answer, the backend included."""
    model_id: Required[str]
    number: Required[int]
    """Of the process's requests: a gap is what was lost."""
    outcome: Required[str]
    reason: str | None
    request_id: Required[str]
    shadow: bool
    """Whether a shadow answered, to a copy: nobody got its answer."""
    share: float
    """Of the requests that its version answers."""
    status: Required[int]
    """As it was answered, of HTTP."""
    stream: Required[str]
    """The process that answered."""
    variant: Required[str]
    """A folder of the log."""
    version: Required[str]


class IssuerRules(TypedDict, total=False):
    """Which tokens of an OpenID issuer are taken, and what they are exchanged for."""

    audience: Required[str]
    claims: Required[Mapping[str, Any]]
    """Values that a token must have."""
    issuer: Required[str]
    jwks_uri: str | None
    """Left out: /.well-known/jwks below the issuer."""
    owner: str | None
    """Whose models a key with the scope write may change."""
    scopes: Required[Sequence[Scope | str]]


class ModelChanges(TypedDict, total=False):
    """What a person may say of a model. Fields left out stay as they are; null clears a field."""

    capture_schema: CaptureSchema | None
    data_sources: Sequence[str]
    description: str | None
    domain: str | None
    intended_purpose: str | None
    lateness: dt.timedelta
    limitations: str | None
    metadata: Mapping[str, object]
    oversight_plan: str | None
    owner: str | None
    version_in_use: str | None
    """Where no endpoint tells what serves, such as of bought software."""
    window: WindowLength | str


class Move(TypedDict, total=False):
    """A step to another stage, or the way up to it."""

    reason: Required[str]
    stage: Required[Stage | str]
    through_stages: bool
    """Pass every stage on the way, each by its own gate."""


class NewAnswer(TypedDict, total=False):
    """What was answered, and when."""

    at: dt.datetime | None
    """When it was sent; left out: now."""
    ground: RefusalGround | str | None
    late_because: str
    outcome: Required[RequestOutcome | str]
    reason: str
    recipients_told: bool | None
    sha256: str | None
    told_of_remedies: bool


class NewAssignment(TypedDict, total=False):
    """A duty that a person is to have."""

    authority: str
    """What the person may do: stop the system, overrule it."""
    competence: str
    """Why the person can do it."""
    duty: Required[AssignedDuty | str]
    model_ids: Sequence[str]
    owner: Required[str]
    """The address of whoever answers for the assignment."""
    person: Required[str]
    """User name or address."""
    trainings: Sequence[str]
    """Ids of trainings of the person."""


class NewAttestation(TypedDict, total=False):
    """A person's signature under the statements on one topic, in a role that the person holds."""

    comment: str
    decision: Required[AttestationDecision | str]
    role: Required[str]
    """Such as model owner or data protection officer."""
    statements: Sequence[str] | None
    """Hashes of the statements that were shown; when they are others by now, nothing is signed."""
    topic: Required[str]


class NewCaptures(TypedDict, total=False):
    """Rows of a model's traffic."""

    rows: Required[Sequence[CapturedRow]]
    sampling_percent: float | None
    """How much of the traffic is sent; left out: as it was, at first all."""
    version: str | None
    """That answered; left out: as it was."""


class NewDecision(TypedDict, total=False):
    """Whether a version is a substantial modification (Art. 3(23)): what a person says of its changes."""

    affects_compliance: Required[bool]
    """Compliance with Chapter III Section 2 is affected."""
    changes_purpose: Required[bool]
    """The intended purpose is modified."""
    foreseen_as: str | None
    """The change that a concluded assessment foresaw."""
    reasons: Required[str]
    version: Required[str]


class NewDocument(TypedDict, total=False):
    """That a document exists: where it is and what it hashes to, and it stays there. Or its `text`, kept here."""

    dated: Required[dt.date]
    location: str | None
    sha256: str | None
    text: str | None
    title: Required[str]
    topic: Required[str]


class NewErasure(TypedDict, total=False):
    """What goes: the rows of some persons, or what is older than some days."""

    column: str | None
    """The column that holds them; left out: the column of row ids, else the id of the call."""
    identifiers: Sequence[str]
    """Of persons, as the column has them; they are not kept."""
    model_id: Required[str]
    older_than_days: int | None
    reason: Required[str]
    reference: str
    """Of the request of a person."""


class NewFile(TypedDict, total=False):
    """The assessment of a version."""

    checks: Mapping[str, Any] | None
    foreseen: Sequence[ForeseenChange] | None
    notified_body: NotifiedBody | None
    route: ConformityProcedure | str | None
    route_reasons: str | None
    standards: Sequence[str] | None
    version: Required[str]


class NewIncident(TypedDict, total=False):
    """What is known of an incident when it is opened. Of persons nothing but their number."""

    affected_persons: int | None
    alert_ids: Sequence[str]
    """Their models are added."""
    aware_at: dt.datetime | None
    """Left out: now. The clocks run from it."""
    awareness: str
    description: str
    member_states: Sequence[str]
    model_ids: Sequence[str]
    occurred_at: dt.datetime | None
    owner: Required[str]
    roles: Required[Sequence[IncidentRole | str]]
    """What the organisation is in it."""
    source: Required[IncidentSource | str]
    source_reference: str
    title: Required[str]


class NewIncidentMeasure(TypedDict, total=False):
    """What is to be done, by whom and when."""

    due: Required[dt.date]
    kind: Required[IncidentMeasureKind | str]
    owner: Required[str]
    title: Required[str]


class NewIncidentReport(TypedDict, total=False):
    """That somebody was told."""

    late_because: str
    recipient: Required[IncidentRecipient | str]
    reference: str
    sent_at: Required[dt.datetime]
    sha256: str | None
    """Of what was sent."""
    stage: ReportStage | str


class NewKey(TypedDict, total=False):
    """What a key is called, what it may do and until when: 90 days when nothing is said, 366 at most."""

    expires_at: dt.datetime | None
    name: Required[str]
    scopes: Required[Sequence[Scope | str]]


class NewLabel(TypedDict, total=False):
    """The outcome of one row."""

    id: Required[str]
    """Of the row."""
    label: Required[str | bool | int | float | None]


class NewLabels(TypedDict, total=False):
    """Outcomes that became known."""

    label_delay_days: int | None
    """How late outcomes may come: so far back windows are judged again."""
    labels: Required[Sequence[NewLabel]]


class NewModel(TypedDict, total=False):
    """A model that no cloud was found to run yet, and what should hold for it from the beginning."""

    bias_threshold: float | None
    """From 0.5 a ratio between groups, else a difference."""
    capture_schema: CaptureSchema | None
    cloud_provider: str | None
    """Where it runs, such as aws or azure."""
    compliance_frameworks: Sequence[str]
    """In any case: EU_AI_ACT, soc2."""
    data_sources: Sequence[str]
    description: str | None
    domain: str | None
    drift_threshold: float | None
    """Up to 0.1 a level of significance, else a PSI."""
    endpoint_name: str | None
    intended_purpose: str | None
    lateness: dt.timedelta
    limitations: str | None
    metadata: Mapping[str, object]
    model_type: str | None
    """Such as binary_classification."""
    monitoring_schedule: str | None
    name: Required[str]
    oversight_plan: str | None
    owner: str | None
    """An address; a team's name is kept beside it, and you answer for the model."""
    protected_attributes: Sequence[str]
    risk_level: RiskLevel | str | None
    version_in_use: str | None
    """Where no endpoint tells what serves, such as of bought software."""
    window: WindowLength | str


class NewPolicy(TypedDict, total=False):
    """A policy that is to be; from a template, or of one's own."""

    owner: Required[str]
    """The address of whoever keeps it."""
    readers: Sequence[str]
    review_days: int | None
    """Left out: the template's, or a year."""
    template: str | None
    """Id of a template to begin with."""
    title: str | None
    """Left out: the template's."""


class NewProcessing(TypedDict, total=False):
    """A processing activity that is entered."""

    contents: ProcessingContents
    model_ids: Sequence[str]
    owner: Required[str]
    """The address of whoever keeps the entry."""
    role: ProcessingRole | str
    title: Required[str]


class NewRemediation(TypedDict, total=False):
    """Who repairs a requirement that is not met, by when."""

    due: Required[dt.date]
    framework_id: Required[str]
    note: str
    owner: Required[str]
    requirement_id: Required[str]
    title: Required[str]


class NewReport(TypedDict, total=False):
    """What a report is to cover."""

    end_date: dt.date | str | None
    format: ReportFormat | str
    framework: str | None
    """Left out: every framework."""
    kind: ReportKind | str
    model_ids: Sequence[str]
    """Left out: the whole portfolio; a draft is about one model."""
    start_date: dt.date | str | None


class NewRequest(TypedDict, total=False):
    """A request that came."""

    channel: Required[RequestChannel | str]
    decision: str
    """Row id of the decision it is about, if there is one."""
    identity: IdentityCheck | str
    model_ids: Sequence[str]
    note: str
    owner: Required[str]
    """The address of whoever answers it."""
    received_at: dt.datetime | None
    """Left out: now. The clock runs from it."""
    reference: Required[str]
    """A pseudonym of the person or the case; never a name, address or number."""
    right: Required[PersonRight | str]


class NewResidualDecision(TypedDict, total=False):
    """What is decided of a residual risk, in which role, why and until when."""

    expires: Required[dt.date]
    kind: Required[ResidualDecisionKind | str]
    reason: Required[str]
    role: Required[str]
    """One that you hold, such as `risk owner`, or `owner`."""


class NewRisk(TypedDict, total=False):
    """A decision on the risk level, with the reasons."""

    annex_iii_area: str | None
    level: Required[RiskLevel | str]
    profiles_people: bool | None
    reason: Required[str]


class NewRiskControl(TypedDict, total=False):
    """What is to be done about a risk."""

    due: Required[dt.date]
    kind: Required[RiskControlKind | str]
    owner: Required[str]
    requirement_ids: Sequence[str]
    title: Required[str]


class NewRiskEntry(TypedDict, total=False):
    """A risk that was found."""

    affected: str
    """Whom it would meet; no person's name."""
    alert_ids: Sequence[str]
    description: str
    incident_ids: Sequence[str]
    kind: Required[RiskKind | str]
    model_ids: Sequence[str]
    origin: Required[RiskOrigin | str]
    owner: Required[str]
    review_due: dt.date | str | None
    """Left out: after `review_every_days`."""
    review_every_days: int
    tests: Sequence[str]
    """Kinds of evidence."""
    title: Required[str]
    vulnerable: bool | None


class NewRiskReview(TypedDict, total=False):
    """What was looked at and found."""

    note: Required[str]


class NewStatus(TypedDict, total=False):
    """A step in a model's compliance life."""

    reason: Required[str]
    status: Required[ComplianceStatus | str]


class NewSystem(TypedDict, total=False):
    """An AI system for the inventory."""

    countries: Sequence[str]
    """Where it is used, such as DE."""
    data_categories: Sequence[DataCategory | str]
    name: Required[str]
    origin: Required[SystemOrigin | str]
    owner: str | None
    """Who answers for it; left out: yourself."""
    purpose: str | None
    review_due: dt.date | str | None
    """The day by which a person looks at it again."""
    roles: Sequence[OperatorRole | str]
    state: LifeState | str
    supplier: str
    """Who supplies it, in words."""
    vendor_id: str | None
    """Its entry in the register of vendors."""
    version: str | None
    """In use, as its supplier names it."""


class NewTraining(TypedDict, total=False):
    """A training that somebody took."""

    certificate_sha256: str | None
    completed_on: Required[dt.date]
    contents: str
    """What it covered."""
    owner: str | None
    """Left out: the person."""
    person: Required[str]
    """User name or address of whoever took it."""
    provider: str
    role: Required[str]
    """For which the person took it."""
    subject: Required[TrainingSubject | str]
    title: Required[str]
    valid_until: dt.date | str | None
    """The last day on which it counts; left out: a year."""


class NewUpload(TypedDict, total=False):
    """A file that is too large for a request."""

    bytes: Required[int]
    """Its size, as it is sent."""
    hour: dt.datetime | None
    """Captures: the hour in which its rows were answered."""
    kind: Required[str]
    """Traffic in the format of captures, or a table."""
    sha256: Required[str]
    """Of its bytes; names it, so that twice is once."""
    suffix: str
    """Jsonl and jsonl.gz for captures, any for a baseline."""
    version: str | None
    """Captures: that answered; left out: as it was."""


class NewUser(TypedDict, total=False):
    """Whom to invite, in which roles."""

    email: Required[str]
    roles: Sequence[str]


class NewVendor(TypedDict, total=False):
    """A vendor for the register."""

    contact: str
    country: str | None
    free_and_open_source: bool
    """What it supplies is public under a free licence (Art. 25(4), second subparagraph)."""
    model_ids: Sequence[str]
    """Registered models and systems that depend on it."""
    name: Required[str]
    owner: str | None
    """Who answers for the relation; left out: yourself."""
    processes_personal_data: bool | None
    """Whether it processes personal data on the organisation's behalf; null: not known."""
    review_due: dt.date | str | None
    state: VendorState | str
    supplies: Sequence[Supply | str]
    website: str


class NewVersion(TypedDict, total=False):
    """How a version was made and evaluated. Sent again under the same name, fields left out stay as they are."""

    algorithm: str | None
    artefact_location: str | None
    artefacts: Sequence[Artefact]
    commit: str | None
    dependencies: Sequence[str]
    framework: str | None
    hyperparameters: Mapping[str, object]
    metadata: Mapping[str, object]
    metrics: Mapping[str, float | str]
    run_id: str | None
    signature: Mapping[str, object] | None
    training: TrainingData
    version: Required[str]


class NewVote(TypedDict, total=False):
    """A decision in a role that the person holds."""

    comment: Required[str]
    decision: Required[Decision | str]
    role: Required[str]


class NewWaiver(TypedDict, total=False):
    """Why a gate condition need not hold for a version."""

    condition: Required[str]
    reason: Required[str]


class NextReview(TypedDict, total=False):
    """That something was looked at today, and when it is looked at next."""

    next_review: Required[dt.date]


class OneMetric(TypedDict, total=False):
    """One evaluation metric of a version."""

    metric_name: Required[str]
    value: Required[float | str]
    version_id: Required[str]
    """`id` of the version: <model>@<version>."""


class OpenedAgain(TypedDict, total=False):
    """Why it is looked at again."""

    reason: Required[str]


class PersonNames(TypedDict, total=False):
    """The names under which a person is known here."""

    names: Required[Sequence[str]]
    """User name, address."""


class PlanToApply(TypedDict, total=False):
    """Which plan is done: the one that was looked at."""

    plan_sha256: Required[str]
    """As the plan shows it."""


class PolicyName(TypedDict, total=False):
    """The name of an approval policy."""

    name: Required[str]


class PolicyText(TypedDict, total=False):
    """The text that is put in force: where it lies and what it hashes to."""

    location: Required[str]
    sha256: Required[str]
    version: Required[str]


class ProcessingChange(TypedDict, total=False):
    """What changes of an entry; fields left out stay."""

    contents: ProcessingContents | None
    """Of these, the fields that are given change."""
    model_ids: Sequence[str] | None
    owner: str | None
    title: str | None


class Readers(TypedDict, total=False):
    """Who has to acknowledge a policy."""

    readers: Required[Sequence[str]]


class ReceiverSettings(TypedDict, total=False):
    """By which channel a receiver is told, and of what."""

    channel: Required[str]
    """Email, slack, slack_bot, teams, pagerduty, jira or webhook."""
    options: Mapping[str, Any]
    """What else the channel has to know; nothing secret."""
    owners: Sequence[str]
    """Told of the models of these owners only; empty: of all."""
    secret: str | None
    """Name of the secret in the secret store, never the secret itself."""
    severity: Severity | str
    """Told of alerts from this severity on."""


class RefreshToken(TypedDict, total=False):
    """What renews a sign-in."""

    refresh_token: Required[str]


class RegistrationMade(TypedDict, total=False):
    """That the data as they stand were registered."""

    entry_url: Required[str]
    """Of the entry, or where the confirmation is."""
    registered_on: Required[dt.date]
    section: Required[DataSection | str]


class RegistrationPoints(TypedDict, total=False):
    """Points of a section of Annex VIII, by number; an empty text takes one back."""

    given: Required[Mapping[str, Any]]
    section: Required[DataSection | str]


class RemediationChange(TypedDict, total=False):
    """What to change; fields left out stay. Only evidence closes a remediation."""

    due: dt.date | str | None
    in_progress: bool | None
    note: str | None
    owner: str | None


class RequestChange(TypedDict, total=False):
    """What to change; fields left out stay."""

    decision: str | None
    erasures: Sequence[str] | None
    """Ids of erasures made for it."""
    model_ids: Sequence[str] | None
    note: str | None
    owner: str | None


class RestsOn(TypedDict, total=False):
    """Trainings that an assignment rests on."""

    trainings: Required[Sequence[str]]


class Retirement(TypedDict, total=False):
    """Why a model is retired."""

    reason: str


class Return(TypedDict, total=False):
    """A return to an earlier production version; the newest one when none is named."""

    reason: Required[str]
    version: str | None


class RiskAssessment(TypedDict, total=False):
    """Likelihood and impact without the controls, and with those that are in place."""

    inherent: Required[RiskLevels]
    residual: RiskLevels | None


class RiskConclusion(TypedDict, total=False):
    """Why a risk does not exist any more."""

    conclusion: Required[str]


class RiskControlChange(TypedDict, total=False):
    """That a control is in place, or is given up, or is another's or due on another day."""

    done: bool | None
    dropped_because: str | None
    due: dt.date | str | None
    owner: str | None


class RiskEntryChange(TypedDict, total=False):
    """What to change; fields left out stay."""

    affected: str | None
    alert_ids: Sequence[str] | None
    description: str | None
    incident_ids: Sequence[str] | None
    kind: RiskKind | str | None
    model_ids: Sequence[str] | None
    origin: RiskOrigin | str | None
    owner: str | None
    review_due: dt.date | str | None
    review_every_days: int | None
    tests: Sequence[str] | None
    title: str | None
    vulnerable: bool | None


class RiskReopening(TypedDict, total=False):
    """Why a closed risk is open again."""

    reason: Required[str]


class RoutingTrial(TypedDict, total=False):
    """A routing to be tried; none: the one in force."""

    routing: Routing | None


class SentRecords(TypedDict, total=False):
    """Records of a server of one's own."""

    records: Required[Sequence[InferenceRecord]]


class ShadowCopy(TypedDict, total=False):
    """What a shadow is to be asked, and what was answered instead of it. Dropped before the record is kept."""

    ids: Required[Sequence[str]]
    predictions: Required[Sequence[int | float]]
    rows: Required[Sequence[Mapping[str, str | float | int | bool | None]]]
    scores: Required[Sequence[float | None]]
    variant: Required[str]


class SilenceSettings(TypedDict, total=False):
    """What is quiet from when until when, and why."""

    comment: Required[str]
    ends_at: Required[dt.datetime]
    matchers: Required[Sequence[str]]
    starts_at: dt.datetime | None
    """None: now."""


class Stop(TypedDict, total=False):
    """Why a deployment is stopped or taken back."""

    reason: Required[str]


class SystemChanges(TypedDict, total=False):
    """What is to change of a system. Fields left out stay as they are."""

    countries: Sequence[str] | None
    data_categories: Sequence[DataCategory | str] | None
    name: str | None
    origin: SystemOrigin | str | None
    owner: str | None
    purpose: str | None
    review_due: dt.date | str | None
    roles: Sequence[OperatorRole | str] | None
    state: LifeState | str | None
    supplier: str | None
    vendor_id: str | None
    version: str | None


class TaggedVersion(TypedDict, total=False):
    """A version by its tag, and where its files lie."""

    commit: str | None
    framework: str | None
    model_id: Required[str]
    s3_path: str | None
    """Where its files lie."""
    version_tag: Required[str]


class TakenBack(TypedDict, total=False):
    """Why it ended."""

    reason: Required[str]


class TextRead(TypedDict, total=False):
    """Which text was read."""

    sha256: Required[str]
    """Of the text in force."""


class Thresholds(TypedDict, total=False):
    """By metric: the value beyond which a disparity counts."""

    thresholds: Required[Mapping[str, float]]


class TokenToExchange(TypedDict, total=False):
    """A token of a pipeline, with the names of RFC 8693."""

    grant_type: str
    subject_token: Required[str]
    subject_token_type: str


class UserAccess(TypedDict, total=False):
    """Whether a person may sign in."""

    enabled: Required[bool]


class UserRoles(TypedDict, total=False):
    """All roles of a person."""

    roles: Required[Sequence[str]]


class VendorChanges(TypedDict, total=False):
    """What is to change of a vendor. Fields left out stay as they are."""

    contact: str | None
    country: str | None
    free_and_open_source: bool | None
    model_ids: Sequence[str] | None
    name: str | None
    owner: str | None
    processes_personal_data: bool | None
    review_due: dt.date | str | None
    state: VendorState | str | None
    supplies: Sequence[Supply | str] | None
    website: str | None


class VendorQuestionnaireAnswers(TypedDict, total=False):
    """The answers to the questionnaire, all at once."""

    answers: Required[Mapping[str, Any]]


class WantedApproval(TypedDict, total=False):
    """What is to be approved."""

    stage: Stage | str
    version: Required[str]


class WantedDeployment(TypedDict, total=False):
    """What is to be served, from where, and how. Left out: the model's own endpoint, and what its policy asks for."""

    endpoint_of: str | None
    """The registered model whose endpoint is to serve the version."""
    model_id: Required[str]
    reason: Required[str]
    stage: str
    steps: Sequence[CanaryStep] | None
    """Of a canary."""
    strategy: Strategy | str | None
    """To production never less careful than the policy."""
    version: Required[str]


class WhyEnded(TypedDict, total=False):
    """Why it ends."""

    reason: Required[str]


class Withdrawal(TypedDict, total=False):
    """Why a signature is taken back."""

    reason: Required[str]
