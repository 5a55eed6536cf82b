"""A window, or any piece of one, as counts on its baseline's edges. Counts add up: every split gives the same sum.

Sums of floating point numbers depend on their order, so none is kept: values are rounded to 2^-20 baseline standard
deviations from the baseline mean and added as integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from syndic.drift.baseline.model import Ints
from syndic.errors import InvalidInputError
from syndic.models import ColumnKind, Intake

FINE: Final = 2**20  # steps of a standard deviation in sums
COARSE: Final = 2**16  # steps in sums of squares
EXAMPLES: Final = 512
NEW_COLUMNS: Final = 100


@dataclass(frozen=True, slots=True, eq=False)
class NumericCounts:
    """Counts of a numeric column: see `NumericBaseline`, of which they share the edges.

    `total` and `squares` are the sums of ``(x - mean) / std`` and of its square over the finite values, in steps of
    1/2^20 and 1/2^16; `tail_below` and `tail_above` the sums of distances outside the edges in steps of 1/2^20.
    `under` and `over` count the finite values below the baseline's smallest finite value and above its largest.
    Of a baseline of identifiers, `repeats` are the rows of which their piece had the value before, and `unlike` those
    that are not whole.
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
    under: int = 0
    over: int = 0
    repeats: int = 0
    unlike: int = 0

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
            self.under + other.under,
            self.over + other.over,
            self.repeats + other.repeats,
            self.unlike + other.unlike,
        )


@dataclass(frozen=True, slots=True, eq=False)
class CategoricalCounts:
    """Counts of a categorical column: rows of each listed level, of all unlisted ones, and missing.

    `examples` are the unlisted values that come first in the alphabet, at most 512, with exact counts. A value that is
    among the first of the whole is among the first of each piece, so examples add up without error.
    `unlike` are the rows that hold no date although the baseline's values all are dates, or a number where none of its
    identifiers is one, or the other way round. `repeats` are the rows of identifiers of which their piece had the value
    before.
    """

    counts: Ints
    unlisted: int
    missing: int
    examples: Mapping[str, int]
    unlike: int = 0
    repeats: int = 0

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
            self.unlike + other.unlike,
            self.repeats + other.repeats,
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
        groups: Rows of a known group, and the sum over groups of their squared numbers, where the baseline has groups
            and the rows say which they are of. Groups that are split over pieces count as several.
    """

    rows: int = 0
    columns: Mapping[str, ColumnCounts] = field(default_factory=dict)
    other_kinds: Mapping[str, ColumnKind] = field(default_factory=dict)
    new: Mapping[str, ColumnKind] = field(default_factory=dict)
    intake: Intake = field(default_factory=Intake)
    errors: ErrorSums | None = None
    groups: tuple[int, int] = (0, 0)

    @property
    def group_size(self) -> float | None:
        """Rows that the group of a row has, on average over rows; None where the rows do not say it."""
        return self.groups[1] / self.groups[0] if self.groups[0] else None

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
            groups=(self.groups[0] + other.groups[0], self.groups[1] + other.groups[1]),
        )


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
