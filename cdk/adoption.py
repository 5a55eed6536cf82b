"""What an earlier stack left behind, or a backup brought back, and this one takes over instead of making its own.

The file is what the output ``StaysAfterDestroy`` says: names by what they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from syndic.errors import InvalidInputError

LEFT_ALONE: Final = ("access logs", "API Gateway's role to write logs")
"""Named there and not taken over: new access logs go to a bucket of the new stack, and the role serves it as it is."""

_TABLE: Final = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")
_STREAM: Final = re.compile(r"arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table/[A-Za-z0-9_.-]{3,255}/stream/[0-9T:.-]+")
_POOL: Final = re.compile(r"[a-z0-9-]+_[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Adopted:
    """Names of what is taken over; None: this stack makes its own."""

    table: str | None = None
    tree: str | None = None
    entries: str | None = None
    pending: str | None = None
    pending_stream: str | None = None
    anchors: str | None = None
    key: str | None = None
    archive: str | None = None
    captures: str | None = None
    people: str | None = None


NAMES: Final[Mapping[str, tuple[str, re.Pattern[str]]]] = {
    "table": ("table", _TABLE),
    "audit trail": ("tree", _TABLE),
    "audit entries": ("entries", _TABLE),
    "audit entries that wait": ("pending", _TABLE),
    "audit entries that wait, stream": ("pending_stream", _STREAM),
    "audit checkpoints, locked": ("anchors", _BUCKET),
    "audit key": ("key", _KEY),
    "archive": ("archive", _BUCKET),
    "traffic that was sent to the API": ("captures", _BUCKET),
    "people": ("people", _POOL),
}
"""Words of the output, what they are here, and the form of their names."""

TRAIL: Final = ("tree", "entries", "pending", "pending_stream", "anchors", "key")


def read_adopted(path: Path) -> Adopted:
    """The file. Raises `InvalidInputError` that names file and field."""
    try:
        given = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except ValueError as error:
        raise InvalidInputError("is not JSON", where=str(path)) from error
    if not isinstance(given, dict):
        raise InvalidInputError("expected what the output StaysAfterDestroy says", where=str(path))
    found: dict[str, str] = {}
    for word, name in given.items():
        if word in LEFT_ALONE:
            continue
        if word not in NAMES:
            raise InvalidInputError(f"unknown; known are {', '.join((*NAMES, *LEFT_ALONE))}", where=f"{path}: {word}")
        field, form = NAMES[word]
        if not isinstance(name, str) or not form.fullmatch(name):
            raise InvalidInputError(f"{str(name)[:200]!r} is no name of that", where=f"{path}: {word}")
        found[field] = name
    words = {field: word for word, (field, _) in NAMES.items()}
    part = [field for field in TRAIL if field in found]
    if part and len(part) < len(TRAIL):
        missing = ", ".join(words[field] for field in TRAIL if field not in found)
        raise InvalidInputError(
            f"an audit trail is taken over whole, or not at all: {missing} is missing", where=str(path)
        )
    return Adopted(**found)
