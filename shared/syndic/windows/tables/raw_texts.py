"""A column of texts, kept as they are written until the last one tells whether they are numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind
from syndic.windows.cells.cell import level_text
from syndic.windows.cells.decimal_marks import Settled, Unsettled, settle
from syndic.windows.cells.number_spellings import COMMA, POINT
from syndic.windows.tables.columns_read import ColumnsRead, Wanted
from syndic.windows.window import MISSING_CODE, Categories

Codes = NDArray[np.int32]
Place = Callable[[int, str], InvalidInputError]
"""Makes the error of a row, counted from 0, with the sentence that says what is wrong there."""


class RawTexts:
    """Turns cells of a column into codes of their exact texts, chunk after chunk. None is missing."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}
        self._codes: list[Codes] = []

    @property
    def texts(self) -> list[str]:
        """The different texts so far."""
        return [text for text in self._places if text is not None]

    def add(self, cells: Iterable[str | None]) -> None:
        """Add the cells of some rows."""
        cells = list(cells)
        places = self._places
        for cell in dict.fromkeys(cells):
            places.setdefault(cell, len(places))
        self._codes.append(np.fromiter(map(places.__getitem__, cells), np.int32, len(cells)))

    def add_coded(self, texts: list[str | None], places: NDArray[np.intp]) -> None:
        """Add rows that are given as places among some texts; -1 is missing."""
        lookup = [self._places.setdefault(text, len(self._places)) for text in texts]
        if len(places) and int(np.min(places)) < 0:
            lookup.append(self._places.setdefault(None, len(self._places)))
        self._codes.append(np.array(lookup, np.int32)[places] if lookup else np.zeros(0, np.int32))

    def finish(self, name: str, wanted: Wanted, found: ColumnsRead, error: Place, *, typed: bool = False) -> None:
        """Put the column among those found: as numbers, as categories, or as refused.

        Args:
            name: The column's name.
            wanted: What is known of it.
            found: Where the column goes.
            error: Makes the error of a row.
            typed: Whether the file itself calls it text: then numbers that a machine wrote stay texts.
        """
        codes = np.concatenate(self._codes) if self._codes else np.zeros(0, np.int32)
        used, codes = _used(codes, len(self._places))
        known = list(self._places)
        texts = ["" if known[place] is None else known[place] for place in used]
        kind = wanted.kinds.get(name)
        if kind is not ColumnKind.CATEGORICAL:
            counts = np.bincount(codes, minlength=len(texts)).tolist()
            declared = kind is ColumnKind.NUMERIC
            decimal = wanted.decimal_of(name)
            answer = settle(texts, counts, decimal=decimal, declared=declared, typed=typed)
            if isinstance(answer, Unsettled):
                row = int(np.flatnonzero(codes == answer.place)[0])
                found.refused[name] = error(row, answer.reason)
                if answer.mark is not None:
                    found.doubts[name] = answer.mark
                    found.again[name] = partial(self._again, name, found, error, typed=typed)
                return
            if isinstance(answer, Settled):
                found.columns[name] = answer.values[codes]
                if answer.spelling is not None:
                    found.spellings[name] = answer.spelling
                if answer.proven is not None:
                    found.proven[name] = answer.proven
                if answer.ruled is not None and answer.spelling is not None:
                    row = int(np.flatnonzero(codes == answer.ruled)[0])
                    mark = POINT if "," in answer.spelling.groups else COMMA
                    found.ruled[name] = mark, partial(error, row)
                return
        found.columns[name] = _categories(texts, codes)

    def _again(self, name: str, found: ColumnsRead, error: Place, wanted: Wanted, *, typed: bool) -> None:
        """`finish` once more, when more is known."""
        self.finish(name, wanted, found, error, typed=typed)


def _used(codes: Codes, texts: int) -> tuple[list[int], Codes]:
    """The texts that some row has, and the codes among them: a dictionary may list others."""
    counts = np.bincount(codes, minlength=texts)
    if counts.all():
        return list(range(texts)), codes
    used = np.flatnonzero(counts)
    lookup = np.zeros(texts, np.int32)
    lookup[used] = np.arange(len(used), dtype=np.int32)
    return used.tolist(), lookup[codes]


def _categories(texts: list[str], codes: Codes) -> Categories:
    levels: dict[str, int] = {}
    lookup = np.full(len(texts), MISSING_CODE, np.int32)
    for place, text in enumerate(texts):
        level = level_text(text)
        if level is not None:
            lookup[place] = levels.setdefault(level, len(levels))
    return Categories(lookup[codes] if len(codes) else codes, tuple(levels))
