"""Tables people bring: CSV, Parquet and capture files become windows, alone or two that are to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec, Intake
from syndic.windows.capture_tables import read_captures
from syndic.windows.cells import level_text
from syndic.windows.csv_tables import read_csv
from syndic.windows.parquet_tables import read_parquet
from syndic.windows.sources import TableForm, TableSource
from syndic.windows.window import MISSING_CODE, Categories, Column, Window


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is to be read: bytes or a path, the name messages give it, and what is known of its columns."""

    data: bytes | str | Path
    name: str | None = None
    schema: CaptureSchema | None = None
    kinds: Mapping[str, ColumnKind] = field(default_factory=dict)

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


def read_table(
    data: bytes | str | Path,
    *,
    name: str | None = None,
    schema: CaptureSchema | None = None,
    kinds: Mapping[str, ColumnKind] | None = None,
) -> Window:
    """A whole table as one window; its form is told by its first bytes.

    A column is what the schema or `kinds` says, else what it looks like: numbers are numeric, the rest categorical.
    Missing are empty cells and the usual spellings of NA, NaN and null. The schema's row-id column becomes `ids`, and
    columns to be ignored are left out.

    Args:
        data: The file's path, or its bytes.
        name: What messages call it; the path when None.
        schema: The model's columns; needed for captured CSV when names matter.
        kinds: Kinds of single columns; they come before the schema's.

    Raises:
        InvalidInputError: One sentence that names the file, and the line and column where that is known.
    """
    return _read(Table(data, name, schema, kinds or {}), None)


def read_tables_alike(first: Table, second: Table) -> tuple[Window, Window]:
    """Two tables whose columns of the same name get the same kind, so that they can be compared.

    What is numeric in one must be numeric in the other: text there is an error that names its line. Only where a
    Parquet file has typed a column as text, the other file follows. Captured rows without names take those of the
    other table by position when their number fits and their values do not contradict it: see `Intake.naming`.
    """
    if first.schema is None and first.source.form() is TableForm.CAPTURE:
        other = _read(second, None)
        one = _read(first, other)
    else:
        one = _read(first, None)
        other = _read(second, one)
    again_one: dict[str, ColumnKind] = {}
    again_other: dict[str, ColumnKind] = {}
    for name in one.columns.keys() & other.columns.keys():
        kinds = one.kind(name), other.kind(name)
        if kinds[0] is kinds[1]:
            continue
        numeric, text = (first, second) if kinds[0] is ColumnKind.NUMERIC else (second, first)
        again_numeric, again_text = (again_one, again_other) if numeric is first else (again_other, again_one)
        typed = text.source.form() is TableForm.PARQUET or text.known.get(name) is ColumnKind.CATEGORICAL
        empty = np.isnan((one if numeric is first else other).numeric(name)).all()
        if (typed or empty) and numeric.known.get(name) is None:
            again_numeric[name] = ColumnKind.CATEGORICAL
        else:
            again_text[name] = ColumnKind.NUMERIC
    before = one, other
    if again_one:
        one = _read(replace(first, kinds={**first.kinds, **again_one}), before[1])
    if again_other:
        other = _read(replace(second, kinds={**second.kinds, **again_other}), before[0])
    return one, other


def _read(table: Table, beside: Window | None) -> Window:
    source = table.source
    form = source.form()
    if form is TableForm.CAPTURE:
        return _with_kinds(read_captures(source, table.schema, beside), table)
    columns = read_csv(source, table.known) if form is TableForm.CSV else read_parquet(source, table.known)
    rows = len(next(iter(columns.values()), ()))
    window = Window(rows, columns, intake=Intake(objects=1, read=rows, used=rows, rows=rows))
    return window if table.schema is None else _by_schema(window, table.schema, source)


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
