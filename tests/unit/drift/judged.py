"""Samples and the verdicts that drift's rules give them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.summary import summarise
from syndic.drift.counts.count_rows import count
from syndic.drift.models import DriftPolicy, FeatureDrift, Verdict
from syndic.drift.verdict.judge import judge
from syndic.windows.tables.dataframe import from_columns

Values = NDArray[np.float64] | NDArray[np.object_]


def feature(before: Values, now: Values, policy: DriftPolicy | None = None) -> FeatureDrift:
    baseline = summarise([from_columns({"c": before})])
    return judge(baseline, count(from_columns({"c": now}), baseline), policy or DriftPolicy()).features["c"]


def drifts(draw: Callable[[np.random.Generator], tuple[Values, Values]], windows: int, seed: int = 0) -> int:
    """In how many windows, each with a baseline of its own, there is drift."""
    random = np.random.default_rng(seed)
    return sum(feature(*draw(random)).verdict is Verdict.DRIFT for _ in range(windows))


def levels(random: np.random.Generator, shares: NDArray[np.float64], rows: int, name: str = "v") -> NDArray[np.object_]:
    drawn = random.choice(len(shares), rows, p=shares / shares.sum())
    return np.array([f"{name}{level}" for level in drawn.tolist()], object)


def plans(random: np.random.Generator, rows: int, names: tuple[str, ...]) -> NDArray[np.object_]:
    return np.asarray(random.choice(np.array(names, object), rows, p=[0.4, 0.3, 0.2, 0.1]))


# Long tails


def zipf(size: int) -> NDArray[np.float64]:
    return 1.0 / np.arange(1, size + 1)


def moved(shares: NDArray[np.float64], where: str) -> NDArray[np.float64]:
    """A fifth of the mass moved from rows at random into the rare half, or to values that were never there."""
    shares = shares / shares.sum()
    if where == "tail":
        tail = np.arange(len(shares)) >= min(len(shares) // 2, 512)
        return 0.8 * shares + 0.2 * tail / tail.sum()
    return np.append(0.8 * shares, np.full(40, 0.2 / 40))
