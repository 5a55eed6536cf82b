"""Cards say what is missing, and their exports validate."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import yaml
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator

from syndic.errors import NotFoundError
from syndic.models import EvidenceStatus, to_json
from syndic.ports import Record
from syndic.registry.card import make_card
from syndic.registry.card_formats import to_cyclonedx, to_markdown, to_sagemaker
from syndic.registry.keys import stages_key
from syndic.registry.lineage import openlineage_event, trace_prediction, trace_version
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


def test_an_empty_card_names_what_is_missing():
    registry, _ = bare()
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    assert {"intended_use.primary_uses", "training_data.dataset_sha256", "metrics.monitoring",
            "ethical_considerations.human_oversight", "model_details.risk_level"} <= set(card.missing)  # fmt: skip
    assert "Missing: model_details.algorithm_family" in to_markdown(card)
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


def test_the_hub_reads_its_front_matter_and_hostile_text_stays_in_its_cell():
    registry, _ = full()
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    text = to_markdown(card)
    front = yaml.safe_load(text.split("---")[1])
    assert front["model-index"][0]["results"][0]["metrics"][0] == {"type": "auc", "value": 0.9, "name": "auc"}
    hostile = card.model_copy(
        update={"metrics": card.metrics.model_copy(update={"monitoring": tuple(
            m.model_copy(update={"summary": "a | b\n# heading"}) for m in card.metrics.monitoring)})}
    )  # fmt: skip
    assert "\n# heading" not in to_markdown(hostile)
    assert "a \\| b # heading" in to_markdown(hostile)


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


def test_openlineage_run_ids_are_stable():
    registry, _ = full()
    lineage = trace_version(registry.store, registry.model.id, "1")
    event = openlineage_event(lineage, at=NOW)
    assert event == openlineage_event(lineage, at=NOW)
    assert event["eventType"] == "COMPLETE"
    assert event["inputs"][0]["inputFacets"]["dataQualityMetrics"]["rowCount"] == 1000
