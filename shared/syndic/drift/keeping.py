"""Keeping reports once and telling of them, so that the end is the same in whatever order windows arrive."""

from __future__ import annotations

import logging
from datetime import datetime

from pydantic import JsonValue

from syndic.drift.keys import POINTS, partition, point_key, report_key
from syndic.drift.models import DriftReport, HistoryPoint
from syndic.drift.persistence import RECOVERY, confirmed_at, recovered_at, windows_after, windows_before
from syndic.drift.reporting import EVIDENCE, evidence_of, findings_of, point_of
from syndic.errors import StaleWriteError
from syndic.models import (
    AuditEntry,
    Event,
    EvidenceChanged,
    FindingsChanged,
    ModelChecked,
    RegisteredModel,
    TimeWindow,
    to_json,
)
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write
from syndic.records import put_evidence

log = logging.getLogger(__name__)


def keep(report: DriftReport, window: TimeWindow, *, store: Store, force: bool = False) -> DriftReport:
    """Write a report and its point together. When the same inputs were kept meanwhile, that report is returned."""
    key = report_key(report.model_id or "", window)
    while True:
        present = store.get(key)
        if present is not None:
            before = DriftReport.model_validate(present.body)
            if before.inputs_sha256 == report.inputs_sha256 and not force:
                return before
            report = report.model_copy(update={"revision": before.revision + 1})
        point = {"point": to_json(point_of(report, window)), "announced": False}
        try:
            store.put_together(
                [
                    Write(Record(key, to_json(report)), present.etag if present else ABSENT),
                    Write(Record(point_key(report.model_id or "", window), point)),
                ]
            )
        except StaleWriteError:
            continue
        return report


def announce(
    report: DriftReport, model: RegisteredModel, window: TimeWindow, *, store: Store, bus: EventBus, audit: AuditTrail
) -> DriftReport:
    """Put evidence, append to the audit trail and publish, for the window and for later ones it changes.

    What a window confirms depends on the windows before it. A window that arrives late may therefore confirm, or end,
    a trouble in later windows that are already known: those are told again.
    """
    while True:
        told = _announce(report, model, window, store=store, bus=bus, audit=audit)
        if told is not None:
            return told


def _announce(
    report: DriftReport, model: RegisteredModel, window: TimeWindow, *, store: Store, bus: EventBus, audit: AuditTrail
) -> DriftReport | None:
    """One try; None when another check changed a point meanwhile, so that all must be looked at again."""
    length = model.window
    persistence = report.policy.persistence_for(length)
    reach = RECOVERY + persistence.of
    first = windows_before(window, length, reach)[0]
    last = windows_after(window, length, reach)[-1]
    records = points_between(store, model.id, first, last)
    points = {key: point for key, (point, _) in records.items()}
    drifted = {key: point.drifted for key, point in points.items()}
    result = report
    for key in sorted(points):
        point, record = records[key]
        if key < window.key:
            continue
        confirmed = confirmed_at(point.window, drifted, persistence, length)
        recovered = recovered_at(point.window, points, persistence, length)
        is_this = key == window.key
        changed = (confirmed, recovered) != (point.confirmed, point.recovered)
        if not changed and (not is_this or record.body["announced"]):
            continue
        about = report if is_this else _report(store, model.id, point.window)
        if about is None or about.revision != point.revision:
            continue  # a newer revision was kept meanwhile; its own check tells of it
        about = about.model_copy(update={"confirmed": confirmed})
        _tell(about, model, point.window, recovered, store=store, bus=bus, audit=audit if is_this else None)
        marked = point.model_copy(update={"confirmed": confirmed, "recovered": recovered})
        try:
            store.put(Record(record.key, {"point": to_json(marked), "announced": True}), expect=record.etag)
        except StaleWriteError:
            return None
        if is_this:
            result = about
    return result


def points_between(
    store: Store, model_id: str, first: TimeWindow, last: TimeWindow
) -> dict[str, tuple[HistoryPoint, Record]]:
    """The points of a span of windows, both ends included, by window key, with their records."""
    found: dict[str, tuple[HistoryPoint, Record]] = {}
    token: str | None = None
    while True:
        page = store.query(
            partition(model_id), start=f"{POINTS}{first.key}", end=f"{POINTS}{last.key}~", limit=100, token=token
        )
        for record in page.records:
            point = HistoryPoint.model_validate(record.body["point"])
            found[point.window.key] = (point, record)
        token = page.next_token
        if token is None:
            return found


def _report(store: Store, model_id: str, window: TimeWindow) -> DriftReport | None:
    record = store.get(report_key(model_id, window))
    return None if record is None else DriftReport.model_validate(record.body)


def _tell(
    report: DriftReport,
    model: RegisteredModel,
    window: TimeWindow,
    recovered: tuple[str, ...],
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail | None,
) -> None:
    put_evidence(store, evidence_of(report, model.id, window))
    if audit is not None:
        audit.append(_entry(report, model.id, window, report.checked_at))
    events: list[Event] = [
        ModelChecked(
            check="drift", model_id=model.id, window=window, report_id=report.id, verdict=report.verdict.value
        ),
        EvidenceChanged(model_id=model.id, kinds=(EVIDENCE,)),
    ]
    findings = findings_of(report, model, window, recovered)
    if findings:
        events.append(FindingsChanged(findings=findings))
    bus.publish(events)
    log.info(
        "drift checked",
        extra={
            "model_id": model.id,
            "window": window.key,
            "verdict": report.verdict.value,
            "rows": report.rows.current,
            "drifted": len(report.drifted),
            "confirmed": len(report.confirmed),
        },
    )


def _entry(report: DriftReport, model_id: str, window: TimeWindow, at: datetime) -> AuditEntry:
    details: dict[str, JsonValue] = {
        "window": window.key,
        "report": report.id,
        "revision": report.revision,
        "verdict": report.verdict.value,
        "drifted": list(report.drifted),
        "confirmed": list(report.confirmed),
        "rows": report.rows.current,
        "inputs_sha256": report.inputs_sha256,
    }
    return AuditEntry(action="drift.checked", actor="syndic/drift", subject=f"model/{model_id}", at=at, details=details)
