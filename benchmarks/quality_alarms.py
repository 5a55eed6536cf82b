"""How often the data checks call out a window in which nothing changed, by kind of column and rows of a window.

Run: ``make bench-alarms``, or ``python benchmarks/quality_alarms.py --windows 200`` for a quick look.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from multiprocessing import Pool

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.expectations import expectations
from syndic.drift.baseline.summary import summarise
from syndic.quality.data.profile import Profile
from syndic.quality.data.rules import expected_columns, find_issues
from syndic.quality.models import Expectation, QualityPolicy
from syndic.windows.tables.dataframe import from_columns

Columns = dict[str, NDArray[np.float64] | NDArray[np.object_]]
Draw = Callable[[np.random.Generator, int], Columns]

WINDOWS = (60, 300, 1_000, 10_000)
BASELINES = (1_000, 10_000, 50_000)
BASELINES_DRAWN = 20  # a baseline errs for all of its windows, so each cell draws several
POLICY = QualityPolicy()


def _text(levels: int) -> Draw:
    shares = 1 / np.arange(1, levels + 1)
    shares /= shares.sum()
    names = np.array([f"value {place}" for place in range(levels)], object)
    return lambda random, size: {"text": names[random.choice(levels, size, p=shares)]}


def _states(random: np.random.Generator, size: int) -> Columns:
    """51 columns of 0 and 1, of which one is 1 in each row: a state, one-hot, as in a well-known churn data set."""
    shares = np.random.default_rng(51).dirichlet(np.full(51, 30.0))
    state = random.choice(51, size, p=shares)
    return {f"state_{place}": (state == place).astype(float) for place in range(51)}


KINDS: dict[str, Draw] = {
    "normal": lambda random, size: {"x": random.normal(size=size)},
    "heavy tail": lambda random, size: {"x": random.standard_cauchy(size)},
    "50 numbers": lambda random, size: {f"x{place}": random.lognormal(size=size) for place in range(50)},
    "tied": lambda random, size: {"x": random.poisson(2.0, size).astype(float)},
    "zero-inflated": lambda random, size: {
        "x": np.where(random.random(size) < 0.95, 0.0, random.exponential(size=size))
    },
    "flag of 1 %": lambda random, size: {"x": (random.random(size) < 0.01).astype(float)},
    "flag of 0.1 %": lambda random, size: {"x": (random.random(size) < 0.001).astype(float)},
    "infinite 0.1 %": lambda random, size: {"x": np.where(random.random(size) < 0.001, np.inf, random.random(size))},
    "missing 30 %": lambda random, size: {"x": np.where(random.random(size) < 0.3, np.nan, random.random(size))},
    "51 states, one-hot": _states,
    "text of 20": _text(20),
    "text of 200": _text(200),
    "text of 2,000": _text(2_000),
    "text of 50,000": _text(50_000),
}


def called_out(kind: str, baseline_rows: int, rows: int, windows: int, seed: int) -> int:
    """How many of so many unchanged windows have an issue."""
    random, draw, found = np.random.default_rng([seed, baseline_rows, rows]), KINDS[kind], 0
    for place in range(windows):
        if place % max(1, windows // BASELINES_DRAWN) == 0:
            known = expectations(summarise([from_columns(draw(random, baseline_rows))]))
            expected = expected_columns({n: Expectation.model_validate(one) for n, one in known.items()}, POLICY)
        profile = Profile(expected)
        profile.add(from_columns(draw(random, rows)))
        found += bool(find_issues(profile, POLICY))
    return found


def main() -> None:
    """Print a table: share of windows with any issue, and its standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=2_000, help="for each kind, size of window and of baseline")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    cells = [(kind, known, rows, given.windows, 12) for kind in KINDS for rows in WINDOWS for known in BASELINES]
    with Pool(given.processes) as pool:
        found = dict(zip([cell[:3] for cell in cells], pool.starmap(called_out, cells, chunksize=1), strict=True))
    runs = given.windows * len(BASELINES)
    print(
        f"Quality: unchanged windows with an issue, {runs:,} each, a third for each baseline of 1,000, 10,000, 50,000"
    )
    print(f"{'kind':20}" + "".join(f"{f'{rows:,} rows':>20}" for rows in WINDOWS))
    every = 0
    for kind in KINDS:
        cells_of_kind = []
        for rows in WINDOWS:
            count = sum(found[kind, known, rows] for known in BASELINES)
            every += count
            cells_of_kind.append(f"{_share(count, runs):>20}")
        print(f"{kind:20}" + "".join(cells_of_kind))
    worst = max(found, key=lambda cell: found[cell])
    print(
        f"all: {_share(every, runs * len(KINDS) * len(WINDOWS))}; worst cell: {worst[0]}, {worst[2]:,} rows against "
        f"{worst[1]:,}: {_share(found[worst], given.windows)}"
    )


def _share(count: int, runs: int) -> str:
    share = count / runs
    return f"{100 * share:.2f} % (+-{100 * math.sqrt(max(share, 1 / runs) * (1 - share) / runs):.2f})"


if __name__ == "__main__":
    main()
