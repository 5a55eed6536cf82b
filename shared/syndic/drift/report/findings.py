"""What a confirmed drift is told as: a finding for each column, and for the columns together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from syndic.canonical import sha256_of
from syndic.drift.models import DriftReport, Impact
from syndic.drift.report.impact import with_impact
from syndic.models import Concern, Finding, RegisteredModel, Severity, TimeWindow
from syndic.models.intake_words import with_records

TOGETHER: Final = "the columns together"
"""What the columns together are called where the others have their names."""

_MEASURE = "psi"  # one subject key for a column, so that it stays one trouble
_NOTHING_TO_DO: Final = "Nothing needs to be done."


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
    trouble = [
        _finding(report, model, window, name, impact)
        if name != TOGETHER
        else _together_finding(report, model, window, impact)
        for name in report.confirmed
    ]
    over = [_over(report, model, window, name) for name in recovered]
    return (*trouble, *over)


def _over(report: DriftReport, model: RegisteredModel, window: TimeWindow, name: str) -> Finding:
    if name == TOGETHER:
        return _together_finding(report, model, window, None, over=True)
    feature, rule = report.features[name], report.policy.rule(name)
    return _told(
        report,
        model,
        window,
        name,
        severity=Severity.NONE,
        title=f"{name} of {model.name} looks like its baseline again",
        reason=f"In the window {window.words}: {feature.reason}.",
        remedy=_NOTHING_TO_DO,
        measure=_MEASURE,
        value=feature.psi,
        threshold=rule.psi_threshold if feature.limit is None else feature.limit.value,
    )


def _finding(
    report: DriftReport, model: RegisteredModel, window: TimeWindow, name: str, impact: Impact | None
) -> Finding:
    feature = report.features[name]
    severity = feature.severity
    if not feature.pages and severity.rank > Severity.MEDIUM.rank:
        severity = Severity.MEDIUM
    severity = with_impact(severity, impact, report.policy.impact)
    is_output = feature.role.value in {"prediction", "score"}
    outputs = "the model's output" if is_output else "the model's input"
    return _told(
        report,
        model,
        window,
        name,
        severity=severity,
        title=f"{name} of {model.name} no longer looks like its baseline",
        reason=with_records(f"In the window {window.words}: {feature.reason}.{_harm(impact)}", report.intake),
        remedy=f"Compare {name} before and after in the report, and find out whether the source of {outputs} changed. "
        f"If the change is real and lasting, test the model on recent data and set a new baseline.",
        measure=_MEASURE,
        value=feature.psi if feature.effect is None else feature.effect,
        threshold=report.policy.rule(name).psi_threshold if feature.limit is None else feature.limit.value,
        follows=is_output,
    )


def _together_finding(
    report: DriftReport, model: RegisteredModel, window: TimeWindow, impact: Impact | None, *, over: bool = False
) -> Finding:
    """Of the columns together: no single one need have moved."""
    found = report.multivariate
    said = "" if found is None else f": {found.reason}"
    severity = with_impact(Severity.MEDIUM, impact, report.policy.impact)
    return _told(
        report,
        model,
        window,
        TOGETHER,
        severity=Severity.NONE if over else severity,
        title=f"the columns of {model.name} hang together {'as in the baseline again' if over else 'differently'}",
        reason=f"In the window {window.words}{said}.{_harm(impact)}",
        remedy=_NOTHING_TO_DO
        if over
        else "Compare how columns depend on each other before and after, and find out whether a source, a join or a "
        "unit of one of them changed. If the change is real and lasting, test the model on recent data and set a new "
        "baseline.",
        measure="reconstruction_error",
        value=None if found is None else found.effect,
        threshold=None if found is None else found.limit,
    )


def _harm(impact: Impact | None) -> str:
    return "" if impact is None else f" Did it hurt? {impact.reason[0].upper()}{impact.reason[1:]}."


def _told(
    report: DriftReport,
    model: RegisteredModel,
    window: TimeWindow,
    subject: str,
    *,
    severity: Severity,
    title: str,
    reason: str,
    remedy: str,
    measure: str,
    value: float | None,
    threshold: float | None,
    follows: bool = False,
) -> Finding:
    return Finding(
        id=f"{report.id}.{sha256_of(subject)[:12]}",
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.DRIFT,
        subject=subject,
        severity=severity,
        title=title,
        reason=reason,
        remedy=remedy,
        measure=measure,
        value=value,
        threshold=threshold,
        window=window,
        report_id=report.id,
        found_at=report.checked_at,
        follows=follows,
    )
