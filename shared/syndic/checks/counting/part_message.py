"""A message of a large window's part: count it, and merge when it was the last."""

from __future__ import annotations

from datetime import datetime

from syndic.checks.counting.keys import LEFT, left_key, run_partition
from syndic.checks.counting.plan import Counters, PartTask, count_part, merge_parts
from syndic.checks.counting.queue_run import claimed
from syndic.models import CountRequested, PartRequested


def take_part(
    asked: PartRequested, task: PartTask, *, counters: Counters, now: datetime
) -> tuple[CountRequested, str] | None:
    """Count one part of a run; the worker that counts the last one merges, and returns the request and the counts.

    The run ends with `finish_run`, when those who judge were told.

    Raises:
        ConflictError: A file of the window changed while it was counted, or the baseline did.
    """
    store = counters.store
    count_part(task, counters)
    store.delete(left_key(asked.run, asked.part))
    if store.query(run_partition(asked.run), prefix=LEFT, limit=1).records:
        return None
    if not claimed(asked, store, now):
        return None
    return merge_parts(asked.run, counters)
