"""Payloads that are one row of plain CSV each become columns without ever being rows: no object for each cell.

A block of payloads is joined and its commas are found at once, which tells every cell's place. Numbers are read by
simdjson straight into an array, with all other cells blanked out; texts are only cut out where somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from syndic.windows.parsing.cell_codes import PADDING, Cells

if TYPE_CHECKING:
    from simdjson import Parser

_COMMA, _BLANK, _OPEN = b", ["
_CLOSED: Final = b"]" + bytes(PADDING)
_NEVER_PLAIN: Final = ('"', "\n", "\r")


class _Rows(Sequence[Sequence[Any]]):
    """Rows that are only made where somebody asks for them."""

    _size: int

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> Sequence[Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sequence[Any]]: ...
    def __getitem__(self, place: int | slice) -> Any:
        """A row, or some of them. Whoever wants many makes a list first."""
        return list(self)[place]


class PlainColumns(_Rows):
    """Rows of which the cells lie column by column: numbers as arrays, everything else as texts.

    Args:
        size: The number of rows.
        numbers: Rows and numeric columns.
        numeric: Places of these columns among all of a row.
        cells: Where each cell of each row stands.
    """

    def __init__(self, size: int, numbers: NDArray[np.float64], numeric: Sequence[int], cells: Cells) -> None:
        self.matrix, self.cells = numbers, cells
        self._size = size
        self._numeric = {place: column for column, place in enumerate(numeric)}

    def part(self, columns: slice, numbers: slice, coded: slice) -> PlainColumns:
        """Only some neighbouring columns, with what of the numbers and of those with codes is among them."""
        numeric = [place - columns.start for place in list(self._numeric)[numbers]]
        return PlainColumns(self._size, self.matrix[:, numbers], numeric, self.cells.part(columns, coded))

    def chosen(self, rows: NDArray[np.intp]) -> PlainColumns:
        """Only some rows."""
        return PlainColumns(len(rows), self.matrix[rows], list(self._numeric), self.cells.chosen(rows))

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """The rows, as they would have been read one by one."""
        return zip(*map(self.column, range(self.cells.width)), strict=True)

    def numbers(self, place: int) -> NDArray[np.float64]:
        """The cells of a numeric column."""
        return self.matrix[:, self._numeric[place]]

    def column(self, place: int) -> list[Any]:
        """The cells of a column as numbers or texts."""
        return self.numbers(place).tolist() if place in self._numeric else self.cells.texts(place)


class PlacedColumns(_Rows):
    """Plain rows among others, of which few are not plain.

    Args:
        size: The number of all rows; those that are in neither part are `blank`.
        plain: The plain rows, and `places` where they stand.
        others: Each other row by its place.
        blank: The row of a call whose other side alone was captured.
    """

    def __init__(
        self,
        size: int,
        plain: PlainColumns,
        places: NDArray[np.intp],
        *,
        others: Mapping[int, Sequence[Any]],
        blank: Sequence[Any],
    ) -> None:
        self.plain, self.places, self.others = plain, places, others
        self._size, self._blank = size, blank

    def chosen(self, rows: NDArray[np.intp]) -> PlainColumns:
        """Only some of the plain rows, by their places among all."""
        return self.plain.chosen(self.places.searchsorted(rows))

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """The rows in their order."""
        rows = [self._blank] * self._size
        for place, row in zip(self.places.tolist(), self.plain, strict=True):
            rows[place] = row
        for place, row in self.others.items():
            rows[place] = row
        return iter(rows)


class PlainReader:
    """Reads payloads that hold a row together: that of one side, or those of both sides of a call.

    Args:
        widths: Cells of each payload.
        numeric: Places of the numbers among all of them; all others are texts.
        coded: Places of the texts that will have codes.
    """

    def __init__(self, widths: Sequence[int], numeric: Sequence[int], coded: Sequence[int] = ()) -> None:
        self._width, self._numeric, self._coded = sum(widths), tuple(numeric), tuple(coded)
        self._last = np.cumsum(widths) - 1  # place of each payload's last cell
        self._texts = np.ones(self._width, np.bool_)
        self._texts[list(numeric)] = False

    def read(self, texts: Sequence[str]) -> PlainColumns | None:
        """Payloads as columns, or None when any of them may not be one unquoted row with numbers where they belong.

        What is None here may still be good: an exact but slower reader decides. A number is read as Python's `float`
        reads it; a cell without any character is a missing one, NaN.

        Args:
            texts: Payloads without line breaks at their end, those of a row behind one another.
        """
        joined = ",".join(texts)
        if not texts or not all(texts) or "\0" in joined or any(sign in joined for sign in _NEVER_PLAIN):
            return None
        cells = self._cells(texts, joined)
        if cells is None:
            return None
        size = len(cells.starts)
        if not self._numeric:
            return PlainColumns(size, np.zeros((size, 0)), (), cells)
        numbers = self._numbers(cells)
        return None if numbers is None else PlainColumns(size, numbers, self._numeric, cells)

    def likely(self, texts: Sequence[str]) -> list[int]:
        """Places of the payloads, of one side, that have the right number of cells and nothing that is never plain."""
        return [
            place
            for place, text in enumerate(texts)
            if text and text.count(",") == self._width - 1 and not any(sign in text for sign in _NEVER_PLAIN)
        ]

    def _cells(self, texts: Sequence[str], joined: str) -> Cells | None:
        """Where each cell begins and ends; None when a row has another number of cells."""
        try:
            data = joined.encode()
        except UnicodeEncodeError:  # half of a pair that no JSON text may hold
            return None
        lengths = map(len, texts) if len(data) == len(joined) else (len(text.encode()) for text in texts)
        text_ends = np.cumsum(np.fromiter(lengths, np.int32, len(texts)) + 1)
        characters = np.frombuffer(b"".join((b"[", data, _CLOSED)), np.uint8)
        commas = np.flatnonzero(characters == _COMMA)
        size = len(texts) // len(self._last)
        if len(commas) != size * self._width - 1:
            return None
        bounds = np.empty(size * self._width + 1, np.int32)  # of each cell the comma before it, and the last end
        bounds[0], bounds[1:-1], bounds[-1] = 0, commas, len(data) + 1
        ends, starts = bounds[1:].reshape(size, -1), (bounds[:-1] + 1).reshape(size, -1)
        if not (ends[:, self._last].reshape(-1) == text_ends).all():  # a cell too many here hides one too few there
            return None
        return Cells.of(characters, starts, ends, self._coded)

    def _numbers(self, cells: Cells) -> NDArray[np.float64] | None:
        """The numeric columns, as rows; None when a cell of them is neither a number of JSON's nor without a sign."""
        left_out = cells.starts == cells.ends
        left_out |= self._texts
        wanted = ~left_out.reshape(-1)
        count = int(np.count_nonzero(wanted))
        shape = len(cells.starts), len(self._numeric)
        if not count:
            return np.full(shape, np.nan)
        text = cells.characters.copy()
        _blank_out(text, cells, left_out)
        text[cells.starts.reshape(-1)[int(np.argmax(wanted))] - 1] = _BLANK  # the comma before the first number
        text[0] = _OPEN
        found = self._parsed(text[: len(text) - PADDING].tobytes(), count)
        if found is None or count == shape[0] * shape[1]:
            return None if found is None else found.reshape(shape)
        numbers = np.full(shape, np.nan)
        numbers[wanted.reshape(left_out.shape)[:, self._numeric]] = found
        return numbers

    @cached_property
    def _parser(self) -> Parser:
        from simdjson import Parser  # noqa: PLC0415 - only where rows are read, and one for each reader: see its docs

        return Parser()

    def _parsed(self, data: bytes, count: int) -> NDArray[np.float64] | None:
        """So many numbers of a JSON list; None when it holds anything else, or a number that is read otherwise here."""
        if data.find(b"[", 1) >= 0:  # lists inside it would be flattened
            return None
        try:
            found: Any = self._parser.parse(data)
            numbers = np.frombuffer(found.as_buffer(of_type="d"), np.float64)
        except (ValueError, TypeError, RuntimeError):
            return None
        if len(numbers) != count or (not numbers.all() and _has_minus_zero(data)):
            return None
        return numbers


def _blank_out(text: NDArray[np.uint8], cells: Cells, left_out: NDArray[np.bool_]) -> None:
    """Make cells, and the comma before each, blanks."""
    from_comma = cells.starts[left_out].astype(np.intp) - 1
    lengths = cells.ends[left_out] - from_comma
    upto = np.cumsum(lengths)
    if len(upto):
        places = np.repeat(from_comma - (upto - lengths), lengths)
        places += np.arange(upto[-1])
        text[places] = _BLANK


def _has_minus_zero(data: bytes) -> bool:
    """Whether there may be a zero with a sign and no decimals, which is read as a whole number, without its sign."""
    return b"-0," in data or b"-0 " in data or b"-0]" in data or b"-0\t" in data
