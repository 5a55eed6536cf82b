"""Rows of a payload of which no column name is known yet: objects, or lists without names."""

from __future__ import annotations

from typing import Any, Final

from syndic.windows.parsing.payloads import (
    ANSWERED,
    ASKED,
    decoded_text,
    json_values,
    lone_answer,
    require_dense,
    speaks_of_rows,
    unnamed_csv_rows,
    wrappers,
)
from syndic.windows.rejected import NO_TEXT, Reason, UnusableError

_DEPTH: Final = 6
_ROW: Final = ("data", "features", "values")


def captured_rows(text: object, encoding: object, content_type: str | None, *, answers: bool) -> list[Any]:
    """Rows of a captured payload. Raises `UnusableError` when it has none."""
    if not isinstance(text, str):
        raise UnusableError(Reason.ENVELOPE, NO_TEXT)
    if encoding == "BASE64":
        text = decoded_text(text, content_type)
    if encoding == "JSON" or "json" in (content_type or "").lower():
        return _json_rows(text, answers=answers)
    if text.lstrip("\ufeff \t\r\n")[:1] in {"[", "{"}:
        try:
            return _json_rows(text, answers=answers)
        except UnusableError:
            if not speaks_of_rows(content_type):
                raise
    if encoding != "CSV" and not speaks_of_rows(content_type) and not _is_text(content_type, text):
        raise UnusableError(Reason.CONTENT_TYPE, "the content type is neither CSV nor JSON")
    rows = unnamed_csv_rows(text)
    if not rows:
        raise UnusableError(Reason.EMPTY, "the payload holds no row")
    return rows


def _is_text(content_type: str | None, text: str) -> bool:
    return (content_type or "").strip().lower().startswith("text/") and not text.lstrip().startswith("<")


def _json_rows(text: str, *, answers: bool) -> list[Any]:
    return [row for value in json_values(text) for row in unwrapped_rows(value, answers=answers)]


def unwrapped_rows(value: Any, *, answers: bool, depth: int = 0) -> list[Any]:
    """Rows of a JSON value whose names are not known yet: objects, or lists without names.

    Raises `UnusableError` when the value has no such rows.
    """
    if isinstance(value, dict):
        return _of_object(value, answers=answers, depth=depth)
    if not isinstance(value, list):
        return [[value]]
    rows = [_row(item, answers=answers) if isinstance(item, dict) else item for item in value]
    if all(isinstance(row, dict | list) for row in rows):
        return rows
    return [[row] for row in rows]


def _of_object(value: dict[str, Any], *, answers: bool, depth: int) -> list[Any]:
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        names = list(map(str, value["columns"]))
        return [dict(zip(names, row, strict=False)) for row in value["data"] if isinstance(row, list)]
    require_dense(value)
    key = _wrapper(value, answers=answers)
    if key is not None and depth < _DEPTH:
        inner = value[key]
        if key in _ROW[1:] and isinstance(inner, list) and inner and not any(isinstance(x, dict | list) for x in inner):
            return [inner]  # one row: {"features": [1, 2, 3]}
        return unwrapped_rows(inner, answers=answers, depth=depth + 1)
    lists = [cell for cell in value.values() if isinstance(cell, list)]
    if lists and len(lists) == len(value) and len({len(cell) for cell in lists}) == 1:  # an object of columns
        return [dict(zip(value, cells, strict=True)) for cells in zip(*lists, strict=True)]
    return [value]


def _wrapper(value: dict[str, Any], *, answers: bool) -> str | None:
    """The key that holds the rows. A question inside an answer, beside other keys, is repeated and not the answer."""
    foreign = (*ASKED, "features") if answers else ANSWERED
    for key in wrappers(answers=answers):
        if isinstance(value.get(key), list | dict) and (len(value) == 1 or key not in foreign):
            return key
    lone = lone_answer(value) if answers else None
    inner = value[lone] if lone else None
    # Single values keep their name: they are a column as long as the question's, or one row (see `capture_schemas`).
    single = len(value) == 1 and isinstance(inner, list) and not any(isinstance(cell, dict | list) for cell in inner)
    return None if single else lone


def _row(item: dict[str, Any], *, answers: bool) -> Any:
    """One object of a list, or the values that it wraps: ``{"data": {"features": {"values": [...]}}}``."""
    inner: Any = item
    for _ in range(_DEPTH):
        if not isinstance(inner, dict):
            break
        require_dense(inner)
        key = next((key for key in _ROW if isinstance(inner.get(key), list | dict)), None)
        if key is None or (len(inner) > 1 and (answers or isinstance(inner[key], dict))):
            return inner
        inner = inner[key]
    return inner
