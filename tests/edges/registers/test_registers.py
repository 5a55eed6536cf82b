"""Registers through the real handlers and schedules: alerts before a clock ends, states on each day, 200 on record."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.alerting.alerts import get_alert, list_alerts
from syndic.alerting.models import AlertState
from syndic.assessment import ORGANISATION
from syndic.errors import NotFoundError
from syndic.models import Severity, to_json
from syndic.records import evidence_key
from syndic.registers.entries import open_entry
from syndic.registers.incidents.evidence import BREACHES, HANDLED, REPORTING
from syndic.registers.incidents.models import Incident
from syndic.registers.incidents.register import INCIDENTS
from syndic.registers.incidents.rules import settled
from syndic.reports.jobs import report_file
from syndic.tasks import reports as building
from syndic.tasks.duties.dates import record_organisation, record_registers, watch_registers
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request, bridge_event
from tests.edges.registers.registering import BODIES, INCIDENT, LEVELS, NEITHER, OLGA
from tests.edges.world import MODEL, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("checked")


def ask(
    method: str, path: str, body: Any = None, *, person: str = "model_owner", query: str = "", if_match: str = ""
) -> Any:
    headers = {"Content-Type": "application/json"} | ({"If-Match": if_match} if if_match else {})
    sent = None if body is None else json.dumps(body)
    request = api_request(method, PREFIX + path, query=query, body=sent, person=person, headers=headers)
    answer = handler(request, Context())
    return answer["statusCode"], json.loads(answer["body"]), answer["multiValueHeaders"]


def alert(world: World, about: str) -> Any:
    try:
        return get_alert(world.store, f"{about}.compliance", world.now())
    except NotFoundError:
        return None


def evidence(world: World, kind: str, model_id: str = MODEL) -> dict[str, Any]:
    stored = world.store.get(evidence_key(model_id, kind))
    assert stored is not None
    return dict(stored.body)


def test_an_incident_alerts_before_each_clock_ends_and_its_states_are_right_on_each_day(world: World) -> None:
    begin = world.now()
    known = list_alerts(world.store, now=begin, model_id=MODEL).alerts[0].id
    status, opened, _ = ask("POST", "/incidents", {**INCIDENT, "model_ids": [], "alert_ids": [known]})
    assert status == 201
    assert {one["name"] for one in opened["clocks"]} == {"ai_act_report", "gdpr_authority"}
    assert opened["preserved"]["models"][0]["evidence"]
    about = f"incident-{opened['id']}"

    def at(moment: Any) -> Any:
        world.moment = moment
        watch_registers(world)
        return alert(world, about)

    assert at(begin + 53 * HOUR) is None
    soon = at(begin + 55 * HOUR)  # the last quarter of 72 hours
    assert (soon.severity, soon.state, soon.owner) == (Severity.HIGH, AlertState.OPEN, OLGA)
    assert "it is due on" in soon.reason
    assert at(begin + 61 * HOUR).severity is Severity.CRITICAL  # twelve hours are left
    assert evidence(world, BREACHES)["status"] == "passing"
    late = at(begin + 73 * HOUR)
    assert "it was due on" in late.reason
    shown = evidence(world, BREACHES)
    assert (shown["status"], shown["facts"]["late_undecided"]) == ("failing", 1)  # the watch renewed it
    assert evidence(world, BREACHES, ORGANISATION)["status"] == "failing"
    assert evidence(world, REPORTING)["status"] == "passing"

    breach = {"serious": True, "harms": ["fundamental_rights"], "personal_data_breach": True, "breach_risk": "risk"}
    assert ask("PUT", f"/incidents/{opened['id']}/assessment", breach)[0] == 200
    sent = {"recipient": "data_protection_authority", "sent_at": world.now().isoformat()}
    status, refused, _ = ask("POST", f"/incidents/{opened['id']}/reports", sent)
    assert status == 400
    assert refused["detail"].startswith("late_because: it was due on")
    why = {**sent, "late_because": "Nobody was on duty over the holidays."}
    assert ask("POST", f"/incidents/{opened['id']}/reports", why)[0] == 201
    assert at(begin + 74 * HOUR).state is AlertState.RESOLVED
    assert evidence(world, BREACHES)["facts"]["met_late"] == 1

    assert at(begin + 12 * DAY).severity is Severity.HIGH  # the last quarter of 15 days
    told = {"recipient": "market_surveillance_authority", "sent_at": world.now().isoformat()}
    status, after, _ = ask("POST", f"/incidents/{opened['id']}/reports", told)
    assert after["state"] == "investigating"
    assert at(begin + 12 * DAY + HOUR).state is AlertState.RESOLVED
    assert evidence(world, REPORTING)["status"] == "passing"


def test_a_risk_that_was_accepted_alerts_before_its_decision_ends(world: World) -> None:
    begin = world.now()
    given = {"title": "Refuses the old", "owner": OLGA, "kind": "fundamental_rights", "origin": "intended_use"}
    risk = ask("POST", "/risks", {**given, "model_ids": [MODEL], "tests": ["bias.run"], "review_every_days": 366})[1]
    path = f"/risks/{risk['id']}"
    grave = {**LEVELS, "impact": "catastrophic"}
    assert ask("PUT", f"{path}/assessment", {"inherent": grave, "residual": grave})[1]["residual_rating"] == "high"
    table = ask("GET", "/risks/counts")[1]["residual"]  # the whole table: what each field means is read off it
    assert (len(table), [one["impact"] for one in table if one["risks"]]) == (25, ["catastrophic"])
    until = (begin + 200 * DAY).date().isoformat()
    decision = {"kind": "accept", "reason": "Each refusal is looked at by a person.", "expires": until}
    assert ask("POST", f"{path}/decision", {**decision, "role": "owner"})[0] == 403  # too grave for its owner
    signed = {**decision, "role": "compliance officer"}
    assert ask("POST", f"{path}/decision", signed)[0] == 403  # not held
    status, kept, _ = ask("POST", f"{path}/decision", signed, person="compliance_officer")
    assert (status, kept["state"], kept["decision"]["by"]) == (200, "accepted", "cora")
    file = ask("GET", f"/models/{MODEL}/risk-file", person="auditor")[1]
    assert any("misuse" in gap for gap in file["file"]["gaps"])
    assert "compliance officer" in file["markdown"]

    def at(moment: Any) -> Any:
        world.moment = moment
        watch_registers(world)
        record_registers(world)
        return alert(world, f"risk-{risk['id']}")

    assert at(begin + 150 * DAY) is None
    assert evidence(world, "risks.decided")["status"] == "passing"
    assert at(begin + 180 * DAY).severity is Severity.MEDIUM
    assert at(begin + 201 * DAY).severity is Severity.HIGH
    assert evidence(world, "risks.decided")["facts"]["expired"] == 1
    assert ask("GET", path)[1]["standing"]["next_steps"][0]["title"].startswith("Decide on it again")


def test_what_of_the_system_is_another_since_an_incident_was_opened_is_shown(world: World) -> None:
    opened = ask("POST", "/incidents", INCIDENT)[1]
    assert opened["altered"] == []
    assert ask("PUT", f"/models/{MODEL}/drift/policy", {"psi_threshold": 0.3})[0] == 200
    assert ask("GET", f"/incidents/{opened['id']}")[1]["altered"] == [f"the drift policy of {MODEL} is another"]


def test_of_two_who_change_an_incident_the_second_is_told(world: World) -> None:
    opened, headers = ask("POST", "/incidents", INCIDENT)[1], None
    path = f"/incidents/{opened['id']}"
    _, _, headers = ask("GET", path)
    tag = headers["ETag"][0]
    assert ask("PATCH", path, {"description": "First"}, if_match=tag)[0] == 200
    assert ask("PATCH", path, {"description": "Second"}, if_match=tag)[0] == 412
    assert ask("PATCH", path, {"aware_at": "2026-03-01T00:00:00Z"})[1]["detail"].startswith("reason: say why")


def test_officers_change_every_entry_and_others_none(world: World) -> None:
    opened = ask("POST", "/incidents", INCIDENT)[1]
    path = f"/incidents/{opened['id']}/assessment"
    for person, expected in (("other_owner", 403), ("auditor", 403), ("data_protection_officer", 200)):
        assert ask("PUT", path, NEITHER, person=person)[0] == expected
    bought = {**INCIDENT, "model_ids": [], "owner": "cora@example.org"}
    alone = ask("POST", "/incidents", bought, person="compliance_officer")[1]
    assert ask("PATCH", f"/incidents/{alone['id']}", {"description": "x"})[0] == 403


def test_200_incidents_are_paged_counted_and_filtered(world: World) -> None:
    quick = replace(INCIDENTS, evidence=None)  # what each of them shows is counted once, below
    for number in range(200):
        given = {"title": f"Incident {number}", "owner": OLGA, "source": "person", "roles": ("provider",)}
        known = {**given, "model_ids": (MODEL,) if number % 2 else (), "aware_at": world.now()}
        open_entry(
            quick, known, lambda own, known=known: settled(Incident(**own, **known), world.now()), store=world.store,
            audit=world.audit, bus=world.bus, actor="olga", now=world.now(),
        )  # fmt: skip
    found, token = [], ""
    while True:
        page = ask("GET", "/incidents", query="limit=70" + (f"&token={token}" if token else ""))[1]
        found += page["incidents"]
        if page["next_token"] is None:
            break
        token = page["next_token"]
    assert len({one["id"] for one in found}) == len(found) == 200
    counts = ask("GET", "/incidents/counts")[1]
    assert counts == {"by_state": {"assessing": 200}, "by_urgency": {"running": 200}, "whole": True}
    assert ask("GET", "/incidents/counts", query=f"model_id={MODEL}")[1]["by_state"] == {"assessing": 100}
    assert ask("GET", "/incidents", query="state=closed")[1]["incidents"] == []
    assert record_organisation(world) >= 0
    assert evidence(world, HANDLED, ORGANISATION)["facts"]["open"] == 200


def test_the_package_for_a_regulator_holds_the_entries_on_the_model_and_its_risk_file(world: World) -> None:
    opened = ask("POST", "/incidents", INCIDENT)[1]
    risk = ask("POST", "/risks", BODIES["POST", "/risks"])[1]
    job = ask("POST", "/compliance/reports", {"model_ids": [MODEL], "format": "evidence"})[1]
    building.take(json.dumps(bridge_event(to_json(world.bus.of("ReportRequested")[-1]))), world)
    data = report_file(job["id"], store=world.store, archive=world.archive)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        folder = f"models/{MODEL}/registers"
        assert [one["id"] for one in json.loads(package.read(f"{folder}/incidents.json"))] == [opened["id"]]
        assert [one["id"] for one in json.loads(package.read(f"{folder}/risks.json"))] == [risk["id"]]
        assert risk["title"] in package.read(f"{folder}/risk-file.md").decode()
        assert f"{folder}/risk-file.md" in json.loads(package.read("manifest.json"))["files"]
