"""What a baseline lets others expect of each column, as a plain record: the quality check reads it."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from syndic.drift.baseline.model import Baseline, CategoricalBaseline, ColumnBaseline, NumericBaseline

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

    ``top`` is the most frequent present value, as a number or as the kept text, and ``top_share`` its share of the
    present values; ``distinct`` is the number of different present values; ``infinite`` is the share of infinite
    values, of all rows (numeric columns only).

    ``beyond`` is the share of values outside that range or list that is no surprise, because the baseline has few rows.
    Identifiers and dates have neither range nor list: new ones are always outside. ``dates`` says that a window may
    well hold one value only, that of its day; ``unsettled`` that the values may be amounts which could not be read.
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
            "distinct": column.distinct,
            **_most_frequent(column),
        }
        if column.dates:
            expected["dates"] = True
        if unsettled(column):
            expected["unsettled"] = True
        if isinstance(column, NumericBaseline):
            expected["integer_like"] = column.integer_like
            expected["infinite"] = column.infinite / rows if rows else 0.0
            if not (column.identifier or column.dates):
                beyond = min(1.0, RANGE_MASS / max(1, column.present))
                expected |= {"low": column.low, "high": column.high, "beyond": beyond}
        elif column.complete and len(column.levels) <= LISTED and not (column.identifier or column.dates):
            expected |= {"values": list(column.levels), "beyond": unseen_mass(column)}
        found[name] = expected
    return found


def set_aside(column: ColumnBaseline) -> bool:
    """Whether a column is not compared by rule: its values are identifiers or dates, new in every window."""
    return bool(column.dates) or (column.identifier and not unsettled(column))


def unsettled(column: ColumnBaseline) -> bool:
    """Whether nothing can be said of a column: nearly all its texts differ, and they may be amounts."""
    return isinstance(column, CategoricalBaseline) and column.amounts and not column.dates


def _most_frequent(column: ColumnBaseline) -> dict[str, Any]:
    """The most frequent value and its share. A value that is no edge has at most the share between two edges."""
    if column.present == 0:
        return {}
    if isinstance(column, CategoricalBaseline):
        return {"top": column.levels[0], "top_share": int(column.counts[0]) / column.present} if column.levels else {}
    ties = column.at_or_below - column.below
    place = int(np.argmax(ties))
    share = int(ties[place]) / column.present
    if len(ties) < column.distinct and share < column.gap:
        return {"top_share": column.gap}
    top = float(column.edges[place])
    return {"top": top, "top_share": share} if math.isfinite(top) else {"top_share": share}


def unseen_mass(column: CategoricalBaseline) -> float:
    """The share of values that the baseline does not list and that its rows still let expect, 0 to 1.

    Good's estimate, the share of values that occur once, and 3.09 of its standard errors (Esty 1983), so that about
    one baseline in 1,000 lacks more. Source: Good, Biometrika 40, 1953; Esty, Annals of Statistics 11, 1983.
    """
    rows = max(1, column.present)
    once, twice = int((column.counts == 1).sum()), int((column.counts == 2).sum())
    margin = Z_THOUSANDTH * math.sqrt(max(0.0, once * (1 - once / rows) + 2 * twice))
    return min(1.0, max(MISSED_MASS, once + margin) / rows)
