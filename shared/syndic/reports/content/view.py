"""The content of a report as plain text and tables: what HTML and PDF both show, worded once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from syndic.assessment import EvidenceRef, FrameworkStatus, Reading, RequirementState, State
from syndic.models import Evidence
from syndic.reports.content.figures import drift_view, fairness_view
from syndic.reports.content.overview import overview
from syndic.reports.content.wording import LIMITATIONS, MEANING, day, met_of_applicable, minute
from syndic.reports.models import ModelSection, ReportContent

View = dict[str, Any]
"""JSON values only."""

IN_DETAIL: Final = 10
"""Models of which a report shows everything. Of more, it lists what is not met, names the other requirements, and
leaves charts, signatures, dates and evidence to the reports of single models: a thousand pages are read by nobody."""
MOST_IN_DETAIL: Final = 2_000
"""Requirements of several models that are shown in full: more do not fit into the memory of a function of 1 GB."""


def view_of(content: ReportContent) -> View:
    """Everything a compliance report shows, in its order."""
    sections = content.sections
    request = content.request
    statuses = [status for section in sections for status in judged(section)]
    frameworks = {status.framework_id: status for status in statuses}
    shown = sum(len(status.requirements) for status in statuses)
    detailed = len(sections) == 1 or (len(sections) <= IN_DETAIL and shown <= MOST_IN_DETAIL)
    return {
        "title": content.title,
        "id": content.id,
        "as_of": minute(content.as_of),
        "period": f"{request.start_date or 'from the beginning'} to {request.end_date or day(content.as_of)}",
        "subject": sections[0].model.name if len(sections) == 1 else f"{len(sections)} models",
        "detailed": detailed,
        "in_detail": [str(IN_DETAIL), f"{MOST_IN_DETAIL:,}"],
        "frameworks": [_framework(frameworks[key]) for key in sorted(frameworks)],
        "overview": [[section.model.name, overview(section)] for section in sections],
        "summary": [_summary(section, status) for section in sections for status in judged(section)],
        "blocking": _requirements_in(sections, blocking=True),
        "not_met": _requirements_in(sections, blocking=False),
        "review": _review(statuses),
        "meaning": [[state.word, MEANING[state]] for state in State],
        "sections": [_section(section, detailed=detailed) for section in sections],
        "organisation": [_evidence(item) for item in content.organisation],
        "limitations": [" ".join(text.split()) for text in LIMITATIONS],
        "checkpoint": None
        if content.checkpoint is None
        else [str(content.checkpoint.index), minute(content.checkpoint.at), content.checkpoint.hash],
    }


def judged(section: ModelSection) -> list[FrameworkStatus]:
    """The frameworks that are about a model. Those that are not, or are not known to be, are named with the reason."""
    return [status for status in section.statuses if status.scope is None or status.scope.applies]


def _not_judged(section: ModelSection) -> list[list[str]]:
    said: dict[bool | None, list[str]] = {False: [], None: []}
    for status in section.statuses:
        if status.scope is not None and not status.scope.applies:
            why = f": {status.scope.reason}" if status.scope.applies is False else ""
            said[status.scope.applies].append(f"{status.framework_title}{why}")
    rows = (("Not asked by", said[False]), ("Not known whether asked by", said[None]))
    return [[name, "; ".join(text.rstrip(".") for text in texts) + "."] for name, texts in rows if texts]


def _numbers(section: ModelSection) -> str:
    """What a head of governance counts: met of applicable, what blocks, promotions, documentation, what is open."""
    statuses = judged(section)
    evidence = {item.kind: item.facts for item in section.evidence}
    promotions = evidence.get("registry.promotion", {}).get("period")
    empty = evidence.get("registry.profile", {}).get("empty")
    promoted = promotions if isinstance(promotions, list) else []
    sound = sum(isinstance(one, dict) and one.get("sound") is True for one in promoted)
    open_ones = sum(item.closed_at is None for item in section.remediations)
    return "; ".join(
        (
            f"{met_of_applicable(statuses)} applicable requirements met",
            f"{sum(status.counts[State.NOT_MET] for status in statuses)} contradicted",
            f"{sum(len(status.blocking) for status in statuses)} blocking",
            f"{sum(item.withdrawn_at is None for item in section.attestations)} signatures",
            f"{sound} of {len(promoted)} promotions in 400 days tested and approved by a second person",
            "description complete" if empty == [] else "description not complete",
            f"{open_ones} of {len(section.remediations)} remediations open.",
        )
    )


def _framework(status: FrameworkStatus) -> View:
    return {
        "id": status.framework_id,
        "title": status.framework_title,
        "version": status.framework_version,
        "sha256": status.framework_sha256,
        "source": status.framework_source,
        "notice": status.notice,
        "requirements": [
            [
                item.requirement_id,
                item.title,
                item.legal_basis,
                item.verified_on.isoformat(),
                item.evidence_shows or "not said by the framework",
            ]
            for item in status.requirements
        ],
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


def _section(section: ModelSection, *, detailed: bool) -> View:
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
        ["Oversight plan", model.oversight_plan or "none on record"],
        *_not_judged(section),
        ["In numbers", _numbers(section)],
    ]
    return {
        "name": model.name,
        "facts": facts,
        "statuses": [_status(status, detailed=detailed) for status in judged(section)],
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
        "drift": drift_view(section) if detailed else None,
        "fairness": fairness_view(section) if detailed else None,
    }


def _status(status: FrameworkStatus, *, detailed: bool) -> View:
    """A framework for one model. What waits for a questionnaire, or needs nothing done, is named once and together."""
    groups: dict[str, list[View]] = {}
    named: dict[State, list[str]] = {}
    for item in status.requirements:
        if item.waits_for:
            continue
        if item.state is State.NOT_APPLICABLE or not (detailed or item.state is State.NOT_MET):
            named.setdefault(item.state, []).append(item.requirement_id)
        else:
            groups.setdefault(item.group, []).append(_requirement(item))
    return {
        "title": status.framework_title,
        "met": met_of_applicable([status]),
        "evaluated": minute(status.evaluated_at),
        "inputs": status.inputs_sha256,
        "counts": [[state.word, str(status.counts[state])] for state in State],
        "readiness": [[state.word, str(status.readiness[state])] for state in State],
        "waiting": _waiting(status),
        "named": [
            [state.value, state.word, ", ".join(ids), _reasons(status, state) if detailed else ""]
            for state, ids in named.items()
        ],
        "groups": [{"title": title, "requirements": items} for title, items in groups.items()],
    }


def _waiting(status: FrameworkStatus) -> list[list[str]]:
    """What is asked first: a questionnaire, how many requirements it settles, and which."""
    return [
        [
            QUESTIONNAIRE.get(kind, kind),
            str(count),
            ", ".join(item.requirement_id for item in status.requirements if kind in item.waits_for),
        ]
        for kind, count in status.screening.items()
    ]


QUESTIONNAIRE: Final = {
    "classification.ai_act": "EU AI Act: role, scope, risk level",
    "classification.hiring_nyc": "New York City: automated employment decisions",
    "classification.processing": "GDPR: processing of personal data",
    "classification.soc2": "SOC 2: categories of the engagement",
}


def _reasons(status: FrameworkStatus, state: State) -> str:
    """Why requirements do not apply, each reason once with what it is about."""
    if state is not State.NOT_APPLICABLE:
        return ""
    alike: dict[str, list[str]] = {}
    for item in status.requirements:
        if item.state is state:
            alike.setdefault(item.reason, []).append(item.requirement_id)
    return " ".join(f"{', '.join(ids)}: {reason}" for reason, ids in alike.items())


def _requirement(item: RequirementState) -> View:
    return {
        "id": item.requirement_id,
        "title": item.title,
        "state": item.state.value,
        "word": item.state.word,
        "reason": item.reason,
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
