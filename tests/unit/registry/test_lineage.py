"""Lineage events validate against OpenLineage's own schemas; a prediction during a deployment is not guessed at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry as Schemas
from referencing import Resource

from syndic.registry.lineage import trace_prediction, trace_version
from syndic.registry.models import Stage, Strategy, TrainingData
from syndic.registry.openlineage import SCHEMA, SIZE_FACET, TRAINING_FACET, VERSION_FACET, openlineage_event
from tests.unit.registry.case import Registry
from tests.unit.registry.rollout import Rollout

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "lineage"


def validator(reference: str) -> Draft202012Validator:
    """Of what a schema URL points to, which must be one of the schemas kept here."""
    held = [json.loads(path.read_text()) for path in GOLDEN.glob("*.json")]
    own = json.loads((ROOT / "docs" / "schemas" / "SyndicTrainingRunFacet.json").read_text())
    known = [(one["$id"], Resource.from_contents(one)) for one in held]
    schemas: Schemas[Any] = Schemas().with_resources([*known, (TRAINING_FACET, Resource.from_contents(own))])
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator({"$ref": reference}, registry=schemas, format_checker=checker)


@pytest.mark.parametrize("full", [True, False])
def test_the_event_validates_against_openlineages_schemas(full: bool) -> None:
    registry = Registry()
    fields: dict[str, Any] = {"run_id": "r1", "commit": "c0ffee", "hyperparameters": {"C": {"deep": [1, None]}}}
    registry.version("1", **(fields if full else {"training": TrainingData(), "metrics": {}, "artefacts": ()}))
    event = json.loads(json.dumps(openlineage_event(trace_version(registry.store, registry.model.id, "1"))))
    assert event["schemaURL"] == SCHEMA
    assert list(validator(SCHEMA).iter_errors(event)) == []
    assert list(validator(TRAINING_FACET).iter_errors(event["run"]["facets"]["syndic_training"])) == []
    (output,) = event["outputs"]
    assert list(validator(VERSION_FACET).iter_errors(output["facets"]["version"])) == []
    for one in event["inputs"]:
        assert list(validator(SIZE_FACET).iter_errors(one["inputFacets"]["dataQualityMetrics"])) == []
        assert one["inputFacets"]["dataQualityMetrics"]["rowCount"] == 1000
    assert len(event["inputs"]) == full
    again = openlineage_event(trace_version(registry.store, registry.model.id, "1"))
    assert again["run"]["runId"] == event["run"]["runId"], "the same version is the same run"


@pytest.mark.parametrize("change", [{"eventTime": None}, {"producer": 1}, {"run": {"runId": "no uuid"}}, {"job": {}}])
def test_the_schema_would_find_what_is_wrong(change: dict[str, Any]) -> None:
    registry = Registry()
    registry.version("1")
    event = openlineage_event(trace_version(registry.store, registry.model.id, "1"))
    assert list(validator(SCHEMA).iter_errors({**event, **change}))


def test_a_prediction_while_two_versions_answered_says_so() -> None:
    rollout = Rollout(strategy=Strategy.CANARY)
    before = rollout.now
    rollout.tick()
    rollout.plan(target=Stage.PRODUCTION)
    rollout.tick()
    rollout.tick()
    during = rollout.now

    def gaps(at: Any) -> list[str]:
        found = trace_prediction(rollout.store, rollout.model_id, prediction_id="e-1", at=at).gaps
        return [gap for gap in found if gap.startswith("deployment ")]

    assert gaps(before) == []
    (said,) = gaps(during)
    assert "was bringing version 2 to car-loan at that time: the prediction may be of 2" in said
