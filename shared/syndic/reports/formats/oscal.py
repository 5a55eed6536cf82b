"""OSCAL 1.2.1: assessment plan and assessment results. Ids are UUID version 5: the same input is the same file.

OSCAL knows only satisfied and not-satisfied. A finding is written for those two alone; every other state is an
observation that carries its name in a property of our namespace, so that nothing reads as a pass or a failure.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from syndic.assessment import PartState, RequirementState, State
from syndic.canonical import canonical_json
from syndic.reports.models import ModelSection, ReportContent

NAMESPACE: Final = "https://github.com/syndic-ai/syndic/ns/oscal"
VERSION: Final = "1.2.1"
PLAN_FILE: Final = "assessment-plan.json"
RESULTS_FILE: Final = "assessment-results.json"
_ROOT: Final = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
METHODS: Final = {"check": "TEST", "document": "EXAMINE", "attestation": "INTERVIEW"}


def oscal_files(content: ReportContent) -> dict[str, bytes]:
    """The two files by name."""
    report_id = content.id  # hashes the whole content: once is enough
    plan, results = _plan(content, report_id), _results(content, report_id)
    return {PLAN_FILE: canonical_json(plan), RESULTS_FILE: canonical_json(results)}


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_ROOT, "/".join(parts)))


def _metadata(content: ReportContent, report_id: str, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "last-modified": content.as_of.isoformat(timespec="milliseconds"),
        "version": report_id,
        "oscal-version": VERSION,
        "parties": [{"uuid": _id("party"), "type": "organization", "name": "Syndic"}],
    }


def _control(item: RequirementState) -> str:
    """An OSCAL token for a requirement; the id as we write it is in a property."""
    token = "".join(
        character if character.isalnum() or character in "._-" else "_" for character in item.requirement_id
    )
    return f"{item.framework_id}_{token}".lower()


def _controls(section: ModelSection) -> list[dict[str, Any]]:
    ids = sorted({_control(item) for status in section.statuses for item in status.requirements})
    return [{"include-controls": [{"control-id": name} for name in ids]}]


def _prop(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": " ".join(value.split()) or "-"}


def _plan(content: ReportContent, report_id: str) -> dict[str, Any]:
    ids = sorted(
        {_control(item) for section in content.sections for status in section.statuses for item in status.requirements}
    )
    return {
        "assessment-plan": {
            "uuid": _id("plan", report_id),
            "metadata": _metadata(content, report_id, f"Assessment plan for {content.title}"),
            "import-ssp": {"href": "#" + _id("ssp", report_id), "remarks": "The models named as subjects."},
            "reviewed-controls": {"control-selections": [{"include-controls": [{"control-id": it} for it in ids]}]},
            "assessment-subjects": [
                {
                    "type": "component",
                    "include-subjects": [
                        {
                            "subject-uuid": _id("model", section.model.id),
                            "type": "component",
                            "props": [_prop("model-id", section.model.id), _prop("model-name", section.model.name)],
                        }
                        for section in content.sections
                    ],
                }
            ],
            "back-matter": {"resources": [{"uuid": _id("ssp", report_id), "title": "Models under assessment"}]},
        }
    }


def _results(content: ReportContent, report_id: str) -> dict[str, Any]:
    return {
        "assessment-results": {
            "uuid": _id("results", report_id),
            "metadata": _metadata(content, report_id, content.title),
            "import-ap": {"href": PLAN_FILE},
            "results": [_result(content, report_id, section) for section in content.sections if section.statuses],
        }
    }


def _result(content: ReportContent, report_id: str, section: ModelSection) -> dict[str, Any]:
    items = [item for status in section.statuses for item in status.requirements]
    observations = [entry for item in items for entry in _observations(content, report_id, section, item)]
    findings = [_finding(report_id, section, item) for item in items if item.state in {State.MET, State.NOT_MET}]
    result: dict[str, Any] = {
        "uuid": _id("result", report_id, section.model.id),
        "title": f"Evaluation of {section.model.name}",
        "description": "States computed from evidence. States that OSCAL has no word for are in the properties.",
        "start": content.as_of.isoformat(timespec="milliseconds"),
        "props": [_prop("model-id", section.model.id)],
        "reviewed-controls": {"control-selections": _controls(section)},
        "observations": observations,
    }
    if findings:
        result["findings"] = findings
    if section.attestations:
        result["attestations"] = [
            {
                "parts": [
                    {
                        "name": "attestation",
                        "ns": NAMESPACE,
                        "title": f"{item.topic} by {item.signer} as {item.role}",
                        "prose": item.statement,
                        "props": [
                            _prop("decision", "withdrawn" if item.withdrawn_at else item.decision.value),
                            _prop("signed-at", item.signed_at.isoformat()),
                            _prop("expires-at", item.expires_at.isoformat()),
                            _prop("model-version", item.model_version or "every version"),
                            _prop("subject-sha256", item.subject_sha256),
                        ],
                    }
                ]
            }
            for item in section.attestations
        ]
    return result


def _observations(
    content: ReportContent, report_id: str, section: ModelSection, item: RequirementState
) -> list[dict[str, Any]]:
    key = (report_id, section.model.id, item.framework_id, item.requirement_id)
    whole: dict[str, Any] = {
        "uuid": _id("observation", *key),
        "title": f"{item.requirement_id}: {item.title}",
        "description": item.reason,
        "props": [
            _prop("state", item.state.value),
            _prop("if-in-force", item.if_in_force.value),
            _prop("requirement", item.requirement_id),
            _prop("control-id", _control(item)),
            _prop("blocking", "yes" if item.blocking else "no"),
            *([_prop("applies-from", item.applies_from.isoformat())] if item.applies_from else []),
        ],
        "methods": sorted({METHODS[part.part] for part in item.parts}) or ["UNKNOWN"],
        "subjects": [{"subject-uuid": _id("model", section.model.id), "type": "component"}],
        "collected": content.as_of.isoformat(timespec="milliseconds"),
    }
    expiries = [reference.expires_at for reference in item.evidence if reference.expires_at]
    if expiries:
        whole["expires"] = min(expiries).isoformat(timespec="milliseconds")
    evidence = [entry for part in item.parts for entry in _relevant(part)]
    if evidence:
        whole["relevant-evidence"] = evidence
    return [whole]


def _relevant(part: PartState) -> list[dict[str, Any]]:
    return [
        {
            "description": f"{reference.kind}: {reference.summary}",
            "props": [
                _prop("kind", reference.kind),
                _prop("source", reference.source),
                _prop("sha256", reference.sha256),
                _prop("produced-at", reference.produced_at.isoformat()),
            ],
        }
        for reference in part.evidence
    ]


def _finding(report_id: str, section: ModelSection, item: RequirementState) -> dict[str, Any]:
    key = (report_id, section.model.id, item.framework_id, item.requirement_id)
    good = item.state is State.MET
    return {
        "uuid": _id("finding", *key),
        "title": f"{item.requirement_id}: {item.title}",
        "description": item.reason,
        "target": {
            "type": "objective-id",
            "target-id": _control(item),
            "status": {
                "state": "satisfied" if good else "not-satisfied",
                "reason": "pass" if good else "fail",
                "remarks": "The evidence on record supports it." if good else item.remedy,
            },
        },
        "related-observations": [{"observation-uuid": _id("observation", *key)}],
    }
