"""Drift: reports, trends, baseline and policy of a model."""

from __future__ import annotations

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Response, Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import Field

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, Limit, ModelId, Person, Token, WindowKey, window_of
from functions.api.mirrored import age_of, is_elsewhere
from syndic.changes import request_once
from syndic.checks.history.older import model_and_standing
from syndic.drift.models import (
    BaselineInfo,
    BaselineSource,
    DriftHistory,
    DriftReport,
    FeatureTrend,
    ImpactHistory,
    RootCause,
)
from syndic.drift.report.queries import (
    feature_trend,
    get_baseline,
    get_report,
    history,
    impacts,
    latest_report,
    root_cause,
)
from syndic.errors import NotFoundError
from syndic.models import AuditEntry, BaselineRequested, Moment, Noun, RegisteredModel, to_json
from syndic.ports import Key
from syndic.records import get_model

router = Router()


class BaselineAsked(Noun):
    """The model's own cloud is asked for a baseline at the next exchange with it."""

    requested: BaselineRequested
    at_next_exchange: Literal[True] = True
    mirrored_at: Moment | None = Field(description="when that cloud was last heard")


ANSWERS: dict[int, OpenAPIResponse] = {
    201: {"description": "The new baseline", "content": {"application/json": {"model": BaselineInfo}}},
    202: {"description": "The model's own cloud is asked", "content": {"application/json": {"model": BaselineAsked}}},
}


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
    known = model_and_standing(clouds.store, model_id)
    return history(model_id, store=clouds.store, read=known, limit=limit, token=token)


@router.get("/models/<model_id>/drift/features", tags=["drift"])
def read_feature_trend(
    clouds: Clouds,
    model_id: ModelId,
    feature: Annotated[
        str | None, Query(min_length=1, max_length=256, description="Name of a column; left out: all, newest window")
    ] = None,
    limit: Limit = 100,
) -> FeatureTrend | DriftReport:
    """One feature's measures over time; without a name the newest report, which has every feature's."""
    if feature is None:
        return read_drift(clouds, model_id)
    known = model_and_standing(clouds.store, model_id)
    return feature_trend(model_id, feature, store=clouds.store, read=known, limit=limit)


@router.get("/models/<model_id>/drift/root-cause", tags=["drift"])
def read_root_cause(clouds: Clouds, model_id: ModelId) -> RootCause:
    """Which features carry the newest window's change, and whether predictions and quality moved too."""
    get_model(clouds.store, model_id)
    return root_cause(model_id, store=clouds.store)


@router.get("/models/<model_id>/drift/impact", tags=["drift"])
def read_drift_impact(clouds: Clouds, model_id: ModelId, limit: Limit = 50, token: Token = None) -> ImpactHistory:
    """Did it hurt? By window, oldest first, drift beside performance by labels or by what scores let expect."""
    get_model(clouds.store, model_id)
    return impacts(model_id, store=clouds.store, limit=limit, token=token)


@router.get("/models/<model_id>/drift/baseline", tags=["drift"])
def read_baseline(clouds: Clouds, model_id: ModelId) -> BaselineInfo:
    """The baseline in use."""
    get_model(clouds.store, model_id)
    return get_baseline(model_id, store=clouds.store)


@router.post("/models/<model_id>/drift/baseline", tags=["drift"], status_code=201, responses=ANSWERS)
def replace_baseline(
    clouds: Clouds, person: Person, model_id: ModelId, source: Annotated[BaselineSource, Body()]
) -> Response[BaselineInfo | BaselineAsked]:
    """Summarise a table or a window of captured traffic as the new baseline.

    It is done where the traffic lies: for a model in Azure the answer is 202, and Azure is asked at the next exchange.
    """
    model = get_model(clouds.store, model_id)
    require_change(person, model)
    if is_elsewhere(model, clouds.store):
        return Response(202, content_type="application/json", body=_ask(clouds, person, model, source))
    # The only request that computes: few others wait for numpy.
    from syndic.drift.set_baseline import set_baseline  # noqa: PLC0415

    info = set_baseline(
        model_id,
        source,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
    )
    return Response(201, content_type="application/json", body=info)


def _ask(clouds: Clouds, person: Person, model: RegisteredModel, source: BaselineSource) -> BaselineAsked:
    asked = BaselineRequested(model_id=model.id, source=to_json(source), actor=person.name)
    entry = AuditEntry(
        action="drift.baseline_requested",
        actor=person.name,
        subject=f"model/{model.id}",
        at=clouds.now(),
        details={"source": asked.source},
    )
    request_once(
        Key(f"model.{model.id}", "asked.baseline"), {"source": asked.source, "by": person.name}, entry, [asked],
        store=clouds.store, audit=clouds.audit, bus=clouds.bus, now=clouds.now(),
    )  # fmt: skip
    return BaselineAsked(requested=asked, mirrored_at=age_of(model, clouds.store))
