"""Entries of a register as they are looked for: by what is due, by filters, counted, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from syndic.assessment import ORGANISATION
from syndic.models import Evidence
from syndic.ports import Store
from syndic.records import iterate
from syndic.registers.clocks import ClockStanding, ClockState, standing_of
from syndic.registers.keys import ALL, OPEN_END, closed_start, due_end, listing_partition
from syndic.registers.models import Counts, Dated, Standing, end_of_day
from syndic.registers.register import E, Register, of_model, word_of, words_of

COUNTED: Final = 2_000
PERIOD: Final = timedelta(days=400)


def entries_page(
    register: Register[E],
    store: Store,
    *,
    filters: Mapping[str, str | None] | None = None,
    due_until: datetime | None = None,
    latest_first: bool = False,
    limit: int = 50,
    token: str | None = None,
) -> tuple[tuple[E, ...], str | None]:
    """A page of entries, what is due first before, closed ones last; and the token that continues.

    One filter (`model`, `state`, `owner` or the register's own) is one query of the page's size. With several a page
    may be shorter than `limit` although more follow.
    """
    wanted = {by: word_of(by, value) for by, value in (filters or {}).items() if value is not None}
    first, *others = [*wanted.items(), (ALL, "")]
    page = store.query(
        listing_partition(register.name, *first), end=due_end(due_until) if due_until else None,
        descending=latest_first, limit=limit, token=token,
    )  # fmt: skip
    found = (register.noun.model_validate(record.body) for record in page.records)
    kept = tuple(one for one in found if all(by == ALL or word in words_of(register, one)[by] for by, word in others))
    return kept, page.next_token


def list_entries(
    register: Register[E],
    store: Store,
    *,
    model_id: str | None = None,
    only_open: bool = False,
    closed_since: datetime | None = None,
) -> Iterator[E]:
    """Entries of a model, or all of them, by what is due; of closed ones all, none, or those closed since a time."""
    partition = listing_partition(register.name) if model_id is None else of_model(register, model_id)
    some = only_open or closed_since is not None
    for record in iterate(store, partition, end=OPEN_END if some else "~"):
        yield register.noun.model_validate(record.body)
    if closed_since is not None:
        for record in iterate(store, partition, start=closed_start(closed_since), end="~"):
            yield register.noun.model_validate(record.body)


def due_entries(register: Register[E], store: Store, *, until: datetime) -> Iterator[E]:
    """Open entries of which something is due up to a time, the first due first."""
    for record in iterate(store, listing_partition(register.name), end=due_end(until)):
        yield register.noun.model_validate(record.body)


def count_entries(register: Register[E], store: Store, *, now: datetime, model_id: str | None = None) -> Counts:
    """How many entries are in which state, and how urgent the open ones are; of the first 2,000 by what is due."""
    by_state: dict[str, int] = {}
    by_urgency: dict[ClockState, int] = {}
    for number, entry in enumerate(list_entries(register, store, model_id=model_id)):
        if number == COUNTED:
            return Counts(by_state=by_state, by_urgency=by_urgency, whole=False)
        by_state[entry.state] = by_state.get(entry.state, 0) + 1
        worst = standing(register, entry, now).worst
        if entry.closed_at is None and worst is not None:
            by_urgency[worst] = by_urgency.get(worst, 0) + 1
    return Counts(by_state=by_state, by_urgency=by_urgency)


def standing(register: Register[E], entry: E, now: datetime) -> Standing:
    """Where an entry stands at a time, and what may be done with it."""
    days = () if entry.closed_at is not None else entry.dated
    clocks = (*(standing_of(one, now) for one in entry.clocks), *(_of_day(one, now) for one in days))
    return Standing(
        due=entry.due,
        worst=min((one.state for one in clocks), key=list(ClockState).index, default=None),
        clocks=clocks,
        next_steps=tuple(register.steps(entry, now)),
    )


def evidence_of(register: Register[E], store: Store, model_id: str, *, now: datetime) -> tuple[Evidence, ...]:
    """What a register shows to compliance of a model, or of the organisation, at a time."""
    if register.evidence is None:
        return ()
    return shown_by(register, model_id, tuple(counted_entries(register, store, model_id, now=now)), now)


def shown_by(register: Register[E], model_id: str, counted: tuple[E, ...], now: datetime) -> tuple[Evidence, ...]:
    """What those entries that count show of a model, or of the organisation. Some registers show nothing of none."""
    if register.evidence is None or not (counted or register.of_none):
        return ()
    return tuple(register.evidence(model_id, counted, now))


def counted_entries(register: Register[E], store: Store, model_id: str, *, now: datetime) -> Iterator[E]:
    """The entries that count as evidence: open ones, and those closed within 400 days."""
    about = None if model_id == ORGANISATION else model_id
    yield from list_entries(register, store, model_id=about, closed_since=now - PERIOD)


def _of_day(dated: Dated, now: datetime) -> ClockStanding:
    end = end_of_day(dated.day)
    soon = now >= end - timedelta(days=dated.soon_days)
    state = ClockState.LATE if now > end else ClockState.DUE_SOON if soon else ClockState.RUNNING
    left = int((end - now).total_seconds())
    return ClockStanding(name=dated.name, title=dated.title, state=state, due=end, seconds_left=left)
