"""False alarms and power of the verdict on one column, by its kind and the rows on both sides: `make bench-alarms`.

Nothing changes: each kind of column, with windows of 300, 1,000 and 10,000 rows against baselines of 1,000, 10,000 and
50,000, 2,000 windows a cell. Baselines are drawn anew, one of 1,000 rows for every window, a larger one for every
fourth, so a cell speaks of all baselines; the standard error is that of the means by baseline.
Something changes: 500 rows against 10,000.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

from syndic.drift.baseline.summary import summarise
from syndic.drift.counts.count_rows import count
from syndic.drift.models import Verdict
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.verdict.judge import judge
from syndic.windows import Categories, Column
from syndic.windows.tables.dataframe import from_columns

WINDOWS, BASELINES = (300, 1_000, 10_000), (1_000, 10_000, 50_000)
OFTEN, SELDOM = 1, 4
"""Windows that are compared with one baseline before the next is drawn, of 1,000 rows and of more."""

Draw = Callable[[np.random.Generator, int], Column]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Rate:
    """How often something happened, its standard error, and how often no answer was given, in shares."""

    share: float
    error: float
    unanswered: float


def falling(levels: int) -> Shares:
    """Shares of levels by Zipf's law."""
    shares = 1.0 / np.arange(1, levels + 1)
    return shares / shares.sum()


def text(shares: Shares) -> Draw:
    """A text column with these shares, its rows in the order of their levels."""
    steps, names = np.cumsum(shares), [f"v{level}" for level in range(len(shares))]

    def draw(random: np.random.Generator, rows: int) -> Column:
        if 5 * rows > len(shares):
            drawn = random.multinomial(rows, shares)
            seen = np.flatnonzero(drawn)
            codes = np.repeat(np.arange(len(seen)), drawn[seen])
        else:
            places = np.minimum(np.searchsorted(steps, random.random(rows)), len(shares) - 1)
            seen, codes = np.unique(places, return_inverse=True)
        return Categories(codes.astype(np.int32), tuple([names[level] for level in seen.tolist()]))

    return draw


def normal(shift: float = 0.0) -> Draw:
    return lambda random, rows: random.normal(shift, 1.0, rows)


def heavy(shift: float = 0.0) -> Draw:
    return lambda random, rows: np.exp(1.5 * random.normal(shift, 1.0, rows))


def tied(mean: float = 3.0) -> Draw:
    return lambda random, rows: random.poisson(mean, rows).astype(float)


def inflated(zeros: float = 0.9) -> Draw:
    return lambda random, rows: np.where(random.random(rows) < zeros, 0.0, random.exponential(1.0, rows))


def inflated_counts(zeros: float = 0.9) -> Draw:
    return lambda random, rows: np.where(random.random(rows) < zeros, 0.0, 1.0 + random.poisson(3.0, rows))


def flag(share: float = 0.01) -> Draw:
    return lambda random, rows: (random.random(rows) < share).astype(float)


def far_out(draw: Draw, deviations: float, share: float = 0.05) -> Draw:
    """The column with a share of its rows moved up."""
    return lambda random, rows: np.asarray(draw(random, rows)) + deviations * (random.random(rows) < share)


def infinite(draw: Draw, share: float) -> Draw:
    """The column with a share of its rows infinite."""
    return lambda random, rows: np.where(random.random(rows) < share, np.inf, np.asarray(draw(random, rows)))


KINDS: Mapping[str, Draw] = {
    "normal": normal(),
    "heavy tail": heavy(),
    "tied": tied(),
    "zero-inflated": inflated(),
    "zero-inflated counts": inflated_counts(),
    "rare flag": flag(),
    "0.1 % infinite": infinite(normal(), 0.001),
    "text, 20 levels": text(falling(20)),
    "text, 200": text(falling(200)),
    "text, 2,000": text(falling(2_000)),
    "text, 50,000": text(falling(50_000)),
    "text, 200 alike": text(np.full(200, 1 / 200)),
    "text, 2,000 alike": text(np.full(2_000, 1 / 2_000)),
}


def verdicts(before: Draw, now: Draw, *, rows: int, baseline_rows: int, windows: int, seed: int) -> Rate:
    """The rate of drift over windows of `now` against baselines of `before`, with the default policy."""
    random, policy = np.random.default_rng(seed), DriftPolicy()
    means, unanswered = [], 0
    each = OFTEN if baseline_rows <= 1_000 else SELDOM
    for _ in range(windows // each):
        baseline = summarise([from_columns({"c": before(random, baseline_rows)})])
        found = [
            judge(baseline, count(from_columns({"c": now(random, rows)}), baseline), policy).verdict
            for _ in range(each)
        ]
        means.append(found.count(Verdict.DRIFT) / each)
        unanswered += sum(verdict in {Verdict.NOT_COMPARABLE, Verdict.NOT_ENOUGH_DATA} for verdict in found)
    error = float(np.std(means, ddof=1)) / math.sqrt(len(means))
    return Rate(float(np.mean(means)), error, unanswered / (each * len(means)))


def cells() -> list[tuple[str, int, int]]:
    """All cells: kind, rows of the baseline, rows of the window."""
    return list(product(KINDS, BASELINES, WINDOWS))


def unchanged(cell: tuple[str, int, int], windows: int) -> Rate:
    """The rate of false alarms in a cell."""
    kind, baseline_rows, rows = cell
    place = BASELINES.index(baseline_rows) * len(WINDOWS) + WINDOWS.index(rows)
    seed = 1_000 * list(KINDS).index(kind) + place
    return verdicts(KINDS[kind], KINDS[kind], rows=rows, baseline_rows=baseline_rows, windows=windows, seed=seed)


def changes() -> dict[str, tuple[Draw, Draw]]:
    """Changes that must be found: by name, the column before and now."""
    deviation = math.sqrt((math.exp(2.25) - 1.0) * math.exp(2.25))
    shift = _solved(_normal_psi, 0.25, 0.0, 3.0)
    mean = _solved(lambda move: _poisson_psi(3.0, 3.0 + move), 0.25, 0.0, 3.0)
    zeros = _solved(lambda move: _psi(np.array([0.9, 0.1]), np.array([0.9 - move, 0.1 + move])), 0.25, 0.0, 0.8)
    found = {
        "normal, PSI 0.25": (normal(), normal(shift)),
        "heavy tail, PSI 0.25": (heavy(), heavy(shift)),
        "tied, PSI 0.25": (tied(), tied(3.0 + mean)),
        "zero-inflated, PSI 0.25": (inflated(), inflated(0.9 - zeros)),
        "zero-inflated counts, PSI 0.25": (inflated_counts(), inflated_counts(0.9 - zeros)),
        "flag, 1 % to 8 %": (flag(), flag(0.08)),
        "flag as text, 1 % to 8 %": (text(np.array([0.99, 0.01])), text(np.array([0.92, 0.08]))),
        "normal, 5 % by 10 deviations": (normal(), far_out(normal(), 10.0)),
        "heavy tail, 5 % by 10 deviations": (heavy(), far_out(heavy(), 10.0 * deviation)),
        "none to 3 % infinite": (normal(), infinite(normal(), 0.03)),
        "a level of 10 % renamed": (text(np.array([0.4, 0.3, 0.2, 0.1])), text(np.array([0.4, 0.3, 0.2, 0.0, 0.1]))),
        "a new level of 5 %": (text(falling(20)), text(np.append(0.95 * falling(20), 0.05))),
    }
    for levels in (20, 200, 2_000, 50_000):
        before = falling(levels)
        for where, now in moved(before).items():
            found[f"text, {levels:,} levels, 20 % {where}"] = text(before), text(now)
    for levels in (200, 2_000):
        before = np.full(levels, 1 / levels)
        found[f"text, {levels:,} alike, 20 % of rows to new values"] = (
            text(before),
            text(moved(before)["of rows to new"]),
        )
    return found


def moved(shares: Shares, part: float = 0.2) -> dict[str, Shares]:
    """The shares with a part of all rows moved: from the most frequent levels, and from rows at random."""
    left = np.maximum(0.0, part - (np.cumsum(shares) - shares))
    taken = shares - np.minimum(shares, left)
    half = min(len(shares) // 2, 512)
    places = np.arange(len(shares))
    tail, listed = places >= half, (places < half) & (taken == shares)
    fewer = (1.0 - part) * shares
    return {
        "from the top to listed levels": taken + part * listed / listed.sum(),
        "from the top into the tail": taken + part * tail / tail.sum(),
        "from the top to 50 new values": np.append(taken, np.full(50, part / 50)),
        "of rows into the tail": fewer + part * tail / tail.sum(),
        "of rows to new": np.append(fewer, np.full(200, part / 200)),
    }


def _psi(before: Shares, now: Shares) -> float:
    return float(np.sum((now - before) * np.log(now / before)))


def _normal_psi(shift: float) -> float:
    edges = [NormalDist().inv_cdf(place / 10) for place in range(1, 10)]
    steps = np.array([0.0, *(NormalDist(shift).cdf(edge) for edge in edges), 1.0])
    return _psi(np.full(10, 0.1), np.diff(steps))


def _poisson_psi(mean: float, other: float) -> float:
    places = range(20)
    both = [
        np.array([math.exp(place * math.log(m) - m - math.lgamma(place + 1)) for place in places])
        for m in (mean, other)
    ]
    return _psi(*both)


def _solved(value: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) < wanted else (low, middle)
    return low
