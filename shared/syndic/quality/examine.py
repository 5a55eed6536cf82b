"""Examining one window that was counted: judge the data and the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syndic.canonical import sha256_of
from syndic.checks.counting.window_files import WindowFiles, printed
from syndic.errors import ConflictError
from syndic.models import Intake, RegisteredModel, Severity, TimeWindow
from syndic.policy import rules_of
from syndic.ports import Store
from syndic.quality.count_rows import QualityCounter
from syndic.quality.data.profile import Profile
from syndic.quality.data.rules import describe, expected_columns, ignored_columns
from syndic.quality.data.verdict import judge
from syndic.quality.keys import expectations_key, report_id
from syndic.quality.models import Expectation, Performance, PerformanceVerdict, QualityPolicy, QualityReport
from syndic.quality.performance.metrics import judge_performance
from syndic.quality.policy.kept import get_policy
from syndic.windows import LabelCoverage


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a report is made by, besides the files."""

    policy: QualityPolicy
    expected: dict[str, Expectation]
    columns: dict[str, Any]
    lost: dict[str, Any] | None = None

    @property
    def baseline_intake(self) -> Intake | None:
        """How the baseline was read, where records of it were lost."""
        return Intake.model_validate(self.lost) if self.lost else None

    @property
    def ignored(self) -> frozenset[str]:
        """Columns that the policy leaves out."""
        return ignored_columns(self.policy)

    def sha256(self, files: WindowFiles) -> str:
        """The hash of all that the report of some files depends on."""
        return sha256_of(
            {
                "objects": printed(files.objects),
                "labels": printed(files.labels),
                "expectations": self.columns,
                "policy": rules_of(self.policy),
                **({"baseline_intake": self.lost} if self.lost else {}),
            }
        )


def gather(model: RegisteredModel, *, store: Store) -> Inputs:
    """Look up what a window is examined by. Raises `ConflictError` without capture or schema."""
    capture = model.endpoint.capture if model.endpoint else None
    if capture is None or model.capture_schema is None:
        raise ConflictError(f"the traffic of {model.id} is not captured, or its columns are not described")
    policy = get_policy(model.id, store=store)
    record = store.get(expectations_key(model.id))
    columns = record.body["columns"] if record else {}
    lost = record.body.get("intake") if record else None
    known = {name: Expectation.model_validate(expected) for name, expected in columns.items()}
    return Inputs(policy, expected_columns(known, policy), columns, lost)


def examine(
    model: RegisteredModel, window: TimeWindow, inputs: Inputs, counted: QualityCounter, *, sha256: str, now: datetime
) -> QualityReport:
    """Say what is wrong with a window that was counted."""
    outcomes, performance = counted.outcomes, None
    if outcomes is not None:
        coverage = LabelCoverage(
            rows=outcomes.rows,
            labelled=outcomes.labelled,
            late=counted.late,
            orphans=counted.labels - len(counted.matched),
            duplicates=counted.duplicate_labels,
        )
        performance = judge_performance(outcomes, coverage, inputs.policy)
    return _report(model, window, inputs, counted.profile, performance=performance, sha256=sha256, now=now)


def _report(
    model: RegisteredModel,
    window: TimeWindow,
    inputs: Inputs,
    profile: Profile,
    *,
    performance: Performance | None,
    sha256: str,
    now: datetime,
) -> QualityReport:
    judged = judge(profile, inputs.policy, baseline_intake=inputs.baseline_intake)
    below = performance is not None and performance.verdict is PerformanceVerdict.BELOW_LEVEL
    reason = judged.reason
    if below and performance is not None:
        reason = f"{performance.reason}; data: {reason}"
    return QualityReport(
        id=report_id(model.id, window),
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        window=window,
        verdict=judged.verdict,
        severity=Severity.HIGH if below and judged.severity.rank < Severity.HIGH.rank else judged.severity,
        reason=reason,
        rows=profile.rows,
        issues=judged.issues,
        columns=describe(profile),
        duplicate_share=judged.duplicate_share,
        performance=performance,
        warnings=judged.warnings,
        not_judged=judged.not_judged,
        rows_needed=judged.rows_needed,
        rows_reason=judged.rows_reason,
        intake=profile.intake,
        policy=inputs.policy,
        inputs_sha256=sha256,
        checked_at=now,
    )
