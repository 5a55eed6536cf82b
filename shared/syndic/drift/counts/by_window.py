"""A baseline's rows by the hour they lie in, and how alike the rows of one person or session are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Baseline, CategoricalBaseline, Floats, Grouping, Ints, NumericBaseline
from syndic.drift.baseline.own_windows import DAY, HOUR, OwnWindows
from syndic.drift.counts.cells import Cells, cells_of
from syndic.drift.counts.model import FINE
from syndic.drift.counts.multivariate import row_errors
from syndic.windows import Categories, Column, Window

MOST_WINDOWS: Final = 1_008
"""Windows that a baseline keeps: six weeks of hours, or nearly three years of days."""

_NO_TIME: Final = int(np.iinfo(np.int64).min)


def own_windows(pieces: Iterable[Window], baseline: Baseline, *, hours: int | None = None) -> OwnWindows | None:
    """How each hour or day of the baseline's rows looked. None when no row has a time.

    Args:
        pieces: The rows the baseline was made of.
        baseline: Their summary.
        hours: Length of a window: 1 or 24. Left out: hours, unless there are more than are kept. Of more windows than
            are kept, the newest are.
    """
    cells = {name: cells_of(column) for name, column in baseline.columns.items()}
    levels = _levels(baseline)
    found: OwnWindows | None = None
    waiting: list[OwnWindows] = []
    for piece in pieces:
        one = _of_piece(piece, baseline, cells, levels)
        if one is None:
            continue
        waiting.append(one)
        if len(waiting) > 32:  # joined now and then: each joining costs as much as all that is there
            found, waiting = _joined([*([found] if found else []), *waiting]), []
    found = _joined([*([found] if found else []), *waiting])
    if found is None:
        return None
    longer = hours or (HOUR if len(found.starts) <= MOST_WINDOWS else DAY)
    kept = found.by(longer)
    return None if kept is None else kept.newest(MOST_WINDOWS)


def grouping(pieces: Iterable[Window], baseline: Baseline, column: str, groups: Iterable[Column]) -> Grouping:
    """How much rows of one group are alike, by column, and how many of them come together in an hour or day.

    Of G groups with m_g rows, n_g of them in the bins with shares q, the covariance of the counts is
    ``G / (G - 1) sum (n_g - m_g q)(n_g - m_g q)'`` (Rao & Scott, Annals of Statistics 12, 1984). What it is more than
    that of independent rows is due to pairs of rows of one group: divided by their number it is what one such pair
    adds. Groups are those of a piece: one that is split over several counts as several.

    Args:
        pieces: The rows the baseline was made of.
        baseline: Their summary.
        column: Name of the column that says which rows belong together.
        groups: Its values, for each piece.
    """
    cells = {name: cells_of(known) for name, known in baseline.columns.items()}
    levels = _levels(baseline)
    sums = {name: np.zeros((int(np.max(one.bins)) + 1,) * 2) for name, one in cells.items()}
    pairs: defaultdict[str, float] = defaultdict(float)
    expected: defaultdict[str, float] = defaultdict(float)
    seen: set[object] = set()
    rows, squares = 0, 0.0
    for piece, values in zip(pieces, groups, strict=True):
        codes, names = _codes(values)
        seen.update(names)
        known = codes >= 0
        sizes = group_sizes(codes[known], _hours_or_none(piece, known))
        rows, squares = rows + int(known.sum()), squares + float((sizes.astype(float) ** 2).sum())
        cluster = np.unique(codes[known], return_inverse=True)[1]
        for name, one in cells.items():
            if name not in piece.columns or name == column or not _alike(piece.columns[name], baseline, name):
                continue
            bins = one.bins[one.of(piece.columns[name], levels.get(name, {}))[0][known]]
            found = _beyond_rows(bins, cluster, len(sums[name]))
            sums[name] += found[0]
            pairs[name] += found[1]
            expected[name] += found[2]
    usable = [name for name in sorted(sums) if pairs[name] > 0.0 and expected[name] > 0.0]
    covariances = {name: np.round(sums[name] / pairs[name], 12) for name in usable}
    likeness = {name: float(np.clip(np.trace(sums[name]) / expected[name], 0.0, 1.0)) for name in usable}
    return Grouping(column, len(seen), squares / rows if rows else 1.0, likeness, covariances)


def group_sizes(codes: Ints, hours: Ints | None = None) -> Ints:
    """Rows of each group, in each hour by itself where hours are given."""
    if hours is None:
        return np.bincount(codes)
    place = np.unique(hours, return_inverse=True)[1]
    counted: Ints = np.unique(place * (int(np.max(codes, initial=0)) + 1) + codes, return_counts=True)[1]
    return counted


def group_codes(values: Column) -> Ints:
    """A number for each group by row, -1 where none is named."""
    return _codes(values)[0]


def _hours_or_none(piece: Window, known: NDArray[np.bool_]) -> Ints | None:
    hours = _hours(piece)
    return None if hours is None else hours[known]


def _beyond_rows(bins: Ints, cluster: Ints, width: int) -> tuple[Floats, float, float]:
    """Covariance of counts beyond that of independent rows, pairs of rows of one group, its trace were all alike."""
    clusters = int(np.max(cluster, initial=-1)) + 1
    if clusters < 2:
        return np.zeros((width, width)), 0.0, 0.0
    inside = np.bincount(cluster * width + bins, minlength=clusters * width).reshape(clusters, width)
    sizes = inside.sum(axis=1)
    rows = int(sizes.sum())
    shares = inside.sum(axis=0) / rows
    apart = inside - sizes[:, None] * shares
    alone = rows * (np.diag(shares) - np.outer(shares, shares))
    pairs = float((sizes.astype(float) * (sizes - 1)).sum())
    beyond = clusters / (clusters - 1) * (apart.T @ apart) - alone
    return beyond, pairs, pairs * float((shares * (1.0 - shares)).sum())


def _of_piece(
    piece: Window, baseline: Baseline, cells: dict[str, Cells], levels: dict[str, dict[str, int]]
) -> OwnWindows | None:
    hours = _hours(piece)
    if hours is None:
        return None
    known = hours != _NO_TIME
    if not known.any():
        return None
    starts, place = np.unique(hours[known], return_inverse=True)
    size = len(starts)
    counts: dict[str, Ints] = {}
    for name, one in cells.items():
        if name not in piece.columns or not _alike(piece.columns[name], baseline, name):
            continue
        cell, infinite = one.of(piece.columns[name], levels.get(name, {}))
        table = np.zeros((size, one.width), np.int64)
        table[:, :-1] = np.bincount(place * (one.width - 1) + cell[known], minlength=size * (one.width - 1)).reshape(
            size, -1
        )
        if infinite is not None:
            table[:, -1] = np.bincount(place, infinite[known], minlength=size)
        counts[name] = table
    errors = None
    if baseline.reconstruction is not None:
        found = row_errors(piece, baseline, baseline.reconstruction)
        if found is not None:
            steps = np.rint(found[known] * FINE)
            sums = np.bincount(place, steps, minlength=size)  # whole numbers under 2^53
            errors = np.column_stack((np.bincount(place, minlength=size), sums.astype(np.int64)))
    return OwnWindows(HOUR, starts, np.bincount(place, minlength=size), counts, errors)


def _joined(parts: list[OwnWindows]) -> OwnWindows | None:
    if not parts:
        return None
    while len(parts) > 1:  # pairwise, so that nothing large is added often
        parts = [
            parts[place].plus(parts[place + 1]) if place + 1 < len(parts) else parts[place]
            for place in range(0, len(parts), 2)
        ]
    return parts[0]


def _hours(piece: Window) -> Ints | None:
    """Hours since 1970 of each row, `_NO_TIME` without one; None when the piece has no times."""
    if piece.times is None:
        return None
    hours = piece.times.astype("datetime64[h]")
    return np.where(np.isnat(hours), _NO_TIME, hours.astype(np.int64))


def _codes(values: Column) -> tuple[Ints, set[object]]:
    """A number for each group, -1 where none is named, and the groups."""
    if isinstance(values, Categories):
        return values.codes.astype(np.int64), set(values.levels)
    known = ~np.isnan(values)
    unique, codes = np.unique(values[known], return_inverse=True)
    found = np.full(len(values), -1, np.int64)
    found[known] = codes
    return found, set(unique.tolist())


def _alike(column: Column, baseline: Baseline, name: str) -> bool:
    return isinstance(column, Categories) == isinstance(baseline.columns[name], CategoricalBaseline)


def _levels(baseline: Baseline) -> dict[str, dict[str, int]]:
    return {
        name: {level: place for place, level in enumerate(column.levels)}
        for name, column in baseline.columns.items()
        if not isinstance(column, NumericBaseline)
    }
