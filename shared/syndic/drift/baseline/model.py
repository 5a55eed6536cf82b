"""The baseline, summarised once: all that later windows are compared with. It holds no row.

A numeric column keeps the values at 1,029 baseline quantiles with the exact number of baseline values at or below,
and below, each of them. Every decile is one of these edges. Between two edges lies at most 1/1,030 of the baseline, so
a Kolmogorov-Smirnov statistic read at the edges is at most that much under the exact one. A column with no more
distinct values than edges is kept whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from syndic.models import ColumnKind, ColumnRole, Intake
from syndic.windows.cells.dates import are_dates, may_be_dates, numbers_as_dates
from syndic.windows.cells.identifiers import may_be_amounts

if TYPE_CHECKING:
    from syndic.drift.baseline.own_windows import OwnWindows

STEPS: Final = 1_030
EDGES: Final = STEPS - 1
LEVELS: Final = 4_096
ALWAYS_LISTED: Final = 512
WATCHED_LEVELS: Final = 65_536
IDENTIFIER: Final = 0.5  # distinct values in a row from which a text column is no category

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class NumericBaseline:
    """Summary of a numeric column.

    Attributes:
        edges: Rising values of the column, at most 1,029; empty when every value is missing.
        at_or_below: Number of values ``<=`` each edge.
        below: Number of values ``<`` each edge.
        present: Values that are not missing; infinite ones are present.
        missing: Missing values (NaN).
        infinite: Infinite values.
        mean: Of the finite values, 0 without any.
        std: Population standard deviation of the finite values.
        low: Smallest finite value, None without any.
        high: Largest finite value.
        tail_below: Sum of ``edges[0] - x`` over the values below the first edge.
        tail_above: Sum of ``x - edges[-1]`` over the values above the last edge.
        distinct: Number of distinct present values.
        integer_like: Whether every finite value is a whole number.
        exact: Whether the counts are of all rows; False when rebuilt from a sketch.
        declared: Whether a person said that these are numbers: then they are neither identifiers nor dates.
    """

    edges: Floats
    at_or_below: Ints
    below: Ints
    present: int
    missing: int
    infinite: int
    mean: float
    std: float
    low: float | None
    high: float | None
    tail_below: float
    tail_above: float
    distinct: int
    integer_like: bool
    exact: bool = True
    declared: bool = False

    @property
    def constant(self) -> bool:
        """Whether all present values are the same."""
        return self.present > 0 and bool(self.at_or_below[0] == self.present and self.below[0] == 0)

    @property
    def identifier(self) -> bool:
        """Whether the values are sequential identifiers: whole, all different, and too dense for that to be chance.

        Of n whole numbers drawn from a range r about n^2 / 2r pairs are equal; none where ten were expected is a sign.
        """
        if (
            self.declared
            or not self.integer_like
            or self.distinct < self.present
            or self.present < 100
            or self.infinite
        ):
            return False
        spread = (self.high or 0.0) - (self.low or 0.0)
        return self.exact and spread < self.present**2 / 20

    @property
    def dates(self) -> str | None:
        """What kind of dates or times all values are, None when they are numbers."""
        return None if self.declared else numbers_as_dates(self.edges)

    @property
    def gap(self) -> float:
        """Largest share of the baseline strictly between two neighbouring edges: the bound of the error in KS."""
        if self.present == 0:
            return 0.0
        inner = int(np.max(self.below[1:] - self.at_or_below[:-1], initial=0))
        return max(inner, int(self.below[0]), self.present - int(self.at_or_below[-1])) / self.present


@dataclass(frozen=True, slots=True, eq=False)
class CategoricalBaseline:
    """Summary of a categorical column.

    Attributes:
        levels: The most frequent values, at most 4,096, by falling count and then by text; of more, none that occurs
            once after the first 512.
        counts: Rows of each.
        other: Rows of all other values: the pool of rare levels.
        distinct: Number of distinct values; a lower limit when there were more than are watched (65,536).
        missing: Rows without a value.
        declared: Whether a person said that these are categories: then they are neither identifiers nor dates.
    """

    levels: tuple[str, ...]
    counts: Ints
    other: int
    distinct: int
    missing: int
    declared: bool = False

    @property
    def present(self) -> int:
        """Rows with a value."""
        return int(self.counts.sum()) + self.other

    @property
    def complete(self) -> bool:
        """Whether every value of the baseline is listed, so that an unlisted one is certainly unseen."""
        return self.other == 0

    @property
    def constant(self) -> bool:
        """Whether all present values are the same."""
        return len(self.levels) == 1 and self.complete

    @property
    def identifier(self) -> bool:
        """Whether nearly every row has a value of its own, so that a comparison says nothing.

        With more values than are watched, whether the frequent ones hold less than a twentieth of the rows.
        """
        if self.declared or self.present < 100:
            return False
        uncounted = self.distinct >= WATCHED_LEVELS and self.counts.sum() < 0.05 * self.present
        return self.distinct > IDENTIFIER * self.present or bool(uncounted)

    @property
    def amounts(self) -> bool:
        """Whether nearly all values differ and may be amounts that could not be read."""
        return self.identifier and may_be_amounts(self.levels[:ALWAYS_LISTED], unique=self.distinct == self.present)

    @property
    def dates(self) -> bool:
        """Whether every listed value is a date or a time: later windows cannot hold the same ones."""
        return not self.declared and are_dates(self.levels)

    @property
    def perhaps_dates(self) -> bool:
        """Whether the listed values may be dates in a spelling that is not known."""
        return not self.declared and not self.dates and may_be_dates(self.levels)


ColumnBaseline = NumericBaseline | CategoricalBaseline


@dataclass(frozen=True, slots=True, eq=False)
class Reconstruction:
    """A PCA of the numeric columns, standardised and with missing values at the mean, and its error on the baseline.

    Attributes:
        columns: Names, in the order of the rows of `components`.
        components: Orthonormal directions, columns x components.
        error_mean: Mean over the baseline rows of the distance between a row and its reconstruction.
        error_std: Population standard deviation of that distance.
        rows: Baseline rows it was fitted on.
    """

    columns: tuple[str, ...]
    components: Floats
    error_mean: float
    error_std: float
    rows: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows of one group, such as a person, are alike: so many of them count as one.

    Attributes:
        column: The column that says which rows belong together.
        groups: Number of groups.
        size: Rows that the group of a row has in its own hour or day, on average over rows; without times: in all.
        likeness: By column: by how much rows of one group are alike, 0 (not at all) to 1: the intraclass correlation.
        covariances: By column: what each other row of its group adds to the covariance of a row's counts, bins of PSI x
            bins.
    """

    column: str
    groups: int
    size: float
    likeness: Mapping[str, float] = field(default_factory=dict)
    covariances: Mapping[str, Floats] = field(default_factory=dict)

    def design(self, name: str, size: float | None = None) -> float:
        """The design effect of a column: so many of its rows count as one. 1: they are independent.

        `size` is that of a window; left out: that of the baseline's own hours or days. Source: Kish, Survey Sampling,
        1965.
        """
        return max(1.0, 1.0 + ((self.size if size is None else size) - 1.0) * self.likeness.get(name, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Summaries of all columns of a model's baseline."""

    rows: int
    columns: Mapping[str, ColumnBaseline]
    roles: Mapping[str, ColumnRole] = field(default_factory=dict)
    sampled_every: int = 1
    reconstruction: Reconstruction | None = None
    notes: tuple[str, ...] = ()
    intake: Intake | None = None
    """How its rows were read, where records of it were lost."""
    windows: OwnWindows | None = None
    """What each of its hours or days looked like, where its rows have times."""
    grouping: Grouping | None = None
    """How much rows of one person or session are alike, where a column says which rows are."""

    def kind(self, name: str) -> ColumnKind:
        """How a column is measured."""
        numeric = isinstance(self.columns[name], NumericBaseline)
        return ColumnKind.NUMERIC if numeric else ColumnKind.CATEGORICAL

    def design(self, name: str, size: float | None = None) -> float:
        """How many rows of a column count as one in a window; 1 where nothing says which rows belong together.

        `size` is how many rows of its group are in the window, on average over rows.
        """
        return 1.0 if self.grouping is None else self.grouping.design(name, size)

    def role(self, name: str) -> ColumnRole:
        """What a column is to the model."""
        return self.roles.get(name, ColumnRole.FEATURE)
