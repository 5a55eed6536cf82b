"""Examining one window: read it once, count, judge the data and the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syndic.canonical import sha256_of
from syndic.errors import ConflictError
from syndic.intake import beyond_tolerance, intake_notes
from syndic.models import ColumnRole, RegisteredModel, Severity, TimeWindow
from syndic.policing import rules_of
from syndic.ports import CaptureReader, ObjectInfo, Store
from syndic.quality.checks import describe, expected_columns, find_issues
from syndic.quality.keys import expectations_key, report_id
from syndic.quality.models import (
    Expectation,
    Performance,
    PerformanceVerdict,
    QualityPolicy,
    QualityReport,
    Verdict,
)
from syndic.quality.performance import Outcomes, judge_performance
from syndic.quality.policing import get_policy
from syndic.quality.profile import Profile
from syndic.windows import Column, LabelCoverage, Labels, OnReject, Window, join_labels, read_labels, read_window


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a report is made from, before a row is read. `sha256` is the hash of all of it."""

    policy: QualityPolicy
    expected: dict[str, Expectation]
    label_time: TimeWindow
    objects: int
    sha256: str


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
        }
    )
    return Inputs(policy, expected_columns(known, policy), label_time, len(objects), digest)


def _listed(objects: list[ObjectInfo]) -> list[list[str | int]]:
    return sorted([item.uri, item.etag, item.size] for item in objects)


def examine(
    model: RegisteredModel,
    window: TimeWindow,
    inputs: Inputs,
    *,
    captures: CaptureReader,
    on_reject: OnReject,
    now: datetime,
) -> QualityReport:
    """Read the window once and say what is wrong with it."""
    schema = model.capture_schema
    spec = schema.label if schema else None
    capture = model.endpoint.capture if model.endpoint else None
    labels = None
    if spec is not None and capture is not None and capture.labels_uri is not None:
        labels = read_labels(model, inputs.label_time, captures=captures)
    profile = Profile(inputs.expected)
    outcomes = Outcomes(spec.kind) if spec is not None and labels is not None else None
    matched: set[str] = set()
    late = 0
    for piece in read_window(model, window, captures=captures, on_reject=on_reject):
        profile.add(piece)
        if outcomes is not None and labels is not None and spec is not None:
            joined = join_labels(piece, labels)
            outcomes.add(joined.columns[spec.name], _of(piece, ColumnRole.PREDICTION), _of(piece, ColumnRole.SCORE))
            late += _match(piece, labels, window, matched)
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
    policy = inputs.policy
    issues = find_issues(profile, policy) if profile.rows or profile.intake.read else ()
    lost = beyond_tolerance(profile.intake, policy.rejected_tolerance)
    below = performance is not None and performance.verdict is PerformanceVerdict.BELOW_LEVEL
    if issues:
        verdict, reason = Verdict.ISSUES, f"{_name(issues[0].column)}: {issues[0].reason}"
        if len(issues) > 1:
            reason += f"; {len(issues) - 1} more"
    elif profile.rows < policy.min_samples:
        verdict = Verdict.NOT_ENOUGH_DATA
        reason = f"the window has {profile.rows} rows, {policy.min_samples} are needed"
    elif not inputs.expected:
        verdict, reason = Verdict.NOT_COMPARABLE, "no baseline is set: nothing is known of what to expect"
    elif lost is not None:
        verdict = Verdict.NOT_COMPARABLE
        reason = (
            f"{lost}. The rows that were read need not be like them; of these, nothing is wrong with {profile.rows}"
        )
    else:
        verdict, reason = Verdict.SOUND, f"nothing is wrong with the {profile.rows} rows"
    if below and performance is not None:
        reason = f"{performance.reason}; data: {reason}"
    worst = max((issue.severity for issue in issues), key=lambda s: s.rank, default=Severity.NONE)
    duplicates = profile.duplicates
    warnings = [] if inputs.expected else ["no baseline is set: ranges and values cannot be judged"]
    if duplicates is None:
        warnings.append("the window has too many rows to look for equal ones")
    warnings.extend(intake_notes(profile.intake))
    return QualityReport(
        id=report_id(model.id, window),
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        window=window,
        verdict=verdict,
        severity=Severity.HIGH if below and worst.rank < Severity.HIGH.rank else worst,
        reason=reason,
        rows=profile.rows,
        issues=issues,
        columns=describe(profile),
        duplicate_share=duplicates / profile.rows if duplicates is not None and profile.rows else None,
        performance=performance,
        warnings=tuple(warnings),
        intake=profile.intake,
        policy=policy,
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


def _name(column: str | None) -> str:
    return column or "records"
