"""The tree in the store: leaves in batches, each added once under the condition that nothing stands there yet.

A batch names the hash it continues and the tree it gives, so the newest one is the log's head, and none is ever
written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from syndic.audit.keys import BATCH_PREFIX, TREE, batch_key
from syndic.audit.models import GENESIS, Head
from syndic.audit.tree.chain import leaf_of
from syndic.audit.tree.merkle import Frontier
from syndic.errors import DamagedTrailError
from syndic.models import Noun, to_json
from syndic.ports import Record, Store
from syndic.records import iterate


class Batch(Noun):
    """Leaves that were added together."""

    first: int
    previous: str  # hash of the entry before
    hashes: tuple[str, ...]
    peaks: tuple[str, ...]  # of the tree with them
    chain: int = 0  # entries of the chain of before the tree, while its entries are added

    @property
    def end(self) -> int:
        """The size of the log with them."""
        return self.first + len(self.hashes)

    @property
    def frontier(self) -> Frontier:
        """The tree with them, as the batch says."""
        return Frontier(self.end, tuple(bytes.fromhex(peak) for peak in self.peaks))

    @property
    def head(self) -> Head:
        """The head with them."""
        return Head(size=self.end, hash=self.hashes[-1])


@dataclass(frozen=True, slots=True)
class Tree:
    """The log's state: its head and its tree."""

    head: Head
    frontier: Frontier
    chain: int = 0


def batch_record(tree: Tree, hashes: list[str], *, chain: int = 0) -> Record:
    """The record that adds the hashes of entries to a tree."""
    grown = tree.frontier.extended(leaf_of(one) for one in hashes)
    batch = Batch(
        first=tree.head.size,
        previous=tree.head.hash,
        hashes=tuple(hashes),
        peaks=tuple(peak.hex() for peak in grown.peaks),
        chain=chain,
    )
    return Record(batch_key(batch.first), to_json(batch))


def read_tree(store: Store) -> Tree:
    """The log's present state."""
    page = store.query(TREE, prefix=BATCH_PREFIX, descending=True, limit=1)
    if not page.records:
        return Tree(Head(), Frontier())
    batch = read_batch(page.records[0])
    if not batch.frontier.is_sound:
        raise DamagedTrailError(f"the audit trail's tree of {batch.end} entries is damaged: verify the trail")
    return Tree(batch.head, batch.frontier, batch.chain)


def read_batch(record: Record) -> Batch:
    """A batch as it is stored. Raises `DamagedTrailError` when it is none: then the trail was tampered with."""
    try:
        batch = Batch.model_validate(record.body)
        sound = all(len(bytes.fromhex(one)) == 32 for one in (*batch.hashes, *batch.peaks, batch.previous))
    except (ValidationError, ValueError) as error:
        raise DamagedTrailError(f"the audit trail's batch {record.key.sort} is damaged: verify the trail") from error
    if not sound or not batch.hashes or record.key != batch_key(batch.first):
        raise DamagedTrailError(f"the audit trail's batch {record.key.sort} is damaged: verify the trail")
    return batch


def batches_from(store: Store, start: int) -> Iterator[Record]:
    """The batches that hold the leaves from an index on, in order, as stored."""
    first = batch_of(store, start)
    yield from iterate(store, TREE, prefix=BATCH_PREFIX, start=batch_key(start if first is None else first.first).sort)


def batch_of(store: Store, index: int) -> Batch | None:
    """The batch that holds a leaf, or would."""
    page = store.query(TREE, prefix=BATCH_PREFIX, end=batch_key(index + 1).sort, descending=True, limit=1)
    return read_batch(page.records[0]) if page.records else None


def hashes_between(store: Store, start: int, end: int) -> Iterator[str]:
    """The hashes of the entries from an index to before another."""
    if start >= end:
        return
    for record in batches_from(store, start):
        batch = read_batch(record)
        if batch.first >= end:
            return
        yield from batch.hashes[max(0, start - batch.first) : end - batch.first]


def tree_at(store: Store, size: int) -> Tree:
    """The state that the log had at a size. Raises `DamagedTrailError` when the store does not reach that far."""
    if size == 0:
        return Tree(Head(), Frontier())
    batch = batch_of(store, size - 1)
    if batch is None or batch.end < size:
        raise DamagedTrailError(f"the audit trail in the store ends before entry {size}: verify the trail")
    if batch.end == size:
        return Tree(batch.head, batch.frontier)
    before = Frontier() if batch.first == 0 else _ends_at(store, batch.first)
    hashes = batch.hashes[: size - batch.first]
    return Tree(Head(size=size, hash=hashes[-1]), before.extended(leaf_of(one) for one in hashes))


def previous_hash(store: Store, index: int) -> str:
    """The hash of the entry before an index."""
    return GENESIS if index == 0 else tree_at(store, index).head.hash


def _ends_at(store: Store, size: int) -> Frontier:
    before = batch_of(store, size - 1)
    if before is None or before.end != size:
        raise DamagedTrailError(f"the audit trail's batches do not meet at entry {size}: verify the trail")
    return before.frontier
