"""A window, or any piece of one, as counts on its baseline's edges. Counts add up: every split gives the same sum.

Sums of floating point numbers depend on their order, so none is kept: values are rounded to 2^-20 baseline standard
deviations from the baseline mean and added as integers.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from syndic.drift.baseline import Baseline, CategoricalBaseline, Floats, Ints, NumericBaseline
from syndic.drift.summarise import NOT_MEASURED, shorten
from syndic.errors import InvalidInputError
from syndic.models import ColumnKind, Intake
from syndic.windows import Categories, Window

FINE: Final = 2**20  # steps of a standard deviation in sums
COARSE: Final = 2**16  # steps in sums of squares
EXAMPLES: Final = 32
NEW_COLUMNS: Final = 100
_BLOCK: Final = 16_384  # fits the cache, and keeps integer-valued float sums under 2^53, where they are exact
_NEAR: Final = 2.0**11
_HUGE: Final = 1e150
_SMALLEST: Final = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class NumericCounts:
    """Counts of a numeric column: see `NumericBaseline`, of which they share the edges.

    `total` and `squares` are the sums of ``(x - mean) / std`` and of its square over the finite values, in steps of
    1/2^20 and 1/2^16; `tail_below` and `tail_above` the sums of distances outside the edges in steps of 1/2^20.
    """

    at_or_below: Ints
    below: Ints
    present: int
    missing: int
    infinite: int
    low: float | None
    high: float | None
    total: int
    squares: int
    tail_below: int
    tail_above: int

    def plus(self, other: NumericCounts) -> NumericCounts:
        """The counts of both."""
        return NumericCounts(
            self.at_or_below + other.at_or_below,
            self.below + other.below,
            self.present + other.present,
            self.missing + other.missing,
            self.infinite + other.infinite,
            min((x for x in (self.low, other.low) if x is not None), default=None),
            max((x for x in (self.high, other.high) if x is not None), default=None),
            self.total + other.total,
            self.squares + other.squares,
            self.tail_below + other.tail_below,
            self.tail_above + other.tail_above,
        )


@dataclass(frozen=True, slots=True, eq=False)
class CategoricalCounts:
    """Counts of a categorical column: rows of each listed level, of all unlisted ones, and missing.

    `examples` are the unlisted values that come first in the alphabet, at most 32, with exact counts. A value that is
    among the first of the whole is among the first of each piece, so examples add up without error.
    """

    counts: Ints
    unlisted: int
    missing: int
    examples: Mapping[str, int]

    @property
    def present(self) -> int:
        """Rows with a value."""
        return int(self.counts.sum()) + self.unlisted

    def plus(self, other: CategoricalCounts) -> CategoricalCounts:
        """The counts of both."""
        examples = dict(self.examples)
        for level, count in other.examples.items():
            examples[level] = examples.get(level, 0) + count
        return CategoricalCounts(
            self.counts + other.counts,
            self.unlisted + other.unlisted,
            self.missing + other.missing,
            {level: examples[level] for level in sorted(examples)[:EXAMPLES]},
        )


ColumnCounts = NumericCounts | CategoricalCounts


@dataclass(frozen=True, slots=True)
class ErrorSums:
    """Sums of reconstruction errors and of their squares, in steps of 1/2^20 and 1/2^16."""

    rows: int = 0
    total: int = 0
    squares: int = 0

    def plus(self, other: ErrorSums) -> ErrorSums:
        """The sums of both."""
        return ErrorSums(self.rows + other.rows, self.total + other.total, self.squares + other.squares)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Counts of all columns of some rows.

    Attributes:
        rows: Number of rows.
        columns: By name, for the columns that the baseline has and that came with the same kind.
        other_kinds: Columns of the baseline that came with the other kind, with that kind.
        new: Columns that the baseline lacks, with their kind; at most 100 are named.
        intake: How the rows were read.
        errors: Sums of reconstruction errors, when they were asked for.
    """

    rows: int = 0
    columns: Mapping[str, ColumnCounts] = field(default_factory=dict)
    other_kinds: Mapping[str, ColumnKind] = field(default_factory=dict)
    new: Mapping[str, ColumnKind] = field(default_factory=dict)
    intake: Intake = field(default_factory=Intake)
    errors: ErrorSums | None = None

    def plus(self, other: Counts) -> Counts:
        """The counts of both pieces. Raises `InvalidInputError` when they are on different edges."""
        columns = dict(self.columns)
        for name, column in other.columns.items():
            columns[name] = _both(name, columns[name], column) if name in columns else column
        new = {**self.new, **other.new}
        return Counts(
            rows=self.rows + other.rows,
            columns=columns,
            other_kinds=dict(sorted({**self.other_kinds, **other.other_kinds}.items())),
            new={name: new[name] for name in sorted(new)[:NEW_COLUMNS]},
            intake=self.intake.plus(other.intake),
            errors=_both_errors(self.errors, other.errors),
        )


def count(piece: Window, baseline: Baseline, *, multivariate: bool = False) -> Counts:
    """The counts of some rows on the edges of a baseline.

    Costs one sort of each numeric column; the edges are then looked up in the sorted column.
    """
    columns: dict[str, ColumnCounts] = {}
    other_kinds: dict[str, ColumnKind] = {}
    new: dict[str, ColumnKind] = {}
    unmeasured = {spec.name for spec in piece.specs if spec.role in NOT_MEASURED}
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
        from syndic.drift.multivariate import error_sums  # noqa: PLC0415 - only where a policy asks for it

        errors = error_sums(piece, baseline, baseline.reconstruction)
    new = {name: new[name] for name in sorted(new)[:NEW_COLUMNS]}
    return Counts(piece.rows, columns, other_kinds, new, piece.intake, errors)


def count_numbers(values: Floats, baseline: NumericBaseline) -> NumericCounts:
    """The counts of a numeric column."""
    ordered = np.sort(values)
    present = int(ordered.searchsorted(np.inf, side="right"))  # NaN sorts last
    edges = baseline.edges
    at_or_below = ordered[:present].searchsorted(edges, side="right").astype(np.int64, copy=False)
    below = ordered[:present].searchsorted(edges, side="left").astype(np.int64, copy=False)
    first = int(ordered[:present].searchsorted(-np.inf, side="right"))
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
    )


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
    return CategoricalCounts(counts, unlisted, int(rows[0]), examples)


def fixed_sums(values: Floats, centre: float, scale: float) -> tuple[int, int]:
    """Sums of z and of z^2 with ``z = (x - centre) / scale``, in steps of 1/2^20 and 1/2^16, the same in any order."""
    total = squares = 0
    scale = scale if scale > _SMALLEST else 1.0
    inverse = 1.0 / scale
    # Rising values: those within reach of exact float sums lie between two places.
    reach = _NEAR * scale
    if math.isfinite(abs(centre) + reach):
        first, last = (int(place) for place in values.searchsorted((centre - reach, centre + reach)))
    else:
        first = last = 0
    buffer = np.empty(min(_BLOCK, max(1, last - first)))
    for start in range(first, last, _BLOCK):
        block = values[start : min(last, start + _BLOCK)]
        z = buffer[: len(block)]
        np.subtract(block, centre, out=z)
        np.multiply(z, inverse, out=z)
        squared = z * z
        np.multiply(squared, COARSE, out=squared)
        squares += int(np.rint(squared, out=squared).sum())
        np.multiply(z, FINE, out=z)
        total += int(np.rint(z, out=z).sum())
    for far in (values[:first], values[last:]):
        more = _far_sums(far, centre, scale)
        total, squares = total + more[0], squares + more[1]
    return total, squares


def fixed_sum(values: Floats, centre: float, scale: float) -> int:
    """The first of `fixed_sums`."""
    return fixed_sums(values, centre, scale)[0]


def _far_sums(values: Floats, centre: float, scale: float) -> tuple[int, int]:
    """Values thousands of deviations away, such as after a change of units: whole numbers of any size."""
    if len(values) == 0:
        return 0, 0
    with np.errstate(over="ignore"):
        z = np.clip((values - centre) / scale, -_HUGE, _HUGE)
    whole = [int(x) for x in z.tolist()]
    return sum(whole) * FINE, sum(x * x for x in whole) * COARSE


def _both(name: str, one: ColumnCounts, other: ColumnCounts) -> ColumnCounts:
    if isinstance(one, NumericCounts) and isinstance(other, NumericCounts):
        if len(one.below) == len(other.below):
            return one.plus(other)
    elif (
        isinstance(one, CategoricalCounts)
        and isinstance(other, CategoricalCounts)
        and len(one.counts) == len(other.counts)
    ):
        return one.plus(other)
    raise InvalidInputError(f"pieces of a window were counted on different baselines: column {name!r} differs")


def _both_errors(one: ErrorSums | None, other: ErrorSums | None) -> ErrorSums | None:
    if one is None or other is None:
        return one or other
    return one.plus(other)
