"""What people add and repair: questionnaires, documents, remediations, and the dates to come."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field, JsonValue, model_validator

from functions.api.access.callers import Caller, require_change
from functions.api.inputs import Clouds, Limit, ModelId, Order, Person, Token
from syndic.assessment import ORGANISATION, Deadline, DocumentRecord, Remediation, RemediationStatus
from syndic.compliance.evaluation.deadlines import upcoming
from syndic.compliance.evaluation.queries import statuses_of
from syndic.compliance.models import Classification
from syndic.compliance.people.answers import classification_of, classifications_of, classify, questionnaires_of
from syndic.compliance.people.documents import WRITTEN_HERE, list_documents, record_document
from syndic.compliance.people.remediate import (
    change_remediation,
    get_remediation,
    list_remediations,
    open_remediation,
    remediations_page,
)
from syndic.errors import NotFoundError
from syndic.models import Day, Noun
from syndic.records import get_model

router = Router()

QuestionnaireName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Id of a questionnaire")]
RemediationId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}$", description="Id of a remediation")]
Words = Annotated[str, Field(min_length=3, max_length=500)]


class QuestionnaireForm(Noun):
    """The questions, as the JSON Schema of their answers."""

    id: str
    title: str
    answers: dict[str, JsonValue]


class Questionnaires(Noun):
    """Every questionnaire."""

    questionnaires: tuple[QuestionnaireForm, ...]


class Classifications(Noun):
    """The questionnaires that were answered for a model, and what follows from the answers."""

    classifications: tuple[Classification, ...]


class Answers(Noun):
    """Answers to a questionnaire."""

    answers: dict[str, JsonValue] = Field(max_length=100)


class NewDocument(Noun):
    """That a document exists: where it is and what it hashes to, and it stays there. Or its `text`, kept here."""

    topic: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    title: Words
    location: str | None = Field(default=None, min_length=3, max_length=1000)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    text: str | None = Field(default=None, min_length=20, max_length=5000)
    dated: Day

    @model_validator(mode="after")
    def _here_or_elsewhere(self) -> Self:
        if (self.text is None) is (self.location is None or self.sha256 is None) or (self.text and self.sha256):
            msg = "give location and sha256 of a document, or the text of one"
            raise ValueError(msg)
        return self


class Documents(Noun):
    """What is on record of documents, the newest first."""

    documents: tuple[DocumentRecord, ...]


class NewRemediation(Noun):
    """Who repairs a requirement that is not met, by when."""

    framework_id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    requirement_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._()-]{0,39}$")
    title: Words
    owner: str = Field(min_length=3, max_length=254)
    due: Day
    note: str = Field(default="", max_length=2000)


class RemediationChange(Noun):
    """What to change; fields left out stay. Only evidence closes a remediation."""

    owner: str | None = Field(default=None, min_length=3, max_length=254)
    due: Day | None = None
    note: str | None = Field(default=None, max_length=2000)
    in_progress: bool | None = None


class Remediations(Noun):
    """A page of remediations, by due date."""

    remediations: tuple[Remediation, ...]
    next_token: str | None = None


class Deadlines(Noun):
    """Entries into force and expiries to come, by date."""

    deadlines: tuple[Deadline, ...]


@router.get("/compliance/questionnaires", tags=["compliance"])
def list_questionnaires(clouds: Clouds) -> Questionnaires:
    """Every questionnaire with its questions: of the laws' own logic, and of each framework that asks some."""
    forms = (
        QuestionnaireForm(id=name, title=one.title, answers=one.answers.model_json_schema())
        for name, one in questionnaires_of(clouds.store).items()
    )
    return Questionnaires(questionnaires=tuple(forms))


@router.get("/models/<model_id>/classifications", tags=["compliance"])
def list_classifications(clouds: Clouds, model_id: ModelId) -> Classifications:
    """The answers kept for a model and what follows from them."""
    get_model(clouds.store, model_id)
    return Classifications(classifications=classifications_of(clouds.store, model_id))


@router.get("/models/<model_id>/classifications/<questionnaire>", tags=["compliance"])
def read_classification(clouds: Clouds, model_id: ModelId, questionnaire: QuestionnaireName) -> Classification:
    """The answers kept for a model to one questionnaire, and what follows from them."""
    get_model(clouds.store, model_id)
    found = classification_of(clouds.store, model_id, questionnaire)
    if found is None:
        raise NotFoundError(f"questionnaire {questionnaire!r} was not answered for {model_id}")
    return found


@router.put("/models/<model_id>/classifications/<questionnaire>", tags=["compliance"])
def answer_questionnaire(
    clouds: Clouds,
    person: Person,
    model_id: ModelId,
    questionnaire: QuestionnaireName,
    given: Annotated[Answers, Body()],
) -> Classification:
    """Answer a questionnaire. Contradictions are named in the result; the answers are good for a year."""
    require_change(person, get_model(clouds.store, model_id))
    return classify(
        model_id,
        questionnaire,
        given.answers,
        store=clouds.store,
        audit=clouds.audit,
        bus=clouds.bus,
        actor=person.name,
        now=clouds.now(),
    )


@router.get("/models/<model_id>/documents", tags=["compliance"])
def list_model_documents(clouds: Clouds, model_id: ModelId) -> Documents:
    """The documents recorded on a model, the newest first. Texts that were written here are in full."""
    get_model(clouds.store, model_id)
    return Documents(documents=list_documents(model_id, store=clouds.store))


@router.post("/models/<model_id>/documents", tags=["compliance"], status_code=201)
def record_model_document(
    clouds: Clouds, person: Person, model_id: ModelId, document: Annotated[NewDocument, Body()]
) -> DocumentRecord:
    """Record that a document on a model exists, or write one, such as the assessment of a finding."""
    require_change(person, get_model(clouds.store, model_id))
    return _recorded(model_id, document, clouds=clouds, person=person)


@router.post("/compliance/documents", tags=["compliance"], status_code=201)
def record_organisation_document(
    clouds: Clouds, person: Person, document: Annotated[NewDocument, Body()]
) -> DocumentRecord:
    """Record that a document of the organisation exists."""
    return _recorded(ORGANISATION, document, clouds=clouds, person=person)


@router.get("/models/<model_id>/compliance/deadlines", tags=["compliance"])
def read_deadlines(
    clouds: Clouds, model_id: ModelId, days: Annotated[int, Query(ge=1, le=3660, description="how far ahead")] = 365
) -> Deadlines:
    """What enters into force and what runs out."""
    get_model(clouds.store, model_id)
    statuses = statuses_of(clouds.store, model_id)
    return Deadlines(deadlines=upcoming(statuses, now=clouds.now(), within=timedelta(days=days)))


@router.get("/compliance/remediations", tags=["compliance"])
def list_all_remediations(
    clouds: Clouds, *, status: Annotated[RemediationStatus | None, Query()] = None,
    owner: Annotated[str | None, Query(min_length=1, max_length=254)] = None, order: Order = None,
    limit: Limit = 50, token: Token = None,
) -> Remediations:  # fmt: skip
    """A page of the remediations of all models, what is due first before."""
    found, next_token = remediations_page(
        clouds.store, status=status, owner=owner, latest_first=order == "descending", limit=limit, token=token
    )  # fmt: skip
    return Remediations(remediations=found, next_token=next_token)


@router.get("/models/<model_id>/remediations", tags=["compliance"])
def list_model_remediations(clouds: Clouds, model_id: ModelId) -> Remediations:
    """The remediations of a model."""
    get_model(clouds.store, model_id)
    found = sorted(list_remediations(clouds.store, model_id), key=lambda one: (one.due, one.id))
    return Remediations(remediations=tuple(found))


@router.post("/models/<model_id>/remediations", tags=["compliance"], status_code=201)
def open_model_remediation(
    clouds: Clouds, person: Person, model_id: ModelId, wanted: Annotated[NewRemediation, Body()]
) -> Remediation:
    """Open a remediation for a requirement that is not met. One is open at a time: a second asks for the first."""
    require_change(person, get_model(clouds.store, model_id))
    return open_remediation(
        model_id,
        wanted.framework_id,
        wanted.requirement_id,
        title=wanted.title,
        owner=wanted.owner,
        due=wanted.due,
        note=wanted.note,
        store=clouds.store,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
    )


@router.get("/models/<model_id>/remediations/<remediation_id>", tags=["compliance"])
def read_remediation(clouds: Clouds, model_id: ModelId, remediation_id: RemediationId) -> Remediation:
    """A remediation of a model."""
    return get_remediation(clouds.store, model_id, remediation_id)


@router.patch("/models/<model_id>/remediations/<remediation_id>", tags=["compliance"])
def change_model_remediation(
    clouds: Clouds,
    person: Person,
    model_id: ModelId,
    remediation_id: RemediationId,
    change: Annotated[RemediationChange, Body()],
) -> Remediation:
    """Change owner, date or note, or mark it as begun. Nobody closes one by hand."""
    require_change(person, get_model(clouds.store, model_id))
    values: dict[str, Any] = {name: getattr(change, name) for name in change.model_fields_set}
    return change_remediation(
        model_id, remediation_id, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now(), **values
    )


def _recorded(model_id: str, document: NewDocument, *, clouds: Clouds, person: Caller) -> DocumentRecord:
    return record_document(
        model_id,
        document.topic,
        title=document.title,
        location=document.location or WRITTEN_HERE,
        sha256=document.sha256,
        text=document.text,
        dated=document.dated,
        store=clouds.store,
        audit=clouds.audit,
        bus=clouds.bus,
        actor=person.name,
        now=clouds.now(),
    )
