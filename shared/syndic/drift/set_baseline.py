"""Setting and finding a model's baseline."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from syndic.batch_jobs import find_job
from syndic.changes import Change, commit, finish
from syndic.checks.counting.codec import from_bytes as read_counts
from syndic.checks.counting.codec import to_bytes as write_counts
from syndic.drift.baseline.codec import format_of, from_bytes, sha256_of_baseline, to_bytes
from syndic.drift.baseline.expectations import expectations
from syndic.drift.baseline.model import Baseline
from syndic.drift.baseline.own_windows import DAY, HOUR
from syndic.drift.baseline.summary import NOT_MEASURED
from syndic.drift.keys import baseline_key, baseline_name, expectations_key, slices_name
from syndic.drift.model_monitor.baselines import import_baseline
from syndic.drift.models import BaselineInfo, BaselineSource, OwnWindowsInfo, Season, SlicedInfo
from syndic.drift.policy.kept import get_policy
from syndic.drift.slices.of_windows import Rows, SlicedRows, sliced
from syndic.drift.summaries import Summaries, marked, summarise_windows
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import AuditEntry, CaptureSchema, RegisteredModel, TimeWindow, WindowLength, to_json
from syndic.ports import ABSENT, Archive, AuditTrail, CaptureReader, Record, Store, Write
from syndic.records import get_model, retried
from syndic.windows import Categories, Column, Window, read_table, read_window

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UploadedRows:
    """A table handed over as bytes: CSV, Parquet or a capture file, recognised by its name and content."""

    name: str
    data: bytes
    season: Season = Season.AUTO
    time_column: str | None = None
    group_column: str | None = None


def load_baseline(model_id: str, digest: str, *, archive: Archive) -> Baseline:
    """A summary from the archive. Raises `NotFoundError`, or `InvalidInputError` when it was changed."""
    name = baseline_name(model_id, digest)
    data = archive.get(name)
    if sha256_of_baseline(data) != digest:
        raise InvalidInputError("the stored baseline is not the one that was set: its hash differs", where=name)
    return from_bytes(data, where=name)


def load_slices(model_id: str, known: SlicedInfo, *, archive: Archive) -> SlicedRows:
    """A baseline's counts by slices. Raises `NotFoundError`, or `InvalidInputError` when they were changed."""
    name = slices_name(model_id, known.sha256)
    data = archive.get(name)
    if hashlib.sha256(data).hexdigest() != known.sha256:
        raise InvalidInputError("the stored slices are not those that were counted: their hash differs", where=name)
    return read_counts(SlicedRows, data, where=name)


def set_baseline(
    model_id: str,
    source: BaselineSource | UploadedRows | Window,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> BaselineInfo:
    """Summarise the rows of a source and make them the model's baseline.

    A DataFrame is given as ``from_frame(frame, kinds=...)``, which is a window.

    Only the columns of the model's capture schema are kept, when it has one. The same rows again change nothing.

    Raises:
        NotFoundError: Unknown model, or no such object.
        InvalidInputError: The source cannot be read, has no rows or none of the model's columns, or a column is of
            another kind than the schema says.
        ConflictError: A captured window is asked for and the model has no capture or no schema.
    """
    model = get_model(store, model_id)
    if isinstance(source, BaselineSource) and (source.job is not None or source.window is not None):
        source = source.model_copy(update={"window": _captured(model, source, store), "job": None})
    origin, description, found, rows = _summaries(model, source, captures)
    baseline, parts = found.baseline, found.parts
    data = to_bytes(baseline)
    digest = sha256_of_baseline(data)
    stored_parts = {}
    for key, part in parts.items():
        part_data = to_bytes(part)
        stored_parts[key] = sha256_of_baseline(part_data)
        _archive(archive, model_id, stored_parts[key], part_data)
    _archive(archive, model_id, digest, data)
    info = BaselineInfo(
        slices=_slices(model_id, rows, baseline, archive) if get_policy(model_id, store=store).slices else None,
        sha256=digest,
        version=1,
        format=format_of(data),
        rows=baseline.rows,
        columns={name: baseline.kind(name) for name in baseline.columns},
        source=description,
        origin=origin,
        name=baseline_name(model_id, digest),
        bytes=len(data),
        sampled_every=baseline.sampled_every,
        season=found.season,
        seasons=stored_parts,
        own_windows=None
        if baseline.windows is None
        else OwnWindowsInfo(hours=baseline.windows.hours, windows=len(baseline.windows.starts)),
        group_column=None if baseline.grouping is None else baseline.grouping.column,
        window=source.window if isinstance(source, BaselineSource) else None,
        notes=baseline.notes,
        set_at=now,
        set_by=actor,
    )
    expected = {
        "baseline_sha256": digest,
        "columns": expectations(baseline),
        "intake": None if baseline.intake is None else to_json(baseline.intake),
    }

    def step() -> BaselineInfo:
        record = store.get(baseline_key(model_id))
        present = None if record is None else BaselineInfo.model_validate(record.body)
        same = present is not None and (present.sha256, present.seasons) == (digest, stored_parts)
        if present is not None and same and info.slices in {None, present.slices}:
            finish(baseline_key(model_id), store=store, audit=audit)
            return present
        kept = info.model_copy(update={"version": present.version + 1 if present else 1})
        entry = AuditEntry(
            action="drift.baseline_set",
            actor=actor,
            subject=f"model/{model_id}",
            at=now,
            details={
                "version": kept.version,
                "sha256": digest,
                "rows": kept.rows,
                "columns": len(kept.columns),
                "origin": origin,
                "source": description,
            },
        )
        writes = (
            Write(Record(baseline_key(model_id), to_json(kept)), record.etag if record else ABSENT),
            Write(Record(expectations_key(model_id), expected)),
        )
        commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        log.info("baseline set", extra={"model_id": model_id, "rows": kept.rows, "bytes": kept.bytes})
        return kept

    return retried(step, what=f"the baseline of {model_id}")


def _slices(model_id: str, rows: Rows | None, baseline: Baseline, archive: Archive) -> SlicedInfo | None:
    """Count the baseline's rows by slices and keep the counts; nothing of one that has no rows."""
    if rows is None:
        return None
    counted = sliced(rows, baseline)
    data = write_counts(counted)
    digest = hashlib.sha256(data).hexdigest()
    archive.put(slices_name(model_id, digest), data, content_type="application/octet-stream", locked=True)
    return SlicedInfo(
        sha256=digest,
        bytes=len(data),
        columns=tuple(cut.name for cut in counted.plan.conditions),
        targets=tuple(cut.name for cut in counted.plan.targets),
    )


def _captured(model: RegisteredModel, source: BaselineSource, store: Store) -> TimeWindow:
    """The captured window that is meant. Raises `InvalidInputError` that names what is wrong."""
    name = source.job or (source.window.job if source.window else None)
    if name is not None:
        kept = find_job(store, model.id, name)
        if kept is None or kept.unread is not None:
            why = "none of that name is known" if kept is None else kept.unread
            raise InvalidInputError(f"batch job {name} cannot be a baseline: {why}", where="job")
        return kept.window
    if source.window is None or model.window is WindowLength.JOB:
        raise InvalidInputError("this model answers in batch jobs: name one as job", where="window")
    return source.window


def _summaries(
    model: RegisteredModel, source: BaselineSource | UploadedRows | Window, captures: CaptureReader
) -> tuple[str, str, Summaries, Rows | None]:
    if isinstance(source, BaselineSource) and source.statistics_uri is not None:
        constraints = captures.table(source.constraints_uri) if source.constraints_uri else None
        imported = import_baseline(captures.table(source.statistics_uri), constraints, where=source.statistics_uri)
        return "model_monitor", source.statistics_uri, Summaries(_only_known(imported, model.capture_schema)), None
    origin, description, rows, groups = _rows(model, source, captures)
    season = Season.AUTO if isinstance(source, Window) else source.season
    try:
        found = summarise_windows(rows, season=season, hours=_HOURS.get(model.window, DAY), groups=groups)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), where=description) from error
    if origin != "capture":  # how its numbers were read is said of each window
        notes = dict.fromkeys(note for piece in rows() for note in piece.notes)
        found = replace(found, baseline=replace(found.baseline, notes=(*found.baseline.notes, *notes)))
    if not found.baseline.columns:
        raise InvalidInputError("the baseline has none of the model's columns", where=description)
    return origin, description, found, rows


_HOURS: Final = {WindowLength.HOUR: HOUR}
"""Windows that a baseline keeps for a model; of longer ones than a day days are put together."""

Grouped = tuple[str, Callable[[], Iterable[Column]]]


def _rows(
    model: RegisteredModel, source: BaselineSource | UploadedRows | Window, captures: CaptureReader
) -> tuple[str, str, Callable[[], Iterator[Window]], Grouped | None]:
    if isinstance(source, BaselineSource) and source.window is not None:
        window, column = source.window, source.group_column
        if model.capture_schema is None or model.endpoint is None or model.endpoint.capture is None:
            raise ConflictError("a captured window needs a model whose traffic is captured and described by a schema")

        def rows() -> Iterator[Window]:
            return read_window(model, window, captures=captures)

        groups = None if column is None else (column, lambda: (piece.column(column) for piece in rows()))
        name = f"captured window {window.key}" if window.job is None else f"batch job {window.job}"
        return "capture", name, rows, groups
    if isinstance(source, Window):
        given = _described(source, model.capture_schema)
        return "rows", "rows in memory", lambda: iter([given]), None
    if isinstance(source, UploadedRows):
        origin, name, data = "rows", source.name, source.data
    else:
        uri = source.uri or ""
        origin, name, data = "table", uri, captures.table(uri)
    table = read_table(data, name=name, schema=model.capture_schema)
    table, grouped = marked(table, data, name, time_column=source.time_column, group_column=source.group_column)
    described = _described(table, model.capture_schema)
    return origin, name, lambda: iter([described]), grouped


def _described(table: Window, schema: CaptureSchema | None) -> Window:
    """The table's columns that the schema names, with their roles; all of them without a schema."""
    if schema is None:
        return table
    columns = {spec.name: table.columns[spec.name] for spec in schema.columns if spec.name in table.columns}
    for spec in schema.columns:
        if spec.name in columns and table.kind(spec.name) is not spec.kind and _present(columns[spec.name]):
            said = f"the model's schema says {spec.kind.value}, the rows are {table.kind(spec.name).value}"
            raise InvalidInputError(f"{said}: declare the kinds when the rows are read", column=repr(spec.name))
    return replace(table, columns=columns, specs=schema.columns)


def _present(column: Column) -> bool:
    return bool((column.codes >= 0).any() if isinstance(column, Categories) else not np.isnan(column).all())


def _only_known(baseline: Baseline, schema: CaptureSchema | None) -> Baseline:
    """An imported baseline with the roles of the model's columns, and only those that are measured."""
    if schema is None:
        return baseline
    roles = {spec.name: spec.role for spec in schema.columns}
    kept = {
        name: column for name, column in baseline.columns.items() if name in roles and roles[name] not in NOT_MEASURED
    }
    if not kept:
        raise InvalidInputError("the baseline has none of the model's columns")
    return replace(baseline, columns=kept, roles={name: roles[name] for name in kept})


def _archive(archive: Archive, model_id: str, digest: str, data: bytes) -> None:
    archive.put(baseline_name(model_id, digest), data, content_type="application/octet-stream", locked=True)
