"""Rows of traffic in pieces that fit a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import msgspec

from syndic_client.schemas import CapturesKept

T = TypeVar("T")

MOST_BYTES: Final = 200_000
"""Of the rows of one request: the API takes 256 KiB with all that is around them."""
MOST_ROWS: Final = 5000


def pieces(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows in their order, as many together as one request takes. A row is sent whole, however large it is."""
    some: list[T] = []
    size = 0
    for row in rows:
        more = len(msgspec.json.encode(row)) + 1
        if some and (size + more > MOST_BYTES or len(some) == MOST_ROWS):
            yield some
            some, size = [], 0
        some.append(row)
        size += more
    if some:
        yield some


def together(first: CapturesKept, then: CapturesKept) -> CapturesKept:
    """What two requests kept."""
    hours = tuple(sorted({*first.hours, *then.hours}))
    return CapturesKept(model_id=then.model_id, version=then.version, rows=first.rows + then.rows, hours=hours)
