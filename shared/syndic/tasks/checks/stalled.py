"""Large windows that are counted by messages: those whose messages failed every try are asked for again."""

from __future__ import annotations

from syndic.checks.counting.queue_run import stalled_runs
from syndic.tasks.clouds import Clouds


def take_back(clouds: Clouds) -> int:
    """Ask again for the windows of runs that stalled; returns how many."""
    stalled = stalled_runs(store=clouds.store, now=clouds.now())
    if stalled:
        clouds.bus.publish(stalled)
        clouds.count("RunsTakenBack", len(stalled))
    return len(stalled)
