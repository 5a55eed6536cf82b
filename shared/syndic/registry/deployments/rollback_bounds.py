"""The little statistics that rollback conditions need: bounds that stay honest about small counts. Pure functions.

All bounds are one-sided and lower: "the true value is at least this, at significance `alpha`".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

BISECTIONS = 60
EXACT_PAIRS = 400  # up to so many pairs the rank sum's distribution is counted, above it is approximated


def binomial_tail(events: int, trials: int, share: float) -> float:
    """P(X >= events) of a binomial with `trials` and `share`, summed in logarithms term by term."""
    if events <= 0:
        return 1.0
    if events > trials or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    if events <= trials * share:  # the other tail is shorter
        return 1.0 - binomial_tail(trials - events + 1, trials, 1 - share)
    log_term = (
        math.lgamma(trials + 1) - math.lgamma(events + 1) - math.lgamma(trials - events + 1)
        + events * math.log(share) + (trials - events) * math.log1p(-share)
    )  # fmt: skip
    term, total, odds = 1.0, 1.0, share / (1 - share)
    for count in range(events, trials):
        term *= (trials - count) / (count + 1) * odds
        total += term
        if term < total * 1e-16:
            break
    return min(1.0, math.exp(log_term) * total)


def least_share(events: int, trials: int, alpha: float) -> float:
    """Lower exact bound of a share: the share at which so many events or more have the chance `alpha`.

    1 error in 3 calls gives 0.017 at 5 %, so it breaks no limit of 2 %.
    Source: Clopper and Pearson, Biometrika 26, 1934.
    """
    if events <= 0 or trials <= 0:
        return 0.0
    low, high = 0.0, events / trials
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if binomial_tail(events, trials, middle) < alpha else (low, middle)
    return low


def most_share(events: int, trials: int, alpha: float) -> float:
    """Upper exact bound of a share; 1 without a trial."""
    return 1.0 if trials <= 0 else 1.0 - least_share(trials - events, trials, alpha)


def least_rise(new: tuple[int, int], old: tuple[int, int], alpha: float) -> float:
    """Lower bound of the difference of two shares, new minus old, each given as (events, trials).

    The exact bounds of both shares are joined by the method of variance estimates recovery. Source: Zou and Donner,
    Statistics in Medicine 27, 2008. Without an old trial the old share may be anything, and the bound is -1 or more.
    """
    (new_events, new_trials), (old_events, old_trials) = new, old
    if new_trials <= 0 or old_trials <= 0:
        return -1.0
    new_share, old_share = new_events / new_trials, old_events / old_trials
    below = new_share - least_share(new_events, new_trials, alpha)
    above = most_share(old_events, old_trials, alpha) - old_share
    return new_share - old_share - math.hypot(below, above)


def least_median(values: Sequence[float], alpha: float) -> float | None:
    """Lower bound of a median by the sign test; None when so few values cannot give one.

    Source: Conover, Practical Nonparametric Statistics, 3.2.
    """
    ordered, place = sorted(values), 0
    while place < len(ordered) and _sign_tail(place + 1, len(ordered)) <= alpha:
        place += 1
    return ordered[place - 1] if place else None


def _sign_tail(place: int, count: int) -> float:
    """P(X < place) of a binomial with one half: the chance that the median lies below the value at `place`."""
    return binomial_tail(count - place + 1, count, 0.5)


def ratio(new: Sequence[float], old: Sequence[float]) -> float:
    """How many times the new values are of the old ones: the median of all pairwise ratios (Hodges and Lehmann)."""
    ratios = sorted(one / other for one in new for other in old)
    middle = len(ratios) // 2
    return ratios[middle] if len(ratios) % 2 else math.sqrt(ratios[middle - 1] * ratios[middle])


def least_ratio(new: Sequence[float], old: Sequence[float], alpha: float) -> float | None:
    """Lower bound of that ratio by the rank-sum test; None when so few values cannot give one.

    Values are positive. Source: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 4.3 (Moses).
    """
    ratios = sorted(one / other for one in new for other in old)
    place = _rank_place(len(new), len(old), alpha)
    return ratios[place - 1] if place else None


def _rank_place(new: int, old: int, alpha: float) -> int:
    """The greatest k with P(U < k) <= alpha, U the number of pairs in which the new value is below the old one."""
    pairs = new * old
    if pairs == 0:
        return 0
    if pairs > EXACT_PAIRS:
        spread = math.sqrt(pairs * (new + old + 1) / 12)
        return max(0, math.floor(pairs / 2 - NormalDist().inv_cdf(1 - alpha) * spread))
    counts, whole, below = _rank_counts(new, old), math.comb(new + old, new), 0
    for place, count in enumerate(counts):
        below += count
        if below / whole > alpha:
            return place
    return pairs


@lru_cache(maxsize=64)
def _rank_counts(new: int, old: int) -> tuple[int, ...]:
    """How many orders of `new` + `old` values give each U: the coefficients of the Gaussian binomial."""
    counts = [1] + [0] * (new * old)
    for size in range(1, new + 1):
        for place in range(new * old, old + size - 1, -1):
            counts[place] -= counts[place - old - size]
        for place in range(size, new * old + 1):
            counts[place] += counts[place - size]
    return tuple(counts)
