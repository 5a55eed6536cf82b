"""Payloads that are one row of plain CSV each become columns without ever being rows: no object for each cell.

A block of payloads is joined and its commas are found at once, which tells every cell's place. Numbers are read by
simdjson straight into an array, with all other cells blanked out; texts are only cut out where somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from syndic.windows.parsing.cell_codes import PADDING, Cells

if TYPE_CHECKING:
    from simdjson import Parser

_COMMA, _BLANK, _OPEN, _CLOSE = b", []"
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
        self._width, self._numeric, self.coded = sum(widths), tuple(numeric), tuple(coded)
        self._last = np.cumsum(widths) - 1  # place of each payload's last cell
        self._runs = _runs(numeric, self._last)

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
        return None if cells is None else self.of(cells)

    def of(self, cells: Cells) -> PlainColumns | None:
        """Cells as columns, or None when a number among them may be none.

        What stands between the cells is not looked at; it is one byte at least, and a comma within a payload.
        """
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
        return Cells.of(characters, starts, ends, self.coded)

    def _numbers(self, cells: Cells) -> NDArray[np.float64] | None:
        """The numeric columns, as rows; None when a cell of them is neither a number of JSON's nor without a sign."""
        size, places = len(cells.starts), list(self._numeric)
        empty = cells.starts == cells.ends
        some_empty = bool(empty.any())
        text = cells.characters.copy()
        last = self._only_numbers(text, cells)
        left_out = np.zeros(0, np.bool_)
        if some_empty:
            left_out = empty[:, places].reshape(-1)
            text[self._before(cells).reshape(-1)[left_out]] = _BLANK
        count = size * len(places) - int(np.count_nonzero(left_out))
        if not count:
            return np.full((size, len(places)), np.nan)
        if count < size * len(places):
            text[self._before(cells).reshape(-1)[int(np.argmin(left_out))]] = _BLANK
        text[0], text[last] = _OPEN, _CLOSE
        found = self._parsed(text[: last + 1].tobytes(), count)
        if found is None or count == size * len(places):
            return None if found is None else found.reshape(size, -1)
        numbers = np.full(size * len(places), np.nan)
        numbers[~left_out] = found
        return numbers.reshape(size, -1)

    def _only_numbers(self, text: NDArray[np.uint8], cells: Cells) -> int:
        """Make all between two runs of numbers blanks and one comma; the place behind the last number."""
        starts, ends = cells.starts, cells.ends
        first, last = self._runs[0][0], self._runs[-1][1]
        text[: starts[0, first]] = _BLANK
        for (_, before), (behind, _) in pairwise(self._runs):
            _fill(text, ends[:, before], starts[:, behind])
        _fill(text, ends[:-1, last], starts[1:, first])
        for _, before in self._runs:
            text[ends[:, before]] = _COMMA
        return int(ends[-1, last])

    def _before(self, cells: Cells) -> NDArray[np.int32]:
        """The place of the comma before each number, by row; of the very first one, where the list begins."""
        before = cells.starts[:, list(self._numeric)] - 1
        column = 0
        for place, (first, last) in enumerate(self._runs):
            if place:
                before[:, column] = cells.ends[:, self._runs[place - 1][1]]
            else:
                before[1:, 0], before[0, 0] = cells.ends[:-1, self._runs[-1][1]], 0
            column += last - first + 1
        return before

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


def _fill(text: NDArray[np.uint8], starts: NDArray[np.int32], ends: NDArray[np.int32]) -> None:
    """Make stretches blanks, by two writes of one length for all that are at most twice as long as the shortest."""
    lengths: NDArray[Any] = ends - starts
    while len(lengths):
        shortest, longest = max(int(lengths.min()), 1), int(lengths.max())
        anywhere: NDArray[Any] = np.ndarray((len(text) - shortest + 1,), np.dtype(f"V{shortest}"), text, 0, (1,))
        blanks = np.frombuffer(b" " * shortest, anywhere.dtype)[0]
        if longest <= 2 * shortest:
            anywhere[starts], anywhere[ends - shortest] = blanks, blanks
            return
        fits = lengths <= 2 * shortest
        anywhere[starts[fits]], anywhere[ends[fits] - shortest] = blanks, blanks
        starts, ends, lengths = starts[~fits], ends[~fits], lengths[~fits]


def _runs(numeric: Sequence[int], last: NDArray[np.intp]) -> list[tuple[int, int]]:
    """First and last places of numbers that stand side by side in one payload."""
    runs: list[tuple[int, int]] = []
    for place in numeric:
        if runs and runs[-1][1] == place - 1 and place - 1 not in last:
            runs[-1] = runs[-1][0], place
        else:
            runs.append((place, place))
    return runs


def _has_minus_zero(data: bytes) -> bool:
    """Whether there may be a zero with a sign and no decimals, which is read as a whole number, without its sign."""
    return b"-0," in data or b"-0 " in data or b"-0]" in data or b"-0\t" in data
