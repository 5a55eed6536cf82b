"""The API: guards, then access, then the route. Everything is under /api/v1; a concern is loaded on its first call."""

from __future__ import annotations

import json
import logging
import re
from functools import cache, partial
from http import HTTPStatus
from importlib import import_module
from types import ModuleType
from typing import Any, Final
from urllib.parse import quote

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from functions.api import guards, problems
from functions.api.access import authorization, key_callers, people
from functions.api.access.log import note_read
from functions.api.concerns import PLACES, concern_of
from functions.api.request_scope import AnsweredBefore, RequestScope, content_type_of
from functions.metrics import count
from syndic.errors import NotAllowedError, SyndicError

log = logging.getLogger(__name__)

app = APIGatewayRestResolver(
    enable_validation=True,
    # An answer that does not fit its own description is our fault (500), not the caller's (422).
    response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
    json_body_deserializer=guards.strict_json,
    serializer=partial(json.dumps, allow_nan=False, ensure_ascii=False, separators=(",", ":")),
)


@cache
def load(concern: str) -> ModuleType:
    """Load a concern's routes."""
    module = import_module(f"functions.api.routes.{concern}")
    app.include_router(module.router, prefix=authorization.PREFIX)
    return module


@cache
def description() -> dict[str, Any]:
    """The API's own description, for which every route is loaded."""
    from functions.api.description import describe  # noqa: PLC0415 - for this request only

    return describe(app, [load(concern) for concern in PLACES])


@cache
def _description() -> str:
    return json.dumps(description(), ensure_ascii=False, separators=(",", ":"))


def answer(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    try:
        event = key_callers.admit_key(event)
        method, path = str(event["httpMethod"]).upper(), str(event["path"])
        route = authorization.route_of(method, path)
        event = people.admit_person(event, method, route)
        authorization.authorize(method, route, event)
        checked = guards.with_checked_body(event, route)
    except SyndicError as error:
        return problems.as_proxy_response(error)
    checked["path"] = _matched(path.rstrip("/"), route)  # as the route was found
    request_id = str(getattr(context, "aws_request_id", ""))
    load(concern_of(method, route))
    scope = RequestScope(checked, method, route, authorization.ids_of(route, path), request_id)
    app.append_context(authorized=route, scope=scope, description=_description)
    response = app.resolve(checked, context)
    scope.close(response)
    note_read(checked, method, route, request_id=request_id, status=int(response["statusCode"]))
    for name, value in problems.HEADERS.items():
        response["multiValueHeaders"].setdefault(name, [value])
    return response


_UNMATCHED: Final = re.compile(r"""[#?"'`\\]""")


def _matched(path: str, route: str) -> str:
    """The path as the resolver can match it: it knows no `#`, `?`, quote or backslash, which ids of rows may have.

    What the caller wrote stands in the scope's ids.
    """
    return _UNMATCHED.sub(lambda sign: quote(sign[0]), path) if "<row_id>" in route else path


def _same_route(resolver: APIGatewayRestResolver, proceed: NextMiddleware) -> Response[Any]:
    """Refuse when the resolver goes to another route than the one that was authorized: the two match on their own."""
    found, authorized = resolver.context["_route"].path, resolver.context["authorized"]
    if found != authorization.PREFIX + authorized:
        raise NotAllowedError("this path is ambiguous")
    return proceed(resolver)


def _known_parameters(resolver: APIGatewayRestResolver, proceed: NextMiddleware) -> Response[Any]:
    """Refuse a query parameter that the route does not have: what is misspelt would be ignored, and a filter lost."""
    event = resolver.current_event.raw_event
    sent = {*(event.get("queryStringParameters") or {}), *(event.get("multiValueQueryStringParameters") or {})}
    known = {one.alias for one in resolver.context["_route"].dependant.query_params}
    if sent <= known:
        return proceed(resolver)
    return problems.as_response(problems.unknown_parameters(sorted(sent - known), sorted(known)))


app.use(middlewares=[_same_route, _known_parameters])


def _planned(error: SyndicError) -> Response[str]:
    return problems.as_response(problems.problem_of(error), error)


def _invalid(error: RequestValidationError) -> Response[str]:
    return problems.as_response(problems.invalid_request(error))


def _unplanned(error: Exception) -> Response[str]:
    reference = str(getattr(app.lambda_context, "aws_request_id", "the time of your request"))
    log.error("request broke", exc_info=error, extra={"reference": reference})
    count("RequestsBroken")
    return problems.as_response(problems.unexpected(reference))


def _again(before: AnsweredBefore) -> Response[str]:
    answer = before.answer
    return Response(answer.status, content_type_of(answer), answer.body, headers={"Idempotent-Replayed": "true"})


app.exception_handler(AnsweredBefore)(_again)
app.exception_handler(SyndicError)(_planned)
app.exception_handler(RequestValidationError)(_invalid)
app.exception_handler(Exception)(_unplanned)
