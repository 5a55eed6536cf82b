"""Onboarding: what a model that was found needs before it can be checked."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.api.inputs import Clouds, ModelId
from functions.api.mirrored import is_elsewhere
from syndic.errors import ConflictError
from syndic.onboarding.models import Proposal
from syndic.records import get_model

router = Router()


@router.get("/models/<model_id>/onboarding", tags=["models"])
def propose_onboarding(clouds: Clouds, model_id: ModelId) -> Proposal:
    """Propose window, capture schema, baseline and protected attributes from the model's traffic; nothing is set.

    Columns are found in the beginning of some captured files; of values only an answer's classes are shown.
    """
    model = get_model(clouds.store, model_id)
    if is_elsewhere(model, clouds.store):
        raise ConflictError(f"the traffic of {model_id} stays in Azure, where nothing is proposed: set its schema")
    # As for a baseline: no other request waits for numpy.
    from syndic.tasks.onboarding import propose_settings  # noqa: PLC0415

    return propose_settings(model, store=clouds.store, captures=clouds.captures)
