"""The Azure ML data collector: CloudEvents as JSON Lines, inputs and outputs in files of their own.

The format: https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data
Inputs and outputs of a call are joined by `correlationid` and row number. The collector may log several calls made
close together as one record, so both sides must hold the same number of rows; otherwise both are rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec
import numpy as np

from syndic.models import CaptureSchema, ColumnKind
from syndic.windows.lines import Chunk, LineReader
from syndic.windows.payloads import Row, raw_json_value, text_rows, value_rows
from syndic.windows.pieces import PieceBuilder
from syndic.windows.records import decode_chunk, decode_line, places_of
from syndic.windows.rejected import Account, OnReject, Reason, Rejected, UnusableError
from syndic.windows.seen import Seen
from syndic.windows.sides import Side
from syndic.windows.times import read_times
from syndic.windows.window import Window

MAX_WAITING = 16_384
"""Rows of calls whose other side has not come yet; beyond it the oldest are used with that side missing."""


class Collection(Enum):
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
_FOLDER = re.compile(r"([^/]+)/\d{4}(?:/\d{2}){0,4}/[^/]+$")


class _Event(msgspec.Struct, gc=False):
    id: str | None = None
    time: str | None = None
    type: str | None = None
    correlationid: str | None = None
    xrequestid: str | None = None
    datacontenttype: str | None = None
    datainblob: str | bool | None = None
    data: Any = msgspec.Raw(b"null")


class _RawEvent(_Event, gc=False):
    data: msgspec.Raw = msgspec.Raw(b"null")


_RAW_EVENTS: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_RawEvent)


def collection_of(source: str) -> Collection | None:
    """The collection that a file's folder names; another name (a merged one) holds both. None: no such folder."""
    found = _FOLDER.search(source)
    return _COLLECTION_NAMES.get(found.group(1), Collection.BOTH) if found else None


@dataclass(slots=True)
class _Call:
    """One record of one side."""

    place: tuple[str, int, int]  # source, line, offset
    call_id: str | None
    time: np.datetime64
    rows: Sequence[Row]


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
    ) -> None:
        self._account = Account(on_reject)
        self._builder = PieceBuilder(schema, self._account)
        self._seen = Seen() if seen is None else seen
        self._growing = growing
        self._sides = {
            Collection.INPUTS: self._builder.inputs,
            Collection.OUTPUTS: self._builder.outputs,
            Collection.BOTH: Side((*schema.inputs, *schema.outputs)),
        }
        self._decoders = {collection: _decoder(side) for collection, side in self._sides.items()}
        self._waiting: dict[Collection, dict[str, _Call]] = {Collection.INPUTS: {}, Collection.OUTPUTS: {}}
        self._waiting_rows = 0
        self._ready: list[tuple[_Call | None, _Call | None]] = []

    def read(self, *files: tuple[str, Iterable[bytes]] | None) -> Iterator[Window]:
        """Rows of some files read side by side, the one that is behind in time first."""
        progress = {
            place: (np.datetime64(0, "ms"), self._chunks(*file)) for place, file in enumerate(files) if file is not None
        }
        while progress:
            place = min(progress, key=lambda place: progress[place][0])
            reached, chunks = progress[place]
            latest = next(chunks, None)
            if latest is None:
                del progress[place]
                continue
            progress[place] = (reached if np.isnat(latest) else latest, chunks)
            while self._waiting_rows > MAX_WAITING:
                self._release_oldest()
            self._add_ready()
            if self._builder.full:
                yield self._builder.take()

    def finish(self) -> Iterator[Window]:
        """The rest: calls of which only one side was captured have the other one missing."""
        while self._waiting_rows:
            self._release_oldest()
        self._add_ready()
        if self._builder.has_news:
            yield self._builder.take()

    def _chunks(self, source: str, blocks: Iterable[bytes]) -> Iterator[np.datetime64]:
        """Read a file chunk by chunk; gives the time reached."""

        def reject(line: int, offset: int, reason: Reason, detail: str) -> None:
            self._account.reject(Rejected(source, line, offset, reason, detail))

        self._account.objects += 1
        collection = collection_of(source)
        decoder = self._decoders[collection] if collection else _RAW_EVENTS
        for chunk in LineReader(blocks, reject=reject, growing=self._growing).chunks():
            yield self._read(chunk, source, collection, decoder)

    def _read(
        self, chunk: Chunk, source: str, collection: Collection | None, decoder: msgspec.json.Decoder[Any]
    ) -> np.datetime64:
        def reject(line: int, offset: int, reason: Reason, detail: str) -> None:
            self._account.reject(Rejected(source, line, offset, reason, detail))

        events: list[_Event]
        events, found = decode_chunk(chunk, decoder, reject, fallback=_RAW_EVENTS)
        times, errors = read_times([event.time for event in events])
        for index, (event, place) in enumerate(zip(events, places_of(chunk, found), strict=True)):
            try:
                if index in errors:
                    raise errors[index]
                call = _Call((source, place[0], place[1]), None, times[index], ())
                self._take(event, collection, call, place[2])
            except UnusableError as error:
                reject(place[0], place[1], error.reason, error.detail)
        known = times[~np.isnat(times)]
        return np.datetime64(known[np.argmax(known)] if known.size else "NaT", "ms")

    def _take(self, event: _Event, collection: Collection | None, call: _Call, line: bytes) -> None:
        if collection is None:
            collection = _COLLECTION_NAMES.get((event.type or "").rpartition(".")[2], Collection.BOTH)
        if event.datainblob in {True, "true", "True"}:
            raise UnusableError(Reason.BLOB, "the payload lies in a blob of its own")
        rows = _rows(event, self._sides[collection], line)
        if event.id and not self._seen.first([f"{collection.value}:{event.id}"])[0]:
            raise UnusableError(Reason.DUPLICATE, "a record with this id was already used")
        call.call_id, call.rows = event.correlationid or event.xrequestid or event.id, rows
        if collection is Collection.BOTH:
            width = self._builder.inputs.width
            answered = _Call(call.place, call.call_id, call.time, [row[width:] for row in rows])
            call.rows = [row[:width] for row in rows]
            self._ready.append((call, answered))
            self._account.used += 1
        else:
            self._pair(call, collection)

    def _pair(self, call: _Call, collection: Collection) -> None:
        other = Collection.OUTPUTS if collection is Collection.INPUTS else Collection.INPUTS
        key = call.call_id
        waiting = self._waiting[collection]
        partner = self._waiting[other].pop(key, None) if key is not None else None
        if key is None or (partner is None and key in waiting):
            self._release(call, collection)  # nothing can be joined to it, or its name is taken
            return
        if partner is None:
            waiting[key] = call
            self._waiting_rows += len(call.rows)
            return
        self._waiting_rows -= len(partner.rows)
        pair = (call, partner) if collection is Collection.INPUTS else (partner, call)
        if len(call.rows) == len(partner.rows):
            self._ready.append(pair)
            self._account.used += 2
            return
        detail = f"{len(pair[0].rows)} input rows and {len(pair[1].rows)} output rows with one correlationid"
        for half in pair:
            self._account.reject(Rejected(*half.place, Reason.ROWS, detail))

    def _release_oldest(self) -> None:
        collection = max(self._waiting, key=lambda side: len(self._waiting[side]))
        key = next(iter(self._waiting[collection]))
        call = self._waiting[collection].pop(key)
        self._waiting_rows -= len(call.rows)
        self._release(call, collection)

    def _release(self, call: _Call, collection: Collection) -> None:
        self._ready.append((call, None) if collection is Collection.INPUTS else (None, call))
        self._account.used += 1

    def _add_ready(self) -> None:
        if not self._ready:
            return
        inputs, outputs = self._builder.inputs, self._builder.outputs
        given: list[Row] = []
        answered: list[Row] = []
        ids: list[str | None] = []
        times: list[np.datetime64] = []
        counts: list[int] = []
        for one, other in self._ready:
            call = one or other
            if call is None:
                continue
            count = len(call.rows)
            given.extend(one.rows if one else [inputs.blank] * count)
            answered.extend(other.rows if other else [outputs.blank] * count)
            times.append(call.time)
            counts.append(count)
            if count == 1 or call.call_id is None:
                ids.extend([call.call_id] * count)
            else:
                ids.extend(f"{call.call_id}#{row}" for row in range(count))
        self._ready.clear()
        own = inputs.own_ids(given, outputs.own_ids(answered, ids))
        self._builder.add(own, np.repeat(np.array(times, "datetime64[ms]"), counts), given, answered)


def _decoder(side: Side) -> msgspec.json.Decoder[Any]:
    """A decoder of events whose rows are objects with the schema's names: the usual case, read in one go."""
    fields: list[tuple[str, Any, Any]] = [
        (f"c{place}", float | None if spec.kind is ColumnKind.NUMERIC else str | int | float | bool | None, None)
        for place, spec in enumerate(side.specs)
        if place in side.kept or place == side.id_place
    ]
    if len(fields) != side.width or len(set(side.names)) != side.width:
        return _RAW_EVENTS
    names = {f"c{place}": spec.name for place, spec in enumerate(side.specs)}
    row = msgspec.defstruct("Row", fields, rename=names, gc=False)
    event = msgspec.defstruct("Event", [("data", list[row], None)], bases=(_Event,), gc=False)  # type: ignore[valid-type]
    return msgspec.json.Decoder(event)


def _rows(event: _Event, side: Side, line: bytes) -> Sequence[Row]:
    if not side.specs:
        raise UnusableError(Reason.COLUMNS, "the schema has no columns for this collection")
    data = event.data
    if isinstance(data, list):
        rows = [msgspec.structs.astuple(row) for row in data]
        if rows and side.blank not in rows:
            return rows if side.numeric else side.checked(rows)
        data = decode_line(line, _RAW_EVENTS).data  # to tell a row of nulls from one of other names
    value = raw_json_value(data)
    if value is None:
        raise UnusableError(Reason.EMPTY, "the payload holds no row")
    if isinstance(value, str):
        return side.checked(text_rows(value, event.datacontenttype, side.names))
    return side.checked(value_rows(value, side.names))
