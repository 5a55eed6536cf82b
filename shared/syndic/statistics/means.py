"""Means: normal intervals and tests. Values are one-dimensional float arrays without NaN, in any unit."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.special import normal_quantile, two_sided_normal

Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A value and the limits of its interval, in one unit."""

    value: float
    low: float
    high: float


def mean(values: Floats, *, confidence: float = 0.95) -> Estimate:
    """A mean and its normal interval, from the sample standard deviation; infinite limits for a single value.

    Args:
        values: ``[n]``, at least one.
        confidence: Two-sided.

    Source: Rice, Mathematical Statistics and Data Analysis, 2007, 7.3.

    Example:
        >>> [round(v, 3) for v in mean(np.array([1.0, 2.0, 3.0, 4.0]))]
        [2.5, 1.235, 3.765]
    """
    z = normal_quantile(confidence)
    middle = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.inf
    return Estimate(middle, middle - z * error, middle + z * error)


def root_mean(squares: Floats, *, confidence: float = 0.95) -> Estimate:
    """The root of a mean of squares (as RMSE), in the unit of what was squared; the mean's limits carried through.

    Args:
        squares: ``[n]``, at least one, none negative.
        confidence: Two-sided.

    Source: as `mean`.

    Example:
        >>> [round(v, 3) for v in root_mean(np.array([1.0, 4.0, 9.0]))]
        [2.16, 0.306, 3.04]
    """
    middle, low, high = mean(squares, confidence=confidence)
    return Estimate(math.sqrt(middle), math.sqrt(max(0.0, low)), math.sqrt(high))


def wald(value: Floats, error: Floats) -> Floats:
    """Two-sided p-values of "zero" for normal estimates with a standard error; 1 for zero with no error at all.

    Args:
        value: ``[n]``, in any unit.
        error: ``[n]``, in the same unit. NaN on either side stays NaN.

    Source: Wald, Transactions of the American Mathematical Society 54, 1943.

    Example:
        >>> wald(np.array([1.96, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])).round(3).tolist()
        [0.05, 1.0, 0.0]
    """
    found = []
    for gap, spread in zip(value.tolist(), error.tolist(), strict=True):
        if math.isnan(gap) or math.isnan(spread):
            found.append(math.nan)
        elif spread == 0:
            found.append(1.0 if gap == 0 else 0.0)
        else:
            found.append(two_sided_normal(gap / spread))
    return np.array(found)
