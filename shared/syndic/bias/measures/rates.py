"""Every rate and every disparity, with intervals and p-values, read off count tables. No verdicts here.

All functions work on arrays: a table is ``counts[..., label, decision]`` as in `syndic.bias.counting.tensor`, and
thousands of groups are measured in the same few array operations as two.
NaN in a result means undefined (no rows to divide by).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.bias.policy.model import Metric
from syndic.statistics import proportions
from syndic.statistics.two_by_two import equal_shares

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Numbers with intervals, one for each group.

    Attributes:
        value: The estimates; NaN is undefined.
        low: Lower limits.
        high: Upper limits; may be infinite for a ratio.
        p: Two-sided p-values of "no difference"; None for rates.
        special: Where the first of `methods` made the interval; the second did elsewhere.
        methods: Names of the methods.
    """

    value: Floats
    low: Floats
    high: Floats
    p: Floats | None = None
    special: NDArray[np.bool_] | None = None
    methods: tuple[str, str] = ("", "")

    def method(self, place: int) -> str:
        """How the interval at a place was made."""
        return self.methods[0] if self.special is not None and self.special[place] else self.methods[1]


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """The cells of labelled rows with a decision, and the selections of all rows with a decision."""

    tp: Counts
    fp: Counts
    tn: Counts
    fn: Counts
    selected: Counts
    rows: Counts


def confusion(counts: Counts) -> Confusion:
    """The named cells of count tables ``[..., label, decision]``."""
    decided = counts[..., :, :2].sum(axis=-2)
    return Confusion(
        tp=counts[..., 1, 1],
        fp=counts[..., 0, 1],
        tn=counts[..., 0, 0],
        fn=counts[..., 1, 0],
        selected=decided[..., 1],
        rows=decided.sum(axis=-1),
    )


RATES: Mapping[str, str] = {
    "selection_rate": "favourable decisions / decisions",
    "true_positive_rate": "TP / (TP + FN): favourable decisions among those who earned one",
    "false_positive_rate": "FP / (FP + TN)",
    "true_negative_rate": "TN / (TN + FP)",
    "false_negative_rate": "FN / (FN + TP)",
    "precision": "TP / (TP + FP): positive predictive value",
    "negative_predictive_value": "TN / (TN + FN)",
    "false_omission_rate": "FN / (FN + TN)",
    "accuracy": "(TP + TN) / labelled rows",
    "base_rate": "favourable labels / labelled rows",
}
"""The rates of a group, by name, with their definitions. Each is a proportion of rows."""


def fractions(counts: Counts) -> tuple[Counts, Counts]:
    """Numerators and denominators of `RATES`, stacked on the first axis."""
    c = confusion(counts)
    positives, negatives = c.tp + c.fn, c.tn + c.fp
    chosen, refused = c.tp + c.fp, c.tn + c.fn
    labelled = positives + negatives
    over = np.stack([c.selected, c.tp, c.fp, c.tn, c.fn, c.tp, c.tn, c.fn, c.tp + c.tn, positives])
    under = np.stack([c.rows, positives, negatives, negatives, positives, chosen, refused, refused, labelled, labelled])
    return over, under


PLACES = {name: place for place, name in enumerate(RATES)}

DIFFERENCES: Mapping[Metric, str] = {
    Metric.DEMOGRAPHIC_PARITY: "selection_rate",
    Metric.EQUAL_OPPORTUNITY: "true_positive_rate",
    Metric.FALSE_POSITIVE_RATE: "false_positive_rate",
    Metric.PREDICTIVE_PARITY: "precision",
    Metric.FALSE_OMISSION: "false_omission_rate",
    Metric.ACCURACY_PARITY: "accuracy",
}
"""Disparities that are the difference of a rate: group minus reference."""


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """All rates and disparities of some groups."""

    rates: Mapping[str, Measured]
    disparities: Mapping[Metric, Measured]
    over: Counts
    under: Counts
    reference_over: Counts
    reference_under: Counts


def measure(counts: Counts, reference: Counts, *, confidence: float = 0.95) -> Measures:
    """Measure groups, each against its reference.

    Args:
        counts: ``[group, label, decision]``.
        reference: Likewise, the rows each group is compared with; disjoint from the group's own rows.
        confidence: Two-sided, of each interval by itself.
    """
    over, under = fractions(counts)
    base_over, base_under = fractions(reference)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate, base = over / under, base_over / base_under
    low, high, exact = proportions.proportion(over, under, confidence=confidence)
    methods = ("clopper_pearson", "wilson")
    rates = {name: Measured(rate[i], low[i], high[i], None, exact[i], methods) for name, i in PLACES.items()}
    rates["treatment_ratio"] = _treatment_ratio(over, confidence)

    used = [PLACES[name] for name in DIFFERENCES.values()]
    wilson = proportions.wilson(over[used], under[used], confidence=confidence)
    base_wilson = proportions.wilson(base_over[used], base_under[used], confidence=confidence)
    low, high = proportions.newcombe((rate[used], base[used]), wilson, base_wilson)
    p = equal_shares(over[used], under[used], base_over[used], base_under[used])
    gap = rate[used] - base[used]
    found = {
        metric: Measured(gap[i], low[i], high[i], p[i], None, ("", "newcombe")) for i, metric in enumerate(DIFFERENCES)
    }
    found[Metric.DISPARATE_IMPACT] = _impact((over[0], under[0]), (base_over[0], base_under[0]), p[0], confidence)
    found[Metric.EQUALIZED_ODDS] = _equalized_odds((over, under), (base_over, base_under), found, confidence)
    found[Metric.TREATMENT_EQUALITY] = _treatment_gap(over, base_over, rates["treatment_ratio"], confidence)
    return Measures(rates, found, over, under, base_over, base_under)


def _impact(one: tuple[Counts, Counts], other: tuple[Counts, Counts], p: Floats, confidence: float) -> Measured:
    """Selection rate over the reference's; undefined where the reference's is zero or nobody was decided on."""
    low, high, katz = proportions.ratio(one, other, confidence=confidence)
    (x1, n1), (x2, n2) = one, other
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(x2 > 0, (x1 / n1) / (x2 / n2), np.nan)
    return Measured(value, low, high, p, katz, ("katz_log", "miettinen_nurminen"))


def _equalized_odds(
    one: tuple[Counts, Counts], other: tuple[Counts, Counts], found: Mapping[Metric, Measured], confidence: float
) -> Measured:
    """The larger of the absolute differences of the true and the false positive rate.

    The interval joins the two differences' intervals at half the error each, so it covers at least as often as said.
    """
    pair = [PLACES["true_positive_rate"], PLACES["false_positive_rate"]]
    stricter = (1 + confidence) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = one[0][pair] / one[1][pair], other[0][pair] / other[1][pair]
    limits = proportions.newcombe(
        rates,
        proportions.wilson(one[0][pair], one[1][pair], confidence=stricter),
        proportions.wilson(other[0][pair], other[1][pair], confidence=stricter),
    )
    gaps = rates[0] - rates[1]
    value, (low, high) = proportions.larger_of(
        (gaps[0], (limits[0][0], limits[1][0])), (gaps[1], (limits[0][1], limits[1][1]))
    )
    p = [found[metric].p for metric in (Metric.EQUAL_OPPORTUNITY, Metric.FALSE_POSITIVE_RATE)]
    both = np.minimum(1.0, 2 * np.minimum(p[0], p[1]))
    return Measured(value, low, high, both, None, ("", "newcombe_bonferroni"))


def _treatment_ratio(over: Counts, confidence: float) -> Measured:
    """False negatives over false positives; undefined without false positives."""
    fn, fp = over[PLACES["false_negative_rate"]], over[PLACES["false_positive_rate"]]
    low, high = proportions.odds(fn, fp, confidence=confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(fp > 0, fn / fp, np.nan)
    return Measured(value, low, high, None, None, ("", "wilson_odds"))


def _treatment_gap(over: Counts, base_over: Counts, ratio: Measured, confidence: float) -> Measured:
    """Difference of the treatment ratios, by the square-and-add step of Zou and Donner (2008)."""
    base = _treatment_ratio(base_over, confidence)
    low, high = proportions.newcombe((ratio.value, base.value), (ratio.low, ratio.high), (base.low, base.high))
    fn, fp = PLACES["false_negative_rate"], PLACES["false_positive_rate"]
    p = equal_shares(over[fn], over[fn] + over[fp], base_over[fn], base_over[fn] + base_over[fp])
    return Measured(ratio.value - base.value, low, high, p, None, ("", "wilson_odds_mover"))


def point_estimates(counts: Counts, reference: Counts) -> tuple[Floats, Floats]:
    """Only the numbers, for many replicates at once: rates ``[rate, ..., group]`` and disparities ``[metric, ...]``.

    The metrics are those of `POINT_METRICS`, in that order.
    """
    over, under = fractions(counts)
    base_over, base_under = fractions(reference)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate, base = over / under, base_over / base_under
        gaps = rate[list(_USED)] - base[list(_USED)]
        impact = np.where(base[0] > 0, rate[0] / base[0], np.nan)
        odds = np.maximum(np.abs(gaps[1]), np.abs(gaps[2]))
        fn, fp = PLACES["false_negative_rate"], PLACES["false_positive_rate"]
        treatment = np.where(over[fp] > 0, over[fn] / over[fp], np.nan)
        treatment -= np.where(base_over[fp] > 0, base_over[fn] / base_over[fp], np.nan)
    return rate, np.concatenate([gaps, np.stack([impact, odds, treatment])])


_USED = tuple(PLACES[name] for name in DIFFERENCES.values())

POINT_METRICS = (*DIFFERENCES, Metric.DISPARATE_IMPACT, Metric.EQUALIZED_ODDS, Metric.TREATMENT_EQUALITY)
"""The order of the disparities of `point_estimates`."""
