"""The Azure ML data collector: CloudEvents as JSON Lines, inputs and outputs in files of their own.

The format: https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data
Inputs and outputs of a call are joined by `correlationid` and row number. The collector may log several calls made
close together as one record, so both sides must hold the same number of rows; otherwise both are rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain, groupby, pairwise, repeat
from typing import Any

import msgspec
import numpy as np

from syndic.models import CaptureSchema
from syndic.windows.cells.times import read_times
from syndic.windows.formats.azure_collector.offloaded_payloads import PayloadFiles
from syndic.windows.parsing.batches import PieceBuilder
from syndic.windows.parsing.deduplication import Seen
from syndic.windows.parsing.joining import MAX_WAITING, Call, CallJoiner
from syndic.windows.parsing.lines import LineReader
from syndic.windows.parsing.payloads import raw_json_value, speaks_of_rows, text_rows, value_rows
from syndic.windows.parsing.records import Places, decode_chunk, decode_line
from syndic.windows.parsing.sides import Side
from syndic.windows.rejected import Account, OnReject, Reason, Rejected, UnusableError
from syndic.windows.window import Window


class Collection(StrEnum):
    """Which side of the calls a collection holds."""

    INPUTS = "inputs"
    OUTPUTS = "outputs"
    BOTH = "both"


_COLLECTION_NAMES = {
    "model_inputs": Collection.INPUTS,
    "inputs": Collection.INPUTS,
    "request": Collection.INPUTS,
    "model_outputs": Collection.OUTPUTS,
    "outputs": Collection.OUTPUTS,
    "response": Collection.OUTPUTS,
}
_TRUE = (True, "true", "True")
_FOLDER = re.compile(r"([^/]+)/\d{4}(?:/\d{2}){0,4}/[^/]+$")


class _Event(msgspec.Struct, gc=False):
    """What every event needs; those of known collections add typed rows as `data`."""

    id: str | None = None
    time: str | None = None
    correlationid: str | None = None
    xrequestid: str | None = None
    datainblob: str | bool | None = None


class _RawEvent(_Event, gc=False):
    type: str | None = None
    datacontenttype: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


_RAW_EVENTS: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_RawEvent)


def collection_of(source: str) -> Collection | None:
    """The collection that a file's folder names; another name (a merged one) holds both. None: no such folder."""
    found = _FOLDER.search(source)
    return _COLLECTION_NAMES.get(found.group(1), Collection.BOTH) if found else None


def parse_collector(
    blocks: Iterable[bytes],
    schema: CaptureSchema,
    *,
    source: str,
    outputs: Iterable[bytes] | None = None,
    outputs_source: str = "",
    on_reject: OnReject | None = None,
    seen: Seen | None = None,
    growing: bool = True,
) -> Iterator[Window]:
    """Rows of one collector file, joined with those of its partner file when one is given.

    Args:
        blocks: The file's bytes in order, cut anywhere.
        schema: The columns of the model's traffic.
        source: The file's address: its folder tells the collection; where it does not, each event's type does.
        outputs: Bytes of the file of outputs that belongs to `blocks`.
        outputs_source: The address of that file.
        on_reject: Called for each record that cannot be used, which is counted and never stops the reading.
        seen: Records of the window read so far; a CloudEvents id met before in the same collection is a duplicate.
        growing: Whether files may still be written: then a last line without its newline is left for later.
    """
    reader = CollectorReader(schema, on_reject=on_reject, seen=seen, growing=growing)
    yield from reader.read((source, blocks), (outputs_source, outputs) if outputs is not None else None)
    yield from reader.finish()


class CollectorReader:
    """Reads pairs of files one after the other; calls whose sides lie in neighbouring files still meet."""

    def __init__(
        self,
        schema: CaptureSchema,
        *,
        on_reject: OnReject | None = None,
        seen: Seen | None = None,
        growing: bool = True,
        own: frozenset[str] | None = None,
        apart: PayloadFiles | None = None,
    ) -> None:
        """`own`: only records of these files are counted; the others are read to find the other side of calls.

        `apart` reads the payloads that lie in blobs of their own; without it they are rejected.
        """
        self._own, self._apart = own, apart
        self._account = Account(on_reject)
        self._builder = PieceBuilder(schema, self._account)
        self._seen = Seen() if seen is None else seen
        self._growing = growing
        self._sides = {
            Collection.INPUTS: self._builder.inputs,
            Collection.OUTPUTS: self._builder.outputs,
            Collection.BOTH: Side(tuple(chain.from_iterable(schema.sides))),
        }
        self._decoders = {collection: _decoder(side) for collection, side in self._sides.items()}
        self._joiner = CallJoiner(self._builder, own=own)

    def read(self, *files: tuple[str, Iterable[bytes]] | None) -> Iterator[Window]:
        """Rows of some files read side by side, the one that is behind in time first."""
        progress = {place: (0, 0, self._chunks(*file)) for place, file in enumerate(files) if file is not None}
        while progress:
            place = min(progress, key=lambda place: progress[place][:2])
            reached, records, chunks = progress[place]
            step = next(chunks, None)
            if step is None:
                del progress[place]
                continue
            progress[place] = (max(reached, step[0]), records + step[1], chunks)
            self._joiner.flush(MAX_WAITING)
            if self._builder.full:
                yield self._builder.take()

    def finish(self) -> Iterator[Window]:
        """The rest: calls of which only one side was captured have the other one missing."""
        self._joiner.flush(0)
        if self._builder.has_news:
            yield self._builder.take()

    def _chunks(self, source: str, blocks: Iterable[bytes]) -> Iterator[tuple[int, int]]:
        """Read a file chunk by chunk; gives the time reached (ms) and the number of records."""

        def reject(line: int, offset: int, reason: Reason, detail: str) -> None:
            self._reject(Rejected(source, line, offset, reason, detail))

        self._account.objects += self._owns(source)
        collection = collection_of(source)
        decoder = self._decoders[collection] if collection else _RAW_EVENTS
        for chunk in LineReader(blocks, reject=reject, growing=self._growing).chunks():
            events, places = decode_chunk(chunk, decoder, reject, fallback=_RAW_EVENTS)
            for some, there in self._portions(events, places):
                yield self._read(some, there, source, collection), len(some)

    def _portions(self, events: list[Any], places: Places) -> Iterator[tuple[list[Any], Places]]:
        """A chunk's events, at most one of them with a payload kept apart: a chunk may name hundreds of long ones."""
        apart = self._apart and [at for at, event in enumerate(events, 1) if event.datainblob in _TRUE]
        if not apart:
            yield events, places
            return
        for start, end in pairwise(sorted({0, *apart, len(events)})):
            yield events[start:end], places.within(start, end)

    def _read(self, events: list[Any], places: Places, source: str, collection: Collection | None) -> int:
        """Join a chunk's events to the others; gives the latest time."""
        times, errors = read_times([event.time for event in events])
        stamps = times.astype(np.int64).tolist()
        rows = None if collection is None or errors else _usual_rows(events, self._sides[collection])
        if rows is None:
            rows = [()] * len(events)
            for index, event in enumerate(events):
                if index not in errors:
                    try:
                        rows[index] = _rows(event, self._sides[collection or _side(event)], places, index, self._apart)
                    except UnusableError as error:
                        errors[index] = error
        self._drop_duplicates(events, collection, errors)
        ids = [event.correlationid or event.xrequestid or event.id for event in events]
        calls = list(map(Call, repeat(source), places.lines, places.offsets, ids, stamps, rows))
        for index in sorted(errors):
            call, found = calls[index], errors[index]
            self._reject(Rejected(source, call.line, call.offset, found.reason, found.detail))
            side = collection or _side(events[index])
            if found.reason is not Reason.DUPLICATE and side is not Collection.BOTH:
                self._joiner.void(call, is_input=side is Collection.INPUTS)
        if errors:
            kept = [index for index in range(len(events)) if index not in errors]
            calls, events = [calls[index] for index in kept], [events[index] for index in kept]
        if collection is not None:
            self._join(calls, collection)
        else:
            for side, group in groupby(zip(calls, events, strict=True), key=lambda pair: _side(pair[1])):
                self._join([call for call, _ in group], side)
        return max(stamps, default=0)

    def _owns(self, source: str) -> bool:
        return self._own is None or source in self._own

    def _reject(self, rejected: Rejected) -> None:
        if self._owns(rejected.source):
            self._account.reject(rejected)

    def _join(self, calls: list[Call], collection: Collection) -> None:
        if collection is Collection.BOTH:
            self._joiner.add_whole(calls, self._builder.inputs.width)
        else:
            self._joiner.add_halves(calls, is_input=collection is Collection.INPUTS)

    def _drop_duplicates(
        self, events: list[Any], collection: Collection | None, errors: dict[int, UnusableError]
    ) -> None:
        """Only records that can be used are remembered, so that a good copy after a damaged one counts."""
        usable = [index for index in range(len(events)) if index not in errors]
        groups = {collection: usable} if collection is not None else {}
        if collection is None:
            for index in usable:
                groups.setdefault(_side(events[index]), []).append(index)
        for side, places in groups.items():
            first = self._seen.first([events[index].id or None for index in places], kind=side)
            for place in np.flatnonzero(~first).tolist():
                errors[places[place]] = UnusableError(Reason.DUPLICATE, "a record with this id was already used")


def _side(event: Any) -> Collection:
    """The collection that the event's own type names."""
    return _COLLECTION_NAMES.get((getattr(event, "type", None) or "").rpartition(".")[2], Collection.BOTH)


def _decoder(side: Side) -> msgspec.json.Decoder[Any]:
    """A decoder of events whose rows are objects with the schema's names: the usual case, read in one go."""
    if not side.distinct or len({*side.kept, side.id_place} - {None}) < side.width:
        return _RAW_EVENTS
    event = msgspec.defstruct("Event", [("data", list[side.row_type], None)], bases=(_Event,), gc=False)  # type: ignore[name-defined]
    return msgspec.json.Decoder(event)


def _usual_rows(events: list[Any], side: Side) -> list[Sequence[msgspec.Struct]] | None:
    """Rows of all events at once, or None when any is unlike the others and must be looked at alone."""
    if not side.numeric or {event.datainblob for event in events} != {None}:
        return None
    data = [event.data for event in events]
    if set(map(type, data)) != {list} or not all(data) or side.row_type() in chain.from_iterable(data):
        return None
    return data


def _rows(event: Any, side: Side, places: Places, index: int, apart: PayloadFiles | None) -> Sequence[msgspec.Struct]:
    if not side.specs:
        raise UnusableError(Reason.COLUMNS, "the schema has no columns for this collection")
    kept_apart = event.datainblob in _TRUE
    data = event.data
    if type(data) is list and not kept_apart and data and side.row_type() not in data:
        return data if side.numeric else side.typed(map(msgspec.structs.astuple, data))
    raw = event if isinstance(event, _RawEvent) else decode_line(places.text(index), _RAW_EVENTS)
    value = raw_json_value(raw.data)
    if kept_apart:
        if apart is None or not speaks_of_rows(raw.datacontenttype):
            raise UnusableError(Reason.BLOB, "the payload lies in a blob of its own")
        value = apart.text(value)
    if value is None:
        raise UnusableError(Reason.EMPTY, "the payload holds no row")
    if isinstance(value, str):
        return side.typed(text_rows(value, raw.datacontenttype, side.wanted))
    return side.typed(value_rows(value, side.wanted))
