"""Measures of many tables of two rows at once: what `two_sample` says of each, to the last bit, in a few calls for all.

A report has such a table for each column; of ten bins each, a call costs more than its arithmetic.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.special import chi_square_sf
from syndic.statistics.two_sample import ChiSquare

Ints = NDArray[np.int64]


def psi_of_each(before: Ints, after: Ints) -> list[float]:
    """The population stability index of each table, as `two_sample.psi`. Source: the same.

    Args:
        before: Rows by table and bin, none of them 0, so that no bin needs half a row.
        after: Likewise.

    Example:
        >>> [round(one, 4) for one in psi_of_each(np.array([[50, 50], [1, 3]]), np.array([[80, 20], [2, 6]]))]
        [0.4159, 0.0]
    """
    e, a = _shares(before), _shares(after)
    found: list[float] = np.sum((a - e) * np.log(a / e), axis=1).tolist()
    return found


def jensen_shannon_of_each(before: Ints, after: Ints) -> list[float]:
    """The Jensen-Shannon distance, base 2, of each table, as `two_sample.jensen_shannon`. Source: the same.

    Arguments as of `psi_of_each`.

    Example:
        >>> [round(one, 4) for one in jensen_shannon_of_each(np.array([[50, 50]]), np.array([[80, 20]]))]
        [0.2704]
    """
    e, a = _shares(before), _shares(after)
    middle = (e + a) / 2.0
    one, other = (np.sum(share * np.log2(share / middle), axis=1) for share in (e, a))
    return [math.sqrt(min(1.0, max(0.0, mean))) for mean in ((one + other) / 2.0).tolist()]


def chi_square_of_each(before: Ints, after: Ints) -> list[ChiSquare]:
    """Pearson's test of each table, as `two_sample.chi_square`. Source: the same.

    Arguments as of `psi_of_each`, of two bins or more.

    Example:
        >>> (found,) = chi_square_of_each(np.array([[50, 50]]), np.array([[65, 35]]))
        >>> round(found.statistic, 3), found.degrees
        (4.604, 1)
    """
    tables = np.stack([before, after], axis=1).astype(np.float64)
    expected = tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :] / tables.sum(axis=(1, 2))[:, None, None]
    parts = (tables - expected) ** 2 / expected
    degrees = tables.shape[2] - 1
    statistics = parts.reshape(len(parts), -1).sum(axis=1).tolist()
    return [ChiSquare(one, degrees, chi_square_sf(one, degrees)) for one in statistics]


def _shares(rows: Ints) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = rows / rows.sum(axis=1, keepdims=True)
    return shares
