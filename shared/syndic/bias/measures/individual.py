"""Individual fairness: do rows that are alike get the same decision? Needs rows, so it looks at a bounded sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.grouping import code_outcome
from syndic.bias.counting.tally import Plan
from syndic.bias.counting.tensor import ABSENT
from syndic.windows import Categories, Window

Floats = NDArray[np.float64]

SAMPLE = 2000
"""Rows looked at: neighbours are found by comparing all pairs."""


def consistency(features: Floats, decisions: Floats, *, neighbours: int = 5) -> float:
    """One minus the mean distance of a row's decision from that of its nearest neighbours (Zemel et al. 2013).

    1: alike rows are always decided alike; lower: less so. A row counts among its own neighbours, as in AIF360.

    Args:
        features: ``[row, feature]``; Euclidean distances are taken as they are, so scale them before.
        decisions: 0 or 1 for each row.
        neighbours: How many.
    """
    k = min(neighbours, len(features))
    squares = (features**2).sum(axis=1)
    total = 0.0
    for start in range(0, len(features), 256):
        block = features[start : start + 256]
        distances = squares - 2 * block @ features.T  # the block's own squares do not change the order
        near = decisions[_nearest(distances, k)].sum(axis=1)  # of zeros and ones: exact in any order
        total += float(np.abs(decisions[start : start + 256] - near / k).sum())
    return 1 - total / len(features)


def _nearest(distances: Floats, k: int) -> NDArray[np.intp]:
    """Places of the `k` smallest of each row, the first ones among equals: all that sorting would be asked."""
    last = np.partition(distances, k - 1, axis=1)[:, k - 1 : k]
    near = distances <= last
    found = np.flatnonzero(near)  # at least `k` of each row
    if len(found) > k * len(distances):
        crowded = np.flatnonzero(np.count_nonzero(near, axis=1) > k)  # few: where several lie equally far
        nearer, equal = distances[crowded] < last[crowded], distances[crowded] == last[crowded]
        room = k - np.count_nonzero(nearer, axis=1, keepdims=True)
        near[crowded] = nearer | (equal & (np.cumsum(equal, axis=1) <= room))
        found = np.flatnonzero(near)
    places: NDArray[np.intp] = found.reshape(-1, k) % distances.shape[1]
    return places


def sample_consistency(window: Window, plan: Plan) -> dict[str, float | int] | None:
    """The consistency of the predictions on evenly spaced rows, by all features but the protected ones.

    Numbers are standardised, texts become indicator columns, missing numbers the mean. None without features or with
    fewer than 30 decided rows.
    """
    if plan.prediction is None or plan.prediction not in window.columns or plan.regression:
        return None
    decisions = code_outcome(window.columns[plan.prediction], plan.favourable)
    rows = np.flatnonzero(decisions != ABSENT)
    rows = rows[np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(np.intp)] if len(rows) else rows
    left_out = {plan.prediction, plan.label, plan.score, *(a.source_column for a in plan.attributes)}
    columns = [
        part for name, column in window.columns.items() if name not in left_out for part in _encoded(column, rows)
    ]
    if len(rows) < 30 or not columns:
        return None
    value = consistency(np.column_stack(columns), decisions[rows].astype(np.float64))
    return {"value": value, "rows": len(rows), "neighbours": 5}


def _encoded(column: Floats | Categories, rows: NDArray[np.intp]) -> list[Floats]:
    if isinstance(column, Categories):
        codes = column.codes[rows]
        levels = np.unique(codes)
        if len(levels) > 50:
            return []  # an identifier, not a feature to be alike in
        return [(codes == level).astype(np.float64) for level in levels.tolist() if level >= 0]
    values = column[rows]
    finite = np.isfinite(values)
    if not finite.any():
        return []
    mean, spread = float(values[finite].mean()), float(values[finite].std())
    return [np.where(finite, (values - mean) / spread, 0.0)] if spread > 0 else []
