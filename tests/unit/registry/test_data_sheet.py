"""A data sheet is filled from the record, says what is missing, and no text in it comes alive."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from syndic.models import to_json
from syndic.registry.audits import audit_model
from syndic.registry.documents.card import CardData, make_card
from syndic.registry.documents.data_sheet import DataSheet, make_data_sheet
from syndic.registry.documents.markdown import card_markdown, data_sheet_markdown
from syndic.registry.models import TrainingData
from syndic.reports.documents.cards import card_html, data_sheet_html
from tests.unit.registry.case import NOW, PROFILE, Registry

TOLD: dict[str, Any] = {
    "purpose": "to rank applications", "created_by": "the bank", "personal_data": "age, income",
    "process": "from the loan book", "lawful_basis": "contract", "cleaning": "no duplicates", "labelling": "by default",
    "split": "by month", "unsuitable_for": "companies", "licence": "proprietary", "access": "the risk team",
    "retention": "ten years", "updates": "monthly", "funded_by": 7, "owner": " ",
}  # fmt: skip
EVIL = "x](http://evil) <img src=x onerror=alert(1)> ![](http://evil/p.png) `a`|b\n# heading"


def sheet(registry: Registry, version: str = "1") -> DataSheet:
    return make_data_sheet(registry.store, registry.model.id, version, now=NOW)


def test_an_empty_sheet_names_what_is_missing() -> None:
    registry = Registry()
    registry.version("1", training=TrainingData())
    assert {"motivation.purpose", "composition.dataset_sha256", "composition.rows", "collection.lawful_basis",
            "maintenance.retention"} <= set(sheet(registry).missing)  # fmt: skip
    assert "> This sheet is not complete. Missing: motivation.purpose" in data_sheet_markdown(sheet(registry))
    assert b"Not complete." in data_sheet_html(to_json(sheet(registry)))


def test_what_is_on_record_and_what_people_say_fill_it() -> None:
    registry = Registry(**PROFILE, metadata={"data_sheet": {"licence": "unknown", "retention": "for ever"}})
    signature = {"inputs": [{"name": "income", "type": "double"}, {"name": "age"}, {"type": "tensor"}, 3]}
    data = TrainingData(dataset_sha256="a" * 64, rows=25_000, features=2, period="2018", description="loans")
    registry.version("1", training=data, signature=signature, metadata={"data_sheet": TOLD})
    for kind in ("drift.run", "quality.run", "compliance.run"):
        registry.evidence(kind)
    made = sheet(registry)
    assert made.missing == ()
    assert made.composition.columns == ("income (double)", "age")
    assert made.composition.sources == ("loan book 2018",), "declared of the model"
    assert (made.maintenance.licence, made.maintenance.owner) == ("proprietary", "owner@example.com")
    assert made.motivation.funded_by is None, "a number is no text"
    assert [one.kind for one in made.monitoring] == ["drift.run", "quality.run"]
    front = yaml.safe_load(data_sheet_markdown(made).split("---")[1])
    assert front == {"license": "proprietary", "size_categories": ["10K<n<100K"], "tags": ["syndic"]}


@pytest.mark.parametrize(
    ("rows", "word"), [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (10**12 - 1, "100B<n<1T"), (10**12, "n>1T")]
)
def test_sizes_are_the_hubs_words(rows: int, word: str) -> None:
    registry = Registry()
    registry.version("1", training=TrainingData(rows=rows))
    assert f"- {word}\n" in data_sheet_markdown(sheet(registry))


def test_hostile_text_is_shown_and_does_nothing() -> None:
    registry = Registry(**{**PROFILE, "intended_purpose": EVIL, "limitations": EVIL}, description=EVIL)
    registry.version("1", algorithm=EVIL, metrics={EVIL: 0.5}, hyperparameters={EVIL: EVIL}, metadata={
        "data_sheet": {"purpose": EVIL}, "decision_thresholds": {EVIL: 0.5}})  # fmt: skip
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    for text in (card_markdown(card), data_sheet_markdown(sheet(registry))):
        body = text.split("\n---\n", 1)[1]
        assert "evil" in body
        assert not re.search(r"(?<!\\)(?:\\\\)*[<>`\[\]]", body.replace("\n> ", "\n")), "every sign is escaped"
        assert "\n# heading" not in body
    for page in (card_html(to_json(card)), data_sheet_html(to_json(sheet(registry)))):
        assert b"evil" in page
        assert b"<img" not in page


def test_metadata_of_any_shape_never_breaks_a_card() -> None:
    registry = Registry(metadata={"card": ["no"], "data_sheet": "no"})
    registry.version("1", signature={"inputs": "no"}, metadata={
        "evaluation_data": {"rows": "many", "features": 3, "surprise": 1}, "data_sheet": 3,
        "decision_thresholds": {"refuse": 0.5, "flag": True, "text": "no"},
    })  # fmt: skip
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    assert card.evaluation_data == CardData(features=3)
    assert "evaluation_data.rows" in card.missing
    assert card.metrics.decision_thresholds == {"refuse": 0.5, "flag": True, "text": "no"}
    assert card.also_said == {"card": ["no"], "evaluation_data.rows": "many", "evaluation_data.surprise": 1}
    assert "composition.columns" in sheet(registry).missing


def test_an_audit_of_a_model_says_what_its_papers_lack() -> None:
    registry = Registry(**PROFILE)
    assert audit_model(registry.store, registry.model.id, now=NOW).documented is None
    registry.version("1")
    audit = audit_model(registry.store, registry.model.id, now=NOW)
    assert audit.documented == "1"
    assert "model_details.risk_level" in audit.card_missing
    assert "collection.lawful_basis" in audit.data_sheet_missing
