"""How often drift alarms are false, and how soon a real shift is found: `make bench-alarms`.

Simulated, with fixed seeds. First single columns of many kinds and sizes: see `alarm_cells`. Then a model with 60
columns, checked every hour for 30 days against a fixed baseline, by the default policy (effect size and corrected
significance, 2 of the last 3 windows). At first nothing changes; then one column shifts by a PSI of 0.25 and stays
there. The naive rule, any column with a KS or chi-square p under 0.05, is beside it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from alarm_cells import BASELINES, WINDOWS, Rate, cells, changes, unchanged, verdicts

from syndic.drift.baseline.model import Baseline
from syndic.drift.baseline.summary import summarise
from syndic.drift.counts.count_rows import count
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.verdict.judge import judge
from syndic.drift.verdict.persistence import confirmed_at
from syndic.models import WindowLength
from syndic.statistics.two_sample import psi
from syndic.windows import Categories
from syndic.windows.tables.dataframe import from_columns

NUMERIC, CATEGORICAL, BASELINE_ROWS = 50, 10, 50_000
START = datetime(2026, 1, 1, tzinfo=UTC)
Columns = dict[str, "NDArray[np.float64] | Categories"]


def draw(rows: int, random: np.random.Generator, shift: float = 0.0) -> Columns:
    """60 columns without any change, but for the first, which moves by `shift` standard deviations."""
    columns: Columns = {}
    normal = random.standard_normal((NUMERIC, rows))
    normal[0] += shift
    for place in range(NUMERIC):
        values = normal[place]
        if place % 4 == 1:
            values = np.exp(1.2 * values)
        elif place % 4 == 2:
            values = np.floor(4.0 * values)
        elif place % 4 == 3:
            values = np.where(random.random(rows) < 0.04, np.nan, values)
        columns[f"number_{place:02d}"] = values
    for place in range(CATEGORICAL):
        size = 3 + 4 * place
        share = 1.0 / np.arange(1, size + 1)
        edges = np.cumsum(share / share.sum())
        codes = np.minimum(np.searchsorted(edges, random.random(rows)), size - 1).astype(np.int32)
        columns[f"text_{place:02d}"] = Categories(codes, tuple(f"v{level}" for level in range(size)))
    return columns


def shift_of(wanted: float) -> float:
    """The shift, in standard deviations, that gives a PSI over normal deciles."""
    from statistics import NormalDist

    edges = [NormalDist().inv_cdf(place / 10) for place in range(1, 10)]

    def value(shift: float) -> float:
        cdf = [0.0, *(NormalDist(shift).cdf(edge) for edge in edges), 1.0]
        shares = np.diff(cdf)
        return psi(np.full(10, 10**8), np.rint(shares * 1e9).astype(np.int64))

    low, high = 0.0, 3.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) < wanted else (low, middle)
    return low


def windows(hours: int) -> Iterator[tuple[int, object]]:
    for hour in range(hours):
        yield hour, WindowLength.HOUR.around(START + timedelta(hours=hour))


def look(columns: Columns, baseline: Baseline, policy: DriftPolicy) -> tuple[tuple[str, ...], bool]:
    """The columns that drift by the policy, and whether the naive rule would ring."""
    judged = judge(baseline, count(from_columns(columns), baseline), policy)
    p_values = [feature.ks.p_value for feature in judged.features.values()]
    p_values += [feature.chi_square.p_value for feature in judged.features.values()]
    return judged.drifted, any(p is not None and p < 0.05 for p in p_values)


def month(rows: int, hours: int, seed: int) -> tuple[int, int, int]:
    """Windows with drift, alarms (a column newly confirmed), and naive alarms in a month without any change."""
    random = np.random.default_rng(seed)
    baseline = summarise([from_columns(draw(BASELINE_ROWS, random))])
    policy = DriftPolicy()
    persistence = policy.persistence_for(WindowLength.HOUR)
    drifted: dict[str, tuple[str, ...]] = {}
    flagged = alarms = naive = 0
    ringing: set[str] = set()
    for _, window in windows(hours):
        found, loud = look(draw(rows, random), baseline, policy)
        drifted[window.key] = found
        confirmed = set(confirmed_at(window, drifted, persistence, WindowLength.HOUR))
        alarms += len(confirmed - ringing)
        ringing = confirmed
        flagged, naive = flagged + bool(found), naive + loud
    return flagged, alarms, naive


def detection(rows: int, runs: int, seed: int) -> tuple[float, float]:
    """Shares of runs in which a PSI of 0.25 in one column is confirmed within two and within three windows."""
    shift, random = shift_of(0.25), np.random.default_rng(seed)
    policy = DriftPolicy()
    persistence = policy.persistence_for(WindowLength.HOUR)
    baseline = summarise([from_columns(draw(BASELINE_ROWS, random))])
    within = [0, 0, 0]
    for _ in range(runs):
        drifted: dict[str, tuple[str, ...]] = {}
        for hour, window in windows(3):
            drifted[window.key], _ = look(draw(rows, random, shift), baseline, policy)
            if "number_00" in confirmed_at(window, drifted, persistence, WindowLength.HOUR):
                within[hour] += 1
                break
    return (within[0] + within[1]) / runs, sum(within) / runs


def quiet(windows: int, pool: ProcessPoolExecutor) -> bool:
    """Print the false alarms of every kind of column. Whether a goal was missed."""
    print(f"drift in unchanged windows, per cent (standard error), {windows:,} windows a cell; n/c: not comparable")
    print("  baseline / window   " + "".join(f"{f'{b:,} / {w:,}':>18}" for b in BASELINES for w in WINDOWS))
    listed, shares, line = cells(), [], ""
    for place, rate in enumerate(pool.map(unchanged, listed, [windows] * len(listed))):
        shares.append(rate.share)
        line += f"{_cell(rate):>18}"
        if (place + 1) % (len(BASELINES) * len(WINDOWS)) == 0:
            print(f"  {listed[place][0]:<20}{line}", flush=True)
            line = ""
    average, largest = sum(shares) / len(shares), max(shares)
    print(f"average {average:.2%} (goal 1 %), largest cell {largest:.2%} (goal 1.7 %)")
    return average > 0.01 or largest > 0.017


def _cell(rate: Rate) -> str:
    text = f"{100 * rate.share:.2f} ({100 * rate.error:.2f})"
    return f"{text} n/c {100 * rate.unanswered:.0f}" if rate.unanswered else text


def power(windows: int, pool: ProcessPoolExecutor) -> bool:
    """Print how often changes are found in 500 rows against 10,000. Whether a goal was missed."""
    print(f"found in 500 rows against 10,000, per cent (standard error), {windows:,} windows each")
    names = list(changes())
    found = list(pool.map(_power, names, [windows] * len(names)))
    for name, rate in zip(names, found, strict=True):
        print(f"  {name:<52} {100 * rate.share:6.1f} ({100 * rate.error:.1f})")
    print(f"least {min(rate.share for rate in found):.1%} (goal 90 %)")
    return min(rate.share for rate in found) < 0.9


def _power(name: str, windows: int) -> Rate:
    before, now = changes()[name]
    return verdicts(before, now, rows=500, baseline_rows=10_000, windows=windows, seed=len(name))


def months(sizes: list[int], hours: int, wanted: int) -> bool:
    """Print the alarms of a month, and how soon a shift is found. Whether a goal was missed."""
    print(f"{NUMERIC} numeric and {CATEGORICAL} text columns, baseline of {BASELINE_ROWS:,} rows, {hours} hours")
    print("   rows  windows with drift  alarms  naive alarms   PSI 0.25 found within 2 windows  within 3")
    wrong = False
    for place, rows in enumerate(sizes):
        flagged, alarms, naive = month(rows, hours, seed=100 + place)
        runs = max(40, wanted * 2_000 // max(rows, 2_000))
        two, three = detection(rows, runs, seed=200 + place)
        print(f"{rows:>7,}  {flagged:>18}  {alarms:>6}  {naive:>12}   {two:>30.1%}  {three:>8.1%}  ({runs} runs)")
        wrong = wrong or alarms > 1 or three < 0.95
    print("goal: at most 1 alarm, found within 3 windows in at least 95 % of runs: " + ("missed" if wrong else "met"))
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[500, 2_000, 10_000, 50_000], help="none: no month")
    parser.add_argument("--hours", type=int, default=720)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--windows", type=int, default=2_000, help="of a cell; 0: no cells")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    missed = []
    if given.windows:
        with ProcessPoolExecutor(given.jobs) as pool:
            missed += [quiet(given.windows, pool), power(max(1, given.windows // 4), pool)]
    if given.rows:
        missed.append(months(given.rows, given.hours, given.runs))
    sys.exit(1 if any(missed) else 0)


if __name__ == "__main__":
    main()
