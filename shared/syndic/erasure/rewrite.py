"""The content of an object without what goes of it: the same for the plan that names it and for what is written."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping, Sequence

from syndic.erasure.lines import Persons, cut_line
from syndic.errors import TooLargeError
from syndic.json_text import parse_json
from syndic.ports import CaptureReader, ObjectInfo

MOST_BYTES = 128 * 1024 * 1024
"""Of one object's content: it is held in memory, for it is written in one piece or not at all."""


def content_of(item: ObjectInfo, captures: CaptureReader) -> bytes:
    """The object's content, inflated. Raises `TooLargeError` for one that cannot be rewritten in one piece."""
    blocks: list[bytes] = []
    size = 0
    for block in captures.open(item):
        size += len(block)
        if size > MOST_BYTES:
            raise TooLargeError(f"{item.uri} has more than {MOST_BYTES} bytes of content")
        blocks.append(block)
    return b"".join(blocks)


def without(data: bytes, lines: Iterable[int], cut: Mapping[int, Sequence[int]], persons: Persons) -> bytes:
    """Content without some lines, and without some rows of others; what stays keeps its bytes."""
    going, kept = set(lines), []
    for number, line in enumerate(data.split(b"\n"), 1):
        if number in going:
            continue
        if number in cut:
            kept.append(cut_line(parse_json(line.decode("utf-8-sig")), set(cut[number]), persons))
        else:
            kept.append(line)
    return b"\n".join(kept)


def packed(data: bytes, uri: str) -> bytes:
    """Content as it is stored at an address: compressed where the name says so, the same bytes each time."""
    return gzip.compress(data, mtime=0) if uri.endswith(".gz") else data


def content_sha256(data: bytes) -> str:
    """Hash by which content is known again, compressed or not."""
    return hashlib.sha256(data).hexdigest()
