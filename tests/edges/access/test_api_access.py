"""Every route, called by every kind of person, through the real handler."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions import wiring
from functions.api.access.authorization import PREFIX
from functions.api.access.permissions import BY_SIGNATURE, TABLE
from functions.api.access.roles import MODEL_OWNER, PUBLIC
from functions.api.handler import handler
from functions.api.openapi import describe_api
from syndic.adapters.memory import MemoryChannels
from syndic.adapters.memory.directory import CODE
from syndic.alerting.alerts import list_alerts
from syndic.alerting.chat.people import set_person
from syndic.alerting.keys import delivery_key
from syndic.alerting.models import Delivery, Receiver
from syndic.alerting.models.routing import Route, Routing, SilenceSettings
from syndic.alerting.models.rules import AlertRule
from syndic.alerting.receivers import set_receiver
from syndic.alerting.routing.kept import add_silence, set_routing
from syndic.alerting.rules.kept import set_rule
from syndic.assessment import ORGANISATION, AttestationDecision
from syndic.audit.public.publish import publish
from syndic.compliance.catalogue import activate_framework, upload_framework
from syndic.compliance.definitions.load import built_in
from syndic.compliance.people.attest import attest
from syndic.compliance.people.remediate import open_remediation
from syndic.erasure.keys import ALL as ERASURES
from syndic.erasure.keys import erasure_key
from syndic.erasure.models import Erasure, ErasureState, Progress
from syndic.gateway.configure import set_gateway
from syndic.gateway.keys import traffic_key
from syndic.gateway.models import GatewaySettings
from syndic.gateway.shares import Shares, Variant
from syndic.identity.api_keys import Maker, make_key
from syndic.identity.issuers import set_issuer
from syndic.identity.models import IssuerRules, Scope
from syndic.models import ColumnKind, ColumnRole, ColumnSpec, model_id, to_json
from syndic.ports import Listing, Record
from syndic.registry.approvals.requests import request_approval
from syndic.registry.keys import stages_key
from syndic.registry.models import ModelVersion, Stage, StageChange, Stages
from syndic.registry.versions.versions import add_version, register_model
from syndic.reports.jobs import request_report
from syndic.reports.models import ReportFormat, ReportRequest
from tests.edges.alerting.slack import CHAT, MEMBER, pressed, signed
from tests.edges.cloning import cloned
from tests.edges.conftest import Context
from tests.edges.deploying import add_deployment
from tests.edges.envelopes import PEOPLE, api_request
from tests.edges.registers import inventoried, registering
from tests.edges.registers.registering import registered
from tests.edges.tokens import RULES, token_of
from tests.edges.world import MODEL, NOW, OWNER, PASSWORD, QUIET, SCHEMA, World

HOUSE_RULES = built_in()["nyc_ll144"].text.replace("nyc_ll144", "house_rules", 1)
DOCUMENT = {
    "title": "Signed by the board",
    "location": "https://docs.example.org/17",
    "sha256": "5" * 64,
    "dated": "2026-03-01",
}
SIGNED = {
    ("POST", "/models/<model_id>/approvals/<request_id>/votes"): "product_owner",
    ("POST", "/models/<model_id>/attestations"): "data_protection_officer",
    ("POST", "/compliance/attestations"): "compliance_officer",
    ("POST", "/models/<model_id>/attestations/<attestation_id>/withdraw"): "data_protection_officer",
    ("POST", "/compliance/attestations/<attestation_id>/withdraw"): "compliance_officer",
    ("POST", "/risks/<risk_id>/decision"): "compliance_officer",
}
ACCEPT = ("POST", "/assignments/<assignment_id>/accept")
BY_ANYBODY = {ACCEPT, ("POST", "/policy-documents/<policy_id>/acknowledge")}
"""What people say of themselves, whatever their role."""
OUTSIDE = model_id("outside", f"registered:{OWNER}:outside")
VERSION = {"model_id": MODEL, "version": "1", "created_at": NOW, "created_by": "setup"}
BEFORE = Stages(
    model_id=MODEL,
    history=(
        StageChange(
            version="1",
            source=Stage.STAGING,
            target=Stage.PRODUCTION,
            at=NOW - timedelta(days=9),
            by="setup",
            reason="",
        ),
        StageChange(
            version="1",
            source=Stage.PRODUCTION,
            target=Stage.STAGING,
            at=NOW - timedelta(days=8),
            by="setup",
            reason="",
        ),
    ),
)
PLANNED = "7" * 64
WHY = "as the board decided"
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    **registering.BODIES,
    **inventoried.BODIES,
    ("POST", "/models"): {"name": "Scoring"},
    ("POST", "/imports"): {
        "source": "mlflow http://tracking",
        "versions": [{"model": "Scoring", "version": "1", "created_at": "2026-03-01T00:00:00Z"}],
    },
    ("PATCH", "/models/<model_id>"): {"domain": "credit"},
    ("DELETE", "/models/<model_id>"): {"reason": WHY},
    ("PUT", "/models/<model_id>/risk-profile"): {"level": "limited", "reason": WHY},
    ("PATCH", "/models/<model_id>/compliance-status"): {"status": "under_review", "reason": WHY},
    ("POST", "/models/<model_id>/versions"): {"version": "2"},
    ("POST", "/models/<model_id>/versions/<version>/metrics"): {"metrics": {"auc": 0.9}},
    ("POST", "/models/<model_id>/versions/<version>/promote"): {"stage": "archived", "reason": WHY},
    ("POST", "/models/<model_id>/versions/<version>/waivers"): {"condition": "evidence:bias.run", "reason": WHY},
    ("POST", "/models/<model_id>/rollback"): {"reason": WHY},
    ("POST", "/versions"): {"model_id": MODEL, "version_tag": "3", "s3_path": "s3://models/credit/3"},
    ("POST", "/metrics"): {"version_id": f"{MODEL}@1", "metric_name": "auc", "value": 0.95},
    ("POST", "/models/<model_id>/approvals"): {"version": "1", "stage": "staging"},
    ("POST", "/models/<model_id>/approvals/<request_id>/votes"): {
        "role": "product_owner",
        "decision": "approve",
        "comment": "looked at it",
    },
    ("PUT", "/models/<model_id>/approval-policy"): {"name": "basic"},
    ("PUT", "/config"): {
        "files": [{"name": "drift.yaml", "text": "drift_detection: {psi_threshold: 0.2}"}],
        "models": [MODEL],
    },
    ("POST", "/policies"): {"name": "house", "description": "ours", "approvers": 1},
    ("POST", "/policies/dry-run"): {"name": "house", "description": "ours", "approvers": 1},
    ("POST", "/deployments"): {"model_id": MODEL, "version": "7", "stage": "staging", "reason": WHY},
    ("POST", "/deployments/<deployment_id>/cancel"): {"reason": WHY},
    ("POST", "/deployments/<deployment_id>/rollback"): {"reason": WHY},
    ("POST", "/audit-logs/holds"): {"subject": "model/other", "reason": WHY},
    ("POST", "/audit-logs/erasures"): {"subject": f"model/{MODEL}", "reason": WHY},
    ("POST", "/models/<model_id>/checks"): {"checks": ["drift"]},
    ("POST", "/models/<model_id>/onboarding"): {},
    ("POST", "/models/<model_id>/drift/baseline"): {
        "window": {"start": "2026-03-03T00:00Z", "end": "2026-03-04T00:00Z"}
    },
    ("POST", "/models/<model_id>/captures"): {"rows": [{"inputs": {"amount": 9}, "outputs": {"granted": "yes"}}]},
    ("POST", "/models/<model_id>/captures/uploads"): {"kind": "baseline", "bytes": 9, "sha256": "9" * 64},
    ("PUT", "/models/<model_id>/gateway"): {"backends": {"*": {"kind": "mlflow", "address": "https://m.example.org"}}},
    ("POST", "/models/<model_id>/gateway/records"): {
        "records": [
            {
                "id": "r-1",
                "request_id": "r-1",
                "model_id": OUTSIDE,
                "version": "1",
                "variant": "v-1",
                "status": 200,
                "at": "2026-03-03T09:00:00Z",
                "outcome": "answered",
                "milliseconds": 3,
                "stream": "s",
                "number": 1,
                "lines": ["{}\n"],
            }
        ]
    },
    ("POST", "/gateway/<model_id>/predict"): {"amount": 9},
    ("POST", "/models/<model_id>/labels"): {"labels": [{"id": "row-1", "label": "yes"}]},
    ("PUT", "/models/<model_id>/drift/policy"): {"psi_threshold": 0.2},
    ("PUT", "/models/<model_id>/quality/policy"): {},
    ("PUT", "/models/<model_id>/bias/policy"): {"favourable": ["yes"], "protected_attributes": [{"name": "sex"}]},
    ("POST", "/models/<model_id>/bias/thresholds"): {"thresholds": {"disparate_impact": 0.7}},
    ("POST", "/models/<model_id>/attestations"): {
        "topic": "dpia_advice",
        "role": "data protection officer",
        "decision": "affirmed",
    },
    ("POST", "/compliance/attestations"): {
        "topic": "ai_literacy",
        "role": "compliance officer",
        "decision": "affirmed",
    },
    ("POST", "/models/<model_id>/attestations/<attestation_id>/withdraw"): {"reason": "signed the wrong model"},
    ("POST", "/compliance/attestations/<attestation_id>/withdraw"): {"reason": "signed too early"},
    ("PATCH", "/alerts/<alert_id>"): {"note": "seen"},
    ("POST", "/alerts/changes"): {"alerts": [f"{MODEL}.bias", "nobody.drift"], "action": "comment", "note": "seen"},
    ("POST", "/alerts/deliveries/<delivery>/retry"): {},
    ("POST", "/alerts/rules"): {
        "name": "grave",
        "title": "grave",
        "when": 'model.name == "credit"',
        "severity": "high",
    },
    ("POST", "/alerts/rules/dry-run"): {
        "name": "grave",
        "title": "grave",
        "when": 'evidence["drift.run"].status == "failing"',
    },
    ("PUT", "/alerts/rules/<rule>"): {"title": "no run", "absent": {"evidence": "drift.run", "after": "4d"}},
    ("DELETE", "/alerts/rules/<rule>"): {},
    ("PUT", "/alerts/routes"): {
        "route": {
            "receiver": "owners",
            "routes": [{"receiver": "on-call", "matchers": ["severity=critical"], "continue": True}],
        }
    },
    ("DELETE", "/alerts/routes"): {},
    ("POST", "/alerts/routes/dry-run"): {},
    ("POST", "/alerts/silences"): {"matchers": ["model=a"], "ends_at": "2026-03-05T00:00:00Z", "comment": "moving"},
    ("POST", "/alerts/silences/dry-run"): {
        "matchers": ["concern=drift"],
        "ends_at": "2026-03-05T00:00:00Z",
        "comment": "moving",
    },
    ("DELETE", "/alerts/silences/<silence>"): {},
    ("PUT", "/alerts/receivers/<receiver>"): {"channel": "pagerduty", "secret": "on-call", "severity": "critical"},
    ("DELETE", "/alerts/receivers/<receiver>"): {},
    ("POST", "/alerts/receivers/dry-run"): {"name": "desk", "channel": "pagerduty", "secret": "on-call"},
    ("POST", "/alerts/receivers/<receiver>/test"): {},
    ("POST", "/compliance/reports"): {"framework": "eu_ai_act", "model_ids": [MODEL], "format": "pdf"},
    ("POST", "/compliance/frameworks"): {"text": HOUSE_RULES},
    ("POST", "/compliance/frameworks/validate"): {"text": HOUSE_RULES.replace("title:", "tittle:", 1)},
    ("POST", "/compliance/frameworks/<framework_id>/dry-run"): {"version": "2026.12"},
    ("POST", "/compliance/frameworks/<framework_id>/activate"): {"version": "2026.12"},
    ("POST", "/compliance/frameworks/<framework_id>/switch-off"): {"reason": "replaced by the group's rules"},
    ("PUT", "/compliance/frameworks/<framework_id>/applicability"): {
        "decisions": {"LL144-audit": {"taken": False, "reason": "Nobody is hired in New York City."}}
    },
    ("DELETE", "/compliance/frameworks/<framework_id>"): {"reason": "replaced by the group's rules"},
    ("PUT", "/models/<model_id>/classifications/<questionnaire>"): {
        "answers": {"personal_data": True, "basis": "contract"}
    },
    ("POST", "/models/<model_id>/documents"): {**DOCUMENT, "topic": "dpia"},
    ("POST", "/compliance/personal-data"): {"names": ["olga@example.org"]},
    ("PUT", "/retention"): {"hourly_days": 400},
    ("POST", "/erasures"): {"model_id": MODEL, "identifiers": ["20260302-9"], "reason": "asked by the person"},
    ("POST", "/erasures/<erasure_id>/apply"): {"plan_sha256": PLANNED},
    ("POST", "/compliance/documents"): {**DOCUMENT, "topic": "breach_procedure"},
    ("POST", "/models/<model_id>/remediations"): {
        "framework_id": "eu_ai_act",
        "requirement_id": "AIA-10",
        "title": "Write the risk management system down",
        "owner": "olga@example.org",
        "due": "2026-06-01",
    },
    ("PATCH", "/models/<model_id>/remediations/<remediation_id>"): {"in_progress": True},
    ("POST", "/users"): {"email": "nina@example.org", "roles": ["auditor"]},
    ("PATCH", "/users/<user>"): {"enabled": False},
    ("DELETE", "/users/<user>"): {},
    ("PUT", "/users/<user>/roles"): {"roles": ["auditor", "ml_engineer"]},
    ("POST", "/keys"): {"name": "nightly", "scopes": ["read"]},
    ("DELETE", "/keys/<key_id>"): {},
    ("PUT", "/alerts/people/<member>"): {"person": "olga@example.org"},
    ("DELETE", "/alerts/people/<member>"): {},
    ("POST", "/slack/<app>/actions"): pressed(f"{MODEL}.bias"),
    ("POST", "/auth/exchange"): {"subject_token": token_of()},
    ("POST", "/auth/login"): {"username": "olga", "password": PASSWORD, "code": CODE},
    ("POST", "/auth/refresh"): {"refresh_token": "refresh.olga"},
    ("POST", "/auth/logout"): {"refresh_token": "refresh.otto"},
    ("PUT", "/auth/issuers/<issuer>"): {**RULES, "owner": "otto@example.org"},
    ("DELETE", "/auth/issuers/<issuer>"): {},
}
TOLD = re.compile("/(captures(/uploads)?|labels|gateway(/records|/state|/shadow)?)$|^/gateway/")
"""Routes of models whose traffic no cloud captures."""
WRITES_NOTHING = {
    ("POST", "/policies/dry-run"),
    ("POST", "/compliance/frameworks/<framework_id>/dry-run"),
    ("POST", "/compliance/frameworks/validate"),
    ("POST", "/gateway/<model_id>/predict"),  # the prediction's record waits in its own queue
    ("POST", "/alerts/routes/dry-run"),
    ("POST", "/alerts/rules/dry-run"),
    ("POST", "/alerts/receivers/dry-run"),
    ("POST", "/alerts/silences/dry-run"),
    *(("POST", f"/auth/{verb}") for verb in ("login", "refresh", "logout")),  # the directory does, and keeps it
}
QUERIES = {
    "/processing-records/known": f"model_id={MODEL}",
    "/versions": f"model_id={MODEL}",
    "/metrics": f"version_id={MODEL}@1",
    "/lineage/models/<model_id>/predictions/<row_id>": "at=2026-03-01T00:00:00Z",
    "/models/<model_id>/drift/features": "feature=amount",
    "/models/<model_id>/compliance/history": "framework=eu_ai_act",
    "/compliance/status": "framework=eu_ai_act",
    "/compliance/preview": "topic=ai_literacy&role=compliance+officer",
    "/models/<model_id>/compliance/preview": "topic=ai_policy&thing=document",
}


def query_of(route: tuple[str, str]) -> str:
    """What a route is asked with, behind the question mark."""
    return QUERIES.get(route[1], "") if route[0] == "GET" else ""


def sent_of(route: tuple[str, str], body: Any = None) -> tuple[dict[str, str], str | None]:
    """The headers and the body that a route is asked with: JSON, or what another service signs."""
    given = BODIES.get(route) if body is None else body
    if route in BY_SIGNATURE:
        return signed(given, NOW)
    return ({}, None) if given is None else ({"Content-Type": "application/json"}, json.dumps(given))


OTHERS: tuple[str | None, ...] = (None, *(f"access:{name}" for name in PEOPLE))


def names(route: tuple[str, str]) -> str:
    return " ".join(route)


def filler(world: World) -> Callable[[str], str]:
    """Puts ids of things that exist into a route: an alert, a remediation, a report."""
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    wanted = ReportRequest(model_ids=(MODEL,), format=ReportFormat.EVIDENCE)
    report = request_report(wanted, bus=world.bus, **common)
    repair = open_remediation(
        MODEL, "gdpr", "GDPR-30", title="Record it", owner="olga", due=NOW.date() + timedelta(days=9), **common
    )
    add_version(ModelVersion.model_validate(VERSION), **common)
    on_call = Receiver(name="on-call", channel="slack", secret="risk-channel")
    set_receiver(on_call, channels=MemoryChannels(), **common)
    set_receiver(CHAT, channels=MemoryChannels(), **common)
    set_person(MEMBER, "ada", **common)
    quiet = SilenceSettings(matchers=("model=b",), ends_at=NOW + timedelta(days=1), comment="moving house")
    silence = add_silence(quiet, **common)
    stale = {"name": "stale", "title": "no run", "absent": {"evidence": "drift.run", "after": "3d"}}
    set_rule(AlertRule.model_validate(stale), **common)
    waits = Delivery(receiver="on-call", tries=5, trouble="down", not_before=NOW + timedelta(hours=1))
    delivery = f"on-call.{'0' * 20}"
    listing = Listing("deliveries.open", delivery)
    world.store.put(Record(delivery_key(delivery), to_json(waits), listings=(listing,)))
    set_routing(Routing(route=Route(receiver="on-call")), **common)
    asked = request_approval(MODEL, "1", Stage.PRODUCTION, **common)
    world.store.put(Record(stages_key(MODEL), to_json(BEFORE)))
    publish(world.store, world.log_archive, world.signing_key)
    signed = {
        about: attest(
            about, topic, role=role, decision=AttestationDecision.AFFIRMED, store=world.store, audit=world.audit,
            bus=world.bus, actor=PEOPLE[role.replace(" ", "_")]["cognito:username"], roles=frozenset({role}),
            now=NOW - timedelta(days=1),
        ).id
        for about, topic, role in (
            (MODEL, "dpia_advice", "data protection officer"),
            (ORGANISATION, "ai_literacy", "compliance officer"),
        )
    }  # fmt: skip
    set_issuer("github", IssuerRules.model_validate(RULES), **common)
    ours = HOUSE_RULES.replace("house_rules", "our_rules", 1)
    ours = ours.replace("    blocking: true\n", "    blocking: true\n    excludable: true\n", 1)
    drafted = upload_framework(ours, **common)
    activate_framework("our_rules", drafted.version, bus=world.bus, **common)
    upload_framework(ours.replace(f"version: {drafted.version}", 'version: "2026.12"', 1), **common)
    ada = Maker("ada", "ada", "ada@example.org", from_provider=False, may_give=frozenset(Scope))
    key, _ = make_key("reader", (Scope.READ,), ada, expires_at=None, store=world.store, audit=world.audit, now=NOW)
    ids = {
        "<model_id>": MODEL,
        "<deployment_id>": add_deployment(world),
        "<alert_id>": list_alerts(world.store, now=NOW).alerts[0].id,
        "<silence>": silence.id,
        "<rule>": "stale",
        "<delivery>": delivery,
        "<framework_id>": "our_rules",
        "<remediation_id>": repair.id,
        "<report_id>": report.id,
        "<version>": "1",
        "<request_id>": asked.id,
        "<row_id>": "event-1",
        "<questionnaire>": "processing",
        "<index>": "0",
        "<file>": "page.js",
        "<user>": "otto",
        "<receiver>": "on-call",
        "<member>": MEMBER,
        "<app>": "slack-signing",
        "<issuer>": "github",
        "<key_id>": key.id,
    }

    goes = Erasure(
        id=f"{MODEL}.e00000001", model_id=MODEL, kind="persons", reason="asked", state=ErasureState.PLANNED,
        asked_by="setup", asked_at=NOW, planned_at=NOW, plan_sha256=PLANNED,
    )  # fmt: skip
    world.store.put(
        Record(erasure_key(goes.id), to_json(Progress(erasure=goes)), listings=(Listing(ERASURES, goes.id),))
    )
    ids["<erasure_id>"] = goes.id

    label = ColumnSpec(name="repaid", kind=ColumnKind.CATEGORICAL, role=ColumnRole.LABEL)
    columns = to_json(SCHEMA.model_copy(update={"label": label}))
    outside = register_model(name="outside", owner=OWNER, capture_schema=columns, **common)
    add_version(ModelVersion.model_validate({**VERSION, "model_id": outside.id}), **common)
    world.store.put(Record(stages_key(outside.id), to_json(Stages(model_id=outside.id, of={"1": Stage.PRODUCTION}))))
    backends = {"*": {"kind": "mlflow", "address": "https://models.example.org"}}
    set_gateway(outside.id, GatewaySettings.model_validate({"backends": backends}), **common)
    variants = (
        Variant(name="v-1", version="1", weight=1),
        Variant(name="v-2", version="2", weight=0, shadow=True),
    )
    shares = Shares(model_id=outside.id, configuration="both", variants=variants, changed_at=NOW)
    world.store.put(Record(traffic_key(outside.id), to_json(shares)))

    entries, supply = registered(world), inventoried.inventoried(world)

    def fill(path: str) -> str:
        about = MODEL if path.startswith("/models/") else ORGANISATION
        told = {"<model_id>": outside.id} if TOLD.search(path) else {}
        known = {**ids, **entries(path), **supply(path), "<attestation_id>": signed[about]} | told
        return re.sub(r"<\w+>", lambda found: known[found.group()], path)

    return fill


@pytest.fixture
def call(wire: Callable[[str], World], context: Context) -> Callable[..., int]:
    fill = filler(wire("checked"))

    def send(route: tuple[str, str], person: str | None) -> int:
        method, path = route
        filled = fill(path)
        headers, body = sent_of(route)
        request = api_request(method, PREFIX + filled, query=query_of(route), headers=headers, body=body, person=person)
        return int(handler(request, context)["statusCode"])

    return send


def test_table_and_description_name_the_same_routes() -> None:
    described = {
        (method.upper(), path.removeprefix(PREFIX).replace("{", "<").replace("}", ">"))
        for path, item in describe_api()["paths"].items()
        for method in item
    }

    assert described == set(TABLE)


OPEN = {
    ("GET", "/health"), ("GET", "/docs"), ("GET", "/docs/<file>"), ("GET", "/openapi.json"),
    *(("POST", f"/auth/{verb}") for verb in ("exchange", "login", "refresh", "logout")),
    *BY_SIGNATURE,
}  # fmt: skip


def test_only_health_and_the_documentation_are_public() -> None:
    assert {route for route, roles in TABLE.items() if roles is PUBLIC} == OPEN
    assert all(roles for route, roles in TABLE.items() if route not in OPEN)


def test_auditors_only_read() -> None:
    writes = {route for route, roles in TABLE.items() if "auditor" in roles and route[0] != "GET"}

    assert writes == {
        ("POST", "/compliance/reports"),
        ("POST", "/keys"),
        ("DELETE", "/keys/<key_id>"),
        ("POST", "/gateway/<model_id>/predict"),
        *BY_ANYBODY,
    }, "a copy or a prediction changes nothing that is governed, nor do keys that read"


@pytest.mark.parametrize("person", OTHERS)
def test_nobody_gets_in_without_an_id_token(person: str | None, call: Callable[..., int]) -> None:
    wanted = {names(route): 200 if route in OPEN else 401 for route in TABLE}
    assert {names(route): call(route, person) for route in TABLE} == wanted


@pytest.mark.parametrize("person", PEOPLE)
def test_roles_hold_on_every_route(person: str, call: Callable[..., int]) -> None:
    role = PEOPLE[person].get("cognito:groups", "")
    refused = set()
    for route in sorted(TABLE):
        status = call(route, person)
        assert status != 401 or route in OPEN, route  # an admin has removed the issuer by then
        assert status < 500, route
        if status == 403:
            refused.add(route)

    outside = {route for route, roles in TABLE.items() if roles is not PUBLIC and role not in roles}
    of_a_model = {route for route in TABLE if route[0] != "GET" and "_id>" in route[1] and "key_id" not in route[1]}
    of_a_model -= {("POST", "/gateway/<model_id>/predict")}
    of_a_model |= {("POST", "/deployments"), ("POST", "/versions"), ("POST", "/metrics"), ("PUT", "/config")}
    opened = ("incidents", "risks", "systems", "vendors", "requests", "processing-records", "assignments")
    of_a_model |= {("POST", f"/{one}") for one in opened}
    of_a_model -= BY_ANYBODY
    somebody_elses = of_a_model if person == "other_owner" else set()
    may_withdraw = {route for route in SIGNED if person == "admin" and route[1].endswith("/withdraw")}
    not_their_signature = {route for route, signer in SIGNED.items() if person != signer} - may_withdraw
    not_assigned = {ACCEPT} if person != "admin" else set()
    assert refused == outside | somebody_elses | not_their_signature | not_assigned


def test_an_address_that_is_not_confirmed_owns_nothing(wire: Callable[[str], World], context: Context) -> None:
    wire("governed")
    claims = {**PEOPLE["model_owner"], "token_use": "id", "email_verified": "false"}
    request = api_request(
        "PATCH", f"{PREFIX}/models/{MODEL}", headers={"Content-Type": "application/json"}, body="{}", claims=claims
    )

    assert handler(request, context)["statusCode"] == 403


def test_owner_may_hand_the_model_over_and_then_no_longer_changes_it(
    wire: Callable[[str], World], context: Context
) -> None:
    world = wire("governed")

    def patch(body: dict[str, str]) -> int:
        request = api_request(
            "PATCH",
            f"{PREFIX}/models/{MODEL}",
            headers={"content-type": "application/json; charset=utf-8"},
            body=json.dumps(body),
            person=MODEL_OWNER,
        )
        return int(handler(request, context)["statusCode"])

    assert [patch({"owner": "otto@example.org"}), patch({"owner": "olga@example.org"})] == [200, 403]
    newest = world.store.query("audit", prefix="entry.", descending=True, limit=1).records[0].body
    assert newest["entry"]["actor"] == "olga"
    assert newest["entry"]["action"] == "model.changed"


def test_every_write_is_audited_with_the_person(
    wire: Callable[[str], World], context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = wire("checked")
    fill = filler(filled)
    for route, body in BODIES.items():
        world = cloned(filled)
        monkeypatch.setattr(wiring, "wired", lambda world=world: world)
        path = PREFIX + fill(route[1])
        before = world.store.query("audit", prefix="entry.", limit=500).records
        person = SIGNED.get(route, "admin")
        if route == ("POST", "/models"):
            body = {**body, "owner": "olga@example.org"}  # noqa: PLW2901
        headers, text = sent_of(route, body)
        request = api_request(route[0], path, headers=headers, body=text, person=person)
        response = handler(request, context)
        assert response["statusCode"] < 300, (route, response["body"])
        there = {one.key for one in before}  # one of them erases some
        after = world.store.query("audit", prefix="entry.", limit=500).records
        entries = [one for one in after if one.key not in there]
        actors = {one.body["entry"]["actor"] for one in entries}
        who = "issuer/github" if route[1] == "/auth/exchange" else PEOPLE[person]["cognito:username"]
        assert actors == (set() if route in WRITES_NOTHING else {who}), route


def test_a_window_of_the_last_day_is_asked_for(wire: Callable[[str], World], context: Context) -> None:
    world = wire("governed")
    request = api_request(
        "POST",
        f"{PREFIX}/models/{MODEL}/checks",
        headers={"Content-Type": "application/json"},
        body=json.dumps({"window": {"start": QUIET.isoformat(), "end": "2026-03-03T00:00:00Z"}, "force": True}),
        person="model_owner",
    )

    assert handler(request, context)["statusCode"] == 202
    assert [(one.checks, one.force) for one in world.bus.of("CountRequested")] == [(("drift", "quality", "bias"), True)]
