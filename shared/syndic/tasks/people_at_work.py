"""What several registers say of one person: whether the trainings that an assignment rests on count, and how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from syndic.errors import InvalidInputError, NotFoundError
from syndic.ports import Store
from syndic.registers.entries import get_entry
from syndic.registers.keys import owner_word
from syndic.registers.training.models import TrainingState
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


def person_word(person: str | None) -> str | None:
    """A person as the word under which their entries are listed."""
    return None if person is None else owner_word(person)
