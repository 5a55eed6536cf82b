"""Two proportions compared again and again: evidence and limits that hold whenever, and however often, they are read.

Each stratum (a window) is a two-by-two table. Given its margins, the number of successes on the first side is
hypergeometric when both sides have the same odds, and Fisher's noncentral hypergeometric at an odds ratio. So the
likelihood ratio of an odds ratio against 1 has expectation 1 under "no difference", whatever the rate of that stratum
is and however the rates of several strata hang together. A product over strata, mixed over odds ratios by a prior that
is fixed beforehand, is a nonnegative martingale: an e-process. It exceeds c at any time with probability at most 1/c
(Ville 1939). Nothing here is asymptotic.

Sources: Robbins, Annals of Mathematical Statistics 41, 1970 (mixtures); Ramdas, Gruenwald, Vovk & Shafer, Statistical
Science 38, 2023 (e-processes); Turner & Gruenwald, 2023, and Howard et al., Annals of Statistics 49, 2021 (confidence
sequences).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.two_by_two import log_binomials

Floats = NDArray[np.float64]

_POINTS, _WIDEST, _DENSE = 121, 4.0, 0.15
LOG_ODDS: Floats = _DENSE * np.sinh(np.linspace(-1.0, 1.0, _POINTS) * math.asinh(_WIDEST / _DENSE))
"""The log odds ratios that are mixed: 121 from -4 to 4, a hundredth apart around 0 and wider outwards."""


def _log_sum(values: Floats) -> Floats:
    """Logarithm of the sum of exponentials along the last axis."""
    most = values.max(axis=-1, keepdims=True)
    return np.asarray(most[..., 0] + np.log(np.exp(values - most).sum(axis=-1)))


_SCALE = 0.5
_WEIGHTS: Floats = -np.abs(LOG_ODDS) / _SCALE + np.log(np.gradient(LOG_ODDS))
LOG_PRIOR: Floats = _WEIGHTS - _log_sum(_WEIGHTS)
"""Logarithm of the weight of each: Laplace's density with scale 0.5, half of it within odds of 1.4 to 1."""

_SUPPORT = 4096
"""Tables with at most this many possible counts are summed whole; of larger ones twelve deviations to each side."""


def cumulants(n1: int, n2: int, successes: int) -> Floats:
    """Logarithm of E[exp(l K)] for each l of `LOG_ODDS`, where K is hypergeometric.

    Args:
        n1: Rows of the first side.
        n2: Rows of the second side.
        successes: Of both sides together; K of them are on the first side.

    So ``l k - cumulants`` is the log likelihood ratio of a table with k successes on the first side. Zeros where a
    side has no row, or nobody or everybody succeeded: such a table says nothing.

    Source: Fisher, Journal of the Royal Statistical Society 98, 1935.

    Example:
        >>> kappa = cumulants(200, 200, 100)
        >>> float(kappa[0].round(2)), float(kappa[60].round(6)) == 0.0
        (-82.62, True)
    """
    if min(n1, n2, successes, n1 + n2 - successes) <= 0:
        return np.zeros(_POINTS)
    found = _cumulants(n1, n2, successes)
    return np.array(found)


@lru_cache(maxsize=1 << 14)
def _cumulants(n1: int, n2: int, successes: int) -> Floats:
    first, last = max(0, successes - n2), min(n1, successes)
    whole = float(log_binomials(n1 + n2, np.array([successes]))[0])

    def log_p(k: NDArray[np.int64]) -> Floats:
        return log_binomials(n1, k) + log_binomials(n2, successes - k) - whole

    if last - first < _SUPPORT:
        k = np.arange(first, last + 1)
        return _log_sum(log_p(k) + LOG_ODDS[:, None] * k)
    found = np.empty(_POINTS)
    for place, tilt in enumerate(LOG_ODDS.tolist()):
        middle, spread = _centre(n1, n2, successes, tilt)
        half = 12 * spread + 12
        k = np.arange(max(first, math.floor(middle - half)), min(last, math.ceil(middle + half)) + 1)
        found[place] = float(_log_sum(log_p(k) + tilt * k))
    return found


def _centre(n1: int, n2: int, successes: int, tilt: float) -> tuple[float, float]:
    """Mode and standard deviation of the noncentral hypergeometric distribution (Liao & Rosen 2001; Stevens 1951)."""
    odds = math.exp(tilt)
    a = odds - 1
    b = n2 - successes + (n1 + successes) * odds
    if abs(a) < 1e-9:
        mean = n1 * successes / (n1 + n2)
    else:
        mean = 2 * n1 * successes * odds / (b + math.sqrt(max(0.0, b * b - 4 * a * n1 * successes * odds)))
    cells = (mean, n1 - mean, successes - mean, n2 - successes + mean)
    return mean, math.sqrt(1 / sum(1 / max(cell, 0.5) for cell in cells))


def log_evidence(successes: float, kappa: Floats) -> float:
    """Logarithm of the e-process "the odds are equal in every stratum".

    Args:
        successes: Of the first side, over all strata.
        kappa: The sum of the strata's `cumulants`.

    Source: Robbins 1970; Ramdas et al. 2023.

    Example:
        >>> kappa = 8 * cumulants(200, 200, 66)
        >>> round(log_evidence(8 * 26, kappa), 2), round(log_evidence(8 * 33, kappa), 2)
        (11.86, -1.58)
    """
    return float(_log_sum(LOG_PRIOR + LOG_ODDS * successes - kappa))


def strongest(successes: float, kappa: Floats) -> float:
    """The largest log likelihood ratio of any of the odds ratios: half the deviance; never below 0.

    Source: Wilks, Annals of Mathematical Statistics 9, 1938, for the deviance.

    Example:
        >>> round(strongest(26, cumulants(200, 200, 66)), 2)
        1.78
    """
    return max(0.0, float(np.max(LOG_ODDS * successes - kappa)))


def log_odds_limits(successes: float, kappa: Floats, error: float) -> tuple[float, float]:
    """Confidence sequence for a log odds ratio that all strata share; an open side is infinite.

    It holds the truth at all times together with probability at least 1 - `error`. Limits are points of `LOG_ODDS`,
    rounded outwards.

    Source: Howard et al. 2021.

    Example:
        >>> [round(float(limit), 2) for limit in log_odds_limits(8 * 26, 8 * cumulants(200, 200, 66), 0.05)]
        [-0.86, -0.19]
    """
    likelihood = LOG_ODDS * successes - kappa
    inside = np.flatnonzero(log_evidence(successes, kappa) - likelihood < -math.log(error))
    if not len(inside):  # between two points: the likeliest and its neighbours
        inside = np.array([int(np.argmax(likelihood))])
    low, high = int(inside[0]) - 1, int(inside[-1]) + 1
    return (
        float(LOG_ODDS[low]) if low >= 0 else -math.inf,
        float(LOG_ODDS[high]) if high < _POINTS else math.inf,
    )


def rate_limits(successes: int, rows: int, error: float) -> tuple[float, float]:
    """Confidence sequence for a proportion: the beta-binomial mixture with Jeffreys' prior (Robbins 1970).

    Exact for independent rows with one rate. The whole range without a row.

    Source: Robbins 1970.

    Example:
        >>> [round(limit, 3) for limit in rate_limits(30, 100, 0.05)]
        [0.166, 0.463]
    """
    if rows == 0:
        return 0.0, 1.0
    misses = rows - successes
    marginal = math.lgamma(successes + 0.5) + math.lgamma(misses + 0.5) - math.lgamma(rows + 1) - math.log(math.pi)
    least = marginal + math.log(error)
    share = successes / rows

    def excluded(p: float) -> bool:
        log_p = (successes * math.log(p) if successes else 0.0) + (misses * math.log1p(-p) if misses else 0.0)
        return log_p < least

    def edge(outside: float, inside: float) -> float:
        for _ in range(50):
            middle = (outside + inside) / 2
            outside, inside = (middle, inside) if excluded(middle) else (outside, middle)
        return outside

    return (0.0 if successes == 0 else edge(0.0, share)), (1.0 if misses == 0 else edge(1.0, share))


def ratio_limits(log_odds: tuple[float, float], reference: tuple[float, float]) -> tuple[float, float]:
    """Limits of a ratio of rates, from those of the odds ratio and of the reference's rate; infinite where open.

    The ratio is odds / (1 - p + p odds), which rises with the odds and goes towards 1 as p rises.

    Source: the definition of both.

    Example:
        >>> [round(limit, 3) for limit in ratio_limits((-1.0, -0.2), (0.18, 0.22))]
        [0.415, 0.853]
    """

    def ratio(tilt: float, p: float) -> float:
        if math.isinf(tilt):
            return 0.0 if tilt < 0 else math.inf if p <= 0 else 1 / p
        odds = math.exp(tilt)
        return odds / (1 - p + p * odds)

    return min(ratio(log_odds[0], p) for p in reference), max(ratio(log_odds[1], p) for p in reference)


def difference_limits(log_odds: tuple[float, float], reference: tuple[float, float]) -> tuple[float, float]:
    """Limits of a difference of rates, likewise, within -1 and 1.

    Source: the definition of both.

    Example:
        >>> [round(limit, 3) for limit in difference_limits((-1.0, -0.2), (0.18, 0.22))]
        [-0.126, -0.028]
    """

    def difference(tilt: float, p: float) -> float:
        if math.isinf(tilt):
            return -p if tilt < 0 else 1 - p
        odds = math.exp(tilt)
        return p * odds / (1 - p + p * odds) - p

    def places(tilt: float) -> list[float]:
        steepest = 0.0 if math.isinf(tilt) else 1 / (1 + math.exp(tilt / 2))  # where the difference is largest
        return [*reference, min(max(steepest, reference[0]), reference[1])]

    low, high = log_odds
    return min(difference(low, p) for p in places(low)), max(difference(high, p) for p in places(high))


def share_of_error(generation: int) -> float:
    """The part of the allowed error for what is opened at the nth time (0: at first): 3/4, 1/8, 1/24, 1/48, ...

    The parts add up to 1, however often something is opened.

    Source: Bonferroni; the sum of 1 / (n (n + 1)) is 1.

    Example:
        >>> [round(share_of_error(n), 4) for n in range(4)]
        [0.75, 0.125, 0.0417, 0.0208]
    """
    return 0.75 if generation == 0 else 0.25 / (generation * (generation + 1))
