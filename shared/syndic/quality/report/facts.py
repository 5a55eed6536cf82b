"""A quality report as evidence and findings. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.models import Concern, Evidence, EvidenceStatus, Finding, RegisteredModel, Severity
from syndic.models.intake_words import beyond_tolerance, records_facts, with_records
from syndic.quality.models import Issue, Performance, PerformanceVerdict, QualityReport, Verdict

EVIDENCE = "quality.run"
PERFORMANCE_EVIDENCE = "quality.performance"
_TOLD = Severity.MEDIUM
_MOST_NAMED = 3
_REMEDY = {
    "missing": "Find out why the values are missing where the requests are made.",
    "type": "Check the encoding of the requests against the model's schema.",
    "range": "Check units and validation where the requests are made.",
    "infinite": "Check divisions and logarithms where the feature is made.",
    "unseen": "Map the new values, or train the model on them and set a new baseline.",
    "new_column": "Describe the column in the model's schema, or stop sending it.",
    "lost_column": "Send the column again, or set a baseline without it.",
    "duplicates": "Look for retries that are captured twice.",
    "constant": "Look for a broken join or a default value where the feature is made.",
    "rejected": "Look at the rejected records by their reasons.",
}


def evidence_of(report: QualityReport, *, digest: str | None = None) -> Evidence:
    """The fact that a window's quality was examined, and what came of it. `digest` stands for the report's hash."""
    performance = report.performance
    below = performance is not None and performance.verdict is PerformanceVerdict.BELOW_LEVEL
    if below or any(issue.severity.rank >= _TOLD.rank for issue in report.issues):
        status = EvidenceStatus.FAILING
    elif report.verdict in {Verdict.SOUND, Verdict.ISSUES} and _lost(report) is None and not report.not_judged:
        status = EvidenceStatus.PASSING
    else:
        status = EvidenceStatus.INCONCLUSIVE
    facts: dict[str, JsonValue] = {
        "verdict": report.verdict.value,
        "rows": report.rows,
        "records": records_facts(report.intake),
        "issues": [f"{issue.check.value}:{issue.column or '-'}" for issue in report.issues],
        "not_judged": list(report.not_judged),
        "hollow_limits": [*report.policy.hollow_limits],
        "inputs_sha256": report.inputs_sha256,
        "revision": report.revision,
        "performance": performance.verdict.value if performance else None,
        "label_coverage": performance.coverage if performance else None,
        "metrics": _metrics(performance),
    }
    reason = report.reason
    if report.not_judged:
        reason += f"; asked for and not judged: {', '.join(report.not_judged[:_MOST_NAMED])}"
        reason += " and others" if len(report.not_judged) > _MOST_NAMED else ""
    return _evidence(report, EVIDENCE, status, _said(report, reason), facts, digest)


def _lost(report: QualityReport) -> str | None:
    return beyond_tolerance(report.intake, report.policy.rejected_tolerance)


def _said(report: QualityReport, sentence: str) -> str:
    return with_records(sentence, report.intake, tolerance=report.policy.rejected_tolerance)


def performance_evidence_of(report: QualityReport, *, digest: str | None = None) -> Evidence | None:
    """What ground truth says of the model against its declared levels; None when too few rows had a label.

    Sound data say nothing of it: only levels that are declared and met are passing. A window whose labels have yet
    to come leaves none, so that it does not hide an earlier window's answer.
    """
    performance = report.performance
    if performance is None or not performance.metrics:
        return None
    status = {
        PerformanceVerdict.MEETS_LEVEL: EvidenceStatus.PASSING,
        PerformanceVerdict.BELOW_LEVEL: EvidenceStatus.FAILING,
    }.get(performance.verdict, EvidenceStatus.INCONCLUSIVE)
    if status is EvidenceStatus.PASSING and _lost(report) is not None:
        status = EvidenceStatus.INCONCLUSIVE
    facts: dict[str, JsonValue] = {
        "verdict": performance.verdict.value,
        "rows": performance.rows,
        "records": records_facts(report.intake),
        "labelled": performance.labelled,
        "label_coverage": performance.coverage,
        "metrics": _metrics(performance),
        "hollow_limits": [*report.policy.hollow_levels],
        "thresholds_set_before": report.policy.changed_at is None or report.policy.changed_at <= report.window.start,
        "inputs_sha256": report.inputs_sha256,
        "revision": report.revision,
    }
    lost = _lost(report)
    summary = performance.reason if lost is None else f"{performance.reason}. Of the window, {lost}"
    return _evidence(report, PERFORMANCE_EVIDENCE, status, _said(report, summary), facts, digest)


def _metrics(performance: Performance | None) -> dict[str, JsonValue]:
    return {
        metric.value: {"value": found.value, "low": found.low, "high": found.high, "level": found.level}
        for metric, found in (performance.metrics.items() if performance else ())
    }


def _evidence(  # noqa: PLR0917 - what evidence says, in its order
    report: QualityReport, kind: str, status: EvidenceStatus, summary: str, facts: dict[str, JsonValue],
    digest: str | None,
) -> Evidence:  # fmt: skip
    return Evidence(
        kind=kind,
        model_id=report.model_id,
        status=status,
        summary=summary,
        facts=facts,
        source=report.id,
        sha256=digest or sha256_of(report),
        produced_at=report.checked_at,
        expires_at=report.checked_at + timedelta(days=report.policy.evidence_days),
        window=report.window,
    )


def findings_of(
    report: QualityReport, model: RegisteredModel, before: Sequence[QualityReport] = ()
) -> tuple[Finding, ...]:
    """A finding for each issue of at least medium severity and each missed level; severity none for those that ended.

    `before` holds the report of the window before, and the earlier revision of this one.
    """
    found = _troubles(report, model)
    troubled = {finding.subject_key for finding in found}
    answered = report.verdict in {Verdict.SOUND, Verdict.ISSUES}
    for old in [finding for earlier in before for finding in _troubles(earlier, model)]:
        measured = answered if old.measure in _REMEDY else _measured(report, old.measure)
        if old.subject_key not in troubled and measured:
            troubled.add(old.subject_key)
            found.append(_over(report, old))
    return tuple(found)


def _troubles(report: QualityReport, model: RegisteredModel) -> list[Finding]:
    told = [issue for issue in report.issues if issue.severity.rank >= _TOLD.rank]
    return [*(_issue_finding(report, model, issue) for issue in told), *_performance_findings(report, model)]


def _measured(report: QualityReport, measure: str | None) -> bool:
    metrics = report.performance.metrics if report.performance else {}
    return any(metric.value == measure and estimate.value is not None for metric, estimate in metrics.items())


def _over(report: QualityReport, old: Finding) -> Finding:
    return old.model_copy(
        update={
            "id": f"{report.id}.{sha256_of([old.subject, old.measure])[:12]}",
            "severity": Severity.NONE,
            "title": f"Over: {old.title}",
            "reason": f"The window {report.window.words} does not show it.",
            "remedy": "Nothing needs to be done.",
            "value": None,
            "window": report.window,
            "report_id": report.id,
            "found_at": report.checked_at,
        }
    )


def _issue_finding(report: QualityReport, model: RegisteredModel, issue: Issue) -> Finding:
    subject = issue.column or "records"
    return Finding(
        id=f"{report.id}.{sha256_of([subject, issue.check.value])[:12]}",
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.QUALITY,
        subject=subject,
        severity=issue.severity,
        title=f"{subject} of {model.name}: {issue.check.value.replace('_', ' ')}",
        reason=f"Window from {report.window.start:%Y-%m-%d %H:%M} UTC: {issue.reason}.",
        remedy=_REMEDY[issue.check.value],
        measure=issue.check.value,
        value=issue.value,
        threshold=issue.threshold,
        window=report.window,
        report_id=report.id,
        found_at=report.checked_at,
    )


def _performance_findings(report: QualityReport, model: RegisteredModel) -> list[Finding]:
    metrics = report.performance.metrics if report.performance else {}
    return [
        Finding(
            id=f"{report.id}.{sha256_of(['performance', metric.value])[:12]}",
            model_id=model.id,
            model_name=model.name,
            owner=model.owner,
            concern=Concern.QUALITY,
            subject="performance",
            severity=Severity.HIGH,
            title=f"{model.name} misses its declared level of {metric.value}",
            reason=f"Window from {report.window.start:%Y-%m-%d %H:%M} UTC: {metric.value} is {found.value:.3g}, "
            f"95 % interval {found.low:.3g} to {found.high:.3g}, on {found.n} rows; declared is {found.level:g}.",
            remedy="Look whether the inputs drifted, and train the model on recent data.",
            measure=metric.value,
            value=found.value,
            threshold=found.level,
            window=report.window,
            report_id=report.id,
            found_at=report.checked_at,
            follows=True,
        )
        for metric, found in metrics.items()
        if found.verdict is PerformanceVerdict.BELOW_LEVEL
    ]
