"""Whether a window has more values far out than the baseline: deciles do not see them, whatever their distance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from syndic.drift.baseline.model import STEPS, NumericBaseline
from syndic.drift.counts.model import NumericCounts
from syndic.drift.measures.shares import Share, larger_share

DEPTHS: Final = (10, 5, 2, 1)
"""The tails are the outermost 10 to 1 of 1,030 parts of the baseline, and what lies outside its range."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The tail that the window has most improbably much of.

    Attributes:
        share: Rows beyond `bound`. Those of the baseline are by rank, so that the test is exact.
        upper: Whether the rows are above the bound, else below.
        bound: A value of the baseline.
        outermost: Whether the bound is the baseline's largest or smallest finite value.
        p: Of the test that no tail has more values than before, Bonferroni over all of them.
    """

    share: Share
    upper: bool
    bound: float
    outermost: bool
    p: float


def heaviest_tail(baseline: NumericBaseline, current: NumericCounts) -> Tail | None:
    """Compare the tails by exact one-sided tests; None without finite values, or with a baseline that was rebuilt.

    The ranks of the bounds are fixed before the rows are seen, so the distribution does not matter, ties included.
    """
    if not baseline.exact or baseline.low is None or not current.present:
        return None
    found = list(_tails(baseline, current))
    tests = [(larger_share(share), -share.now, place) for place, (share, *_) in enumerate(found)]
    p, _, place = min(tests)
    share, upper, bound, outermost = found[place]
    return Tail(share, upper, bound, outermost, min(1.0, len(found) * p))


def _tails(baseline: NumericBaseline, current: NumericCounts) -> Iterator[tuple[Share, bool, float, bool]]:
    before, after = baseline.present, current.present
    low, high = baseline.low or 0.0, baseline.high or 0.0
    yield Share(0, before, current.under, after), False, low, True
    yield Share(0, before, current.over, after), True, high, True
    ranks = [_rank(step, before) for depth in DEPTHS for step in (depth, STEPS - depth)]
    places = baseline.at_or_below.searchsorted(ranks)
    edges, below, upto = (by_edge[places].tolist() for by_edge in (baseline.edges, current.below, current.at_or_below))
    for number, (rank, edge) in enumerate(zip(ranks, edges, strict=True)):
        if not math.isfinite(edge):
            continue
        if number % 2 == 0 and edge > low:
            yield Share(rank - 1, before, below[number], after), False, edge, False
        if number % 2 == 1 and edge < high:
            yield Share(before - rank, before, after - upto[number], after), True, edge, False


def _rank(step: int, present: int) -> int:
    """The rank of a quantile: that of the edge which the summary keeps of it."""
    return (step * present + STEPS - 1) // STEPS
