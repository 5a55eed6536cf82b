"""The hash chain: what an entry's hash covers, and what a list of entries adds up to. Pure.

An entry's hash is the SHA-256 of the RFC 8785 form of ``{"entry": ..., "index": n, "previous": <hash n-1>}``. The
leaves of a Merkle tree are hashes of the same stored entries, so a tree can be added without touching them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from syndic.audit.models import Fault, Head, LoggedEntry, LogProblem, Verification
from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError
from syndic.models import AuditEntry, to_json

SHOWN: Final = 100


def entry_hash(index: int, entry: Mapping[str, Any], previous: str) -> str:
    """The hash of an entry (given as its JSON) in its place."""
    return sha256_of({"entry": entry, "index": index, "previous": previous})


def chain(head: Head, entries: Iterable[AuditEntry]) -> list[LoggedEntry]:
    """The entries in their places after a head."""
    logged: list[LoggedEntry] = []
    for index, entry in enumerate(entries, head.size):
        previous = logged[-1].hash if logged else head.hash
        try:
            digest = entry_hash(index, to_json(entry), previous)
        except ValueError as error:  # NaN, an integer beyond 2^53, half a surrogate pair
            raise InvalidInputError(f"has no canonical form: {error}", where=f"audit entry {entry.action}") from error
        logged.append(LoggedEntry(index=index, entry=entry, previous=previous, hash=digest))
    return logged


class _Walk:
    """Follows a log entry by entry and collects faults."""

    def __init__(self, *anchors: Head | None) -> None:
        self.head = Head()
        self.problems: list[LogProblem] = []
        self.count = 0
        self._anchors = [(head.size, head.hash) for head in anchors if head is not None]

    def fault(self, fault: Fault, index: int | None, detail: str) -> None:
        self.count += 1
        if len(self.problems) < SHOWN:
            self.problems.append(LogProblem(fault=fault, index=index, detail=detail))

    def step(self, place: int, body: Mapping[str, Any]) -> None:
        if place < 0:
            self.fault(Fault.UNREADABLE, None, "a record lies among the entries under a key that is no entry's")
            return
        for missing in range(self.head.size, place):
            self.fault(Fault.MISSING, missing, "no entry has this index")
        try:
            logged = LoggedEntry.model_validate(body)
            digest = entry_hash(logged.index, body["entry"], logged.previous)
        except (ValidationError, ValueError) as error:
            self.fault(Fault.UNREADABLE, place, f"not an entry of this log: {type(error).__name__}")
            self.head = Head(size=place + 1, hash="unknown")
            return
        if logged.index != place or digest != logged.hash:
            self.fault(Fault.EDITED, place, "the content does not give the hash it carries")
        elif place == self.head.size and logged.previous != self.head.hash:
            self.fault(Fault.UNCHAINED, place, "it does not continue the entry before it")
        self.head = Head(size=place + 1, hash=logged.hash)
        for size, known in self._anchors:
            if size == self.head.size and known != self.head.hash:
                self.fault(Fault.REWRITTEN, place, "another entry stands here than the checkpoint kept elsewhere names")


def verify_chain(
    entries: Iterable[tuple[int, Mapping[str, Any]]],
    before: Head,
    *,
    after: Callable[[], Head],
    known: Head | None = None,
) -> Verification:
    """Check entries, given as (place, stored JSON) in order, against each other, the stored head and a known one.

    Args:
        entries: Every entry of the log in order of place.
        before: The head kept beside the entries, read before them.
        after: Reads it again after them, so that entries appended meanwhile are not taken for faults.
        known: A head taken earlier and kept elsewhere. Only it can show that the end of the log was cut or the whole
            log was written anew, because whoever can do that can also rewrite the stored head.
    """
    walk = _Walk(before, known)
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
    return Verification(intact=walk.count == 0, head=found, problems=tuple(walk.problems), problem_count=walk.count)


Item = TypeVar("Item")


def batches(entries: tuple[Item, ...], size: int) -> Iterator[tuple[Item, ...]]:
    """The entries in groups of at most `size`."""
    for start in range(0, len(entries), size):
        yield entries[start : start + size]
