"""What the API answers. Made from its description by client/generate.py."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeAlias

import msgspec

from syndic_client.records import Record, Word


class ActionName(Word):
    """What a person can do to an alert."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    COMMENT = "comment"


class AlertState(Word):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class AssignedDuty(Word):
    """What a person is assigned to."""

    HUMAN_OVERSIGHT = "human_oversight"
    RISK_OWNER = "risk_owner"
    DATA_PROTECTION = "data_protection"
    INCIDENT_REPORTING = "incident_reporting"
    POST_MARKET_MONITORING = "post_market_monitoring"
    OTHER = "other"


class AssignmentState(Word):
    """Where an assignment stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    ENDED = "ended"


class AttestationDecision(Word):
    """What the signer says of the statement."""

    AFFIRMED = "affirmed"
    DECLINED = "declined"


class BackendKind(Word):
    """What answers. Each is a line of the table of adapters."""

    SAGEMAKER = "sagemaker"
    AZURE_ML = "azure_ml"
    MLFLOW = "mlflow"
    OPEN_INFERENCE = "open_inference"
    LINEAR = "linear"


class BiasMetric(Word):
    """The disparities: a group against its reference, signed as group minus reference (or group over reference). Of selection rates, true positive rates and precision, below zero (or one) means that the group is worse off. The conditional demographic disparity keeps the sign of its authors: above zero, the group is worse off."""

    DISPARATE_IMPACT = "disparate_impact"
    DEMOGRAPHIC_PARITY_DIFFERENCE = "demographic_parity_difference"
    EQUAL_OPPORTUNITY_DIFFERENCE = "equal_opportunity_difference"
    FALSE_POSITIVE_RATE_DIFFERENCE = "false_positive_rate_difference"
    EQUALIZED_ODDS_DIFFERENCE = "equalized_odds_difference"
    PREDICTIVE_PARITY_DIFFERENCE = "predictive_parity_difference"
    FALSE_OMISSION_RATE_DIFFERENCE = "false_omission_rate_difference"
    ACCURACY_DIFFERENCE = "accuracy_difference"
    TREATMENT_EQUALITY_DIFFERENCE = "treatment_equality_difference"
    CONDITIONAL_DEMOGRAPHIC_PARITY_DIFFERENCE = "conditional_demographic_parity_difference"
    CONDITIONAL_DEMOGRAPHIC_DISPARITY = "conditional_demographic_disparity"
    SCORING_RATE_RATIO = "scoring_rate_ratio"
    AUC_DIFFERENCE = "auc_difference"
    CALIBRATION_DIFFERENCE = "calibration_difference"
    MEAN_DIFFERENCE = "mean_difference"
    MEAN_ERROR_DIFFERENCE = "mean_error_difference"


class BiasVerdict(Word):
    """The combined answer: is the difference beyond chance, and is it beyond the threshold?"""

    ADVERSE_IMPACT_INDICATED = "adverse_impact_indicated"
    DISPARITY_INDICATED = "disparity_indicated"
    INCONCLUSIVE = "inconclusive"
    DIFFERENCE_UNDER_THRESHOLD = "difference_under_threshold"
    NO_INDICATION = "no_indication"
    NOT_ASSESSABLE = "not_assessable"


class BreachRisk(Word):
    """What a personal data breach means for the persons: Art. 33(1) and 34(1) of the GDPR."""

    UNKNOWN = "unknown"
    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class CaptureFormat(Word):
    """The format of captured traffic."""

    SAGEMAKER = "sagemaker"
    AZURE_COLLECTOR = "azure_collector"
    SAGEMAKER_BATCH = "sagemaker_batch"


class CausalLink(Word):
    """Whether the system caused it, as far as is known."""

    UNKNOWN = "unknown"
    SUSPECTED = "suspected"
    LIKELY = "likely"
    ESTABLISHED = "established"
    EXCLUDED = "excluded"


class Check(Word):
    """What can be wrong with data."""

    MISSING = "missing"
    TYPE = "type"
    RANGE = "range"
    INFINITE = "infinite"
    UNSEEN = "unseen"
    NEW_COLUMN = "new_column"
    LOST_COLUMN = "lost_column"
    DUPLICATES = "duplicates"
    CONSTANT = "constant"
    REJECTED = "rejected"


class ClockState(Word):
    """Where a clock stands, the most urgent first."""

    LATE = "late"
    DUE_SOON = "due_soon"
    RUNNING = "running"
    MET_LATE = "met_late"
    MET = "met"
    STOPPED = "stopped"


class Cloud(Word):
    """Where a model runs."""

    AWS = "aws"
    AZURE = "azure"
    MLFLOW = "mlflow"
    OTHER = "other"


class ColumnKind(Word):
    """How a column is measured."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"


class ColumnRole(Word):
    """What a column is to the model."""

    FEATURE = "feature"
    PREDICTION = "prediction"
    SCORE = "score"
    LABEL = "label"
    ROW_ID = "row_id"
    PROTECTED = "protected"
    IGNORED = "ignored"


class Comparison(Word):
    """What a group is compared with."""

    NAMED = "named"
    BEST_OFF = "best_off"
    REST = "rest"


class ComplianceStatus(Word):
    """Where a model stands in its compliance life. Legal steps are data: registry/lifecycle.yaml."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    RETIRED = "retired"


class Concern(Word):
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


class ConformityProcedure(Word):
    """The procedures of Art. 43."""

    ANNEX_VI = "annex_vi"
    ANNEX_VII = "annex_vii"
    SECTOR = "sector"


class DataCategory(Word):
    """What kinds of data go into a system."""

    NONE = "none"
    PERSONAL = "personal"
    SPECIAL_CATEGORIES = "special_categories"
    CRIMINAL_OFFENCES = "criminal_offences"
    BIOMETRIC = "biometric"
    OF_CHILDREN = "of_children"
    CONFIDENTIAL = "confidential"


class DataSection(Word):
    """The sections of Annex VIII, and Annex IX."""

    A = "A"
    B = "B"
    C = "C"
    IX = "IX"


class Decision(Word):
    """What an approver says."""

    APPROVE = "approve"
    REJECT = "reject"


class DeploymentState(Word):
    """Where a deployment stands. Legal steps are data: deployments.yaml."""

    PLANNED = "planned"
    SHIFTING = "shifting"
    BAKING = "baking"
    FINISHING = "finishing"
    COMPLETED = "completed"
    RETURNING = "returning"
    ROLLED_BACK = "rolled_back"
    CANCELLED = "cancelled"
    FAILED = "failed"


class DriftVerdict(Word):
    """The answer for a feature, or for the window."""

    DRIFT = "drift"
    NO_DRIFT = "no_drift"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPARABLE = "not_comparable"


class ErasureState(Word):
    """How far an erasure is."""

    PLANNING = "planning"
    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    STOPPED = "stopped"


class EvidenceStatus(Word):
    """What a piece of evidence says about the thing it measured. Policy of the producer, not of a law."""

    PASSING = "passing"
    FAILING = "failing"
    INCONCLUSIVE = "inconclusive"


class ExpectedVerdict(Word):
    """The answer where labels have not come."""

    EXPECTED = "expected"
    EXPECTED_BELOW_LEVEL = "expected_below_level"
    CONTRADICTED = "contradicted"
    OUTSIDE_REFERENCE = "outside_reference"
    NOT_CALIBRATED = "not_calibrated"
    NOT_ENOUGH_DATA = "not_enough_data"


class Fault(Word):
    """What verification can find."""

    EDITED = "edited"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    UNCHAINED = "unchained"
    TRUNCATED = "truncated"
    BEYOND_HEAD = "beyond_head"
    REWRITTEN = "rewritten"
    HIDDEN = "hidden"
    MISPLACED = "misplaced"
    FORGED = "forged"


class FeatureType(Word):
    """Types of MLflow's signatures, as far as JSON can carry them."""

    DOUBLE = "double"
    FLOAT = "float"
    LONG = "long"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    STRING = "string"
    DATETIME = "datetime"


class Guarantee(Word):
    """What is promised of the log."""

    REQUIRED = "required"
    FAST = "fast"


class Harm(Word):
    """The answer to "did it hurt?"."""

    HURT = "hurt"
    NOT_SEEN = "not_seen"
    UNKNOWN = "unknown"


class IdentityCheck(Word):
    """Whether it is known that the person is who they say (Art. 12(6))."""

    NOT_CHECKED = "not_checked"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"


class IncidentMeasureKind(Word):
    """What a measure is for."""

    CONTAINMENT = "containment"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class IncidentRecipient(Word):
    """Who is told of an incident."""

    MARKET_SURVEILLANCE_AUTHORITY = "market_surveillance_authority"
    AI_OFFICE = "ai_office"
    DATA_PROTECTION_AUTHORITY = "data_protection_authority"
    PROVIDER = "provider"
    DEPLOYER = "deployer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    NOTIFIED_BODY = "notified_body"
    CONTROLLER = "controller"
    AFFECTED_PERSONS = "affected_persons"


class IncidentRole(Word):
    """What the organisation is in an incident."""

    PROVIDER = "provider"
    DEPLOYER = "deployer"
    CONTROLLER = "controller"
    PROCESSOR = "processor"


class IncidentSource(Word):
    """How an incident became known."""

    ALERT = "alert"
    PERSON = "person"
    CUSTOMER = "customer"
    DEPLOYER = "deployer"
    AUTHORITY = "authority"
    OTHER = "other"


class IncidentState(Word):
    """Where an incident stands; it follows from what was decided and done."""

    ASSESSING = "assessing"
    REPORTABLE = "reportable"
    INVESTIGATING = "investigating"
    CLOSED = "closed"


class JobState(Word):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LegalBasis(Word):
    """Art. 6(1)(a) to (f)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


class Level(Word):
    """The length of a period that is summed up."""

    DAY = "day"
    MONTH = "month"


class LifeState(Word):
    """Where a system stands in its life."""

    IDEA = "idea"
    PILOT = "pilot"
    IN_USE = "in_use"
    RETIRED = "retired"


class OnViolation(Word):
    """What becomes of a request whose value breaks a rule."""

    REJECT = "reject"
    FLAG = "flag"


class OperatorRole(Word):
    """What the organisation is for a system, by Art. 3 of Regulation (EU) 2024/1689."""

    PROVIDER = "provider"
    DEPLOYER = "deployer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    AUTHORISED_REPRESENTATIVE = "authorised_representative"


class PerformanceVerdict(Word):
    """The answer for the model against its declared levels."""

    BELOW_LEVEL = "below_level"
    INCONCLUSIVE = "inconclusive"
    MEETS_LEVEL = "meets_level"
    MEASURED = "measured"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPARABLE = "not_comparable"


class PersonRequestState(Word):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTITY_ASKED = "identity_asked"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class PersonRight(Word):
    """What a person asks for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    HUMAN_INTERVENTION = "human_intervention"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    EXPLANATION = "explanation"


class PolicyState(Word):
    """Where a policy stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class Presence(Word):
    """Whether discovery still sees a model."""

    PRESENT = "present"
    GONE = "gone"
    UNKNOWN = "unknown"


class ProcessingRole(Word):
    """Whose record it is."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class ProcessingState(Word):
    """Where a record stands."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    RETIRED = "retired"


class QualityMetric(Word):
    """Measures of a model against ground truth."""

    ACCURACY = "accuracy"
    PRECISION = "precision"
    RECALL = "recall"
    F1 = "f1"
    AUC = "auc"
    BRIER = "brier"
    RMSE = "rmse"
    MAE = "mae"


class QualityVerdict(Word):
    """The answer for the data of a window."""

    SOUND = "sound"
    ISSUES = "issues"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPARABLE = "not_comparable"


class RefusalGround(Word):
    """Why a request is refused, in whole or in part."""

    NOT_IDENTIFIED = "not_identified"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NO_DATA = "no_data"
    NOT_CONTROLLER = "not_controller"
    EXCEPTION = "exception"
    RESTRICTED_BY_LAW = "restricted_by_law"
    OTHER_LAW = "other_law"


class RegistryVerdict(Word):
    """What the numbers say of one rollback condition."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNDECIDED = "undecided"


class RemediationStatus(Word):
    """Where a remediation stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class ReportFormat(Word):
    """The file that comes out."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"
    CSV = "csv"
    OSCAL = "oscal"
    CYCLONEDX = "cyclonedx"
    EVIDENCE = "evidence"


class ReportKind(Word):
    """What is reported. Forms are drafts: what is not on record is marked "to be completed"."""

    COMPLIANCE = "compliance"
    ANNEX_IV = "annex_iv"
    EU_DECLARATION = "eu_declaration"
    FRIA = "fria"
    DPIA = "dpia"
    MODEL_CARD = "model_card"


class ReportStage(Word):
    """Which report it is: a first one may be incomplete (Art. 73(5); GDPR Art. 33(4)), a final one is complete."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


class ReportingLimit(Word):
    """Whose notifications are limited to infringements of fundamental rights."""

    NONE = "none"
    EQUIVALENT_REPORTING = "equivalent_reporting"
    MEDICAL_DEVICE = "medical_device"


class RequestChannel(Word):
    """How a request came."""

    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    PORTAL = "portal"
    IN_PERSON = "in_person"
    AUTHORITY = "authority"
    OTHER = "other"


class RequestOutcome(Word):
    """What was answered."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class RequestState(Word):
    """Where an approval request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ResidualDecisionKind(Word):
    """What is decided of a residual risk."""

    ACCEPT = "accept"
    TREAT = "treat"
    AVOID = "avoid"
    TRANSFER = "transfer"


class RiskControlKind(Word):
    """What a control does, in the order in which Art. 9(5) of the AI Act wants them looked for."""

    DESIGN = "design"
    MITIGATION = "mitigation"
    INFORMATION = "information"


class RiskImpact(Word):
    """How bad the harm is for those it meets, least first."""

    NEGLIGIBLE = "negligible"
    MINOR = "minor"
    SERIOUS = "serious"
    MAJOR = "major"
    CATASTROPHIC = "catastrophic"


class RiskKind(Word):
    """What is at risk. The first three are those of Art. 9(2)(a) of the AI Act."""

    HEALTH = "health"
    SAFETY = "safety"
    FUNDAMENTAL_RIGHTS = "fundamental_rights"
    PRIVACY = "privacy"
    SECURITY = "security"
    FINANCIAL = "financial"
    OPERATIONAL = "operational"
    ENVIRONMENT = "environment"
    OTHER = "other"


class RiskLevel(Word):
    """Risk level in the terms of Regulation (EU) 2024/1689. Proposed by a rule, decided by a person."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"
    UNACCEPTABLE = "unacceptable"


class RiskLikelihood(Word):
    """How likely it is that the harm comes about, least first."""

    RARE = "rare"
    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"
    ALMOST_CERTAIN = "almost_certain"


class RiskOrigin(Word):
    """From what a risk arises: the steps (a) to (c) of Art. 9(2) of the AI Act."""

    INTENDED_USE = "intended_use"
    FORESEEABLE_MISUSE = "foreseeable_misuse"
    MONITORING = "monitoring"


class RiskRating(Word):
    """What likelihood and impact mean together, read off a table and never multiplied or averaged."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class RiskState(Word):
    """Where a risk stands; it follows from what was decided and done."""

    IDENTIFIED = "identified"
    ASSESSED = "assessed"
    TREATED = "treated"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class Scope(Word):
    """What a key may do: read; change the models of its owner; change everything that no person has to decide."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Season(Word):
    """Which part of the baseline a window is compared with, so that like meets like."""

    AUTO = "auto"
    NONE = "none"
    WEEKDAY = "weekday"
    HOUR = "hour"
    WEEKDAY_HOUR = "weekday_hour"


class SeriousHarm(Word):
    """What makes an incident serious: Art. 3(49) of the AI Act, point by point."""

    DEATH = "death"
    HEALTH = "health"
    INFRASTRUCTURE = "infrastructure"
    FUNDAMENTAL_RIGHTS = "fundamental_rights"
    PROPERTY_OR_ENVIRONMENT = "property_or_environment"


class Severity(Word):
    """How bad a finding is, least first. `NONE` is not a finding."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Stage(Word):
    """Where a version is deployed. Legal steps are data: lifecycle.yaml."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


class State(Word):
    """Where a requirement stands. Only `MET` is good, and it means no more than "the evidence supports it"."""

    MET = "met"
    NOT_MET = "not_met"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    ATTESTATION_DUE = "attestation_due"
    EXPIRED = "expired"
    NOT_APPLICABLE = "not_applicable"
    NOT_YET_IN_FORCE = "not_yet_in_force"


class Strategy(Word):
    """How a version takes over traffic."""

    DIRECT = "direct"
    BLUE_GREEN = "blue_green"
    CANARY = "canary"


class Supply(Word):
    """What a vendor supplies."""

    SYSTEM = "system"
    GENERAL_PURPOSE_MODEL = "general_purpose_model"
    MODEL = "model"
    COMPONENT = "component"
    TOOL = "tool"
    SERVICE = "service"
    HOSTING = "hosting"
    DATA = "data"


class SystemOrigin(Word):
    """Where a system comes from."""

    BOUGHT_SOFTWARE = "bought_software"
    GENERAL_PURPOSE_MODEL = "general_purpose_model"
    SPREADSHEET = "spreadsheet"
    OWN_DEVELOPMENT = "own_development"
    OTHER = "other"


class TrainingState(Word):
    """Where a record stands."""

    RECORDED = "recorded"
    ENDED = "ended"


class TrainingSubject(Word):
    """What a training is about."""

    AI_LITERACY = "ai_literacy"
    HUMAN_OVERSIGHT = "human_oversight"
    DATA_PROTECTION = "data_protection"
    MODEL_RISK = "model_risk"
    SECURITY = "security"
    OTHER = "other"


class VendorAgreementKind(Word):
    """What an agreement is for."""

    AI_ACT_25_4 = "ai_act_25_4"
    GDPR_28 = "gdpr_28"
    CONFIDENTIALITY = "confidentiality"
    SERVICE_LEVELS = "service_levels"
    OTHER = "other"


class VendorReply(Word):
    """An answer of the questionnaire."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class VendorState(Word):
    """Where the relation with a vendor stands."""

    PROSPECTIVE = "prospective"
    ACTIVE = "active"
    ENDED = "ended"


class VersionState(Word):
    """Where a framework version stands. One version of a framework is active."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    OFF = "off"
    REMOVED = "removed"


class WindowLength(Word):
    """How long a model's windows are. They start at whole hours, days, Mondays or months, UTC; or each is a job's."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    JOB = "job"


class Absence(Record, frozen=True, kw_only=True):
    """That no evidence of a kind has come for a time: a check that did not run, data that stopped."""

    after: str
    """Such as 3d."""
    evidence: str
    """A kind of evidence, such as drift.run, bias.run or capture.intake."""


class Acknowledgement(Record, frozen=True, kw_only=True):
    """That a person has read a version."""

    at: dt.datetime
    person: str


class Action(Record, frozen=True, kw_only=True):
    """Something that a person did to an alert."""

    action: ActionName
    assignee: str | None = None
    at: dt.datetime
    by: str
    note: str = ""
    until: dt.datetime | None = None


class Agreement(Record, frozen=True, kw_only=True):
    """The share of rows with the same decision, and where it may well lie (95 %, Clopper and Pearson)."""

    lower: float
    share: float
    upper: float


class Alert(Record, frozen=True, kw_only=True):
    """One trouble of one model: what is wrong now, since when, who knows, and who cares for it."""

    acknowledged_at: dt.datetime | None = None
    acknowledged_by: str | None = None
    actions: tuple[Action, ...] = ()
    """What people did, the newest 200."""
    assignee: str | None = None
    concern: Concern
    findings: int
    """How many findings the alert has in all."""
    first_seen: dt.datetime
    history: tuple[SeverityChange, ...]
    id: str
    last_seen: dt.datetime
    measure: str | None
    members: tuple[Member, ...]
    """Findings of the alert, the one to act on first; 50 at most."""
    model_id: str
    model_name: str
    note: str = ""
    """Of the acknowledgement, the snooze or the resolution that holds."""
    notice_unconfirmed: bool = False
    notified_at: dt.datetime | None = None
    opened_at: dt.datetime | None = None
    """When it was opened, or opened again, last."""
    owner: str | None
    reason: str
    recovering: bool
    """The newest window is well, and one more closes the alert."""
    remedy: str
    report_id: str | None
    resolved_by: str | None = None
    """Null: the data are well again, or it is not resolved."""
    severity: Severity
    snoozed_by: str | None = None
    snoozed_until: dt.datetime | None = None
    state: AlertState
    subject: str
    subject_key: str
    """Of the finding to act on, as the next ten."""
    threshold: float | None
    title: str
    value: float | None
    windows: tuple[TimeWindow, ...]
    windows_seen: int
    worst: Severity


class AlertPage(Record, frozen=True, kw_only=True):
    """Some alerts and the token for the next ones."""

    alerts: tuple[Alert, ...]
    next_token: str | None = None


class AlertRule(Record, frozen=True, kw_only=True):
    """A rule under its name."""

    absent: Absence | None = None
    matchers: tuple[str, ...] = ()
    """For which models, by their labels, such as domain="credit"; none: all."""
    name: str
    needed: int = 1
    """Of the newest `windows` looks that saw other evidence, so many."""
    remedy: str = ""
    """What to do."""
    severity: Severity = Severity("medium")
    title: str
    """What is wrong."""
    when: str | None = None
    """A condition in CEL over `model`, `evidence` (the newest of each kind: status, summary, facts) and `alerts` (by concern: severity, state, findings), such as evidence["drift.run"].facts.share > 0.3."""
    windows: int = 1


class AlertRules(Record, frozen=True, kw_only=True):
    """Every rule."""

    rules: tuple[AlertRule, ...]


class ApplicabilityDecision(Record, frozen=True, kw_only=True):
    """Whether a requirement is taken, and why or why not."""

    reason: str
    taken: bool


class ApplicabilityLine(Record, frozen=True, kw_only=True):
    """A requirement in the statement; not decided yet where there is no decision."""

    decision: ApplicabilityDecision | None = None
    requirement_id: str
    title: str


class AppliedSetting(Record, frozen=True, kw_only=True):
    """One thing that a file sets."""

    changed: bool
    """False: it is so already."""
    diff: tuple[str, ...] = ()
    """Lines that go (-) and come (+)."""
    file: str
    target: str
    """Such as model/<id>/drift, policy/<name>, framework/<id>/<version>."""


class ApprovalPolicy(Record, frozen=True, kw_only=True):
    """Who must agree before a version reaches a stage, and what must be true. Presets: policies.yaml."""

    approvers: int
    """Different people who must approve."""
    auto_approve: str | None = None
    """CEL expression; true: no approver is needed."""
    bake_minutes: int = 30
    """How long blue/green watches the new version."""
    canary_steps: tuple[CanaryStep, ...] = msgspec.field(
        default_factory=lambda: msgspec.convert(
            [{"minutes": 30, "percent": 10}, {"minutes": 30, "percent": 50}, {"minutes": 30, "percent": 100}],
            tuple[CanaryStep, ...],
        )
    )
    conditions: dict[str, str] = msgspec.field(default_factory=dict)
    """Name -> CEL expression that must be true."""
    description: str
    evidence: dict[str, dt.timedelta] = msgspec.field(default_factory=dict)
    """Evidence kind -> greatest age."""
    from_roles: tuple[str, ...] = ()
    """Roles of which the approvers must come, each from another one."""
    inconclusive: tuple[str, ...] = ()
    """Kinds that may be inconclusive."""
    name: str
    roles: tuple[str, ...] = ()
    """Roles of which each must be among the approvers."""
    rollback: RollbackConditions = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {
                "error_rate": None,
                "error_rate_spike": None,
                "give_up_hours": 24,
                "latency_p50_ms": None,
                "latency_p95_ms": None,
                "latency_percentile": "p50",
                "min_invocations": 100,
                "performance_degradation": None,
            },
            RollbackConditions,
        )
    )
    strategy: Strategy = Strategy("direct")
    valid_for: dt.timedelta = msgspec.convert("P14D", dt.timedelta)
    """How long a request stays open."""
    waivers_allowed: bool = True


class ApprovalRequest(Record, frozen=True, kw_only=True):
    """A request to let a version reach a stage. Votes are added by conditional writes, so none is lost or doubled."""

    expires_at: dt.datetime
    id: str
    model_id: str
    policy: ApprovalPolicy
    requested_at: dt.datetime
    requested_by: str
    state: RequestState = RequestState("pending")
    state_reason: str | None = None
    target: Stage
    version: str
    version_sha256: str
    votes: tuple[Vote, ...] = ()


class Artefact(Record, frozen=True, kw_only=True):
    """A file that a training or evaluation run left, such as ``classification_report.json``."""

    location: str
    name: str
    sha256: str | None = None


class Asked(Record, frozen=True, kw_only=True):
    """A requirement that asks for a kind of evidence, and in which part."""

    framework_id: str
    framework_title: str
    kind: str
    """Such as drift.run, attestation.human_oversight, document.fria."""
    part: str
    requirement_id: str | None
    """Null: the framework's scope."""
    role: str | None = None
    """Of a signature: who has to sign."""
    statement: str | None = None
    """Of a signature: what is signed."""
    title: str


class AssignmentView(Record, frozen=True, kw_only=True):
    """An assignment, and where it stands."""

    accepted_at: dt.datetime | None = None
    authority: str = ""
    """What the person may do: stop the system, overrule it."""
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    competence: str = ""
    """Why the person can do it."""
    duty: AssignedDuty
    ended_because: str = ""
    id: str
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    person: str
    """User name or address."""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    standing: Standing
    state: AssignmentState = AssignmentState("proposed")
    title: str
    trained_until: dt.date | None = None
    """The last day on which all of these trainings count."""
    trainings: tuple[str, ...] = ()
    """Ids of trainings of the person."""


class Assignments(Record, frozen=True, kw_only=True):
    """A page of assignments: what is due first before."""

    assignments: tuple[AssignmentView, ...]
    next_token: str | None = None


class Attestation(Record, frozen=True, kw_only=True):
    """A statement signed by a person in a role, for a scope, with an expiry and the hash of what was signed."""

    comment: str = ""
    decision: AttestationDecision
    expires_at: dt.datetime
    id: str
    model_id: str
    """A model's id, or 'organisation'."""
    model_version: str | None = None
    """None: holds for every version."""
    role: str
    signed_at: dt.datetime
    signer: str
    statement: str
    subject_sha256: str
    """Hash of what was signed: statement, model version, evidence shown."""
    topic: str
    withdrawn_at: dt.datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None


class Attestations(Record, frozen=True, kw_only=True):
    """What people signed."""

    attestations: tuple[Attestation, ...]


class Attribute(Record, frozen=True, kw_only=True):
    """A column that may say something of people which law protects."""

    column: str
    ground: str
    """By the words of the column's name, such as `sex`; values are not looked at."""


class AttributeBias(Record, frozen=True, kw_only=True):
    """One protected attribute, or one combination of several (`attributes` names them)."""

    attributes: tuple[str, ...]
    caveat: str | None = None
    comparison: Comparison
    gap: BiasEstimate | None = None
    """Lowest selection rate over highest, of rated groups."""
    groups: dict[str, GroupBias]
    reason: str
    reference: str | None
    """The group compared with; 'rest' for everybody else; null: none."""
    unjudged: tuple[str, ...] = ()
    """Groups whose selection could not be judged: no pass."""
    verdict: BiasVerdict
    worst_off: WorstOff | None = None


class AuditEntry(Record, frozen=True, kw_only=True):
    """One thing that happened, as the audit trail keeps it. Aggregates and hashes only, no personal data. What is optional is left out of the JSON while it is not known, so that entries of before it hash as they did."""

    action: str
    actor: str
    after: str | None = None
    """SHA-256 of the record's canonical JSON after the change."""
    at: dt.datetime
    before: str | None = None
    """SHA-256 of the record's canonical JSON before the change; none: new, or not known."""
    details: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    key: str | None = None
    """Id of the API key that was sent; the actor is whoever made it."""
    reason: str | None = None
    """Why, in the actor's words."""
    request: str | None = None
    """Id of the request, as logs and the access log have it."""
    role: str | None = None
    """Roles that the actor had then, joined by commas."""
    subject: str


class AuditErasure(Record, frozen=True, kw_only=True):
    """What was asked to be erased. It is done once the entry that says so has its place, within a minute."""

    entries: int
    """Entries whose contents go."""
    more: bool
    """Whether there are more: ask again."""


class AuditFinding(Record, frozen=True, kw_only=True):
    """One thing an audit of a model found, and what to do."""

    finding: str
    recommendation: str


class BackendSettings(Record, frozen=True, kw_only=True):
    """Where a version is asked."""

    address: str
    """An endpoint's name (sagemaker), an https address, or where the skops file lies (linear)."""
    kind: BackendKind
    secret: str | None = None
    """Name of the secret that holds the token."""
    timeout_seconds: float = 10.0
    variant: str | None = None
    """Of a SageMaker endpoint."""


class BaselineAsked(Record, frozen=True, kw_only=True):
    """The model's own cloud is asked for a baseline at the next exchange with it."""

    at_next_exchange: bool = True
    mirrored_at: dt.datetime | None
    """When that cloud was last heard."""
    requested: BaselineRequested


class BaselineInfo(Record, frozen=True, kw_only=True):
    """The baseline a model is compared with: where it came from and what it holds. No row of it is kept."""

    bytes: int
    columns: dict[str, ColumnKind]
    format: int
    """Version of the summary's format."""
    group_column: str | None = None
    """Column that says which rows are of one person or session."""
    name: str
    """Of the summary in the archive."""
    notes: tuple[str, ...] = ()
    origin: str
    """Table, capture, rows, or model_monitor."""
    own_windows: OwnWindowsInfo | None = None
    """Null: its rows have no times."""
    rows: int
    sampled_every: int = 1
    """1: every row; k: every k-th row of a larger source."""
    season: Season = Season("none")
    seasons: dict[str, str] = msgspec.field(default_factory=dict)
    """Part of the season -> summary in the archive."""
    set_at: dt.datetime
    set_by: str
    sha256: str
    slices: SlicedInfo | None = None
    """Null: the policy did not ask for slices then."""
    source: str
    version: int
    """Counts the baselines that were set for the model."""
    window: TimeWindow | None = None


class BaselineRequested(Record, frozen=True, kw_only=True):
    """A person asks for a new baseline of a model whose captured traffic lies in the other cloud."""

    actor: str
    model_id: str
    source: dict[str, JsonValue]
    type: str = "BaselineRequested"


class Became(Record, frozen=True, kw_only=True):
    """What was made of one field of a request."""

    became: str
    field: str


class BiasEstimate(Record, frozen=True, kw_only=True):
    """A number with its 95 % interval, or no number and the reason. Never NaN. `p_adjusted` tests "no difference from the reference", corrected over the groups (Holm); it is null for plain rates. An open side of an interval (a ratio without upper limit) is null while `value` is there."""

    high: float | None = None
    low: float | None = None
    method: str | None = None
    """How the interval was made."""
    p_adjusted: float | None = None
    reason: str | None = None
    value: float | None = None


class BiasHistory(Record, frozen=True, kw_only=True):
    """The trend of one outcome, oldest window first, and its threshold crossings."""

    crossings: tuple[Crossing, ...]
    model_id: str
    next_token: str | None = None
    older: OlderPeriods = msgspec.field(
        default_factory=lambda: msgspec.convert({"note": None, "periods": []}, OlderPeriods)
    )
    """What stands for windows before these that are gone."""
    outcome: str
    points: tuple[BiasTrendPoint, ...]


class BiasJudgement(Record, frozen=True, kw_only=True):
    """One disparity judged by its rule."""

    reason: str
    rows_needed: RowsNeeded | None = None
    """Where it cannot be told yet."""
    shared: bool = False
    """A finding also when all attributes and combinations of the report share the error."""
    threshold: float
    verdict: BiasVerdict


class BiasPolicy(Record, frozen=True, kw_only=True):
    """How a model's fairness is examined. Fixed and versioned before the data are seen. `outcomes` names the columns by role: ``prediction`` (the model's decisions), ``label`` (the ground truth looked at as a decision: the bias in the data), ``score`` (scoring rates above the overall median, calibration, AUC) or ``value`` (a numeric prediction: gaps of means and of errors). One report is made for each."""

    changed_at: dt.datetime | None = None
    changed_by: str | None = None
    combinations: tuple[tuple[str, ...], ...] | None = None
    """All pairs when left out."""
    evidence: float = 20
    """E-value over all windows that makes a finding: 20 is wrong in at most 5 % of models."""
    fairness_metrics: tuple[MetricRule, ...] = msgspec.field(
        default_factory=lambda: msgspec.convert(
            [
                {"enabled": True, "metric": "disparate_impact", "threshold": 0.8},
                {"enabled": True, "metric": "demographic_parity_difference", "threshold": 0.1},
                {"enabled": True, "metric": "equal_opportunity_difference", "threshold": 0.1},
                {"enabled": True, "metric": "predictive_parity_difference", "threshold": 0.1},
            ],
            tuple[MetricRule, ...],
        )
    )
    favourable: tuple[str, ...] = ()
    """Values of prediction and label that favour the person."""
    favourable_label: tuple[str, ...] = ()
    """Labels that favour the person, where they are not spelled like predictions."""
    favourable_scores: str = "high"
    intersectional: bool = True
    intervals: str = "closed_form"
    label: str | None = None
    """Column; the capture schema's label when left out."""
    maximum_groups: int = 1000
    minimum_expected: float = 5
    """Expected count of each outcome in a rated group."""
    minimum_group_size: int = 30
    minimum_label_coverage: float = 0.5
    minimum_share: float | None = None
    """LL144: groups below it are not rated."""
    outcomes: tuple[str, ...] = msgspec.field(default_factory=lambda: msgspec.convert(["prediction"], tuple[str, ...]))
    prediction: str | None = None
    """Column; the capture schema's prediction when left out."""
    preset: Provenance | None = None
    protected_attributes: tuple[ProtectedAttribute, ...] = ()
    rejected_tolerance: float = 0.05
    """Share of records that may be rejected, or read on one side only, before the rows that were read no longer speak for the window; repeated deliveries do not count."""
    replicates: int = 1000
    """Bootstrap replicates."""
    score: str | None = None
    """Column; the capture schema's score when left out."""
    seed: int = 20210521
    significance: float = 0.05
    """After correction over the groups."""
    stratifier: str | None = None
    """Column within whose values selection is also compared."""
    suppress_below: int = 5
    """Smaller counts are hidden in exports; 0 hides none."""
    version: int = 1


class BiasReport(Record, frozen=True, kw_only=True):
    """One examination of one outcome in one window. Its JSON is what the command line prints."""

    attributes: dict[str, AttributeBias] = msgspec.field(default_factory=dict)
    checked_at: dt.datetime
    column: str | None = None
    details: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    """Strata, score resolution, consistency."""
    favourable: tuple[str, ...]
    favourable_label: tuple[str, ...] = ()
    """Labels that were read as favourable."""
    hints: tuple[Hint, ...] = ()
    id: str
    inputs_sha256: str
    intake: Intake | None = None
    intersections: dict[str, AttributeBias] = msgspec.field(default_factory=dict)
    """By the names, joined by ' & '."""
    looks: Looks | None = None
    """Over all windows; null: of a file, or nothing to cumulate."""
    model_id: str | None = None
    model_name: str | None = None
    outcome: str
    overall: dict[str, BiasEstimate] = msgspec.field(default_factory=dict)
    """Rates of all used rows."""
    owner: str | None = None
    policy: BiasPolicy
    reason: str
    revision: int = 1
    rows: BiasRows
    unjudged: tuple[str, ...] = ()
    """What the policy asks for and could not be judged, with reasons: never a pass."""
    verdict: BiasVerdict
    warnings: tuple[str, ...] = ()
    window: TimeWindow | None = None


class BiasReports(Record, frozen=True, kw_only=True):
    """The newest report of each outcome that the policy names."""

    reports: tuple[BiasReport, ...]


class BiasRows(Record, frozen=True, kw_only=True):
    """How many rows were looked at. ``read == used + without_outcome``."""

    label_coverage: float | None = None
    """Share of used rows with a label; null: no labels."""
    labelled: int = 0
    read: int
    unknown: dict[str, int] = msgspec.field(default_factory=dict)
    """Rows whose protected attribute is missing."""
    used: int
    without_outcome: int = 0


class BiasTrendPoint(Record, frozen=True, kw_only=True):
    """One window of a trend."""

    attributes: dict[str, dict[str, TrendGroup]]
    looks: tuple[TrendLook, ...] = ()
    """Over all windows up to this one."""
    needed: float | None = None
    """The e-value that makes a finding; null: nothing cumulates."""
    report_id: str
    verdict: BiasVerdict
    version: str | None = None
    """What serves: a new one starts anew."""
    window: TimeWindow


class BulkCheck(Record, frozen=True, kw_only=True):
    """Gate results of some models and, when there may be more, the token that continues after them."""

    counts: BulkCounts
    next_token: str | None = None
    results: tuple[GateResult, ...]


class BulkCounts(Record, frozen=True, kw_only=True):
    """The numbers of a page of a bulk check."""

    applicable: int
    blocked: tuple[str, ...]
    """Models with a blocking requirement that is contradicted."""
    failing: int
    met: int
    """Requirements met, over the models and all frameworks that are about them."""
    models: int
    passing: int
    """Versions that would be let in now."""
    versions: int


class Calendar(Record, frozen=True, kw_only=True):
    """What is due, the first first."""

    due: tuple[Due, ...]
    until: dt.datetime
    whole: bool = True
    """False: there is more than is shown."""


class CanaryStep(Record, frozen=True, kw_only=True):
    """A share of the traffic and how long it is watched before the next step. 0 %, as a first step: the version gets copies of all requests, and its answers go to nobody (a shadow)."""

    minutes: int = 30
    percent: int


class Candidate(Record, frozen=True, kw_only=True):
    """A version that answers some of the requests."""

    dataset_sha256: str | None = None
    features: tuple[Feature, ...] = ()
    run_id: str | None = None
    shadow: bool = False
    """Whether it gets copies, and its answers go to nobody."""
    stage: Stage
    trouble: str | None = None
    """Why it cannot be served although it is its turn."""
    variant: str
    version: str
    weight: float


class CaptureConfig(Record, frozen=True, kw_only=True):
    """Where an endpoint's traffic is captured and how much of it."""

    enabled: bool
    format: CaptureFormat
    inputs: bool | None = None
    """Whether what was asked is captured; null: not known."""
    labels_uri: str | None = None
    outputs: bool | None = None
    """Whether what was answered is captured; null: not known."""
    sampling_percent: float = 100.0
    uri: str


class CaptureSchema(Record, frozen=True, kw_only=True):
    """The columns of a model's traffic, in the order in which they are captured. Captured CSV has no header, so the order of `inputs` and `outputs` gives the names. JSON records with keys are matched by name instead. `label` describes delayed ground truth, which is joined by row id. An output that has the name of an input repeats it: the input is measured and the output is not, whatever its role. Of an input that is ignored the output of that name is measured; `answering` asks for some."""

    inputs: tuple[ColumnSpec, ...]
    label: ColumnSpec | None = None
    outputs: tuple[ColumnSpec, ...] = ()


class CapturesKept(Record, frozen=True, kw_only=True):
    """What was kept. Checks follow by schedule, once the window is complete."""

    hours: tuple[dt.datetime, ...]
    """In which the rows were answered."""
    model_id: str
    rows: int
    version: str | None
    """That is known to answer."""


class CardFile(Record, frozen=True, kw_only=True):
    """A model card or data sheet in one format. A PDF takes a moment: `report` is the job, then with a link."""

    format: str
    report: Report | None = None
    text: str | None
    """The file; null for a PDF."""


class ChangedAlert(Record, frozen=True, kw_only=True):
    """What became of one alert of many."""

    alert: Alert | None = None
    id: str
    problem: str | None = None
    """Why it was not changed."""


class ChangedAlerts(Record, frozen=True, kw_only=True):
    """What became of each of many alerts."""

    alerts: tuple[ChangedAlert, ...]


class ChatPeople(Record, frozen=True, kw_only=True):
    """Every member of a chat of whom an admin said who they are."""

    people: tuple[ChatPerson, ...]


class ChatPerson(Record, frozen=True, kw_only=True):
    """A member of a chat, and the account that they have."""

    member: str
    """Workspace and member as Slack shows them, such as T0123ABCD-U0456EFGH."""
    person: str
    """Name or address of an account: what it may do, the member may."""
    set_at: dt.datetime
    set_by: str


class CheckRequested(Record, frozen=True, kw_only=True):
    """A model's window is complete and due for a check."""

    check: str
    force: bool = False
    model_id: str
    type: str = "CheckRequested"
    window: TimeWindow


class ChecklistItem(Record, frozen=True, kw_only=True):
    """One thing that the procedure asks of the provider."""

    asks: str
    by_ai_office: bool = False
    """Asked only where the AI Office is competent (Art. 75(1))."""
    id: str
    legal_basis: str
    rests_on: tuple[str, ...]
    """Requirements of the framework eu_ai_act, whose state is shown with it."""


class ChecksAsked(Record, frozen=True, kw_only=True):
    """What was asked for. Reports follow within minutes, or at the exchanges with the model's own cloud."""

    at_next_exchange: bool = False
    """True: the model's own cloud does it; it is asked at the next exchange with it."""
    mirrored_at: dt.datetime | None = None
    """When that cloud was last heard."""
    refused: tuple[Obstacle, ...] = ()
    """Checks of the default three that cannot be made, and what to do about it."""
    requested: tuple[CheckRequested, ...]


class ChiSquareTest(Record, frozen=True, kw_only=True):
    """Chi-square test of homogeneity over the values, rare ones in bands, or null and the reason."""

    degrees: int | None = None
    """Degrees of freedom."""
    p_adjusted: float | None = None
    """Benjamini-Hochberg over the tests of the run."""
    p_value: float | None = None
    reason: str | None = None
    statistic: float | None = None


class Classification(Record, frozen=True, kw_only=True):
    """An answered questionnaire and what follows from it; also evidence ``classification.<questionnaire>``."""

    answers: dict[str, JsonValue]
    contradictions: tuple[str, ...] = ()
    decided_at: dt.datetime
    decided_by: str
    facts: dict[str, JsonValue]
    model_id: str
    questionnaire: str
    reasons: tuple[str, ...]
    summary: str


class Classifications(Record, frozen=True, kw_only=True):
    """The questionnaires that were answered for a model, and what follows from the answers."""

    classifications: tuple[Classification, ...]


class Clock(Record, frozen=True, kw_only=True):
    """One period that a law gives, as it runs in one entry."""

    at_once_since: dt.datetime | None = None
    """From when on the law wants it done immediately."""
    by_law: bool = True
    """False: the law names no period; this one is Syndic's measure."""
    due: dt.datetime
    extended_because: str = ""
    from_what: str = ""
    """The event from which it runs."""
    legal_basis: str
    met_at: dt.datetime | None = None
    name: str
    period: Period
    started_at: dt.datetime
    stopped_at: dt.datetime | None = None
    stopped_because: str = ""
    title: str
    """What has to be done before its end."""


class ClockStanding(Record, frozen=True, kw_only=True):
    """Where one clock of an entry stands at a time, for screens and documents."""

    at_once: bool = False
    """Owed immediately, whatever is left of the period."""
    by_law: bool = True
    due: dt.datetime
    name: str
    period: str = ""
    """In words; none for what is due on a day."""
    seconds_left: int
    """Until its end; negative after it; 0 when nothing is owed any more."""
    state: ClockState
    title: str


class ColumnPoint(Record, frozen=True, kw_only=True):
    """One column in one window, as far as trends need it."""

    jensen_shannon: float | None = None
    ks: float | None = None
    mean: float | None = None
    missing: float | None = None
    psi: float | None = None
    psi_null_point: float | None = None
    severity: Severity
    verdict: DriftVerdict
    wasserstein: float | None = None


class ColumnQuality(Record, frozen=True, kw_only=True):
    """What a column of the window is like. Shares are of all rows of the column, 0 to 1."""

    constant: bool = False
    infinite: int = 0
    kind: ColumnKind
    missing: float
    outside: float | None = None
    """Share outside the expected range; null: no range known."""
    rows: int
    unseen: float | None = None
    """Share of unexpected values; null: no list known."""
    unseen_examples: tuple[str, ...] = ()


class ColumnRule(Record, frozen=True, kw_only=True):
    """Limits of one column, instead of what its baseline lets expect."""

    high: float | None = None
    ignore: bool = False
    low: float | None = None
    max_missing: float | None = None
    """Largest share of missing values."""
    values: tuple[str, ...] | None = None
    """The values that may occur."""


class ColumnSpec(Record, frozen=True, kw_only=True):
    """One column of a model's captured traffic."""

    kind: ColumnKind
    name: str
    role: ColumnRole = ColumnRole("feature")


class ComplianceHistory(Record, frozen=True, kw_only=True):
    """How a model's states under a framework changed, newest first."""

    changes: tuple[HistoryEntry, ...]


class Condition(Record, frozen=True, kw_only=True):
    """One condition of a gate and whether it holds, in words."""

    met: bool
    name: str
    reason: str
    remedy: str | None = None
    waivable: bool = False
    """It does not hold, and a person may say why it need not."""
    waived_by: str | None = None


class ConditionAnswer(Record, frozen=True, kw_only=True):
    """One rollback condition, judged: the number seen, its lower bound, the limit, and why."""

    limit: float | None = None
    lower: float | None = None
    name: str
    reason: str
    value: float | None = None
    verdict: RegistryVerdict


class ConfigurationReport(Record, frozen=True, kw_only=True):
    """What a configuration changed, or would change, and what in it has another meaning here or none."""

    dry_run: bool
    meanings: tuple[FieldMeaning, ...] = ()
    """Fields that became something else, or that decide nothing here: none is ignored in silence."""
    settings: tuple[AppliedSetting, ...]


class Conformity(Record, frozen=True, kw_only=True):
    """Where a system stands: whether it is high-risk, by which procedure, its assessments, decisions on versions."""

    files: tuple[FileView, ...]
    """The newest first."""
    high_risk: bool | None
    """By the answers, with the organisation as provider; null: not answered."""
    missing: tuple[str, ...]
    model_id: str
    modifications: tuple[Modification, ...]
    """The newest first."""
    next_steps: tuple[str, ...]
    proposed_route: str | None
    """The procedure that the answers lead to."""
    routes: tuple[ConformityProcedure, ...]
    """The procedures that may be chosen."""
    undecided: tuple[str, ...]
    """Versions of which nobody decided whether they are modifications."""


class ConformityFile(Record, frozen=True, kw_only=True):
    """The conformity assessment of one version. `state` is its `FileState`."""

    changed_at: dt.datetime
    changed_by: str
    checks: dict[str, Any] = msgspec.field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    concluded_at: dt.datetime | None = None
    concluded_by: str | None = None
    foreseen: tuple[ForeseenChange, ...] = ()
    id: str
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    notified_body: NotifiedBody | None = None
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    route: ConformityProcedure | None = None
    route_reasons: str = ""
    serves: str | None = None
    """The name under which this version serves now; null: another one serves, or none."""
    sha256: str | None = None
    """Of what was concluded, in canonical form."""
    standards: tuple[str, ...] = ()
    """Harmonised, or common specifications."""
    state: str
    title: str
    version: str


class Counts(Record, frozen=True, kw_only=True):
    """How many entries of a register are in which state, and how urgent the open ones are."""

    by_state: dict[str, int]
    by_urgency: dict[str, int]
    """Open entries, each by the most urgent of what it owes."""
    whole: bool = True
    """False: there are more than were counted."""


class Crossing(Record, frozen=True, kw_only=True):
    """A judged disparity that began or ceased to be beyond its threshold, from one window to the next."""

    after: float | None
    at: dt.datetime
    attribute: str
    before: float | None
    direction: str
    """Began or ceased."""
    group: str
    metric: BiasMetric
    report_id: str
    threshold: float


class Crosswalk(Record, frozen=True, kw_only=True):
    """Every requirement by what it asks for."""

    asked: tuple[Asked, ...]


class DatePage(Record, frozen=True, kw_only=True):
    """Dates to come at some models, and the token for the next ones."""

    dates: tuple[LegalDate, ...]
    next_token: str | None = None


class Deadline(Record, frozen=True, kw_only=True):
    """A date that matters for a requirement: entry into force, or the expiry of something it rests on."""

    framework_id: str
    kind: str
    on: dt.datetime
    requirement_id: str
    title: str
    what: str


class Deadlines(Record, frozen=True, kw_only=True):
    """Entries into force and expiries to come, by date."""

    deadlines: tuple[Deadline, ...]


class Deliveries(Record, frozen=True, kw_only=True):
    """What receivers were told, and what waits."""

    deliveries: tuple[DeliveryState, ...]


class DeliveryState(Record, frozen=True, kw_only=True):
    """What a receiver was told of a group of alerts, and what waits."""

    alerts: tuple[str, ...]
    """Ids of the alerts that it was told of and that may still stand."""
    id: str
    labels: dict[str, str]
    """By which the alerts are grouped."""
    not_before: dt.datetime | None
    """Until then it is left alone."""
    receiver: str
    told_at: dt.datetime | None
    """Of the last message."""
    tries: int
    """In vain, one after the other."""
    trouble: str | None
    """Why it did not take the last message."""
    waiting: tuple[str, ...]
    """Ids of alerts of a message that was not taken, or is on its way."""


class Deployment(Record, frozen=True, kw_only=True):
    """A version on its way to serve an endpoint."""

    asked_at: dt.datetime
    asked_by: str
    attempts: int = 0
    before: Served | None = None
    changed_at: dt.datetime
    ended_at: dt.datetime | None = None
    endpoint: str
    endpoint_of: str
    ends_as: str | None = None
    history: tuple[DeploymentEvent, ...] = ()
    id: str
    judgement: RegistryJudgement | None = None
    looks: int = 0
    """Times the numbers were judged; each look has a smaller chance of error."""
    model_id: str
    model_name: str
    policy: str
    reason: str
    replaces: str | None = None
    """The version that was in the target stage before."""
    resource_id: str
    rollback: RollbackConditions
    state: DeploymentState = DeploymentState("planned")
    state_reason: str
    step: int = 0
    step_since: dt.datetime | None = None
    steps: tuple[CanaryStep, ...]
    strategy: Strategy
    target: Stage
    version: str
    version_sha256: str


class DeploymentEvent(Record, frozen=True, kw_only=True):
    """One thing that happened to a deployment."""

    at: dt.datetime
    by: str
    judgement: RegistryJudgement | None = None
    percent: int | None = None
    reason: str
    state: DeploymentState


class DeploymentPage(Record, frozen=True, kw_only=True):
    """Some deployments, newest first, and the token that continues after them."""

    deployments: tuple[Deployment, ...]
    next_token: str | None = None


class DocumentRecord(Record, frozen=True, kw_only=True):
    """That a document exists, where, and its hash. Its quality is for a person to judge."""

    dated: dt.date
    expires_at: dt.datetime | None = None
    location: str
    model_id: str
    model_version: str | None = None
    recorded_at: dt.datetime
    recorded_by: str
    sha256: str
    text: str | None = None
    """The document itself, where somebody wrote it here."""
    title: str
    topic: str


class Documents(Record, frozen=True, kw_only=True):
    """What is on record of documents, the newest first."""

    documents: tuple[DocumentRecord, ...]


class DraftAnswer(Record, frozen=True, kw_only=True):
    """A draft, and the same as a page of Markdown."""

    draft: IncidentDraft
    markdown: str


class DraftField(Record, frozen=True, kw_only=True):
    """One field of a draft. `value` None: not on record."""

    asked_by: str
    """The provision that asks for it, or why it is here."""
    name: str
    title: str
    value: str | None


class DriftFeatureRule(Record, frozen=True, kw_only=True):
    """What differs for one feature. Left out is as in the policy."""

    distance_threshold: float | None = None
    ignore: bool = False
    min_samples: int | None = None
    psi_threshold: float | None = None
    severity_levels: SeverityBands | None = None
    share_threshold: float | None = None


class DriftHistory(Record, frozen=True, kw_only=True):
    """The windows of a model, oldest first, and its episodes."""

    episodes: tuple[Episode, ...]
    model_id: str
    next_token: str | None = None
    older: OlderPeriods = msgspec.field(
        default_factory=lambda: msgspec.convert({"note": None, "periods": []}, OlderPeriods)
    )
    """What stands for windows before these that are gone."""
    points: tuple[HistoryPoint, ...]


class DriftPolicy(Record, frozen=True, kw_only=True):
    """How a model's drift is judged. A feature drifts when its effect size is over a threshold (PSI over `psi_threshold`, or, where it is set, the largest gap between the two distributions over `distance_threshold`), PSI is also over its own small-sample null point, and a test is significant after the correction over all tests of the run. It also drifts when the share of missing or infinite values, of values that are rare or new, or of values far out in a tail changes that much by PSI, or by more than `share_threshold`, and the test of that share is significant."""

    alarm_budget: float = 0.3
    """Windows a month, over all columns, that may be beyond the limits learnt from the baseline's own windows although nothing changed."""
    buckets: int = 10
    """Quantile bins of PSI."""
    changed_at: dt.datetime | None = None
    changed_by: str | None = None
    distance_threshold: float | None = None
    """Largest gap of the distribution functions, or of a category's share."""
    evidence_days: int = 35
    """After how many days evidence of a run expires."""
    features: tuple[str, ...] | None = None
    """Only these; left out: all."""
    impact: ImpactRules = msgspec.field(
        default_factory=lambda: msgspec.convert({"hurt": "high", "not_seen": None}, ImpactRules)
    )
    min_samples: int = 200
    """Rows that baseline and window each need."""
    multivariate: bool = False
    """Also compare the reconstruction error of a PCA."""
    notes: dict[str, str] = msgspec.field(default_factory=dict)
    """Settings kept as given, which change nothing here."""
    paging_significance: float = 0.05
    """Family-wise (Holm) level for paging."""
    persistence: Persistence | None = None
    """Left out: 2 of 3 for windows of an hour or a day, 1 of 1 for longer ones and for batch jobs."""
    psi_threshold: float | None = 0.1
    """Null: PSI does not decide."""
    rejected_tolerance: float = 0.05
    """Share of records that may be rejected, or read on one side only, before the rows that were read no longer speak for the window; repeated deliveries do not count."""
    rules: dict[str, DriftFeatureRule] = msgspec.field(default_factory=dict)
    """By feature."""
    season: Season = Season("auto")
    severity_levels: SeverityBands = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {"critical": 0.25, "high": 0.15, "low": 0.05, "medium": 0.1}, SeverityBands
        )
    )
    share_threshold: float | None = None
    """Change of the share of missing, infinite, rare or new, or far-out values that matters; left out: half of psi_threshold, or distance_threshold without one."""
    significance: float = 0.005
    """False discovery rate of a run."""
    slices: bool = False
    """Say of each window in which slices (one or two conditions) drift and wrong predictions concentrate; the baseline has to be set after this was asked for."""
    version: int = 1


class DriftReport(Record, frozen=True, kw_only=True):
    """One comparison of a window with the baseline. Its JSON is what the command line prints."""

    baseline_sha256: str
    checked_at: dt.datetime
    confirmed: tuple[str, ...] = ()
    """Those that the persistence rule confirms."""
    drifted: tuple[str, ...] = ()
    """Columns that drift, the largest share first."""
    error_slices: Slices | None = None
    """Where error does; null: no labels, or not looked for."""
    features: dict[str, FeatureDrift]
    id: str
    inputs_sha256: str
    intake: Intake | None = None
    lost_columns: tuple[str, ...] = ()
    mistyped_columns: dict[str, ColumnKind] = msgspec.field(default_factory=dict)
    """Came with this other kind."""
    model_id: str | None = None
    model_name: str | None = None
    multivariate: MultivariateDrift | None = None
    new_columns: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    """What was asked for and has no answer; columns set aside by rule do not count."""
    owner: str | None = None
    policy: DriftPolicy
    reason: str
    revision: int = 1
    rows: DriftRows
    severity: Severity
    slices: Slices | None = None
    """Where drift concentrates; null: not looked for."""
    tests: int = 0
    """Tests that the correction is over."""
    usual: UsualWindows | None = None
    """Null: the baseline has no times."""
    verdict: DriftVerdict
    warnings: tuple[str, ...] = ()
    window: TimeWindow | None = None


class DriftRows(Record, frozen=True, kw_only=True):
    """Rows compared."""

    baseline: int
    current: int


class DriftTrendPoint(Record, frozen=True, kw_only=True):
    """One window in the trend of one column."""

    jensen_shannon: float | None = None
    ks: float | None = None
    mean: float | None = None
    missing: float | None = None
    psi: float | None = None
    psi_null_point: float | None = None
    report_id: str
    severity: Severity
    verdict: DriftVerdict
    wasserstein: float | None = None
    window: TimeWindow


class DryRun(Record, frozen=True, kw_only=True):
    """The states that activating a version would change, over the first 200 models."""

    changes: tuple[StateChange, ...]
    models: int
    """That were looked at."""
    more: bool = False
    """Whether there are models that were not."""
    says: str
    """The same in a sentence, such as would change 12 states of 3 models."""


class Due(Record, frozen=True, kw_only=True):
    """One thing that is due."""

    kind: str
    link: str
    """Where it is done, as a path of the API."""
    model_id: str | None = None
    on: dt.datetime
    overdue: bool
    register_name: str | None = None
    """Of an entry: its register."""
    what: str
    who: str | None
    """An address or a user name; null: nobody is named."""


class DuePage(Record, frozen=True, kw_only=True):
    """Signatures that are due at some models, and the token for the next ones."""

    next_token: str | None = None
    signatures: tuple[DueSignature, ...]


class DueSignature(Record, frozen=True, kw_only=True):
    """A signature that is due: one settles all statements under its topic that its role signs."""

    model_id: str
    """A model's id, or organisation."""
    model_name: str
    model_version: str | None = None
    needed_from: dt.date | None = None
    """First day a requirement with it applies; null: now."""
    owner: str | None = None
    requirements: tuple[str, ...]
    """That wait for it now, such as eu_ai_act/AIA-14."""
    role: str
    state: State
    """Due, or expired."""
    statements: tuple[Statement, ...]
    topic: str
    valid_days: int
    """For how long a signature is good."""
    why: str


class DueSignatures(Record, frozen=True, kw_only=True):
    """Signatures that are due about one model, and about the organisation for its sake."""

    signatures: tuple[DueSignature, ...]


class Effect(Record, frozen=True, kw_only=True):
    """What one thing does to one requirement."""

    after: State
    before: State
    """Without regard to dates of application."""
    framework_id: str
    framework_title: str
    models: int = 1
    """At how many of the models looked at."""
    requirement_id: str
    settled: bool
    """Whether it is met then, and was not before."""
    title: str
    why: str
    """Of what stays open: the reason that is left."""


class Endpoint(Record, frozen=True, kw_only=True):
    """An endpoint as its cloud describes it now. Discovery never adds anything the cloud did not say."""

    capture: CaptureConfig | None = None
    cloud: Cloud
    created_at: dt.datetime | None = None
    kinds: tuple[str, ...] = ()
    name: str
    resource_id: str
    scope: str
    status: str
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    variants: tuple[EndpointVariant, ...] = ()


class EndpointVariant(Record, frozen=True, kw_only=True):
    """One variant (SageMaker) or deployment (Azure ML) behind an endpoint."""

    image: str | None = None
    instance_type: str | None = None
    model_name: str | None = None
    model_version: str | None = None
    name: str
    weight: float | None = None


class EntryPage(Record, frozen=True, kw_only=True):
    """Some entries and the token for the next ones."""

    entries: tuple[LoggedEntry, ...]
    next_token: str | None = None


class Episode(Record, frozen=True, kw_only=True):
    """One trouble: a column that drifts in consecutive windows. Windows without an answer do not end it."""

    feature: str
    first: TimeWindow
    last: TimeWindow
    ongoing: bool
    """The newest answered window shows it."""
    windows: int
    """How many windows show it."""
    worst: Severity
    worst_psi: float | None


class ErasureDone(Record, frozen=True, kw_only=True):
    """What came of the objects of a plan so far."""

    changed: int = 0
    """Objects that are others than those planned; left as they are."""
    gone: int = 0
    """Objects that had gone by themselves meanwhile."""
    objects: int = 0
    """Objects done."""
    rows: int = 0
    """Rows that are gone of them."""


class ErasureErasure(Record, frozen=True, kw_only=True):
    """An erasure of captured rows of a model: of some persons, or of what is older than a period."""

    applied_at: dt.datetime | None = None
    applied_by: str | None = None
    apply_asked_at: dt.datetime | None = None
    asked_at: dt.datetime
    asked_by: str
    column: str | None = None
    """Column that names persons; null: the id of the call."""
    done: ErasureDone = msgspec.field(
        default_factory=lambda: msgspec.convert({"changed": 0, "gone": 0, "objects": 0, "rows": 0}, ErasureDone)
    )
    found: ErasureFound = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {
                "bytes_after": 0,
                "bytes_before": 0,
                "looked_at": 0,
                "objects": 0,
                "reasons": {},
                "removed": 0,
                "rows": 0,
                "unreadable": 0,
                "unresolved": 0,
            },
            ErasureFound,
        )
    )
    id: str
    kind: str
    model_id: str
    notices: tuple[str, ...] = ()
    """What to think of before this is applied."""
    older_than: dt.datetime | None = None
    """Folders that end before go, of kind age."""
    persons: int = 0
    """How many identifiers were given; the identifiers are not kept."""
    plan_sha256: str | None = None
    """Hash of the whole plan: what is applied is named by it."""
    planned_at: dt.datetime | None = None
    reason: str
    reference: str = ""
    """Of the request of a person, or another record."""
    sheets: tuple[ErasureSheet, ...] = ()
    state: ErasureState = ErasureState("planning")
    stopped: str | None = None
    """Why it was stopped: a legal hold."""
    trouble: str | None = None
    """What the store last answered, where it refused."""
    versions: str = ""
    """What becomes of earlier versions in the store."""


class ErasureFound(Record, frozen=True, kw_only=True):
    """What a plan found, or what was done of it, as counts."""

    bytes_after: int = 0
    """Bytes of their content that stays."""
    bytes_before: int = 0
    """Bytes of these objects as they lie in the store."""
    looked_at: int = 0
    """Objects that were looked at."""
    objects: int = 0
    """Objects that are to change or to go."""
    reasons: dict[str, int] = msgspec.field(default_factory=dict)
    """Why they stay: reason -> how many."""
    removed: int = 0
    """Those of them that go whole."""
    rows: int = 0
    """Rows that go; of ground truth, labels."""
    unreadable: int = 0
    """Lines that cannot be read, so that nothing is known of them."""
    unresolved: int = 0
    """Rows, or whole objects, that would have to go and stay."""


class ErasureSheet(Record, frozen=True, kw_only=True):
    """Some objects of a plan, kept together in the archive."""

    name: str
    objects: int
    sha256: str


class Erasures(Record, frozen=True, kw_only=True):
    """A page of erasures, the newest first."""

    erasures: tuple[ErasureErasure, ...]
    may_apply: bool
    """Whether this deployment may erase; plans can always be made."""
    next_token: str | None = None


class Escalation(Record, frozen=True, kw_only=True):
    """Who is told when nobody has acknowledged after a time."""

    after: str
    receiver: str
    within: str | None = None
    """An interval: only its time is counted, as business hours."""


class EuRegistration(Record, frozen=True, kw_only=True):
    """What people give for the registration of one system. `state` is its `RegistrationState`."""

    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    entry_url: str = ""
    """Of the entry in the database."""
    given: dict[str, str] = msgspec.field(default_factory=dict)
    """By number of the point."""
    id: str
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    registered_by: str | None = None
    registered_on: dt.date | None = None
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    section: DataSection
    sha256: str | None = None
    """Of the data set as it was registered."""
    state: str
    title: str


class EvidenceRef(Record, frozen=True, kw_only=True):
    """The evidence a state rests on, as it was when it was looked at."""

    expires_at: dt.datetime | None = None
    """The earlier of its own expiry and the allowed age."""
    kind: str
    model_id: str
    produced_at: dt.datetime
    sha256: str
    source: str
    stale: bool = False
    status: EvidenceStatus
    summary: str
    window: TimeWindow | None = None


class EvidenceStanding(Record, frozen=True, kw_only=True):
    """The newest evidence of a kind, in short."""

    expires_at: dt.datetime | None
    produced_at: dt.datetime
    source: str
    status: EvidenceStatus
    summary: str
    verdict: str | None
    """The verdict of the check behind it, where it has one."""
    window: TimeWindow | None


class ExchangedToken(Record, frozen=True, kw_only=True):
    """A key of a quarter of an hour, with the names of RFC 8693."""

    access_token: str
    expires_in: int
    """Seconds."""
    issued_token_type: str = "urn:ietf:params:oauth:token-type:access_token"
    scope: str
    token_type: str = "Bearer"


class ExpectedPerformance(Record, frozen=True, kw_only=True):
    """What the model is expected to reach on rows without labels. Each interval is for what the labels will show."""

    calibration_error: float | None = None
    """Mean distance between chance and outcome."""
    calibration_p: float | None = None
    """Of 'the chances are right', on every other part."""
    metrics: dict[str, QualityEstimate] = msgspec.field(default_factory=dict)
    outside: float | None = None
    """Share of rows where the reference has hardly any."""
    realised: dict[str, float] = msgspec.field(default_factory=dict)
    """By the labels that have come."""
    reason: str
    reference_parts: int
    reference_rows: int
    rows: int
    rows_needed: int | None = None
    """Rows of the window until something is expected of it."""
    rows_reason: str | None = None
    """Where it is not told and no number of rows would tell: why."""
    verdict: ExpectedVerdict


class Feature(Record, frozen=True, kw_only=True):
    """One input of a version."""

    name: str
    required: bool = True
    type: FeatureType


class FeatureDrift(Record, frozen=True, kw_only=True):
    """One column: its measures, and the verdict with its reason. A null measure has its reason in `undefined`."""

    baseline_moments: Moments | None = None
    chi_square: ChiSquareTest
    current_moments: Moments | None = None
    decided_by: tuple[str, ...] = ()
    """What drifts: distribution, missing, infinite, rare, new, newcomer, stopped, unusual, tail."""
    design: float = 1.0
    """Rows that count as one, as those of one person do."""
    effect: float | None = None
    """The largest PSI of what decided."""
    histogram: Histogram | None = None
    infinite: ShareChange | None = None
    """Numeric columns with infinite values."""
    jensen_shannon: float | None = None
    """Distance, base 2: 0 the same, 1 disjoint."""
    kind: ColumnKind
    ks: KsTest
    l_infinity: float | None = None
    """Largest gap of distribution functions or of shares."""
    limit: PsiLimit | None = None
    """What PSI was judged by; null: no PSI decides."""
    missing: Missing
    new: ShareChange | None = None
    """Values that the baseline does not list, against what its rare ones let expect."""
    newcomer: ShareChange | None = None
    """The one new value that most rows have."""
    p_holm: float | None = None
    """Smallest p of the column's tests, Holm over the run."""
    pages: bool = False
    """Drift that is also significant by Holm's stricter correction."""
    psi: float | None = None
    psi_null_point: float | None = None
    """95 % of PSI values without any change are below."""
    rare: ShareChange | None = None
    """Values too rare to be compared one by one, and new ones."""
    reason: str
    role: ColumnRole = ColumnRole("feature")
    rows_needed: int | None = None
    """Rows of a window until it can be told, if it looks like this one; null: it is told."""
    rows_reason: str | None = None
    """Where it is not told and no number of rows would tell: why."""
    severity: Severity
    share: float | None = None
    """Part of the run's change that this column carries, 0 to 1."""
    stopped: ShareChange | None = None
    """Values that no row has any more; baseline: beyond what chance lets be absent."""
    tail: ShareChange | None = None
    """Numeric columns: the tail that grew most improbably."""
    undefined: dict[str, str] = msgspec.field(default_factory=dict)
    """Measure -> why it has no value."""
    unseen: Unseen | None = None
    """Categorical columns only."""
    unusual: ShareChange | None = None
    """All but the one value that nearly all rows have."""
    value_psi: float | None = None
    """PSI value by value where `psi` holds several together."""
    verdict: DriftVerdict
    wasserstein: float | None = None
    """In standard deviations of the baseline."""


class FeatureTrend(Record, frozen=True, kw_only=True):
    """One column over the windows, oldest first."""

    episodes: tuple[Episode, ...]
    feature: str
    model_id: str
    older: OlderPeriods = msgspec.field(
        default_factory=lambda: msgspec.convert({"note": None, "periods": []}, OlderPeriods)
    )
    """What stands for windows before these that are gone."""
    points: tuple[DriftTrendPoint, ...]
    threshold: float | None


class FieldMeaning(Record, frozen=True, kw_only=True):
    """What a field of a file means here."""

    field: str
    file: str
    meaning: str


class FieldProblem(Record, frozen=True, kw_only=True):
    """One wrong field of a request."""

    problem: str
    where: str
    """Such as body.window.start, query.limit, or the unmet condition of a gate."""


class FileProblem(Record, frozen=True, kw_only=True):
    """One thing that is wrong in a framework file."""

    field: str
    line: int
    problem: str


class FileView(Record, frozen=True, kw_only=True):
    """An assessment with its checklist and what keeps it from being concluded."""

    file: ConformityFile
    items: tuple[ShownItem, ...]
    open: tuple[str, ...]
    standing: Standing


class ForeseenChange(Record, frozen=True, kw_only=True):
    """A change that the assessment foresaw, so that it is no substantial modification (Art. 3(23), 43(4))."""

    description: str
    id: str
    limits: str
    """Within which it stays as it was assessed."""


class FrameworkCount(Record, frozen=True, kw_only=True):
    """How many requirements of a framework a model meets, of those in force that apply to it."""

    applicable: int
    blocking: tuple[str, ...] = ()
    framework_id: str
    met: int
    not_met: int
    title: str


class FrameworkCounts(Record, frozen=True, kw_only=True):
    """Where a system stands by one framework, in counts."""

    applicable: int
    counts: dict[str, int]
    framework_id: str
    met: int
    needs_traffic: tuple[str, ...]
    """Requirements that wait for evidence which is measured of traffic, by id."""
    title: str


class FrameworkStatus(Record, frozen=True, kw_only=True):
    """A framework judged for one model. `inputs_sha256` covers the framework and every piece of evidence read."""

    applicable: int
    """Requirements in force that apply, or may apply, to this model."""
    blocking: tuple[str, ...]
    """Ids of blocking requirements in force that are contradicted by evidence."""
    changes_at: dt.datetime | None
    """When the first requirement changes by itself."""
    counts: dict[str, int]
    """Requirements by state; every state is a key."""
    evaluated_at: dt.datetime
    framework_id: str
    framework_sha256: str
    framework_source: str = ""
    framework_title: str
    framework_version: str
    inputs_sha256: str
    met: int
    """Of the applicable ones, those the evidence supports."""
    model_id: str
    model_name: str
    model_version: str | None
    notice: str = ""
    """What a result under this framework does not say."""
    owner: str | None
    readiness: dict[str, int]
    """Requirements by the state they would have if everything were in force today."""
    requirements: tuple[RequirementState, ...]
    """None where the framework does not apply."""
    scope: ScopeState | None = None
    """Null: the framework asks no questions of its own."""
    screening: dict[str, int]
    """What to answer first: evidence that is missing, and for how many requirements it says whether they apply."""
    stands: bool
    """Whether the framework is known to ask something of this model: some requirement is known to apply."""


class FrameworkStatuses(Record, frozen=True, kw_only=True):
    """Where models stand."""

    statuses: tuple[FrameworkStatus, ...]


class FrameworkSummary(Record, frozen=True, kw_only=True):
    """A version of a framework, without its text."""

    activated_at: dt.datetime | None
    activated_by: str | None
    built_in: bool
    ended_at: dt.datetime | None = None
    ended_by: str | None = None
    """Who switched it off or removed it."""
    ended_reason: str | None = None
    framework_id: str
    sha256: str
    state: VersionState
    title: str
    uploaded_at: dt.datetime
    uploaded_by: str
    version: str


class FrameworkVersion(Record, frozen=True, kw_only=True):
    """An uploaded version of a framework with the text it was loaded from."""

    activated_at: dt.datetime | None = None
    activated_by: str | None = None
    built_in: bool = False
    ended_at: dt.datetime | None = None
    ended_by: str | None = None
    """Who switched it off or removed it."""
    ended_reason: str | None = None
    framework_id: str
    sha256: str
    state: VersionState
    text: str
    title: str
    uploaded_at: dt.datetime
    uploaded_by: str
    version: str


class Frameworks(Record, frozen=True, kw_only=True):
    """Every version of every framework."""

    frameworks: tuple[FrameworkSummary, ...]


class GateResult(Record, frozen=True, kw_only=True):
    """All conditions of a promotion. `passed` only if each is met or waived."""

    conditions: tuple[Condition, ...]
    judged_at: dt.datetime
    model_id: str
    policy: str
    target: Stage
    version: str


class GatewayFeatureRule(Record, frozen=True, kw_only=True):
    """What a feature's values have to be beside their type."""

    categories: tuple[str, ...] = ()
    maximum: float | None = None
    minimum: float | None = None
    on_violation: OnViolation = OnViolation("reject")


class GatewayHealth(Record, frozen=True, kw_only=True):
    """Whether a version is there to answer."""

    model_loaded: bool
    model_version: str | None = None
    reason: str | None = None
    status: str


class GatewayRecord(Record, frozen=True, kw_only=True):
    """The settings as they are kept."""

    changed_at: dt.datetime
    changed_by: str
    model_id: str
    settings: GatewaySettings


class GatewaySettings(Record, frozen=True, kw_only=True):
    """How a model is served through the gateway."""

    along: tuple[str, ...] = ()
    """Names that may come along and are logged, never given to the model."""
    answer: str = "governed"
    """Passthrough: the backend's own bytes are answered; what is said of them stands in headers."""
    backends: dict[str, BackendSettings]
    """By version; "*" answers for every version that has none of its own."""
    features: dict[str, GatewayFeatureRule] = msgspec.field(default_factory=dict)
    log: LogPolicy = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {"columns": None, "guarantee": "required", "pseudonymised": [], "redacted": [], "sampling_percent": 100.0},
            LogPolicy,
        )
    )
    negative_class: str | None = None
    output: str | int = msgspec.convert("probability", str | int)
    """Name or place of the answer's column that is the score; of one number a row: left out."""
    positive_class: str | None = None
    """What a score near 1 says, such as benign."""
    row_id: str | None = None
    """Name that may come along with a row's own id."""
    stage: str = "production"
    task: str = "classification"
    threshold: float = 0.5
    """Scores from here on are the positive class."""


class GivenApproval(Record, frozen=True, kw_only=True):
    """An approval that was in force."""

    by: tuple[str, ...]
    """Who approved, each with the role."""
    policy: str
    request: str
    target: Stage


class GovernanceAudit(Record, frozen=True, kw_only=True):
    """Where one model stands, in counts, findings and recommendations."""

    approvals: dict[str, int]
    audited_at: dt.datetime
    card_missing: tuple[str, ...] = ()
    """Empty fields of its model card."""
    counts: GovernanceCounts
    data_sheet_missing: tuple[str, ...] = ()
    """Empty fields of its data sheet."""
    deployments: dict[str, int] = msgspec.field(default_factory=dict)
    """State -> number, of the newest 100."""
    documented: str | None = None
    """The version in production, else the one made last."""
    evidence: dict[str, EvidenceStatus]
    findings: tuple[AuditFinding, ...]
    gate: GateResult | None
    model_id: str
    production: str | None
    stages: dict[str, Stage]


class GovernanceCounts(Record, frozen=True, kw_only=True):
    """The numbers of an audit, as a report on governance shows them. None of them is an average."""

    applicable: int
    """Requirements in force that apply, over all frameworks."""
    approvals: int
    """Requests for approval in all."""
    approved: int
    data_sheet: bool
    deployments: int
    """Of the newest 100."""
    findings: int
    frameworks: tuple[FrameworkCount, ...]
    """That are about the model."""
    latest_deployment: str | None
    """State of the newest one."""
    met: int
    """Requirements met, over all frameworks."""
    model_card: bool
    """Whether the card of the documented version has no empty field."""
    pending: int
    recommendations: int
    """Different ones."""


class GroupBias(Record, frozen=True, kw_only=True):
    """One group: its counts, its rates, and its disparities from the reference. `confusion` holds true_positive, false_positive, true_negative and false_negative counts of labelled rows. `rates` holds selection_rate, true_positive_rate, false_positive_rate, true_negative_rate, false_negative_rate, precision, negative_predictive_value, accuracy, base_rate, treatment_ratio; of scores scoring_rate, auc, ... . The disparities that the contract names are fields; the others are in `disparities`, by metric."""

    confusion: dict[str, int] | None = msgspec.field(default_factory=dict)
    demographic_parity_difference: BiasEstimate
    disparate_impact: BiasEstimate
    disparities: dict[str, BiasEstimate] = msgspec.field(default_factory=dict)
    equal_opportunity_difference: BiasEstimate
    is_reference: bool = False
    judgements: dict[str, BiasJudgement] = msgspec.field(default_factory=dict)
    labelled: int | None = None
    n: int | None
    """Rows with a decision; null in an export when suppressed."""
    predictive_parity_difference: BiasEstimate
    rates: dict[str, BiasEstimate] = msgspec.field(default_factory=dict)
    reason: str
    selected: int | None = None
    selection_rate: BiasEstimate
    share: float | None
    suppressed: bool = False
    verdict: BiasVerdict


class Head(Record, frozen=True, kw_only=True):
    """The state of the log: how many entries it has and the hash of the last one. Whoever keeps a head outside the log can later prove that nothing before it was cut or changed."""

    hash: str = "0000000000000000000000000000000000000000000000000000000000000000"
    size: int = 0


class Health(Record, frozen=True, kw_only=True):
    """The API answers."""

    status: str = "ok"


class HighRiskAssessment(Record, frozen=True, kw_only=True):
    """The documented assessment that a system of Annex III is not high-risk (Art. 6(4)). `state` is its `FormState`."""

    area: str
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    ground_reasons: dict[str, str] = msgspec.field(default_factory=dict)
    grounds: tuple[str, ...]
    """The conditions of Art. 6(3) relied on, by their names in the answers."""
    id: str
    influence: str = ""
    """Why it does not materially influence the outcome of decisions."""
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    no_profiling: str = ""
    """Why it does not profile natural persons."""
    no_significant_risk: str = ""
    """Why there is no significant risk of harm to health, safety or fundamental rights."""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    serves: str | None = None
    """The name under which this version serves now; null: another one serves, or none."""
    sha256: str | None = None
    signed_at: dt.datetime | None = None
    signed_by: str | None = None
    state: str
    title: str
    version: str


class HighRiskAssessmentView(Record, frozen=True, kw_only=True):
    """The form for a version, whether the answers call for it, and what it lacks."""

    applies: bool | None
    """The system is in an area of Annex III and an exception of Art. 6(3) is relied on by its provider; null: the questionnaire is not answered."""
    forms: tuple[HighRiskAssessment, ...]
    """The newest first."""
    missing: tuple[str, ...]
    """What the newest one lacks."""
    model_id: str
    standing: Standing | None


class Hint(Record, frozen=True, kw_only=True):
    """Score thresholds per group that would equalise a rate, and what that costs. An aid to thought, not an advice. Different thresholds by protected attribute are unlawful in several fields of law: the note says so."""

    accuracy_after: float | None = None
    accuracy_before: float | None = None
    attribute: str
    common_threshold: float
    gap_after: float
    gap_before: float
    groups: dict[str, HintGroup]
    metric: BiasMetric
    note: str
    selections_after: int
    selections_before: int
    target: float


class HintGroup(Record, frozen=True, kw_only=True):
    """One group's part in a hint."""

    accuracy: float | None = None
    rate: float
    """The rate that is equalised."""
    selection_rate: float
    threshold: float


class Histogram(Record, frozen=True, kw_only=True):
    """Shares of the rows before and after. Numeric: ``len(edges) + 1`` bins, the outer ones open. Categorical: bins named by `labels`."""

    baseline: tuple[float, ...]
    current: tuple[float, ...]
    edges: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    missing_baseline: float = 0.0
    missing_current: float = 0.0


class HistoryEntry(Record, frozen=True, kw_only=True):
    """The states that changed at one time."""

    at: dt.datetime
    changes: dict[str, tuple[Any, ...]]
    """Requirement id -> before, after."""
    counts: dict[str, int]
    framework_id: str
    inputs_sha256: str


class HistoryPoint(Record, frozen=True, kw_only=True):
    """One window in the history of a model."""

    columns: dict[str, ColumnPoint]
    confirmed: tuple[str, ...] = ()
    """Those that the persistence rule confirms."""
    drifted: tuple[str, ...]
    """Columns that drift in this window."""
    impact: Impact | None = None
    """Whether its drift did harm; null: no column drifts."""
    recovered: tuple[str, ...] = ()
    """Confirmed not long before, and quiet in this window."""
    report_id: str
    revision: int = 1
    rows: int
    severity: Severity
    verdict: DriftVerdict
    window: TimeWindow


class Hold(Record, frozen=True, kw_only=True):
    """What nobody may erase, since when and why."""

    at: dt.datetime
    by: str
    reason: str
    subject: str


class HoldList(Record, frozen=True, kw_only=True):
    """All legal holds."""

    holds: tuple[Hold, ...]


class IdentifiedVersion(Record, frozen=True, kw_only=True):
    """A version with the id by which metrics are sent."""

    algorithm: str | None = None
    artefact_location: str | None = None
    artefacts: tuple[Artefact, ...] = ()
    changed_by: tuple[str, ...] = ()
    commit: str | None = None
    created_at: dt.datetime
    created_by: str
    dependencies: tuple[str, ...] = ()
    framework: str | None = None
    hyperparameters: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    id: str
    """<model>@<version>."""
    metadata: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    metrics: dict[str, float | str] = msgspec.field(default_factory=dict)
    model_id: str
    run_id: str | None = None
    signature: dict[str, JsonValue] | None = msgspec.field(default_factory=dict)
    source: str | None = None
    training: TrainingData = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {
                "dataset_sha256": None,
                "description": None,
                "features": None,
                "period": None,
                "rows": None,
                "sources": [],
            },
            TrainingData,
        )
    )
    version: str
    waivers: tuple[Waiver, ...] = ()


class Impact(Record, frozen=True, kw_only=True):
    """A window's drift and performance, joined."""

    about: TimeWindow | None = None
    """Window whose performance it is; an earlier one of the same trouble, if need be."""
    compared_with: int = 0
    """Windows without drift that it is compared with."""
    confirmed: tuple[str, ...] = ()
    drift: DriftVerdict
    drifted: tuple[str, ...]
    harm: Harm
    metrics: tuple[MetricChange, ...] = ()
    reason: str
    source: str | None = None
    """By labels, or by what the scores let expect where none came."""
    window: TimeWindow


class ImpactHistory(Record, frozen=True, kw_only=True):
    """The windows of a model, oldest first, each with its drift and performance."""

    model_id: str
    next_token: str | None = None
    windows: tuple[Impact, ...]


class ImpactRules(Record, frozen=True, kw_only=True):
    """What harm makes of the severity of a drift finding."""

    hurt: Severity | None = msgspec.convert("high", Severity | None)
    """At least this where performance fell; null: it changes nothing."""
    not_seen: Severity | None = None
    """At most this where labels show no harm; null: it changes nothing."""


class ImportReport(Record, frozen=True, kw_only=True):
    """What an import did. Every version read is in exactly one of the lists."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    models: tuple[str, ...]
    source: str
    unchanged: int
    unsound: tuple[Unsound, ...]


class IncidentAssessment(Record, frozen=True, kw_only=True):
    """What people decided of an incident. Whatever is undecided keeps its clock running."""

    ai_office_competent: bool = False
    """The AI Office is told instead (AI Act Art. 75(1a))."""
    also_inform: tuple[IncidentRecipient, ...] = ()
    """Importer and distributor, where the deployer has one (Art. 26(5)); the notified body, where one issued a certificate to the provider (Art. 20(2))."""
    breach_aware_at: dt.datetime | None = None
    """Left out: when the incident became known."""
    breach_reason: str = ""
    breach_risk: BreachRisk = BreachRisk("unknown")
    breach_risk_reason: str = ""
    causal_link: CausalLink = CausalLink("unknown")
    causal_link_at: dt.datetime | None = None
    """When it was suspected or established."""
    harms: tuple[SeriousHarm, ...] = ()
    high_risk: bool | None = None
    """A high-risk system is concerned; null: not known."""
    limit: ReportingLimit = ReportingLimit("none")
    limit_reason: str = ""
    personal_data_breach: bool | None = None
    """GDPR Art. 4(12); null: not decided."""
    persons_exempt: str = ""
    """Why the persons need not be told (GDPR Art. 34(3))."""
    presents_risk: bool | None = None
    """The system, or a use of it that is no serious incident, may present a risk (AI Act Art. 79(1)); null: not decided."""
    provider_unreachable: bool = False
    """The deployer could not reach the provider."""
    risk_aware_at: dt.datetime | None = None
    """When the risk became known; left out: when the incident became known."""
    serious: bool | None = None
    """A serious incident (AI Act Art. 3(49)); null: not decided."""
    serious_reason: str = ""
    widespread: bool = False
    """A widespread infringement (AI Act Art. 3(61))."""


class IncidentDraft(Record, frozen=True, kw_only=True):
    """What would be sent, and what is not known of it yet."""

    due: dt.datetime | None
    """The end of the clock that this report would stop; null: none runs."""
    fields: tuple[DraftField, ...]
    incident_id: str
    made_at: dt.datetime
    notice: str = (
        "A draft from what is on record, no official form. Check it, complete it, and record that it was sent."
    )
    recipient: IncidentRecipient
    stage: ReportStage
    unknown: tuple[str, ...]
    """Titles of the fields that are not on record."""


class IncidentMeasure(Record, frozen=True, kw_only=True):
    """Something that is done about an incident, by somebody, by a day."""

    done_at: dt.datetime | None = None
    dropped_because: str = ""
    due: dt.date
    id: str
    kind: IncidentMeasureKind
    owner: str
    title: str


class IncidentReport(Record, frozen=True, kw_only=True):
    """That somebody was told: the register keeps what was sent by its hash, not the text."""

    id: str
    late_because: str = ""
    recipient: IncidentRecipient
    recorded_by: str
    reference: str = ""
    """The recipient's own number, or where it lies."""
    sent_at: dt.datetime
    sha256: str | None = None
    """Of the document that was sent."""
    stage: ReportStage


class IncidentView(Record, frozen=True, kw_only=True):
    """An incident, where it stands, and what of the system was changed since it was opened."""

    affected_persons: int | None = None
    alert_ids: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    """What is another than when it was opened; authorities are told before (Art. 73(6))."""
    assessment: IncidentAssessment = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {
                "ai_office_competent": False,
                "also_inform": [],
                "breach_aware_at": None,
                "breach_reason": "",
                "breach_risk": "unknown",
                "breach_risk_reason": "",
                "causal_link": "unknown",
                "causal_link_at": None,
                "harms": [],
                "high_risk": None,
                "limit": "none",
                "limit_reason": "",
                "personal_data_breach": None,
                "persons_exempt": "",
                "presents_risk": None,
                "provider_unreachable": False,
                "risk_aware_at": None,
                "serious": None,
                "serious_reason": "",
                "widespread": False,
            },
            IncidentAssessment,
        )
    )
    aware_at: dt.datetime
    """When the organisation became aware; the clocks run from it."""
    awareness: str = ""
    """Who became aware, and by what."""
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    conclusion: str = ""
    description: str = ""
    id: str
    measures: tuple[IncidentMeasure, ...] = ()
    member_states: tuple[str, ...] = ()
    """Where it occurred, as two letters."""
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    occurred_at: dt.datetime | None = None
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    preserved: Preserved | None = None
    reports: tuple[IncidentReport, ...] = ()
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    roles: tuple[IncidentRole, ...]
    root_cause: str = ""
    source: IncidentSource
    source_reference: str = ""
    """Such as a ticket; no person's name."""
    standing: Standing
    state: IncidentState = IncidentState("assessing")
    title: str


class Incidents(Record, frozen=True, kw_only=True):
    """A page of incidents: what is due first before, closed ones last."""

    incidents: tuple[IncidentView, ...]
    next_token: str | None = None


class InhibitRule(Record, frozen=True, kw_only=True):
    """While a source alert stands, target alerts with equal labels are not told."""

    equal: tuple[str, ...] = ()
    source_matchers: tuple[str, ...]
    target_matchers: tuple[str, ...]


class Intake(Record, frozen=True, kw_only=True):
    """What reading a window's capture files gave. ``read == used + rejected`` always holds, in records (lines)."""

    answered: tuple[str, ...] = ()
    """Outputs that are measured where an input of the same name is set aside."""
    echoes: dict[str, int] = msgspec.field(default_factory=dict)
    """Outputs that repeat an input's name -> rows in which the value differs."""
    examples: dict[str, str] = msgspec.field(default_factory=dict)
    """Reason -> what was wrong with one such record."""
    labels: int = 0
    """Rows that have a label."""
    naming: str | None = None
    """How captured columns without names were named."""
    nested: tuple[str, ...] = ()
    """Columns left out because they hold lists or objects; found where no schema is given."""
    objects: int = 0
    partial: int = 0
    """Used records of which one side could not be read and is missing."""
    partial_reasons: dict[str, int] = msgspec.field(default_factory=dict)
    """Those by reason."""
    read: int = 0
    """Records (lines) read."""
    reasons: dict[str, int] = msgspec.field(default_factory=dict)
    """Rejected records by reason."""
    rejected: int = 0
    rows: int = 0
    """Rows that the used records held."""
    unread: dict[str, int] = msgspec.field(default_factory=dict)
    """Column -> rows that lack it only because their side could not be read."""
    used: int = 0


class Intersections(Record, frozen=True, kw_only=True):
    """Groups by combinations of attributes, in the newest window."""

    intersections: dict[str, AttributeBias]
    """By the names of the attributes, joined by ' & '."""
    outcome: str
    report_id: str


class Issue(Record, frozen=True, kw_only=True):
    """One thing that is wrong with a window's data."""

    check: Check
    column: str | None
    reason: str
    severity: Severity
    threshold: float | None = None
    value: float | None = None


class Issuer(Record, frozen=True, kw_only=True):
    """The rules of an issuer as an admin set them."""

    audience: str
    changed_at: dt.datetime
    changed_by: str
    claims: dict[str, Any]
    """Values that a token must have."""
    issuer: str
    jwks_uri: str | None = None
    """Left out: /.well-known/jwks below the issuer."""
    name: str
    owner: str | None = None
    """Whose models a key with the scope write may change."""
    scopes: tuple[Scope, ...]


class Issuers(Record, frozen=True, kw_only=True):
    """All issuers whose tokens are exchanged."""

    issuers: tuple[Issuer, ...]


class ItemChecked(Record, frozen=True, kw_only=True):
    """What a person found at one item of a checklist."""

    done: bool
    note: str = ""
    """What was looked at, and where it is."""


JsonValue: TypeAlias = Any
"""JsonValue."""


class Kept(Record, frozen=True, kw_only=True):
    """What was kept of some records."""

    failed: int = 0
    lines: int = 0
    records: int = 0
    refused: int = 0


class KeptRouting(Record, frozen=True, kw_only=True):
    """The routing in force, and who set it."""

    changed_at: dt.datetime | None = None
    changed_by: str | None = None
    routing: Routing
    version: int
    """0: nobody has set one; each receiver's own conditions decide."""


class KnownDetail(Record, frozen=True, kw_only=True):
    """What Syndic knows of a field, and from where: for a person to take over, or not."""

    field: str
    source: str
    value: JsonValue


class KnownDetails(Record, frozen=True, kw_only=True):
    """What Syndic knows of the processing by a model, field by field."""

    known: tuple[KnownDetail, ...]


class KsTest(Record, frozen=True, kw_only=True):
    """Two-sample Kolmogorov-Smirnov test of the present values, or null and the reason. Its p is far too large for values that repeat often: there it decides nothing, `p_adjusted` is null, and the chi-square test takes its place."""

    max_error: float | None = None
    """The exact statistic is at most this much larger."""
    p_adjusted: float | None = None
    """Benjamini-Hochberg over the tests of the run."""
    p_value: float | None = None
    reason: str | None = None
    statistic: float | None = None


class LabelsKept(Record, frozen=True, kw_only=True):
    """What was kept. Windows that it concerns are judged again by schedule."""

    label_delay_days: int
    labels: int
    model_id: str


class Leaves(Record, frozen=True, kw_only=True):
    """Hashes of entries in order."""

    hashes: tuple[str, ...]
    start: int


class LegalDate(Record, frozen=True, kw_only=True):
    """A date to come at a model: when requirements of a framework enter into force, or when a thing runs out."""

    framework_id: str
    framework_title: str
    kind: str
    model_id: str
    model_name: str
    on: dt.datetime
    owner: str | None = None
    requirements: tuple[str, ...]
    """That it is about, by id."""
    what: str


class Lineage(Record, frozen=True, kw_only=True):
    """Everything behind a version, or behind one prediction of it."""

    approvals: tuple[GivenApproval, ...] = ()
    """Of the version, when it predicted."""
    artefacts: tuple[Artefact, ...] = ()
    commit: str | None = None
    gaps: tuple[str, ...] = ()
    """What is not on record, in words."""
    hyperparameters: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    made_at: dt.datetime
    """When the version was made."""
    metrics: dict[str, float | str] = msgspec.field(default_factory=dict)
    model_id: str
    model_name: str
    predicted_at: dt.datetime | None = None
    prediction_id: str | None = None
    request_id: str | None = None
    """Of the gateway, where it answered."""
    run_id: str | None = None
    source: str | None = None
    training: TrainingData
    version: str


class ListedSystem(Record, frozen=True, kw_only=True):
    """A system as lists show it."""

    entry: SystemEntry
    standing: Standing


class ListedVendor(Record, frozen=True, kw_only=True):
    """A vendor as lists show it."""

    entry: Vendor
    missing: tuple[str, ...]
    standing: Standing


class LogPolicy(Record, frozen=True, kw_only=True):
    """What is kept of a prediction, and how surely."""

    columns: tuple[str, ...] | None = None
    """The inputs that are logged; left out: all."""
    guarantee: Guarantee = Guarantee("required")
    pseudonymised: tuple[str, ...] = ()
    """Logged as a keyed hash, the same for the same value while the key is the same."""
    redacted: tuple[str, ...] = ()
    """Logged as missing."""
    sampling_percent: float = 100.0


class LogProblem(Record, frozen=True, kw_only=True):
    """One fault, at an index where it has one."""

    detail: str
    fault: Fault
    index: int | None


class LoggedEntry(Record, frozen=True, kw_only=True):
    """An entry in its place. `hash` covers index, salted content and `previous`, the hash of the entry before."""

    entry: AuditEntry
    hash: str
    """Data of the leaf of this entry in the Merkle tree."""
    index: int
    previous: str
    salt: str | None = None
    """Hashed with the content; once both are erased the hash says nothing. None: of before the tree."""


class Look(Record, frozen=True, kw_only=True):
    """A group over all windows that were counted, beside its reference: evidence that holds however often it is read. `e` is an e-value of "no difference": under no difference it exceeds c at any time with probability at most 1/c. `e_own` is what is left when the groups and measures of this attribute share the error, `e_shared` when all attributes and combinations of the report do. The limits hold at all times together, for this comparison."""

    attributes: tuple[str, ...]
    best_off: str | None = None
    """Group with the highest cumulated rate, unless one is named."""
    compared_with: str
    """The reference group, or 'rest' for everybody else."""
    e: float
    e_own: float
    e_shared: float
    effect: BiasEstimate
    """Cumulated ratio or difference, stratified by window (Mantel-Haenszel)."""
    group: str
    metric: BiasMetric
    own_verdict: BiasVerdict
    """Of this attribute's own claim."""
    reason: str
    reference_rows: int | None
    rows: int | None
    """Rows of the group that count for the rate; null or rounded where shown."""
    rows_needed: RowsNeeded | None = None
    threshold: float
    to_best_off: float | None = None
    """The group's cumulated rate over that one's."""
    verdict: BiasVerdict
    """With the error shared by all of the report."""
    windows: int


class Looks(Record, frozen=True, kw_only=True):
    """All windows of one version of the model under one set of rules, read as often as one likes."""

    looks: tuple[Look, ...]
    needed: float
    """The e-value that makes a finding."""
    not_counted: str | None = None
    """Why this window was not added."""
    reason: str
    since: dt.datetime | None = None
    """Windows before it do not count; null: all do."""
    verdict: BiasVerdict
    version: str
    """What serves, as the cloud names it: a new one starts anew."""
    windows: int


class MadeKey(Record, frozen=True, kw_only=True):
    """A key that was just made. `secret` is its whole text; nobody can show it again."""

    key: ShownKey
    secret: str


class Member(Record, frozen=True, kw_only=True):
    """One finding of an alert, as it stands: subject and measure, how bad, and since when."""

    first_seen: dt.datetime
    follows: bool = False
    """It follows from others: what comes out, from what goes in."""
    last_seen: dt.datetime
    measure: str | None
    reason: str
    recovering: bool = False
    """Its newest window is well, and one more closes it."""
    remedy: str
    report_id: str | None
    severity: Severity
    """Of its newest troubled window; none: it is over."""
    subject: str
    subject_key: str
    threshold: float | None
    title: str
    value: float | None
    windows_seen: int


class Mention(Record, frozen=True, kw_only=True):
    """A record that names a person, and the fields that do."""

    fields: dict[str, str]
    """Path of the field: what it holds."""
    partition: str
    sort: str


class MetricChange(Record, frozen=True, kw_only=True):
    """One metric beside what windows without drift let expect of it."""

    before: float | None = None
    """Mean of windows without drift; null: too few."""
    below_level: bool = False
    """Its whole interval misses the declared level."""
    change: float | None = None
    high: float | None = None
    low: float | None = None
    """Of the change's 95 % interval, over all metrics together."""
    metric: str
    now: float
    worse: bool = False


class MetricRule(Record, frozen=True, kw_only=True):
    """A disparity that is judged. For ratios the threshold is the lower one, and its inverse the upper one."""

    enabled: bool = True
    metric: BiasMetric
    threshold: float
    """Ratios: below 1; differences: the largest difference that passes."""


class MirrorState(Record, frozen=True, kw_only=True):
    """When both clouds last met."""

    attempted_at: dt.datetime
    failing_since: dt.datetime | None = None
    mirrored_at: dt.datetime | None = None
    unavailable: str | None = None


class Missing(Record, frozen=True, kw_only=True):
    """Share of missing values, 0 to 1, and the test of no change."""

    baseline: float | None = None
    current: float | None = None
    p_adjusted: float | None = None
    p_value: float | None = None


class ModelHealth(Record, frozen=True, kw_only=True):
    """Whether a model is running and how its evidence stands. Failing if any piece is."""

    evidence: dict[str, EvidenceStatus]
    mirrored_at: dt.datetime | None = None
    """When the model's own cloud was last heard."""
    model_id: str
    presence: Presence
    standing: str


class ModelInfo(Record, frozen=True, kw_only=True):
    """What answers."""

    dataset_sha256: str | None
    expected_feature_count: int
    features: tuple[Feature, ...]
    logging: Guarantee
    model_id: str
    model_name: str
    model_stage: str
    model_version: str
    positive_class: str | None
    source_run_id: str | None
    staleness_seconds: int
    """After a promotion or rollback the old version may answer so long."""
    threshold: float | None


class ModelPage(Record, frozen=True, kw_only=True):
    """Some models and, when there may be more, the token that continues after them."""

    models: tuple[ShownModel, ...]
    next_token: str | None = None


class ModelStanding(Record, frozen=True, kw_only=True):
    """A model, what is known of it, and how many requirements are in which state."""

    evidence: dict[str, EvidenceStanding]
    """Of the checks: drift.run, quality.run, bias.run."""
    mirrored_at: dt.datetime | None = None
    """Everything that the model's cloud had then is known here; null: it runs here."""
    model: RegisteredModel
    requirements: dict[str, int] | None
    """Over all frameworks; null: not evaluated yet."""


class ModelStandings(Record, frozen=True, kw_only=True):
    """A page of models, by name."""

    mirror: MirrorState | None = None
    """The other cloud; null: there is none."""
    models: tuple[ModelStanding, ...]
    next_token: str | None = None
    unavailable: dict[str, str]
    """Sources whose models cannot be listed now, and why."""


class ModelStatus(Record, frozen=True, kw_only=True):
    """Where one model stands under one framework, in counts. There is no score: states cannot be averaged."""

    applicable: int
    blocking: tuple[str, ...]
    """Requirements that block, by id."""
    counts: dict[str, int]
    """Requirements by state."""
    evaluated_at: dt.datetime
    framework_id: str
    framework_version: str
    met: int
    model_id: str
    model_name: str
    model_version: str | None
    owner: str | None


class ModelVersion(Record, frozen=True, kw_only=True):
    """One version of a model: how it was made and how it was evaluated."""

    algorithm: str | None = None
    artefact_location: str | None = None
    artefacts: tuple[Artefact, ...] = ()
    changed_by: tuple[str, ...] = ()
    commit: str | None = None
    created_at: dt.datetime
    created_by: str
    dependencies: tuple[str, ...] = ()
    framework: str | None = None
    hyperparameters: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    metadata: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    metrics: dict[str, float | str] = msgspec.field(default_factory=dict)
    model_id: str
    run_id: str | None = None
    signature: dict[str, JsonValue] | None = msgspec.field(default_factory=dict)
    source: str | None = None
    training: TrainingData = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {
                "dataset_sha256": None,
                "description": None,
                "features": None,
                "period": None,
                "rows": None,
                "sources": [],
            },
            TrainingData,
        )
    )
    version: str
    waivers: tuple[Waiver, ...] = ()


class Modification(Record, frozen=True, kw_only=True):
    """The decision whether a version is a substantial modification. `state` is its `Decision`."""

    affects_compliance: bool
    assessed: bool = False
    """Whether the conformity of this version was assessed again."""
    changed_at: dt.datetime
    changed_by: str
    changes_purpose: bool
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    compared_with: str | None = None
    foreseen_as: str | None = None
    id: str
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    reasons: str
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    serves: str | None = None
    """The name under which this version serves now; null: another one serves, or none."""
    state: str
    title: str
    version: str


class Moments(Record, frozen=True, kw_only=True):
    """Mean, standard deviation and range of the finite values of one side; null without any."""

    infinite: int = 0
    max: float | None = None
    mean: float | None = None
    min: float | None = None
    std: float | None = None


class Monitored(Record, frozen=True, kw_only=True):
    """How a model is monitored, as schedules, policies and routes say."""

    baseline_sha256: str | None = None
    """Of the baseline that windows are compared with."""
    captured: bool
    checks: tuple[PlannedCheck, ...]
    columns_sha256: str | None = None
    """Of the schema of captured traffic."""
    label_delay_days: int = 0
    lateness: dt.timedelta
    """How long after its end a window waits for late files."""
    model_id: str
    name: str
    owner: str | None
    purpose: str | None
    sampling_percent: float | None = None
    told: tuple[str, ...]
    """Receivers that an alert of high severity on it reaches."""
    version: str | None
    window: WindowLength
    """Each check runs once for every window of this length."""


class MonitoringPlan(Record, frozen=True, kw_only=True):
    """A version of a model's plan. `state` is its `PlanState`; what is approved does not change."""

    approved_at: dt.datetime | None = None
    approved_by: str | None = None
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    content: Monitored
    id: str
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    number: int
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    seen: PlanSeen = msgspec.field(
        default_factory=lambda: msgspec.convert({"differences": [], "overdue": [], "overdue_since": None}, PlanSeen)
    )
    sha256: str
    """Of content and statements in canonical form."""
    state: str
    statements: PlanStatements
    title: str


class MonitoringPlans(Record, frozen=True, kw_only=True):
    """Every version of a model's plan, the newest first."""

    plans: tuple[MonitoringPlan, ...]


class MultivariateDrift(Record, frozen=True, kw_only=True):
    """Whether the columns hang together as before: mean reconstruction error of a PCA fitted on the baseline."""

    baseline_error: float | None = None
    columns: tuple[str, ...] = ()
    components: int | None = None
    current_error: float | None = None
    effect: float | None = None
    """Change in baseline standard deviations of the error."""
    limit: float | None = None
    """The change from which it is drift, in the same unit."""
    p_value: float | None = None
    reason: str
    rows_needed: int | None = None
    """Rows of a window until it can be told; null: it is told."""
    rows_reason: str | None = None
    """Where it is not told and no number of rows would tell: why."""
    verdict: DriftVerdict


class News(Record, frozen=True, kw_only=True):
    """What changed in the frameworks."""

    news: tuple[NewsItem, ...]


class NewsItem(Record, frozen=True, kw_only=True):
    """What changed in one version of a framework."""

    framework_id: str
    framework_title: str
    on: dt.date
    says: str
    version: str


class NotifiedBody(Record, frozen=True, kw_only=True):
    """Who assessed, and the certificate."""

    certificate: str = ""
    certificate_type: str = ""
    expires_on: dt.date | None = None
    name: str
    number: str
    """Identification number, four digits (Art. 35, 48(4))."""


class Obstacle(Record, frozen=True, kw_only=True):
    """Why one check of a model cannot be made now."""

    check: str
    reason: str
    remedy: str
    """What to do so that it can be made."""


class OlderPeriods(Record, frozen=True, kw_only=True):
    """Days and months that stand for windows whose reports are gone, oldest first."""

    note: str | None = None
    """From when on days, and months, are shown in place of windows."""
    periods: tuple[PeriodSummary, ...] = ()


class OnboardingAsked(Record, frozen=True, kw_only=True):
    """The model's own cloud is asked for a proposal at the next exchange with it."""

    asked_at: dt.datetime
    at_next_exchange: bool = True
    mirrored_at: dt.datetime | None
    """When that cloud was last heard."""
    model_id: str


class Overview(Record, frozen=True, kw_only=True):
    """Numbers of the whole registry."""

    by_cloud: dict[str, int]
    by_presence: dict[str, int]
    by_risk: dict[str, int]
    by_stage: dict[str, int]
    by_status: dict[str, int]
    counted_at: dt.datetime
    evidence_failing: int
    evidence_inconclusive: int
    evidence_none: int
    evidence_passing: int
    models: int
    pending_approvals: int


class OwnWindowsInfo(Record, frozen=True, kw_only=True):
    """The hours or days of the baseline that limits are learnt from."""

    hours: int
    """Length of a window."""
    windows: int


class PartState(Record, frozen=True, kw_only=True):
    """One thing a requirement asks for: a machine check, an attestation or a document."""

    evidence: tuple[EvidenceRef, ...] = ()
    part: str
    reason: str
    role: str | None = None
    """Of a signature: the role that has to sign."""
    state: State
    title: str
    topic: str | None = None
    """Of a signature or document, or of the document that may assess what a check found."""


class Performance(Record, frozen=True, kw_only=True):
    """The model against delayed ground truth, with how much of it there is."""

    confusion: dict[str, int] | None = msgspec.field(default_factory=dict)
    coverage: float | None = None
    duplicates: int = 0
    """Labels replaced by a later one."""
    labelled: int
    late: int = 0
    """Labels collected after the window's end."""
    metrics: dict[str, QualityEstimate] = msgspec.field(default_factory=dict)
    orphans: int = 0
    """Labels, of any window, that belong to no row of this one."""
    positive: str | None = None
    reason: str
    rows: int
    rows_needed: int | None = None
    """Rows until enough have a label, at the present coverage."""
    rows_reason: str | None = None
    """Where it is not told and no number of rows would tell: why."""
    task: str | None = None
    """Binary, multiclass or regression."""
    verdict: PerformanceVerdict


class Period(Record, frozen=True, kw_only=True):
    """How long a clock runs: hours, days of 24 hours, calendar months, or their sum."""

    days: int = 0
    hours: int = 0
    months: int = 0


class PeriodSummary(Record, frozen=True, kw_only=True):
    """The results of one check in a day or month, summed up. No report of its windows is needed to read it."""

    first: TimeWindow
    last: TimeWindow
    level: Level
    period: TimeWindow
    rows: int
    """Rows of all windows."""
    series: dict[str, SeriesSummary] = msgspec.field(default_factory=dict)
    """By column, metric or group, as the check names them."""
    severity: Severity | None
    """The worst of any window; null: the check gives windows none."""
    verdicts: dict[str, int]
    """Windows by verdict."""
    windows: int
    """Windows that were judged in it."""


class Persistence(Record, frozen=True, kw_only=True):
    """Drift becomes a finding when `windows` of the last `of` windows show it."""

    of: int
    windows: int


class PersonRequests(Record, frozen=True, kw_only=True):
    """A page of requests: what is due first before, closed ones last."""

    next_token: str | None = None
    requests: tuple[RequestView, ...]


class PersonalData(Record, frozen=True, kw_only=True):
    """Every record that names a person, as far as it was looked."""

    complete: bool
    """False: there are more than are shown."""
    mentions: tuple[Mention, ...]
    names: tuple[str, ...]


class Place(Record, frozen=True, kw_only=True):
    """One entry of the record of processing: personal data that the platform keeps (Art. 30(1))."""

    erasable: bool
    kept_for: str
    kept_in: str
    legal_basis: str
    persons: str
    purpose: str
    what: str
    why_not: str | None = None


class PlanDifference(Record, frozen=True, kw_only=True):
    """Where what runs is not what the plan says."""

    field: str
    now: JsonValue
    planned: JsonValue


class PlanFollowing(Record, frozen=True, kw_only=True):
    """Where a model's plan stands: the plan in force against what runs now, the draft, and what a new one lacks."""

    differences: tuple[PlanDifference, ...]
    draft: MonitoringPlan | None
    """The newest draft after it."""
    follows: bool | None
    """Whether what is planned runs, as it is planned; null: nothing is planned."""
    last_runs: dict[str, dt.datetime]
    """Of each check the end of the newest window that it answered."""
    missing: tuple[str, ...]
    """What a plan drafted now lacks, the present statements taken over."""
    model_id: str
    overdue: tuple[str, ...]
    plan: MonitoringPlan | None
    """In force; null: none was approved."""
    running: Monitored
    """What would be planned now."""
    standing: Standing | None


class PlanSeen(Record, frozen=True, kw_only=True):
    """What was seen of an approved plan when it was last held against what runs."""

    differences: tuple[str, ...] = ()
    """Fields that are not as planned."""
    overdue: tuple[str, ...] = ()
    """Planned checks that did not run in time."""
    overdue_since: dt.date | None = None
    """The day on which that was first seen."""


class PlanStatements(Record, frozen=True, kw_only=True):
    """What no schedule says and Art. 72 asks for: a person writes it."""

    action: str = ""
    """What is done, by whom, when monitoring finds something."""
    evaluation: str = ""
    """72(2): how continuous compliance with Section 2 is evaluated, by whom."""
    feedback: str = ""
    """72(2): how data that deployers provide, and other sources, come in."""
    interaction: str = ""
    """72(2): analysis of the interaction with other AI systems, or why none."""


class PlannedCheck(Record, frozen=True, kw_only=True):
    """One check, as it runs by itself."""

    check: str
    policy_sha256: str
    policy_version: int = 0
    """0: nobody has set one, the defaults hold."""
    rules: dict[str, JsonValue]
    """What the check judges by."""
    runs: bool
    why_not: str = ""


class PlannedObject(Record, frozen=True, kw_only=True):
    """One object of a plan: what goes of it, as long as it is the object that was read."""

    after_sha256: str | None = None
    """Of the content that stays, inflated; null: it goes."""
    after_size: int = 0
    cut: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    """Line -> places, counted from 0, of the rows that go of a call of several."""
    etag: str
    """Of the object that was read: of another one nothing is taken."""
    lines: tuple[int, ...] = ()
    """Numbers of lines that go whole, counted from 1."""
    rows: int
    """Rows that go."""
    size: int
    """Bytes in the store."""
    uri: str
    whole: bool = False
    """Nothing stays: the object goes."""


class PlannedObjects(Record, frozen=True, kw_only=True):
    """Some objects of a plan, in its order."""

    next_token: str | None = None
    objects: tuple[PlannedObject, ...]


class Policies(Record, frozen=True, kw_only=True):
    """Approval policies, saved and shipped."""

    policies: tuple[ApprovalPolicy, ...]


class PolicyDocuments(Record, frozen=True, kw_only=True):
    """A page of policies: what is due for review first before."""

    next_token: str | None = None
    policies: tuple[PolicyView, ...]


class PolicyTemplate(Record, frozen=True, kw_only=True):
    """A text to begin with, in own words; what stands in brackets is for the organisation to fill in."""

    audience: str
    edition: str
    id: str
    review_days: int
    sha256: str
    """Of the text as it is given."""
    text: str
    title: str


class PolicyTemplates(Record, frozen=True, kw_only=True):
    """The templates that come with Syndic."""

    templates: tuple[PolicyTemplate, ...]


class PolicyView(Record, frozen=True, kw_only=True):
    """A policy, where it stands, and who has still to read it."""

    acknowledged: tuple[Acknowledgement, ...] = ()
    """Of the version in force."""
    approved_by: str | None = None
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    id: str
    in_force_at: dt.datetime | None = None
    location: str = ""
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    outstanding_readers: tuple[str, ...] = ()
    owner: str
    """The address of whoever answers for it."""
    readers: tuple[str, ...] = ()
    """Who has to acknowledge it: user names or addresses."""
    review_days: int = 365
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    reviewed_at: dt.datetime | None = None
    sha256: str | None = None
    """Of the text that is in force."""
    standing: Standing
    state: PolicyState = PolicyState("draft")
    template: str | None = None
    title: str
    version: str = "1"


class Portfolio(Record, frozen=True, kw_only=True):
    """A page of models under one framework."""

    next_token: str | None = None
    statuses: tuple[ModelStatus, ...]


class Prediction(Record, frozen=True, kw_only=True):
    """A traceable answer."""

    logged: str
    model_id: str
    model_name: str
    model_version: str
    positive_class: str | None
    predicted_at: dt.datetime
    predictions: tuple[RowPrediction, ...]
    request_id: str
    stage: str
    threshold: float | None


class Preserved(Record, frozen=True, kw_only=True):
    """The state of the system when the incident was opened."""

    at: dt.datetime
    models: tuple[PreservedModel, ...] = ()
    trail: PreservedTrail | None = None
    """Null: no checkpoints are published."""


class PreservedEvidence(Record, frozen=True, kw_only=True):
    """Evidence on a model as it was."""

    kind: str
    produced_at: dt.datetime
    sha256: str
    status: EvidenceStatus


class PreservedModel(Record, frozen=True, kw_only=True):
    """A model as it was when the incident was opened: by it, later changes of the system show (AI Act Art. 73(6))."""

    endpoint_sha256: str | None
    """Of the endpoint's configuration."""
    evidence: tuple[PreservedEvidence, ...] = ()
    model_id: str
    policies: dict[str, str] = msgspec.field(default_factory=dict)
    """SHA-256 of each policy in force."""
    version: str | None
    """What was served; null: not known."""


class PreservedTrail(Record, frozen=True, kw_only=True):
    """The newest checkpoint of the audit trail then."""

    origin: str
    root: str
    size: int


class Pressed(Record, frozen=True, kw_only=True):
    """What became of a request of a chat's service. What the person is told stands in the chat alone."""

    done: bool


class Preview(Record, frozen=True, kw_only=True):
    """What a signature or a document would settle, and what it would not."""

    kind: str
    leaves: tuple[Effect, ...]
    """Ask for it too and are not met by it alone, or were met before."""
    model_id: str
    models: int
    """That were looked at."""
    more: bool = False
    outside: tuple[str, ...] = ()
    """Frameworks that ask for it and are not about the model."""
    settles: tuple[Effect, ...]
    statements: tuple[Statement, ...] = ()


class PreviewedFramework(Record, frozen=True, kw_only=True):
    """A framework in a report on a model."""

    framework_id: str
    requirements: dict[str, int]
    title: str


class PreviewedModel(Record, frozen=True, kw_only=True):
    """A model in a report."""

    frameworks: tuple[PreviewedFramework, ...]
    id: str
    name: str


class Problem(Record, frozen=True, kw_only=True):
    """What went wrong, as RFC 9457 problem details."""

    code: str
    """The kind of problem, for programs, such as gate_refused."""
    detail: str
    """One sentence for a person."""
    errors: tuple[FieldProblem, ...] = ()
    """Each wrong field of the request, or each unmet condition."""
    extra: tuple[str, ...] | None = None
    """Features that the model does not take."""
    missing: tuple[str, ...] | None = None
    """Features that a prediction needs and lacks."""
    status: int
    title: str
    """The status in words."""
    type: str = "about:blank"


class ProcessingContents(Record, frozen=True, kw_only=True):
    """What people write of a processing. Left out: it stays, or is missing."""

    basis_note: str = ""
    """Why the basis holds: the contract, the law, the balance of 6(1)(f)."""
    consent_obtained: str = ""
    """Where consent is relied on: how it is obtained and shown."""
    consent_withdrawn: str = ""
    """How it is withdrawn, and what is done then (Art. 7(3))."""
    controller: str = ""
    """Name and contact details; 30(1)(a), 30(2)(a)."""
    data_categories: tuple[str, ...] = ()
    """Categories; 30(1)(c)."""
    data_subjects: tuple[str, ...] = ()
    """Categories; 30(1)(c)."""
    joint_controllers: str = ""
    legal_basis: LegalBasis | None = None
    """Art. 6(1); not asked by Art. 30, but by 5(2)."""
    no_recipients: bool = False
    """Nobody receives the data."""
    no_transfers: bool = False
    """Nothing goes to a third country."""
    on_behalf_of: tuple[str, ...] = ()
    """Of a processor: the controllers it acts for; 30(2)(a)."""
    operations: str = ""
    """Of a processor: categories of processing; 30(2)(b)."""
    protection_officer: str = ""
    """Contact details of the function."""
    purposes: str = ""
    """30(1)(b)."""
    recipients: tuple[str, ...] = ()
    """Categories, those in third countries included; 30(1)(d)."""
    representative: str = ""
    retention: str = ""
    """Time limits for erasure; 30(1)(f)."""
    security: str = ""
    """Measures of Art. 32(1), in general; 30(1)(g), 30(2)(d)."""
    special_categories: bool | None = None
    """Art. 9(1)."""
    special_condition: str | None = None
    """Art. 9(2)."""
    special_note: str = ""
    """Why the condition of Art. 9(2) holds."""
    transfers: tuple[ThirdCountryTransfer, ...] = ()
    """30(1)(e), 30(2)(c)."""


class ProcessingExport(Record, frozen=True, kw_only=True):
    """The whole record as a file."""

    content_type: str
    format: str
    text: str


class ProcessingRecord(Record, frozen=True, kw_only=True):
    """The record of the platform's own processing (GDPR Art. 30)."""

    places: tuple[Place, ...]


class ProcessingRecords(Record, frozen=True, kw_only=True):
    """A page of entries: what is due first before, ended ones last."""

    next_token: str | None = None
    records: tuple[ProcessingView, ...]


class ProcessingView(Record, frozen=True, kw_only=True):
    """An entry, where it stands, what is missing of it, and what Syndic knows of its models."""

    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    confirmed_at: dt.datetime | None = None
    confirmed_by: str | None = None
    contents: ProcessingContents = msgspec.field(
        default_factory=lambda: msgspec.convert(
            {
                "basis_note": "",
                "consent_obtained": "",
                "consent_withdrawn": "",
                "controller": "",
                "data_categories": [],
                "data_subjects": [],
                "joint_controllers": "",
                "legal_basis": None,
                "no_recipients": False,
                "no_transfers": False,
                "on_behalf_of": [],
                "operations": "",
                "protection_officer": "",
                "purposes": "",
                "recipients": [],
                "representative": "",
                "retention": "",
                "security": "",
                "special_categories": None,
                "special_condition": None,
                "special_note": "",
                "transfers": [],
            },
            ProcessingContents,
        )
    )
    id: str
    known: tuple[KnownDetail, ...] = ()
    """To be taken over by a person, or not."""
    missing: tuple[RecordGap, ...]
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    role: ProcessingRole
    standing: Standing
    state: ProcessingState = ProcessingState("draft")
    title: str


class Proposal(Record, frozen=True, kw_only=True):
    """Settings for a model. What is set already is not proposed; what could not be found out is asked."""

    awaited_since: dt.datetime | None = None
    """Since when its own cloud is asked for it, or for one in place of it; null: it is not."""
    baseline: TimeWindow | None = None
    """The first complete days, or the first batch job."""
    capture_schema: CaptureSchema | None = None
    kept: tuple[str, ...] = ()
    """Settings that stand already."""
    model_id: str
    name: str
    proposed_at: dt.datetime | None = None
    """When the model's own cloud made it; null: just now."""
    protected_attributes: tuple[Attribute, ...] = ()
    questions: tuple[str, ...] = ()
    """What a person has to look at or to answer."""
    seen: Seen | None = None
    """Null: no captured traffic could be looked at."""
    settings_changed: bool = False
    """What is set is not what was set when it was made."""
    window: WindowLength | None = None
    """The shortest with a thousand rows on most days."""


class ProtectedAttribute(Record, frozen=True, kw_only=True):
    """One protected attribute: where it is found, how it is grouped and what its groups are compared with."""

    bins: tuple[float, ...] = ()
    """Upper edges, inclusive: 25,40 gives <=25, >25-40, >40."""
    caveat: str | None = None
    """A note on the data, repeated in each report."""
    column: str | None = None
    """Column of the capture or side file; the name when left out."""
    compare_with: Comparison | None = None
    """Best_off unless a reference group is named."""
    groups: tuple[str, ...] = ()
    """Groups by value, or age bands such as 18-25, 60+, <=25."""
    name: str
    reference_group: str | None = None
    side_file: SideFile | None = None


class ProvenEntry(Record, frozen=True, kw_only=True):
    """An entry with the proof of it."""

    entry: LoggedEntry
    proof: str
    """The text of a .tlog-proof file (C2SP tlog-proof)."""


class Provenance(Record, frozen=True, kw_only=True):
    """Where a preset's rules come from."""

    dated: str
    name: str
    note: str = ""
    source: str
    title: str
    verified_on: str


class PsiLimit(Record, frozen=True, kw_only=True):
    """The PSI from which a column drifts: the policy's threshold, or the point that its own windows say is usual."""

    correlation: float | None = None
    """Of one window with the next."""
    learnt: float | None = None
    """Upper point learnt from the baseline's own windows."""
    policy: float | None = None
    """Psi_threshold of the policy."""
    typical: float | None = None
    """PSI of a usual window of endless rows, on average."""
    value: float
    """The larger of both."""
    windows: int = 0
    """Windows of the baseline that it was learnt from."""


class QualityEstimate(Record, frozen=True, kw_only=True):
    """A metric with its 95 % interval, or null and the reason."""

    high: float | None = None
    level: float | None = None
    """The declared level."""
    low: float | None = None
    method: str | None = None
    n: int = 0
    """Labelled rows the metric is about."""
    reason: str | None = None
    rows_needed: int | None = None
    """Labelled rows until it can be told, if the value is the true one; null: it is told."""
    rows_reason: str | None = None
    """Where it is not told and no number of rows would tell: why."""
    value: float | None = None
    verdict: PerformanceVerdict | None = None


class QualityHistory(Record, frozen=True, kw_only=True):
    """Windows, oldest first."""

    model_id: str
    next_token: str | None = None
    older: OlderPeriods = msgspec.field(
        default_factory=lambda: msgspec.convert({"note": None, "periods": []}, OlderPeriods)
    )
    """What stands for windows before these that are gone."""
    points: tuple[QualityPoint, ...]


class QualityPoint(Record, frozen=True, kw_only=True):
    """One window in the history of a model's quality."""

    expected: ExpectedPerformance | None = None
    """What was expected before labels came."""
    issues: tuple[Issue, ...]
    performance: Performance | None
    report_id: str
    rows: int
    severity: Severity
    verdict: QualityVerdict
    window: TimeWindow


class QualityPolicy(Record, frozen=True, kw_only=True):
    """How a model's data and predictions are examined. A share is over its limit only when the lower end of its interval is, and what a window has or lacks beside its baseline is an issue only when chance would bring it in few windows: small windows are not blamed for chance."""

    changed_at: dt.datetime | None = None
    changed_by: str | None = None
    columns: dict[str, ColumnRule] = msgspec.field(default_factory=dict)
    duplicate_tolerance: float = 0.1
    """Share of rows that repeat another row."""
    evidence_days: int = 35
    infinite_tolerance: float = 0.001
    """Over the baseline's share of infinite values, where it has any."""
    levels: dict[str, float] = msgspec.field(default_factory=dict)
    """Declared levels, such as accuracy: 0.9."""
    min_labels: int = 50
    """Labelled rows needed before the model is judged."""
    min_samples: int = 50
    """Rows a window needs before its data are judged."""
    missing_tolerance: float = 0.05
    """Over the baseline's share."""
    positive: str | None = None
    """The class that precision, recall and AUC are about."""
    positive_label: str | None = None
    """The label of that class, where labels are not spelled like predictions."""
    range_tolerance: float = 0.01
    """Share of values outside the expected range."""
    rejected_tolerance: float = 0.05
    """Share of records that may be rejected, or read on one side only, before the rows that were read no longer speak for the window; repeated deliveries do not count."""
    significance: float = 0.001
    """Chance that a check calls out an unchanged window, over all its columns."""
    unseen_tolerance: float = 0.01
    """Share of values that are not expected."""
    version: int = 1


class QualityReport(Record, frozen=True, kw_only=True):
    """One examination of a window."""

    checked_at: dt.datetime
    columns: dict[str, ColumnQuality] = msgspec.field(default_factory=dict)
    duplicate_share: float | None = None
    expected: ExpectedPerformance | None = None
    """Without labels, from windows whose labels have come; null: no chances are captured."""
    id: str
    inputs_sha256: str
    intake: Intake
    issues: tuple[Issue, ...] = ()
    model_id: str
    model_name: str
    not_judged: tuple[str, ...] = ()
    """Columns that were asked for and have no answer."""
    owner: str | None = None
    performance: Performance | None = None
    """Null: the model has no ground truth."""
    policy: QualityPolicy
    quarantine: str | None = None
    """Archive object that lists the rejected lines."""
    reason: str
    revision: int = 1
    rows: int
    rows_needed: int | None = None
    """Rows until it can be told; null: it is told."""
    rows_reason: str | None = None
    """Where it is not told and no number of rows would tell: why."""
    severity: Severity
    verdict: QualityVerdict
    warnings: tuple[str, ...] = ()
    window: TimeWindow


class QuestionnaireForm(Record, frozen=True, kw_only=True):
    """The questions, as the JSON Schema of their answers."""

    answers: dict[str, JsonValue]
    id: str
    title: str


class Questionnaires(Record, frozen=True, kw_only=True):
    """Every questionnaire."""

    questionnaires: tuple[QuestionnaireForm, ...]


class RankedFeature(Record, frozen=True, kw_only=True):
    """A column's part in the drift of a window, and since when."""

    feature: str
    histogram: Histogram | None
    psi: float | None
    reason: str
    role: ColumnRole
    severity: Severity
    share: float
    since: TimeWindow | None
    """First window over the threshold in the running episode."""


class ReadPage(Record, frozen=True, kw_only=True):
    """Some reads and the token for the next ones."""

    next_token: str | None = None
    reads: tuple[SensitiveRead, ...]


class Reading(Record, frozen=True, kw_only=True):
    """One of several readings of the law where its text is unclear. All are shown; none is chosen silently."""

    applies_from: dt.date | None = None
    source: str
    text: str


class Receiver(Record, frozen=True, kw_only=True):
    """Somebody who is told of alerts beside the owners, and by which channel."""

    channel: str
    """Email, slack, slack_bot, teams, pagerduty, jira or webhook."""
    name: str
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    """What else the channel has to know; nothing secret."""
    owners: tuple[str, ...] = ()
    """Told of the models of these owners only; empty: of all."""
    secret: str | None = None
    """Name of the secret in the secret store, never the secret itself."""
    severity: Severity = Severity("high")
    """Told of alerts from this severity on."""


class ReceiverDryRun(Record, frozen=True, kw_only=True):
    """What a receiver would have been told in the days that were looked at, by the routing in force."""

    alerts: int
    """Alerts told of in these messages, each as often as it was told."""
    messages: int
    named: bool
    """Whether a route names it; where nobody set any, each receiver has one."""
    since: dt.datetime
    until: dt.datetime


class ReceiverTest(Record, frozen=True, kw_only=True):
    """What became of a test message."""

    message_id: str | None = None
    reason: str | None = None
    sent: bool | None
    """Null: it left, and whether it was taken is unknown."""


class Receivers(Record, frozen=True, kw_only=True):
    """Every receiver."""

    receivers: tuple[Receiver, ...]


class RecordGap(Record, frozen=True, kw_only=True):
    """Something that the law asks for and the record does not say, or says otherwise than another record here."""

    field: str
    legal_basis: str
    what: str


class RegisteredModel(Record, frozen=True, kw_only=True):
    """A model under governance."""

    capture_schema: CaptureSchema | None = None
    cloud: Cloud
    compliance_status: ComplianceStatus = ComplianceStatus("draft")
    data_sources: tuple[str, ...] = ()
    description: str | None = None
    domain: str | None = None
    endpoint: Endpoint | None = None
    id: str
    intended_purpose: str | None = None
    kind: str = "model"
    last_seen_at: dt.datetime | None = None
    lateness: dt.timedelta = msgspec.convert("PT1H", dt.timedelta)
    limitations: str | None = None
    metadata: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    name: str
    oversight_plan: str | None = None
    owner: str | None = None
    presence: Presence = Presence("present")
    registered_at: dt.datetime
    risk: RiskDecision | None = None
    stages: tuple[str, ...] = ()
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    version_in_use: str | None = None
    """As a person names it, where no endpoint tells what serves."""
    window: WindowLength = WindowLength("day")


class Registration(Record, frozen=True, kw_only=True):
    """A registered model, and what was made of each wish that was sent with it."""

    became: tuple[Became, ...] = ()
    capture_schema: CaptureSchema | None = None
    cloud: Cloud
    compliance_status: ComplianceStatus = ComplianceStatus("draft")
    data_sources: tuple[str, ...] = ()
    description: str | None = None
    domain: str | None = None
    endpoint: Endpoint | None = None
    id: str
    intended_purpose: str | None = None
    kind: str = "model"
    last_seen_at: dt.datetime | None = None
    lateness: dt.timedelta = msgspec.convert("PT1H", dt.timedelta)
    limitations: str | None = None
    metadata: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    name: str
    oversight_plan: str | None = None
    owner: str | None = None
    presence: Presence = Presence("present")
    registered_at: dt.datetime
    risk: RiskDecision | None = None
    stages: tuple[str, ...] = ()
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    version_in_use: str | None = None
    """As a person names it, where no endpoint tells what serves."""
    window: WindowLength = WindowLength("day")


class RegistrationData(Record, frozen=True, kw_only=True):
    """The data of a section for one system."""

    article: str
    database: str
    """Where it is registered."""
    missing: tuple[str, ...]
    """Points that have to be there and are not."""
    model_id: str
    open: tuple[str, ...]
    """Points that are only for some and are empty: look whether they apply."""
    points: tuple[RegistrationPoint, ...]
    section: DataSection
    short: bool | None
    """Whether Art. 49(4) leaves it at fewer points; null: whether it does is not answered."""


class RegistrationDocument(Record, frozen=True, kw_only=True):
    """The data of Annex VIII as a document."""

    markdown: str
    name: str


class RegistrationPoint(Record, frozen=True, kw_only=True):
    """One point of a section, with its value and where that comes from."""

    asks: str
    need: str
    number: str
    source: str | None = None
    """Given, or the record that it was taken from."""
    value: str | None


class RegistrationView(Record, frozen=True, kw_only=True):
    """The data of a section for a system, what of it is missing, and whether it is registered as it stands."""

    applies: bool | None
    """Whether the answers call for this section; null: not answered."""
    changed_since: bool
    """Whether the data are others than those that were registered."""
    data: RegistrationData
    next_steps: tuple[str, ...]
    registration: EuRegistration | None
    sha256: str


class RegistryJudgement(Record, frozen=True, kw_only=True):
    """Every condition at one look."""

    conditions: tuple[ConditionAnswer, ...]
    invocations: int | None
    judged_at: dt.datetime


class Remediation(Record, frozen=True, kw_only=True):
    """Work that shall turn a failing requirement into a met one. Only fresh evidence closes it."""

    closed_at: dt.datetime | None = None
    closed_by_sha256: str | None = None
    """Inputs hash of the status that closed it."""
    due: dt.date
    framework_id: str
    id: str
    model_id: str
    note: str = ""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    requirement_id: str
    state_when_opened: State
    status: RemediationStatus = RemediationStatus("open")
    title: str


class Remediations(Record, frozen=True, kw_only=True):
    """A page of remediations, by due date."""

    next_token: str | None = None
    remediations: tuple[Remediation, ...]


class Removed(Record, frozen=True, kw_only=True):
    """It is removed."""

    removed: str


class Report(Record, frozen=True, kw_only=True):
    """A report job as it stands. When it is done, `link` gives the file for five minutes."""

    job: ReportJob
    link: str | None = None
    """Compare what it gives with `job.sha256`."""


class ReportJob(Record, frozen=True, kw_only=True):
    """A report being made. `progress` is between 0 and 1."""

    content_type: str | None = None
    document: str | None = None
    """Name in the archive of the card that is to be set."""
    error: str | None = None
    file: str | None = None
    """Name in the archive."""
    finished_at: dt.datetime | None = None
    id: str
    progress: float = 0.0
    request: ReportRequest
    requested_at: dt.datetime
    requested_by: str
    sha256: str | None = None
    size: int | None = None
    state: JobState = JobState("queued")
    step: str = "queued"


class ReportPreview(Record, frozen=True, kw_only=True):
    """What a report would hold if it were made now."""

    fields: int | None = None
    """Of a draft."""
    models: int
    """That the report would be about."""
    open: tuple[str, ...] = ()
    """Fields of a draft that no record fills."""
    shown: tuple[PreviewedModel, ...]
    """The first of them; of a draft, none."""
    title: str


class ReportRequest(Record, frozen=True, kw_only=True):
    """What a report is to cover. Empty `frameworks` means every framework, empty `model_ids` the whole portfolio."""

    end_date: dt.date | None = None
    format: ReportFormat = ReportFormat("pdf")
    frameworks: tuple[str, ...] = ()
    kind: ReportKind = ReportKind("compliance")
    model_ids: tuple[str, ...] = ()
    start_date: dt.date | None = None


class Reports(Record, frozen=True, kw_only=True):
    """A page of report jobs, newest first."""

    jobs: tuple[ReportJob, ...]
    next_token: str | None = None


class RequestAnswer(Record, frozen=True, kw_only=True):
    """What was answered to the person, and when. The answer itself is not kept."""

    at: dt.datetime
    ground: RefusalGround | None = None
    late_because: str = ""
    outcome: RequestOutcome
    reason: str = ""
    """Why it is refused, in whole or in part; as the person was told it."""
    recipients_told: bool | None = None
    """Whether recipients of the data were told (Art. 19); null: not asked for here."""
    recorded_by: str
    sha256: str | None = None
    """Of what was sent."""
    told_of_remedies: bool = False
    """Told of the complaint to an authority and of the judicial remedy (Art. 12(4))."""


class RequestPage(Record, frozen=True, kw_only=True):
    """Some approval requests and, when there may be more, the token that continues after them."""

    next_token: str | None = None
    requests: tuple[ApprovalRequest, ...]


class RequestView(Record, frozen=True, kw_only=True):
    """A request, where it stands, and what in its texts looks as if it named a person."""

    answer: RequestAnswer | None = None
    changed_at: dt.datetime
    changed_by: str
    channel: RequestChannel
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    decision: str = ""
    """Row id of the decision it is about, if there is one."""
    earlier_answers: tuple[RequestAnswer, ...] = ()
    """What was answered before it was opened again, first before."""
    erasures: tuple[str, ...] = ()
    """Ids of erasures made for it."""
    extended_at: dt.datetime | None = None
    """When the person was told of it."""
    extension: str = ""
    """Why the answer takes longer, as the person was told."""
    id: str
    identity: IdentityCheck = IdentityCheck("not_checked")
    identity_at: dt.datetime | None = None
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    note: str = ""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    received_at: dt.datetime
    reference: str
    """A pseudonym of the person or the case; never a name, address or number."""
    reopened_because: str = ""
    """Why it was opened again, the last time."""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    right: PersonRight
    standing: Standing
    state: PersonRequestState = PersonRequestState("received")
    title: str
    warnings: tuple[str, ...] = ()


class RequirementState(Record, frozen=True, kw_only=True):
    """A requirement of a framework, judged for one model."""

    applicability: tuple[EvidenceRef, ...] = ()
    """Evidence that decided applicability."""
    applies_from: dt.date | None
    blocking: bool
    changes_at: dt.datetime | None = None
    """When it changes by itself: expiry or entry into force."""
    deadline: str | None = None
    evidence_shows: str | None = None
    """What the evidence shows, and what it cannot."""
    framework_id: str
    group: str
    if_in_force: State
    """The state without regard to dates: how ready the model is."""
    legal_basis: str
    open_readings: tuple[Reading, ...] = ()
    parts: tuple[PartState, ...] = ()
    reason: str
    remedy: str
    requirement_id: str
    source: str
    state: State
    title: str
    verified_on: dt.date
    waits_for: tuple[str, ...] = ()
    """Evidence that has to say whether it applies."""


class ResidualDecision(Record, frozen=True, kw_only=True):
    """What a person in a named role decided of what is left of a risk, and until when that holds."""

    at: dt.datetime
    by: str
    expires: dt.date
    kind: ResidualDecisionKind
    levels: RiskLevels
    """Of the residual risk, as it was then."""
    reason: str
    role: str


class RetentionPolicy(Record, frozen=True, kw_only=True):
    """For how many days results of checks are kept, counted from the end of their window."""

    changed_at: dt.datetime | None = None
    """Set by Syndic."""
    changed_by: str | None = None
    """Set by Syndic."""
    daily_days: int = 1100
    """Summaries of days, and results of daily and weekly windows."""
    hourly_days: int = 190
    """Results of hourly windows; afterwards days are shown. At least 190: the AI Act asks for logs of six months (Art. 19(1), 26(6))."""
    monthly_days: int = 3660
    """Summaries of months, and results of monthly windows; documentation of high-risk systems is kept for ten years (Art. 18)."""
    version: int = 0
    """Set by Syndic; 0: the default one, that nobody set."""


class Risk(Record, frozen=True, kw_only=True):
    """A risk of one or several AI systems."""

    affected: str = ""
    """Whom it would meet."""
    alert_ids: tuple[str, ...] = ()
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    conclusion: str = ""
    controls: tuple[RiskControl, ...] = ()
    decision: ResidualDecision | None = None
    description: str = ""
    id: str
    incident_ids: tuple[str, ...] = ()
    inherent: RiskLevels | None = None
    """Without the controls."""
    kind: RiskKind
    last_review: RiskReview | None = None
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    origin: RiskOrigin
    owner: str
    """The address of whoever answers for it."""
    residual: RiskLevels | None = None
    """With the controls that are in place."""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    review_every_days: int = 180
    state: RiskState = RiskState("identified")
    tests: tuple[str, ...] = ()
    """Kinds of evidence by which it is watched, such as bias.run."""
    title: str
    vulnerable: bool | None = None
    """Persons under 18 or other vulnerable groups (Art. 9(9)); null: not looked at."""


class RiskCell(Record, frozen=True, kw_only=True):
    """A field of the table: what likelihood and impact mean together, and how many open risks are there."""

    impact: str
    likelihood: str
    rating: RiskRating
    risks: int


class RiskControl(Record, frozen=True, kw_only=True):
    """Something that is done about a risk."""

    done_at: dt.datetime | None = None
    dropped_because: str = ""
    due: dt.date
    id: str
    kind: RiskControlKind
    owner: str
    requirement_ids: tuple[str, ...] = ()
    """Of frameworks, that it serves."""
    title: str


class RiskCounts(Record, frozen=True, kw_only=True):
    """Counts of risks, and the open ones by what is left of them; no number sums them up."""

    by_state: dict[str, int]
    by_urgency: dict[str, int]
    """Open entries, each by the most urgent of what it owes."""
    residual: tuple[RiskCell, ...]
    unassessed: int
    whole: bool = True
    """False: there are more than were counted."""


class RiskDecision(Record, frozen=True, kw_only=True):
    """The risk level a person decided on, with the reasons."""

    annex_iii_area: str | None = None
    decided_at: dt.datetime
    decided_by: str
    level: RiskLevel
    profiles_people: bool | None = None
    reason: str


class RiskFile(Record, frozen=True, kw_only=True):
    """The risk management file of a model."""

    gaps: tuple[str, ...]
    """What the article asks for and the register does not hold, or holds late."""
    made_at: dt.datetime
    model_id: str
    model_name: str
    notice: str = (
        "Made from the risk register. Whether the risks named are all there are, and the controls enough, people judge."
    )
    risks: tuple[Risk, ...]
    tests: tuple[RiskTest, ...]
    version: str | None


class RiskFileAnswer(Record, frozen=True, kw_only=True):
    """The risk management file of a model, and the same as a page of Markdown."""

    file: RiskFile
    markdown: str


class RiskLevels(Record, frozen=True, kw_only=True):
    """RiskLikelihood and impact, and why they are seen so."""

    impact: RiskImpact
    likelihood: RiskLikelihood
    reason: str = ""


class RiskProfile(Record, frozen=True, kw_only=True):
    """The risk level that the answers lead to, and the one a person decided on; either may be missing."""

    differs: bool | None
    """Whether decision and proposal name other levels; null: one is missing."""
    model_id: str
    proposal: RiskProposal
    risk: RiskDecision | None
    """The decision; null while nobody has decided."""


class RiskProposal(Record, frozen=True, kw_only=True):
    """What level the answers lead to under Regulation (EU) 2024/1689, why, and what is still open."""

    answered_at: dt.datetime | None = None
    answered_by: str | None = None
    contradictions: tuple[str, ...] = ()
    firm: bool
    """False while something is not known, contradictory or out of date."""
    good_until: dt.datetime | None = None
    level: RiskLevel | None
    """Null: the questionnaire was not answered, so nothing is proposed."""
    not_known: tuple[str, ...] = ()
    reasons: tuple[str, ...]
    """With the provisions they come from."""


class RiskReview(Record, frozen=True, kw_only=True):
    """That a person looked at a risk again."""

    at: dt.datetime
    by: str
    note: str


class RiskTest(Record, frozen=True, kw_only=True):
    """Evidence by which a risk is watched, as it is now. `status` None: there is none."""

    kind: str
    produced_at: dt.datetime | None = None
    risk_id: str
    status: str | None
    summary: str = ""


class RiskView(Record, frozen=True, kw_only=True):
    """A risk and where it stands."""

    affected: str = ""
    """Whom it would meet."""
    alert_ids: tuple[str, ...] = ()
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    conclusion: str = ""
    controls: tuple[RiskControl, ...] = ()
    decision: ResidualDecision | None = None
    description: str = ""
    id: str
    incident_ids: tuple[str, ...] = ()
    inherent: RiskLevels | None = None
    """Without the controls."""
    inherent_rating: RiskRating | None
    kind: RiskKind
    last_review: RiskReview | None = None
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    origin: RiskOrigin
    owner: str
    """The address of whoever answers for it."""
    residual: RiskLevels | None = None
    """With the controls that are in place."""
    residual_rating: RiskRating | None
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    review_every_days: int = 180
    standing: Standing
    state: RiskState = RiskState("identified")
    tests: tuple[str, ...] = ()
    """Kinds of evidence by which it is watched, such as bias.run."""
    title: str
    vulnerable: bool | None = None
    """Persons under 18 or other vulnerable groups (Art. 9(9)); null: not looked at."""


class Risks(Record, frozen=True, kw_only=True):
    """A page of risks: what is due first before, closed ones last."""

    next_token: str | None = None
    risks: tuple[RiskView, ...]


class RollbackConditions(Record, frozen=True, kw_only=True):
    """When a deployment is taken back by itself. Shares are between 0 and 1; what is not set is not watched. How each is judged, and when there is too little traffic to judge: docs/deployments.md."""

    error_rate: float | None = None
    """Greatest share of 5xx answers."""
    error_rate_spike: float | None = None
    """Greatest rise of the share of 4xx and 5xx answers over the old version."""
    give_up_hours: int = 24
    """After so long unjudged, traffic goes back."""
    latency_p50_ms: float | None = None
    """Greatest median latency in milliseconds."""
    latency_p95_ms: float | None = None
    """Greatest 95th percentile in milliseconds."""
    latency_percentile: str = "p50"
    """Of performance_degradation."""
    min_invocations: int = 100
    """Fewer invocations in a step are too few to judge it."""
    performance_degradation: float | None = None
    """Greatest relative rise of the model's latency over the old version."""


class RootCause(Record, frozen=True, kw_only=True):
    """Which columns carry the drift of a window, when it began, and whether outputs and quality moved with it."""

    model_id: str
    predictions: str
    predictions_moved: bool | None
    """Null: no output is captured."""
    quality: str
    quality_moved: bool | None
    """Null: no measured quality for this window."""
    ranked: tuple[RankedFeature, ...]
    report_id: str
    verdict: DriftVerdict
    window: TimeWindow


class Route(Record, frozen=True, kw_only=True):
    """A node of the tree: whom it tells of the alerts that reach it, in which groups, how often."""

    active_time_intervals: tuple[str, ...] = ()
    continue_: bool = msgspec.field(name="continue", default=False)
    """Whether the siblings after it are asked too."""
    escalate: tuple[Escalation, ...] = ()
    group_by: tuple[str, ...] | None = None
    """None: the parent's."""
    group_interval: str | None = None
    """Between messages of what is new in a group."""
    group_wait: str | None = None
    """From the first alert of a group to its first message."""
    matchers: tuple[str, ...] = ()
    """Such as severity=~"high|critical"."""
    mute_time_intervals: tuple[str, ...] = ()
    receiver: str | None = None
    """None: the parent's."""
    repeat_interval: str | None = None
    """Until what is still open is told again; 0: never."""
    routes: tuple[Route, ...] = ()


class Routing(Record, frozen=True, kw_only=True):
    """Whom alerts reach: a tree of routes, what inhibits what, and named times."""

    inhibit_rules: tuple[InhibitRule, ...] = ()
    route: Route
    time_intervals: tuple[TimeInterval, ...] = ()


class RoutingDryRun(Record, frozen=True, kw_only=True):
    """What a routing would have told in the days that were looked at, from the alerts on record."""

    alerts: int
    """Alerts that opened, rose or came back in that time."""
    receivers: tuple[WouldTell, ...]
    since: dt.datetime
    until: dt.datetime
    untold: int
    """Of these, those of which nobody would have been told."""


class RowFlag(Record, frozen=True, kw_only=True):
    """A value that a rule flags."""

    feature: str
    problem: str


class RowPrediction(Record, frozen=True, kw_only=True):
    """The answer for one row."""

    flags: tuple[RowFlag, ...] = ()
    prediction: int | float
    """1 for the positive class, else 0; of a regression the value."""
    prediction_label: str | None = None
    probability_positive_class: float | None = None
    row_id: str


class RowsNeeded(Record, frozen=True, kw_only=True):
    """How many rows it takes until one can tell, if what was observed is true: an estimate, not a promise."""

    reason: str
    rows: int | None
    """Rows of all groups together; null: more rows of this kind would not tell."""
    times: float | None = None
    """As a multiple of the rows there are."""
    windows: int | None = None
    """Windows as large as these; null: not counted in windows."""


class RulePast(Record, frozen=True, kw_only=True):
    """What a rule would have said, had it been set at the beginning of the days that were looked at."""

    models: tuple[str, ...]
    """Ids of models at which it would have, a hundred at most."""
    raised: int
    """How often it would have raised an alert, over all models."""
    shortened: dict[str, dt.datetime]
    """Models at which it could be judged from a later moment on only: since when; a hundred at most."""
    since: dt.datetime
    tells: tuple[WouldTell, ...]
    """What would have been told of them by the routing in force."""
    unjudged: dict[str, str]
    """Models with moments, or all of them, that could not be judged, and why; a hundred at most."""
    unread: int
    """Models that were not looked back at, because too much would have had to be read."""
    until: dt.datetime


class RuleTrial(Record, frozen=True, kw_only=True):
    """For which models a rule holds now, and what it would have said in the past 30 days."""

    holds: tuple[str, ...]
    """Ids of models, a hundred at most."""
    models: int
    """Models that it is about."""
    past: RulePast | None = None
    """None: nobody looked back."""
    tells: tuple[WouldTell, ...] = ()
    """Who would be told of these models now, by the routing in force."""
    unjudged: dict[str, str]
    """Models for which it cannot be told, and why; a hundred at most."""


class ScheduledRun(Record, frozen=True, kw_only=True):
    """A function that runs by itself."""

    every: dt.timedelta
    exact: bool
    """Whether it runs just then: of a rate only the interval is known, not its beginning."""
    expression: str
    """As it was deployed, in UTC."""
    name: str
    """Of the function, such as Discovery."""
    next: dt.datetime
    """When it runs next; of a rate, by when at the latest."""


class Schedules(Record, frozen=True, kw_only=True):
    """What runs by itself, the soonest first."""

    schedules: tuple[ScheduledRun, ...]


class ScopeState(Record, frozen=True, kw_only=True):
    """Whether a framework is about a model at all, where its own questions say so."""

    applies: bool | None
    """Null: not known; then, as when it does not apply, nothing was judged."""
    evidence: tuple[EvidenceRef, ...] = ()
    reason: str
    """Why it does not apply, or is not known to; empty where it applies."""
    requirements: int
    """How many the framework has."""
    waits_for: tuple[str, ...] = ()
    """Evidence that has to say whether it applies."""


class Seen(Record, frozen=True, kw_only=True):
    """The traffic that a proposal rests on."""

    files: int
    """Captured files that were looked into, each at its beginning."""
    newest_hour: dt.datetime | None = None
    oldest_hour: dt.datetime | None = None
    records: int = 0
    rejected: int = 0
    """Records among them that could not be read."""
    rows: int = 0
    rows_a_day: int | None = None
    """Estimated from the size of a day's files."""


class SensitiveRead(Record, frozen=True, kw_only=True):
    """One answer that showed somebody something sensitive."""

    actor: str
    at: dt.datetime
    method: str
    path: str
    """What was asked for, without its query."""
    query: dict[str, str] = msgspec.field(default_factory=dict)
    """Filters of the request; its body is not kept."""
    request: str
    """Id of the request, as logs and audit entries have it."""
    role: str
    """Roles that the actor had then, joined by commas."""
    route: str
    """As the access table has it: /audit-logs/<index>/proof."""


class SeriesSummary(Record, frozen=True, kw_only=True):
    """One column, metric or group over the windows of a period."""

    counts: dict[str, int] = msgspec.field(default_factory=dict)
    """Rows by what they are, over all windows."""
    flagged: int = 0
    """Windows in which it was beyond what the policy allows."""
    measures: dict[str, Spread] = msgspec.field(default_factory=dict)
    verdicts: dict[str, int] = msgspec.field(default_factory=dict)
    """Windows by verdict."""


class Served(Record, frozen=True, kw_only=True):
    """What an endpoint served before the deployment: what a return goes back to."""

    configuration: str
    variant: str


class ServingState(Record, frozen=True, kw_only=True):
    """What may answer for a model. Without candidates nothing may; `trouble` says why."""

    candidates: tuple[Candidate, ...] = ()
    model_id: str
    model_name: str
    settings: GatewaySettings
    trouble: str | None = None


class SeverityBands(Record, frozen=True, kw_only=True):
    """PSI above which a change is called low, medium, high or critical."""

    critical: float = 0.25
    high: float = 0.15
    low: float = 0.05
    medium: float = 0.1


class SeverityChange(Record, frozen=True, kw_only=True):
    """From when on the trouble was how bad. `none` means that it was over."""

    severity: Severity
    since: dt.datetime


class ShadowComparison(Record, frozen=True, kw_only=True):
    """A shadow beside what answered, on the same rows."""

    active: bool
    """Whether it gets copies now."""
    agreement: Agreement | None
    """None: nothing was compared."""
    copies: int
    """Requests that it was asked."""
    distance: float | None
    """Of the two distributions: half the sum of absolute differences (total variation), 0 equal, 1 apart."""
    end: dt.datetime
    failed: int
    """Of them not answered by its backend."""
    mean_difference: float | None
    """Mean absolute difference of scores, or of a regression's values."""
    model_id: str
    refused: int
    """Of them not taken by its signature."""
    rows: int
    """That both answered."""
    scores_given: tuple[int, ...]
    """Rows by twentieths of the score that was given; empty: no scores."""
    scores_shadow: tuple[int, ...]
    """The same of the shadow's scores."""
    start: dt.datetime
    variant: str
    version: str | None
    """None once no deployment names it any more."""


class ShareChange(Record, frozen=True, kw_only=True):
    """A share of the rows that have a value, before and now, and the test of no change. 0 to 1."""

    baseline: float
    current: float
    p_adjusted: float | None = None
    """Benjamini-Hochberg over the tests of the run."""
    p_value: float
    psi: float
    """Of two bins: those values, and all others."""
    what: str
    """Which values."""


class ShownItem(Record, frozen=True, kw_only=True):
    """An item of the checklist: what is asked, what a person found, and how the requirements stand that it rests on."""

    done: bool
    item: ChecklistItem
    note: str
    states: dict[str, State]
    """Of the requirements that it rests on, as if all were in force."""


class ShownKey(Record, frozen=True, kw_only=True):
    """A key without its secret. `used_at` is exact to ten minutes."""

    expires_at: dt.datetime
    id: str
    made_at: dt.datetime
    made_by: str
    name: str
    revoked_at: dt.datetime | None
    scopes: tuple[Scope, ...]
    used_at: dt.datetime | None


class ShownKeys(Record, frozen=True, kw_only=True):
    """Some keys, the newest first."""

    keys: tuple[ShownKey, ...]
    next_token: str | None = None


class ShownModel(Record, frozen=True, kw_only=True):
    """A model as it is answered, with the age of what is known of it."""

    capture_schema: CaptureSchema | None = None
    cloud: Cloud
    compliance_status: ComplianceStatus = ComplianceStatus("draft")
    data_sources: tuple[str, ...] = ()
    description: str | None = None
    domain: str | None = None
    endpoint: Endpoint | None = None
    id: str
    intended_purpose: str | None = None
    kind: str = "model"
    last_seen_at: dt.datetime | None = None
    lateness: dt.timedelta = msgspec.convert("PT1H", dt.timedelta)
    limitations: str | None = None
    metadata: dict[str, JsonValue] = msgspec.field(default_factory=dict)
    mirrored_at: dt.datetime | None = None
    """Everything that the model's cloud had then is known here; null: it runs here."""
    name: str
    oversight_plan: str | None = None
    owner: str | None = None
    presence: Presence = Presence("present")
    registered_at: dt.datetime
    risk: RiskDecision | None = None
    stages: tuple[str, ...] = ()
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    version_in_use: str | None = None
    """As a person names it, where no endpoint tells what serves."""
    window: WindowLength = WindowLength("day")


class SideFile(Record, frozen=True, kw_only=True):
    """A table that holds a protected attribute by row id, kept apart from the model's traffic."""

    id_column: str
    uri: str


class SignedCheckpoint(Record, frozen=True, kw_only=True):
    """What the tree was when it was last published."""

    key: str
    """The log's verifier key; whoever verifies compares it with what he was given before."""
    note: str
    """The checkpoint as a signed note (C2SP)."""
    root: str
    size: int


class SignedOut(Record, frozen=True, kw_only=True):
    """The refresh token is worth nothing any more."""

    signed_out: bool = True


class Silence(Record, frozen=True, kw_only=True):
    """Alerts that match are not told while it lasts; they stay where they are seen."""

    comment: str
    created_at: dt.datetime
    created_by: str
    ends_at: dt.datetime
    id: str
    matchers: tuple[str, ...]
    starts_at: dt.datetime


class SilenceDryRun(Record, frozen=True, kw_only=True):
    """What a silence would have kept quiet in the days that were looked at, and what it keeps quiet now."""

    alerts: int
    """Alerts that it matches, of those that opened, rose or came back in that time."""
    receivers: tuple[WouldTell, ...]
    """Messages and alerts that would not have been told, by receiver."""
    since: dt.datetime
    standing: tuple[str, ...]
    """Ids of alerts in trouble now that it matches, a hundred at most."""
    until: dt.datetime


class Silences(Record, frozen=True, kw_only=True):
    """Silences that are in force or begin later, the first to end first."""

    silences: tuple[Silence, ...]


class Slice(Record, frozen=True, kw_only=True):
    """Rows that meet one or two conditions, and how their change differs from that of all other rows."""

    conditions: tuple[str, ...]
    """One or two, in words."""
    effect: float
    """Inside less outside."""
    high: float
    inside: float
    """Change inside; of error, its mean inside."""
    low: float
    """Of the effect's 95 % interval, considering that it was chosen of many."""
    outside: float
    """The same outside."""
    p_adjusted: float
    """Benjamini-Hochberg over all slices that were looked at."""
    rows: int
    """Rows of the window in it."""
    share: float
    """Of the window's rows, 0 to 1."""
    share_before: float | None = None
    """Of the baseline's rows; null: error of the window."""
    target: str
    """Column that changes there, or the model's error."""
    what: str
    """Of the target: its rank in the baseline, its spread, or the share of a value."""


class SlicedInfo(Record, frozen=True, kw_only=True):
    """A baseline's counts by slices, which windows are compared with where the policy asks for slices."""

    bytes: int
    columns: tuple[str, ...]
    """Columns that conditions are taken of."""
    sha256: str
    targets: tuple[str, ...]
    """Columns whose change is compared in and out of slices."""


class Slices(Record, frozen=True, kw_only=True):
    """The slices that were found, the clearest first, at most ten."""

    columns: tuple[str, ...]
    """Columns that conditions were taken of."""
    left_out: tuple[str, ...] = ()
    """Columns that no condition was taken of: too many."""
    looked_at: int
    """Comparisons that were made."""
    slices: tuple[Slice, ...] = ()
    targets: tuple[str, ...]


class Spread(Record, frozen=True, kw_only=True):
    """Values of a measure over windows: how many, their sum, the least and the greatest."""

    least: float
    most: float
    n: int
    """Windows that have a value."""
    total: float
    """Sum of the values; divided by n it is their mean."""


class StageChange(Record, frozen=True, kw_only=True):
    """One move of a version, kept with its reason."""

    at: dt.datetime
    by: str
    kind: str = "promotion"
    reason: str
    source: Stage
    target: Stage
    version: str


class Stages(Record, frozen=True, kw_only=True):
    """The stage of every version of a model: one record, so that stages change one at a time. `history` keeps the newest 200 changes; the audit trail keeps them all."""

    history: tuple[StageChange, ...] = ()
    model_id: str
    of: dict[str, Stage] = msgspec.field(default_factory=dict)


class Standing(Record, frozen=True, kw_only=True):
    """Where an entry stands at a time: ready for a screen."""

    clocks: tuple[ClockStanding, ...] = ()
    """Its clocks, then what is due on a day."""
    due: dt.datetime | None
    next_steps: tuple[Step, ...] = ()
    worst: ClockState | None
    """The most urgent state of what follows."""


class StateChange(Record, frozen=True, kw_only=True):
    """A requirement whose state a new framework version would change, in a dry run."""

    after: State | None
    before: State | None
    model_id: str
    reason: str
    requirement_id: str


class Statement(Record, frozen=True, kw_only=True):
    """Words that are signed, and the requirements that rest on them."""

    requirements: tuple[str, ...]
    """Framework and requirement, such as eu_ai_act/AIA-14."""
    sha256: str
    text: str


class StatementOfApplicability(Record, frozen=True, kw_only=True):
    """A statement of applicability. What is not decided is taken."""

    complete: bool
    """Whether each requirement is decided."""
    decided_at: dt.datetime | None = None
    decided_by: str | None = None
    framework_id: str
    lines: tuple[ApplicabilityLine, ...]


class Step(Record, frozen=True, kw_only=True):
    """Something that may be done with an entry as it stands."""

    asks: tuple[str, ...] = ()
    """Fields that it needs."""
    due: dt.datetime | None = None
    name: str
    """As the route or the command has it."""
    title: str


class SystemEntry(Record, frozen=True, kw_only=True):
    """An AI system in the inventory. `state` is its `LifeState`; `model_ids` names its registered model."""

    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    countries: tuple[str, ...] = ()
    """Where it is used, such as DE."""
    data_categories: tuple[DataCategory, ...] = ()
    id: str
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    origin: SystemOrigin
    owner: str
    """The address of whoever answers for it."""
    review_due: dt.date | None = None
    reviewed_at: dt.date | None = None
    reviewed_by: str | None = None
    roles: tuple[OperatorRole, ...] = ()
    state: str
    supplier: str = ""
    """Who supplies it, in words."""
    title: str
    vendor_id: str | None = None
    """Its entry in the register of vendors."""


class SystemEvaluated(Record, frozen=True, kw_only=True):
    """What is judged of a system, and what cannot be."""

    frameworks: tuple[FrameworkCounts, ...]
    """Empty until it was looked at, seconds after a change."""
    measured: bool
    """Whether traffic of it is checked."""
    says: str


class SystemView(Record, frozen=True, kw_only=True):
    """A system as a screen shows it: entry, registered model, risk, what is judged, what is missing, what is next."""

    differences: tuple[str, ...]
    """Where inventory and questionnaire say different things."""
    entry: SystemEntry
    evaluated: SystemEvaluated
    missing: tuple[str, ...]
    model: RegisteredModel
    risk: RiskProposal
    standing: Standing


class Systems(Record, frozen=True, kw_only=True):
    """A page of the inventory, with counts over all of it on the first page."""

    counts: Counts | None
    next_token: str | None = None
    systems: tuple[ListedSystem, ...]


class ThirdCountryTransfer(Record, frozen=True, kw_only=True):
    """A transfer to a third country or an international organisation."""

    safeguard: str
    """Adequacy decision, clauses, derogation of Art. 49."""
    to: str


class TimeInterval(Record, frozen=True, kw_only=True):
    """Recurring times under a name: when any of them holds."""

    name: str
    time_intervals: tuple[Times, ...]


class TimeRange(Record, frozen=True, kw_only=True):
    """From a time of day until another one, which is not included any more."""

    end_time: str
    start_time: str


class TimeWindow(Record, frozen=True, kw_only=True):
    """A half-open span of time ``[start, end)`` whose rows are judged together."""

    end: dt.datetime
    job: str | None = None
    """The batch job whose rows it holds, from its creation to its end; left out of hours, days, ..."""
    start: dt.datetime


class Times(Record, frozen=True, kw_only=True):
    """When an interval holds: each given field must fit. A range such as `monday:friday` includes its end."""

    days_of_month: tuple[str, ...] = ()
    """1:5, or -1 for the last day."""
    location: str = "UTC"
    """Time zone such as Europe/Berlin."""
    months: tuple[str, ...] = ()
    """1, january, or january:march."""
    times: tuple[TimeRange, ...] = ()
    weekdays: tuple[str, ...] = ()
    """Monday, or monday:friday."""
    years: tuple[str, ...] = ()
    """2026, or 2026:2028."""


class Tokens(Record, frozen=True, kw_only=True):
    """`access_token` is what the API takes as bearer token (an ID token, which says who somebody is)."""

    access_token: str
    expires_in: int
    """Seconds."""
    refresh_token: str | None
    """Renews it for 30 days; none: the one before stays."""
    token_type: str = "bearer"


class TrainingData(Record, frozen=True, kw_only=True):
    """What a version was trained on: fingerprint and size, never the rows."""

    dataset_sha256: str | None = None
    description: str | None = None
    features: int | None = None
    period: str | None = None
    rows: int | None = None
    sources: tuple[str, ...] = ()


class TrainingView(Record, frozen=True, kw_only=True):
    """A training, and where it stands."""

    certificate_sha256: str | None = None
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    completed_on: dt.date
    contents: str = ""
    """What it covered."""
    counts: bool
    """Whether it counts today."""
    ended_because: str = ""
    id: str
    model_ids: tuple[str, ...] = ()
    """Registered models it is about."""
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    person: str
    """User name or address of whoever took it."""
    provider: str = ""
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    role: str
    """For which the person took it."""
    standing: Standing
    state: TrainingState = TrainingState("recorded")
    subject: TrainingSubject
    title: str
    valid_until: dt.date
    """The last day on which it counts."""


class Trainings(Record, frozen=True, kw_only=True):
    """A page of trainings: what runs out first before."""

    next_token: str | None = None
    trainings: tuple[TrainingView, ...]


class TrendGroup(Record, frozen=True, kw_only=True):
    """One group in one window of a trend."""

    disparate_impact: BiasEstimate
    n: int | None
    selection_rate: BiasEstimate
    verdict: BiasVerdict


class TrendLook(Record, frozen=True, kw_only=True):
    """What all windows up to this one said of a comparison. Its limits hold at all times together."""

    attributes: tuple[str, ...]
    compared_with: str
    e: float
    """E-value with the error shared by all of the report."""
    effect: BiasEstimate
    group: str
    metric: BiasMetric
    threshold: float
    verdict: BiasVerdict


class Trial(Record, frozen=True, kw_only=True):
    """What a policy would say of one version now."""

    model_id: str
    result: GateResult
    version: str


class Trials(Record, frozen=True, kw_only=True):
    """What a policy would say of some models and, when there may be more, the token that continues after them."""

    next_token: str | None = None
    trials: tuple[Trial, ...]


class Unseen(Record, frozen=True, kw_only=True):
    """Values that the baseline does not have."""

    examples: tuple[str, ...] = ()
    """Some of the values."""
    reason: str | None = None
    share: float | None = None
    """Of all rows of the window, 0 to 1; null: see the reason."""


class Unsound(Record, frozen=True, kw_only=True):
    """Something in the other registry that could not be read, and why."""

    reason: str
    where: str


class Upload(Record, frozen=True, kw_only=True):
    """Where to send a file: by PUT, with these headers and nothing that says who asks."""

    headers: dict[str, str]
    seconds: int
    """For which the address holds."""
    uri: str
    """Of the file once it is sent, such as for a baseline."""
    url: str


class User(Record, frozen=True, kw_only=True):
    """A person who may sign in. `confirmed`: has signed in once. In a list the roles are left out."""

    confirmed: bool
    email: str
    enabled: bool
    name: str
    roles: tuple[str, ...] | None


class Users(Record, frozen=True, kw_only=True):
    """Some people."""

    next_token: str | None = None
    users: tuple[User, ...]


class UsualWindows(Record, frozen=True, kw_only=True):
    """The baseline's own windows that limits were learnt from."""

    hours: int
    """Length of a window."""
    level: float
    """Chance, for each column, that an unchanged window is over its limit."""
    season: Season
    """What each was compared with: the whole, or its part of the season."""
    windows: int


class Validation(Record, frozen=True, kw_only=True):
    """What is wrong in a framework file; where nothing is, what it would change."""

    framework_id: str | None = None
    problems: tuple[FileProblem, ...] = ()
    requirements: int = 0
    title: str | None = None
    trial: DryRun | None = None
    valid: bool
    version: str | None = None


class Vendor(Record, frozen=True, kw_only=True):
    """A vendor. `model_ids` are the registered models and systems that depend on it; `owner` answers for it."""

    agreements: tuple[VendorAgreement, ...] = ()
    answered_at: dt.datetime | None = None
    answered_by: str | None = None
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
    answers_due: dt.date | None = None
    """The last day on which the answers count."""
    changed_at: dt.datetime
    changed_by: str
    clocks: tuple[Clock, ...] = ()
    closed_at: dt.datetime | None = None
    contact: str = ""
    country: str | None = None
    free_and_open_source: bool = False
    """What it supplies is public under a free licence (Art. 25(4), second subparagraph)."""
    id: str
    model_ids: tuple[str, ...] = ()
    opened_at: dt.datetime
    opened_by: str
    owner: str
    """The address of whoever answers for it."""
    processes_personal_data: bool | None = None
    """Whether it processes personal data on the organisation's behalf; null: not known."""
    questions_version: str | None = None
    review_due: dt.date | None = None
    """The day by which a person looks at it again."""
    reviewed_at: dt.date | None = None
    reviewed_by: str | None = None
    state: str
    supplies: tuple[Supply, ...] = ()
    title: str
    website: str = ""


class VendorAgreement(Record, frozen=True, kw_only=True):
    """An agreement on record."""

    ended_because: str = ""
    ended_on: dt.date | None = None
    """From this day on it does not hold, before its own end."""
    expires_on: dt.date | None = None
    """Its last day; null: without an end."""
    id: str
    kind: VendorAgreementKind
    location: str
    """Where the document is."""
    notice_days: int = 30
    """So many days before its end it alerts."""
    recorded_at: dt.datetime
    recorded_by: str
    settles: tuple[str, ...] = ()
    """What it settles, by the names of its kind."""
    sha256: str
    """Of the document's bytes."""
    signed_on: dt.date
    title: str


class VendorAnswer(Record, frozen=True, kw_only=True):
    """The answer to one question."""

    answer: VendorReply
    note: str = ""


class VendorFindings(Record, frozen=True, kw_only=True):
    """What the answers come to. There is no score."""

    concerns: tuple[str, ...] = ()
    """Questions whose answer is not the wanted one, by id."""
    open: tuple[str, ...] = ()
    """Questions without an answer, by id."""


class VendorQuestion(Record, frozen=True, kw_only=True):
    """One question: what is asked, why, and which answer raises no concern."""

    asks: str
    because: str
    id: str
    wanted: VendorReply


class VendorView(Record, frozen=True, kw_only=True):
    """A vendor as a screen shows it: the entry, what is missing, the questionnaire and what it raises, what is next."""

    entry: Vendor
    findings: VendorFindings
    missing: tuple[str, ...]
    questions: tuple[VendorQuestion, ...]
    standing: Standing


class Vendors(Record, frozen=True, kw_only=True):
    """A page of vendors, with counts over all of them on the first page."""

    counts: Counts | None
    next_token: str | None = None
    vendors: tuple[ListedVendor, ...]


class Verification(Record, frozen=True, kw_only=True):
    """What verifying the log gave. `head` is what the entries themselves add up to."""

    checkpoint: int | None = None
    """Size of the newest signed checkpoint that it continues."""
    erased: int = 0
    """Entries looked at whose content was erased, as an entry says."""
    head: Head
    intact: bool
    problem_count: int = 0
    problems: tuple[LogProblem, ...] = ()
    root: str = ""
    """Root of the Merkle tree of these entries; empty: none was computed."""
    since: int = 0
    """Entries before this index were verified earlier, against a checkpoint."""


class VersionMetrics(Record, frozen=True, kw_only=True):
    """Evaluation metrics by name."""

    metrics: dict[str, float | str]


class Versions(Record, frozen=True, kw_only=True):
    """A page of a model's versions, and the stage of each version that has left development, on the page or not."""

    next_token: str | None = None
    stages: Stages
    versions: tuple[ModelVersion, ...]


class Vote(Record, frozen=True, kw_only=True):
    """One person's decision, in one role, with a comment."""

    actor: str
    at: dt.datetime
    comment: str
    decision: Decision
    role: str


class WaitingRequest(Record, frozen=True, kw_only=True):
    """A request that waits for votes, and whether the person who asks may cast one."""

    model_name: str
    request: ApprovalRequest
    vote_as: tuple[str, ...]
    """Roles that the caller holds and may vote in now; none: others decide."""


class WaitingRequests(Record, frozen=True, kw_only=True):
    """Some requests that wait and, when there may be more, the token that continues after them."""

    next_token: str | None = None
    requests: tuple[WaitingRequest, ...]


class Waiver(Record, frozen=True, kw_only=True):
    """A person's reason why one gate condition need not hold for this version. Approvers see it."""

    at: dt.datetime
    by: str
    condition: str
    reason: str


class WorstOff(Record, frozen=True, kw_only=True):
    """The group that is worst off by a disparity, among those large enough to be rated."""

    compared_with: str
    group: str
    metric: str
    value: float


class WouldTell(Record, frozen=True, kw_only=True):
    """What a routing would have told a receiver."""

    alerts: int
    """Alerts told of in these messages, each as often as it was told."""
    messages: int
    receiver: str
