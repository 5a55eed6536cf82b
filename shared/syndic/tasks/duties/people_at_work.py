"""What several registers say of one person: the trainings that assignments rest on, and how long they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.ports import Store
from syndic.registers.assignments.models import AssignmentState
from syndic.registers.assignments.register import ASSIGNMENTS
from syndic.registers.entries import get_entry
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


def refuse_rested_on(store: Store, training: Training) -> None:
    """Raise `ConflictError` when an assignment rests on a training: it is set anew, or ended, before that is."""
    token: str | None = None
    while True:
        filters = {"person": owner_word(training.person)}
        found, token = entries_page(ASSIGNMENTS, store, filters=filters, limit=100, token=token)
        for one in found:
            if training.id in one.trainings and one.state is not AssignmentState.ENDED:
                raise ConflictError(
                    f"assignment {one.id} rests on it: set its trainings anew (PUT /assignments/{one.id}/trainings), "
                    "or end it, first"
                )
        if token is None:
            return


def person_word(person: str | None) -> str | None:
    """A person as the word under which their entries are listed."""
    return None if person is None else owner_word(person)
