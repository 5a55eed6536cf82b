"""Schemas, calls and comparisons that the tests of windows share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.traffic import Call, event_id
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec
from syndic.windows import Categories, Column, Window

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def numeric(name: str, role: ColumnRole = ColumnRole.FEATURE) -> ColumnSpec:
    return ColumnSpec(name=name, kind=ColumnKind.NUMERIC, role=role)


def text(name: str, role: ColumnRole = ColumnRole.FEATURE) -> ColumnSpec:
    return ColumnSpec(name=name, kind=ColumnKind.CATEGORICAL, role=role)


MIXED = CaptureSchema(
    inputs=(numeric("income"), text("region"), numeric("age")),
    outputs=(text("decision", ColumnRole.PREDICTION), numeric("score", ColumnRole.SCORE)),
)
NUMBERS = CaptureSchema(
    inputs=(numeric("income"), numeric("debt"), numeric("age")), outputs=(numeric("score", ColumnRole.SCORE),)
)


def calls(
    groups: Iterable[tuple[Sequence[Sequence[Any]] | None, Sequence[Sequence[Any]] | None]], endpoint: str = "credit"
) -> list[Call]:
    """Calls one second apart with stable ids."""
    return [
        Call(START + timedelta(seconds=number), event_id(endpoint, number), given, answered)
        for number, (given, answered) in enumerate(groups)
    ]


def blocks(data: bytes, size: int) -> Iterable[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def cells(column: Column) -> list[Any]:
    """Values with None for missing, comparable with ==."""
    if isinstance(column, Categories):
        return list(column.values())
    return [None if math.isnan(value) else value for value in column.tolist()]


def content(window: Window) -> dict[str, Any]:
    """All that a window says about its rows, comparable with ==."""
    times = None if window.times is None else window.times.astype("int64").tolist()
    return {
        "ids": window.ids,
        "times": times,
        "intake": window.intake,
        **{name: cells(column) for name, column in window.columns.items()},
    }
