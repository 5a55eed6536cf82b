"""Columns of one service tell each other how their windows vary: estimates of each, drawn to those of all.

One column of 720 hours that remember each other hardly tells how long they do, how long the tails of their effects are,
or how much they vary. Sixty tell it, where they are alike; where they are not, each keeps its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.window_limits import Shown, Variation, settle

Floats = NDArray[np.float64]

_FAR_ERROR: Final = 0.3  # standard error of the logarithm of the farthest of a handful of bursts
_MOST_DEGREES: Final = 1000.0
_FEWEST_COLUMNS: Final = 3


def together(found: Sequence[Variation]) -> list[Variation]:
    """The same variations, with what the columns have in common.

    Correlation, tail and size of each are drawn to those of all as far as its own are uncertain. So is how far bursts
    reach, of columns that have them: of the largest of a few bursts a column alone tells little. No tail is taken to be
    shorter than that of all, for what is hidden in one column shows in many.

    Source: as `drawn_together` and `common_size`.

    Example:
        >>> shown = [Shown(np.array([[0.04]]), np.eye(1), np.array([0.04]), np.ones(1), (), r, 0.2, 0.0, 0.1,
        ...     effective=48.0, windows=48, parts=1, alike=48.0, gap=1.0, few_rows=70.0, usual_rows=1e9)
        ...     for r in (0.5, 0.7, 0.9)]
        >>> [round(one.correlation, 2) for one in together([settle(one) for one in shown])]
        [0.7, 0.7, 0.7]
    """
    varying = [place for place, one in enumerate(found) if one.total > 0.0 and one.shown.correlation_error > 0.0]
    if not varying:
        return list(found)
    shown = [found[place].shown for place in varying]
    correlations, _ = drawn_together([one.correlation for one in shown], [one.correlation_error for one in shown])
    kurtoses, shortest = drawn_together([one.kurtosis for one in shown], [one.kurtosis_error for one in shown])
    tails = [max(shortest, own) for own in kurtoses]
    drawn = [settle(one, r, k) for one, r, k in zip(shown, correlations, tails, strict=True)]
    usual, common = common_size([one.total for one in drawn], [_degrees(one) for one in drawn])
    settled = list(found)
    others = _columns_that_count(drawn) - 1.0
    for place, one, r, k in zip(varying, drawn, correlations, tails, strict=True):
        own = _degrees(one)
        more = min(common, others * own)
        size = (more * usual + own * one.total) / ((more + own) * one.total)
        settled[place] = settle(_scaled(one.shown, size), r, k, more=more * one.degrees / own)
    return _bursts_together(settled, varying)


def _columns_that_count(drawn: Sequence[Variation]) -> float:
    """How many columns count that move together: for a variance as many as ``m / (1 + (m - 1) r^2)`` independent ones.

    `r^2` is the mean squared correlation of their deviations beyond sampling, less what chance makes it.
    """
    lengths = {len(one.shown.leading) for one in drawn}
    if len(lengths) != 1 or 0 in lengths or len(drawn) < _FEWEST_COLUMNS:
        return 1.0
    series = np.array([one.shown.leading for one in drawn])
    sizes = np.sqrt((series**2).mean(axis=1, keepdims=True))
    series = series / np.where(sizes > 0.0, sizes, 1.0)
    known = np.array([_reliability(one.shown) for one in drawn])
    squares = (series @ series.T / max(1, series.shape[1])) ** 2 - 1.0 / min(one.degrees for one in drawn)
    squares /= np.outer(known, known)
    apart = ~np.eye(len(drawn), dtype=np.bool_)
    alike = float(np.clip(squares[apart].mean(), 0.0, 1.0))
    return len(drawn) / (1.0 + (len(drawn) - 1) * alike)


def _reliability(shown: Shown) -> float:
    """The part of the leading variance that is not sampling."""
    between, sampling = float(shown.spread[0]), float(shown.sampling[0]) / shown.usual_rows
    return between / (between + sampling)


def _degrees(one: Variation) -> float:
    """Degrees of freedom of a variance whose deviations have a tail: it is as much more uncertain."""
    return one.degrees / (1.0 + 1.5 * one.kurtosis)


def _scaled(shown: Shown, size: float) -> Shown:
    return replace(shown, between=size * shown.between, spread=size * shown.spread)


def _bursts_together(settled: list[Variation], varying: Sequence[int]) -> list[Variation]:
    bursting = [place for place in varying if settled[place].heaviness > 1.0]
    reach = [math.log(settled[place].heaviness * settled[place].total) for place in bursting]
    for place, far, drawn in zip(bursting, reach, drawn_together(reach, [_FAR_ERROR] * len(reach))[0], strict=True):
        heaviness = max(1.0, settled[place].heaviness * math.exp(drawn - far))
        settled[place] = replace(settled[place], heaviness=heaviness)
    return settled


def drawn_together(values: Sequence[float], errors: Sequence[float]) -> tuple[list[float], float]:
    """Each of some estimates of like things drawn to their mean, and that mean.

    Estimates that lie far out of the middle of all count in the mean as if they lay at its edge.

    Args:
        values: The estimates.
        errors: Their standard errors, over 0.

    Source: DerSimonian & Laird, Controlled Clinical Trials 7, 1986, for the spread between them; Morris, JASA 78, 1983.

    Example:
        >>> drawn, mean = drawn_together([0.1, 0.2, 0.9], [0.1, 0.1, 0.8])
        >>> [round(one, 2) for one in drawn], round(mean, 2)
        ([0.15, 0.15, 0.15], 0.15)
    """
    own, variances = np.asarray(values, np.float64), np.asarray(errors, np.float64) ** 2
    if not len(own):
        return [], 0.0
    middle = float(np.median(own))
    reach = 4.5 * float(np.median(np.abs(own - middle))) + float(np.median(np.sqrt(variances)))
    clipped = np.clip(own, middle - reach, middle + reach)
    weights = 1.0 / variances
    mean = float((weights * clipped).sum() / weights.sum())
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    excess = float((weights * (clipped - mean) ** 2).sum()) - (len(own) - 1)
    spread = max(0.0, excess / scale) if scale > 0.0 else 0.0
    weights = 1.0 / (variances + spread)
    mean = float((weights * clipped).sum() / weights.sum())
    trust = spread / (spread + variances)
    return (mean + trust * (own - mean)).tolist(), mean


def common_size(variances: Sequence[float], degrees: Sequence[float]) -> tuple[float, float]:
    """The variance that some estimated ones scatter about, and the degrees of freedom that knowing it adds to each.

    0 degrees where they differ so much, or are so few, that it says nothing of a single one.

    Args:
        variances: The estimates, over 0.
        degrees: Of freedom of each.

    Source: Smyth, Statistical Applications in Genetics and Molecular Biology 3, 2004.

    Example:
        >>> usual, more = common_size([0.5, 1.0, 2.0, 1.1, 0.8], [8.0] * 5)
        >>> round(usual, 2), round(more)
        (1.11, 1000)
    """
    own, known = np.asarray(variances, np.float64), np.asarray(degrees, np.float64)
    if len(own) < _FEWEST_COLUMNS:
        return 1.0, 0.0
    logs = np.log(own) - np.array([_digamma(d / 2.0) - math.log(d / 2.0) for d in known.tolist()])
    spread = float(logs.var(ddof=1)) - float(np.mean([_trigamma(d / 2.0) for d in known.tolist()]))
    if spread <= 0.0:
        return math.exp(float(logs.mean())), _MOST_DEGREES
    more = 2.0 * _inverse_trigamma(spread)
    usual = math.exp(float(logs.mean()) + _digamma(more / 2.0) - math.log(more / 2.0))
    return usual, min(_MOST_DEGREES, more)


def _digamma(x: float) -> float:
    shift = 0.0
    while x < 6.0:
        shift, x = shift - 1.0 / x, x + 1.0
    return shift + math.log(x) - 0.5 / x - 1.0 / (12.0 * x**2) + 1.0 / (120.0 * x**4) - 1.0 / (252.0 * x**6)


def _trigamma(x: float) -> float:
    shift = 0.0
    while x < 6.0:
        shift, x = shift + 1.0 / x**2, x + 1.0
    return shift + 1.0 / x + 0.5 / x**2 + 1.0 / (6.0 * x**3) - 1.0 / (30.0 * x**5) + 1.0 / (42.0 * x**7)


def _inverse_trigamma(y: float) -> float:
    """The x with trigamma(x) = y, by halving: it falls."""
    low, high = 1e-3, 1e7
    for _ in range(100):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if _trigamma(middle) > y else (low, middle)
    return math.sqrt(low * high)
