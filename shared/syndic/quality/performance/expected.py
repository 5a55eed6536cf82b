"""How good the model is where labels have not come: expected from a reference that has them, where that is sound.

The reference is rows with labels in parts: windows whose labels have come, or stretches of a file. Its
calibration is tested on every other part, and its parts' differences are in the interval. Rows outside of it are said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from syndic.quality.models import Estimate, ExpectedPerformance, ExpectedVerdict, Metric, PerformanceVerdict
from syndic.quality.performance.metrics import NO_MATTER, against_level
from syndic.quality.policy.model import QualityPolicy
from syndic.statistics.calibration import BINS, Fit, bin_of, calibrate, calibration_fit
from syndic.statistics.expected import Expected, expected_performance, realised_performance, variance_between
from syndic.statistics.expected_loss import LossSums, expected_loss

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_PARTS: Final = 5
LEAST_ROWS: Final = 1000
_FITS: Final = 0.001  # the p-value under which chances and outcomes differ beyond chance
_ERROR: Final = 0.02  # and the mean distance between them that is too much
_STRETCHES: Final = 10
_REGION, _KNOWN = BINS // 20, 30  # a twentieth of the scores is known when the reference has so many rows in it
BLIND: Final = (
    "It supposes that a score (or an input) means what it meant in the reference; a change of that, concept drift, "
    "cannot be seen without labels."
)


def table_of(scores: Floats, called: NDArray[np.bool_], label: NDArray[np.bool_]) -> Counts:
    """Counts of labelled rows: ``[bin, predicted, label]``. Scores lie between 0 and 1."""
    cells = bin_of(scores) * 4 + called * 2 + label
    return np.bincount(cells, minlength=4 * BINS).reshape(-1, 2, 2).astype(np.int64)


def called_of(scores: Floats, called: NDArray[np.bool_]) -> Counts:
    """Counts of rows whose labels are not known: ``[bin, predicted]``."""
    return np.bincount(bin_of(scores) * 2 + called, minlength=2 * BINS).reshape(-1, 2).astype(np.int64)


def expect_classes(
    parts: Sequence[Counts], rows: Counts, policy: QualityPolicy, *, labelled: Counts | None = None
) -> ExpectedPerformance:
    """What a classification is expected to reach on some rows.

    Args:
        parts: The reference, each as `table_of` counts it.
        rows: All rows of the window, as `called_of` counts them.
        policy: For the declared levels.
        labelled: Those whose labels have come, to compare with; None when there are none.
    """
    size, reference = int(rows.sum()), sum(int(part.sum()) for part in parts)
    facts: dict[str, Any] = {"rows": size, "reference_rows": reference, "reference_parts": len(parts)}
    short = _too_short(size, reference, len(parts), policy)
    if short:
        return _not_enough(short, size, policy, facts)
    whole = np.sum(parts, axis=0)
    outcomes = whole.sum(axis=1)
    if not outcomes[:, 0].any() or not outcomes[:, 1].any():
        reason = "all labels of the reference are of one class"
        facts |= {"rows_reason": "the reference needs labels of both classes"}
        return ExpectedPerformance(verdict=ExpectedVerdict.NOT_ENOUGH_DATA, reason=reason, **facts)
    fit = _fit(parts)
    outside = _outside(outcomes.sum(axis=1), rows.sum(axis=1))
    facts |= {"calibration_p": fit.p, "calibration_error": fit.error, "outside": outside}
    if fit.p < _FITS and fit.error > _ERROR:
        reason = (
            f"the reference's scores do not tell how often the positive class is true: on every other part they are "
            f"{fit.error:.1%} off on average (p = {fit.p:.1g}), so nothing is expected from them"
        )
        facts |= {"rows_reason": f"{NO_MATTER}: the scores of another reference may be chances, or labels will tell"}
        return ExpectedPerformance(verdict=ExpectedVerdict.NOT_CALIBRATED, reason=reason, **facts)
    calibration = calibrate(outcomes[:, 0], outcomes[:, 1])
    found = expected_performance(calibration, rows[:, 0], rows[:, 1], between=variance_between(parts), parts=len(parts))
    metrics = {Metric(name): _estimate(one, size) for name, one in found.items()}
    seen = None if labelled is None or labelled.sum() < policy.min_labels else realised_performance(labelled)
    return _answer(metrics, policy, facts, outside=outside, seen=seen)


def expect_loss(
    parts: Sequence[LossSums],
    held: Floats,
    rows: int,
    policy: QualityPolicy,
    *,
    outside: float,
    seen: Mapping[str, float] | None,
) -> ExpectedPerformance:
    """What a regression is expected to miss by.

    `held` is the share of the rows on each step, `outside` that off the reference, `seen` what labels show.
    """
    reference = sum(part.rows for part in parts)
    facts: dict[str, Any] = {
        "rows": rows,
        "reference_rows": reference,
        "reference_parts": len(parts),
        "outside": outside,
    }
    short = _too_short(rows, reference, len(parts), policy)
    if short:
        return _not_enough(short, rows, policy, facts)
    metrics = {Metric(name): _estimate(one, rows) for name, one in expected_loss(parts, held, rows).items()}
    return _answer(metrics, policy, facts, outside=outside, seen=seen)


def _not_enough(reason: str, rows: int, policy: QualityPolicy, facts: Mapping[str, Any]) -> ExpectedPerformance:
    """Of the window or of the reference there are too few rows: how many would do, or why none."""
    few = rows < policy.min_samples
    why = (
        None if few else "not the window but the reference has too few rows with labels: more of its windows need them"
    )
    return ExpectedPerformance(
        verdict=ExpectedVerdict.NOT_ENOUGH_DATA,
        reason=reason,
        rows_needed=policy.min_samples if few else None,
        rows_reason=why,
        **facts,
    )


def _too_short(rows: int, reference: int, parts: int, policy: QualityPolicy) -> str | None:
    if rows < policy.min_samples:
        return f"{rows} rows, {policy.min_samples} are needed"
    if parts < LEAST_PARTS or reference < LEAST_ROWS:
        return (
            f"the reference has {reference} rows with labels in {parts} parts; {LEAST_ROWS} in {LEAST_PARTS} are needed"
        )
    return None


def _fit(parts: Sequence[Counts]) -> Fit:
    """Whether scores mean the same in every other stretch. Many short parts are put together, as they follow."""
    stretches = [np.sum(some, axis=0) for some in np.array_split(np.array(parts), min(len(parts), _STRETCHES))]
    made = np.sum(stretches[::2], axis=0).sum(axis=1)
    tested = np.sum(stretches[1::2], axis=0).sum(axis=1)
    return calibration_fit(calibrate(made[:, 0], made[:, 1]), tested[:, 0], tested[:, 1])


def _outside(reference: Counts, rows: Counts) -> float:
    """The share of rows whose scores the reference hardly has."""
    known = reference.reshape(-1, _REGION).sum(axis=1) >= _KNOWN
    held = rows.reshape(-1, _REGION).sum(axis=1)
    return float(held[~known].sum()) / max(1, int(rows.sum()))


def _estimate(found: Expected, rows: int) -> Estimate:
    if not math.isfinite(found.value):
        return Estimate(n=rows, reason="undefined: no row is expected that it could be divided by")
    return Estimate(value=found.value, low=found.low, high=found.high, n=rows, method="expected from the reference")


def _answer(
    metrics: dict[Metric, Estimate],
    policy: QualityPolicy,
    facts: Mapping[str, Any],
    *,
    outside: float,
    seen: Mapping[str, float] | None,
) -> ExpectedPerformance:
    judged = {
        metric: _expected_level(metric, found, policy.levels[metric]) if metric in policy.levels else found
        for metric, found in metrics.items()
    }
    said = ", ".join(
        f"{m.value} {e.value:.3g} ({e.low:.3g} to {e.high:.3g})" for m, e in judged.items() if e.value is not None
    )
    realised = {Metric(name): value for name, value in (seen or {}).items() if math.isfinite(value)}
    missed = [m.value for m, value in realised.items() if not _holds(judged.get(m), value)]
    below = [m.value for m, e in judged.items() if e.verdict is PerformanceVerdict.BELOW_LEVEL]
    verdict, reason, why = ExpectedVerdict.EXPECTED, f"expected: {said}", None
    if outside > policy.range_tolerance * 5:
        verdict = ExpectedVerdict.OUTSIDE_REFERENCE
        why = f"{NO_MATTER} of the window: labels of such rows tell, or a reference that has some"
        reason = f"{outside:.1%} of the rows are where the reference has hardly any; {reason}"
    elif missed:
        verdict = ExpectedVerdict.CONTRADICTED
        reason = f"the labels show another {', '.join(missed)} than was expected: concept drift is likely; {reason}"
    elif below:
        verdict, reason = ExpectedVerdict.BELOW_LEVEL, f"{', '.join(below)} is expected to miss its level; {reason}"
    return ExpectedPerformance(
        verdict=verdict,
        reason=f"{reason}. {BLIND}",
        metrics=judged,
        realised=realised,
        rows_reason=why,
        **dict(facts),
    )


def _expected_level(metric: Metric, found: Estimate, level: float) -> Estimate:
    """Against its level. Part of the interval is what windows differ by, which more rows do not narrow."""
    judged = against_level(metric, found, level)
    if judged.rows_needed is None:
        return judged
    why = "more rows alone narrow no expectation: labels of these rows tell"
    return judged.model_copy(update={"rows_needed": None, "rows_reason": why})


def _holds(found: Estimate | None, value: float) -> bool:
    return found is None or found.low is None or found.high is None or found.low <= value <= found.high
