"""What a change of alerting would have told: the trial says what the change then does, and keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.access import PREFIX
from functions.api.handler import handler
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, World

QUIET = {"ends_at": "2026-03-05T00:00Z", "comment": "x"}
DESK = {"channel": "pagerduty", "secret": "on-call", "severity": "low"}


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("checked")


def ask(method: str, path: str, body: Any = None) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"}
    sent = None if body is None else json.dumps(body)
    answer = handler(api_request(method, PREFIX + path, headers=headers, body=sent, person="admin"), Context())
    return answer["statusCode"], json.loads(answer["body"])


def records(world: World) -> dict[Any, Any]:
    return {key: kept.body for key, kept in world.store._kept.items()}


def test_a_receiver_would_have_been_told_what_the_routing_tells_it_once_it_is_set(world: World) -> None:
    before = records(world)
    status, tried = ask("POST", "/alerts/receivers/dry-run", {"name": "desk", **DESK})
    assert status == 200
    assert records(world) == before
    assert tried["named"] is True
    assert tried["messages"] > 0
    assert ask("PUT", "/alerts/receivers/desk", DESK)[0] == 200
    (row,) = [one for one in ask("POST", "/alerts/routes/dry-run", {})[1]["receivers"] if one["receiver"] == "desk"]

    assert (row["messages"], row["alerts"]) == (tried["messages"], tried["alerts"])


def test_a_receiver_that_no_route_names_is_told_nothing(world: World) -> None:
    assert ask("PUT", "/alerts/routes", {"route": {"receiver": "owners"}})[0] == 200
    tried = ask("POST", "/alerts/receivers/dry-run", {"name": "desk", **DESK})[1]

    assert (tried["named"], tried["messages"], tried["alerts"]) == (False, 0, 0)


def test_a_silence_would_have_kept_quiet_what_it_matches(world: World) -> None:
    ask("PUT", "/alerts/receivers/desk", DESK)
    whole = ask("POST", "/alerts/routes/dry-run", {})[1]
    wanted = {"ends_at": "2026-03-05T00:00:00Z", "comment": "moving house"}
    before = records(world)
    every = ask("POST", "/alerts/silences/dry-run", {**wanted, "matchers": [f"model={MODEL}"]})[1]
    some = ask("POST", "/alerts/silences/dry-run", {**wanted, "matchers": ["concern=bias"]})[1]
    none = ask("POST", "/alerts/silences/dry-run", {**wanted, "matchers": ["model=nobody"]})[1]

    assert records(world) == before
    assert every["alerts"] == whole["alerts"] > some["alerts"] == 1
    assert every["receivers"] == whole["receivers"]
    assert some["standing"] == [f"{MODEL}.bias"]
    assert (none["alerts"], none["receivers"], none["standing"]) == (0, [], [])


def test_a_rule_says_whom_it_would_tell_now(world: World) -> None:
    ask("PUT", "/alerts/receivers/desk", {**DESK, "severity": "critical"})
    rule = {"name": "grave", "title": "grave", "when": 'model.name == "credit"', "severity": "high"}
    before = records(world)
    tried = ask("POST", "/alerts/rules/dry-run", rule)[1]
    grave = ask("POST", "/alerts/rules/dry-run", {**rule, "severity": "critical"})[1]
    nobody = ask("POST", "/alerts/rules/dry-run", {**rule, "when": 'model.name == "nobody"'})[1]

    assert records(world) == before
    assert tried["holds"] == [MODEL]
    assert tried["tells"] == [{"receiver": "owners", "messages": 1, "alerts": 1}]
    assert [one["receiver"] for one in grave["tells"]] == ["owners", "desk"]
    assert nobody["tells"] == []


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/alerts/receivers/dry-run", {"name": "desk", "channel": "telegram"}, "channel"),
        ("/alerts/receivers/dry-run", {"name": "desk", "channel": "slack_bot", "secret": "s"}, "option channel"),
        ("/alerts/silences/dry-run", {"matchers": ["a"], **QUIET}, "matchers[0]"),
        ("/alerts/silences/dry-run", {"matchers": ["a=b"], "ends_at": "2026-03-01T00:00Z", "comment": "x"}, "ends_at"),
        ("/alerts/rules/dry-run", {"name": "a", "title": "a", "when": "1 +"}, "when"),
        ("/alerts/routes/dry-run", {"routing": {"route": {"receiver": "gone"}}}, "route.receiver"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_its_field(world: World, path: str, body: Any, where: str) -> None:
    status, problem = ask("POST", path, body)

    assert status == 400
    assert [one["where"] for one in problem["errors"]] == [where]
    assert problem["errors"][0]["problem"] in problem["detail"]
