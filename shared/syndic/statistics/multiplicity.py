"""Corrections for many tests in one run. None of them is a verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence


def holm(p_values: Sequence[float], *, tests: int | None = None) -> list[float]:
    """Adjusted p-values: rejecting those at most q keeps the chance of any false rejection at most q.

    Step-down; valid under any dependence. Source: Holm, Scandinavian Journal of Statistics 6, 1979.

    Args:
        p_values: NaN marks a comparison that was not made, and stays NaN.
        tests: Size of the family when it is larger than the p-values given. Comparing with a group that the data
            chose (the best-off one) looks at all pairs: ``k (k - 1) / 2``. The p-values not given count as larger,
            which makes the adjustment conservative.

    Returns:
        One value for each p-value, in its place.

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
        >>> holm([0.01, math.nan], tests=6)
        [0.06, nan]
    """
    ranked = _ranked(p_values)
    size, largest = max(len(ranked), tests or 0), 0.0
    adjusted = [math.nan] * len(p_values)
    for rank, place in enumerate(ranked):
        largest = max(largest, min(1.0, p_values[place] * (size - rank)))
        adjusted[place] = largest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values: rejecting those at most q keeps the expected share of false rejections at most q.

    Step-up; valid for independent and for positively dependent tests. NaN stays NaN and does not count.
    Source: Benjamini & Hochberg, JRSS B 57, 1995.

    Returns:
        One value for each p-value, in its place.

    Example:
        >>> benjamini_hochberg([0.01, 0.5, 0.02, 0.03])
        [0.04, 0.5, 0.04, 0.04]
    """
    ranked = _ranked(p_values)
    size, smallest = len(ranked), 1.0
    adjusted = [math.nan] * len(p_values)
    for rank, place in reversed(list(enumerate(ranked))):
        smallest = min(smallest, p_values[place] * size / (rank + 1))
        adjusted[place] = smallest
    return adjusted


def _ranked(p_values: Sequence[float]) -> list[int]:
    """Places of the p-values from the smallest up, those that are NaN left out."""
    return sorted((i for i, p in enumerate(p_values) if not math.isnan(p)), key=p_values.__getitem__)
