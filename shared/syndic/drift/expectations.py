"""What a baseline lets others expect of each column, as a plain record: the quality check reads it."""

from __future__ import annotations

from typing import Any, Final

from syndic.drift.baseline import Baseline, NumericBaseline

LISTED: Final = 200
"""Most values of a categorical column that are listed; with more, an unseen value is no surprise."""


def expectations(baseline: Baseline) -> dict[str, Any]:
    """By column: kind, role, rows, missing share, whether constant; range of numbers, list of values."""
    found: dict[str, Any] = {}
    for name, column in baseline.columns.items():
        rows = column.present + column.missing
        expected: dict[str, Any] = {
            "kind": baseline.kind(name).value,
            "role": baseline.role(name).value,
            "rows": rows,
            "missing": column.missing / rows if rows else 0.0,
            "constant": column.constant,
        }
        if isinstance(column, NumericBaseline):
            expected |= {"low": column.low, "high": column.high, "integer_like": column.integer_like}
        elif column.complete and len(column.levels) <= LISTED and not column.identifier:
            expected["values"] = list(column.levels)
        found[name] = expected
    return found
