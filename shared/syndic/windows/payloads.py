"""One call's payload, CSV or JSON in one of the shapes servers speak, becomes rows of cells in the schema's order."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from syndic.windows.rejected import Reason, UnusableError

Row = Sequence[Any]

# What servers wrap their rows in: TensorFlow Serving and SageMaker's own containers, MLflow, Azure ML.
_WRAPPERS = (
    "instances",
    "predictions",
    "dataframe_split",
    "dataframe_records",
    "input_data",
    "inputs",
    "outputs",
    "data",
    "rows",
    "results",
    "features",
)
_CSV = ("text/csv", "application/csv", "text/plain")
_MAX_WRAPPERS = 4
_JSON = msgspec.json.Decoder()


def decode_base64(data: str) -> str:
    """The text inside a base64 payload. Raises `UnusableError`."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise UnusableError(Reason.PAYLOAD, "the payload is not base64") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableError(Reason.ENCODING, "the payload is not UTF-8 text") from None


def text_rows(text: str, content_type: str | None, names: Sequence[str]) -> list[Row]:
    """Rows of a payload whose kind only its content type tells; without one, JSON is tried before CSV."""
    media = _media(content_type)
    if not media:
        return json_rows(text, names) if text.lstrip()[:1] in ("[", "{") else csv_rows(text, names)
    if "json" in media:
        return json_rows(text, names)
    if media in _CSV:
        return csv_rows(text, names)
    raise UnusableError(Reason.CONTENT_TYPE, "the content type is neither CSV nor JSON")


def speaks_of_rows(content_type: str | None) -> bool:
    """Whether a payload of this content type can be read by `text_rows`."""
    media = _media(content_type)
    return not media or "json" in media or media in _CSV


def _media(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def unnamed_csv_rows(text: str) -> list[Row]:
    """Fields of each line of CSV text that is not blank. Raises `UnusableError`."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        return [row for row in rows if row and not (len(row) == 1 and row[0].isspace())]
    except csv.Error:
        raise UnusableError(Reason.PAYLOAD, "the payload is not well-formed CSV") from None


def csv_rows(text: str, names: Sequence[str]) -> list[Row]:
    """Rows of CSV text without a header, or with one that equals the schema's names.

    Blank lines are skipped. Raises `UnusableError` when a row's number of fields differs from the schema's.
    """
    rows = unnamed_csv_rows(text)
    if rows and [field.strip() for field in rows[0]] == list(names):
        del rows[0]
    for row in rows:
        if len(row) != len(names):
            raise UnusableError(Reason.COLUMNS, f"a row has {len(row)} fields where the schema has {len(names)}")
    if not rows:
        raise UnusableError(Reason.EMPTY, "the payload holds no row")
    return rows


def json_value(text: str) -> Any:
    """A payload's JSON value. NaN and Infinity, which many Python servers write, are taken as such."""
    try:
        return _JSON.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    try:
        return json.loads(text)
    except RecursionError:
        raise UnusableError(Reason.PAYLOAD, "the JSON payload is nested too deeply") from None
    except ValueError:
        raise UnusableError(Reason.PAYLOAD, "the payload is not JSON") from None


def raw_json_value(data: bytes | msgspec.Raw | None) -> Any:
    """A JSON value whose bytes were set aside unread. Raises `UnusableError`."""
    if data is None:
        return None
    try:
        text = bytes(data).decode()
    except UnicodeDecodeError:
        raise UnusableError(Reason.ENCODING, "the payload is not UTF-8 text") from None
    return json_value(text)


def json_rows(text: str, names: Sequence[str]) -> list[Row]:
    """Rows of a JSON payload: one value, or JSON Lines. Raises `UnusableError`."""
    text = text.removeprefix("\ufeff")
    try:
        value = json_value(text)
    except UnusableError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [row for line in lines for row in value_rows(json_value(line), names)]
    return value_rows(value, names)


def value_rows(value: Any, names: Sequence[str], *, depth: int = 0) -> list[Row]:
    """Rows held by a JSON value.

    Accepted: a list of objects, of lists or (one column, or exactly one row) of scalars; one object by name; an object
    of equally long lists by name; ``{"columns": [...], "data": [...]}``; and each of these inside a usual wrapper such
    as ``instances`` or ``predictions``. A name the object lacks is a missing value, one the schema lacks is ignored.
    """
    if isinstance(value, dict):
        rows = _object_rows(value, names, depth)
    elif isinstance(value, list):
        rows = _list_rows(value, names)
    elif len(names) == 1:
        rows = [(value,)]
    else:
        raise UnusableError(Reason.COLUMNS, f"one value where the schema has {len(names)} columns")
    if not rows:
        raise UnusableError(Reason.EMPTY, "the payload holds no row")
    return rows


def _object_rows(value: Mapping[str, Any], names: Sequence[str], depth: int) -> list[Row]:
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        return _split_rows(value["columns"], value["data"], names)
    present = [name for name in names if name in value]
    if present:
        lists = [isinstance(value[name], list) for name in present]
        if not all(lists):
            return [tuple(value.get(name) for name in names)]
        lengths = {len(value[name]) for name in present}
        if len(lengths) > 1:
            raise UnusableError(Reason.COLUMNS, "the columns of the payload differ in length")
        empty = [None] * lengths.pop()
        return list(zip(*(value.get(name, empty) for name in names), strict=True))
    wrapper = next((name for name in _WRAPPERS if name in value), None)
    if wrapper is None or depth >= _MAX_WRAPPERS:
        raise UnusableError(Reason.COLUMNS, "the payload has none of the schema's names")
    return value_rows(value[wrapper], names, depth=depth + 1)


def _list_rows(items: Sequence[Any], names: Sequence[str]) -> list[Row]:
    if all(isinstance(item, dict) for item in items):
        return [_single(item, names) for item in items]
    if all(isinstance(item, list) for item in items):
        for item in items:
            if len(item) != len(names):
                raise UnusableError(Reason.COLUMNS, f"a row has {len(item)} values where the schema has {len(names)}")
        return list(items)
    if any(isinstance(item, dict | list) for item in items):
        raise UnusableError(Reason.COLUMNS, "rows and single values are mixed in one list")
    if len(names) == 1:
        return [(item,) for item in items]
    if len(items) == len(names):
        return [tuple(items)]
    raise UnusableError(Reason.COLUMNS, f"a row has {len(items)} values where the schema has {len(names)}")


def _single(item: Mapping[str, Any], names: Sequence[str]) -> Row:
    """One object of a list: by name, or a wrapper of one row such as ``{"features": [...]}``."""
    for name in names:
        if name in item:
            return tuple(item.get(name) for name in names)
    rows = value_rows(next((item[key] for key in ("features", "data") if key in item), {}), names, depth=_MAX_WRAPPERS)
    if len(rows) != 1:
        raise UnusableError(Reason.COLUMNS, "an object of the list holds several rows")
    return rows[0]


def _split_rows(columns: Sequence[Any], data: Sequence[Any], names: Sequence[str]) -> list[Row]:
    places = {name: place for place, name in enumerate(columns) if isinstance(name, str)}
    if not any(name in places for name in names):
        raise UnusableError(Reason.COLUMNS, "the payload has none of the schema's names")
    order = [places.get(name) for name in names]
    for row in data:
        if not isinstance(row, list) or len(row) != len(columns):
            raise UnusableError(Reason.COLUMNS, "a row does not fit the payload's own columns")
    return [tuple(None if place is None else row[place] for place in order) for row in data]


def unwrapped_rows(value: Any, *, depth: int = 0) -> list[Any]:
    """Rows of a JSON value whose names are not known yet: objects, or lists without names.

    Raises `UnusableError` when the value has no such rows.
    """
    if isinstance(value, dict):
        if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
            return [dict(zip(map(str, value["columns"]), row, strict=False)) for row in value["data"]]
        wrapper = next((name for name in _WRAPPERS if isinstance(value.get(name), list | dict)), None)
        if wrapper is None or depth >= _MAX_WRAPPERS:
            return [value]
        return unwrapped_rows(value[wrapper], depth=depth + 1)
    if not isinstance(value, list):
        return [[value]]
    rows: list[Any] = []
    for item in value:
        wrapped = next((item[key] for key in ("features", "data") if key in item), None) if type(item) is dict else None
        rows.append(wrapped if isinstance(wrapped, list) else item)
    if all(isinstance(row, dict | list) for row in rows):
        return rows
    return [[row] for row in rows]
