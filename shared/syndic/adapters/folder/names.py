"""File names of keys: readable, distinct on file systems that fold case, and never longer than these allow."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from syndic.ports import Key

LONGEST: Final = 160
_UNSAFE = re.compile(r"^\.|[^a-z0-9._~@+,-]")
_ESCAPED = re.compile(r"\^([a-z]|[0-9][0-9a-f])")


def to_name(text: str) -> str:
    """The file name of a key's part. Capitals become ``^a``, other signs ``^2a``; the end of a long one its hash."""
    name = _UNSAFE.sub(_escape, text)
    return name if len(name) <= LONGEST else f"{name[:100]}%{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def to_text(name: str) -> str | None:
    """The part of a key that has this file name, or None when the name was cut."""
    return None if "%" in name else _ESCAPED.sub(_unescape, name)


def mark_of(key: Key) -> str:
    """What tells the records apart that are listed at one place."""
    return hashlib.sha256(f"{key.partition} {key.sort}".encode()).hexdigest()[:32]


def _escape(found: re.Match[str]) -> str:
    sign = found.group()
    return f"^{sign.lower()}" if sign.isupper() else f"^{ord(sign):02x}"


def _unescape(found: re.Match[str]) -> str:
    sign = found.group(1)
    return sign.upper() if len(sign) == 1 else chr(int(sign, 16))
