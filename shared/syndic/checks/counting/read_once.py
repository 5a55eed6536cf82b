"""Reading a window's files once, whatever the number of checks that count them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from syndic.checks.counting.counter import Counter
from syndic.checks.counting.window_files import WindowFiles
from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, RegisteredModel
from syndic.ports import CaptureReader
from syndic.windows import (
    Labels,
    OnReject,
    Part,
    Rejected,
    Window,
    concatenate,
    read_ahead,
    read_files,
    read_label_files,
)

TOGETHER_ROWS: Final = 65_536
TOGETHER_CELLS: Final = 1_048_576
"""Rows and cells of small pieces that are counted together: 8 MiB of columns."""


def read_once(
    model: RegisteredModel,
    files: WindowFiles,
    counters: Sequence[Counter],
    *,
    captures: CaptureReader,
    part: Part | None = None,
) -> None:
    """Read a window's files, or those of one part of it, and let every counter count each row.

    Counters that read by another schema, because a fairness policy takes the answer for a column that an input has
    too, need a reading of their own. Raises `UnavailableError`, and `ConflictError` when a file was replaced since it
    was listed.
    """
    capture = model.endpoint.capture if model.endpoint else None
    if capture is None:
        raise InvalidInputError("the model has no captured traffic", where=f"model {model.id}")
    labels: Labels | None = None
    if model.capture_schema is not None and model.capture_schema.label and capture.labels_uri is not None:
        labels = read_label_files(model.capture_schema, files.labels, captures=read_ahead(captures, files.labels))
    for counter in counters:
        counter.begin(labels)
    part = part or Part(files.objects)
    for schema, some in _by_schema(counters):
        ahead = read_ahead(captures, (*part.own, *part.beside))
        pieces = read_files(part, schema, capture, captures=ahead, on_reject=_passed_to(some))
        for piece in together(pieces):
            for counter in some:
                counter.add(piece)


def together(pieces: Iterable[Window]) -> Iterator[Window]:
    """The same rows in fewer pieces: counting one costs a call for each column, however few its rows are.

    The first rows are given as they were read, so that what looks at a sample of them finds the same one however the
    window was split.
    """
    waiting: list[Window] = []
    rows, begun = 0, False
    for piece in pieces:
        most = min(TOGETHER_ROWS, TOGETHER_CELLS // max(1, len(piece.columns)))
        if waiting and (rows + piece.rows > most or not begun or not _alike(waiting[0], piece)):
            yield concatenate(waiting)
            begun, waiting, rows = begun or rows > 0, [], 0
        waiting.append(piece)
        rows += piece.rows
    if waiting:
        yield concatenate(waiting)


def _alike(one: Window, other: Window) -> bool:
    return all(name in other.columns and one.kind(name) is other.kind(name) for name in one.columns) and len(
        one.columns
    ) == len(other.columns)


def _by_schema(counters: Sequence[Counter]) -> list[tuple[CaptureSchema, list[Counter]]]:
    groups: list[tuple[CaptureSchema, list[Counter]]] = []
    for counter in counters:
        for schema, some in groups:
            if schema == counter.schema:
                some.append(counter)
                break
        else:
            groups.append((counter.schema, [counter]))
    return groups


def _passed_to(counters: Sequence[Counter]) -> OnReject:
    def reject(rejected: Rejected) -> None:
        for counter in counters:
            counter.reject(rejected)

    return reject
