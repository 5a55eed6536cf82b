"""The beginnings of a batch transform job's files as captured calls, of which the columns can be found. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from syndic.windows.cells.cell import MISSING_TEXTS, plain_number
from syndic.windows.formats.sagemaker.transform_lines import Asked, Line, call_of, joined_call, without_stamp

_LOOKED_AT: Final = 200
_FEWEST: Final = 3  # rows below a line, before it can be known from them
_MOSTLY: Final = 0.9  # of these rows must have a number in some column that is a word in the first line


def job_records(asked: bytes | None, answered: bytes, *, name: str) -> Iterator[bytes]:
    """Captured calls, one a line, of the lines that both sides have; the last line may be a part of one.

    A first line that names its columns is none: its names are those of the columns. Where CSV answers hold their
    inputs, the last column is taken for the answer, as nothing tells how many there are.

    Args:
        asked: The beginning of an input; None: its answers hold it.
        answered: The beginning of its answers.
        name: What rows without an id are called by.
    """
    answers = _lines(answered)
    if asked is None:
        yield from _joined(answers, name)
        return
    given = _lines(asked)
    names, said = _header(given), _header(answers)
    skipped = bool(names) - bool(said)
    for number, text in enumerate(answers, 1):
        place = number - 1 + skipped
        if place >= len(given):
            return
        if place < 0 or not text or not given[place] or (said and number == 1):
            continue
        answer, line = Line(number, 0, _named(text, said)), Line(place + 1, 0, _named(given[place], names))
        yield msgspec.json.encode(call_of(name, Asked(number, line, answer))) + b"\n"


def _joined(lines: list[str], name: str) -> Iterator[bytes]:
    names = _header(lines)
    for number, text in enumerate(lines, 1):
        if not text or (names and number == 1):
            continue
        width = 0 if text.startswith("{") else len(_cells(without_stamp(text)[0])) - 1
        try:
            call = joined_call(name, Line(number, 0, text), width)
        except (ValueError, csv.Error):  # a line that holds no answer shows no column
            continue
        sides = call.captureData
        if names and width and sides.endpointInput and sides.endpointOutput:
            sides.endpointInput.data, sides.endpointInput.encoding = _object(sides.endpointInput.data, names), "JSON"
            answer = _object(sides.endpointOutput.data, names[width:])
            sides.endpointOutput.data, sides.endpointOutput.encoding = answer, "JSON"
        yield msgspec.json.encode(call) + b"\n"


def _lines(data: bytes) -> list[str]:
    return [line.strip("\r") for line in data.decode("utf-8-sig", "replace").split("\n")]


def _header(lines: Sequence[str]) -> list[str]:
    """The names that the first line says; none where it may be a row: words above a column of numbers are names."""
    if lines[0][:1] in {"", "{", "["}:
        return []
    names = [cell.strip() for cell in _cells(lines[0])]
    plain = bool(names) and not MISSING_TEXTS.intersection(names) and all(names) and len(set(names)) == len(names)
    if not plain or any(plain_number(cell) is not None for cell in names):
        return []
    rows = [_cells(text) for text in lines[1:_LOOKED_AT] if text]
    numbers = [
        sum(len(row) > place and plain_number(row[place]) is not None for row in rows) for place in range(len(names))
    ]
    return names if len(rows) >= _FEWEST and max(numbers) >= _MOSTLY * len(rows) else []


def _named(text: str, names: Sequence[str]) -> str:
    return _object(text, names) if names else text


def _object(text: str, names: Sequence[str]) -> str:
    return msgspec.json.encode(dict(zip(names, _cells(text), strict=False))).decode()


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader([text]), [])
    except csv.Error:  # a carriage return inside, or a cell over the parser's limit: no columns show in it
        return []
