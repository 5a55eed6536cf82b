"""Values that repeat, compared one by one where they are frequent and in bands of like frequency where they are not.

Which value is compared alone, and which band a rare one joins, follows from its rows on both sides together. Were it
the baseline's rows that choose, the chosen would be those that its chance favoured, and any window without a change
would show fewer of them. Given the rows of both sides together, how they fall on the two sides is chance alone when
nothing changed, so every test of such bins keeps its level, however long the tail.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from syndic.drift.baseline.model import CategoricalBaseline, Ints, NumericBaseline
from syndic.drift.counts.model import CategoricalCounts, NumericCounts
from syndic.drift.measures.distances import EXPECTED, Bins
from syndic.drift.measures.shares import Share
from syndic.statistics.binomial import binomial_tail
from syndic.statistics.two_sample import chi_square

OVERLOOKED: Final = 1e-3
"""Chance, of a value with as many rows as the rarest that is not pooled, that the baseline does not list it."""

DOMINANT: Final = 0.9
"""Share of both sides' rows from which one value is the usual one, and any other the exception."""

_SUMMED: Final = 64
_Z_OVERLOOKED: Final = 3.09


@dataclass(frozen=True, eq=False)
class Values:
    """Rows of each listed value before and now, and the rows of all others.

    Attributes:
        baseline: Rows of the baseline by listed value.
        current: Rows of the window by listed value.
        other_baseline: Rows of the baseline with a value that is not listed; 0 when all its values are.
        other_current: Rows of the window with a value that is not listed: a new one, or a rare one.
    """

    baseline: Ints
    current: Ints
    other_baseline: int
    other_current: int

    @cached_property
    def rows(self) -> tuple[int, int]:
        """Rows with a value on each side."""
        return int(self.baseline.sum()) + self.other_baseline, int(self.current.sum()) + self.other_current


@dataclass(frozen=True, slots=True, eq=False)
class Banded:
    """Bins of values, the first `alone` of them of one value.

    The last one is `rare` when that holds a row: values too rare, or new, to be compared alone.
    """

    bins: Bins
    alone: int
    rare: Share

    def chi_square(self) -> tuple[float, int, float] | None:
        """Statistic, degrees of freedom and p over the bins; None with fewer than two that are large enough."""
        bins = self.bins
        if self.rare.rows and not _enough(self.rare):
            bins = Bins(bins.baseline[:-1], bins.current[:-1])
        if np.count_nonzero(bins.baseline + bins.current) < 2 or not (bins.baseline.any() and bins.current.any()):
            return None
        return chi_square(*bins.sides)


def category_values(baseline: CategoricalBaseline, current: CategoricalCounts) -> Values:
    """The values of a categorical column."""
    return Values(baseline.counts, current.counts, baseline.other, current.unlisted)


def number_values(baseline: NumericBaseline, current: NumericCounts) -> Values:
    """The values of a numeric column that is kept whole: each edge is one."""
    before, after = baseline.at_or_below - baseline.below, current.at_or_below - current.below
    return Values(before, after, baseline.present - int(before.sum()), current.present - int(after.sum()))


def of_bins(bins: Bins, *, present: bool) -> Values:
    """Bins as values, all of them listed; the last one is that of missing values unless all are `present`."""
    last = len(bins.baseline) if present else -1
    return Values(bins.baseline[:last], bins.current[:last], 0, 0)


def banded(values: Values, expected: float = EXPECTED) -> Banded:
    """The values in bins: the frequent ones alone, then bands of rarer ones, then the rarest with all new ones.

    A value is compared alone from `expected` rows on the smaller side, under no change.
    """
    before, after = values.rows
    both = values.baseline + values.current
    total = before + after
    smaller = min(before, after) / total if total else 0.0
    surely = pooled_below(values)
    alone = alone_from(before, after, surely, expected)
    own = both >= alone
    if own.all() and not values.other_baseline + values.other_current:  # as deciles are
        return Banded(Bins(values.baseline, values.current), len(both), Share(0, before, 0, after))
    bins = [(int(b), int(a)) for b, a in zip(values.baseline[own], values.current[own], strict=True)]
    carried = np.zeros(2, np.int64)
    if math.isfinite(surely):
        middle = ~own & (both >= surely)
        place = np.floor(np.log2(np.maximum(both, 1) / surely)).astype(np.int64)
        for band in range(int(place[middle].max(initial=-1)), -1, -1):
            inside = middle & (place == band)
            carried += [values.baseline[inside].sum(), values.current[inside].sum()]
            if carried.sum() * smaller >= EXPECTED:
                bins.append((int(carried[0]), int(carried[1])))
                carried = np.zeros(2, np.int64)
    if carried.any() and len(bins) > int(own.sum()):  # among the rare, they would hide a new value
        bins[-1] = (bins[-1][0] + int(carried[0]), bins[-1][1] + int(carried[1]))
        carried = np.zeros(2, np.int64)
    few = ~own & (both < surely)
    rare = Share(
        baseline=values.other_baseline + int(values.baseline[few].sum() + carried[0]),
        baseline_rows=before,
        current=values.other_current + int(values.current[few].sum() + carried[1]),
        current_rows=after,
    )
    if rare.rows:
        bins.append((rare.baseline, rare.current))
    table = np.array(bins, np.int64).reshape(-1, 2)
    return Banded(Bins(table[:, 0], table[:, 1]), int(own.sum()), rare)


def alone_from(before: int, after: int, surely: float, expected: float = EXPECTED) -> float:
    """Rows on both sides from which a value is compared alone; infinite where a side has no rows."""
    smaller = min(before, after) / (before + after) if before + after else 0.0
    return max(expected / smaller, surely) if smaller else math.inf


def pooled_below(values: Values) -> float:
    """Rows on both sides under which a value is pooled with the new ones; infinite where a side has no rows."""
    before, after = values.rows
    listed = int(np.min(values.baseline)) if values.other_baseline and len(values.baseline) else 0
    return surely_listed(listed, before / (before + after)) if before and after else math.inf


def dominated(values: Values) -> Share | None:
    """Rows that do not have the one value which holds nearly all rows of both sides; None where none does."""
    both = values.baseline + values.current
    before, after = values.rows
    if not len(both) or np.max(both) < DOMINANT * (before + after):
        return None
    place = int(np.argmax(both))
    return Share(before - int(values.baseline[place]), before, after - int(values.current[place]), after)


@lru_cache(maxsize=1024)  # columns of one window mostly ask the same
def surely_listed(listed: int, share: float) -> float:
    """Rows on both sides from which a value is listed by the baseline but for a chance of `OVERLOOKED`.

    Args:
        listed: Rows of the rarest listed value; a value with no more may be unlisted. 0: every value is listed.
        share: The baseline's part of the rows of both sides.
    """
    if listed > _SUMMED:
        root = _Z_OVERLOOKED * math.sqrt(share * (1.0 - share))
        return ((root + math.sqrt(root * root + 4.0 * share * (listed + 0.5))) / (2.0 * share)) ** 2
    if share >= 1.0:
        return listed + 1.0
    rows = listed + 1
    step = max(1, round(0.02 * listed / share), round(0.02 / share))
    while 1.0 - binomial_tail(listed + 1, rows, share) > OVERLOOKED:
        rows += step
    return float(rows)


def _enough(share: Share) -> bool:
    """Whether as many rows are expected on the smaller side as chi-square needs."""
    rows = share.baseline_rows, share.current_rows
    return share.rows * min(rows) >= EXPECTED * sum(rows)
