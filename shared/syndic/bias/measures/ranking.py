"""Scores by group: area under the curve, calibration, and the table of a reliability diagram."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from syndic.bias.counting.score_histogram import ScoreCounts, auc, calibration, grid_keys, grid_values
from syndic.bias.measures.families import Family
from syndic.bias.measures.rates import Measured
from syndic.bias.measures.regression import Extras
from syndic.bias.policy.model import JOIN, UNKNOWN, BiasPolicy, Comparison, Metric
from syndic.statistics.means import wald
from syndic.statistics.proportions import newcombe, proportion
from syndic.statistics.special import normal_quantile

Floats = NDArray[np.float64]
Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Labels, keys and counts of a group."""

TENTHS = grid_keys(np.arange(1, 10) / 10)


def score_extras(scores: ScoreCounts, found: Sequence[Family], policy: BiasPolicy) -> Extras:
    """AUC and calibration of each group, and their differences from its reference.

    A score that favours the low is turned round for the AUC: it is the chance that a row with the favourable label
    has the more favourable score. Calibration needs scores that are chances of the favourable label, so it is given
    only when all scores lie in [0, 1] and high ones are favourable.
    """
    sign = 1 if policy.favourable_scores == "high" else -1
    chances = _are_chances(scores) and sign == 1
    extra: dict[str, Mapping[Metric, Measured]] = {}
    rates: dict[str, Mapping[str, Measured]] = {}
    for family in found:
        parts = {JOIN.join(names): part for names, part in scores.of_groups(family.attributes).items()}
        ordered = [parts[group] for group in family.groups]
        references = _references(family, ordered)
        curve = _columns(lambda part: _auc(part, sign), ordered)
        base = _columns(lambda part: _auc(part, sign), references)
        extra[family.name] = {Metric.AUC: _auc_gap(curve, base)}
        rates[family.name] = {"auc": _auc_interval(*curve)}
        if chances:
            gap, gap_base = _columns(_calibration, ordered), _columns(_calibration, references)
            spread = np.sqrt(gap[1] + gap_base[1])
            value, half = gap[0] - gap_base[0], normal_quantile(0.95) * spread
            p = wald(value, spread)
            extra[family.name] = {
                **extra[family.name],
                Metric.CALIBRATION: Measured(value, value - half, value + half, p, None, ("", "normal")),
            }
            alone = normal_quantile(0.95) * np.sqrt(gap[1])
            shown = Measured(gap[0], gap[0] - alone, gap[0] + alone, None, None, ("", "normal"))
            rates[family.name] = {**rates[family.name], "observed_minus_expected": shown}
    return {"extra": extra, "extra_rates": rates}


def _are_chances(scores: ScoreCounts) -> bool:
    if not len(scores.counts):
        return False
    lowest, highest = grid_values(np.array([np.min(scores.keys), np.max(scores.keys)])).tolist()
    return bool(lowest >= 0 and highest <= 1)


def _references(family: Family, parts: Sequence[Part]) -> list[Part]:
    nothing = (np.zeros(0, np.int64),) * 3
    if family.comparison is not Comparison.REST:
        return [
            nothing if family.reference is None or i == family.reference else parts[family.reference]
            for i in range(len(parts))
        ]
    known = [i for i in range(len(parts)) if family.known[i]]
    return [_joined([parts[j] for j in known if j != i]) if len(known) > 1 else nothing for i in range(len(parts))]


def _joined(parts: Sequence[Part]) -> Part:
    labels, keys, counts = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return labels, keys, counts


def _columns(function: Callable[[Part], tuple[float, float]], parts: Sequence[Part]) -> tuple[Floats, Floats]:
    pairs = [function(part) for part in parts]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def _auc(part: Part, sign: int) -> tuple[float, float]:
    found = auc(part[0], sign * part[1], part[2])
    return found.value, found.variance


def _calibration(part: Part) -> tuple[float, float]:
    found = calibration(*part, TENTHS)
    return found.gap, found.variance


def _auc_interval(value: Floats, variance: Floats) -> Measured:
    """DeLong's interval on the log-odds scale, so that it stays within 0 and 1. None at 0 and 1 themselves."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = normal_quantile(0.95) * np.sqrt(variance) / (value * (1 - value))
        odds = np.log(value / (1 - value))
        low, high = 1 / (1 + np.exp(-(odds - spread))), 1 / (1 + np.exp(-(odds + spread)))
    edge = (value <= 0) | (value >= 1)
    return Measured(value, np.where(edge, np.nan, low), np.where(edge, np.nan, high), None, None, ("", "delong_logit"))


def _auc_gap(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Measured:
    first, second = _auc_interval(*one), _auc_interval(*other)
    low, high = newcombe((one[0], other[0]), (first.low, first.high), (second.low, second.high))
    p = wald(one[0] - other[0], np.sqrt(one[1] + other[1]))
    return Measured(one[0] - other[0], low, high, p, None, ("", "delong_logit_mover"))


def score_details(scores: ScoreCounts, policy: BiasPolicy) -> dict[str, JsonValue]:
    """The median, the resolution, and each attribute's reliability table (tenths of the score)."""
    median = scores.median_key
    details: dict[str, JsonValue] = {
        "median": None if median is None else float(grid_values(np.array([median]))[0]),
        "exact": scores.exact,
        "resolution": None if scores.exact else "about a thousandth of the score",
        "rows_without_score": scores.missing,
    }
    if _are_chances(scores) and policy.favourable_scores == "high":
        details["calibration"] = {
            attribute.name: {
                names[0]: [_bin(row) for row in calibration(*part, TENTHS).bins]
                for names, part in scores.of_groups([attribute.name]).items()
                if names[0] != UNKNOWN
            }
            for attribute in policy.protected_attributes
        }
    return details


def _bin(row: tuple[float, int, int]) -> dict[str, Any]:
    mean, n, hits = row
    low, high, _ = proportion([hits], [n])
    return {
        "mean_score": mean,
        "n": n,
        "observed": None if math.isnan(low[0]) else hits / n,
        "low": float(low[0]),
        "high": float(high[0]),
    }
