"""Scores as a mergeable histogram by group and label: scoring rates, AUC and calibration within groups.

Scores fall on one fixed grid, the same for every model and piece: a number's sign, exponent and the first ten bits
of its fraction. So histograms add up exactly, the resolution is a thousandth of the score everywhere, and scores with
at most ten such bits (whole numbers up to 2048, halves, eighths) are kept exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.grouping import Codes
from syndic.bias.counting.tensor import ABSENT, FAVOURABLE, UNFAVOURABLE, CountTensor

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DROPPED_BITS = 42  # of the 52 of a fraction
_LARGEST = 1e300  # larger scores count as this one: the lower end of their place would be infinite


def grid_keys(scores: Floats) -> Ints:
    """Each finite score's place on the grid, as an integer in the order of the scores. Negative zero is zero."""
    magnitude = np.minimum(np.abs(scores), _LARGEST).view(np.int64)
    return np.where(scores < 0, -magnitude, magnitude) >> _DROPPED_BITS


def grid_values(keys: Ints) -> Floats:
    """The score at the lower end of each place."""
    ordered = keys << _DROPPED_BITS
    magnitude: Floats = np.abs(ordered).view(np.float64)
    return np.where(ordered < 0, -magnitude, magnitude)


@dataclass(frozen=True, eq=False)
class ScoreCounts:
    """Counts by group, label and score.

    Attributes:
        axes: The attributes, as in the tensor.
        levels: Their groups' names, sorted.
        places: One row for each combination that occurs: a position for each axis, the label, the score's key.
        counts: Rows at each place.
        exact: Whether every score was on the grid, so that nothing was rounded.
        missing: Rows without a score.
    """

    axes: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    places: Ints
    counts: Ints
    exact: bool
    missing: int

    def plus(self, other: ScoreCounts) -> ScoreCounts:
        """The counts of both."""
        levels = tuple(tuple(sorted({*a, *b})) for a, b in zip(self.levels, other.levels, strict=True))
        places = np.concatenate([_renumbered(part.places, part.levels, levels) for part in (self, other)])
        places, counts = _added(places, np.concatenate([self.counts, other.counts]))
        return ScoreCounts(self.axes, levels, places, counts, self.exact and other.exact, self.missing + other.missing)

    @property
    def labels(self) -> Ints:
        """The label of each place."""
        return self.places[:, -2]

    @property
    def keys(self) -> Ints:
        """The score's key of each place."""
        return self.places[:, -1]

    @cached_property
    def median_key(self) -> int | None:
        """The key such that scores above it are above the median of all rows; None without rows."""
        total = int(self.counts.sum())
        if not total:
            return None
        keys, inverse = np.unique(self.keys, return_inverse=True)
        running = np.cumsum(np.bincount(inverse, weights=self.counts))
        return int(keys[np.searchsorted(running, (total - 1) // 2, side="right")])

    def above_median(self, *, favours: str = "high") -> CountTensor:
        """The count tensor whose decision is "on the favourable side of the median of all rows"."""
        median = self.median_key
        if median is None:
            return CountTensor.empty(self.axes)
        if favours == "high":
            good = self.keys > median
        else:
            flipped = replace(self, places=np.column_stack([self.places[:, :-1], -self.keys]))
            good = flipped.keys > (flipped.median_key or 0)
        counts = np.zeros((len(self.places), 3, 3), np.int64)
        counts[np.arange(len(self.places)), self.labels, good.astype(np.int64)] = self.counts
        whole = CountTensor(self.axes, self.levels, self.places[:, :-2], counts)
        return whole.over(self.axes)

    def of_groups(self, axes: Sequence[str]) -> dict[tuple[str, ...], tuple[Ints, Ints, Ints]]:
        """For each group of some axes: its labels, keys and counts."""
        positions = [self.axes.index(axis) for axis in axes]
        groups, inverse = np.unique(self.places[:, positions], axis=0, return_inverse=True)
        inverse = inverse.reshape(-1)
        return {
            tuple(self.levels[axis][place] for axis, place in zip(positions, group, strict=True)): (
                self.labels[inverse == i],
                self.keys[inverse == i],
                self.counts[inverse == i],
            )
            for i, group in enumerate(groups.tolist())
        }


def relabelled(scores: ScoreCounts, some: ScoreCounts, label: int) -> ScoreCounts:
    """The same scores with some of the rows, which are among them, under another label."""
    places = some.places.copy()
    places[:, -2] = label
    found = scores.plus(replace(some, counts=-some.counts, missing=0)).plus(replace(some, places=places, missing=0))
    left = found.counts != 0
    return replace(found, places=found.places[left], counts=found.counts[left])


def without_labels(scores: ScoreCounts) -> ScoreCounts:
    """The same scores as if no row had a label."""
    places = scores.places.copy()
    places[:, -2] = ABSENT
    places, counts = _added(places, scores.counts)
    return replace(scores, places=places, counts=counts)


def _renumbered(places: Ints, mine: tuple[tuple[str, ...], ...], wanted: tuple[tuple[str, ...], ...]) -> Ints:
    placed = places.copy()
    for axis, (names, targets) in enumerate(zip(mine, wanted, strict=True)):
        position = {name: place for place, name in enumerate(targets)}
        if len(places):
            placed[:, axis] = np.array([position[name] for name in names], np.int64)[places[:, axis]]
    return placed


def _added(places: Ints, counts: Ints) -> tuple[Ints, Ints]:
    if not len(places):
        return places, counts
    fresh = np.ones(len(places), bool)
    packed = _packed(places)
    if packed is None:
        order = np.lexsort(places.T[::-1])
        ordered = places[order]
        fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    else:
        order = np.argsort(packed)
        packed = packed[order]
        fresh[1:] = packed[1:] != packed[:-1]
    starts = np.flatnonzero(fresh)
    return places[order[starts]], np.add.reduceat(counts[order], starts)


def _packed(places: Ints) -> Ints | None:
    """Each place as one number, in the same order; None where 62 bits are too few."""
    lowest = places.min(axis=0)
    packed, room = np.zeros(len(places), np.int64), 1
    for column, low, size in zip(places.T, lowest.tolist(), (places.max(axis=0) - lowest + 1).tolist(), strict=True):
        room *= size
        if room >= 1 << 62:
            return None
        packed = packed * size + (column - low)
    return packed


def count_scores(
    axes: Sequence[str],
    levels: Sequence[Sequence[str]],
    codes: Sequence[Codes],
    labels: NDArray[np.uint8],
    scores: Floats,
) -> ScoreCounts:
    """Count rows by group, label and score. A missing or infinite score is counted in `ScoreCounts.missing` only."""
    usable = np.isfinite(scores)
    sorted_names = tuple(tuple(sorted(set(level))) for level in levels)
    columns: list[NDArray[Any]] = []
    for level, code, names in zip(levels, codes, sorted_names, strict=True):
        position = {name: place for place, name in enumerate(names)}
        columns.append(np.array([position[name] for name in level], np.int64)[code[usable]])
    keys = grid_keys(scores[usable])
    places = np.column_stack([*columns, labels[usable].astype(np.int64), keys])
    places, counts = _added(places, np.ones(len(places), np.int64))
    exact = bool((grid_values(keys) == scores[usable]).all())
    return ScoreCounts(tuple(axes), sorted_names, places, counts, exact, int((~usable).sum()))


@dataclass(frozen=True, slots=True)
class Auc:
    """The area under the ROC curve with its variance (DeLong et al. 1988); ties count one half. NaN: undefined."""

    value: float
    variance: float
    positives: int
    negatives: int


def auc(labels: Ints, keys: Ints, counts: Ints) -> Auc:
    """Chance that a random favourable row scores above a random unfavourable one, from a histogram."""
    levels, place = np.unique(keys, return_inverse=True)
    positive = np.bincount(place, weights=np.where(labels == FAVOURABLE, counts, 0), minlength=len(levels))
    negative = np.bincount(place, weights=np.where(labels == UNFAVOURABLE, counts, 0), minlength=len(levels))
    m, n = positive.sum(), negative.sum()
    if m == 0 or n == 0:
        return Auc(np.nan, np.nan, int(m), int(n))
    below = np.cumsum(negative) - negative
    above = m - np.cumsum(positive)
    v10 = (below + negative / 2) / n
    v01 = (above + positive / 2) / m
    value = float((positive * v10).sum() / m)
    spread = [
        float((weight * (v - value) ** 2).sum() / (size - 1)) / size if size > 1 else np.nan
        for weight, v, size in ((positive, v10, m), (negative, v01, n))
    ]
    return Auc(value, sum(spread), int(m), int(n))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Observed minus expected share of favourable outcomes, its variance, and the table it comes from."""

    gap: float
    variance: float
    n: int
    bins: tuple[tuple[float, int, int], ...]  # mean score, labelled rows, favourable rows


def calibration(labels: Ints, keys: Ints, counts: Ints, edges: Ints) -> Calibration:
    """How far a group's outcomes are from its scores; scores are chances of the favourable label.

    Args:
        labels: As in `ScoreCounts`.
        keys: Likewise.
        counts: Likewise.
        edges: Keys between the bins of the table, the same for all groups.
    """
    labelled = labels != ABSENT
    labels, keys, counts = labels[labelled], keys[labelled], counts[labelled]
    n = int(counts.sum())
    if n == 0:
        return Calibration(np.nan, np.nan, 0, ())
    scores = grid_values(keys)
    residual = (labels == FAVOURABLE) - scores
    gap = float((counts * residual).sum() / n)
    variance = float((counts * (residual - gap) ** 2).sum() / (n - 1) / n) if n > 1 else np.nan
    place = np.searchsorted(edges, keys, side="right")
    rows = np.bincount(place, weights=counts, minlength=len(edges) + 1)
    hits = np.bincount(place, weights=counts * (labels == FAVOURABLE), minlength=len(edges) + 1)
    totals = np.bincount(place, weights=counts * scores, minlength=len(edges) + 1)
    bins = tuple(
        (float(total / size), int(size), int(hit)) for total, size, hit in zip(totals, rows, hits, strict=True) if size
    )
    return Calibration(gap, variance, n, bins)
