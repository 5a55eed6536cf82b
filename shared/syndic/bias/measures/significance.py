"""Is a difference between two groups beyond chance? Exact where cells are small, corrected over the groups."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

EXACT_UP_TO = 4000
"""Two-by-two tables with at most this many rows always get Fisher's exact test."""

SMALL_EXPECTED = 5
"""So do larger ones with a smaller expected count than this in any cell (Cochran 1954)."""


def two_sided(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Floats:
    """Two-sided p-values of "both rates are equal", elementwise; NaN where a side has no trials.

    Fisher's exact test for small tables (see `EXACT_UP_TO`, `SMALL_EXPECTED`), else the two-proportion z test with
    the pooled rate. 1 where nobody or everybody succeeded: there is no difference to find.
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
    """Two-sided p-value of the two-proportion z test with the pooled rate, without continuity correction."""
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (x1 + x2) / (n1 + n2)
        spread = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        z = np.abs(x1 / n1 - x2 / n2) / spread
    p = np.array([math.erfc(v / math.sqrt(2)) if v == v else math.nan for v in z.ravel().tolist()]).reshape(z.shape)  # noqa: PLR0124
    return np.where((n1 > 0) & (n2 > 0), np.where(spread > 0, p, 1.0), np.nan)


def fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Two-sided p-value of Fisher's exact test: the sum of all tables no likelier than the one seen.

    Equal to ``scipy.stats.fisher_exact`` (the same relative tolerance of 1e-7 for ties).
    """
    total, successes = n1 + n2, x1 + x2
    first, last = max(0, successes - n2), min(n1, successes)
    k = np.arange(first, last + 1)
    log_p = _log_choose(n1, k) + _log_choose(n2, successes - k) - _log_choose(total, np.array([successes]))
    seen = log_p[x1 - first]
    extreme = log_p <= seen + 1e-7
    return float(min(1.0, np.exp(log_p[extreme]).sum() / np.exp(log_p).sum()))


def _log_choose(n: int, k: NDArray[np.int64]) -> Floats:
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


def holm(p_values: ArrayLike, *, tests: int | None = None) -> Floats:
    """Holm's step-down adjustment (Holm 1979): controls the chance of any false alarm in the family.

    Args:
        p_values: One dimension; NaN marks a comparison that was not made, and stays NaN.
        tests: Size of the family when it is larger than the p-values given. Comparing with a group that the data
            chose (the best-off one) looks at all pairs: ``k (k - 1) / 2``. The p-values not given count as larger,
            which makes the adjustment conservative.
    """
    p = np.asarray(p_values, np.float64)
    made = np.flatnonzero(~np.isnan(p))
    adjusted = np.full(p.shape, np.nan)
    if not len(made):
        return adjusted
    order = made[np.argsort(p[made], kind="stable")]
    factors = max(len(made), tests or 0) - np.arange(len(made))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * factors))
    return adjusted
