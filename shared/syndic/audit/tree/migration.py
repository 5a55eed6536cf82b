"""The chain of before the tree becomes its first leaves: entries, hashes and places stay as they were.

The hash that an entry had is the data of its leaf, so what was printed or kept of the chain still names it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from syndic.audit.keys import CHAIN_HEAD, PARTITION, PREFIX, entry_key, listings_of, taken_key
from syndic.audit.models import Head
from syndic.audit.tree.batches import Tree, batch_record, read_tree
from syndic.audit.tree.chain import batches
from syndic.models import AuditEntry
from syndic.ports import ABSENT, Record, Store, Write
from syndic.records import iterate

log = logging.getLogger(__name__)

TOGETHER: Final = 400
"""Leaves in one batch."""

_IDS: Final = "id."
_WRITTEN: Final = 80


def chain_head(store: Store) -> Head:
    """The head of the chain of before the tree; empty when there was none."""
    record = store.get(CHAIN_HEAD)
    return Head() if record is None else Head.model_validate(record.body)


def migrate_chain(
    store: Store, tree: Tree, target: int, *, chain: Store, go_on: Callable[[], bool] = lambda: True
) -> Tree:
    """Add the chain's entries to the tree, from where an earlier run stopped. Returns the tree as it is then.

    Args:
        store: The trail.
        tree: Its present state.
        target: Entries of the chain.
        chain: Where the chain lies: the same store, or the table of records.
        go_on: Asked before each batch.
    """
    if tree.head.size == 0:
        _copy_ids(store, chain)
    while tree.head.size < target and go_on():
        start, end = tree.head.size, min(target, tree.head.size + TOGETHER)
        found = iterate(chain, PARTITION, prefix=PREFIX, start=entry_key(start).sort, end=entry_key(end).sort)
        records = list(found)
        hashes = _hashes(records, start, end)
        for record in records:
            entry = AuditEntry.model_validate(record.body["entry"])
            store.put(Record(record.key, record.body, listings=listings_of(record.body["index"], entry)))
        store.put_together([Write(batch_record(tree, hashes, chain=target), ABSENT)])
        tree = read_tree(store)
        log.info("entries of the chain added to the tree", extra={"size": tree.head.size, "of": target})
    return tree


def _hashes(records: list[Record], start: int, end: int) -> list[str]:
    """The hash at each place. Where an entry is missing the next one still names its hash; else it is not known."""
    by_place = {int(one.body["index"]): one.body for one in records}
    found: list[str] = []
    for place in range(start, end):
        body, after = by_place.get(place), by_place.get(place + 1)
        if body is not None:
            found.append(str(body["hash"]))
        else:
            found.append(str(after["previous"]) if after is not None else "0" * 64)
    return found


def _copy_ids(store: Store, chain: Store) -> None:
    """An id that the chain took is taken."""
    notes = [
        Record(taken_key(one.key.sort.removeprefix(_IDS)), one.body) for one in iterate(chain, PARTITION, prefix=_IDS)
    ]
    for some in batches(notes, _WRITTEN):
        store.put_together([Write(note) for note in some])
