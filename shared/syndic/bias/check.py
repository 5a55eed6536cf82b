"""Checking a window: read, count, judge each outcome, keep once, tell the others."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from syndic.bias.counting.grouping import side_column
from syndic.bias.counting.tally import Plan, Tally, add_up, decided_by, make_plan, tally
from syndic.bias.counting.tensor import CountTensor
from syndic.bias.keys import report_id
from syndic.bias.measures.individual import sample_consistency
from syndic.bias.models import BiasReport, Verdict
from syndic.bias.policy.kept import get_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.bias.report.build import Identity, make_report
from syndic.bias.report.keep import keep, stored_report
from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError, NotFoundError, TooLargeError
from syndic.models import (
    CheckRequested,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    RegisteredModel,
    TimeWindow,
    to_json,
)
from syndic.policy import rules_of
from syndic.ports import Archive, AuditTrail, CaptureReader, EventBus, ObjectInfo, Store
from syndic.records import get_model
from syndic.windows import Categories, Window, join_labels, read_labels, read_table, read_window


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of a window, or why it could not be counted."""

    tally: Tally
    plan: Plan
    details: Mapping[str, JsonValue]
    obstacle: str | None = None


def check_bias(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> tuple[BiasReport, ...]:
    """Examine a window's fairness, one report for each outcome of the policy, keep them and tell the others.

    The same inputs (captured objects, labels, side files, policy) give the stored reports and change nothing. Raises
    `NotFoundError` for an unknown model, `UnavailableError` when captures or records cannot be read.
    """
    del archive  # every check takes the same collaborators; this one keeps nothing there
    model = get_model(store, request.model_id)
    policy = get_policy(model.id, store=store)
    if model.capture_schema is not None:
        model = model.model_copy(update={"capture_schema": decided_by(policy, model.capture_schema)})
    files = _side_files(policy, captures)
    digest = _inputs_hash(model, policy, request.window, files, captures=captures, now=now)
    present = [stored_report(store, model.id, outcome, request.window) for outcome in policy.outcomes]
    known = tuple(report for report in present if report is not None and report.inputs_sha256 == digest)
    if len(known) == len(policy.outcomes) and not request.force:
        return keep(known, model, request.window, store=store, bus=bus, audit=audit, stored=True)
    counted = _count(model, policy, request.window, files, captures=captures, now=now)
    reports = tuple(
        _report(counted, model, policy, (outcome, request.window, digest), now) for outcome in policy.outcomes
    )
    return keep(reports, model, request.window, store=store, bus=bus, audit=audit, force=request.force)


def count_pieces(pieces: Iterator[Window], plan: Plan, sides: Mapping[str, Mapping[str, str | float]]) -> Counted:
    """The counts of several pieces, one in memory at a time; the consistency is that of the first."""
    details: dict[str, JsonValue] = {}
    total = Tally(CountTensor.empty(plan.axes))
    for piece in pieces:
        joined = with_sides(piece, plan, sides)
        if not details and joined.rows:
            found = sample_consistency(joined, plan)
            details = {"consistency": {**found}} if found else {}
        total = add_up([total, tally(joined, plan)], plan)
    return Counted(total, plan, details)


def with_sides(piece: Window, plan: Plan, sides: Mapping[str, Mapping[str, str | float]]) -> Window:
    """The piece with the protected attributes that side files hold, joined by row id."""
    for attribute in plan.attributes:
        if attribute.side_file is not None and piece.rows:
            ids = piece.ids or (None,) * piece.rows
            spec = ColumnSpec(name=attribute.source_column, kind=ColumnKind.CATEGORICAL, role=ColumnRole.PROTECTED)
            piece = piece.with_column(spec, side_column(ids, sides[attribute.name]))
    return piece


def _count(
    model: RegisteredModel,
    policy: BiasPolicy,
    window: TimeWindow,
    files: Mapping[str, bytes | None],
    *,
    captures: CaptureReader,
    now: datetime,
) -> Counted:
    """Count a window. What the data make impossible is an obstacle with a reason, not a failed run."""
    plan = make_plan(policy, model.capture_schema)
    empty = Tally(CountTensor.empty(plan.axes))
    if model.endpoint is None or model.endpoint.capture is None:
        return Counted(empty, plan, {}, "the model's traffic is not captured")
    if model.capture_schema is None:
        return Counted(empty, plan, {}, "the columns of the model's traffic are not described (capture schema)")
    try:
        sides = _sides(policy, files)
        pieces = _pieces(model, window, captures=captures, now=now)
        return count_pieces(pieces, plan, sides)
    except (InvalidInputError, TooLargeError) as error:
        return Counted(empty, plan, {}, str(error))


def _pieces(model: RegisteredModel, window: TimeWindow, *, captures: CaptureReader, now: datetime) -> Iterator[Window]:
    """The window's pieces with the labels that have come until now."""
    label = model.capture_schema.label if model.capture_schema else None
    capture = model.endpoint.capture if model.endpoint else None
    if label is None or capture is None or capture.labels_uri is None:
        yield from read_window(model, window, captures=captures)
        return
    labels = read_labels(model, _label_span(window, now), captures=captures)
    for piece in read_window(model, window, captures=captures):
        yield join_labels(piece, labels, label)


def _label_span(window: TimeWindow, now: datetime) -> TimeWindow:
    """Labels are filed by the time they were collected: from the window's start until now."""
    return TimeWindow(start=window.start, end=max(window.end, now))


def _side_files(policy: BiasPolicy, captures: CaptureReader) -> dict[str, bytes | None]:
    """The bytes of each side file; None when it is not there."""
    files: dict[str, bytes | None] = {}
    for attribute in policy.protected_attributes:
        if attribute.side_file is not None and attribute.side_file.uri not in files:
            try:
                files[attribute.side_file.uri] = captures.table(attribute.side_file.uri)
            except NotFoundError:
                files[attribute.side_file.uri] = None
    return files


def _sides(policy: BiasPolicy, files: Mapping[str, bytes | None]) -> dict[str, dict[str, str | float]]:
    """Each side file's values by row id."""
    sides = {}
    for attribute in policy.protected_attributes:
        if attribute.side_file is None:
            continue
        uri = attribute.side_file.uri
        data = files[uri]
        if data is None:
            raise InvalidInputError(f"the side file of {attribute.name!r} is not there", where=uri)
        table = read_table(data, name=uri)
        sides[attribute.name] = side_values(table, attribute.side_file.id_column, attribute.source_column)
    return sides


def side_values(table: Window, id_column: str, column: str) -> dict[str, str | float]:
    """A side file's column by row id. A repeated id with another value is an error: which one holds is unknown."""
    ids, values = _texts(table, id_column), _texts(table, column, numbers=True)
    found: dict[str, str | float] = {}
    for row_id, value in zip(ids, values, strict=True):
        if row_id is None or value is None:
            continue
        if found.setdefault(str(row_id), value) != value:
            raise InvalidInputError(f"the side file has two values of {column!r} for the id {row_id!r}")
    return found


def _texts(table: Window, name: str, *, numbers: bool = False) -> Sequence[str | float | None]:
    column = table.column(name)
    if isinstance(column, Categories):
        return column.values()
    numbered: list[float | None] = [None if math.isnan(value) else value for value in column.tolist()]
    return numbered if numbers else [None if value is None else f"{value:.15g}" for value in numbered]


def _inputs_hash(
    model: RegisteredModel,
    policy: BiasPolicy,
    window: TimeWindow,
    files: Mapping[str, bytes | None],
    *,
    captures: CaptureReader,
    now: datetime,
) -> str:
    """The hash of all that a report depends on: same hash, same report."""
    objects: list[ObjectInfo] = []
    capture = model.endpoint.capture if model.endpoint else None
    if model.endpoint is not None and capture is not None:
        objects += captures.objects(model.endpoint, capture, window)
        if capture.labels_uri is not None and model.capture_schema is not None and model.capture_schema.label:
            objects += captures.labels(capture, _label_span(window, now))
    sides = {uri: None if data is None else hashlib.sha256(data).hexdigest() for uri, data in files.items()}
    schema = None if model.capture_schema is None else to_json(model.capture_schema)
    return sha256_of(
        {
            "objects": sorted([item.uri, item.etag, item.size] for item in objects),
            "policy": rules_of(policy),
            "schema": schema,
            "sides": sides,
        }
    )


def _report(
    counted: Counted, model: RegisteredModel, policy: BiasPolicy, key: tuple[str, TimeWindow, str], now: datetime
) -> BiasReport:
    outcome, window, digest = key
    identity = Identity(
        report_id=report_id(model.id, outcome, window),
        inputs_sha256=digest,
        checked_at=now,
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        window=window,
    )
    report = make_report(counted.tally, counted.plan, policy, outcome, identity, details=counted.details)
    if counted.obstacle is None or not policy.protected_attributes:
        return report
    return report.model_copy(
        update={"verdict": Verdict.NOT_ASSESSABLE, "reason": f"fairness not assessable: {counted.obstacle}"}
    )
