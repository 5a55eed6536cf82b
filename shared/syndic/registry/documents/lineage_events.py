"""The training run behind a version as an OpenLineage event, to be sent to whatever collects lineage."""

from __future__ import annotations

import uuid
from typing import Any, Final

from syndic import __version__
from syndic.registry.documents.lineage import NAMESPACE, Lineage
from syndic.registry.models import TrainingData

PRODUCER: Final = f"https://github.com/syndic-ai/syndic/tree/v{__version__}"
SCHEMA: Final = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACETS: Final = "https://openlineage.io/spec/facets/"
VERSION_FACET: Final = f"{FACETS}1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet"
SIZE_FACET: Final = f"{FACETS}1-0-3/DataQualityMetricsInputDatasetFacet.json#/$defs/DataQualityMetricsInputDatasetFacet"
TRAINING_FACET: Final = f"{PRODUCER}/docs/schemas/SyndicTrainingRunFacet.json"


def openlineage_event(lineage: Lineage) -> dict[str, Any]:
    """The run that made a version, as a run event of OpenLineage 2-0-2 of type COMPLETE.

    The same version gives the same event: its run id is a UUID made of model, version and run, and its time is the
    time at which the version was made.
    """
    identity = f"{lineage.model_id}/{lineage.version}"
    training = lineage.training
    facet = {
        **_facet(TRAINING_FACET),
        "hyperparameters": dict(lineage.hyperparameters),
        "metrics": dict(lineage.metrics),
        "gaps": list(lineage.gaps),
    }
    known = {"externalRunId": lineage.run_id, "source": lineage.source, "commit": lineage.commit}
    return {
        "eventType": "COMPLETE",
        "eventTime": lineage.made_at.isoformat(),
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
        "run": {
            "runId": str(uuid.uuid5(NAMESPACE, f"{identity}/{lineage.run_id or 'run'}")),
            "facets": {
                "syndic_training": {**facet, **{name: value for name, value in known.items() if value is not None}}
            },
        },
        "job": {"namespace": "syndic", "name": f"train {lineage.model_name}", "facets": {}},
        "inputs": [] if training.dataset_sha256 is None else [_dataset(training)],
        "outputs": [
            {
                "namespace": "syndic",
                "name": f"model/{identity}",
                "facets": {"version": {**_facet(VERSION_FACET), "datasetVersion": lineage.version}},
            }
        ],
    }


def _dataset(training: TrainingData) -> dict[str, Any]:
    name = training.sources[0] if training.sources else f"sha256:{training.dataset_sha256}"
    size = {"rowCount": training.rows} if training.rows is not None else {}
    return {
        "namespace": "syndic",
        "name": f"dataset/{name}",
        "facets": {"version": {**_facet(VERSION_FACET), "datasetVersion": f"sha256:{training.dataset_sha256}"}},
        "inputFacets": {"dataQualityMetrics": {**_facet(SIZE_FACET), "columnMetrics": {}, **size}},
    }


def _facet(schema: str) -> dict[str, str]:
    return {"_producer": PRODUCER, "_schemaURL": schema}
