"""Which checks of a model's batch jobs are due, and what is known of the jobs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from syndic.batch_jobs import find_job, job_files, windows_of_jobs
from syndic.discovery.bookmark import LABEL_OVERLAP, MOST_AT_ONCE, Check
from syndic.discovery.evidence import as_evidence
from syndic.discovery.jobs.models import JobNote, JobsSeen
from syndic.errors import InvalidInputError, NotFoundError, UnavailableError
from syndic.models import CheckRequested, Evidence, EvidenceStatus, RegisteredModel, TimeWindow
from syndic.models.capture_paths import captured_hour
from syndic.ports import CaptureReader, ObjectInfo, Store

QUIET: Final = timedelta(days=45)
"""Without a job for so long: monthly jobs come a few days late."""

NO_FILES: Final = "neither its inputs nor its answers are there any more"


class JobsStep(NamedTuple):
    """What is due, what stays, and what keeps jobs from being judged."""

    state: JobsSeen
    due: tuple[CheckRequested, ...]
    notes: tuple[str, ...] = ()


def due_jobs(
    model: RegisteredModel, state: JobsSeen, *, ready: Collection[str], store: Store, captures: CaptureReader
) -> JobsStep:
    """Ask for the checks that can run on jobs that wait. One whose files cannot be listed waits on, with the reason."""
    waiting = {check: list(windows) for check, windows in state.waiting.items()}
    notes, said = [], {one.name: one for one in state.notes}
    due: list[CheckRequested] = []
    asked = sorted({one for check in waiting if check in ready for one in waiting[check]}, key=lambda one: one.key)
    for window in asked[:MOST_AT_ONCE]:
        problem, there = _probe(model, window, store=store, captures=captures)
        if problem is not None:
            notes.append(f"batch job {window.job}: {problem}")
        if window.job in said:
            said[window.job] = said[window.job].model_copy(update={"unread": problem})
        for check in [one for one in waiting if window in waiting[one] and one in ready]:
            if there:
                due.append(CheckRequested(check=check, model_id=model.id, window=window))
            if there or problem == NO_FILES:
                waiting[check].remove(window)
    left = {check: tuple(windows) for check, windows in waiting.items() if windows}
    after = state.model_copy(update={"waiting": left, "notes": tuple(said[one.name] for one in state.notes)})
    return JobsStep(after, tuple(due), tuple(notes))


def with_labels(
    model: RegisteredModel,
    state: JobsSeen,
    *,
    use_labels: Iterable[Check],
    days: int,
    store: Store,
    captures: CaptureReader,
    now: datetime,
) -> JobsSeen:
    """The state with the jobs waiting again that new ground truth may be about: its hours', and so many days'.

    Raises what listing raises.
    """
    capture = model.endpoint.capture if model.endpoint else None
    if capture is None or capture.labels_uri is None or state.newest is None:
        return state
    since = (state.labels_hour or state.newest) - LABEL_OVERLAP - timedelta(days=0 if state.labels_hour else days)
    span = TimeWindow(start=_midnight(since), end=_midnight(now + timedelta(days=1)))
    files = list(captures.labels(capture, span))
    known = set(state.recent_labels)
    hours = [hour for item in files if _print(item) not in known and (hour := captured_hour(item.uri)) is not None]
    if not hours:
        return state
    newest = max([*hours, *([state.labels_hour] if state.labels_hour else [])])
    earliest, latest = min(hours) - timedelta(days=days), max(hours) + timedelta(hours=1)
    concerned, before = [], None
    for window in windows_of_jobs(store, model.id, newest_first=True):
        if window.start >= latest or not _read(store, model.id, window):
            continue
        if window.start < earliest:
            before = window  # the last one before is what labels without a delay are about
            break
        concerned.append(window)
    again = {*concerned, *([before] if before is not None else [])}
    waiting = {**state.waiting, **{
        check: tuple(sorted({*state.waiting.get(check, ()), *again}, key=lambda one: one.key)) for check in use_labels
    }}  # fmt: skip
    recent = tuple(
        sorted(_print(one) for one in files if (captured_hour(one.uri) or newest) >= _midnight(newest - LABEL_OVERLAP))
    )
    return state.model_copy(update={"waiting": waiting, "labels_hour": newest, "recent_labels": recent})


def jobs_evidence(model: RegisteredModel, state: JobsSeen, *, now: datetime) -> Evidence:
    """What is known of a model's batch jobs, in the place of what is known of an endpoint's capture."""
    capture = model.endpoint.capture if model.endpoint else None
    facts: dict[str, Any] = {
        "enabled": True,
        "format": capture.format.value if capture else None,
        "sampling_percent": 100.0,
        "labels_configured": capture is not None and capture.labels_uri is not None,
        "window": model.window.value,
        "kinds": list(model.endpoint.kinds) if model.endpoint else [],
        "jobs_found": state.jobs,
        "newest_job_at": state.newest.isoformat() if state.newest else None,
        "not_judged": [{"job": one.name, "why": one.unread} for one in state.notes if one.unread is not None],
    }
    return as_evidence(model, facts, *_judged(state.notes, now), of="jobs", now=now)


def _judged(notes: tuple[JobNote, ...], now: datetime) -> tuple[EvidenceStatus, str]:
    if not notes:
        return EvidenceStatus.INCONCLUSIVE, "No batch job was seen yet."
    last = notes[0]
    if last.unread is not None:
        return EvidenceStatus.INCONCLUSIVE, f"The rows of batch job {last.name} are not judged: {last.unread}."
    if now - last.began > QUIET:
        return EvidenceStatus.INCONCLUSIVE, f"The newest batch job, {last.name}, is {(now - last.began).days} days old."
    return EvidenceStatus.PASSING, "All rows of its batch jobs can be read."


def _probe(
    model: RegisteredModel, window: TimeWindow, *, store: Store, captures: CaptureReader
) -> tuple[str | None, bool]:
    """Why a job's rows cannot be read now, and whether it has files."""
    kept = find_job(store, model.id, window.job or "")
    if kept is None or model.endpoint is None:
        return NO_FILES, False
    try:
        there = any(True for _ in job_files(kept.job, model.endpoint, captures=captures))
    except (UnavailableError, NotFoundError, InvalidInputError) as error:
        return f"its files cannot be listed: {error}", False
    return (None, True) if there else (NO_FILES, False)


def _read(store: Store, model_id: str, window: TimeWindow) -> bool:
    kept = find_job(store, model_id, window.job or "")
    return kept is not None and kept.unread is None


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _print(item: ObjectInfo) -> str:
    return hashlib.sha256(f"{item.uri}\n{item.etag}\n{item.size}".encode()).hexdigest()[:16]
