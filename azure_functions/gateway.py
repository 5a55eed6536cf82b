"""Gateway: answers predictions as the governing API says, and hands their records on to it."""

from __future__ import annotations

import azure.functions as func

from azure_functions import wiring
from syndic.gateway.predict import Gateway
from syndic.serving import plain_http
from syndic.tasks import gateway

blueprint = func.Blueprint()
KEY = func.AuthLevel.FUNCTION


def serving() -> Gateway:
    """What this process serves with."""
    return wiring.wired().gateway


@blueprint.function_name("gateway_health")
@blueprint.route(route="v1/gateway/{model}/health", methods=["GET"], auth_level=KEY)
def health(req: func.HttpRequest) -> func.HttpResponse:
    """Tell whether a version of the model is there to answer."""
    reply = plain_http.reply_health(serving, req.route_params["model"])
    return func.HttpResponse(reply.body, status_code=reply.status, mimetype=reply.media)


@blueprint.function_name("gateway_model_info")
@blueprint.route(route="v1/gateway/{model}/model-info", methods=["GET"], auth_level=KEY)
def model_info(req: func.HttpRequest) -> func.HttpResponse:
    """Tell what answers."""
    reply = plain_http.reply_info(serving, req.route_params["model"])
    return func.HttpResponse(reply.body, status_code=reply.status, mimetype=reply.media)


@blueprint.function_name("gateway_predict")
@blueprint.route(route="v1/gateway/{model}/predict", methods=["POST"], auth_level=KEY)
def predict(req: func.HttpRequest) -> func.HttpResponse:
    """Predict for the rows of the body."""
    headers = {name.lower(): value for name, value in req.headers.items()}
    model = req.route_params["model"]
    reply = plain_http.reply_prediction(serving, model, req.get_body(), headers)
    given = {**reply.headers, "Content-Type": reply.media}
    return func.HttpResponse(reply.body, status_code=reply.status, headers=given, mimetype=reply.media)


@blueprint.function_name("gateway_records")
@blueprint.queue_trigger(arg_name="message", queue_name="syndic-predictions", connection="SyndicStorage")
def hand_on(message: func.QueueMessage) -> None:
    """Take one message of the queue of predictions."""
    gateway.relay(message.get_body().decode(), wiring.wired())
