"""Intervals for rates, differences and ratios of rates, elementwise over arrays of counts.

All functions take a two-sided `confidence` and return ``(low, high)`` as float arrays. Where a number is undefined
(no trials, a ratio to zero) the arrays hold NaN: that is the arrays' word for "undefined", which
`syndic.bias.measures.rates` turns into a reason before anything leaves the concern.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

EXACT_BELOW = 8
"""A rate with fewer successes or failures than this gets the exact interval instead of Wilson's."""

KATZ_FROM = 30
"""A ratio gets Katz's log interval when every cell of the two-by-two table holds at least this many.

With fewer, and groups of very different sizes, its coverage falls to 91 %; the score interval's does not.
"""


@lru_cache(maxsize=64)
def quantile(confidence: float) -> float:
    """Two-sided normal quantile: 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95) -> Pair:
    """Wilson's score interval of a proportion (Wilson 1927). Lies within [0, 1]; NaN without trials.

    Its coverage is about nominal on average; at small expected counts it can fall to 92 % (Brown, Cai and DasGupta
    2001), which `proportion` avoids.
    """
    x, n = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    z2 = quantile(confidence) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = x / n
        centre = (x + z2 / 2) / (n + z2)
        half = np.sqrt(z2 * (rate * (1 - rate) * n + z2 / 4)) / (n + z2)
    low = np.where(x == 0, 0.0, centre - half)
    high = np.where(x == n, 1.0, centre + half)
    nothing = n == 0
    return np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)


def proportion(
    successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Interval of a proportion, and whether it is the exact one.

    Wilson's, but the exact interval of Clopper and Pearson (1934), which is conservative, where there are fewer than
    `EXACT_BELOW` successes or failures.
    """
    x, n = np.broadcast_arrays(np.asarray(successes, np.float64), np.asarray(trials, np.float64))
    low, high = wilson(x, n, confidence=confidence)
    few = (np.minimum(x, n - x) < EXACT_BELOW) & (n > 0)
    if few.any():
        low[few], high[few] = _clopper_pearson(x[few], n[few], confidence=confidence)
    return low, high, few


def _clopper_pearson(x: Floats, n: Floats, *, confidence: float) -> Pair:
    """Exact limits by bisection of the binomial tail; needs few successes or few failures."""
    flipped = x > n - x
    k = np.where(flipped, n - x, x)
    half = (1 - confidence) / 2
    wanted = np.stack([np.full(k.shape, 1 - half), np.full(k.shape, half)])  # P(X <= k - 1), P(X <= k)
    counts = np.stack([k - 1, k])
    low, high = np.zeros(wanted.shape), np.ones(wanted.shape)
    for _ in range(48):
        middle = (low + high) / 2
        above = _tail(counts, n, middle) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    lower, upper = (low + high) / 2
    lower, upper = np.where(k == 0, 0.0, lower), np.where(k == n, 1.0, upper)
    return np.where(flipped, 1 - upper, lower), np.where(flipped, 1 - lower, upper)


def _tail(k: Floats, n: Floats, p: Floats) -> Floats:
    """P(X <= k) of a binomial with n trials, for k below `EXACT_BELOW`."""
    term = np.exp(n * np.log1p(-p))
    total = np.where(k >= 0, term, 0.0)
    chances = p / (1 - p)
    for i in range(EXACT_BELOW - 1):
        term = term * (n - i) / (i + 1) * chances
        total = total + np.where(k > i, term, 0.0)
    return total


def newcombe(rates: tuple[Floats, Floats], first: Pair, second: Pair) -> Pair:
    """Newcombe's hybrid interval of a difference, from the two rates and their Wilson limits (Newcombe 1998, 10).

    The same square-and-add step ("method of variance estimates recovery", Zou and Donner 2008) holds for any two
    independent estimates with asymmetric limits, and is used for treatment equality too.
    """
    one, other = rates
    gap = one - other
    low = gap - np.hypot(one - first[0], second[1] - other)
    high = gap + np.hypot(first[1] - one, other - second[0])
    return low, high


def ratio(
    one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike], *, confidence: float = 0.95
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Interval of a ratio of two independent proportions, and whether it is Katz's.

    Katz's log interval (Katz et al. 1978) where every cell holds at least `KATZ_FROM`; elsewhere the score interval of
    Miettinen and Nurminen (1985), which stays right next to 0 and 1. The upper limit is infinite where `other` has no
    success; both are NaN where neither has one, or somebody has no trials.

    Args:
        one: Successes and trials of the numerator.
        other: Successes and trials of the denominator.
        confidence: Two-sided.
    """
    arrays = np.broadcast_arrays(*(np.asarray(a, np.float64) for a in (*one, *other)))
    x1, n1, x2, n2 = arrays
    use_katz = np.minimum(np.minimum(x1, n1 - x1), np.minimum(x2, n2 - x2)) >= KATZ_FROM
    low, high = np.full(x1.shape, np.nan), np.full(x1.shape, np.nan)
    if use_katz.any():
        low[use_katz], high[use_katz] = katz(*(a[use_katz] for a in arrays), confidence=confidence)
    rest = ~use_katz & (n1 > 0) & (n2 > 0) & (x1 + x2 > 0)
    if rest.any():
        low[rest], high[rest] = score_ratio(*(a[rest] for a in arrays), confidence=confidence)
    return low, high, use_katz


def katz(x1: Floats, n1: Floats, x2: Floats, n2: Floats, *, confidence: float = 0.95) -> Pair:
    """Katz's log interval of ``(x1/n1) / (x2/n2)``; needs successes on both sides."""
    spread = quantile(confidence) * np.sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
    point = (x1 / n1) / (x2 / n2)
    return point * np.exp(-spread), point * np.exp(spread)


def score_ratio(x1: Floats, n1: Floats, x2: Floats, n2: Floats, *, confidence: float = 0.95) -> Pair:
    """Miettinen and Nurminen's score interval of ``(x1/n1) / (x2/n2)``, by bisection on the angle ``atan(ratio)``.

    The limits are the ratios whose score statistic equals the normal quantile. The statistic falls in the ratio, so
    48 halvings of (0, pi/2) give each limit to about 1e-14 of the angle.
    """
    z = quantile(confidence)
    shape = (2, *x1.shape)
    target = np.stack([np.full(x1.shape, z), np.full(x1.shape, -z)])
    low, high = np.zeros(shape), np.full(shape, np.pi / 2)
    for _ in range(48):
        middle = (low + high) / 2
        above = _score(np.tan(middle), x1, n1, x2, n2) > target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    limits = np.tan((low + high) / 2)
    return np.where(x1 == 0, 0.0, limits[0]), np.where(x2 == 0, np.inf, limits[1])


def _score(tested: Floats, x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Floats:
    """Score statistic of the hypothesis ratio = `tested`, with Miettinen and Nurminen's N / (N - 1)."""
    total = n1 + n2
    a = total * tested
    b = -(n1 * tested + x1 + n2 + x2 * tested)
    p2 = np.clip((-b - np.sqrt(np.maximum(b * b - 4 * a * (x1 + x2), 0))) / (2 * a), 0, 1)
    p1 = np.clip(p2 * tested, 0, 1)
    variance = (p1 * (1 - p1) / n1 + tested**2 * p2 * (1 - p2) / n2) * total / (total - 1)
    gap: Floats = x1 / n1 - tested * x2 / n2
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = gap / np.sqrt(variance)
    return np.where(variance > 0, statistic, np.where(gap == 0, 0.0, np.copysign(np.inf, gap)))


def odds(one: ArrayLike, other: ArrayLike, *, confidence: float = 0.95) -> Pair:
    """Interval of ``one / other``, two counts of the same rows: Wilson's limits of the share, as odds.

    Given their sum, `one` is binomial. Upper limit infinite where `other` is 0; NaN where both are.
    """
    x, y = np.asarray(one, np.float64), np.asarray(other, np.float64)
    low, high = wilson(x, x + y, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        return low / (1 - low), np.where(high >= 1, np.inf, high / (1 - high))


def larger_of(first: tuple[Floats, Pair], second: tuple[Floats, Pair]) -> tuple[Floats, Pair]:
    """The larger of two absolute values, with an interval that is conservative by construction.

    Args:
        first: Estimates and their limits at the confidence ``1 - alpha / 2``.
        second: The other ones, likewise. Then both hold together with at least ``1 - alpha`` (Bonferroni).
    """
    ranges = [_absolute_range(*limits) for _, limits in (first, second)]
    low = np.maximum(ranges[0][0], ranges[1][0])
    high = np.maximum(ranges[0][1], ranges[1][1])
    return np.maximum(np.abs(first[0]), np.abs(second[0])), (low, high)


def _absolute_range(low: Floats, high: Floats) -> Pair:
    crosses = (low <= 0) & (high >= 0)
    nearest = np.where(crosses, 0.0, np.minimum(np.abs(low), np.abs(high)))
    return nearest, np.maximum(np.abs(low), np.abs(high))
