"""Keeping reports once and telling of them, so that the end is the same in whatever order requests arrive."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from syndic.bias.keys import announced_key, entered_key, looks_key, report_key
from syndic.bias.looks.answer import look_again
from syndic.bias.models import BiasReport
from syndic.bias.report.findings import evidence_of, findings_of
from syndic.checks import keeping as checks
from syndic.checks.history.retention import least_kept
from syndic.checks.keeping import Found
from syndic.models import RegisteredModel, TimeWindow, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Readable, Record, Store, Write

log = logging.getLogger(__name__)


def stored_report(store: Store, model_id: str, outcome: str, window: TimeWindow) -> BiasReport | None:
    """The stored report on an outcome in a window."""
    record = store.get(report_key(model_id, outcome, window))
    return None if record is None else BiasReport.model_validate(record.body)


def keep(
    reports: tuple[BiasReport, ...],
    model: RegisteredModel,
    window: TimeWindow,
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail,
    force: bool = False,
    stored: bool = False,
    read: Readable | None = None,
) -> tuple[BiasReport, ...]:
    """Commit the reports of all outcomes with all there is to tell; each replaces an older one as its next revision.

    When all of them were kept meanwhile from the same inputs, those are returned and nothing is written. `stored`:
    the reports were read from the store, so that others found there are newer, and told by those who kept them. `read`:
    what was found at their keys a moment ago, where the first try does not look again.
    """
    kept, here = reports, read if read is not None else store
    mark = announced_key(model.id, window)

    def decide() -> Found | None:
        nonlocal kept, here
        found_in, here = here, store
        writes, numbered, same = [], [], []
        for report in reports:
            key = report_key(model.id, report.outcome, window)
            record = found_in.get(key)
            before = None if record is None else BiasReport.model_validate(record.body)
            if before is not None and before.inputs_sha256 == report.inputs_sha256:
                same.append(before)
            revision = before.revision + 1 if before is not None else 1
            looked, ledger = _look_again(report, model, window, store) if not stored else (report, [])
            numbered.append(looked.model_copy(update={"revision": revision}))
            writes += [Write(Record(key, to_json(numbered[-1])), ABSENT if record is None else record.etag), *ledger]
        told = store.get(mark)
        if stored and len(same) < len(reports):
            return None
        if len(same) == len(reports) and not force:
            kept, writes = tuple(same), []
            if told is not None and told.body["reports"] == _told(kept):
                return None
        else:
            kept = tuple(numbered)
        writes.append(Write(Record(mark, {"reports": _told(kept)}), ABSENT if told is None else told.etag))
        return _found(kept, writes, model, window)

    if checks.keep(decide, mark, store=store, bus=bus, audit=audit):
        log.info(
            "bias checked",
            extra={
                "model_id": model.id,
                "window": window.key,
                "verdicts": {report.outcome: report.verdict.value for report in kept},
                "rows": max(report.rows.used for report in kept),
            },
        )
    return kept


def _look_again(
    report: BiasReport, model: RegisteredModel, window: TimeWindow, store: Store
) -> tuple[BiasReport, list[Write]]:
    """The report with the answer of all windows, and what is to be kept of them; both change in one commit."""
    if report.outcome == "value" or not report.attributes:
        return report, []
    if report.checked_at - window.end >= least_kept(window):  # what it had added may be gone: it would count twice
        return report, []
    if window.job is not None:  # jobs may score the same people again, who would count as new ones: each is alone
        return _looked(report, model, window, (None, None))[0], []
    keys = (looks_key(model.id, report.outcome), entered_key(model.id, report.outcome, window))
    records = [store.get(key) for key in keys]
    bodies = [None if record is None else record.body for record in records]
    looked, *kept = _looked(report, model, window, (bodies[0], bodies[1]))
    return looked, [
        Write(Record(key, body), ABSENT if record is None else record.etag, seldom_read=True)
        for key, body, record in zip(keys, kept, records, strict=True)
    ]


def _looked(
    report: BiasReport,
    model: RegisteredModel,
    window: TimeWindow,
    bodies: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
) -> tuple[BiasReport, dict[str, Any], dict[str, Any]]:
    version = model.endpoint.serving if model.endpoint else "none"
    labels = report.policy.label is not None or (
        model.capture_schema is not None and model.capture_schema.label is not None
    )
    return look_again(report, window, bodies, version=version, labels=labels)


def _found(reports: tuple[BiasReport, ...], writes: list[Write], model: RegisteredModel, window: TimeWindow) -> Found:
    at = max(report.checked_at for report in reports)
    found = Found("bias", model.id, at, writes, version=model.served_version)
    for report in reports:
        found.enter(**_details(report, window))
    found.tell(
        window,
        [(report.id, report.verdict.value) for report in reports],
        evidence=[evidence_of(reports, model.id, window)],
        findings=[finding for report in reports for finding in findings_of(report, model, window)],
    )
    return found


def _told(reports: tuple[BiasReport, ...]) -> list[list[str | int]]:
    return sorted([report.id, report.inputs_sha256, report.revision] for report in reports)


def _details(report: BiasReport, window: TimeWindow) -> dict[str, JsonValue]:
    return {
        "window": window.key,
        "report": report.id,
        "outcome": report.outcome,
        "revision": report.revision,
        "verdict": report.verdict.value,
        "rows": report.rows.used,
        "policy_version": report.policy.version,
        "inputs_sha256": report.inputs_sha256,
    }
