"""Rows of a model as columns of numpy arrays: what every measure reads.

Memory stays small on purpose: 8 bytes for a number, 4 for a category, one copy of each level's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError, UnknownReferenceError
from syndic.models import ColumnKind, ColumnRole, ColumnSpec, Intake

MISSING_CODE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """A categorical column: ``levels[codes[i]]`` is the value of row i.

    Attributes:
        codes: int32, one for each row; -1 is a missing value.
        levels: The distinct texts in order of first appearance. A level may have no row (after `Window.take`).
    """

    codes: NDArray[np.int32]
    levels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Whether each row's value is missing."""
        return self.codes < 0

    def values(self) -> list[str | None]:
        """Each row's text, None where it is missing. For small windows and tests."""
        return [self.levels[code] if code >= 0 else None for code in self.codes.tolist()]


Column = NDArray[np.float64] | Categories
"""A numeric column (missing is NaN) or a categorical one (missing is code -1)."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Some rows of one model, column by column, with the account of how they were read.

    Attributes:
        rows: The number of rows; every column has that length.
        columns: By name. Columns with the role `ROW_ID` or `IGNORED` are not here.
        ids: Each row's id: the row-id column when the schema has one, else ``<inferenceId or eventId>``, or
            ``<id>#<i>`` (i from 0) when a record held several rows. Empty when the source has no ids (a table).
        times: When each row was predicted (UTC, NaT unknown), or None when the source has no times.
        intake: Records read, used and rejected with reasons. ``read == used + rejected``.
        specs: What is known of the columns: kind and role. Empty for a table.
        set_aside: Columns of the source that are not here because such values cannot be measured, and why.
        refused: Columns of the source that are not here because they could not be read, and the error that names the
            place.
        notes: What a reader of any result must know of how the source was read.
    """

    rows: int
    columns: Mapping[str, Column]
    ids: tuple[str | None, ...] = ()
    times: NDArray[np.datetime64] | None = None
    intake: Intake = field(default_factory=Intake)
    specs: tuple[ColumnSpec, ...] = ()
    set_aside: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, InvalidInputError] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name. Raises `UnknownReferenceError`, or `InvalidInputError` when it was left out."""
        try:
            return self.columns[name]
        except KeyError:
            if name in self.refused:
                raise self.refused[name] from None
            if name in self.set_aside:
                raise InvalidInputError(f"column {name!r} was left out: {self.set_aside[name]}") from None
            known = ", ".join(sorted(self.columns)[:20]) or "none"
            raise UnknownReferenceError(f"there is no column {name!r}; columns are: {known}") from None

    def numeric(self, name: str) -> NDArray[np.float64]:
        """A numeric column's values. Raises `InvalidInputError` when it is categorical."""
        column = self.column(name)
        if isinstance(column, Categories):
            raise InvalidInputError(f"column {name!r} is categorical, a numeric one is needed")
        return column

    def categorical(self, name: str) -> Categories:
        """A categorical column. Raises `InvalidInputError` when it is numeric."""
        column = self.column(name)
        if not isinstance(column, Categories):
            raise InvalidInputError(f"column {name!r} is numeric, a categorical one is needed")
        return column

    def kind(self, name: str) -> ColumnKind:
        """How a column is measured."""
        return ColumnKind.CATEGORICAL if isinstance(self.column(name), Categories) else ColumnKind.NUMERIC

    def with_role(self, role: ColumnRole) -> tuple[str, ...]:
        """Names of the columns that have a role, in the schema's order."""
        return tuple(spec.name for spec in self.specs if spec.role is role and spec.name in self.columns)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Window:
        """Only some rows, by mask or by position. The intake is kept: it tells how the source was read."""
        columns: dict[str, Column] = {
            name: Categories(column.codes[rows], column.levels) if isinstance(column, Categories) else column[rows]
            for name, column in self.columns.items()
        }
        positions = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        ids = tuple(self.ids[i] for i in positions.tolist()) if self.ids else ()
        times = None if self.times is None else self.times[rows]
        return replace(self, rows=len(positions), columns=columns, ids=ids, times=times)

    def with_column(self, spec: ColumnSpec, column: Column) -> Window:
        """The same rows with one more column, or another one under its name."""
        if len(column) != self.rows:
            raise InvalidInputError(f"column {spec.name!r} has {len(column)} values for {self.rows} rows")
        specs = (*(known for known in self.specs if known.name != spec.name), spec)
        return replace(self, columns={**self.columns, spec.name: column}, specs=specs)


def missing_in(column: Column) -> NDArray[np.bool_]:
    """Whether each value of a column is missing."""
    return column.missing if isinstance(column, Categories) else np.isnan(column)


def concatenate(pieces: Iterable[Window]) -> Window:
    """All rows of several windows in order; intakes add up.

    Pieces without rows only add their intake. All others must have the same columns of the same kinds. Raises
    `InvalidInputError` when they do not.
    """
    every = list(pieces)
    intake = Intake()
    for piece in every:
        intake = intake.plus(piece.intake)
    full = [piece for piece in every if piece.rows]
    if not full:
        return replace(every[0], intake=intake) if every else Window(0, {}, intake=intake)
    if len(full) == 1:
        return replace(full[0], intake=intake)
    first = full[0]
    for piece in full[1:]:
        if piece.columns.keys() != first.columns.keys():
            differing = ", ".join(sorted(piece.columns.keys() ^ first.columns.keys()))
            raise InvalidInputError(f"pieces of a window differ in their columns: {differing}")
    columns = {name: _joined(name, [piece.columns[name] for piece in full]) for name in first.columns}
    ids = tuple(row_id for piece in full for row_id in (piece.ids or (None,) * piece.rows))
    times = [piece.times for piece in full]
    return Window(
        rows=sum(piece.rows for piece in full),
        columns=columns,
        ids=ids if any(piece.ids for piece in full) else (),
        times=None if all(time is None for time in times) else np.concatenate([_times(piece) for piece in full]),
        intake=intake,
        specs=first.specs,
        set_aside={name: reason for piece in full for name, reason in piece.set_aside.items()},
        refused={name: error for piece in full for name, error in piece.refused.items()},
        notes=tuple(dict.fromkeys(note for piece in full for note in piece.notes)),
    )


def _times(piece: Window) -> NDArray[np.datetime64]:
    return np.full(piece.rows, "NaT", "datetime64[ms]") if piece.times is None else piece.times


def _joined(name: str, columns: Sequence[Column]) -> Column:
    categorical = [column for column in columns if isinstance(column, Categories)]
    if not categorical:
        return np.concatenate([column for column in columns if not isinstance(column, Categories)])
    if len(categorical) != len(columns):
        raise InvalidInputError(f"column {name!r} is numeric in one piece of the window and categorical in another")
    places: dict[str, int] = {}
    codes = []
    for column in categorical:
        # One lookup entry more than levels: code -1 reads the last one, which stays -1.
        lookup = np.full(len(column.levels) + 1, MISSING_CODE, np.int32)
        for position, level in enumerate(column.levels):
            lookup[position] = places.setdefault(level, len(places))
        codes.append(lookup[column.codes])
    return Categories(np.concatenate(codes), tuple(places))
