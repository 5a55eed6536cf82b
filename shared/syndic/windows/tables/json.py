"""JSON Lines, and JSON documents that hold rows, as tables: objects by name, or lists of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from syndic.errors import InvalidInputError
from syndic.json_text import load_json
from syndic.models import CaptureSchema, ColumnKind
from syndic.windows.cells.cell import number
from syndic.windows.parsing.payloads import REPEATED, json_value
from syndic.windows.rejected import UnusableError
from syndic.windows.tables.columns_read import NESTED, ColumnsRead, Wanted
from syndic.windows.tables.file_marks import settle_by_file
from syndic.windows.tables.json_layouts import document_rows
from syndic.windows.tables.raw_texts import Place, RawTexts
from syndic.windows.tables.sources import TableSource

_LISTS = ("features", "data", "inputs", "instances")  # what holds the values of one row beside its label

Cells = dict[str, Any]


def read_json(source: TableSource, wanted: Wanted) -> ColumnsRead:
    """The columns of a file of JSON: objects or lists, one a line or all in one array or in a usual wrapper.

    A name that an object lacks is a missing value. Lists are named by the schema, by the table they are compared with
    when their number fits, else ``input_0`` ...; so is the list of ``{"features": [...], "label": 1}``. A column is
    numeric when all its values are numbers, or texts that are. Objects and lists inside are set aside.

    Args:
        source: The file; .gz is inflated.
        wanted: What is known of the columns.

    Raises:
        InvalidInputError: The file is no JSON, or holds no rows; names the line.
    """
    rows: list[tuple[int, Cells]] = [(line, _cells(row, wanted, source, line)) for line, row in _rows(source, wanted)]
    if not rows:
        raise InvalidInputError("the file holds no rows", where=source.name)
    names = list(dict.fromkeys(name for _, cells in rows for name in cells))
    if wanted.schema is not None and not {column.name for column in wanted.schema.columns} & set(names):
        raise InvalidInputError("the table has none of the schema's columns", where=source.name)
    found = ColumnsRead()
    lines = [line for line, _ in rows]

    def fault(name: str, row: int, reason: str) -> InvalidInputError:
        if lines[0] == lines[-1]:  # all in one document
            return InvalidInputError(f"{reason}, in row {row + 1}", where=source.name, column=repr(name))
        return InvalidInputError(reason, where=source.name, line=lines[row], column=repr(name))

    for name in names:
        _add(name, [cells.get(name) for _, cells in rows], wanted, found, partial(fault, name))
    settle_by_file(found, wanted)
    return found


def _rows(source: TableSource, wanted: Wanted) -> Iterator[tuple[int, Any]]:
    """Line number and value of each row."""
    with source.inflated() as file:
        data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInputError("the text is not UTF-8", where=source.name, line=line) from None
    lines = [(place, written) for place, written in enumerate(text.split("\n"), 1) if written.strip()]
    if len(lines) > 1 and isinstance(_parsed(lines[0][1]), dict | list):
        for place, written in lines:
            yield place, _line(written, place, source)
        return
    if not lines:
        return
    for row in _document(text, source, wanted):
        yield 1, row


def _parsed(text: str) -> Any:
    try:
        return json_value(text)
    except UnusableError:
        return None


def _line(text: str, line: int, source: TableSource) -> Any:
    try:
        return json_value(text)
    except UnusableError as error:
        said = "a name is given twice in one object" if error.detail == REPEATED else "the line is not JSON"
        raise InvalidInputError(said, where=source.name, line=line) from None


def _document(text: str, source: TableSource, wanted: Wanted) -> Sequence[Any]:
    known = wanted.names if wanted.schema is None else [column.name for column in wanted.schema.columns]
    try:
        return document_rows(load_json(text, where=source.name), known)
    except UnusableError as error:
        raise InvalidInputError(error.detail, where=source.name) from None


def _cells(row: Any, wanted: Wanted, source: TableSource, line: int) -> Cells:
    if isinstance(row, list):
        return dict(zip(_names(len(row), wanted, source, line), row, strict=True))
    if not isinstance(row, dict):
        raise InvalidInputError("the row is neither an object nor a list", where=source.name, line=line)
    inside = next((name for name in _LISTS if isinstance(row.get(name), list)), None)
    if inside is None or (len(row) > 1 and _named(row, wanted.schema)):
        return {str(name): cell for name, cell in row.items()}
    values = row[inside]
    others = {str(name): cell for name, cell in row.items() if name != inside}
    if any(isinstance(value, list | dict) for value in values):
        return {inside: values, **others}
    return {**dict(zip(_names(len(values), wanted, source, line), values, strict=True)), **others}


def _named(row: Mapping[str, Any], schema: CaptureSchema | None) -> bool:
    """Whether an object's own names are columns of the schema, the one that holds a list among them."""
    return schema is not None and any(name in row for name in _LISTS if name in {c.name for c in schema.columns})


def _names(width: int, wanted: Wanted, source: TableSource, line: int) -> Sequence[str]:
    if wanted.schema is not None:
        names = tuple(column.name for column in wanted.schema.columns)
        inputs = len(wanted.schema.inputs)
        if width in {inputs, inputs + len(wanted.schema.outputs), len(names)}:
            return names[:width]
        raise InvalidInputError(
            f"the row has {width} values, which do not fit the {len(names)} columns of the schema",
            where=source.name,
            line=line,
        )
    return wanted.names[:width] if len(wanted.names) == width else [f"input_{place}" for place in range(width)]


def _add(name: str, cells: list[Any], wanted: Wanted, found: ColumnsRead, fault: Place) -> None:
    kinds = {type(cell) for cell in cells}
    if kinds & {list, dict}:
        found.set_aside[name] = NESTED
        return
    kind = wanted.kinds.get(name)
    if kind is not ColumnKind.CATEGORICAL and bool not in kinds and name not in wanted.as_text:
        try:
            found.columns[name] = np.array([number(cell) for cell in cells], np.float64)
        except UnusableError:
            pass
        else:
            return
    raw = RawTexts()
    if kind is ColumnKind.NUMERIC:
        raw.add(_written(float(cell) if isinstance(cell, bool) else cell) for cell in cells)
    else:
        raw.add(map(_written, cells))
    raw.finish(name, wanted, found, fault)


def _written(cell: Any) -> str | None:
    """A cell as CSV would hold it."""
    if cell is None or isinstance(cell, str):
        return cell
    return ("true" if cell else "false") if isinstance(cell, bool) else repr(cell)
