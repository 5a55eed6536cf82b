"""How a baseline's own windows vary, and so how far an unchanged one may lie: the limits that are learnt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Baseline, Floats, Ints
from syndic.drift.baseline.own_windows import DAY, HOUR, LENGTHS, MONTH, WEEK, OwnWindows
from syndic.drift.baseline.seasonal import part_of_hours, season_key
from syndic.drift.counts.cells import Cells, cells_of
from syndic.drift.counts.model import FINE
from syndic.drift.measures.shares import Share
from syndic.drift.policy.model import Season
from syndic.drift.summaries import Summaries
from syndic.models import TimeWindow
from syndic.statistics.across_columns import together
from syndic.statistics.between_windows import variation, variation_of_means
from syndic.statistics.window_limits import Variation, settle
from syndic.windows import Window


@dataclass(slots=True, eq=False)
class UsualColumn:
    """How one column varies from window to window of the baseline.

    `days` is how it varies from day to day, where windows are hours: what lasts for a day, as a holiday does, hardly
    shows among the sampling of an hour's rows, and does in those of a day.
    """

    cells: Cells
    table: Ints
    starts: Ints
    parts: Ints
    design: float
    psi: Variation | None
    days: UsualColumn | None = None
    _shares: dict[tuple[int, ...], tuple[Variation | None, float]] = field(default_factory=dict)

    def psi_limit(self, level: float, rows: int, usual_rows: int, design: float = 1.0) -> float | None:
        """The PSI that an unchanged window is over with at most that chance; None when it cannot be known.

        `design` rows of the window count as one.
        """
        found = None if self.psi is None else self.psi.limit(level, rows, usual_rows, design / self.design)
        longer = None if self.days is None else self.days.psi_limit(level, rows, usual_rows, design)
        return max((one for one in (found, longer) if one is not None), default=None)

    def share_limit(self, test: str, share: Share, side: int, level: float, design: float = 1.0) -> float | None:
        """The change of a share that an unchanged window is over with at most that chance, 0 to 1.

        `test` names the sign and `side` the tail, -1 below and 1 above; `design` rows of the window count as one. None
        when it cannot be known.
        """
        own = self._share_limit(test, share, side, level, design)
        longer = None if self.days is None else self.days.share_limit(test, share, side, level, design)
        return max((one for one in (own, longer) if one is not None), default=None)

    def _share_limit(self, test: str, share: Share, side: int, level: float, design: float) -> float | None:
        inside = self._inside(test, share.before, side)
        if inside is None:
            return None
        key = (*np.flatnonzero(inside).tolist(), test == "missing")
        if key not in self._shares:
            present = self.table[:, : self.cells.size + (test == "missing")].sum(axis=1)
            having = self.table[:, inside].sum(axis=1)
            split = np.column_stack((having, present - having))
            found = variation(split, self.starts, self.parts, design=self.design, expected=0.0, share=True)
            if found is not None and self.psi is not None:
                found = settle(found.shown, self.psi.correlation, self.psi.kurtosis)
            self._shares[key] = found, float(having.sum() / max(1, int(present.sum())))
        found, usual = self._shares[key]
        if found is None or not 0.0 < usual < 1.0:
            return None
        rows = share.current_rows, share.baseline_rows
        limit = found.limit(level, *rows, design / self.design)
        usually = math.sqrt(limit * usual * (1.0 - usual))
        if share.now <= share.before:
            return usually
        return max(usually, found.growth_limit(usual, level, *rows, design / self.design))

    def _inside(self, test: str, before: float, side: int) -> NDArray[np.bool_] | None:
        """The cells whose rows are those of a sign, or come nearest to them."""
        inside = np.zeros(self.table.shape[1], np.bool_)
        size = self.cells.size
        rows = self.table[:, :size].sum(axis=0)
        if test == "missing":
            inside[size] = True
        elif test == "infinite":
            inside[size + 1] = True
        elif test == "unusual":
            inside[:size] = True
            inside[int(np.argmax(rows))] = False
        else:
            order = np.arange(size) if test == "tail" and side < 0 else np.arange(size)[::-1]
            if test != "tail" and self.cells.numeric:
                order = np.argsort(rows, kind="stable")
            inside[order[: _nearest(np.cumsum(rows[order]), before * float(rows.sum()))]] = True
        return inside if self.table[:, inside].any() else None


def _nearest(rising: Ints, wanted: float) -> int:
    """How many cells together hold about so many rows, and never all of them.

    A part of a season has other shares than the whole: where one large cell would have to join for a few rows that are
    missing, as the zeros of a column that is mostly zero, those cells would be about another share, or about none.
    """
    enough = min(len(rising), int(np.searchsorted(rising, max(1.0, 0.999 * wanted))) + 1)
    if enough > 1 and (enough == len(rising) or wanted - rising[enough - 2] < rising[enough - 1] - wanted):
        enough -= 1
    return enough


@dataclass(slots=True, eq=False)
class Usual:
    """How the baseline's own windows of one length vary from what is usual in their part of the season."""

    hours: int
    season: Season
    windows: int
    columns: Mapping[str, UsualColumn]
    errors: Variation | None = None

    @property
    def looks(self) -> float:
        """Windows of that length in 30 days."""
        return MONTH / self.hours


@lru_cache(maxsize=4)
def usual(baseline: Baseline, hours: int, season: Season = Season.NONE) -> Usual | None:
    """How windows of some hours vary in a baseline. None when it has no times, or only of longer windows."""
    found = _usual(baseline, hours, season)
    days = _usual(baseline, DAY, _OF_DAYS.get(season, season)) if found is not None and hours == HOUR else None
    if found is not None and days is not None:
        for name, column in found.columns.items():
            column.days = days.columns.get(name)
    return found


_OF_DAYS: Final = {Season.HOUR: Season.NONE, Season.WEEKDAY_HOUR: Season.WEEKDAY}
"""The season that days have where hours have another."""


def _usual(baseline: Baseline, hours: int, season: Season) -> Usual | None:
    own = None if baseline.windows is None else baseline.windows.by(hours)
    if own is None:
        return None
    parts = part_of_hours(own.starts, season)
    times = own.starts // own.hours
    columns: dict[str, UsualColumn] = {}
    for name, table in own.cells.items():
        cells, design = cells_of(baseline.columns[name]), baseline.design(name)
        bins = np.zeros((len(table), int(np.max(cells.bins)) + 1), np.int64)
        np.add.at(bins.T, cells.bins, table[:, : len(cells.bins)].T)
        found = variation(bins, times, parts, sampling=_sampling(baseline, name, bins), design=design)
        columns[name] = UsualColumn(cells, table, times, parts, design, found)
    varying = [column for column in columns.values() if column.psi is not None]
    for column, drawn in zip(varying, together([one.psi for one in varying if one.psi is not None]), strict=True):
        column.psi = drawn
    return Usual(own.hours, season, len(own.starts), columns, _errors(baseline, own, times, parts))


def usual_for(found: Summaries, now: Window) -> tuple[Baseline, Usual | None, tuple[str, ...]]:
    """The part of the baseline that some rows are compared with, how windows like theirs vary, and what to say of it.

    Rows without times are taken to be a window of the length whose rows in the baseline are nearest in number.
    """
    own = found.baseline.windows
    if own is None:
        return found.baseline, None, ()
    hours = None if now.times is None else np.unique(now.times[~np.isnat(now.times)].astype("datetime64[h]"))
    if hours is None or not len(hours):
        lengths = [longer for longer in LENGTHS if longer >= own.hours]
        sizes = [float(np.median(by.rows)) for longer in lengths if (by := own.by(longer)) is not None]
        nearest = min(range(len(sizes)), key=lambda place: abs(math.log(max(1, now.rows) / max(1.0, sizes[place]))))
        said = f"the current rows have no times: they are judged as {usual_length(lengths[nearest])}"
        if found.parts:
            said += f", and compared with the whole baseline, not with their part of the season ({found.season.value})"
        return found.baseline, usual(found.baseline, lengths[nearest]), (f"{said}; name the time column",)
    first, last = (hour.astype("datetime64[s]").astype(datetime).replace(tzinfo=UTC) for hour in (hours[0], hours[-1]))
    span = (last - first).total_seconds() / 3600.0 + 1.0
    length = next((one for one in LENGTHS if one >= max(span, own.hours)), LENGTHS[-1])
    start = first if span <= 1.0 else first.replace(hour=0)
    window = TimeWindow(start=start, end=max(last, start) + timedelta(hours=1))
    key = season_key(window, found.season) if first.date() == last.date() else None
    if key is None or key not in found.parts:
        return found.baseline, usual(found.baseline, length), ()
    said = f"compared with its part of the season: {key}"
    return found.parts[key], usual(found.baseline, length, found.season), (said,)


def usual_length(hours: int) -> str:
    """A window of some hours in words."""
    return {HOUR: "an hour", DAY: "a day", WEEK: "a week", MONTH: "a month"}.get(hours, f"{hours} hours")


def _sampling(baseline: Baseline, name: str, bins: Ints) -> Floats | None:
    """Covariance that one row adds to the counts of a window whose rows come in groups."""
    grouping = baseline.grouping
    if grouping is None or name not in grouping.covariances:
        return None
    shares = bins.sum(axis=0) / max(1, int(bins.sum()))
    return np.diag(shares) - np.outer(shares, shares) + (grouping.size - 1.0) * grouping.covariances[name]


def _errors(baseline: Baseline, own: OwnWindows, times: Ints, parts: Ints) -> Variation | None:
    known = baseline.reconstruction
    if own.errors is None or known is None or known.error_std <= 0.0:
        return None
    rows = own.errors[:, 0]
    means = own.errors[:, 1] / FINE / np.maximum(1, rows)
    design = max((baseline.design(name) for name in known.columns), default=1.0)
    return variation_of_means((means - known.error_mean) / known.error_std, rows, times, parts, design=design)
