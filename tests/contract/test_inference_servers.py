"""Shapes of bodies against the real servers: what one of them takes, the gateway reads as the same rows.

``make proof``, as the servers take long to start. Each shape is posted to the server and given to the gateway: the
server's answer for the body as it is has to be the answer that it gives for the rows that the gateway read. MLServer is
asked where ``MLSERVER_PYTHON`` names the interpreter of an environment that has it (``pip install mlserver``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from syndic.adapters.inference.http import HttpBackends
from syndic.adapters.inference.protocols import MlflowService, OpenInferenceService
from syndic.gateway.bodies import read_body
from syndic.gateway.contract import Contract, check
from syndic.gateway.values import Feature, FeatureType
from syndic.ports import Answers, Asked
from tests.contract.inference_servers import mlflow_models_serve, mlserver
from tests.proof import ALL

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.timeout(600),
              pytest.mark.skipif(not ALL, reason="starts real servers: make proof")]  # fmt: skip

ROOT = Path(__file__).parents[2]
DATA = load_breast_cancer()
NAMES = tuple(str(name) for name in DATA.feature_names)
CONTRACT = Contract(tuple(Feature(name=name, type=FeatureType.DOUBLE) for name in NAMES))
ROWS = [dict(zip(NAMES, map(float, DATA.data[n]), strict=True)) for n in (0, 20, 100)]
LISTS = [list(one.values()) for one in ROWS]
OTHER = [*NAMES[15:], *NAMES[:15]]
MLFLOW: dict[str, tuple[str, Any]] = {
    "dataframe_split": ("application/json", {"dataframe_split": {"columns": list(NAMES), "data": LISTS}}),
    "dataframe_split in another order": ("application/json", {
        "dataframe_split": {"columns": OTHER, "data": [[one[name] for name in OTHER] for one in ROWS]},
    }),
    "dataframe_split with an index": ("application/json", {
        "dataframe_split": {"columns": list(NAMES), "data": LISTS, "index": [7, 8, 9]},
    }),
    "dataframe_records": ("application/json", {"dataframe_records": ROWS}),
    "instances of objects": ("application/json", {"instances": ROWS}),
    "inputs of columns": ("application/json", {"inputs": {name: [one[name] for one in ROWS] for name in NAMES}}),
}  # fmt: skip


def tensors(*, nested: bool) -> list[dict[str, Any]]:
    shape = [len(ROWS), 1] if nested else [len(ROWS)]
    return [
        {"name": name, "shape": shape, "datatype": "FP64",
         "data": [[one[name]] if nested else one[name] for one in ROWS]} for name in NAMES
    ]  # fmt: skip


def matrix(*, nested: bool) -> list[dict[str, Any]]:
    data = LISTS if nested else [value for one in LISTS for value in one]
    return [{"name": "x", "shape": [len(ROWS), len(NAMES)], "datatype": "FP64", "data": data}]


OPEN = {"one tensor, flat": matrix(nested=False), "one tensor, nested": matrix(nested=True)}


def post(address: str, media: str, body: bytes) -> Any:
    answer = urllib3.request("POST", address, body=body, headers={"Content-Type": media}, timeout=60)
    assert answer.status == 200, answer.data[:800]
    return answer.json()


def read(body: bytes, media: str) -> list[dict[str, Any]]:
    return [dict(one) for one in check(read_body(body, media), CONTRACT).rows]


@pytest.fixture(scope="module")
def trained() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(DATA.data, DATA.target)


@pytest.fixture(scope="module")
def mlflow_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    model = tmp_path_factory.mktemp("mlflow") / "model"
    subprocess.run([sys.executable, "-m", "tests.contract.mlflow_saving", str(model)], cwd=ROOT, check=True)
    with mlflow_models_serve(model) as address:
        yield address


@pytest.mark.parametrize("name", MLFLOW)
def test_mlflow_answers_for_a_body_what_it_answers_for_the_rows_that_were_read(mlflow_address: str, name: str) -> None:
    media, value = MLFLOW[name]
    body = json.dumps(value).encode()
    rows = read(body, media)
    assert rows == ROWS
    direct = post(f"{mlflow_address}/invocations", media, body)["predictions"]

    host = mlflow_address.removeprefix("http://")
    service = MlflowService(HttpBackends(hosts=[host], public=None))
    answers = service.predict(Asked("mlflow", mlflow_address, "1", timeout=30), NAMES, rows)

    assert list(answers) == direct
    assert isinstance(answers, Answers)
    assert json.loads(answers.body or b"") == {"predictions": direct}


@pytest.fixture(scope="module")
def open_inference(trained: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    python = os.environ.get("MLSERVER_PYTHON")
    if python is None:
        pytest.skip("MLSERVER_PYTHON names no interpreter with mlserver")
    folder = tmp_path_factory.mktemp("mlserver")
    (folder / "weights.json").write_text(json.dumps(_weights(trained)))
    (folder / "linear.py").write_text(LINEAR)
    settings = {"implementation": "linear.Linear", "parameters": {"uri": str(folder / "weights.json")}}
    with mlserver(Path(python), folder, name="cancer", settings=settings) as address:
        yield address


LINEAR = '''
import json, numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse

class Linear(MLModel):
    """The trained model by its numbers: its own scikit-learn is another one than ours."""

    async def load(self) -> bool:
        self.numbers = {name: np.array(value) for name, value in json.load(open(self.settings.parameters.uri)).items()}
        return True

    async def predict(self, payload):
        columns = [NumpyCodec.decode_input(one) for one in payload.inputs]
        x = columns[0] if len(columns) == 1 else np.column_stack([one.reshape(-1) for one in columns])
        n = self.numbers
        scores = 1 / (1 + np.exp(-(((x - n["mean"]) / n["scale"]) @ n["weights"] + n["intercept"])))
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("probability", scores)])
'''


def _weights(trained: Any) -> dict[str, Any]:
    scaler, last = trained.steps[0][1], trained.steps[1][1]
    return {
        "mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist(), "weights": last.coef_[0].tolist(),
        "intercept": float(last.intercept_[0]),
    }  # fmt: skip


SHAPES = {**OPEN, "a tensor each, flat": tensors(nested=False), "a tensor each, nested": tensors(nested=True)}


@pytest.mark.parametrize("name", SHAPES)
def test_open_inference_answers_for_a_body_what_it_answers_for_the_rows_that_were_read(
    open_inference: str, trained: Any, name: str
) -> None:
    body = json.dumps({"inputs": SHAPES[name]}).encode()
    rows = read(body, "application/json")
    assert rows == ROWS
    direct = post(f"{open_inference}/infer", "application/json", body)["outputs"][0]["data"]

    service = OpenInferenceService(HttpBackends(hosts=[open_inference.split("/")[2]], public=None))
    answers = service.predict(Asked("open_inference", open_inference, "1", timeout=30), NAMES, rows)

    assert list(answers) == pytest.approx(direct, abs=1e-12)
    assert list(answers) == pytest.approx(list(trained.predict_proba(DATA.data[[0, 20, 100]])[:, 1]), abs=1e-9)
