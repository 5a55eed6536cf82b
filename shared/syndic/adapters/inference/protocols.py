"""The protocols of servers: MLflow's, Open Inference, Azure ML's online endpoints, SageMaker's runtime."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol
from urllib.parse import quote

from pydantic import JsonValue

from syndic.adapters.inference.http import HttpBackends
from syndic.errors import UnavailableError
from syndic.ports import Answers, Asked, Cell


class MlflowService:
    """``mlflow models serve`` and everything that speaks as it does: POST ``/invocations``."""

    def __init__(self, http: HttpBackends) -> None:
        self._http = http

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """As `syndic.ports.Backends`."""
        body = {"dataframe_split": _frame(features, rows)}
        url = asked.address if asked.address.endswith("/invocations") else f"{asked.address.rstrip('/')}/invocations"
        answer, data, media = self._http.post_json(url, body, timeout=asked.timeout, secret=asked.secret)
        found = _list(answer.get("predictions") if isinstance(answer, dict) else answer)
        return Answers.read_from(found, data, media)


class AzureMlService:
    """An online endpoint of Azure ML: its scoring address, with MLflow's ``input_data``."""

    def __init__(self, http: HttpBackends) -> None:
        self._http = http

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """As `syndic.ports.Backends`. `asked.variant` names a deployment."""
        data = {**_frame(features, rows), "index": list(range(len(rows)))}
        headers = {"azureml-model-deployment": asked.variant} if asked.variant else {}
        answer, body, media = self._http.post_json(
            asked.address, {"input_data": data}, timeout=asked.timeout, secret=asked.secret, headers=headers
        )
        return Answers.read_from(_list(answer), body, media)


class OpenInferenceService:
    """A server of the Open Inference protocol, version 2: KServe, Triton, MLServer.

    The address is that of the model, ``https://host/v2/models/name`` or with ``/versions/n``. Each feature is a tensor
    of its own. Of several output tensors each gives a column.
    """

    def __init__(self, http: HttpBackends) -> None:
        self._http = http

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """As `syndic.ports.Backends`."""
        inputs = [_tensor(name, [row.get(name) for row in rows]) for name in features]
        url = f"{asked.address.rstrip('/')}/infer"
        answer, data, media = self._http.post_json(url, {"inputs": inputs}, timeout=asked.timeout, secret=asked.secret)
        outputs = answer.get("outputs") if isinstance(answer, dict) else None
        if not isinstance(outputs, list) or not outputs:
            raise UnavailableError("the backend answered without outputs")
        columns = {str(one.get("name")): _rows_of(one, len(rows)) for one in outputs if isinstance(one, dict)}
        if len(columns) == 1:
            return Answers.read_from(next(iter(columns.values())), data, media)
        rowwise = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return Answers.read_from(rowwise, data, media)


class SageMakerRuntime(Protocol):
    """What is used of boto3's client."""

    def invoke_endpoint(self, **request: Any) -> Mapping[str, Any]:
        """Ask an endpoint."""


class SageMakerService:
    """An endpoint of SageMaker, a serverless one too: CSV in, CSV or JSON out."""

    def __init__(self, client: SageMakerRuntime, *, failures: tuple[type[Exception], ...]) -> None:
        self._client, self._failures = client, failures

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[JsonValue]:
        """As `syndic.ports.Backends`. `asked.variant` names the variant that is to answer."""
        body = "\n".join(",".join(_cell(row.get(name)) for name in features) for row in rows)
        variant = {"TargetVariant": asked.variant} if asked.variant else {}
        try:
            answer = self._client.invoke_endpoint(
                EndpointName=asked.address, Body=body.encode(), ContentType="text/csv",
                Accept="application/json;q=0.9,text/csv", **variant,
            )  # fmt: skip
            data: bytes = answer["Body"].read()
            text = data.decode()
        except self._failures as error:
            raise UnavailableError(f"the endpoint {asked.address} did not answer ({type(error).__name__})") from None
        except UnicodeDecodeError:
            raise UnavailableError(f"the endpoint {asked.address} answered with what is not UTF-8") from None
        media = str(answer.get("ContentType") or "text/csv")
        if "json" in media:
            return Answers.read_from(_json_answers(text), data, media)
        return Answers.read_from([_numbers(line) for line in text.splitlines() if line.strip()], data, media)


KNOWN: Final = ("predictions", "Predictions", "outputs", "result")


def _frame(features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> dict[str, list[Any]]:
    """Rows as a table: the columns in the order of the signature, and a list of cells for each row."""
    return {"columns": list(features), "data": [[row.get(name) for name in features] for row in rows]}


def _json_answers(text: str) -> Sequence[JsonValue]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise UnavailableError("the backend answered with what is not JSON") from None
    if isinstance(value, dict):
        value = next((value[name] for name in KNOWN if name in value), value)
    return _list(value)


def _numbers(line: str) -> JsonValue:
    cells = [cell.strip() for cell in line.split(",")]
    try:
        values: list[JsonValue] = [float(cell) for cell in cells]
    except ValueError:
        raise UnavailableError("the backend answered with what is no number") from None
    return values[0] if len(values) == 1 else values


def _cell(value: Cell) -> str:
    text = "" if value is None else str(value)
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _list(value: Any) -> Sequence[JsonValue]:
    if not isinstance(value, list):
        raise UnavailableError("the backend answered without a list of predictions")
    return value


def _tensor(name: str, values: list[Cell]) -> dict[str, Any]:
    kinds = {type(value) for value in values if value is not None}
    datatype = (
        "BOOL" if kinds == {bool} else "INT64" if kinds == {int} else "FP64" if kinds <= {int, float} else "BYTES"
    )
    return {"name": name, "shape": [len(values), 1], "datatype": datatype, "data": values}


def _rows_of(output: Mapping[str, Any], rows: int) -> list[JsonValue]:
    """An output tensor as one answer a row, whether its data is flat or nested."""
    data, shape = output.get("data"), output.get("shape")
    if not isinstance(data, list) or not data or not isinstance(shape, list) or not shape or shape[0] != rows:
        name = quote(str(output.get("name"))[:100], safe="")
        raise UnavailableError(f"the backend's output {name} has no answer for each of {rows} rows")
    if len(data) == rows:
        return [one[0] if isinstance(one, list) and len(one) == 1 else one for one in data]
    width, rest = divmod(len(data), rows)
    if rest or not width:
        raise UnavailableError("the backend's output does not fill its shape")
    return [list(data[start : start + width]) for start in range(0, len(data), width)]
