"""The record of processing: its verbs over the entries that every register has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import Field

from syndic.errors import ConflictError
from syndic.models import Noun
from syndic.ports import AuditTrail, EventBus, Readable, Store
from syndic.records import get_model
from syndic.registers.entries import open_entry
from syndic.registers.models import Step
from syndic.registers.processing.evidence import processing_evidence
from syndic.registers.processing.gaps import gaps_of
from syndic.registers.processing.known import ANSWERS, STORAGE, facts_of, known_of
from syndic.registers.processing.models import (
    KnownDetail,
    Processing,
    ProcessingContents,
    ProcessingRole,
    ProcessingState,
    RecordGap,
)
from syndic.registers.register import Register

GOOD_FOR: Final = timedelta(days=365)


def _steps(processing: Processing, now: datetime) -> tuple[Step, ...]:  # noqa: ARG001 - no step depends on the time
    if processing.state is ProcessingState.RETIRED:
        return ()
    confirm = Step(name="confirm", title="Confirm that the record is complete and right")
    return (*(() if gaps_of(processing) else (confirm,)), Step(name="retire", title="The processing has ended"))


PROCESSING: Final = Register(
    "processing", "processing", Processing,
    words=lambda one: {"role": (one.role.value,)},
    evidence=processing_evidence,
    steps=_steps,
)  # fmt: skip


class NewProcessing(Noun):
    """A processing activity that is entered."""

    title: str = Field(min_length=3, max_length=200)
    owner: str = Field(min_length=3, max_length=254, description="the address of whoever keeps the entry")
    role: ProcessingRole = ProcessingRole.CONTROLLER
    model_ids: tuple[str, ...] = Field(default=(), max_length=20)
    contents: ProcessingContents = ProcessingContents()


def enter_processing(
    new: NewProcessing, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> Processing:
    """Enter a processing activity, as far as it is known."""
    asked = new.model_dump(mode="json")

    def make(own: dict[str, Any]) -> Processing:
        return Processing(**own, **new.model_dump(exclude={"contents"}), contents=new.contents)

    return open_entry(PROCESSING, asked, make, store=store, audit=audit, bus=bus, actor=actor, now=now)


class ProcessingChange(Noun):
    """What changes of an entry; fields left out stay."""

    title: str | None = Field(default=None, min_length=3, max_length=200)
    owner: str | None = Field(default=None, min_length=3, max_length=254)
    model_ids: tuple[str, ...] | None = Field(default=None, max_length=20)
    contents: ProcessingContents | None = Field(default=None, description="of these, the fields that are given change")


def changed(before: Processing, change: ProcessingChange) -> Processing:
    """The entry with some fields changed: what was confirmed has to be confirmed again."""
    if before.state is ProcessingState.RETIRED:
        raise ConflictError("the processing has ended; enter another one")
    update = {name: getattr(change, name) for name in ("title", "owner", "model_ids")}
    update = {name: value for name, value in update.items() if value is not None}
    if change.contents is not None:
        given = {name: getattr(change.contents, name) for name in change.contents.model_fields_set}
        update["contents"] = before.contents.model_copy(update=given)
    after = before.model_copy(update=update)
    return before if after == before else after.model_copy(update={"state": ProcessingState.DRAFT})


def confirm(before: Processing, gaps: tuple[RecordGap, ...], *, actor: str, now: datetime) -> Processing:
    """A person says that the entry is complete and right; it is looked at again in a year.

    Raises `ConflictError` while something is missing or contradicts.
    """
    if before.state is ProcessingState.RETIRED:
        raise ConflictError("the processing has ended; enter another one")
    if gaps:
        named = "; ".join(f"{one.field}: {one.what}" for one in gaps[:5])
        raise ConflictError(f"the record is not complete ({len(gaps)}): {named}")
    again = before.confirmed_at is not None and now - before.confirmed_at < timedelta(days=1)
    if before.state is ProcessingState.CONFIRMED and again and before.confirmed_by == actor:
        return before
    update = {
        "state": ProcessingState.CONFIRMED, "confirmed_by": actor, "confirmed_at": now,
        "review_due": (now + GOOD_FOR).date(),
    }  # fmt: skip
    return before.model_copy(update=update)


def retire(before: Processing, *, now: datetime) -> Processing:
    """The processing has ended. Its entry stays to be read."""
    if before.state is ProcessingState.RETIRED:
        return before
    return before.model_copy(update={"state": ProcessingState.RETIRED, "closed_at": now})


def gaps_in(store: Readable, processing: Processing) -> tuple[RecordGap, ...]:
    """What is missing of an entry, and what the questionnaires of its models say otherwise."""
    return gaps_of(processing, [facts_of(store, one, ANSWERS) for one in processing.model_ids])


def known_in(store: Readable, model_ids: tuple[str, ...]) -> tuple[KnownDetail, ...]:
    """What Syndic knows of the processing by some models."""
    found: list[KnownDetail] = []
    for one in model_ids:
        found += known_of(get_model(store, one), facts_of(store, one, ANSWERS), facts_of(store, one, STORAGE))
    return tuple(found)
