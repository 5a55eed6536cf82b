"""Signatures that are due and legal dates, over all models, and what one signature or document settles."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.api.access.callers import Caller
from functions.api.access.roles import ADMIN
from functions.api.inputs import Clouds, Limit, ModelId, Person, Token
from syndic.assessment import ORGANISATION
from syndic.compliance.evaluation.crosswalk import Asked, Preview, crosswalk, preview_document, preview_signature
from syndic.compliance.evaluation.signatures import (
    OWNER,
    DatePage,
    DuePage,
    DueSignature,
    Signs,
    dates_page,
    due_at,
    due_page,
)
from syndic.errors import InvalidInputError
from syndic.models import Noun, RegisteredModel
from syndic.records import get_model

router = Router()

Ahead = Annotated[int, Query(ge=1, le=3660, description="how far ahead")]
Whose = Annotated[
    Literal["mine", "all"],
    Query(description="mine: what the caller signs, as model owner for own models; all: everybody"),
]
Kind = Annotated[
    str | None,
    Query(max_length=100, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", description="Such as attestation.fria"),
]
Topic = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{1,59}$", description="Topic of a signature or a document")]
Thing = Annotated[Literal["signature", "document"], Query(description="What would be there")]
Role = Annotated[str | None, Query(min_length=1, max_length=64, description="In which somebody signs")]


class Crosswalk(Noun):
    """Every requirement by what it asks for."""

    asked: tuple[Asked, ...]


class DueSignatures(Noun):
    """Signatures that are due about one model, and about the organisation for its sake."""

    signatures: tuple[DueSignature, ...]


@router.get("/compliance/crosswalk", tags=["compliance"])
def read_crosswalk(clouds: Clouds, kind: Kind = None) -> Crosswalk:
    """Which requirements of which frameworks ask for a kind of evidence, with the words of what is signed."""
    return Crosswalk(asked=crosswalk(clouds.store, kind=kind))


@router.get("/compliance/signatures", tags=["compliance"])
def list_due_signatures(
    clouds: Clouds, person: Person, whose: Whose = "mine", limit: Limit = 50, token: Token = None
) -> DuePage:
    """Signatures that are due, with topic, role and words; `limit` models at a time, so a page may be empty."""
    return due_page(clouds.store, signs=_signs(person, whose), limit=limit, token=token)


@router.get("/models/<model_id>/compliance/signatures", tags=["compliance"])
def list_model_signatures(clouds: Clouds, person: Person, model_id: ModelId, whose: Whose = "all") -> DueSignatures:
    """Signatures that are due for a model, with topic, role and words."""
    return DueSignatures(signatures=due_at(clouds.store, model_id, signs=_signs(person, whose)))


@router.get("/compliance/deadlines", tags=["compliance"])
def list_deadlines(clouds: Clouds, days: Ahead = 365, limit: Limit = 50, token: Token = None) -> DatePage:
    """Legal dates of all models: what enters into force and what runs out, `limit` models at a time."""
    return dates_page(clouds.store, now=clouds.now(), within=timedelta(days=days), limit=limit, token=token)


@router.get("/models/<model_id>/compliance/preview", tags=["compliance"])
def preview_for_model(
    clouds: Clouds, person: Person, model_id: ModelId, *, topic: Topic, thing: Thing = "signature", role: Role = None
) -> Preview:
    """What a signature or document would settle in every framework, and what it would not, and why. Nothing is kept."""
    get_model(clouds.store, model_id)
    return _preview(clouds, person, model_id, topic=topic, thing=thing, role=role)


@router.get("/compliance/preview", tags=["compliance"])
def preview_for_organisation(
    clouds: Clouds, person: Person, *, topic: Topic, thing: Thing = "signature", role: Role = None
) -> Preview:
    """The same of a statement or document on the organisation, over the first 50 models."""
    return _preview(clouds, person, ORGANISATION, topic=topic, thing=thing, role=role)


def _preview(clouds: Clouds, person: Caller, model_id: str, *, topic: str, thing: str, role: str | None) -> Preview:
    if thing == "document":
        return preview_document(clouds.store, model_id, topic, actor=person.name, now=clouds.now())
    if role is None:
        raise InvalidInputError("say in which role the statement would be signed", where="query.role")
    return preview_signature(
        clouds.store, model_id, topic, role=role, actor=person.name, roles=frozenset({role}), now=clouds.now()
    )


def _signs(person: Caller, whose: str) -> Signs:
    def signs(role: str, model: RegisteredModel | None) -> bool:
        if whose == "all":
            return True
        if role not in person.signs_as:
            return False
        owns = model is not None and bool(person.email) and (model.owner or "").lower() == person.email
        return role != OWNER or ADMIN in person.roles or owns

    return signs
