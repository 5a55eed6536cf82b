"""The data collector's files as a `Format`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from syndic.models import CaptureSchema
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.formats.azure_collector.offloaded_payloads import PayloadFiles
from syndic.windows.formats.azure_collector.pairs import paired_parts, pairs_of
from syndic.windows.formats.azure_collector.records import CollectorReader, parse_collector
from syndic.windows.formats.protocol import Glimpse
from syndic.windows.parsing.payloads import raw_json_value
from syndic.windows.parsing.records import decode_line
from syndic.windows.parsing.unnamed import unwrapped_rows
from syndic.windows.partitions import Part
from syndic.windows.rejected import OnReject, UnusableError
from syndic.windows.window import Window


class _Line(msgspec.Struct, gc=False):
    specversion: str | None = None
    type: str | None = None
    correlationid: str | None = None
    xrequestid: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def call(self) -> str | None:
        """What both sides of a call have in common; None: this event stands alone."""
        return self.correlationid or self.xrequestid

    @property
    def answers(self) -> bool:
        """Whether it holds what was answered."""
        return (self.type or "").endswith(("outputs", "response"))


_LINES = msgspec.json.Decoder(_Line)


class AzureCollector:
    """The two sides of a call lie in files of their own, of the same deployment, hour and instance."""

    mark = b'"specversion"'

    def recognises(self, line: bytes) -> bool:
        """Whether a line is a CloudEvent."""
        found = _event(line)
        return found is not None and found.specversion is not None

    def glimpse(self, line: bytes) -> tuple[Glimpse, ...]:
        """The one side that an event holds."""
        found = _event(line)
        if found is None:
            return ()
        return (Glimpse(found.answers, partial(_rows, found)),)

    def parse(
        self, blocks: Iterable[bytes], schema: CaptureSchema, *, source: str, on_reject: OnReject | None = None
    ) -> Iterator[Window]:
        """Rows of one finished file."""
        return parse_collector(blocks, schema, source=source, on_reject=on_reject, growing=False)

    def read(
        self,
        objects: Iterable[ObjectInfo],
        schema: CaptureSchema,
        *,
        captures: CaptureReader,
        on_reject: OnReject | None = None,
        root: str | None = None,
        own: frozenset[str] | None = None,
    ) -> Iterator[Window]:
        """Rows of some files, pair by pair."""
        apart = PayloadFiles(captures, root) if root else None
        reader = CollectorReader(schema, on_reject=on_reject, own=own, apart=apart)
        for pair in pairs_of(objects):
            yield from reader.read(*((item.uri, captures.open(item)) for item in pair))
        yield from reader.finish()

    def whole_calls(self, lines: bytes) -> bytes:
        """The events of calls of which both sides are there; all where only one side is collected."""
        read = [(line, _event(line)) for line in lines.splitlines(keepends=True)]
        asked = {event.call for _, event in read if event is not None and not event.answers}
        answered = {event.call for _, event in read if event is not None and event.answers}
        if not asked or not answered:
            return lines
        both = (asked & answered) | {None}
        return b"".join(line for line, event in read if event is None or event.call in both)

    def parts(self, objects: Sequence[ObjectInfo]) -> tuple[Part, ...]:
        """One part for each pair of files."""
        return paired_parts(objects)


def _event(line: bytes) -> _Line | None:
    try:
        found: _Line = decode_line(line, _LINES)
    except UnusableError:
        return None
    return found


def _rows(event: _Line) -> Iterable[Any]:
    return unwrapped_rows(raw_json_value(event.data), answers=event.answers)
