"""One look at a simulated window, answered as a check answers it, without the work that cannot change the answer.

A column drifts only where its PSI is over the policy's threshold or one of its shares has changed by much; learnt
limits only raise what is asked for. So a window in which no column comes near is not judged. Of the others, the columns
that come near are answered as if every test were significant, and only where one would then drift is the whole window
judged, with the correction over all its tests. What drifts is what `judge` says, in a tenth of the time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Baseline, ColumnBaseline, NumericBaseline
from syndic.drift.counts.cells import cells_of
from syndic.drift.counts.count_rows import count
from syndic.drift.measures.compute import measure
from syndic.drift.measures.usual import Usual, UsualColumn
from syndic.drift.models import DriftPolicy, Verdict
from syndic.drift.verdict.column import Corrected, answer
from syndic.drift.verdict.judge import judge
from syndic.drift.verdict.limits import alarm_level, learnt_limits
from syndic.windows import Window

_NEAR_PSI = 0.9
_NEAR_TAIL, _NEAR_TAIL_PSI = 0.04, 0.07
_FEW = 1e-5
_COUNTED = 20  # numbers of few values are measured value by value
_DEEPEST = 0.011  # of the tails that are tested, and a little


class _Significant(dict[tuple[str, str], float]):
    """P values of a run in which every test is significant."""

    def __missing__(self, key: tuple[str, str]) -> float:
        return 0.0

    def __contains__(self, key: object) -> bool:
        return True


_ALL = Corrected(_Significant(), _Significant())


def drifting(now: Window, baseline: Baseline, policy: DriftPolicy, usual: Usual | None) -> tuple[str, ...]:
    """The columns of a window that drift."""
    level = None if usual is None else alarm_level(usual, policy, len(baseline.columns))
    near = []
    for name, column in baseline.columns.items():
        known = None if usual is None else usual.columns.get(name)
        learnt = None
        if known is not None and level is not None and known.design == 1.0:
            learnt = _psi_limit(known, level, now.rows, baseline.rows)
        if _comes_near(now, name, column, max(policy.psi_threshold or 0.0, learnt or 0.0)):
            near.append(name)
    if not near:
        return ()
    counts = count(replace(now, columns={name: now.columns[name] for name in near}), baseline)
    for name in near:
        measured = measure(name, baseline, counts, policy.buckets)
        limits = learnt_limits(name, measured, usual, level)
        if answer(name, measured, policy.rule(name), policy, _ALL, limits=limits).verdict is Verdict.DRIFT:
            return judge(baseline, count(now, baseline), policy, usual=usual).drifted
    return ()


_LIMITS: dict[tuple[int, float, int, int], tuple[UsualColumn, float | None]] = {}


def _psi_limit(known: UsualColumn, level: float, rows: int, usual_rows: int) -> float | None:
    """The learnt limit of a column; windows of as many rows have the same."""
    key = id(known), level, rows, usual_rows
    if key not in _LIMITS:
        _LIMITS[key] = known, known.psi_limit(level, rows, usual_rows)
    return _LIMITS[key][1]


def _comes_near(now: Window, name: str, known: ColumnBaseline, limit: float) -> bool:
    values = now.columns[name]
    if not isinstance(known, NumericBaseline) or not isinstance(values, np.ndarray) or known.distinct <= _COUNTED:
        return True
    cuts, bins, expected = _expected(known)
    ordered = np.sort(values)
    below = np.concatenate(([0], ordered.searchsorted(cuts, side="right"), [len(ordered)]))
    shares = np.diff(below) / len(ordered)
    lower, lower_now = np.cumsum(expected), np.cumsum(shares)
    for before, after in ((lower, lower_now), (1.0 - lower, 1.0 - lower_now)):
        deep = before <= _DEEPEST
        grown = after[deep] - before[deep]
        part = grown * np.log((after[deep] + _FEW) / (before[deep] + _FEW))
        if bool(((grown > _NEAR_TAIL) | ((grown > 0.0) & (part > _NEAR_TAIL_PSI))).any()):
            return True
    share = np.maximum(np.bincount(bins, shares), 0.5 / len(ordered))
    usual = np.bincount(bins, expected)
    psi = float(((share - usual) * np.log(share / usual)).sum())
    return psi > _NEAR_PSI * limit


_CUTS: dict[int, tuple[NumericBaseline, tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]]] = {}


def _expected(known: NumericBaseline) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Where the cells of a column end, which bin of PSI each is of, and its share of the baseline."""
    if id(known) not in _CUTS:
        cells = cells_of(known)
        edges = known.edges
        at = np.searchsorted(edges, cells.cuts, side="right")
        below = np.concatenate(([0], np.where(at > 0, known.at_or_below[at - 1], 0), [known.present]))
        _CUTS[id(known)] = known, (cells.cuts, cells.bins[: cells.size], np.diff(below) / known.present)
    return _CUTS[id(known)][1]
