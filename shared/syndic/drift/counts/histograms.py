"""Before and after, in few enough bins to be drawn and small enough for a report."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from syndic.drift.baseline.model import CategoricalBaseline, Ints, NumericBaseline
from syndic.drift.counts.model import CategoricalCounts, NumericCounts
from syndic.drift.models import Histogram

BINS: Final = 20
LABELS: Final = 15
_STEPS: Final = np.arange(BINS - 1, dtype=np.float64)
_TRIMMED: Final = 0.005  # share at each end that goes into the open outer bins


def number_histogram(known: NumericBaseline, current: NumericCounts) -> Histogram | None:
    """Bins of about equal width over the middle 99 % of the baseline, with open outer bins. None without edges."""
    edges = known.edges
    whole = len(edges) > 0 and math.isfinite(edges[0]) and math.isfinite(edges[-1])  # they rise
    finite = np.arange(len(edges)) if whole else np.flatnonzero(np.isfinite(edges))
    if len(finite) == 0 or not current.present:
        return None
    if len(finite) <= BINS:
        places = finite[:-1] if len(finite) > 1 else finite
    else:
        trimmed = int(_TRIMMED * len(finite))
        first, last = int(finite[trimmed]), int(finite[-1 - trimmed])
        low, high = float(edges[first]) / 4.0, float(edges[last]) / 4.0  # no overflow
        wanted = _STEPS * ((high - low) / _STEPS[-1]) + low  # as `np.linspace`, which costs more than all the rest
        wanted[-1] = high
        wanted *= 4.0
        found = first + np.minimum(edges[first : last + 1].searchsorted(wanted, side="left"), last - first)
        places = found[np.concatenate(([True], found[1:] != found[:-1]))]  # they rise
    before = _between(known.at_or_below[places], known.present) / (known.present + known.missing)
    after = _between(current.at_or_below[places], current.present) / (current.present + current.missing)
    return Histogram(
        edges=tuple(edges[places].tolist()),
        baseline=_shares(before),
        current=_shares(after),
        missing_baseline=known.missing / (known.present + known.missing),
        missing_current=current.missing / (current.present + current.missing),
    )


def _between(at_or_below: Ints, present: int) -> Ints:
    """Rows up to the first of some edges, between each two, and above the last."""
    steps = np.empty(len(at_or_below) + 1, np.int64)
    steps[:-1], steps[-1] = at_or_below, present
    steps[1:] -= at_or_below
    return steps


def category_histogram(known: CategoricalBaseline, current: CategoricalCounts) -> Histogram:
    """The levels that are most frequent on either side, then all others together."""
    before_rows = max(1, known.present + known.missing)
    after_rows = max(1, current.present + current.missing)
    before, after = known.counts / before_rows, current.counts / after_rows
    order = np.argsort(-np.maximum(before, after), kind="stable")[:LABELS]
    others = (
        (int(known.counts.sum()) + known.other) / before_rows - float(before[order].sum()),
        (int(current.counts.sum()) + current.unlisted) / after_rows - float(after[order].sum()),
    )
    return Histogram(
        labels=(*(known.levels[place] for place in order.tolist()), "(other)"),
        baseline=_shares(np.append(before[order], max(0.0, others[0]))),
        current=_shares(np.append(after[order], max(0.0, others[1]))),
        missing_baseline=known.missing / before_rows,
        missing_current=current.missing / after_rows,
    )


def _shares(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple([round(value, 6) for value in values.tolist()])
