"""Entries of all registers at once: those on a model, and those of which something is due, each in one query.

Every entry is listed for that beside its register's own listings. An earlier release did not: until the schedule has
listed its entries (`LISTED`), each register is asked by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from syndic.assessment import ORGANISATION
from syndic.models import Evidence
from syndic.ports import Readable, Record, Store
from syndic.record_versions import Schema, Upgraded
from syndic.records import iterate
from syndic.registers.keys import DUE, entry_key, model_partition, moment
from syndic.registers.listing import PERIOD, due_entries, evidence_of, list_entries, shown_by
from syndic.registers.models import Entry
from syndic.registers.register import Register, listings_of
from syndic.registers.table import REGISTERS

Held = list[tuple[Register[Any], tuple[Entry, ...]]]
"""The entries of each register, in the table's order."""

LISTED: Final = Schema("register_entry", (Upgraded,))
"""Since version 2 an entry is listed with those of all registers. Its body is the same."""

_BY_PARTITION: Final = {entry_key(register.name, "").partition: register for register in REGISTERS}


def relisted(record: Record) -> Record:
    """An entry's record with the listings that this release gives it."""
    register = _BY_PARTITION[record.key.partition]
    return Record(record.key, record.body, listings=listings_of(register, register.noun.model_validate(record.body)))


def is_unlisted(record: Record) -> bool:
    """Whether an earlier release listed an entry."""
    return set(relisted(record).listings) != set(record.listings)


def entries_on(model_id: str, store: Store, *, read: Readable | None = None) -> Held:
    """Every register's entries on a model. `read`: what was read at `LISTED.mark` a moment ago."""
    if not LISTED.is_done(store if read is None else read):
        return [(register, tuple(list_entries(register, store, model_id=model_id))) for register in REGISTERS]
    return _held(iterate(store, model_partition(model_id), end="~"))


def due_everywhere(store: Store, *, until: datetime, read: Readable | None = None) -> Held:
    """Of every register the open entries of which something is due up to a time. `read`: as of `entries_on`."""
    if not LISTED.is_done(store if read is None else read):
        return [(register, tuple(due_entries(register, store, until=until))) for register in REGISTERS]
    return _held(iterate(store, DUE, end=f"{moment(until)}.~"))


def shown_of(model_id: str, store: Store, *, now: datetime, read: Readable | None = None) -> Iterator[Evidence]:
    """What all registers show to compliance of a model, or of the organisation, at a time."""
    if model_id == ORGANISATION:
        for register in REGISTERS:
            yield from evidence_of(register, store, model_id, now=now)
        return
    for register, entries in entries_on(model_id, store, read=read):
        yield from shown_by(register, model_id, _counted(entries, now - PERIOD), now)


def _held(records: Iterator[Record]) -> Held:
    found: dict[str, list[Entry]] = defaultdict(list)
    for record in records:
        register = _BY_PARTITION[record.key.partition]
        found[register.name].append(register.noun.model_validate(record.body))
    return [(register, tuple(found[register.name])) for register in REGISTERS]


def _counted(entries: Sequence[Entry], since: datetime) -> tuple[Entry, ...]:
    return tuple(one for one in entries if one.closed_at is None or one.closed_at >= since)
