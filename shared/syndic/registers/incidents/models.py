"""The nouns of the incident register."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from syndic.models import Day, EvidenceStatus, Instant, Moment, Noun
from syndic.registers.models import Dated, Entry

MOST_REPORTS: Final = 50
MOST_MEASURES: Final = 30
Words = Annotated[str, StringConstraints(max_length=4000)]
Reason = Annotated[str, StringConstraints(max_length=2000)]


class SeriousHarm(StrEnum):
    """What makes an incident serious: Art. 3(49) of the AI Act, point by point."""

    DEATH = "death"  # (a)
    HEALTH = "health"  # (a) serious harm to a person's health
    INFRASTRUCTURE = "infrastructure"  # (b) serious and irreversible disruption of critical infrastructure
    FUNDAMENTAL_RIGHTS = "fundamental_rights"  # (c) infringement of obligations that protect fundamental rights
    PROPERTY_OR_ENVIRONMENT = "property_or_environment"  # (d) serious harm to property or the environment


class IncidentRole(StrEnum):
    """What the organisation is in an incident."""

    PROVIDER = "provider"
    DEPLOYER = "deployer"
    CONTROLLER = "controller"
    PROCESSOR = "processor"


class IncidentRecipient(StrEnum):
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


class CausalLink(StrEnum):
    """Whether the system caused it, as far as is known."""

    UNKNOWN = "unknown"
    SUSPECTED = "suspected"
    LIKELY = "likely"  # a reasonable likelihood, Art. 73(2)
    ESTABLISHED = "established"
    EXCLUDED = "excluded"


class ReportingLimit(StrEnum):
    """Whose notifications are limited to infringements of fundamental rights."""

    NONE = "none"
    EQUIVALENT_REPORTING = "equivalent_reporting"  # Art. 73(9)
    MEDICAL_DEVICE = "medical_device"  # Art. 73(10)


class BreachRisk(StrEnum):
    """What a personal data breach means for the persons: Art. 33(1) and 34(1) of the GDPR."""

    UNKNOWN = "unknown"
    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class IncidentSource(StrEnum):
    """How an incident became known."""

    ALERT = "alert"
    PERSON = "person"
    CUSTOMER = "customer"
    DEPLOYER = "deployer"
    AUTHORITY = "authority"
    OTHER = "other"


class ReportStage(StrEnum):
    """Which report it is: a first one may be incomplete (Art. 73(5); GDPR Art. 33(4)), a final one is complete."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


class IncidentState(StrEnum):
    """Where an incident stands; it follows from what was decided and done."""

    ASSESSING = "assessing"  # whether it is serious, or a breach, is not decided
    REPORTABLE = "reportable"  # somebody has still to be told
    INVESTIGATING = "investigating"  # nobody has to be told any more
    CLOSED = "closed"


class IncidentAssessment(Noun):
    """What people decided of an incident. Whatever is undecided keeps its clock running."""

    serious: bool | None = Field(default=None, description="a serious incident (AI Act Art. 3(49)); null: not decided")
    serious_reason: Reason = ""
    harms: tuple[SeriousHarm, ...] = Field(default=(), max_length=5)
    presents_risk: bool | None = Field(
        default=None,
        description=(
            "the system, or a use of it that is no serious incident, may present a risk (AI Act Art. 79(1)); null: not "
            "decided"
        ),
    )
    risk_aware_at: Instant | None = Field(
        default=None, description="when the risk became known; left out: when the incident became known"
    )
    widespread: bool = Field(default=False, description="a widespread infringement (AI Act Art. 3(61))")
    high_risk: bool | None = Field(default=None, description="a high-risk system is concerned; null: not known")
    causal_link: CausalLink = CausalLink.UNKNOWN
    causal_link_at: Instant | None = Field(default=None, description="when it was suspected or established")
    limit: ReportingLimit = ReportingLimit.NONE
    limit_reason: Reason = ""
    ai_office_competent: bool = Field(default=False, description="the AI Office is told instead (AI Act Art. 75(1a))")
    provider_unreachable: bool = Field(default=False, description="the deployer could not reach the provider")
    also_inform: tuple[IncidentRecipient, ...] = Field(
        default=(),
        max_length=3,
        description=(
            "importer and distributor, where the deployer has one (Art. 26(5)); the notified body, where one issued a "
            "certificate to the provider (Art. 20(2))"
        ),
    )
    personal_data_breach: bool | None = Field(default=None, description="GDPR Art. 4(12); null: not decided")
    breach_reason: Reason = ""
    breach_aware_at: Instant | None = Field(default=None, description="left out: when the incident became known")
    breach_risk: BreachRisk = BreachRisk.UNKNOWN
    breach_risk_reason: Reason = ""
    persons_exempt: Reason = Field(default="", description="why the persons need not be told (GDPR Art. 34(3))")


class IncidentReport(Noun):
    """That somebody was told: the register keeps what was sent by its hash, not the text."""

    id: str
    recipient: IncidentRecipient
    stage: ReportStage
    sent_at: Instant
    recorded_by: str
    reference: str = Field(default="", max_length=200, description="the recipient's own number, or where it lies")
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="of the document that was sent")
    late_because: Reason = ""


class IncidentMeasureKind(StrEnum):
    """What a measure is for."""

    CONTAINMENT = "containment"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class IncidentMeasure(Noun):
    """Something that is done about an incident, by somebody, by a day."""

    id: str
    kind: IncidentMeasureKind
    title: str = Field(min_length=3, max_length=300)
    owner: str = Field(min_length=3, max_length=254)
    due: Day
    done_at: Moment | None = None
    dropped_because: Reason = ""

    @property
    def is_open(self) -> bool:
        """Whether it has still to be done."""
        return self.done_at is None and not self.dropped_because


class PreservedEvidence(Noun):
    """Evidence on a model as it was."""

    kind: str
    status: EvidenceStatus
    produced_at: Moment
    sha256: str


class PreservedModel(Noun):
    """A model as it was when the incident was opened: by it, later changes of the system show (AI Act Art. 73(6))."""

    model_id: str
    version: str | None = Field(description="what was served; null: not known")
    endpoint_sha256: str | None = Field(description="of the endpoint's configuration")
    policies: dict[str, str] = Field(default_factory=dict, description="SHA-256 of each policy in force")
    evidence: tuple[PreservedEvidence, ...] = Field(default=(), max_length=80)


class PreservedTrail(Noun):
    """The newest checkpoint of the audit trail then."""

    origin: str
    size: int
    root: str


class Preserved(Noun):
    """The state of the system when the incident was opened."""

    at: Instant
    models: tuple[PreservedModel, ...] = ()
    trail: PreservedTrail | None = Field(default=None, description="null: no checkpoints are published")


class Incident(Entry):
    """An incident of an AI system, or a breach of personal data, or both."""

    state: IncidentState = IncidentState.ASSESSING
    description: Words = ""
    source: IncidentSource
    source_reference: str = Field(default="", max_length=200, description="such as a ticket; no person's name")
    alert_ids: tuple[str, ...] = Field(default=(), max_length=20)
    roles: tuple[IncidentRole, ...] = Field(min_length=1, max_length=4)
    member_states: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = Field(
        default=(), max_length=30, description="where it occurred, as two letters"
    )
    occurred_at: Instant | None = None
    aware_at: Instant = Field(description="when the organisation became aware; the clocks run from it")
    awareness: Reason = Field(default="", description="who became aware, and by what")
    affected_persons: int | None = Field(default=None, ge=0, le=10**10)
    assessment: IncidentAssessment = IncidentAssessment()
    reports: tuple[IncidentReport, ...] = Field(default=(), max_length=MOST_REPORTS)
    measures: tuple[IncidentMeasure, ...] = Field(default=(), max_length=MOST_MEASURES)
    preserved: Preserved | None = None
    root_cause: Words = ""
    conclusion: Words = ""

    @property
    def dated(self) -> tuple[Dated, ...]:
        """Its review, and the measures that are open."""
        measures = (
            Dated(name=f"measure_{one.id}", title=one.title, day=one.due, soon_days=3)
            for one in self.measures
            if one.is_open
        )
        return (*super().dated, *measures)
