"""Numeric predictions: gaps of means and of mean errors between groups (Welch 1947)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np

from syndic.bias.counting.moments import Moment, Moments
from syndic.bias.measures.families import Family
from syndic.bias.measures.rates import Floats, Measured
from syndic.bias.policy.model import JOIN, Comparison, Metric
from syndic.statistics.means import wald
from syndic.statistics.special import normal_quantile


class Extras(TypedDict):
    """Further numbers by family name, as `syndic.bias.report.estimates.Context` takes them."""

    extra: Mapping[str, Mapping[Metric, Measured]]
    extra_rates: Mapping[str, Mapping[str, Measured]]


def regression_extras(moments: Moments | None, found: Sequence[Family]) -> Extras:
    """Mean prediction, mean error and mean absolute error of each group; gaps of the first two from its reference.

    The error is prediction minus label. Intervals are normal ones of a mean or of a difference of two independent
    means with unequal variances.
    """
    extra: dict[str, Mapping[Metric, Measured]] = {}
    rates: dict[str, Mapping[str, Measured]] = {}
    if moments is None:
        return {"extra": extra, "extra_rates": rates}
    for family in found:
        cells = {JOIN.join(names): cell for names, cell in moments.over(family.attributes).items()}
        trios = [cells.get(group, (Moment(), Moment(), Moment())) for group in family.groups]
        references = _references(family, trios)
        columns = [[trio[place] for trio in trios] for place in range(3)]
        bases = [[trio[place] for trio in references] for place in range(3)]
        rates[family.name] = {
            "mean": _means(columns[0]),
            "mean_error": _means(columns[1]),
            "mean_absolute_error": _means(columns[2]),
        }
        extra[family.name] = {
            Metric.MEAN: _gaps(columns[0], bases[0]),
            Metric.MEAN_ERROR: _gaps(columns[1], bases[1]),
        }
    return {"extra": extra, "extra_rates": rates}


Trio = tuple[Moment, Moment, Moment]


def _references(family: Family, trios: Sequence[Trio]) -> list[Trio]:
    empty = (Moment(), Moment(), Moment())
    if family.comparison is not Comparison.REST:
        return [
            empty if family.reference is None or i == family.reference else trios[family.reference]
            for i in range(len(trios))
        ]
    known = [i for i in range(len(trios)) if family.known[i]]
    return [_all([trios[j] for j in known if j != i]) for i in range(len(trios))]


def _all(trios: Sequence[Trio]) -> Trio:
    total = (Moment(), Moment(), Moment())
    for trio in trios:
        total = (total[0].plus(trio[0]), total[1].plus(trio[1]), total[2].plus(trio[2]))
    return total


def _means(moments: Sequence[Moment]) -> Measured:
    value = np.array([moment.mean if moment.n else math.nan for moment in moments])
    half = normal_quantile(0.95) * np.sqrt(_variances(moments))
    return Measured(value, value - half, value + half, None, None, ("", "normal"))


def _gaps(moments: Sequence[Moment], bases: Sequence[Moment]) -> Measured:
    value = np.array([a.mean - b.mean if a.n and b.n else math.nan for a, b in zip(moments, bases, strict=True)])
    spread = np.sqrt(_variances(moments) + _variances(bases))
    half = normal_quantile(0.95) * spread
    return Measured(value, value - half, value + half, wald(value, spread), None, ("", "welch_normal"))


def _variances(moments: Sequence[Moment]) -> Floats:
    return np.array([math.nan if m.variance_of_mean is None else m.variance_of_mean for m in moments])
