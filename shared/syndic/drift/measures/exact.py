"""The measures on raw values, for rows that are at hand on both sides. NaN is missing and left out."""

from __future__ import annotations

import numpy as np

from syndic.drift.baseline.model import Floats
from syndic.drift.measures.distances import ks_p_value
from syndic.errors import InvalidInputError


def ks_exact(baseline: Floats, current: Floats) -> tuple[float, float]:
    """The exact two-sample KS statistic of present values, and its asymptotic p.

    Equal to ``scipy.stats.ks_2samp(...).statistic``. Raises `InvalidInputError` when a side has no value.
    """
    before, after = _present(baseline), _present(current)
    # Gaps only open at values of either side, and after the last equal value: the right-sided counts suffice.
    values = np.concatenate((before, after))
    gap = np.abs(
        np.searchsorted(before, values, side="right") / len(before)
        - np.searchsorted(after, values, side="right") / len(after)
    )
    statistic = float(np.max(gap))
    return statistic, ks_p_value(statistic, len(before), len(after))


def wasserstein_exact(baseline: Floats, current: Floats) -> float | None:
    """The exact Wasserstein-1 distance in baseline standard deviations; None for a constant or infinite side."""
    before, after = _present(baseline), _present(current)
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        return None
    spread = float(before.std())
    if before[0] == before[-1] or spread == 0.0:
        return None
    values = np.sort(np.concatenate((before, after)))
    gap = np.abs(
        np.searchsorted(before, values[:-1], side="right") / len(before)
        - np.searchsorted(after, values[:-1], side="right") / len(after)
    )
    return float(np.sum(gap * np.diff(values)) / spread)


def _present(values: Floats) -> Floats:
    ordered = np.sort(values)
    present = ordered[: int(np.searchsorted(ordered, np.inf, side="right"))]
    if len(present) == 0:
        raise InvalidInputError("a distribution without any value cannot be compared")
    return present
