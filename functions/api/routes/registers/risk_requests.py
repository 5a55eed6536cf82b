"""What is sent to the routes of the risk register."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from syndic.models import Day, Noun
from syndic.registers.models import MOST_MODELS
from syndic.registers.risks.models import (
    MOST_TESTS,
    Reason,
    ResidualDecisionKind,
    RiskControlKind,
    RiskKind,
    RiskLevels,
    RiskOrigin,
    Words,
)

Address = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Known = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$")]


class NewRiskEntry(Noun):
    """A risk that was found."""

    title: str = Field(min_length=3, max_length=200)
    owner: Address
    kind: RiskKind
    origin: RiskOrigin
    description: Words = ""
    affected: Reason = Field(default="", description="whom it would meet; no person's name")
    vulnerable: bool | None = None
    model_ids: tuple[Known, ...] = Field(default=(), max_length=MOST_MODELS)
    alert_ids: tuple[Known, ...] = Field(default=(), max_length=20)
    incident_ids: tuple[Known, ...] = Field(default=(), max_length=20)
    tests: tuple[Known, ...] = Field(default=(), max_length=MOST_TESTS, description="kinds of evidence")
    review_due: Day | None = Field(default=None, description="left out: after `review_every_days`")
    review_every_days: int = Field(default=180, ge=7, le=366)


class RiskEntryChange(Noun):
    """What to change; fields left out stay."""

    title: str | None = Field(default=None, min_length=3, max_length=200)
    owner: Address | None = None
    kind: RiskKind | None = None
    origin: RiskOrigin | None = None
    description: Words | None = None
    affected: Reason | None = None
    vulnerable: bool | None = None
    model_ids: tuple[Known, ...] | None = Field(default=None, max_length=MOST_MODELS)
    alert_ids: tuple[Known, ...] | None = Field(default=None, max_length=20)
    incident_ids: tuple[Known, ...] | None = Field(default=None, max_length=20)
    tests: tuple[Known, ...] | None = Field(default=None, max_length=MOST_TESTS)
    review_due: Day | None = None
    review_every_days: int | None = Field(default=None, ge=7, le=366)


class RiskAssessment(Noun):
    """Likelihood and impact without the controls, and with those that are in place."""

    inherent: RiskLevels
    residual: RiskLevels | None = None


class NewRiskControl(Noun):
    """What is to be done about a risk."""

    kind: RiskControlKind
    title: str = Field(min_length=3, max_length=300)
    owner: Address
    due: Day
    requirement_ids: tuple[Annotated[str, StringConstraints(max_length=40)], ...] = Field(default=(), max_length=20)


class RiskControlChange(Noun):
    """That a control is in place, or is given up, or is another's or due on another day."""

    owner: Address | None = None
    due: Day | None = None
    done: bool | None = None
    dropped_because: Reason | None = None


class NewResidualDecision(Noun):
    """What is decided of a residual risk, in which role, why and until when."""

    kind: ResidualDecisionKind
    role: str = Field(min_length=3, max_length=60, description="one that you hold, such as `risk owner`, or `owner`")
    reason: Reason
    expires: Day


class NewRiskReview(Noun):
    """What was looked at and found."""

    note: Reason


class RiskConclusion(Noun):
    """Why a risk does not exist any more."""

    conclusion: Reason


class RiskReopening(Noun):
    """Why a closed risk is open again."""

    reason: str = Field(min_length=3, max_length=500)
