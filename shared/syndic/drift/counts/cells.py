"""A column in few cells: the bins of PSI, and the shares that have a test of their own.

In these cells a baseline keeps how each of its own hours or days looked. Every row is in one cell; that of infinite
values is beside the others, whose outer ones hold them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import STEPS, CategoricalBaseline, ColumnBaseline, Floats, Ints, NumericBaseline
from syndic.drift.baseline.summary import shorten
from syndic.windows import Categories, Column

ATOM: Final = 5
"""Baseline rows that make one value a bin of PSI. Values that are measured finely do not repeat so often."""

BUCKETS: Final = 10
_BY_VALUE: Final = 20  # numbers with no more distinct values have a cell for each
_ALONE: Final = 0.0025  # share of the baseline from which a category has a cell of its own
_MOST_ALONE: Final = 48
_DEPTHS: Final = (1, 2, 5, 10)  # of 1,030 parts of the baseline


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """How the values of a column fall into cells.

    Attributes:
        cuts: Numbers: rising values, a cell being ``(cut before, cut]``; the last one is open.
        places: Categories: cell of each listed level; the last cell holds all other values.
        size: Number of cells of present values. Behind them come missing and, of numbers, infinite values.
        bins: By cell, missing values included: which bin of PSI it belongs to.
    """

    cuts: Floats
    places: Ints
    size: int
    bins: Ints

    @property
    def numeric(self) -> bool:
        """Whether the column is numeric."""
        return len(self.places) == 0 and len(self.cuts) == self.size - 1

    @property
    def width(self) -> int:
        """All cells: of present values, of missing ones and of infinite ones."""
        return self.size + 2

    def of(self, column: Column, levels: dict[str, int]) -> tuple[Ints, NDArray[np.bool_] | None]:
        """The cell of each row, and which rows are infinite. `levels` are the places of the baseline's levels."""
        if isinstance(column, Categories):
            last = self.size - 1
            lookup = np.full(len(column.levels) + 1, last, np.int64)
            for place, level in enumerate(column.levels):
                known = levels.get(shorten(level))
                if known is not None:
                    lookup[place] = self.places[known]
            lookup[-1] = self.size  # code -1, a missing value, reads the last one
            return lookup[column.codes], None
        found = self.cuts.searchsorted(column, side="left").astype(np.int64)
        missing = np.isnan(column)
        infinite = np.isinf(column)
        return np.where(missing, self.size, found), infinite if infinite.any() else None


def cells_of(column: ColumnBaseline) -> Cells:
    """The cells of a baseline's column; they follow from its summary alone."""
    if isinstance(column, CategoricalBaseline):
        return _of_levels(column)
    return _of_numbers(column)


def quantile_cuts(baseline: NumericBaseline, buckets: int) -> list[tuple[int, bool]]:
    """Where PSI's bins of a numeric column end: places of edges, and whether the edge itself is in the bin.

    The bins are ``(-inf, q1], (q1, q2], ... (qk, inf)`` with the baseline's quantiles at 1/buckets, 2/buckets, ...;
    quantiles that are the same value make one edge. Where the baseline holds one value alone in a bin, in at least
    `ATOM` rows, what lies below or above that value is a bin of its own: else a flag of 0 and 1 whose ones become
    100, or whose zeros become -1, would have a PSI of 0. The same holds above a largest value that is a quantile.
    """
    cuts: list[tuple[int, bool]] = []
    after = 0
    places = quantile_places(baseline, buckets)
    upto, below = baseline.at_or_below[places].tolist(), baseline.below[places].tolist()
    for place, rows, fewer in zip(places.tolist(), upto, below, strict=True):
        if fewer == after and _alone(baseline, place, after=after):
            cuts.append((place, False))
        cuts.append((place, True))
        after = rows
    largest = len(baseline.edges) - 1
    holds_all = largest >= 0 and int(baseline.at_or_below[largest]) == baseline.present
    if holds_all and after < baseline.present and _alone(baseline, largest, after=after):
        cuts += [(largest, False), (largest, True)]
    return cuts


def quantile_places(baseline: NumericBaseline, buckets: int) -> Ints:
    """Places of the PSI edges among a baseline's edges.

    The largest value is one only when at least `ATOM` rows hold it: else no row may be expected above the last edge.
    """
    wanted = (np.arange(1, buckets, dtype=np.int64) * baseline.present + buckets - 1) // buckets
    places = baseline.at_or_below.searchsorted(wanted, side="left")  # they rise
    new = np.ones(len(places), np.bool_)
    new[1:] = places[1:] != places[:-1]
    places = places[new & (places < len(baseline.edges))]
    return places[(baseline.at_or_below[places] < baseline.present) | _atoms(baseline, places)]


def _alone(baseline: NumericBaseline, place: int, *, after: int) -> bool:
    """Whether no baseline value lies between the first `after` ones and an edge that at least `ATOM` rows hold."""
    return int(baseline.below[place]) == after and (baseline.constant or bool(_atoms(baseline, np.array([place]))[0]))


def _atoms(baseline: NumericBaseline, places: Ints) -> NDArray[np.bool_]:
    """Which edges are values that at least `ATOM` rows hold. In a sketch one item stands for many rows: none is."""
    return (baseline.at_or_below[places] - baseline.below[places] >= ATOM) & baseline.exact


def _of_numbers(column: NumericBaseline) -> Cells:
    nothing = np.zeros(0, np.int64)
    if column.distinct <= _BY_VALUE and column.exact:
        cuts = column.edges
        return Cells(cuts, nothing, len(cuts) + 1, np.arange(len(cuts) + 2))
    decile = {_cut(column, place, inside) for place, inside in quantile_cuts(column, BUCKETS)}
    tails = {_cut(column, place, inside) for place, inside in _tail_cuts(column)}
    cuts = np.array(sorted(decile | tails))
    bins = np.concatenate(([0], np.cumsum([cut in decile for cut in cuts.tolist()])))
    return Cells(cuts, nothing, len(cuts) + 1, np.append(bins, bins[-1] + 1).astype(np.int64))


def _tail_cuts(column: NumericBaseline) -> list[tuple[int, bool]]:
    """The bounds of the tails whose growth is tested: see `syndic.drift.measures.tails`."""
    if not column.present:
        return []
    cuts = []
    for depth in _DEPTHS:
        for step, inside in ((depth, False), (STEPS - depth, True)):
            rank = (step * column.present + STEPS - 1) // STEPS
            place = int(column.at_or_below.searchsorted(rank))
            if place < len(column.edges) and np.isfinite(column.edges[place]):
                cuts.append((place, inside))
    return cuts


def _cut(column: NumericBaseline, place: int, inside: bool) -> float:  # noqa: FBT001 - a pair of the lists above
    edge = float(column.edges[place])
    return edge if inside else float(np.nextafter(edge, -np.inf))


def _of_levels(column: CategoricalBaseline) -> Cells:
    counts = column.counts
    alone = min(_MOST_ALONE, int(np.count_nonzero(counts >= max(ATOM, _ALONE * column.present))))
    rest = counts[alone:]
    band = np.floor(np.log2(np.maximum(1, rest))).astype(np.int64)
    bands = np.unique(-band, return_inverse=True)[1] if len(rest) else np.zeros(0, np.int64)
    places = np.concatenate((np.arange(alone), alone + bands)).astype(np.int64)
    size = int(np.max(places, initial=-1)) + 2
    return Cells(np.zeros(0), places, size, np.arange(size + 1))
