"""The API's own description, in OpenAPI, from its routes."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from types import ModuleType
from typing import Any, Final

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayRestResolver

from functions.api.access import authorization, permissions
from functions.api.preconditions import RECORDS
from functions.api.problems import PROBLEM_JSON, Problem, in_words

SIGN_IN: Final = {"idToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "ID token"}}
METHODS: Final = ("get", "put", "post", "patch", "delete")
_LONG_NAME: Final = re.compile(r"\bsyndic__([a-z]+)__(?:[a-z_]+__)?([A-Z]\w*)")


def describe(app: APIGatewayRestResolver, routers: Sequence[ModuleType]) -> dict[str, Any]:
    """The OpenAPI 3.1 document: routes and nouns from the code, roles from the access table, one shape of problems.

    Args:
        app: With all routes.
        routers: The modules whose functions they are.
    """
    generated = app.get_openapi_json_schema(
        title="Syndic",
        version="1",
        openapi_version="3.1.0",
        description="AI governance: models, drift, fairness, compliance, alerts and the audit trail.",
    )
    document = _without_twins(json.loads(_LONG_NAME.sub(_short_name, generated)))
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        schema["title"] = name  # two concerns have a Verdict: what is made from this names it by its title
    document["servers"] = [{"url": "/"}]
    components = document.setdefault("components", {})
    components["securitySchemes"] = SIGN_IN
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                _complete(item[method], method.upper(), path, routers, schemas)
    return document


def _without_twins(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one schema where the generator made two of a noun that holds itself, and both say the same."""
    schemas = document.get("components", {}).get("schemas", {})
    twins = {name.removesuffix("-Input") for name in schemas if name.endswith("-Input")}
    text = json.dumps(document)
    for name in sorted(twins):
        text = text.replace(f"schemas/{name}-Input", f"schemas/{name}").replace(
            f"schemas/{name}-Output", f"schemas/{name}"
        )
    merged: dict[str, Any] = json.loads(text)
    found = merged.get("components", {}).get("schemas", {})
    for name in twins:
        taken, given = ({**found.pop(f"{name}-{side}", {}), "title": name} for side in ("Input", "Output"))
        if taken != given:
            raise ValueError(f"{name} is taken in another form than it is given in")
        found[name] = taken
    return merged


ETAG: Final = {"description": "of the record behind the answer", "schema": {"type": "string"}}
IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "Change it only while it has this ETag; else 412. Left out: whatever is there is changed",
    "schema": {"type": "string", "title": "If-Match", "pattern": r'^(\*|"[!#-~]{1,100}")$'},
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Of your choice. The same request with it is done once and answered the same for a day",
    "schema": {"type": "string", "title": "Idempotency-Key", "pattern": "^[!#-~]{1,255}$"},
}

MAY_MISS: Final = frozenset(
    (method, f"{authorization.PREFIX}{path}")
    for method, path in (
        ("PUT", "/config"),
        ("POST", "/deployments"),
        ("GET", "/versions"),
        ("POST", "/versions"),
        ("GET", "/metrics"),
        ("POST", "/metrics"),
        ("GET", "/audit-logs/checkpoint"),
        ("POST", "/audit-logs/erasures"),
        ("POST", "/policy-documents"),
    )
)
"""Routes on something that body or query names other than by its id, or of which there is one, not always there."""

SIGNS_IN: Final = frozenset(
    ("POST", f"{authorization.PREFIX}/auth/{verb}") for verb in ("exchange", "login", "refresh", "logout")
)
"""Routes for whoever is not signed in yet, that look at a token or a password in the body."""


ROWS: Final = {
    "required": True,
    "description": "rows in a shape of docs/gateway.md: one object of features, a list of them, text/csv and others",
    "content": {"application/json": {"schema": {"title": "Rows"}}},
}
"""The body of a prediction, which is read by the gateway and not by the description."""


SLACK: Final = {
    "required": True,
    "description": "as Slack sends it: a form whose `payload` is JSON, with X-Slack-Signature over exactly these bytes",
    "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "title": "SlackRequest"}}},
}


def _complete(
    operation: dict[str, Any], method: str, path: str, routers: Sequence[ModuleType], schemas: dict[str, Any]
) -> None:
    route = re.sub(r"{(\w+)}", r"<\1>", path.removeprefix(authorization.PREFIX))
    roles = permissions.TABLE[method, route]
    name = _route_function(operation["operationId"], path, method)
    first, *rest = name.split("_")
    operation["operationId"] = first + "".join(word.capitalize() for word in rest)
    operation["summary"] = inspect.getdoc(next(vars(one)[name] for one in routers if name in vars(one)))
    operation["security"] = [{"idToken": []}] if roles else []
    if roles:
        operation["x-roles"] = sorted(roles)
    if route == "/gateway/<model_id>/predict":
        operation["requestBody"] = ROWS
    if (method, route) in permissions.BY_SIGNATURE:
        operation["requestBody"] = SLACK
    responses = operation["responses"]
    responses.pop("422", None)
    _complete_headers(operation, method, route)
    misses = _names_another(operation, schemas)
    for status in _statuses(method, path, route, roles=roles, misses=misses):
        responses[str(int(status))] = {
            "description": in_words(status),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _complete_headers(operation: dict[str, Any], method: str, route: str) -> None:
    """What a request may say beside its body, and the ETag that answers carry."""
    headers = []
    if route in RECORDS:
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                response["headers"] = {"ETag": ETAG}
        headers = [IF_MATCH] if method != "GET" else []
    if method != "GET":
        headers.append(IDEMPOTENCY_KEY)
    if headers:
        operation.setdefault("parameters", []).extend(headers)


def _names_another(operation: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether query or body name something by its id, which may not be there."""
    names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        names += schemas.get(content["schema"].get("$ref", "").rpartition("/")[2], {}).get("properties", ())
    return any(name.endswith(("_id", "_ids")) for name in names)


def _statuses(method: str, path: str, route: str, *, roles: frozenset[str], misses: bool) -> list[HTTPStatus]:
    """Every body and query is guarded, wanted or not, so 400, 413, 415 and 422 can be the answer of every route."""
    found = [
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,  # a query parameter that the route does not have
        HTTPStatus.INTERNAL_SERVER_ERROR,
    ]
    if roles:
        found += [
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ]
    if (method, route) in permissions.BY_SIGNATURE:
        found += [HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE]
    if (method, path) in SIGNS_IN:
        found += [HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE]
    if route in RECORDS and method != "GET":
        found.append(HTTPStatus.PRECONDITION_FAILED)
    if "{" in path or "/compliance/" in path or misses or (method, path) in MAY_MISS:
        found.append(HTTPStatus.NOT_FOUND)
    if method != "GET" or "{" in path:
        found.append(HTTPStatus.CONFLICT)
    if "{" in path:
        found.append(HTTPStatus.FORBIDDEN)  # a path that two readers take for different ones
    return sorted(set(found))


def _short_name(found: re.Match[str]) -> str:
    """Nouns of one name in two concerns: ``syndic__bias__models__Verdict`` becomes ``BiasVerdict``."""
    return found[1].capitalize() + found[2]


def _route_function(generated: str, path: str, method: str) -> str:
    """The name of the route's function: what the generated id begins with, before path and method."""
    return generated.removesuffix(f"_{method.lower()}").removesuffix(re.sub(r"\W", "_", path)).strip("_")
