"""CycloneDX 1.6 declarations: claims on each requirement, the evidence for and against, and who affirmed what."""

from __future__ import annotations

import uuid
from typing import Any, Final

from syndic.assessment import RequirementState, State
from syndic.canonical import canonical_json
from syndic.models import Evidence
from syndic.reports.models import ModelSection, ReportContent

_ROOT: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/syndic-ai/syndic/ns/cyclonedx")
ASSESSOR: Final = "assessor-syndic"


def report_cyclonedx(content: ReportContent) -> bytes:
    """The attestations as CycloneDX JSON. The same content gives the same bytes."""
    sections = [section for section in content.sections if section.statuses]
    used = _used(sections)
    return canonical_json(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{uuid.uuid5(_ROOT, content.id)}",
            "version": 1,
            "metadata": {"timestamp": content.as_of.isoformat(timespec="seconds").replace("+00:00", "Z")},
            "components": [_component(section) for section in sections],
            "definitions": {"standards": _standards(sections)},
            "declarations": {
                "assessors": [{"bom-ref": ASSESSOR, "thirdParty": False, "organization": {"name": "Syndic"}}],
                "attestations": [_attestation(section) for section in sections],
                "claims": [_claim(section, item) for section in sections for item in _items(section)],
                "evidence": [_evidence(used[key]) for key in sorted(used)],
            },
        }
    )


def _items(section: ModelSection) -> list[RequirementState]:
    return [item for status in section.statuses for item in status.requirements]


def _used(sections: list[ModelSection]) -> dict[str, tuple[ModelSection, Evidence]]:
    found: dict[str, tuple[ModelSection, Evidence]] = {}
    for section in sections:
        for item in section.evidence:
            found[_evidence_ref(item.model_id, item.kind)] = (section, item)
    return found


def _component(section: ModelSection) -> dict[str, Any]:
    version = section.statuses[0].model_version
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model-{section.model.id}",
        "name": section.model.name,
        **({"version": version} if version else {}),
    }


def _requirement_ref(item: RequirementState) -> str:
    return f"requirement-{item.framework_id}-{item.requirement_id}"


def _claim_ref(section: ModelSection, item: RequirementState) -> str:
    return f"claim-{section.model.id}-{item.framework_id}-{item.requirement_id}"


def _evidence_ref(model_id: str, kind: str) -> str:
    return f"evidence-{model_id}-{kind}"


def _standards(sections: list[ModelSection]) -> list[dict[str, Any]]:
    found = {status.framework_id: status for section in sections for status in section.statuses}
    return [
        {
            "bom-ref": f"standard-{status.framework_id}",
            "name": status.framework_title,
            "version": status.framework_version,
            "description": status.notice or status.framework_title,
            "requirements": [
                {
                    "bom-ref": _requirement_ref(item),
                    "identifier": item.requirement_id,
                    "title": item.title,
                    "text": item.title,
                    "descriptions": [item.legal_basis],
                }
                for item in status.requirements
            ],
        }
        for _, status in sorted(found.items())
    ]


def _claim(section: ModelSection, item: RequirementState) -> dict[str, Any]:
    known = {(it.model_id, it.kind): it for it in section.evidence}
    refs = [(reference, _evidence_ref(reference.model_id, reference.kind)) for reference in item.evidence]
    refs = [(reference, ref) for reference, ref in refs if (reference.model_id, reference.kind) in known]
    contradicted = item.if_in_force is State.NOT_MET
    against = [ref for reference, ref in refs if contradicted and reference.status.value == "failing"]
    supporting = [ref for _, ref in refs if ref not in against]
    return {
        "bom-ref": _claim_ref(section, item),
        "target": f"model-{section.model.id}",
        "predicate": f"{item.title} ({item.requirement_id}): {item.state.word}",
        "reasoning": item.reason,
        **({"evidence": supporting} if supporting else {}),
        **({"counterEvidence": against} if against else {}),
    }


def _attestation(section: ModelSection) -> dict[str, Any]:
    """What is on record, requirement by requirement; `conformance` stays out: a share would be an average."""
    return {
        "summary": f"Evaluation of {section.model.name} by {len(section.statuses)} frameworks",
        "assessor": ASSESSOR,
        "map": [
            {
                "requirement": _requirement_ref(item),
                ("counterClaims" if item.state is State.NOT_MET else "claims"): [_claim_ref(section, item)],
            }
            for item in _items(section)
        ],
    }


def _evidence(pair: tuple[ModelSection, Evidence]) -> dict[str, Any]:
    section, item = pair
    moment = item.produced_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    signer = next((it.signer for it in section.attestations if item.kind == f"attestation.{it.topic}"), None)
    entry: dict[str, Any] = {
        "bom-ref": _evidence_ref(item.model_id, item.kind),
        "propertyName": f"syndic:evidence:{item.kind}",
        "description": item.summary,
        "created": moment,
        "data": [
            {
                "name": item.source,
                "contents": {"attachment": {"content": item.sha256, "contentType": "text/plain"}},
                "classification": "SHA-256 of the source record",
            }
        ],
    }
    if item.expires_at is not None:
        entry["expires"] = item.expires_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    if signer is not None:
        entry["author"] = {"name": signer}
    return entry
