"""Conformity of a system: procedure and checklist, decisions on versions, the form of Art. 6(4), registration."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from functions.api.access.callers import Caller
from functions.api.inputs import Clouds, ModelId, Person
from functions.api.routes.registers.rights import EntryId, acting, require_opener
from syndic.models import Day, Noun
from syndic.records import get_model
from syndic.registers.conformity.annex_viii import as_markdown
from syndic.registers.conformity.models import (
    ConformityFile,
    ConformityProcedure,
    DataSection,
    EuRegistration,
    ForeseenChange,
    HighRiskAssessment,
    ItemChecked,
    ItemId,
    Modification,
    NotifiedBody,
    VersionName,
    Words,
)
from syndic.tasks import clouds as tasks
from syndic.tasks.duties.conformity.change import change_file, conclude_file, decide_modification, file_of, open_file
from syndic.tasks.duties.conformity.show import Conformity, FileView, read_conformity, view_file
from syndic.tasks.duties.eu_database import RegistrationView, give_data, read_registration, record_registration
from syndic.tasks.duties.high_risk_form import HighRiskAssessmentView, fill_form, read_form

router = Router()


class FileChanges(Noun):
    """What is to change of an assessment. Fields left out stay as they are; checks are given item by item."""

    route: ConformityProcedure | None = None
    route_reasons: Words | None = None
    standards: tuple[Annotated[str, Field(min_length=3, max_length=300)], ...] | None = Field(
        default=None, max_length=50
    )
    notified_body: NotifiedBody | None = None
    checks: dict[ItemId, ItemChecked] | None = Field(default=None, max_length=60)
    foreseen: tuple[ForeseenChange, ...] | None = Field(default=None, max_length=50)


class NewFile(FileChanges):
    """The assessment of a version."""

    version: VersionName


class NewDecision(Noun):
    """Whether a version is a substantial modification (Art. 3(23)): what a person says of its changes."""

    version: VersionName
    affects_compliance: bool = Field(description="compliance with Chapter III Section 2 is affected")
    changes_purpose: bool = Field(description="the intended purpose is modified")
    foreseen_as: ItemId | None = Field(default=None, description="the change that a concluded assessment foresaw")
    reasons: Words


class FilledForm(Noun):
    """The form of Art. 6(4); area and grounds are those of the answers to the questionnaire."""

    version: VersionName
    ground_reasons: dict[ItemId, Words] | None = Field(default=None, max_length=4)
    no_significant_risk: Words | None = None
    no_profiling: Words | None = None
    influence: Words | None = None
    sign: bool = False


class RegistrationPoints(Noun):
    """Points of a section of Annex VIII, by number; an empty text takes one back."""

    section: DataSection
    given: dict[Annotated[str, Field(pattern=r"^[0-9]{1,2}$")], Words] = Field(max_length=20)


class RegistrationDocument(Noun):
    """The data of Annex VIII as a document."""

    name: str
    markdown: str


class RegistrationMade(Noun):
    """That the data as they stand were registered."""

    section: DataSection
    registered_on: Day
    entry_url: str = Field(min_length=3, max_length=500, description="of the entry, or where the confirmation is")


@router.get("/models/<model_id>/conformity", tags=["registers"])
def read_conformity_state(clouds: Clouds, model_id: ModelId) -> Conformity:
    """Procedure, checklist, decisions on versions, what is missing and what is next."""
    return read_conformity(clouds.store, model_id, now=clouds.now())


@router.post("/models/<model_id>/conformity", tags=["registers"], status_code=201)
def begin_conformity_file(
    clouds: Clouds, person: Person, model_id: ModelId, file: Annotated[NewFile, Body()]
) -> ConformityFile:
    """Begin the conformity assessment of a version."""
    _may(clouds, person, model_id)
    return open_file(model_id, file.version, _given(file, {"version"}), **acting(clouds, person))


@router.get("/models/<model_id>/conformity/<file_id>", tags=["registers"])
def read_conformity_file(clouds: Clouds, model_id: ModelId, file_id: EntryId) -> FileView:
    """One assessment with its checklist and what keeps it from being concluded."""
    return view_file(clouds.store, file_of(clouds.store, model_id, file_id), now=clouds.now())


@router.patch("/models/<model_id>/conformity/<file_id>", tags=["registers"])
def change_conformity_file(
    clouds: Clouds, person: Person, model_id: ModelId, file_id: EntryId, changes: Annotated[FileChanges, Body()]
) -> ConformityFile:
    """Go on with an assessment: procedure, checklist, notified body, changes that it foresees."""
    _may(clouds, person, model_id)
    return change_file(model_id, file_id, _given(changes), **acting(clouds, person))


@router.post("/models/<model_id>/conformity/<file_id>/conclude", tags=["registers"])
def conclude_conformity_file(clouds: Clouds, person: Person, model_id: ModelId, file_id: EntryId) -> ConformityFile:
    """Conclude an assessment. It is refused with what is open."""
    _may(clouds, person, model_id)
    return conclude_file(model_id, file_id, **acting(clouds, person))


@router.post("/models/<model_id>/modifications", tags=["registers"], status_code=201)
def decide_on_version(
    clouds: Clouds, person: Person, model_id: ModelId, said: Annotated[NewDecision, Body()]
) -> Modification:
    """Decide whether a version is a substantial modification. The decision follows from what is said."""
    _may(clouds, person, model_id)
    return decide_modification(
        model_id, said.version, affects_compliance=said.affects_compliance, changes_purpose=said.changes_purpose,
        foreseen_as=said.foreseen_as, reasons=said.reasons, **acting(clouds, person),
    )  # fmt: skip


@router.get("/models/<model_id>/high-risk-assessment", tags=["registers"])
def read_high_risk_assessment(clouds: Clouds, model_id: ModelId) -> HighRiskAssessmentView:
    """The form of Art. 6(4), whether the answers call for it, and what it lacks."""
    return read_form(clouds.store, model_id, now=clouds.now())


@router.post("/models/<model_id>/high-risk-assessment", tags=["registers"], status_code=201)
def fill_high_risk_assessment(
    clouds: Clouds, person: Person, model_id: ModelId, form: Annotated[FilledForm, Body()]
) -> HighRiskAssessment:
    """Fill the form of Art. 6(4) for a version, and sign it."""
    _may(clouds, person, model_id)
    return fill_form(
        model_id, form.version, _given(form, {"version", "sign"}), sign=form.sign, **acting(clouds, person)
    )


@router.get("/models/<model_id>/registration", tags=["registers"])
def read_registration_data(
    clouds: Clouds, model_id: ModelId, section: Annotated[DataSection | None, Query()] = None
) -> RegistrationView:
    """The data of Annex VIII for a system, what is missing, and whether it is registered as it stands."""
    return read_registration(clouds.store, model_id, section)


@router.get("/models/<model_id>/registration/document", tags=["registers"])
def export_registration_data(
    clouds: Clouds, model_id: ModelId, section: Annotated[DataSection | None, Query()] = None
) -> RegistrationDocument:
    """The same data as a document in Markdown, with what is missing named."""
    found = read_registration(clouds.store, model_id, section)
    name, as_of = get_model(clouds.store, model_id).name, f"{clouds.now():%Y-%m-%d %H:%M} UTC"
    file = f"annex-viii-{found.data.section.value.lower()}-{model_id}.md"
    return RegistrationDocument(name=file, markdown=as_markdown(found.data, name=name, as_of=as_of))


@router.post("/models/<model_id>/registration/points", tags=["registers"])
def give_registration_points(
    clouds: Clouds, person: Person, model_id: ModelId, data: Annotated[RegistrationPoints, Body()]
) -> RegistrationView:
    """Give points that no record holds."""
    _may(clouds, person, model_id)
    give_data(model_id, data.section, data.given, **acting(clouds, person))
    return read_registration(clouds.store, model_id, data.section)


@router.post("/models/<model_id>/registration", tags=["registers"], status_code=201)
def record_eu_registration(
    clouds: Clouds, person: Person, model_id: ModelId, made: Annotated[RegistrationMade, Body()]
) -> EuRegistration:
    """Say that the data as they stand were registered. It is refused while points are missing."""
    _may(clouds, person, model_id)
    return record_registration(
        model_id, made.section, registered_on=made.registered_on, entry_url=made.entry_url, **acting(clouds, person)
    )


def _may(clouds: tasks.Clouds, person: Caller, model_id: str) -> None:
    get_model(clouds.store, model_id)
    require_opener(person, (model_id,), clouds.store)


def _given(asked: Noun, without: set[str] | None = None) -> dict[str, Any]:
    names = asked.model_fields_set - (without or set())
    return {name: value for name in names if (value := getattr(asked, name)) is not None}
