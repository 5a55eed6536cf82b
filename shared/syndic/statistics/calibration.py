"""Scores as chances: how often the positive class is true at a score, from counts by bin of the score.

All functions take counts, which add up over the pieces of any split. A bin is a part of 0 to 1 of equal width.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.special import chi_square_sf

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

BINS = 1000


class Calibration(NamedTuple):
    """The chance of the positive class by bin of the score.

    Attributes:
        chance: ``[bin]``, rising.
        block: ``[bin]``, which bins were estimated together.
        rows: ``[block]``, the reference's rows that each chance rests on.
    """

    chance: Floats
    block: Counts
    rows: Counts


class Fit(NamedTuple):
    """How well chances fit outcomes that they were not made from.

    Attributes:
        p: Of "the chances are right", by tenths of the rows.
        error: The mean distance between chance and outcome over the tenths, weighed by rows.
    """

    p: float
    error: float


def bin_of(scores: Floats) -> Counts:
    """The bin of each score, ``[row]``. Scores lie between 0 and 1.

    Source: equal widths, the last bin closed.

    Example:
        >>> bin_of(np.array([0.0, 0.5, 1.0])).tolist()
        [0, 500, 999]
    """
    return np.minimum((scores * BINS).astype(np.int64), BINS - 1)


def calibrate(negatives: Counts, positives: Counts) -> Calibration:
    """The rising chances that fit the reference best (isotonic regression).

    Args:
        negatives: ``[bin]``, rows of the reference whose label is the other class.
        positives: ``[bin]``, rows whose label is the positive class.

    A bin without rows takes the chance of the block below it.

    Source: Ayer et al., Annals of Mathematical Statistics 26, 1955 (pool adjacent violators); Zadrozny & Elkan 2002.

    Example:
        >>> calibrate(np.array([8, 5, 6, 1]), np.array([2, 5, 4, 9])).chance.round(2).tolist()
        [0.2, 0.45, 0.45, 0.9]
    """
    blocks: list[list[int]] = []  # positives, rows, last bin
    for place, (no, yes) in enumerate(zip(negatives.tolist(), positives.tolist(), strict=True)):
        if not no + yes and blocks:
            blocks[-1][2] = place
            continue
        blocks.append([yes, no + yes, place])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1], last[2]]
    ends = np.array([block[2] for block in blocks])
    block = np.searchsorted(ends, np.arange(len(negatives)))
    rows = np.array([found[1] for found in blocks], np.int64)
    chance = np.array([found[0] / found[1] if found[1] else 0.5 for found in blocks])
    return Calibration(chance[block], block.astype(np.int64), rows)


def calibration_fit(calibration: Calibration, negatives: Counts, positives: Counts) -> Fit:
    """Test chances on rows that they were not made from, by tenths of these rows.

    Args:
        calibration: Made from other rows.
        negatives: ``[bin]`` of the rows tested.
        positives: ``[bin]``.

    The variance counts the labels' and the chances' own.

    Source: Hosmer & Lemeshow, Communications in Statistics 9, 1980, for a model that was made from other rows, where
    the degrees of freedom are the number of groups.

    Example:
        >>> half = np.full(1000, 5)
        >>> calibration_fit(calibrate(half, half), half, half)
        Fit(p=1.0, error=0.0)
    """
    rows = negatives + positives
    total = int(rows.sum())
    if not total:
        return Fit(1.0, 0.0)
    tenth = np.minimum((np.cumsum(rows) - rows / 2) * 10 // total, 9).astype(np.int64)
    smooth = smoothed(calibration)
    statistic, error, groups = 0.0, 0.0, 0
    for group in range(10):
        held = tenth == group
        size = int(rows[held].sum())
        if not size:
            continue
        seen, expected = float(positives[held].sum()), float((rows * calibration.chance)[held].sum())
        by_block = np.bincount(calibration.block[held], rows[held], len(calibration.rows))
        spread = np.bincount(calibration.block, smooth * (1 - smooth), len(calibration.rows))
        spread /= np.maximum(1, np.bincount(calibration.block, minlength=len(calibration.rows)))
        variance = float((by_block * spread + by_block**2 * spread / np.maximum(1, calibration.rows)).sum())
        statistic += (seen - expected) ** 2 / variance
        error += abs(seen - expected) / total
        groups += 1
    return Fit(chi_square_sf(statistic, groups), error)


def smoothed(calibration: Calibration) -> Floats:
    """Chances that are never 0 or 1, ``[bin]``: half a row of each class is added to each block, for variances.

    Source: Jeffreys' prior for a proportion.

    Example:
        >>> smoothed(calibrate(np.array([9, 0]), np.array([0, 9]))).tolist()
        [0.05, 0.95]
    """
    rows = calibration.rows[calibration.block]
    found: Floats = (calibration.chance * rows + 0.5) / (rows + 1)
    return found
