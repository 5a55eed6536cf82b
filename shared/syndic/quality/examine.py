"""Examining one window: read it once, count, judge the data and the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syndic.canonical import sha256_of
from syndic.errors import ConflictError
from syndic.models import ColumnRole, Intake, RegisteredModel, Severity, TimeWindow
from syndic.policy import rules_of
from syndic.ports import CaptureReader, ObjectInfo, Store
from syndic.quality.data.profile import Profile
from syndic.quality.data.rules import describe, expected_columns, ignored_columns
from syndic.quality.data.verdict import judge
from syndic.quality.keys import expectations_key, report_id
from syndic.quality.models import (
    Expectation,
    Performance,
    PerformanceVerdict,
    QualityPolicy,
    QualityReport,
)
from syndic.quality.performance.metrics import Outcomes, judge_performance
from syndic.quality.performance.scored import Scored
from syndic.quality.policy.kept import get_policy
from syndic.windows import Column, LabelCoverage, Labels, OnReject, Window, join_labels, read_labels, read_window


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a report is made from, before a row is read. `sha256` is the hash of all of it."""

    policy: QualityPolicy
    expected: dict[str, Expectation]
    label_time: TimeWindow
    objects: int
    sha256: str
    baseline_intake: Intake | None = None


def gather(
    model: RegisteredModel, window: TimeWindow, *, store: Store, captures: CaptureReader, now: datetime
) -> Inputs:
    """Look up what a window is examined by. Raises `ConflictError` without capture or schema."""
    capture = model.endpoint.capture if model.endpoint else None
    if model.endpoint is None or capture is None or model.capture_schema is None:
        raise ConflictError(f"the traffic of {model.id} is not captured, or its columns are not described")
    policy = get_policy(model.id, store=store)
    record = store.get(expectations_key(model.id))
    columns = record.body["columns"] if record else {}
    lost = record.body.get("intake") if record else None
    known = {name: Expectation.model_validate(expected) for name, expected in columns.items()}
    objects = list(captures.objects(model.endpoint, capture, window))
    label_time = TimeWindow(start=window.start, end=max(now, window.end) + timedelta(hours=1))
    labels = list(captures.labels(capture, label_time)) if model.capture_schema.label and capture.labels_uri else []
    digest = sha256_of(
        {
            "objects": _listed(objects),
            "labels": _listed(labels),
            "expectations": columns,
            "policy": rules_of(policy),
            **({"baseline_intake": lost} if lost else {}),
        }
    )
    intake = Intake.model_validate(lost) if lost else None
    return Inputs(policy, expected_columns(known, policy), label_time, len(objects), digest, intake)


def _listed(objects: list[ObjectInfo]) -> list[list[str | int]]:
    return sorted([item.uri, item.etag, item.size] for item in objects)


def examine(
    model: RegisteredModel,
    window: TimeWindow,
    inputs: Inputs,
    *,
    captures: CaptureReader,
    on_reject: OnReject,
    scored: Scored,
    now: datetime,
) -> QualityReport:
    """Read the window once and say what is wrong with it. The scores are counted into `scored`."""
    schema = model.capture_schema
    spec = schema.label if schema else None
    capture = model.endpoint.capture if model.endpoint else None
    labels = None
    if spec is not None and capture is not None and capture.labels_uri is not None:
        labels = read_labels(model, inputs.label_time, captures=captures)
    profile = Profile(inputs.expected, ignored_columns(inputs.policy))
    outcomes = Outcomes(spec.kind) if spec is not None and labels is not None else None
    matched: set[str] = set()
    late = 0
    for piece in read_window(model, window, captures=captures, on_reject=on_reject):
        profile.add(piece)
        truth = None
        if outcomes is not None and labels is not None and spec is not None:
            joined = join_labels(piece, labels)
            truth = joined.columns[spec.name]
            outcomes.add(truth, _of(piece, ColumnRole.PREDICTION), _of(piece, ColumnRole.SCORE))
            late += _match(piece, labels, window, matched)
        if piece.rows:
            scored.add(_of(piece, ColumnRole.SCORE), _of(piece, ColumnRole.PREDICTION), truth)
    performance = None
    if outcomes is not None and labels is not None:
        coverage = LabelCoverage(
            rows=outcomes.rows,
            labelled=outcomes.labelled,
            late=late,
            orphans=len(labels) - len(matched),
            duplicates=labels.duplicates,
        )
        performance = judge_performance(outcomes, coverage, inputs.policy)
    return _report(model, window, inputs, profile, performance=performance, now=now)


def _report(
    model: RegisteredModel,
    window: TimeWindow,
    inputs: Inputs,
    profile: Profile,
    *,
    performance: Performance | None,
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
        intake=profile.intake,
        policy=inputs.policy,
        inputs_sha256=inputs.sha256,
        checked_at=now,
    )


def _of(piece: Window, role: ColumnRole) -> Column | None:
    names = piece.with_role(role)
    return piece.columns[names[0]] if names else None


def _match(piece: Window, labels: Labels, window: TimeWindow, matched: set[str]) -> int:
    """Note which labels belong to rows of a piece; returns how many of them came late."""
    late = 0
    for row_id in piece.ids:
        if row_id and row_id in labels.values:
            matched.add(row_id)
            _, collected = labels.values[row_id]
            late += collected is not None and collected >= window.end
    return late
