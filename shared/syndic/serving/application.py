"""A server of predictions for one model: health, model-info, predict, and documentation, on FastAPI."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from fastapi import FastAPI, Request, Response

from syndic.errors import SyndicError
from syndic.gateway.info import GatewayHealth, ModelInfo, health_of, info_of
from syndic.gateway.models import Prediction
from syndic.gateway.predict import Gateway, predict
from syndic.gateway.rows import MOST_BYTES
from syndic.serving.observed import PROBLEM_JSON, refusal_of


def application(gateway: Gateway, model_id: str) -> FastAPI:
    """The application.

    Args:
        gateway: What is served with.
        model_id: The model.
    """
    app = FastAPI(title=f"Predictions of {model_id}", description="Governed by Syndic.", redoc_url=None)

    @app.exception_handler(SyndicError)
    async def told(_request: Request, error: SyndicError) -> Response:
        refusal = refusal_of(error)
        return Response(refusal.body, refusal.status, media_type=PROBLEM_JSON)

    @app.get("/health")
    def health() -> GatewayHealth:
        """Whether a version of the model is there to answer."""
        return health_of(gateway.serving, model_id)

    @app.get("/model-info")
    def model_info() -> ModelInfo:
        """What answers."""
        return info_of(gateway.serving, model_id)

    rows = {"application/json": {"schema": {}}, "text/csv": {"schema": {"type": "string"}}}

    @app.post("/predict", response_model=Prediction, openapi_extra={"requestBody": {"required": True, "content": rows}})
    async def predict_rows(request: Request) -> Response | Prediction:
        """Predict for the rows of the body, in any of the shapes that the documentation of the gateway lists."""
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:  # enough to be refused: the rest may be without end
                break
        request_id = request.headers.get("x-request-id") or uuid4().hex
        media = request.headers.get("content-type", "")
        answer = await asyncio.to_thread(
            predict, gateway, model_id, body, content_type=media, request_id=request_id
        )  # fmt: skip
        if answer.body is None:
            return answer.prediction
        return Response(answer.body, headers={**answer.headers, "Content-Type": answer.media})

    return app
