"""What answers to one questionnaire deny and those to another say: then neither exempts from anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from syndic.assessment import EvidenceRef
from syndic.compliance.models import Need
from syndic.compliance.rules.requirement_parts import Case, resolve

AI_ACT: Final = Need(kind="classification.ai_act")
PROCESSES_PERSONAL_DATA: Final = {
    "profiling": "profiling, which is processing of personal data (GDPR, Art. 4(4))",
    "emotion_recognition": "emotion recognition, which rests on biometric data (AI Act, Art. 3(39))",
    "biometric_categorisation": "biometric categorisation, which rests on biometric data (AI Act, Art. 3(40))",
    "remote_identification": "remote identification, which rests on biometric data (AI Act, Art. 3(41))",
}


def denied_elsewhere(needs: Sequence[Need], case: Case) -> tuple[str, tuple[EvidenceRef, ...]] | None:
    """Why an exemption for want of personal data does not hold, and what says so; None where nothing does."""
    processing = next((found for need in needs if (found := _processing(need, case)) is not None), None)
    if processing is None or processing.get("personal_data") is not False:
        return None
    facts, references, problem = resolve((AI_ACT,), case)
    if problem is not None:
        return None
    said = next((what for name, what in PROCESSES_PERSONAL_DATA.items() if _says(facts, name)), None)
    if said is None:
        return None
    return (
        f"By classification.processing no personal data are processed; classification.ai_act names {said}.",
        references,
    )


def _processing(need: Need, case: Case) -> dict[str, object] | None:
    evidence = case.find(need.kind) if need.kind == "classification.processing" else None
    return None if evidence is None else dict(evidence.facts)


def _says(facts: dict[str, dict[str, dict[str, object]]], name: str) -> bool:
    return facts["classification"]["ai_act"].get(name) is True
