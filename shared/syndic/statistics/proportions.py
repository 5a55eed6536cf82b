"""Shares, their differences and their ratios: intervals, elementwise over arrays of counts.

Counts are numbers or arrays of any shapes that broadcast; results are float arrays of the common shape. All take a
two-sided `confidence`. Where a number is undefined (no trials, a ratio to zero) the arrays hold NaN: that is the
arrays' word for "undefined", which callers turn into a reason before anything leaves them. Nothing raises on counts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syndic.statistics.binomial import clopper_pearson
from syndic.statistics.special import normal_quantile

Floats = NDArray[np.float64]

EXACT_BELOW = 8
"""A share with fewer successes or failures than this gets the exact interval instead of Wilson's."""

KATZ_FROM = 30
"""A ratio gets Katz's log interval when every cell of the two-by-two table holds at least this many.

With fewer, and groups of very different sizes, its coverage falls to 91 %; the score interval's does not.
"""

_HALVINGS = 48


class Interval(NamedTuple):
    """Lower and upper limits."""

    low: Floats
    high: Floats


class Chosen(NamedTuple):
    """Lower and upper limits, and where the first of two methods gave them."""

    low: Floats
    high: Floats
    special: NDArray[np.bool_]


class WithInterval(NamedTuple):
    """Estimates and their limits."""

    value: Floats
    limits: Interval


def wilson(successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a share, within 0 to 1; NaN without trials.

    Its coverage is about nominal on average; at small expected counts it can fall to 92 % (Brown, Cai & DasGupta,
    Statistical Science 16, 2001), which `proportion` avoids. Source: Wilson, JASA 22, 1927.

    Example:
        >>> wilson([10, 0], [100, 0]).low.round(4).tolist()
        [0.0552, nan]
    """
    x, n = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    z2 = normal_quantile(confidence) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = x / n
        centre = (x + z2 / 2) / (n + z2)
        half = np.sqrt(z2 * (rate * (1 - rate) * n + z2 / 4)) / (n + z2)
    low = np.where(x == 0, 0.0, centre - half)
    high = np.where(x == n, 1.0, centre + half)
    nothing = n == 0
    return Interval(np.where(nothing, np.nan, low), np.where(nothing, np.nan, high))


def proportion(successes: ArrayLike, trials: ArrayLike, *, confidence: float = 0.95) -> Chosen:
    """Interval of a share, and where it is the exact one; NaN without trials.

    Wilson's, but the exact interval of Clopper and Pearson, which is conservative, where there are fewer than
    `EXACT_BELOW` successes or failures. Source: `wilson`, `syndic.statistics.binomial.clopper_pearson`.

    Example:
        >>> found = proportion([2, 50], [20, 100])
        >>> found.high.round(3).tolist(), found.special.tolist()
        ([0.317, 0.596], [True, False])
    """
    x, n = np.broadcast_arrays(np.asarray(successes, np.float64), np.asarray(trials, np.float64))
    low, high = wilson(x, n, confidence=confidence)
    few = (np.minimum(x, n - x) < EXACT_BELOW) & (n > 0)
    if few.any():
        exact = [
            clopper_pearson(int(a), int(b), confidence=confidence)
            for a, b in zip(x[few].tolist(), n[few].tolist(), strict=True)
        ]
        low[few], high[few] = np.array(exact).T
    return Chosen(low, high, few)


def newcombe(rates: tuple[Floats, Floats], first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Interval:
    """Newcombe's hybrid interval of a difference, from two shares and their Wilson limits.

    The same square-and-add step ("method of variance estimates recovery", Zou & Donner, Statistics in Medicine 27,
    2008) holds for any two independent estimates with asymmetric limits. Source: Newcombe, Statistics in Medicine 17,
    1998, method 10.

    Args:
        rates: Both estimates, in the same unit.
        first: Lower and upper limits of the first.
        second: Those of the second.

    Example:
        >>> limits = [wilson(x, n) for x, n in ((56, 70), (48, 80))]
        >>> low, high = newcombe((np.array(56 / 70), np.array(48 / 80)), *limits)
        >>> round(float(low), 4), round(float(high), 4)
        (0.0524, 0.3339)
    """
    one, other = rates
    gap = one - other
    low = gap - np.hypot(one - first[0], second[1] - other)
    high = gap + np.hypot(first[1] - one, other - second[0])
    return Interval(low, high)


def ratio(one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike], *, confidence: float = 0.95) -> Chosen:
    """Interval of a ratio of two independent shares, and where it is Katz's.

    Katz's log interval where every cell holds at least `KATZ_FROM`; elsewhere the score interval of Miettinen and
    Nurminen, which stays right next to 0 and 1. The upper limit is infinite where `other` has no success; both are
    NaN where neither has one, or somebody has no trials. Source: `katz`, `miettinen_nurminen`.

    Args:
        one: Successes and trials of the numerator.
        other: Successes and trials of the denominator.
        confidence: Two-sided.

    Example:
        >>> found = ratio((5, 50), (10, 50))
        >>> round(float(found.low), 3), round(float(found.high), 3), bool(found.special)
        (0.188, 1.3, False)
    """
    arrays = np.broadcast_arrays(*(np.asarray(a, np.float64) for a in (*one, *other)))
    x1, n1, x2, n2 = arrays
    use_katz = np.minimum(np.minimum(x1, n1 - x1), np.minimum(x2, n2 - x2)) >= KATZ_FROM
    low, high = np.full(x1.shape, np.nan), np.full(x1.shape, np.nan)
    if use_katz.any():
        low[use_katz], high[use_katz] = katz(*(a[use_katz] for a in arrays), confidence=confidence)
    rest = ~use_katz & (n1 > 0) & (n2 > 0) & (x1 + x2 > 0)
    if rest.any():
        low[rest], high[rest] = miettinen_nurminen(*(a[rest] for a in arrays), confidence=confidence)
    return Chosen(low, high, use_katz)


def katz(x1: Floats, n1: Floats, x2: Floats, n2: Floats, *, confidence: float = 0.95) -> Interval:
    """Katz's log interval of ``(x1/n1) / (x2/n2)``; needs successes on both sides.

    Source: Katz, Baptista, Azen & Pike, Biometrics 34, 1978.

    Example:
        >>> low, high = katz(*(np.array([v]) for v in (40.0, 100.0, 50.0, 100.0)))
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.587], [1.091])
    """
    spread = normal_quantile(confidence) * np.sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
    point = (x1 / n1) / (x2 / n2)
    return Interval(point * np.exp(-spread), point * np.exp(spread))


def miettinen_nurminen(x1: Floats, n1: Floats, x2: Floats, n2: Floats, *, confidence: float = 0.95) -> Interval:
    """Miettinen and Nurminen's score interval of ``(x1/n1) / (x2/n2)``, by bisection on the angle ``atan(ratio)``.

    The limits are the ratios whose score statistic equals the normal quantile. The statistic falls in the ratio, so
    48 halvings of (0, pi/2) give each limit to about 1e-14 of the angle. Needs trials on both sides and a success on
    one. Source: Miettinen & Nurminen, Statistics in Medicine 4, 1985.

    Args:
        x1: Successes of the numerator, arrays of one shape.
        n1: Its trials.
        x2: Successes of the denominator.
        n2: Its trials.
        confidence: Two-sided.

    Example:
        >>> low, high = miettinen_nurminen(*(np.array([v]) for v in (5.0, 50.0, 10.0, 50.0)))
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.188], [1.3])
    """
    z = normal_quantile(confidence)
    shape = (2, *x1.shape)
    target = np.stack([np.full(x1.shape, z), np.full(x1.shape, -z)])
    low, high = np.zeros(shape), np.full(shape, np.pi / 2)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = _score(np.tan(middle), x1, n1, x2, n2) > target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    limits = np.tan((low + high) / 2)
    return Interval(np.where(x1 == 0, 0.0, limits[0]), np.where(x2 == 0, np.inf, limits[1]))


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


def odds(one: ArrayLike, other: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Interval of ``one / other``, two counts of the same rows: Wilson's limits of the share, as odds.

    Given their sum, `one` is binomial. Upper limit infinite where `other` is 0; NaN where both are. Source: `wilson`.

    Example:
        >>> low, high = odds(10, 20)
        >>> round(float(low), 3), round(float(high), 3)
        (0.238, 1.05)
    """
    x, y = np.asarray(one, np.float64), np.asarray(other, np.float64)
    low, high = wilson(x, x + y, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Interval(low / (1 - low), np.where(high >= 1, np.inf, high / (1 - high)))


def larger_of(
    first: tuple[Floats, tuple[Floats, Floats]], second: tuple[Floats, tuple[Floats, Floats]]
) -> WithInterval:
    """The larger of two absolute values, with an interval that is conservative by construction.

    Args:
        first: Estimates and their limits at the confidence ``1 - alpha / 2``.
        second: The other ones, likewise. Then both hold together with at least ``1 - alpha`` (Bonferroni).

    Source: Dunn, JASA 56, 1961, for Bonferroni's intervals.

    Example:
        >>> a = np.array([0.1]), (np.array([-0.1]), np.array([0.3]))
        >>> b = np.array([-0.2]), (np.array([-0.4]), np.array([-0.1]))
        >>> value, (low, high) = larger_of(a, b)
        >>> value.tolist(), low.tolist(), high.tolist()
        ([0.2], [0.1], [0.4])
    """
    ranges = [_absolute_range(*limits) for _, limits in (first, second)]
    low = np.maximum(ranges[0].low, ranges[1].low)
    high = np.maximum(ranges[0].high, ranges[1].high)
    return WithInterval(np.maximum(np.abs(first[0]), np.abs(second[0])), Interval(low, high))


def _absolute_range(low: Floats, high: Floats) -> Interval:
    crosses = (low <= 0) & (high >= 0)
    nearest = np.where(crosses, 0.0, np.minimum(np.abs(low), np.abs(high)))
    return Interval(nearest, np.maximum(np.abs(low), np.abs(high)))


def f1(hits: int, false_alarms: int, misses: int, *, confidence: float = 0.95) -> tuple[float, float, float]:
    """F1 = 2 TP / (2 TP + FP + FN), 0 to 1, and its limits: those of the share TP / (TP + FP + FN), carried through.

    F1 is a rising function of that share (the Jaccard index), so Wilson's interval follows; 0 to 1 without a trial.
    Source: Takahashi et al., Applied Intelligence 52, 2022, discuss F1 as such a function.

    Example:
        >>> [round(v, 3) for v in f1(30, 10, 20)]
        [0.667, 0.548, 0.767]
    """
    trials = hits + false_alarms + misses
    if not trials:
        return 0.0, 0.0, 1.0
    low, high = wilson(hits, trials, confidence=confidence)
    shares = (hits / trials, float(low), float(high))
    return shares[0] * 2 / (1 + shares[0]), shares[1] * 2 / (1 + shares[1]), shares[2] * 2 / (1 + shares[2])
