"""CSV files with a header, as people hand them over: every fault is named with its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind
from syndic.windows.cells import Factorizer, number
from syndic.windows.rejected import UnusableError
from syndic.windows.sources import TableSource
from syndic.windows.window import Column

_BATCH = 8_192  # rows turned into arrays at once
_DELIMITERS = ",;\t|"

Batch = tuple[list[int], list[list[str]]]
"""Line numbers and fields of some rows."""


def read_csv(source: TableSource, kinds: Mapping[str, ColumnKind]) -> dict[str, Column]:
    """The columns of a CSV file.

    A column is numeric when each of its cells is a number or missing, and categorical otherwise. The delimiter is the
    comma, or the one of semicolon, tab and bar that the header holds when it has no comma. Columns without a name, such
    as the index that pandas writes, are left out.

    Args:
        source: The file.
        kinds: Columns whose kind is known. Text in one known as numeric is an error.

    Raises:
        InvalidInputError: A row, a header or a cell is wrong; names the file, line and column.
    """
    known = dict(kinds)
    while True:
        attempt = _Attempt(source, known)
        for batch in attempt.batches():
            attempt.add(batch)
        if not attempt.turned:
            return attempt.columns()
        # A column looked numeric until a later row: its texts are needed from the first row on.
        known.update(dict.fromkeys(attempt.turned, ColumnKind.CATEGORICAL))


class _Attempt:
    """One pass over the file."""

    def __init__(self, source: TableSource, kinds: Mapping[str, ColumnKind]) -> None:
        self._source, self._kinds = source, kinds
        self.turned: set[str] = set()
        self._names: list[str] = []
        self._arrays: dict[str, list[NDArray[np.float64] | NDArray[np.int32]]] = {}
        self._levels: dict[str, Factorizer] = {}

    def batches(self) -> Iterator[Batch]:
        with self._source.inflated() as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            try:
                yield from self._rows(text)
            except UnicodeDecodeError:
                raise self._encoding_error() from None
            finally:
                text.detach()

    def _rows(self, text: io.TextIOWrapper) -> Iterator[Batch]:
        first = text.readline()
        delimiter = max(_DELIMITERS, key=first.count) if "," not in first else ","
        reader = csv.reader(chain([first], text), delimiter=delimiter, strict=True)
        lines: list[int] = []
        rows: list[list[str]] = []
        line = 1
        try:
            self._names = self._header(next(reader, []))
            line = reader.line_num + 1
            width = len(self._names)
            for row in reader:
                if len(row) == width:
                    lines.append(line)
                    rows.append(row)
                elif row:
                    raise InvalidInputError(
                        f"the row has {len(row)} fields where the header has {width}",
                        where=self._source.name,
                        line=line,
                    )
                line = reader.line_num + 1
                if len(rows) == _BATCH:
                    yield lines, rows
                    lines, rows = [], []
        except csv.Error as error:
            raise InvalidInputError(f"not well-formed CSV: {error}", where=self._source.name, line=line) from error
        if not rows and not self._arrays:
            raise InvalidInputError("the file has a header but no rows", where=self._source.name, line=2)
        if rows:
            yield lines, rows

    def _header(self, fields: Sequence[str]) -> list[str]:
        names = [field.strip() for field in fields]
        if not any(names):
            raise InvalidInputError(
                "the first line should hold the names of the columns", where=self._source.name, line=1
            )
        for place, name in enumerate(names):
            if name and name in names[:place]:
                raise InvalidInputError(
                    "two columns have this name", where=self._source.name, line=1, column=repr(name)
                )
        return names

    def add(self, batch: Batch) -> None:
        lines, rows = batch
        for name, cells in zip(self._names, zip(*rows, strict=True), strict=True):
            if not name or name in self.turned:
                continue
            if name in self._levels or self._kinds.get(name) is ColumnKind.CATEGORICAL:
                self._add_texts(name, cells)
                continue
            try:
                numbers = _numbers(cells)
            except _StrayError as stray:
                self._stray(name, cells, lines[stray.place])
            else:
                self._arrays.setdefault(name, []).append(numbers)

    def _add_texts(self, name: str, cells: Sequence[str]) -> None:
        levels = self._levels.setdefault(name, Factorizer())
        self._arrays.setdefault(name, []).append(levels.codes(cells))

    def _stray(self, name: str, cells: Sequence[str], line: int) -> None:
        if self._kinds.get(name) is ColumnKind.NUMERIC:
            raise InvalidInputError(
                "text where a number is expected", where=self._source.name, line=line, column=repr(name)
            )
        if name in self._arrays:
            self.turned.add(name)
        else:
            self._add_texts(name, cells)

    def _encoding_error(self) -> InvalidInputError:
        with self._source.inflated() as file:
            for number_of_line, line in enumerate(file, 1):
                try:
                    line.decode()
                except UnicodeDecodeError:
                    hint = " (it looks like UTF-16)" if line.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
                    return InvalidInputError(
                        f"the text is not UTF-8{hint}", where=self._source.name, line=number_of_line
                    )
        return InvalidInputError("the text is not UTF-8", where=self._source.name)

    def columns(self) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for name in self._names:
            if not name:
                continue
            array = np.concatenate(self._arrays.pop(name))
            levels = self._levels.get(name)
            columns[name] = (
                array.astype(np.float64, copy=False)
                if levels is None
                else levels.categories(array.astype(np.int32, copy=False))
            )
        return columns


class _StrayError(ValueError):
    """A cell is not a number. Raised and caught in this file only."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def _numbers(cells: Sequence[str]) -> NDArray[np.float64]:
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        pass
    numbers = np.empty(len(cells), np.float64)
    for place, cell in enumerate(cells):
        try:
            numbers[place] = number(cell)
        except UnusableError:
            raise _StrayError(place) from None
    return numbers
