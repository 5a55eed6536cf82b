"""One side of a model's calls, inputs or outputs: many payloads at once become cells ready for columns."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, starmap
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from syndic.models import ColumnKind, ColumnRole, ColumnSpec
from syndic.windows.cells.cell import Factorizer, level_text, number
from syndic.windows.cells.numbers import as_written, read_number_rows
from syndic.windows.parsing.cell_codes import CellCoder, Cells
from syndic.windows.parsing.payloads import Row, Wanted
from syndic.windows.parsing.plain_columns import PlacedColumns, PlainColumns, PlainReader
from syndic.windows.rejected import UnusableError
from syndic.windows.window import MISSING_CODE, Column

Rows = Sequence[Row] | NDArray[np.float64]
"""Checked rows: a matrix on a numeric side."""

_NUMBERS = msgspec.json.Decoder(list[float])  # where both grammars allow a number it is Python's `float` of the text
_MANY = 3  # numbers in a row, from which reading them column by column is quicker
_BATCH = 256  # rows of which a column is parsed in one call
_UNKEPT = (ColumnRole.ROW_ID, ColumnRole.IGNORED)


@dataclass(frozen=True, slots=True)
class Columns:
    """The kept columns of some rows: numbers and codes of categories, each by column and row, in captured order."""

    numbers: NDArray[np.float64]
    codes: NDArray[np.int32]


class Side:
    """Reads one side's payloads by its column specs.

    Attributes:
        specs: The schema's columns of this side, in captured order.
        kept: Positions of the columns that windows hold.
        numbers: Those of `kept` that are numbers.
        texts: Those of `kept` that are categorical.
        numeric: Whether every column is a number: then rows are kept as one matrix.
        id_place: The position of the row-id column, or None.
        distinct: Whether the names alone tell the columns apart.
        wanted: What is looked for in its payloads.
    """

    def __init__(self, specs: Sequence[ColumnSpec], *, answers: bool = False) -> None:
        self.specs = tuple(specs)
        self.names = tuple(spec.name for spec in specs)
        self.width = len(self.specs)
        self.distinct = len(set(self.names)) == self.width
        self.kept = [place for place, spec in enumerate(specs) if spec.role not in _UNKEPT]
        self.id_place = next((place for place, spec in enumerate(specs) if spec.role is ColumnRole.ROW_ID), None)
        self.numbers = [place for place in self.kept if specs[place].kind is ColumnKind.NUMERIC]
        self.texts = [place for place in self.kept if specs[place].kind is ColumnKind.CATEGORICAL]
        self._reader = PlainReader((self.width,), self.numbers, self.texts)
        self.numeric = bool(self.specs) and len(self.numbers) == self.width
        measured = frozenset(spec.name for spec in specs if spec.role not in _UNKEPT)
        self.wanted = Wanted(self.names, measured or frozenset(self.names), answers=answers)
        self.start_piece()
        self.blank: Row = tuple(None for _ in specs)  # a row of a call whose other side alone was captured

    @property
    def kept_names(self) -> list[str]:
        """Names of the columns that windows hold."""
        return [self.names[place] for place in self.kept]

    @cached_property
    def row_type(self) -> type[msgspec.Struct]:
        """A row as a JSON object by name: one parse makes it, and many that wait cost the garbage collector nothing.

        Two columns of one name can only be told apart by position: then the names are not known.
        """
        kinds: dict[ColumnKind, Any] = {ColumnKind.NUMERIC: float | None}
        text = str | int | float | bool | None
        fields = [(f"c{place}", kinds.get(spec.kind, text), None) for place, spec in enumerate(self.specs)]
        names = {f"c{place}": name for place, name in enumerate(self.names)}
        return msgspec.defstruct("Row", fields, rename=names if self.distinct else None, gc=False)

    def checked(self, rows: Iterable[Row]) -> list[list[Any]]:
        """Rows with numbers for numeric columns. Raises `UnusableError` when a cell is of another type."""
        checked = []
        for row in rows:
            cells = list(row)
            for place in self.numbers:
                cells[place] = number(cells[place])
            for place in self.texts:
                if type(cells[place]) is not str:
                    cells[place] = level_text(cells[place])
            if self.id_place is not None:
                cells[self.id_place] = level_text(cells[self.id_place])
            checked.append(cells)
        return checked

    def typed(self, rows: Iterable[Row]) -> list[msgspec.Struct]:
        """Rows as `checked`, each of `row_type`."""
        return [self.row_type(*cells) for cells in self.checked(rows)]

    def plain_rows(self, texts: Sequence[str]) -> tuple[Rows, NDArray[np.bool_]]:
        """Payloads that should be one row of plain CSV each, as rows, and which of them are not."""
        if not self.specs:
            return [()] * len(texts), np.zeros(len(texts), np.bool_)
        columns = self._reader.read(texts)
        if columns is not None:
            return self.plain(columns), np.zeros(len(texts), np.bool_)
        likely = self._reader.likely(texts)
        if 0 < len(likely) < len(texts):
            columns = self._reader.read([texts[place] for place in likely])
            if columns is not None:
                return self._among(columns, len(texts), np.array(likely, np.intp))
        if self.numeric:
            return read_number_rows(texts, self.width)
        rows: list[Row] = [self.blank] * len(texts)
        bad = np.zeros(len(texts), np.bool_)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            fitting, cells = self._fields(batch)
            found, faulty = self._with_numbers(cells)
            if len(fitting) == len(batch):
                rows[start : start + len(batch)] = found
            else:
                bad[start : start + len(batch)] = True
                for place, row in zip(fitting, found, strict=True):
                    rows[start + place], bad[start + place] = row, False
            bad[[start + fitting[place] for place in faulty]] = True
        return rows, bad

    def _among(self, columns: PlainColumns, size: int, places: NDArray[np.intp]) -> tuple[Rows, NDArray[np.bool_]]:
        """Plain rows at their places among others, which are bad."""
        bad = np.ones(size, np.bool_)
        bad[places] = False
        if not self.numeric:
            return PlacedColumns(size, columns, places, others={}, blank=self.blank), bad
        values = np.full((size, self.width), np.nan)
        values[places] = columns.matrix
        return values, bad

    def plain(self, columns: PlainColumns) -> Rows:
        """Rows that lie column by column, as a matrix where all are numbers."""
        return columns.matrix if self.numeric else columns

    def _fields(self, texts: Sequence[str]) -> tuple[Sequence[int], list[list[Any]]]:
        """Which payloads are one row of unquoted CSV of the right width, and the fields of these."""
        joined = "".join(texts)
        if '"' not in joined and "\n" not in joined and "\r" not in joined and all(texts):
            cells: list[list[Any]] = [text.split(",") for text in texts]
            if set(map(len, cells)) == {self.width}:
                return range(len(texts)), cells
        fitting = [
            place
            for place, text in enumerate(texts)
            if text and text.count(",") == self.width - 1 and '"' not in text and "\n" not in text and "\r" not in text
        ]
        return fitting, [texts[place].split(",") for place in fitting]

    def _with_numbers(self, cells: Sequence[list[Any]]) -> tuple[list[Row], list[int]]:
        """Rows with their numbers read, a column in one call; and which rows have text where a number belongs."""
        faulty: list[int] = []
        if len(self.numbers) < _MANY or not cells:
            for place, row in enumerate(cells):
                try:
                    for column in self.numbers:
                        row[column] = number(row[column])
                except UnusableError:
                    faulty.append(place)
            return list(cells), faulty
        columns: list[Sequence[Any]] = list(zip(*cells, strict=True))
        for place in self.numbers:
            try:
                numbers = _NUMBERS.decode(f"[{','.join(columns[place])}]")
            except (msgspec.DecodeError, UnicodeError):
                numbers = []
            whole = len(numbers) == len(cells)  # a blank cell alone is an empty list
            columns[place] = numbers if whole else _some_numbers(columns[place], faulty)
        return list(zip(*columns, strict=True)), faulty

    def own_ids(self, rows: Rows, ids: Sequence[str | None]) -> Sequence[str | None]:
        """Row ids from the row-id column where it has a value, else the ids given."""
        place = self.id_place
        if place is None:
            return ids
        own = rows.column(place) if isinstance(rows, PlainColumns) else [row[place] for row in rows]
        return [level_text(cell) or row_id for cell, row_id in zip(own, ids, strict=True)]

    def start_piece(self) -> None:
        """Forget the levels met so far: a new piece of the window begins."""
        self._levels = {place: Factorizer() for place in self.texts}
        self._coder = CellCoder(self._levels)

    def columns(self, rows: Rows) -> Columns:
        """The kept columns of rows that were checked."""
        if self.numeric and not isinstance(rows, np.ndarray):
            rows = _matrix(rows, self.width)
        if isinstance(rows, np.ndarray):
            return Columns(np.ascontiguousarray(rows.T), np.zeros((0, len(rows)), np.int32))
        if isinstance(rows, PlainColumns):
            return Columns(np.ascontiguousarray(rows.matrix.T), self._coder.codes(rows.cells))
        if isinstance(rows, PlacedColumns):
            return self._placed(rows)
        cells = list(zip(*rows, strict=True)) if len(rows) else [()] * self.width
        numbers = np.empty((len(self.numbers), len(rows)))
        for column, place in enumerate(self.numbers):
            numbers[column] = cells[place]
        codes = np.empty((len(self.texts), len(rows)), np.int32)
        for column, place in enumerate(self.texts):
            codes[column] = self._levels[place].codes(cells[place])
        return Columns(numbers, codes)

    def _placed(self, rows: PlacedColumns) -> Columns:
        numbers = np.full((len(self.numbers), len(rows)), np.nan)
        codes = np.full((len(self.texts), len(rows)), MISSING_CODE, np.int32)
        parts: list[tuple[Any, Rows]] = [(rows.places, rows.plain)]
        if rows.others:
            parts.append((list(rows.others), list(rows.others.values())))
        for places, some in parts:
            part = self.columns(some)
            numbers[:, places], codes[:, places] = part.numbers, part.codes
        return Columns(numbers, codes)

    def finished(self, parts: Sequence[Columns]) -> dict[str, Column]:
        """The kept columns of all rows of a piece, by name and in captured order."""
        numbers = np.concatenate([np.zeros((len(self.numbers), 0)), *(part.numbers for part in parts)], axis=1)
        codes = np.concatenate(
            [np.zeros((len(self.texts), 0), np.int32), *(part.codes for part in parts)], axis=1, dtype=np.int32
        )
        columns: dict[int, Column] = {place: as_written(numbers[row]) for row, place in enumerate(self.numbers)}
        columns |= {place: self._levels[place].categories(codes[row]) for row, place in enumerate(self.texts)}
        return {self.names[place]: columns[place] for place in self.kept}


def _matrix(rows: Sequence[Row], width: int) -> NDArray[np.float64]:
    try:
        flat = np.frombuffer(b"".join(starmap(struct.Struct(f"{width}d").pack, rows)))
    except struct.error:  # there is a None among them, which the slower way takes as NaN
        flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width)
    return flat.reshape(-1, width)


def _some_numbers(cells: Sequence[str], faulty: list[int]) -> list[float]:
    """Numbers of cells of which some are missing, or are none: their places are added to `faulty`."""
    numbers = []
    for place, cell in enumerate(cells):
        try:
            numbers.append(number(cell))
        except UnusableError:
            numbers.append(math.nan)
            faulty.append(place)
    return numbers


class BothSides:
    """Reads calls of which either side should be one row of plain CSV, both sides at once."""

    def __init__(self, inputs: Side, outputs: Side) -> None:
        self._sides = inputs, outputs
        behind = [[place + inputs.width for place in places] for places in (outputs.numbers, outputs.texts)]
        self._reader = PlainReader((inputs.width, outputs.width), inputs.numbers + behind[0], inputs.texts + behind[1])

    def read(self, given: Sequence[str], answered: Sequence[str]) -> tuple[Rows, Rows] | None:
        """The rows of both sides; None when any of them may be something else, or a side has no columns.

        Args:
            given: Payloads of the inputs, without line breaks at their end.
            answered: Those of the outputs, one for each.
        """
        inputs, outputs = self._sides
        if not (inputs.specs and outputs.specs and given):
            return None
        texts = [""] * (2 * len(given))
        texts[::2], texts[1::2] = given, answered
        return self._divided(self._reader.read(texts))

    @property
    def coded(self) -> Sequence[int]:
        """Places of the cells that will have codes, among those of both sides."""
        return self._reader.coded

    def of(self, cells: Cells) -> tuple[Rows, Rows] | None:
        """The rows of both sides by where their cells stand; None as for `read`."""
        return self._divided(self._reader.of(cells))

    def _divided(self, found: PlainColumns | None) -> tuple[Rows, Rows] | None:
        if found is None:
            return None
        inputs, outputs = self._sides
        numbers, coded = len(inputs.numbers), len(inputs.texts)
        own = found.part(slice(0, inputs.width), slice(0, numbers), slice(0, coded))
        other = found.part(slice(inputs.width, found.cells.width), slice(numbers, None), slice(coded, None))
        return inputs.plain(own), outputs.plain(other)
