"""Checkpoints (C2SP tlog-checkpoint): what a tree was at a time, in a few signed lines. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from syndic.audit.signed.notes import ED25519, Note, VerifierKey, read_note, sign
from syndic.errors import InvalidInputError
from syndic.ports import SigningKey


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's origin (the name of the log), its number of leaves and its root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def signed_checkpoint(size: int, root: bytes, key: SigningKey) -> Note:
    """A checkpoint of the log that the key is of, signed."""
    return sign(str(Checkpoint(key.name, size, root)), key)


def read_checkpoint(note: Note, *, where: str = "checkpoint") -> Checkpoint:
    """The checkpoint in a note. Raises `InvalidInputError` on a text that is none."""
    lines = note.text.split("\n")
    if len(lines) < 4 or not lines[0]:
        raise InvalidInputError("is no checkpoint: a name, a size and a root, each on its line", where=where)
    size = lines[1]
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if not (size.isascii() and size.isdigit()) or (size != "0" and size[0] == "0") or len(size) > 15:
        raise InvalidInputError("the size of a checkpoint is a number without leading zeroes", where=where)
    if len(root) != 32 or base64.b64encode(root).decode() != lines[2]:
        raise InvalidInputError("the root of a checkpoint is base64 of 32 bytes", where=where)
    return Checkpoint(lines[0], int(size), root)


def open_checkpoint(data: bytes, keys: Iterable[VerifierKey], *, where: str = "checkpoint") -> Checkpoint:
    """The checkpoint in a signed note, verified. Raises `InvalidInputError` unless the log itself signed it.

    Args:
        data: The note.
        keys: Keys that are trusted; the checkpoint's origin has to be the name of one that signed.
        where: Named in errors.
    """
    note = read_note(data, where=where)
    found = read_checkpoint(note, where=where)
    if found.origin not in {key.name for key in note.signed_by(keys) if key.kind == ED25519}:
        raise InvalidInputError(f"is not signed by a known key of {found.origin[:80]!r}", where=where)
    return found
