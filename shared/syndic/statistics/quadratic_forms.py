"""Upper points of sums of squares with unequal weights, such as a PSI whose bins vary together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

_STEPS: Final = 80
_INFINITE: Final = 1e9


def upper_point(weights: Sequence[float], level: float, degrees: float = math.inf) -> float:
    """The q with P(Q > q) = `level`, where Q is ``sum(w_j Z_j^2) / (X / degrees)``.

    Z are standard normal and X is chi-square with `degrees` degrees of freedom, all independent: with one weight of 1 this is
    the upper point of a squared Student t, and with n equal ones n times that of F. By the saddlepoint approximation of the
    tail of ``sum(w_j Z_j^2) - q X / degrees``, whose relative error in the far tail is a few per cent.

    Args:
        weights: Not negative; those of 0 are left out. None left: 0.
        level: 0 < level < 0.5.
        degrees: How well the weights are known, in degrees of freedom of their estimate; infinite: exactly.

    Source: Kuonen, Biometrika 86, 1999; Lugannani & Rice, Adv. Applied Probability 12, 1980.

    Example:
        >>> round(upper_point([1.0, 1.0, 1.0], 0.05), 1)
        7.8
    """
    used = [weight for weight in weights if weight > 0.0]
    if not used:
        return 0.0
    largest = max(used)
    scaled = [weight / largest for weight in used]
    known = min(degrees, _INFINITE)
    low, high = 0.0, 0.5
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        tail = _tail(scaled, middle, known)
        if tail is not None and tail[1] > level:
            low = middle
        else:
            high = middle
    found = _tail(scaled, low, known) if low > 0.0 else None
    return largest * (found[0] if found is not None else sum(scaled))


def _tail(weights: Sequence[float], t: float, degrees: float) -> tuple[float, float] | None:
    """The q whose saddlepoint is t, and P(Q > q). None where no q has it."""
    shrunk = [weight / (1.0 - 2.0 * t * weight) for weight in weights if 2.0 * t * weight < 1.0]
    if len(shrunk) < len(weights):
        return None
    first = math.fsum(shrunk)
    if 2.0 * t * first >= degrees:
        return None
    q = first / (1.0 - 2.0 * t * first / degrees)
    spread = 1.0 + 2.0 * t * q / degrees
    k = -0.5 * math.fsum(math.log1p(-2.0 * t * weight) for weight in weights) - 0.5 * degrees * math.log1p(
        2.0 * t * q / degrees
    )
    second = 2.0 * math.fsum(one * one for one in shrunk) + 2.0 * (q / spread) ** 2 / degrees
    if k >= 0.0:
        return q, 0.5
    w, v = math.sqrt(-2.0 * k), t * math.sqrt(second)
    return q, 0.5 * math.erfc((w + math.log(v / w) / w) / math.sqrt(2.0))
