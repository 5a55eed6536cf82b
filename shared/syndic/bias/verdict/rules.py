"""Judging: is a difference beyond chance, is it beyond the threshold, and what do the two say together?

The combination is that of the Uniform Guidelines (29 CFR 1607.4(D)): a ratio under the threshold counts when it is
statistically significant too; a significant difference within the threshold is worth a review; the rest is either
shown to be within the threshold (interval included) or cannot be told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from syndic.bias.measures.families import Family
from syndic.bias.measures.rates import DIFFERENCES, PLACES, Measures
from syndic.bias.models import Estimate, Judgement, Verdict
from syndic.bias.policy.model import BiasPolicy, Comparison, Metric
from syndic.bias.verdict.severity import beyond_verdict, within
from syndic.statistics.multiplicity import holm

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """Which groups are large enough for a metric to be judged, and why the others are not.

    Attributes:
        able: Those that are judged.
        reasons: Why a group is not, by its place.
        exact: Those with rows enough and too few of one outcome expected. The exact test holds for them too, so they
            are tested with the others, and a difference that it proves is one.
        short: How many times the rows a group needs until it reaches every minimum, by its place.
    """

    able: Flags
    reasons: Mapping[int, str]
    exact: Flags
    short: Mapping[int, float] = field(default_factory=dict)

    @property
    def tested(self) -> Flags:
        """Groups that belong to the correction."""
        return self.able | self.exact

    @property
    def tests(self) -> int:
        """How many they are."""
        return int(self.tested.sum())


def rate_fields(metric: Metric) -> tuple[str, ...]:
    """The rates that a metric compares: their numbers of rows decide whether it can be judged."""
    if metric is Metric.EQUALIZED_ODDS:
        return ("true_positive_rate", "false_positive_rate")
    if metric in {Metric.DISPARATE_IMPACT, Metric.SCORING_RATE}:
        return ("selection_rate",)
    if metric is Metric.TREATMENT_EQUALITY:
        return ("accuracy",)
    if metric in {Metric.AUC, Metric.CALIBRATION}:
        return ("base_rate",)
    return (DIFFERENCES.get(metric, "selection_rate"),)


NO_OUTCOMES = frozenset({Metric.MEAN, Metric.MEAN_ERROR})
"""Metrics of numbers: there are no two outcomes of which some must be expected."""

EXACT = frozenset({Metric.DISPARATE_IMPACT, Metric.SCORING_RATE, Metric.EQUALIZED_ODDS, *DIFFERENCES})
"""Metrics whose test is Fisher's where few are expected: it needs no minimum to hold."""


def rated(family: Family, measures: Measures, part: slice, metric: Metric, policy: BiasPolicy) -> Rated:
    """Apply the minimum sizes to the groups of one family.

    A group is judged when it and its reference have `minimum_group_size` rows, at least `minimum_expected` expected in
    each outcome if both had the same rate, and (when set) `minimum_share` of all rows. One that misses only the second
    is still tested, where its test is exact.
    """
    able = family.compared.copy()
    reasons: dict[int, str] = {}
    short: dict[int, float] = {}
    small = np.zeros_like(able)
    share = measures.under[0, part] / max(1, int(measures.under[0, part].sum()))
    for rate in rate_fields(metric):
        place = PLACES[rate]
        x, n = measures.over[place, part], measures.under[place, part]
        base_x, base_n = measures.reference_over[place, part], measures.reference_under[place, part]
        with np.errstate(invalid="ignore", divide="ignore"):
            pooled = np.nan_to_num((x + base_x) / (n + base_n))
        rarer = np.full(n.shape, np.inf) if metric in NO_OUTCOMES else np.minimum(pooled, 1 - pooled)
        for i in np.flatnonzero(family.compared).tolist():
            sizes, names = (int(n[i]), int(base_n[i])), (rate, family.groups[i])
            reason = _too_few_rows(sizes, policy, names, float(share[i]))
            small[i] |= bool(reason)
            reason = reason or _too_few_expected(sizes, float(rarer[i]), policy, rate)
            if reason:
                able[i] = False
                reasons.setdefault(i, reason)
                short[i] = max(short.get(i, 0.0), _shortage(sizes, float(rarer[i]), policy, float(share[i])))
    exact = family.compared & ~able & ~small & (metric in EXACT)
    return Rated(able, reasons, exact, short)


def _shortage(sizes: tuple[int, int], rarer: float, policy: BiasPolicy, share: float) -> float:
    """How many times the rows there are reach every minimum, as observed; infinite where none do."""
    if policy.minimum_share is not None and share < policy.minimum_share:
        return math.inf
    wanted = float(policy.minimum_group_size)
    if policy.minimum_expected:
        wanted = max(wanted, policy.minimum_expected / rarer if rarer > 0 else math.inf)
    return wanted / min(sizes) if min(sizes) else math.inf


def _too_few_rows(sizes: tuple[int, int], policy: BiasPolicy, names: tuple[str, str], share: float) -> str | None:
    (n, base), (rate, group) = sizes, names
    what = rate.replace("_", " ")
    least = policy.minimum_group_size
    if n < least:
        return f"{n} rows count for the {what} of {group}, fewer than the minimum of {least}"
    if base < least:
        return f"the reference has {base} rows that count for the {what}, fewer than the minimum of {least}"
    if policy.minimum_share is not None and share < policy.minimum_share:
        return f"{group} holds {share:.1%} of the rows, under the {policy.minimum_share:.0%} that the policy rates"
    return None


def _too_few_expected(sizes: tuple[int, int], rarer: float, policy: BiasPolicy, rate: str) -> str | None:
    expected = min(sizes) * rarer
    if expected >= policy.minimum_expected:
        return None
    return (
        f"{expected:.1f} of the rarer outcome are expected in the smaller side for the {rate.replace('_', ' ')}, "
        f"fewer than the minimum of {policy.minimum_expected:g}"
    )


def adjusted(p: NDArray[np.float64], rate: Rated, comparison: Comparison) -> NDArray[np.float64]:
    """Holm's correction over the tested groups of a family; NaN for the others.

    The best-off group is chosen by the data, which looks at every pair: then all pairs are corrected for.
    """
    tested = np.where(rate.tested, p, np.nan)
    k = rate.tests
    return np.array(holm(tested.tolist(), tests=k * (k + 1) // 2 if comparison is Comparison.BEST_OFF else k))


def combine(
    estimate: Estimate, metric: Metric, threshold: float, *, alpha: float, zero_reference: bool = False
) -> Judgement:
    """The combined answer on one estimate.

    Args:
        estimate: The disparity with interval and corrected p-value.
        metric: Which one: a ratio is judged two-sided against the threshold and its inverse.
        threshold: The rule's.
        alpha: The p-value below which a difference is beyond chance.
        zero_reference: The ratio is undefined because nobody in the reference was selected, but somebody in the
            group was: its inverse is 0, which is beyond any threshold.
    """
    p = estimate.p_adjusted
    if p is None or (estimate.value is None and not zero_reference):
        reason = estimate.reason or "there is no test of this difference"
        return Judgement(verdict=Verdict.NOT_ASSESSABLE, reason=reason, threshold=threshold)
    beyond, inside = within(estimate, metric, threshold)
    beyond = beyond or zero_reference
    chance = p >= alpha
    said = f"{_shown(estimate, metric)}; {_place(estimate, metric, threshold, beyond=beyond)}; "
    tested = f"p = {p:.2g} after correction, " + (f"not below {alpha:.2g}" if chance else f"below {alpha:.2g}")
    if beyond and not chance:
        verdict, end = beyond_verdict(metric), "beyond the threshold and beyond chance"
    elif beyond:
        verdict, end = Verdict.INCONCLUSIVE, "the numbers are too small to rule out chance"
    elif not chance:
        verdict, end = Verdict.DIFFERENCE_UNDER_THRESHOLD, "a real difference within the threshold: review it"
    elif inside:
        verdict, end = Verdict.NO_INDICATION, "the whole interval is within the threshold"
    else:
        verdict, end = Verdict.INCONCLUSIVE, "the interval reaches beyond the threshold: more rows are needed"
    return Judgement(verdict=verdict, reason=f"{said}{tested}: {end}", threshold=threshold)


def _shown(estimate: Estimate, metric: Metric) -> str:
    word = "ratio" if metric.is_ratio else metric.value.replace("_", " ")
    if estimate.value is None:
        return f"{word} undefined ({estimate.reason})"
    low = "open" if estimate.low is None else f"{estimate.low:.3f}"
    high = "open" if estimate.high is None else f"{estimate.high:.3f}"
    return f"{word} {estimate.value:.3f} ({low} to {high})"


def _place(estimate: Estimate, metric: Metric, threshold: float, *, beyond: bool) -> str:
    if not metric.is_ratio:
        return f"{'more than' if beyond else 'at most'} {threshold:g} apart"
    if not beyond:
        return f"between {threshold:g} and {1 / threshold:g}"
    above = estimate.value is None or estimate.value > 1
    return f"above {1 / threshold:g}, so the reference is worse off" if above else f"below {threshold:g}"
