"""Tests of two shares, from whole counts. Functions of arrays broadcast them and give the common shape."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syndic.statistics.special import log_choose, two_sided_normal

Floats = NDArray[np.float64]
Alternative = Literal["two-sided", "greater", "less"]

EXACT_UP_TO = 4000
"""Two-by-two tables with at most this many rows always get Fisher's exact test."""

SMALL_EXPECTED = 5
"""So do larger ones with a smaller expected count than this in any cell (Cochran 1954)."""

_TIES = 1e-7
_NEGLIGIBLE = 1e-17


def equal_shares(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Floats:
    """Two-sided p-values of "both shares are equal"; NaN where a side has no trials.

    Fisher's exact test for small tables (see `EXACT_UP_TO`, `SMALL_EXPECTED`), else `z_test`. 1 where nobody or
    everybody succeeded: there is no difference to find. Source: `fisher`, `z_test`; Cochran, Biometrics 10, 1954.

    Example:
        >>> equal_shares([1, 0], [10, 5], [8, 0], [10, 5]).round(4).tolist()
        [0.0055, 1.0]
    """
    a, m, b, n = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (x1, n1, x2, n2)))
    p = z_test(a, m, b, n)
    total, successes = m + n, a + b
    with np.errstate(invalid="ignore", divide="ignore"):
        smallest = np.minimum(m, n) * np.minimum(successes, total - successes) / total
    exact = (m > 0) & (n > 0) & (successes > 0) & (successes < total)
    exact &= (total <= EXACT_UP_TO) | (smallest < SMALL_EXPECTED)
    for i in np.argwhere(exact):
        at = tuple(i)
        p[at] = fisher(int(a[at]), int(m[at]), int(b[at]), int(n[at]))
    return p


def z_test(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Floats:
    """Two-sided p-values of the two-proportion z test with the pooled rate, without continuity correction.

    1 where nobody or everybody succeeded; NaN where a side has no trials. Source: Fleiss, Levin & Paik, Statistical
    Methods for Rates and Proportions, 2003, 3.

    Example:
        >>> z_test(*(np.array([v]) for v in (30.0, 100.0, 45.0, 100.0))).round(4).tolist()
        [0.0285]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (x1 + x2) / (n1 + n2)
        spread = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        z = np.abs(x1 / n1 - x2 / n2) / spread
    p = np.array([two_sided_normal(v) for v in z.ravel().tolist()]).reshape(z.shape)
    return np.where((n1 > 0) & (n2 > 0), np.where(spread > 0, p, 1.0), np.nan)


def fisher(x1: int, n1: int, x2: int, n2: int, *, alternative: Alternative = "two-sided") -> float:
    """P-value of Fisher's exact test of two shares, given the successes of both together. 1 where there are none.

    Two-sided: the sum of all tables no likelier than the one seen, with a relative tolerance of 1e-7 for ties, as in
    ``scipy.stats.fisher_exact``. One-sided: the chance of so many successes or more (fewer) on the first side. The
    one-sided tests keep their relative precision far out, down to 1e-300.

    Args:
        x1: Successes of the first side, 0 to `n1`.
        n1: Its trials, 0 or more.
        x2: Successes of the second side, 0 to `n2`.
        n2: Its trials.
        alternative: Of the first side's share, against the second's.

    Source: Fisher, Journal of the Royal Statistical Society 98, 1935.

    Example:
        >>> round(fisher(1, 10, 8, 10), 4), round(fisher(1, 10, 8, 10, alternative="less"), 4)
        (0.0055, 0.0027)
    """
    if alternative == "less":
        x1, n1, x2, n2 = x2, n2, x1, n1
    total, successes = n1 + n2, x1 + x2
    if alternative != "two-sided":
        if x1 * total > successes * n1:
            return _upper_tail(x1, n1, successes, total)
        return max(0.0, 1.0 - _upper_tail(x2 + 1, n2, successes, total))
    first, last = max(0, successes - n2), min(n1, successes)
    k = np.arange(first, last + 1)
    log_p = log_binomials(n1, k) + log_binomials(n2, successes - k) - log_binomials(total, np.array([successes]))
    seen = log_p[x1 - first]
    extreme = log_p <= seen + _TIES
    return float(min(1.0, np.exp(log_p[extreme]).sum() / np.exp(log_p).sum()))


def _upper_tail(seen: int, rows: int, events: int, total: int) -> float:
    """P(X >= seen) of the hypergeometric distribution, term by term from the largest one: `seen` is above the mean."""
    last = min(events, rows)
    if seen > last:
        return 0.0
    logarithm = log_choose(rows, seen) + log_choose(total - rows, events - seen) - log_choose(total, events)
    term = ratio = 1.0
    rest = total - rows - events
    for k in range(seen, last):
        ratio *= (rows - k) * (events - k) / ((k + 1.0) * (rest + k + 1.0))
        term += ratio
        if ratio < _NEGLIGIBLE * term:
            break
    return min(1.0, math.exp(logarithm + math.log(term)))


def log_binomials(n: int, k: NDArray[np.int64]) -> Floats:
    """Logarithms of the ways to choose each of `k` out of `n`: an array like `k`, each 0 to `n`.

    Source: Stirling's series from 64 on, Abramowitz and Stegun 6.1.41.

    Example:
        >>> np.exp(log_binomials(4, np.array([0, 1, 2]))).round(6).tolist()
        [1.0, 4.0, 6.0]
    """
    top = _log_factorial(np.array([n]))
    return top - _log_factorial(k) - _log_factorial(n - k)


_SMALL = np.array([math.lgamma(i + 1) for i in range(64)])


def _log_factorial(k: NDArray[np.int64]) -> Floats:
    """Logarithm of k!, by Stirling's series from 64 on (its next term is under 1e-17 there)."""
    x = np.maximum(k, 1).astype(np.float64)
    inverse = 1 / x
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    stirling = (x + 0.5) * np.log(x) - x + 0.5 * math.log(2 * math.pi) + series
    return np.where(k < 64, _SMALL[np.minimum(k, 63)], stirling)
