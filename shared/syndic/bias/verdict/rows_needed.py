"""How many rows until we can tell: said of each answer that cannot be given yet."""

from __future__ import annotations

import math

from syndic.bias.models import Estimate, Judgement, RowsNeeded, Verdict
from syndic.bias.policy.model import Metric
from syndic.bias.verdict.severity import within
from syndic.statistics.power import times_to_include, times_to_prove

MOST = 1_000  # times the rows there are: beyond it the answer is that rows will not tell


def rows_needed(
    judgement: Judgement, estimate: Estimate, metric: Metric, *, alpha: float, rows: int, short: float | None
) -> RowsNeeded | None:
    """The rows of all groups together that the answer takes, at the rates and shares observed; None where there is one.

    Args:
        judgement: What was judged.
        estimate: The disparity with its interval.
        metric: Which one.
        alpha: The p-value that one comparison of the family has to be below.
        rows: Those of all groups together.
        short: How many times the rows the minimum sizes ask for; None when they are reached.
    """
    if judgement.verdict is Verdict.NOT_ASSESSABLE:
        if short is None or not math.isfinite(short):
            return RowsNeeded(rows=None, reason="this is no matter of rows: " + judgement.reason)
        return _said(short, rows, "until the minimum sizes are reached")
    if judgement.verdict is not Verdict.INCONCLUSIVE:
        return None
    placed = _placed(estimate, metric)
    if placed is None:
        return RowsNeeded(rows=None, reason="the interval is open: it cannot be said how it shrinks")
    value, error = placed
    beyond, _ = within(estimate, metric, judgement.threshold)
    if beyond:
        return _said(times_to_prove(value, error, alpha=alpha), rows, "until the observed difference is beyond chance")
    limit = -math.log(judgement.threshold) if metric.is_ratio else judgement.threshold
    room = limit - abs(value)
    return _said(times_to_include(room, error), rows, "until the whole interval is within the threshold")


def _placed(estimate: Estimate, metric: Metric) -> tuple[float, float] | None:
    """Estimate and standard error, of a ratio on the log scale; None where the interval is open."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return None
    ends = (estimate.low, estimate.high)
    if not metric.is_ratio:
        width = ends[1] - ends[0]
        return None if width <= 0 else (estimate.value, width / 3.92)
    if min(estimate.value, *ends) <= 0 or ends[1] <= ends[0]:
        return None
    return math.log(estimate.value), math.log(ends[1] / ends[0]) / 3.92


def _said(times: float, rows: int, until: str) -> RowsNeeded:
    if times > MOST:
        return RowsNeeded(rows=None, reason=f"more than {MOST} times these rows {until}")
    times = max(times, 1.0 + 1.0 / max(1, rows))
    return RowsNeeded(rows=math.ceil(rows * times), times=times, reason=f"{until} (in four of five cases)")
