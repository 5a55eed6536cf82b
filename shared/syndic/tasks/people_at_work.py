"""What several registers say of one person: the trainings that assignments rest on, and what ends with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from syndic.errors import InvalidInputError, NotFoundError
from syndic.ports import AuditTrail, EventBus, Store
from syndic.registers.assignments.models import AssignmentState
from syndic.registers.assignments.register import ASSIGNMENTS, without_training
from syndic.registers.entries import change_entry, get_entry
from syndic.registers.keys import owner_word
from syndic.registers.listing import entries_page
from syndic.registers.training.models import Training, TrainingState
from syndic.registers.training.register import TRAININGS


def trained_until(store: Store, person: str, trainings: Sequence[str]) -> date | None:
    """The last day on which all of some trainings of a person count; None of none.

    Raises `InvalidInputError` for one that is not on record, is somebody else's, or was ended.
    """
    days: list[date] = []
    for identity in trainings:
        try:
            found = get_entry(TRAININGS, store, identity)
        except NotFoundError:
            raise InvalidInputError(f"there is no training {identity!r}", where="trainings") from None
        if found.person.casefold() != person.casefold():
            raise InvalidInputError(f"training {identity} is another person's", where="trainings")
        if found.state is TrainingState.ENDED:
            raise InvalidInputError(f"training {identity} was ended", where="trainings")
        days.append(found.valid_until)
    return min(days, default=None)


def end_training(
    identity: str, rule: Callable[[Training], Training], *, store: Store, audit: AuditTrail, bus: EventBus, actor: str,
    now: datetime,
) -> Training:  # fmt: skip
    """End a training, and take it out of the assignments of the person that rest on it.

    Whoever dies in between asks again: what was ended stays so, and the assignments that are left are changed.
    """
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    ended = change_entry(TRAININGS, identity, rule, action="ended", **common)
    token: str | None = None
    while True:
        filters = {"person": owner_word(ended.person)}
        found, token = entries_page(ASSIGNMENTS, store, filters=filters, limit=100, token=token)
        for one in found:
            if identity in one.trainings and one.state is not AssignmentState.ENDED:
                change_entry(
                    ASSIGNMENTS, one.id, lambda it: without_training(it, identity), action="training_ended", **common
                )
        if token is None:
            return ended


def person_word(person: str | None) -> str | None:
    """A person as the word under which their entries are listed."""
    return None if person is None else owner_word(person)
