"""A part of a window that a worker can read apart; the counts of all parts add up to those of the whole window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from syndic.ports import ObjectInfo


@dataclass(frozen=True, slots=True)
class Part:
    """Capture files that are counted together.

    Attributes:
        own: The files whose records this part counts.
        beside: Files read only to find the other side of calls that fell on both sides of an hour.
    """

    own: tuple[ObjectInfo, ...]
    beside: tuple[ObjectInfo, ...] = ()


MOST_FILES: Final = 100
MOST_BYTES: Final = 64_000_000
MOST_NAMED: Final = 24_000
"""Of a batch: its files, their bytes, and the characters of their names, so that a message of a queue holds it."""

_AROUND: Final = 160  # characters that a file takes in a message besides its name


def in_batches(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbouring parts together, for a worker each: small files are many, and every worker costs a start."""
    own: dict[ObjectInfo, None] = {}
    beside: dict[ObjectInfo, None] = {}
    size = named = 0
    for part in parts:
        files = (*part.own, *part.beside)
        more = sum(item.size for item in files)
        longer = sum(len(item.uri) + len(item.etag) + _AROUND for item in files)
        full = len(own) + len(files) > MOST_FILES or size + more > MOST_BYTES or named + longer > MOST_NAMED
        if own and full:
            yield Part(tuple(own), tuple(item for item in beside if item not in own))
            own, beside, size, named = {}, {}, 0, 0
        own |= dict.fromkeys(part.own)
        beside |= dict.fromkeys(part.beside)
        size, named = size + more, named + longer
    if own:
        yield Part(tuple(own), tuple(item for item in beside if item not in own))
