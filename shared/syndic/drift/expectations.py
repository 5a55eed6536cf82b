"""What a baseline lets others expect of each column, as a plain record: the quality check reads it."""

from __future__ import annotations

import math
from typing import Any, Final

from syndic.drift.baseline import Baseline, CategoricalBaseline, NumericBaseline

LISTED: Final = 200
"""Most values of a categorical column that are listed; with more, an unseen value is no surprise."""

RANGE_MASS: Final = 9.24
"""Of values like n baseline values more than this / n lie outside their range in one baseline of 1,000.

The share outside is Beta(2, n - 1), about Gamma(2) / n: David & Nagaraja, Order Statistics, 2003, 2.2.
"""

MISSED_MASS: Final = 6.91
"""A value with this / n of the rows is missed by one baseline of n rows in 1,000: -ln(0.001)."""

Z_THOUSANDTH: Final = 3.09


def expectations(baseline: Baseline) -> dict[str, Any]:
    """By column: kind, role, rows, missing share, whether constant; range of numbers, list of values.

    ``beyond`` is the share of values outside that range or list that is no surprise, because the baseline has few rows.
    Identifiers and dates have neither range nor list: new ones are always outside.
    """
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
            expected["integer_like"] = column.integer_like
            if not (column.identifier or column.dates):
                beyond = min(1.0, RANGE_MASS / max(1, column.present))
                expected |= {"low": column.low, "high": column.high, "beyond": beyond}
        elif column.complete and len(column.levels) <= LISTED and not (column.identifier or column.dates):
            expected |= {"values": list(column.levels), "beyond": unseen_mass(column)}
        found[name] = expected
    return found


def unseen_mass(column: CategoricalBaseline) -> float:
    """The share of values that the baseline does not list and that its rows still let expect, 0 to 1.

    Good's estimate, the share of values that occur once, and 3.09 of its standard errors (Esty 1983), so that about
    one baseline in 1,000 lacks more. Source: Good, Biometrika 40, 1953; Esty, Annals of Statistics 11, 1983.
    """
    rows = max(1, column.present)
    once, twice = int((column.counts == 1).sum()), int((column.counts == 2).sum())
    margin = Z_THOUSANDTH * math.sqrt(max(0.0, once * (1 - once / rows) + 2 * twice))
    return min(1.0, max(MISSED_MASS, once + margin) / rows)
