"""Publishing the trail where nobody can change it: tiles, and the checkpoint that the log's key signs."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Final

from syndic.audit.keys import LOG_KEY
from syndic.audit.public.tiles import write_tiles
from syndic.audit.signed.checkpoints import Checkpoint, open_checkpoint, signed_checkpoint
from syndic.audit.signed.notes import Note, Signature, VerifierKey, read_key, read_note, read_signature, verifier_of
from syndic.audit.tree.batches import hashes_between, read_tree, tree_at
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.ports import ABSENT, Archive, Record, SigningKey, Store

log = logging.getLogger(__name__)

LATEST: Final = "checkpoint"
"""The newest checkpoint, as C2SP names it. It is written again; what counts are those that are written once."""

KEY: Final = "key"
"""The verifier key, written once."""

KEPT: Final = "checkpoints/"
COSIGNATURES: Final = "cosignatures/"
_NAME: Final = re.compile(KEPT + r"[0-9]{15}\.txt")
_TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint with its note."""

    checkpoint: Checkpoint
    note: Note


def publish(store: Store, archive: Archive, key: SigningKey, *, after: int = 0) -> Published | None:
    """Publish the trail's present tree: its tiles, then its checkpoint. None while there is no entry.

    Args:
        store: The trail.
        archive: Where it is published.
        key: The log's key.
        after: The size that was published last, as far as it is known: those before are not looked through.

    Raises `ConflictError` when the tree does not continue what was published: a log never signs two stories.
    """
    _keep_key(store, archive, verifier_of(key))
    before = newest(archive, (verifier_of(key),), since=after)
    tree = read_tree(store)
    old = before.checkpoint if before else None
    if old is not None:
        if tree.frontier.size < old.size or tree_at(store, old.size).frontier.root != old.root:
            raise ConflictError(f"the trail of {tree.head.size} entries does not continue its checkpoint of {old.size}")
        if before is not None and tree.frontier.size == old.size:
            publish_latest(archive, before)  # who published it may have died
            return before
    elif tree.frontier.size == 0:
        return None
    size = tree.frontier.size
    root = write_tiles(
        archive,
        old.size if old else 0,
        size,
        lambda start, end: [bytes.fromhex(one) for one in hashes_between(store, start, end)],
    )
    if root != tree.frontier.root:
        raise ConflictError(f"the tiles of {size} entries give another root than the trail")
    note = signed_checkpoint(size, root, key)
    archive.put(checkpoint_path(size), str(note).encode(), content_type=_TEXT, locked=True)
    published = Published(Checkpoint(key.name, size, root), note)
    publish_latest(archive, published)
    log.info("checkpoint published", extra={"size": size})
    return published


def publish_latest(archive: Archive, published: Published) -> Note:
    """Publish a checkpoint as the newest, with the signatures of witnesses that are there by now."""
    note = cosigned(archive, published)
    archive.put(LATEST, str(note).encode(), content_type=_TEXT)
    return note


def cosigned(archive: Archive, published: Published) -> Note:
    """The note of a checkpoint with the signatures of witnesses that were kept. Whoever has a policy verifies them."""
    found: list[Signature] = []
    for item in archive.list(f"{COSIGNATURES}{published.checkpoint.size:015d}/"):
        name = COSIGNATURES + item.uri.rpartition(f"/{COSIGNATURES}")[2]
        try:
            found.append(read_signature(archive.get(name).decode("utf-8", "replace").rstrip("\n"), where=name))
        except InvalidInputError as error:
            log.warning("kept cosignature cannot be read", extra={"reason": str(error)})
    return Note(published.note.text, (*published.note.signatures, *found))


def keep_cosignature(archive: Archive, size: int, signature: Signature) -> None:
    """Keep a witness's signature of a checkpoint; the first one stays."""
    path = f"{COSIGNATURES}{size:015d}/{signature.id.hex()}.txt"
    try:
        archive.put(path, f"{signature}\n".encode(), content_type=_TEXT, locked=True)
    except ConflictError:
        log.info("witness had signed the checkpoint before", extra={"size": size})


def checkpoint_path(size: int) -> str:
    """Name of the checkpoint of a size, written once; by name they are in the order of size."""
    return f"{KEPT}{size:015d}.txt"


def newest(archive: Archive, keys: tuple[VerifierKey, ...], *, since: int = 0) -> Published | None:
    """The newest published checkpoint, verified. Raises `InvalidInputError` when its signature is wrong.

    `since` only spares the way to it: where it names what was never published, all of them are looked through.
    """
    names = kept_checkpoints(archive, since=since) or kept_checkpoints(archive)
    return None if not names else read_published(archive, names[-1], keys)


def kept_checkpoints(archive: Archive, *, since: int = 0) -> list[str]:
    """Names of the checkpoints that were written once, from a size on, the smallest first."""
    after = f"{KEPT}{since - 1:015d}.txt" if since > 0 else ""
    names = (KEPT + item.uri.rpartition(f"/{KEPT}")[2] for item in archive.list(KEPT, after=after))
    return [name for name in names if _NAME.fullmatch(name)]


def size_of(name: str) -> int:
    """The size in the name of a checkpoint that was written once."""
    return int(name.removeprefix(KEPT).removesuffix(".txt"))


def read_published(archive: Archive, name: str, keys: tuple[VerifierKey, ...]) -> Published:
    """A published checkpoint, verified.

    Raises `InvalidInputError` when its signature is wrong, or it is another one than its name says: a lock keeps what
    was written, and not that something is written over it.
    """
    data = archive.get(name)
    found = open_checkpoint(data, keys, where=name)
    if _NAME.fullmatch(name) and found.size != size_of(name):
        raise InvalidInputError(f"is the checkpoint of {found.size} entries, not the one of its name", where=name)
    return Published(found, read_note(data, where=name))


def published_key(archive: Archive) -> VerifierKey | None:
    """The verifier key as it was published first. Whoever verifies from outside takes it from elsewhere."""
    try:
        return read_key(archive.get(KEY).decode(), where=KEY)
    except NotFoundError:
        return None


def check_published_key(found: VerifierKey, known: Record | None) -> None:
    """Hold the published key to the one that the sequencer kept beside the tree, where it did.

    Raises `InvalidInputError`: whoever may write where checkpoints are published can put a key and checkpoints of his
    own over all that is there, which then agree with each other.
    """
    if known is not None and known.body["key"] != str(found):
        raise InvalidInputError("is not the key that the sequencer signs with", where=f"audit archive, {KEY}")


def _keep_key(store: Store, archive: Archive, key: VerifierKey) -> None:
    known = store.get(LOG_KEY)
    if known is None:
        store.put(Record(LOG_KEY, {"key": str(key)}), expect=ABSENT)
    try:
        archive.put(KEY, f"{key}\n".encode(), content_type=_TEXT, locked=True)
    except ConflictError as error:
        raise InvalidInputError(
            "is not the key that signed the checkpoints so far; a new key needs a new log", where="audit key"
        ) from error
