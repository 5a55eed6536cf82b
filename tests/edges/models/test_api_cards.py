"""A version's card in every format; a PDF is asked for, set by the reports worker, and fetched by its link."""

from __future__ import annotations

import json

import pytest

from functions.api.handler import handler
from functions.reports.handler import handler as reports
from syndic.models import to_json
from syndic.registry.models import ModelVersion
from syndic.registry.versions.versions import add_version
from tests.edges.envelopes import api_request, queue_batch
from tests.edges.world import MODEL, NOW

PATH = f"/api/v1/models/{MODEL}/versions/1/card"


@pytest.fixture
def world(wire):
    world = wire("governed")
    version = ModelVersion(model_id=MODEL, version="1", created_at=NOW, created_by="olga", metrics={"auc": 0.9})
    add_version(version, store=world.store, audit=world.audit, actor="olga", now=NOW)
    return world


@pytest.fixture
def ask(world, context):
    def asked(wanted: str, *, status: int = 200) -> dict:
        answer = handler(api_request("GET", PATH, query=f"format={wanted}", person="auditor"), context)
        assert answer["statusCode"] == status, answer["body"]
        return json.loads(answer["body"])

    return asked


@pytest.mark.parametrize(
    ("wanted", "start"),
    [("json", "{"), ("markdown", "---\n"), ("html", "<!doctype html>"), ("sagemaker", "{"), ("cyclonedx", "{")],
)
def test_a_card_is_text_at_once(ask, wanted, start):
    card = ask(wanted)
    assert (card["format"], card["report"]) == (wanted, None)
    assert card["text"].startswith(start)
    assert ask("docx", status=422)


def test_a_pdf_is_asked_for_set_by_the_worker_and_then_linked(world, ask, context):
    waiting = ask("pdf")
    assert (waiting["text"], waiting["report"]["job"]["state"], waiting["report"]["link"]) == (None, "queued", None)
    events = [to_json(event) for event in world.bus.of("ReportRequested")]
    assert reports(queue_batch(events), context) == {"batchItemFailures": []}
    done = ask("pdf")["report"]
    assert (done["job"]["id"], done["job"]["state"]) == (waiting["report"]["job"]["id"], "done")
    assert done["link"]
    assert world.archive.get(done["job"]["file"]).startswith(b"%PDF-1.7")


def test_a_card_is_not_asked_for_as_a_report(world, context):
    body = json.dumps({"kind": "model_card", "model_ids": [MODEL]})
    headers = {"content-type": "application/json"}
    answer = handler(
        api_request("POST", "/api/v1/compliance/reports", body=body, headers=headers, person="auditor"), context
    )
    assert answer["statusCode"] == 400
    assert "at its version" in answer["body"]
