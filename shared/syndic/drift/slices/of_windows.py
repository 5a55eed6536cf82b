"""Slices of captured windows: what is counted follows from the baseline alone, so that counts of pieces add up.

A baseline's rows are counted once, when it is set; the plan is kept with their counts, so that windows are counted by
the same parts. What changed as a whole is known only when all is counted: it is left out then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from syndic.drift.baseline.expectations import set_aside
from syndic.drift.baseline.model import Baseline, CategoricalBaseline
from syndic.drift.models import DriftReport, FeatureDrift
from syndic.drift.models.slices import Slices
from syndic.drift.slices.count import SliceCounts, count_slices
from syndic.drift.slices.find import find_slices
from syndic.drift.slices.of_tables import CLASSES, MOVED, OUTPUTS, wrong_rows
from syndic.drift.slices.plan import ERROR, MOST_TARGETS, Plan, plan_slices
from syndic.models import ColumnRole
from syndic.windows import Window

Rows = Callable[[], Iterable[Window]]

UNSET: Final = (
    "the policy asks for slices, and the baseline was set before: set it again, and where drift concentrates is said"
)


@dataclass(frozen=True, slots=True, eq=False)
class SlicedRows:
    """Rows counted by slices, and the plan that they were counted by.

    Attributes:
        plan: Conditions, and the targets of drift.
        drift: Counts of all rows.
        errors: Counts of the rows whose labels came: right and wrong predictions.
        prediction: The column of predictions that are classes; None where there is none.
    """

    plan: Plan
    drift: SliceCounts = field(default_factory=SliceCounts)
    errors: SliceCounts = field(default_factory=SliceCounts)
    prediction: str | None = None

    @property
    def error_plan(self) -> Plan:
        """The plan of errors: the same conditions but for the prediction, which is no reason of its own error."""
        conditions = tuple(cut for cut in self.plan.conditions if cut.name != self.prediction)
        return Plan(conditions, (), self.plan.left_out)

    def emptied(self) -> SlicedRows:
        """The same plan, and nothing counted."""
        return replace(self, drift=SliceCounts(), errors=SliceCounts())

    def with_rows(self, piece: Window) -> SlicedRows:
        """With the rows of a piece."""
        return replace(self, drift=self.drift.plus(count_slices(piece.columns, piece.rows, self.plan)))

    def with_labels(self, piece: Window, label: str) -> SlicedRows:
        """With the rows of a piece whose labels came, by whether the prediction was wrong."""
        if self.prediction is None or self.prediction not in piece.columns:
            return self
        known, wrong = wrong_rows(piece, self.prediction, label)
        some = piece.take(known)
        counted = count_slices(some.columns, some.rows, self.error_plan, wrong=wrong)
        return replace(self, errors=self.errors.plus(counted)) if some.rows else self

    def plus(self, other: SlicedRows) -> SlicedRows:
        """The counts of both."""
        return replace(self, drift=self.drift.plus(other.drift), errors=self.errors.plus(other.errors))


def sliced(rows: Rows, baseline: Baseline) -> SlicedRows:
    """Count a baseline's rows by slices. Outputs are targets first, then the columns in their order."""
    outputs = [name for name in baseline.columns if baseline.roles.get(name) in OUTPUTS]
    inputs = [name for name in baseline.columns if name not in outputs]
    plan = plan_slices(baseline, [*outputs, *inputs][:MOST_TARGETS], first=inputs)
    found = SlicedRows(plan, prediction=_classes(baseline))
    for piece in rows():
        found = found.with_rows(piece)
    return found


def _classes(baseline: Baseline) -> str | None:
    names = [name for name in baseline.columns if baseline.roles.get(name) is ColumnRole.PREDICTION]
    if not names or set_aside(baseline.columns[names[0]]):
        return None
    column = baseline.columns[names[0]]
    size = len(column.levels) if isinstance(column, CategoricalBaseline) else column.distinct
    return names[0] if size <= CLASSES else None


def drift_slices(report: DriftReport, before: SlicedRows, now: SlicedRows) -> Slices:
    """Where the drift of a window concentrates. Conditions are not taken of numbers that moved as a whole."""
    moved = {name for name, one in report.features.items() if _p(one) <= MOVED}
    known = {name for name, one in report.features.items() if one.psi is not None}
    shifted = {cut.name for cut in now.plan.conditions if cut.numeric and cut.name in moved}
    conditions = tuple(cut for cut in now.plan.conditions if cut.name in known - shifted)
    targets = tuple(cut for cut in now.plan.targets if cut.name in known)
    plan = Plan(conditions, targets, now.plan.left_out)
    design = {name: one.design for name, one in report.features.items()}
    return find_slices(plan, _of(plan, now.drift), _of(plan, before.drift), design=design)


def error_slices(report: DriftReport, now: SlicedRows) -> Slices | None:
    """Where predictions are wrong more often, among the rows whose labels came; None where none did."""
    if not now.errors.rows:
        return None
    largest = max((one.design for one in report.features.values()), default=1.0)
    return find_slices(now.error_plan, now.errors, design={ERROR: largest})


def _of(plan: Plan, counts: SliceCounts) -> SliceCounts:
    """The tables that a plan is about."""
    conditions, targets = {"", *(cut.name for cut in plan.conditions)}, {cut.name for cut in plan.targets}
    tables: Mapping[tuple[str, str, str], np.ndarray] = {
        place: table
        for place, table in counts.tables.items()
        if place[0] in conditions and place[1] in conditions and place[2] in targets
    }
    return replace(counts, tables=tables)


def _p(feature: FeatureDrift) -> float:
    return 1.0 if feature.p_holm is None else feature.p_holm
