"""Lines that differ only in what their calls asked and were answered: found by their bytes, no object for each.

A server writes the same keys in the same order with the same spaces in every line. The first line of a block shows which
bytes these are; where every other line has exactly them, its JSON has the same shape, and its payloads, ids and time are
the bytes between. Nothing is guessed: a block in which one byte differs is not read here at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from syndic.windows.formats.sagemaker.envelope import RECORDS, Record
from syndic.windows.parsing.cell_codes import PADDING, Cells
from syndic.windows.parsing.lines import Chunk

_COMMA, _QUOTE, _ESCAPE, _BLANK = b',"\\ '
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

    @property
    def all_fixed(self) -> bytes:
        """All of them together."""
        return b"".join(self.fixed)


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
            marks[f"<{place}>{rest.decode().replace('\\n', '\n').replace('\\r', '\r')}"] = place, len(rest)
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
    for place, rest, _ in found:
        before = b'"'.join(tokens[:place]) + b'"'
        fixed.append(before[done:])
        done = len(before) + len(tokens[place]) - rest
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

    def _read(
        self, shape: _Shape, chunk: Chunk, starts: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> AlikeLines | None:
        """The same by a shape that is known.

        The commas of a line are counted, so that those of each payload have known places; where the fixed bytes stand
        around them as they should, every value ends where it seems to. A line break, quote or escape that does not belong
        to the fixed bytes would be one too many.
        """
        data = chunk.data
        characters = np.frombuffer(data, np.uint8)
        if not _is_text(data) or np.count_nonzero(characters < _BLANK) != len(chunk.newlines):
            return None
        fixed = shape.all_fixed
        for sign in (_QUOTE, _ESCAPE):
            if np.count_nonzero(characters == sign) != len(starts) * fixed.count(sign):
                return None
        within = {"given": self._inputs - 1, "answered": self._outputs - 1}
        width = fixed.count(_COMMA) + sum(within.values())
        found = np.flatnonzero(characters == _COMMA)
        if len(found) != len(starts) * width:
            return None
        commas = found.reshape(-1, width)
        if not ((commas[:, 0] > starts) & (commas[:, -1] < ends)).all():
            return None
        bounds, cells = _values(shape, commas, starts, ends, within)
        windows = [starts, *(end for _, end in bounds)]
        if not all(_stands(data, piece, at) for piece, at in zip(shape.fixed, windows, strict=True)):
            return None
        if not all((begun <= end).all() for begun, end in bounds):
            return None
        spans = dict(zip(shape.values, bounds, strict=True))
        for name in within:
            begun, end = spans[name]
            last = characters[np.maximum(end - 1, 0)]
            if not ((begun < end) & (last != _BLANK) & (last < 128)).all():  # whether it is blank is for others to say
                return None
        cell_ends = np.concatenate([cells["given"], cells["answered"]], axis=1, dtype=np.int32)
        cell_starts = np.empty_like(cell_ends)
        cell_starts[:, 1:] = cell_ends[:, :-1] + 1
        cell_starts[:, 0], cell_starts[:, self._inputs] = spans["given"][0], spans["answered"][0]
        text = data.decode() if data.isascii() else None
        texts = {name: _cut(data, text, *spans[name]) if name in spans else None for name in _TEXTS[2:]}
        none: Sequence[str | None] = [None] * len(starts)
        events, asked = texts["event"] or none, texts["inference"]
        ids = events if asked is None else [one or other for one, other in zip(asked, events, strict=True)]
        return AlikeLines(
            starts[1:] - 1,
            cell_starts,
            cell_ends,
            [one or None for one in events],
            [one or None for one in ids],
            texts["time"] or none,
        )


_Span = tuple[NDArray[Any], NDArray[Any]]


def _values(
    shape: _Shape, commas: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp], within: dict[str, int]
) -> tuple[list[_Span], dict[str, NDArray[np.intp]]]:
    """Where each value begins and ends, and for the payloads the end of each cell."""
    spans: list[_Span] = []
    cells: dict[str, NDArray[np.intp]] = {}
    begun, done = starts + len(shape.fixed[0]), shape.fixed[0].count(b",")
    for place, (name, behind) in enumerate(zip(shape.values, shape.fixed[1:], strict=True), 1):
        inside, first = within.get(name, 0), behind.find(b",")
        last = place == len(shape.values)
        end = ends - len(behind) if last else commas[:, done + inside] - first
        if name in within:
            cells[name] = np.column_stack((commas[:, done : done + inside], end))
        spans.append((begun, end))
        begun, done = end + len(behind), done + inside + behind.count(b",")
    return spans, cells


def _stands(data: bytes, piece: bytes, at: NDArray[Any]) -> bool:
    """Whether the same bytes stand at all these places."""
    size, most = len(piece), len(data) - len(piece)
    if not size:
        return True
    if int(at.min()) < 0 or int(at.max()) > most:
        return False
    anywhere: NDArray[Any] = np.ndarray((most + 1,), np.dtype(f"V{size}"), data, 0, (1,))
    return anywhere[at].tobytes() == piece * len(at)


def _is_text(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _cut(data: bytes, text: str | None, begun: NDArray[Any], ends: NDArray[Any]) -> list[str]:
    bounds = zip(begun.tolist(), ends.tolist(), strict=True)
    if text is not None:
        return [text[start:end] for start, end in bounds]
    return [data[start:end].decode() for start, end in bounds]
