"""Looking up a prediction in the captured traffic: a trace is given only of what was found there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Final

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
    """A prediction that is in the captured traffic: when it was made, and what its line says of what answered.

    `doubts` say, in words, that other lines have the same id.
    """

    at: datetime
    version: str | None = None
    request_id: str | None = None
    doubts: tuple[str, ...] = ()


def find_prediction(
    model: RegisteredModel, prediction_id: str, *, at: datetime, captures: CaptureReader
) -> FoundPrediction:
    """A prediction, with its time as its captured record says; `at` when the record has no time.

    The files of the hour that `at` names and of the hours beside it are searched for the id of a row: its value in the
    row-id column, its inference id, or its event id where it has none. Of a call with several rows the call's id is
    enough. Of several predictions with one id it is the one whose time is the nearest to `at`, and that is said.

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
        found = _search(pieces, schema, prediction_id, at)
    except (InvalidInputError, TooLargeError) as error:
        raise NotFoundError(f"{name} cannot be looked up: {error}") from error
    if found is None:
        raise NotFoundError(f"{name} is not in {_searched(items, span)}{_sampled(capture.sampling_percent)}")
    said = _said_by_gateway(items, prediction_id, captures) if model.endpoint.told else []
    if not said:
        return FoundPrediction(at if np.isnat(found) else _moment(found))
    chosen = min(said, key=lambda one: _apart(one.at, at))
    return FoundPrediction(chosen.at or at, version=chosen.version, request_id=chosen.request_id, doubts=_doubts(said))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line of the gateway's log says of itself."""

    at: datetime | None
    version: str | None
    request_id: str | None


def _said_by_gateway(items: tuple[ObjectInfo, ...], wanted: str, captures: CaptureReader) -> list[_Said]:
    """What the gateway wrote beside the predictions of an id, which no column holds."""
    found: list[_Said] = []
    escaped = json.dumps(wanted, ensure_ascii=False)[1:-1].encode()  # as a line has it
    for item in items:
        data = b"".join(captures.open(item))
        if escaped not in data:
            continue
        for line in data.split(b"\n"):
            if b'"syndic"' not in line or escaped not in line:
                continue
            try:
                record = json.loads(line)
                row_id = str(record["eventMetadata"]["inferenceId"])
                said = dict(record["syndic"])
            except (ValueError, KeyError, TypeError):
                continue
            if wanted in {row_id, said.get("request_id")}:
                texts = {name: str(said[name]) if name in said else None for name in ("model_version", "request_id")}
                found.append(_Said(_time_of(record), texts["model_version"], texts["request_id"]))
    return found


def _doubts(said: list[_Said]) -> tuple[str, ...]:
    """That an id is not of one prediction only; the same line twice is no doubt."""
    if len({(one.version, one.request_id, one.at) for one in said}) == 1:
        return ()
    versions = ", ".join(sorted({one.version or "unknown" for one in said}))
    nearest = "the one nearest to the time that was asked for"
    return (f"several predictions around this time have this id, of version {versions}: this is {nearest}",)


def _time_of(record: dict[str, Any]) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(record["eventMetadata"]["inferenceTime"]))
    except (KeyError, ValueError):
        return None
    return found.astimezone(UTC)


def _moment(found: np.datetime64) -> datetime:
    made: datetime = found.astype("datetime64[us]").item().replace(tzinfo=UTC)
    return made


def _apart(one: datetime | None, at: datetime) -> timedelta:
    return timedelta.max if one is None else abs(one - at)


def _search(
    pieces: Callable[[CaptureSchema], Iterator[Window]], schema: CaptureSchema, wanted: str, at: datetime
) -> np.datetime64 | None:
    """The time of the row that is nearest to `at`, NaT when no such row has one; None: no such row."""
    own = schema.role(ColumnRole.ROW_ID)
    names = {wanted, level_text(wanted)}  # the row-id column is read as a category's text: 1.0 is 1
    every = chain(pieces(schema), pieces(_without_row_id(schema)) if own else ())
    found: list[np.datetime64] = []
    for piece in every:
        for place, row_id in enumerate(piece.ids):
            if row_id is not None and (row_id in names or row_id.startswith(f"{wanted}#")):
                found.append(np.datetime64("NaT") if piece.times is None else np.datetime64(piece.times[place]))
    if not found:
        return None
    return min(found, key=lambda one: _apart(None if np.isnat(one) else _moment(one), at))


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
