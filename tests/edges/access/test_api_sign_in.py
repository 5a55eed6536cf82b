"""Scripts sign in by password and code, are slowed down when they guess, renew and sign out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.adapters.memory.directory import CODE
from syndic.identity.attempts import MOST, WITHIN
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import PASSWORD, World

RIGHT = {"username": "olga@example.org", "password": PASSWORD, "code": CODE}


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("empty")


def post(verb: str, **body: Any) -> tuple[int, dict[str, Any], dict[str, list[str]]]:
    headers = {"Content-Type": "application/json"}
    answer = handler(api_request("POST", f"{PREFIX}/auth/{verb}", headers=headers, body=json.dumps(body)), Context())
    return answer["statusCode"], json.loads(answer["body"]), answer["multiValueHeaders"]


def test_a_sign_in_is_renewed_until_it_ends(world: World) -> None:
    status, made, headers = post("login", **RIGHT)
    _, renewed, _ = post("refresh", refresh_token=made["refresh_token"])
    ended, _, _ = post("logout", refresh_token=made["refresh_token"])
    after, problem, _ = post("refresh", refresh_token=made["refresh_token"])

    assert (status, made["token_type"], made["expires_in"]) == (200, "bearer", 3600)
    assert headers["Cache-Control"] == ["no-store"]
    assert renewed["access_token"]
    assert (ended, after, problem["code"]) == (200, 401, "refresh_refused")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"password": "wrong"}, "credentials_refused"),
        ({"username": "nobody@example.org"}, "credentials_refused"),
        ({"code": None}, "second_factor_missing"),
    ],
)
def test_what_is_wrong_is_refused_and_repeated_nowhere(changed: dict[str, Any], code: str, world: World) -> None:
    status, problem, headers = post("login", **{**RIGHT, **changed})

    assert (status, problem["code"], headers["WWW-Authenticate"]) == (401, code, ["Bearer"])
    assert PASSWORD not in json.dumps([problem, world.state()])
    assert "example.org" not in json.dumps([problem, world.state()])


def test_guesses_are_slowed_down_also_for_names_that_nobody_has(world: World) -> None:
    for name in ("olga@example.org", "nobody@example.org"):
        for _ in range(MOST):
            assert post("login", **{**RIGHT, "username": name, "password": "guess"})[0] == 401
        status, problem, headers = post("login", **{**RIGHT, "username": name.upper()})
        assert (status, problem["code"]) == (429, "too_often")
        assert 0 < int(headers["Retry-After"][0]) <= WITHIN.total_seconds() + 1
    world.moment += WITHIN + timedelta(seconds=1)
    assert post("login", **RIGHT)[0] == 200
    for _ in range(MOST - 1):
        post("login", **{**RIGHT, "password": "guess"})
    assert post("login", **RIGHT)[0] == 200, "success forgets what failed before"
    assert post("login", **{**RIGHT, "password": "guess"})[0] == 401
