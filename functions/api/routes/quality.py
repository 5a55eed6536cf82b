"""Quality: what was found wrong with the data and, where ground truth came, with the predictions."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from functions.api.access import require_change
from functions.api.inputs import Clouds, ExpectVersion, Limit, ModelId, Person, Token
from syndic.errors import NotFoundError
from syndic.quality.models import QualityHistory, QualityReport
from syndic.quality.policies import QualityPolicy
from syndic.quality.policing import get_policy, set_policy
from syndic.quality.reading import history, latest_report
from syndic.records import get_model

router = Router()


@router.get("/models/<model_id>/quality", tags=["quality"])
def read_quality(clouds: Clouds, model_id: ModelId) -> QualityReport:
    """The report of the newest window."""
    get_model(clouds.store, model_id)
    report = latest_report(model_id, store=clouds.store)
    if report is None:
        raise NotFoundError(f"model {model_id} was not checked for quality yet")
    return report


@router.get("/models/<model_id>/quality/history", tags=["quality"])
def read_quality_history(clouds: Clouds, model_id: ModelId, limit: Limit = 50, token: Token = None) -> QualityHistory:
    """Verdicts of the windows."""
    get_model(clouds.store, model_id)
    return history(model_id, store=clouds.store, limit=limit, token=token)


@router.get("/models/<model_id>/quality/policy", tags=["quality"])
def read_quality_policy(clouds: Clouds, model_id: ModelId) -> QualityPolicy:
    """The policy that judges the model's quality."""
    get_model(clouds.store, model_id)
    return get_policy(model_id, store=clouds.store)


@router.put("/models/<model_id>/quality/policy", tags=["quality"])
def replace_quality_policy(
    clouds: Clouds,
    person: Person,
    model_id: ModelId,
    policy: Annotated[QualityPolicy, Body()],
    expect_version: ExpectVersion = None,
) -> QualityPolicy:
    """Replace the policy. Version, time and person are filled in here, whatever the body says."""
    require_change(person, get_model(clouds.store, model_id))
    return set_policy(
        model_id,
        policy,
        store=clouds.store,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
        expect_version=expect_version,
    )
