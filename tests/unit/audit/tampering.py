"""A trail to tamper with, and everything that an attacker with the table may do to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from syndic.adapters.memory import MemoryArchive, MemoryStore
from syndic.audit.appending.sequencer import entry_record
from syndic.audit.keys import PARTITION, TREE, entry_key, subject_partition
from syndic.audit.log import AuditLog
from syndic.audit.models import LoggedEntry
from syndic.audit.tree.batches import batch_record, read_tree, tree_at
from syndic.audit.tree.chain import chain
from syndic.models import AuditEntry
from syndic.ports import Key as StoreKey
from syndic.ports import Listing, Record
from syndic.records import iterate

AT = datetime(2026, 11, 21, tzinfo=UTC)


def entry(i: int, *, subject: str | None = None, **details: object) -> AuditEntry:
    return AuditEntry(
        action="drift.checked",
        actor="syndic/drift",
        subject=subject or f"model/m{i % 3}",
        at=AT + timedelta(seconds=i),
        details={"i": i, "psi": 0.1 * i, "text": "Grüße", **details},
    )


class Key:
    """A key in memory."""

    name = "log.example.org/syndic"

    def __init__(self, seed: int = 1) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def log_of(count: int) -> MemoryStore:
    store = MemoryStore()
    AuditLog(store).append(*(entry(i) for i in range(count)))
    return store


def copied(store: MemoryStore) -> MemoryStore:
    made = MemoryStore()
    made._kept = dict(store._kept)
    made._places = {partition: list(places) for partition, places in store._places.items()}
    made._writes = store._writes
    return made


def copied_archive(archive: MemoryArchive) -> MemoryArchive:
    made = MemoryArchive(archive._clock)
    made._objects, made._locked = dict(archive._objects), set(archive._locked)
    return made


def logged(store: MemoryStore, index: int) -> LoggedEntry:
    record = store.get(entry_key(index))
    assert record is not None
    return LoggedEntry.model_validate(record.body)


def body(store: MemoryStore, index: int) -> dict:
    record = store.get(entry_key(index))
    assert record is not None
    return json.loads(json.dumps(record.body))


def overwrite(store: MemoryStore, index: int, content: dict) -> None:
    """Other content at a place, listed as the one before it was."""
    present = store.get(entry_key(index))
    store.put(Record(entry_key(index), content, listings=present.listings if present else ()))


def edit(store: MemoryStore, index: int, size: int) -> None:
    content = body(store, index)
    content["entry"]["details"]["psi"] = 0.05 + index
    overwrite(store, index, content)


def delete(store: MemoryStore, index: int, size: int) -> None:
    store.delete(entry_key(index))


def swap(store: MemoryStore, index: int, size: int) -> None:
    other = (index + 1) % size
    mine, theirs = body(store, index), body(store, other)
    overwrite(store, index, theirs)
    overwrite(store, other, mine)


def insert(store: MemoryStore, index: int, size: int) -> None:
    entries = [logged(store, at).entry for at in range(size)]
    rewrite(store, index, [entry(99), *entries[index:]])


def rehash_to_the_end(store: MemoryStore, index: int, size: int) -> None:
    """The strongest attacker: everything after the change is written anew, tree and listings too."""
    entries = [logged(store, at).entry for at in range(size)]
    rewrite(store, index, [entry(77), *entries[index + 1 :]])


def truncate(store: MemoryStore, index: int, size: int) -> None:
    rewrite(store, index, [])


def wipe(store: MemoryStore, index: int, size: int) -> None:
    for key in [key for key in store._kept if key.partition.startswith(("audit", "trail"))]:
        store.delete(key)


def hide(store: MemoryStore, index: int, size: int) -> None:
    """The entry stays, and its subject's listing does not have it any more."""
    record = store.get(entry_key(index))
    assert record is not None
    subject = subject_partition(record.body["entry"]["subject"])
    left = tuple(one for one in record.listings if one.partition != subject)
    store.put(Record(record.key, record.body, listings=left))


def move(store: MemoryStore, index: int, size: int) -> None:
    """The entry stays, and is listed with another subject."""
    record = store.get(entry_key(index))
    assert record is not None
    subject = subject_partition(record.body["entry"]["subject"])
    moved = tuple(
        Listing(subject_partition("model/m9"), one.sort) if one.partition == subject else one for one in record.listings
    )
    store.put(Record(record.key, record.body, listings=moved))


def unlist(store: MemoryStore, index: int, size: int) -> None:
    """The entry says that it is listed with its subject; what the listing has of it was removed."""
    at = subject_place(store, index)
    store._places[at.partition].remove(f"{at.sort} {PARTITION} {entry_key(index).sort}")


def forge(store: MemoryStore, index: int, size: int) -> None:
    """What was never logged lies in the subject's listing, and says that it is an entry."""
    at = subject_place(store, index)
    content = body(store, index)
    content["entry"]["actor"] = "mallory"
    store.put(Record(StoreKey(at.partition, f"{at.sort}!"), content))


def cover(store: MemoryStore, index: int, size: int) -> None:
    """In the place of the entry its subject's listing has another record under the same number."""
    at = subject_place(store, index)
    unlist(store, index, size)
    content = body(store, index)
    content["entry"]["actor"] = "mallory"
    store.put(Record(StoreKey("audit.forged", entry_key(index).sort), content, listings=(at,)))


def subject_place(store: MemoryStore, index: int) -> Listing:
    record = store.get(entry_key(index))
    assert record is not None
    subject = subject_partition(record.body["entry"]["subject"])
    return next(one for one in record.listings if one.partition == subject)


TAMPERING: tuple[Callable[[MemoryStore, int, int], None], ...] = (
    edit, delete, swap, insert, rehash_to_the_end, truncate, wipe, hide, move, unlist, forge, cover,
)  # fmt: skip


def rewrite(store: MemoryStore, index: int, entries: Sequence[AuditEntry]) -> None:
    """A trail that is consistent in itself, with other entries from an index on."""
    tree = tree_at(store, index)
    size = read_tree(store).head.size
    kept = [logged(store, at) for at in range(index)]
    for record in list(iterate(store, TREE, prefix="batch.")):
        store.delete(record.key)
    for at in range(index, size):
        store.delete(entry_key(at))
    new = chain(tree.head, entries, ["5a" * 32] * len(entries))
    if kept:
        store.put(batch_record(read_tree(MemoryStore()), [one.hash for one in kept]))
    if new:
        store.put(batch_record(tree, [one.hash for one in new]))
    for one in new:
        store.put(entry_record(one))
