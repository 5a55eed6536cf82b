"""The rows of a JSON document that is a whole table, in the layouts that pandas, polars and servers write."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from syndic.windows.parsing.unnamed import unwrapped_rows
from syndic.windows.rejected import Reason, UnusableError

_WHOLE: Final = re.compile(r"-?\d+")
_UNNAMED_INDEX: Final = re.compile(r"index|level_\d+")  # how pandas names an index without a name
_UNCLEAR: Final = (
    "whether the outer or the inner names are the columns cannot be told: write the table with orient='records', or "
    "give the columns with --schema FILE"
)


def document_rows(value: Any, known: Collection[str]) -> Sequence[Any]:
    """Objects by name, or lists without names: the rows of a document.

    Read are an array of rows; an object of columns, each a list or an object by row (``DataFrame.to_json()``); an
    object of rows by their index; pandas' ``split`` and ``table``; polars' columns; and usual wrappers.

    Args:
        value: The document.
        known: Names that columns have elsewhere; they tell what the names in an object of objects are.

    Raises:
        UnusableError: There are no rows in it, or it can be read in two ways.
    """
    if isinstance(value, list):
        return value if all(isinstance(row, dict | list) for row in value) else [[row] for row in value]
    found = _described(value) if isinstance(value, dict) else None
    if found is not None:
        return found
    if isinstance(value, dict) and value:
        cells = list(value.values())
        if all(isinstance(one, list) for one in cells) and len(cells) > 1 and len(set(map(len, cells))) == 1:
            return _columns(value)
        if all(isinstance(one, dict) and not _holds_more(one) for one in cells):
            return _by_name_and_row(value, known)
    return unwrapped_rows(value, answers=False)


def _described(value: Mapping[str, Any]) -> Sequence[Any] | None:
    """Rows of a layout that says how it is one: pandas' ``split`` and ``table``, polars'. None where it is another."""
    columns, data, schema = value.get("columns"), value.get("data"), value.get("schema")
    if isinstance(columns, list) and isinstance(data, list):
        return _split(columns, data)
    if isinstance(schema, dict) and isinstance(schema.get("fields"), list) and isinstance(data, list):
        return _without_index(schema, data)
    held = columns if isinstance(columns, list) else [None]
    if held and all(isinstance(one, dict) and isinstance(one.get("values"), list) for one in held):
        return _columns({str(one.get("name")): one["values"] for one in held if isinstance(one, dict)})
    return None


def _columns(value: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    if len({len(cells) for cells in value.values()}) > 1:
        raise UnusableError(Reason.COLUMNS, "the columns differ in length")
    return [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]


def _split(columns: Sequence[Any], data: Sequence[Any]) -> list[dict[str, Any]]:
    names = [".".join(map(str, name)) if isinstance(name, list) else str(name) for name in columns]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise UnusableError(Reason.COLUMNS, f"two columns have the name {name!r}")
    for place, row in enumerate(data, 1):
        if not isinstance(row, list) or len(row) != len(names):
            raise UnusableError(Reason.COLUMNS, f"row {place} does not hold {len(names)} values, as there are columns")
    return [dict(zip(names, row, strict=True)) for row in data]


def _without_index(schema: Mapping[str, Any], data: Sequence[Any]) -> list[Any]:
    """Rows of pandas' ``table`` without an index that has no name of its own."""
    keys = schema.get("primaryKey")
    index = {str(key) for key in keys if _UNNAMED_INDEX.fullmatch(str(key))} if isinstance(keys, list) else set()
    return [{n: c for n, c in row.items() if n not in index} if isinstance(row, dict) else row for row in data]


def _holds_more(value: Mapping[str, Any]) -> bool:
    return not value or any(isinstance(cell, dict | list) for cell in value.values())


def _by_name_and_row(value: Mapping[str, Mapping[str, Any]], known: Collection[str]) -> list[dict[str, Any]]:
    """An object of objects: columns of rows, or rows of columns."""
    inner = dict.fromkeys(name for cells in value.values() for name in cells)
    if _inner_are_rows(value, inner, known):
        return [{name: cells.get(row) for name, cells in value.items()} for row in inner]
    return [dict(cells) for cells in value.values()]


def _inner_are_rows(value: Mapping[str, Mapping[str, Any]], inner: Collection[str], known: Collection[str]) -> bool:
    if known and set(value) & set(known) and not set(inner) & set(known):
        return True
    if known and set(inner) & set(known) and not set(value) & set(known):
        return False
    numbered = _numbered(value), _numbered(inner)
    if numbered[0] != numbered[1]:
        return numbered[1]
    alike = (
        all(_one_kind(cells.values()) for cells in value.values()),
        all(_one_kind(cells[name] for cells in value.values() if name in cells) for name in inner),
    )
    if alike[0] != alike[1]:
        return alike[0]
    raise UnusableError(Reason.COLUMNS, _UNCLEAR)


def _numbered(names: Collection[str]) -> bool:
    matches: Callable[[str], Any] = _WHOLE.fullmatch
    return all(map(matches, names))


def _one_kind(cells: Iterable[Any]) -> bool:
    kinds = {float if isinstance(cell, int) and not isinstance(cell, bool) else type(cell) for cell in cells}
    return len(kinds - {type(None)}) <= 1
