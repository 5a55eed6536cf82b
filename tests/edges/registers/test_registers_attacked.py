"""Registers against somebody who means harm: days off the calendar, entries pushed onto others' models."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.registers.entries import open_entry
from syndic.registers.vendors.models import Vendor
from syndic.registers.vendors.register import VENDORS
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.registers import inventoried, registering
from tests.edges.registers.registering import registered
from tests.edges.world import MODEL, NOW, World

BODIES = registering.BODIES | inventoried.BODIES
OTTO = "otto@example.org"
PROCESSING = {"title": "Scoring", "role": "controller", "owner": OTTO}
REQUEST = {**BODIES["POST", "/requests"], "owner": OTTO, "model_ids": []}


def ask(method: str, path: str, body: Any = None, *, person: str = "other_owner") -> tuple[int, Any]:
    sent = None if body is None else json.dumps(body)
    headers = {"Content-Type": "application/json"}
    answer = handler(api_request(method, PREFIX + path, headers=headers, body=sent, person=person), Context())
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("governed")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("POST", "/risks", "review_due"),
        ("PATCH", "/risks/<risk_id>", "review_due"),
        ("POST", "/risks/<risk_id>/controls", "due"),
        ("PATCH", "/incidents/<incident_id>", "review_due"),
        ("POST", "/incidents/<incident_id>/measures", "due"),
        ("POST", "/systems", "review_due"),
        ("POST", "/vendors", "review_due"),
        ("POST", "/incidents", "aware_at"),
        ("PATCH", "/incidents/<incident_id>", "occurred_at"),
        ("PUT", "/incidents/<incident_id>/assessment", "breach_aware_at"),
        ("POST", "/incidents/<incident_id>/reports", "sent_at"),
        ("POST", "/requests", "received_at"),
        ("POST", "/requests/<person_request_id>/answer", "at"),
    ],
)
def test_a_day_off_the_calendar_is_refused_and_blinds_no_list(
    world: World, method: str, path: str, field: str, day: str
) -> None:
    moment = f"{day}T23:59:59-14:00" if day > "5" else f"{day}T00:00:00+14:00"
    body = {**BODIES[method, path], field: moment if field.endswith("at") else day}
    for name, known in registered(world)(path).items():
        path = path.replace(name, known)

    status, told = ask(method, path, body, person="admin")

    assert status == 422, told
    assert any(field in one["where"] for one in told["errors"]), told
    lists = ("/risks", "/risks/counts", "/incidents", "/incidents/counts", "/systems", "/calendar")
    assert {one: ask("GET", one, person="admin")[0] for one in lists} == dict.fromkeys(lists, 200)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/risks", {**BODIES["POST", "/risks"], "owner": OTTO, "model_ids": []}),
        ("/incidents", {**BODIES["POST", "/incidents"], "owner": OTTO, "model_ids": []}),
        ("/vendors", {"name": "Parts Ltd", "supplies": ["model"]}),
        ("/requests", REQUEST),
        ("/processing-records", PROCESSING),
    ],
)
def test_nobody_pushes_an_own_entry_onto_somebody_elses_model(world: World, path: str, body: dict[str, Any]) -> None:
    status, opened = ask("POST", path, body)
    assert status == 201, opened
    entry = opened.get("entry", opened)["id"]
    before = world.state()

    refused, told = ask("PATCH", f"{path}/{entry}", {"model_ids": [MODEL]})

    assert (refused, told["code"]) == (403, "not_allowed")
    assert world.state() == before
    assert ask("PATCH", f"{path}/{entry}", {"model_ids": [MODEL]}, person="compliance_officer")[0] == 200


def test_who_names_a_vendor_of_a_system_does_not_get_the_vendor(world: World) -> None:
    common: dict[str, Any] = {
        "store": world.store, "audit": world.audit, "bus": world.bus, "actor": "cora", "now": NOW,
    }  # fmt: skip
    given = {"title": "Parts Ltd", "owner": "cora@example.org", "state": "active"}
    vendor = open_entry(VENDORS, given, lambda own: Vendor(**own, **given), **common)
    status, _ = ask("POST", "/systems", {"name": "Sorter", "origin": "bought_software", "vendor_id": vendor.id})
    assert status == 201

    answers = {"answers": {"identity": {"answer": "yes"}}}

    assert ask("PATCH", f"/vendors/{vendor.id}", {"website": "https://other.example.org"})[0] == 403
    assert ask("PUT", f"/vendors/{vendor.id}/questionnaire", answers)[0] == 403
    assert ask("PUT", f"/vendors/{vendor.id}/questionnaire", answers, person="compliance_officer")[0] == 200


def test_who_handed_a_system_over_does_not_take_it_back_by_the_inventory(world: World) -> None:
    _, added = ask("POST", "/systems", {"name": "Sorter", "origin": "bought_software"})
    system, model = added["entry"]["id"], added["model"]["id"]
    assert ask("PATCH", f"/models/{model}", {"owner": "olga@example.org"})[0] == 200

    assert ask("PATCH", f"/systems/{system}", {"owner": OTTO})[0] == 403
    assert ask("PATCH", f"/systems/{system}", {"state": "retired"})[0] == 403
    assert ask("GET", f"/models/{model}")[1]["owner"] == "olga@example.org"
    assert ask("PATCH", f"/systems/{system}", {"state": "pilot"}, person="model_owner")[0] == 200
