"""Verifying the trail in the store: contents against leaves, leaves against checkpoints, listings against contents.

The cost is by what is new: a verification may start where an earlier one ended, if that state is known from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from syndic.audit.erasure.erased import erased_indices
from syndic.audit.keys import BATCH_PREFIX, PARTITION, PREFIX, TREE, entry_index, entry_key
from syndic.audit.models import Fault, Head, Verification
from syndic.audit.signed.checkpoints import Checkpoint
from syndic.audit.tree.batches import Tree, batches_from, read_batch, read_tree
from syndic.audit.tree.chain import Walk, verify_chain
from syndic.audit.tree.merkle import Frontier
from syndic.audit.tree.migration import chain_head
from syndic.audit.verification.listings import Listings
from syndic.errors import DamagedTrailError
from syndic.ports import Record, Store

START: Final = Tree(Head(), Frontier())


def verify(
    store: Store,
    *,
    known: Head | None = None,
    since: Tree = START,
    checkpoints: Sequence[Checkpoint] = (),
    until: int | None = None,
) -> Verification:
    """Verify the trail: contents give leaves, leaves give roots known from elsewhere, listings have what belongs there.

    Entries that are appended while it runs are not taken for faults.

    Args:
        store: Where the trail is kept.
        known: A head that was taken earlier and kept elsewhere: of the chain, or with the root of the tree as its hash.
        since: A state that was verified earlier and is known from elsewhere; only what came after is looked at.
        checkpoints: Checkpoints whose signatures were verified. Only what was kept where the store's writers cannot
            write shows that the end was cut off, that the trail was wiped, or that all of it was written anew.
        until: The size to which it is followed, for a verification in steps; what lies beyond is not looked at.

    Raises `UnavailableError` when the store does not answer: that says nothing of the trail.
    """
    if since is START and not checkpoints and not _has_tree(store) and chain_head(store).size:
        return verify_chain(_placed(store), chain_head(store), after=lambda: chain_head(store), known=known)
    roots = [(one.size, one.root, f"the checkpoint of {one.size} entries") for one in checkpoints]
    walk = Walk(since.head, since.frontier, heads=(known,), roots=roots)
    before = _read_tree(store, walk)
    erased = _Contents(store, walk, since.head.size, until).follow()
    largest = max((one.size for one in checkpoints), default=0)
    for size, source in ((known.size if known else 0, "a head kept elsewhere"), (largest, "the newest checkpoint")):
        if walk.head.size < size and not (until is not None and walk.head.size >= until):
            walk.fault(Fault.TRUNCATED, walk.head.size, f"{source} names {size} entries, there are {walk.head.size}")
    if walk.head.size < (before.head.size if until is None else min(until, before.head.size)):
        walk.fault(Fault.TRUNCATED, walk.head.size, f"the head names {before.head.size} entries")
    return walk.result(since=since.head.size, erased=erased, checkpoint=largest or None)


def _has_tree(store: Store) -> bool:
    """Whether the trail has a tree: one that an earlier release wrote and nobody continued has none yet."""
    return bool(store.query(TREE, prefix=BATCH_PREFIX, limit=1).records)


def _placed(store: Store) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((entry_index(record.key), record.body) for record in _stored(store, 0))


def _read_tree(store: Store, walk: Walk) -> Tree:
    try:
        return read_tree(store)
    except DamagedTrailError as error:
        walk.fault(Fault.UNREADABLE, None, str(error))
        return START


class _Contents:
    """Walks leaves and contents side by side."""

    def __init__(self, store: Store, walk: Walk, start: int, until: int | None = None) -> None:
        self._store, self._walk, self._start, self._until = store, walk, start, until
        self._records = _stored(store, start)
        self._next: Record | None = next(self._records, None)
        self._at = self._place()
        self._listings = Listings(store, walk)
        self._erased = 0
        self._said: frozenset[int] | None = None

    def follow(self) -> int:
        """Walk to the end. Returns how many contents were erased, as the trail says."""
        for first, previous, leaves, kept in self._leaves():
            walk, hashes, peaks = self._walk, leaves, kept
            if self._until is not None and first + len(leaves) > self._until:
                hashes, peaks = leaves[: max(0, self._until - first)], None
            if first != walk.head.size:
                for index in range(walk.head.size, min(first, walk.head.size + 1)):
                    walk.fault(Fault.MISSING, index, f"the tree has no leaves from here to before {first}")
                return self._erased
            if previous != walk.head.hash:
                walk.fault(Fault.UNCHAINED, first, "the leaves from here on do not continue those before")
            for index, leaf in enumerate(hashes, first):
                self._one(index, leaf)
            if peaks is not None and peaks != walk.frontier:
                walk.fault(Fault.EDITED, first, "the tree kept with the leaves is not the one that they give")
            if walk.head.size == self._until:
                break
        self._listings.compare()
        if self._until is None:
            self._beyond()
        return self._erased

    def _leaves(self) -> Iterator[tuple[int, str, Sequence[str], Frontier | None]]:
        try:
            for record in batches_from(self._store, self._start):
                batch = read_batch(record)
                skipped = max(0, self._start - batch.first)
                if skipped >= len(batch.hashes):
                    continue
                previous = batch.hashes[skipped - 1] if skipped else batch.previous
                yield batch.first + skipped, previous, batch.hashes[skipped:], batch.frontier
        except DamagedTrailError as error:
            self._walk.fault(Fault.UNREADABLE, None, str(error))

    def _one(self, index: int, leaf: str) -> None:
        while self._next is not None and self._at < index:
            self._walk.fault(Fault.UNREADABLE, None, "a record lies among the entries under a key that is no entry's")
            self._advance()
        record = self._next
        if record is None or self._at != index:
            self._gone(index, leaf)
            return
        self._advance()
        self._walk.step(index, record.body, leaf)
        self._listings.add(index, record)

    def _advance(self) -> None:
        self._next = next(self._records, None)
        self._at = self._place()

    def _place(self) -> int:
        return -1 if self._next is None else entry_index(self._next.key)

    def _gone(self, index: int, leaf: str) -> None:
        if self._said is None:
            self._said = erased_indices(self._store)
        if index in self._said:
            self._erased += 1
        elif self._store.get(entry_key(index)) is None:  # else it was kept while this ran
            self._walk.fault(Fault.MISSING, index, "its content is gone, and no entry says that it was erased")
        self._walk.skip(index, leaf)

    def _beyond(self) -> None:
        """What lies past the last leaf; the sequencer adds leaves first, so it is no entry."""
        if self._next is None:
            return
        size = _read_tree(self._store, self._walk).head.size
        left: Record | None = self._next
        while left is not None:
            index = entry_index(left.key)
            if index < 0:
                self._walk.step(-1, left.body)
            elif index >= size:
                self._walk.fault(Fault.BEYOND_HEAD, index, f"the tree has {size} entries, and none at this place")
            left = next(self._records, None)


def _stored(store: Store, start: int) -> Iterator[Record]:
    token: str | None = None
    while True:
        page = store.query(PARTITION, prefix=PREFIX, start=entry_key(start).sort, limit=1000, token=token)
        yield from page.records
        if page.next_token is None:
            return
        token = page.next_token
