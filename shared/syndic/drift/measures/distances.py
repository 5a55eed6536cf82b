"""Both sides on the baseline's bins, and the measures that read a baseline's edges. The baseline comes first.

Measures of bins and of raw values alike are in `syndic.statistics.two_sample`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from syndic.drift.baseline.model import Floats, Ints, NumericBaseline
from syndic.drift.counts.cells import quantile_cuts
from syndic.drift.counts.model import FINE, NumericCounts

EXPECTED = 5.0
"""Smallest expected count of a cell of chi-square (Cochran 1954)."""


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Counts of both sides on the same bins."""

    baseline: Ints
    current: Ints

    @property
    def sides(self) -> tuple[Ints, Ints]:
        """The counts of the baseline, and those of the window."""
        return self.baseline, self.current


def numeric_bins(baseline: NumericBaseline, current: NumericCounts, buckets: int) -> Bins:
    """Both sides on the baseline's quantile bins (`quantile_cuts`), and one of missing values when there are any."""
    places, inside = np.array(quantile_cuts(baseline, buckets), np.int64).reshape(-1, 2).T
    before, after = (
        _steps(np.where(inside, side.at_or_below[places], side.below[places]), side.present)
        for side in (baseline, current)
    )
    if baseline.missing or current.missing:
        before, after = np.append(before, baseline.missing), np.append(after, current.missing)
    return Bins(before, after)


def _steps(counts: Ints, last: int) -> Ints:
    """What each of some rising counts, and then the last one, has more than the one before."""
    steps = np.empty(len(counts) + 1, np.int64)
    steps[:-1], steps[-1] = counts, last
    steps[1:] -= counts
    return steps


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """By how much the baseline's distribution function is over the window's: at each edge, and just below it."""

    at: Floats
    under: Floats


def gaps(baseline: NumericBaseline, current: NumericCounts) -> Gaps:
    """The gaps of the present values, of which both sides have some."""
    return Gaps(
        baseline.at_or_below / baseline.present - current.at_or_below / current.present,
        baseline.below / baseline.present - current.below / current.present,
    )


def ks_statistic(found: Gaps) -> float:
    """Two-sample Kolmogorov-Smirnov statistic: the largest gap between the distribution functions of present values.

    0: the same at every edge; 1: disjoint. Read at the baseline's edges, so at most `NumericBaseline.gap` under the
    exact one, and exact when the baseline has no more distinct values than edges and the window no others. Source:
    Smirnov, Bull. Math. Univ. Moscou 2, 1939.
    """
    return float(max(np.abs(found.at).max(), np.abs(found.under).max()))


def wasserstein(baseline: NumericBaseline, current: NumericCounts, found: Gaps) -> float | None:
    """Wasserstein-1 distance of the finite values, in standard deviations of the baseline.

    0: the same distribution; 1: as far as a shift by one standard deviation. The integral of the gap between the
    distribution functions: exact outside the edges (unless they cross there), linear between two edges. None without
    a finite spread, with infinite values, or when the values are too large to be subtracted. Source: Villani, Optimal
    Transport, 2009.
    """
    if not baseline.std or not math.isfinite(baseline.std):
        return None
    if baseline.infinite or current.infinite or not current.present:
        return None
    edges, before, after = baseline.edges, baseline, current
    right, left = found.at[:-1], found.under[1:]
    first, second = np.abs(right), np.abs(left)
    inside = first + second
    crossing = np.flatnonzero(right * left < 0)
    if len(crossing):
        inside[crossing] = (first[crossing] ** 2 + second[crossing] ** 2) / inside[crossing]
    inside /= 2.0
    with np.errstate(over="ignore", invalid="ignore"):
        middle = float(np.sum(inside * (np.diff(edges) / baseline.std)))
    low = before.tail_below / before.present / before.std - after.tail_below / FINE / after.present
    high = before.tail_above / before.present / before.std - after.tail_above / FINE / after.present
    distance = middle + abs(low) + abs(high)
    return distance if math.isfinite(distance) else None
