"""Whether a status has to be written again: at once for what it says of the law, once a day for the newest numbers."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from syndic.assessment import EvidenceRef, FrameworkStatus, PartState, RequirementState
from syndic.canonical import sha256_of
from syndic.model_marks import CHECKED
from syndic.models import EvidenceStatus
from syndic.ports import Record

NUMBERS_OF: Final = timedelta(hours=20)
"""How old the numbers in a status may be: the daily evaluation renews them, and each report that names its models."""


def is_due(before: FrameworkStatus, after: FrameworkStatus, now: datetime, numbers_of: timedelta = NUMBERS_OF) -> bool:
    """Whether a status is kept in place of the one before.

    A check of an hour like the hour before changes dates and numbers in the reasons of a dozen requirements and no
    state. Written each time, that was a third of all that a model's hour writes.
    """
    if before == after.model_copy(update={"evaluated_at": before.evaluated_at}):
        return False
    return now - before.evaluated_at >= numbers_of or _what_it_says(before) != _what_it_says(after)


def said_by_each(statuses: Iterable[FrameworkStatus]) -> dict[str, JsonValue]:
    """By framework: hashes of what its status says and of all of it, and when that was kept.

    With these no status has to be read.
    """
    return {
        one.framework_id: {"sha256": _digest(one), "hash": _whole(one), "at": one.evaluated_at.isoformat()}
        for one in statuses
    }


def can_stand(record: Record, names: AbstractSet[str], active: AbstractSet[str] | None) -> bool:
    """Whether what is kept by `said_by_each` is of these frameworks, and ends none."""
    said = record.body.get("said", {})
    return names <= set(said) and (active is None or set(said) <= active)


def as_kept(
    record: Record, statuses: Iterable[FrameworkStatus], now: datetime, numbers_of: timedelta
) -> list[FrameworkStatus] | None:
    """The statuses, as of when each was kept, if none of them `is_due`; else None."""
    said, same = record.body["said"], []
    for status in statuses:
        kept = said[status.framework_id]
        at = datetime.fromisoformat(kept["at"])
        young = now - at < numbers_of and _digest(status) == kept["sha256"]
        if not young and _whole(status) != kept["hash"]:
            return None
        same.append(status.model_copy(update={"evaluated_at": at}))
    return same


def _digest(status: FrameworkStatus) -> str:
    return sha256_of(to_jsonable_python(_what_it_says(status)))[:32]


def _whole(status: FrameworkStatus) -> str:
    return sha256_of(status.model_dump(mode="json", exclude={"evaluated_at"}))[:32]


def _what_it_says(status: FrameworkStatus) -> dict[str, Any]:
    said: dict[str, Any] = status.model_dump(exclude={"evaluated_at", "inputs_sha256", "changes_at", "requirements"})
    return {**said, "requirements": [_of_requirement(item) for item in status.requirements]}


def _of_requirement(item: RequirementState) -> dict[str, Any]:
    if not any(_is_numbers(reference) for reference in item.evidence):
        return item.model_dump()
    said = item.model_dump(exclude={"reason", "changes_at", "parts", "applicability"})
    return {
        **said,
        "parts": [_of_part(part) for part in item.parts],
        "applicability": [_of_evidence(reference) for reference in item.applicability],
    }


def _of_part(part: PartState) -> dict[str, Any]:
    if not any(_is_numbers(reference) for reference in part.evidence):
        return part.model_dump()
    return {**part.model_dump(exclude={"reason", "evidence"}), "evidence": [_of_evidence(one) for one in part.evidence]}


def _of_evidence(reference: EvidenceRef) -> dict[str, Any]:
    if not _is_numbers(reference):
        return reference.model_dump()
    return reference.model_dump(include={"kind", "model_id", "status", "stale"})


def _is_numbers(reference: EvidenceRef) -> bool:
    """A trouble is told as it is now: which column, which group, by how much. Other evidence is news by itself."""
    return reference.kind in CHECKED and reference.status is not EvidenceStatus.FAILING
