"""What the record shows of a model: that a person confirmed a complete entry, or what is missing of it. Pure.

It stands in the place of the document that requirements ask for (``document.processing_record``), so a record that is
kept elsewhere still counts while nobody has confirmed an entry here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.registers.models import midnight_after
from syndic.registers.processing.gaps import gaps_of
from syndic.registers.processing.models import Processing, ProcessingRole, ProcessingState
from syndic.substance import is_placeholder

KIND: Final = "document.processing_record"
OF_PROCESSOR: Final = "document.processor_record"
_KINDS: Final = (
    (ProcessingRole.CONTROLLER, KIND, "record of processing activities"),
    (ProcessingRole.PROCESSOR, OF_PROCESSOR, "record of processing as a processor"),
)  # fmt: skip


def processing_evidence(
    model_id: str,
    records: Sequence[Processing],
    now: datetime,  # noqa: ARG001 - as old as its confirmation
) -> tuple[Evidence, ...]:
    """One piece for each role in which an entry on a model was ever confirmed; none for the organisation."""
    if model_id == ORGANISATION:
        return ()
    kept = [one for one in records if one.state is not ProcessingState.RETIRED]
    return tuple(
        shown
        for role, kind, title in _KINDS
        if (shown := _of_role(model_id, kind, title, [one for one in kept if one.role is role])) is not None
    )


def _of_role(model_id: str, kind: str, title: str, kept: Sequence[Processing]) -> Evidence | None:
    moments = [one.confirmed_at for one in kept if one.confirmed_at is not None]
    if not moments:
        return None
    gaps = [(one.id, gap.field) for one in kept for gap in gaps_of(one)]
    missing = sorted({f"{at} {field}" for at, field in gaps})
    open_ones = [one.id for one in kept if one.state is not ProcessingState.CONFIRMED]
    whole = not missing and not open_ones
    facts: dict[str, JsonValue] = {
        "title": title.capitalize(),
        "location": f"processing-records, of model {model_id}",
        "model_version": None,
        "entries": len(kept),
        "transfers": sum(len(one.contents.transfers) for one in kept),
        **_told(kept),
        "missing": list(missing[:30]),
        "missing_fields": [*dict.fromkeys(sorted(field for _, field in gaps))],
        "unconfirmed": list(open_ones[:20]),
    }
    said = (
        f"{len(kept)} entries of the {title}, complete and confirmed"
        if whole
        else f"the {title} lacks {len(missing)} details, and {len(open_ones)} entries are not confirmed"
    )
    ends = min((midnight_after(one.review_due) for one in kept if one.review_due is not None), default=None)
    return Evidence(
        kind=kind, model_id=model_id, status=EvidenceStatus.PASSING if whole else EvidenceStatus.FAILING,
        summary=said, facts=facts, source=f"processing/{model_id}", sha256=sha256_of(facts),
        produced_at=min(moments) if whole else max(one.changed_at for one in kept), expires_at=ends,
    )  # fmt: skip


def _told(kept: Sequence[Processing]) -> dict[str, JsonValue]:
    """What the entries say that the questionnaire on personal data asks too."""
    contents = [one.contents for one in kept]
    return {
        "legal_bases": [*sorted({one.legal_basis.value for one in contents if one.legal_basis is not None})],
        "special_categories": any(one.special_categories is True for one in contents),
        "special_conditions": [*sorted({one.special_condition for one in contents if one.special_condition})],
        "joint_controllers": any(_names(one.joint_controllers) for one in contents),
        "protection_officer": any(_names(one.protection_officer) for one in contents),
    }


def _names(text: str) -> bool:
    return bool(text.strip()) and not is_placeholder(text)
