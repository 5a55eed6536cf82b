"""Texts of many cells become category codes by looking at their bytes: only texts not met before become objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from syndic.windows.cells.cell import Factorizer

PADDING: Final = 32
"""Bytes behind the last cell that may be read with it; texts that are longer are always objects."""

_WORD: Final = 8
_MOST_WORDS: Final = PADDING // _WORD
_SLOTS_LOG2: Final = 10
_SLOTS: Final = 1 << _SLOTS_LOG2
_UNKNOWN: Final = -2
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio: Knuth's multiplicative hashing
_FIRST_BYTES: Final = np.array([(1 << (8 * size)) - 1 for size in range(_WORD + 1)], np.uint64)


class Cells:
    """Where the cells of some rows stand.

    Attributes:
        characters: UTF-8 bytes, with `PADDING` ones behind the last cell.
        starts: The first byte of each cell, by row and column.
        ends: The byte behind each cell.
        lengths: Bytes of the cells of each column that has codes.
        words: The first bytes of these cells as whole numbers, as many as the longest of them needs.
    """

    def __init__(
        self,
        characters: NDArray[np.uint8],
        starts: NDArray[np.int32],
        ends: NDArray[np.int32],
        lengths: NDArray[np.int32],
        words: Sequence[NDArray[np.uint64]],
    ) -> None:
        self.characters, self.starts, self.ends = characters, starts, ends
        self.lengths, self.words = lengths, words

    @classmethod
    def of(
        cls, characters: NDArray[np.uint8], starts: NDArray[np.int32], ends: NDArray[np.int32], coded: Sequence[int]
    ) -> Cells:
        """The cells, of which some columns will have codes; no byte of a text is zero."""
        places = list(coded)
        neighbours = bool(places) and places[-1] - places[0] + 1 == len(places)
        chosen: Any = slice(places[0], places[-1] + 1) if neighbours else places  # a slice is quicker
        begun = starts[:, chosen].astype(np.intp)
        lengths = ends[:, chosen] - starts[:, chosen]
        return cls(characters, starts, ends, lengths, _words(characters, begun, lengths))

    def part(self, columns: slice, coded: slice) -> Cells:
        """Only some columns, and of those with codes the ones that are among them."""
        words = [word[:, coded] for word in self.words]
        return Cells(self.characters, self.starts[:, columns], self.ends[:, columns], self.lengths[:, coded], words)

    def chosen(self, rows: NDArray[np.intp]) -> Cells:
        """Only some rows."""
        words = [word[rows] for word in self.words]
        return Cells(self.characters, self.starts[rows], self.ends[rows], self.lengths[rows], words)

    @property
    def width(self) -> int:
        """Cells of a row."""
        return int(self.starts.shape[1])

    def texts(self, place: int, rows: Any = slice(None)) -> list[str]:
        """The texts of a column, or of some of its rows."""
        data = self.characters.tobytes()
        bounds = zip(self.starts[rows, place].tolist(), self.ends[rows, place].tolist(), strict=True)
        return [data[start:end].decode() for start, end in bounds]


class CellCoder:
    """Gives the codes of the columns that have them, block after block, with the levels of one piece.

    For each column it keeps up to 1,024 texts by their bytes, and their codes. A text that is not there, or lost its
    slot to another one, is looked up by the column's `Factorizer`, so that it has the same code wherever it is met.
    """

    def __init__(self, factorizers: Mapping[int, Factorizer]) -> None:
        self._factorizers = factorizers
        self._places = list(factorizers)
        self._first = np.arange(len(self._places), dtype=np.intp) << _SLOTS_LOG2
        self._codes = np.full(len(self._places) << _SLOTS_LOG2, _UNKNOWN, np.int32)
        self._words = np.zeros((1, len(self._codes)), np.uint64)

    def codes(self, cells: Cells) -> NDArray[np.int32]:
        """Codes by column, in the order of their places, and row."""
        if not self._places:
            return np.zeros((0, len(cells.starts)), np.int32)
        words, lengths = cells.words, cells.lengths
        if len(words) > len(self._words):
            self._words = np.pad(self._words, ((0, len(words) - len(self._words)), (0, 0)))
        slots = self._first + (_mixed(words) >> np.uint64(64 - _SLOTS_LOG2)).astype(np.intp)
        codes = self._codes[slots]
        known = codes != _UNKNOWN
        for kept, word in zip(self._words, words, strict=False):
            known &= kept[slots] == word
        for kept in self._words[len(words) :]:
            known &= kept[slots] == 0
        if len(words) == _MOST_WORDS:
            known &= lengths <= PADDING
        if not known.all():
            self._look_up(cells, codes, known)
            self._keep(~known & (lengths <= PADDING), slots, words, codes)
        return np.ascontiguousarray(codes.T)

    def _look_up(self, cells: Cells, codes: NDArray[np.int32], known: NDArray[np.bool_]) -> None:
        for column in np.flatnonzero(~known.all(axis=0)).tolist():
            place = self._places[column]
            rows = np.flatnonzero(~known[:, column])
            codes[rows, column] = self._factorizers[place].codes(cells.texts(place, rows))

    def _keep(
        self,
        new: NDArray[np.bool_],
        slots: NDArray[np.intp],
        words: Sequence[NDArray[np.uint64]],
        codes: NDArray[np.int32],
    ) -> None:
        """Of texts that share a slot one is kept."""
        there, first = np.unique(slots[new], return_index=True)
        self._codes[there] = codes[new][first]
        self._words[:, there] = 0
        for kept, word in zip(self._words, words, strict=False):
            kept[there] = word[new][first]


def _words(
    characters: NDArray[np.uint8], starts: NDArray[np.intp], lengths: NDArray[np.int32]
) -> list[NDArray[np.uint64]]:
    anywhere = np.ndarray((len(characters) - _WORD + 1,), np.dtype("<u8"), characters, 0, (1,))
    longest = int(np.max(lengths, initial=1))
    if longest <= _WORD:
        return [anywhere[starts] & _FIRST_BYTES[lengths]]
    words = []
    for word in range(0, min(PADDING, longest), _WORD):
        here = anywhere[np.minimum(starts + word, len(anywhere) - 1)]
        words.append(here & _FIRST_BYTES[np.clip(lengths - word, 0, _WORD)])
    return words


def _mixed(words: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    mixed = words[0] * _MIX
    for word in words[1:]:
        mixed = (mixed ^ (mixed >> np.uint64(32)) ^ word) * _MIX
    return mixed
