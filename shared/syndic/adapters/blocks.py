"""Inflating and cutting the bytes of captured objects, alike for every object store."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from syndic.errors import InvalidInputError, TooLargeError

BLOCK: Final = 8 * 1024 * 1024
INFLATED_LIMIT: Final = 2 * 1024 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def inflate(blocks: Iterable[bytes], *, uri: str, limit: int = INFLATED_LIMIT) -> Iterator[bytes]:
    """The content of a gzip stream (one or several members) in blocks of at most 8 MiB.

    Raises:
        InvalidInputError: The stream is damaged or cut; blocks before the damage have been given.
        TooLargeError: The content is over `limit` bytes.
    """
    stream, total, begun = zlib.decompressobj(_GZIP), 0, False
    for block in blocks:
        rest = block
        while rest:
            if stream.eof:  # another member follows
                stream, begun = zlib.decompressobj(_GZIP), False
            try:
                content = stream.decompress(rest, BLOCK)
            except zlib.error as error:
                raise InvalidInputError("the compressed data is damaged", where=uri) from error
            begun = True
            rest = stream.unused_data if stream.eof else stream.unconsumed_tail
            total += len(content)
            if total > limit:
                raise TooLargeError(f"{uri}: inflates to more than {limit} bytes")
            if content:
                yield content
    if begun and not stream.eof:
        raise InvalidInputError("the compressed data ends too early", where=uri)


def skip(blocks: Iterable[bytes], offset: int) -> Iterator[bytes]:
    """The blocks without their first `offset` bytes."""
    for block in blocks:
        if offset >= len(block):
            offset -= len(block)
        else:
            yield block[offset:] if offset else block
            offset = 0
