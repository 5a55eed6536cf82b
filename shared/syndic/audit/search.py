"""Reading the trail: one entry, or pages of those that fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syndic.audit.keys import (
    ALL,
    PARTITION,
    PREFIX,
    action_partition,
    actor_partition,
    entry_key,
    moment,
    subject_partition,
    subjects_of,
)
from syndic.audit.models import EntryPage, Head, LoggedEntry
from syndic.audit.tree.batches import read_tree
from syndic.errors import NotFoundError
from syndic.models import AuditEntry
from syndic.ports import Record, Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; what is None does not matter.

    Args:
        subject: What an entry is about, such as ``model/<id>``.
        actor: Who did it.
        action: What was done.
        begin: The earliest time.
        end: The time before which it was.
    """

    subject: str | None = None
    actor: str | None = None
    action: str | None = None
    begin: datetime | None = None
    end: datetime | None = None

    @property
    def partition(self) -> str:
        """The listing that holds all of them and fewest others."""
        if self.subject is not None:
            return subject_partition(self.subject)
        if self.actor is not None:
            return actor_partition(self.actor)
        return ALL if self.action is None else action_partition(self.action)

    def fits(self, entry: AuditEntry) -> bool:
        """Whether an entry is one of them. A listing is believed only as far as the entry says the same."""
        return (
            (self.subject is None or self.subject in set(subjects_of(entry)))
            and (self.actor is None or entry.actor == self.actor)
            and (self.action is None or entry.action == self.action)
            and (self.begin is None or entry.at >= self.begin)
            and (self.end is None or entry.at < self.end)
        )


def read_head(store: Store) -> Head:
    """The log's present head; keep it elsewhere to prove later that nothing before it was cut."""
    return read_tree(store).head


def get_entry(store: Store, index: int) -> LoggedEntry:
    """One entry. Raises `NotFoundError`."""
    record = store.get(entry_key(index)) if 0 <= index < 10**12 else None
    if record is None:
        raise NotFoundError(f"the audit trail has no entry {index}, or its content was erased")
    return LoggedEntry.model_validate(record.body)


def list_entries(store: Store, *, subject: str | None = None, limit: int = 50, token: str | None = None) -> EntryPage:
    """Entries, newest first; with `subject` (``model/<id>``) only those about it."""
    if subject is not None:
        return search_entries(store, Wanted(subject=subject), limit=limit, token=token)
    page = store.query(PARTITION, prefix=PREFIX, descending=True, limit=limit, token=token)
    return EntryPage(entries=tuple(map(_logged, page.records)), next_token=page.next_token)


def search_entries(store: Store, wanted: Wanted, *, limit: int = 50, token: str | None = None) -> EntryPage:
    """Entries that fit, newest first. A page may have fewer than `limit`, or none, and yet not be the last one."""
    page = store.query(
        wanted.partition,
        start=None if wanted.begin is None else moment(wanted.begin),
        end=None if wanted.end is None else moment(wanted.end),
        descending=True,
        limit=limit,
        token=token,
    )
    # Whatever else lies in a listing is no entry that is ever verified.
    own = (record for record in page.records if record.key.partition == PARTITION)
    entries = ((record.key, _logged(record)) for record in own)
    found = (logged for key, logged in entries if key == entry_key(logged.index) and wanted.fits(logged.entry))
    return EntryPage(entries=tuple(found), next_token=page.next_token)


def _logged(record: Record) -> LoggedEntry:
    return LoggedEntry.model_validate(record.body)
