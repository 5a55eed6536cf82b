"""The content of a report as plain text and tables: what HTML and PDF both show, worded once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from syndic.assessment import EvidenceRef, FrameworkStatus, Reading, RequirementState, State
from syndic.models import Evidence
from syndic.reports.content.charts import drift_trend, fairness_intervals, leading
from syndic.reports.content.wording import LIMITATIONS, MEANING, STATE_WORDS, day, met_of_applicable, minute
from syndic.reports.models import GroupRatio, ModelSection, ReportContent

View = dict[str, Any]
"""JSON values only."""


def view_of(content: ReportContent) -> View:
    """Everything a compliance report shows, in its order."""
    sections = content.sections
    request = content.request
    statuses = [status for section in sections for status in section.statuses]
    frameworks = {status.framework_id: status for status in statuses}
    return {
        "title": content.title,
        "id": content.id,
        "as_of": minute(content.as_of),
        "period": f"{request.start_date or 'from the beginning'} to {request.end_date or day(content.as_of)}",
        "subject": sections[0].model.name if len(sections) == 1 else f"{len(sections)} models",
        "frameworks": [_framework(frameworks[key]) for key in sorted(frameworks)],
        "summary": [_summary(section, status) for section in sections for status in section.statuses],
        "blocking": _requirements_in(sections, blocking=True),
        "not_met": _requirements_in(sections, blocking=False),
        "review": _review(statuses),
        "meaning": [[STATE_WORDS[state], MEANING[state]] for state in State],
        "sections": [_section(section) for section in sections],
        "organisation": [_evidence(item) for item in content.organisation],
        "limitations": [" ".join(text.split()) for text in LIMITATIONS],
        "checkpoint": None
        if content.checkpoint is None
        else [str(content.checkpoint.index), minute(content.checkpoint.at), content.checkpoint.hash],
    }


def _framework(status: FrameworkStatus) -> View:
    return {
        "id": status.framework_id,
        "title": status.framework_title,
        "version": status.framework_version,
        "sha256": status.framework_sha256,
        "source": status.framework_source,
        "notice": status.notice,
    }


def _summary(section: ModelSection, status: FrameworkStatus) -> list[str]:
    counts = status.counts
    due = counts[State.ATTESTATION_DUE] + counts[State.EXPIRED]
    return [
        section.model.name,
        status.framework_title,
        met_of_applicable([status]),
        str(counts[State.NOT_MET]),
        str(counts[State.INSUFFICIENT_EVIDENCE]),
        str(due),
        str(counts[State.NOT_YET_IN_FORCE]),
        str(counts[State.NOT_APPLICABLE]),
    ]


def _requirements_in(sections: Sequence[ModelSection], *, blocking: bool) -> list[View]:
    return [
        {"model": section.model.name, **_requirement(item)}
        for section in sections
        for status in section.statuses
        for item in status.requirements
        if item.blocking is blocking and item.state is State.NOT_MET
    ]


def _review(statuses: Sequence[FrameworkStatus]) -> list[View]:
    """Requirements whose law reads in more than one way: the same readings once, with all that they are about."""
    found = {
        (status.framework_title, item.requirement_id): item
        for status in statuses
        for item in status.requirements
        if item.open_readings
    }
    alike: dict[tuple[Reading, ...], list[RequirementState]] = {}
    for _, item in sorted(found.items()):
        alike.setdefault(item.open_readings, []).append(item)
    return [
        {
            "id": ", ".join(item.requirement_id for item in items),
            "title": items[0].title if len(items) == 1 else "",
            "readings": [[reading.text, reading.source] for reading in readings],
        }
        for readings, items in alike.items()
    ]


def _section(section: ModelSection) -> View:
    model = section.model
    served = next((status.model_version for status in section.statuses), None)
    answered = next((item for item in section.evidence if item.kind == "classification.ai_act"), None)
    facts = [
        ["Model id", model.id],
        ["Cloud", model.cloud.value],
        ["Endpoint", model.endpoint.resource_id if model.endpoint else "none on record"],
        ["Version served", served or "unknown"],
        ["Owner", model.owner or "none on record"],
        ["Intended purpose", model.intended_purpose or "none on record"],
        ["Risk level decided", f"{model.risk.level.value}: {model.risk.reason}" if model.risk else "not decided yet"],
        ["Risk by questionnaire", answered.summary if answered else "not answered yet"],
        ["Status in its life", model.compliance_status.value.replace("_", " ")],
        ["Data sources", ", ".join(model.data_sources) or "none on record"],
        ["Limitations", model.limitations or "none on record"],
    ]
    return {
        "name": model.name,
        "facts": facts,
        "statuses": [_status(status) for status in section.statuses],
        "evidence": [_evidence(item) for item in section.evidence],
        "attestations": [
            [
                item.topic.replace("_", " "),
                item.decision.value if item.withdrawn_at is None else f"withdrawn {day(item.withdrawn_at)}",
                f"{item.signer}, {item.role}",
                item.model_version or "every version",
                day(item.signed_at),
                day(item.expires_at),
                item.subject_sha256,
            ]
            for item in section.attestations
        ],
        "remediations": [
            [it.requirement_id, it.title, it.owner, it.due.isoformat(), it.status.value.replace("_", " ")]
            for it in section.remediations
        ],
        "deadlines": [[day(it.on), it.framework_id, it.requirement_id, it.title, it.what] for it in section.deadlines],
        "drift": _drift(section),
        "fairness": _fairness(section),
    }


def _status(status: FrameworkStatus) -> View:
    groups: dict[str, list[View]] = {}
    for item in status.requirements:
        groups.setdefault(item.group, []).append(_requirement(item))
    return {
        "title": status.framework_title,
        "met": met_of_applicable([status]),
        "evaluated": minute(status.evaluated_at),
        "inputs": status.inputs_sha256,
        "counts": [[STATE_WORDS[state], str(status.counts[state])] for state in State],
        "readiness": [[STATE_WORDS[state], str(status.readiness[state])] for state in State],
        "groups": [{"title": title, "requirements": items} for title, items in groups.items()],
    }


def _requirement(item: RequirementState) -> View:
    return {
        "id": item.requirement_id,
        "title": item.title,
        "state": item.state.value,
        "word": STATE_WORDS[item.state],
        "reason": item.reason,
        "basis": item.legal_basis,
        "source": item.source,
        "verified": item.verified_on.isoformat(),
        "applies": item.applies_from.isoformat() if item.applies_from else "",
        "blocking": item.blocking,
        "remedy": item.remedy if item.if_in_force in {State.NOT_MET, State.INSUFFICIENT_EVIDENCE} else "",
        "deadline": item.deadline or "",
        "evidence": [_reference(reference) for reference in item.evidence],
    }


def _reference(item: EvidenceRef) -> str:
    until = f", good until {day(item.expires_at)}" if item.expires_at else ""
    return f"{item.kind}, {day(item.produced_at)}{until}, sha256 {item.sha256[:12]}"


def _evidence(item: Evidence) -> list[str]:
    return [
        item.kind,
        item.status.value,
        item.summary,
        minute(item.produced_at),
        day(item.expires_at),
        item.source,
        item.sha256,
    ]


def _drift(section: ModelSection) -> View | None:
    points = [point for point in section.drift if any(value is not None for value in point.psi.values())]
    if not points:
        return None
    names = leading(points)
    last = points[-1]
    measured = "; ".join(f"{name} {_number(last.psi.get(name))}" for name in names)
    return {
        "svg": drift_trend(points, section.drift_threshold) if len(points) > 1 else None,
        "alt": (
            f"Line chart of the population stability index of {len(names)} columns over {len(points)} windows from "
            f"{day(points[0].window.start)} to {day(last.window.end)}. In the newest window: {measured}."
        ),
        "caption": f"Drift by window: population stability index (PSI) of the {len(names)} columns that moved most.",
        "rows": [
            [
                f"{day(point.window.start)} to {day(point.window.end)}",
                str(point.rows),
                point.verdict.replace("_", " "),
                *(_number(point.psi.get(name)) for name in names),
            ]
            for point in points
        ],
        "columns": ["Window", "Rows", "Verdict", *names],
    }


def _fairness(section: ModelSection) -> View | None:
    ratios = section.fairness
    if not ratios:
        return None
    shown = sum(ratio.value is not None and ratio.value > 0 for ratio in ratios)
    window = section.fairness_window
    span = f" in the window from {day(window.start)} to {day(window.end)}" if window else ""
    said = "; ".join(f"{it.outcome}, {it.attribute} {it.group}: {_number(it.value)}" for it in ratios)
    return {
        "svg": fairness_intervals(ratios) if shown else None,
        "alt": f"Disparate impact of each group with its 95 percent interval: {said}.",
        "caption": (
            f"Disparate impact by outcome and group with 95 % interval{span}. Label: what turned out to be true; "
            "prediction: what the model decided. The dashed line is a screening threshold."
        ),
        "rows": [
            [
                it.outcome,
                f"{it.attribute}: {it.group}",
                it.reference or "the rest",
                "hidden" if it.n is None else str(it.n),
                _number(it.value),
                f"{_number(it.low)} to {_number(it.high)}" if it.value is not None else "-",
                _answer(it),
            ]
            for it in ratios
        ],
    }


_PLAIN = frozenset({"no_indication", "reference"})


def _answer(ratio: GroupRatio) -> str:
    """The verdict with its reason: another measure than the ratio in the table may have decided."""
    verdict = ratio.verdict.replace("_", " ")
    return verdict if ratio.verdict in _PLAIN or not ratio.reason else f"{verdict}: {ratio.reason}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return "<0.001" if 0 < value < 0.0005 else f"{value:.3f}"
