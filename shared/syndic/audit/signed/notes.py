"""Signed notes (C2SP signed-note) with Ed25519, and the keys that verify them. Pure.

A note is text that ends in a newline, a blank line, and a line for each signature: an em dash, the key's name, and
base64 of four bytes of key id and the signature. Signatures of unknown keys are left alone; one of a known key has to
be right.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from syndic.errors import InvalidInputError
from syndic.ports import SigningKey

ED25519: Final = 1
"""Type of a plain Ed25519 signature."""

COSIGNATURE: Final = 4
"""Type of a witness's Ed25519 signature, which says when it saw the checkpoint."""

_NOTE_LIMIT: Final = 64 * 1024
_LINES_LIMIT: Final = 100
_NAME: Final = re.compile(r"[^\s+]{1,200}")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name: ``name+id+base64(type || key)``."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature names the key."""
        text = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(text).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether a signature over a note's text is this key's."""
        if self.kind == COSIGNATURE:
            if len(signature) != 72:
                return False
            moment = int.from_bytes(signature[:8])
            text, signature = f"cosignature/v1\ntime {moment}\n".encode() + text, signature[8:]
        # Whoever only reads the trail's entries does not wait for the library of signatures.
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """A line of signature: its key's name and id, and the bytes."""

    name: str
    id: bytes
    data: bytes

    def __str__(self) -> str:
        return f"\u2014 {self.name} {base64.b64encode(self.id + self.data).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that was read: its text, ends with a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{one}\n" for one in self.signatures)

    def signed_by(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Those of the keys that signed it. Raises `InvalidInputError` when a signature of one of them is wrong."""
        found = []
        for key in keys:
            own = [one for one in self.signatures if (one.name, one.id) == (key.name, key.id)]
            for signature in own:
                if not key.verifies(self.text.encode(), signature.data):
                    raise InvalidInputError(f"the signature of {key.name} is wrong: the text is not what it signed")
            if own:
                found.append(key)
        return tuple(found)


def verifier_of(key: SigningKey) -> VerifierKey:
    """The public half of a key that signs."""
    return VerifierKey(_checked_name(key.name), key.public_key)


def sign(text: str, key: SigningKey) -> Note:
    """Sign a text, which has to end in a newline."""
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends in a newline")
    return Note(text, (Signature(key.name, verifier_of(key).id, key.sign(text.encode())),))


def read_note(data: bytes, *, where: str = "note") -> Note:
    """Read a note; no signature is verified. Raises `InvalidInputError` on what is none."""
    if len(data) > _NOTE_LIMIT:
        raise InvalidInputError(f"a signed note is at most {_NOTE_LIMIT} bytes, this is {len(data)}", where=where)
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError("a signed note is UTF-8", where=where) from error
    text, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or any(ord(sign) < 32 and sign != "\n" for sign in whole):
        raise InvalidInputError("is no signed note: text, a blank line and lines of signatures", where=where)
    lines = tail[:-1].split("\n")
    if len(lines) > _LINES_LIMIT:
        raise InvalidInputError(f"a signed note has at most {_LINES_LIMIT} signatures", where=where)
    return Note(f"{text}\n", tuple(read_signature(line, where=where) for line in lines))


def read_key(text: str, *, where: str = "key") -> VerifierKey:
    """Read a verifier key. Raises `InvalidInputError` on one that is damaged or of an unknown type."""
    name, _, rest = text.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInputError("is no verifier key: name+id+base64", where=where) from error
    if len(data) != 33 or data[0] not in {ED25519, COSIGNATURE} or not _NAME.fullmatch(name):
        raise InvalidInputError("is no Ed25519 verifier key: name+id+base64", where=where)
    key = VerifierKey(name, data[1:], data[0])
    if key.id.hex() != identity:
        raise InvalidInputError(f"the key's id is {key.id.hex()}, the text says {identity[:20]!r}", where=where)
    return key


def read_signature(line: str, *, where: str = "signature") -> Signature:
    """Read a line of signature; it is not verified. Raises `InvalidInputError` on what is none."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if dash != "\u2014" or not _NAME.fullmatch(name) or len(data) < 5 or base64.b64encode(data).decode() != encoded:
        raise InvalidInputError("a line of signature is damaged", where=where)
    return Signature(name, data[:4], data[4:])


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidInputError(f"{name[:80]!r} is no name of a key: no space and no +", where="audit key")
    return name
