"""What the worker does with a message: a step of planning, or of doing what was planned."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from syndic.changes import finish
from syndic.erasure.apply import apply_further
from syndic.erasure.evidence import KIND, erasure_evidence, with_last
from syndic.erasure.models import Erasure, ErasureState, Progress
from syndic.erasure.scan import plan_further
from syndic.erasure.store import entry, erasures_of, read_progress, refuse_held, save
from syndic.errors import ConflictError, UnavailableError
from syndic.models import ErasureStepRequested, Evidence, EvidenceChanged, to_json
from syndic.ports import Archive, AuditTrail, CaptureEraser, CaptureReader, EventBus, Record, Store
from syndic.records import evidence_key, get_model

WORKER: Final = "syndic/erasure"
_STORAGE: Final = "storage.captures"


def go_on(
    erasure_id: str,
    *,
    held: Collection[str],
    store: Store,
    captures: CaptureReader,
    eraser: Callable[[], CaptureEraser],
    archive: Archive,
    audit: AuditTrail,
    bus: EventBus,
    now: datetime,
    over: Callable[[], bool],
) -> Erasure:
    """A step of an erasure. One that waits for nobody stays as it is, however often it is told of.

    Args:
        erasure_id: Which one.
        held: Subjects under legal hold.
        store: Records.
        captures: Reads captured traffic.
        eraser: Gives what may change it; asked for only when something is to be done.
        archive: Keeps plans.
        audit: The trail.
        bus: Carries the message of the next step.
        now: The time.
        over: Whether the time of this call is over.
    """
    record, progress = read_progress(store, erasure_id)
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus}
    if progress.erasure.state is ErasureState.PLANNING:
        model = get_model(store, progress.erasure.model_id)
        found = plan_further(progress, model, captures=captures, archive=archive, over=over)
        return _planned(found, record, at=now, **common)
    if progress.erasure.state is not ErasureState.APPLYING:
        finish(record.key, **common)
        return progress.erasure
    try:
        refuse_held(progress.erasure.model_id, held)
    except ConflictError as error:
        return _stopped(progress, record, str(error), at=now, **common)
    model = get_model(store, progress.erasure.model_id)
    try:
        done, ended = apply_further(progress, model, captures=captures, eraser=eraser(), archive=archive, over=over)
    except UnavailableError as error:
        troubled = progress.erasure.model_copy(update={"trouble": str(error)[:500]})
        save(progress.model_copy(update={"erasure": troubled}), record, at=now, **common)
        raise
    return _applied(done, record, ended=ended, at=now, **common)


def _planned(
    found: Progress, record: Record, *, at: datetime, store: Store, audit: AuditTrail, bus: EventBus
) -> Erasure:
    erasure = found.erasure
    if erasure.state is ErasureState.PLANNING:
        again = (ErasureStepRequested(erasure_id=erasure.id),)
        save(found, record, at=at, store=store, audit=audit, bus=bus, events=again)
        return erasure
    erasure = erasure.model_copy(update={"planned_at": at, "versions": earlier_versions(store, erasure.model_id)})
    told = entry(
        "erasure.planned", erasure, actor=WORKER, at=at, plan_sha256=erasure.plan_sha256, found=to_json(erasure.found)
    )
    save(
        found.model_copy(update={"erasure": erasure}), record, at=at, store=store, audit=audit, bus=bus, entries=(told,)
    )
    return erasure


def _stopped(
    progress: Progress, record: Record, why: str, *, at: datetime, store: Store, audit: AuditTrail, bus: EventBus
) -> Erasure:
    erasure = progress.erasure.model_copy(update={"state": ErasureState.STOPPED, "stopped": why})
    told = entry("erasure.stopped", erasure, actor=WORKER, at=at, reason=why, done=to_json(erasure.done))
    save(
        progress.model_copy(update={"erasure": erasure}), record, at=at, store=store, audit=audit, bus=bus,
        entries=(told,),
    )  # fmt: skip
    return erasure


def _applied(
    done: Progress, record: Record, *, ended: bool, at: datetime, store: Store, audit: AuditTrail, bus: EventBus
) -> Erasure:
    erasure = done.erasure.model_copy(update={"trouble": None})
    if not ended:
        again = (ErasureStepRequested(erasure_id=erasure.id),)
        save(
            done.model_copy(update={"erasure": erasure}), record, at=at, store=store, audit=audit, bus=bus, events=again
        )
        return erasure
    erasure = erasure.model_copy(update={"state": ErasureState.APPLIED, "applied_at": at})
    told = entry(
        "erasure.applied", erasure, actor=WORKER, at=at, plan_sha256=erasure.plan_sha256, done=to_json(erasure.done)
    )
    evidence = erasure_evidence(erasure.model_id, with_last(erasure, erasures_of(store, erasure.model_id)), at)
    save(
        done.model_copy(update={"erasure": erasure}), record, at=at, store=store, audit=audit, bus=bus,
        entries=(told,), evidence=(evidence,),
        events=(EvidenceChanged(model_id=erasure.model_id, kinds=(KIND,)),),
    )  # fmt: skip
    return erasure


def earlier_versions(store: Store, model_id: str) -> str:
    """What becomes of earlier versions of changed objects, by the rules of the store as they were last read."""
    record = store.get(evidence_key(model_id, _STORAGE))
    facts = {} if record is None else Evidence.model_validate(record.body).facts
    if "earlier_versions" not in facts:
        return "not known: the rules of the store were not read yet, so earlier versions may stay in it"
    locked = facts.get("locked_days")
    if isinstance(locked, int) and locked:
        return f"the store is locked: what goes stays as an earlier version, {locked} days or longer"
    days = facts.get("gone_after_days")
    if days is None:
        return "the store keeps earlier versions and no rule removes them: they stay until they are removed there"
    if days == 0:
        return "the store keeps no earlier versions: what goes is gone"
    return f"the store keeps earlier versions: what goes is gone {days} days later"
