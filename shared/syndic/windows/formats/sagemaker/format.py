"""SageMaker's captures as a `Format`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from syndic.models import CaptureSchema
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.formats.protocol import Glimpse
from syndic.windows.formats.sagemaker.records import parse_sagemaker
from syndic.windows.parsing.deduplication import Seen
from syndic.windows.parsing.records import decode_line
from syndic.windows.parsing.unnamed import captured_rows
from syndic.windows.partitions import Part
from syndic.windows.rejected import OnReject, UnusableError
from syndic.windows.window import Window


class _Payload(msgspec.Struct, gc=False):
    data: Any = ""
    encoding: Any = ""
    observedContentType: Any = None  # noqa: N815 (AWS's names)


class _Sides(msgspec.Struct, gc=False):
    endpointInput: _Payload | None = None  # noqa: N815
    endpointOutput: _Payload | None = None  # noqa: N815


class _Line(msgspec.Struct, gc=False):
    captureData: _Sides | None = None  # noqa: N815


_LINES = msgspec.json.Decoder(_Line)


class SageMaker:
    """A file holds whole calls and is a part by itself."""

    mark = b'"captureData"'

    def recognises(self, line: bytes) -> bool:
        """Whether a line is a record."""
        return _sides(line) is not None

    def glimpse(self, line: bytes) -> tuple[Glimpse, ...]:
        """The sides that were captured."""
        sides = _sides(line) or _Sides()
        both = ((False, sides.endpointInput), (True, sides.endpointOutput))
        return tuple(Glimpse(answers, partial(_rows, side, answers)) for answers, side in both if side is not None)

    def parse(
        self, blocks: Iterable[bytes], schema: CaptureSchema, *, source: str, on_reject: OnReject | None = None
    ) -> Iterator[Window]:
        """Rows of one file."""
        return parse_sagemaker(blocks, schema, source=source, on_reject=on_reject)

    def read(
        self,
        objects: Iterable[ObjectInfo],
        schema: CaptureSchema,
        *,
        captures: CaptureReader,
        on_reject: OnReject | None = None,
        root: str | None = None,  # noqa: ARG002 - payloads lie in their records
        own: frozenset[str] | None = None,
    ) -> Iterator[Window]:
        """Rows of some files, one after the other."""
        seen = Seen()
        for item in objects:
            if own is None or item.uri in own:
                blocks = captures.open(item)
                yield from parse_sagemaker(blocks, schema, source=item.uri, on_reject=on_reject, seen=seen)

    def whole_calls(self, lines: bytes) -> bytes:
        """All: a record holds both sides."""
        return lines

    def parts(self, objects: Sequence[ObjectInfo]) -> tuple[Part, ...]:
        """One part for each file."""
        return tuple(Part((item,)) for item in sorted(objects, key=lambda item: item.uri))


def _sides(line: bytes) -> _Sides | None:
    try:
        found: _Sides | None = decode_line(line, _LINES).captureData
    except UnusableError:
        return None
    return found


def _rows(payload: _Payload, answers: bool) -> Iterable[Any]:  # noqa: FBT001
    media = payload.observedContentType if isinstance(payload.observedContentType, str) else None
    return captured_rows(payload.data, payload.encoding, media, answers=answers)
