"""Taking a job that ended: its model is registered or takes over what changed, and its rows wait for the checks."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import count

from syndic.batch_jobs import find_job, job_key, window_key
from syndic.changes import Change, commit, finish
from syndic.checks.history.retention import read_retention
from syndic.discovery.bookmark import CHECKS, MOST_WAITING
from syndic.discovery.follow_listing import ACTOR, Outcome, Registry
from syndic.discovery.jobs.models import JobNote, JobsSeen
from syndic.discovery.jobs.related import endpoint_of, related
from syndic.discovery.keys import jobs_key
from syndic.discovery.models import ModelNote
from syndic.models import AuditEntry, BatchJob, ComplianceStatus, KeptJob, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import find_model, retried

_log = logging.getLogger(__name__)

SHOWN = 20
"""Jobs of which something is said."""


def take_job(
    job: BatchJob, *, registry: Registry, outcome: Outcome, store: Store, audit: AuditTrail, now: datetime
) -> str | None:
    """Keep a job and the window of its rows once; returns the id of its model, None where it has none.

    A job that failed or was stopped is said and not judged, and registers nothing.
    """
    of = related(job, store)
    model = find_model(store, of.model_id)
    if of.note:
        outcome.notes.append(ModelNote(model_id=of.model_id, note=of.note))
    if model is None and job.status != "completed":
        _log.warning("job of no model", extra={"job": job.name, "status": job.status, "reason": job.reason})
        return None
    if model is not None and model.compliance_status is ComplianceStatus.RETIRED:
        outcome.notes.append(ModelNote(model_id=of.model_id, note=f"batch job {job.name} ran although it is retired"))
        return None
    if job.status == "completed" and not _older(job, _seen(store, of.model_id)):
        registry.see(endpoint_of(job, of), outcome, called=of.name)

    def step() -> None:
        if find_job(store, of.model_id, job.name) is not None:
            finish(job_key(of.model_id, job.name), store=store, audit=audit)
            return
        _keep(job, of.model_id, store=store, audit=audit, now=now)

    retried(step, what=f"the batch jobs of model {of.model_id}")
    return of.model_id


def why_unread(job: BatchJob) -> str | None:
    """Why the rows of a job are not judged, by its description."""
    if job.status == "failed":
        return f"it failed: {job.reason or 'the cloud does not say why'}"
    return "it was stopped" if job.status == "stopped" else job.obstacle


def _keep(job: BatchJob, model_id: str, *, store: Store, audit: AuditTrail, now: datetime) -> None:
    key = jobs_key(model_id)
    record = store.get(key)
    state = JobsSeen() if record is None else JobsSeen.model_validate(record.body)
    # Two jobs may run in the very same seconds: the window of the later one ends a second later.
    window = next(it for it in map(job.window, count()) if store.get(window_key(model_id, it)) is None)
    unread = why_unread(job)
    kept = KeptJob(job=job, window=window, unread=unread)
    note = JobNote(name=job.name, status=job.status, began=window.start, unread=unread)
    waiting = dict(state.waiting)
    if unread is None:
        waiting = {
            check: tuple(sorted({*state.waiting.get(check, ()), window}, key=lambda one: one.key))[-MOST_WAITING:]
            for check in CHECKS
        }
    newest = state.newest if job.status != "completed" or _older(job, state) else job.created_at
    notes = sorted((note, *state.notes), key=lambda one: (one.began, one.name), reverse=True)[:SHOWN]
    after = state.model_copy(
        update={"newest": newest, "jobs": state.jobs + 1, "notes": tuple(notes), "waiting": waiting}
    )
    place = window_key(model_id, window)
    goes = read_retention(store).expires(window.key, at=now)
    entry = AuditEntry(
        action="job.found",
        actor=ACTOR,
        subject=f"model/{model_id}",
        at=now,
        details={"job": job.name, "status": job.status, "window": window.key, "unread": unread},
    )
    writes = (
        Write(Record(job_key(model_id, job.name), to_json(kept), expires=goes), ABSENT),
        Write(Record(place, {"window": to_json(window)}, expires=goes), ABSENT),
        Write(Record(key, to_json(after)), record.etag if record else ABSENT),
    )
    commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)


def _seen(store: Store, model_id: str) -> JobsSeen:
    record = store.get(jobs_key(model_id))
    return JobsSeen() if record is None else JobsSeen.model_validate(record.body)


def _older(job: BatchJob, state: JobsSeen) -> bool:
    return state.newest is not None and job.created_at < state.newest
