"""What one cell of captured text or JSON says: a number, a category's text, or nothing.

The same rules hold for CSV, JSON and Parquet, so that a baseline read from one compares with traffic read from
another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from syndic.windows.rejected import Reason, UnusableError
from syndic.windows.window import MISSING_CODE, Categories

MISSING_TEXTS = frozenset(
    ["", "#N/A", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "-nan", "-NaN", "#NA", "NaT"]
)
"""Texts that mean "no value" once spaces around them are taken away; the ones pandas reads so."""

_WHOLE = re.compile(r"(-?(?:0|[1-9][0-9]*))\.0+\Z")
_TRUTHS = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false"}


def plain_number(text: str) -> float | None:
    """Text as the number a machine wrote, or None.

    What Python's `float` makes of it: digits of any script, an exponent, ``inf`` and ``infinity`` in any letter case,
    ``nan``. Only its underscores are none of a number's signs: ``18_25`` is a text, as in every other reader.
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return None if "_" in text else value


def number(value: Any) -> float:
    """A cell as a number; NaN when it is missing. Text is read by `plain_number`.

    Raises `UnusableError` (type) for anything else, without repeating the value.
    """
    kind = type(value)
    if kind is float:
        return value  # type: ignore[no-any-return]
    if value is None:
        return math.nan
    if kind is str:
        found = plain_number(value)
        if found is not None:
            return found
        if value.strip() in MISSING_TEXTS:
            return math.nan
        raise UnusableError(Reason.TYPE, "text where a number is expected")
    if kind is int or kind is bool:
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    raise UnusableError(Reason.TYPE, "a list or an object where a number is expected")


def level_text(value: Any) -> str | None:
    """A cell as the text of its category; None when it is missing.

    Spaces around it do not count; true and false are ``true`` and ``false`` however they are written; a whole number
    has no ``.0``: 1, 1.0 and "1.0" are all ``1``. Everything else stays as it is.
    Raises `UnusableError` (type) for lists and objects.
    """
    if isinstance(value, str):
        text = value.strip()
        if text in MISSING_TEXTS:
            return None
    elif value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    elif isinstance(value, bool):
        return "true" if value else "false"
    elif isinstance(value, int):
        return str(value)
    elif isinstance(value, float):
        text = repr(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    else:
        raise UnusableError(Reason.TYPE, "a list or an object where a value is expected")
    text = _TRUTHS.get(text, text)
    whole = _WHOLE.match(text)
    return whole.group(1) if whole else text


class Factorizer:
    """Turns cells into category codes, chunk after chunk, with one table of levels."""

    def __init__(self) -> None:
        self.levels: dict[str, int] = {}
        self._codes: dict[Any, int] = {}

    def codes(self, cells: Iterable[Any]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """The codes of some cells."""
        cells = list(cells)
        known = self._codes
        for cell in set(cells).difference(known):
            text = level_text(cell)
            known[cell] = MISSING_CODE if text is None else self.levels.setdefault(text, len(self.levels))
        return np.fromiter(map(known.__getitem__, cells), np.int32, len(cells))

    def categories(self, codes: np.ndarray[tuple[int], np.dtype[np.int32]]) -> Categories:
        """A column of codes with all levels met so far."""
        return Categories(codes, tuple(self.levels))
