"""Columns that are already in memory, such as a pandas DataFrame, become a window. pandas is never imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind, Intake
from syndic.windows.cells.cell import level_text
from syndic.windows.cells.decimal_marks import Unsettled, settle
from syndic.windows.tables.columns_read import NESTED, ColumnsRead
from syndic.windows.window import Categories, Column, Window

_DATES: Final = "dates and times are not measured"
_NUMBERS: Final = (int, float, Decimal, np.integer, np.floating)

PIECE: Final = 2**18
"""Rows of a piece: large enough to cost nothing, small enough for a function's memory."""


def from_frame(frame: Any, *, kinds: Mapping[str, ColumnKind] | None = None) -> Window:
    """A window of a DataFrame's rows: anything with `columns` and columns by name that numpy understands.

    Numbers and decimals are numeric, durations too (seconds); text, booleans and categories are categorical, unless the
    texts are numbers written for people in one spelling, which the window's `notes` say. Dates, lists and objects are
    `set_aside`. None, NaN, NaT and NA are missing.

    Args:
        frame: The DataFrame.
        kinds: Kinds of columns by name, such as those of a model's schema; they go before what is said above.

    Raises:
        InvalidInputError: It is no such object, a column's numbers can be read in two ways, or a column that is
            declared numeric holds text.
    """
    try:
        names = [str(name) for name in frame.columns]
        series = {name: frame[original] for name, original in zip(names, frame.columns, strict=True)}
    except (AttributeError, TypeError, KeyError) as error:
        raise InvalidInputError("a DataFrame is needed: an object with columns by name") from error
    if len(set(names)) < len(names):
        raise InvalidInputError("two columns of the DataFrame have the same name")
    found = ColumnsRead()
    arrays: dict[str, NDArray[Any] | Categories] = {}
    for name, column in series.items():
        declared = (kinds or {}).get(name)
        array = _as_categories(column) if declared is ColumnKind.CATEGORICAL else _array(name, column, found)
        if declared is ColumnKind.NUMERIC and isinstance(array, Categories) and array.levels:
            said = f"the column is declared numeric and holds text, such as {array.levels[0][:40]!r}"
            raise InvalidInputError(said, column=repr(name))
        if array is not None:
            arrays[name] = array
    window = from_columns(arrays)
    notes = [f"{name} is read as {spelling}" for name, spelling in found.spellings.items()]
    return replace(window, set_aside={**window.set_aside, **found.set_aside}, notes=tuple(notes))


def from_columns(columns: Mapping[str, NDArray[Any] | Categories]) -> Window:
    """A window of arrays by name: numbers are numeric, dates set aside, all else is text.

    Unequal lengths: `InvalidInputError`.
    """
    kept: dict[str, Column] = {}
    dates: list[str] = []
    for name, values in columns.items():
        column = values if isinstance(values, Categories) else as_column(values)
        if column is None:
            dates.append(name)
        else:
            kept[name] = column
    lengths = {len(column) for column in kept.values()}
    if len(lengths) > 1:
        raise InvalidInputError(f"columns differ in length: {min(lengths)} and {max(lengths)} values")
    rows = lengths.pop() if lengths else 0
    intake = Intake(read=rows, used=rows, rows=rows)
    return Window(rows=rows, columns=kept, intake=intake, set_aside=dict.fromkeys(dates, _DATES))


def pieces_of(columns: Mapping[str, NDArray[Any] | Categories], *, rows: int = PIECE) -> Iterator[Window]:
    """`from_columns` in pieces of at most `rows` rows, so that memory does not grow with the number of rows."""
    total = max((len(values) for values in columns.values()), default=0)
    for start in range(0, total, rows):
        yield from_columns({name: _slice(values, start, start + rows) for name, values in columns.items()})


def as_column(values: NDArray[Any]) -> Column | None:
    """An array as a column: numbers and seconds as float64, dates as None (not measured), all else as categories."""
    if values.dtype.kind in "iuf":
        return values.astype(np.float64, copy=False)
    if values.dtype.kind == "m":
        return values / np.timedelta64(1, "s")
    if values.dtype.kind == "M":
        return None
    if values.dtype.kind == "b":
        return Categories(values.astype(np.int32), ("false", "true"))
    return categories_of(values.tolist())


def categories_of(values: Iterable[Any]) -> Categories:
    """Texts as categories, in order of first appearance. None and values unequal to themselves are missing."""
    places: defaultdict[Any, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(places.__getitem__, values), np.int32)
    return _relabelled(codes, places)


def _relabelled(codes: NDArray[np.int32], values: Iterable[Any]) -> Categories:
    """Codes of distinct values as categories in the texts that every other source gives them."""
    known: dict[str, int] = {}
    texts = [_text(value) for value in values]
    lookup = np.array([-1 if text is None else known.setdefault(text, len(known)) for text in texts] + [-1], np.int32)
    if len(known) == len(texts):
        return Categories(codes, tuple(known))
    return Categories(lookup[codes], tuple(known))  # code -1 reads the last entry, which is -1


def _text(value: Any) -> str | None:
    if hasattr(value, "item"):  # a scalar of numpy
        value = value.item()
    if value is None or isinstance(value, (str, bool, int, float)):
        return level_text(value)
    different = value != value  # noqa: PLR0124 - NaT is unequal to itself, and NA does not even say so
    if not isinstance(different, bool) or different:
        return None
    return level_text(str(value))


def _as_categories(series: Any) -> Categories:
    if not hasattr(series, "factorize"):
        return categories_of(list(series))
    codes, uniques = series.factorize()
    return _relabelled(np.asarray(codes, np.int32), list(uniques))


def _array(name: str, series: Any, found: ColumnsRead) -> NDArray[Any] | Categories | None:
    """A column of a DataFrame; None when it holds lists or objects, which are set aside."""
    kind = getattr(getattr(series, "dtype", None), "kind", "O")
    if kind in "iufb" and hasattr(series, "to_numpy"):
        if kind != "b" and getattr(series, "hasnans", False):
            return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
        values = np.asarray(series.to_numpy())
        if values.dtype.kind in "iufb":
            return values
    if kind in "Mm":
        return np.asarray(series.to_numpy())
    if not hasattr(series, "factorize"):
        return np.asarray(series, dtype=object)
    return _distinct(name, series, found)


def _distinct(name: str, series: Any, found: ColumnsRead) -> NDArray[Any] | Categories | None:
    """A column of objects, by its different values."""
    try:
        codes, uniques = series.factorize()  # pandas knows its own missing values
    except TypeError:  # lists have no hash
        found.set_aside[name] = NESTED
        return None
    codes, uniques = np.asarray(codes, np.int32), list(uniques)
    if uniques and all(isinstance(value, _NUMBERS) and not isinstance(value, bool) for value in uniques):
        return np.array([*map(float, uniques), np.nan])[codes]  # code -1 reads the last one
    texts = [value for value in uniques if isinstance(value, str)]
    numbers = _numbers_written(name, texts, codes, found) if len(texts) == len(uniques) else None
    return _relabelled(codes, uniques) if numbers is None else numbers


def _numbers_written(
    name: str, texts: list[str], codes: NDArray[np.int32], found: ColumnsRead
) -> NDArray[np.float64] | None:
    """Texts that are numbers written for people as these numbers. Those that a machine wrote stay texts, as in Parquet.

    Raises `InvalidInputError` when they can be read in two ways.
    """
    answer = settle(texts, np.bincount(codes[codes >= 0], minlength=len(texts)).tolist(), typed=True)
    if isinstance(answer, Unsettled):
        row = int(np.flatnonzero(codes == answer.place)[0])
        raise InvalidInputError(f"{answer.reason}, in row {row + 1}", column=repr(name))
    if answer is None or answer.spelling is None:
        return None
    found.spellings[name] = answer.spelling
    return np.append(answer.values, np.nan)[codes]


def _slice(values: NDArray[Any] | Categories, start: int, end: int) -> NDArray[Any] | Categories:
    if isinstance(values, Categories):
        return Categories(values.codes[start:end], values.levels)
    return values[start:end]
