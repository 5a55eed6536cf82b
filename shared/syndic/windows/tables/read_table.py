"""CSV, JSON, Parquet and capture files become windows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec, Intake
from syndic.windows.cells.cell import level_text
from syndic.windows.cells.decimal_marks import Unsettled, machine_written, settle
from syndic.windows.cells.number_spellings import spelled
from syndic.windows.tables.captures import read_captures
from syndic.windows.tables.columns_read import ColumnsRead, Wanted
from syndic.windows.tables.csv import read_csv
from syndic.windows.tables.json import read_json
from syndic.windows.tables.parquet import read_parquet
from syndic.windows.tables.sources import TableForm, TableSource
from syndic.windows.window import MISSING_CODE, Categories, Column, Window

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is to be read.

    Attributes:
        data: Its path, or its bytes.
        name: What messages call it; the path when None.
        schema: The model's columns.
        kinds: Kinds of single columns; they come before the schema's.
        only: Columns that are asked for; None: all. Others that cannot be read are left out and named.
        ignored: Columns that nobody asks for.
        decimal: The decimal mark, ``.`` or ``,``, of columns that do not tell it themselves.
        answers: Columns that are the model's answer, also where an input has the same name; in capture files.
    """

    data: bytes | str | Path
    name: str | None = None
    schema: CaptureSchema | None = None
    kinds: Mapping[str, ColumnKind] = field(default_factory=dict)
    only: Collection[str] | None = None
    ignored: Collection[str] = ()
    decimal: str | None = None
    answers: Collection[str] = ()

    @property
    def source(self) -> TableSource:
        """The bytes with a name."""
        data = Path(self.data) if isinstance(self.data, str) else self.data
        return TableSource(data, self.name or (str(data) if isinstance(data, Path) else "table"))

    @property
    def known(self) -> dict[str, ColumnKind]:
        """Kinds that are declared: by the schema, and before it by `kinds`."""
        by_schema = {column.name: column.kind for column in self.schema.columns} if self.schema else {}
        return {**by_schema, **self.kinds}

    def asks_for(self, name: str) -> bool:
        """Whether a column is asked for, so that it must be readable."""
        left_out = {spec.name for spec in self.schema.role(ColumnRole.IGNORED)} if self.schema else set()
        return name not in left_out and name not in self.ignored and (self.only is None or name in self.only)


@dataclass(frozen=True, slots=True)
class Reading:
    """A table that was read: its rows, and what is known of how its columns are written."""

    window: Window
    found: ColumnsRead
    form: TableForm


def read_table(
    data: bytes | str | Path,
    *,
    name: str | None = None,
    schema: CaptureSchema | None = None,
    kinds: Mapping[str, ColumnKind] | None = None,
    only: Collection[str] | None = None,
    decimal: str | None = None,
    answers: Collection[str] = (),
) -> Window:
    """A whole table as one window; its form is told by its first bytes.

    A column is what the schema or `kinds` says, else what it looks like: numbers, also those written for people in one
    spelling, are numeric, the rest is categorical. Missing are empty cells and the usual spellings of NA, NaN and null.
    The schema's row-id column becomes `ids`, and columns to be ignored are left out. Lists and objects are
    `set_aside`; the window's `notes` say so, and how numbers were read.

    Args:
        data: The file's path, or its bytes.
        name: What messages call it; the path when None.
        schema: The model's columns; needed for CSV without a header, and for captured CSV when names matter.
        kinds: Kinds of single columns; they come before the schema's.
        only: Columns that must be readable; None: all.
        decimal: The decimal mark, ``.`` or ``,``, of columns that do not tell it themselves.
        answers: Columns that are the model's answer, also where an input of a capture file has the same name.

    Raises:
        InvalidInputError: One sentence that names the file, and the line and column where that is known.
    """
    return read(Table(data, name, schema, kinds or {}, only=only, decimal=decimal, answers=answers))


def read(table: Table) -> Window:
    """`read_table` of a table that is described already."""
    return finished(table, read_columns(table))


def finished(table: Table, reading: Reading) -> Window:
    """The window with the notes of a reading. Raises the error of a column that is asked for and cannot be read."""
    for name, error in reading.found.refused.items():
        if table.asks_for(name):
            raise error
    for name, reason in reading.found.set_aside.items():
        if table.asks_for(name) and name in {*(table.only or ()), *table.known}:
            raise InvalidInputError(reason, where=table.source.name, column=repr(name))
    notes = tuple(_notes(table, reading.found))
    return replace(reading.window, notes=notes, set_aside=reading.found.set_aside, refused=reading.found.refused)


def _notes(table: Table, found: ColumnsRead) -> Iterator[str]:
    where = table.source.name
    for note in found.notes:
        yield f"{where}: {note}"
    grouped: dict[str, list[str]] = {}
    for name, spelling in found.spellings.items():
        if table.asks_for(name):
            grouped.setdefault(f"read as {spelling}", []).append(name)
    for name, reason in found.set_aside.items():
        if table.asks_for(name):
            grouped.setdefault(f"set aside: {reason}", []).append(name)
    for name, error in found.refused.items():
        if not table.asks_for(name):
            yield f"left out: {error}"
    for said, names in grouped.items():
        more = len(names) - _MOST_NAMED
        listed = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield f"{where}: {listed} {'is' if len(names) == 1 else 'are'} {said}"


def read_columns(
    table: Table,
    *,
    beside: Window | None = None,
    decimals: Mapping[str, str] | None = None,
    as_text: Collection[str] = (),
) -> Reading:
    """Read a table without refusing anything yet.

    Args:
        table: The table.
        beside: The table it is compared with, whose columns name rows without names.
        decimals: Decimal marks that are known from it.
        as_text: Columns whose exact texts must be looked at.
    """
    source = table.source
    form = source.form()
    if form is TableForm.CAPTURE:
        window = _with_kinds(read_captures(source, table.schema, beside, table.answers), table)
        found = ColumnsRead(refused=_numbers_as_texts(window, table))
        kept = {name: column for name, column in window.columns.items() if name not in found.refused}
        return Reading(replace(window, columns=kept), found, form)
    names = tuple(beside.columns) if beside is not None else ()
    wanted = Wanted(table.known, decimals or {}, table.decimal, as_text, table.schema, names)
    readers = {TableForm.CSV: read_csv, TableForm.JSON: read_json, TableForm.PARQUET: read_parquet}
    found = readers[form](source, wanted)
    rows = len(next(iter(found.columns.values()), ()))
    window = Window(rows, found.columns, intake=Intake(objects=1, read=rows, used=rows, rows=rows))
    return Reading(window if table.schema is None else _by_schema(window, table.schema, source), found, form)


def _numbers_as_texts(window: Window, table: Table) -> dict[str, InvalidInputError]:
    """Captured columns of numbers written for people, or with words among them: as texts they would be quiet."""
    refused: dict[str, InvalidInputError] = {}
    for name, column in window.columns.items():
        if isinstance(column, Categories) and name not in table.known:
            counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels)).tolist()
            found = None if all(map(machine_written, column.levels)) else settle(column.levels, counts, units=False)
            if found is not None:
                worded = isinstance(found, Unsettled) and spelled(column.levels[found.place]) is None
                said = (
                    "words stand among the numbers of this column: capture null if they mean a missing value, or "
                    if worded
                    else "the values are numbers written for people, which are not read in captured traffic: "
                )
                refused[name] = InvalidInputError(
                    f"{said}declare the column categorical to compare them as texts",
                    where=table.source.name,
                    column=repr(name),
                )
    return refused


def _by_schema(window: Window, schema: CaptureSchema, source: TableSource) -> Window:
    specs = tuple(spec for spec in schema.columns if spec.name in window.columns)
    if not specs:
        raise InvalidInputError("the table has none of the schema's columns", where=source.name)
    ids: tuple[str | None, ...] = ()
    for spec in specs:
        if spec.role is ColumnRole.ROW_ID and not ids:
            ids = _texts(window.column(spec.name))
    left_out = {spec.name for spec in specs if spec.role in {ColumnRole.ROW_ID, ColumnRole.IGNORED}}
    columns = {name: column for name, column in window.columns.items() if name not in left_out}
    return replace(window, columns=columns, ids=ids, specs=specs)


def _texts(column: Column) -> tuple[str | None, ...]:
    if isinstance(column, Categories):
        return tuple(column.values())
    return tuple(level_text(value) for value in column.tolist())


def _with_kinds(window: Window, table: Table) -> Window:
    """A capture file's columns in declared kinds: its records are read by its own."""
    for name, kind in table.kinds.items():
        column = window.columns.get(name)
        if column is None or window.kind(name) is kind:
            continue
        if kind is ColumnKind.NUMERIC:
            raise InvalidInputError("text where a number is expected", where=table.source.name, column=repr(name))
        texts = [level_text(value) for value in np.asarray(column).tolist()]
        levels = {text: place for place, text in enumerate(dict.fromkeys(text for text in texts if text is not None))}
        codes = np.array([MISSING_CODE if text is None else levels[text] for text in texts], np.int32)
        window = window.with_column(ColumnSpec(name=name, kind=kind), Categories(codes, tuple(levels)))
    return window
