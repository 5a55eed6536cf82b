"""Keeping reports once and telling of them, so that the end is the same in whatever order requests arrive."""

from __future__ import annotations

import logging

from pydantic import JsonValue

from syndic.bias.findings import evidence_of, findings_of
from syndic.bias.keys import EVIDENCE_KIND, announced_key, report_key
from syndic.bias.models import BiasReport
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


def stored(store: Store, model_id: str, outcome: str, window: TimeWindow) -> BiasReport | None:
    """The stored report on an outcome in a window."""
    record = store.get(report_key(model_id, outcome, window))
    return None if record is None else BiasReport.model_validate(record.body)


def was_announced(store: Store, model_id: str, window: TimeWindow, reports: tuple[BiasReport, ...]) -> bool:
    """Whether everybody was told of exactly these reports."""
    record = store.get(announced_key(model_id, window))
    return record is not None and record.body["reports"] == _told(reports)


def keep(
    reports: tuple[BiasReport, ...], model_id: str, window: TimeWindow, *, store: Store, force: bool
) -> tuple[BiasReport, ...]:
    """Write the reports of all outcomes together; each replaces an older one as its next revision.

    When all of them were kept meanwhile from the same inputs, those are returned and nothing is written.
    """
    while True:
        writes, numbered, same = [], [], []
        for report in reports:
            key = report_key(model_id, report.outcome, window)
            record = store.get(key)
            before = None if record is None else BiasReport.model_validate(record.body)
            if before is not None and before.inputs_sha256 == report.inputs_sha256:
                same.append(before)
            revision = before.revision + 1 if before is not None else 1
            numbered.append(report.model_copy(update={"revision": revision}))
            writes.append(Write(Record(key, to_json(numbered[-1])), ABSENT if record is None else record.etag))
        if len(same) == len(reports) and not force:
            return tuple(same)
        try:
            store.put_together(writes)
        except StaleWriteError:
            continue
        return tuple(numbered)


def announce(
    reports: tuple[BiasReport, ...],
    model: RegisteredModel,
    window: TimeWindow,
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail,
) -> None:
    """Put evidence, append to the audit trail, publish; then mark that it is done.

    A run that dies in between is repeated by the next request for the same window, which finds no mark.
    """
    put_evidence(store, evidence_of(reports, model.id, window))
    audit.append(*(_entry(report, model.id, window) for report in reports))
    events: list[Event] = [
        *(
            ModelChecked(
                check="bias", model_id=model.id, window=window, report_id=report.id, verdict=report.verdict.value
            )
            for report in reports
        ),
        EvidenceChanged(model_id=model.id, kinds=(EVIDENCE_KIND,)),
    ]
    findings = tuple(finding for report in reports for finding in findings_of(report, model, window))
    if findings:
        events.append(FindingsChanged(findings=findings))
    bus.publish(events)
    store.put(Record(announced_key(model.id, window), {"reports": _told(reports)}))
    log.info(
        "bias checked",
        extra={
            "model_id": model.id,
            "window": window.key,
            "verdicts": {report.outcome: report.verdict.value for report in reports},
            "rows": max(report.rows.used for report in reports),
            "findings": len(findings),
        },
    )


def _told(reports: tuple[BiasReport, ...]) -> list[list[str | int]]:
    return sorted([report.id, report.inputs_sha256, report.revision] for report in reports)


def _entry(report: BiasReport, model_id: str, window: TimeWindow) -> AuditEntry:
    details: dict[str, JsonValue] = {
        "window": window.key,
        "report": report.id,
        "outcome": report.outcome,
        "revision": report.revision,
        "verdict": report.verdict.value,
        "rows": report.rows.used,
        "policy_version": report.policy.version,
        "inputs_sha256": report.inputs_sha256,
    }
    return AuditEntry(
        action="bias.checked",
        actor="syndic/bias",
        subject=f"model/{model_id}",
        at=report.checked_at,
        details=details,
    )
