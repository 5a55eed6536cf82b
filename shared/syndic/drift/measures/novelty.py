"""Rows with values that the baseline does not list, against what its own rare values let expect.

Where most values are rare on both sides, as 180 codes in 500 rows, all of them may be replaced by new ones and no pool
shows it: the old ones are rare in the baseline, the new ones in the window. What shows it is that the baseline's values
do not come back. How many rows of the window they should have is known: a value with m rows on both sides together, of
which at least so many lie in the baseline that it is listed, has a truncated binomial number of rows in the window.

Source: of the expected share of new values, Good, Biometrika 40, 1953; of the bound, Chernoff, Annals of Mathematical
Statistics 23, 1952.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from syndic.drift.baseline.model import Floats, Ints
from syndic.drift.measures.bands import Values, pooled_below
from syndic.drift.measures.shares import Share
from syndic.statistics.special import chernoff

_WIDTH: Final = 1_024
"""Rows beyond those of the rarest listed value up to which a value is used: the work grows with its square."""

_STEEPEST: Final = 64.0
_STEPS: Final = 60


def unlisted(values: Values) -> Share:
    """Rows whose value the other baseline rows do not show, before and now.

    Each baseline row is left out once: those with a value of their own, and those of the rarest listed values where
    rarer ones are unlisted, would then be unlisted. So the baseline's part is what its window should have, or more.
    """
    before, after = values.rows
    own = int(values.baseline[values.baseline == _least(values)].sum())
    return Share(values.other_baseline + own, before, values.other_current, after)


def none_replaced(values: Values) -> float | None:
    """Upper bound of the one-sided p that the rare listed values come back as often as they should: 0 to 1.

    Given a value's rows on both sides together, and that the baseline lists it, its rows in the window are binomial but
    for the first term or terms. The chance that all of them together have no more than were seen is bounded by
    Chernoff: exact where none comes back, and never too small. None where no value tells.
    """
    before, after = values.rows
    if not before or not after:
        return None
    least = _least(values) + (1 if values.other_baseline else 0)
    both = values.baseline + values.current
    used = (values.baseline >= least) & (both < pooled_below(values)) & (both > least) & (both < least + _WIDTH)
    if not used.any():
        return None
    totals, often = np.unique(both[used], return_counts=True)
    return _chance_of_at_most(int(values.current[used].sum()), totals, often, least, after / (before + after))


def _least(values: Values) -> int:
    """Fewest baseline rows of a listed value; 1 where every value is listed."""
    return int(np.min(values.baseline, initial=values.rows[0])) if values.other_baseline else 1


def _chance_of_at_most(seen: int, totals: Ints, often: Ints, least: int, share: float) -> float:
    """Chernoff's bound of P(sum <= seen): over binomial numbers of `totals` trials that leave at least `least`.

    Args:
        seen: The sum.
        totals: Trials of each kind of value, rising, each over `least`.
        often: Values of each kind.
        least: Rows that each value surely has in the baseline.
        share: The window's part of all rows.
    """
    hits = np.arange(int(totals[-1]) - least + 1)
    factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, int(totals[-1]) + 1)))))
    rest = totals[:, None] - hits[None, :]
    logarithms = factorials[totals][:, None] - factorials[hits][None, :] - factorials[np.maximum(rest, 0)]
    logarithms += hits * math.log(share) + rest * math.log1p(-share)
    logarithms[rest < least] = -np.inf
    logarithms -= _log_sum(logarithms)[:, None]

    def bound(slope: float) -> float:
        return slope * seen + float(often @ _log_sum(logarithms - slope * hits))

    return chernoff(bound, _STEEPEST, steps=_STEPS)


def _log_sum(logarithms: Floats) -> Floats:
    highest: Floats = np.max(logarithms, axis=1)
    summed: Floats = highest + np.log(np.exp(logarithms - highest[:, None]).sum(axis=1))
    return summed
