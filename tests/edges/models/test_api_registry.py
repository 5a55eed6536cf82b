"""The registry through the API: a refused gate, pages of versions and approvals, versions read elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.handler import handler
from syndic.models import ComplianceStatus, RiskDecision, RiskLevel
from syndic.registry.approvals.requests import decide, request_approval
from syndic.registry.models import Decision, ModelVersion, Stage, TrainingData, Vote
from syndic.registry.promotion.promote import promote
from syndic.registry.versions.queries import list_versions
from syndic.registry.versions.versions import add_version, change_model, change_status, decide_risk
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, NOW, World

WHY = "as the board decided"
Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("checked")


@pytest.fixture
def call(world: World, context: Context) -> Call:
    def send(method: str, path: str, body: object = None, *, query: str = "", person: str = "admin") -> Any:
        headers = {"Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        event = api_request(method, f"/api/v1{path}", query=query, headers=headers, body=text, person=person)
        response = handler(event, context)
        return response["statusCode"], json.loads(response["body"])

    return send


def common(world: World) -> dict[str, Any]:
    return {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}


def version(name: str, **fields: Any) -> ModelVersion:
    return ModelVersion(model_id=MODEL, version=name, created_at=NOW, created_by="setup", **fields)


def test_a_refused_gate_is_a_conflict_that_lists_every_unmet_condition(world: World, call: Call) -> None:
    described = version(
        "1",
        training=TrainingData(dataset_sha256="a" * 64, rows=10, features=2),
        metrics={"auc": 0.9},
        artefacts=({"name": "evaluation.json", "location": "x"}, {"name": "calibration.png", "location": "y"}),
    )
    add_version(described, **common(world))
    risk = RiskDecision(level=RiskLevel.HIGH, reason="credit scoring", decided_by="cora", decided_at=NOW)
    decide_risk(MODEL, risk, store=world.store, audit=world.audit, now=NOW)
    promote(MODEL, "1", Stage.STAGING, reason=WHY, **common(world))
    path = f"/models/{MODEL}/versions/1/promote"

    status, problem = call("POST", path, {"stage": "production", "reason": WHY})
    assert (status, problem["title"]) == (409, "Conflict")
    assert [one["where"] for one in problem["errors"]] == [
        "profile_complete", "status_approved", "evidence:drift.run", "evidence:bias.run", "approvals",
    ]  # fmt: skip
    reasons = {one["where"]: one["problem"] for one in problem["errors"]}
    assert reasons["status_approved"] == "the compliance status is draft, not approved"
    assert reasons["evidence:bias.run"].startswith(
        "bias.run is about a version that is not known, not about version 1 "
    )
    assert all(reason in problem["detail"] for reason in reasons.values())
    _, judged = call("GET", f"/models/{MODEL}/versions/1/gate")
    assert {one["name"]: one["reason"] for one in judged["conditions"] if not one["met"]} == reasons

    # what is done is no longer listed; what may not be skipped is
    for step in (ComplianceStatus.UNDER_REVIEW, ComplianceStatus.APPROVED):
        change_status(MODEL, step, reason=WHY, **common(world))
    profile = dict.fromkeys(("intended_purpose", "limitations", "oversight_plan"), "said") | {"data_sources": ["x"]}
    change_model(MODEL, profile, **common(world))
    _, problem = call("POST", path, {"stage": "production", "reason": WHY})
    assert [one["where"] for one in problem["errors"]] == ["evidence:drift.run", "evidence:bias.run", "approvals"]
    assert call("GET", f"/models/{MODEL}/versions")[1]["stages"]["of"] == {"1": "staging"}


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_versions_join_to_the_whole(world: World, call: Call, limit: int) -> None:
    for name in ("1", "2", "3", "10"):
        add_version(version(name), **common(world))
    promote(MODEL, "10", Stage.ARCHIVED, reason=WHY, **common(world))
    found: list[str] = []
    token = ""
    while True:
        status, page = call("GET", f"/models/{MODEL}/versions", query=f"limit={limit}{token}")
        assert status == 200
        assert len(page["versions"]) <= limit
        assert page["stages"]["of"] == {"10": "archived"}
        found += [one["version"] for one in page["versions"]]
        if page["next_token"] is None:
            break
        token = f"&token={page['next_token']}"
    assert found == ["1", "10", "2", "3"]


def test_pages_of_approvals_are_newest_first_and_as_they_stand_now(world: World, call: Call) -> None:
    add_version(version("1"), **common(world))
    for number in range(3):
        asked = request_approval(MODEL, "1", Stage.PRODUCTION, **common(world))
        if number < 2:
            vote = Vote(actor="pia", role="product_owner", decision=Decision.REJECT, comment="not yet", at=NOW)
            decide(MODEL, asked.id, vote, held_roles={"product_owner"}, store=world.store, audit=world.audit, now=NOW)
    _, first = call("GET", f"/models/{MODEL}/approvals", query="limit=2")
    assert [(one["id"], one["state"]) for one in first["requests"]] == [("000003", "pending"), ("000002", "rejected")]
    _, rest = call("GET", f"/models/{MODEL}/approvals", query=f"limit=2&token={first['next_token']}")
    assert ([one["id"] for one in rest["requests"]], rest["next_token"]) == (["000001"], None)


@pytest.mark.parametrize("what", ["versions", "approvals"])
def test_a_wrong_page_is_refused(call: Call, what: str) -> None:
    assert call("GET", f"/models/{MODEL}/{what}", query="limit=101")[0] == 422
    assert call("GET", f"/models/{MODEL}/{what}", query="token=made-up")[0] == 400
    assert call("GET", f"/models/unknown/{what}")[0] == 404


def test_versions_read_elsewhere_are_imported_once_and_what_is_not_sound_is_listed(world: World, call: Call) -> None:
    sent = {"model": "Scoring", "created_at": "2026-03-01T00:00:00Z", "metrics": {"auc": 0.9}}
    body = {"source": "mlflow http://t", "versions": [{**sent, "version": "1"}, {**sent, "version": "no name"}]}
    status, report = call("POST", "/imports", body)
    assert (status, report["added"], [one["where"] for one in report["unsound"]]) == (
        200,
        ["Scoring version 1"],
        ["Scoring version no name"],
    )
    assert [one.version for one in list_versions(world.store, report["models"][0])] == ["1"]
    _, again = call("POST", "/imports", body)
    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], 1)
    assert call("POST", "/imports", body, person="model_owner")[0] == 403


@pytest.mark.parametrize("age", ["P366D", "P23Y110D", "PT0S", "-P1D"])
def test_a_policy_without_end_or_beginning_is_refused(call: Call, age: str) -> None:
    house = {"name": "house", "description": "ours", "approvers": 1}
    assert call("POST", "/policies", {**house, "valid_for": age})[0] == 422
    assert call("POST", "/policies", {**house, "evidence": {"drift.run": age}})[0] == 422
    status, saved = call("POST", "/policies", {**house, "valid_for": "P365D"})
    assert (status, saved["valid_for"]) == (200, "P1Y")


def test_a_policy_may_ask_for_a_compliance_officer_who_then_votes_and_for_nobody_unknown(call: Call) -> None:
    house = {"name": "house", "description": "ours", "approvers": 1}
    for path in ("/policies", "/policies/dry-run"):
        status, problem = call("POST", path, {**house, "roles": ["gardener"]})
        assert status == 400
        assert problem["detail"].startswith("roles: nobody can vote as gardener; roles that vote: compliance_officer")
    assert call("POST", "/policies", {**house, "roles": ["compliance_officer"]})[0] == 200
    assert call("PUT", f"/models/{MODEL}/approval-policy", {"name": "house"})[0] == 200
    assert call("POST", f"/models/{MODEL}/versions", {"version": "1"})[0] == 201
    asked = call("POST", f"/models/{MODEL}/approvals", {"version": "1"})[1]
    vote = {"role": "compliance_officer", "decision": "approve", "comment": "looked at it"}
    path = f"/models/{MODEL}/approvals/{asked['id']}/votes"
    assert call("POST", path, vote, person="compliance_officer")[1]["state"] == "approved"
    assert call("POST", path, vote, person="auditor")[0] == 403


def test_what_is_behind_a_version_is_told_in_our_words_and_in_openlineages(world: World, call: Call) -> None:
    described = version("1", training=TrainingData(dataset_sha256="a" * 64, rows=10, features=2), run_id="r1")
    add_version(described, **common(world))
    path = f"/lineage/models/{MODEL}/versions/1"
    _, lineage = call("GET", path, person="auditor")
    status, event = call("GET", f"{path}/openlineage", person="auditor")
    assert (status, event["eventType"], event["inputs"][0]["name"]) == (200, "COMPLETE", f"dataset/sha256:{'a' * 64}")
    assert event["run"]["facets"]["syndic_training"]["gaps"] == lineage["gaps"]
    assert call("GET", f"/lineage/models/{MODEL}/versions/2/openlineage")[0] == 404


@pytest.mark.parametrize(("form", "start"), [("json", "{"), ("markdown", "---\n"), ("html", "<!doctype html>")])
def test_a_data_sheet_is_text_at_once(world: World, call: Call, form: str, start: str) -> None:
    add_version(version("1"), **common(world))
    path = f"/models/{MODEL}/versions/1/data-sheet"
    status, sheet = call("GET", path, query=f"format={form}", person="auditor")
    assert (status, sheet["format"], sheet["report"]) == (200, form, None)
    assert sheet["text"].startswith(start)
    assert call("GET", path, query="format=pdf")[0] == 422
