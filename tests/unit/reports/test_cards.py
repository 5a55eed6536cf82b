"""Model cards as PDF and HTML: conforming files that say what is missing, set from exactly what was kept."""

from __future__ import annotations

import io
import json

import pypdf
import pytest

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryStore
from syndic.errors import InvalidInputError
from syndic.models import Cloud, RegisteredModel
from syndic.records import model_record
from syndic.reports.documents.cards import card_html, card_pdf, keep_card, read_card
from syndic.reports.jobs import build_report, report_file, request_report
from syndic.reports.models import JobState, ReportFormat, ReportKind, ReportRequest
from tests.unit.reports.conftest import NOW
from tests.unit.reports.test_pdf import PROFILES, failures

NOTHING = {"dataset_sha256": None, "rows": None, "features": None, "period": None, "sources": [], "description": None}
CARD = {
    "model_id": "credit-1a2b3c",
    "model_details": {"model_name": "credit", "model_version": "7", "owner": "missing", "commit": None},
    "intended_use": {"primary_uses": "rank applications for a clerk", "primary_users": None},
    "factors": {"relevant_factors": ["age", "sex"], "evaluation_factors": []},
    "metrics": {
        "model_performance_measures": {"auc": 0.912345678, "brier": 1e-9, "rows/total": 1000},
        "decision_thresholds": {},
        "monitoring": [{"kind": "bias.run", "status": "failing", "summary": "adverse impact on women",
                        "produced_at": "2026-11-20T08:00:00Z", "facts": {"attributes": {"sex": 1}}}],
    },
    "training_data": {**NOTHING, "dataset_sha256": "a" * 64, "rows": 1000},
    "evaluation_data": NOTHING,
    "ethical_considerations": {"risks_and_harms": None},
    "caveats_and_recommendations": {"limitations": "not for companies"},
    "hyperparameters": {"depth": 3, "layers": [64, 32]},
    "missing": ["evaluation_data.rows", "intended_use.primary_users", "ethical_considerations.risks_and_harms"],
    "made_at": "2026-11-21T09:00:00Z",
}  # fmt: skip


def with_text(text: str) -> dict:
    """The card with a text everywhere a text can be."""

    def put(value):
        if isinstance(value, dict):
            return {key: put(item) if key not in {"produced_at", "made_at"} else item for key, item in value.items()}
        if isinstance(value, list):
            return [put(item) for item in value]
        return text if isinstance(value, str) else value

    return {**put(CARD), "missing": CARD["missing"], "made_at": CARD["made_at"]}


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda it: it.name)
@pytest.mark.parametrize("hostile", [None, '#panic("x") $a$ \\ <script> 中文 \u202e \x00 ' + "x" * 400 + "/" * 200])
def test_a_card_holds_every_checked_rule_for_archive_and_access(profile, hostile):
    assert failures(card_pdf(CARD if hostile is None else with_text(hostile)), profile) == []


def test_it_says_what_is_on_record_and_what_is_missing():
    said = words_of(card_pdf(CARD))
    for words in (
        "Model card", "credit, version 7", "Model details", "Intended use", "Factors", "Metrics", "Training data",
        "Evaluation data", "Ethical considerations", "Caveats and recommendations", "Hyperparameters", "0.912346",
        "1e-09", "adverse impact on women", "2026-11-20 08:00 UTC", "a" * 64, "[64, 32]", "Not complete.",
        "Missing: Intended use: Primary users; Evaluation data: Rows; Ethical considerations: Risks and harms.",
    ):  # fmt: skip
        assert words in said, words
    assert "Not complete" not in words_of(card_pdf({**CARD, "missing": []}))


def test_the_page_marks_what_is_missing_and_not_a_text_that_says_so():
    page = card_html(CARD).decode()
    assert '<th scope="row">Primary users</th><td class="not_met">missing</td>' in page
    assert '<th scope="row">Owner</th><td>missing</td>' in page
    assert '<th scope="row">Commit</th><td class="not_applicable">not on record</td>' in page
    assert "<script>" not in card_html(with_text("<script>alert(1)</script>")).decode()


def test_the_same_content_is_one_card_whenever_it_was_made_and_a_changed_one_is_refused():
    archive = MemoryArchive()
    name = keep_card(CARD, archive=archive)
    assert keep_card({**CARD, "made_at": "2026-11-22T09:00:00Z"}, archive=archive) == name
    assert read_card(name, archive=archive) == CARD
    assert keep_card({**CARD, "hyperparameters": {}}, archive=archive) != name
    archive.put(name, json.dumps({**CARD, "missing": []}).encode(), content_type="application/json")
    with pytest.raises(InvalidInputError, match="not the one that was kept"):
        read_card(name, archive=archive)


def test_a_job_sets_the_kept_card_and_only_a_card_has_a_document():
    store, archive, audit = MemoryStore(), MemoryArchive(), MemoryAudit()
    store.put(model_record(RegisteredModel(id="credit-1a2b3c", name="credit", cloud=Cloud.AWS, registered_at=NOW)))
    common = {"store": store, "audit": audit, "bus": MemoryBus(), "actor": "ann", "now": NOW}
    wanted = ReportRequest(kind=ReportKind.MODEL_CARD, model_ids=("credit-1a2b3c",))
    with pytest.raises(InvalidInputError, match="at its version"):
        request_report(wanted, **common)
    with pytest.raises(InvalidInputError, match="at its version"):
        request_report(ReportRequest(), document="cards/x.json", **common)
    for file_format, start in ((ReportFormat.PDF, b"%PDF"), (ReportFormat.HTML, b"<!doctype"), ("json", b"{")):
        document = keep_card(CARD, archive=archive)
        job = request_report(
            wanted.model_copy(update={"format": ReportFormat(file_format)}), document=document, **common
        )
        assert build_report(job.id, store=store, archive=archive, audit=audit, now=NOW).state is JobState.DONE
        assert report_file(job.id, store=store, archive=archive).startswith(start)
    lost = request_report(wanted, document="cards/gone.json", **common)
    failed = build_report(lost.id, store=store, archive=archive, audit=audit, now=NOW)
    assert failed.state is JobState.FAILED
