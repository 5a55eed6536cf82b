"""The nouns of training records."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from syndic.models import Day
from syndic.registers.models import Dated, Entry

SOON_DAYS = 30


class TrainingSubject(StrEnum):
    """What a training is about."""

    AI_LITERACY = "ai_literacy"  # AI Act Art. 4
    HUMAN_OVERSIGHT = "human_oversight"  # AI Act Art. 26(2)
    DATA_PROTECTION = "data_protection"
    MODEL_RISK = "model_risk"
    SECURITY = "security"
    OTHER = "other"


class TrainingState(StrEnum):
    """Where a record stands."""

    RECORDED = "recorded"
    ENDED = "ended"  # the person left, or the record was wrong


class Training(Entry):
    """That one person took one training."""

    state: TrainingState = TrainingState.RECORDED
    person: str = Field(min_length=3, max_length=254, description="user name or address of whoever took it")
    role: str = Field(min_length=2, max_length=100, description="for which the person took it")
    subject: TrainingSubject
    completed_on: Day
    valid_until: Day = Field(description="the last day on which it counts")
    provider: str = Field(default="", max_length=200)
    contents: str = Field(default="", max_length=2000, description="what it covered")
    certificate_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    ended_because: str = Field(default="", max_length=500)

    @property
    def dated(self) -> tuple[Dated, ...]:
        """When it has to be taken again."""
        again = Dated(name="renewal", title="Take the training again", day=self.valid_until, soon_days=SOON_DAYS)
        return (*super().dated, again)

    def counts_on(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.state is TrainingState.RECORDED and self.completed_on <= day <= self.valid_until
