"""ARM's nested errors as one sentence without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

LONGEST = 1500  # CloudFormation takes an answer of 4 KB
DEEPEST = 8
SECRETS: Final = (
    (re.compile(r"(https?://[^\s\"'<>?]+)\?[^\s\"'<>]*"), r"\1?..."),  # signatures are in the query
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), "(token)"),
    (re.compile(r"(?i)\b(bearer)\s+[\w.~+/=-]+"), r"\1 (token)"),
    (
        re.compile(
            r"(?i)\b(AccountKey|SharedAccessSignature|sig|client_assertion|InstrumentationKey|X-Amz-[A-Za-z-]+)=[^\s;&\"']+"
        ),
        r"\1=(secret)",
    ),
)


def reason(error: object) -> str:
    """What went wrong: the innermost codes and messages of an ARM error, each once, in order.

    Args:
        error: What ARM gave: ``{"error": {...}}`` or ``{"code", "message", "details"}``, also as text in a message.
    """
    said = list(dict.fromkeys(text for text in _innermost(error, 0) if text))
    text = "; ".join(said) or "no reason was given"
    return clean(text)


def clean(text: str) -> str:
    """A text without what could open anything, on one line, not too long."""
    text = " ".join(text.split())
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def codes(error: object) -> frozenset[str]:
    """Every code in an error."""
    return frozenset(_codes(error, 0))


def _innermost(error: object, depth: int) -> Iterator[str]:
    """Leaves first: a wrapper such as `DeploymentFailed` says nothing that its details do not say better."""
    found = _opened(error)
    if not isinstance(found, dict) or depth > DEEPEST:
        yield "" if found is None else str(found)
        return
    inside = [*_list(found.get("details")), *_list(found.get("innererror"))]
    message = _opened(found.get("message"))
    if isinstance(message, dict):
        inside.append(message)
    leaves = [text for one in inside for text in _innermost(one, depth + 1) if text]
    if leaves:
        yield from leaves
        return
    code, target = found.get("code"), found.get("target")
    words = "" if message is None or isinstance(message, dict) else str(message)
    place = f" ({str(target).rsplit('/providers/', 1)[-1]})" if target and str(target) not in words else ""
    yield f"{code}: {words}{place}" if code and words else f"{words or code or ''}{place}"


def _codes(error: object, depth: int) -> Iterator[str]:
    found = _opened(error)
    if not isinstance(found, dict) or depth > DEEPEST:
        return
    if found.get("code"):
        yield str(found["code"])
    for one in (*_list(found.get("details")), *_list(found.get("innererror")), found.get("message")):
        yield from _codes(one, depth + 1)


def _opened(value: object) -> Any:
    """A value; JSON in a text is read, and the wrapper `error` is taken off."""
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, dict) and isinstance(value.get("error"), dict):
        return value["error"]
    return value


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
