"""Upper points of sums of squares with unequal weights, such as a PSI whose bins vary together."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_GRID: Final = 25
_ROUNDS: Final = 4
_FARTHEST: Final = 14.0
_INFINITE: Final = 1e9


def upper_point(weights: ArrayLike, level: float, degrees: float = math.inf) -> float:
    """The q with P(Q > q) = `level`, where Q is ``sum(w_j Z_j^2) / (X / degrees)``.

    Z are standard normal and X is chi-square with `degrees` degrees of freedom, all independent: with one weight of 1
    this is the upper point of a squared Student t, and with n equal ones n times that of F. By the saddlepoint
    approximation of the tail of ``sum(w_j Z_j^2) - q X / degrees``, which is off by one or two per cent of q.

    Args:
        weights: Not negative; those of 0 are left out. None left: 0.
        level: 0 < level < 0.5.
        degrees: How well the weights are known, in degrees of freedom of their estimate; infinite: exactly.

    Raises:
        ValueError: `level` is not within its range.

    Source: Kuonen, Biometrika 86, 1999; Lugannani & Rice, Advances in Applied Probability 12, 1980.

    Example:
        >>> round(upper_point([1.0], 0.001), 1), round(upper_point([1.0, 0.1, 0.1], 1e-5, 75.0), 1)
        (10.9, 22.9)
    """
    if not 0.0 < level < 0.5:
        msg = f"a level is between 0 and 0.5, not {level}"
        raise ValueError(msg)
    given = np.asarray(weights, np.float64)
    used = given[given > 0.0]
    if not len(used):
        return 0.0
    largest = float(np.max(used))
    low, high, found = 0.0, _FARTHEST, float(used.sum()) / largest
    for _ in range(_ROUNDS):
        places = np.linspace(low, high, _GRID)[1:]
        points, tails = _tails(used / largest, -0.5 * np.expm1(-places), min(degrees, _INFINITE))
        below = int(np.argmax(tails <= level)) if (tails <= level).any() else len(tails) - 1
        low, high = (places[below - 1] if below else low), places[below]
        found = float(points[below - 1]) if below and np.isfinite(points[below - 1]) else found
    return largest * found


def _tails(weights: NDArray[np.float64], t: NDArray[np.float64], degrees: float) -> tuple[NDArray[np.float64], ...]:
    """The q that each t is the saddlepoint of, and P(Q > q); infinite and 0 where no q has it."""
    product = 2.0 * np.outer(t, weights)
    shrunk = weights / (1.0 - product)
    first = shrunk.sum(axis=1)
    possible = 2.0 * t * first < degrees
    with np.errstate(divide="ignore", invalid="ignore"):
        q = first / (1.0 - 2.0 * t * first / degrees)
        spread = 1.0 + 2.0 * t * q / degrees
        k = -0.5 * np.log1p(-product).sum(axis=1) - 0.5 * degrees * np.log1p(2.0 * t * q / degrees)
        second = 2.0 * (shrunk**2).sum(axis=1) + 2.0 * (q / spread) ** 2 / degrees
        w = np.sqrt(-2.0 * np.minimum(k, 0.0))
        z = w + np.log(t * np.sqrt(second) / w) / w
    tails = [0.5 * math.erfc(one / math.sqrt(2.0)) if math.isfinite(one) else 0.5 for one in z.tolist()]
    return np.where(possible, q, np.inf), np.where(possible, tails, 0.0)
