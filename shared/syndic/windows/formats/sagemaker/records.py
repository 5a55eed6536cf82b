"""SageMaker Data Capture: JSON Lines, one line for each call, its input and output as text inside.

The format: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from syndic.models import CaptureSchema
from syndic.windows.cells.times import read_times
from syndic.windows.formats.sagemaker.alike_lines import AlikeReader
from syndic.windows.formats.sagemaker.envelope import (
    ABSENT,
    ANY_RECORDS,
    RECORDS,
    TYPED,
    Payload,
    Record,
    TypedPayload,
    TypedSides,
)
from syndic.windows.parsing.batches import PieceBuilder, Placement
from syndic.windows.parsing.deduplication import Seen
from syndic.windows.parsing.lines import Chunk, LineReader
from syndic.windows.parsing.payloads import Row, encoded_rows, json_rows, text_rows
from syndic.windows.parsing.plain_columns import PlacedColumns, PlainColumns
from syndic.windows.parsing.records import Places, decode_chunk, decode_line
from syndic.windows.parsing.sides import BothSides, Rows, Side
from syndic.windows.rejected import NO_TEXT, Account, OnReject, Reason, Rejected, UnusableError
from syndic.windows.window import Window


def parse_sagemaker(
    blocks: Iterable[bytes],
    schema: CaptureSchema,
    *,
    source: str,
    on_reject: OnReject | None = None,
    seen: Seen | None = None,
) -> Iterator[Window]:
    """Rows of one capture file, in pieces of bounded size.

    Args:
        blocks: The file's bytes in order, cut anywhere; gzip is inflated.
        schema: The columns of the model's traffic.
        source: The file's address, for rejected lines.
        on_reject: Called for each record that cannot be used, which is counted and never stops the reading.
        seen: Records of the window read so far. A record whose eventId was used before is rejected as `duplicate`:
            capture files are delivered at least once, and the same call must not count twice.
    """
    account = Account(on_reject, objects=1)
    reader = CallReader(schema, source, account, seen or Seen())
    for chunk in LineReader(blocks, reject=reader.reject).chunks():
        reader.read(chunk)
        if reader.builder.full:
            yield reader.builder.take()
    if reader.builder.has_news:
        yield reader.builder.take()


class Located(Protocol):
    """Where each of some records stands in its file."""

    @property
    def lines(self) -> Sequence[int]:
        """Line numbers."""

    @property
    def offsets(self) -> Sequence[int]:
        """Byte offsets."""

    def text(self, record: int) -> bytes:
        """A record's line."""


class CallReader:
    """Reads call after call of one file into pieces."""

    def __init__(self, schema: CaptureSchema, source: str, account: Account, seen: Seen) -> None:
        self.builder = PieceBuilder(schema, account)
        self._source, self._account, self._seen = source, account, seen
        self._inputs, self._outputs = self.builder.inputs, self.builder.outputs
        self._both = BothSides(self._inputs, self._outputs)
        self._alike = AlikeReader(self._inputs.width, self._outputs.width)

    def reject(self, line: int, offset: int, reason: Reason, detail: str) -> None:
        """Count a line that cannot be used."""
        self._account.reject(Rejected(self._source, line, offset, reason, detail))

    def read(self, chunk: Chunk) -> None:
        """Add the rows of a chunk's records to the piece."""
        if self._take_alike(chunk):
            return
        records, places = decode_chunk(chunk, RECORDS, self.reject, fallback=ANY_RECORDS)
        if records:
            self.take(records, places)

    def _take_alike(self, chunk: Chunk) -> bool:
        """Add the rows of a chunk whose lines differ in their values alone; False, and nothing is done: read them."""
        lines = self._alike.read(chunk)
        cells = None if lines is None else lines.cells(chunk.data, self._both.coded)
        rows = None if cells is None else self._both.of(cells)
        if lines is None or rows is None:
            return False
        times, errors = read_times(lines.times)
        marks = _Marks(lines.event_ids, lines.ids, times)
        self._settle(
            marks, errors, Places(chunk, lines.between), _Plain(range(len(times)), *rows), calls={}, lacking={}
        )
        return True

    def take(self, records: Sequence[Record], places: Located) -> None:
        """Add the rows of some calls to the piece."""
        times, errors = read_times([record.eventMetadata.inferenceTime for record in records])
        plain, inputs, outputs = self._plain(records)
        calls: dict[int, tuple[list[Row] | None, list[Row] | None]] = {}
        lacking: dict[int, UnusableError] = {}
        if len(plain) < len(records):
            for place in sorted(set(range(len(records))) - set(plain)):
                if place not in errors:
                    try:
                        *rows, lack = self._call(records[place], places.text(place))
                        calls[place] = (rows[0], rows[1])
                        if lack is not None:
                            lacking[place] = lack
                    except UnusableError as error:
                        errors[place] = error
        about = [record.eventMetadata for record in records]
        marks = _Marks(
            [one.eventId or None for one in about], [one.inferenceId or one.eventId or None for one in about], times
        )
        self._settle(marks, errors, places, _Plain(plain, inputs, outputs), calls=calls, lacking=lacking)

    def _settle(
        self,
        marks: _Marks,
        errors: dict[int, UnusableError],
        places: Located,
        plain: _Plain,
        *,
        calls: _Calls,
        lacking: dict[int, UnusableError],
    ) -> None:
        """Count the calls, and add the rows of those that can be used."""
        self._drop_duplicates(marks.event_ids, errors)
        if errors:
            for place in sorted(errors):
                self.reject(places.lines[place], places.offsets[place], errors[place].reason, errors[place].detail)
        for place in lacking.keys() - errors.keys():
            self._account.lack(lacking[place])
            self._account.miss(self._outputs.kept_names, len(calls[place][0] or ()))
        self._account.used += len(marks.ids) - len(errors)
        self._add(marks, errors, plain, calls)

    def _plain(self, records: Sequence[Record]) -> tuple[list[int], Rows, Rows]:
        """The records whose payloads are one row of plain CSV on every side the schema has, and those rows."""
        calls = [record.captureData for record in records]
        given = [call.endpointInput or ABSENT for call in calls]
        answered = [call.endpointOutput or ABSENT for call in calls]
        if {payload.encoding for payload in given} == {payload.encoding for payload in answered} == {"CSV"}:
            both = self._both.read(
                [payload.data.rstrip() for payload in given], [payload.data.rstrip() for payload in answered]
            )
            if both is not None:
                return list(range(len(records))), *both
        no_inputs, no_outputs = not self._inputs.specs, not self._outputs.specs
        plain = [
            place
            for place, (one, other) in enumerate(zip(given, answered, strict=True))
            if (no_inputs or one.encoding == "CSV") and (no_outputs or other.encoding == "CSV")
        ]
        rows: list[Rows] = []
        bad = np.zeros(len(plain), np.bool_)
        for side, payloads in ((self._inputs, given), (self._outputs, answered)):
            taken = payloads if len(plain) == len(payloads) else [payloads[place] for place in plain]
            side_rows, side_bad = side.plain_rows([payload.data.rstrip() for payload in taken])
            rows.append(side_rows)
            bad |= side_bad
        if bad.any():
            good = np.flatnonzero(~bad)
            plain = [plain[place] for place in good.tolist()]
            rows = [_picked(found, good) for found in rows]
        return plain, rows[0], rows[1]

    def _call(self, record: Record, line: bytes) -> _Call:
        """Rows of both sides of any record, None for a side that is missing, and why it cannot be read if it is there.

        An answer that cannot be read is missing; a question that cannot be read is no row. Raises `UnusableError`.
        """
        captured = record.captureData
        typed = TypedSides()
        if "BASE64" in (payload.encoding for payload in (captured.endpointInput, captured.endpointOutput) if payload):
            typed = decode_line(line, TYPED).captureData
        inputs = _rows(self._inputs, captured.endpointInput, typed.endpointInput)
        lack: UnusableError | None = None
        try:
            outputs = _rows(self._outputs, captured.endpointOutput, typed.endpointOutput)
        except UnusableError as error:
            if inputs is None:
                raise
            outputs, lack = None, error
        if inputs is None and outputs is None:
            raise UnusableError(Reason.ENVELOPE, "neither side that the schema describes was captured")
        if inputs is not None and outputs is not None and len(inputs) != len(outputs):
            raise UnusableError(Reason.ROWS, f"{len(inputs)} input rows and {len(outputs)} output rows in one call")
        return inputs, outputs, lack

    def _drop_duplicates(self, event_ids: Sequence[str | None], errors: dict[int, UnusableError]) -> None:
        """Only records that can be used are remembered, so that a good copy after a damaged one counts."""
        usable = [place for place in range(len(event_ids)) if place not in errors] if errors else range(len(event_ids))
        first = self._seen.first([event_ids[place] for place in usable] if errors else event_ids)
        for index in np.flatnonzero(~first).tolist():
            errors[usable[index]] = UnusableError(Reason.DUPLICATE, "a record with this eventId was already used")

    def _add(self, marks: _Marks, errors: dict[int, UnusableError], plain: _Plain, calls: _Calls) -> None:
        ids, times = marks.ids, marks.times
        inputs: Rows = plain.inputs
        outputs: Rows = plain.outputs
        if calls or errors:
            counts = np.zeros(len(ids), np.intp)
            counts[plain.places] = 1
            for place, (given, answered) in calls.items():
                counts[place] = len(given if given is not None else answered or ())
            counts[list(errors)] = 0
            rows = Placement(counts)
            inputs = rows.placed(self._inputs, plain.places, plain.inputs, {k: call[0] for k, call in calls.items()})
            outputs = rows.placed(self._outputs, plain.places, plain.outputs, {k: call[1] for k, call in calls.items()})
            times = np.repeat(times, counts)
            ids = rows.ids(ids)
        ids = self._inputs.own_ids(inputs, self._outputs.own_ids(outputs, ids))
        self.builder.add(ids, times, inputs, outputs)


def _picked(rows: Rows, places: NDArray[np.intp]) -> Rows:
    if isinstance(rows, np.ndarray):
        return rows[places]
    if isinstance(rows, PlainColumns | PlacedColumns):
        return rows.chosen(places)
    every = list(rows)
    return [every[place] for place in places.tolist()]


@dataclass(frozen=True, slots=True)
class _Plain:
    """Records of one plain CSV row on each side, and these rows."""

    places: Sequence[int]
    inputs: Rows
    outputs: Rows


@dataclass(frozen=True, slots=True)
class _Marks:
    """By record: the id of its event, what its rows are called by, and its time."""

    event_ids: Sequence[str | None]
    ids: Sequence[str | None]
    times: NDArray[np.datetime64]


_Calls = dict[int, tuple[list[Row] | None, list[Row] | None]]


_Call = tuple[list[Row] | None, list[Row] | None, UnusableError | None]


def _rows(side: Side, payload: Payload | None, typed: TypedPayload | None) -> list[Row] | None:
    if payload is None or not side.specs:
        return None
    if payload.encoding == "CSV":
        rows = text_rows(payload.data, "text/plain", side.wanted)  # whatever the endpoint was told to capture as CSV
    elif payload.encoding == "JSON":
        rows = json_rows(payload.data, side.wanted)
    elif payload.encoding == "BASE64":
        rows = encoded_rows(payload.data, typed.observedContentType if typed else None, side.wanted)
    else:
        raise UnusableError(Reason.ENVELOPE, NO_TEXT)
    return list(side.checked(rows))
