"""Canonical JSON (RFC 8785) and its hash: the one form in which anything is hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

import rfc8785
from pydantic import BaseModel

_PLAIN: Final = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode
_EXACT: Final = 2**53 - 1
_SIMPLE: Final = frozenset({str, bool, type(None)})


def canonical_json(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value or a pydantic model. Raises ValueError on NaN and infinities."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if _is_plain(value):  # three times as fast, which counts where a whole trail is verified
        return _PLAIN(value).encode()
    return rfc8785.dumps(value)


def sha256_of(value: Any) -> str:
    """Hex SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _is_plain(value: Any) -> bool:
    """Whether Python's own encoder gives the canonical form: names in ASCII, and numbers that both write alike."""
    kind = type(value)
    if kind is dict:
        for name in value:
            if type(name) is not str or not name.isascii():
                return False
        return _all_plain(value.values())
    if kind is list or kind is tuple:
        return _all_plain(value)
    return kind in _SIMPLE or _is_plain_number(value)


def _all_plain(values: Iterable[Any]) -> bool:
    for one in values:  # noqa: SIM110 - a loop that asks for the frequent kinds itself: half of the time of a call for each
        if type(one) not in _SIMPLE and not _is_plain(one):
            return False
    return True


def _is_plain_number(value: Any) -> bool:
    kind = type(value)
    if kind is int:
        return bool(-_EXACT <= value <= _EXACT)
    return bool(kind is float and 1e-4 <= abs(value) < 1e15 and not value.is_integer())
