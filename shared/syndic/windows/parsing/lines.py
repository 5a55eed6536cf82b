"""Blocks of bytes become chunks of whole lines, with the place of each line in its object.

Memory is bounded by the block and the longest line allowed, whatever the size of the object.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError, TooLargeError
from syndic.windows.rejected import Reason

MAX_LINE = 8 * 1024 * 1024
"""Bytes. A longer line is counted as `too_long` and skipped without being held in memory."""

CHUNK = 256 * 1024  # bytes parsed at once: they and what is made of them stay in the processor's cache
_INFLATED = 1024 * 1024
_SURELY = 64 * 1024 * 1024  # bytes that any object may inflate to
_RATIO = 200  # beyond that, times its compressed size: captured JSON was seen to shrink to a fortieth
_GZIP = b"\x1f\x8b"
# The last two are how adapters that inflate by themselves say it.
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, InvalidInputError, TooLargeError)
_NEWLINE = b"\n"[0]
_BOM = b"\xef\xbb\xbf"

RejectLine = Callable[[int, int, Reason, str], None]
"""Takes line number, byte offset, reason, detail."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some whole lines: `data` begins with line number `line` at byte `offset` of its object.

    `newlines` are the positions of the line ends in `data`.
    """

    data: bytes
    line: int
    offset: int
    newlines: NDArray[np.intp]

    def lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Line number, offset and bytes of each line that is not blank."""
        offset = self.offset
        for number, text in enumerate(self.data.split(b"\n"), self.line):
            if text and not text.isspace():
                yield number, offset, text
            offset += len(text) + 1


def inflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks as they are, or inflated in bounded pieces when they begin like gzip.

    Raises `EOFError` when a compressed stream ends too early, `zlib.error` when it is damaged, and `TooLargeError` when
    it inflates to what nobody captured: 2 MB of line breaks become 2 GB, and the time of the function is gone.
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
    taken, given = len(first), 0
    while True:
        piece = member.decompress(data, _INFLATED)
        given += len(piece)
        if given > max(_SURELY, _RATIO * taken):
            raise TooLargeError(f"the compressed object inflates to more than {_RATIO} times its size")
        if piece:
            yield piece
        data = member.unconsumed_tail
        if member.eof:
            rest = member.unused_data
            if not rest:
                rest = next(stream, b"")
                taken += len(rest)
            if not rest.strip(b"\0"):  # padding after the last member is allowed
                return
            data, member = rest, zlib.decompressobj(wbits=31)
        elif not data and not piece:
            data = next(stream, b"")
            taken += len(data)
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
            self._give_up()
        elif self._tail and not self._growing:
            yield self._chunk(self._tail)

    def _cut(self, block: bytes) -> Iterator[Chunk]:
        start, size = 0, len(block)
        if self._skipped or self._tail:
            start = block.find(b"\n") + 1
            head = block[:start] if start else block
            if self._skipped:
                self._skipped += len(head)
                if start:
                    self._give_up()
            else:
                yield from self._lines_of(self._tail + head, ended=start > 0)
            if not start:
                return
        elif self._offset == 0 and block.startswith(_BOM):
            start = self._offset = len(_BOM)
        while start < size:
            end = block.rfind(b"\n", start, start + CHUNK) + 1 or block.find(b"\n", start + CHUNK) + 1
            yield from self._lines_of(block[start : end or size], ended=end > 0)
            start = end or size

    def _lines_of(self, data: bytes, *, ended: bool) -> Iterator[Chunk]:
        """Whole lines as a chunk; or one line too long; or, not `ended`, a beginning to be kept."""
        self._tail = b""
        if not ended and len(data) <= MAX_LINE:
            self._tail = data
        elif len(data) > MAX_LINE + 1:  # more than CHUNK, so it is a single line
            self._skipped = len(data)
            if ended:
                self._give_up()
        elif ended:
            yield self._chunk(data)
        else:
            self._skipped = len(data)

    def _chunk(self, data: bytes) -> Chunk:
        newlines = _newlines(data)
        chunk = Chunk(data, self._line, self._offset, newlines)
        self._line += len(newlines)
        self._offset += len(data)
        return chunk

    def _give_up(self) -> None:
        limit = MAX_LINE // (1024 * 1024)
        self._reject(self._line, self._offset, Reason.TOO_LONG, f"the line is longer than {limit} MiB")
        self._line += 1
        self._offset += self._skipped
        self._skipped = 0


def _newlines(data: bytes) -> NDArray[np.intp]:
    """Places of the line ends. Lines are long: few words of eight bytes hold one, and nearly none holds two."""
    found = np.frombuffer(data, np.uint8) == _NEWLINE
    whole = len(found) & -8
    words = np.flatnonzero(found[:whole].view(np.uint64) != 0)
    eights = found[:whole].reshape(-1, 8)[words]
    if np.count_nonzero(eights) != len(words):
        return np.flatnonzero(found)
    return np.concatenate((8 * words + eights.argmax(axis=1), whole + np.flatnonzero(found[whole:])))
