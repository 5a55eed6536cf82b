"""Trainings of people, and who is assigned to what: above all the oversight of systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field, StringConstraints

from functions.api.inputs import Clouds, Limit, Person, Token
from functions.api.routes.registers.rights import EntryId, OfModel, acting, require_keeper, require_opener
from syndic.models import Noun
from syndic.registers.assignments import register as duties
from syndic.registers.assignments.models import AssignedDuty, Assignment, AssignmentState
from syndic.registers.assignments.register import ASSIGNMENTS, NewAssignment, propose_assignment
from syndic.registers.entries import change_entry, get_entry
from syndic.registers.listing import count_entries, entries_page, standing
from syndic.registers.models import Counts, Standing
from syndic.registers.training.models import Training, TrainingState, TrainingSubject
from syndic.registers.training.register import TRAININGS, NewTraining, end, record_training
from syndic.tasks.duties.people_at_work import person_word, refuse_rested_on, trained_until

router = Router()

Reason = Annotated[str, StringConstraints(min_length=3, max_length=500)]
OfPerson = Annotated[str | None, Query(min_length=3, max_length=254, description="User name or address")]


class TrainingView(Training):
    """A training, and where it stands."""

    standing: Standing
    counts: bool = Field(description="whether it counts today")


class Trainings(Noun):
    """A page of trainings: what runs out first before."""

    trainings: tuple[TrainingView, ...]
    next_token: str | None = None


class AssignmentView(Assignment):
    """An assignment, and where it stands."""

    standing: Standing


class Assignments(Noun):
    """A page of assignments: what is due first before."""

    assignments: tuple[AssignmentView, ...]
    next_token: str | None = None


class RestsOn(Noun):
    """Trainings that an assignment rests on."""

    trainings: tuple[str, ...] = Field(max_length=20)


class WhyEnded(Noun):
    """Why it ends."""

    reason: Reason


@router.get("/trainings", tags=["registers"])
def list_trainings(
    clouds: Clouds, *, person: OfPerson = None, subject: Annotated[TrainingSubject | None, Query()] = None,
    state: Annotated[TrainingState | None, Query()] = None, limit: Limit = 50, token: Token = None,
) -> Trainings:  # fmt: skip
    """A page of trainings."""
    filters = {"person": person_word(person), "subject": subject, "state": state}
    found, more = entries_page(TRAININGS, clouds.store, filters=filters, limit=limit, token=token)
    return Trainings(trainings=tuple(_training(one, clouds) for one in found), next_token=more)


@router.get("/trainings/counts", tags=["registers"])
def count_trainings(clouds: Clouds) -> Counts:
    """How many trainings are on record, and how many run out soon or have."""
    return count_entries(TRAININGS, clouds.store, now=clouds.now())


@router.post("/trainings", tags=["registers"], status_code=201)
def record_new_training(clouds: Clouds, person: Person, given: Annotated[NewTraining, Body()]) -> TrainingView:
    """Record that somebody took a training."""
    return _training(record_training(given, **acting(clouds, person)), clouds)


@router.get("/trainings/<training_id>", tags=["registers"])
def read_training(clouds: Clouds, training_id: EntryId) -> TrainingView:
    """A training."""
    return _training(get_entry(TRAININGS, clouds.store, training_id), clouds)


@router.post("/trainings/<training_id>/end", tags=["registers"])
def end_training(
    clouds: Clouds, person: Person, training_id: EntryId, given: Annotated[WhyEnded, Body()]
) -> TrainingView:
    """Say that a training no longer counts: the person left, or the record was wrong. No assignment may rest on it."""
    now = clouds.now()

    def decide(before: Training) -> Training:
        require_keeper(person, before, clouds.store)
        refuse_rested_on(clouds.store, before)
        return end(before, given.reason, now=now)

    done = change_entry(TRAININGS, training_id, decide, action="ended", **acting(clouds, person))
    return _training(done, clouds)


@router.get("/assignments", tags=["registers"])
def list_assignments(
    clouds: Clouds, *, model_id: OfModel = None, person: OfPerson = None,
    duty: Annotated[AssignedDuty | None, Query()] = None, state: Annotated[AssignmentState | None, Query()] = None,
    limit: Limit = 50, token: Token = None,
) -> Assignments:  # fmt: skip
    """A page of assignments: who oversees what."""
    filters = {"model": model_id, "person": person_word(person), "duty": duty, "state": state}
    found, more = entries_page(ASSIGNMENTS, clouds.store, filters=filters, limit=limit, token=token)
    return Assignments(assignments=tuple(_assignment(one, clouds) for one in found), next_token=more)


@router.post("/assignments", tags=["registers"], status_code=201)
def propose_new_assignment(clouds: Clouds, person: Person, given: Annotated[NewAssignment, Body()]) -> AssignmentView:
    """Propose a person for a duty. It counts once the person accepts."""
    require_opener(person, given.model_ids, clouds.store)
    until = trained_until(clouds.store, given.person, given.trainings)
    return _assignment(propose_assignment(given, until, **acting(clouds, person)), clouds)


@router.get("/assignments/<assignment_id>", tags=["registers"])
def read_assignment(clouds: Clouds, assignment_id: EntryId) -> AssignmentView:
    """An assignment."""
    return _assignment(get_entry(ASSIGNMENTS, clouds.store, assignment_id), clouds)


@router.put("/assignments/<assignment_id>/trainings", tags=["registers"])
def set_assignment_trainings(
    clouds: Clouds, person: Person, assignment_id: EntryId, given: Annotated[RestsOn, Body()]
) -> AssignmentView:
    """Say on which trainings it rests now; that is its review too."""
    now = clouds.now()

    def rule(one: Assignment) -> Assignment:
        require_keeper(person, one, clouds.store)
        until = trained_until(clouds.store, one.person, given.trainings)
        return duties.renew(one, given.trainings, until, now=now)

    return _changed(clouds, person, assignment_id, rule, "renewed")


@router.post("/assignments/<assignment_id>/accept", tags=["registers"])
def accept_assignment(clouds: Clouds, person: Person, assignment_id: EntryId) -> AssignmentView:
    """Accept a duty: only the person who is assigned can."""
    names, now = frozenset({person.name, *([person.email] if person.email else [])}), clouds.now()
    return _changed(clouds, person, assignment_id, lambda one: duties.accept(one, names, now=now), "accepted")


@router.post("/assignments/<assignment_id>/end", tags=["registers"])
def end_assignment(
    clouds: Clouds, person: Person, assignment_id: EntryId, given: Annotated[WhyEnded, Body()]
) -> AssignmentView:
    """Say that the person has the duty no more."""
    now = clouds.now()

    def rule(one: Assignment) -> Assignment:
        require_keeper(person, one, clouds.store)
        return duties.end(one, given.reason, now=now)

    return _changed(clouds, person, assignment_id, rule, "ended")


def _changed(
    clouds: Any, person: Any, identity: str, rule: Callable[[Assignment], Assignment], action: str
) -> AssignmentView:
    done = change_entry(ASSIGNMENTS, identity, rule, action=action, **acting(clouds, person))
    return _assignment(done, clouds)


def _training(one: Training, clouds: Any) -> TrainingView:
    now = clouds.now()
    return TrainingView(**dict(one), standing=standing(TRAININGS, one, now), counts=one.counts_on(now.date()))


def _assignment(one: Assignment, clouds: Any) -> AssignmentView:
    return AssignmentView(**dict(one), standing=standing(ASSIGNMENTS, one, clouds.now()))
