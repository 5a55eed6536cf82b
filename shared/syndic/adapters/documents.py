"""What every `Store` adapter does alike: the rules for keys and bodies, and page tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from syndic.errors import InvalidInputError, TooLargeError
from syndic.ports import Key, Listing, Write

BODY_LIMIT: Final = 8 * 1024 * 1024
TOGETHER_LIMIT: Final = 90
TOGETHER_PLACES: Final = 99  # records and listings of one transaction; DynamoDB and Table Storage stop at 100
_KEY = re.compile(r"[!-~]{1,512}")
_FORBIDDEN = frozenset("/\\#?%")


def check_key(key: Key | Listing) -> None:
    """Raise `InvalidInputError` unless both parts of a key fit every store."""
    for name, text in (("partition", key.partition), ("sort", key.sort)):
        _check_text(name, text)


def check_range(partition: str, prefix: str, start: str | None, end: str | None, limit: int) -> None:
    """Raise `InvalidInputError` unless the arguments of a query fit every store."""
    _check_text("partition", partition)
    for name, text in (("prefix", prefix), ("start", start), ("end", end)):
        if text:
            _check_text(name, text)
    if not 1 <= limit <= 1000:
        raise InvalidInputError(f"a page has 1 to 1000 records, not {limit}", where="limit")


def check_together(writes: Sequence[Write]) -> None:
    """Raise `InvalidInputError` unless the writes may be one transaction: one partition, distinct keys, few."""
    if not 1 <= len(writes) <= TOGETHER_LIMIT:
        raise InvalidInputError(f"1 to {TOGETHER_LIMIT} records are written together, not {len(writes)}")
    places = sum(1 + len(write.record.listings) for write in writes)
    if places > TOGETHER_PLACES:
        raise InvalidInputError(
            f"records and listings written together are at most {TOGETHER_PLACES}, here they are {places}"
        )
    if len({write.record.key.partition for write in writes}) > 1:
        raise InvalidInputError("records written together must be of one partition")
    if len({write.record.key.sort for write in writes}) < len(writes):
        raise InvalidInputError("records written together must have different keys")


def check_keys(keys: Sequence[Key]) -> None:
    """Raise `InvalidInputError` unless the records at these keys may be removed together."""
    if not 1 <= len(keys) <= TOGETHER_LIMIT:
        raise InvalidInputError(f"1 to {TOGETHER_LIMIT} records are removed together, not {len(keys)}")
    if len({key.partition for key in keys}) > 1:
        raise InvalidInputError("records removed together must be of one partition")
    for key in keys:
        check_key(key)


def encode_body(body: Mapping[str, Any], key: Key) -> bytes:
    """A body as JSON in ASCII. Raises `InvalidInputError` on what is no JSON, `TooLargeError` over 8 MiB."""
    where = f"record {key.partition} {key.sort}"
    try:
        # ASCII keeps lone surrogates, which hostile input may hold, as escapes.
        data = json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"the body is not JSON: {error}", where=where) from error
    if len(data) > BODY_LIMIT:
        raise TooLargeError(f"{where}: a body is at most {BODY_LIMIT} bytes of JSON, this one is {len(data)}")
    return data


def to_second(expires: datetime | None) -> datetime | None:
    """When a record's time is over, as every store keeps it: in UTC, to the second."""
    return None if expires is None else expires.astimezone(UTC).replace(microsecond=0)


def is_over(expires: datetime | None, now: datetime) -> bool:
    """Whether a record's time is over."""
    return expires is not None and expires <= now


def check_name(name: str) -> None:
    """Raise `InvalidInputError` unless this may be the name of an archive object."""
    if not name or name.startswith("/") or len(name.encode()) > 1024 or {"", ".", ".."} & set(name.split("/")):
        raise InvalidInputError(f"{name[:80]!r} is no name of an archive object", where="archive name")


def page_token(last: str, *, arguments: Sequence[object]) -> str:
    """The token that continues a query after the place `last`; bound to the query's arguments."""
    content = json.dumps([_fingerprint(arguments), last]).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_token(token: str, *, arguments: Sequence[object]) -> str:
    """The place in a token. Raises `InvalidInputError` when it is damaged or belongs to another query."""
    try:
        content = json.loads(base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True))
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise InvalidInputError("this page token was not given by a listing", where="token") from error
    if not (isinstance(content, list) and len(content) == 2 and all(isinstance(part, str) for part in content)):
        raise InvalidInputError("this page token was not given by a listing", where="token")
    fingerprint, last = content
    if fingerprint != _fingerprint(arguments):
        raise InvalidInputError("this page token belongs to another listing", where="token")
    return str(last)


def _fingerprint(arguments: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(list(arguments), default=str).encode()).hexdigest()[:16]


def _check_text(name: str, text: str) -> None:
    if not _KEY.fullmatch(text) or _FORBIDDEN & set(text):
        raise InvalidInputError(
            f"{text[:80]!r} must be 1 to 512 characters of visible ASCII without / \\ # ? %", where=f"key {name}"
        )
