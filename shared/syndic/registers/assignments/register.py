"""The register of assignments: who proposes, who accepts, and what it shows of human oversight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import Field, JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError
from syndic.models import Evidence, EvidenceStatus, Noun
from syndic.ports import AuditTrail, EventBus, Store
from syndic.registers.assignments.models import AssignedDuty, Assignment, AssignmentState
from syndic.registers.entries import open_entry
from syndic.registers.keys import owner_word
from syndic.registers.models import Step, midnight_after
from syndic.registers.register import Register
from syndic.substance import says_something

OVERSIGHT: Final = "oversight.assigned"
GOOD_FOR: Final = timedelta(days=365)
VALID_FOR: Final = timedelta(days=7)


def oversight_evidence(model_id: str, assignments: Sequence[Assignment], now: datetime) -> tuple[Evidence, ...]:
    """Whether somebody who accepted it, is trained and may act oversees a model; nothing of the organisation."""
    if model_id == ORGANISATION:
        return ()
    own = [
        one
        for one in assignments
        if one.duty is AssignedDuty.HUMAN_OVERSIGHT and one.state is not AssignmentState.ENDED
    ]
    today = now.date()
    accepted = [one for one in own if one.state is AssignmentState.ACCEPTED]
    trained = [one for one in accepted if one.trained_until is not None and one.trained_until >= today]
    able = [one for one in trained if says_something(one.authority) and says_something(one.competence)]
    facts: dict[str, JsonValue] = {
        "assigned": len(own), "accepted": len(accepted), "trained": len(trained), "able": len(able),
    }  # fmt: skip
    said = (
        f"{len(own)} people are assigned to oversee it: {len(accepted)} accepted, {len(trained)} of them with training "
        f"that counts, {len(able)} of these with authority and competence on record"
        if own
        else "nobody is assigned to oversee it"
    )
    days = [one.trained_until for one in able if one.trained_until is not None]
    ends = min(now + VALID_FOR, midnight_after(max(days))) if days else now + VALID_FOR
    return (
        Evidence(
            kind=OVERSIGHT, model_id=model_id, status=EvidenceStatus.PASSING if able else EvidenceStatus.FAILING,
            summary=said, facts=facts, source=f"assignments/{model_id}", sha256=sha256_of(facts), produced_at=now,
            expires_at=ends,
        ),
    )  # fmt: skip


def _steps(assignment: Assignment, now: datetime) -> tuple[Step, ...]:  # noqa: ARG001 - no step depends on the time
    if assignment.state is AssignmentState.ENDED:
        return ()
    accept = (Step(name="accept", title="The person accepts it"),)
    ending = (Step(name="end", title="The person has the duty no more", asks=("reason",)),)
    return (*(accept if assignment.state is AssignmentState.PROPOSED else ()), *ending)


ASSIGNMENTS: Final = Register(
    "assignments", "assignment", Assignment,
    words=lambda one: {"person": (owner_word(one.person),), "duty": (one.duty.value,)},
    evidence=oversight_evidence,
    steps=_steps,
    plain=frozenset({"trainings"}),
)  # fmt: skip


class NewAssignment(Noun):
    """A duty that a person is to have."""

    person: str = Field(min_length=3, max_length=254, description="user name or address")
    duty: AssignedDuty
    model_ids: tuple[str, ...] = Field(default=(), max_length=20)
    authority: str = Field(
        default="", max_length=2000, description="what the person may do: stop the system, overrule it"
    )
    competence: str = Field(default="", max_length=2000, description="why the person can do it")
    trainings: tuple[str, ...] = Field(default=(), max_length=20, description="ids of trainings of the person")
    owner: str = Field(min_length=3, max_length=254, description="the address of whoever answers for the assignment")


def propose_assignment(
    new: NewAssignment, trained_until: date | None, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str,
    now: datetime,
) -> Assignment:  # fmt: skip
    """Propose a person for a duty; it counts once the person accepts.

    Args:
        new: What is proposed.
        trained_until: The last day on which all of its trainings count; None without any.
        store: Records.
        audit: The trail.
        bus: Tells compliance.
        actor: Who proposes.
        now: The time.
    """
    if new.duty is AssignedDuty.HUMAN_OVERSIGHT and not new.model_ids:
        raise InvalidInputError("name the models that the person oversees", where="model_ids")
    title = f"{new.duty.value.replace('_', ' ').capitalize()}: {new.person}"[:200]

    def make(own: dict[str, Any]) -> Assignment:
        review = (now + GOOD_FOR).date()
        return Assignment(**own, **new.model_dump(), title=title, trained_until=trained_until, review_due=review)

    return open_entry(ASSIGNMENTS, new.model_dump(), make, store=store, audit=audit, bus=bus, actor=actor, now=now)


def accept(assignment: Assignment, names: frozenset[str], *, now: datetime) -> Assignment:
    """The person accepts. Raises `NotAllowedError` for anybody else.

    Args:
        assignment: As it is.
        names: User name and confirmed address of whoever accepts.
        now: The time.
    """
    if assignment.person.casefold() not in {one.casefold() for one in names}:
        raise NotAllowedError("only the person who is assigned can accept")
    if assignment.state is AssignmentState.ENDED:
        raise ConflictError("the assignment has ended")
    if assignment.state is AssignmentState.ACCEPTED:
        return assignment
    return assignment.model_copy(update={"state": AssignmentState.ACCEPTED, "accepted_at": now})


def renew(
    assignment: Assignment, trainings: tuple[str, ...], trained_until: date | None, *, now: datetime
) -> Assignment:
    """Other trainings that it rests on; the assignment was looked at and is again in a year."""
    if assignment.state is AssignmentState.ENDED:
        raise ConflictError("the assignment has ended")
    update = {"trainings": trainings, "trained_until": trained_until, "review_due": (now + GOOD_FOR).date()}
    return assignment.model_copy(update=update)


def end(assignment: Assignment, reason: str, *, now: datetime) -> Assignment:
    """The person has the duty no more."""
    if assignment.state is AssignmentState.ENDED:
        return assignment
    return assignment.model_copy(update={"state": AssignmentState.ENDED, "ended_because": reason, "closed_at": now})
