"""Proofs of single entries (C2SP tlog-proof): one small file that convinces an auditor, with nothing else at hand."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from syndic.audit.models import LoggedEntry
from syndic.audit.signed.checkpoints import Checkpoint, open_checkpoint
from syndic.audit.signed.notes import Note, VerifierKey
from syndic.audit.tree.chain import entry_hash, leaf_of
from syndic.audit.tree.merkle import Nodes, inclusion_proof, is_included
from syndic.canonical import canonical_json
from syndic.errors import InvalidInputError
from syndic.models import to_json

HEADER: Final = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof proved: an entry's JSON as it was logged, its place, and the checkpoint it is under."""

    index: int
    entry: dict[str, Any]
    checkpoint: Checkpoint


def proof_of(logged: LoggedEntry, nodes: Nodes, checkpoint: Checkpoint, note: Note) -> str:
    """The proof that an entry is under a checkpoint; the entry and its salt come with it.

    Raises `InvalidInputError` when the checkpoint is older than the entry.
    """
    if logged.index >= checkpoint.size:
        raise InvalidInputError(
            f"entry {logged.index} is younger than the newest checkpoint, of {checkpoint.size} entries; it is "
            "published within the hour",
            where="audit entry",
        )
    extra = base64.b64encode(canonical_json(to_json(logged))).decode()
    steps = (base64.b64encode(step).decode() for step in inclusion_proof(nodes, logged.index, checkpoint.size))
    lines = [HEADER, f"extra {extra}", f"index {logged.index}", *steps]
    return "\n".join(lines) + f"\n\n{note}"


def verify_proof(data: bytes, keys: Iterable[VerifierKey], *, where: str = "proof") -> Proven:
    """Verify a proof of an entry. Raises `InvalidInputError` that says what does not fit."""
    head, blank, rest = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        if not blank or lines[0] != HEADER:
            raise InvalidInputError(f"does not begin with {HEADER}", where=where)
        extra = _exact(lines[1].removeprefix("extra "))
        index = int(lines[2].removeprefix("index "))
        steps = [_exact(line) for line in lines[3:]]
        logged = json.loads(extra)
        entry, hashed, place = dict(logged["entry"]), str(logged["hash"]), logged["index"]
        digest = entry_hash(index, entry, str(logged["previous"]), logged.get("salt"))
    except (UnicodeDecodeError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise InvalidInputError("is no proof of an audit entry", where=where) from error
    if not (lines[1].startswith("extra ") and lines[2] == f"index {index}") or canonical_json(logged) != extra:
        raise InvalidInputError("is no proof of an audit entry", where=where)
    checkpoint = open_checkpoint(rest, keys, where=where)
    if digest != hashed or place != index:
        raise InvalidInputError(f"the entry is not the one that was logged as number {index}", where=where)
    if not is_included(leaf_of(digest), index, checkpoint.size, steps, checkpoint.root):
        raise InvalidInputError(f"the entry is not number {index} of the tree of the checkpoint", where=where)
    return Proven(index, entry, checkpoint)


def _exact(text: str) -> bytes:
    """Base64 that has one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("no base64 in its one spelling")
    return data
