"""Performance that calibrated scores let expect of rows whose labels are not known, with what the labels may show.

Each number is a smooth function of the rows' chances. Its variance has two parts: the labels', which will come out as
the chances say, and the chances', which rest on so many rows of the reference. Both follow from its derivative by one
row's chance. So the interval is one for the number that the labels will show. It supposes that the positive class is as
likely at a score as it was in the reference: that is what concept drift breaks, and nothing here can see it.

Source: the confidence-based performance estimation of NannyML (Kuberski et al. 2022; Garg et al., ICLR 2022, for the
idea) for the values; the delta method for the intervals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syndic.statistics.calibration import Calibration, calibrate, smoothed
from syndic.statistics.special import logistic, normal_quantile

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Expected(NamedTuple):
    """A number, and the interval in which the labels will show it; NaN where it is undefined."""

    value: float
    low: float
    high: float


class Part(NamedTuple):
    """A number with its derivative by the chance of one row: ``[bin]`` of rows called negative and positive."""

    value: float
    negative: Floats
    positive: Floats


NAMES = ("accuracy", "precision", "recall", "f1", "auc")
NOTHING = Expected(math.nan, math.nan, math.nan)
INDEPENDENT = 10
"""Degrees of freedom at most of what parts of a reference say of their differences: parts that follow each other are
alike, so many of them tell little more than few."""


def expected_performance(
    calibration: Calibration,
    negative: Counts,
    positive: Counts,
    *,
    confidence: float = 0.95,
    between: Mapping[str, float] | None = None,
    parts: int = 0,
) -> Mapping[str, Expected]:
    """Accuracy, precision, recall, F1 and AUC that are expected of some rows.

    Args:
        calibration: From the reference.
        negative: ``[bin]``, rows whose predicted class is the other one.
        positive: ``[bin]``, rows whose predicted class is the positive one.
        confidence: Of the intervals.
        between: By number, the variance that the reference's own parts have beyond chance (`variance_between`).
        parts: How many parts that was estimated from.

    Source: see the module.

    Example:
        >>> from syndic.statistics.calibration import calibrate
        >>> chances = calibrate(np.array([80, 20]), np.array([20, 80]))
        >>> found = expected_performance(chances, np.array([10, 0]), np.array([0, 10]))
        >>> [round(limit, 2) for limit in found["accuracy"]]
        [0.8, 0.56, 0.93]
    """
    p = calibration.chance
    both = negative + positive
    rows = float(both.sum())
    called, hits, true = float(positive.sum()), float((positive * p).sum()), float((both * p).sum())
    zero, one = np.zeros(len(p)), np.ones(len(p))
    made: dict[str, Part] = {}
    if rows:
        made["accuracy"] = Part((hits + float((negative * (1 - p)).sum())) / rows, -one / rows, one / rows)
    if called:
        made["precision"] = Part(hits / called, zero, one / called)
    if true > 0:
        made["recall"] = Part(hits / true, one * (-hits / true**2), one * (1 / true - hits / true**2))
    if called + true > 0:
        size = called + true
        made["f1"] = Part(2 * hits / size, one * (-2 * hits / size**2), one * (2 / size - 2 * hits / size**2))
    if 0 < true < rows:
        value, slope = _auc(both, p)
        made["auc"] = Part(value, slope, slope)
    smooth = smoothed(calibration)
    z = student_quantile(confidence, min(parts, INDEPENDENT)) if between and parts else normal_quantile(confidence)
    errors = {name: _error(part, (negative, positive), smooth, calibration) for name, part in made.items()}
    more = {} if between is None else between
    return {
        name: _limits(made[name].value, math.hypot(errors[name], math.sqrt(more.get(name, 0.0))), z)
        if name in made
        else NOTHING
        for name in NAMES
    }


def _auc(rows: Counts, p: Floats) -> tuple[float, Floats]:
    """The expected area under the ROC curve and its derivative; a row is no pair with itself."""
    yes, no = rows * p, rows * (1 - p)
    below, above = np.cumsum(no) - no, yes.sum() - np.cumsum(yes)
    pairs = float((yes * (below + no / 2)).sum() - (rows * p * (1 - p)).sum() / 2)
    true, false = float(yes.sum()), float(no.sum())
    area = pairs / (true * false)
    slope = ((below + no / 2) - (above + yes / 2)) / (true * false) - area / true + area / false
    return min(1.0, area), slope


def _error(part: Part, rows: tuple[Counts, Counts], p: Floats, calibration: Calibration) -> float:
    """The standard error on the log-odds scale; of a number that is 0 or 1, that of one row among all."""
    negative, positive = rows
    labels = float(((negative * part.negative**2 + positive * part.positive**2) * p * (1 - p)).sum())
    moved = np.bincount(calibration.block, negative * part.negative + positive * part.positive, len(calibration.rows))
    chance = np.bincount(calibration.block, p * (1 - p), len(calibration.rows))
    chance /= np.maximum(1, np.bincount(calibration.block, minlength=len(calibration.rows)))
    error = math.sqrt(labels + float((moved**2 * chance / np.maximum(1, calibration.rows)).sum()))
    value = _inside(part.value, float(negative.sum() + positive.sum()))
    return error / (value * (1 - value))


def _inside(value: float, rows: float) -> float:
    return min(max(value, 0.5 / (rows + 1)), 1 - 0.5 / (rows + 1))


def _limits(value: float, error: float, z: float) -> Expected:
    inside = min(max(value, 1e-9), 1 - 1e-9)
    middle = math.log(inside / (1 - inside))
    low, high = logistic(middle - z * error), logistic(middle + z * error)
    return Expected(value, min(low, value), max(high, value))


def realised_performance(table: Counts) -> Mapping[str, float]:
    """The same numbers from rows with labels, NaN where undefined.

    Args:
        table: ``[bin, predicted, label]``, 1 for the positive class.

    Scores in one bin count as tied. Source: the definitions; Mann & Whitney 1947 for the AUC.

    Example:
        >>> table = np.zeros((2, 2, 2), int)
        >>> table[0, 0], table[1, 1] = [8, 2], [2, 8]
        >>> {name: round(value, 2) for name, value in realised_performance(table).items()}
        {'accuracy': 0.8, 'precision': 0.8, 'recall': 0.8, 'f1': 0.8, 'auc': 0.8}
    """
    cells = table.sum(axis=0)
    rows, hits, called, true = (float(n) for n in (cells.sum(), cells[1, 1], cells[1].sum(), cells[:, 1].sum()))
    no, yes = table[:, :, 0].sum(axis=1), table[:, :, 1].sum(axis=1)
    pairs = float((yes * (np.cumsum(no) - no / 2)).sum())
    return {
        "accuracy": float(cells[0, 0] + cells[1, 1]) / rows if rows else math.nan,
        "precision": hits / called if called else math.nan,
        "recall": hits / true if true else math.nan,
        "f1": 2 * hits / (called + true) if called + true else math.nan,
        "auc": pairs / (true * (rows - true)) if 0 < true < rows else math.nan,
    }


def variance_between(parts: Sequence[Counts]) -> Mapping[str, float]:
    """How much the parts of a reference differ from what the others let expect of them, beyond chance.

    In squared log odds.

    Args:
        parts: Of each the table ``[bin, predicted, label]``. Each is left out once and expected from the others.

    Source: the moment estimator of DerSimonian & Laird, Controlled Clinical Trials 7, 1986, without weights.

    Example:
        >>> even = np.tile(np.array([[[40, 10], [0, 0]], [[0, 0], [10, 40]]]), (6, 1, 1, 1))
        >>> max(variance_between(list(even)).values())
        0.0
    """
    whole = np.sum(parts, axis=0)
    excess: dict[str, list[float]] = {name: [] for name in NAMES}
    for part in parts:
        rest = (whole - part).sum(axis=1)
        calibration = calibrate(rest[:, 0], rest[:, 1])
        called = part.sum(axis=2)
        found = expected_performance(calibration, called[:, 0], called[:, 1], confidence=_ONE)
        seen = realised_performance(part)
        for name in NAMES:
            if math.isfinite(seen[name]) and math.isfinite(found[name].value):
                rows = float(called.sum())
                value, other, high = (
                    _logit(_inside(one, rows)) for one in (found[name].value, seen[name], found[name].high)
                )
                excess[name].append((value - other) ** 2 - (high - value) ** 2)
    return {name: max(0.0, float(np.mean(found))) if found else 0.0 for name, found in excess.items()}


_ONE = 0.6826894921370859  # the confidence of one standard error to each side


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def student_quantile(confidence: float, degrees: int) -> float:
    """Two-sided quantile of Student's distribution with at least 3 degrees of freedom, to about 1 %.

    Source: Cornish and Fisher's expansion, Abramowitz and Stegun 26.7.5.

    Example:
        >>> round(student_quantile(0.95, 10), 2)
        2.23
    """
    z, n = normal_quantile(confidence), float(degrees)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / n + second / n**2 + third / n**3
