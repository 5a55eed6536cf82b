"""The text of a key: ``syn_<id>_<secret><checksum>``. What was mistyped or invented is told without a look-up.

16 hexadecimal digits, 30 of base 62 (178 bits) and the CRC-32 of all before it in 6 of base 62, as GitHub's tokens end.
Scanners for secrets find it by `PATTERN`. A secret of that many bits needs no slow hash.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from typing import Final

ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
SECRET_LENGTH: Final = 30
PATTERN: Final = r"syn_[0-9a-f]{16}_[0-9A-Za-z]{36}"
BEGINNING: Final = "syn_"


def new_secret() -> str:
    """A secret that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def write_key(key_id: str, secret: str) -> str:
    """The whole text, as its holder is shown it once."""
    body = f"{BEGINNING}{key_id}_{secret}"
    return body + _checksum(body)


def read_id(text: str) -> str | None:
    """The id in a key's text; None when it is none, or its checksum is wrong."""
    if not re.fullmatch(PATTERN, text) or not hmac.compare_digest(text[-6:], _checksum(text[:-6])):
        return None
    return text.split("_")[1]


def hash_key(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, place = divmod(number, len(ALPHABET))
        digits = ALPHABET[place] + digits
    return digits
