"""The limits that are learnt from the baseline's own windows, for one column of one window."""

from __future__ import annotations

import math
from typing import Final

from syndic.drift.measures.compute import Measured
from syndic.drift.measures.usual import Usual
from syndic.drift.models import PsiLimit
from syndic.drift.policy.model import DriftPolicy, FeatureRule, Season
from syndic.drift.verdict.column import ColumnLimits

_LENGTHS: Final = {1: "hours", 24: "days", 168: "weeks"}
_LEAST: Final = 1e-9
_MOST: Final = 0.05


def alarm_level(usual: Usual, policy: DriftPolicy, columns: int) -> float:
    """The chance that one column of an unchanged window may be beyond its limit, for the policy's budget of a month."""
    return min(_MOST, max(_LEAST, policy.alarm_budget / (usual.looks * max(1, columns))))


def learnt_limits(name: str, column: Measured, usual: Usual | None, level: float | None) -> ColumnLimits:
    """How far the column of an unchanged window may lie."""
    known = None if usual is None else usual.columns.get(name)
    if known is None or usual is None or level is None or column.not_comparable is not None or column.psi is None:
        return ColumnLimits()

    def share(test: str) -> float | None:
        sign = column.signs[test]
        return known.share_limit(test, sign.share, sign.side, level, column.design)

    psi = known.psi_limit(level, column.current_rows, column.baseline_rows, column.design)
    return ColumnLimits(psi, share, usual_source(usual))


def psi_limit(name: str, rule: FeatureRule, limits: ColumnLimits, usual: Usual | None) -> PsiLimit | None:
    """What the report says of the PSI a column was judged by."""
    if rule.psi_threshold is None:
        return None
    known = None if usual is None else usual.columns.get(name)
    found = None if known is None or limits.psi is None else known.psi
    return PsiLimit(
        value=max(rule.psi_threshold, limits.psi or 0.0),
        policy=rule.psi_threshold,
        learnt=limits.psi,
        typical=None if found is None else found.total,
        windows=0 if found is None else found.windows,
        correlation=None if found is None else found.correlation,
    )


def rows_needed(column: Measured, rule: FeatureRule, limits: ColumnLimits) -> tuple[int | None, str | None]:
    """Rows of a window until a column can be judged, if it then looks as it does now; else why no number would do.

    A window must have the policy's minimum, and so many rows that PSI is not over its threshold by chance alone: the
    null point falls as ``1 / N + 1 / M``. Both are None when it is judged.
    """
    least, psi, null = rule.min_samples or 1, column.psi, column.psi_null_point
    if column.not_comparable is not None:
        return None, "this is no matter of rows"
    if column.baseline_rows < least:
        return None, f"the baseline has too few rows of it: set one with {least} or more"
    few = column.current_rows < least
    threshold = max(rule.psi_threshold or 0.0, limits.psi or 0.0)
    if psi is None or not null or not threshold:
        return (least if few else None), None
    if not few and not threshold < psi <= null:
        return None, None
    unit = null / (1.0 / column.baseline_rows + 1.0 / column.current_rows)
    part = (threshold if few else psi) / unit - 1.0 / column.baseline_rows
    if part <= 0.0:
        return None, "chance among the rows of the baseline alone does as much: set a larger one"
    enough = math.ceil(1.0 / part)
    return max(least, enough) if few else enough, None


def usual_source(usual: Usual) -> str:
    """Whose windows the limits are learnt from, in words."""
    length = _LENGTHS.get(usual.hours, f"windows of {usual.hours} hours")
    season = "" if usual.season is Season.NONE else f", each beside its {usual.season.value.replace('_', ' and ')},"
    return f"the baseline's own {usual.windows} {length}{season}"
