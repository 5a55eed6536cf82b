"""Drift: reports, trends, baseline and policy of a model."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query

from functions.api.access import require_change
from functions.api.inputs import Clouds, Limit, ModelId, Person, Token, WindowKey, window_of
from syndic.drift.models import BaselineInfo, BaselineSource, DriftHistory, DriftReport, FeatureTrend, RootCause
from syndic.drift.policies import DriftPolicy
from syndic.drift.use_cases import (
    feature_trend,
    get_baseline,
    get_policy,
    get_report,
    history,
    latest_report,
    root_cause,
    set_baseline,
    set_policy,
)
from syndic.errors import NotFoundError
from syndic.records import get_model

router = Router()


@router.get("/models/<model_id>/drift", tags=["drift"])
def read_drift(clouds: Clouds, model_id: ModelId, window: WindowKey = None) -> DriftReport:
    """The report of the newest window, or of the one asked for."""
    get_model(clouds.store, model_id)
    if window is not None:
        return get_report(model_id, window_of(window), store=clouds.store)
    report = latest_report(model_id, store=clouds.store)
    if report is None:
        raise NotFoundError(f"model {model_id} was not checked for drift yet")
    return report


@router.get("/models/<model_id>/drift/history", tags=["drift"])
def read_drift_history(clouds: Clouds, model_id: ModelId, limit: Limit = 50, token: Token = None) -> DriftHistory:
    """Verdicts of the windows, newest page first, and the episodes they form."""
    get_model(clouds.store, model_id)
    return history(model_id, store=clouds.store, limit=limit, token=token)


@router.get("/models/<model_id>/drift/features", tags=["drift"])
def read_feature_trend(
    clouds: Clouds,
    model_id: ModelId,
    feature: Annotated[str, Query(min_length=1, max_length=256, description="Name of a column")],
    limit: Limit = 100,
) -> FeatureTrend:
    """One feature's measures over time."""
    get_model(clouds.store, model_id)
    return feature_trend(model_id, feature, store=clouds.store, limit=limit)


@router.get("/models/<model_id>/drift/root-cause", tags=["drift"])
def read_root_cause(clouds: Clouds, model_id: ModelId) -> RootCause:
    """Which features carry the newest window's change, and whether predictions and quality moved too."""
    get_model(clouds.store, model_id)
    return root_cause(model_id, store=clouds.store)


@router.get("/models/<model_id>/drift/baseline", tags=["drift"])
def read_baseline(clouds: Clouds, model_id: ModelId) -> BaselineInfo:
    """The baseline in use."""
    get_model(clouds.store, model_id)
    return get_baseline(model_id, store=clouds.store)


@router.post("/models/<model_id>/drift/baseline", tags=["drift"], status_code=201)
def replace_baseline(
    clouds: Clouds, person: Person, model_id: ModelId, source: Annotated[BaselineSource, Body()]
) -> BaselineInfo:
    """Summarise a table or a window of captured traffic as the new baseline."""
    require_change(person, get_model(clouds.store, model_id))
    return set_baseline(
        model_id,
        source,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
    )


@router.get("/models/<model_id>/drift/policy", tags=["drift"])
def read_drift_policy(clouds: Clouds, model_id: ModelId) -> DriftPolicy:
    """The policy that judges the model's drift."""
    get_model(clouds.store, model_id)
    return get_policy(model_id, store=clouds.store)


@router.put("/models/<model_id>/drift/policy", tags=["drift"])
def replace_drift_policy(
    clouds: Clouds,
    person: Person,
    model_id: ModelId,
    policy: Annotated[DriftPolicy, Body()],
    expect_version: Annotated[int | None, Query(ge=1, description="Refuse when another version is in force")] = None,
) -> DriftPolicy:
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
