"""What the trail shows to those who do not believe it: checkpoints, hashes and proofs."""

from __future__ import annotations

from typing import Final

from syndic.audit.models import Leaves, ProvenEntry, SignedCheckpoint
from syndic.audit.public.proofs import proof_of, verify_proof
from syndic.audit.public.publish import LATEST, Published, published_key, read_published
from syndic.audit.public.tiles import Tiles
from syndic.audit.search import get_entry
from syndic.audit.signed.notes import VerifierKey
from syndic.audit.tree.batches import hashes_between
from syndic.errors import DamagedTrailError, InvalidInputError, NotFoundError
from syndic.ports import Archive, Store

MOST: Final = 4096


def newest_checkpoint(archive: Archive | None) -> SignedCheckpoint:
    """The newest checkpoint with its key. Raises `NotFoundError` when none was published."""
    found, key = _published(archive)
    return SignedCheckpoint(
        note=str(found.note), key=str(key), size=found.checkpoint.size, root=found.checkpoint.root.hex()
    )


def leaves_between(store: Store, start: int, end: int) -> Leaves:
    """Hashes of the entries from an index to before another, as far as the trail has them."""
    if not start <= end <= start + MOST:
        raise InvalidInputError(f"end is at least start, and at most {MOST} behind it", where="query.end")
    return Leaves(start=start, hashes=tuple(hashes_between(store, start, end)))


def prove_entry(store: Store, archive: Archive | None, index: int) -> ProvenEntry:
    """An entry with the proof that it is under the newest checkpoint.

    Raises `NotFoundError`, and `DamagedTrailError` when entry or tiles were altered and prove nothing.
    """
    logged = get_entry(store, index)
    found, key = _published(archive)
    assert archive is not None  # noqa: S101 - something was read from it
    nodes = Tiles(archive.get, found.checkpoint.size)
    proof = proof_of(logged, nodes, found.checkpoint, found.note)
    try:
        verify_proof(proof.encode(), (key,), where=f"audit entry {index}")
    except InvalidInputError as error:
        raise DamagedTrailError(f"the audit trail does not prove its entry {index}: verify the trail") from error
    return ProvenEntry(entry=logged, proof=proof)


def _published(archive: Archive | None) -> tuple[Published, VerifierKey]:
    key = None if archive is None else published_key(archive)
    if archive is None or key is None:
        raise NotFoundError("no checkpoint of the audit trail was published yet")
    return read_published(archive, LATEST, (key,)), key
