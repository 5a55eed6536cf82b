"""Large windows by messages: each part is counted by the worker that takes its message, the last one merges.

It needs no orchestrator, only a store and a bus: a run has a row for each part that is left; a worker counts its part,
removes the row, and when none is left claims the end by a conditional write. A message may come twice or never be
acknowledged: counting again gives the same counts, removing a row again does nothing, and the claim of a worker that
died is taken over when its message returns, or by anyone once it is old. A run whose messages failed every try, or
that ended before the baseline or the policy changed, is started anew when it is asked for again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import ValidationError

from syndic.drift.keys import LEFT, finisher_key, left_key, run_key, run_partition
from syndic.drift.models import DriftReport
from syndic.drift.scale.map_run import MapItem, MapTask, count_object, finish_window
from syndic.errors import InvalidInputError, StaleWriteError
from syndic.models import CaptureFormat, CheckRequested, Moment, Noun, PartRequested, to_json
from syndic.ports import ABSENT, Archive, AuditTrail, CaptureReader, EventBus, ObjectInfo, Record, Store, Write
from syndic.records import get_model, run_name
from syndic.windows import FORMATS, Part

log = logging.getLogger(__name__)

PATIENCE: Final = timedelta(minutes=30)
"""After this a claim is old: no function runs longer."""

STALLED: Final = timedelta(hours=2)
"""After this no message of a run is tried any more: five times at most ten minutes, and five between."""

_TOGETHER: Final = 90


class RunState(StrEnum):
    """How far a run is."""

    STARTING = "starting"  # not all messages may be out
    COUNTING = "counting"
    FINISHED = "finished"


class FanOutRun(Noun):
    """A run of a large window."""

    request: CheckRequested
    parts: int
    state: RunState
    started_at: Moment


class Finisher(Noun):
    """Who merges the counts of a run."""

    part: int
    claimed_at: Moment


class FanOut:
    """`MapRunner` on a store and a bus, in any cloud that has both."""

    formats = frozenset(CaptureFormat)

    def __init__(self, store: Store, bus: EventBus, *, clock: Callable[[], datetime]) -> None:
        self._store, self._bus, self._clock = store, bus, clock

    def start(self, request: CheckRequested, items: Sequence[ObjectInfo]) -> str:
        """Start the run, or go on starting it where an earlier call was stopped; one that runs is left to run.

        One that finished, or that stalled, is started anew: it is asked for because no report is of its inputs.
        """
        run, store, now = run_name(request, items), self._store, self._clock()
        kept = store.get(run_key(run))
        present = None if kept is None else FanOutRun.model_validate(kept.body)
        if present is not None and present.state is RunState.COUNTING and now - present.started_at < STALLED:
            return run
        parts = FORMATS[_format_of(store, request.model_id)].parts(items)
        planned = FanOutRun(request=request, parts=len(parts), state=RunState.STARTING, started_at=now)
        if present is None or present.state is not RunState.STARTING:
            store.delete(finisher_key(run))
            kept = store.put(Record(run_key(run), to_json(planned)), expect=kept.etag if kept else ABSENT)
        assert kept is not None  # noqa: S101 - present is not None when it was not just written
        left = [Write(Record(left_key(run, number), {})) for number in range(len(parts))]
        for first in range(0, len(left), _TOGETHER):
            store.put_together(left[first : first + _TOGETHER])
        self._bus.publish([_message(run, number, request, part) for number, part in enumerate(parts)])
        try:
            counting = planned.model_copy(update={"state": RunState.COUNTING})
            store.put(Record(run_key(run), to_json(counting)), expect=kept.etag)
        except StaleWriteError:
            log.info("run finished while it was started", extra={"run": run})
        return run


def take_part(
    asked: PartRequested,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> DriftReport | None:
    """Count one part of a run; the worker that counts the last one merges, judges and returns the report.

    Raises:
        InvalidInputError: The message names no task.
        ConflictError: The window cannot be compared, or its files changed while it was counted.
    """
    try:
        task = MapTask.model_validate(asked.task)
    except ValidationError as error:
        raise InvalidInputError(error.errors(include_url=False)[0]["msg"], where="message.detail.task") from error
    count_object(task, store=store, captures=captures, archive=archive)
    store.delete(left_key(asked.run, asked.part))
    if store.query(run_partition(asked.run), prefix=LEFT, limit=1).records:
        return None
    if not _claimed(asked, store, now):
        return None
    report = finish_window(task.request, store=store, captures=captures, archive=archive, bus=bus, audit=audit, now=now)
    record = store.get(run_key(asked.run))
    if record is not None:
        ended = FanOutRun.model_validate(record.body).model_copy(update={"state": RunState.FINISHED})
        store.put(Record(record.key, to_json(ended)))
    return report


def _claimed(asked: PartRequested, store: Store, now: datetime) -> bool:
    """Whether this worker is the one that finishes the run."""
    record = store.get(run_key(asked.run))
    if record is not None and FanOutRun.model_validate(record.body).state is RunState.FINISHED:
        return False
    present = store.get(finisher_key(asked.run))
    if present is not None:
        other = Finisher.model_validate(present.body)
        if other.part != asked.part and now - other.claimed_at < PATIENCE:
            return False
    claim = Record(finisher_key(asked.run), to_json(Finisher(part=asked.part, claimed_at=now)))
    try:
        store.put(claim, expect=present.etag if present else ABSENT)
    except StaleWriteError:
        return False
    return True


def _format_of(store: Store, model_id: str) -> CaptureFormat:
    endpoint = get_model(store, model_id).endpoint
    if endpoint is None or endpoint.capture is None:
        raise InvalidInputError("the model has no captured traffic", where=f"model {model_id}")
    return endpoint.capture.format


def _message(run: str, number: int, request: CheckRequested, part: Part) -> PartRequested:
    own, beside = (
        tuple(MapItem(uri=i.uri, size=i.size, etag=i.etag, modified=i.modified) for i in items)
        for items in (part.own, part.beside)
    )
    return PartRequested(run=run, part=number, task=to_json(MapTask(request=request, items=own, beside=beside)))
