"""Both sides on the baseline's bins, and the measures that read a baseline's edges. The baseline comes first.

Measures of bins and of raw values alike are in `syndic.statistics.two_sample`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Ints, NumericBaseline
from syndic.drift.counts.model import FINE, NumericCounts

ATOM = 5
"""Baseline rows that make one value a bin of PSI. Values that are measured finely do not repeat so often."""

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
    """Both sides on the baseline's quantile bins, and a last bin of missing values when there are any.

    The bins are ``(-inf, q1], (q1, q2], ... (qk, inf)`` with the baseline's quantiles at 1/buckets, 2/buckets, ...;
    quantiles that are the same value make one edge. Where the baseline holds one value alone in a bin, in at least
    `ATOM` rows, what lies below or above that value is a bin of its own: else a flag of 0 and 1 whose ones become
    100, or whose zeros become -1, would have a PSI of 0. The same holds above a largest value that is a quantile.
    """
    cuts = [(0, 0)]
    for place in quantile_places(baseline, buckets).tolist():
        if _alone(baseline, place, after=cuts[-1][0]):
            cuts.append((int(baseline.below[place]), int(current.below[place])))
        cuts.append((int(baseline.at_or_below[place]), int(current.at_or_below[place])))
    largest = len(baseline.edges) - 1
    holds_all = largest >= 0 and int(baseline.at_or_below[largest]) == baseline.present
    if holds_all and cuts[-1][0] < baseline.present and _alone(baseline, largest, after=cuts[-1][0]):
        cuts.append((int(baseline.below[largest]), int(current.below[largest])))
        cuts.append((int(baseline.at_or_below[largest]), int(current.at_or_below[largest])))
    cuts.append((baseline.present, current.present))
    before, after = np.diff(np.array(cuts, np.int64), axis=0).T
    if baseline.missing or current.missing:
        before, after = np.append(before, baseline.missing), np.append(after, current.missing)
    return Bins(before, after)


def _alone(baseline: NumericBaseline, place: int, *, after: int) -> bool:
    """Whether no baseline value lies between the first `after` ones and an edge that at least `ATOM` rows hold."""
    return int(baseline.below[place]) == after and (baseline.constant or bool(_atoms(baseline, np.array([place]))[0]))


def _atoms(baseline: NumericBaseline, places: Ints) -> NDArray[np.bool_]:
    """Which edges are values that at least `ATOM` rows hold. In a sketch one item stands for many rows: none is."""
    return (baseline.at_or_below[places] - baseline.below[places] >= ATOM) & baseline.exact


def quantile_places(baseline: NumericBaseline, buckets: int) -> Ints:
    """Places of the PSI edges among a baseline's edges.

    The largest value is one only when at least `ATOM` rows hold it: else no row may be expected above the last edge.
    """
    wanted = (np.arange(1, buckets, dtype=np.int64) * baseline.present + buckets - 1) // buckets
    places = np.unique(np.searchsorted(baseline.at_or_below, wanted, side="left"))
    places = places[places < len(baseline.edges)]
    return places[(baseline.at_or_below[places] < baseline.present) | _atoms(baseline, places)]


def ks_statistic(baseline: NumericBaseline, current: NumericCounts) -> float:
    """Two-sample Kolmogorov-Smirnov statistic: the largest gap between the distribution functions of present values.

    0: the same at every edge; 1: disjoint. Read at the baseline's edges, so at most `NumericBaseline.gap` under the
    exact one, and exact when the baseline has no more distinct values than edges and the window no others. Source:
    Smirnov, Bull. Math. Univ. Moscou 2, 1939.
    """
    at = np.abs(baseline.at_or_below / baseline.present - current.at_or_below / current.present)
    under = np.abs(baseline.below / baseline.present - current.below / current.present)
    return float(max(at.max(), under.max()))


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
