"""Drafts of documents: filled from what is on record, open where nothing is."""

from __future__ import annotations

import json

import pytest

from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.errors import NotFoundError
from syndic.reports.content.collect import collect
from syndic.reports.documents.drafts import OPEN, form_html, form_of
from syndic.reports.models import ReportKind, ReportRequest

# --- drafts ---


@pytest.mark.parametrize(
    "kind", [kind for kind in ReportKind if kind not in {ReportKind.COMPLIANCE, ReportKind.MODEL_CARD}]
)
def test_a_draft_fills_what_is_on_record_names_its_source_and_leaves_the_rest_open(filled, kind):
    content = collect(ReportRequest(kind=kind, model_ids=("german-credit-1a2b3c",)), store=filled)
    fields = [field for section in form_of(content)["sections"] for field in section["fields"]]
    assert any(value == OPEN for _, value, _ in fields)
    assert any(value != OPEN for _, value, _ in fields)
    assert all(source for _, value, source in fields if value != OPEN)
    assert all(not source for _, value, source in fields if value == OPEN)
    assert OPEN in form_html(content).decode()


def test_the_annex_iv_draft_has_its_nine_sections(filled):
    content = collect(ReportRequest(kind=ReportKind.ANNEX_IV, model_ids=("german-credit-1a2b3c",)), store=filled)
    titles = [section["title"] for section in form_of(content)["sections"]]
    assert [title.split(".")[0] for title in titles] == [str(number) for number in range(1, 10)]


def test_the_fria_draft_has_its_six_elements_and_the_groups_at_risk(filled):
    content = collect(ReportRequest(kind=ReportKind.FRIA, model_ids=("german-credit-1a2b3c",)), store=filled)
    form = form_of(content)
    titles = [section["title"] for section in form["sections"]]
    assert [title[:3] for title in titles if title.startswith("(")] == ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)"]
    assert "age <=25 against >25: ratio 0.795 (0.699 to 0.904)" in json.dumps(form)


def test_before_anything_is_known_a_draft_is_open_not_invented(audit):
    from importlib import util
    from pathlib import Path

    spec = util.spec_from_file_location("filled", Path(__file__).with_name("conftest.py"))
    world = util.module_from_spec(spec)
    spec.loader.exec_module(world)
    store = MemoryStore()
    world.add_model(store, "bare-000000", "bare")
    content = collect(ReportRequest(kind=ReportKind.DPIA, model_ids=("bare-000000",)), store=store)
    fields = {label: value for section in form_of(content)["sections"] for label, value, _ in section["fields"]}
    assert fields["Lawful basis"] == OPEN
    assert fields["Special categories"] == OPEN
    assert fields["Fairness by group"] == OPEN


def test_nothing_evaluated_is_said_and_not_an_empty_report():
    store = MemoryStore()
    with pytest.raises(NotFoundError, match="no model is registered"):
        collect(ReportRequest(), store=store)
    assert MemoryBus().published == []
