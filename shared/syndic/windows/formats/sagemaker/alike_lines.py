"""Lines that differ only in what their calls asked and were answered: found by their bytes, no object for each.

A server writes the same keys in the same order with the same spaces in every line. The first line of a block shows
which bytes these are; where every other line has exactly them, its JSON has the same shape, and its payloads, ids and
time are the bytes between. Nothing is guessed: a block in which one byte differs is not read here at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from syndic.windows.formats.sagemaker.envelope import RECORDS, Record
from syndic.windows.parsing.cell_codes import PADDING, Cells
from syndic.windows.parsing.lines import Chunk

_COMMA, _BLANK = b", "
_FEWEST: Final = 2
"""Lines from which learning their shape is worth it."""

_LINE_END: Final = re.compile(rb"(?:\\[nr])*\Z")
"""How a line break behind a payload is written: it does not belong to the row."""


@dataclass(frozen=True, slots=True)
class AlikeLines:
    """What the lines of a block say.

    Attributes:
        between: Positions of the line breaks between them.
        starts: Of each line and cell of both payloads, the first byte.
        ends: The byte behind each.
        event_ids: None for all when the lines have none.
        ids: What identifies each call.
        times: As they are written; None for all when the lines have none.
    """

    between: NDArray[np.intp]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    event_ids: Sequence[str | None]
    ids: Sequence[str | None]
    times: Sequence[str | None]

    def cells(self, data: bytes, coded: Sequence[int]) -> Cells | None:
        """The cells, some of which will have codes; None when too little stands behind the last."""
        if len(data) - int(self.ends[-1, -1]) < PADDING:  # the answer of the last line is the last payload
            return None
        return Cells.of(np.frombuffer(data, np.uint8), self.starts, self.ends, coded)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What all lines have in common.

    Attributes:
        fixed: Bytes before, between and behind the values, one more than there are values.
        values: Which of the record's texts each value is.
    """

    fixed: tuple[bytes, ...]
    values: tuple[str, ...]

    def commas_before(self, name: str, within: Mapping[str, int]) -> int:
        """Commas of a line before a value, by how many there are within values."""
        place = self.values.index(name)
        inside = sum(within.get(value, 0) for value in self.values[:place])
        return inside + sum(piece.count(b",") for piece in self.fixed[: place + 1])


_TEXTS: Final = ("given", "answered", "event", "inference", "time")


def _texts_of(record: Record) -> dict[str, str | None]:
    captured, about = record.captureData, record.eventMetadata
    sides = (captured.endpointInput, captured.endpointOutput)
    given, answered = (None if side is None or side.encoding != "CSV" else side.data for side in sides)
    return dict(zip(_TEXTS, (given, answered, about.eventId, about.inferenceId, about.inferenceTime), strict=True))


def _shape_of(line: bytes) -> _Shape | None:
    """The shape of a line with plain CSV on both sides, or None.

    Each text of it that is a value is replaced by a mark, and the decoder tells which mark became what: that holds for
    any order of keys, for keys that stand twice, and for what nobody reads.
    """
    tokens = line.split(b'"')
    if len(tokens) % 2 == 0 or b"\\\\" in line or b'\\"' in line:
        return None
    marked, marks = list(tokens), {}
    for place in range(1, len(tokens), 2):
        is_key = tokens[place + 1].lstrip().startswith(b":")
        if not is_key and tokens[place] != b"CSV":
            ending = _LINE_END.search(tokens[place])
            rest = ending.group() if ending else b""
            marked[place] = b"<%d>%s" % (place, rest)
            read = rest.replace(b"\\n", b"\n").replace(b"\\r", b"\r").decode()
            marks[f"<{place}>{read}"] = place, len(rest)
    try:
        RECORDS.decode(line)
        texts = _texts_of(RECORDS.decode(b'"'.join(marked)))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    found = sorted((*marks[text], name) for name, text in texts.items() if text is not None and text in marks)
    known = [name for *_, name in found]
    if any(text and name not in known for name, text in texts.items()):
        return None
    if [name for name in known if name in _TEXTS[:2]] != ["given", "answered"]:
        return None
    fixed: list[bytes] = []
    done = 0
    for place, behind, _ in found:
        before = b'"'.join(tokens[:place]) + b'"'
        fixed.append(before[done:])
        done = len(before) + len(tokens[place]) - behind
    if any(b"," not in piece for piece in fixed[1:]):  # a comma of each tells where the value before it ends
        return None
    return _Shape((*fixed, line[done:]), tuple(known))


class AlikeReader:
    """Reads blocks whose lines are alike, with so many cells in the payloads of each side."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self._inputs, self._outputs = inputs, outputs
        self._shape: _Shape | None = None

    def read(self, chunk: Chunk) -> AlikeLines | None:
        """What a block's lines say, or None when they are not alike to the last byte or may be no plain CSV."""
        data, ended = chunk.data, chunk.data.endswith(b"\n")
        between = chunk.newlines[:-1] if ended else chunk.newlines
        if len(between) + 1 < _FEWEST or not self._inputs or not self._outputs:
            return None
        starts = np.concatenate(([0], between + 1))
        ends = np.concatenate((between, [len(data) - ended]))
        if self._shape is not None:
            found = self._read(self._shape, chunk, starts, ends)
            if found is not None:
                return found
        shape = _shape_of(data[: int(ends[0])])
        if shape is None or shape == self._shape:
            return None
        self._shape = shape
        return self._read(shape, chunk, starts, ends)

    def _read(self, shape: _Shape, chunk: Chunk, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> AlikeLines | None:
        """The same by a shape that is known.

        The commas of a line are counted, so that those of each payload have known places; where the fixed bytes stand
        around them as they should, every value ends where it seems to. A line break, quote or escape that does not
        belong to the fixed bytes would be one too many.
        """
        data = chunk.data
        within = {"given": self._inputs - 1, "answered": self._outputs - 1}
        commas = _commas(shape, chunk, len(starts), sum(within.values()))
        if commas is None or not ((commas[:, 0] > starts) & (commas[:, -1] < ends)).all():
            return None
        spans = _spans(shape, commas, starts, ends, within)
        at = [starts, *(end for _, end in spans.values())]
        standing = all(_stands(data, piece, places) for piece, places in zip(shape.fixed, at, strict=True))
        if not standing or not all((begun <= end).all() for begun, end in spans.values()):
            return None
        if any(_may_be_blank(data, *spans[name]) for name in within):
            return None
        cell_starts, cell_ends = np.empty((2, len(starts), self._inputs + self._outputs), np.int32)
        for name, first in (("given", 0), ("answered", self._inputs)):
            behind, done = first + within[name], shape.commas_before(name, within)
            cell_ends[:, first:behind] = commas[:, done : done + within[name]]
            cell_starts[:, first], cell_ends[:, behind] = spans[name]
            cell_starts[:, first + 1 : behind + 1] = cell_ends[:, first:behind] + 1
        texts = {name: _cut(data, *spans[name]) if name in spans else None for name in _TEXTS[2:]}
        none: Sequence[str | None] = [None] * len(starts)
        events, asked = _named(texts["event"] or none), texts["inference"]
        ids = events if asked is None else _named([one or other for one, other in zip(asked, events, strict=True)])
        return AlikeLines(starts[1:] - 1, cell_starts, cell_ends, events, ids, texts["time"] or none)


_Span = tuple[NDArray[Any], NDArray[Any]]


def _commas(shape: _Shape, chunk: Chunk, lines: int, within: int) -> NDArray[np.intp] | None:
    """Places of the commas, by line; None where a sign that matters is not as often there as it should be."""
    data, fixed = chunk.data, b"".join(shape.fixed)
    characters = np.frombuffer(data, np.uint8)
    if not _is_text(data) or np.count_nonzero(characters < _BLANK) != len(chunk.newlines):
        return None
    for sign in b'"\\':
        wanted = lines * fixed.count(sign)
        if np.count_nonzero(characters == sign) != wanted if wanted else bytes([sign]) in data:
            return None
    width = fixed.count(b",") + within
    found = np.flatnonzero(characters == _COMMA)
    return found.reshape(lines, width) if len(found) == lines * width else None


def _may_be_blank(data: bytes, begun: NDArray[Any], ends: NDArray[Any]) -> bool:
    """Whether some payload is empty, or ends with what may be a space: others say what that is."""
    last = np.frombuffer(data, np.uint8)[ends - 1]
    return not bool(((begun < ends) & (last != _BLANK) & (last < 128)).all())


def _spans(
    shape: _Shape, commas: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp], within: Mapping[str, int]
) -> dict[str, _Span]:
    """Where each value begins and ends, if the fixed bytes are where they should."""
    spans: dict[str, _Span] = {}
    begun = starts + len(shape.fixed[0])
    for name, behind in zip(shape.values, shape.fixed[1:], strict=True):
        if name == shape.values[-1]:
            end = ends - len(behind)
        else:
            end = commas[:, shape.commas_before(name, within) + within.get(name, 0)] - behind.find(b",")
        spans[name] = begun, end
        begun = end + len(behind)
    return spans


def _stands(data: bytes, piece: bytes, at: NDArray[Any]) -> bool:
    """Whether the same bytes stand at all these places."""
    size, most = len(piece), len(data) - len(piece)
    if not size:
        return True
    if int(at.min()) < 0 or int(at.max()) > most:
        return False
    anywhere: NDArray[Any] = np.ndarray((most + 1,), np.dtype(f"V{size}"), data, 0, (1,))
    return bool(anywhere[at].tobytes() == piece * len(at))


def _is_text(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _cut(data: bytes, begun: NDArray[Any], ends: NDArray[Any]) -> list[str]:
    """The texts between; a quote stands behind each."""
    size = int(ends[0] - begun[0])
    if size and (ends - begun == size).all():  # as ids and times nearly always are: one text, divided, is quicker
        anywhere: NDArray[Any] = np.ndarray((len(data) - size,), np.dtype(f"V{size + 1}"), data, 0, (1,))
        joined: str = anywhere[begun].tobytes().decode()
        return joined.split('"')[:-1]
    return [data[start:end].decode() for start, end in zip(begun.tolist(), ends.tolist(), strict=True)]


def _named(ids: Sequence[str | None]) -> Sequence[str | None]:
    return ids if all(ids) else [one or None for one in ids]
