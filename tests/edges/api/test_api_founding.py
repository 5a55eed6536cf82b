"""What people send who know the earlier descriptions: every request is answered, and says what it became."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.adapters.memory.directory import CODE
from syndic.bias.policy import kept as bias
from syndic.bias.policy.model import Metric
from syndic.drift.policy import kept as drift
from syndic.models import RiskLevel, WindowLength
from syndic.records import get_model, list_models
from tests.edges.access.test_api_access import filler
from tests.edges.api.founding import FROM_A_PIPELINE, READS, REGISTRATION, WRITES, Request
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, PASSWORD, World


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("checked")


def send(method: str, path: str, body: Any = None, query: str = "", person: str = "admin") -> tuple[int, Any]:
    headers = {"content-type": "application/json"} if body is not None else {}
    event = api_request(
        method,
        PREFIX + path,
        query=query,
        headers=headers,
        body=None if body is None else json.dumps(body),
        person=person,
    )
    answer = handler(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.parametrize("request_", [*READS, *WRITES], ids=lambda one: f"{one[0]} {one[1]}?{one[3]}")
def test_every_route_of_the_tables_answers(request_: Request, world: World) -> None:
    fill = filler(world)
    ids = {
        "{model}": MODEL,
        "{version}": f"{MODEL}@1",
        "{report}": fill("/<report_id>")[1:],
        "{alert}": fill("/<alert_id>")[1:],
    }

    def filled(text: str) -> str:
        for name, value in ids.items():
            text = text.replace(name, value)
        return text

    method, path, body, query = request_
    status, answer = send(
        method, filled(path), None if body is None else json.loads(filled(json.dumps(body))), filled(query)
    )

    assert status in {200, 201, 202}, answer


def test_who_signs_in_as_described_gets_a_bearer_token(world: World) -> None:
    described = {"username": "olga@example.org", "password": PASSWORD}
    status, refused = send("POST", "/auth/login", described)
    assert (status, refused["code"]) == (401, "second_factor_missing"), "people have a second factor here"
    status, answer = send("POST", "/auth/login", {**described, "code": CODE})

    assert status == 200
    assert answer["token_type"] == "bearer"
    assert {"access_token", "expires_in"} < set(answer)


def test_registration_says_what_each_wish_became(world: World) -> None:
    status, answer = send("POST", "/models", REGISTRATION, person="model_owner")
    became = {one["field"]: one["became"] for one in answer["became"]}
    model = get_model(world.store, answer["id"])

    assert status == 201
    assert set(became) == set(REGISTRATION) - {"name"}, "nothing is ignored"
    assert (model.window, model.owner) == (WindowLength.HOUR, "olga@example.org")
    assert model.metadata["compliance_frameworks"] == ["eu_ai_act", "soc2"]
    assert model.metadata["endpoint_name"] == "fraud-detection-endpoint"
    policy = drift.get_policy(model.id, store=world.store)
    assert (policy.significance, policy.psi_threshold) == (0.05, 0.1), "a p-value never decides alone"
    assert "p-value alone" in became["drift_threshold"]
    fair = bias.get_policy(model.id, store=world.store)
    assert [one.name for one in fair.protected_attributes] == ["age", "gender", "ethnicity"]
    assert fair.rule(Metric.DISPARATE_IMPACT).threshold == 0.8  # type: ignore[union-attr]
    assert fair.rule(Metric.DEMOGRAPHIC_PARITY).threshold == 0.1  # type: ignore[union-attr]


def test_registering_again_leaves_policies_that_were_set_meanwhile(world: World) -> None:
    _, first = send("POST", "/models", REGISTRATION, person="model_owner")
    send("PUT", f"/models/{first['id']}/drift/policy", {"psi_threshold": 0.3})
    status, again = send("POST", "/models", REGISTRATION, person="model_owner")
    became = {one["field"]: one["became"] for one in again["became"]}

    assert (status, again["id"]) == (201, first["id"])
    assert "stays" in became["drift_threshold"]
    assert drift.get_policy(first["id"], store=world.store).psi_threshold == 0.3


@pytest.mark.parametrize(
    ("threshold", "significance", "psi"), [(0.01, 0.01, 0.1), (0.1, 0.1, 0.1), (0.25, 0.005, 0.25)]
)
def test_a_drift_threshold_is_a_level_or_an_effect(
    threshold: float, significance: float, psi: float, world: World
) -> None:
    _, answer = send("POST", "/models", {**REGISTRATION, "drift_threshold": threshold}, person="model_owner")
    policy = drift.get_policy(answer["id"], store=world.store)

    assert (policy.significance, policy.psi_threshold) == (significance, psi)


def test_a_small_bias_threshold_is_a_difference(world: World) -> None:
    _, answer = send("POST", "/models", {**REGISTRATION, "bias_threshold": 0.2}, person="model_owner")
    policy = bias.get_policy(answer["id"], store=world.store)

    assert policy.rule(Metric.DISPARATE_IMPACT).threshold == 0.8  # type: ignore[union-attr]
    assert policy.rule(Metric.EQUAL_OPPORTUNITY).threshold == 0.2  # type: ignore[union-attr]


def test_a_framework_that_nobody_knows_is_refused_and_nothing_registered(world: World) -> None:
    before = len(list(list_models(world.store)))
    status, answer = send("POST", "/models", {**REGISTRATION, "compliance_frameworks": ["EU_AI_AKT"]}, person="admin")

    assert status in {400, 422}, answer
    status, answer = send(
        "POST", "/models", {**REGISTRATION, "compliance_frameworks": ["EU_AI_AKT"]}, person="model_owner"
    )
    assert status == 422
    assert "eu_ai_akt" in answer["detail"]
    assert len(list(list_models(world.store))) == before


def test_a_pipeline_registers_describes_and_measures(world: World) -> None:
    known: dict[str, str] = {}
    answers = []
    for path, body in FROM_A_PIPELINE:
        text = json.dumps(body)
        for name, value in known.items():
            text = text.replace(name, value)
        status, answer = send("POST", path, json.loads(text), person="model_owner")
        assert status in {200, 201}, answer
        known[("{model}", "{version}", "{metric}")[len(answers)]] = str(answer.get("id"))
        answers.append(answer)

    model = get_model(world.store, known["{model}"])
    became = {one["field"]: one["became"] for one in answers[0]["became"]}
    assert (model.owner, model.metadata["team"]) == ("olga@example.org", "ML Team")
    assert model.risk is not None
    assert model.risk.level is RiskLevel.HIGH
    assert set(became) == {"owner", "risk_level"}
    assert answers[1]["artefact_location"] == "s3://models/fraud-detector/v1.0.0"
    assert (answers[2]["version"], answers[2]["metrics"]) == ("v1.0.0", {"accuracy": 0.95})


@pytest.mark.parametrize("level", ["minimal", "limited"])
def test_a_convenient_risk_level_is_no_decision(level: str, world: World) -> None:
    _, answer = send("POST", "/models", {"name": "Chat", "risk_level": level}, person="model_owner")

    assert get_model(world.store, answer["id"]).risk is None
    assert "takes a decision" in answer["became"][0]["became"]


@pytest.mark.parametrize("names", [[""], ["x" * 129], [1]])
def test_attributes_that_have_no_name_are_refused(names: list[Any], world: World) -> None:
    assert send("POST", "/models", {**REGISTRATION, "protected_attributes": names}, person="model_owner")[0] == 422


@pytest.mark.parametrize("name", ["EU_AI_ACT", "eu_ai_act", "Eu-AI-Act"])
def test_frameworks_are_known_in_any_case(name: str, world: World) -> None:
    assert send("GET", f"/compliance/frameworks/{name}")[1]["framework_id"] == "eu_ai_act"
    status, answer = send("GET", "/compliance/status", query=f"framework={name}")
    assert status == 200
    assert {one["framework_id"] for one in answer["statuses"]} == {"eu_ai_act"}
    assert len({one["framework_id"] for one in send("GET", "/compliance/status")[1]["statuses"]}) > 1
