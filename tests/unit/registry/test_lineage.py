"""Lineage events are what OpenLineage's own client would send; a prediction during a deployment is not guessed at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import data_quality_metrics_input_dataset, dataset_version_dataset
from openlineage.client.serde import Serde

from syndic.registry.documents.lineage import trace_prediction, trace_version
from syndic.registry.documents.lineage_events import PRODUCER, TRAINING_FACET, openlineage_event
from syndic.registry.models import Stage, Strategy, TrainingData
from tests.unit.registry.case import Registry
from tests.unit.registry.rollout import Rollout

ROOT = Path(__file__).parents[3]
OWN_FACET = Draft202012Validator(
    json.loads((ROOT / "docs" / "schemas" / "SyndicTrainingRunFacet.json").read_text()),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)


def told_by_the_client(event: dict[str, Any]) -> dict[str, Any]:
    """The event as the vendor's client writes it, without the run's own facets; it refuses what it has no field for."""

    def version(dataset: dict[str, Any]) -> dict[str, Any]:
        said = dataset["facets"]["version"]["datasetVersion"]
        return {"version": dataset_version_dataset.DatasetVersionDatasetFacet(said, producer=PRODUCER)}

    def size(dataset: dict[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in dataset["inputFacets"]["dataQualityMetrics"].items() if name[0] != "_"}
        facet = data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet(**said, producer=PRODUCER)
        return {"dataQualityMetrics": facet}

    made = RunEvent(
        eventTime=event["eventTime"],
        eventType=RunState(event["eventType"]),
        producer=event["producer"],
        run=Run(event["run"]["runId"]),
        job=Job(**event["job"]),
        inputs=[
            InputDataset(one["namespace"], one["name"], facets=version(one), inputFacets=size(one))
            for one in event["inputs"]
        ],
        outputs=[OutputDataset(one["namespace"], one["name"], facets=version(one)) for one in event["outputs"]],
    )
    told: dict[str, Any] = json.loads(Serde.to_json(made))
    return told


@pytest.mark.parametrize("full", [True, False])
def test_the_event_is_what_openlineages_client_would_send(full: bool) -> None:
    registry = Registry()
    fields: dict[str, Any] = {"run_id": "r1", "commit": "c0ffee", "hyperparameters": {"C": {"deep": [1, None]}}}
    registry.version("1", **(fields if full else {"training": TrainingData(), "metrics": {}, "artefacts": ()}))
    event = json.loads(json.dumps(openlineage_event(trace_version(registry.store, registry.model.id, "1"))))

    told = told_by_the_client(event)
    facets = event["run"].pop("facets")
    assert {**event, "run": {**event["run"], "facets": {}}, "outputs": _with_facets(event["outputs"])} == told

    assert [one["inputFacets"]["dataQualityMetrics"]["rowCount"] for one in event["inputs"]] == [1000] * full
    assert facets.keys() == {"syndic_training"}
    assert facets["syndic_training"]["_schemaURL"] == TRAINING_FACET
    assert list(OWN_FACET.iter_errors(facets["syndic_training"])) == []
    again = openlineage_event(trace_version(registry.store, registry.model.id, "1"))
    assert again["run"]["runId"] == event["run"]["runId"], "the same version is the same run"


def _with_facets(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The client writes an empty object where an output has no facets of its own kind."""
    return [{"outputFacets": {}, **one} for one in outputs]


@pytest.mark.parametrize("change", [{"eventTime": "2026-11-01"}, {"eventType": "DONE"}, {"run": {"runId": "no uuid"}}])
def test_the_client_would_refuse_what_is_wrong(change: dict[str, Any]) -> None:
    registry = Registry()
    registry.version("1")
    event = openlineage_event(trace_version(registry.store, registry.model.id, "1"))
    with pytest.raises(ValueError, match=r"date-time|EventType|UUID"):
        told_by_the_client({**event, **change})


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
