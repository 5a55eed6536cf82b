"""The verdict on the columns together: do they hang together as they did?"""

from __future__ import annotations

import math
from typing import Final

from syndic.drift.baseline.model import Baseline
from syndic.drift.counts.model import Counts
from syndic.drift.measures.usual import Usual
from syndic.drift.models import MultivariateDrift, Verdict
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.verdict.column import count_of_rows, number, p_in_words
from syndic.drift.verdict.limits import usual_source

MULTIVARIATE_EFFECT: Final = 0.25
"""Change of the mean reconstruction error, in its baseline standard deviations, from which it is called drift."""


_NO_MATTER: Final = "this is no matter of rows"


def together_verdict(
    baseline: Baseline, counts: Counts, policy: DriftPolicy, usual: Usual | None, level: float | None
) -> MultivariateDrift:
    """The verdict on the columns together."""
    reconstruction = baseline.reconstruction
    if reconstruction is None:
        reason = "the baseline has no PCA: it needs rows, and at least three numeric columns that vary"
        return MultivariateDrift(verdict=Verdict.NOT_COMPARABLE, reason=reason, rows_reason=_NO_MATTER)
    if counts.errors is None or counts.errors.rows == 0:
        reason = "the window lacks columns of the PCA, or its rows were not available"
        return MultivariateDrift(
            verdict=Verdict.NOT_COMPARABLE, reason=reason, columns=reconstruction.columns, rows_reason=_NO_MATTER
        )
    if counts.errors.rows < policy.min_samples:
        reason = f"the window has {count_of_rows(counts.errors.rows)}, {policy.min_samples} are needed"
        return MultivariateDrift(
            verdict=Verdict.NOT_ENOUGH_DATA,
            reason=reason,
            columns=reconstruction.columns,
            rows_needed=policy.min_samples,
        )
    from syndic.drift.counts.multivariate import error_change  # noqa: PLC0415 - only where a policy asks for it

    mean, effect, p = error_change(reconstruction, counts.errors)
    limit, learnt = MULTIVARIATE_EFFECT, ""
    if usual is not None and level is not None and usual.errors is not None:
        point = math.sqrt(usual.errors.limit(level, counts.errors.rows, reconstruction.rows))
        if point > limit:
            limit, learnt = point, f", up to which {usual_source(usual)} vary; policy {MULTIVARIATE_EFFECT}"
    drifts = abs(effect) > limit and p <= policy.significance
    return MultivariateDrift(
        verdict=Verdict.DRIFT if drifts else Verdict.NO_DRIFT,
        reason=f"the columns' mean reconstruction error moved by {number(effect)} of its standard deviations "
        f"(limit {number(limit)}{learnt}; p {p_in_words(p)})",
        baseline_error=reconstruction.error_mean,
        current_error=mean,
        effect=effect,
        limit=limit,
        p_value=p,
        components=reconstruction.components.shape[1],
        columns=reconstruction.columns,
    )
