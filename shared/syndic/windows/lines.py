"""Blocks of bytes become chunks of whole lines, with the place of each line in its object.

Memory is bounded by the block and the longest line allowed, whatever the size of the object.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from syndic.errors import InvalidInputError, TooLargeError
from syndic.windows.rejected import Reason

MAX_LINE = 8 * 1024 * 1024
"""Bytes. A longer line is counted as `too_long` and skipped without being held in memory."""

CHUNK = 512 * 1024  # bytes parsed at once: they and what is made of them stay in the processor's cache
_INFLATED = 1024 * 1024
_GZIP = b"\x1f\x8b"
# The last two are how adapters that inflate by themselves say it.
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, InvalidInputError, TooLargeError)
_NEWLINE = b"\n"[0]
_BOM = b"\xef\xbb\xbf"

RejectLine = Callable[[int, int, Reason, str], None]
"""Takes line number, byte offset, reason, detail."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some whole lines: `data` begins with line number `line` at byte `offset` of its object."""

    data: bytes
    line: int
    offset: int
    newlines: int

    def lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Line number, offset and bytes of each line that is not blank."""
        offset = self.offset
        for number, text in enumerate(self.data.split(b"\n"), self.line):
            if text and not text.isspace():
                yield number, offset, text
            offset += len(text) + 1


def inflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks as they are, or inflated in bounded pieces when they begin like gzip.

    Raises `EOFError` when a compressed stream ends too early and `zlib.error` when it is damaged.
    """
    stream = iter(blocks)
    first = b""
    for block in stream:
        first += block
        if len(first) >= len(_GZIP):
            break
    if not first.startswith(_GZIP):
        if first:
            yield first
        yield from stream
        return
    yield from _inflate(first, stream)


def _inflate(first: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    data, member = first, zlib.decompressobj(wbits=31)
    while True:
        piece = member.decompress(data, _INFLATED)
        if piece:
            yield piece
        data = member.unconsumed_tail
        if member.eof:
            rest = member.unused_data or next(stream, b"")
            if not rest.strip(b"\0"):  # padding after the last member is allowed
                return
            data, member = rest, zlib.decompressobj(wbits=31)
        elif not data and not piece:
            data = next(stream, b"")
            if not data:
                raise EOFError("the compressed stream ends too early")


def _gathered(blocks: Iterable[bytes]) -> Iterator[bytes]:
    parts: list[bytes] = []
    size = 0
    try:
        for block in blocks:
            parts.append(block)
            size += len(block)
            if size >= CHUNK:
                yield b"".join(parts)
                parts, size = [], 0
    except _DAMAGE:
        yield b"".join(parts)  # what came before the damage is whole
        raise
    if parts:
        yield b"".join(parts)


class LineReader:
    """Cuts one object's blocks into chunks of whole lines.

    Args:
        blocks: The object's bytes in order, cut anywhere; gzip is inflated.
        reject: Called for a line that is too long and for an object that ends in damage.
        growing: Whether the object may still be written: then a last line without its newline is left for later.
    """

    def __init__(self, blocks: Iterable[bytes], *, reject: RejectLine, growing: bool = False) -> None:
        self._blocks, self._reject, self._growing = blocks, reject, growing
        self._line, self._offset = 1, 0
        self._tail = b""  # the beginning of a line whose end has not come yet
        self._skipped = 0  # bytes of a line already given up as too long

    def chunks(self) -> Iterator[Chunk]:
        """All whole lines in order, about 256 KiB at a time."""
        try:
            for block in _gathered(inflated(self._blocks)):
                yield from self._cut(block)
        except _DAMAGE:
            detail = "the compressed object is damaged, incomplete or inflates to too much"
            self._reject(self._line, self._offset, Reason.TRUNCATED, detail)
            return
        if self._skipped:
            self._give_up(b"")
        elif self._tail and not self._growing:
            yield self._chunk(self._tail)

    def _cut(self, block: bytes) -> Iterator[Chunk]:
        data = block
        if self._skipped:
            end = data.find(b"\n")
            if end < 0:
                self._skipped += len(data)
                return
            self._give_up(data[: end + 1])
            data = data[end + 1 :]
        data = self._tail + data
        if self._offset == 0 and data.startswith(_BOM):
            data, self._offset = data[len(_BOM) :], len(_BOM)
        self._tail = b""
        start, size = 0, len(data)
        while start < size:
            end = data.rfind(b"\n", start, start + CHUNK)
            if end < 0:
                end = data.find(b"\n", start + CHUNK)
            if end < 0:
                self._keep(data[start:])
                return
            if end + 1 - start > MAX_LINE + 1:
                self._give_up(data[start : end + 1])
            else:
                yield self._chunk(data[start : end + 1])
            start = end + 1

    def _chunk(self, data: bytes) -> Chunk:
        newlines = int(np.count_nonzero(np.frombuffer(data, np.uint8) == _NEWLINE))  # bytes.count is slower
        chunk = Chunk(data, self._line, self._offset, newlines)
        self._line += newlines
        self._offset += len(data)
        return chunk

    def _keep(self, rest: bytes) -> None:
        if len(rest) > MAX_LINE:
            self._skipped = len(rest)
        else:
            self._tail = rest

    def _give_up(self, last: bytes) -> None:
        limit = MAX_LINE // (1024 * 1024)
        self._reject(self._line, self._offset, Reason.TOO_LONG, f"the line is longer than {limit} MiB")
        self._line += 1
        self._offset += self._skipped + len(last)
        self._skipped = 0
