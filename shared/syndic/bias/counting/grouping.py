"""Columns become codes: the protected group of each row, and whether its outcome is favourable."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.tensor import ABSENT, FAVOURABLE, UNFAVOURABLE
from syndic.bias.policy.model import OTHER, UNKNOWN, ProtectedAttribute
from syndic.errors import InvalidInputError
from syndic.windows import Categories, Column
from syndic.windows.cells.vocabulary import finder, means_the_same, number_in, spelled

Codes = NDArray[np.int64] | NDArray[np.int32] | NDArray[np.uint8]
Coded = tuple[Codes, tuple[str, ...]]
"""Codes from 0 and the name of each."""

NUMERIC_VALUES = 50
"""Distinct numbers that still count as groups; more need bins."""

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_BAND_FORMS: tuple[tuple[re.Pattern[str], Callable[..., tuple[float, bool, float, bool]]], ...] = (
    (re.compile(rf"<=\s*{_NUMBER}"), lambda high: (-math.inf, True, high, True)),
    (re.compile(rf"<\s*{_NUMBER}"), lambda high: (-math.inf, True, high, False)),
    (re.compile(rf">\s*{_NUMBER}\s*-\s*{_NUMBER}"), lambda low, high: (low, False, high, True)),
    (re.compile(rf">=\s*{_NUMBER}"), lambda low: (low, True, math.inf, True)),
    (re.compile(rf">\s*{_NUMBER}"), lambda low: (low, False, math.inf, True)),
    (re.compile(rf"{_NUMBER}\s*\+"), lambda low: (low, True, math.inf, True)),
    # 18-25 means completed years: up to but not including 26. Between fractions the upper edge is included.
    (
        re.compile(rf"{_NUMBER}\s*-\s*{_NUMBER}"),
        lambda low, high: (
            (low, True, high + 1, False) if high == int(high) and low == int(low) else (low, True, high, True)
        ),
    ),
)


def code_groups(column: Column, attribute: ProtectedAttribute) -> Coded:
    """The group of each row. A missing value is in the group ``unknown``, an undeclared one in ``other``.

    Raises `InvalidInputError` when a numeric column has too many values to be groups and no bins are declared.
    """
    if attribute.bins:
        return _binned(_numbers(column, attribute), attribute.bins)
    if isinstance(column, Categories):
        return _by_level(column, attribute.groups)
    if attribute.groups:
        return _banded(column, attribute)
    return _by_value(column, attribute)


def _by_level(column: Categories, groups: Sequence[str]) -> Coded:
    """Groups of texts. Code -1 becomes 0, the unknown; so does a text that says that nobody knows."""
    names = tuple(UNKNOWN if level.strip().casefold() in {"", UNKNOWN} else level for level in column.levels)
    if groups:
        find = finder(groups)
        names = tuple(UNKNOWN if name == UNKNOWN else find(name) or OTHER for name in names)
    return column.codes + 1, (UNKNOWN, *names)


def _binned(values: NDArray[np.float64], edges: Sequence[float]) -> Coded:
    codes = np.searchsorted(np.asarray(edges), values, side="left") + 1
    codes[np.isnan(values)] = 0
    shown = [f"{edge:g}" for edge in edges]
    middle = [f">{low}-{high}" for low, high in itertools.pairwise(shown)]
    return codes, (UNKNOWN, f"<={shown[0]}", *middle, f">{shown[-1]}")


def _banded(values: NDArray[np.float64], attribute: ProtectedAttribute) -> Coded:
    """Declared age bands or numbers; the first band that holds a value takes it."""
    codes = np.full(len(values), len(attribute.groups) + 1)
    for place in range(len(attribute.groups) - 1, -1, -1):
        low, low_in, high, high_in = _band(attribute.groups[place], attribute.name)
        above = values >= low if low_in else values > low
        below = values <= high if high_in else values < high
        codes[above & below] = place + 1
    codes[np.isnan(values)] = 0
    return codes, (UNKNOWN, *attribute.groups, OTHER)


def _band(name: str, attribute: str) -> tuple[float, bool, float, bool]:
    for pattern, made in _BAND_FORMS:
        match = pattern.fullmatch(name.strip())
        if match:
            return made(*(float(number) for number in match.groups()))
    number = number_in(spelled(name))  # numbers may stand for true and false
    if number is None:
        raise InvalidInputError(
            f"column of protected attribute {attribute!r} is numeric, and its group {name!r} is neither a number nor a "
            "band such as 18-25, 60+ or <=25"
        )
    return (number, True, number, True)


def _by_value(values: NDArray[np.float64], attribute: ProtectedAttribute) -> Coded:
    present = ~np.isnan(values)
    distinct, inverse = np.unique(values[present], return_inverse=True)
    if len(distinct) > NUMERIC_VALUES:
        raise too_many_numbers(attribute.name)
    codes = np.zeros(len(values), np.int64)
    codes[present] = inverse + 1
    return codes, (UNKNOWN, *(f"{value:.12g}" for value in distinct.tolist()))


def too_many_numbers(name: str) -> InvalidInputError:
    """The error of a numeric protected attribute without bins."""
    return InvalidInputError(
        f"protected attribute {name!r} is numeric with more than {NUMERIC_VALUES} values: give its bins, for instance "
        f"--bins {name}=25,40 on the command line or bins: [25, 40] in the policy"
    )


def _numbers(column: Column, attribute: ProtectedAttribute) -> NDArray[np.float64]:
    """A column's numbers; texts that are numbers count as such, other texts are an error."""
    if not isinstance(column, Categories):
        return column
    levels = np.full(len(column.levels) + 1, np.nan)
    for place, level in enumerate(column.levels):
        number = number_in(level)
        if number is None and level.strip():
            raise InvalidInputError(
                f"protected attribute {attribute.name!r} has bins, but its column holds the text {level!r}"
            )
        levels[place] = math.nan if number is None else number
    return levels[column.codes]


def code_outcome(column: Column, favourable: Sequence[str]) -> NDArray[np.uint8]:
    """Whether each row's value is favourable: 1, unfavourable: 0, or missing: 2.

    Values match by their spelling (`syndic.windows.cells.vocabulary`): ``1`` is favourable in a column of 1.0 and 0.0
    too, and ``True`` in one of true and false.
    """
    keys = {spelled(value) for value in favourable}
    if not isinstance(column, Categories):
        codes = np.isin(column, [number for number in map(number_in, keys) if number is not None]).astype(np.uint8)
        codes[np.isnan(column)] = ABSENT
        return codes
    return _looked_up_levels(column, lambda level: spelled(level) in keys)


def open_words(column: Column, favourable: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """The rows of each label that spelling and sense do not settle as favourable or unfavourable, by the label.

    What such a word stands for is known when all words of both columns were seen. None is told apart in a column of
    `VALUES_KEPT` values or more: those are no classes.
    """
    values = values_of(column)
    keys = {spelled(value) for value in favourable}
    if not keys or len(values) >= VALUES_KEPT:
        return {}
    wanted = [
        value
        for value in sorted(values)
        if spelled(value) not in keys and means_the_same(value, favourable) is not False
    ]
    if not isinstance(column, Categories):
        return {value: column == float(value) for value in wanted}
    return {value: column.codes == column.levels.index(value) for value in wanted}


def _looked_up_levels(column: Categories, favours: Callable[[str], bool]) -> NDArray[np.uint8]:
    lookup = np.empty(len(column.levels) + 1, np.uint8)
    lookup[-1] = ABSENT
    for place, level in enumerate(column.levels):
        lookup[place] = FAVOURABLE if favours(level) else UNFAVOURABLE if level.strip() else ABSENT
    return lookup[column.codes]


class _Places(dict[object, int]):
    """Numbers its keys as they come."""

    def __missing__(self, key: object) -> int:
        self[key] = len(self)
        return self[key]


def encode_texts(values: Sequence[str | None] | NDArray[np.object_]) -> Categories:
    """Texts as a categorical column; None and NaN are missing."""
    places = _Places()
    cells = values.tolist() if isinstance(values, np.ndarray) else values
    try:
        codes = np.frombuffer(bytes(map(places.__getitem__, cells)), np.uint8).astype(np.int32)
    except ValueError:  # more than 256 texts: no longer a byte each
        codes = np.fromiter(map(places.__getitem__, cells), np.int32, len(cells))
    texts = [place for place, value in enumerate(places) if isinstance(value, str)]
    if len(texts) < len(places):
        lookup = np.full(len(places), -1, np.int32)
        lookup[texts] = np.arange(len(texts), dtype=np.int32)
        codes = lookup[codes]
    return Categories(codes, tuple(value for value in places if isinstance(value, str)))


VALUES_KEPT = 64
"""Values of an outcome that are remembered: a column of more is no column of decisions."""


def values_of(column: Column) -> frozenset[str]:
    """The values that occur in a column, the first `VALUES_KEPT` in their order."""
    if isinstance(column, Categories):
        present = np.flatnonzero(np.bincount(column.codes + 1, minlength=1)[1:]).tolist()
        found = [column.levels[code] for code in present if column.levels[code].strip()]
    else:
        # Sorting a long column only to find its two values would cost more than counting it.
        head = np.unique(column[:1024])
        rest = column[~np.isin(column, head)] if len(head) <= VALUES_KEPT else column
        numbers = np.unique(np.concatenate([head, rest]))
        found = [f"{number:.15g}" for number in numbers[~np.isnan(numbers)][:VALUES_KEPT].tolist()]
    return first_values(found)


def first_values(values: Iterable[str]) -> frozenset[str]:
    """The first `VALUES_KEPT` of some values: the same however they were gathered."""
    return frozenset(sorted(values, key=_in_order)[:VALUES_KEPT])


def _in_order(value: str) -> tuple[float, str]:
    number = number_in(value)
    return (math.inf if number is None else number, value)


def side_column(ids: Sequence[str | None], values: Mapping[str, str | float]) -> Column:
    """The protected attribute of each row, looked up by row id; missing where the side file has no such id.

    A record of several rows has ids ``<id>#<i>``; when the side file knows only ``<id>``, all its rows get that.
    """
    found = [_looked_up(row_id, values) for row_id in ids]
    if all(value is None or isinstance(value, float) for value in found) and any(value is not None for value in found):
        return np.array([math.nan if value is None else float(value) for value in found])
    levels: dict[str, int] = {}
    codes = [-1 if value is None else levels.setdefault(str(value), len(levels)) for value in found]
    return Categories(np.array(codes, np.int32), tuple(levels))


def _looked_up(row_id: str | None, values: Mapping[str, str | float]) -> str | float | None:
    if row_id is None:
        return None
    found = values.get(row_id)
    return values.get(row_id.rpartition("#")[0]) if found is None and "#" in row_id else found
