"""What the audit trail is told of a change of an entry: before and after, without what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.models import AuditEntry, to_json
from syndic.registers.register import E, Register

_TOLD_PLAIN: Final = frozenset({"state", "model_ids"})
_NOT_TOLD: Final = frozenset({"id", "opened_at", "opened_by", "changed_at", "changed_by"})


def what_changed(register: Register[E], before: E | None, after: E) -> dict[str, JsonValue]:
    """What changed, before and after. Of text that people write, and of what holds such, the trail keeps a hash."""
    names = [
        name
        for name in type(after).model_fields
        if name not in _NOT_TOLD and (getattr(after, name) != getattr(before, name) if before else getattr(after, name))
    ]
    told: dict[str, JsonValue] = {"to": {name: _said(register, after, name) for name in names}}
    if before is not None:
        told["from"] = {name: _said(register, before, name) for name in names}
    return told


def _said(register: Register[E], entry: E, name: str) -> JsonValue:
    value, written = getattr(entry, name), to_json(entry)[name]
    is_plain = isinstance(value, bool | int | float | Enum | date | None)
    if is_plain or name in _TOLD_PLAIN | register.plain or not written:
        return written  # type: ignore[no-any-return]
    return {"sha256": sha256_of(written)[:32]}


def links(register: Register[E], before: E | None, after: E) -> Iterator[AuditEntry]:
    """That a model is in an entry, or is not any more, told of the model, so that its own trail leads there."""
    was, now_in = set(before.model_ids) if before else set(), set(after.model_ids)
    for word, models in (("linked", now_in - was), ("unlinked", was - now_in)):
        for model_id in sorted(models):
            yield AuditEntry(
                action=f"{register.kind}.{word}", actor=after.changed_by, subject=f"model/{model_id}",
                at=after.changed_at, details={register.kind: after.id},
            )  # fmt: skip
