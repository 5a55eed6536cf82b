"""How many times the rows there are it takes until an answer can be given, if what was observed is the truth."""

from __future__ import annotations

import math
from statistics import NormalDist

from syndic.statistics.special import normal_quantile

POWER = 0.8
"""The chance with which the answer is then given."""


def times_to_prove(distance: float, error: float, *, alpha: float) -> float:
    """How many times the rows a difference needs until a two-sided test proves it.

    Args:
        distance: The observed difference from "no difference", on a scale where the estimate is about normal.
        error: Its standard error with the rows there are, above 0.
        alpha: The p-value below which it is proven.

    Infinite where no difference is observed. Below 1 is possible: the rows there are were enough, by luck.

    Source: Cohen, Statistical Power Analysis, 1988, chapter 2; the standard error falls with the root of the rows.

    Example:
        >>> round(times_to_prove(0.2, 0.15, alpha=0.05), 2), times_to_prove(0.0, 0.1, alpha=0.05)
        (4.41, inf)
    """
    if distance == 0:
        return math.inf
    reach = normal_quantile(1 - alpha) + NormalDist().inv_cdf(POWER)
    return (reach * error / distance) ** 2


def times_to_include(room: float, error: float, *, confidence: float = 0.95) -> float:
    """How many times the rows it takes until a whole interval lies on one side of a limit.

    Args:
        room: The distance of the estimate from the limit, 0 or more.
        error: The standard error with the rows there are.
        confidence: Of the interval.

    Infinite where the estimate is on the limit.

    Source: as `times_to_prove`, with the limit in place of no difference.

    Example:
        >>> round(times_to_include(0.1, 0.06), 2)
        2.83
    """
    return times_to_prove(room, error, alpha=1 - confidence)
