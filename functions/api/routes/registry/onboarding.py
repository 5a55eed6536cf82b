"""Onboarding: what a model that was found needs before it can be checked."""

from __future__ import annotations

from typing import Literal

from aws_lambda_powertools.event_handler.api_gateway import Response, Router
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import Field

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, ModelId, Person
from functions.api.mirrored import age_of, is_elsewhere
from syndic.models import Moment, Noun, OnboardingRequested, RegisteredModel
from syndic.onboarding.models import Proposal
from syndic.ports import Store
from syndic.records import get_model
from syndic.tasks.awaited_proposals import ask_for_proposal, keep_proposal, show_proposal

router = Router()


class OnboardingAsked(Noun):
    """The model's own cloud is asked for a proposal at the next exchange with it."""

    model_id: str
    asked_at: Moment
    at_next_exchange: Literal[True] = True
    mirrored_at: Moment | None = Field(description="when that cloud was last heard")


ANSWERS: dict[int, OpenAPIResponse] = {
    201: {"description": "The proposal", "content": {"application/json": {"model": Proposal}}},
    202: {"description": "The model's own cloud is asked", "content": {"application/json": {"model": OnboardingAsked}}},
}


@router.get("/models/<model_id>/onboarding", tags=["models"])
def read_onboarding(clouds: Clouds, model_id: ModelId) -> Proposal:
    """Propose window, capture schema, baseline and protected attributes from the model's traffic; nothing is set.

    Columns are found in the beginning of some captured files; of values only an answer's classes are shown. For a model
    in Azure it is what Azure proposed when it was last asked (POST), and 404 when it never was.
    """
    model = get_model(clouds.store, model_id)
    return show_proposal(model, store=clouds.store) if _is_elsewhere(model, clouds.store) else _proposed(model, clouds)


@router.post("/models/<model_id>/onboarding", tags=["models"], status_code=201, responses=ANSWERS)
def propose_onboarding(clouds: Clouds, person: Person, model_id: ModelId) -> Response[Proposal | OnboardingAsked]:
    """Propose anew, where the traffic lies, and keep the proposal; nothing of the model is set.

    For a model in Azure the answer is 202: Azure is asked at the next exchange, and GET shows what it answers.
    """
    model = get_model(clouds.store, model_id)
    require_change(person, model)
    if not _is_elsewhere(model, clouds.store):
        asked = OnboardingRequested(model_id=model.id, actor=person.name, asked_at=clouds.now())
        kept = keep_proposal(_proposed(model, clouds), asked, store=clouds.store, audit=clouds.audit, now=clouds.now())
        return Response(201, content_type="application/json", body=kept)
    asked_at = ask_for_proposal(
        model, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name, now=clouds.now()
    )
    awaited = OnboardingAsked(model_id=model.id, asked_at=asked_at, mirrored_at=age_of(model, clouds.store))
    return Response(202, content_type="application/json", body=awaited)


def _is_elsewhere(model: RegisteredModel, store: Store) -> bool:
    """One without an endpoint has no traffic anywhere: Azure does not know it."""
    return model.endpoint is not None and is_elsewhere(model, store)


def _proposed(model: RegisteredModel, clouds: Clouds) -> Proposal:
    # As for a baseline: no other request waits for numpy.
    from syndic.tasks.onboarding import propose_settings  # noqa: PLC0415

    return propose_settings(model, store=clouds.store, captures=clouds.captures)
