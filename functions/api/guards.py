"""What is looked at before a request reaches the resolver: content type, size, encoding, nesting, numbers.

The resolver assumes a body that decodes; everything here is an input for which it, or the store behind it, would fail.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from typing import Any, Final, NoReturn

from functions.api.problems import UnsupportedContentError
from syndic.errors import InvalidInputError, TooLargeError
from syndic.gateway.rows import MOST_BYTES as MOST_OF_ROWS
from syndic.json_text import RepeatedNameError, each_name_once

MOST_BYTES: Final = 256 * 1024
MOST_DEPTH: Final = 20
EXACT_INTEGER: Final = 2**53 - 1  # beyond it two readers of the same JSON may read different numbers (RFC 8259)


def header(event: dict[str, Any], name: str) -> str | None:
    """A request header, whatever the case it was sent in."""
    headers = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


OWN_SHAPES: Final = {"/gateway/<model_id>/predict": MOST_OF_ROWS, "/slack/<app>/actions": MOST_BYTES}
"""Routes whose bodies are read by what stands behind them, in any media type, and how many bytes they have at most."""


def with_checked_body(event: dict[str, Any], route: str = "") -> dict[str, Any]:
    """The event with its body as text.

    Raises:
        TooLargeError: Over 256 KiB, or what `OWN_SHAPES` says of the route.
        UnsupportedContentError: A body that is not declared as JSON.
        InvalidInputError: Not UTF-8, or nested deeper than 20.
    """
    body = event.get("body")
    if not body:
        return {**event, "body": None, "isBase64Encoded": False}
    most = OWN_SHAPES.get(route, MOST_BYTES)
    text = _decoded(body, most) if event.get("isBase64Encoded") else body
    if len(text.encode("utf-8", "surrogatepass")) > most:
        raise TooLargeError(f"a body is at most {most // 1024} KiB")
    if route in OWN_SHAPES:
        return {**event, "body": text, "isBase64Encoded": False}
    media_type = (header(event, "content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedContentError("send the body as application/json")
    if _depth(text) > MOST_DEPTH:
        raise InvalidInputError(f"nested deeper than {MOST_DEPTH}", where="body")
    return {**event, "body": text, "isBase64Encoded": False}


def strict_json(text: str) -> Any:
    """JSON whose every value survives being stored, hashed and read elsewhere: no NaN, no overflow, no half surrogate.

    Raises:
        json.JSONDecodeError: Which the resolver tells as 422.
    """
    try:
        value = json.loads(
            text, parse_constant=_refuse, parse_float=_finite, parse_int=_exact, object_pairs_hook=each_name_once
        )
        json.dumps(value, ensure_ascii=False).encode()
    except RepeatedNameError as error:
        raise json.JSONDecodeError(f"the name {error.name[:60]!r} stands twice in one object", "", 0) from error
    except (UnicodeEncodeError, RecursionError) as error:
        raise json.JSONDecodeError("not text that can be encoded", "", 0) from error
    return value


def _decoded(body: str, most: int) -> str:
    if len(body) > most * 2:
        raise TooLargeError(f"a body is at most {most // 1024} KiB")
    try:
        return base64.b64decode(body, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidInputError("not UTF-8 text", where="body") from error


def _depth(text: str) -> int:
    depth = deepest = 0
    inside = escaped = False
    for character in text:
        if inside:
            inside = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _refuse(word: str) -> NoReturn:
    raise json.JSONDecodeError(f"{word} is not JSON", "", 0)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise json.JSONDecodeError("a number is too large", "", 0)
    return value


def _exact(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > EXACT_INTEGER:
        raise json.JSONDecodeError("an integer is beyond 2^53: send it as text", "", 0)
    return int(digits)
