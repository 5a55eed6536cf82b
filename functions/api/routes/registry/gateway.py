"""The gateway: how a model is served, what serves, and predictions that can be traced."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, cast

from aws_lambda_powertools.event_handler import Request
from aws_lambda_powertools.event_handler.api_gateway import Response, Router
from aws_lambda_powertools.event_handler.depends import Depends
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from pydantic import Field

from functions.api.access.callers import require_change
from functions.api.guards import header
from functions.api.inputs import Clouds, ModelId, Person, Received
from syndic.errors import InvalidInputError
from syndic.gateway.comparison import ShadowComparison, compare_shadow
from syndic.gateway.configure import set_gateway
from syndic.gateway.inference_record import InferenceRecord
from syndic.gateway.info import GatewayHealth, ModelInfo, health_of, info_of
from syndic.gateway.keep import Kept
from syndic.gateway.models import GatewayRecord, GatewaySettings, Prediction
from syndic.gateway.predict import Gateway, predict
from syndic.gateway.state import ServingState, read_state, settings_of
from syndic.models import Noun
from syndic.records import get_model
from syndic.tasks import gateway as tasks
from syndic.tasks.clouds import ServingClouds

router = Router()


class SentRecords(Noun):
    """Records of a server of one's own."""

    records: tuple[InferenceRecord, ...] = Field(min_length=1, max_length=500)


def get_gateway(request: Request) -> Gateway:
    """What this process serves predictions with."""
    return cast("ServingClouds", request.context["scope"].clouds()).gateway


Serving = Annotated[Gateway, Depends(get_gateway)]


@router.get("/models/<model_id>/gateway", tags=["gateway"])
def read_gateway(clouds: Clouds, model_id: ModelId) -> GatewayRecord:
    """How a model is served."""
    get_model(clouds.store, model_id)
    return settings_of(clouds.store, model_id)


@router.put("/models/<model_id>/gateway", tags=["gateway"])
def put_gateway(
    clouds: Clouds, person: Person, model_id: ModelId, settings: Annotated[GatewaySettings, Body()]
) -> GatewayRecord:
    """Say how a model is served. What answers follows within 15 seconds."""
    require_change(person, get_model(clouds.store, model_id))
    return set_gateway(
        model_id, settings, store=clouds.store, audit=clouds.audit, actor=person.name, now=clouds.now()
    )  # fmt: skip


@router.post("/models/<model_id>/gateway/records", tags=["gateway"], status_code=202)
def send_records(
    clouds: Clouds, received: Received, person: Person, model_id: ModelId, sent: Annotated[SentRecords, Body()]
) -> Kept:
    """Send what a server of one's own answered. Sent again it is kept once."""
    require_change(person, get_model(clouds.store, model_id))
    strange = next((one.model_id for one in sent.records if one.model_id != model_id), None)
    if strange is not None:
        raise InvalidInputError(f"a record is of {strange}", where="body.records")
    return tasks.keep(sent.records, clouds, received, actor=person.name)


@router.get("/models/<model_id>/gateway/state", tags=["gateway"])
def read_gateway_state(clouds: Clouds, model_id: ModelId) -> ServingState:
    """What may answer now: versions, their shares and what they take. A server of one's own serves by it."""
    return read_state(clouds.store, model_id)


@router.get("/models/<model_id>/gateway/shadow", tags=["gateway"])
def read_shadow(
    clouds: Clouds,
    model_id: ModelId,
    hours: Annotated[int, Query(ge=1, le=720, description="up to now")] = 24,
    variant: Annotated[str | None, Query(max_length=128, description="one that was a shadow before")] = None,
) -> ShadowComparison:
    """How far the version that gets copies agrees with what answered: decisions, scores, their distributions."""
    get_model(clouds.store, model_id)
    end = clouds.now()
    return compare_shadow(
        clouds.store, model_id, start=end - timedelta(hours=hours), end=end + timedelta(minutes=1), variant=variant
    )  # fmt: skip


@router.get("/gateway/<model_id>/health", tags=["gateway"])
def read_gateway_health(gateway: Serving, model_id: ModelId) -> GatewayHealth:
    """Whether a version of the model is there to answer. The backend is not asked."""
    return health_of(gateway.serving, model_id)


@router.get("/gateway/<model_id>/model-info", tags=["gateway"])
def read_model_info(gateway: Serving, model_id: ModelId) -> ModelInfo:
    """What answers: version, stage, the run it comes from, the features it takes, threshold and classes."""
    return info_of(gateway.serving, model_id)


ANSWERED: Final[dict[int, OpenAPIResponse]] = {
    200: {"description": "The predictions", "content": {"application/json": {"model": Prediction}, "text/csv": {}}}
}


@router.post("/gateway/<model_id>/predict", tags=["gateway"], responses=ANSWERED)
def predict_rows(request: Request, gateway: Serving, model_id: ModelId) -> Response[Prediction | str]:
    """Predict for the rows of the body, in any of five families of shapes. What was asked and answered is logged.

    The request's id is `X-Request-Id`, else `Idempotency-Key`, else one that is made; a prediction is found by it.
    Features that are missing, extra or wrong are answered with 422 and `missing`, `extra` and `errors`. Where the
    model's settings ask for `passthrough`, the backend's own body is answered; version and request are in headers.
    """
    event = request.resolved_event.raw_event
    body = event.get("body")
    if not body:
        raise InvalidInputError("send the rows to predict for", where="body")
    given = header(event, "x-request-id") or header(event, "idempotency-key")
    made = str((event.get("requestContext") or {}).get("requestId") or request.context["scope"].request_id)
    try:
        answer = predict(
            gateway, model_id, str(body).encode("utf-8", "surrogatepass"),
            content_type=header(event, "content-type") or "", request_id=given.strip('"') if given else made,
        )  # fmt: skip
    finally:  # the function may be stopped once it has answered: a thread would send later, or never
        gateway.records.flush()
    if answer.body is None:
        return Response(200, content_type="application/json", body=answer.prediction)
    return Response(200, content_type=answer.media, headers=answer.headers, body=answer.body.decode())
