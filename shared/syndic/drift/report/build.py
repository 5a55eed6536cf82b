"""A judged window becomes a report, a point of history, evidence and findings. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.drift.baseline.model import Baseline
from syndic.drift.counts.model import Counts
from syndic.drift.keys import report_id
from syndic.drift.measures.compute import Rows
from syndic.drift.measures.usual import Usual
from syndic.drift.models import ColumnPoint, DriftReport, DriftRows, FeatureDrift, HistoryPoint, Impact, Verdict
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.report.findings import TOGETHER
from syndic.drift.verdict.judge import judge
from syndic.models import (
    Evidence,
    EvidenceStatus,
    Intake,
    RegisteredModel,
    Severity,
    TimeWindow,
)
from syndic.models.intake_words import records_facts, with_records
from syndic.policy import rules_of
from syndic.ports import ObjectInfo

EVIDENCE = "drift.run"


def policy_hash(policy: DriftPolicy) -> str:
    """The hash of what a policy decides, whoever set it and when."""
    rules = rules_of(policy)
    if not policy.slices:  # policies from before there were slices decide what they decided
        del rules["slices"]
    return sha256_of({name: rule for name, rule in rules.items() if name != "notes"})


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
        drifted=(*report.drifted, *((TOGETHER,) if _hang_differently(report) else ())),
        columns={name: _column_point(feature) for name, feature in report.features.items()} | _together_point(report),
    )


def _hang_differently(report: DriftReport) -> bool:
    return report.multivariate is not None and report.multivariate.verdict is Verdict.DRIFT


def _together_point(report: DriftReport) -> dict[str, ColumnPoint]:
    """Where the policy asks for it, the columns together have a history as one of them."""
    if report.multivariate is None:
        return {}
    severity = Severity.MEDIUM if _hang_differently(report) else Severity.NONE
    return {TOGETHER: ColumnPoint(verdict=report.multivariate.verdict, severity=severity)}


def evidence_of(
    report: DriftReport, model_id: str, window: TimeWindow, impact: Impact | None = None, *, digest: str | None = None
) -> Evidence:
    """The fact that a window was checked, and what came of it. `digest` stands for the report's hash, which takes long.

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
        sha256=digest or sha256_of(report),
        produced_at=report.checked_at,
        expires_at=report.checked_at + timedelta(days=report.policy.evidence_days),
        window=window,
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
