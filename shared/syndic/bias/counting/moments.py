"""Regression: counts, means and spreads of predictions and errors by group, mergeable (Chan et al. 1979)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.grouping import Codes
from syndic.errors import InvalidInputError
from syndic.windows import Categories, Column


@dataclass(frozen=True, slots=True)
class Moment:
    """Count, mean and sum of squared deviations of some numbers."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def plus(self, other: Moment) -> Moment:
        """The moments of both."""
        n = self.n + other.n
        if n == 0:
            return self
        gap = other.mean - self.mean
        return Moment(
            n,
            self.mean + gap * other.n / n,
            self.squares + other.squares + gap * gap * self.n * other.n / n,
        )

    @property
    def variance_of_mean(self) -> float | None:
        """Estimated variance of the mean; None below two numbers."""
        return self.squares / (self.n - 1) / self.n if self.n > 1 else None


@dataclass(frozen=True, slots=True)
class Moments:
    """By cell of groups: the moments of the values, the errors (value minus label) and the absolute errors."""

    axes: tuple[str, ...]
    cells: Mapping[tuple[str, ...], tuple[Moment, Moment, Moment]]

    def plus(self, other: Moments) -> Moments:
        """The moments of both."""
        cells = dict(self.cells)
        for names, theirs in other.cells.items():
            mine = cells.get(names)
            cells[names] = theirs if mine is None else _sum(mine, theirs)
        return Moments(self.axes, cells)

    def over(self, axes: Sequence[str]) -> dict[tuple[str, ...], tuple[Moment, Moment, Moment]]:
        """The moments by some of the axes only."""
        places = [self.axes.index(axis) for axis in axes]
        found: dict[tuple[str, ...], tuple[Moment, Moment, Moment]] = {}
        for names in sorted(self.cells):
            group = tuple(names[place] for place in places)
            found[group] = _sum(found[group], self.cells[names]) if group in found else self.cells[names]
        return found


def _sum(one: tuple[Moment, Moment, Moment], other: tuple[Moment, Moment, Moment]) -> tuple[Moment, Moment, Moment]:
    return (one[0].plus(other[0]), one[1].plus(other[1]), one[2].plus(other[2]))


def count_moments(
    axes: Sequence[str],
    levels: Sequence[Sequence[str]],
    codes: Sequence[Codes],
    values: Column | None,
    labels: Column | None,
) -> Moments:
    """Moments of one piece. Rows whose value is missing count nowhere; errors need a label."""
    if isinstance(values, Categories) or isinstance(labels, Categories):
        raise InvalidInputError("the outcome 'value' needs a numeric prediction and a numeric label")
    if values is None or not codes:
        return Moments(tuple(axes), {})
    key = np.zeros(len(values), np.int64)
    for level, code in zip(levels, codes, strict=True):
        key = key * len(level) + code
    errors = np.full(len(values), np.nan) if labels is None else values - labels
    cells: dict[tuple[str, ...], tuple[Moment, Moment, Moment]] = {}
    for place in np.unique(key).tolist():
        rows = key == place
        names, rest = [], place
        for level in reversed(levels):
            rest, code_of = divmod(rest, len(level))
            names.append(level[code_of])
        group = tuple(reversed(names))
        found = (_moment(values[rows]), _moment(errors[rows]), _moment(np.abs(errors[rows])))
        cells[group] = _sum(cells[group], found) if group in cells else found
    return Moments(tuple(axes), cells)


def _moment(numbers: NDArray[np.float64]) -> Moment:
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return Moment()
    mean = float(finite.mean())
    return Moment(len(finite), mean, float(((finite - mean) ** 2).sum()))
