"""What slices are looked for: conditions of columns, and what may change in them. Follows from a baseline alone."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.expectations import set_aside
from syndic.drift.baseline.model import Baseline, CategoricalBaseline, Floats, Ints, NumericBaseline
from syndic.drift.baseline.summary import shorten
from syndic.windows import Categories, Column

MOST_COLUMNS: Final = 24
MOST_TARGETS: Final = 12
ERROR: Final = "error"

_PARTS, _TARGET_PARTS, _FEW = 4, 10, 8
_LEVELS, _TARGET_LEVELS = 8, 5


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A column in parts: the first `size` are conditions, the last of all holds what belongs to none.

    `cuts` are rising numbers, a part being ``(cut before, cut]``; `levels` are the texts of their own.
    """

    name: str
    numeric: bool
    cuts: Floats
    levels: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def size(self) -> int:
        """Parts that have a name, missing values among them."""
        return len(self.words)

    def parts(self, column: Column) -> Ints:
        """The part of each row, 0 to `size`."""
        rest = self.size
        if isinstance(column, Categories):
            if self.numeric:
                return np.where(column.codes < 0, rest - 1, rest)
            places = {level: place for place, level in enumerate(self.levels)}
            lookup = np.array([*(places.get(shorten(level), rest) for level in column.levels), rest - 1], np.int64)
            return lookup[column.codes]
        missing = np.isnan(column)
        if not self.numeric:
            return np.where(missing, rest - 1, rest)
        return np.where(missing, rest - 1, self.cuts.searchsorted(column, side="left"))


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Columns that conditions are taken of, and the targets whose change is compared in and out of them."""

    conditions: tuple[Cut, ...]
    targets: tuple[Cut, ...]
    left_out: tuple[str, ...] = ()

    def pairs(self) -> list[tuple[Cut, Cut | None]]:
        """Each column alone, and each two of them."""
        alone: list[tuple[Cut, Cut | None]] = [(one, None) for one in self.conditions]
        return alone + [
            (one, other) for place, one in enumerate(self.conditions) for other in self.conditions[place + 1 :]
        ]


def plan_slices(
    baseline: Baseline,
    targets: Sequence[str],
    *,
    first: Sequence[str] = (),
    moved: Collection[str] = (),
    never: Collection[str] = (),
) -> Plan:
    """The slices to look at.

    Args:
        baseline: Whose quantiles and frequent values make the conditions.
        targets: Columns whose change is looked for, at most twelve.
        first: Columns to take conditions of before others, where there are too many.
        moved: Columns that changed as a whole. Numeric ones make no conditions: rows over a bound of theirs are other
            rows now.
        never: Columns that no condition is taken of, such as the label.
    """
    usable = {
        name: column
        for name, column in baseline.columns.items()
        if not set_aside(column) and name not in never and not (name in moved and isinstance(column, NumericBaseline))
    }
    order = [name for name in (*first, *usable) if name in usable]
    names = list(dict.fromkeys(order))
    conditions = [cut for name in names if (cut := _cut(name, usable[name], _PARTS, _LEVELS)).size > 1]
    kept = tuple(conditions[:MOST_COLUMNS])
    wanted = [name for name in targets if name in baseline.columns and not set_aside(baseline.columns[name])]
    return Plan(
        kept,
        tuple(_cut(name, baseline.columns[name], _TARGET_PARTS, _TARGET_LEVELS) for name in wanted[:MOST_TARGETS]),
        tuple(cut.name for cut in conditions[MOST_COLUMNS:]),
    )


def _cut(name: str, column: NumericBaseline | CategoricalBaseline, parts: int, levels: int) -> Cut:
    if isinstance(column, CategoricalBaseline):
        frequent = tuple(column.levels[place] for place in np.argsort(-column.counts, kind="stable")[:levels].tolist())
        words = tuple(f"{name} = {level}" for level in frequent)
        return Cut(name, numeric=False, cuts=np.zeros(0), levels=frequent, words=(*words, f"{name} is missing"))
    if column.distinct <= _FEW and column.exact:
        values = column.edges
        return _numbers(name, values[:-1], [f"{name} = {_number(value)}" for value in values.tolist()])
    wanted = (np.arange(1, parts) * column.present + parts - 1) // parts
    places = np.searchsorted(column.at_or_below, wanted, side="left")
    edges = np.unique(column.edges[places[places < len(column.edges)]])
    edges = edges[np.isfinite(edges)]
    return _numbers(name, edges, _between(name, edges))


def _numbers(name: str, cuts: Floats, words: Sequence[str]) -> Cut:
    return Cut(name, numeric=True, cuts=cuts, levels=(), words=(*words, f"{name} is missing"))


def _between(name: str, edges: NDArray[np.float64]) -> list[str]:
    if not len(edges):
        return [f"{name} is present"]
    said = [_number(edge) for edge in edges.tolist()]
    middle = [f"{low} < {name} <= {high}" for low, high in itertools.pairwise(said)]
    return [f"{name} <= {said[0]}", *middle, f"{name} > {said[-1]}"]


def _number(value: float) -> str:
    return f"{value:.6g}"


def parts_of(cuts: Sequence[Cut], columns: Mapping[str, Column], rows: int) -> list[Ints]:
    """The part of each row by column; a column that did not come has only missing values."""
    return [
        cut.parts(columns[cut.name]) if cut.name in columns else np.full(rows, cut.size - 1, np.int64) for cut in cuts
    ]
