"""The daily verification of the trail, kept as evidence on the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from syndic.assessment import ORGANISATION
from syndic.audit.keys import LOG_KEY
from syndic.audit.models import Fault, Head, LogProblem, Verification
from syndic.audit.public.publish import check_published_key, kept_checkpoints, published_key, read_published, size_of
from syndic.audit.signed.checkpoints import Checkpoint
from syndic.audit.tree.batches import Tree, tree_at
from syndic.audit.verification.trail import START, verify
from syndic.canonical import sha256_of
from syndic.errors import DamagedTrailError, InvalidInputError
from syndic.models import Evidence, EvidenceStatus
from syndic.ports import Archive, Readable, Store
from syndic.records import evidence_key, put_evidence

KIND: Final = "audit.verified"


def record_verification(*, store: Store, archive: Archive | None = None, now: datetime) -> Verification:
    """Verify the trail to its end, as `verify_further` does in steps."""
    return verify_further(store=store, archive=archive, now=now, most=None)[0]


def verify_further(
    *, store: Store, archive: Archive | None = None, now: datetime, most: int | None
) -> tuple[Verification, bool]:
    """Verify the trail, and that it continues what last verified and all that was published; keep what was found.

    It starts at the newest checkpoint that an earlier verification reached, so its cost is by what is new. The state
    that last verified stays in the evidence until another one verifies, so a trail that was cut or written anew does
    not verify on the next day either. Whoever can change the evidence too does not escape the checkpoints in the
    archive: nobody can take those back.

    Args:
        store: The trail and the evidence.
        archive: Where checkpoints are published; without one the whole trail is verified each time.
        now: The time.
        most: About how many entries this step may look at; it ends at a checkpoint. None: to the end.

    Returns:
        What was found, and whether the trail goes on. Until its end is reached, the status stays what it was.
    """
    read = _read(store)
    kept = _kept(read)
    known = _known(kept)
    begun = int(kept.get("checkpoint_size", 0))
    until = None if most is None or archive is None else _stop(archive, begun, most)
    found, reached = _verified(store, archive, known, begun, read, until)
    more = until is not None and found.intact and reached == until
    held = found.head if found.intact and (known is None or known.size <= found.head.size) else known
    first = next(iter(found.problems), None)
    status = EvidenceStatus.PASSING if found.intact else EvidenceStatus.FAILING
    if more:
        status = _status(store) or EvidenceStatus.INCONCLUSIVE
    summary = (
        f"{found.head.size} entries, chain intact{'; the others are being verified' if more else ''}"
        if first is None
        else f"{found.problem_count} faults; the first: {first.fault.value} at entry {first.index}: {first.detail}"
    )
    put_evidence(
        store,
        Evidence(
            kind=KIND,
            model_id=ORGANISATION,
            status=status,
            summary=summary,
            facts={
                "entries": found.head.size,
                "faults": found.problem_count,
                "looked_at": found.head.size - found.since,
                "intact_size": held.size if held else 0,
                "intact_hash": held.hash if held else Head().hash,
                "checkpoint_size": reached if found.intact else int(kept.get("checkpoint_size", 0)),
            },
            source="audit/head",
            sha256=sha256_of(found),
            produced_at=now,
        ),
    )
    return found, more


def _stop(archive: Archive, reached: int, most: int) -> int | None:
    """Where a step ends: the last checkpoint within its reach, else the next one; None: at the trail's end."""
    ahead = [size for name in kept_checkpoints(archive, since=reached) if (size := size_of(name)) > reached]
    if not ahead or ahead[-1] <= reached + most:
        return None
    return max((size for size in ahead if size <= reached + most), default=ahead[0])


def _status(store: Store) -> EvidenceStatus | None:
    record = store.get(evidence_key(ORGANISATION, KIND))
    return None if record is None else Evidence.model_validate(record.body).status


def verify_published(store: Store, archive: Archive | None, *, known: Head | None = None) -> Verification:
    """Verify the trail against what was published: what came since it last verified, with a `known` head all of it."""
    read = _read(store)
    kept = _kept(read)
    if known is not None:
        return _verified(store, archive, known, 0, read)[0]
    return _verified(store, archive, _known(kept), int(kept.get("checkpoint_size", 0)), read)[0]


def _verified(  # noqa: PLR0917 - what is verified, and from where to where
    store: Store,
    archive: Archive | None,
    known: Head | None,
    reached: int,
    read: Readable,
    until: int | None = None,
) -> tuple[Verification, int]:
    """What verifying gave, and the largest checkpoint that it reached."""
    if archive is None:
        return verify(store, known=known), 0
    try:
        checkpoints = _published(archive, reached, read, until)
        since = _start(store, checkpoints, reached)
    except (InvalidInputError, DamagedTrailError) as error:
        whole = verify(store, known=known)
        return _with(whole, Fault.FORGED if isinstance(error, InvalidInputError) else Fault.UNREADABLE, str(error)), 0
    if known is not None and known.size < since.head.size:
        known = None  # what it says was compared when the checkpoint was reached
    if known is not None and until is not None and known.size > until:
        known = None  # a later step comes by
    newer = [one for one in checkpoints if one.size >= since.head.size]
    found = verify(store, known=known, since=since, checkpoints=newer, until=until)
    return found, max((one.size for one in newer), default=0)


def _published(archive: Archive, since: int, read: Readable, until: int | None = None) -> list[Checkpoint]:
    """The checkpoints from a size on, and up to another, verified."""
    names = kept_checkpoints(archive, since=since)
    if until is not None:
        names = [name for name in names if size_of(name) <= until]
    key = published_key(archive)
    if key is not None:
        check_published_key(key, read.get(LOG_KEY))
    if since and not names:
        raise InvalidInputError(f"the checkpoint of {since} entries is gone", where="audit archive")
    if names and key is None:
        raise InvalidInputError("there are checkpoints, and no key that signed them", where="audit archive")
    return [read_published(archive, name, (key,)).checkpoint for name in names if key is not None]


def _start(store: Store, checkpoints: list[Checkpoint], reached: int) -> Tree:
    """The state at the checkpoint that an earlier verification reached, if the trail still has that root there."""
    for one in checkpoints:
        if one.size == reached:
            tree = tree_at(store, reached)
            return tree if tree.frontier.root == one.root else START
    return START


def _with(found: Verification, fault: Fault, detail: str) -> Verification:
    problem = LogProblem(fault=fault, index=None, detail=detail)
    return found.model_copy(
        update={
            "intact": False,
            "problems": (problem, *found.problems),
            "problem_count": found.problem_count + 1,
        }
    )


def _read(store: Store) -> Readable:
    """What an earlier verification found, and the key that the sequencer kept, in one read."""
    return store.get_many([evidence_key(ORGANISATION, KIND), LOG_KEY])


def _kept(read: Readable) -> Mapping[str, Any]:
    record = read.get(evidence_key(ORGANISATION, KIND))
    facts = record.body.get("facts", {}) if record is not None else {}
    return facts if isinstance(facts, dict) and isinstance(facts.get("checkpoint_size", 0), int) else {}


def _known(facts: Mapping[str, Any]) -> Head | None:
    try:
        head = Head(size=facts["intact_size"], hash=facts["intact_hash"])
    except (KeyError, ValidationError):
        return None  # evidence that was put by something else, such as an import
    return head if head.size else None
