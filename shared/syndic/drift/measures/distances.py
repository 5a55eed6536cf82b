"""How far two distributions are apart: named numbers from counts, never a verdict.

All work on shares or counts of the same bins or edges, the baseline first. `syndic.drift.measures.exact` has the same
measures on raw values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from syndic.drift.baseline.model import Floats, Ints, NumericBaseline
from syndic.drift.counts.cells import quantile_cuts
from syndic.drift.counts.model import FINE, NumericCounts
from syndic.drift.measures.null_distributions import chi_square_point, chi_square_sf, kolmogorov_sf

EMPTY_BIN = 0.5
"""What an empty bin counts in PSI. One empty bin decides the answer, so the floor is stated: half a row."""

EXPECTED = 5.0
"""Smallest expected count of a cell of chi-square (Cochran 1954)."""


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Counts of both sides on the same bins."""

    baseline: Ints
    current: Ints


def numeric_bins(baseline: NumericBaseline, current: NumericCounts, buckets: int) -> Bins:
    """Both sides on the baseline's quantile bins (`quantile_cuts`), and a last one of missing values when there are any."""
    cuts = [(0, 0)]
    for place, inside in quantile_cuts(baseline, buckets):
        if inside:
            cuts.append((int(baseline.at_or_below[place]), int(current.at_or_below[place])))
        else:
            cuts.append((int(baseline.below[place]), int(current.below[place])))
    cuts.append((baseline.present, current.present))
    before, after = np.diff(np.array(cuts, np.int64), axis=0).T
    if baseline.missing or current.missing:
        before, after = np.append(before, baseline.missing), np.append(after, current.missing)
    return Bins(before, after)


def psi(bins: Bins) -> float:
    """Population stability index: sum of ``(a - e) ln(a / e)`` over bins, e the baseline's share, a the current one.

    0: the shares are equal; it has no upper limit and no unit (nats). It is the symmetrised Kullback-Leibler
    divergence. A bin empty on one side counts half a row there, and the shares are taken after that; a bin empty on
    both sides is left out. Source: Lewis, An Introduction to Credit Scoring, 1994; Siddiqi 2006.
    """
    some = (bins.baseline + bins.current) > 0
    before = np.where(bins.baseline[some] > 0, bins.baseline[some], EMPTY_BIN)
    after = np.where(bins.current[some] > 0, bins.current[some], EMPTY_BIN)
    e, a = before / before.sum(), after / after.sum()
    return float(np.sum((a - e) * np.log(a / e)))


def psi_null_point(baseline_rows: int, current_rows: int, bins: int, probability: float = 0.95) -> float:
    """The PSI that samples of this size stay below with `probability` when nothing changed.

    Under no change PSI is about ``(1/N + 1/M)`` times chi-square with bins - 1 degrees of freedom. 0 with one bin.
    Source: Yurdakul & Naranjo, Journal of Risk Model Validation 14(4), 2020.
    """
    if bins < 2:
        return 0.0
    return (1.0 / baseline_rows + 1.0 / current_rows) * chi_square_point(probability, bins - 1)


def psi_null_mean(baseline_rows: int, current_rows: int, bins: int) -> float:
    """The expected PSI when nothing changed, ``(1/N + 1/M) (bins - 1)``; same source as the null point."""
    return (1.0 / baseline_rows + 1.0 / current_rows) * max(0, bins - 1)


def ks_statistic(baseline: NumericBaseline, current: NumericCounts) -> float:
    """Two-sample Kolmogorov-Smirnov statistic: the largest gap between the distribution functions of present values.

    0: the same at every edge; 1: disjoint. Read at the baseline's edges, so at most `NumericBaseline.gap` under the
    exact one, and exact when the baseline has no more distinct values than edges and the window no others. Source:
    Smirnov, Bull. Math. Univ. Moscou 2, 1939.
    """
    at = np.abs(baseline.at_or_below / baseline.present - current.at_or_below / current.present)
    under = np.abs(baseline.below / baseline.present - current.below / current.present)
    return float(max(at.max(), under.max()))


def ks_p_value(statistic: float, baseline_rows: float, current_rows: float) -> float:
    """Asymptotic p of the two-sample KS statistic: `kolmogorov_sf` of ``sqrt(nm / (n + m)) D``.

    Too large rather than too small for small samples, and far too large for values that repeat often.
    """
    return kolmogorov_sf(math.sqrt(baseline_rows * current_rows / (baseline_rows + current_rows)) * statistic)


def chi_square(bins: Bins) -> tuple[float, int, float]:
    """Pearson's chi-square test that both sides have the same shares: statistic, degrees of freedom, p.

    The statistic is 0 when the shares are equal. No continuity correction. Give it bins that are not sparse. With
    fewer than two bins the statistic is 0 and p is 1. Source: Pearson 1900; Cochran, Biometrics 10, 1954.
    """
    some = (bins.baseline + bins.current) > 0
    table = np.array([bins.baseline[some], bins.current[some]], np.float64)
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return 0.0, 0, 1.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    degrees = table.shape[1] - 1
    return statistic, degrees, chi_square_sf(statistic, degrees)


def jensen_shannon(bins: Bins) -> float:
    """Jensen-Shannon distance, base 2: the root of the mean divergence of both sides from their middle, in bits.

    0: equal shares; 1: no bin in common. Needs no floor for empty bins. Source: Lin, IEEE Trans. Inf. Theory 37, 1991;
    Endres & Schindelin 2003 for the root being a metric.
    """
    e, a = bins.baseline / bins.baseline.sum(), bins.current / bins.current.sum()
    middle = (e + a) / 2.0

    def divergence(share: Floats) -> float:
        some = share > 0
        return float(np.sum(share[some] * np.log2(share[some] / middle[some])))

    return math.sqrt(min(1.0, max(0.0, (divergence(e) + divergence(a)) / 2.0)))


def l_infinity(bins: Bins) -> float:
    """Largest difference of a category's share, 0 (the same) to 1; SageMaker Model Monitor's categorical measure."""
    return float(np.max(np.abs(bins.baseline / bins.baseline.sum() - bins.current / bins.current.sum())))


def wasserstein(baseline: NumericBaseline, current: NumericCounts) -> float | None:
    """Wasserstein-1 distance of the finite values, in standard deviations of the baseline.

    0: the same distribution; 1: as far as a shift by one standard deviation. The integral of the gap between the
    distribution functions: exact outside the edges (unless they cross there), linear between two edges. None without
    a finite spread, with infinite values, or when the values are too large to be subtracted. Source: Villani, Optimal
    Transport, 2009.
    """
    if not baseline.std or baseline.infinite or current.infinite or not current.present:
        return None
    edges, before, after = baseline.edges, baseline, current
    right = before.at_or_below[:-1] / before.present - after.at_or_below[:-1] / after.present
    left = before.below[1:] / before.present - after.below[1:] / after.present
    first, second = np.abs(right), np.abs(left)
    total = first + second
    crossing = right * left < 0
    inside = np.where(crossing, (first**2 + second**2) / np.where(total > 0, total, 1.0), total) / 2.0
    with np.errstate(over="ignore", invalid="ignore"):
        middle = float(np.sum(inside * (np.diff(edges) / baseline.std)))
    low = before.tail_below / before.present / before.std - after.tail_below / FINE / after.present
    high = before.tail_above / before.present / before.std - after.tail_above / FINE / after.present
    distance = middle + abs(low) + abs(high)
    return distance if math.isfinite(distance) else None
