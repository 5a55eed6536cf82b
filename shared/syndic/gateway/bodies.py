"""From a request's body to rows: five families of shapes, one answer.

- MLflow's scoring server: ``dataframe_split``, ``dataframe_records``, ``instances``, ``inputs``.
- Open Inference protocol, version 2 (KServe, Triton, MLServer): ``inputs`` of named tensors, flat or nested.
- SageMaker's containers: CSV without a header, and ``{"instances": [{"features": [...]}]}``.
- Plain: one object of features, or a list of them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Final

from syndic.errors import InvalidInputError, TooLargeError
from syndic.gateway.rows import MOST_BYTES, Rows, named_well, of_named, of_placed
from syndic.gateway.tensors import is_tensors, read_tensors
from syndic.gateway.values import id_problem
from syndic.json_text import load_json

BODY: Final = "body"
JSON_TYPES: Final = ("application/json", "application/vnd.api+json", "")
CSV_TYPES: Final = ("text/csv", "application/csv")

WRAPPERS: Final = frozenset({"dataframe_split", "dataframe_records", "instances", "inputs"})
BESIDE: Final = frozenset({"params", "signature_name", "id", "parameters", "outputs", "row_ids"})
"""Names that may stand beside a wrapper; `params` and `parameters` are refused where they say anything."""


def read_body(body: bytes, content_type: str) -> Rows:
    """The rows that a request asks predictions for.

    Raises:
        TooLargeError: It is over `MOST_BYTES`.
        InvalidInputError: It has none of the shapes; the message names the place.
    """
    if len(body) > MOST_BYTES:
        raise TooLargeError(f"the body has {len(body)} bytes; at most {MOST_BYTES} can be asked for at once")
    media = content_type.split(";", 1)[0].strip().lower()
    if media in CSV_TYPES:
        return _csv(body)
    if media not in JSON_TYPES:
        known = ", ".join(sorted({"application/json", *CSV_TYPES}))
        raise InvalidInputError(f"{media} is not read here, only {known}", where="header.Content-Type")
    value = load_json(body, where=BODY)
    if b"\\ud" in body.lower() and not _is_text(value):
        raise InvalidInputError("half of a surrogate pair is no text", where=BODY)
    return read_value(value)


def _is_text(value: Any) -> bool:
    """Whether every text in a value can be written as UTF-8. JSON can escape what no text has."""
    try:
        return json.dumps(value, ensure_ascii=False).encode() is not None
    except UnicodeEncodeError:
        return False


def read_value(value: Any) -> Rows:
    """The rows of a body that is parsed already. Raises `InvalidInputError`."""
    if isinstance(value, list):
        return _plain(value)
    if not isinstance(value, dict):
        raise InvalidInputError("an object or a list of objects is expected", where=BODY)
    found = sorted(WRAPPERS & value.keys())
    if not found or not _is_wrapped(value, found):
        return of_named([value], BODY)
    if len(found) > 1:
        raise InvalidInputError(f"one of {', '.join(found)} is expected, not {len(found)}", where=BODY)
    for name in ("params", "parameters"):
        if value.get(name):
            raise InvalidInputError("parameters of inference are not passed on; leave them out", where=name)
    rows = _READERS[found[0]](value[found[0]])
    return _with_ids(rows, value.get("row_ids"))


def _is_wrapped(value: Mapping[str, Any], found: list[str]) -> bool:
    """Whether the names are those of a wrapper, and not of features that happen to be called so."""
    return value.keys() <= WRAPPERS | BESIDE and any(isinstance(value[name], dict | list) for name in found)


def _with_ids(rows: Rows, ids: Any) -> Rows:
    if ids is None:
        return rows
    if not isinstance(ids, list):
        raise InvalidInputError("a list of texts or whole numbers is expected", where="row_ids")
    if len(ids) != len(rows):
        raise InvalidInputError(f"{len(ids)} ids for {len(rows)} rows", where="row_ids")
    for place, one in enumerate(ids):
        problem = id_problem(one)
        if problem is not None:
            raise InvalidInputError(problem, where=f"row_ids[{place}]")
    texts = tuple(str(one) for one in ids)
    if len(set(texts)) < len(texts):
        raise InvalidInputError("two rows have the same id", where="row_ids")
    return Rows(rows.named, rows.placed, rows.shape, texts)


def _split(value: Any) -> Rows:
    if not isinstance(value, dict) or not {"columns", "data"} <= value.keys() <= {"columns", "data", "index"}:
        raise InvalidInputError("an object of columns, data and perhaps index is expected", where="dataframe_split")
    columns, data = value["columns"], value["data"]
    if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
        raise InvalidInputError("a list of names is expected", where="dataframe_split.columns")
    if len(set(columns)) < len(columns):
        raise InvalidInputError("two columns have the same name", where="dataframe_split.columns")
    rows = _lists(data, "dataframe_split.data")
    for place, row in enumerate(rows):
        if len(row) != len(columns):
            where = f"dataframe_split.data[{place}]"
            raise InvalidInputError(f"{len(row)} values for {len(columns)} columns", where=where)
    return of_named([dict(zip(columns, row, strict=True)) for row in rows], "dataframe_split")


def _records(value: Any) -> Rows:
    return of_named(_objects(value, "dataframe_records"), "dataframe_records")


def _instances(value: Any) -> Rows:
    """MLflow's and TensorFlow Serving's: lists, objects, or SageMaker's ``{"features": [...]}``."""
    if not isinstance(value, list):
        raise InvalidInputError("a list is expected", where="instances")
    if value and all(isinstance(one, dict) and one.keys() == {"features"} for one in value):
        lists = [one["features"] for one in value]
        if all(isinstance(one, list) for one in lists):
            return of_placed(_lists(lists, "instances"), "instances")
    if value and isinstance(value[0], dict):
        return of_named(_objects(value, "instances"), "instances")
    return of_placed(_lists(value, "instances"), "instances")


def _inputs(value: Any) -> Rows:
    """MLflow's columns or rows, or the tensors of Open Inference."""
    if is_tensors(value):
        return read_tensors(value)
    if isinstance(value, dict):
        return of_named(_columns(value), "inputs")
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return of_named(_objects(value, "inputs"), "inputs")
    return of_placed(_lists(value, "inputs"), "inputs")


def _columns(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of columns: each a list of the same length."""
    named_well(value, "inputs")
    columns = {
        name: [one[0] if isinstance(one, list) and len(one) == 1 else one for one in column]
        for name, column in value.items()
        if isinstance(column, list)
    }
    for name in value:
        if name not in columns:
            raise InvalidInputError("a list of values is expected", where=f"inputs.{name}")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        some = ", ".join(map(str, sorted(lengths)[:10]))
        raise InvalidInputError(f"columns of different lengths: {some}", where="inputs")
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: list[Any]) -> Rows:
    if value and isinstance(value[0], list):
        return of_placed(_lists(value, BODY), BODY)
    return of_named(_objects(value, BODY), BODY)


def _csv(body: bytes) -> Rows:
    """SageMaker's CSV: values by place, without a header."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError("not UTF-8 text", where=BODY) from None
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise InvalidInputError(f"not CSV: {error}", where=BODY) from None
    return of_placed([[cell.strip() or None for cell in line] for line in lines], "csv")


def _lists(value: Any, where: str) -> list[list[Any]]:
    if not isinstance(value, list):
        raise InvalidInputError("a list of rows is expected", where=where)
    for place, row in enumerate(value):
        if not isinstance(row, list):
            raise InvalidInputError("a list of values is expected", where=f"{where}[{place}]")
    return value


def _objects(value: Any, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise InvalidInputError("a list of objects is expected", where=where)
    for place, row in enumerate(value):
        if not isinstance(row, dict):
            raise InvalidInputError("an object of features is expected", where=f"{where}[{place}]")
    return value


_READERS: Final = {
    "dataframe_split": _split,
    "dataframe_records": _records,
    "instances": _instances,
    "inputs": _inputs,
}
