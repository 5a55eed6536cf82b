"""The sequencer: gives waiting entries their places, in batches. It alone appends to the trail.

One transaction adds a batch of leaves with a note of each entry's id, under the condition that nothing stands at that
place and that no id is there: whoever else sequences at the same time, places are contiguous and an id is in the trail
once. Then contents are kept, then what waited goes. Whoever dies in between leaves what waits, with the salts that the
leaves were made with, and the next one does the rest.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from pydantic import Field

from syndic.audit.appending.inbox import Each, Waiters, Waiting, one_by_one, waiting_in
from syndic.audit.erasure.contents import take_contents_away
from syndic.audit.keys import entry_key, listings_of, taken_key
from syndic.audit.models import LoggedEntry
from syndic.audit.tree.batches import Tree, batch_record, hashes_between, previous_hash, read_batch, read_tree
from syndic.audit.tree.chain import batches, chain, entry_hash
from syndic.audit.tree.migration import chain_head, migrate_chain
from syndic.errors import StaleWriteError, UnavailableError
from syndic.models import Noun, to_json
from syndic.ports import ABSENT, Key, Record, Store, Write

log = logging.getLogger(__name__)

MOST: Final = 80
"""Entries in a batch: with a note of each one's id they are one transaction."""

ROUND: Final = 4 * MOST
"""Entries looked at together: reading and tidying up is done once for all of them."""

_PLACES: Final = 90
"""Records and listings of contents written together."""

_TRIES: Final = 60


class Sequenced(Noun):
    """What one run did."""

    entries: int = Field(default=0, description="entries that got their places")
    again: int = Field(default=0, description="entries handed over again that were in the trail")
    actions: tuple[str, ...] = Field(default=(), description="what the new entries are, each once")
    left: bool = Field(default=False, description="whether some still wait")


def sequence(
    store: Store,
    *,
    chain: Store | None = None,
    go_on: Callable[[], bool] = lambda: True,
    each: Each = one_by_one,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Sequenced:
    """Give everything that waits its place.

    Args:
        store: Where entries wait, and the trail.
        chain: Where the chain of before the tree lies, when that is another store.
        go_on: Asked before each batch; False ends the run with the rest still waiting.
        each: Makes calls that do not depend on each other, one after the other or at once.
        sleep: Waits between tries, when others sequence at the same time.
        jitter: A random number between 0 and 1.

    Raises `UnavailableError` when others were quicker each time; what waits goes on waiting.
    """
    taken = again = lost = 0
    actions: dict[str, None] = {}

    def done(*, left: bool = False) -> Sequenced:
        return Sequenced(entries=taken, again=again, actions=tuple(actions), left=left)

    while go_on():
        waiters = waiting_in(store, most=ROUND, each=each)
        if not waiters.keys:
            return done()
        try:
            tree = _grown(store, chain or store, go_on)
            if tree is None:
                break
            fresh, known = _place(store, tree, waiters, each, look=lost > 0)
        except StaleWriteError:
            lost += 1
            if lost >= _TRIES:
                raise UnavailableError(f"the audit trail was taken by others at each of {_TRIES} tries") from None
            sleep(jitter() * min(0.5, 0.01 * 2 ** min(lost - 1, 6)))
            continue
        lost, taken, again = 0, taken + len(fresh), again + known
        actions.update(dict.fromkeys(one.entry.action for one in fresh))
        if not waiters.more and len(fresh) + known == len(waiters.entries):
            return done()
    return done(left=True)


def _grown(store: Store, chain: Store, go_on: Callable[[], bool]) -> Tree | None:
    """The tree, with the chain of before it; None when time ran out before all of that was added."""
    tree = read_tree(store)
    target = tree.chain if tree.head.size else chain_head(chain).size
    if tree.head.size < target:
        tree = migrate_chain(store, tree, target, chain=chain, go_on=go_on)
    return tree if tree.head.size >= target else None


def _place(store: Store, tree: Tree, waiters: Waiters, each: Each, *, look: bool) -> tuple[list[Waiting], int]:
    """Place what waits, and take it away. Returns the entries that are new, and how many were in the trail before.

    Without a `look` all are taken for new, as nearly all are: one that is not fails the transaction, and is then seen.
    Raises `StaleWriteError` when somebody else was quicker. When he was after some batches, the rest goes on waiting.
    """
    by_id: dict[str, Waiting] = {}
    for one in waiters.entries:
        by_id.setdefault(one.id, one)
    notes = store.get_many([taken_key(identity) for identity in by_id]) if look else {}
    fresh = [one for one in by_id.values() if taken_key(one.id) not in notes]
    logged: list[LoggedEntry] = []
    try:
        for some in batches(fresh, MOST):
            added, tree = _append(store, tree, some)
            logged += added
    except StaleWriteError:
        if not logged:
            raise
        _keep(store, logged, each=each)
        return fresh[: len(logged)], 0
    if logged:
        _keep(store, logged, each=each)
    if notes:
        _restore(store, waiters.entries, {key: int(note.body["index"]) for key, note in notes.items()})
    take_contents_away(store, [one.entry for one in by_id.values()])  # before what waits goes: who dies is finished
    _take_away(store, waiters.keys, each)
    return fresh, len(waiters.entries) - len(fresh)


def _append(store: Store, tree: Tree, fresh: Sequence[Waiting]) -> tuple[list[LoggedEntry], Tree]:
    """Add the leaves behind the head. Returns the entries in their places, and the tree with them.

    Raises `StaleWriteError` when the head moved, or one of the ids is there.
    """
    logged = chain(tree.head, [one.entry for one in fresh], [one.salt for one in fresh])
    ids = (Record(taken_key(one.id), {"index": placed.index}) for one, placed in zip(fresh, logged, strict=True))
    batch = batch_record(tree, [one.hash for one in logged])
    store.put_together([Write(batch, ABSENT), *(Write(note, ABSENT) for note in ids)])
    grown = read_batch(batch)
    return logged, Tree(grown.head, grown.frontier, tree.chain)


def _restore(store: Store, entries: Sequence[Waiting], places: Mapping[Key, int]) -> None:
    """Keep the contents of entries whose leaves somebody added who then died.

    An id that was handed over more than once has several salts; the one of the leaf tells which was taken.
    """
    known = [(one, places[taken_key(one.id)]) for one in entries if taken_key(one.id) in places]
    there = store.get_many(list({entry_key(index) for _, index in known}))
    for one, index in known:
        if entry_key(index) in there:
            continue
        (leaf,) = hashes_between(store, index, index + 1)
        previous = previous_hash(store, index)
        if entry_hash(index, to_json(one.entry), previous, one.salt) == leaf:
            logged = LoggedEntry(index=index, entry=one.entry, previous=previous, hash=leaf, salt=one.salt)
            _keep(store, [logged], each=one_by_one)


def _keep(store: Store, logged: Sequence[LoggedEntry], *, each: Each) -> None:
    """Keep contents with their listings.

    Not together, which costs twice: what waits goes only when all of them are kept. Whoever finds it waiting keeps the
    rest, and an entry that somebody kept meanwhile stays: its leaf lets it say one thing alone.
    """
    groups: list[list[Record]] = [[]]
    places = 0
    for record in map(entry_record, logged):
        size = 1 + len(record.listings)
        if groups[-1] and places + size > _PLACES:
            groups.append([])
            places = 0
        groups[-1].append(record)
        places += size
    each([partial(store.put_each, group) for group in groups if group])


def entry_record(logged: LoggedEntry) -> Record:
    """An entry's content as it is stored and listed."""
    return Record(entry_key(logged.index), to_json(logged), listings=listings_of(logged.index, logged.entry))


def _take_away(store: Store, keys: Sequence[Key], each: Each) -> None:
    by_partition: dict[str, list[Key]] = {}
    for key in keys:
        by_partition.setdefault(key.partition, []).append(key)
    groups = (some for partition in by_partition.values() for some in batches(partition, MOST))
    each([partial(store.delete_each, some) for some in groups])
