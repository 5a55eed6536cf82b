"""What the other concerns are told of a report: evidence, and one finding for each trouble."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from syndic.bias.keys import EVIDENCE_KIND
from syndic.bias.looks.answer import window_findings
from syndic.bias.models import BEYOND, AttributeBias, BiasReport, Look, Verdict, in_order
from syndic.bias.policy.model import JOIN, Metric
from syndic.bias.verdict.severity import distance
from syndic.bias.verdict.unjudged import set_aside
from syndic.canonical import sha256_of
from syndic.grounds import crossed
from syndic.models import Concern, Evidence, EvidenceStatus, Finding, RegisteredModel, Severity, TimeWindow, to_json
from syndic.models.intake_words import records_facts, with_records

STATUS = {
    Verdict.ADVERSE_IMPACT_INDICATED: EvidenceStatus.FAILING,
    Verdict.DISPARITY_INDICATED: EvidenceStatus.FAILING,
    Verdict.NO_INDICATION: EvidenceStatus.PASSING,
    # A difference that is proven is no proof that there is none that matters: somebody has to look at it.
    Verdict.DIFFERENCE_UNDER_THRESHOLD: EvidenceStatus.INCONCLUSIVE,
    Verdict.INCONCLUSIVE: EvidenceStatus.INCONCLUSIVE,
    Verdict.NOT_ASSESSABLE: EvidenceStatus.INCONCLUSIVE,
}

_MOST_OPEN = 3

REMEDY = (
    "Look at how the decision comes about for this group: the features that stand in for the attribute, the data it "
    "was learnt from, the threshold. Record whether the difference is justified and who decided so."
)
LABEL_REMEDY = (
    "These are outcomes on record, not the model's decisions: find out how they came about for this group before a "
    "model learns from them. Record whether the difference is justified and who decided so."
)


def findings_of(report: BiasReport, model: RegisteredModel, window: TimeWindow) -> tuple[Finding, ...]:
    """One finding for each attribute, group and metric that all windows together prove to be beyond its threshold.

    Metrics that cannot be cumulated are findings of the window. The subject and measure are the same in every window,
    so that the same trouble seen again is one trouble.
    """
    parts = {**report.attributes, **report.intersections}
    told = [
        _finding(report, model, window, _of_look(look, parts[JOIN.join(look.attributes)]))
        for look in (report.looks.looks if report.looks else ())
        if look.verdict in BEYOND
    ]
    alone = [
        _finding(report, model, window, _of_window(parts[name], group, metric))
        for name, group, metric in window_findings(report)
    ]
    return (*told, *alone)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What a finding is about, wherever it was proven. `worse` and `better` name the two sides."""

    part: AttributeBias
    group: str
    metric: Metric
    value: float | None
    threshold: float
    reason: str
    worse: str | None
    better: str | None


def _of_look(look: Look, part: AttributeBias) -> _Trouble:
    value, beside = look.effect.value, look.compared_with
    if look.to_best_off is not None and look.best_off is not None and _group_is_worse(look.metric, value):
        beside = look.best_off
        value = min(value, look.to_best_off) if look.metric.is_ratio and value is not None else value
    worse, better = (look.group, beside) if _group_is_worse(look.metric, look.effect.value) else (beside, look.group)
    return _Trouble(part, look.group, look.metric, value, look.threshold, look.reason, worse, better)


def _of_window(part: AttributeBias, group: str, metric: Metric) -> _Trouble:
    judgement, estimate = part.groups[group].judgements[metric.value], part.groups[group].disparity(metric)
    value = estimate.value if estimate else None
    worse, better = (group, part.reference) if _group_is_worse(metric, value) else (part.reference, group)
    return _Trouble(part, group, metric, value, judgement.threshold, judgement.reason, worse, better)


def _finding(report: BiasReport, model: RegisteredModel, window: TimeWindow, found: _Trouble) -> Finding:
    metric, attribute = found.metric, found.part
    subject = f"{report.outcome}: {' & '.join(attribute.attributes)} = {found.group}"
    return Finding(
        id=f"bias.{model.id}.{sha256_of([subject, metric.value])[:16]}.{window.key}",
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.BIAS,
        subject=subject,
        severity=_severity(metric, found.value, found.threshold),
        title=(
            f"{metric.value.replace('_', ' ').capitalize()} of {model.name}: {found.worse} is worse off than "
            f"{found.better} by {' and '.join(attribute.attributes)} (outcome: {report.outcome})"
        ),
        reason=with_records(found.reason + (f" ({attribute.caveat})" if attribute.caveat else ""), report.intake),
        remedy=_remedy(report, attribute),
        measure=metric.value,
        value=found.value,
        threshold=found.threshold,
        window=window,
        report_id=report.id,
        found_at=report.checked_at,
    )


def _remedy(report: BiasReport, attribute: AttributeBias) -> str:
    if report.outcome == "label":
        return LABEL_REMEDY
    hinted = any(attribute.attributes == (hint.attribute,) for hint in report.hints)
    return f"{REMEDY} The report's hints show what other thresholds would change." if hinted else REMEDY


_HIGH_IS_WORSE = frozenset({Metric.FALSE_OMISSION, Metric.CONDITIONAL_DISPARITY, Metric.TREATMENT_EQUALITY})


def _group_is_worse(metric: Metric, value: float | None) -> bool:
    """Whether it is the group, not its reference, that is worse off. An undefined ratio means: the reference is."""
    if value is None:
        return False
    if metric is Metric.EQUALIZED_ODDS:
        return True
    low = value < 1 if metric.is_ratio else value < 0
    return not low if metric in _HIGH_IS_WORSE else low


def _severity(metric: Metric, value: float | None, threshold: float) -> Severity:
    """Critical when twice as far from "no difference" as the threshold, else high."""
    return Severity.CRITICAL if distance(metric, value, threshold) >= 2 else Severity.HIGH


def evidence_of(
    reports: tuple[BiasReport, ...], model_id: str, window: TimeWindow, *, digest: str | None = None
) -> Evidence:
    """One piece of evidence on all outcomes: the worst status decides, and what the model does is said first.

    `digest` stands for the reports' hash, which takes long.
    """
    order = [EvidenceStatus.FAILING, EvidenceStatus.INCONCLUSIVE, EvidenceStatus.PASSING]
    answers = [(*_answer(report), report) for report in in_order(reports)]
    status, said, worst = min(answers, key=lambda answer: order.index(answer[0]))
    others = "".join(f". {_headline(report)}" for _, _, report in answers if report is not worst)
    facts: dict[str, JsonValue] = {
        "verdict": worst.verdict.value,
        "outcomes": {
            report.outcome: {
                "verdict": report.verdict.value,
                "reason": report.reason,
                "rows": report.rows.used,
                "label_coverage": report.rows.label_coverage,
                "unjudged": list(report.unjudged),
                "attributes": {name: _facts(attribute, report) for name, attribute in report.attributes.items()},
                "intersections": {name: part.verdict.value for name, part in report.intersections.items()},
            }
            for report in in_order(reports)
        },
        "grounds": _grounds(reports),
        "compared_with": [*sorted({part.comparison.value for one in reports for part in one.attributes.values()})],
        "protected_attributes": [attribute.name for attribute in worst.policy.protected_attributes],
        "intersectional": worst.policy.intersectional,
        "records": records_facts(worst.intake),
        "policy_version": worst.policy.version,
        "policy_changed_at": None if worst.policy.changed_at is None else worst.policy.changed_at.isoformat(),
        "thresholds_set_before": worst.policy.changed_at is None or worst.policy.changed_at <= window.start,
        "hollow_limits": [*worst.policy.hollow_limits],
        "metrics": [rule.metric.value for rule in worst.policy.fairness_metrics if rule.enabled],
    }
    summary = f"{_headline(worst)}. {worst.reason}{said}{others}"
    return Evidence(
        kind=EVIDENCE_KIND,
        model_id=model_id,
        status=status,
        summary=with_records(summary, worst.intake, tolerance=worst.policy.rejected_tolerance),
        facts=facts,
        source=worst.id,
        sha256=digest or sha256_of([to_json(report) for report in reports]),
        produced_at=max(report.checked_at for report in reports),
        window=window,
    )


def _grounds(reports: tuple[BiasReport, ...]) -> list[JsonValue]:
    """The grounds, alone and together, that some outcome could be assessed by; see `syndic.grounds`."""
    found = {
        crossed(part.attributes)
        for report in reports
        for part in (*report.attributes.values(), *report.intersections.values())
        if part.verdict is not Verdict.NOT_ASSESSABLE
    }
    return [*sorted(ground for ground in found if ground is not None)]


def _headline(report: BiasReport) -> str:
    return f"{report.outcome}: {report.verdict.value.replace('_', ' ')}"


def _answer(report: BiasReport) -> tuple[EvidenceStatus, str]:
    """What a report is evidence of, and what is to be added to its reason.

    An attribute that could not be assessed at all was declared and not examined.
    """
    status = STATUS[report.verdict]
    if status is not EvidenceStatus.PASSING:
        return status, ""
    missing = [name for name, part in report.attributes.items() if part.verdict is Verdict.NOT_ASSESSABLE]
    if missing:
        return EvidenceStatus.INCONCLUSIVE, f". Not assessable: {', '.join(missing)}"
    unknown = [name for name, rows in report.rows.unknown.items() if 2 * rows > report.rows.used]
    if unknown:
        return EvidenceStatus.INCONCLUSIVE, f". Not known of most rows: {', '.join(unknown)}"
    aside = [
        f"{name} {', '.join(set_aside(part, report.policy))}"
        for name, part in report.attributes.items()
        if set_aside(part, report.policy)
    ]
    said = f". Set aside as too small: {'; '.join(aside)}" if aside else ""
    open_ones = [sentence for sentence in report.unjudged if sentence not in report.reason]
    return status, said + "".join(f". {sentence[0].upper()}{sentence[1:]}" for sentence in open_ones[:_MOST_OPEN])


def _facts(attribute: AttributeBias, report: BiasReport) -> dict[str, JsonValue]:
    return {
        "verdict": attribute.verdict.value,
        "reference": attribute.reference,
        "groups": len(attribute.groups),
        "set_aside": list(set_aside(attribute, report.policy)),
        "smallest_group": min((group.n for group in attribute.groups.values() if group.n is not None), default=0),
        "worst_off": None if attribute.worst_off is None else attribute.worst_off.group,
        "lowest_ratio": None if attribute.worst_off is None else attribute.worst_off.value,
    }
