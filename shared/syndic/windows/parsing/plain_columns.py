"""Payloads that are one row of plain CSV each become columns without ever being rows: no object for each number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

_NUMBERS = msgspec.json.Decoder(list[float])  # where both grammars allow a number it is Python's `float` of the text
_COMMA = ord(",")


class PlainColumns(Sequence[Sequence[Any]]):
    """Rows of which the cells lie column by column: numbers as arrays, everything else as texts."""

    def __init__(self, size: int, columns: Sequence[NDArray[np.float64] | list[str]]) -> None:
        self._size, self._columns = size, columns

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> Sequence[Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sequence[Any]]: ...
    def __getitem__(self, place: int | slice) -> Any:
        """A row, or some of them. Whoever wants many makes a list first."""
        return list(self)[place]

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """The rows, as they would have been read one by one."""
        return zip(*map(self.cells, range(len(self._columns))), strict=True)

    def column(self, place: int) -> NDArray[np.float64] | list[str]:
        """The cells of a column: an array of numbers, or texts."""
        return self._columns[place]

    def cells(self, place: int) -> list[Any]:
        """The cells of a column."""
        column = self._columns[place]
        return column if isinstance(column, list) else column.tolist()


def runs_of(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring places together, as the first and the last of each run."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def read_plain_columns(texts: Sequence[str], width: int, runs: Sequence[tuple[int, int]]) -> PlainColumns | None:
    """Payloads as columns, or None when any of them is not one unquoted row without gaps among its numbers.

    Args:
        texts: Payloads without line breaks at their end.
        width: Cells of a row.
        runs: First and last places of neighbouring columns of numbers; all others are texts.
    """
    joined = ",".join(texts)
    if not texts or '"' in joined or "\n" in joined or "\r" in joined:
        return None
    bounds = _bounds(texts, joined, width)
    if bounds is None:
        return None
    starts, ends = bounds
    columns: dict[int, NDArray[np.float64] | list[str]] = {}
    for first, last in runs:
        numbers = _numbers(_sliced(joined, starts[:, first], ends[:, last]), last - first + 1)
        if numbers is None:
            return None
        columns |= numbers_by_place(numbers, first)
    for place in range(width):
        if place not in columns:
            columns[place] = _sliced(joined, starts[:, place], ends[:, place])
    return PlainColumns(len(texts), [columns[place] for place in range(width)])


def numbers_by_place(numbers: NDArray[np.float64], first: int) -> Mapping[int, NDArray[np.float64]]:
    """Columns of a matrix by their places."""
    return {first + offset: column for offset, column in enumerate(np.ascontiguousarray(numbers.T))}


def _bounds(texts: Sequence[str], joined: str, width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
    """Where each cell of each row begins and ends in the joined text; None when a row has another number of cells."""
    if joined.isascii():
        characters: NDArray[Any] = np.frombuffer(joined.encode(), np.uint8)
    else:
        characters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    commas = np.flatnonzero(characters == _COMMA)
    if len(commas) != len(texts) * width - 1:
        return None
    ends = np.append(commas, len(joined)).reshape(len(texts), width)
    rows = np.cumsum(np.fromiter(map(len, texts), np.intp, len(texts))) + np.arange(len(texts))
    if not np.array_equal(ends[:, -1], rows):  # a cell too many here hides one too few there
        return None
    starts = np.empty_like(ends)
    starts.reshape(-1)[0] = 0
    starts.reshape(-1)[1:] = ends.reshape(-1)[:-1] + 1
    return starts, ends


def _sliced(joined: str, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[str]:
    return [joined[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _numbers(texts: Sequence[str], width: int) -> NDArray[np.float64] | None:
    try:
        numbers = _NUMBERS.decode(f"[{','.join(texts)}]")
    except (msgspec.DecodeError, UnicodeError):
        return None
    if len(numbers) != len(texts) * width:  # a blank cell alone is an empty list
        return None
    return np.fromiter(numbers, np.float64, len(numbers)).reshape(len(texts), width)
