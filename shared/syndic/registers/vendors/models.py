"""The nouns of the register of vendors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from syndic.models import Day, Moment, Noun
from syndic.registers.models import Dated, Entry

MOST_SYSTEMS: Final = 50  # with the other places of an entry within what a store writes together
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class VendorState(StrEnum):
    """Where the relation with a vendor stands."""

    PROSPECTIVE = "prospective"
    ACTIVE = "active"
    ENDED = "ended"


class Supply(StrEnum):
    """What a vendor supplies."""

    SYSTEM = "system"  # an AI system as a whole
    GENERAL_PURPOSE_MODEL = "general_purpose_model"
    MODEL = "model"
    COMPONENT = "component"
    TOOL = "tool"
    SERVICE = "service"
    HOSTING = "hosting"
    DATA = "data"


class VendorAgreementKind(StrEnum):
    """What an agreement is for."""

    AI_ACT_25_4 = "ai_act_25_4"  # written agreement with a supplier, Art. 25(4) of Regulation (EU) 2024/1689
    GDPR_28 = "gdpr_28"  # contract with a processor, Art. 28(3) of Regulation (EU) 2016/679
    CONFIDENTIALITY = "confidentiality"
    SERVICE_LEVELS = "service_levels"
    OTHER = "other"


TERMS: Final[Mapping[VendorAgreementKind, Mapping[str, str]]] = {
    VendorAgreementKind.AI_ACT_25_4: {
        "information": "the necessary information",
        "capabilities": "capabilities",
        "technical_access": "technical access",
        "assistance": "other assistance",
    },
    VendorAgreementKind.GDPR_28: {
        "subject_matter": "subject matter, duration, nature, purpose, type of data, categories of persons (28(3))",
        "instructions": "only on documented instructions, transfers included (28(3)(a))",
        "confidentiality": "persons are bound to confidentiality (28(3)(b))",
        "security": "measures of Art. 32 (28(3)(c))",
        "sub_processors": "further processors only as allowed and under the same duties (28(2), (3)(d), (4))",
        "rights_of_persons": "help with requests of persons (28(3)(e))",
        "help_with_duties": "help with the duties of Art. 32-36 (28(3)(f))",
        "deletion_or_return": "deletion or return at the end (28(3)(g))",
        "audits": "information and audits (28(3)(h))",
    },
}
"""What the law wants such an agreement to settle, in short own words, by the names that an agreement lists."""


class AgreementFacts(Noun):
    """An agreement in writing, as a person records it. The document itself stays where it is."""

    kind: VendorAgreementKind
    title: str = Field(min_length=3, max_length=200)
    signed_on: Day
    expires_on: Day | None = Field(default=None, description="its last day; null: without an end")
    location: str = Field(min_length=3, max_length=500, description="where the document is")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the document's bytes")
    settles: tuple[str, ...] = Field(default=(), max_length=20, description="what it settles, by the names of its kind")
    notice_days: int = Field(default=30, ge=1, le=400, description="so many days before its end it alerts")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.expires_on is not None and self.expires_on < self.signed_on:
            raise ValueError(f"it ends on {self.expires_on}, before it was signed on {self.signed_on}")
        known = TERMS.get(self.kind, {})
        unknown = [one for one in self.settles if one not in known]
        if unknown:
            raise ValueError(f"settles names {', '.join(unknown)}; of {self.kind.value} there are: {', '.join(known)}")
        return self


class VendorAgreement(AgreementFacts):
    """An agreement on record."""

    id: str
    recorded_by: str
    recorded_at: Moment
    ended_on: Day | None = Field(default=None, description="from this day on it does not hold, before its own end")
    ended_because: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.signed_on <= day and (self.end is None or day <= self.end)

    @property
    def end(self) -> date | None:
        """Its last day."""
        days = [one for one in (self.expires_on, self.ended_on - timedelta(days=1) if self.ended_on else None) if one]
        return min(days, default=None)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What the law wants it to settle and it does not."""
        return tuple(name for name in TERMS.get(self.kind, {}) if name not in self.settles)


class VendorReply(StrEnum):
    """An answer of the questionnaire."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class VendorAnswer(Noun):
    """The answer to one question."""

    answer: VendorReply
    note: str = Field(default="", max_length=2000)


class VendorFacts(Noun):
    """What is said of a vendor."""

    country: Country | None = None
    website: str = Field(default="", max_length=500)
    contact: str = Field(default="", max_length=254)
    supplies: tuple[Supply, ...] = Field(default=(), max_length=8)
    processes_personal_data: bool | None = Field(
        default=None, description="whether it processes personal data on the organisation's behalf; null: not known"
    )
    free_and_open_source: bool = Field(
        default=False, description="what it supplies is public under a free licence (Art. 25(4), second subparagraph)"
    )


class Vendor(Entry, VendorFacts):
    """A vendor. `model_ids` are the registered models and systems that depend on it; `owner` answers for it."""

    model_ids: tuple[str, ...] = Field(default=(), max_length=MOST_SYSTEMS)
    agreements: tuple[VendorAgreement, ...] = Field(default=(), max_length=50)
    answers: dict[QuestionId, VendorAnswer] = Field(default_factory=dict, max_length=100)
    questions_version: str | None = None
    answered_by: str | None = None
    answered_at: Moment | None = None
    answers_due: Day | None = Field(default=None, description="the last day on which the answers count")
    reviewed_at: Day | None = None
    reviewed_by: str | None = None

    @property
    def dated(self) -> tuple[Dated, ...]:
        """The review, the end of the answers, and of each agreement that no later one replaces."""
        found = list(super().dated)
        if self.answers_due is not None:
            found.append(Dated(name="answers", title="Have the questionnaire answered again", day=self.answers_due))
        found += [
            Dated(
                name=f"agreement_{one.id}", title=f"Agreement ends: {one.title}", day=one.end, soon_days=one.notice_days
            )
            for one in self.agreements
            if one.end is not None and one.ended_on is None and not self._replaced(one)
        ]
        return tuple(found)

    def _replaced(self, one: VendorAgreement) -> bool:
        """Whether another agreement of the kind, that settles as much, is in force for longer.

        None can be signed on a day to come, so that days without any are over once it is on record: they stay in its
        dates and in the history of the requirements, and nobody can do anything about them any more.
        """
        return one.end is not None and any(
            other.id != one.id and other.kind is one.kind and other.ended_on is None
            and (other.end is None or other.end > one.end)
            and (not other.lacks or bool(one.lacks))
            for other in self.agreements
        )  # fmt: skip
