"""Columns that are already in memory, such as a pandas DataFrame, become a window. pandas is never imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import Intake
from syndic.windows import Categories, Column, Window

PIECE: Final = 2**18
"""Rows of a piece: large enough to cost nothing, small enough for a function's memory."""


def from_frame(frame: Any) -> Window:
    """A window of a DataFrame's rows: anything with `columns` and columns by name that numpy understands.

    Numbers are numeric, everything else (text, booleans, categories) categorical; dates are left out. None, NaN, NaT
    and NA are missing. Raises `InvalidInputError` when it is no such object.
    """
    try:
        names = [str(name) for name in frame.columns]
        series = {name: frame[original] for name, original in zip(names, frame.columns, strict=True)}
    except (AttributeError, TypeError, KeyError) as error:
        raise InvalidInputError("a DataFrame is needed: an object with columns by name") from error
    if len(set(names)) < len(names):
        raise InvalidInputError("two columns of the DataFrame have the same name")
    return from_columns({name: _array(column) for name, column in series.items()})


def from_columns(columns: Mapping[str, NDArray[Any] | Categories]) -> Window:
    """A window of arrays by name: numbers are numeric, all else is text. Unequal lengths: `InvalidInputError`."""
    kept: dict[str, Column] = {}
    for name, values in columns.items():
        column = values if isinstance(values, Categories) else as_column(values)
        if column is not None:
            kept[name] = column
    lengths = {len(column) for column in kept.values()}
    if len(lengths) > 1:
        raise InvalidInputError(f"columns differ in length: {min(lengths)} and {max(lengths)} values")
    rows = lengths.pop() if lengths else 0
    return Window(rows=rows, columns=kept, intake=Intake(read=rows, used=rows, rows=rows))


def pieces_of(columns: Mapping[str, NDArray[Any] | Categories], *, rows: int = PIECE) -> Iterator[Window]:
    """`from_columns` in pieces of at most `rows` rows, so that memory does not grow with the number of rows."""
    total = max((len(values) for values in columns.values()), default=0)
    for start in range(0, total, rows):
        yield from_columns({name: _slice(values, start, start + rows) for name, values in columns.items()})


def as_column(values: NDArray[Any]) -> Column | None:
    """An array as a column: numbers as float64, dates as None (they are not measured), all else as categories."""
    if values.dtype.kind in "iuf":
        return values.astype(np.float64, copy=False)
    if values.dtype.kind in "Mm":
        return None
    if values.dtype.kind == "b":
        return Categories(values.astype(np.int32), ("False", "True"))
    return categories_of(values.tolist())


def categories_of(values: Iterable[Any]) -> Categories:
    """Texts as categories, in order of first appearance. None and values unequal to themselves are missing."""
    places: defaultdict[Any, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(places.__getitem__, values), np.int32)
    levels: list[str] = []
    lookup = np.empty(len(places), np.int32)
    known: dict[str, int] = {}
    for value, place in places.items():
        if value is None or _is_missing(value):
            lookup[place] = -1
            continue
        text = value if isinstance(value, str) else str(value)
        lookup[place] = known.setdefault(text, len(known))
        if len(known) > len(levels):
            levels.append(text)
    if len(levels) == len(places):
        return Categories(codes, tuple(levels))
    return Categories(lookup[codes], tuple(levels))


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return False
    different = value != value  # noqa: PLR0124 - NaN and NaT are unequal to themselves
    return different is True or not isinstance(different, (bool, np.bool_)) or bool(different)


def _array(series: Any) -> NDArray[Any] | Categories:
    kind = getattr(getattr(series, "dtype", None), "kind", "O")
    if kind in "iufb" and hasattr(series, "to_numpy"):
        if getattr(series, "hasnans", False) and kind != "f":
            return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
        values = np.asarray(series.to_numpy())
        return values if values.dtype.kind in "iufb" else np.asarray(series.to_numpy(np.float64, na_value=np.nan))
    if kind in "Mm":
        return np.asarray(series.to_numpy())
    if hasattr(series, "factorize"):
        codes, uniques = series.factorize()  # pandas knows its own missing values
        return Categories(np.asarray(codes, np.int32), tuple(str(value) for value in uniques))
    return np.asarray(series, dtype=object)


def _slice(values: NDArray[Any] | Categories, start: int, end: int) -> NDArray[Any] | Categories:
    if isinstance(values, Categories):
        return Categories(values.codes[start:end], values.levels)
    return values[start:end]
