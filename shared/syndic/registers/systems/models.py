"""The nouns of the inventory: an AI system as the organisation has it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from syndic.models import Day, Noun
from syndic.registers.models import Entry

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""A country by the two capital letters of ISO 3166-1."""


class LifeState(StrEnum):
    """Where a system stands in its life."""

    IDEA = "idea"
    PILOT = "pilot"
    IN_USE = "in_use"
    RETIRED = "retired"


class SystemOrigin(StrEnum):
    """Where a system comes from."""

    BOUGHT_SOFTWARE = "bought_software"
    GENERAL_PURPOSE_MODEL = "general_purpose_model"  # used through an API
    SPREADSHEET = "spreadsheet"
    OWN_DEVELOPMENT = "own_development"
    OTHER = "other"


class OperatorRole(StrEnum):
    """What the organisation is for a system, by Art. 3 of Regulation (EU) 2024/1689."""

    PROVIDER = "provider"
    DEPLOYER = "deployer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    AUTHORISED_REPRESENTATIVE = "authorised_representative"


class DataCategory(StrEnum):
    """What kinds of data go into a system."""

    NONE = "none"  # neither personal nor confidential
    PERSONAL = "personal"
    SPECIAL_CATEGORIES = "special_categories"  # Art. 9 GDPR
    CRIMINAL_OFFENCES = "criminal_offences"  # Art. 10 GDPR
    BIOMETRIC = "biometric"
    OF_CHILDREN = "of_children"
    CONFIDENTIAL = "confidential"


class SystemFacts(Noun):
    """What a person says of a system beside what its registered model says."""

    origin: SystemOrigin
    roles: tuple[OperatorRole, ...] = Field(default=(), max_length=5)
    supplier: str = Field(default="", max_length=200, description="who supplies it, in words")
    vendor_id: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{16}$", description="its entry in the register of vendors"
    )
    data_categories: tuple[DataCategory, ...] = Field(default=(), max_length=7)
    countries: tuple[Country, ...] = Field(default=(), max_length=60, description="where it is used, such as DE")
    review_due: Day | None = Field(default=None, description="the day by which a person looks at it again")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if DataCategory.NONE in self.data_categories and len(set(self.data_categories)) > 1:
            raise ValueError("data_categories says none beside others")
        return self


class SystemEntry(Entry, SystemFacts):
    """An AI system in the inventory. `state` is its `LifeState`; `model_ids` names its registered model."""

    review_due: Day | None = None
    reviewed_at: Day | None = None
    reviewed_by: str | None = None

    @property
    def model_id(self) -> str:
        """The registered model that stands for it: what it is judged by, signed and reported under."""
        return self.model_ids[0]
