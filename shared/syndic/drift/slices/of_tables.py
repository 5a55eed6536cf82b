"""Two tables become slices: where what changed between them concentrates, and where predictions are wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Baseline
from syndic.drift.models import DriftReport, FeatureDrift
from syndic.drift.models.slices import Slices
from syndic.drift.slices.count import count_slices
from syndic.drift.slices.find import find_slices
from syndic.drift.slices.plan import MOST_TARGETS, plan_slices
from syndic.errors import InvalidInputError
from syndic.models import ColumnRole
from syndic.windows import Categories, Column, Window
from syndic.windows.cells.vocabulary import spelled

OUTPUTS: Final = frozenset({ColumnRole.PREDICTION, ColumnRole.SCORE})
CLASSES: Final = 50
MOVED: Final = 0.05


def slices_of(
    report: DriftReport, baseline: Baseline, before: Window, now: Window, *, never: Collection[str] = ()
) -> Slices:
    """Where drift concentrates: of the model's outputs, then of the columns whose change is clearest.

    `never` are neither conditions nor targets, such as the label.
    """
    features = {name: one for name, one in report.features.items() if name not in never}
    outputs = [name for name, one in features.items() if one.role in OUTPUTS]
    others = sorted(features, key=lambda name: (_p(features[name]), -(features[name].psi or 0.0), name))
    moved = {name for name, one in features.items() if _p(one) <= MOVED}
    targets = list(dict.fromkeys([*outputs, *others]))[:MOST_TARGETS]
    plan = plan_slices(baseline, targets, first=others, moved=moved, never=never)
    counted = (count_slices(side.columns, side.rows, plan) for side in (now, before))
    return find_slices(plan, next(counted), next(counted))


def error_slices_of(baseline: Baseline, now: Window, prediction: str, label: str) -> Slices:
    """Where predictions of classes are wrong more often. Raises `InvalidInputError` when they are none of classes."""
    known, wrong = wrong_rows(now, prediction, label)
    plan = plan_slices(baseline, (), never={prediction, label})
    some = now.take(known)
    return find_slices(plan, count_slices(some.columns, some.rows, plan, wrong=wrong))


def wrong_rows(now: Window, prediction: str, label: str) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The rows that have a prediction and a label, and which of them are wrong.

    Raises `InvalidInputError` when predictions or labels are none of classes.
    """
    known = np.flatnonzero(_known(now.column(prediction)) & _known(now.column(label)))
    some = now.take(known)
    wrong = _texts(some.column(prediction), prediction) != _texts(some.column(label), label)
    return known, np.asarray(wrong, np.bool_)


def _p(feature: FeatureDrift) -> float:
    return 1.0 if feature.p_holm is None else feature.p_holm


def _known(column: Column) -> NDArray[np.bool_]:
    return column.codes >= 0 if isinstance(column, Categories) else np.isfinite(column)


def _texts(column: Column, name: str) -> NDArray[np.str_]:
    """Each class by its spelling, so that 1, 1.0 and " 1" are one."""
    if isinstance(column, Categories):
        levels, codes = list(column.levels), column.codes.astype(np.int64)
    else:
        values, codes = np.unique(column, return_inverse=True)
        levels = [f"{value:.17g}" for value in values.tolist()]
    if len(levels) > CLASSES:
        raise InvalidInputError(f"{len(levels)} different values are no classes", column=repr(name))
    return np.array([spelled(level) for level in levels])[codes]
