"""Cards say what is missing, and their exports validate."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import escape
from typing import Any

import pytest
import yaml
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt

from syndic.errors import NotFoundError
from syndic.models import EvidenceStatus, to_json
from syndic.ports import Record
from syndic.registry.documents.card import make_card
from syndic.registry.documents.formats import to_cyclonedx, to_sagemaker
from syndic.registry.documents.lineage import trace_prediction
from syndic.registry.documents.markdown import card_markdown
from syndic.registry.keys import stages_key
from syndic.registry.models import ModelVersion, Stage, StageChange, Stages, TrainingData
from tests.unit.registry.case import NOW, PROFILE, Registry


def bare() -> tuple[Registry, ModelVersion]:
    registry = Registry()
    return registry, registry.version("1", training=TrainingData(), metrics={}, artefacts=())


def full() -> tuple[Registry, ModelVersion]:
    card = {
        "primary_users": "clerks", "out_of_scope_uses": "companies", "sensitive_data": "age",
        "risks_and_harms": "young people are refused more often", "mitigations": "a clerk decides",
    }  # fmt: skip
    registry = Registry(**PROFILE, description="ranks", metadata={"card": card})
    registry.approve_model()
    registry.evidence("drift.run")
    registry.evidence("bias.run", EvidenceStatus.FAILING)
    version = registry.version(
        "1", algorithm="gradient boosting", framework="sklearn", hyperparameters={"depth": 3},
        metadata={"evaluation_data": {"dataset_sha256": "c" * 64, "rows": 300, "features": 7}},
    )  # fmt: skip
    return registry, version


def overfull() -> tuple[Registry, ModelVersion]:
    """Everything longer and more than SageMaker takes."""
    card = dict.fromkeys(("primary_users", "sensitive_data", "risks_and_harms", "mitigations"), "y" * 3900)
    registry = Registry(
        **{**PROFILE, "intended_purpose": "x" * 3900, "limitations": "z" * 3900, "data_sources": ("d" * 3000,) * 40},
        description="ü" * 3900, metadata={"card": card},
    )  # fmt: skip
    for n in range(3):
        registry.evidence(f"kind{n}.{'k' * 200}")
    version = registry.version(
        "1", algorithm="a" * 2000, hyperparameters={f"{'p' * 300}{n}": "v" * 900 for n in range(150)},
        metrics={f"{'m' * 300}{n}": 0.5 for n in range(300)}, artefact_location="s3://" + "l" * 2000,
    )  # fmt: skip
    return registry, version


def test_an_empty_card_names_what_is_missing():
    registry, _ = bare()
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    assert {"intended_use.primary_uses", "training_data.dataset_sha256", "metrics.monitoring",
            "ethical_considerations.human_oversight", "model_details.risk_level"} <= set(card.missing)  # fmt: skip
    assert "Missing: model_details.algorithm_family" in card_markdown(card)
    assert "NaN" not in json.dumps(to_sagemaker(card))


def test_a_full_card_misses_only_the_groups_nobody_examined():
    registry, _ = full()
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    assert card.missing == ("factors.relevant_factors", "factors.evaluation_factors")
    assert [(m.kind, m.status.value) for m in card.metrics.monitoring] == [
        ("bias.run", "failing"),
        ("drift.run", "passing"),
    ]


@pytest.mark.parametrize("make", [bare, full])
def test_the_bill_of_materials_validates_strictly(make):
    registry, _ = make()
    bom = to_cyclonedx(make_card(registry.store, registry.model.id, "1", now=NOW))
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bom)) is None
    assert bom == to_cyclonedx(make_card(registry.store, registry.model.id, "1", now=NOW))


@pytest.mark.parametrize("make", [bare, full, overfull])
def test_the_hub_accepts_its_front_matter(make):
    """The form that the hub's documentation gives for model-index: name, results of task, dataset, metrics."""
    registry, version = make()
    text = card_markdown(make_card(registry.store, registry.model.id, "1", now=NOW))
    assert text.startswith("---\n")
    front = yaml.safe_load(text[4 : text.index("\n---\n", 4)])
    assert set(front) <= {"library_name", "tags", "datasets", "model-index"}
    for model in front.get("model-index", []):
        assert isinstance(model["name"], str)
        for result in model["results"]:
            assert isinstance(result["task"]["type"], str)
            assert {"type", "name"} <= set(result["dataset"])
            assert [metric["value"] for metric in result["metrics"]] == list(version.metrics.values())
            assert all(isinstance(metric["type"], str) for metric in result["metrics"])


def test_the_hub_reads_its_front_matter_and_hostile_text_stays_in_its_cell():
    registry, _ = full()
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    text = card_markdown(card)
    front = yaml.safe_load(text.split("---")[1])
    assert front["model-index"][0]["results"][0]["metrics"][0] == {"type": "auc", "value": 0.9, "name": "auc"}
    hostile = card.model_copy(
        update={"metrics": card.metrics.model_copy(update={"monitoring": tuple(
            m.model_copy(update={"summary": "a | b\n# heading"}) for m in card.metrics.monitoring)})}
    )  # fmt: skip
    assert "\n# heading" not in card_markdown(hostile)
    assert "a \\| b # heading" in card_markdown(hostile)


LINKS = (
    "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "https://evil.example/x", "www.evil.example", "<b>",
    "![i](http://x/y.png)", "<https://evil.example>", "&lt;script&gt;", "[x]: data:text/html,1",
)  # fmt: skip


@pytest.mark.parametrize("text", LINKS)
def test_no_renderer_makes_a_link_or_html_of_what_people_wrote(text):
    registry, _ = full()
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    details = card.model_details.model_copy(update={"model_name": text, "primary_users": (text,)})
    body = card_markdown(card.model_copy(update={"model_details": details})).split("\n---\n", 1)[1]
    for renderer in (MarkdownIt("gfm-like", {"linkify": False}), MarkdownIt("commonmark", {"html": True})):
        html = renderer.render(body)
        assert not re.search(r"<(a|img|b|script)\b", html)
        assert escape(text, quote=False) in html.replace("&quot;", '"')


def content_schema() -> dict[str, Any]:
    """AWS's own description of a model card's content, from the CloudFormation registry, which names fields in Pascal
    case; the content of the API is the same in snake case."""
    held = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-central-1", "AWS::SageMaker::ModelCard").schema
    content = {key: value for key, value in held["definitions"]["Content"].items() if key != "type"}
    return {**content, "type": "object", "definitions": held["definitions"]}


def pascal(value: Any, name: str = "") -> Any:
    """Field names as CloudFormation has them; what people named themselves stays."""
    if isinstance(value, list):
        return [pascal(item) for item in value]
    if not isinstance(value, dict) or name in {"custom_details", "metadata"}:
        return value
    return {"".join(word.capitalize() for word in key.split("_")): pascal(item, key) for key, item in value.items()}


@pytest.mark.parametrize("make", [bare, full, overfull])
def test_the_sagemaker_card_validates_against_awss_own_schema(make):
    registry, _ = make()
    content = to_sagemaker(make_card(registry.store, registry.model.id, "1", now=NOW))
    assert list(Draft7Validator(content_schema()).iter_errors(pascal(content))) == []
    assert len(json.dumps(content, indent=2)) <= 100_000
    details = content["additional_information"].get("custom_details", {})
    assert (make is overfull) is (details.get("syndic_measures") == "50 of 300 are named")


def test_the_schema_would_find_what_is_wrong():
    wrong = {"IntendedUses": {"RiskRating": "Extreme"}, "Surprise": 1, "EvaluationDetails": [{"Name": "x" * 100}]}
    found = {"/".join(map(str, error.path)) for error in Draft7Validator(content_schema()).iter_errors(wrong)}
    assert found >= {"IntendedUses/RiskRating", ""}


def test_sagemaker_texts_keep_to_its_limits():
    registry, _ = full()
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    long = card.model_copy(update={"intended_use": card.intended_use.model_copy(update={"primary_uses": "x" * 5000})})
    content = to_sagemaker(long)
    assert len(content["intended_uses"]["purpose_of_model"]) == 2048
    assert content["intended_uses"]["risk_rating"] == "High"
    assert set(content) <= {
        "model_overview", "intended_uses", "business_details", "training_details", "evaluation_details",
        "additional_information",
    }  # fmt: skip


def test_a_prediction_is_traced_to_the_version_in_production_at_its_time():
    registry, _ = full()
    registry.version("2", metrics={"auc": 0.95})
    changes = tuple(
        StageChange(
            version=name,
            source=Stage.STAGING,
            target=Stage.PRODUCTION,
            at=NOW + timedelta(days=day),
            by="ann",
            reason="r",
        )
        for name, day in (("1", 0), ("2", 5))
    )
    stages = Stages(model_id=registry.model.id, of={"1": Stage.ARCHIVED, "2": Stage.PRODUCTION}, history=changes)
    registry.store.put(Record(stages_key(registry.model.id), to_json(stages)))
    before = trace_prediction(registry.store, registry.model.id, prediction_id="e-1", at=NOW + timedelta(days=4))
    after = trace_prediction(registry.store, registry.model.id, prediction_id="e-2", at=NOW + timedelta(days=5))
    assert (before.version, before.training.dataset_sha256, after.version) == ("1", "a" * 64, "2")
    assert before.gaps == ("the training run is not on record", "the code's commit is not on record")
    with pytest.raises(NotFoundError, match="as in production at"):
        trace_prediction(registry.store, registry.model.id, prediction_id="e-0", at=NOW - timedelta(days=1))
