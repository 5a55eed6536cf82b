"""What a register is: a noun of its own, by what its entries are found, and what they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from syndic.models import Evidence, Severity
from syndic.ports import Listing
from syndic.registers.clocks import ClockStanding, ClockState
from syndic.registers.keys import ALL, DUE, listing_partition, model_partition, moment, owner_word, place
from syndic.registers.models import Entry, Step

E = TypeVar("E", bound=Entry)


def usual_severity(clock: ClockStanding) -> Severity:
    """How bad something is that is due soon or late, where no register says otherwise."""
    return Severity.HIGH if clock.state is ClockState.LATE else Severity.MEDIUM


@dataclass(frozen=True)
class Register(Generic[E]):
    """A register.

    Args:
        name: In keys and routes, such as ``incidents``.
        kind: One entry, in the audit trail: ``incident/<id>``, ``incident.opened``.
        noun: What an entry is.
        words: By what else entries are found, each filter with the words under which an entry stands.
        evidence: What the entries of a model, or those of the organisation, show. Told in the change's transaction.
        steps: What may be done with an entry as it stands.
        severity: How bad the alert is that says that something is due soon, or late.
        in_packages: Whether the entries on a model go into its evidence packages, for authorities and auditors.
        of_none: Whether it shows something of a model that no entry is about, beside that the last one was taken away.
        plain: Fields whose text the trail may keep for ever as it is; of any other text it keeps a hash.
    """

    name: str
    kind: str
    noun: type[E]
    words: Callable[[E], Mapping[str, Sequence[str]]] = lambda _entry: {}
    evidence: Callable[[str, Sequence[E], datetime], Sequence[Evidence]] | None = None
    steps: Callable[[E, datetime], Sequence[Step]] = lambda _entry, _now: ()
    severity: Callable[[ClockStanding], Severity] = usual_severity
    in_packages: bool = True
    of_none: bool = True
    plain: frozenset[str] = field(default_factory=frozenset)


def words_of(register: Register[E], entry: E) -> dict[str, tuple[str, ...]]:
    """By what an entry is found: each filter with the words under which it stands."""
    return {
        ALL: ("",),
        "state": (str(entry.state),),
        "owner": (owner_word(entry.owner),),
        "model": entry.model_ids,
        **{by: tuple(words) for by, words in register.words(entry).items()},
    }


def listings_of(register: Register[E], entry: E) -> tuple[Listing, ...]:
    """Where an entry is found: by each of its register's words, and among the entries of all registers."""
    at = place(entry.id, due=entry.due, opened_at=entry.opened_at, closed_at=entry.closed_at)
    own = (
        Listing(listing_partition(register.name, by, word), at)
        for by, words in words_of(register, entry).items()
        for word in dict.fromkeys(words)
    )
    on = (Listing(model_partition(one), f"{register.name}.{at}") for one in dict.fromkeys(entry.model_ids))
    due = () if entry.due is None else (Listing(DUE, f"{moment(entry.due)}.{register.name}.{entry.id}"),)
    return (*own, *on, *due)


def word_of(by: str, value: str) -> str:
    """A filter's value as it stands in keys."""
    return owner_word(value) if by == "owner" else value


def of_model(register: Register[E], model_id: str) -> str:
    """Where the entries on a model are listed."""
    return listing_partition(register.name, "model", model_id)
