"""Quantiles and tails of the distributions that tests need, in closed form: nothing heavy is imported for them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_STEPS = 10_000


@lru_cache(maxsize=64)
def normal_quantile(confidence: float) -> float:
    """Two-sided quantile of the standard normal distribution: the z with ``P(|Z| <= z) = confidence``.

    Args:
        confidence: Above 0 and below 1.

    Raises:
        statistics.StatisticsError: `confidence` is not in that range.

    Source: Wichura, Applied Statistics 37, 1988 (algorithm AS 241), as the standard library has it.

    Example:
        >>> round(normal_quantile(0.95), 6)
        1.959964
    """
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def two_sided_normal(z: float) -> float:
    """``P(|Z| >= |z|)`` of the standard normal distribution: the two-sided p-value of a z statistic. NaN stays NaN.

    Source: Abramowitz & Stegun 7.1.2.

    Example:
        >>> round(two_sided_normal(1.959964), 6)
        0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def log_choose(of: int, chosen: int) -> float:
    """Natural logarithm of the number of ways to choose `chosen` of `of` things, ``0 <= chosen <= of``.

    Relative error of the logarithm about 1e-16, so that of the number about 1e-16 times the logarithm's size.
    Source: Abramowitz & Stegun 6.1.21.

    Raises:
        ValueError: `chosen` is negative or greater than `of`.

    Example:
        >>> round(math.exp(log_choose(49, 6)))
        13983816
    """
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


def logistic(x: float) -> float:
    """The logistic function ``1 / (1 + exp(-x))``, 0 to 1, without overflow for any finite `x`.

    Source: Cox, JRSS B 20, 1958.

    Example:
        >>> logistic(0.0), logistic(-1000.0)
        (0.5, 0.0)
    """
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def kolmogorov_sf(x: float) -> float:
    """P(K > x) of the Kolmogorov distribution, the limit of ``sqrt(nm/(n+m)) D``.

    1 at 0 and falling to 0. Two series, each used where it converges in a few terms: the alternating one
    ``2 sum (-1)^(k-1) exp(-2 k^2 x^2)`` for large x, its Jacobi theta transform for small x. Absolute error under
    1e-12. Source: Kolmogorov 1933; Marsaglia, Tsang & Wang, J. Stat. Software 8(18), 2003.

    Example:
        >>> round(kolmogorov_sf(1.3581), 4)
        0.05
    """
    if x <= 0.04:
        return 1.0
    if x < 1.0:
        factor = math.sqrt(2.0 * math.pi) / x
        exponent = -(math.pi**2) / (8.0 * x * x)
        return 1.0 - factor * sum(math.exp(exponent * (2 * k - 1) ** 2) for k in range(1, 6))
    tail = sum((-1.0) ** (k - 1) * math.exp(-2.0 * (k * x) ** 2) for k in range(1, 8))
    return min(1.0, max(0.0, 2.0 * tail))


def chi_square_sf(x: float, degrees: int) -> float:
    """P(X > x) of the chi-square distribution: the regularised upper incomplete gamma function Q(degrees/2, x/2).

    1 at 0 and falling to 0. Power series below the mean, Lentz's continued fraction above it. Relative error about
    1e-12. Source: Abramowitz & Stegun 6.5.29 and 6.5.31; Lentz, Applied Optics 15, 1976.

    Raises:
        ValueError: `degrees` is not positive.

    Example:
        >>> round(chi_square_sf(3.841459, 1), 6)
        0.05
    """
    if degrees < 1:
        msg = f"chi-square needs at least one degree of freedom, not {degrees}"
        raise ValueError(msg)
    if x <= 0.0:
        return 1.0
    a, z = degrees / 2.0, x / 2.0
    logarithm = a * math.log(z) - z - math.lgamma(a)
    if logarithm < -745.0:  # the density underflows: the answer is 0 or 1 to the last digit
        return 0.0 if z > a else 1.0
    front = math.exp(logarithm)
    if z < a + 1.0:
        return max(0.0, 1.0 - front * _lower_series(a, z))
    return min(1.0, front * _upper_fraction(a, z))


@lru_cache(maxsize=4096)
def chi_square_point(probability: float, degrees: int) -> float:
    """The x with P(X <= x) = `probability`, by bisection on `chi_square_sf` to 1e-12 of its size.

    Source: as `chi_square_sf`, whose `ValueError` it raises.

    Example:
        >>> round(chi_square_point(0.95, 9), 3)
        16.919
    """
    low, high = 0.0, float(degrees)
    while 1.0 - chi_square_sf(high, degrees) < probability:
        low, high = high, 2.0 * high
    for _ in range(200):
        middle = (low + high) / 2.0
        if 1.0 - chi_square_sf(middle, degrees) < probability:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2.0


def _lower_series(a: float, z: float) -> float:
    term = total = 1.0 / a
    denominator = a
    for _ in range(_STEPS):
        denominator += 1.0
        term *= z / denominator
        total += term
        if term < total * 1e-17:
            break
    return total


def _upper_fraction(a: float, z: float) -> float:
    b = z + 1.0 - a
    c = 1.0 / _TINY
    d = 1.0 / b
    value = d
    for i in range(1, _STEPS):
        step = -i * (i - a)
        b += 2.0
        d = step * d + b
        d = _TINY if abs(d) < _TINY else d
        c = b + step / c
        c = _TINY if abs(c) < _TINY else c
        d = 1.0 / d
        factor = d * c
        value *= factor
        if abs(factor - 1.0) < 1e-16:
            break
    return value


def chernoff(bound: Callable[[float], float], farthest: float, *, steps: int) -> float:
    """Chernoff's bound of a probability: the least of ``exp(bound(slope))`` over slopes of 0 to `farthest`, at most 1.

    Args:
        bound: Logarithm of the bound for a slope, convex in it.
        farthest: The steepest slope that is tried.
        steps: Each takes a third of what is left of the slopes.

    Source: Chernoff, Annals of Mathematical Statistics 23, 1952.

    Example:
        >>> round(chernoff(lambda slope: slope**2 / 2 - 2 * slope, 10.0, steps=60), 4)  # P(Z >= 2) is 0.0228
        0.1353
    """
    low, high = 0.0, farthest
    for _ in range(steps):
        first, second = low + (high - low) / 3.0, high - (high - low) / 3.0
        if bound(first) <= bound(second):
            high = second
        else:
            low = first
    return min(1.0, math.exp(min(0.0, bound((low + high) / 2.0))))


def student_point(level: float, degrees: int) -> float:
    """The t that a Student t variable is beyond, on either side, with that chance.

    Args:
        level: 0 < level < 1.
        degrees: 1 or more.

    Raises:
        ValueError: `level` or `degrees` is not within its range.

    Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 1964, 26.7.3 and 26.7.4.

    Example:
        >>> round(student_point(0.05, 1), 3), round(student_point(0.05, 10), 3), round(student_point(0.001, 5), 3)
        (12.706, 2.228, 6.869)
    """
    if not 0.0 < level < 1.0 or degrees < 1:
        raise ValueError("a level is between 0 and 1, and there is at least 1 degree of freedom")
    low, high = 0.0, math.pi / 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (middle, high) if 1.0 - _within(middle, degrees) > level else (low, middle)
    return math.tan((low + high) / 2.0) * math.sqrt(degrees)


def _within(angle: float, degrees: int) -> float:
    """P(|T| <= tan(angle) sqrt(degrees))."""
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = degrees % 2 == 1
    term = cosine if odd else 1.0
    total = term if degrees > 1 or not odd else 0.0
    for place in range(3 if odd else 2, degrees - 1, 2):
        term *= cosine**2 * (place - 1) / place
        total += term
    return 2.0 / math.pi * (angle + sine * total) if odd else sine * total
