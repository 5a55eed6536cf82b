"""A judged window becomes a report, a point of history, evidence and findings. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.drift.baseline.model import Baseline
from syndic.drift.counts.model import Counts
from syndic.drift.keys import report_id
from syndic.drift.measures.compute import Rows
from syndic.drift.measures.usual import Usual
from syndic.drift.models import ColumnPoint, DriftReport, DriftRows, FeatureDrift, HistoryPoint, Impact, Verdict
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.report.impact import with_impact
from syndic.drift.verdict.judge import judge
from syndic.models import (
    Concern,
    Evidence,
    EvidenceStatus,
    Finding,
    Intake,
    RegisteredModel,
    Severity,
    TimeWindow,
)
from syndic.models.intake_words import records_facts, with_records
from syndic.policy import rules_of
from syndic.ports import ObjectInfo

EVIDENCE = "drift.run"
_MEASURE = "psi"  # one subject key for a column, so that it stays one trouble


def policy_hash(policy: DriftPolicy) -> str:
    """The hash of what a policy decides, whoever set it and when."""
    return sha256_of({name: rule for name, rule in rules_of(policy).items() if name != "notes"})


def inputs_hash(objects: Sequence[ObjectInfo], baseline_sha256: str, policy: DriftPolicy) -> str:
    """The hash of all that a report depends on: same hash, same report."""
    listed = sorted([item.uri, item.etag, item.size] for item in objects)
    return sha256_of({"objects": listed, "baseline": baseline_sha256, "policy": policy_hash(policy)})


def compare(
    baseline: Baseline,
    counts: Counts,
    policy: DriftPolicy,
    *,
    baseline_sha256: str,
    inputs_sha256: str,
    now: datetime,
    model: RegisteredModel | None = None,
    window: TimeWindow | None = None,
    warnings: Sequence[str] = (),
    rows: Rows | None = None,
    usual: Usual | None = None,
) -> DriftReport:
    """The report of a window's counts against a baseline; with `rows`, of the values themselves where they matter.

    `usual` is how the baseline's own windows vary, where that is known.
    """
    judged = judge(baseline, counts, policy, rows=rows, usual=usual)
    known = model is not None and window is not None
    return DriftReport(
        id=report_id(model.id, window) if model and window else f"drift.{inputs_sha256[:16]}",
        model_id=model.id if model else None,
        model_name=model.name if model else None,
        owner=model.owner if model else None,
        window=window,
        verdict=judged.verdict,
        severity=judged.severity,
        reason=judged.reason,
        rows=DriftRows(baseline=baseline.rows, current=counts.rows),
        features=judged.features,
        drifted=judged.drifted,
        confirmed=() if known else judged.drifted,
        new_columns=judged.new_columns,
        lost_columns=judged.lost_columns,
        mistyped_columns=judged.mistyped_columns,
        not_judged=judged.not_judged,
        multivariate=judged.multivariate,
        usual=judged.usual,
        warnings=(*judged.warnings, *warnings),
        tests=judged.tests,
        policy=policy,
        baseline_sha256=baseline_sha256,
        intake=counts.intake,
        inputs_sha256=inputs_sha256,
        checked_at=now,
    )


def without_comparison(
    model: RegisteredModel,
    window: TimeWindow,
    policy: DriftPolicy,
    reason: str,
    *,
    inputs_sha256: str,
    intake: Intake | None,
    now: datetime,
) -> DriftReport:
    """The report when there is nothing to compare with: no baseline, no capture, no schema."""
    return DriftReport(
        id=report_id(model.id, window),
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        window=window,
        verdict=Verdict.NOT_COMPARABLE,
        severity=Severity.NONE,
        reason=reason,
        rows=DriftRows(baseline=0, current=intake.rows if intake else 0),
        features={},
        policy=policy,
        baseline_sha256="",
        intake=intake,
        inputs_sha256=inputs_sha256,
        checked_at=now,
    )


def point_of(report: DriftReport, window: TimeWindow) -> HistoryPoint:
    """What histories and trends keep of a report."""
    return HistoryPoint(
        window=window,
        report_id=report.id,
        revision=report.revision,
        verdict=report.verdict,
        severity=report.severity,
        rows=report.rows.current,
        drifted=report.drifted,
        columns={name: _column_point(feature) for name, feature in report.features.items()},
    )


def evidence_of(report: DriftReport, model_id: str, window: TimeWindow, impact: Impact | None = None) -> Evidence:
    """The fact that a window was checked, and what came of it.

    A window of which something that was asked for has no answer is not known to be free of drift: a column that is lost
    or of another kind, one that may be amounts nobody could read, one of too few rows.
    """
    if report.confirmed:
        status = EvidenceStatus.FAILING
    elif report.verdict is Verdict.NO_DRIFT and not (
        report.not_judged or report.lost_columns or report.mistyped_columns
    ):
        status = EvidenceStatus.PASSING
    else:
        status = EvidenceStatus.INCONCLUSIVE
    worst = max((f.psi for f in report.features.values() if f.psi is not None), default=None)
    facts: dict[str, JsonValue] = {
        "verdict": report.verdict.value,
        "severity": report.severity.value,
        "rows_baseline": report.rows.baseline,
        "rows_current": report.rows.current,
        "columns": len(report.features),
        "records": records_facts(report.intake),
        "drifted": list(report.drifted),
        "confirmed": list(report.confirmed),
        "new_columns": list(report.new_columns),
        "largest_psi": worst,
        "not_judged": list(report.not_judged),
        "harm": None if impact is None else impact.harm.value,
        "baseline_sha256": report.baseline_sha256,
        "inputs_sha256": report.inputs_sha256,
        "revision": report.revision,
        "hollow_limits": [*report.policy.hollow_limits(report.features)],
        "thresholds_set_before": report.policy.changed_at is None or report.policy.changed_at <= window.start,
    }
    return Evidence(
        kind=EVIDENCE,
        model_id=model_id,
        status=status,
        summary=with_records(report.reason, report.intake, tolerance=report.policy.rejected_tolerance),
        facts=facts,
        source=report.id,
        sha256=sha256_of(report),
        produced_at=report.checked_at,
        expires_at=report.checked_at + timedelta(days=report.policy.evidence_days),
        window=window,
    )


def findings_of(
    report: DriftReport,
    model: RegisteredModel,
    window: TimeWindow,
    recovered: Sequence[str] = (),
    impact: Impact | None = None,
) -> tuple[Finding, ...]:
    """One finding for each column whose drift is confirmed, and one of severity none for each that is over it.

    A column that is not significant by Holm's stricter rule is medium at most, unless the model does worse too.
    """
    trouble = [_finding(report, model, window, name, impact) for name in report.confirmed]
    over = [_over(report, model, window, name) for name in recovered]
    return (*trouble, *over)


def _over(report: DriftReport, model: RegisteredModel, window: TimeWindow, name: str) -> Finding:
    feature, rule = report.features[name], report.policy.rule(name)
    return Finding(
        id=f"{report.id}.{sha256_of(name)[:12]}",
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.DRIFT,
        subject=name,
        severity=Severity.NONE,
        title=f"{name} of {model.name} looks like its baseline again",
        reason=f"{_when(window)}: {feature.reason}.",
        remedy="Nothing needs to be done.",
        measure=_MEASURE,
        value=feature.psi,
        threshold=rule.psi_threshold if feature.limit is None else feature.limit.value,
        window=window,
        report_id=report.id,
        found_at=report.checked_at,
    )


def _when(window: TimeWindow) -> str:
    if window.start.time() == window.end.time() == time.min:
        last = window.end - timedelta(days=1)
        days = f"{window.start:%Y-%m-%d}" if last == window.start else f"{window.start:%Y-%m-%d} to {last:%Y-%m-%d}"
        return f"In the window {days} (UTC)"
    return f"In the window {window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC"


def _finding(
    report: DriftReport, model: RegisteredModel, window: TimeWindow, name: str, impact: Impact | None
) -> Finding:
    feature = report.features[name]
    severity = feature.severity
    if not feature.pages and severity.rank > Severity.MEDIUM.rank:
        severity = Severity.MEDIUM
    severity = with_impact(severity, impact, report.policy.impact)
    harm = "" if impact is None else f" Did it hurt? {impact.reason[0].upper()}{impact.reason[1:]}."
    outputs = "the model's output" if feature.role.value in {"prediction", "score"} else "the model's input"
    return Finding(
        id=f"{report.id}.{sha256_of(name)[:12]}",
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.DRIFT,
        subject=name,
        severity=severity,
        title=f"{name} of {model.name} no longer looks like its baseline",
        reason=with_records(f"{_when(window)}: {feature.reason}.{harm}", report.intake),
        remedy=f"Compare {name} before and after in the report, and find out whether the source of {outputs} changed. "
        f"If the change is real and lasting, test the model on recent data and set a new baseline.",
        measure=_MEASURE,
        value=feature.psi if feature.effect is None else feature.effect,
        threshold=report.policy.rule(name).psi_threshold if feature.limit is None else feature.limit.value,
        window=window,
        report_id=report.id,
        found_at=report.checked_at,
    )


def _column_point(feature: FeatureDrift) -> ColumnPoint:
    return ColumnPoint(
        verdict=feature.verdict,
        severity=feature.severity,
        psi=feature.psi,
        psi_null_point=feature.psi_null_point,
        ks=feature.ks.statistic,
        wasserstein=feature.wasserstein,
        jensen_shannon=feature.jensen_shannon,
        missing=feature.missing.current,
        mean=feature.current_moments.mean if feature.current_moments else None,
    )
