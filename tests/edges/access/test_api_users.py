"""People are invited, given roles, disabled and deleted by admins; each decision is on record once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from functions.api.routes.identity.users import Role
from syndic.audit.search import list_entries
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import World


def send(method: str, path: str, body: Any = None, person: str = "admin") -> tuple[int, Any]:
    headers = {"content-type": "application/json"} if body is not None else {}
    event = api_request(
        method, PREFIX + path, headers=headers, body=None if body is None else json.dumps(body), person=person
    )
    answer = handler(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("governed")


def told(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    found = [one.entry for one in reversed(list_entries(world.store, limit=100).entries)]
    return [(one.action, one.actor, one.details) for one in found if one.action.startswith("user.")]


def test_a_person_from_invitation_to_removal(world: World) -> None:
    status, made = send("POST", "/users", {"email": "Nina@Example.org", "roles": ["auditor"]})
    assert (status, made["email"], made["roles"], made["confirmed"]) == (201, "nina@example.org", ["auditor"], False)
    assert world.directory.invited == ["nina@example.org"]

    name = made["name"]
    assert send("PUT", f"/users/{name}/roles", {"roles": ["ml_engineer"]})[1]["roles"] == ["ml_engineer"]
    assert send("PATCH", f"/users/{name}", {"enabled": False})[1]["enabled"] is False
    assert send("PATCH", f"/users/{name}", {"enabled": True})[1]["enabled"] is True
    assert send("DELETE", f"/users/{name}")[0] == 200
    assert send("DELETE", f"/users/{name}")[0] == 200, "asked for again it is done"
    assert send("GET", f"/users/{name}")[0] == 404
    assert [action for action, _, _ in told(world)] == [
        "user.invited", "user.roles_set", "user.disabled", "user.enabled", "user.deleted"
    ]  # fmt: skip
    assert told(world)[1][2] == {"roles": ["ml_engineer"], "before": ["auditor"]}
    assert "nina" not in json.dumps(told(world)), "the trail stays for ever, an address may not"


def test_who_is_there_already_is_not_invited_again(world: World) -> None:
    status, found = send("POST", "/users", {"email": "otto@example.org", "roles": ["ml_engineer"]})

    assert (status, found["name"], found["roles"]) == (201, "otto", ["ml_engineer", "model_owner"])
    assert world.directory.invited == []


def test_nobody_changes_their_own_access(world: World) -> None:
    assert send("PUT", "/users/ada/roles", {"roles": []})[0] == 403
    assert send("PATCH", "/users/ada", {"enabled": False})[0] == 403
    assert send("DELETE", "/users/ada")[0] == 403
    assert told(world) == []


def test_people_are_listed_page_by_page(world: World) -> None:
    _, first = send("GET", "/users")
    assert [one["name"] for one in first["users"]] == ["ada", "olga", "otto"]
    assert {one["roles"] for one in first["users"]} == {None}
    assert send("GET", "/users/nobody")[0] == 404


def test_the_roles_are_those_of_the_pool() -> None:
    from cdk.groups import GROUPS

    assert set(Role.__args__) == set(GROUPS)


def test_without_a_pool_it_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from functions.wiring import AwsWiring
    from syndic.errors import UnavailableError
    from tests.edges.world import SETTINGS

    with pytest.raises(UnavailableError, match="SYNDIC_USER_POOL_ID"):
        _ = AwsWiring(SETTINGS).directory
