"""Report jobs: asked for, built by a worker, fetched. A job is built again from the start when a worker dies."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from syndic.canonical import canonical_json, sha256_of
from syndic.changes import Change, commit, finish
from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SyndicError,
    UnavailableError,
    UnknownReferenceError,
)
from syndic.models import AuditEntry, ReportRequested, to_json
from syndic.ports import ABSENT, Archive, AuditTrail, EventBus, Key, Listing, Page, Record, Store, Write
from syndic.records import find_model, retried
from syndic.reports.content.collect import collect
from syndic.reports.documents.cards import card_html, card_id, card_pdf, read_card
from syndic.reports.documents.drafts import form_html, form_json, form_pdf
from syndic.reports.evidence.package import deterministic_zip, evidence_package
from syndic.reports.formats.cyclonedx import report_cyclonedx
from syndic.reports.formats.html import report_html
from syndic.reports.formats.json_csv import report_csv, report_json
from syndic.reports.formats.oscal import oscal_files
from syndic.reports.formats.pdf import report_pdf
from syndic.reports.models import JobState, ReportContent, ReportFormat, ReportJob, ReportKind, ReportRequest

log = logging.getLogger(__name__)

JOBS: Final = "report_jobs"
CONTENT_TYPES: Final = {
    ReportFormat.PDF: ("pdf", "application/pdf"),
    ReportFormat.HTML: ("html", "text/html; charset=utf-8"),
    ReportFormat.JSON: ("json", "application/json"),
    ReportFormat.CSV: ("csv", "text/csv; charset=utf-8"),
    ReportFormat.OSCAL: ("oscal.zip", "application/zip"),
    ReportFormat.CYCLONEDX: ("cdx.json", "application/vnd.cyclonedx+json; version=1.6"),
    ReportFormat.EVIDENCE: ("evidence.zip", "application/zip"),
}


CARDS: Final[dict[ReportFormat, Callable[[Mapping[str, Any]], bytes]]] = {
    ReportFormat.PDF: card_pdf,
    ReportFormat.HTML: card_html,
    ReportFormat.JSON: canonical_json,
}


def job_key(job_id: str) -> Key:
    """Where a job is kept."""
    return Key(f"report_job.{job_id}", "job")


def request_report(
    request: ReportRequest,
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
    document: str | None = None,
) -> ReportJob:
    """Queue a report. The same person asking for the same report in the same minute gets the same job.

    A model card is set from `document`, which `syndic.reports.documents.cards.keep_card` kept; other reports have none.

    The worker that calls `build_report` is told by `ReportRequested`. A job that still waits is told again, so asking
    again repairs a bus that did not answer.

    Raises `UnknownReferenceError` when a model does not exist, `InvalidInputError` for a card without its document.
    """
    _require_known(request, store)
    if (request.kind is ReportKind.MODEL_CARD) is (document is None):
        raise InvalidInputError("a model card, and nothing else, is asked for at its version", where="kind")
    minute = now.replace(second=0, microsecond=0).isoformat()
    identity = [request.model_dump(mode="json"), actor, minute, *([document] if document else [])]
    job_id = sha256_of(identity)[:20]
    asked = ReportJob(id=job_id, request=request, document=document, requested_by=actor, requested_at=now)
    details = {"job": job_id, "kind": request.kind.value, "format": request.format.value}
    entry = AuditEntry(
        action="report.requested", actor=actor, subject=f"report/{job_id}", at=now, details=dict(details)
    )
    event = ReportRequested(job_id=job_id)

    def step() -> ReportJob:
        record = store.get(job_key(job_id))
        if record is None:
            change = Change((Write(_record(asked), ABSENT),), now, entries=(entry,), events=(event,))
            commit(change, store=store, audit=audit, bus=bus)
            return asked
        finish(record.key, store=store, audit=audit, bus=bus)
        job = ReportJob.model_validate(record.body)
        if job.state is JobState.QUEUED:
            bus.publish([event])
        return job

    return retried(step, what=f"report {job_id}")


def _require_known(request: ReportRequest, store: Store) -> None:
    for model_id in request.model_ids:
        if find_model(store, model_id) is None:
            raise UnknownReferenceError(f"no model has the id {model_id!r}", where="model_ids")


def get_job(store: Store, job_id: str) -> ReportJob:
    """A job as it stands. Raises `NotFoundError`."""
    record = store.get(job_key(job_id))
    if record is None:
        raise NotFoundError(f"there is no report {job_id!r}")
    return ReportJob.model_validate(record.body)


def list_jobs(
    store: Store,
    *,
    state: JobState | None = None,
    oldest_first: bool = False,
    limit: int = 50,
    token: str | None = None,
) -> tuple[tuple[ReportJob, ...], str | None]:
    """Jobs, newest first, and the token that continues.

    With a `state` a page may be shorter than `limit` although more follow.
    """
    page: Page = store.query(JOBS, descending=not oldest_first, limit=limit, token=token)
    found = (ReportJob.model_validate(record.body) for record in page.records)
    return tuple(one for one in found if state in {None, one.state}), page.next_token


Attach = Callable[[ReportContent], Mapping[str, bytes]]
"""Gives further files for the evidence package of a report, by name."""


def build_report(
    job_id: str,
    *,
    store: Store,
    archive: Archive,
    audit: AuditTrail,
    now: datetime,
    attach: Attach | None = None,
    read: ReportJob | None = None,
) -> ReportJob:
    """Build a queued report and keep its file. A job that is done stays as it is, however often it is asked for.

    `read`: the job as it was read a moment ago. Who finishes it meanwhile is not written over.
    What is wrong with the request ends the job as failed, with the reason. A service that does not answer raises
    `UnavailableError`, so that the queue tries again.
    """
    job = get_job(store, job_id) if read is None else read
    if job.state in {JobState.DONE, JobState.FAILED}:
        finish(job_key(job_id), store=store, audit=audit)
        return job

    def progress(share: float, step: str) -> None:
        _save(store, job_id, state=JobState.RUNNING, progress=round(min(share, 0.99), 3), step=step)

    try:
        progress(0.0, "reading records")
        if job.document is not None:
            card = read_card(job.document, archive=archive)
            report_id, data = card_id(card), CARDS[job.request.format](card)
        else:
            content = collect(job.request, store=store, progress=lambda share, step: progress(0.6 * share, step))
            progress(0.6, f"writing {job.request.format.value}")
            report_id, data = content.id, render(content, store=store, attach=attach)
    except UnavailableError:
        raise
    except SyndicError as error:
        log.warning("report_failed", extra={"job": job_id, "reason": str(error)})
        return _save(
            store, job_id, state=JobState.FAILED, progress=1.0, step="failed", error=str(error), finished_at=now
        )
    ending, content_type = CONTENT_TYPES[job.request.format]
    digest = hashlib.sha256(data).hexdigest()
    name = f"reports/{job.request.kind.value}-{report_id}-{digest[:12]}.{ending}"
    archive.put(name, data, content_type=content_type)
    details = {"job": job_id, "report_id": report_id, "sha256": digest, "size": len(data)}
    entry = AuditEntry(
        action="report.built", actor="syndic/reports", subject=f"report/{job_id}", at=now, details=dict(details)
    )
    return _save(
        store, job_id, built=(entry, audit), state=JobState.DONE, progress=1.0, step="done", file=name,
        content_type=content_type, size=len(data), sha256=digest, finished_at=now,
    )  # fmt: skip


def report_file(job_id: str, *, store: Store, archive: Archive) -> bytes:
    """The finished file, its hash checked. Raises `ConflictError` while it is not done."""
    job = get_job(store, job_id)
    if job.state is not JobState.DONE or job.file is None:
        raise ConflictError(f"report {job_id} is {job.state.value}: {job.error or job.step}")
    data = archive.get(job.file)
    if hashlib.sha256(data).hexdigest() != job.sha256:
        raise ConflictError(f"the file of report {job_id} is not the one that was built: its SHA-256 differs")
    return data


def render(content: ReportContent, *, store: Store, attach: Attach | None = None) -> bytes:
    """The content in the format that was asked for."""
    request = content.request
    if request.kind is not ReportKind.COMPLIANCE:
        forms: dict[ReportFormat, Callable[[ReportContent], bytes]] = {
            ReportFormat.PDF: form_pdf,
            ReportFormat.HTML: form_html,
            ReportFormat.JSON: form_json,
        }
        return forms[request.format](content)
    writers: dict[ReportFormat, Callable[[ReportContent], bytes]] = {
        ReportFormat.PDF: report_pdf,
        ReportFormat.HTML: report_html,
        ReportFormat.JSON: report_json,
        ReportFormat.CSV: report_csv,
        ReportFormat.OSCAL: lambda it: deterministic_zip(oscal_files(it)),
        ReportFormat.CYCLONEDX: report_cyclonedx,
        ReportFormat.EVIDENCE: lambda it: evidence_package(it, store=store, attached=attach(it) if attach else None),
    }
    return writers[request.format](content)


def _record(job: ReportJob) -> Record:
    listing = Listing(JOBS, f"{job.requested_at:%Y%m%dT%H%M%S.%fZ}.{job.id}")
    return Record(job_key(job.id), to_json(job), listings=(listing,))


def _save(
    store: Store, job_id: str, *, built: tuple[AuditEntry, AuditTrail] | None = None, **update: object
) -> ReportJob:
    """Change a job unless another worker finished it meanwhile: what is done stays done."""

    def step() -> ReportJob:
        record = store.get(job_key(job_id))
        if record is None:
            raise NotFoundError(f"there is no report {job_id!r}")
        job = ReportJob.model_validate(record.body)
        if job.state in {JobState.DONE, JobState.FAILED}:
            return job
        job = ReportJob.model_validate({**job.model_dump(), **update})
        if built is None:
            store.put(_record(job), expect=record.etag)
        else:
            entry, audit = built
            change = Change((Write(_record(job), record.etag),), entry.at, entries=(entry,))
            commit(change, store=store, audit=audit)
        return job

    return retried(step, what=f"report {job_id}")
