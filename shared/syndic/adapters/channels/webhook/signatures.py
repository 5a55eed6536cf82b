"""Signatures of Standard Webhooks 1.0: ``v1`` (HMAC-SHA256) and ``v1a`` (Ed25519)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import Final

from syndic.errors import InvalidInputError

SYMMETRIC, PRIVATE, PUBLIC = "whsec_", "whsk_", "whpk_"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


def sign(identity: str, timestamp: int, body: bytes, keys: str) -> str:
    """The header ``webhook-signature``: one signature for each key, so that keys can be changed without a gap.

    Args:
        identity: Id of the message, the same each time it is sent; no dots, which separate what is signed.
        timestamp: Seconds since 1970.
        body: The very bytes that are sent.
        keys: ``whsec_`` with 24 to 64 bytes or ``whsk_`` with 32 (or 64: seed and public key), in Base64, by commas.

    Raises:
        InvalidInputError: A key or the id has another form; the key is not shown.
    """
    if not _ID.fullmatch(identity):
        raise InvalidInputError("is letters, digits, _ and -, at most 128", where="webhook-id")
    signed = f"{identity}.{timestamp}.".encode() + body
    return " ".join(_signature(signed, key) for key in keys.split(","))


def public_key(key: str) -> str:
    """The key ``whpk_`` by which receivers verify what a key ``whsk_`` signs. Raises `InvalidInputError`."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    known = Ed25519PrivateKey.from_private_bytes(_seed(key)).public_key().public_bytes_raw()
    return PUBLIC + base64.b64encode(known).decode()


def _signature(signed: bytes, key: str) -> str:
    if key.startswith(SYMMETRIC):
        known = _decoded(key.removeprefix(SYMMETRIC))
        if not 24 <= len(known) <= 64:
            raise _wrong("has to be 24 to 64 bytes")
        return "v1," + base64.b64encode(hmac.new(known, signed, hashlib.sha256).digest()).decode()
    if key.startswith(PRIVATE):
        # Most webhooks are signed with the other kind: the library is large.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return "v1a," + base64.b64encode(Ed25519PrivateKey.from_private_bytes(_seed(key)).sign(signed)).decode()
    raise _wrong(f"has to begin with {SYMMETRIC} or {PRIVATE}")


def _seed(key: str) -> bytes:
    known = _decoded(key.removeprefix(PRIVATE))
    if len(known) not in {32, 64}:
        raise _wrong("has to be 32 or 64 bytes")
    return known[:32]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("is no Base64") from None


def _wrong(why: str) -> InvalidInputError:
    return InvalidInputError(f"a signing key {why}", where="webhook")
