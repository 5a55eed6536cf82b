"""The nouns of assignments."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from syndic.models import Day, Moment
from syndic.registers.models import Dated, Entry


class AssignedDuty(StrEnum):
    """What a person is assigned to."""

    HUMAN_OVERSIGHT = "human_oversight"  # AI Act Art. 14, 26(2)
    RISK_OWNER = "risk_owner"
    DATA_PROTECTION = "data_protection"
    INCIDENT_REPORTING = "incident_reporting"
    POST_MARKET_MONITORING = "post_market_monitoring"
    OTHER = "other"


class AssignmentState(StrEnum):
    """Where an assignment stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"  # by the person
    ENDED = "ended"


class Assignment(Entry):
    """That one person has one duty for some models."""

    state: AssignmentState = AssignmentState.PROPOSED
    person: str = Field(min_length=3, max_length=254, description="user name or address")
    duty: AssignedDuty
    authority: str = Field(
        default="", max_length=2000, description="what the person may do: stop the system, overrule it"
    )
    competence: str = Field(default="", max_length=2000, description="why the person can do it")
    trainings: tuple[str, ...] = Field(default=(), max_length=20, description="ids of trainings of the person")
    trained_until: Day | None = Field(default=None, description="the last day on which all of these trainings count")
    accepted_at: Moment | None = None
    ended_because: str = Field(default="", max_length=500)

    @property
    def dated(self) -> tuple[Dated, ...]:
        """Its review, and when a training it rests on no longer counts."""
        if self.trained_until is None or self.closed_at is not None:
            return super().dated
        trained = Dated(name="training", title="Renew the training of the person", day=self.trained_until, soon_days=30)
        return (*super().dated, trained)
