"""Before and after, in few enough bins to be drawn and small enough for a report."""

from __future__ import annotations

from typing import Final

import numpy as np

from syndic.drift.baseline.model import CategoricalBaseline, NumericBaseline
from syndic.drift.counts.model import CategoricalCounts, NumericCounts
from syndic.drift.models import Histogram

BINS: Final = 20
LABELS: Final = 15
_TRIMMED: Final = 0.005  # share at each end that goes into the open outer bins


def number_histogram(known: NumericBaseline, current: NumericCounts) -> Histogram | None:
    """Bins of about equal width over the middle 99 % of the baseline, with open outer bins. None without edges."""
    finite = np.flatnonzero(np.isfinite(known.edges))
    if len(finite) == 0 or not current.present:
        return None
    if len(finite) <= BINS:
        places = finite[:-1] if len(finite) > 1 else finite
    else:
        trimmed = int(_TRIMMED * len(finite))
        inner = finite[trimmed : len(finite) - trimmed]
        wanted = 4.0 * np.linspace(known.edges[inner[0]] / 4.0, known.edges[inner[-1]] / 4.0, BINS - 1)  # no overflow
        places = np.unique(inner[0] + np.searchsorted(known.edges[inner], wanted, side="left").clip(0, len(inner) - 1))
    before = np.diff(known.at_or_below[places], prepend=0, append=known.present) / (known.present + known.missing)
    after = np.diff(current.at_or_below[places], prepend=0, append=current.present)
    after = after / (current.present + current.missing)
    return Histogram(
        edges=tuple(known.edges[places].tolist()),
        baseline=_shares(before),
        current=_shares(after),
        missing_baseline=known.missing / (known.present + known.missing),
        missing_current=current.missing / (current.present + current.missing),
    )


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
    return tuple(round(value, 6) for value in values.tolist())
