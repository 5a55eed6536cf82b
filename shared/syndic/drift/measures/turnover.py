"""Single values that came or went: a new one that many rows have, and known ones that no row has any more.

Among hundreds of values neither chi-square nor a pool of rare ones shows them. Given how many rows each value has on
both sides together, all its rows fall on one side with a chance that is known exactly when nothing changed.

Sources: of the chance, the hypergeometric distribution; that blocks of a random permutation are negatively associated,
so that Chernoff's bound for independent values holds, Joag-Dev & Proschan, Annals of Statistics 11, 1983.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from syndic.drift.baseline.model import Floats, Ints
from syndic.drift.measures.bands import Values, pooled_below
from syndic.drift.measures.shares import Share, larger_share
from syndic.statistics.special import chernoff

_STEPS: Final = 80
_REACH: Final = 50.0


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The unlisted value that most rows of the window have."""

    value: str
    share: Share
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """Listed values that no row of the window has.

    Attributes:
        places: Which of the listed values, by falling number of baseline rows.
        share: Their rows in the baseline, of several less those that chance lets expect of absent ones; and none now.
        p: Bound of the chance that absent values hold as many baseline rows, or that any one does.
    """

    places: tuple[int, ...]
    share: Share
    p: float


def newcomer(values: Values, unlisted: Mapping[str, int]) -> Newcomer | None:
    """The most frequent unlisted value, and the chance that any value so frequent is absent from the baseline.

    A value with c rows or more on both sides is unlisted with at most the chance of one with c; there are only so many
    such values. Where the baseline does not list all its values, an unlisted one may have as many rows there as the
    rarest listed one. None where there is no unlisted value.

    Args:
        values: The column's values.
        unlisted: Rows of the window by unlisted value; others may be left out, which costs power, never level.
    """
    before, after = values.rows
    if not unlisted or not before or not after:
        return None
    value, rows = min(unlisted.items(), key=lambda item: (-item[1], item[0]))
    hidden = int(np.min(values.baseline)) if values.other_baseline and len(values.baseline) else 0
    as_frequent = int(np.count_nonzero(values.baseline + values.current >= rows)) + values.other_baseline // rows
    as_frequent += values.other_current // rows
    p = larger_share(Share(hidden, before, rows, after)) * max(1, as_frequent)
    return Newcomer(value, Share(hidden, before, rows, after), min(1.0, p))


def stopped(values: Values) -> Stopped | None:
    """Listed values that stopped coming, all together. None where every value that could tell is there.

    Only values count that the baseline surely lists (`pooled_below`): which ones follows from the rows of both sides.
    """
    before, after = values.rows
    both = values.baseline + values.current
    told = both >= pooled_below(values)
    gone = told & (values.current == 0)
    if not gone.any() or not after:
        return None
    totals = both[told]
    chances = _absence(totals, before, before + after)
    weights = totals.astype(np.float64)
    seen = float(values.baseline[gone].sum())
    expected = float(weights @ np.exp(chances))
    places = np.flatnonzero(gone)
    ranked = places[np.argsort(-values.baseline[places], kind="stable")]
    # Of all together where several stopped; of the most frequent one alone where chance lets many rare ones be absent.
    first = int(ranked[0])
    largest = int(both[first])
    alone, together = float(np.exp(chances[totals >= largest]).sum()), _chance_of_as_much(seen, weights, chances)
    if alone < together:
        share, places = Share(largest, before, 0, after), ranked[both[ranked] == largest][:1]
    else:
        share, places = Share(max(0, round(seen - expected)), before, 0, after), ranked
    return Stopped(tuple(places.tolist()), share, min(1.0, 2.0 * min(alone, together)))


def _absence(totals: Ints, before: int, rows: int) -> Floats:
    """Logarithm of the chance that a value has no row in the window, by its rows on both sides."""

    def logarithm(total: int) -> float:
        if total > before:
            return -math.inf
        return (
            math.lgamma(before + 1) - math.lgamma(before - total + 1) - math.lgamma(rows + 1)
            + math.lgamma(rows - total + 1)
        )  # fmt: skip

    different, places = np.unique(totals, return_inverse=True)
    found: Floats = np.array([logarithm(int(total)) for total in different.tolist()], np.float64)[places]
    return found


def _chance_of_as_much(seen: float, weights: Floats, chances: Floats) -> float:
    """Chernoff's bound of P(sum of the weights of absent values >= seen)."""
    absent, present = chances, np.log1p(-np.minimum(np.exp(chances), 1.0 - 1e-12))

    def bound(slope: float) -> float:
        return float(np.logaddexp(present, absent + slope * weights).sum()) - slope * seen

    finite = absent[np.isfinite(absent)]
    farthest = (_REACH - float(np.min(finite, initial=0.0))) / float(np.min(weights))
    return chernoff(bound, farthest, steps=_STEPS)
