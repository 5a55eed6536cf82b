"""Tests of one share before and now: missing, infinite, rare or new values, values out in a tail.

Exact where few rows decide: of one missing value in 250 rows and none in 20,000 chi-square says 4e-19, and the truth is
0.012.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from syndic.drift.measures.distances import Bins
from syndic.statistics.two_by_two import fisher
from syndic.statistics.two_sample import chi_square, psi

EXACT_BELOW: Final = 100.0
"""Smallest expected count from which chi-square replaces Fisher's test: its far tail, which the correction over many
tests needs, is still wrong by a factor where chi-square itself is long usable."""


@dataclass(frozen=True, slots=True)
class Share:
    """Rows that have something, of all rows that could, before and now."""

    baseline: int
    baseline_rows: int
    current: int
    current_rows: int

    @property
    def before(self) -> float:
        """The share of the baseline, 0 to 1."""
        return self.baseline / self.baseline_rows if self.baseline_rows else 0.0

    @property
    def now(self) -> float:
        """The share of the window, 0 to 1."""
        return self.current / self.current_rows if self.current_rows else 0.0

    @property
    def rows(self) -> int:
        """Rows that have it, on both sides together."""
        return self.baseline + self.current

    @property
    def bins(self) -> Bins:
        """Rows that have it, and rows that have not."""
        return Bins(
            np.array([self.baseline, self.baseline_rows - self.baseline], np.int64),
            np.array([self.current, self.current_rows - self.current], np.int64),
        )

    def thinned(self, design: float) -> Share:
        """The same shares of fewer rows, `design` of which count as one."""
        if design <= 1.0:
            return self
        rows = max(1, round(self.baseline_rows / design)), max(1, round(self.current_rows / design))
        return Share(round(self.before * rows[0]), rows[0], round(self.now * rows[1]), rows[1])

    @property
    def psi(self) -> float:
        """PSI of the two bins."""
        return psi(*self.bins.sides)


def same_share(share: Share) -> float | None:
    """Two-sided p of the test that both shares are the same; None when no row has it, or every row on both sides.

    Chi-square; Fisher's exact test where fewer than `EXACT_BELOW` rows are expected in a cell.
    """
    sides = share.baseline_rows, share.current_rows
    total, rows = sum(sides), share.rows
    if not rows or rows == total or not all(sides):
        return None
    if min(sides) * min(rows, total - rows) < EXACT_BELOW * total:
        seen = share.baseline, share.current
        if rows > total - rows:
            seen = sides[0] - seen[0], sides[1] - seen[1]
        return fisher(seen[0], sides[0], seen[1], sides[1])
    return chi_square(*share.bins.sides).p


def larger_share(share: Share) -> float:
    """One-sided p of Fisher's exact test that the window's share is not larger than the baseline's.

    Where the baseline's count is that of the rows beyond a value of fixed rank, such as its largest, this is the
    exact chance for any continuous distribution: of the outermost ``baseline + current`` rows of both sides together,
    that many or more are the window's. Source: Fisher 1935; David & Nagaraja, Order Statistics, 2003, 2.
    """
    if share.current * share.baseline_rows <= share.baseline * share.current_rows:
        return 1.0
    return fisher(share.current, share.current_rows, share.baseline, share.baseline_rows, alternative="greater")
