"""Rows taken out of one payload of several, in the shape in which it was written.

Whether the rest is what it was is not trusted but read again: by whoever calls.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from syndic.json_text import parse_json
from syndic.windows.parsing.payloads import decoded_text

_DEEPEST: Final = 8


class CannotCutError(ValueError):
    """The payload has a shape of which single rows cannot be taken."""


def cut_payload(side: Mapping[str, Any], places: AbstractSet[int], rows: int) -> dict[str, Any]:
    """A captured side without some of its rows.

    Args:
        side: ``data``, ``encoding`` and perhaps ``observedContentType`` of a SageMaker record.
        places: Places of the rows that go, counted from 0.
        rows: How many rows the payload holds.

    Raises `CannotCutError`.
    """
    text, encoding = str(side.get("data", "")), side.get("encoding")
    if encoding == "BASE64":
        inner = decoded_text(text, side.get("observedContentType"))
        cut = _cut_text(inner, places, rows, is_json=_looks_like_json(inner))
        return {**side, "data": base64.b64encode(cut.encode()).decode()}
    return {**side, "data": _cut_text(text, places, rows, is_json=encoding == "JSON" or _looks_like_json(text))}


def _looks_like_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in {"[", "{"}


def _cut_text(text: str, places: AbstractSet[int], rows: int, *, is_json: bool) -> str:
    return _cut_json(text, places, rows) if is_json else _cut_csv(text, places, rows)


def _cut_csv(text: str, places: AbstractSet[int], rows: int) -> str:
    lines = [line for line in text.splitlines(keepends=True) if line.strip()]
    found = sum(
        1 for row in csv.reader(io.StringIO(text, newline="")) if row and not (len(row) == 1 and not row[0].strip())
    )
    if found != len(lines):
        raise CannotCutError("a field of the CSV has line ends in it")
    header = len(lines) - rows
    if header not in {0, 1}:
        raise CannotCutError("the CSV has another number of lines than of rows")
    kept = [line for number, line in enumerate(lines) if number < header or number - header not in places]
    return "".join(kept)


def _cut_json(text: str, places: AbstractSet[int], rows: int) -> str:
    try:
        value = parse_json(text.removeprefix("\ufeff"))
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) != rows:
            raise CannotCutError("the JSON lines are not as many as the rows") from None
        return "\n".join(line for number, line in enumerate(lines) if number not in places)
    cut, done = _cut_value(value, places, rows, 0)
    if not done:
        raise CannotCutError("no list of the JSON is as long as there are rows")
    return json.dumps(cut, ensure_ascii=False, separators=(",", ":"))


def _cut_value(value: Any, places: AbstractSet[int], rows: int, depth: int) -> tuple[Any, bool]:
    """The value without the rows, and whether anything was taken. Of an object every list of that length is cut."""
    if isinstance(value, list):
        return (_without(value, places), True) if len(value) == rows else (value, False)
    if not isinstance(value, dict) or depth > _DEEPEST:
        return value, False
    split = isinstance(value.get("columns"), list) and isinstance(value.get("data"), list)
    made, done = {}, False
    for name, inner in value.items():
        if split and name == "columns":
            made[name] = inner
            continue
        made[name], cut = _cut_value(inner, places, rows, depth + 1)
        done = done or cut
    return made, done


def _without(items: Sequence[Any], places: AbstractSet[int]) -> list[Any]:
    return [item for place, item in enumerate(items) if place not in places]
