"""How far two samples are apart: named numbers from raw values, or from counts on the same bins, never a verdict.

"Before" and "after" are interchangeable unless said otherwise. Values are one-dimensional float arrays; NaN is missing
and left out. Bins are one-dimensional arrays of counts, 0 or more, of the same length on both sides.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.statistics.means import Estimate
from syndic.statistics.special import chi_square_point, chi_square_sf, kolmogorov_sf, logistic, normal_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EMPTY_BIN = 0.5
"""What an empty bin counts in PSI. One empty bin decides the answer, so the floor is stated: half a row."""


class KolmogorovSmirnov(NamedTuple):
    """The largest gap between two distribution functions, 0 to 1, and its p-value."""

    statistic: float
    p: float


class ChiSquare(NamedTuple):
    """Pearson's statistic, its degrees of freedom and its p-value."""

    statistic: float
    degrees: int
    p: float


def kolmogorov_smirnov(before: Floats, after: Floats) -> KolmogorovSmirnov:
    """The exact two-sample Kolmogorov-Smirnov statistic of present values, and its asymptotic p.

    0: the same; 1: disjoint. Equal to ``scipy.stats.ks_2samp(...).statistic``. Infinite values count as such.
    Source: Smirnov, Bull. Math. Univ. Moscou 2, 1939.

    Raises:
        InvalidInputError: A side has no value.

    Example:
        >>> found = kolmogorov_smirnov(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0, np.nan]))
        >>> round(found.statistic, 4), round(found.p, 4)
        (0.3333, 0.9963)
    """
    one, other = _present(before), _present(after)
    # Gaps only open at values of either side, and after the last equal value: the right-sided counts suffice.
    values = np.concatenate((one, other))
    gap = np.abs(
        np.searchsorted(one, values, side="right") / len(one)
        - np.searchsorted(other, values, side="right") / len(other)
    )
    statistic = float(np.max(gap))
    return KolmogorovSmirnov(statistic, kolmogorov_smirnov_p(statistic, len(one), len(other)))


def kolmogorov_smirnov_p(statistic: float, rows_before: float, rows_after: float) -> float:
    """Asymptotic p of a two-sample Kolmogorov-Smirnov statistic: `kolmogorov_sf` of ``sqrt(nm / (n + m)) D``.

    Too large rather than too small for small samples, and far too large for values that repeat often.
    Source: Smirnov, Bull. Math. Univ. Moscou 2, 1939.

    Raises:
        ZeroDivisionError: Both sides have no row.

    Example:
        >>> round(kolmogorov_smirnov_p(0.1, 1000, 500), 5)
        0.00255
    """
    return kolmogorov_sf(math.sqrt(rows_before * rows_after / (rows_before + rows_after)) * statistic)


_SQUARES: Final = 1e150  # squares of larger numbers are infinite


def wasserstein(before: Floats, after: Floats) -> float | None:
    """The exact Wasserstein-1 distance in standard deviations of `before`; None where there is none.

    0: the same; 1: as far as a shift by one standard deviation. None where `before` is constant, a
    side has an infinite value, or `after` lies too far away for a number. Source: Villani, Optimal Transport, 2009.

    Raises:
        InvalidInputError: A side has no value.

    Example:
        >>> wasserstein(np.array([-1.0, 1.0]), np.array([1.0, 3.0]))
        2.0
    """
    one, other = _present(before), _present(after)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return None
    largest = max(-one[0], one[-1], -other[0], other[-1])
    if largest > _SQUARES:  # the distance is free of any unit, so the values may be written in a larger one
        one, other = one / largest, other / largest
    spread = float(one.std())
    if one[0] == one[-1] or spread == 0.0:
        return None
    values = np.sort(np.concatenate((one, other)))
    gap = np.abs(
        np.searchsorted(one, values[:-1], side="right") / len(one)
        - np.searchsorted(other, values[:-1], side="right") / len(other)
    )
    distance = float(np.sum(gap * np.diff(values)) / spread)
    return distance if math.isfinite(distance) else None


def _present(values: Floats) -> Floats:
    ordered = np.sort(values)
    present = ordered[: int(np.searchsorted(ordered, np.inf, side="right"))]
    if len(present) == 0:
        raise InvalidInputError("a distribution without any value cannot be compared")
    return present


def psi(before: Ints, after: Ints) -> float:
    """Population stability index: sum of ``(a - e) ln(a / e)`` over bins, e the share before, a the one after.

    0: the shares are equal; it has no upper limit and no unit (nats). It is the symmetrised Kullback-Leibler
    divergence. A bin empty on one side counts half a row there, and the shares are taken after that; a bin empty on
    both sides is left out. Source: Lewis, An Introduction to Credit Scoring, 1994; Siddiqi 2006.

    Example:
        >>> round(psi(np.array([50, 50]), np.array([80, 20])), 4)
        0.4159
    """
    if before.all() and after.all():
        e, a = before / before.sum(), after / after.sum()
        return float(np.sum((a - e) * np.log(a / e)))
    some = (before + after) > 0
    one = np.where(before[some] > 0, before[some], EMPTY_BIN)
    other = np.where(after[some] > 0, after[some], EMPTY_BIN)
    e, a = one / one.sum(), other / other.sum()
    return float(np.sum((a - e) * np.log(a / e)))


def psi_null_point(rows_before: int, rows_after: int, bins: int, probability: float = 0.95) -> float:
    """The PSI that samples of this size stay below with `probability` when nothing changed.

    Under no change PSI is about ``(1/N + 1/M)`` times chi-square with bins - 1 degrees of freedom. 0 with one bin.
    Source: Yurdakul & Naranjo, Journal of Risk Model Validation 14(4), 2020.

    Raises:
        ZeroDivisionError: A side has no row.

    Example:
        >>> round(psi_null_point(10_000, 1_000, 10), 4)
        0.0186
    """
    if bins < 2:
        return 0.0
    return (1.0 / rows_before + 1.0 / rows_after) * chi_square_point(probability, bins - 1)


def psi_null_mean(rows_before: int, rows_after: int, bins: int) -> float:
    """The expected PSI when nothing changed, ``(1/N + 1/M) (bins - 1)``; raises what `psi_null_point` does.

    Source: Yurdakul & Naranjo, Journal of Risk Model Validation 14(4), 2020.

    Example:
        >>> round(psi_null_mean(10_000, 1_000, 10), 4)
        0.0099
    """
    return (1.0 / rows_before + 1.0 / rows_after) * max(0, bins - 1)


def chi_square(before: Ints, after: Ints) -> ChiSquare:
    """Pearson's chi-square test that both sides have the same shares.

    The statistic is 0 when the shares are equal. No continuity correction. Give it bins that are not sparse. With
    fewer than two bins, or no row on a side, the statistic is 0 and p is 1. Source: Pearson 1900; Cochran, Biometrics
    10, 1954.

    Example:
        >>> found = chi_square(np.array([50, 50]), np.array([65, 35]))
        >>> round(found.statistic, 3), found.degrees, round(found.p, 4)
        (4.604, 1, 0.0319)
    """
    some = (before + after) > 0
    table = np.array([before[some], after[some]], np.float64)
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return ChiSquare(0.0, 0, 1.0)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    degrees = table.shape[1] - 1
    return ChiSquare(statistic, degrees, chi_square_sf(statistic, degrees))


def jensen_shannon(before: Ints, after: Ints) -> float:
    """Jensen-Shannon distance, base 2: the root of the mean divergence of both sides from their middle, in bits.

    0: equal shares; 1: no bin in common. Needs no floor for empty bins, and a row on each side. Source: Lin, IEEE
    Trans. Inf. Theory 37, 1991; Endres & Schindelin 2003 for the root being a metric.

    Example:
        >>> jensen_shannon(np.array([10, 0]), np.array([0, 4]))
        1.0
    """
    e, a = before / before.sum(), after / after.sum()
    middle = (e + a) / 2.0
    whole = bool(before.all() and after.all())

    def divergence(share: Floats) -> float:
        if whole:
            return float(np.sum(share * np.log2(share / middle)))
        some = share > 0
        return float(np.sum(share[some] * np.log2(share[some] / middle[some])))

    return math.sqrt(min(1.0, max(0.0, (divergence(e) + divergence(a)) / 2.0)))


def l_infinity(before: Ints, after: Ints) -> float:
    """Largest difference of a bin's share, 0 (the same) to 1; needs a row on each side.

    Source: Amazon SageMaker Model Monitor's documentation, its measure of categorical drift.

    Example:
        >>> round(l_infinity(np.array([50, 50]), np.array([80, 20])), 4)
        0.3
    """
    return float(np.max(np.abs(before / before.sum() - after / after.sum())))


def auc(positive: Floats, negative: Floats, *, confidence: float = 0.95) -> Estimate:
    """Area under the ROC curve of scores, and DeLong's interval on the logit scale.

    0.5: scores say nothing; 1: every positive is above every negative; ties count half. With an area of 0 or 1, where
    the variance is 0, the end of Hanley and McNeil's rule of three is used. Source: DeLong, DeLong & Clarke-Pearson,
    Biometrics 44, 1988; Sun & Xu, IEEE Signal Processing Letters 21, 2014 for the computation by midranks.

    Args:
        positive: ``[m]``, at least one, without NaN.
        negative: ``[n]``, likewise.
        confidence: Two-sided.

    Example:
        >>> found = auc(np.array([0.9, 0.8, 0.4]), np.array([0.7, 0.3, 0.2, 0.1]))
        >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
        (0.9167, 0.3484, 0.9956)
    """
    m, n = len(positive), len(negative)
    every = _midranks(np.concatenate((positive, negative)))
    above = (every[:m] - _midranks(positive)) / n
    below = 1.0 - (every[m:] - _midranks(negative)) / m
    area = float(above.mean())
    variance = _variance(above) / m + _variance(below) / n
    if area in {0.0, 1.0} or variance == 0.0:
        margin = min(1.0, 3.0 / min(m, n))
        return Estimate(area, max(0.0, area - margin), min(1.0, area + margin))
    logit = math.log(area / (1.0 - area))
    half = normal_quantile(confidence) * math.sqrt(variance) / (area * (1.0 - area))
    return Estimate(area, logistic(logit - half), logistic(logit + half))


def _variance(values: Floats) -> float:
    """The sample variance; of a single value the largest there can be within [0, 1]."""
    return float(values.var(ddof=1)) if len(values) > 1 else 0.25


def _midranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing their mean rank."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    firsts = np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(ordered)]))
    sizes = np.diff(firsts)
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(firsts[:-1] + (sizes + 1) / 2.0, sizes)
    return ranks
