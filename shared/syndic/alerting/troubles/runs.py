"""When a subject's trouble began and ended, and how bad it was from when on. Pure."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from syndic.alerting.models import Sighting, SubjectRecord
from syndic.models import Severity

RESOLVE_AFTER: Final = 2
"""Well windows, one after the other, that end a trouble: a value that swings about its threshold is one trouble."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive windows in trouble. `end`: from when on it is over; None: it is not."""

    sightings: tuple[Sighting, ...]
    start: datetime
    end: datetime | None

    @property
    def last(self) -> Sighting:
        """The newest sighting that shows the trouble."""
        return next(one for one in reversed(self.sightings) if one.severity is not Severity.NONE)

    @property
    def recovering(self) -> bool:
        """Whether it is not over, and the newest window is well."""
        return self.end is None and self.sightings[-1].severity is Severity.NONE


def runs(record: SubjectRecord) -> list[Run]:
    """When a subject was in trouble, the oldest first."""
    found = runs_of(record.sightings)
    if found and found[-1].start > record.first_seen and len(found[-1].sightings) == len(record.sightings):
        last = found[-1]
        found[-1] = Run(last.sightings, record.first_seen, last.end)
    return found


def runs_of(sightings: Sequence[Sighting]) -> list[Run]:
    """Runs of troubled sightings, given in order of place.

    A run ends at the second well window after the last troubled one, or at the first finding without a window that says
    so: such a finding is a person's or a job's word, which does not swing.
    """
    found: list[Run] = []
    current: list[Sighting] = []
    well = 0
    for one in sightings:
        if one.severity is not Severity.NONE:
            current.append(one)
            well = 0
        elif current:
            current.append(one)
            well += 1
            if well >= RESOLVE_AFTER or one.window is None:
                found.append(Run(tuple(current), current[0].start, one.start))
                current, well = [], 0
    if current:
        found.append(Run(tuple(current), current[0].start, None))
    return found


def severities(record: SubjectRecord) -> list[tuple[datetime, Severity]]:
    """How bad a subject was from when on, by the times at which its findings were found; `none`: it was over.

    A finding that came late is put in its place, as `subjects.take` does, so this is what stood on record each time.
    """
    placed: list[Sighting] = []
    found: list[tuple[datetime, Severity]] = []
    state = (Severity.NONE, 0)
    for one in sorted(record.sightings, key=lambda one: (one.found_at, one.place)):
        late = bool(placed) and one.place < placed[-1].place
        insort(placed, one, key=lambda one: one.place)
        state = _state_after(placed) if late else _next_state(state, one)
        found.append((one.found_at, state[0]))
    return found


def _state_after(sightings: Sequence[Sighting]) -> tuple[Severity, int]:
    state = (Severity.NONE, 0)
    for one in sightings:
        state = _next_state(state, one)
    return state


def _next_state(state: tuple[Severity, int], one: Sighting) -> tuple[Severity, int]:
    """How bad it is after one more sighting, and how many windows in a row were well: the rule of `runs_of`."""
    severity, well = state
    if one.severity is not Severity.NONE:
        return one.severity, 0
    if severity is Severity.NONE or one.window is None or well + 1 >= RESOLVE_AFTER:
        return Severity.NONE, 0
    return severity, well + 1
