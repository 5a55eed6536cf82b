from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from syndic_client.errors import ConfigurationError
from syndic_client.schemas import TrainingData
from syndic_client.training import LONGEST, described

ROWS = pd.DataFrame({"age": [20.0, 30, 40, 50], "income": [1.0, 2, 3, 4]})


def test_an_estimator_tells_what_it_is() -> None:
    trained = LogisticRegression(C=0.5).fit(ROWS, [0, 0, 1, 1])
    told = described(trained, data=ROWS, given={"version": "7", "metrics": {"auc": np.float32(0.5)}})

    assert told["version"] == "7"
    assert told["framework"] == f"scikit-learn {sklearn.__version__}"
    assert told["algorithm"] == "LogisticRegression"
    assert told["hyperparameters"]["C"] == 0.5
    assert told["hyperparameters"]["solver"] == "lbfgs"
    assert told["training"] == {"rows": 4, "features": 2}
    assert told["metrics"] == {"auc": 0.5}


def test_a_pipeline_tells_its_steps_by_their_words() -> None:
    told = described(make_pipeline(StandardScaler(), LogisticRegression(C=2.0)), given={"version": "1"})

    assert told["hyperparameters"]["logisticregression__C"] == 2.0
    assert all(len(str(value)) <= LONGEST for value in told["hyperparameters"].values())


def test_what_is_given_says_it_better() -> None:
    trained = LogisticRegression().fit(ROWS, [0, 0, 1, 1])
    given: dict[str, Any] = {
        "version": "1", "algorithm": "scorecard", "hyperparameters": {"C": 3},
        "training": TrainingData(rows=9, sources=("s3://rows",)),
    }  # fmt: skip
    told = described(trained, given=given)

    assert (told["algorithm"], told["hyperparameters"]["C"]) == ("scorecard", 3)
    assert told["training"] == {"rows": 9, "features": 2, "sources": ("s3://rows",)}


def test_a_run_of_mlflow_tells_how_it_was_made() -> None:
    run = SimpleNamespace(
        info=SimpleNamespace(run_id="4f1c", artifact_uri="s3://mlflow/1/4f1c/artifacts"),
        data=SimpleNamespace(
            params={"max_depth": "6"},
            metrics={"auc": 0.91, "loss": math.inf},
            tags={"mlflow.source.git.commit": "deadbeef", "mlflow.user": "olga"},
        ),
    )

    assert described(run, given={"version": "3"}) == {
        "version": "3",
        "run_id": "4f1c",
        "hyperparameters": {"max_depth": "6"},
        "metrics": {"auc": 0.91, "loss": "Infinity"},
        "artefact_location": "s3://mlflow/1/4f1c/artifacts",
        "commit": "deadbeef",
    }


def test_anything_else_tells_its_class() -> None:
    class Scorecard:
        pass

    assert described(Scorecard(), given={"version": "1"}) == {"version": "1", "algorithm": "Scorecard"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (math.nan, "nan"), (math.inf, "inf"), (2**60, str(2**60)), (None, None), (True, True), (np.int64(3), 3),
        ((1, 2), [1, 2]), ([1.5, math.nan], [1.5, "nan"]), (np.float64(0.5), 0.5), ({"a": 1}, "{'a': 1}"),
        ("x" * 900, "x" * LONGEST), (np.array([1, 2]), "array([1, 2])"),
    ],
)  # fmt: skip
def test_a_parameter_is_told_as_json(value: Any, told: Any) -> None:
    class Estimator:
        def get_params(self) -> dict[str, Any]:
            return {"p": value}

    assert described(Estimator(), given={"version": "1"})["hyperparameters"] == {"p": told}


def test_a_measure_that_is_no_number_keeps_its_name() -> None:
    told = described(object(), given={"version": "1", "metrics": {"a": math.nan, "b": -math.inf}})
    assert told["metrics"] == {"a": "NaN", "b": "-Infinity"}


@pytest.mark.parametrize("value", ["good", None, [1]])
def test_a_measure_that_cannot_be_a_number_is_named(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="metrics: 'auc' is no number"):
        described(object(), given={"version": "1", "metrics": {"auc": value}})
