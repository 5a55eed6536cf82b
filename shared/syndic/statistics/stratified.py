"""Shares compared within strata, so that a mix of strata does not pass for a difference (Simpson's paradox)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class CommonDifference(NamedTuple):
    """A difference of shares, its standard error, and the two-sided p-value of "no difference in any stratum"."""

    value: float
    error: float
    p: float


def mantel_haenszel(group: Counts, reference: Counts) -> CommonDifference:
    """Common difference of shares over strata, with Sato's standard error and the Cochran-Mantel-Haenszel test.

    Args:
        group: ``[stratum, (failures, successes)]``.
        reference: Likewise. Strata where one side has no row tell nothing and drop out; NaN when all do.

    Source: Mantel & Haenszel, JNCI 22, 1959; Sato, Biometrics 45, 1989; Cochran, Biometrics 10, 1954.

    Example:
        >>> found = mantel_haenszel(np.array([[10, 20], [30, 10]]), np.array([[8, 22], [20, 20]]))
        >>> round(found.value, 4), round(found.error, 4), round(found.p, 4)
        (-0.1714, 0.079, 0.0333)
    """
    n1, n0 = group.sum(axis=1).astype(float), reference.sum(axis=1).astype(float)
    used = (n1 > 0) & (n0 > 0)
    if not used.any():
        return CommonDifference(math.nan, math.nan, math.nan)
    a, c = group[used, 1].astype(float), reference[used, 1].astype(float)
    n1, n0 = n1[used], n0[used]
    total = n1 + n0
    weight = float((n1 * n0 / total).sum())
    value = float(((a * n0 - c * n1) / total).sum() / weight)
    p_part = float(((n1**2 * c - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / total**2).sum())
    q_part = float(((a * (n0 - c) + c * (n1 - a)) / (2 * total)).sum())
    spread = math.sqrt(max(0.0, value * p_part + q_part)) / weight
    selected = a + c
    variance = float((n1 * n0 * selected * (total - selected) / (total**2 * np.maximum(total - 1, 1))).sum())
    excess = float((a - n1 * selected / total).sum())
    p = 1.0 if variance == 0 else math.erfc(abs(excess) / math.sqrt(2 * variance))
    return CommonDifference(value, spread, p)


def conditional_disparity(table: Counts) -> Floats:
    """Conditional demographic disparity: a group's part of the failures minus its part of the successes, -1 to 1.

    Taken in each stratum and averaged with the strata's sizes. Strata with no failure or no success drop out; NaN
    when all do. Source: Wachter, Mittelstadt & Russell, West Virginia Law Review 123, 2021, as SageMaker Clarify
    defines it.

    Args:
        table: ``[..., group, stratum, (failures, successes)]``.

    Returns:
        ``[..., group]``.

    Example:
        >>> conditional_disparity(np.array([[[30, 10]], [[10, 30]]])).tolist()
        [0.5, -0.5]
    """
    totals = table.sum(axis=-3)
    usable = (totals > 0).all(axis=-1)
    sizes = np.where(usable, totals.sum(axis=-1), 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = table / totals[..., None, :, :]
        gap = np.where(usable[..., None, :], shares[..., 0] - shares[..., 1], 0.0)
        return np.asarray((gap * sizes[..., None, :]).sum(axis=-1) / sizes.sum(axis=-1)[..., None])
