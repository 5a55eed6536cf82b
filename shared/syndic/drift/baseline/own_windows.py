"""What each of a baseline's own hours or days looked like: counts in few cells, of a baseline whose rows have times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from syndic.drift.baseline.model import Ints

HOUR: Final = 1
DAY: Final = 24
WEEK: Final = 168
MONTH: Final = 720
LENGTHS: Final = (HOUR, DAY, WEEK, MONTH)
"""Lengths of windows, in hours, that are put together of hours or days; a month is 30 days."""

_MONDAY: Final = 4 * 24  # 1970-01-05, the first Monday, in hours since 1970


@dataclass(frozen=True, slots=True, eq=False)
class OwnWindows:
    """Counts of a baseline's rows by the hour or day they lie in, and by the cell their values fall into.

    Attributes:
        hours: Length of a window: 1 or 24.
        starts: Hours since 1970 (UTC) at which each begins, rising; hours without rows are not here.
        rows: Rows of each.
        cells: By column: windows x cells (`syndic.drift.counts.cells`).
        errors: Windows x 2: rows with a reconstruction error and its sum in steps of 1/2^20; None without a PCA.
    """

    hours: int
    starts: Ints
    rows: Ints
    cells: Mapping[str, Ints] = field(default_factory=dict)
    errors: Ints | None = None

    def plus(self, other: OwnWindows) -> OwnWindows:
        """The counts of both; of an hour that both have, the sum."""
        starts = np.union1d(self.starts, other.starts)
        names = self.cells.keys() | other.cells.keys()
        sides = (self, other)

        def joined(parts: Sequence[tuple[OwnWindows, Ints | None]]) -> Ints:
            width = max((part.shape[1] for _, part in parts if part is not None), default=0)
            total = np.zeros((len(starts), width), np.int64)
            for side, part in parts:
                if part is not None:
                    total[np.searchsorted(starts, side.starts)] += part
            return total

        rows = joined([(side, side.rows[:, None]) for side in sides])[:, 0]
        cells = {name: joined([(side, side.cells.get(name)) for side in sides]) for name in sorted(names)}
        with_errors = [(side, side.errors) for side in sides if side.errors is not None]
        return OwnWindows(self.hours, starts, rows, cells, joined(with_errors) if with_errors else None)

    def by(self, hours: int) -> OwnWindows | None:
        """The same rows in longer windows; None when these are already longer. Weeks begin on Mondays."""
        if hours < self.hours:
            return None
        if hours == self.hours:
            return self
        offset = _MONDAY if hours == WEEK else 0
        longer = (self.starts - offset) // hours * hours + offset
        starts, place = np.unique(longer, return_inverse=True)

        def summed(part: Ints) -> Ints:
            total = np.zeros((len(starts), part.shape[1]), np.int64)
            np.add.at(total, place, part)
            return total

        return OwnWindows(
            hours,
            starts,
            summed(self.rows[:, None])[:, 0],
            {name: summed(part) for name, part in self.cells.items()},
            None if self.errors is None else summed(self.errors),
        )

    def newest(self, most: int) -> OwnWindows:
        """Only the newest windows."""
        if len(self.starts) <= most:
            return self
        return OwnWindows(
            self.hours,
            self.starts[-most:],
            self.rows[-most:],
            {name: part[-most:] for name, part in self.cells.items()},
            None if self.errors is None else self.errors[-most:],
        )
