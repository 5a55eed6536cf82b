"""From columns to counts of slices. Counts of pieces add up, whatever the split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Ints
from syndic.drift.slices.plan import ERROR, Plan, parts_of
from syndic.errors import InvalidInputError
from syndic.windows import Column

Place = tuple[str, str, str]
"""Names of the columns of a condition, the second empty where there is one, and of the target."""


@dataclass(frozen=True, slots=True, eq=False)
class SliceCounts:
    """Rows by the parts of one or two columns and those of a target: parts x parts of the target."""

    rows: int = 0
    tables: Mapping[Place, Ints] = field(default_factory=dict)

    def plus(self, other: SliceCounts) -> SliceCounts:
        """The counts of both. Raises `InvalidInputError` when they were counted by different plans."""
        if not self.tables or not other.tables:
            return other if not self.tables else self
        same = self.tables.keys() == other.tables.keys()
        if not same or any(table.shape != other.tables[place].shape for place, table in self.tables.items()):
            raise InvalidInputError("pieces of a window were counted for different slices")
        tables = {place: table + other.tables[place] for place, table in self.tables.items()}
        return SliceCounts(self.rows + other.rows, tables)


def count_slices(
    columns: Mapping[str, Column], rows: int, plan: Plan, *, wrong: NDArray[np.bool_] | None = None
) -> SliceCounts:
    """Count some rows by the slices of a plan.

    Args:
        columns: The rows' columns.
        rows: Their number.
        plan: What to count.
        wrong: Which rows' predictions were wrong, where labels have come: then error is a target too.
    """
    parts = dict(zip((cut.name for cut in plan.conditions), parts_of(plan.conditions, columns, rows), strict=True))
    targets = {
        cut.name: (found, cut.size + 1)
        for cut, found in zip(plan.targets, parts_of(plan.targets, columns, rows), strict=True)
    }
    if wrong is not None:
        targets[ERROR] = wrong.astype(np.int64), 2
    tables: dict[Place, Ints] = {}
    for one, other in plan.pairs():
        code, size = parts[one.name], one.size + 1
        if other is not None:
            code, size = code * (other.size + 1) + parts[other.name], size * (other.size + 1)
        for name, (found, width) in targets.items():
            if name in {one.name, "" if other is None else other.name}:
                continue
            counted = np.bincount(code * width + found, minlength=size * width)
            tables[one.name, "" if other is None else other.name, name] = counted.reshape(size, width)
    return SliceCounts(rows, tables)
