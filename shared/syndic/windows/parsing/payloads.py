"""One call's payload, CSV or JSON in one of the shapes servers speak, becomes rows of cells in the schema's order."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from syndic.json_text import RepeatedNameError, names_in, parse_json
from syndic.windows.rejected import Reason, UnusableError

Row = Sequence[Any]

# What servers wrap their rows in: TensorFlow Serving, SageMaker's own containers and built-in algorithms, MLflow and
# Azure ML. A server that sends the question back with its answer wraps both: each side looks for its own first.
ASKED = ("instances", "dataframe_split", "dataframe_records", "input_data", "inputs")
ANSWERED = ("predictions", "outputs", "results", "scores")
_ALONE = (  # of an answer, where nothing else in the object holds values
    "probabilities", "probability", "class_probabilities", "logits", "prediction", "output", "result", "score",
    "labels", "predicted_labels", "predicted_label", "classes", "preds", "y_pred", "yhat", "forecast", "response",
)  # fmt: skip
_EITHER = ("data", "rows", "features", "values")
_CSV = ("text/csv", "application/csv", "text/plain")
_MARKUP = re.compile(r"\s*<(!doctype|\?xml|html|head|body|title|h1|p\b|pre\b|div)", re.IGNORECASE)
REPEATED = "a name stands twice in one object of the payload"
_MAX_WRAPPERS = 6
_JSON = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in a payload.

    Attributes:
        names: The columns in captured order.
        measured: Those without which an object is not a row of this side; `names` unless some are ignored.
        answers: Whether it is the model's answer, so that its own wrappers come before those of the question.
    """

    names: Sequence[str]
    measured: frozenset[str]
    answers: bool = False

    @classmethod
    def columns(cls, names: Sequence[str]) -> Wanted:
        """All of these columns, in a question."""
        return cls(names, frozenset(names))


def wrappers(*, answers: bool) -> tuple[str, ...]:
    """Keys that may hold the rows of a side, the likeliest first."""
    return (*ANSWERED, *_EITHER, *ASKED) if answers else (*ASKED, *_EITHER, *ANSWERED)


def lone_answer(value: Mapping[str, Any]) -> str | None:
    """The key of an answer such as ``{"probabilities": [...], "model": "v3"}``: the only one that holds values."""
    holding = [key for key, held in value.items() if isinstance(held, list | dict)]
    return holding[0] if len(holding) == 1 and holding[0] in _ALONE else None


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


def text_rows(text: str, content_type: str | None, wanted: Wanted) -> list[Row]:
    """Rows of a payload by its content type.

    Servers often state another type than they write (Flask calls any text ``text/html``): what begins like JSON is
    tried as JSON, and other text is CSV unless it is markup. Raises `UnusableError`.
    """
    media = _media(content_type)
    if "json" in media:
        return json_rows(text, wanted)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if media not in _CSV[:2] and start in {"[", "{"}:
        try:
            return json_rows(text, wanted)
        except UnusableError as error:
            if error.reason is not Reason.PAYLOAD or (media and not media.startswith("text/")):
                raise
    if (media and not media.startswith("text/") and media not in _CSV) or _MARKUP.match(text):
        raise UnusableError(Reason.CONTENT_TYPE, "the content type is neither CSV nor JSON")
    return csv_rows(text, wanted.names)


def encoded_rows(data: str, content_type: str | None, wanted: Wanted) -> list[Row]:
    """Rows of a payload in base64. Raises `UnusableError`."""
    return text_rows(decoded_text(data, content_type), content_type, wanted)


def decoded_text(data: str, content_type: str | None) -> str:
    """The text inside a base64 payload; of what is no text, its content type is the fault. Raises `UnusableError`."""
    try:
        return decode_base64(data)
    except UnusableError as error:
        if error.reason is Reason.ENCODING and not speaks_of_rows(content_type):
            raise UnusableError(Reason.CONTENT_TYPE, "the content type is neither CSV nor JSON") from None
        raise


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
    """A payload's JSON value. NaN and Infinity, which many Python servers write, are taken as such.

    Raises `UnusableError`, also where a name stands twice in an object: which of the values holds is not known.
    """
    try:
        value = _JSON.decode(text)
        if text.count(":") == names_in(value):  # none stands twice, for it would be counted twice here
            return value
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    try:
        return parse_json(text)
    except RecursionError:
        raise UnusableError(Reason.PAYLOAD, "the JSON payload is nested too deeply") from None
    except RepeatedNameError:
        raise UnusableError(Reason.PAYLOAD, REPEATED) from None
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


def json_rows(text: str, wanted: Wanted) -> list[Row]:
    """Rows of a JSON payload: one value, or JSON Lines. Raises `UnusableError`."""
    return [row for value in json_values(text) for row in value_rows(value, wanted)]


def json_values(text: str) -> list[Any]:
    """The one value of a JSON payload, or those of its lines. Raises `UnusableError`."""
    text = text.removeprefix("\ufeff")
    try:
        return [json_value(text)]
    except UnusableError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [json_value(line) for line in lines]


def value_rows(value: Any, wanted: Wanted, *, depth: int = 0) -> list[Row]:
    """Rows held by a JSON value.

    Accepted: a list of objects, of lists or (one column, or exactly one row) of scalars; one object by name; an object
    of equally long lists by name; ``{"columns": [...], "data": [...]}``; and each of these inside usual wrappers such
    as ``instances``, ``predictions`` or ``{"data": {"features": {"values": [...]}}}``. A name the object lacks is a
    missing value, one the schema lacks is ignored.
    """
    if isinstance(value, dict):
        rows = _object_rows(value, wanted, depth)
    elif isinstance(value, list):
        rows = _list_rows(value, wanted, depth)
    elif len(wanted.names) == 1:
        rows = [(value,)]
    else:
        raise UnusableError(Reason.COLUMNS, f"one value where the schema has {len(wanted.names)} columns")
    if not rows:
        raise UnusableError(Reason.EMPTY, "the payload holds no row")
    return rows


def _object_rows(value: Mapping[str, Any], wanted: Wanted, depth: int) -> list[Row]:
    names = wanted.names
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        return _split_rows(value["columns"], value["data"], names)
    present = [name for name in names if name in value]
    if present and not wanted.measured.isdisjoint(present):
        return _named_rows(value, present, names)
    if depth < _MAX_WRAPPERS:
        fault = None
        lone = lone_answer(value) if wanted.answers else None
        for key in (*wrappers(answers=wanted.answers), *([lone] if lone else [])):
            if key in value:
                try:
                    require_dense(value)
                    return value_rows(value[key], wanted, depth=depth + 1)
                except UnusableError as error:
                    fault = fault or error
        if fault is not None and not present:
            raise fault
    if present:
        return _named_rows(value, present, names)
    raise UnusableError(Reason.COLUMNS, "the payload has none of the schema's names")


def require_dense(value: Mapping[str, Any]) -> None:
    """Refuse the sparse vectors of the built-in algorithms: their values are of other columns in each row."""
    if "values" in value and ("keys" in value or "shape" in value):
        raise UnusableError(Reason.COLUMNS, "a row is a sparse vector, of which the schema names no columns")


def _named_rows(value: Mapping[str, Any], present: Sequence[str], names: Sequence[str]) -> list[Row]:
    if not all(isinstance(value[name], list) for name in present):
        return [tuple(map(value.get, names))]
    lengths = {len(value[name]) for name in present}
    if len(lengths) > 1:
        raise UnusableError(Reason.COLUMNS, "the columns of the payload differ in length")
    empty = [None] * lengths.pop()
    return list(zip(*(value.get(name, empty) for name in names), strict=True))


def _list_rows(items: Sequence[Any], wanted: Wanted, depth: int) -> list[Row]:
    names = wanted.names
    if all(isinstance(item, dict) for item in items):
        return [_single(item, wanted, depth) for item in items]
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


def _single(item: Mapping[str, Any], wanted: Wanted, depth: int) -> Row:
    """One object of a list: by name, or a wrapper of one row such as ``{"features": [...]}``."""
    for name in wanted.names:
        if name in item and name in wanted.measured:
            return tuple(map(item.get, wanted.names))
    rows = _object_rows(item, wanted, depth + 1)
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
