"""Large windows by messages: each part is counted by the worker that takes its message, the last one merges.

It needs no orchestrator, only a store and a bus: a run has a row for each part that is left; a worker counts its part,
removes the row, and when none is left claims the end by a conditional write. A message may come twice or never be
acknowledged: counting again gives the same counts, removing a row again does nothing, and the claim of a worker that
died is taken over when its message returns, or by anyone once it is old. A run whose messages failed every try is
started anew when it is asked for again, which `stalled_runs` does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import JsonValue

from syndic.checks.counting.keys import OPEN, finisher_key, left_key, open_key, run_key
from syndic.errors import StaleWriteError
from syndic.models import CaptureFormat, CountRequested, Moment, Noun, PartRequested, to_json
from syndic.ports import ABSENT, EventBus, Record, Store, Write
from syndic.records import iterate

log = logging.getLogger(__name__)

PATIENCE: Final = timedelta(minutes=30)
"""After this a claim is old: no function runs longer."""

STALLED: Final = timedelta(hours=2)
"""After this no message of a run is tried any more: five times at most ten minutes, and five between."""

MOST_STARTS: Final = 4
"""How often a run is started before somebody has to look at it."""

_TOGETHER: Final = 90


class RunState(StrEnum):
    """How far a run is."""

    STARTING = "starting"  # not all messages may be out
    COUNTING = "counting"
    FINISHED = "finished"


class FanOutRun(Noun):
    """A run of a large window."""

    request: CountRequested
    parts: int
    state: RunState
    started_at: Moment
    starts: int = 1


class Finisher(Noun):
    """Who merges the counts of a run."""

    part: int
    claimed_at: Moment


class FanOut:
    """`MapRunner` on a store and a bus, in any cloud that has both."""

    formats = frozenset(CaptureFormat)

    def __init__(self, store: Store, bus: EventBus, *, clock: Callable[[], datetime]) -> None:
        self._store, self._bus, self._clock = store, bus, clock

    def start(self, run: str, request: CountRequested, items: Sequence[Mapping[str, JsonValue]]) -> str:
        """Start the run, or go on starting it where an earlier call was stopped; one that runs is left to run.

        One that finished, or that stalled, is started anew: it is asked for because its counts are not there.
        """
        store, now = self._store, self._clock()
        kept = store.get(run_key(run))
        present = None if kept is None else FanOutRun.model_validate(kept.body)
        if present is not None and present.state is RunState.COUNTING and now - present.started_at < STALLED:
            return run
        starts = 1 if present is None or present.state is RunState.FINISHED else present.starts + 1
        planned = FanOutRun(
            request=request, parts=len(items), state=RunState.STARTING, started_at=now, starts=starts
        )  # fmt: skip
        if present is None or present.state is not RunState.STARTING:
            store.delete(finisher_key(run))
            store.put(Record(open_key(run), {}))
            kept = store.put(Record(run_key(run), to_json(planned)), expect=kept.etag if kept else ABSENT)
        assert kept is not None  # noqa: S101 - present is not None when it was not just written
        left = [Write(Record(left_key(run, number), {})) for number in range(len(items))]
        for first in range(0, len(left), _TOGETHER):
            store.put_together(left[first : first + _TOGETHER])
        self._bus.publish([_message(run, request, item) for item in items])
        try:
            counting = planned.model_copy(update={"state": RunState.COUNTING})
            store.put(Record(run_key(run), to_json(counting)), expect=kept.etag)
        except StaleWriteError:
            log.info("run finished while it was started", extra={"run": run})
        return run


def finish_run(run: str, *, store: Store) -> None:
    """A run is over: its counts were handed on."""
    record = store.get(run_key(run))
    if record is not None:
        ended = FanOutRun.model_validate(record.body).model_copy(update={"state": RunState.FINISHED})
        store.put(Record(record.key, to_json(ended)))
    store.delete(open_key(run))


def stalled_runs(*, store: Store, now: datetime) -> list[CountRequested]:
    """Requests whose runs failed every try: to be asked for again, a few times."""
    found = []
    for record in list(iterate(store, OPEN)):
        kept = store.get(run_key(record.key.sort))
        run = None if kept is None else FanOutRun.model_validate(kept.body)
        if run is None or run.state is RunState.FINISHED:
            store.delete(record.key)
        elif now - run.started_at >= STALLED and run.starts < MOST_STARTS:
            found.append(run.request)
        elif now - run.started_at >= STALLED:
            log.error("run failed", extra={"run": record.key.sort, "starts": run.starts})
    return found


def claimed(asked: PartRequested, store: Store, now: datetime) -> bool:
    """Whether this worker is the one that finishes the run."""
    record = store.get(run_key(asked.run))
    if record is not None and FanOutRun.model_validate(record.body).state is RunState.FINISHED:
        store.delete(open_key(asked.run))  # whoever finished it may have died before
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


def _message(run: str, request: CountRequested, item: Mapping[str, Any]) -> PartRequested:
    task = {"run": run, "request": to_json(request), "item": dict(item)}
    return PartRequested(run=run, part=int(item["part"]), task=task)
