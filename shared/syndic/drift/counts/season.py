"""Which season a baseline's own windows show: what comes again in other days or weeks than it was seen in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from syndic.drift.baseline.model import Baseline, Ints
from syndic.drift.baseline.own_windows import DAY, HOUR, WEEK, OwnWindows
from syndic.drift.baseline.seasonal import part_of_hours
from syndic.drift.counts.cells import Cells, cells_of
from syndic.drift.policy.model import Season

CYCLES: Final[Mapping[Season, tuple[int, int]]] = {
    Season.HOUR: (DAY, 4),
    Season.WEEKDAY: (WEEK, 3),
    Season.WEEKDAY_HOUR: (WEEK, 3),
}
"""By season: its length in hours, and how often it must have been seen."""

FEWEST_ROWS: Final = 250
"""Rows that the median part of a season must have to be compared with."""

_MATTERS: Final = 0.01  # PSI between the parts: a tenth of the default threshold
_ALONE, _TOGETHER, _MANY = 0.6, 0.3, 0.2  # share of a column's variation that one column, or many of them, must show
_NEARLY: Final = 0.85  # of the best season's part that a simpler one must explain to be taken instead


def propose_season(baseline: Baseline, hours: int = HOUR) -> Season:
    """The simplest season that explains how the baseline's windows vary; none when it has no times or shows none.

    The variance between the parts of a season is estimated by the product of each part's mean deviations in every other
    day or week and in those between: what does not come again adds nothing to it. For windows of `hours`.
    """
    own = None if baseline.windows is None else baseline.windows.by(hours)
    if own is None:
        return Season.NONE
    found: dict[Season, float] = {}
    for season in _possible(own):
        explained = _explained(own, {name: cells_of(baseline.columns[name]) for name in own.cells}, season)
        if explained > 0.0:
            found[season] = explained
    best = max(found.values(), default=0.0)
    return next((season for season, explained in found.items() if explained >= _NEARLY * best), Season.NONE)


def _possible(own: OwnWindows) -> list[Season]:
    """Seasons whose parts are no shorter than the windows and were seen often enough, the simplest first."""
    fitting = {HOUR: tuple(CYCLES), DAY: (Season.WEEKDAY,)}.get(own.hours, ())
    span = int(own.starts[-1] - own.starts[0]) + own.hours
    possible = []
    for season in fitting:
        length, least = CYCLES[season]
        parts = np.unique(part_of_hours(own.starts, season), return_inverse=True)[1]
        rows = np.bincount(parts, own.rows)
        if span >= least * length - own.hours and len(rows) > 1 and np.median(rows) >= FEWEST_ROWS:
            possible.append(season)
    return possible


def _explained(own: OwnWindows, cells: Mapping[str, Cells], season: Season) -> float:
    """PSI between the parts, summed over the columns that show the season; 0 when too few do."""
    parts = np.unique(part_of_hours(own.starts, season), return_inverse=True)[1]
    half = own.starts // CYCLES[season][0] % 2
    clear, some, explained = 0, 0, 0.0
    for name, table in own.cells.items():
        between, total = _between(table[:, : len(cells[name].bins)], cells[name].bins, parts, half)
        if between < _MATTERS or between < _TOGETHER * total:
            continue
        some += 1
        clear += between >= _ALONE * total
        explained += between
    return explained if clear or some >= max(2.0, _MANY * len(own.cells)) else 0.0


def _between(table: Ints, bins: Ints, parts: Ints, half: Ints) -> tuple[float, float]:
    """Variance of one column between the parts, and between the windows, both beyond sampling and in units of PSI."""
    counts = np.zeros((len(table), int(np.max(bins)) + 1), np.int64)
    np.add.at(counts.T, bins, table.T)
    rows = counts.sum(axis=1)
    if not rows.sum():
        return 0.0, 0.0
    usual = counts.sum(axis=0) / rows.sum()
    used = usual > 0
    counts, usual = counts[:, used], usual[used]
    number = int(np.max(parts)) + 1
    means = []
    for side in (0, 1):
        sums = np.zeros((number, len(usual)))
        np.add.at(sums, parts[half == side], counts[half == side])
        totals = sums.sum(axis=1, keepdims=True)
        means.append(np.where(totals > 0, (sums / np.maximum(1.0, totals) - usual) / np.sqrt(usual), np.nan))
    products = (means[0] * means[1]).sum(axis=1)
    between = float(np.nanmean(products)) if np.isfinite(products).any() else 0.0
    some = rows > 0
    squares = (((counts[some] / rows[some, None] - usual) ** 2) / usual).sum(axis=1)
    total = float(np.average(squares - (len(usual) - 1) / rows[some], weights=rows[some]))
    return between, max(total, between)
