"""Captured traffic of a model, and windows of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from demo.traffic import Call
from syndic.adapters.memory import MemoryCaptures
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    Cloud,
    ColumnRole,
    Endpoint,
    RegisteredModel,
    TimeWindow,
)
from syndic.windows import (
    Categories,
    Window,
)
from tests.unit.windows.made import MIXED, START, calls, text

LABELLED = CaptureSchema(inputs=MIXED.inputs, outputs=MIXED.outputs, label=text("paid", ColumnRole.LABEL))
DAY = TimeWindow(start=datetime(2026, 3, 2, tzinfo=UTC), end=datetime(2026, 3, 3, tzinfo=UTC))


def model(form: CaptureFormat = CaptureFormat.SAGEMAKER, schema: CaptureSchema | None = LABELLED) -> RegisteredModel:
    endpoint = Endpoint(
        cloud=Cloud.AWS if form is CaptureFormat.SAGEMAKER else Cloud.AZURE,
        scope="1/eu",
        name="credit",
        resource_id="r",
        status="InService",
        capture=CaptureConfig(enabled=True, format=form, uri="s3://b/capture", labels_uri="s3://b/labels"),
    )
    return RegisteredModel(
        id="credit-1",
        name="credit",
        cloud=endpoint.cloud,
        endpoint=endpoint,
        capture_schema=schema,
        registered_at=START,
    )


def traffic(count: int = 300, step: timedelta = timedelta(minutes=7)) -> list[Call]:
    groups = [([(number, "NS"[number % 2], None)], [("yes", number / 7)]) for number in range(count)]
    return [
        Call(START + step * number, call.event_id, call.inputs, call.outputs)
        for number, call in enumerate(calls(groups))
    ]


def small(*values: Any, **more: Any) -> Window:
    numbers = [value for value in values if not isinstance(value, str)]
    if numbers:
        return Window(len(values), {"x": np.array(values, float)}, **more)
    return Window(len(values), {"x": Categories(np.arange(len(values), dtype=np.int32), values)}, **more)


def captures_of(files: Iterator[tuple[str, bytes]], prefix: str = "s3://b/capture") -> MemoryCaptures:
    captures = MemoryCaptures()
    for name, data in files:
        captures.add(f"{prefix}/{name}", data)
    return captures
