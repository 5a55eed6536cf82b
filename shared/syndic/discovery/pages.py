"""Pages of models that wait to be looked at. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from syndic.models import LookRequested

PAGE: Final = 25
"""Models of a message: about 30 seconds of work where nothing answers slowly."""

_PARTS: Final = ("endpoints", "unknown", "gone")
_STRIDE: Final = 7919  # a prime, so that the hours' beginnings are spread over all pages


def turned(names: list[str], now: datetime) -> list[str]:
    """Names in an order that begins elsewhere each hour: whoever is late today is early tomorrow."""
    start = int(now.timestamp() // 3600) * _STRIDE * PAGE % max(1, len(names))
    return names[start:] + names[:start]


def named(page: LookRequested) -> list[tuple[str, str]]:
    """The names and ids of a page, each with the part of it that it is in."""
    return [(part, name) for part in _PARTS for name in getattr(page, part)]


def cut(whole: LookRequested, *, size: int = PAGE, since: int = 0) -> Iterator[LookRequested]:
    """Requests for so many of them each, from a place on."""
    left = named(whole)[since:]
    for at in range(0, len(left), size):
        some = left[at : at + size]
        parts = {part: tuple(name for of, name in some if of == part) for part in _PARTS}
        yield whole.model_copy(update=parts)


def size_of(page: LookRequested) -> int:
    """How many a page names."""
    return len(named(page))
