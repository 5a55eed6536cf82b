"""What Syndic knows of the processing by a model: for a person to take over. Nothing is taken over by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from syndic.models import ColumnRole, RegisteredModel
from syndic.ports import Readable
from syndic.records import evidence_key
from syndic.registers.processing.models import KnownDetail

ANSWERS = "classification.processing"
STORAGE = "storage.captures"


def facts_of(store: Readable, model_id: str, kind: str) -> Mapping[str, Any]:
    """Facts of the newest evidence of a kind; none where there is none."""
    record = store.get(evidence_key(model_id, kind))
    return {} if record is None else dict(record.body["facts"])


def known_of(model: RegisteredModel, answers: Mapping[str, Any], storage: Mapping[str, Any]) -> tuple[KnownDetail, ...]:
    """What the registry, the questionnaire and the rules of the store say, field by field."""
    return tuple(_known(model, answers, storage))


def _known(model: RegisteredModel, answers: Mapping[str, Any], storage: Mapping[str, Any]) -> Iterator[KnownDetail]:
    registry = f"model/{model.id}"
    if model.intended_purpose:
        yield KnownDetail(field="purposes", value=model.intended_purpose, source=registry)
    if model.capture_schema is not None:
        left_out = (ColumnRole.ROW_ID, ColumnRole.PREDICTION, ColumnRole.SCORE, ColumnRole.LABEL)
        names = [one.name for one in model.capture_schema.columns if one.role not in left_out]
        yield KnownDetail(field="data_categories", value=list(names[:50]), source=f"{registry}: captured columns")
    asked = f"{ANSWERS} of {model.id}"
    if answers.get("basis"):
        yield KnownDetail(field="legal_basis", value=answers["basis"], source=asked)
    if "special_categories" in answers:
        yield KnownDetail(field="special_categories", value=answers["special_categories"], source=asked)
    if answers.get("special_condition"):
        yield KnownDetail(field="special_condition", value=answers["special_condition"], source=asked)
    days = answers.get("capture_retention_days")
    if days:
        yield KnownDetail(field="retention", value=f"captured traffic is deleted after {days} days", source=asked)
    elif storage.get("deleted_after_days"):
        said = f"a rule of the store deletes captured traffic after {storage['deleted_after_days']} days"
        yield KnownDetail(field="retention", value=said, source=f"{STORAGE} of {model.id}")
    if "encrypted" in storage:
        said = (
            "captured traffic is encrypted where it lies"
            if storage["encrypted"]
            else "captured traffic is not encrypted"
        )
        yield KnownDetail(field="security", value=said, source=f"{STORAGE} of {model.id}")
