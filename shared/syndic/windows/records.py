"""Lines of a chunk become typed records; those that do not are rejected with a reason."""

from __future__ import annotations

from typing import TypeVar

import msgspec
import numpy as np

from syndic.windows.lines import Chunk, RejectLine
from syndic.windows.rejected import Reason, UnusableError

T = TypeVar("T")

_NEWLINE, _OPEN, _CLOSE = b"\n{}"

Place = tuple[int, int, bytes]
"""Line number, byte offset, the line."""


def decode_chunk(
    chunk: Chunk,
    decoder: msgspec.json.Decoder[T],
    reject: RejectLine,
    *,
    fallback: msgspec.json.Decoder[T] | None = None,
) -> tuple[list[T], list[Place] | None]:
    """A chunk's records, and their places where they were needed (see `places_of` otherwise).

    A line that `decoder` refuses is tried with `fallback`, which knows less of its content, before it is rejected.
    """
    if _is_object_per_line(chunk.data):
        try:
            records = decoder.decode_lines(chunk.data)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            records = []
        if len(records) == chunk.newlines + (not chunk.data.endswith(b"\n")):
            return records, None
    records, places = [], []
    for place in chunk.lines():
        try:
            records.append(_decoded(place[2], decoder, fallback))
        except UnusableError as error:
            reject(place[0], place[1], error.reason, error.detail)
        else:
            places.append(place)
    return records, places


def _is_object_per_line(data: bytes) -> bool:
    """Whether every newline stands between two objects.

    Decoding all lines in one call takes any stream of JSON values: several in a line, one over several lines. With
    this condition, and as many values as lines, it is one value a line.
    """
    if not (data.startswith(b"{") and data.endswith((b"}", b"}\n"))):
        return False
    text = np.frombuffer(data.removesuffix(b"\n"), np.uint8)
    newlines = np.flatnonzero(text == _NEWLINE)
    return bool((text[newlines - 1] == _CLOSE).all() and (text[newlines + 1] == _OPEN).all())


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
        _, _, path = str(error).rpartition(" - at `")
        where = f" at {path.rstrip('`')}" if path else ""
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


def places_of(chunk: Chunk, places: list[Place] | None) -> list[Place]:
    """The places of a chunk's records, found now if they were not needed before."""
    return list(chunk.lines()) if places is None else places
