"""Rows become all that a baseline keeps: a summary, how its own hours or days looked, and the parts of a season."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Baseline
from syndic.drift.baseline.seasonal import by_season
from syndic.drift.baseline.summary import summarise
from syndic.drift.counts.by_window import grouping, own_windows
from syndic.drift.counts.multivariate import fit
from syndic.drift.counts.season import propose_season
from syndic.drift.policy.model import Season
from syndic.errors import InvalidInputError
from syndic.windows import Categories, Column, Window, read_table
from syndic.windows.cells.times import read_times

Rows = Callable[[], Iterable[Window]]
"""The rows of a baseline, which can be read several times."""

Grouped = tuple[str, Callable[[], Iterable[Column]]]
"""Name of the column that says which rows belong to one person or session, and its values for each piece of rows."""

_UNITS: Final = ((1e17, "ns"), (1e14, "us"), (1e11, "ms"), (0.0, "s"))
_LATEST: Final = 4e18


@dataclass(frozen=True, slots=True)
class Summaries:
    """A baseline, and one for each part of its season."""

    baseline: Baseline
    season: Season = Season.NONE
    parts: Mapping[str, Baseline] = field(default_factory=dict)

    def of_season(self, season: str, *, where: str) -> Summaries:
        """These summaries compared by a season; auto is their own. Raises `InvalidInputError` for another one."""
        if season == Season.AUTO:
            return self
        if season == Season.NONE:
            return Summaries(self.baseline)
        if season != self.season:
            said = f"the baseline was set with the season {self.season.value}: set it again with {season}"
            raise InvalidInputError(said, where=where)
        return self


def summarise_rows(rows: Rows) -> Baseline:
    """The summary of rows, with its PCA."""
    baseline = summarise(rows())
    return replace(baseline, reconstruction=fit(rows(), baseline))


def summarise_windows(
    rows: Rows,
    *,
    season: Season = Season.AUTO,
    hours: int | None = None,
    groups: Grouped | None = None,
) -> Summaries:
    """The summary of rows with what their times and groups tell, and the summaries of the parts of a season.

    Args:
        rows: The rows, with times where the source has them.
        season: Which parts are kept. Auto: the season that the rows' own hours or days show; none without times.
        hours: Length of the windows that will be compared: 1 or 24. Left out: hours, unless there are too many.
        groups: Name and values, piece by piece, of the column that says which rows belong to one person or session.

    Raises `InvalidInputError` when a season is asked for and no row has a time.
    """
    baseline = summarise_rows(rows)
    if groups is not None:
        name, values = groups
        baseline = replace(baseline, grouping=grouping(rows(), baseline, name, values()))
    baseline = replace(baseline, windows=own_windows(rows(), baseline, hours=hours))
    chosen = propose_season(baseline, hours or 1) if season is Season.AUTO else season
    if chosen is Season.NONE:
        return Summaries(baseline)
    if baseline.windows is None:
        raise InvalidInputError("the rows have no times, so they cannot be split by season")
    parts = {}
    for key, pieces in by_season(rows(), chosen):
        part = summarise_rows(lambda pieces=pieces: pieces)  # type: ignore[misc]
        parts[key] = replace(part, grouping=baseline.grouping)
    return Summaries(baseline, chosen, parts)


def marked(
    table: Window, data: bytes | str | Path, name: str, *, time_column: str | None, group_column: str | None
) -> tuple[Window, Grouped | None]:
    """A table's rows with the times of a column, and the column of groups; neither is measured.

    Where the model's schema leaves such a column out, it is read from the table again. Raises `InvalidInputError` or
    `UnknownReferenceError` when a column is missing, or a value is no time.
    """
    asked = [column for column in (time_column, group_column) if column is not None]
    whole = table
    if any(column not in table.columns for column in asked):
        whole = read_table(data, name=name, only=asked)
    grouped: Grouped | None = None
    if time_column is not None:
        table = replace(table, times=times_of(whole.column(time_column), time_column))
    if group_column is not None:
        values = whole.column(group_column)
        grouped = (group_column, lambda: [values])
    kept = {column: values for column, values in table.columns.items() if column not in asked}
    return replace(table, columns=kept), grouped


def times_of(values: Column, name: str) -> NDArray[np.datetime64]:
    """The times of a column in UTC, NaT where a value is missing. Raises `InvalidInputError` when one is no time."""
    if isinstance(values, Categories):
        times, errors = read_times(values.levels)
        if errors:
            example = values.levels[min(errors)]
            said = f"{example[:40]!r} is no time: write ISO 8601, such as 2024-03-01T12:00:00Z"
            raise InvalidInputError(said, column=repr(name))
        found = np.append(times, np.datetime64("NaT", "ms"))
        return found[values.codes]
    largest = float(np.max(np.abs(values[np.isfinite(values)]), initial=0.0))
    if largest > _LATEST or np.isinf(values).any():
        raise InvalidInputError("the numbers are no times since 1970", column=repr(name))
    unit = next(unit for least, unit in _UNITS if largest >= least)
    known = ~np.isnan(values)
    times = np.full(len(values), "NaT", "datetime64[ms]")
    times[known] = np.rint(values[known]).astype(np.int64).astype(f"datetime64[{unit}]").astype("datetime64[ms]")
    return times
