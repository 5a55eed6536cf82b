"""Processes with columns of other kinds, and with weeks, holidays and people as services have them. Nothing changes.

They were made after the limits were, to break them: counts, many zeros, shares that have a season, hours that differ in
spread, one cause behind all columns, people with unequal numbers of rows, days on which hardly anybody comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from calm_processes import BASELINE_ROWS, COLUMNS, HOURS, ROWS, Floats, Process, Rows, _autoregressive, _wave
from numpy.typing import NDArray

from syndic.windows import Categories

Kind = Literal["number", "count", "zero-inflated", "text", "skewed"]


@dataclass
class Mixed(Process):
    """Columns of several kinds, each driven by the effect of its hour.

    Attributes:
        kinds: Of the columns in turn.
        heavy: Rows of one person are a discretised Pareto number, of mean 4; such people come in one hour.
    """

    kinds: tuple[Kind, ...] = field(default=("number",), kw_only=True)
    heavy: bool = field(default=False, kw_only=True)

    def stepping(self) -> set[str]:
        """Those whose noise is of one deviation: half of one is what a step means."""
        kinds = [self.kinds[place % len(self.kinds)] for place in range(COLUMNS)]
        return {f"x{place}" for place, kind in enumerate(kinds) if kind in {"number", "skewed", "text"}}

    def baseline(self, random: np.random.Generator) -> Rows:
        """Rows of the first month; of people, all rows of some."""
        if not self.heavy:
            return super().baseline(random)
        sizes = _sizes(random, BASELINE_ROWS)
        hours = np.repeat(np.sort(random.integers(0, self.baseline_hours, len(sizes))), sizes)
        return self._rows(hours, np.repeat(np.arange(len(sizes)), sizes), random, step=False)

    def window(self, hour: int, random: np.random.Generator, *, step: bool = False) -> Rows:
        """Rows of one window."""
        if not self.heavy:
            return super().window(hour, random, step=step)
        sizes = _sizes(random, ROWS)
        people = np.repeat(np.arange(len(sizes)), sizes)
        return self._rows(np.full(len(people), hour), people, random, step=step)

    def _rows(
        self, hours: NDArray[np.int64], people: NDArray[np.int64], random: np.random.Generator, *, step: bool
    ) -> Rows:
        columns: dict[str, Floats | Categories] = {}
        for place in range(COLUMNS):
            kind = self.kinds[place % len(self.kinds)]
            level = self.effects[hours, place] + (0.5 + 4.0 * self.usual[place] if step else 0.0)
            noise = random.standard_normal(len(hours))
            if self.heavy:
                own = random.standard_normal(int(people.max()) + 1)
                noise = np.sqrt(0.5) * own[people] + np.sqrt(0.5) * noise
            if self.spreads is not None:
                noise = noise * self.spreads[hours, place]
            columns[f"x{place}"] = _column(kind, level, noise, random)
        return Rows(columns, hours, people if self.grouped else None)


def _column(kind: Kind, level: Floats, noise: Floats, random: np.random.Generator) -> Floats | Categories:
    if kind == "count":  # 0 to about 12
        return random.poisson(np.exp(0.5 + 0.6 * level + 0.5 * noise)).astype(np.float64)
    if kind == "zero-inflated":
        return np.where(random.random(len(level)) < 1 / (1 + np.exp(-level - 1.0)), 0.0, np.exp(level + noise))
    if kind == "skewed":
        return np.exp(level + noise)
    if kind == "text":  # nine levels by where a number falls, the rarest of one row in two hundred
        cuts = np.array([-2.6, -1.5, -0.9, -0.3, 0.2, 0.7, 1.3, 2.3])
        codes = np.searchsorted(cuts, level + noise).astype(np.int32)
        return Categories(codes, tuple(f"v{place}" for place in range(9)))
    return level + noise


def _sizes(random: np.random.Generator, rows: int) -> NDArray[np.int64]:
    """Numbers of rows of people, Pareto with exponent 1.8 up to 200, until about so many rows are full."""
    drawn = np.minimum(200, np.floor((1.0 - random.random(rows)) ** (-1 / 1.8))).astype(np.int64)
    return drawn[: int(np.searchsorted(np.cumsum(drawn), rows)) + 1]


MIXED: tuple[Kind, ...] = ("number", "count", "zero-inflated", "text", "skewed", "number")


def _mixed(effects: Floats, **more: object) -> Mixed:
    return Mixed(effects, effects.std(axis=0), kinds=MIXED, **more)  # type: ignore[arg-type]


def _week(random: np.random.Generator) -> Mixed:
    """A season of the week's hours, with a memory, in columns of all kinds."""
    weekend = np.where(np.arange(HOURS) // 24 % 7 >= 5, 1.0, 0.0)[:, None] * random.uniform(-0.4, 0.4, COLUMNS)
    return _mixed(_wave(0.25) + weekend + _autoregressive(random, 0.08))


def _holidays(random: np.random.Generator) -> Mixed:
    """Every eleventh day is a holiday: a third of the rows, and columns a quarter of a deviation elsewhere."""
    away = (np.arange(HOURS) // 24 % 11 == 10)[:, None]
    effects = _wave(0.2) + _autoregressive(random, 0.05) + np.where(away, random.uniform(-0.25, 0.25, COLUMNS), 0.0)
    return _mixed(effects, volume=np.where(away[:, 0], 0.35, 1.0))


def _first_holiday(random: np.random.Generator) -> Mixed:
    """A holiday in the month, of which the baseline has none: outside of what is assumed."""
    away = (np.arange(HOURS) // 24 == 41)[:, None]
    effects = _wave(0.2) + _autoregressive(random, 0.05) + np.where(away, random.uniform(-0.25, 0.25, COLUMNS), 0.0)
    return _mixed(effects, volume=np.where(away[:, 0], 0.35, 1.0))


def _spreads(random: np.random.Generator) -> Mixed:
    """The spread of rows has a daily season of a fifth, and a memory."""
    return _mixed(_autoregressive(random, 0.08), spreads=np.exp(_wave(0.2) + _autoregressive(random, 0.05)))


def _common(random: np.random.Generator) -> Mixed:
    """One cause moves all columns: they are one column's worth of knowledge."""
    cause = _autoregressive(random, 0.15)[:, :1]
    return _mixed(cause * random.uniform(0.5, 1.5, COLUMNS) + 0.3 * _autoregressive(random, 0.1))


def _growing(random: np.random.Generator) -> Mixed:
    """Five times the traffic at the end, with a daily season of volume and of columns."""
    volume = np.linspace(0.4, 2.0, HOURS) * (1.0 + 0.6 * np.sin(2 * np.pi * np.arange(HOURS) / 24))
    return _mixed(_wave(0.25) + _autoregressive(random, 0.08), volume=volume)


def _people(*, grouped: bool) -> Callable[[np.random.Generator], Mixed]:
    def made(_: np.random.Generator) -> Mixed:
        usual = np.full(COLUMNS, np.sqrt(0.5 * 12 / ROWS))
        return Mixed(np.zeros((HOURS, COLUMNS)), usual, kinds=MIXED, grouped=grouped, heavy=True)

    return made


OTHERS: Mapping[str, Callable[[np.random.Generator], Process]] = {
    "kinds: still": lambda _: _mixed(np.zeros((HOURS, COLUMNS))),
    "kinds: AR(1) 0.9 of 0.15": lambda random: _mixed(_autoregressive(random, 0.15)),
    "kinds: weekly and daily season": _week,
    "kinds: holidays, also in the baseline": _holidays,
    "kinds: a first holiday": _first_holiday,
    "kinds: spread with a daily season": _spreads,
    "kinds: one cause of all columns": _common,
    "kinds: growth with a daily season": _growing,
    "kinds: people of unequal size, group column": _people(grouped=True),
    "kinds: people of unequal size, times alone": _people(grouped=False),
}
