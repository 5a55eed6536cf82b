"""Writes calls of a model as the clouds capture them, for the demonstration and for tests.

SageMaker: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
Azure ML: https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data
"""

from __future__ import annotations

import base64
import csv
import io
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from demo.collected import Deployed, Logged, envelope, line, whole_second

Cells = Sequence[Any]
Encoding = Literal["CSV", "JSON", "BASE64"]

_BY_SDK = {
    "modelversion": "default",
    "collectdatatype": "pandas.DataFrame",
    "agent": "azureml-ai-monitoring/1.0.0",
}
_NAMESPACE = uuid.UUID("5bd2a8f5-9c0f-4a6e-8f0d-0f5c8f2f6f4e")


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation: usually one row, or several that were sent together.

    Attributes:
        at: When the model answered (aware).
        event_id: SageMaker's id of the call; the CloudEvents id and correlationid on Azure.
        inputs: The rows sent, or None when inputs were not captured.
        outputs: The rows answered, or None when outputs were not captured.
        inference_id: The caller's own id, when one was sent.
    """

    at: datetime
    event_id: str
    inputs: Sequence[Cells] | None
    outputs: Sequence[Cells] | None
    inference_id: str | None = None


@dataclass(frozen=True, slots=True)
class CollectedLabel:
    """What turned out to be true of one call, and when that was collected."""

    at: datetime
    event_id: str
    value: Any


T = TypeVar("T", Call, CollectedLabel)


def event_id(endpoint: str, number: int) -> str:
    """A call's id that is the same on every run."""
    return str(uuid.uuid5(_NAMESPACE, f"{endpoint}/{number}"))


def to_csv(rows: Iterable[Cells]) -> str:
    """Rows as CSV text; None and NaN are empty fields."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow(["" if cell is None or cell != cell else cell for cell in row])  # noqa: PLR0124 (NaN)
    return text.getvalue()


def to_json(rows: Iterable[Cells], names: Sequence[str], wrapper: str = "instances") -> str:
    """Rows as JSON objects inside a wrapper; NaN is null."""
    return json.dumps({wrapper: [_named(row, names) for row in rows]}, allow_nan=False)


def _named(row: Cells, names: Sequence[str]) -> dict[str, Any]:
    return {
        name: None if isinstance(cell, float) and cell != cell else cell  # noqa: PLR0124 (NaN)
        for name, cell in zip(names, row, strict=True)
    }


def sagemaker_line(
    call: Call, *, encoding: Encoding = "CSV", input_names: Sequence[str] = (), output_names: Sequence[str] = ()
) -> str:
    """One line of SageMaker Data Capture. The names are needed for JSON only."""
    sides: dict[str, Any] = {}
    for key, mode, rows, names, wrapper in (
        ("endpointInput", "INPUT", call.inputs, input_names, "instances"),
        ("endpointOutput", "OUTPUT", call.outputs, output_names, "predictions"),
    ):
        if rows is None:
            continue
        text = to_json(rows, names, wrapper) if encoding == "JSON" else to_csv(rows)
        sides[key] = {
            "observedContentType": "application/json" if encoding == "JSON" else "text/csv; charset=utf-8",
            "mode": mode,
            "data": base64.b64encode(text.encode()).decode() if encoding == "BASE64" else text,
            "encoding": encoding,
        }
    metadata = {"eventId": call.event_id, "inferenceTime": whole_second(call.at)}
    if call.inference_id is not None:
        metadata["inferenceId"] = call.inference_id
    record = {"captureData": sides, "eventMetadata": metadata, "eventVersion": "0"}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def sagemaker_files(
    endpoint: str, calls: Iterable[Call], *, variant: str = "AllTraffic", **line: Any
) -> Iterator[tuple[str, bytes]]:
    """Names below the capture destination, and contents: one file for each hour that has calls.

    ``<endpoint>/<variant>/yyyy/mm/dd/hh/<MM-SS-mmm>-<uuid>.jsonl``. `line` goes to `sagemaker_line`.
    """
    for hour, group in _by_hour(calls):
        first = group[0].at.astimezone(UTC)
        name = f"{first:%M-%S}-{first.microsecond // 1000:03d}-{uuid.uuid5(_NAMESPACE, endpoint + hour)}.jsonl"
        yield f"{endpoint}/{variant}/{hour}/{name}", _file(sagemaker_line(call, **line) for call in group)


def label_line(label: CollectedLabel) -> str:
    """One line of SageMaker ground truth."""
    record = {
        "groundTruthData": {"data": str(label.value), "encoding": "CSV"},
        "eventMetadata": {"eventId": label.event_id},
        "eventVersion": "0",
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def label_files(labels: Iterable[CollectedLabel]) -> Iterator[tuple[str, bytes]]:
    """Names below the ground truth prefix, ``yyyy/mm/dd/hh/labels.jsonl`` by hour of collection, and contents."""
    for hour, group in _by_hour(labels):
        yield f"{hour}/labels.jsonl", _file(label_line(label) for label in group)


def collector_event(
    rows: Sequence[Cells], names: Sequence[str], *, call: Call, collection: str, source: str
) -> Mapping[str, Any]:
    """One CloudEvent of the Azure ML data collector."""
    data = [_named(row, names) for row in rows]
    return envelope(
        Logged(
            event_id=call.event_id,
            collection=collection,
            at=call.at,
            data=data,
            size=len(json.dumps(data)),
            correlation=call.inference_id or call.event_id,
            attributes=_BY_SDK,
        ),
        source,
    )


def collector_files(
    endpoint: str,
    calls: Sequence[Call],
    *,
    input_names: Sequence[str],
    output_names: Sequence[str],
    deployment: str = "blue",
    instance: str = "instance-0",
) -> Iterator[tuple[str, bytes]]:
    """Names below the collector's root, and contents: a file of inputs and one of outputs for each hour.

    ``<endpoint>/<deployment>/<collection>/yyyy/MM/dd/HH/<instance>.jsonl``
    """
    deployed = Deployed(endpoint, deployment, instance)
    for collection, names in (("model_inputs", input_names), ("model_outputs", output_names)):
        sides = [(call, call.inputs if collection == "model_inputs" else call.outputs) for call in calls]
        rows_of = {id(call): rows for call, rows in sides if rows is not None}
        for _, group in _by_hour(call for call, rows in sides if rows is not None):
            events = (
                collector_event(rows_of[id(call)], names, call=call, collection=collection, source=deployed.source)
                for call in group
            )
            yield deployed.file(collection, group[0].at), b"".join(map(line, events))


def _by_hour(items: Iterable[T]) -> Iterator[tuple[str, list[T]]]:
    hours: defaultdict[str, list[T]] = defaultdict(list)
    for item in items:
        hours[f"{item.at.astimezone(UTC):%Y/%m/%d/%H}"].append(item)
    for hour in sorted(hours):
        yield hour, sorted(hours[hour], key=lambda item: item.at)


def _file(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
