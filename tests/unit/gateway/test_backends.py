"""What answers: protocols against recorded bodies, linear files, and a breaker before each service."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from skops import io as skops

from syndic.adapters.aws.messaging.inference_queue import SqsInferenceLog
from syndic.adapters.inference.http import HttpBackends
from syndic.adapters.inference.linear import LinearService, read_skops
from syndic.adapters.inference.protocols import AzureMlService, MlflowService, OpenInferenceService, SageMakerService
from syndic.adapters.inference.services import FAILURES, RESTING, Services
from syndic.errors import InvalidInputError, UnavailableError
from syndic.ports import Asked

X, Y = load_breast_cancer(return_X_y=True)
ROWS = [{"a": 1.0, "b": None}, {"a": 2.5, "b": "x,y"}]


class Http(HttpBackends):
    """Notes what is posted and answers what it was given."""

    def __init__(self, answer: Any) -> None:
        super().__init__(public=None)
        self.answer, self.posted = answer, []  # type: ignore[var-annotated]

    def post_json(self, url: str, value: Any, **given: Any) -> Any:
        self.posted.append((url, json.loads(json.dumps(value)), given.get("headers")))
        return self.answer, json.dumps(self.answer).encode(), "application/json"


def asked(kind: str, address: str, **given: Any) -> Asked:
    return Asked(kind=kind, address=address, version="1", **given)


def test_mlflow_is_asked_by_its_split_frame() -> None:
    http = Http({"predictions": [0.1, 0.2]})

    assert MlflowService(http).predict(asked("mlflow", "https://m.example.org/"), ["a", "b"], ROWS) == [0.1, 0.2]
    frame = {"columns": ["a", "b"], "data": [[1.0, None], [2.5, "x,y"]]}
    assert http.posted == [("https://m.example.org/invocations", {"dataframe_split": frame}, None)]


def test_azure_ml_is_asked_with_its_input_data_and_may_name_a_deployment() -> None:
    http = Http([0.1, 0.2])
    service = AzureMlService(http)

    assert service.predict(asked("azure_ml", "https://e.azure.example/score", variant="blue"), ["a"], ROWS) == [
        0.1,
        0.2,
    ]
    assert http.posted[0][2] == {"azureml-model-deployment": "blue"}
    assert http.posted[0][1]["input_data"]["data"] == [[1.0], [2.5]]


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ([{"name": "p", "shape": [2], "datatype": "FP64", "data": [0.1, 0.2]}], [0.1, 0.2]),
        ([{"name": "p", "shape": [2, 1], "datatype": "FP64", "data": [[0.1], [0.2]]}], [0.1, 0.2]),
        ([{"name": "p", "shape": [2, 2], "datatype": "FP64", "data": [0.9, 0.1, 0.8, 0.2]}], [[0.9, 0.1], [0.8, 0.2]]),
        (
            [
                {"name": "label", "shape": [2], "datatype": "INT64", "data": [0, 1]},
                {"name": "p", "shape": [2], "datatype": "FP32", "data": [0.1, 0.7]},
            ],
            [{"label": 0, "p": 0.1}, {"label": 1, "p": 0.7}],
        ),
    ],
)
def test_open_inference_gives_one_answer_a_row_however_its_tensors_lie(outputs: Any, expected: Any) -> None:
    http = Http({"model_name": "m", "outputs": outputs})
    address = "https://kserve.example.org/v2/models/m"

    assert OpenInferenceService(http).predict(asked("open_inference", address), ["a"], ROWS) == expected
    assert http.posted[0][:2] == (
        f"{address}/infer", {"inputs": [{"name": "a", "shape": [2, 1], "datatype": "FP64", "data": [1.0, 2.5]}]},
    )  # fmt: skip


@pytest.mark.parametrize("answer", [None, {}, {"outputs": []}, {"outputs": [{"name": "p", "shape": [3], "data": [1]}]}])
def test_an_answer_without_rows_is_none(answer: Any) -> None:
    with pytest.raises(UnavailableError):
        OpenInferenceService(Http(answer)).predict(asked("open_inference", "https://k/v2/models/m"), ["a"], ROWS)


class Runtime:
    """SageMaker's runtime, as boto3 has it."""

    def __init__(self, body: str, kind: str) -> None:
        self.body, self.kind, self.requests = body, kind, []  # type: ignore[var-annotated]

    def invoke_endpoint(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        if self.body == "down":
            raise TimeoutError
        return {"Body": io.BytesIO(self.body.encode()), "ContentType": self.kind}


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ("0.1\n0.2\n", "text/csv", [0.1, 0.2]),
        ("0.9,0.1\n0.8,0.2", "text/csv; charset=utf-8", [[0.9, 0.1], [0.8, 0.2]]),
        ('{"predictions": [{"score": 0.1}, {"score": 0.2}]}', "application/json", [{"score": 0.1}, {"score": 0.2}]),
        ("[0.1, 0.2]", "application/json", [0.1, 0.2]),
    ],
)  # fmt: skip
def test_sagemaker_is_asked_with_csv(body: str, kind: str, expected: Any) -> None:
    runtime = Runtime(body, kind)
    service = SageMakerService(runtime, failures=(TimeoutError,))

    assert service.predict(asked("sagemaker", "credit", variant="v2"), ["a", "b"], ROWS) == expected
    assert runtime.requests[0]["Body"] == b'1.0,\n2.5,"x,y"'
    assert runtime.requests[0]["TargetVariant"] == "v2"
    with pytest.raises(UnavailableError, match="did not answer"):
        SageMakerService(Runtime("down", kind), failures=(TimeoutError,)).predict(asked("sagemaker", "c"), ["a"], ROWS)


LINEAR: dict[str, Callable[[], Any]] = {
    "scaled": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=5_000)),
    "not centred": lambda: make_pipeline(StandardScaler(with_mean=False), LogisticRegression(max_iter=5_000)),
    "not scaled": lambda: make_pipeline(StandardScaler(with_std=False), LogisticRegression(max_iter=5_000)),
    "to a range": lambda: make_pipeline(MinMaxScaler(), LogisticRegression(max_iter=5_000)),
    "alone": lambda: LogisticRegression(max_iter=50_000),
    "without an intercept": lambda: make_pipeline(StandardScaler(), LogisticRegression(fit_intercept=False)),
    "a regression": LinearRegression,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("make", LINEAR.values(), ids=LINEAR)
def test_a_linear_file_answers_as_scikit_learn_does(make: Callable[[], Any]) -> None:
    model = make().fit(X, Y)
    expected = model.predict_proba(X)[:, 1] if hasattr(model, "predict_proba") else model.predict(X)
    names = [f"x{n}" for n in range(X.shape[1])]
    rows = [dict(zip(names, map(float, one), strict=True)) for one in X[:50]]
    service = LinearService(lambda _address: skops.dumps(model))

    assert np.abs(read_skops(skops.dumps(model)).predict(X) - expected).max() < 1e-9
    assert service.predict(asked("linear", "m.skops"), names, rows) == pytest.approx(list(expected[:50]))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: RandomForestClassifier(n_estimators=2).fit(X, Y), "RandomForestClassifier is not read here"),
        (lambda: LogisticRegression().fit(X[:60, :3], np.arange(60) % 3), "more than one output"),
        (lambda: make_pipeline(MinMaxScaler(clip=True), LogisticRegression()).fit(X, Y), "MinMaxScaler is not read"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_any_other_file_is_refused_by_its_name(make: Callable[[], Any], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        read_skops(skops.dumps(make()))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nonsense", b"\x80\x04pickled"])
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match="not a skops file"):
        read_skops(data)


def test_a_service_that_fails_is_left_alone_and_tried_again() -> None:
    now, calls, down = [0.0], [], [True]

    class Service:
        def predict(self, one: Any, features: Any, rows: Any) -> list[float]:
            calls.append(one)
            if down[0]:
                raise UnavailableError("away")
            return [0.5]

    services = Services({"mlflow": Service()}, clock=lambda: now[0])
    one = asked("mlflow", "https://m")
    for _ in range(FAILURES + 3):
        with pytest.raises(UnavailableError):
            services.predict(one, ["a"], ROWS)
    assert len(calls) == FAILURES
    now[0] = RESTING + 1
    down[0] = False

    assert services.predict(one, ["a"], ROWS) == [0.5]
    with pytest.raises(InvalidInputError, match="there are mlflow"):
        services.predict(asked("onnx", "x"), ["a"], ROWS)


def test_an_address_of_the_own_network_is_refused_unless_it_is_named() -> None:
    for address in ("http://127.0.0.1:1/invocations", "https://169.254.169.254/latest", "file:///etc/passwd"):
        with pytest.raises(InvalidInputError):
            HttpBackends(public=None).post_json(address, {}, timeout=1, secret=None)


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff\xfe", b"1" * 5_000])
def test_a_body_without_end_is_no_answer_and_ends_no_process(body: bytes) -> None:
    class Public:
        def post(self, *_: Any, **__: Any) -> Any:
            return SimpleNamespace(status=200, body=body, headers={})

    class Runtime:
        def invoke_endpoint(self, **_: Any) -> Any:
            return {"Body": io.BytesIO(body), "ContentType": "application/json"}

    http = HttpBackends(public=Public())  # type: ignore[arg-type]
    runtime: Any = Runtime()
    with pytest.raises(UnavailableError, match="not JSON"):
        MlflowService(http).predict(asked("mlflow", "https://m.example.org/"), ["a"], [{"a": 1.0}])
    with pytest.raises(UnavailableError, match=r"not JSON|not UTF-8"):
        SageMakerService(runtime, failures=()).predict(asked("sagemaker", "one"), ["a"], [{"a": 1.0}])


@pytest.mark.parametrize("outputs", [
    [{"name": "p", "shape": [1], "data": []}], [{"name": "p", "shape": [1, 0], "data": []}],
    [{"name": "p", "shape": [2], "data": [0.1, 0.2]}], [{"name": "p", "shape": "1", "data": [0.1]}],
    [{"name": "p", "shape": [1]}], [], None, {},
])  # fmt: skip
def test_tensors_that_hold_no_answer_for_each_row_are_no_answer(outputs: Any) -> None:
    service = OpenInferenceService(Http({"outputs": outputs}))

    with pytest.raises(UnavailableError):
        service.predict(asked("open_inference", "https://k.example.org/v2/models/m"), ["a"], ROWS[:1])


@pytest.mark.filterwarnings("ignore")
def test_a_linear_file_goes_by_the_names_that_it_was_trained_with() -> None:
    frame = pd.DataFrame(X[:, :3], columns=["c", "a", "b"])
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, Y)
    service = LinearService(lambda _address: skops.dumps(model))
    rows = [dict(zip(frame.columns, map(float, one), strict=True)) for one in X[:5, :3]]

    found = service.predict(asked("linear", "m.skops"), ["a", "b", "c"], rows)

    assert found == pytest.approx(list(model.predict_proba(frame)[:5, 1]))
    with pytest.raises(InvalidInputError, match="other features"):
        service.predict(asked("linear", "m.skops"), ["a", "b", "d"], [{"a": 1.0, "b": 1.0, "d": 1.0}])


def test_a_record_that_no_message_takes_keeps_no_others_waiting() -> None:
    sent: list[str] = []

    class Sqs:
        def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
            assert all(len(one["MessageBody"].encode()) <= 256 * 1024 for one in Entries), QueueUrl
            assert not any(sign in one["MessageBody"] for one in Entries for sign in "\ufffe\uffff")  # as SQS refuses
            sent.extend(one["MessageBody"] for one in Entries)
            return {}

    records = SqsInferenceLog(Sqs(), "queue")  # type: ignore[arg-type]
    for text in ("one", "x" * 300_000, "\uffff and \ufffe", "three"):
        records.offer("m", json.dumps(text, ensure_ascii=False).encode())
    records.flush()

    assert list(map(json.loads, sent)) == ["one", "\uffff and \ufffe", "three"]
