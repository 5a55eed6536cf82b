"""The nouns of the record of processing activities: what Art. 30(1) and (2) list, and the basis with its notes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from syndic.models import Moment, Noun
from syndic.registers.models import Entry

Words = Annotated[str, StringConstraints(max_length=4000)]
Listed = Annotated[tuple[Annotated[str, StringConstraints(min_length=2, max_length=300)], ...], Field(max_length=50)]


class ProcessingRole(StrEnum):
    """Whose record it is."""

    CONTROLLER = "controller"  # Art. 30(1)
    PROCESSOR = "processor"  # Art. 30(2)


class ProcessingState(StrEnum):
    """Where a record stands."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    RETIRED = "retired"


class LegalBasis(StrEnum):
    """Art. 6(1)(a) to (f)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


class ThirdCountryTransfer(Noun):
    """A transfer to a third country or an international organisation."""

    to: str = Field(min_length=2, max_length=200)
    safeguard: str = Field(
        min_length=2, max_length=500, description="adequacy decision, clauses, derogation of Art. 49"
    )


class ProcessingContents(Noun):
    """What people write of a processing. Left out: it stays, or is missing."""

    controller: str = Field(default="", max_length=500, description="name and contact details; 30(1)(a), 30(2)(a)")
    joint_controllers: str = Field(default="", max_length=500)
    representative: str = Field(default="", max_length=500)
    protection_officer: str = Field(default="", max_length=500, description="contact details of the function")
    on_behalf_of: Listed = Field(default=(), description="of a processor: the controllers it acts for; 30(2)(a)")
    operations: Words = Field(default="", description="of a processor: categories of processing; 30(2)(b)")
    purposes: Words = Field(default="", description="30(1)(b)")
    data_subjects: Listed = Field(default=(), description="categories; 30(1)(c)")
    data_categories: Listed = Field(default=(), description="categories; 30(1)(c)")
    recipients: Listed = Field(default=(), description="categories, those in third countries included; 30(1)(d)")
    no_recipients: bool = Field(default=False, description="nobody receives the data")
    transfers: tuple[ThirdCountryTransfer, ...] = Field(default=(), max_length=30, description="30(1)(e), 30(2)(c)")
    no_transfers: bool = Field(default=False, description="nothing goes to a third country")
    retention: Words = Field(default="", description="time limits for erasure; 30(1)(f)")
    security: Words = Field(default="", description="measures of Art. 32(1), in general; 30(1)(g), 30(2)(d)")
    legal_basis: LegalBasis | None = Field(default=None, description="Art. 6(1); not asked by Art. 30, but by 5(2)")
    basis_note: Words = Field(
        default="", description="why the basis holds: the contract, the law, the balance of 6(1)(f)"
    )
    special_categories: bool | None = Field(default=None, description="Art. 9(1)")
    special_condition: Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] | None = Field(
        default=None, description="Art. 9(2)"
    )
    special_note: Words = Field(default="", description="why the condition of Art. 9(2) holds")
    consent_obtained: Words = Field(default="", description="where consent is relied on: how it is obtained and shown")
    consent_withdrawn: Words = Field(default="", description="how it is withdrawn, and what is done then (Art. 7(3))")


class Processing(Entry):
    """One processing activity."""

    state: ProcessingState = ProcessingState.DRAFT
    role: ProcessingRole
    contents: ProcessingContents = ProcessingContents()
    confirmed_by: str | None = None
    confirmed_at: Moment | None = None


class KnownDetail(Noun):
    """What Syndic knows of a field, and from where: for a person to take over, or not."""

    field: str
    value: JsonValue
    source: str


class RecordGap(Noun):
    """Something that the law asks for and the record does not say, or says otherwise than another record here."""

    field: str
    what: str
    legal_basis: str
