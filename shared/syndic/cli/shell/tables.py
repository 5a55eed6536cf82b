"""A plain-text table that reads well in 80 to 120 columns and in a log file."""

from __future__ import annotations

import math
import shutil
import textwrap
from collections.abc import Sequence
from unicodedata import combining, east_asian_width

_GAP = "  "
_NARROWEST_LAST = 24


def width_of_terminal() -> int:
    """Columns to fill: the terminal's, between 80 and 120."""
    return max(80, min(120, shutil.get_terminal_size((100, 24)).columns))


def figure(value: float | None, digits: int = 3) -> str:
    """A number for people: `digits` decimals, exponents only where it would vanish, "-" for none."""
    if value is None or math.isnan(value):
        return "-"
    if value != 0 and abs(value) < 10**-digits:
        return f"{value:.1e}"
    if abs(value) >= 1e9:
        return f"{value:.3e}"
    return f"{value:.{digits}f}"


def some(names: Sequence[str], most: int = 5) -> str:
    """Names in a sentence: at most so many, and whether there are others."""
    return ", ".join(map(plain, names[:most])) + (f" and {len(names) - most} others" if len(names) > most else "")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: str = "", width: int | None = None) -> str:
    """Lay out rows of text under a header.

    Args:
        header: The columns' names.
        rows: Cells, one for each column.
        right: One letter a column: "r" puts it to the right (numbers), anything else to the left.
        width: The most characters a line may have; the last column wraps to keep it. None: the terminal's.
    """
    limit = width or width_of_terminal()
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [max(_length(text) for text in column) for column in zip(header, *cells, strict=True)]
    before_last = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    widths[-1] = max(min(widths[-1], limit - before_last), min(_NARROWEST_LAST, widths[-1]))
    lines = [_line(header, widths, right), _line(["-" * size for size in widths], widths, right)]
    for row in cells:
        wrapped = textwrap.wrap(row[-1], widths[-1]) or [""]
        lines.append(_line([*row[:-1], wrapped[0]], widths, right))
        lines.extend(_line([*[""] * (len(row) - 1), more], widths, right) for more in wrapped[1:])
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: str) -> str:
    padded = []
    for place, (cell, size) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (size - _length(cell))
        padded.append(space + cell if right[place : place + 1] == "r" else cell + space)
    return _GAP.join(padded).rstrip()


def plain(text: str) -> str:
    """Text of a data file may hold anything: no line breaks, no terminal codes."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _length(text: str) -> int:
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)
