"""Which batch jobs of a source have ended since the last look: a call for a hundred of them, whatever their history."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from syndic.changes import Change, commit
from syndic.discovery.jobs.models import EndedBookmark
from syndic.discovery.keys import ended_key
from syndic.errors import SourceUnavailableError, StaleWriteError
from syndic.models import AuditEntry, JobsRequested, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, JobSource, Record, Store, Write

_log = logging.getLogger(__name__)

ACTOR: Final = "syndic/discovery"
FIRST: Final = timedelta(days=31)
"""So far back jobs are looked for when a source is first looked at."""

OVERLAP: Final = timedelta(minutes=15)
STEP: Final = timedelta(days=1)
FEW: Final = 100
"""Jobs of a step: one call lists them."""

PAGE: Final = 25
ENOUGH: Final = 1000
"""Jobs after which the next hour goes on."""


def hand_on_ended(
    source: JobSource, *, store: Store, bus: EventBus, audit: AuditTrail, now: datetime
) -> tuple[int, str | None]:
    """Hand on the jobs of a source that ended since the last run; returns how many, and why they cannot be listed.

    The bookmark moves after the bus took them: a run that dies is repeated, and jobs may be handed on twice, which
    whoever takes them notices. It moves in steps, a day where there are many jobs, so that a long history is gone
    through; where there are few, each step is twice as long as the one before.
    """
    key = ended_key(source.name)
    record = store.get(key)
    known = EndedBookmark(until=now - FIRST) if record is None else EndedBookmark.model_validate(record.body)
    handed, step = 0, STEP
    reason: str | None = None
    try:
        while handed < ENOUGH:
            until = min(known.until + step, now)
            found = {one.name: one.modified for one in source.ended_jobs(known.until - OVERLAP, until)}
            fresh = [name for name in found if name not in known.recent]
            bus.publish(_pages(source.name, fresh))
            handed += len(fresh)
            recent = tuple(sorted(name for name, at in found.items() if at > until - OVERLAP))
            known = EndedBookmark(until=until, recent=recent)
            step = step * 2 if len(found) < FEW else STEP
            if until == now:
                break
    except SourceUnavailableError as error:
        reason = str(error)
        _log.warning("batch jobs unavailable", extra={"source": source.name, "reason": reason})
    _keep(known.model_copy(update={"unavailable": reason}), record, source.name, store=store, audit=audit, now=now)
    return handed, reason


def _pages(source: str, names: Sequence[str]) -> list[JobsRequested]:
    left = iter(names)
    return [JobsRequested(source=source, jobs=tuple(some)) for some in iter(lambda: list(islice(left, PAGE)), [])]


def _keep(
    after: EndedBookmark, record: Record | None, name: str, *, store: Store, audit: AuditTrail, now: datetime
) -> None:
    before = None if record is None else EndedBookmark.model_validate(record.body)
    if after == before:
        return
    was = None if before is None else before.unavailable
    entries: tuple[AuditEntry, ...] = ()
    if (was is None) != (after.unavailable is None):
        action = "source.available" if after.unavailable is None else "source.unavailable"
        details = {} if after.unavailable is None else {"reason": after.unavailable}
        subject = f"source/{name} batch jobs"
        entries = (AuditEntry(action=action, actor=ACTOR, subject=subject, at=now, details=details),)
    write = Write(Record(ended_key(name), to_json(after)), record.etag if record else ABSENT)
    try:
        commit(Change((write,), now, entries=entries), store=store, audit=audit)
    except StaleWriteError:  # another run moved it meanwhile, after handing on the same jobs
        _log.info("bookmark of jobs moved by another run", extra={"source": name})
