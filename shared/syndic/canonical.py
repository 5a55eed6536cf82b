"""Canonical JSON (RFC 8785) and its hash: the one form in which anything is hashed."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from typing import Any, Final

import rfc8785
from pydantic import BaseModel

_PLAIN: Final = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode
_EXACT: Final = 2**53 - 1
_WHOLE: Final = 1e15
_MARK, _ENCODED_MARK = "\0", "\\u0000"
_SIMPLE: Final = frozenset({str, bool, type(None)})


class _NotPlainError(Exception):
    """Python's encoder would not give the canonical form."""


def canonical_json(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value or a pydantic model. Raises ValueError on NaN and infinities."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if _is_plain(value):  # three times as fast, which counts where a whole trail is verified
        return _PLAIN(value).encode()
    marked = _encoded_by_marks(value)
    return rfc8785.dumps(value) if marked is None else marked


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


def _encoded_by_marks(value: Any) -> bytes | None:
    """The canonical form by Python's encoder, to which some numbers are given as their canonical texts between marks.

    Reports are full of such numbers: 1.0 is ``1`` and 5e-05 is ``0.00005``. None where more stands against it.
    """
    marks: list[str] = []
    try:
        encoded = _PLAIN(_marked(value, marks))
    except _NotPlainError:
        return None
    if encoded.count(_ENCODED_MARK) != 2 * len(marks):  # a text of the value holds the mark
        return None
    return encoded.replace(f'"{_ENCODED_MARK}', "").replace(f'{_ENCODED_MARK}"', "").encode()


def _marked(value: Any, marks: list[str]) -> Any:
    kind = type(value)
    if kind in _SIMPLE or _is_plain_number(value):
        return value
    if kind is dict:
        if not all(type(name) is str and name.isascii() for name in value):
            raise _NotPlainError
        return {name: one if type(one) in _SIMPLE else _marked(one, marks) for name, one in value.items()}
    if kind is list or kind is tuple:
        return [one if type(one) in _SIMPLE else _marked(one, marks) for one in value]
    if kind is not float or not math.isfinite(value):
        raise _NotPlainError
    if value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    marks.append(rfc8785.dumps(value).decode())
    return f"{_MARK}{marks[-1]}{_MARK}"
