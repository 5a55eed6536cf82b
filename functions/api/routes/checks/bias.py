"""Fairness: reports, trends, combinations of attributes, policy and thresholds of a model.

What leaves here has small groups hidden, as the policy asks, so that nobody is recognised in a report.
"""

from __future__ import annotations

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, Limit, ModelId, Person, Token
from syndic.bias.models import AttributeBias, BiasReport
from syndic.bias.policy.kept import set_thresholds
from syndic.bias.policy.model import BiasPolicy
from syndic.bias.report.disclosure import suppress
from syndic.bias.report.history import BiasHistory
from syndic.bias.report.queries import history, intersectional, latest_reports
from syndic.checks.history.older import model_and_standing
from syndic.errors import NotFoundError
from syndic.models import Finite, Noun
from syndic.records import get_model

router = Router()

Outcome = Annotated[
    Literal["prediction", "label", "score", "value"], Query(description="Judged by predictions or by ground truth")
]


class BiasReports(Noun):
    """The newest report of each outcome that the policy names."""

    reports: tuple[BiasReport, ...]


class Intersections(Noun):
    """Groups by combinations of attributes, in the newest window."""

    report_id: str
    outcome: str
    intersections: dict[str, AttributeBias] = Field(description="by the names of the attributes, joined by ' & '")


class Thresholds(Noun):
    """By metric: the value beyond which a disparity counts."""

    thresholds: dict[str, Finite] = Field(min_length=1, max_length=50)


@router.get("/models/<model_id>/bias", tags=["bias"])
def read_bias(clouds: Clouds, model_id: ModelId) -> BiasReports:
    """The newest report of each outcome."""
    get_model(clouds.store, model_id)
    reports = latest_reports(model_id, store=clouds.store)
    if not reports:
        raise NotFoundError(f"model {model_id} was not checked for bias yet")
    return BiasReports(reports=tuple(suppress(report) for report in reports))


@router.get("/models/<model_id>/bias/history", tags=["bias"])
def read_bias_history(
    clouds: Clouds, model_id: ModelId, outcome: Outcome = "prediction", limit: Limit = 100, token: Token = None
) -> BiasHistory:
    """Rates and ratios of each group over time, and where they crossed a threshold."""
    known = model_and_standing(clouds.store, model_id)
    return history(model_id, store=clouds.store, read=known, outcome=outcome, limit=limit, token=token)


@router.get("/models/<model_id>/bias/intersectional", tags=["bias"])
def read_intersections(clouds: Clouds, model_id: ModelId, outcome: Outcome = "prediction") -> Intersections:
    """Groups by combinations of attributes."""
    get_model(clouds.store, model_id)
    report, _ = intersectional(model_id, store=clouds.store, outcome=outcome)
    shown = suppress(report)
    return Intersections(report_id=shown.id, outcome=shown.outcome, intersections=shown.intersections)


@router.post("/models/<model_id>/bias/thresholds", tags=["bias"])
def change_thresholds(
    clouds: Clouds, person: Person, model_id: ModelId, wanted: Annotated[Thresholds, Body()]
) -> BiasPolicy:
    """Change some thresholds of the policy and leave the rest."""
    require_change(person, get_model(clouds.store, model_id))
    return set_thresholds(
        model_id,
        wanted.thresholds,
        store=clouds.store,
        audit=clouds.audit,
        actor=person.name,
        now=clouds.now(),
    )
