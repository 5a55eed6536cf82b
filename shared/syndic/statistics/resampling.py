"""The bootstrap from counts: drawing a table of counts anew is drawing its rows anew, at the cost of its cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

DEFINED_SHARE = 0.95
"""Share of replicates in which a number must be defined for its percentiles to be used."""


class Percentiles(NamedTuple):
    """Lower and upper limits."""

    low: Floats
    high: Floats


def draws(counts: Counts, replicates: int, rng: np.random.Generator) -> Counts:
    """Counts of `replicates` resamples of the rows with replacement.

    A multinomial draw of the table has exactly the distribution of the table of n rows drawn with replacement, so the
    cost does not grow with the rows. Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, 6.

    Args:
        counts: Rows in each cell, of any shape.
        replicates: How many resamples.
        rng: Seeded by the caller.

    Returns:
        ``[replicate, *counts.shape]``.

    Example:
        >>> drawn = draws(np.array([3, 0, 7]), 2, np.random.default_rng(1))
        >>> drawn.shape, drawn.sum(axis=1).tolist(), drawn[:, 1].tolist()
        ((2, 3), [10, 10], [0, 0])
    """
    flat = counts.reshape(-1)
    places = np.flatnonzero(flat)
    drawn = np.zeros((replicates, flat.size), np.int64)
    total = int(flat.sum())
    if total:
        drawn[:, places] = rng.multinomial(total, flat[places] / total, size=replicates)
    return drawn.reshape(replicates, *counts.shape)


def percentiles(values: Floats, confidence: float = 0.95) -> Percentiles:
    """Percentile interval over the last axis, NaN replicates left out; NaN where too many are (`DEFINED_SHARE`).

    Args:
        values: ``[..., replicate]``, at least one.
        confidence: Two-sided.

    Returns:
        Two arrays ``[...]``, in the unit of `values`; linear between neighbouring replicates.

    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, 13.

    Example:
        >>> low, high = percentiles(np.arange(101.0), 0.9)
        >>> round(float(low), 6), round(float(high), 6)
        (5.0, 95.0)
    """
    ordered = np.sort(values, axis=-1)  # NaN sorts last
    defined = (~np.isnan(ordered)).sum(axis=-1)
    enough = defined >= DEFINED_SHARE * values.shape[-1]
    limits = []
    for level in ((1 - confidence) / 2, (1 + confidence) / 2):
        place = level * np.maximum(defined - 1, 0)
        below = np.floor(place).astype(np.intp)
        above = np.minimum(below + 1, np.maximum(defined - 1, 0))
        first = np.take_along_axis(ordered, below[..., None], axis=-1)[..., 0]
        second = np.take_along_axis(ordered, above[..., None], axis=-1)[..., 0]
        limits.append(np.where(enough, first + (place - below) * (second - first), np.nan))
    return Percentiles(limits[0], limits[1])
