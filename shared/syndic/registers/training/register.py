"""The register of trainings: what is recorded, and what it shows of AI literacy. Pure but for opening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from pydantic import Field, JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError
from syndic.models import Day, Evidence, EvidenceStatus, Noun
from syndic.ports import AuditTrail, EventBus, Store
from syndic.registers.entries import open_entry
from syndic.registers.keys import owner_word
from syndic.registers.models import Step, midnight_after
from syndic.registers.register import Register
from syndic.registers.training.models import Training, TrainingState, TrainingSubject

LITERACY: Final = "document.ai_literacy_record"
YEAR: Final = timedelta(days=365)


def literacy_evidence(model_id: str, trainings: Sequence[Training], now: datetime) -> tuple[Evidence, ...]:
    """The record of AI literacy measures, in the place of a document, once there is a training on record.

    It counts while everybody on record has a training that counts. Who has none at all on record is not known here.
    """
    own = [
        one for one in trainings if one.subject is TrainingSubject.AI_LITERACY and one.state is TrainingState.RECORDED
    ]
    if model_id != ORGANISATION or not own:
        return ()
    today = now.date()
    until: dict[str, date] = {}
    for one in own:
        person = one.person.casefold()
        until[person] = max(until.get(person, date.min), one.valid_until)
    lapsed = sum(day < today for day in until.values())
    facts: dict[str, JsonValue] = {
        "title": "Record of AI literacy measures", "location": "trainings", "model_version": None,
        "people": len(until), "lapsed": lapsed, "roles": list[JsonValue](sorted({one.role for one in own})[:50]),
    }  # fmt: skip
    said = f"{len(until)} people took a training on AI literacy" + (
        f"; that of {lapsed} no longer counts" if lapsed else ""
    )
    newest = max(one.completed_on for one in own)
    when = now if lapsed else min(now, datetime.combine(newest, time.min, UTC))
    return (
        Evidence(
            kind=LITERACY, model_id=ORGANISATION, status=EvidenceStatus.FAILING if lapsed else EvidenceStatus.PASSING,
            summary=said, facts=facts, source="trainings", sha256=sha256_of(facts), produced_at=when,
            expires_at=None if lapsed else midnight_after(min(until.values())),
        ),
    )  # fmt: skip


def _steps(training: Training, now: datetime) -> tuple[Step, ...]:  # noqa: ARG001 - no step depends on the time
    if training.state is TrainingState.ENDED:
        return ()
    return (Step(name="end", title="It no longer counts: the person left, or the record was wrong", asks=("reason",)),)


TRAININGS: Final = Register(
    "trainings", "training", Training,
    words=lambda one: {"person": (owner_word(one.person),), "subject": (one.subject.value,)},
    evidence=literacy_evidence,
    steps=_steps,
)  # fmt: skip


class NewTraining(Noun):
    """A training that somebody took."""

    person: str = Field(min_length=3, max_length=254, description="user name or address of whoever took it")
    role: str = Field(min_length=2, max_length=100, description="for which the person took it")
    subject: TrainingSubject
    title: str = Field(min_length=3, max_length=200)
    completed_on: Day
    valid_until: Day | None = Field(default=None, description="the last day on which it counts; left out: a year")
    owner: str | None = Field(default=None, min_length=3, max_length=254, description="left out: the person")
    provider: str = Field(default="", max_length=200)
    contents: str = Field(default="", max_length=2000, description="what it covered")
    certificate_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


def record_training(
    new: NewTraining, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> Training:
    """Record a training. Raises `InvalidInputError` for one to come, or one that never counts."""
    if new.completed_on > now.date():
        raise InvalidInputError(f"{new.completed_on} is in the future", where="completed_on")
    until = new.valid_until or new.completed_on + YEAR
    if until < new.completed_on:
        raise InvalidInputError(f"{until} is before it was completed", where="valid_until")

    def make(own: dict[str, Any]) -> Training:
        values = new.model_dump() | {"valid_until": until, "owner": new.owner or new.person}
        return Training(**own, **values)

    return open_entry(TRAININGS, new.model_dump(), make, store=store, audit=audit, bus=bus, actor=actor, now=now)


def end(training: Training, reason: str, *, now: datetime) -> Training:
    """The record does not count any more."""
    if training.state is TrainingState.ENDED:
        return training
    return training.model_copy(update={"state": TrainingState.ENDED, "ended_because": reason, "closed_at": now})
