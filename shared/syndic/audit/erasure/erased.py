"""Contents that were erased: what the trail itself says of it. The leaf stays, content and salt go."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from syndic.audit.keys import action_partition
from syndic.audit.models import LoggedEntry
from syndic.audit.tree.batches import hashes_between
from syndic.audit.tree.chain import entry_hash
from syndic.models import AuditEntry
from syndic.ports import Record, Store
from syndic.records import iterate

ERASED: Final = "audit.content_erased"
"""Action of an entry whose details name the indices of erased contents and the reason."""


def erased_indices(store: Store) -> frozenset[int]:
    """The indices whose contents entries of the trail call erased. Only entries that give their leaves are believed."""
    found: set[int] = set()
    for record in iterate(store, action_partition(ERASED)):
        logged = _verified(store, record)
        if logged is not None and logged.entry.action == ERASED:
            found |= indices_of(logged.entry)
    return frozenset(found)


def indices_of(entry: AuditEntry) -> frozenset[int]:
    """The indices that an entry of an erasure names."""
    indices = entry.details.get("indices")
    return (
        frozenset(one for one in indices if type(one) is int and one >= 0) if isinstance(indices, list) else frozenset()
    )


def _verified(store: Store, record: Record) -> LoggedEntry | None:
    try:
        logged = LoggedEntry.model_validate(record.body)
        digest = entry_hash(logged.index, record.body["entry"], logged.previous, logged.salt)
    except (ValidationError, KeyError, ValueError):
        return None
    return logged if list(hashes_between(store, logged.index, logged.index + 1)) == [digest] else None
