"""The trail of another cloud, anchored in this one.

Each cloud appends to a trail of its own. When they meet, what is new in the other one is verified, and its size and
root become an entry here (`audit.anchored`). From then on the other trail can only be continued: this one, with its
signed checkpoints, holds what it was. What was anchored before is looked at again portion by portion.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.assessment import ORGANISATION
from syndic.audit.keys import ANCHORED
from syndic.audit.models import Verification
from syndic.audit.signed.checkpoints import Checkpoint
from syndic.audit.tree.batches import read_tree, tree_at
from syndic.audit.verification.trail import verify
from syndic.canonical import sha256_of
from syndic.changes import Change, commit
from syndic.errors import DamagedTrailError
from syndic.models import AuditEntry, Evidence, EvidenceStatus, Moment, Noun, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write

KIND: Final = "audit.azure_verified"
ACTOR: Final = "syndic/mirror"
SUBJECT: Final = "audit/azure"
PORTION: Final = 2000
"""Entries looked at in a run: new ones, and as many of those that were anchored before."""

AGAIN: Final = timedelta(hours=1)
"""A trail that is not what was anchored is looked at again after this time."""

ROUND: Final = timedelta(days=1)
"""How often all that is anchored is looked at again."""


class Anchored(Noun):
    """How much of the other trail is anchored, and how much of that was looked at again in the present round."""

    size: int = 0
    root: str = ""
    looked: int = 0
    round_began: Moment | None = None
    seen_at: Moment | None = None
    problem: str | None = None


def anchor(*, trail: Store, store: Store, audit: AuditTrail, now: datetime, portion: int = PORTION) -> Anchored:
    """Verify what is new in another cloud's trail against what is anchored, and anchor it.

    A trail that is not what was anchored is said once, as an entry and as failing evidence; nothing more of it is
    anchored until it is again what it was.

    Args:
        trail: The other cloud's store.
        store: This cloud's records.
        audit: This cloud's trail.
        now: The time.
        portion: Entries looked at, of the new ones and of those that were anchored before.

    Raises `UnavailableError` when one of the stores does not answer: that says nothing of the trail.
    """
    present = store.get(ANCHORED)
    known = Anchored() if present is None else Anchored.model_validate(present.body)
    if known.problem is not None and known.seen_at is not None and now - known.seen_at < AGAIN:
        return known
    try:
        found = _again(trail, known, _grown(trail, known, portion), now, portion)
    except _NotAsAnchoredError as error:
        found = known.model_copy(update={"problem": str(error)})
    if found == known and known.problem is None:
        return known
    found = found.model_copy(update={"seen_at": now})
    entries = tuple(_entries(known, found, now))
    evidence = (_evidence(found, now),) if entries else ()
    write = Write(Record(ANCHORED, to_json(found)), ABSENT if present is None else present.etag)
    commit(Change((write,), now, entries=entries, evidence=evidence), store=store, audit=audit)
    return found


class _NotAsAnchoredError(Exception):
    """The other trail is not what was anchored; says what is wrong."""


def _grown(trail: Store, known: Anchored, portion: int) -> Anchored:
    """What is anchored with the next new entries, which are verified."""
    try:
        size, since = read_tree(trail).head.size, tree_at(trail, known.size)
    except DamagedTrailError as error:
        raise _NotAsAnchoredError(str(error)) from error
    if size < known.size:
        raise _NotAsAnchoredError(f"{known.size} entries are anchored, there are {size}")
    if known.size and since.frontier.root.hex() != known.root:
        raise _NotAsAnchoredError(f"the first {known.size} entries are not those that are anchored")
    until = min(size, known.size + portion)
    if until == known.size:
        return known.model_copy(update={"problem": None})
    found = _verified(verify(trail, since=since, until=until))
    return known.model_copy(update={"size": found.head.size, "root": found.root, "problem": None})


def _again(trail: Store, before: Anchored, known: Anchored, now: datetime, portion: int) -> Anchored:
    """Look at the next of the earlier entries again; from the first one on when the last round is a day old.

    Args:
        trail: The other cloud's store.
        before: What was anchored before.
        known: What is anchored by now; what is new in it was just verified.
        now: The time.
        portion: Entries looked at.
    """
    looked, began = known.looked, known.round_began
    if looked >= before.size:
        if began is not None and now - began < ROUND:
            return known.model_copy(update={"looked": known.size})
        looked, began = 0, now
    end = min(known.size, looked + portion)
    if end > looked:
        checkpoints = [Checkpoint(SUBJECT, end, bytes.fromhex(known.root))] if end == known.size else []
        try:
            since = tree_at(trail, looked)
        except DamagedTrailError as error:
            raise _NotAsAnchoredError(str(error)) from error
        _verified(verify(trail, since=since, until=end, checkpoints=checkpoints))
    return known.model_copy(update={"looked": end, "round_began": began})


def _verified(found: Verification) -> Verification:
    for problem in found.problems:
        place = "" if problem.index is None else f" at entry {problem.index}"
        raise _NotAsAnchoredError(f"{problem.fault.value}{place}: {problem.detail}")
    return found


def _entries(known: Anchored, found: Anchored, now: datetime) -> Iterator[AuditEntry]:
    if found.problem is not None:
        if found.problem != known.problem:
            yield _entry("audit.anchor_broken", now, size=known.size, problem=found.problem)
        return
    if known.problem is not None:
        yield _entry("audit.anchor_mended", now, size=known.size, problem=known.problem)
    if found.size > known.size:
        yield _entry("audit.anchored", now, size=found.size, root=found.root)


def _entry(action: str, now: datetime, **details: Any) -> AuditEntry:
    return AuditEntry(action=action, actor=ACTOR, subject=SUBJECT, at=now, details=details)


def _evidence(found: Anchored, now: datetime) -> Evidence:
    whole = found.problem is None
    return Evidence(
        kind=KIND,
        model_id=ORGANISATION,
        status=EvidenceStatus.PASSING if whole else EvidenceStatus.FAILING,
        summary=f"{found.size} entries of Azure's trail, as anchored" if whole else f"Azure's trail: {found.problem}",
        facts={"anchored": found.size, "looked_at_again": found.looked},
        source=SUBJECT,
        sha256=sha256_of(found),
        produced_at=now,
    )
