"""What windows show along a few directions: how long they remember each other, and how long the tails of theirs are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_NEIGHBOURS: Final = 8
_TOO_NEAR_ONE: Final = 0.98
_NOTHING: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What is known of the scores: the variance along each direction, and where it is from.

    Attributes:
        spread: Variance between windows, by direction.
        sampling: What one row adds to it by sampling, by direction.
        rows: Of each window.
        weights: Of each window; their sum is 1.
    """

    spread: Floats
    sampling: Floats
    rows: Ints
    weights: Floats


def memory(scores: Floats, times: Ints, known: Scores) -> tuple[float, float]:
    """Correlation of neighbouring windows, 0 to 0.98, and its standard error; both 0 where nothing can be said.

    Sampling adds nothing to the covariance of neighbours, and to its error what it adds to their variance. Directions
    count by their variance, for the largest decides how far a window may lie. A short series tells too little of it, by
    ``(1 + 4 r) / n``.

    Args:
        scores: Windows x directions.
        times: Of each window, in lengths of a window, rising.
        known: Of the scores.

    Source: Kendall, Biometrika 41, 1954, for the bias; Bartlett 1946 for the error.

    Example:
        >>> wave = np.cos(np.arange(400) / 5.0)[:, None]
        >>> known = Scores(np.array([0.5]), np.zeros(1), np.full(400, 100), np.full(400, 1 / 400))
        >>> round(memory(wave, np.arange(400), known)[0], 2)
        0.98
    """
    weights = known.spread / np.max(known.spread, initial=_NOTHING)
    noise = known.sampling * float((1.0 / known.rows).mean())
    variances = np.maximum(known.spread, (scores**2).mean(axis=0) - noise)
    variance = float((weights * variances).sum())
    next_to = np.flatnonzero(np.diff(times) == 1)
    if variance <= 0.0 or len(next_to) < FEWEST_NEIGHBOURS:
        return 0.0, 0.0
    products = (scores[next_to] * scores[next_to + 1]).mean(axis=0)
    found = float(np.clip((weights * products).sum() / variance, -1.0, 1.0))
    found += (1.0 + 4.0 * found) / len(next_to)
    relative = float((weights * noise).sum()) / variance
    square = min(_TOO_NEAR_ONE, abs(found)) ** 2
    error = math.sqrt((1.0 - square + 2.0 * relative + relative**2) / len(next_to))
    return min(_TOO_NEAR_ONE, max(0.0, found)), error


def kurtosis(scores: Floats, fourth: float, correlation: float, known: Scores) -> tuple[float, float]:
    """By how much squared scores vary more than normal ones do beyond sampling, and the standard error.

    Of an elliptical distribution the mean of the squared sum of squares is ``1 + kurtosis`` times that of the normal
    one with its covariance. Sampling adds normal variance and its own fourth cumulant.

    Args:
        scores: Windows x directions.
        fourth: Fourth cumulant of one row's squared length along the directions.
        correlation: Of neighbouring windows.
        known: Of the scores.

    Source: Mardia, Biometrika 57, 1970.

    Example:
        >>> random = np.random.default_rng(1)
        >>> known = Scores(np.ones(1), np.zeros(1), np.full(2000, 100), np.full(2000, 1 / 2000))
        >>> normal, long = random.standard_normal((2000, 1)), random.laplace(size=(2000, 1)) / 2**0.5
        >>> [round(kurtosis(one, 0.0, 0.0, known)[0], 1) for one in (normal, long)]
        [0.0, 0.8]
    """
    if not len(known.spread):
        return 0.0, 0.0
    squares = (scores**2).sum(axis=1)
    total = known.spread + known.sampling / known.rows[:, None]
    normal = total.sum(axis=1) ** 2 + 2.0 * (total**2).sum(axis=1)
    unit = float(known.spread.sum() ** 2 + 2.0 * (known.spread**2).sum())
    usual = float((known.weights[:, None] * total).sum())
    mean = float((known.weights * squares).sum()) / usual
    beyond = squares**2 - mean**2 * normal - fourth / known.rows.astype(np.float64) ** 3
    excess = float((known.weights * beyond).sum()) / unit
    lasting = correlation * float(known.spread.sum()) / usual
    windows = (1.0 - lasting**4) / (1.0 + lasting**4) / float((known.weights**2).sum())
    spare = float((known.weights * normal).sum()) / unit
    return excess + 2.0 * spare / windows, spare * math.sqrt(24.0 / 9.0 / max(1.0, windows))
