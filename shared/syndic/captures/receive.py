"""Receive traffic, labels and files, and keep them where the readers of captures find them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.captures.endpoint import delay_of, require_schema, tell_endpoint
from syndic.captures.models import CapturesKept, LabelsKept, NewCaptures, NewLabels, NewUpload, Upload
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import CaptureSchema, RegisteredModel
from syndic.models.capture_lines import capture_line, label_line
from syndic.models.capture_paths import hour_path
from syndic.ports import AuditTrail, CaptureWriter, Store
from syndic.records import get_model
from syndic.spelling import unknown_name

AHEAD: Final = timedelta(minutes=5)
"""How far clocks of senders may be ahead."""
UNNAMED: Final = "unnamed"
"""Variant of traffic of a version that nobody named."""
LINK_FOR: Final = 900


def receive_captures(
    model_id: str,
    sent: NewCaptures,
    *,
    writer: CaptureWriter,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> CapturesKept:
    """Keep rows, each in the hour in which it was answered. The same rows sent again are kept once.

    Raises:
        NotFoundError: No such model.
        ConflictError: The model's traffic may not be sent, or its columns are not described.
        InvalidInputError: A row names a column that is not the model's, or is of the future.
        UnavailableError: Nothing, or a part, was kept: send it again.
    """
    schema = require_schema(get_model(store, model_id))
    lines: dict[datetime, list[bytes]] = {}
    digest = _digest(sent.model_dump_json().encode())
    for place, row in enumerate(sent.rows):
        _require_columns(row.inputs, row.outputs, schema, where=f"rows.{place}")
        at = row.at or now
        _require_past(at, now, where=f"rows.{place}.at")
        line = capture_line(row.inputs, row.outputs, row_id=row.id or f"{digest}-{place}", at=at)
        lines.setdefault(_hour(at), []).append(line)
    model = tell_endpoint(
        model_id, writer.place, version=sent.version, sampling_percent=sent.sampling_percent,
        store=store, audit=audit, actor=actor, now=now,
    )  # fmt: skip
    for hour, kept in lines.items():
        data = b"".join(kept)
        writer.put(f"{_folder(model, hour)}/{_digest(data)}.jsonl", data)
    return CapturesKept(
        model_id=model_id, version=model.served_version, rows=len(sent.rows), hours=tuple(sorted(lines))
    )  # fmt: skip


def receive_labels(
    model_id: str,
    sent: NewLabels,
    *,
    writer: CaptureWriter,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> LabelsKept:
    """Keep outcomes in the hour in which they were sent. Raises as `receive_captures` does."""
    schema = require_schema(get_model(store, model_id))
    if schema.label is None:
        raise ConflictError(f"describe the label first: PATCH /models/{model_id} with capture_schema.label")
    model = tell_endpoint(
        model_id, writer.place, label_delay_days=sent.label_delay_days,
        store=store, audit=audit, actor=actor, now=now,
    )  # fmt: skip
    data = b"".join(label_line(one.id, one.label, column=schema.label.name) for one in sent.labels)
    name = _digest(data)
    writer.put(f"{writer.place}/labels/{model_id}/{hour_path(now)}/{name}.jsonl", data)
    return LabelsKept(model_id=model_id, labels=len(sent.labels), label_delay_days=delay_of(model))


def prepare_upload(
    model_id: str,
    wanted: NewUpload,
    *,
    writer: CaptureWriter,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> Upload:
    """An address for one file. Raises as `receive_captures` does."""
    model = get_model(store, model_id)
    require_schema(model)
    if wanted.hour is not None:
        _require_past(wanted.hour, now, where="hour")
    model = tell_endpoint(
        model_id, writer.place, version=wanted.version, store=store, audit=audit, actor=actor, now=now
    )  # fmt: skip
    folder = f"{writer.place}/baselines/{model_id}" if wanted.hour is None else _folder(model, _hour(wanted.hour))
    uri = f"{folder}/{wanted.sha256[:32]}.{wanted.suffix}"
    url = writer.upload_link(uri, size=wanted.bytes, seconds=LINK_FOR)
    return Upload(url=url, headers={"Content-Length": str(wanted.bytes)}, uri=uri, seconds=LINK_FOR)


def _folder(model: RegisteredModel, hour: datetime) -> str:
    endpoint = model.endpoint
    if endpoint is None or endpoint.capture is None:
        raise ConflictError(f"the endpoint of {model.id} was taken away meanwhile: send it again")
    variant = endpoint.variants[0].name if endpoint.variants else UNNAMED
    return f"{endpoint.capture.uri}/{endpoint.name}/{variant}/{hour_path(hour)}"


def _require_columns(
    inputs: Mapping[str, Any] | None, outputs: Mapping[str, Any] | None, schema: CaptureSchema, *, where: str
) -> None:
    """A name that the schema lacks would be passed over by every reader: it is refused with the nearest one."""
    for side, given, columns in (("inputs", inputs, schema.inputs), ("outputs", outputs, schema.outputs)):
        known = {column.name for column in columns}
        stray = next((name for name in given or () if name not in known), None)
        if stray is not None:
            raise InvalidInputError(unknown_name(stray, known, what="column"), where=f"{where}.{side}")


def _require_past(at: datetime, now: datetime, *, where: str) -> None:
    if at > now + AHEAD:
        raise InvalidInputError("is in the future", where=where)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
