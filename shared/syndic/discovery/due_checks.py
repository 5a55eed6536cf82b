"""Ask for the checks of a model that are due, by the files that it captured since the last look."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from syndic.changes import Change, commit
from syndic.discovery.bookmark import USE_LABELS, Advance, Check, advance, labels_window
from syndic.discovery.evidence import KIND, capture_evidence, since_when, why_not, worth_keeping
from syndic.discovery.jobs.due import due_jobs, jobs_evidence, with_labels
from syndic.discovery.jobs.models import JobsSeen
from syndic.discovery.keys import baseline_key, bookmark_key, jobs_key
from syndic.discovery.look_back import look_back
from syndic.discovery.models import Bookmark
from syndic.discovery.new_files import new_files, only_variants
from syndic.discovery.tags import read_tags
from syndic.errors import InvalidInputError, NotFoundError, StaleWriteError, UnavailableError
from syndic.model_marks import evidence_marks
from syndic.models import ComplianceStatus, Evidence, EvidenceChanged, RegisteredModel, to_be_counted, to_json
from syndic.models.capture_paths import outlasts
from syndic.policy import policy_key
from syndic.ports import ABSENT, AuditTrail, CaptureReader, EventBus, ObjectInfo, Record, Store, Write
from syndic.records import evidence_key, retried

_log = logging.getLogger(__name__)


def request_checks(
    model: RegisteredModel,
    *,
    store: Store,
    captures: CaptureReader,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> tuple[int, list[str]]:
    """Ask for the checks of one model that are due; returns how many, and what keeps others from being asked for."""
    if model.compliance_status is ComplianceStatus.RETIRED:
        return 0, ["the model is retired: it is not checked"]
    record = store.get(bookmark_key(model.id))
    bookmark = Bookmark.model_validate(record.body) if record else Bookmark()
    if model.endpoint is not None and model.endpoint.batch:
        return _request_for_jobs(model, store=store, captures=captures, bus=bus, audit=audit, now=now)
    ready, use_labels, notes = _readiness(model, store)
    unreadable: str | None = None
    asked = 0
    try:
        step, remarks = _look(model, bookmark, captures=captures, ready=ready, use_labels=use_labels, now=now)
    except (UnavailableError, NotFoundError, InvalidInputError) as error:
        _log.warning("captures unreadable", extra={"model_id": model.id, "reason": str(error)})
        unreadable = str(error)
        notes.append(f"the captured files could not be listed: {unreadable}")
    else:
        notes += [*remarks, *_remarks(step, model)]
        due = to_be_counted(step.due)
        bus.publish([one.model_copy(update={"variants": only_variants(step.bookmark, one.window)}) for one in due])
        asked = len(step.due)
        if step.bookmark != bookmark:
            _move(store, Record(bookmark_key(model.id), to_json(step.bookmark)), record, model.id)
        bookmark = step.bookmark
    evidence = capture_evidence(model, bookmark, unreadable=unreadable, now=now)
    _keep_evidence(evidence, model, store=store, bus=bus, audit=audit, now=now)
    return asked, notes


def _request_for_jobs(
    model: RegisteredModel,
    *,
    store: Store,
    captures: CaptureReader,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> tuple[int, list[str]]:
    """Ask for the checks of a model's batch jobs that wait, once the bus took them; and keep what is known of them."""
    key = jobs_key(model.id)
    record = store.get(key)
    state = before = JobsSeen() if record is None else JobsSeen.model_validate(record.body)
    ready, use_labels, notes = _readiness(model, store)
    days = read_tags(model.tags).label_delay_days
    try:
        state = with_labels(model, state, use_labels=use_labels, days=days, store=store, captures=captures, now=now)
    except (UnavailableError, NotFoundError, InvalidInputError) as error:
        notes.append(f"its ground truth could not be listed: {error}")
    step = due_jobs(model, state, ready=ready, store=store, captures=captures)
    bus.publish(to_be_counted(step.due))
    if step.state != before:
        _move(store, Record(key, to_json(step.state)), record, model.id)
    evidence = jobs_evidence(model, step.state, now=now)
    _keep_evidence(evidence, model, store=store, bus=bus, audit=audit, now=now)
    return len(step.due), [*notes, *step.notes]


def _readiness(model: RegisteredModel, store: Store) -> tuple[set[str], tuple[Check, ...], list[str]]:
    """Which checks can run, which of them use labels, and what is in the way of others."""
    if model.endpoint is None or model.endpoint.capture is None or not model.endpoint.capture.enabled:
        return set(), USE_LABELS, [f"its endpoint captures no traffic: {why_not(model)}nothing is checked"]
    if model.capture_schema is None:
        return set(), USE_LABELS, ["it has no capture schema: its files cannot be read"]
    ready: set[str] = set()
    notes = []
    use_labels = USE_LABELS
    baseline = store.get(baseline_key(model.id))
    if baseline is None:
        notes.append("it has no baseline: drift and quality are not checked")
    else:
        ready |= {"drift", "quality"}
        if baseline.body.get("slices"):  # its report says where predictions are wrong
            use_labels = (*USE_LABELS, "drift")
    if store.get(policy_key("bias", model.id)) is None:
        notes.append("it has no fairness policy: bias is not checked")
    else:
        ready.add("bias")
    return ready, use_labels, notes


def _look(
    model: RegisteredModel,
    bookmark: Bookmark,
    *,
    captures: CaptureReader,
    ready: set[str],
    use_labels: tuple[Check, ...],
    now: datetime,
) -> tuple[Advance, list[str]]:
    """What the files say. They are looked at even when capture was turned off: the last ones may be new."""
    days = read_tags(model.tags).label_delay_days
    endpoint = model.endpoint
    if endpoint is None or endpoint.capture is None:
        return advance(bookmark, (), (), model=model, ready=ready, label_delay_days=days, now=now), []
    files, bookmark = new_files(bookmark, model, endpoint, endpoint.capture, captures=captures, now=now)
    reached = advance(bookmark, files, (), model=model, ready=(), label_delay_days=days, now=now).bookmark
    labels: list[ObjectInfo] = []
    notes = []
    window = labels_window(reached, now) if endpoint.capture.labels_uri else None
    if window is not None:
        try:
            labels = list(captures.labels(endpoint.capture, window))
        except (UnavailableError, NotFoundError, InvalidInputError) as error:
            notes.append(f"its ground truth could not be listed: {error}")
    step = advance(
        bookmark, files, labels, model=model, ready=ready, label_delay_days=days, now=now, use_labels=use_labels
    )
    try:
        moved = look_back(step.bookmark, endpoint, endpoint.capture, captures=captures, now=now)
    except (UnavailableError, NotFoundError, InvalidInputError) as error:
        notes.append(f"its oldest captured files could not be looked for: {error}")
    else:
        step = replace(step, bookmark=moved)
    return step, notes


def _remarks(step: Advance, model: RegisteredModel) -> list[str]:
    notes = []
    span = step.bookmark.span
    if span is not None and outlasts(span, model.window):
        notes.append(
            f"a captured file holds a {span}, longer than the model's window of a {model.window}: nothing is checked; "
            "shorten the collector's rolling rate or lengthen the window (tag syndic:window)"
        )
    if step.misplaced:
        notes.append(f"{step.misplaced} new files lie in no hour's folder and belong to no window")
    if step.dropped:
        notes.append(f"{step.dropped} windows were given up: more than 1000 waited for a check")
    return notes


def _move(store: Store, record: Record, present: Record | None, model_id: str) -> None:
    try:
        store.put(record, expect=present.etag if present else ABSENT)
    except StaleWriteError:  # another run moved it meanwhile, after handing over the same requests
        _log.info("bookmark moved by another run", extra={"model_id": model_id})


def _keep_evidence(
    seen: Evidence, model: RegisteredModel, *, store: Store, bus: EventBus, audit: AuditTrail, now: datetime
) -> None:
    """Keep what says something new; compliance is told when its status changed, in the same commit."""
    key = evidence_key(model.id, KIND)

    def step() -> None:
        record = store.get(key)
        present = Evidence.model_validate(record.body) if record else None
        evidence = since_when(seen, model, present)
        late = present is not None and present.produced_at > evidence.produced_at
        if late or not worth_keeping(evidence, present):
            return
        write = Write(Record(key, to_json(evidence)), record.etag if record else ABSENT)
        if present is not None and present.status is evidence.status:  # other dates and numbers: nobody is told
            store.put_together([write, *evidence_marks(write.record, record)])
            return
        events = (EvidenceChanged(model_id=evidence.model_id, kinds=(KIND,)),)
        commit(Change((write,), now, events=events), store=store, audit=audit, bus=bus)

    retried(step, what=f"evidence {KIND} on {model.id}")
