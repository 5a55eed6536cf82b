"""The nouns of conformity: the file of an assessment, the decision on a version's changes, the form of Art. 6(4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from syndic.models import Day, Moment, Noun
from syndic.registers.models import Dated, Entry

VersionName = Annotated[str, StringConstraints(min_length=1, max_length=128)]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Words = Annotated[str, StringConstraints(max_length=4000)]


class OfVersion(Entry):
    """An entry about one version of one model."""

    version: VersionName
    serves: str | None = Field(
        default=None, description="the name under which this version serves now; null: another one serves, or none"
    )

    @property
    def model_id(self) -> str:
        """The model."""
        return self.model_ids[0]


class ConformityProcedure(StrEnum):
    """The procedures of Art. 43."""

    ANNEX_VI = "annex_vi"  # internal control
    ANNEX_VII = "annex_vii"  # a notified body
    SECTOR = "sector"  # as the law of the product asks, Annex I Section A


ALLOWED: Final[dict[str | None, tuple[ConformityProcedure, ...]]] = {
    "annex_vi": (ConformityProcedure.ANNEX_VI,),
    "annex_vii": (ConformityProcedure.ANNEX_VII,),
    "annex_vi_or_vii": (ConformityProcedure.ANNEX_VI, ConformityProcedure.ANNEX_VII),
    "sector": (ConformityProcedure.SECTOR,),
}
"""The procedures that the answers to the questionnaire leave open. Of other answers none follows."""


class FileState(StrEnum):
    """Where an assessment stands."""

    OPEN = "open"
    CONCLUDED = "concluded"


class NotifiedBody(Noun):
    """Who assessed, and the certificate."""

    name: str = Field(min_length=3, max_length=200)
    number: str = Field(pattern=r"^[0-9]{4}$", description="identification number, four digits (Art. 35, 48(4))")
    certificate: str = Field(default="", max_length=100)
    certificate_type: str = Field(default="", max_length=200)
    expires_on: Day | None = None


class ItemChecked(Noun):
    """What a person found at one item of a checklist."""

    done: bool
    note: str = Field(default="", max_length=2000, description="what was looked at, and where it is")


class ForeseenChange(Noun):
    """A change that the assessment foresaw, so that it is no substantial modification (Art. 3(23), 43(4))."""

    id: ItemId
    description: str = Field(min_length=10, max_length=2000)
    limits: str = Field(min_length=10, max_length=2000, description="within which it stays as it was assessed")


class ConformityFile(OfVersion):
    """The conformity assessment of one version. `state` is its `FileState`."""

    route: ConformityProcedure | None = None
    route_reasons: Words = ""
    standards: tuple[str, ...] = Field(default=(), max_length=50, description="harmonised, or common specifications")
    notified_body: NotifiedBody | None = None
    checks: dict[ItemId, ItemChecked] = Field(default_factory=dict, max_length=60)
    foreseen: tuple[ForeseenChange, ...] = Field(default=(), max_length=50)
    concluded_by: str | None = None
    concluded_at: Moment | None = None
    sha256: str | None = Field(default=None, description="of what was concluded, in canonical form")

    @property
    def dated(self) -> tuple[Dated, ...]:
        """The review, and the end of the certificate."""
        body = self.notified_body
        end = None if body is None else body.expires_on
        ends = () if end is None else (Dated(name="certificate", title="The certificate ends", day=end, soon_days=180),)
        return (*super().dated, *ends)


class Decision(StrEnum):
    """What a version is to the one whose conformity was assessed."""

    INITIAL = "initial"  # the first that is placed on the market or put into service
    NONE = "none"  # no substantial modification
    FORESEEN = "foreseen"  # changed as the assessment foresaw
    SUBSTANTIAL = "substantial"  # has to be assessed again


class Modification(OfVersion):
    """The decision whether a version is a substantial modification. `state` is its `Decision`."""

    compared_with: VersionName | None = None
    affects_compliance: bool
    changes_purpose: bool
    foreseen_as: ItemId | None = None
    reasons: Words
    assessed: bool = Field(default=False, description="whether the conformity of this version was assessed again")


class FormState(StrEnum):
    """Where the form of Art. 6(4) stands."""

    DRAFT = "draft"
    SIGNED = "signed"


class HighRiskAssessment(OfVersion):
    """The documented assessment that a system of Annex III is not high-risk (Art. 6(4)). `state` is its `FormState`."""

    area: str
    grounds: tuple[str, ...] = Field(description="the conditions of Art. 6(3) relied on, by their names in the answers")
    ground_reasons: dict[str, Words] = Field(default_factory=dict, max_length=4)
    no_significant_risk: Words = Field(
        default="", description="why there is no significant risk of harm to health, safety or fundamental rights"
    )
    no_profiling: Words = Field(default="", description="why it does not profile natural persons")
    influence: Words = Field(default="", description="why it does not materially influence the outcome of decisions")
    signed_by: str | None = None
    signed_at: Moment | None = None
    sha256: str | None = None


class DataSection(StrEnum):
    """The sections of Annex VIII, and Annex IX."""

    A = "A"  # providers of high-risk systems, Art. 49(1)
    B = "B"  # providers of systems that are not high-risk by Art. 6(3), Art. 49(2)
    C = "C"  # deployers that are public authorities, Art. 49(3)
    IX = "IX"  # tests in real world conditions, Art. 60(4)(c)


class RegistrationState(StrEnum):
    """Where a registration stands."""

    DRAFT = "draft"
    REGISTERED = "registered"


class EuRegistration(Entry):
    """What people give for the registration of one system. `state` is its `RegistrationState`."""

    section: DataSection
    given: dict[str, Words] = Field(default_factory=dict, max_length=20, description="by number of the point")
    registered_on: Day | None = None
    registered_by: str | None = None
    entry_url: str = Field(default="", max_length=500, description="of the entry in the database")
    sha256: str | None = Field(default=None, description="of the data set as it was registered")

    @property
    def model_id(self) -> str:
        """The model."""
        return self.model_ids[0]
