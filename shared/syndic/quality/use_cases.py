"""The verbs of quality: examine a window, read what was found, change the policy."""

from __future__ import annotations

import logging
from datetime import datetime

from syndic.errors import StaleWriteError
from syndic.models import (
    AuditEntry,
    CheckRequested,
    Event,
    EvidenceChanged,
    FindingsChanged,
    ModelChecked,
    RegisteredModel,
    Severity,
    TimeWindow,
    to_json,
)
from syndic.ports import ABSENT, Archive, AuditTrail, CaptureReader, EventBus, Record, Store
from syndic.quality.examining import examine, gather
from syndic.quality.keys import partition, report_key
from syndic.quality.models import QualityReport
from syndic.quality.policing import get_policy, set_policy
from syndic.quality.quarantine import Quarantine
from syndic.quality.reading import get_report, history, latest_report
from syndic.quality.reporting import evidence_of, findings_of, performance_evidence_of
from syndic.records import get_model, put_evidence

__all__ = ["check_quality", "get_policy", "get_report", "history", "latest_report", "set_policy"]

log = logging.getLogger(__name__)
_VOLATILE = frozenset({"inputs_sha256", "revision", "checked_at"})


def check_quality(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> QualityReport:
    """Examine a window's data, and the model by the labels collected so far; keep the report and tell the others.

    The same inputs (captures, labels, expectations, policy) change nothing, nor do labels of other windows. Raises
    `NotFoundError` for an unknown model, `ConflictError` without capture or schema, `UnavailableError`.
    """
    model = get_model(store, request.model_id)
    inputs = gather(model, request.window, store=store, captures=captures, now=now)
    record = store.get(report_key(model.id, request.window))
    present = None if record is None else QualityReport.model_validate(record.body["report"])
    unchanged = present is not None and present.inputs_sha256 == inputs.sha256
    if record is not None and present is not None and unchanged and not request.force:
        if not record.body["announced"]:
            _announce(present, None, model, record, store=store, bus=bus, audit=audit)
        return present
    quarantine = Quarantine()
    report = examine(model, request.window, inputs, captures=captures, on_reject=quarantine.add, now=now)
    report = report.model_copy(update={"quarantine": quarantine.keep(archive, model.id, request.window)})
    if present is not None:
        if _content(present) == _content(report) and not request.force:
            return present
        report = report.model_copy(update={"revision": present.revision + 1})
    body = {"report": to_json(report), "announced": False, "performance": _performance_body(report)}
    try:
        kept = store.put(Record(report_key(model.id, request.window), body), expect=record.etag if record else ABSENT)
    except StaleWriteError:
        log.info("quality examined twice at once", extra={"model_id": model.id, "window": request.window.key})
        return check_quality(request, store=store, captures=captures, archive=archive, bus=bus, audit=audit, now=now)
    _announce(report, present, model, kept, store=store, bus=bus, audit=audit)
    return report


def _announce(
    report: QualityReport,
    earlier: QualityReport | None,
    model: RegisteredModel,
    record: Record,
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail,
) -> None:
    before = [old for old in (_before(store, model, report.window), earlier) if old is not None]
    evidence = [one for one in (evidence_of(report), performance_evidence_of(report)) if one is not None]
    for one in evidence:
        put_evidence(store, one)
    audit.append(
        AuditEntry(
            action="quality.checked",
            actor="syndic/quality",
            subject=f"model/{model.id}",
            at=report.checked_at,
            details={
                "window": report.window.key,
                "report": report.id,
                "revision": report.revision,
                "verdict": report.verdict.value,
                "issues": len(report.issues),
                "inputs_sha256": report.inputs_sha256,
            },
        )
    )
    events: list[Event] = [
        ModelChecked(
            check="quality",
            model_id=model.id,
            window=report.window,
            report_id=report.id,
            verdict=report.verdict.value,
        ),
        EvidenceChanged(model_id=model.id, kinds=tuple(one.kind for one in evidence)),
    ]
    findings = findings_of(report, model, before)
    if findings:
        events.append(FindingsChanged(findings=findings))
    after = _after(store, model, report.window)
    if after is not None:  # it is known already, so what ends with it has to be told now
        over = [f for f in findings_of(after, model, [report]) if f.severity is Severity.NONE]
        if over:
            events.append(FindingsChanged(findings=tuple(over)))
    bus.publish(events)
    try:
        store.put(Record(record.key, {**record.body, "announced": True}), expect=record.etag)
    except StaleWriteError:
        log.info("a newer quality report tells of it", extra={"model_id": model.id, "window": report.window.key})


def _before(store: Store, model: RegisteredModel, window: TimeWindow) -> QualityReport | None:
    """The newest report of an earlier window."""
    page = store.query(partition(model.id), end=window.key, descending=True, limit=1)
    return QualityReport.model_validate(page.records[0].body["report"]) if page.records else None


def _after(store: Store, model: RegisteredModel, window: TimeWindow) -> QualityReport | None:
    """The report of the next later window that has one."""
    page = store.query(partition(model.id), start=f"{window.key}~", limit=1)
    return QualityReport.model_validate(page.records[0].body["report"]) if page.records else None


def _content(report: QualityReport) -> dict[str, object]:
    """What a report says, apart from when and from what it was made, and from labels that are not about its rows."""
    content = report.model_dump(exclude=set(_VOLATILE))
    if content["performance"] is not None:
        content["performance"].pop("orphans")
        content["performance"].pop("duplicates")
    return content


def _performance_body(report: QualityReport) -> dict[str, object] | None:
    """The part of a report that root causes of drift are told with."""
    if report.performance is None:
        return None
    return {"verdict": report.performance.verdict.value, "reason": report.performance.reason}
