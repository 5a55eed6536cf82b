"""Mean, spread and range of both sides of a numeric column, from its summary and counts."""

from __future__ import annotations

import math

from syndic.drift.baseline.model import NumericBaseline
from syndic.drift.counts.model import COARSE, FINE, NumericCounts
from syndic.drift.models import Moments


def baseline_moments(known: NumericBaseline) -> Moments:
    """The moments of the baseline's finite values; null without any."""
    some = known.low is not None
    return Moments(
        mean=known.mean if some else None,
        std=known.std if some else None,
        min=known.low,
        max=known.high,
        infinite=known.infinite,
    )


def current_moments(known: NumericBaseline, current: NumericCounts) -> Moments:
    """The moments of the window's finite values; null without any, or when they are too large."""
    finite = current.present - current.infinite
    if finite == 0:
        return Moments(infinite=current.infinite)
    scale = known.std or 1.0
    mean = current.total / FINE / finite
    variance = max(0.0, current.squares / COARSE / finite - mean * mean)
    return Moments(
        mean=_finite(known.mean + scale * mean),
        std=_finite(scale * variance**0.5),
        min=current.low,
        max=current.high,
        infinite=current.infinite,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
