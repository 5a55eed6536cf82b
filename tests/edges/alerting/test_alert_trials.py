"""What a change of alerting would have told: the trial says what the change then does, and keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.records import evidence_key, evidence_rank, get_model, list_evidence
from syndic.tasks.watch.past_evidence import EvidenceHistory
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
        ("/alerts/silences/dry-run", {"matchers": ["model=b"], **QUIET, "ends_at": "2026-03-01T00:00Z"}, "ends_at"),
        ("/alerts/rules/dry-run", {"name": "a", "title": "a", "when": "1 +"}, "when"),
        ("/alerts/routes/dry-run", {"routing": {"route": {"receiver": "gone"}}}, "route.receiver"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_its_field(world: World, path: str, body: Any, where: str) -> None:
    status, problem = ask("POST", path, body)

    assert status == 400
    assert [one["where"] for one in problem["errors"]] == [where]
    assert problem["errors"][0]["problem"] in problem["detail"]


def test_a_rule_looks_back_on_the_reports_of_checks_as_their_evidence_said_it_then(world: World) -> None:
    """What the reports give again is what the checks put on record, so a rule reads the same then as now."""
    now, model = world.now(), get_model(world.store, MODEL)
    kinds = frozenset({"drift.run", "quality.run", "quality.performance", "bias.run"})
    kept = {one.kind: one for one in list_evidence(world.store, MODEL) if one.kind in kinds}
    for one in kept.values():
        world.store.delete(evidence_key(MODEL, one.kind))
    past = EvidenceHistory(world.store, 1)(model, kinds, now - timedelta(days=30))
    assert past is not None
    again: dict[str, Any] = {}
    for one in past.evidence:
        if one.kind not in again or evidence_rank(one) >= evidence_rank(again[one.kind]):
            again[one.kind] = one

    assert past.since == {}
    assert kept.keys() == again.keys() >= {"drift.run", "quality.run", "bias.run"}
    for kind, one in kept.items():
        said = {name: fact for name, fact in one.facts.items() if name != "model_version"}
        assert again[kind] == one.model_copy(update={"facts": said, "sha256": again[kind].sha256}), kind


def test_a_rule_says_what_it_would_have_told_and_what_it_could_not_judge(world: World) -> None:
    def past(**condition: Any) -> Any:
        rule = {"name": "drifts", "title": "drifts", "severity": "high", **condition}
        return ask("POST", "/alerts/rules/dry-run", rule)[1]["past"]

    before = records(world)
    every = past(when='evidence["drift.run"].facts.verdict != "nothing"')
    silent = past(absent={"evidence": "drift.run", "after": "10d"})
    never = past(when='evidence["capture.intake"].status == "x"')

    assert records(world) == before
    assert (every["raised"], every["models"], every["unread"]) == (1, [MODEL], 0)
    assert [one["receiver"] for one in every["tells"]] == ["owners"]
    assert datetime.fromisoformat(every["until"]) - datetime.fromisoformat(every["since"]) == timedelta(days=30)
    assert silent["raised"] == never["raised"] == 0
    assert set(never["unjudged"]) == {MODEL}


def test_what_is_read_for_a_trial_has_an_end_that_is_said(world: World) -> None:
    history = EvidenceHistory(world.store, 1, most=1)
    model, kinds, since = get_model(world.store, MODEL), frozenset({"drift.run"}), world.now() - timedelta(days=3000)
    first = history(model, kinds, since)
    assert first is not None
    assert len([one for one in first.evidence if one.kind == "drift.run"]) == 1
    assert set(first.since) <= {"drift.run"}
    assert history(model, kinds, since) is None
