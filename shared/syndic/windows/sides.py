"""One side of a model's calls, inputs or outputs: many payloads at once become cells ready for columns.

The common payload, one CSV row of numbers, is read by the JSON parser: many rows in one call, as one list of numbers.
Both grammars agree on it, and both give exactly Python's `float`. Whatever that parser refuses is read field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from syndic.models import ColumnKind, ColumnRole, ColumnSpec
from syndic.windows.cells import Factorizer, level_text, number
from syndic.windows.payloads import Row
from syndic.windows.window import Column

Rows = Sequence[Row] | NDArray[np.float64]
"""Checked rows: a matrix on a numeric side."""

_NUMBERS = msgspec.json.Decoder(list[float])
_OPTIONAL_NUMBERS = msgspec.json.Decoder(list[float | None])
_FEW = 16  # payloads; fewer are read one by one, more are halved to find the one that failed

_UNKEPT = (ColumnRole.ROW_ID, ColumnRole.IGNORED)


class Side:
    """Reads one side's payloads by its column specs.

    Attributes:
        specs: The schema's columns of this side, in captured order.
        kept: Positions of the columns that windows hold.
        texts: Those of `kept` that are categorical.
        numeric: Whether every column is a number: then rows are kept as one matrix.
        id_place: The position of the row-id column, or None.
    """

    def __init__(self, specs: Sequence[ColumnSpec]) -> None:
        self.specs = tuple(specs)
        self.names = tuple(spec.name for spec in specs)
        self.width = len(self.specs)
        self.kept = [place for place, spec in enumerate(specs) if spec.role not in _UNKEPT]
        self.id_place = next((place for place, spec in enumerate(specs) if spec.role is ColumnRole.ROW_ID), None)
        self._numbers = [place for place in self.kept if specs[place].kind is ColumnKind.NUMERIC]
        self.texts = [place for place in self.kept if specs[place].kind is ColumnKind.CATEGORICAL]
        self.numeric = bool(self.specs) and len(self._numbers) == self.width
        self.start_piece()
        self.blank: Row = tuple(None for _ in specs)  # a row of a call whose other side alone was captured

    def checked(self, rows: Sequence[Row]) -> list[list[Any]]:
        """Rows with numbers for numeric columns. Raises `UnusableError` when a cell is of another type."""
        checked = []
        for row in rows:
            cells = list(row)
            for place in self._numbers:
                cells[place] = number(cells[place])
            for place in self.texts:
                if type(cells[place]) is not str:
                    cells[place] = level_text(cells[place])
            checked.append(cells)
        return checked

    def plain_rows(self, texts: Sequence[str]) -> tuple[Rows, NDArray[np.bool_]]:
        """Payloads that should be one row of plain CSV each, as rows, and which of them are not."""
        if self.numeric:
            return self.matrix(texts)
        if not self.specs:
            return [()] * len(texts), np.zeros(len(texts), np.bool_)
        rows = [self.plain_row(text) for text in texts]
        bad = np.fromiter((row is None for row in rows), np.bool_, len(rows))
        return [self.blank if row is None else row for row in rows], bad

    def matrix(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """A numeric side's payloads as (rows, columns) and which of them are not one plain row of numbers."""
        values = np.full((len(texts), self.width), np.nan)
        bad = np.zeros(len(texts), np.bool_)
        if texts:
            self._fill(texts, values, bad)
        return values, bad

    def _fill(self, texts: Sequence[str], values: NDArray[np.float64], bad: NDArray[np.bool_]) -> None:
        numbers = self._numbers_of(texts)
        if numbers is not None:
            values[:] = numbers
        elif len(texts) > _FEW:
            half = len(texts) // 2
            self._fill(texts[:half], values[:half], bad[:half])
            self._fill(texts[half:], values[half:], bad[half:])
        else:
            for place, text in enumerate(texts):
                row = self._numbers_of([text])
                if row is None:
                    bad[place] = True
                else:
                    values[place] = row[0]

    def _numbers_of(self, texts: Sequence[str]) -> NDArray[np.float64] | None:
        """All payloads as one list of numbers, or None when any is not exactly one row of numbers."""
        commas = self.width - 1
        joined = ",".join(texts)
        if commas:
            fits = {text.count(",") for text in texts} == {commas}
        else:
            fits = joined.count(",") == len(texts) - 1 and "" not in texts
        if not fits or "\n" in joined or "\r" in joined:
            return None
        try:
            numbers = _NUMBERS.decode(f"[{joined}]")
            return np.fromiter(numbers, np.float64, len(numbers)).reshape(-1, self.width)
        except (msgspec.DecodeError, UnicodeError):
            pass
        # Empty fields and NumPy's "nan" are missing values; anything else still fails here.
        joined = f"[{joined}]".replace("nan", "null").replace("NaN", "null")
        joined = joined.replace(",,", ",null,").replace(",,", ",null,")
        joined = joined.replace("[,", "[null,").replace(",]", ",null]")
        try:
            flat = _OPTIONAL_NUMBERS.decode(joined)
        except (msgspec.DecodeError, UnicodeError):
            return None
        return np.array(flat, dtype=np.float64).reshape(-1, self.width)

    def plain_row(self, text: str) -> Row | None:
        """One row of unquoted CSV with its numbers read, or None."""
        if '"' in text or "\n" in text or "\r" in text:
            return None
        cells: list[Any] = text.split(",")
        if len(cells) != self.width or not text:
            return None
        try:
            for place in self._numbers:
                cells[place] = float(cells[place])
        except ValueError:
            return None
        return cells

    def own_ids(self, rows: Rows, ids: Sequence[str | None]) -> Sequence[str | None]:
        """Row ids from the row-id column where it has a value, else the ids given."""
        place = self.id_place
        if place is None:
            return ids
        return [level_text(row[place]) or row_id for row, row_id in zip(rows, ids, strict=True)]

    def start_piece(self) -> None:
        """Forget the levels met so far: a new piece of the window begins."""
        self._levels = {place: Factorizer() for place in self.texts}

    def columns(self, rows: Rows) -> dict[str, NDArray[Any]]:
        """Arrays of numbers or of category codes, by name, of rows that were checked."""
        if isinstance(rows, np.ndarray):
            by_column = np.ascontiguousarray(rows.T)
            return {self.names[place]: by_column[place] for place in self.kept}
        cells: list[Any] = list(zip(*rows, strict=True)) if len(rows) else [()] * self.width
        columns: dict[str, NDArray[Any]] = {}
        for place in self.kept:
            if place in self._levels:
                columns[self.names[place]] = self._levels[place].codes(cells[place])
            else:
                columns[self.names[place]] = np.array(cells[place], dtype=np.float64)
        return columns

    def finished(self, place: int, array: NDArray[Any]) -> Column:
        """An array of `columns` as a column of a window."""
        factorizer = self._levels.get(place)
        return array if factorizer is None else factorizer.categories(array)
