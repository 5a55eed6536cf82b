"""Reading and verifying the audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from syndic.audit.chain import verify_chain
from syndic.audit.keys import HEAD, PARTITION, PREFIX, entry_index, entry_key, subject_partition
from syndic.audit.models import EntryPage, Head, LoggedEntry, Verification
from syndic.errors import NotFoundError
from syndic.ports import Store


def read_head(store: Store) -> Head:
    """The log's present head; keep it elsewhere to prove later that nothing before it was cut."""
    record = store.get(HEAD)
    return Head() if record is None else Head.model_validate(record.body)


def get_entry(store: Store, index: int) -> LoggedEntry:
    """One entry. Raises `NotFoundError`."""
    record = store.get(entry_key(index)) if 0 <= index < 10**12 else None
    if record is None:
        raise NotFoundError(f"the audit trail has no entry {index}")
    return LoggedEntry.model_validate(record.body)


def list_entries(store: Store, *, subject: str | None = None, limit: int = 50, token: str | None = None) -> EntryPage:
    """Entries, newest first; with `subject` (``model/<id>``) only those about it."""
    if subject is None:
        page = store.query(PARTITION, prefix=PREFIX, descending=True, limit=limit, token=token)
    else:
        page = store.query(subject_partition(subject), descending=True, limit=limit, token=token)
    entries = (LoggedEntry.model_validate(record.body) for record in page.records)
    return EntryPage(
        entries=tuple(one for one in entries if subject is None or one.entry.subject == subject),
        next_token=page.next_token,
    )


def verify(store: Store, *, known: Head | None = None) -> Verification:
    """Check the whole log. See `syndic.audit.chain.verify_chain` for what a known head adds.

    Entries that are appended while it runs are not taken for faults.
    """
    return verify_chain(_stored(store), read_head(store), after=lambda: read_head(store), known=known)


def _stored(store: Store) -> Iterator[tuple[int, Mapping[str, Any]]]:
    token: str | None = None
    while True:
        page = store.query(PARTITION, prefix=PREFIX, limit=500, token=token)
        for record in page.records:
            yield entry_index(record.key), record.body
        if page.next_token is None:
            return
        token = page.next_token
