"""The nouns of the risk register."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from syndic.models import Day, Instant, Moment, Noun
from syndic.registers.models import Dated, Entry

MOST_CONTROLS: Final = 30
MOST_TESTS: Final = 20
Words = Annotated[str, StringConstraints(max_length=4000)]
Reason = Annotated[str, StringConstraints(max_length=2000)]


class RiskKind(StrEnum):
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


class RiskOrigin(StrEnum):
    """From what a risk arises: the steps (a) to (c) of Art. 9(2) of the AI Act."""

    INTENDED_USE = "intended_use"
    FORESEEABLE_MISUSE = "foreseeable_misuse"
    MONITORING = "monitoring"  # found after placing on the market, as by an alert or an incident


class RiskLikelihood(StrEnum):
    """How likely it is that the harm comes about, least first."""

    RARE = "rare"
    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"
    ALMOST_CERTAIN = "almost_certain"


class RiskImpact(StrEnum):
    """How bad the harm is for those it meets, least first."""

    NEGLIGIBLE = "negligible"
    MINOR = "minor"
    SERIOUS = "serious"
    MAJOR = "major"
    CATASTROPHIC = "catastrophic"  # deaths, lasting harm to health, or to the rights of many


class RiskRating(StrEnum):
    """What likelihood and impact mean together, read off a table and never multiplied or averaged."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_TABLE: Final[dict[RiskImpact, str]] = {  # rare, unlikely, possible, likely, almost certain
    RiskImpact.NEGLIGIBLE: "LLLLM",
    RiskImpact.MINOR: "LLMMM",
    RiskImpact.SERIOUS: "LMMHH",
    RiskImpact.MAJOR: "MMHHC",
    RiskImpact.CATASTROPHIC: "HHHCC",  # the worst is never small, however rare
}
_LETTERS: Final = {"L": RiskRating.LOW, "M": RiskRating.MEDIUM, "H": RiskRating.HIGH, "C": RiskRating.CRITICAL}


class RiskLevels(Noun):
    """RiskLikelihood and impact, and why they are seen so."""

    likelihood: RiskLikelihood
    impact: RiskImpact
    reason: Reason = ""

    @property
    def rating(self) -> RiskRating:
        """What the two mean together, by the table in docs/registers.md."""
        return _LETTERS[_TABLE[self.impact][list(RiskLikelihood).index(self.likelihood)]]


class RiskControlKind(StrEnum):
    """What a control does, in the order in which Art. 9(5) of the AI Act wants them looked for."""

    DESIGN = "design"  # (a) eliminates or reduces it by design
    MITIGATION = "mitigation"  # (b) mitigates and controls what cannot be eliminated
    INFORMATION = "information"  # (c) information and training of deployers


class RiskControl(Noun):
    """Something that is done about a risk."""

    id: str
    kind: RiskControlKind
    title: str = Field(min_length=3, max_length=300)
    owner: str = Field(min_length=3, max_length=254)
    due: Day
    requirement_ids: tuple[str, ...] = Field(default=(), max_length=20, description="of frameworks, that it serves")
    done_at: Moment | None = None
    dropped_because: Reason = ""

    @property
    def is_open(self) -> bool:
        """Whether it has still to be put in place."""
        return self.done_at is None and not self.dropped_because


class ResidualDecisionKind(StrEnum):
    """What is decided of a residual risk."""

    ACCEPT = "accept"
    TREAT = "treat"  # it is not acceptable yet
    AVOID = "avoid"  # the use is given up
    TRANSFER = "transfer"


class ResidualDecision(Noun):
    """What a person in a named role decided of what is left of a risk, and until when that holds."""

    kind: ResidualDecisionKind
    role: str
    by: str
    at: Instant
    reason: Reason
    expires: Day
    levels: RiskLevels = Field(description="of the residual risk, as it was then")


class RiskReview(Noun):
    """That a person looked at a risk again."""

    by: str
    at: Instant
    note: Reason


class RiskState(StrEnum):
    """Where a risk stands; it follows from what was decided and done."""

    IDENTIFIED = "identified"  # not assessed
    ASSESSED = "assessed"  # what is left of it is not decided
    TREATED = "treated"  # decided to go on treating it, to avoid or to transfer it
    ACCEPTED = "accepted"
    CLOSED = "closed"


class Risk(Entry):
    """A risk of one or several AI systems."""

    state: RiskState = RiskState.IDENTIFIED
    kind: RiskKind
    origin: RiskOrigin
    description: Words = ""
    affected: Reason = Field(default="", description="whom it would meet")
    vulnerable: bool | None = Field(
        default=None, description="persons under 18 or other vulnerable groups (Art. 9(9)); null: not looked at"
    )
    alert_ids: tuple[str, ...] = Field(default=(), max_length=20)
    incident_ids: tuple[str, ...] = Field(default=(), max_length=20)
    tests: tuple[str, ...] = Field(
        default=(), max_length=MOST_TESTS, description="kinds of evidence by which it is watched, such as bias.run"
    )
    inherent: RiskLevels | None = Field(default=None, description="without the controls")
    residual: RiskLevels | None = Field(default=None, description="with the controls that are in place")
    controls: tuple[RiskControl, ...] = Field(default=(), max_length=MOST_CONTROLS)
    decision: ResidualDecision | None = None
    review_every_days: int = Field(default=180, ge=7, le=366)
    last_review: RiskReview | None = None
    conclusion: Reason = ""

    @property
    def dated(self) -> tuple[Dated, ...]:
        """Its review, the end of its decision, and the controls that are not in place."""
        ends = self.decision
        decision = (Dated(name="decision", title="Decide on it again", day=ends.expires, soon_days=30),) if ends else ()
        controls = (
            Dated(name=f"control_{one.id}", title=one.title, day=one.due, soon_days=7)
            for one in self.controls
            if one.is_open
        )
        return (*super().dated, *decision, *controls)
