"""Texts that are numbers in one unit, such as ``12.5 kg``, or clock times and durations: all of a column, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from syndic.windows.cells.cell import MISSING_TEXTS

FEWEST: Final = 21
"""Different values from which texts in a unit are numbers; fewer are compared one by one as the texts they are."""

SECONDS: Final = "seconds"

# The unit begins with a letter or a sign: what joins the parts of a code (-, _, @, ., /) begins none.
_GROUPING: Final = r"[\d.,' \u00a0\u202f\u2019]"
_CELL: Final = re.compile(
    rf"\s*(?P<number>[-+\u2212]?\s?[.,]?\d(?:{_GROUPING}*\d)?)\s*"
    r"(?P<unit>[^\W\d_][^\d]{0,11}|[°µ\u2032\u2033][^\d]{0,11})"
)
_CLOCK: Final = re.compile(r"\s*(?P<h>\d{1,3}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d(?:\.\d+)?))?\s*")

_ISO: Final = re.compile(r"\s*P(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?\s*")


def without_unit(texts: Sequence[str], *, few: bool) -> tuple[list[str], str] | None:
    """The texts without the unit that all of them have, and that unit; None where they have none in common.

    Clock times become seconds. Missing ones stay.

    Args:
        texts: The different texts of a column.
        few: Whether few values are enough, because the column is known to be numeric.
    """
    present = [text for text in texts if text.strip() not in MISSING_TEXTS]
    if not present or (len(present) < FEWEST and not few):
        return None
    first = _CELL.fullmatch(present[0])
    if first is None:
        return _seconds(texts)
    unit = first["unit"].strip()
    found = []
    for text in texts:
        if text.strip() in MISSING_TEXTS:
            found.append("")
            continue
        cell = _CELL.fullmatch(text)
        if cell is None or cell["unit"].strip() != unit:
            return None
        found.append(cell["number"].strip())
    return found, unit


def _seconds(texts: Sequence[str]) -> tuple[list[str], str] | None:
    found = []
    for text in texts:
        if text.strip() in MISSING_TEXTS:
            found.append("")
            continue
        clock = _CLOCK.fullmatch(text) or _ISO.fullmatch(text)
        if clock is None or not any(clock.groups()):
            return None
        days, hours, minutes, seconds = (float(clock.groupdict().get(part) or 0) for part in "dhms")
        found.append(f"{86_400 * days + 3_600 * hours + 60 * minutes + seconds:.15g}")
    return found, SECONDS
