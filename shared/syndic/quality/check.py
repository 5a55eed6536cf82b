"""The verbs of quality: examine a window, read what was found, change the policy."""

from __future__ import annotations

from datetime import datetime

from syndic.batch_jobs import judged_model
from syndic.checks import keeping as checks
from syndic.checks.counting.counter import WindowCounts
from syndic.checks.keeping import Found
from syndic.models import CheckRequested, RegisteredModel, Severity, TimeWindow, to_json
from syndic.ports import ABSENT, Archive, AuditTrail, CaptureReader, EventBus, Readable, Record, Store, Write
from syndic.quality.count_rows import QualityCounter
from syndic.quality.examine import Inputs, examine, gather
from syndic.quality.expecting import with_expected
from syndic.quality.keys import partition, report_key
from syndic.quality.models import QualityReport
from syndic.quality.policy.kept import get_policy, set_policy
from syndic.quality.report.facts import evidence_of, findings_of, performance_evidence_of
from syndic.quality.report.queries import get_report, history, latest_report
from syndic.records import ASIDE

__all__ = ["check_quality", "get_policy", "get_report", "history", "latest_report", "set_policy"]

_VOLATILE = frozenset({"inputs_sha256", "revision", "checked_at", "expected"})


def check_quality(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,  # noqa: ARG001 - every check takes the same collaborators
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
    counts: WindowCounts,
) -> QualityReport:
    """Examine a window's data, and the model by the labels collected so far; keep the report and tell the others.

    The same inputs (captures, labels, expectations, policy) change nothing, nor do labels of other windows. `counts`
    are those of the window: kept, or read when they are asked for. Raises `NotFoundError` for an
    unknown model, `ConflictError` without capture or schema, `StaleCountsError` when the counts are of other
    expectations, `UnavailableError`.
    """
    model = judged_model(store, request.model_id, request.window)
    inputs = gather(model, store=store)
    digest = inputs.sha256(counts.files)
    record = store.get(report_key(model.id, request.window))
    present = None if record is None else QualityReport.model_validate(record.body["report"])
    if present is not None and present.inputs_sha256 == digest and not request.force:
        return _keep(present, model, store=store, bus=bus, audit=audit, stored=True)
    counter = counter_of(model, request.window, inputs)
    counts.fill(counter)
    report = examine(model, request.window, inputs, counter, sha256=digest, now=now)
    report = with_expected(report, model, counter.scored, store=store, audit=audit)
    report = report.model_copy(update={"quarantine": counter.quarantine.keep(archive, model.id, request.window)})
    read = {} if record is None else {record.key: record}
    return _keep(report, model, store=store, bus=bus, audit=audit, force=request.force, read=read)


def counter_of(model: RegisteredModel, window: TimeWindow, inputs: Inputs) -> QualityCounter:
    """The counter of a window that can be read."""
    assert model.capture_schema is not None  # noqa: S101 - `gather` refuses a model without
    return QualityCounter(model.capture_schema, inputs.expected, inputs.ignored, window.end)


def make_counter(
    model: RegisteredModel,
    window: TimeWindow,
    *,
    store: Store,
    archive: Archive,  # noqa: ARG001 - every check's counter is made of the same collaborators
    captures: CaptureReader,  # noqa: ARG001
) -> QualityCounter | None:
    """The counter of a window; None where it cannot be read."""
    if model.endpoint is None or model.endpoint.capture is None or model.capture_schema is None:
        return None
    return counter_of(model, window, gather(model, store=store))


def _keep(
    report: QualityReport,
    model: RegisteredModel,
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail,
    force: bool = False,
    stored: bool = False,
    read: Readable | None = None,
) -> QualityReport:
    """Commit a report with all there is to tell, unless what is stored says the same and was told.

    `stored`: it was read from the store, so that another one found there now is newer. `read`: what was found at its
    key a moment ago, where the first try does not look again.
    """
    key, kept, here = report_key(model.id, report.window), report, read if read is not None else store

    def decide() -> Found | None:
        nonlocal kept, here
        found_in, here = here, store
        record = found_in.get(key)
        earlier = None if record is None else QualityReport.model_validate(record.body["report"])
        kept = report
        if record is not None and earlier is not None:
            same = stored or _content(earlier) == _content(report)
            if same and not force:
                kept = earlier
                if record.body["announced"]:
                    return None
                earlier = None  # it was kept and never told
            else:
                kept = report.model_copy(update={"revision": earlier.revision + 1})
        body = {"report": to_json(kept), "announced": True, "performance": _performance_body(kept)}
        found = Found(
            "quality",
            model.id,
            kept.checked_at,
            [Write(Record(key, body), record.etag if record else ABSENT)],
            version=model.served_version,
        )
        _tell(found, kept, earlier, model, store=store)
        return found

    checks.keep(decide, key, store=store, bus=bus, audit=audit)
    return kept


def _tell(
    found: Found, report: QualityReport, earlier: QualityReport | None, model: RegisteredModel, *, store: Store
) -> None:
    before = [old for old in (_before(store, model, report.window), earlier) if old is not None]
    found.enter(
        window=report.window.key,
        report=report.id,
        revision=report.revision,
        verdict=report.verdict.value,
        issues=len(report.issues),
        inputs_sha256=report.inputs_sha256,
    )
    found.tell(
        report.window,
        [(report.id, report.verdict.value)],
        evidence=[one for one in (evidence_of(report), performance_evidence_of(report)) if one is not None],
        findings=findings_of(report, model, before),
    )
    after = _after(store, model, report.window)
    if after is not None:  # it is known already, so what ends with it has to be told now
        found.add_findings([one for one in findings_of(after, model, [report]) if one.severity is Severity.NONE])


def _before(store: Store, model: RegisteredModel, window: TimeWindow) -> QualityReport | None:
    """The newest report of an earlier window."""
    page = store.query(partition(model.id), end=window.key, descending=True, limit=1)
    return QualityReport.model_validate(page.records[0].body["report"]) if page.records else None


def _after(store: Store, model: RegisteredModel, window: TimeWindow) -> QualityReport | None:
    """The report of the next later window that has one."""
    page = store.query(partition(model.id), start=f"{window.key}~", end=ASIDE, limit=1)
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
