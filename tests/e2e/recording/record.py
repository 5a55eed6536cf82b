"""Record what the API answers about the demonstration models: ``python -m tests.e2e.recording.record``.

The real routes answer, on the world of `world.py`. The dashboard is developed and tested on the recording; a test
compares the two, so that they cannot grow apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from functions import wiring
from functions.api.resolver import answer
from syndic.assessment import ORGANISATION
from tests.e2e.recording.alerting import set_alerting_up
from tests.e2e.recording.organisation import KEPT, keep_form, keep_organisation, plan_erasure
from tests.e2e.recording.registers import open_entries
from tests.e2e.recording.world import governed
from tests.edges.sign_ins import signed_in

RECORDING = Path(__file__).parents[3] / "dashboard/tests/fixtures/demo.json"
PREVIEWED = 3
"""Of so many signatures that are due it is recorded what they would settle."""
TWO = 2
"""And of those by which more frameworks than so many are served."""
AUDITOR = {"cognito:username": "auditor", "token_use": "id", "cognito:groups": "auditor"}
ADMIN = {"cognito:username": "admin", "token_use": "id", "cognito:groups": "admin"}


def ask(path: str, /, claims: dict[str, str] = AUDITOR, **query: str) -> tuple[str, dict[str, Any]]:
    """One answer of the API and the key under which it is recorded."""
    event = {
        "httpMethod": "GET",
        "path": f"/api/v1{path}",
        "resource": "/{proxy+}",
        "headers": {"Accept": "application/json", **signed_in(claims)},
        "multiValueHeaders": {"Accept": ["application/json"]},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "requestContext": {"requestId": "recording", "stage": "prod"},
        "body": None,
        "isBase64Encoded": False,
    }
    given = answer(event, SimpleNamespace(aws_request_id="recording", function_name="api"))
    key = f"GET {path}" + (f"?{urlencode(sorted(query.items()))}" if query else "")
    if given["statusCode"] != 200:
        raise RuntimeError(f"{key}: {given['statusCode']} {given['body']}")
    return key, {"status": 200, "body": json.loads(given["body"])}


def everything() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every answer that the dashboard asks for."""
    key, models = ask("/dashboard/models", limit="100")
    yield key, models
    yield ask("/alerts", limit="100")
    yield ask("/governance/overview")
    yield ask("/approvals", limit="50")
    yield ask("/models", limit="100")
    yield ask("/models", limit="12")
    yield ask("/compliance/remediations", limit="100")
    yield ask("/compliance/frameworks")
    yield ask("/compliance/questionnaires")
    yield ask("/compliance/attestations")
    yield ask("/compliance/signatures", limit="100", whose="mine")
    yield ask("/compliance/signatures", limit="100", whose="all")
    yield ask("/compliance/deadlines", days="730", limit="100")
    yield ask("/compliance/reports", limit="50")
    yield ask("/policies")
    yield ask("/keys", limit="100")
    yield ask("/dashboard/schedules")
    key, trail = ask("/audit-logs", limit="100")
    yield key, trail
    yield ask("/audit-logs/checkpoint")
    yield ask(f"/audit-logs/{trail['body']['entries'][0]['index']}/proof")
    key, frameworks = ask("/compliance/frameworks")
    for framework in sorted({one["framework_id"] for one in frameworks["body"]["frameworks"]}):
        yield ask("/compliance/status", framework=framework, limit="100")
    for standing in models["body"]["models"]:
        yield from of_model(standing)


def of_model(standing: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every answer about one model."""
    identity = standing["model"]["id"]
    yield ask(f"/dashboard/models/{identity}")
    yield ask("/alerts", limit="100", model_id=identity)
    yield ask(f"/models/{identity}/compliance")
    yield ask("/models", begins=standing["model"]["name"], limit="12")
    yield ask("/audit-logs", limit="50", model=identity)
    yield ask(f"/models/{identity}/documents")
    yield ask(f"/models/{identity}")
    yield ask(f"/models/{identity}/compliance/signatures", whose="mine")
    key, due = ask(f"/models/{identity}/compliance/signatures", whose="all")
    yield key, due
    signatures = due["body"]["signatures"]
    widest = [one for one in signatures[PREVIEWED:] if len({it.partition("/")[0] for it in one["requirements"]}) > TWO]
    for one in [*signatures[:PREVIEWED], *widest]:
        asked = {"topic": one["topic"], "role": one["role"], "thing": "signature"}
        whose = "" if one["model_id"] == ORGANISATION else f"/models/{one['model_id']}"
        yield ask(f"{whose}/compliance/preview", **asked)
    yield ask(f"/models/{identity}/classifications")
    yield ask(f"/models/{identity}/attestations")
    yield ask(f"/models/{identity}/remediations")
    yield ask(f"/models/{identity}/deployments", limit="20")
    yield ask(f"/models/{identity}/approvals", limit="50")
    yield ask(f"/models/{identity}/approval-policy")
    key, versions = ask(f"/models/{identity}/versions", limit="100", order="descending")
    yield key, versions
    for version in versions["body"]["versions"]:
        path = f"/models/{identity}/versions/{version['version']}"
        yield ask(f"{path}/gate", stage="staging")
        yield ask(f"{path}/gate", stage="production")
        yield ask(f"{path}/card", format="markdown")
        yield ask(f"{path}/data-sheet", format="markdown")
        yield ask(f"/lineage{path}")
    if "quality.run" in standing["evidence"]:
        yield ask(f"/models/{identity}/quality")
        yield ask(f"/models/{identity}/quality/history", limit="24")
    if "bias.run" in standing["evidence"]:
        key, bias = ask(f"/models/{identity}/bias")
        yield key, bias
        yield ask(f"/models/{identity}/bias/policy")
        for report in bias["body"]["reports"]:
            yield ask(f"/models/{identity}/bias/history", outcome=report["outcome"], limit="24")
    if "drift.run" in standing["evidence"]:
        yield ask(f"/models/{identity}/drift")
        yield ask(f"/models/{identity}/drift/policy")
        yield ask(f"/models/{identity}/drift/baseline")
        yield ask(f"/models/{identity}/drift/impact", limit="24")
        yield ask(f"/models/{identity}/drift/root-cause")
        key, history = ask(f"/models/{identity}/drift/history", limit="24")
        yield key, history
        for point in history["body"]["points"]:
            window = "-".join(point["window"][end].replace("-", "").replace(":", "") for end in ("start", "end"))
            yield ask(f"/models/{identity}/drift", window=window)


def alerting() -> Iterator[tuple[str, dict[str, Any]]]:
    """Whom alerts reach, for whoever may see it."""
    for name in ("rules", "routes", "silences", "receivers", "deliveries", "people"):
        key, found = ask(f"/alerts/{name}", ADMIN)
        yield key, found
        for one in found["body"].get(name, ()) if name in {"rules", "receivers"} else ():
            yield ask(f"/alerts/{name}/{one['name']}", ADMIN)


def organisation(models: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the organisation keeps besides, and the file of each model by the AI Act."""
    for path, listed, kind in KEPT:
        key, found = ask(f"/{path}", limit="50")
        yield key, found
        for one in found["body"][listed]:
            identity = one.get("entry", one)["id"]
            yield ask(f"/{path}/{identity}")
            yield ask("/audit-logs", limit="100", subject=f"{kind}/{identity}")
    yield ask("/vendors", limit="1")
    yield ask("/systems", limit="1")
    yield ask("/processing-records/counts")
    yield ask("/trainings/counts")
    yield ask("/policy-documents/templates")
    yield ask("/calendar", days="90")
    key, planned = ask("/erasures", limit="50")
    yield key, planned
    for one in planned["body"]["erasures"]:
        yield ask(f"/erasures/{one['id']}")
        yield ask(f"/erasures/{one['id']}/objects", limit="50")
    for model in models:
        for part in ("monitoring-plan", "conformity", "registration", "high-risk-assessment"):
            yield ask(f"/models/{model}/{part}")


def registers() -> Iterator[tuple[str, dict[str, Any]]]:
    """The registers of the law, each list with its counts and its entries."""
    for name, kind in (("incidents", "incident"), ("risks", "risk"), ("requests", "request")):
        key, found = ask(f"/{name}", limit="50")
        yield key, found
        yield ask(f"/{name}/counts")
        for entry in found["body"][name]:
            yield ask(f"/{name}/{entry['id']}")
            yield ask("/audit-logs", limit="100", subject=f"{kind}/{entry['id']}")
            for model in entry["model_ids"] if name == "risks" else ():
                yield ask(f"/models/{model}/risk-file")


def recording() -> str:
    """The recording as text; the same on every run."""
    world = governed()
    with patch.object(wiring, "wired", return_value=world):
        found = dict(everything())
        set_alerting_up(world)  # afterwards: the trail that was recorded does not tell of it
        found |= dict(alerting())
        models = [one["id"] for one in found["GET /models?limit=100"]["body"]["models"]]
        open_entries(world, models[0])
        keep_organisation(models[0], world.now())
        keep_form(models[1])
        plan_erasure(world, models[0])
        found |= dict(registers()) | dict(organisation(models))
        return json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


if __name__ == "__main__":
    RECORDING.write_text(recording(), encoding="utf-8")
