"""Vendors, systems, processing, people and policies as an organisation may keep them, by the routes themselves."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from functions.api.resolver import answer
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.erasure.models import ErasureState
from syndic.erasure.store import get_erasure
from syndic.erasure.work import go_on
from tests.e2e.recording.world import World
from tests.edges.sign_ins import signed_in

OWNER = "olga@example.com"
OFFICER = {"cognito:username": OWNER, "email": OWNER, "token_use": "id", "cognito:groups": "admin,compliance_officer"}
TEXT = "ab" * 32


def send(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the API answers a compliance officer who changes something."""
    event = {
        "httpMethod": method, "path": f"/api/v1{path}", "resource": "/{proxy+}",
        "headers": {"Content-Type": "application/json", **signed_in(OFFICER)},
        "multiValueHeaders": {"Content-Type": ["application/json"]},
        "queryStringParameters": None, "multiValueQueryStringParameters": None, "isBase64Encoded": False,
        "requestContext": {"requestId": "recording", "stage": "prod"},
        "body": None if body is None else json.dumps(body),
    }  # fmt: skip
    given = answer(event, SimpleNamespace(aws_request_id="recording", function_name="api"))
    if given["statusCode"] >= 300:
        raise RuntimeError(f"{method} {path}: {given['statusCode']} {given['body']}")
    found: dict[str, Any] = json.loads(given["body"])
    return found


def keep_organisation(model: str, now: datetime) -> None:
    """One entry of each register, some of it missing, of the organisation that has a model."""

    def day(days: int) -> str:
        return (now + timedelta(days=days)).date().isoformat()

    vendor = send("POST", "/vendors", {
        "name": "Northwind Models GmbH", "owner": OWNER, "state": "active", "supplies": ["model", "hosting"],
        "model_ids": [model], "country": "DE", "processes_personal_data": True, "review_due": day(40),
    })["entry"]["id"]  # fmt: skip
    send("POST", f"/vendors/{vendor}/agreements", {
        "kind": "ai_act_25_4", "title": "Supply agreement 2026", "signed_on": day(-200), "expires_on": day(20),
        "location": "contracts/4711", "sha256": TEXT, "settles": ["information", "capabilities"],
    })  # fmt: skip
    answers = {"transfers": {"answer": "yes", "note": "USA, no clauses yet"}, "identity": {"answer": "yes"}}
    send("PUT", f"/vendors/{vendor}/questionnaire", {"answers": answers})
    send("POST", "/systems", {
        "name": "Translator", "origin": "bought_software", "state": "pilot", "owner": OWNER, "vendor_id": vendor,
        "purpose": "Translates letters of customers", "roles": ["deployer"], "countries": ["DE"], "version": "2026-11",
    })  # fmt: skip
    contents = {"purposes": "To decide on applications for credit", "data_subjects": ["applicants"]}
    send("POST", "/processing-records", {
        "title": "Decisions on credit", "owner": OWNER, "model_ids": [model], "contents": contents,
    })  # fmt: skip
    training = send("POST", "/trainings", {
        "title": "AI literacy, basics", "person": OWNER, "subject": "ai_literacy", "role": "case worker",
        "completed_on": day(-340), "valid_until": day(25), "provider": "Academy",
        "contents": "What models can get wrong",
    })["id"]  # fmt: skip
    send("POST", "/assignments", {
        "person": OWNER, "duty": "human_oversight", "owner": OWNER, "model_ids": [model], "trainings": [training],
        "authority": "May stop the system", "competence": "Ten years in credit",
    })  # fmt: skip
    policy = send("POST", "/policy-documents", {
        "title": "Use of AI at work", "owner": OWNER, "readers": [OWNER, "ana@example.com"],
    })["id"]  # fmt: skip
    text = {"sha256": TEXT, "location": "intranet/policies/ai", "version": "1"}
    send("PUT", f"/policy-documents/{policy}/text", text)


def keep_form(model: str) -> None:
    """The unfinished form of Art. 6(4) of a version, of a model whose provider holds that it only sorts."""
    answers = {
        "screening": dict.fromkeys(PRACTICES, False), "provider": True, "deployer": False, "annex_i_product": False,
        "area": "3b", "profiling": False, "exception_grounds": ["narrow_task"],
        "exception_reasons": "It only sorts incoming files.",
    }  # fmt: skip
    send("PUT", f"/models/{model}/classifications/ai_act", {"answers": answers})
    send("POST", f"/models/{model}/high-risk-assessment", {
        "version": "1.1.0", "ground_reasons": {"narrow_task": "It puts files into one of four folders, nothing more."},
        "no_significant_risk": "Whoever reads the folder reads every file in it.",
    })  # fmt: skip


def plan_erasure(world: World, model: str) -> None:
    """Of what is older than a month, planned and not done."""
    asked = send("POST", "/erasures", {
        "model_id": model, "older_than_days": 30, "reference": "retention/2026-10", "reason": "The period ended",
    })["id"]  # fmt: skip
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "bus": world.bus, "now": world.now()}
    while get_erasure(world.store, asked).state is ErasureState.PLANNING:
        go_on(
            asked, held=frozenset(), captures=world.captures, eraser=lambda: world.captures, archive=world.archive,
            over=lambda: False, **common,
        )  # fmt: skip


KEPT = (
    ("vendors", "vendors", "vendor"),
    ("systems", "systems", "system"),
    ("processing-records", "records", "processing"),
    ("trainings", "trainings", "training"),
    ("assignments", "assignments", "assignment"),
    ("policy-documents", "policies", "policy_document"),
)
"""The path of each register, how its answer calls the list, and its kind in the audit trail."""
