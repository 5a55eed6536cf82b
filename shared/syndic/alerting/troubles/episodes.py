"""An alert from its subjects: those of one model and concern that are in trouble at one time. Pure.

Trouble of one subject lasts from its first troubled window until it is over. Troubles whose times overlap are one
episode, and the newest episode is the alert: it follows from what was seen alone, in whatever order it came.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from syndic.alerting.models import AlertRecord, Member, SeverityChange, SubjectRecord
from syndic.alerting.troubles.runs import Run, runs
from syndic.models import Concern, Severity, TimeWindow

SHOWN: Final = 24
SHOWN_MEMBERS: Final = 50
ON_RECORD: Final = "label"
"""The outcome of a fairness finding that is not the model's doing; a subject begins with its outcome and a colon."""

_FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Part:
    """A subject and one of its runs."""

    subject: SubjectRecord
    run: Run

    @property
    def ends(self) -> datetime:
        return self.run.end or _FOREVER


def derive_episode(identity: str, subjects: Iterable[SubjectRecord]) -> AlertRecord | None:
    """The newest episode of some subjects of one model and concern, as nobody has touched it; None: never any."""
    every = list(subjects)
    parts = _newest([_Part(one, run) for one in every for run in runs(one)])
    if not parts:
        return None
    latest = {part.subject.latest.subject_key: part for part in parts}  # of each subject the newest run
    ongoing = [part for part in latest.values() if part.run.end is None]
    fairness = parts[0].subject.latest.concern is Concern.BIAS
    found = (_member(part) for part in ongoing or latest.values())
    members = sorted(found, key=partial(_precedence, fairness=fairness))
    lead = latest[members[0].subject_key].subject.latest
    windows = _windows(parts)
    sightings = [one for part in parts for one in part.run.sightings]
    alarms = [one.found_at for one in sightings if one.severity.rank >= Severity.HIGH.rank]
    return AlertRecord(
        id=identity,
        lead=lead,
        severity=max((one.severity for one in members), key=lambda one: one.rank),
        recovering=bool(ongoing) and all(part.run.recovering for part in ongoing),
        worst=max((one.severity for one in sightings), key=lambda one: one.rank),
        first_seen=min(part.run.start for part in parts),
        last_seen=max(one.end for one in sightings),
        alarmed_at=min(alarms, default=None),
        windows=tuple(one for one in windows if one is not None)[-SHOWN:],
        windows_seen=len(windows),
        history=_history(every)[-SHOWN:],
        members=tuple(members[:SHOWN_MEMBERS]),
        findings=len(members),
    )


def _newest(parts: Sequence[_Part]) -> list[_Part]:
    """The parts whose times overlap with the newest one's, or with such a one's."""
    found: list[_Part] = []
    ends = datetime.min.replace(tzinfo=UTC)
    for part in sorted(parts, key=lambda one: (one.run.start, one.ends)):
        if part.run.start >= ends:
            found = []
        found.append(part)
        ends = max(ends, part.ends)
    return found


def _member(part: _Part) -> Member:
    latest, run = part.subject.latest, part.run
    return Member(
        subject_key=latest.subject_key,
        subject=latest.subject,
        measure=latest.measure,
        severity=run.last.severity if run.end is None else Severity.NONE,
        recovering=run.recovering,
        follows=latest.follows,
        title=latest.title,
        reason=latest.reason,
        remedy=latest.remedy,
        value=latest.value,
        threshold=latest.threshold,
        report_id=latest.report_id,
        first_seen=run.start,
        last_seen=run.sightings[-1].end,
        windows_seen=sum(one.severity is not Severity.NONE for one in run.sightings),
    )


def _precedence(one: Member, *, fairness: bool) -> tuple[bool, bool, bool, bool, int, bool, float, str, str]:
    """What a person should act on comes first.

    What is bad now before what recovers; of what is at least medium, the model's own decisions before the outcomes on
    record, and causes before what follows from them; then the graver; the ratio of selection rates before other
    measures of fairness; and the farther beyond its threshold before the nearer.
    """
    is_ratio = one.measure == "disparate_impact"
    return (
        one.recovering,
        one.severity.rank < Severity.MEDIUM.rank,
        fairness and one.subject.split(":")[0] == ON_RECORD,
        one.follows,
        -one.severity.rank,
        fairness and not is_ratio,
        -_excess(one, is_ratio=is_ratio, fairness=fairness),
        one.subject,
        one.measure or "",
    )


def _excess(one: Member, *, is_ratio: bool, fairness: bool) -> float:
    """How far a value is from no difference, in units of what its threshold allows."""
    value, threshold = one.value, one.threshold
    if value is None or threshold is None:
        return math.inf if fairness and threshold is not None else 0.0  # nobody in the reference was selected
    if not is_ratio:
        return abs(value) / threshold if threshold > 0 else 0.0
    ratio = min(value, 1 / value) if value > 0 else 0.0
    return (1 - ratio) / (1 - threshold) if threshold < 1 else 0.0


def _windows(parts: Sequence[_Part]) -> list[TimeWindow | None]:
    """Each window that shows the trouble, once, the oldest first; None for each finding without one."""
    seen = {
        one.slot: (one.end, one.window)
        for part in parts
        for one in part.run.sightings
        if one.severity is not Severity.NONE
    }
    return [window for _, window in sorted(seen.values(), key=lambda pair: pair[0])]


def _history(subjects: Sequence[SubjectRecord]) -> tuple[SeverityChange, ...]:
    """How bad it was over time: of all subjects the gravest, after all findings of a moment."""
    moments: dict[datetime, list[tuple[int, datetime, Severity]]] = {}
    for number, subject in enumerate(subjects):
        for one in subject.sightings:
            moments.setdefault(one.end, []).append((number, one.start, one.severity))
    now: dict[int, Severity] = {}
    standing: Counter[Severity] = Counter()
    changes: list[SeverityChange] = []
    for _, found in sorted(moments.items()):
        for number, _, severity in found:
            if number in now:
                standing[now[number]] -= 1
            now[number] = severity
            standing[severity] += 1
        worst = max((one for one, count in standing.items() if count), key=lambda one: one.rank)
        if not changes or changes[-1].severity is not worst:
            changes.append(SeverityChange(since=min(start for _, start, _ in found), severity=worst))
    return tuple(changes)


def adopted(subjects: Iterable[SubjectRecord]) -> tuple[Severity, str | None]:
    """What an earlier release told of these subjects, and to whom it had all of them acknowledged."""
    every = list(subjects)
    told = max((one.told for one in every), key=lambda one: one.rank, default=Severity.NONE)
    names = {one.acknowledged_by for one in every if one.latest.severity is not Severity.NONE}
    return told, next(iter(names)) if len(names) == 1 else None
