"""Every route has its method in the client, and every method a route: path, query, body and answer are as described."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic_client import GovernanceClient, schemas
from syndic_client.calls import Call, change
from tests.edges.access.test_api_access import BODIES, filler, query_of
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import World

DESCRIPTION = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text("utf-8"))
ROOMS = (
    "models", "drift", "bias", "quality", "compliance", "alerts", "audit", "registry", "reports", "deployments",
    "gateway", "systems", "vendors", "plans", "conformity", "incidents", "risks", "person_requests", "processing",
    "training", "assignments", "policies", "erasures", "keys", "users", "identity", "receivers", "routing", "rules",
    "silences", "configuration",
)  # fmt: skip
BY_REQUEST = {
    "/docs": "for people with a browser",
    "/openapi.json": "for generators",
    "/health": "says only that it answers",
    "/slack": "Slack calls it",
    "/versions": "a short form of /models/{model_id}/versions",
    "/metrics": "a short form of /models/{model_id}/versions/{version}/metrics",
    "/governance/overview": "is /dashboard/stats",
    "/reports": "a short form of /compliance/reports",
}
"""What is left to `client.request`, and why."""


class Asked(Exception):  # noqa: N818
    def __init__(self, kind: Any, call: Call) -> None:
        self.kind, self.call = kind, call
        super().__init__(call.path)


class Listener:
    """In place of a transport: what was asked is raised."""

    def ask(self, kind: Any, call: Call) -> Any:
        raise Asked(kind, call)


def client_of() -> GovernanceClient:
    return GovernanceClient("https://syndic.example.org", api_key="k", transport=httpx.MockTransport(lambda _: None))  # type: ignore[arg-type]


def methods() -> Iterator[tuple[str, Callable[..., Any]]]:
    client = client_of()
    for room in ROOMS:
        for name, method in inspect.getmembers(type(getattr(client, room)), inspect.isfunction):
            if not name.startswith("_"):
                yield f"{room}.{name}", method


METHODS = dict(methods())


def asked_by(name: str, *, whole: bool) -> Asked:
    """What a method asks: with every argument that it can take, or with those alone that it must have."""
    client = client_of()
    room = getattr(client, name.partition(".")[0])
    for holder in (room, getattr(room, "_reports", room), getattr(room, "_entries", room)):
        holder._api = Listener()
    method = METHODS[name]
    hints = typing.get_type_hints(method)
    arguments = {
        argument.name: value_for(argument.name, hints[argument.name])
        for argument in list(inspect.signature(method).parameters.values())[1:]
        if argument.kind is not inspect.Parameter.VAR_KEYWORD and (whole or argument.default is inspect.Parameter.empty)
    }
    try:
        getattr(room, name.partition(".")[2])(**arguments).first()  # a list asks when it is read
    except Asked as asked:
        return asked
    pytest.fail(f"{name} asks nothing")


def value_for(name: str, hint: Any) -> Any:
    kinds = set(typing.get_args(hint)) if isinstance(hint, types.UnionType) or typing.get_origin(hint) else {hint}
    if str in kinds and typing.get_origin(hint) in {None, types.UnionType, typing.Union}:
        return "one"
    if bool in kinds:
        return True
    if bytes in kinds:
        return b"one"
    if name == "labels":  # none at all are not sent
        return {"one": "yes"}
    for kind, value in ((int, 1), (float, 1.0), (dt.datetime, dt.datetime(2026, 3, 4, tzinfo=dt.UTC))):
        if kind in kinds:
            return value
    origin = typing.get_origin(hint)
    return {} if origin in {dict, Mapping} or hint is object else [] if origin in {list, Sequence} else {"whole": name}


def operation_of(call: Call) -> tuple[str, dict[str, Any]]:
    """The described operation that a call is: a fixed path before one with ids."""
    found = []
    for path, operations in DESCRIPTION["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", path)
        if re.fullmatch(pattern, call.path) and call.method.lower() in operations:
            found.append((path.count("{"), path, operations[call.method.lower()]))
    assert found, f"there is no {call.method} {call.path}"
    _, path, operation = min(found, key=lambda one: one[0])
    return f"{call.method} {path}", operation


def schema_names(content: Mapping[str, Any]) -> set[str]:
    return set(re.findall(r"#/components/schemas/(\w+)", json.dumps(content)))


@pytest.mark.parametrize("whole", [False, True], ids=["least", "whole"])
@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_asks_what_is_described(name: str, whole: bool) -> None:
    asked = asked_by(name, whole=whole)
    _, operation = operation_of(asked.call)
    known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    answers = [one.get("content", {}) for code, one in operation["responses"].items() if code < "300"]

    assert set(asked.call.parameters()) <= known
    assert getattr(asked.kind, "__name__", "") in {"dict", *(one for told in answers for one in schema_names(told))}
    assert (asked.call.key is None) is (asked.call.method == "GET")


def test_every_parameter_can_be_given() -> None:
    given: dict[str, set[str]] = {}
    for name in METHODS:
        call = asked_by(name, whole=True).call
        given.setdefault(operation_of(call)[0], {"token", "expect_version"}).update(call.parameters())
    known = {
        f"{method.upper()} {path}": {one["name"] for one in told.get("parameters", ()) if one["in"] == "query"}
        for path, operations in DESCRIPTION["paths"].items()
        for method, told in operations.items()
    }

    assert {route: known[route] - names for route, names in given.items() if known[route] - names} == {}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_body_is_as_described(name: str) -> None:
    asked = asked_by(name, whole=True)
    _, operation = operation_of(asked.call)
    names = schema_names(operation.get("requestBody", {}))
    hints = {one.name: one for one in inspect.signature(METHODS[name]).parameters.values()}
    keywords = [one for one in hints.values() if one.kind is inspect.Parameter.VAR_KEYWORD]
    if keywords:
        (told,) = re.findall(r"Unpack\[(\w+)\]", str(keywords[0].annotation))
        assert names == {told}
    elif isinstance(asked.call.body, dict) and "whole" not in asked.call.body:
        (schema,) = (DESCRIPTION["components"]["schemas"][one] for one in names)
        assert set(asked.call.body) == set(schema["properties"])
    else:
        assert bool(operation.get("requestBody")) is (asked.call.body is not None)


def test_every_route_is_reached() -> None:
    reached = {operation_of(asked_by(name, whole=whole).call)[0] for name in METHODS for whole in (False, True)}
    routes = {
        f"{method.upper()} {path}"
        for path, operations in DESCRIPTION["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "patch", "delete"}
    }
    left = {route for route in routes - reached if not route.partition(PREFIX)[2].startswith(tuple(BY_REQUEST))}

    assert left == set()
    assert not {path for path in BY_REQUEST if not any(f" {PREFIX}{path}" in route for route in routes - reached)}


def reads() -> list[tuple[str, str]]:
    return sorted(
        (path.removeprefix(PREFIX), names[0])
        for path, operations in DESCRIPTION["paths"].items()
        if "get" in operations
        for names in [
            re.findall(
                r"^#/components/schemas/(\w+)$",
                operations["get"]["responses"]["200"]["content"]
                .get("application/json", {})
                .get("schema", {})
                .get("$ref", ""),
            )
        ]
        if names and path != f"{PREFIX}/lineage/models/{{model_id}}/predictions/{{row_id}}"  # as that of a version
    )


@pytest.mark.parametrize(("path", "schema"), reads(), ids=lambda one: one.strip("/"))
def test_every_answer_reads_whole(path: str, schema: str, wire: Callable[[str], World]) -> None:
    fill = filler(wire("checked"))
    route = re.sub(r"\{(\w+)\}", r"<\1>", path)
    event = api_request("GET", PREFIX + fill(route), query=query_of(("GET", route)), person="admin")
    if ("PUT", route) in BODIES and path.startswith("/models/{model_id}/classifications/"):
        body = json.dumps(BODIES["PUT", route])
        sent = {"headers": {"Content-Type": "application/json"}, "body": body, "person": "admin"}
        handler(api_request("PUT", PREFIX + fill(route), **sent), Context())
    answer = handler(event, Context())
    assert answer["statusCode"] == 200, answer["body"]
    told = json.loads(answer["body"])
    read = msgspec.convert(told, getattr(schemas, schema))

    assert keys_of(read.to_dict()) >= keys_of(told), "a field was passed over"


def keys_of(value: Any, where: str = "") -> set[str]:
    if isinstance(value, Mapping):
        return {f"{where}.{name}" for name in value} | {
            key for name, one in value.items() for key in keys_of(one, f"{where}.{name}")
        }
    if isinstance(value, list | tuple):
        return {key for one in value for key in keys_of(one, f"{where}[]")}
    return set()


def test_a_part_of_a_path_cannot_leave_its_place() -> None:
    assert change("GET", "models", "a/../b?c").path == f"{PREFIX}/models/a%2F..%2Fb%3Fc"
    with pytest.raises(ValueError, match="is no id"):
        change("GET", "models", "..")
