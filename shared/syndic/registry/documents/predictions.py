"""Looking up a prediction in the captured traffic: a trace is given only of what was found there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

import numpy as np

from syndic.errors import InvalidInputError, NotFoundError, TooLargeError
from syndic.models import CaptureSchema, ColumnRole, RegisteredModel, TimeWindow
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows import Window
from syndic.windows.cells.cell import level_text
from syndic.windows.read_window import read_objects

AROUND: Final = timedelta(hours=1)  # a call is captured in the folder of its hour, or of the next when it is late
MOST_BYTES: Final = 128_000_000  # of captured files searched for one prediction


@dataclass(frozen=True, slots=True)
class FoundPrediction:
    """A prediction that is in the captured traffic: when it was made, and what its line says of what answered."""

    at: datetime
    version: str | None = None
    request_id: str | None = None


def find_prediction(
    model: RegisteredModel, prediction_id: str, *, at: datetime, captures: CaptureReader
) -> FoundPrediction:
    """A prediction, with its time as its captured record says; `at` when the record has no time.

    The files of the hour that `at` names and of the hours beside it are searched for the id of a row: its value in the
    row-id column, its inference id, or its event id where it has none. Of a call with several rows the call's id is
    enough.

    Raises:
        NotFoundError: It is not there, or the traffic is not captured, not described or not readable; the message says.
        TooLargeError: These hours hold more than `MOST_BYTES`.
        UnavailableError: The captured files cannot be read now.
    """
    name = f"prediction {prediction_id!r} of {model.id}"
    capture = model.endpoint.capture if model.endpoint else None
    if model.endpoint is None or capture is None:
        raise NotFoundError(f"{name} cannot be looked up: the model's traffic is not captured")
    schema = model.capture_schema
    if schema is None:
        raise NotFoundError(f"{name} cannot be looked up: the columns of the model's traffic are not described")
    try:
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        span = TimeWindow(start=hour - AROUND, end=hour + 2 * AROUND)
    except OverflowError:
        raise NotFoundError(f"{name} cannot be looked up: nothing is captured at the end of all times") from None
    items = tuple(captures.objects(model.endpoint, capture, span))
    size = sum(item.size for item in items)
    if size > MOST_BYTES:
        limit = f"more than the {MOST_BYTES // 1_000_000} MB that are searched for one prediction"
        raise TooLargeError(f"{name} cannot be looked up: the traffic around {at:%Y-%m-%d %H:%M} UTC is {limit}")

    def pieces(columns: CaptureSchema) -> Iterator[Window]:
        return read_objects(items, columns, capture.format, captures=captures, root=capture.uri)

    try:
        found = _search(pieces, schema, prediction_id)
    except (InvalidInputError, TooLargeError) as error:
        raise NotFoundError(f"{name} cannot be looked up: {error}") from error
    if found is None:
        raise NotFoundError(f"{name} is not in {_searched(items, span)}{_sampled(capture.sampling_percent)}")
    made_at = at if np.isnat(found) else found.astype("datetime64[us]").item().replace(tzinfo=UTC)
    said = _said_by_gateway(items, prediction_id, captures) if model.endpoint.told else {}
    return FoundPrediction(made_at, version=said.get("model_version"), request_id=said.get("request_id"))


def _said_by_gateway(items: tuple[ObjectInfo, ...], wanted: str, captures: CaptureReader) -> dict[str, str]:
    """What the gateway wrote beside a prediction, which no column holds."""
    for item in items:
        data = b"".join(captures.open(item))
        if wanted.encode() not in data:
            continue
        for line in data.splitlines():
            if b'"syndic"' not in line or wanted.encode() not in line:
                continue
            try:
                record = json.loads(line)
                row_id = str(record["eventMetadata"]["inferenceId"])
                said = record["syndic"]
            except (ValueError, KeyError, TypeError):
                continue
            if isinstance(said, dict) and (row_id == wanted or said.get("request_id") == wanted):
                return {name: str(value) for name, value in said.items()}
    return {}


def _search(
    pieces: Callable[[CaptureSchema], Iterator[Window]], schema: CaptureSchema, wanted: str
) -> np.datetime64 | None:
    """The time of the row, NaT when it has none; None: no such row."""
    own = schema.role(ColumnRole.ROW_ID)
    names = {wanted, level_text(wanted)}  # the row-id column is read as a category's text: 1.0 is 1
    every = chain(pieces(schema), pieces(_without_row_id(schema)) if own else ())
    for piece in every:
        for place, row_id in enumerate(piece.ids):
            if row_id is not None and (row_id in names or row_id.startswith(f"{wanted}#")):
                return np.datetime64("NaT") if piece.times is None else np.datetime64(piece.times[place])
    return None


def _without_row_id(schema: CaptureSchema) -> CaptureSchema:
    """The same columns, so that rows go by the ids of their calls."""
    sides = {
        name: tuple(
            one.model_copy(update={"role": ColumnRole.IGNORED}) if one.role is ColumnRole.ROW_ID else one
            for one in getattr(schema, name)
        )
        for name in ("inputs", "outputs")
    }
    return schema.model_copy(update=sides)


def _searched(items: tuple[ObjectInfo, ...], span: TimeWindow) -> str:
    return f"the {len(items)} captured files of {span.start:%Y-%m-%d %H:%M} to {span.end:%Y-%m-%d %H:%M} UTC"


def _sampled(percent: float) -> str:
    return "" if percent >= 100 else f"; only {percent:g} % of its traffic is captured"
