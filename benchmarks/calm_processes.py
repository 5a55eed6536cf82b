"""Processes in which nothing changes, and which are never quite the same from hour to hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.windows import Categories

COLUMNS, ROWS, BASELINE_ROWS, HOURS = 60, 2_000, 50_000, 1_440
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """Simulated rows: columns, the hour of each row since the beginning, and who they are of."""

    columns: Mapping[str, Floats | Categories]
    hours: NDArray[np.int64]
    groups: NDArray[np.int64] | None = None


@dataclass
class Process:
    """Normal columns whose means, or more, depend on the hour.

    Attributes:
        effects: Hours x columns: the mean of each column, in standard deviations of a row.
        usual: By column, the standard deviation between windows: a step is half a deviation and four of these.
        hours: Length of a window.
        spreads: Hours x columns: the standard deviation of a row; None: 1.
        volume: By hour, rows relative to 2,000; None: 1.
        person: Rows of one person, who are alike by 0.9; 1: nobody.
        grouped: Whether the baseline and the windows say whose rows they are, and the baseline holds all rows of some
            persons. Else it holds some rows of all persons.
        bursts: Hours x columns: share of a category; None: the columns are numbers.
        baseline_hours: The first hours, of which the baseline has rows.
    """

    effects: Floats
    usual: Floats
    hours: int = 1
    spreads: Floats | None = None
    volume: Floats | None = None
    person: int = 1
    grouped: bool = False
    bursts: Floats | None = None
    baseline_hours: int = 720

    def has(self, hour: int) -> bool:
        """Whether rows came in that hour."""
        return self.volume is None or self.volume[hour] > 0

    def stepping(self) -> set[str]:
        """The columns whose steps must be found."""
        return {f"x{place}" for place in range(COLUMNS)}

    def baseline(self, random: np.random.Generator) -> Rows:
        """Rows of the first month, each of an hour at random."""
        each = self.person if self.grouped else 1
        weight = np.ones(self.baseline_hours) if self.volume is None else self.volume[: self.baseline_hours]
        hours = np.sort(random.choice(self.baseline_hours, BASELINE_ROWS // each, p=weight / weight.sum()))
        hours = np.repeat(hours, each)
        people = np.arange(len(hours)) // self.person
        if self.person > 1 and not self.grouped:
            people = hours * (ROWS // self.person) + random.integers(0, ROWS // self.person, len(hours))
        return self._rows(hours, people, random, step=False)

    def window(self, hour: int, random: np.random.Generator, *, step: bool = False) -> Rows:
        """Rows of one window."""
        rows = ROWS if self.volume is None else int(ROWS * self.volume[hour])
        return self._rows(np.full(rows, hour), np.arange(rows) // self.person, random, step=step)

    def _rows(
        self, hours: NDArray[np.int64], people: NDArray[np.int64], random: np.random.Generator, *, step: bool
    ) -> Rows:
        rows = len(hours)
        columns: dict[str, Floats | Categories] = {}
        for place in range(COLUMNS):
            if self.bursts is not None and place % 2:
                columns[f"x{place}"] = self._category(place, hours, random, step=step)
                continue
            values = random.standard_normal(rows)
            if self.person > 1:
                own = random.standard_normal(int(people.max()) + 1)
                values = np.sqrt(0.9) * own[people] + np.sqrt(0.1) * values
            if self.spreads is not None:
                values = values * self.spreads[hours, place]
            values = values + self.effects[hours, place]
            columns[f"x{place}"] = values + (0.5 + 4.0 * self.usual[place] if step else 0.0)
        return Rows(columns, hours, people if self.grouped else None)

    def _category(self, place: int, hours: NDArray[np.int64], random: np.random.Generator, *, step: bool) -> Categories:
        share = 0.0 if self.bursts is None else self.bursts[hours, place]
        codes = random.integers(0, 8, len(hours))
        codes = np.where(random.random(len(hours)) < share, 8, codes)
        if step:  # most rows become one value that was common
            codes = np.where(random.random(len(hours)) < 0.75, 3, codes)
        return Categories(codes.astype(np.int32), tuple(f"v{level}" for level in range(9)))


def _autoregressive(random: np.random.Generator, size: float, memory: float = 0.9) -> Floats:
    walk = np.zeros((HOURS, COLUMNS))
    walk[0] = random.standard_normal(COLUMNS)
    for hour in range(1, HOURS):
        walk[hour] = memory * walk[hour - 1] + np.sqrt(1 - memory**2) * random.standard_normal(COLUMNS)
    return size * walk


def _wave(size: float, period: int = 24) -> Floats:
    phase = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
    hour = np.arange(HOURS)[:, None]
    return size * np.sin(2 * np.pi * (hour % period) / period + phase)


def _of_effects(effects: Floats, **more: object) -> Process:
    return Process(effects, effects.std(axis=0), **more)  # type: ignore[arg-type]


def _still(**more: object) -> Process:
    return _of_effects(np.zeros((HOURS, COLUMNS)), **more)


def _people(*, grouped: bool) -> Process:
    usual = np.full(COLUMNS, np.sqrt(0.9 * 20 / ROWS))
    return Process(np.zeros((HOURS, COLUMNS)), usual, person=20, grouped=grouped)


def _daily(random: np.random.Generator) -> Process:
    days = 0.15 * random.standard_normal((HOURS // 24, COLUMNS))
    return _of_effects(np.repeat(days, 24, axis=0), hours=24)


def _bounded(random: np.random.Generator) -> Process:
    """A random walk that is thrown back at half a deviation."""
    walk = np.zeros((HOURS, COLUMNS))
    walk[0] = random.uniform(-0.5, 0.5, COLUMNS)
    for hour in range(1, HOURS):
        step = walk[hour - 1] + 0.05 * random.standard_normal(COLUMNS)
        walk[hour] = np.where(np.abs(step) > 0.5, np.sign(step) - step, step)
    return _of_effects(walk)


def _weekly(random: np.random.Generator) -> Process:
    """Weekends differ from other days, and there is a little noise."""
    day = np.arange(HOURS) // 24 % 7
    size = random.uniform(0.2, 0.5, COLUMNS)
    effects = np.where(day[:, None] >= 5, size, 0.0) + 0.05 * random.standard_normal((HOURS, COLUMNS))
    return _of_effects(effects)


def _both_seasons(random: np.random.Generator) -> Process:
    return _of_effects(_wave(0.3) + _weekly(random).effects)


def _uneven(random: np.random.Generator) -> Process:
    """Hours differ in spread, and the effects of an hour are three times as large by day as by night."""
    spreads = np.exp(_autoregressive(random, 0.15))
    day = np.where((np.arange(HOURS) % 24 >= 8) & (np.arange(HOURS) % 24 < 20), 0.15, 0.05)
    effects = day[:, None] * random.standard_normal((HOURS, COLUMNS))
    return Process(effects, effects.std(axis=0) + 0.15, spreads=spreads)


def _bursts(random: np.random.Generator) -> Process:
    """Half of the columns are categories of which one comes in bursts: 1 % of rows, in some hours 10 to 40 %."""
    shares = np.full((HOURS, COLUMNS), 0.01)
    for place in range(COLUMNS):
        for _ in range(16):
            start, length = random.integers(0, HOURS), random.integers(1, 6)
            shares[start : start + length, place] = random.uniform(0.1, 0.4)
    zero = np.zeros((HOURS, COLUMNS))
    return Process(zero, np.zeros(COLUMNS), bursts=shares)


def _heavy(random: np.random.Generator) -> Process:
    """Effects of hours with long tails: Student t with 5 degrees of freedom, remembered for hours."""
    walk = np.zeros((HOURS, COLUMNS))
    for hour in range(1, HOURS):
        walk[hour] = 0.7 * walk[hour - 1] + np.sqrt(1 - 0.49) * random.standard_t(5, COLUMNS) / np.sqrt(5 / 3)
    return _of_effects(0.1 * walk)


def _missing_hours(random: np.random.Generator) -> Process:
    volume = np.where(random.random(HOURS) < 0.3, 0.0, 1.0)
    return _of_effects(_autoregressive(random, 0.15), volume=volume)


def _growth(random: np.random.Generator) -> Process:
    volume = np.linspace(0.5, 3.0, HOURS)
    return _of_effects(_autoregressive(random, 0.15), volume=volume)


def _nights(random: np.random.Generator) -> Process:
    """A tenth of the rows by night, daily season, and effects of hours."""
    hour = np.arange(HOURS) % 24
    volume = np.where(hour < 6, 0.15, 1.0)
    return _of_effects(_wave(0.3) + _autoregressive(random, 0.1), volume=volume)


def _two_days(random: np.random.Generator) -> Process:
    """A baseline of two days only."""
    return _of_effects(_autoregressive(random, 0.1, memory=0.7), baseline_hours=48)


PROCESSES: Mapping[str, Callable[[np.random.Generator], Process]] = {
    "independent": lambda _: _still(),
    "AR(1) 0.9 hour effects of 0.1": lambda random: _of_effects(_autoregressive(random, 0.1)),
    "AR(1) 0.9 hour effects of 0.2": lambda random: _of_effects(_autoregressive(random, 0.2)),
    "daily sine of 0.3": lambda _: _of_effects(_wave(0.3)),
    "daily sine of 0.5": lambda _: _of_effects(_wave(0.5)),
    "20 rows a person, group column": lambda _: _people(grouped=True),
    "20 rows a person, times alone": lambda _: _people(grouped=False),
    "day effects of 0.15, daily windows": _daily,
    "sine of 0.4 and AR(1) of 0.1": lambda random: _of_effects(_wave(0.4) + _autoregressive(random, 0.1)),
    "random walk within half a deviation": _bounded,
    "weekends differ": _weekly,
    "daily and weekly season": _both_seasons,
    "uneven noise and spread": _uneven,
    "bursts of a category": _bursts,
    "long-tailed effects": _heavy,
    "three of ten hours missing": _missing_hours,
    "growth in volume": _growth,
    "few rows by night": _nights,
    "a baseline of two days": _two_days,
}
