"""The hash chain: what an entry's hash covers, and what a list of entries adds up to. Pure.

An entry's content is hashed with a random salt: ``SHA-256(salt || RFC 8785 form of the entry)``. Its hash is the
SHA-256 of ``{"content":<that>,"index":n,"previous":<hash n-1>}``, and is the data of its leaf in the Merkle tree. Once
content and salt are erased, what is left says nothing of them and is verified as before. Entries of before the tree
have no salt: theirs is the SHA-256 of the RFC 8785 form of ``{"entry": ..., "index": n, "previous": <hash n-1>}``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from syndic.audit.models import Fault, Head, LoggedEntry, LogProblem, Verification
from syndic.audit.tree.merkle import Frontier, leaf_hash
from syndic.canonical import canonical_json, sha256_of
from syndic.errors import InvalidInputError
from syndic.models import AuditEntry, to_json

SHOWN: Final = 100
_TOGETHER: Final = 4096
_FIELDS: Final = frozenset({"index", "entry", "previous", "hash", "salt"})
_HEX: Final = re.compile(r"[0-9a-f]{64}")


def entry_hash(index: int, entry: Mapping[str, Any], previous: str, salt: str | None = None) -> str:
    """The hash of an entry (given as its JSON) in its place.

    Args:
        index: The place.
        entry: The content.
        previous: Hash of the entry before.
        salt: 32 bytes in hexadecimal digits, or None for an entry of before the tree.
    """
    if salt is None:
        return sha256_of({"entry": entry, "index": index, "previous": previous})
    return placed_hash(index, content_hash(entry, salt), previous)


def content_hash(entry: Mapping[str, Any], salt: str) -> str:
    """The salted hash of an entry's content."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical_json(entry)).hexdigest()


def placed_hash(index: int, content: str, previous: str) -> str:
    """The hash of a content's salted hash in its place."""
    return hashlib.sha256(f'{{"content":"{content}","index":{index},"previous":"{previous}"}}'.encode()).hexdigest()


def leaf_of(digest: str) -> bytes:
    """The leaf hash of an entry's hash."""
    return leaf_hash(bytes.fromhex(digest))


def chain(head: Head, entries: Iterable[AuditEntry], salts: Iterable[str | None] | None = None) -> list[LoggedEntry]:
    """The entries in their places after a head. Raises `InvalidInputError` for one that has no canonical form."""
    given = list(entries)
    logged: list[LoggedEntry] = []
    for index, (entry, salt) in enumerate(zip(given, salts or [None] * len(given), strict=True), head.size):
        previous = logged[-1].hash if logged else head.hash
        try:
            digest = entry_hash(index, to_json(entry), previous, salt)
        except ValueError as error:  # NaN, an integer beyond 2^53, half a surrogate pair
            raise InvalidInputError(f"has no canonical form: {error}", where=f"audit entry {entry.action}") from error
        logged.append(LoggedEntry(index=index, entry=entry, previous=previous, hash=digest, salt=salt))
    return logged


class Walk:
    """Follows a log entry by entry, adds up its tree, and collects faults.

    Args:
        start: The head that was verified before, or the empty one.
        frontier: The tree of that head.
        heads: Heads that the log is known to have had.
        roots: Roots by size that the tree is known to have had, each with a word for where it is from.
    """

    def __init__(
        self,
        start: Head = Head(),  # noqa: B008 - frozen
        frontier: Frontier = Frontier(),  # noqa: B008 - frozen
        *,
        heads: Iterable[Head | None] = (),
        roots: Iterable[tuple[int, bytes, str]] = (),
    ) -> None:
        self._size, self._hash = start.size, start.hash
        self._frontier, self._leaves = frontier, list[bytes]()
        self.problems: list[LogProblem] = []
        self.count = 0
        self._heads: dict[int, set[str]] = {}
        for head in heads:
            if head is not None:
                self._heads.setdefault(head.size, set()).add(head.hash)
        self._roots: dict[int, list[tuple[bytes, str]]] = {}
        for size, root, source in roots:
            self._roots.setdefault(size, []).append((root, source))
        self._compare()

    @property
    def head(self) -> Head:
        """The head of what was walked."""
        return Head.model_construct(size=self._size, hash=self._hash)

    @property
    def frontier(self) -> Frontier:
        """The tree of what was walked. Leaves are added to it when somebody asks: many at once cost half."""
        if self._leaves:
            self._frontier = self._frontier.extended(self._leaves)
            self._leaves.clear()
        return self._frontier

    def fault(self, fault: Fault, index: int | None, detail: str) -> None:
        """Note a fault."""
        self.count += 1
        if len(self.problems) < SHOWN:
            self.problems.append(LogProblem(fault=fault, index=index, detail=detail))

    def step(self, place: int, body: Mapping[str, Any], leaf: str | None = None) -> None:
        """Take the next entry as it is stored.

        Args:
            place: Where it lies; those left out before it are missing. Negative: under no entry's key.
            body: What lies there.
            leaf: What the tree holds at this place, if that is known.
        """
        if place < 0:
            self.fault(Fault.UNREADABLE, None, "a record lies among the entries under a key that is no entry's")
            return
        for missing in range(self._size, place):
            self.fault(Fault.MISSING, missing, "no entry has this index")
        size = self._size
        try:
            index, entry, previous = body["index"], body["entry"], body["previous"]
            told, salt = body["hash"], body.get("salt")
            if not body.keys() <= _FIELDS or not isinstance(entry, dict) or not (salt is None or _HEX.fullmatch(salt)):
                raise ValueError("not in the one form of an entry")  # noqa: TRY301 - as what cannot be hashed at all
            digest = entry_hash(index, entry, str(previous), salt)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            self.fault(Fault.UNREADABLE, place, f"not an entry of this log: {type(error).__name__}")
            self._add(place, leaf or "unknown")
            return
        if type(index) is not int or index != place or digest != told:
            self.fault(Fault.EDITED, place, "the content does not give the hash it carries")
        elif place == size and previous != self._hash:
            self.fault(Fault.UNCHAINED, place, "it does not continue the entry before it")
        elif leaf is not None and told != leaf:
            self.fault(Fault.REWRITTEN, place, "the tree holds another entry at this place")
        self._add(place, leaf or told)

    def skip(self, place: int, leaf: str) -> None:
        """Take a place of which only the leaf is left."""
        self._add(place, leaf)

    def _add(self, place: int, digest: str) -> None:
        if place == self._frontier.size + len(self._leaves) and _HEX.fullmatch(digest):
            self._leaves.append(leaf_of(digest))
            if len(self._leaves) >= _TOGETHER:
                _ = self.frontier
        self._size, self._hash = place + 1, digest
        self._compare()

    def _compare(self) -> None:
        size = self._size
        for known in self._heads.get(size, ()):
            if known != self._hash:
                detail = "another entry stands here than the checkpoint kept elsewhere names"
                self.fault(Fault.REWRITTEN, size - 1, detail)
        for root, source in self._roots.get(size, ()):
            if self.frontier.size != size or self.frontier.root != root:
                self.fault(Fault.REWRITTEN, size - 1, f"the tree of {size} entries is not the one of {source}")

    def result(self, *, since: int = 0, erased: int = 0, checkpoint: int | None = None) -> Verification:
        """What was found."""
        whole = self.frontier.size == self._size
        return Verification(
            intact=self.count == 0,
            head=Head(size=self._size, hash=self._hash),
            root=self.frontier.root.hex() if whole else "",
            since=since,
            erased=erased,
            checkpoint=checkpoint,
            problems=tuple(self.problems),
            problem_count=self.count,
        )


def verify_chain(
    entries: Iterable[tuple[int, Mapping[str, Any]]],
    before: Head,
    *,
    after: Callable[[], Head],
    known: Head | None = None,
) -> Verification:
    """Check entries, given as (place, stored JSON) in order, against each other, the head with them and a known one.

    Args:
        entries: Every entry of the log in order of place.
        before: The head kept beside the entries, read before them.
        after: Reads it again after them, so that entries appended meanwhile are not taken for faults.
        known: A head taken earlier and kept elsewhere. Only it can show that the end of the log was cut or the whole
            log was written anew, because whoever can do that can also rewrite the stored head.
    """
    walk = Walk(heads=(before, known))
    for place, body in entries:
        walk.step(place, body)
    found, now = walk.head, after()
    if found.size > now.size:
        walk.fault(Fault.BEYOND_HEAD, now.size, f"the head names {now.size} entries, there are {found.size}")
    elif found.size < before.size:
        walk.fault(Fault.TRUNCATED, found.size, f"the head names {before.size} entries, there are {found.size}")
    elif found.size == now.size and found.hash != now.hash and found.size != before.size:
        walk.fault(Fault.REWRITTEN, found.size - 1, "the last entry is not the one that the head names")
    if known is not None and found.size < known.size:
        walk.fault(Fault.TRUNCATED, found.size, f"the log had {known.size} entries, there are {found.size}")
    return walk.result()


Item = TypeVar("Item")


def batches(entries: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The entries in groups of at most `size`."""
    for start in range(0, len(entries), size):
        yield entries[start : start + size]
