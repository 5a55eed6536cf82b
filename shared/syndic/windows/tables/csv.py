"""CSV files, as people hand them over: every fault is named with its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind
from syndic.windows.cells.cell import Factorizer, number
from syndic.windows.cells.decimal_marks import may_be_thousands, no_machine_wrote, three_after_point
from syndic.windows.cells.number_spellings import COMMA, POINT
from syndic.windows.rejected import UnusableError
from syndic.windows.tables.columns_read import ColumnsRead, Wanted
from syndic.windows.tables.csv_layout import (
    SAMPLE,
    declared_delimiter,
    delimiter_of,
    header_fault,
    is_blank,
    named_by,
    records,
)
from syndic.windows.tables.file_marks import OPEN, settle_by_file
from syndic.windows.tables.raw_texts import RawTexts
from syndic.windows.tables.sources import TableSource

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BATCH = 8_192  # rows turned into arrays at once

Batch = tuple[list[int], list[list[str]]]
"""Line numbers and fields of some rows."""


def read_csv(source: TableSource, wanted: Wanted) -> ColumnsRead:
    """The columns of a CSV file.

    A column is numeric when each of its cells is a number or missing, or a number written for people in one spelling;
    and categorical otherwise. The delimiter is found by the first lines. Columns without a name, such as the index that
    pandas writes, are left out. A file without a header takes the names wanted.

    Args:
        source: The file.
        wanted: What is known of the columns.

    Raises:
        InvalidInputError: A row or the header is wrong; names the file and line. Single columns that cannot be read are
            `refused` in the result.
    """
    texts = set(wanted.as_text)
    points: dict[str, str] = {}
    while True:
        attempt = _Attempt(source, wanted, frozenset({*texts, *points}))
        for batch in attempt.batches():
            attempt.add(batch)
        suspected = attempt.suspected()
        if not attempt.turned and not suspected:
            found = attempt.found(points)
            padded = {} if wanted.decimal is not None else attempt.against(found)
            if not padded:
                settle_by_file(found, wanted, machine=attempt.machine)
                _tell(found, [name for name, mark in points.items() if mark == COMMA])
                return found
            points.update(padded)
        # A column looked numeric until a later row, or its points may separate thousands: its texts are needed from the
        # first row on. A point that nothing speaks against is a decimal point.
        texts |= attempt.turned
        points.update(dict.fromkeys(suspected, POINT))


class _Attempt:
    """One pass over the file."""

    def __init__(self, source: TableSource, wanted: Wanted, texts: frozenset[str]) -> None:
        self._source, self._wanted, self._texts = source, wanted, texts
        self.turned: set[str] = set()
        self._names: list[str] = []
        self._arrays: dict[str, list[NDArray[np.float64] | NDArray[np.int32]]] = {}
        self._levels: dict[str, Factorizer] = {}
        self._raw: dict[str, RawTexts] = {}
        self._lines: list[NDArray[np.int64]] = []
        self._notes: list[str] = []
        self._pointed: list[str] = []  # columns of which nothing spoke against a decimal point
        self._fractions: list[str] = []  # columns of plain numbers that are not all whole
        self._unpadded: set[str] = set()  # columns of which some point has not three digits after it

    def batches(self) -> Iterator[Batch]:
        with self._source.inflated() as file:
            start = file.read(2)
            file.seek(0)
            encoding = "utf-16" if start in _UTF_16 else "utf-8-sig"  # what spreadsheets call Unicode text
            text = io.TextIOWrapper(file, encoding=encoding, newline="")
            try:
                yield from self._rows(text)
            except UnicodeError:
                raise self._encoding_error(encoding) from None
            finally:
                text.detach()

    def _rows(self, text: io.TextIOWrapper) -> Iterator[Batch]:
        sample = list(islice(text, SAMPLE))
        whole, declared, before = len(sample) < SAMPLE, declared_delimiter(sample), 0
        if declared is not None:
            sample, before = sample[1:], 1
        delimiter = declared or delimiter_of(sample, whole=whole)
        reader = csv.reader(chain(sample, text), delimiter=delimiter, strict=True)
        lines: list[int] = []
        rows: list[list[str]] = []
        line = 1 + before
        try:
            first = next(reader, [])
            line = reader.line_num + 1 + before
            self._names, headed = self._header(first, records(sample, delimiter)[1:])
            if not headed:
                lines.append(1 + before)
                rows.append(first)
            width = len(self._names)
            for row in reader:
                if len(row) == width:
                    lines.append(line)
                    rows.append(row)
                elif not is_blank(row):
                    raise InvalidInputError(
                        f"the row has {len(row)} fields where the {'header' if headed else 'first line'} has {width}",
                        where=self._source.name,
                        line=line,
                    )
                line = reader.line_num + 1 + before
                if len(rows) == _BATCH:
                    yield lines, rows
                    lines, rows = [], []
        except csv.Error as error:
            raise InvalidInputError(f"not well-formed CSV: {error}", where=self._source.name, line=line) from error
        if not rows and not self._lines:
            raise InvalidInputError("the file has a header but no rows", where=self._source.name, line=2)
        if rows:
            yield lines, rows

    def _header(self, fields: Sequence[str], others: Sequence[Sequence[str]]) -> tuple[list[str], bool]:
        """The columns' names, and whether the first line holds them."""
        names = [field.strip() for field in fields]
        if not any(names):
            raise InvalidInputError(
                "the first line should hold the names of the columns", where=self._source.name, line=1
            )
        if self._wanted.schema is not None:
            given = named_by(self._wanted.schema, fields, others, where=self._source.name)
            if given is not None:
                self._notes.append("the file has no header: its columns are named by position, as in the schema")
                return list(given), False
        else:
            fault = header_fault(fields, others)
            if fault is not None:
                raise InvalidInputError(fault, where=self._source.name, line=1)
        for place, name in enumerate(names):
            if name and name in names[:place]:
                raise InvalidInputError(
                    "two columns have this name", where=self._source.name, line=1, column=repr(name)
                )
        return names, True

    def add(self, batch: Batch) -> None:
        lines, rows = batch
        self._lines.append(np.array(lines, np.int64))
        for name, cells in zip(self._names, zip(*rows, strict=True), strict=True):
            if not name or name in self.turned:
                continue
            if name in self._raw or name in self._texts:
                self._raw.setdefault(name, RawTexts()).add(cells)
            elif self._wanted.kinds.get(name) is ColumnKind.CATEGORICAL:
                levels = self._levels.setdefault(name, Factorizer())
                self._arrays.setdefault(name, []).append(levels.codes(cells))
            else:
                self._add_numbers(name, cells)

    def _add_numbers(self, name: str, cells: Sequence[str]) -> None:
        numbers = _numbers(cells)
        if numbers is not None:
            if name not in self._unpadded and not three_after_point(cells):
                self._unpadded.add(name)
            self._arrays.setdefault(name, []).append(numbers)
        elif name in self._arrays:
            self.turned.add(name)
        else:
            self._raw.setdefault(name, RawTexts()).add(cells)

    def _encoding_error(self, encoding: str) -> InvalidInputError:
        if encoding == "utf-16":
            return InvalidInputError(
                "the file begins like UTF-16, and is cut short or no text", where=self._source.name
            )
        with self._source.inflated() as file:
            for number_of_line, line in enumerate(file, 1):
                try:
                    line.decode()
                except UnicodeDecodeError:
                    said = "the text is not UTF-8: save the file as UTF-8, its letters cannot be told otherwise"
                    return InvalidInputError(said, where=self._source.name, line=number_of_line)
        return InvalidInputError("the text is not UTF-8", where=self._source.name)

    def suspected(self) -> list[str]:
        """Columns of plain numbers whose points may separate thousands."""
        numeric = [name for name in self._arrays if name not in self._levels and name not in self.turned]
        padded = [name for name in numeric if name not in self._unpadded]
        return [name for name in padded if may_be_thousands(np.concatenate(self._arrays[name]))]

    @property
    def machine(self) -> str | None:
        """A column of plain numbers that surely have a decimal point, None where there is none."""
        return next((name for name in self._fractions if name in self._unpadded), None)

    def against(self, found: ColumnsRead) -> dict[str, str]:
        """Columns of plain numbers whose points stand between thousands, where the file has a decimal comma.

        Each has three digits after every point. Their decimal mark then is that of the file, and their texts must be
        read; where another column of plain numbers has decimal points, which of the two holds is not known.
        """
        if COMMA not in found.proven.values():
            return {}
        doubtful: dict[str, str] = {}
        for name in [*(name for name in self._fractions if name not in self._unpadded), *self._pointed]:
            values = found.columns.get(name)
            if isinstance(values, np.ndarray) and may_be_thousands(values, whole=False):
                doubtful[name] = COMMA
        if self.machine is None:
            return doubtful
        for name in doubtful:
            found.refused[name] = self._fault(name, 0, OPEN.format(self.machine))
            found.doubts[name] = None
            del found.columns[name]
        return {}

    def found(self, points: Mapping[str, str]) -> ColumnsRead:
        """The columns of the whole file. `points` are decimal marks of columns whose texts may say otherwise."""
        padded = {name for name in points if name in self._raw and no_machine_wrote(self._raw[name].texts)}
        points = {name: mark for name, mark in points.items() if name not in padded}
        self._pointed = [name for name, mark in points.items() if mark == POINT and name not in self._wanted.decimals]
        wanted = replace(self._wanted, decimals={**points, **self._wanted.decimals})
        found = ColumnsRead(notes=self._notes)
        for name in self._names:
            if name in self._raw:
                self._raw[name].finish(name, wanted, found, partial(self._fault, name))
            elif name:
                array = np.concatenate(self._arrays.pop(name))
                levels = self._levels.get(name)
                if levels is None and bool(np.any(np.isfinite(array) & (array != np.rint(array)))):
                    self._fractions.append(name)
                found.columns[name] = (
                    array.astype(np.float64, copy=False)
                    if levels is None
                    else levels.categories(array.astype(np.int32, copy=False))
                )
        return found

    def _fault(self, name: str, row: int, reason: str) -> InvalidInputError:
        line = int(np.concatenate(self._lines)[row])
        return InvalidInputError(reason, where=self._source.name, line=line, column=repr(name))


def _tell(found: ColumnsRead, names: Iterable[str]) -> None:
    witness = next((name for name, mark in found.proven.items() if mark == COMMA), None)
    for name in names:
        if name in found.columns and witness is not None:
            found.notes.append(f"{name} leaves its decimal mark open: it is the comma, as in {witness}")


def _numbers(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """Cells as numbers, or None when any is something else."""
    try:
        numbers = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        pass
    else:
        # The one thing that float takes and no other reader does; a look at the joined text costs next to nothing.
        return None if "_" in "".join(cells) else numbers
    try:
        return np.fromiter(map(number, cells), np.float64, len(cells))
    except UnusableError:
        return None
