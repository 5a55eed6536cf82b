"""A document as comma-separated values: its rows are the longest list of objects in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from syndic.spreadsheet import safe_cell

_DEEPEST: Final = 3


def comma_separated(document: Any) -> str:
    """Rows under the names of their fields, nested ones with dots. What holds no list is one row.

    Of objects by name, such as the features of a drift report, the name is the first column.
    """
    rows = [dict(_flat(row)) for row in _rows(document)]
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in header])
    return text.getvalue().rstrip("\n")


def _rows(document: Any) -> Sequence[Mapping[str, Any]]:
    found = max(_lists(document, 0), key=len, default=[])
    return found or [document if isinstance(document, Mapping) else {"value": document}]


def _lists(value: Any, depth: int) -> Iterator[list[Mapping[str, Any]]]:
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        yield value
    elif isinstance(value, Mapping) and depth < _DEEPEST:
        inner = list(value.values())
        if len(inner) > 1 and all(isinstance(one, Mapping) for one in inner):
            yield [{"name": name, **one} for name, one in value.items()]
        for one in inner:
            yield from _lists(one, depth + 1)


def _flat(row: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_cell(value)
    return json.dumps(value, ensure_ascii=False)
