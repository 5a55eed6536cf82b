"""Limits of medians and of ratios by ranks: no distribution is assumed. In the standard library alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

from syndic.statistics.binomial import binomial_tail

EXACT_PAIRS = 400
"""Up to so many pairs the distribution of the rank sum is counted; above, it is approximated by the normal one."""


def median_lower_limit(values: Sequence[float], alpha: float) -> float | None:
    """One-sided lower limit of a median by the sign test, in the values' unit; None when so few values cannot give one.

    Args:
        values: In any order.
        alpha: Chance that the true median is lower.

    Source: Conover, Practical Nonparametric Statistics, 1999, 3.2.

    Example:
        >>> median_lower_limit([5.0, 6.0, 7.0, 8.0, 9.0], 0.05)
        5.0
        >>> median_lower_limit([5.0, 6.0, 7.0, 8.0], 0.05) is None
        True
    """
    ordered, place = sorted(values), 0
    while place < len(ordered) and _sign_tail(place + 1, len(ordered)) <= alpha:
        place += 1
    return ordered[place - 1] if place else None


def _sign_tail(place: int, count: int) -> float:
    """P(X < place) of a binomial with one half: the chance that the median lies below the value at `place`."""
    return binomial_tail(count - place + 1, count, 0.5)


def median_ratio(new: Sequence[float], old: Sequence[float]) -> float:
    """How many times the new values are of the old ones: the median of all pairwise ratios. 1: no change.

    Args:
        new: Positive values, at least one.
        old: Likewise.

    Raises:
        IndexError: A side is empty.
        ZeroDivisionError: An old value is 0.

    Source: Hodges & Lehmann, Annals of Mathematical Statistics 34, 1963, on logarithms.

    Example:
        >>> median_ratio([2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
        2.0
    """
    ratios = sorted(one / other for one in new for other in old)
    middle = len(ratios) // 2
    return ratios[middle] if len(ratios) % 2 else math.sqrt(ratios[middle - 1] * ratios[middle])


def median_ratio_lower_limit(new: Sequence[float], old: Sequence[float], alpha: float) -> float | None:
    """One-sided lower limit of `median_ratio` by the rank-sum test; None when so few values cannot give one.

    Args:
        new: Positive values.
        old: Likewise.
        alpha: Chance that the true ratio is lower.

    Raises:
        ZeroDivisionError: An old value is 0.

    Source: Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 2013, 4.3 (Moses).

    Example:
        >>> median_ratio_lower_limit([2.0, 2.2, 2.4, 2.6], [1.0, 1.1, 1.2, 1.3], 0.05)
        1.6666666666666667
    """
    ratios = sorted(one / other for one in new for other in old)
    place = _rank_place(len(new), len(old), alpha)
    return ratios[place - 1] if place else None


def _rank_place(new: int, old: int, alpha: float) -> int:
    """The greatest k with P(U < k) <= alpha, U the number of pairs in which the new value is below the old one."""
    pairs = new * old
    if pairs == 0:
        return 0
    if pairs > EXACT_PAIRS:
        spread = math.sqrt(pairs * (new + old + 1) / 12)
        return max(0, math.floor(pairs / 2 - NormalDist().inv_cdf(1 - alpha) * spread))
    counts, whole, below = _rank_counts(new, old), math.comb(new + old, new), 0
    for place, count in enumerate(counts):
        below += count
        if below / whole > alpha:
            return place
    return pairs


@lru_cache(maxsize=64)
def _rank_counts(new: int, old: int) -> tuple[int, ...]:
    """How many orders of `new` + `old` values give each U: the coefficients of the Gaussian binomial."""
    counts = [1] + [0] * (new * old)
    for size in range(1, new + 1):
        for place in range(new * old, old + size - 1, -1):
            counts[place] -= counts[place - old - size]
        for place in range(size, new * old + 1):
            counts[place] += counts[place - size]
    return tuple(counts)
