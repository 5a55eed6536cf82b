"""Lines of a chunk become typed records; those that do not are rejected with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from syndic.windows.parsing.lines import Chunk, RejectLine
from syndic.windows.rejected import Reason, UnusableError

T = TypeVar("T")

_OPEN, _CLOSE = b"{}"

Place = tuple[int, int, bytes]
"""Line number, byte offset, the line."""


class Places:
    """Where each record of a chunk stands: lists of line numbers and byte offsets, and the lines themselves."""

    def __init__(self, chunk: Chunk, found: Sequence[Place] | NDArray[np.intp]) -> None:
        self._chunk, self._found = chunk, found

    @cached_property
    def lines(self) -> Sequence[int]:
        """Each record's line number."""
        if isinstance(self._found, np.ndarray):
            return range(self._chunk.line, self._chunk.line + len(self._found) + 1)
        return [place[0] for place in self._found]

    @cached_property
    def offsets(self) -> Sequence[int]:
        """Each record's byte offset."""
        if isinstance(self._found, np.ndarray):
            # `found` holds the newlines between records, one record a line.
            return [self._chunk.offset, *(self._found + (self._chunk.offset + 1)).tolist()]
        return [place[1] for place in self._found]

    def text(self, record: int) -> bytes:
        """A record's line."""
        if not isinstance(self._found, np.ndarray):
            return self._found[record][2]
        start = self.offsets[record] - self._chunk.offset
        end = self._chunk.data.find(b"\n", start)
        return self._chunk.data[start:] if end < 0 else self._chunk.data[start:end]

    def within(self, start: int, end: int) -> Places:
        """The places of some records that follow one another."""
        return Places(self._chunk, [(self.lines[at], self.offsets[at], self.text(at)) for at in range(start, end)])


def decode_chunk(
    chunk: Chunk,
    decoder: msgspec.json.Decoder[T],
    reject: RejectLine,
    *,
    fallback: msgspec.json.Decoder[T] | None = None,
) -> tuple[list[T], Places]:
    """A chunk's records and their places.

    A line that `decoder` refuses is tried with `fallback`, which knows less of its content, before it is rejected.
    """
    newlines = _newlines_between_objects(chunk)
    if newlines is not None:
        try:
            records = decoder.decode_lines(chunk.data)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            records = []
        if len(records) == len(newlines) + 1:
            return records, Places(chunk, newlines)
    records, places = [], []
    for place in chunk.lines():
        try:
            records.append(_decoded(place[2], decoder, fallback))
        except UnusableError as error:
            reject(place[0], place[1], error.reason, error.detail)
        else:
            places.append(place)
    return records, Places(chunk, places)


def _newlines_between_objects(chunk: Chunk) -> NDArray[np.intp] | None:
    """Positions of the newlines, the last one apart, when each stands between two objects; else None.

    Decoding all lines in one call takes any stream of JSON values: several in a line, one over several lines. With
    this condition, and as many values as lines, it is one value a line.
    """
    data = chunk.data
    if not (data.startswith(b"{") and data.endswith((b"}", b"}\n"))):
        return None
    text = np.frombuffer(data, np.uint8)
    newlines = chunk.newlines[:-1] if data.endswith(b"\n") else chunk.newlines
    if (text[newlines - 1] == _CLOSE).all() and (text[newlines + 1] == _OPEN).all():
        return newlines
    return None


def _decoded(line: bytes, decoder: msgspec.json.Decoder[T], fallback: msgspec.json.Decoder[T] | None) -> T:
    if fallback is not None:
        try:
            return decoder.decode(line)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return decode_line(line, fallback)
    return decode_line(line, decoder)


def decode_line(line: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """One line's record. Raises `UnusableError` with words of ours: a parser's message may repeat captured text."""
    try:
        return decoder.decode(line)
    except msgspec.ValidationError as error:
        _, known, path = str(error).rpartition(" - at `")
        where = f" at {path.rstrip('`')}" if known else ""
        raise UnusableError(Reason.ENVELOPE, f"not a capture record: another type or no field{where}") from None
    except RecursionError:
        raise UnusableError(Reason.JSON, "the line is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError):
        pass
    try:
        line.decode()
    except UnicodeDecodeError:
        raise UnusableError(Reason.ENCODING, "the line is not UTF-8") from None
    raise UnusableError(Reason.JSON, "the line is not one JSON value")
