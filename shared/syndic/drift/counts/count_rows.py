"""Counting rows on a baseline's edges: one sort of each numeric column, in which the edges are then looked up."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from syndic.drift.baseline.model import Baseline, CategoricalBaseline, Floats, Ints, NumericBaseline
from syndic.drift.baseline.summary import NOT_MEASURED, shorten
from syndic.drift.counts.model import (
    COARSE,
    EXAMPLES,
    FINE,
    NEW_COLUMNS,
    CategoricalCounts,
    ColumnCounts,
    Counts,
    NumericCounts,
)
from syndic.models import ColumnKind
from syndic.windows import Categories, Window
from syndic.windows.cells.cell import plain_number
from syndic.windows.cells.dates import is_date

_BLOCK: Final = 16_384  # fits the cache, and keeps integer-valued float sums under 2^53, where they are exact
_NEAR: Final = 2.0**11
_HUGE: Final = 1e150
_SQUARE_STEP: Final = COARSE / FINE**2
_SMALLEST: Final = 1e-300


def count(piece: Window, baseline: Baseline, *, multivariate: bool = False) -> Counts:
    """The counts of some rows on the edges of a baseline.

    Costs one sort of each numeric column; the edges are then looked up in the sorted column.
    """
    columns: dict[str, ColumnCounts] = {}
    other_kinds: dict[str, ColumnKind] = {}
    new: dict[str, ColumnKind] = {}
    unmeasured = {spec.name for spec in piece.specs if spec.role in NOT_MEASURED}
    unmeasured |= set() if baseline.grouping is None else {baseline.grouping.column}
    for name, column in piece.columns.items():
        known = baseline.columns.get(name)
        if known is None:
            if name not in unmeasured:
                new[name] = piece.kind(name)
        elif isinstance(column, Categories):
            if isinstance(known, CategoricalBaseline):
                columns[name] = count_categories(column, known)
            elif (column.codes >= 0).any():
                other_kinds[name] = ColumnKind.CATEGORICAL
            else:  # nothing but missing values: text and numbers look alike
                columns[name] = count_numbers(np.full(piece.rows, np.nan), known)
        elif isinstance(known, NumericBaseline):
            columns[name] = count_numbers(column, known)
        elif np.isnan(column).all():
            columns[name] = CategoricalCounts(np.zeros(len(known.levels), np.int64), 0, piece.rows, {})
        else:
            other_kinds[name] = ColumnKind.NUMERIC
    errors = None
    if multivariate and baseline.reconstruction is not None:
        from syndic.drift.counts.multivariate import error_sums  # noqa: PLC0415 - only where a policy asks for it

        errors = error_sums(piece, baseline, baseline.reconstruction)
    new = {name: new[name] for name in sorted(new)[:NEW_COLUMNS]}
    groups = _groups(piece, baseline)
    return Counts(piece.rows, _without_unread(columns, piece), other_kinds, new, piece.intake, errors, groups)


def _groups(piece: Window, baseline: Baseline) -> tuple[int, int]:
    """Rows of a known group, and the sum of the squared sizes of the groups."""
    values = None if baseline.grouping is None else piece.columns.get(baseline.grouping.column)
    if values is None:
        return 0, 0
    from syndic.drift.counts.by_window import group_codes, group_sizes  # noqa: PLC0415 - only where there are groups

    codes = group_codes(values)
    sizes = group_sizes(codes[codes >= 0])
    return int(sizes.sum()), int((sizes**2).sum())


def _without_unread(columns: dict[str, ColumnCounts], piece: Window) -> dict[str, ColumnCounts]:
    """Values of a side that could not be read are not missing in the data."""
    unread = {name: rows for name, rows in piece.intake.unread.items() if name in columns}
    fewer = {name: replace(columns[name], missing=max(0, columns[name].missing - n)) for name, n in unread.items()}
    return {**columns, **fewer}


def count_numbers(values: Floats, baseline: NumericBaseline) -> NumericCounts:
    """The counts of a numeric column."""
    ordered = np.sort(values)
    size = len(ordered)
    present = int(ordered.searchsorted(np.inf, side="right")) if size and math.isnan(ordered[-1]) else size
    edges = baseline.edges
    at_or_below, below = _looked_up(ordered[:present], edges)
    first, last = 0, present
    if present and ordered[0] == -math.inf:
        first = int(ordered[:present].searchsorted(-np.inf, side="right"))
    if present and ordered[present - 1] == math.inf:
        last = int(ordered[:present].searchsorted(np.inf, side="left"))
    finite = ordered[first:last]
    total, squares = fixed_sums(finite, baseline.mean, baseline.std)
    low_tail = high_tail = 0
    if len(finite) and len(edges):
        scale = baseline.std
        lower = ordered[first : max(first, int(below[0]))]
        upper = ordered[min(last, int(at_or_below[-1])) : last]
        low_tail = -fixed_sum(lower, float(edges[0]), scale) if np.isfinite(edges[0]) else 0
        high_tail = fixed_sum(upper, float(edges[-1]), scale) if np.isfinite(edges[-1]) else 0
    repeats = unlike = 0
    if baseline.identifier and present:
        repeats = present - 1 - int(np.count_nonzero(np.diff(ordered[:present])))
        unlike = int(np.count_nonzero(finite != np.rint(finite))) + present - len(finite)
    under = over = 0
    if baseline.low is not None and baseline.high is not None and len(finite):
        if finite[0] < baseline.low:
            under = int(finite.searchsorted(baseline.low, side="left"))
        if finite[-1] > baseline.high:
            over = len(finite) - int(finite.searchsorted(baseline.high, side="right"))
    return NumericCounts(
        at_or_below=at_or_below,
        below=below,
        present=present,
        missing=len(values) - present,
        infinite=present - len(finite),
        low=float(finite[0]) if len(finite) else None,
        high=float(finite[-1]) if len(finite) else None,
        total=total,
        squares=squares,
        tail_below=low_tail,
        tail_above=high_tail,
        under=under,
        over=over,
        repeats=repeats,
        unlike=unlike,
    )


def _looked_up(ordered: Floats, edges: Floats) -> tuple[Ints, Ints]:
    """How many of some rising values lie at or below each edge, and how many below it."""
    at_or_below = ordered.searchsorted(edges, side="right").astype(np.int64, copy=False)
    below = at_or_below.copy()
    # Only an edge that is a value itself has fewer below it: of finely measured columns, few edges.
    held = np.flatnonzero(ordered[at_or_below - 1] == edges) if len(ordered) else below[:0]
    held = held[at_or_below[held] > 0]  # of those with none, the value looked at was the last one
    if len(held):
        below[held] = ordered.searchsorted(edges[held], side="left")
    return at_or_below, below


def count_categories(column: Categories, baseline: CategoricalBaseline) -> CategoricalCounts:
    """The counts of a categorical column."""
    # Code -1 (missing) becomes bin 0.
    rows = np.bincount(column.codes + np.int32(1), minlength=len(column.levels) + 1)
    places = {level: place for place, level in enumerate(baseline.levels)}
    counts = np.zeros(len(baseline.levels), np.int64)
    unlisted = 0

    def unknown() -> Iterator[tuple[str, int]]:
        nonlocal unlisted
        for level, number in zip(column.levels, rows[1:].tolist(), strict=True):
            if number:
                text = shorten(level)
                place = places.get(text)
                if place is None:
                    unlisted += number
                    yield text, number
                else:
                    counts[place] += number

    examples = dict(heapq.nsmallest(EXAMPLES, unknown()))  # never holds more than it returns
    unlike = repeats = 0
    dates = baseline.dates
    filled: list[tuple[str, int]] = []
    if dates or baseline.identifier:
        filled = [(level, number) for level, number in zip(column.levels, rows[1:].tolist(), strict=True) if number]
    if dates:
        unlike = sum(number for level, number in filled if level not in places and not is_date(level))
    elif baseline.identifier:
        repeats = int(rows[1:].sum()) - len(filled)
        unlike = _of_other_looks(filled, baseline)
    return CategoricalCounts(counts, unlisted, int(rows[0]), examples, unlike, repeats)


def _of_other_looks(filled: Sequence[tuple[str, int]], baseline: CategoricalBaseline) -> int:
    """Rows with a number where no identifier of the baseline is one, or with none where all are."""
    numbers = {plain_number(level) is not None for level in baseline.levels}
    if len(numbers) != 1:
        return 0
    usual = numbers.pop()
    return sum(number for level, number in filled if (plain_number(level) is not None) is not usual)


def fixed_sums(values: Floats, centre: float, scale: float) -> tuple[int, int]:
    """Sums of z and of z^2 with ``z = (x - centre) / scale``, in steps of 1/2^20 and 1/2^16, the same in any order."""
    total = squares = 0
    if not len(values):
        return 0, 0
    scale = scale if scale > _SMALLEST else 1.0
    inverse = 1.0 / scale
    # Rising values: those within reach of exact float sums lie between two places.
    reach = _NEAR * scale
    first, last = 0, len(values) if math.isfinite(abs(centre) + reach) else 0
    if last and not (values[0] >= centre - reach and values[-1] < centre + reach):
        first, last = (int(place) for place in values.searchsorted((centre - reach, centre + reach)))
    size = min(_BLOCK, max(1, last - first))
    first_buffer, second_buffer = np.empty(size), np.empty(size)
    step = inverse * FINE
    for start in range(first, last, _BLOCK):
        block = values[start : min(last, start + _BLOCK)]
        z, squared = first_buffer[: len(block)], second_buffer[: len(block)]
        np.subtract(block, centre, out=z)
        np.multiply(z, step, out=z)
        np.square(z, out=squared)
        np.multiply(squared, _SQUARE_STEP, out=squared)
        squares += int(np.rint(squared, out=squared).sum())
        total += int(np.rint(z, out=z).sum())
    for far in (values[:first], values[last:]):
        more = _far_sums(far, centre, scale)
        total, squares = total + more[0], squares + more[1]
    return total, squares


def fixed_sum(values: Floats, centre: float, scale: float) -> int:
    """The first of `fixed_sums`."""
    usual = scale if scale > _SMALLEST else 1.0
    reach = _NEAR * usual
    if not 0 < len(values) <= _BLOCK or not math.isfinite(abs(centre) + reach):
        return fixed_sums(values, centre, scale)[0]
    if not (values[0] >= centre - reach and values[-1] < centre + reach):
        return fixed_sums(values, centre, scale)[0]
    z = values - centre  # a few values of a tail: the squares would cost as much again
    z *= 1.0 / usual * FINE
    return int(np.rint(z, out=z).sum())


def _far_sums(values: Floats, centre: float, scale: float) -> tuple[int, int]:
    """Values thousands of deviations away, such as after a change of units: whole numbers of any size."""
    if len(values) == 0:
        return 0, 0
    with np.errstate(over="ignore"):
        z = np.clip((values - centre) / scale, -_HUGE, _HUGE)
    whole = [int(x) for x in z.tolist()]
    return sum(whole) * FINE, sum(x * x for x in whole) * COARSE
