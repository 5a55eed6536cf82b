"""Confidence intervals of proportions, means and ranks. Pure functions; each names its source."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
Floats = NDArray[np.float64]


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a proportion, within [0, 1]. The whole range without a trial.

    Source: Wilson, JASA 22, 1927.
    """
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    squared = z * z
    centre = (share + squared / (2 * trials)) / (1 + squared / trials)
    half = z / (1 + squared / trials) * math.sqrt(share * (1 - share) / trials + squared / (4 * trials * trials))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == trials else min(1.0, centre + half)


def mean_interval(values: Floats, z: float = Z95) -> tuple[float, float, float]:
    """A mean and its normal interval, from the sample standard deviation."""
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.inf
    return mean, mean - z * error, mean + z * error


def root_interval(squares: Floats, z: float = Z95) -> tuple[float, float, float]:
    """The root of a mean of squares (RMSE) and the interval of that mean, carried through the root."""
    mean, low, high = mean_interval(squares, z)
    return math.sqrt(mean), math.sqrt(max(0.0, low)), math.sqrt(high)


def auc_delong(positive: Floats, negative: Floats, z: float = Z95) -> tuple[float, float, float]:
    """Area under the ROC curve of scores, and DeLong's interval on the logit scale.

    0.5: scores say nothing; 1: every positive is above every negative; ties count half. With an area of 0 or 1, where
    the variance is 0, the end of Hanley and McNeil's rule of three is used. Sources: DeLong, DeLong & Clarke-Pearson,
    Biometrics 44, 1988; Sun & Xu, IEEE Signal Processing Letters 21, 2014 for the computation by midranks.
    """
    m, n = len(positive), len(negative)
    every = _midranks(np.concatenate((positive, negative)))
    above = (every[:m] - _midranks(positive)) / n
    below = 1.0 - (every[m:] - _midranks(negative)) / m
    auc = float(above.mean())
    variance = _variance(above) / m + _variance(below) / n
    if auc in {0.0, 1.0} or variance == 0.0:
        margin = min(1.0, 3.0 / min(m, n))
        return auc, max(0.0, auc - margin), min(1.0, auc + margin)
    logit = math.log(auc / (1.0 - auc))
    half = z * math.sqrt(variance) / (auc * (1.0 - auc))
    return auc, _expit(logit - half), _expit(logit + half)


def f1_interval(hits: int, false_alarms: int, misses: int, z: float = Z95) -> tuple[float, float, float]:
    """F1 = 2 TP / (2 TP + FP + FN), and the Wilson interval of the proportion TP / (TP + FP + FN) carried through.

    F1 is a rising function of that proportion (the Jaccard index), so its interval follows. Source: Takahashi et al.,
    Applied Intelligence 52, 2022, discuss F1 as such a function.
    """
    trials = hits + false_alarms + misses
    low, high = wilson(hits, trials, z)
    share = hits / trials if trials else 0.0
    return tuple(2 * part / (1 + part) for part in (share, low, high))  # type: ignore[return-value]


def _variance(values: Floats) -> float:
    """The sample variance; of a single value the largest there can be within [0, 1]."""
    return float(values.var(ddof=1)) if len(values) > 1 else 0.25


def _expit(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def _midranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing their mean rank."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    firsts = np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(ordered)]))
    sizes = np.diff(firsts)
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(firsts[:-1] + (sizes + 1) / 2.0, sizes)
    return ranks
