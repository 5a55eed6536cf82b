"""A model's window of captured traffic and its ground truth, read through the port piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syndic.errors import InvalidInputError
from syndic.models import CaptureConfig, CaptureFormat, CaptureSchema, Endpoint, RegisteredModel, TimeWindow
from syndic.models.capture_paths import captured_hour
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.formats.table import FORMATS
from syndic.windows.labels import LabelFile, Labels, parse_labels
from syndic.windows.partitions import Part
from syndic.windows.rejected import OnReject
from syndic.windows.window import Window


def read_window(
    model: RegisteredModel, window: TimeWindow, *, captures: CaptureReader, on_reject: OnReject | None = None
) -> Iterator[Window]:
    """The rows captured in a window, in pieces of bounded size; their intakes add up to the window's.

    The folder of a file decides whether it belongs to the window, so that each record is in exactly one.
    Raises `InvalidInputError` when the model has no captured traffic or no schema.
    """
    endpoint, capture, schema = _described(model)
    objects = captures.objects(endpoint, capture, window)
    yield from read_objects(objects, schema, capture.format, captures=captures, on_reject=on_reject, root=capture.uri)


def read_objects(
    objects: Iterable[ObjectInfo],
    schema: CaptureSchema,
    form: CaptureFormat,
    *,
    captures: CaptureReader,
    on_reject: OnReject | None = None,
    root: str | None = None,
) -> Iterator[Window]:
    """The rows of given capture files. Records repeated in any of them count once.

    Payloads kept in blobs of their own are read when they lie below `root`, the endpoint's place of captures.
    """
    return FORMATS[form].read(objects, schema, captures=captures, on_reject=on_reject, root=root)


def read_files(
    part: Part,
    schema: CaptureSchema,
    capture: CaptureConfig,
    *,
    captures: CaptureReader,
    on_reject: OnReject | None = None,
) -> Iterator[Window]:
    """The rows of some files of a window: of calls whose input, or whose only side, lies in a file of the part's own.

    Records repeated in any of the files count once.
    """
    own = frozenset(item.uri for item in part.own) if part.beside else None
    files = (*part.own, *part.beside)
    reading = FORMATS[capture.format]
    yield from reading.read(files, schema, captures=captures, on_reject=on_reject, root=capture.uri, own=own)


def read_labels(
    model: RegisteredModel, collected: TimeWindow, *, captures: CaptureReader, on_reject: OnReject | None = None
) -> Labels:
    """Ground truth collected in a span of time, which is later than the predictions it belongs to.

    For a window's labels give the span from the window's start until now. Of several labels for one row the one
    collected last wins: by the folder's hour, then by the file's time of writing, then by its place in the file.
    """
    _, capture, schema = _described(model)
    return read_label_files(schema, captures.labels(capture, collected), captures=captures, on_reject=on_reject)


def read_label_files(
    schema: CaptureSchema,
    items: Iterable[ObjectInfo],
    *,
    captures: CaptureReader,
    on_reject: OnReject | None = None,
) -> Labels:
    """Ground truth of some files: see `read_labels`."""
    objects = [(captured_hour(item.uri), item) for item in items]
    objects.sort(key=lambda found: (found[0].isoformat() if found[0] else "", found[1].modified, found[1].uri))
    files = (LabelFile(item.uri, captures.open(item), hour) for hour, item in objects)
    return parse_labels(files, schema, on_reject=on_reject)


def _described(model: RegisteredModel) -> tuple[Endpoint, CaptureConfig, CaptureSchema]:
    endpoint = model.endpoint
    if endpoint is None or endpoint.capture is None:
        raise InvalidInputError("the model has no captured traffic", where=f"model {model.id}")
    if model.capture_schema is None:
        raise InvalidInputError(
            "the model has no capture schema yet: its columns are not known", where=f"model {model.id}"
        )
    return endpoint, endpoint.capture, model.capture_schema
