"""The texts of a whole column become numbers, or the reason why they cannot be told to be numbers."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.windows.cells.cell import MISSING_TEXTS, plain_number
from syndic.windows.cells.number_spellings import COMMA, POINT, THREE_DECIMALS, UNITS, Spelled, spelled
from syndic.windows.cells.units import without_unit

MOSTLY: Final = 0.9
"""With this share of numbers, by rows or by different texts, and `MANY` different ones, a column is one of numbers and
other texts in it are faults."""

MANY: Final = 50
_TELLING = 50  # different numbers with exactly three digits after their mark: as fractions, a tenth would end in 0
_FIRST = 8  # texts of which one that is a number as it stands tells that there is no unit
_GLANCE = 200  # different texts after which a column with more words than numbers is taken as text
_SHARES = ("per cent", "per mille")
_CURRENCIES = frozenset(UNITS.values()).difference(_SHARES)
_MARKS = {POINT: "point", COMMA: "comma"}
_GROUPS = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the numbers of a column are written.

    Attributes:
        decimal: The decimal mark; None when no value needs one.
        unit: The currency or share they are in, None without one.
        groups: The marks that separate thousands.
    """

    decimal: str | None = None
    unit: str | None = None
    groups: str = ""

    def __str__(self) -> str:
        said = [f"decimal {_MARKS[self.decimal]}"] if self.decimal else []
        if self.groups:
            said.append("thousands separated by " + " and ".join(_GROUPS[mark] for mark in self.groups))
        named = " and ".join(said)
        money = self.unit in _CURRENCIES
        unit = f" with currency ({self.unit})" if money else f" in {self.unit}" if self.unit else ""
        return f"numbers{unit}{' and ' if named and money else ' with ' if named else ''}{named}"


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Each text's number, missing ones NaN.

    Attributes:
        values: The numbers.
        spelling: None when a machine wrote them all.
        proven: The decimal mark by which alone some value can be read.
        ruled: The place of a text whose mark is taken for one between thousands by a rule, not by a value.
    """

    values: NDArray[np.float64]
    spelling: Spelling | None
    proven: str | None = None
    ruled: int | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Why texts are no numbers although they look like it.

    Attributes:
        place: The text at fault.
        reason: What is wrong with it.
        mark: The mark that may mean thousands or decimals, when only that is in doubt.
    """

    place: int
    reason: str
    mark: str | None = None


def settle(
    texts: Sequence[str],
    counts: Sequence[int],
    *,
    decimal: str | None = None,
    declared: bool = False,
    typed: bool = False,
    units: bool = True,
) -> Settled | Unsettled | None:
    """Numbers of a column's texts; None when the column is text.

    A mark is a decimal mark when any value of the column can be read only so. Where nothing tells, three digits after a
    mark are thousands when the values are money (of a currency without three decimals), or when there are fifty
    different ones beside whole numbers under 1,000; otherwise the column is `Unsettled`.

    Args:
        texts: The different texts, in order of first appearance.
        counts: Rows of each.
        decimal: The decimal mark, where it is known from elsewhere; it settles only what the column leaves open.
        declared: Whether the column is known to be numeric.
        typed: Whether its source calls it text: then texts that a machine would write for numbers are no numbers.
        units: Whether texts in a unit of their own are numbers.

    Texts in one unit (``12.5 kg``), clock times and durations (``07:30``) are numbers too where more than twenty
    differ: as texts, each nearly alone, nobody would see a change of theirs.
    """
    if typed and not declared and all(map(machine_written, texts)):
        return None
    in_unit = _in_a_unit(texts, counts, decimal=decimal, declared=declared) if units else None
    if in_unit is not None:
        return in_unit
    return _as_they_stand(texts, counts, decimal=decimal, declared=declared, typed=typed)


def _in_a_unit(
    texts: Sequence[str], counts: Sequence[int], *, decimal: str | None, declared: bool
) -> Settled | Unsettled | None:
    """Numbers of texts that all have one unit, such as ``kg``; None when they have none or are no numbers before it."""
    if any(map(_readable, texts[:_FIRST])):
        return None
    bare = without_unit(texts, few=declared)
    found = None if bare is None else _as_they_stand(bare[0], counts, decimal=decimal, declared=False, typed=False)
    if bare is None or not isinstance(found, Settled):
        return found
    return replace(found, spelling=replace(found.spelling or Spelling(), unit=bare[1]))


def _as_they_stand(
    texts: Sequence[str], counts: Sequence[int], *, decimal: str | None, declared: bool, typed: bool
) -> Settled | Unsettled | None:
    cells: list[Spelled] = []
    strays: list[int] = []
    for place, text in enumerate(texts):
        cell = spelled(text)
        if cell is None:
            strays.append(place)
            if declared:
                return Unsettled(place, "text where a number is expected")
            if place >= _GLANCE and len(strays) > len(cells):
                return None
        else:
            cells.append(cell)
    if strays or not any(map(_present, cells)):
        return _mostly(texts, counts, strays, typed=typed) if strays else None
    found = _decimal_mark(cells, decimal)
    fault = found if isinstance(found, Unsettled) else _odd_unit(cells)
    if fault is not None or isinstance(found, Unsettled):
        return fault
    return _settled(texts, cells, found)


@dataclass(frozen=True, slots=True)
class _Mark:
    """The decimal mark of a column, and what says so: a value (`proven`), a rule (of the text at `ruled`), others."""

    mark: str | None = None
    proven: bool = False
    ruled: int | None = None


def _settled(texts: Sequence[str], cells: Sequence[Spelled], found: _Mark) -> Settled:
    decimal, proven = found.mark, found.mark if found.proven else None
    values = np.array([cell.value(decimal or POINT) for cell in cells], np.float64)
    if decimal != COMMA and all(map(machine_written, texts)):
        return Settled(values, None)
    units = {cell.unit for cell in cells if cell.unit}
    used = {mark for cell in cells for mark in cell.marks}
    shown = decimal if decimal in used else None  # without decimals nothing need be said of their mark
    groups = "".join(mark for mark in ",. '" if mark in used and mark != decimal)
    return Settled(values, Spelling(shown, next(iter(units), None), groups), proven, found.ruled)


def _readable(text: str) -> bool:
    """Whether a text is a number as it stands."""
    return text.strip() not in MISSING_TEXTS and spelled(text) is not None


def _present(cell: Spelled) -> bool:
    return cell.by_point is None or not math.isnan(cell.by_point)


def machine_written(text: str) -> bool:
    """Whether a text is a plain number or missing."""
    return plain_number(text) is not None or text.strip() in MISSING_TEXTS


def _mostly(texts: Sequence[str], counts: Sequence[int], strays: Sequence[int], *, typed: bool) -> Unsettled | None:
    """A column of many numbers with a few words is no column of categories: the words are faults.

    Few by their rows, or few different ones: a word for a missing value may stand in most rows.
    """
    rest = set(strays)
    numbers = [place for place, text in enumerate(texts) if place not in rest and text.strip() not in MISSING_TEXTS]
    rows, odd = sum(counts[place] for place in numbers), sum(counts[place] for place in strays)
    few = rows >= MOSTLY * (rows + odd) or len(numbers) >= MOSTLY * (len(numbers) + len(strays))
    if len(numbers) <= MANY or not few:
        return None
    if typed and all(texts[place].strip().isdigit() for place in numbers):
        return None  # codes: amounts that a machine wrote have a decimal mark somewhere
    return Unsettled(
        strays[0],
        "text in a column whose other values are numbers: leave the cell empty if it means a missing value, or declare "
        "the column categorical",
    )


def _decimal_mark(cells: Sequence[Spelled], known: str | None) -> _Mark | Unsettled:
    by_point = next((place for place, cell in enumerate(cells) if cell.by_comma is None), None)
    by_comma = next((place for place, cell in enumerate(cells) if cell.by_point is None), None)
    if by_point is not None and by_comma is not None:
        return Unsettled(
            max(by_point, by_comma), "numbers with a decimal comma and numbers with a decimal point in one column"
        )
    if by_point is not None or by_comma is not None:
        return _Mark(POINT if by_comma is None else COMMA, proven=True)
    doubtful = [place for place, cell in enumerate(cells) if not cell.certain]
    if not doubtful:
        return _Mark()
    marks = {mark for place in doubtful for mark in cells[place].marks if mark in {POINT, COMMA}}
    mark = marks.pop() if len(marks) == 1 else None
    if mark is not None and _thousands(cells, doubtful):
        return _Mark(COMMA if mark == POINT else POINT, ruled=doubtful[0])
    if known is not None:
        return _Mark(known)
    shown = f"a {_MARKS[mark]}" if mark else "a comma or a point"
    return Unsettled(
        doubtful[0],
        f"{shown} before three digits may stand before decimals or between thousands, and no value of the column tells",
        mark,
    )


def _thousands(cells: Sequence[Spelled], doubtful: Sequence[int]) -> bool:
    """Whether marks that could mean both are taken to separate thousands."""
    if all(cells[place].unit in _CURRENCIES and cells[place].unit not in THREE_DECIMALS for place in doubtful):
        return True
    whole = [abs(cell.by_point or 0.0) for cell in cells if cell.certain and _present(cell)]
    return len(doubtful) >= _TELLING and any(value > 0 for value in whole) and all(value < 1_000 for value in whole)


def _odd_unit(cells: Sequence[Spelled]) -> Unsettled | None:
    """Shares beside plain numbers, and amounts in two currencies, have no common scale."""
    units = {cell.unit for cell in cells}
    first = next((cell.unit for cell in cells if cell.unit), None)
    for place, cell in enumerate(cells):
        if cell.unit == first or not _present(cell) or 0.0 in {cell.by_point, cell.by_comma}:
            continue
        if cell.unit is None and units.isdisjoint(_SHARES):
            continue
        written = f"is in {cell.unit}" if cell.unit else "has no unit"
        return Unsettled(place, f"this number {written}, and others of the column are in {first}")
    return None


def may_be_thousands(values: NDArray[np.float64], *, whole: bool = True) -> bool:
    """Whether numbers that a machine read may be whole numbers with points between thousands, so that texts must tell.

    Then all are under 1,000, some are whole (where that is asked for by `whole`), and the others have at most three
    decimals and are at least 1.
    """
    present = np.abs(values[~np.isnan(values)])
    if not len(present) or float(np.max(present)) >= 1_000:
        return False
    fractions = present[present != np.rint(present)]
    if not len(fractions) or (whole and len(fractions) == len(present)) or float(np.min(fractions)) < 1:
        return False
    return bool(np.all(np.rint(fractions * 1_000) / 1_000 == fractions))


def three_after_point(cells: Iterable[str]) -> bool:
    """Whether all texts with a point have exactly three characters after it."""
    return all(len(cell := text.strip()) - cell.rfind(".") == 4 for text in cells if "." in text)


def no_machine_wrote(texts: Collection[str]) -> bool:
    """Whether numbers of three digits after a point beside numbers without one were not written by a machine.

    A machine that writes three decimals writes them always, and one that writes as few as it can ends none in 0.
    """
    pointed = [text.strip() for text in texts if "." in text]
    plain = any(text.strip().isdecimal() and float(text) > 0 for text in texts)
    return plain and three_after_point(pointed) and any(text.endswith("0") for text in pointed)
