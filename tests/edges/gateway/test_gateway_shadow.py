# ruff: noqa: F811 - fixtures of another module are arguments here
"""A deployment whose first step is a shadow: copies are asked and compared, and a failing one never answers anybody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from functions.api.handler import handler
from syndic.cli.shell.frame import run
from syndic.errors import UnavailableError
from syndic.gateway.moving import EveryMetrics, EveryTraffic
from syndic.ports import Asked, Cell
from syndic.registry.deployments.controller import advance_deployments
from tests.edges.conftest import Context
from tests.edges.gateway.test_gateway import SHA, _passed, ask, keep_all, row, served, trained, world  # noqa: F401
from tests.edges.serving import served as served_over_http
from tests.edges.world import World


def planned(world: World, monkeypatch: pytest.MonkeyPatch, second: Any) -> tuple[str, str]:
    """A model with a deployment of version 2, whose backend answers as `second` says."""
    model = served(world)
    ask("POST", f"/gateway/{model}/predict", json=row(0))
    keep_all(world)
    monkeypatch.setattr("syndic.registry.deployments.plan.judge_gate", _passed)
    monkeypatch.setattr("syndic.registry.deployments.transitions.judge_gate", _passed)
    status, told = ask("POST", "/deployments", json={
        "model_id": model, "version": "2", "reason": "release 2026.3", "strategy": "canary",
        "steps": [{"percent": percent, "minutes": 20} for percent in (0, 10, 50, 100)],
    })  # fmt: skip
    assert status == 201, told["detail"]
    answers = world.backends.answer
    assert answers is not None

    def answer(asked: Asked, rows: Sequence[Mapping[str, Cell]]) -> Sequence[Any]:
        return second(answers(asked, rows)) if asked.version == "2" else answers(asked, rows)

    world.backends.answer = answer
    return model, str(told["id"])


def minutes(world: World, model: str, deployment: str, *, most: int, until: str) -> tuple[set[str], dict[str, Any]]:
    """Let requests and the schedule go on; gives the versions that answered, and the deployment."""
    traffic = EveryTraffic(world.traffic, world.store, clock=world.now)
    metrics = EveryMetrics(world.endpoint_metrics, world.store)
    answered: set[str] = set()
    state: dict[str, Any] = {}
    for minute in range(most):
        world.moment += timedelta(minutes=1)
        for n in range(40):
            body = json.dumps(row(n)).encode()
            headers = {"x-request-id": f"{minute}-{n}"}
            status, told = ask("POST", f"/gateway/{model}/predict", content=body, headers=headers)
            assert status == 200
            answered.add(told["model_version"])
        keep_all(world)
        advance_deployments(
            store=world.store, traffic=traffic, metrics=metrics, audit=world.audit, bus=world.bus, now=world.now()
        )
        state = ask("GET", f"/deployments/{deployment}")[1]
        if state["state"] == until or (state["step"] and until == "next"):
            break
    return answered, state


def down(_: Any) -> Any:
    raise UnavailableError("it does not answer")


def test_a_failing_shadow_is_taken_back_by_rule_and_nobody_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, deployment = planned(world, monkeypatch, down)

    answered, state = minutes(world, model, deployment, most=30, until="rolled_back")

    assert (state["state"], answered) == ("rolled_back", {"1"}), state["state_reason"]
    assert "copies of the traffic" in json.dumps(state["history"])
    variant = f"2-{deployment}"
    status, found = ask("GET", f"/models/{model}/gateway/shadow?variant={variant}")
    assert (status, found["active"], found["rows"], found["copies"] == found["failed"] > 0) == (200, False, 0, True)


@pytest.mark.enable_socket
def test_a_shadow_that_agrees_goes_on_to_traffic_and_is_told_of(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model, deployment = planned(world, monkeypatch, lambda scores: scores)

    answered, state = minutes(world, model, deployment, most=30, until="next")

    assert (state["step"], answered) == (1, {"1"}), state["state_reason"]
    found = ask("GET", f"/models/{model}/gateway/shadow")[1]
    assert (found["version"], found["failed"], found["agreement"]["share"], found["distance"]) == ("2", 0, 1.0, 0.0)
    assert found["agreement"]["lower"] > 0.98
    monkeypatch.setenv("SYNDIC_TOKEN", "auditor")
    with served_over_http(handler, Context()) as (address, _):
        monkeypatch.setenv("SYNDIC_API", address)
        assert run(["shadow", model]) == 0
        assert "100.0% of" in capsys.readouterr().out
        at = f"{world.moment:%Y-%m-%dT%H:%M:%S}"
        assert run(["trace", model, "0-7", "--at", at]) == 0
        shown = capsys.readouterr().out
        assert SHA[:20] in shown.replace("\n", "")
        assert "run-1" in shown
        assert run(["trace", model, "nobody", "--at", at, "--json"]) == 2
        assert "nobody" in capsys.readouterr().err
        assert run(["trace", model, "0-7", "--at", "yesterday"]) == 2
        assert "--at" in capsys.readouterr().err


def test_a_shadow_replaces_no_step_that_the_policy_asks_for_and_stands_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = served(world)
    monkeypatch.setattr("syndic.registry.deployments.plan.judge_gate", _passed)
    ask("POST", f"/gateway/{model}/predict", json=row(0))
    keep_all(world)
    for steps, said in (
        ([(0, 600), (100, 30)], "would be watched for 30 minutes"),
        ([(0, 600)], "rise to 100"),
        ([(10, 30), (0, 30), (100, 30)], "rise to 100"),
    ):
        asked = [{"percent": percent, "minutes": minutes} for percent, minutes in steps]
        status, told = ask("POST", "/deployments", json={
            "model_id": model, "version": "2", "reason": "release 2026.3", "strategy": "canary", "steps": asked,
        })  # fmt: skip
        assert (status in {400, 409, 422}, said in json.dumps(told)) == (True, True), json.dumps(told)[:900]
    assert ask("GET", f"/models/{model}/gateway/shadow")[0] == 404
