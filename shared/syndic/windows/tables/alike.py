"""Two tables that are to be compared: columns of the same name are read as the same kind and on the same scale."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind
from syndic.windows.cells.dates import are_dates
from syndic.windows.cells.number_spellings import COMMA, POINT
from syndic.windows.tables.read_table import Reading, Table, finished, read_columns
from syndic.windows.tables.sources import TableForm
from syndic.windows.tables.truths import are_truths, with_truths, with_words
from syndic.windows.window import Categories, Window

_SHARES: Final = frozenset({"per cent", "per mille"})
_THOUSAND: Final = 1_000
_SERIAL_DAYS: Final = (18_264, 73_051)  # 1950 to 2100
_PADDED: Final = re.compile(r"0\d+")


@dataclass(slots=True)
class _Side:
    """One of the two tables, and what is learnt about it from the other."""

    table: Table
    reading: Reading
    kinds: dict[str, ColumnKind] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def window(self) -> Window:
        return self.reading.window

    def read_again(self, beside: Window) -> None:
        """Read the table with what is known now, when anything is."""
        if not (self.kinds or self.decimals or self.texts):
            return
        table = replace(self.table, kinds={**self.table.kinds, **self.kinds})
        self.reading = read_columns(table, beside=beside, decimals=self.decimals, as_text=frozenset(self.texts))

    def number_kind(self, name: str) -> bool:
        """Whether the column was read as numbers."""
        return name in self.window.columns and self.window.kind(name) is ColumnKind.NUMERIC

    def finished(self) -> Window:
        window = finished(self.table, self.reading)
        return replace(window, notes=(*window.notes, *(f"{self.table.source.name}: {note}" for note in self.notes)))


def read_tables_alike(first: Table, second: Table) -> tuple[Window, Window]:
    """Two tables whose columns of the same name get the same kind, so that they can be compared.

    What is numeric in one must be numeric in the other: text there is an error that names its line. Only where a
    Parquet file has typed a column as text, the other file follows. Captured texts beside numbers stay of another kind:
    one answer that failed must not discard the questions. Truths on one side and 0 and 1 on the other are
    one column. Numbers whose mark may mean thousands or decimals are read as the other side's values tell, or refused.
    Shares in per cent beside numbers without that sign, and amounts in two currencies, are refused. Captured rows
    without names take those of the other table by position when their number fits and their values do not contradict
    it: see `Intake.naming`.
    """
    if first.schema is None and first.source.form() is TableForm.CAPTURE:
        other = _Side(second, read_columns(second))
        one = _Side(first, read_columns(first, beside=other.window))
    else:
        one = _Side(first, read_columns(first))
        other = _Side(second, read_columns(second, beside=one.window))
    _look_closer(one, other)
    _look_closer(other, one)
    one.read_again(other.window)
    other.read_again(one.window)
    _tell_decimals(one, other)
    _tell_decimals(other, one)
    _follow_kinds(one, other)
    one.read_again(other.window)
    other.read_again(one.window)
    _check_units(one, other)
    return with_words(*with_truths(one.finished(), other.finished(), (first, second)), (first, second))


def _shared(one: _Side, other: _Side) -> list[str]:
    asked = [name for name in one.window.columns if one.table.asks_for(name)]
    return [name for name in asked if name in other.window.columns]


def _look_closer(one: _Side, other: _Side) -> None:
    """Plain numbers beside numbers written for people: is their point a decimal point, or is it between thousands?"""
    if one.reading.form is not TableForm.CSV:
        return  # JSON and Parquet have a type for numbers
    found = other.reading.found
    thousands = [name for name in other.window.columns if other.number_kind(name) and _whole_thousands(other, name)]
    for name in dict.fromkeys((*found.spellings, *found.doubts, *thousands)):
        if one.number_kind(name) and name not in one.reading.found.spellings:
            values = one.window.numeric(name)
            whole = bool(np.all((values == np.rint(values)) | np.isnan(values)))
            if not whole and (name not in thousands or _three_decimals(values)):
                one.texts.add(name)


def _whole_thousands(side: _Side, name: str) -> bool:
    """Whether all numbers of a column are whole, and some have four digits or more."""
    values = side.window.numeric(name)
    values = values[np.isfinite(values)]
    return bool(np.all(values == np.rint(values)) and np.any(np.abs(values) >= _THOUSAND))


def _three_decimals(values: NDArray[np.float64]) -> bool:
    """Whether numbers may be whole ones with a point between thousands: under 1,000, of at most three decimals."""
    values = np.abs(values[np.isfinite(values)])
    return bool(np.all(values < _THOUSAND) and np.all(np.rint(values * _THOUSAND) / _THOUSAND == values))


def _tell_decimals(one: _Side, other: _Side) -> None:
    """Settle the marks of one side by the other's."""
    found = other.reading.found
    for name, mark in one.reading.found.doubts.items():
        spelling = found.spellings.get(name)
        if spelling is not None and spelling.decimal is not None:
            # A decimal comma tells of 1.234 only when the points beside it are seen to separate thousands.
            if spelling.decimal == mark or (mark or "") in spelling.groups:
                one.decimals[name] = spelling.decimal
        elif other.number_kind(name) and mark is not None:
            values = other.window.numeric(name)
            large = bool(np.any(np.abs(values[np.isfinite(values)]) >= _THOUSAND))
            if _whole_thousands(other, name):
                one.decimals[name] = COMMA if mark == POINT else POINT
            elif large and spelling is None:
                one.decimals[name] = POINT


def _follow_kinds(one: _Side, other: _Side) -> None:
    for name in _shared(one, other):
        if one.number_kind(name) == other.number_kind(name):
            continue
        numeric, text = (one, other) if one.number_kind(name) else (other, one)
        if are_truths(text.window.categorical(name)):
            continue
        if _are_serial_days(text.window.categorical(name), numeric.window.numeric(name)):
            numeric.notes.append(
                f"{name} holds numbers that may be Excel's serial days, where {text.table.source.name} has dates: they "
                "are not compared; write both as dates, or leave the column out"
            )
            continue
        typed = text.reading.form is TableForm.PARQUET or text.table.known.get(name) is ColumnKind.CATEGORICAL
        empty = np.isnan(numeric.window.numeric(name)).all()
        if typed and text.table.known.get(name) is None and numeric.table.known.get(name) is None:
            _refuse_padded(name, text, numeric)
        if (typed or empty) and numeric.table.known.get(name) is None:
            numeric.kinds[name] = ColumnKind.CATEGORICAL
        elif text.reading.form is not TableForm.CAPTURE or text.table.known.get(name) is ColumnKind.NUMERIC:
            text.kinds[name] = ColumnKind.NUMERIC


def _are_serial_days(dates: Categories, numbers: NDArray[np.float64]) -> bool:
    """Whether numbers beside dates may be days as spreadsheets count them, so that both may be one column.

    They may also be something else, such as amounts: so they are not read as dates, which would keep that quiet.
    """
    present = numbers[np.isfinite(numbers)]
    return (
        len(present) > 0
        and bool(np.all((present >= _SERIAL_DAYS[0]) & (present < _SERIAL_DAYS[1])))
        and are_dates(dates.levels)
    )


def _refuse_padded(name: str, text: _Side, numeric: _Side) -> None:
    """Texts such as 00013 beside the number 13: as texts no value would be met again."""
    padded = next((level for level in text.window.categorical(name).levels if _PADDED.fullmatch(level)), None)
    if padded is not None and not np.isnan(numeric.window.numeric(name)).all():
        raise InvalidInputError(
            f"texts with leading zeros, such as {padded!r}, where {numeric.table.source.name} has numbers: "
            "write both alike, or declare the column numeric",
            where=text.table.source.name,
            column=repr(name),
        )


def _check_units(one: _Side, other: _Side) -> None:
    """Refuse two scales that cannot be told from the values."""
    for name in _shared(one, other):
        if not (one.number_kind(name) and other.number_kind(name)):
            continue
        spelled = one.reading.found.spellings.get(name), other.reading.found.spellings.get(name)
        units = tuple(spelling.unit if spelling else None for spelling in spelled)
        if units[0] == units[1] or (None in units and _SHARES.isdisjoint(units)):
            continue
        said = [f"in {unit}" if unit else "without a unit" for unit in units]
        raise InvalidInputError(
            f"the values are {said[1]}, those of {one.table.source.name} are {said[0]}: they have no common scale",
            where=other.table.source.name,
            column=repr(name),
        )
