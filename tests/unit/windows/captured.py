"""Capture records as servers write them, payload by payload, for tests of shapes that no demonstration has."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

JSON, CSV = "application/json", "text/csv"


def side(body: Any, media: str = JSON, *, packed: bool = False) -> dict[str, Any]:
    """One side of a SageMaker record; what is not text becomes JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    encoding = "BASE64" if packed else "CSV" if media == CSV else "JSON"
    data = base64.b64encode(text.encode()).decode() if packed else text
    return {"observedContentType": media, "mode": "X", "data": data, "encoding": encoding}


def sagemaker(calls: Iterable[tuple[dict[str, Any] | None, dict[str, Any] | None]]) -> bytes:
    """A capture file of calls, each with its two sides."""
    lines = []
    for number, (given, answered) in enumerate(calls):
        sides = {"endpointInput": given, "endpointOutput": answered}
        record = {
            "captureData": {name: side for name, side in sides.items() if side is not None},
            "eventMetadata": {"eventId": f"e{number}", "inferenceTime": "2026-03-02T09:00:00Z"},
            "eventVersion": "0",
        }
        lines.append(json.dumps(record))
    return ("\n".join(lines) + "\n").encode()


def collector(calls: Iterable[tuple[Any, Any]]) -> bytes:
    """A collector's file in which the events name their collections."""
    lines = []
    for number, sides in enumerate(calls):
        for name, data in zip(("model_inputs", "model_outputs"), sides, strict=True):
            event = {
                "specversion": "1.0",
                "id": f"{name}-{number}",
                "type": f"azureml.inference.{name}",
                "datacontenttype": JSON,
                "time": "2026-03-02T09:00:00Z",
                "correlationid": f"c{number}",
                "data": data,
            }
            lines.append(json.dumps(event))
    return ("\n".join(lines) + "\n").encode()
