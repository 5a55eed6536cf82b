"""Alarms where nothing changed but the world varies, and how soon a real step is found: `make bench-calm`.

Simulated, with fixed seeds. A model with 60 columns is checked every hour (or day) for a month of 720 hours, by the
default policy, against a baseline of 50,000 rows of the month before, whose rows have times: limits are learnt from its
own windows, and the season is found by itself. Each process varies in its own way (`calm_processes`); nothing else
changes. An alarm is a column that is newly confirmed, 2 of the last 3 windows. Then all columns step by 0.5 standard
deviations and four times their usual variation between windows; found is a column that is confirmed within three
windows. Goals: at most one alarm a model-month, and 95 % found.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from calm_columns import OTHERS
from calm_looks import drifting
from calm_processes import COLUMNS, PROCESSES, Process, Rows

from syndic.drift.baseline.seasonal import season_key
from syndic.drift.measures.usual import usual
from syndic.drift.models import DriftPolicy, Season
from syndic.drift.summaries import Summaries, summarise_windows
from syndic.drift.verdict.persistence import confirmed_at
from syndic.models import TimeWindow, WindowLength
from syndic.windows import Window
from syndic.windows.tables.dataframe import categories_of, from_columns

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
EPOCH = int(START.timestamp()) // 3600
POLICY = DriftPolicy()
ALL = {**PROCESSES, **OTHERS}


@dataclass(frozen=True)
class Month:
    """What came of one month: alarms in its windows, windows with drift, and the season that was found."""

    alarms: int
    flagged: int
    windows: int
    season: Season
    found: int = 0
    tried: int = 0


def rows_of(rows: Rows) -> Window:
    """Simulated rows as a window with times."""
    window = from_columns(rows.columns)
    times = (np.asarray(rows.hours, np.int64) + EPOCH).astype("datetime64[h]").astype("datetime64[ms]")
    return Window(window.rows, window.columns, times=times, intake=window.intake)


def learn(process: Process, random: np.random.Generator) -> Summaries:
    """The baseline of a process, as `syndic baseline set --time-column` makes it."""
    rows = process.baseline(random)
    window = rows_of(rows)
    groups = None
    if rows.groups is not None:
        column = categories_of(rows.groups.tolist())
        groups = ("person", lambda: [column])
    return summarise_windows(lambda: [window], hours=process.hours, groups=groups)


def look(process: Process, known: Summaries, rows: Rows, window: TimeWindow) -> tuple[str, ...]:
    """The columns that drift in a window."""
    key = season_key(window, known.season)
    baseline = known.baseline if key is None else known.parts.get(key, known.baseline)
    season = known.season if key in known.parts else Season.NONE
    now = rows_of(rows)
    if rows.groups is not None:
        now = replace(now, columns={**now.columns, "person": categories_of(rows.groups.tolist())})
    return drifting(now, baseline, POLICY, usual(known.baseline, process.hours, season))


def month(name: str, seed: int, hours: int) -> Month:
    """A month of one process without a change, then steps in all its columns."""
    process = ALL[name](np.random.default_rng([seed, 1]))
    random = np.random.default_rng([seed, 2])
    known = learn(process, random)
    length = WindowLength.HOUR if process.hours == 1 else WindowLength.DAY
    persistence = POLICY.persistence_for(length)
    drifted: dict[str, tuple[str, ...]] = {}
    ringing: set[str] = set()
    empty: set[str] = set()
    alarms = flagged = windows = 0
    for hour in range(720, 720 + hours, process.hours):
        window = length.around(START + timedelta(hours=hour))
        if not process.has(hour):
            empty.add(window.key)
            continue
        drifted[window.key] = look(process, known, process.window(hour, random), window)
        now = set(confirmed_at(window, drifted, persistence, length, empty))
        alarms, ringing = alarms + len(now - ringing), now
        flagged, windows = flagged + bool(drifted[window.key]), windows + 1
    found = tried = 0
    for first in range(720, 720 + hours - 3 * process.hours, max(3 * process.hours, hours // 8)):
        drifted, confirmed = {}, set()
        hours_with_rows = [one for one in range(first, 720 + hours, process.hours) if process.has(one)]
        for hour in hours_with_rows[:3]:
            window = length.around(START + timedelta(hours=hour))
            drifted[window.key] = look(process, known, process.window(hour, random, step=True), window)
            confirmed |= set(confirmed_at(window, drifted, persistence, length, empty))
        stepping = process.stepping()
        found, tried = found + len(confirmed & stepping), tried + len(stepping)
    return Month(alarms, flagged, windows, known.season, found, tried)


def line(name: str, months: Sequence[Month], hours: int) -> bool:
    """Print what came of a process. Whether a goal was missed."""
    scale = 720 / hours
    alarms = [one.alarms * scale for one in months]
    mean = sum(alarms) / len(alarms)
    error = float(np.std(alarms, ddof=1)) / math.sqrt(len(alarms)) if len(alarms) > 1 else math.nan
    flagged = 100 * sum(one.flagged for one in months) / max(1, sum(one.windows for one in months))
    tried = sum(one.tried for one in months)
    share = sum(one.found for one in months) / max(1, tried)
    spread = math.sqrt(share * (1 - share) / max(1, tried))
    seasons = ",".join(sorted({one.season.value for one in months}))
    print(
        f"{name:<46} {mean:7.2f} ({error:.2f}) {flagged:8.2f} {100 * share:9.1f} ({100 * spread:.1f}) {tried:6}  "
        f"{seasons}",
        flush=True,
    )
    return mean > 1.0 or share < 0.95


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=4, help="of each process, each with a baseline of its own")
    parser.add_argument("--hours", type=int, default=720, help="of a month that are simulated")
    parser.add_argument("--only", nargs="*", default=[], help="names of processes, or beginnings of them")
    parser.add_argument("--seed", type=int, default=0, help="of the first month; the others take the next ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    names = [name for name in ALL if not given.only or any(name.startswith(one) for one in given.only)]
    print(
        f"{COLUMNS} columns, baseline of 720 hours, {given.months} months of "
        f"{given.hours} hours a process, seeds {given.seed} to {given.seed + given.months - 1}"
    )
    print(f"{'process':<46} alarms a month (SE), windows with drift %, steps found % (SE) of, season")
    missed = False
    with ProcessPoolExecutor(given.jobs) as pool:
        seeds = range(given.seed, given.seed + given.months)
        jobs = {name: [pool.submit(month, name, seed, given.hours) for seed in seeds] for name in names}
        for name, running in jobs.items():
            missed = line(name, [one.result() for one in running], given.hours) or missed
    print("goal: at most 1 alarm a model-month, steps found in at least 95 %: " + ("missed" if missed else "met"))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
