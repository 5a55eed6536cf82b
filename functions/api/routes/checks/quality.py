"""Quality: what was found wrong with the data and, where ground truth came, with the predictions."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.api.inputs import Clouds, Limit, ModelId, Token
from syndic.checks.history.older import model_and_standing
from syndic.errors import NotFoundError
from syndic.quality.models import QualityHistory, QualityReport
from syndic.quality.report.queries import history, latest_report
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
    known = model_and_standing(clouds.store, model_id)
    return history(model_id, store=clouds.store, read=known, limit=limit, token=token)
