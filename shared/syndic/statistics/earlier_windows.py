"""A number of one window beside the same number of earlier windows, each known with its own error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from syndic.statistics.special import student_point

FEWEST_EARLIER: Final = 3
"""Earlier windows from which it can be said how much they differ."""

_LEAST: Final = 1e-9


class Change(NamedTuple):
    """How far a number is from what earlier windows let expect, and the limits of that."""

    before: float
    change: float
    low: float
    high: float


def change_from(
    now: float, error: float, before: Sequence[float], errors: Sequence[float], *, level: float = 0.05
) -> Change | None:
    """How much a window's number differs from the mean of earlier ones, which differ among themselves too.

    The limits contain 0 in ``1 - level`` of windows that are like the earlier ones: they hold the error of the window,
    what earlier windows vary beyond their own errors, and the error of their mean. None with fewer than three.

    Args:
        now: The number.
        error: Its standard error.
        before: The numbers of earlier windows.
        errors: Their standard errors; not negative.
        level: 0 < level < 0.5.

    Source: Higgins, Thompson & Spiegelhalter, JRSS A 172, 2009, for the limits of a next study; DerSimonian & Laird,
        Controlled Clinical Trials 7, 1986, for how much studies differ.

    Example:
        >>> found = change_from(0.80, 0.01, [0.90, 0.91, 0.89, 0.90], [0.01] * 4)
        >>> round(found.before, 2), round(found.change, 2), round(found.low, 2), round(found.high, 2)
        (0.9, -0.1, -0.14, -0.06)
    """
    if len(before) < FEWEST_EARLIER:
        return None
    variances = [max(one, _LEAST) ** 2 for one in errors]
    weights = [1.0 / variance for variance in variances]
    mean = _mean(before, weights)
    scale = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    excess = sum(weight * (value - mean) ** 2 for weight, value in zip(weights, before, strict=True)) - len(before) + 1
    spread = max(0.0, excess / scale)
    weights = [1.0 / (variance + spread) for variance in variances]
    mean = _mean(before, weights)
    reach = student_point(level, len(before) - 1) * math.sqrt(error**2 + spread + 1.0 / sum(weights))
    return Change(mean, now - mean, now - mean - reach, now - mean + reach)


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)
