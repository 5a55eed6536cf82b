"""What an alert is, derived from what was seen of its subject. Pure, and the same whatever the order of arrival."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from syndic.alerting.keys import alert_id
from syndic.alerting.models import Alert, AlertRecord, AlertState, SeverityChange, Sighting
from syndic.models import Concern, Finding, Severity

MOST_SIGHTINGS: Final = 200
SHOWN: Final = 24
MAIL_FROM: Final = Severity.MEDIUM
"""Least severity that by itself makes a mail worth sending; lower ones ride along in a digest that is sent anyway."""


def take(record: AlertRecord | None, finding: Finding) -> AlertRecord:
    """The record with one more finding.

    Of each window the newest finding counts (then the greater id), so the same set of findings gives the same record
    in any order and however often each arrives.
    """
    sighting = Sighting(
        finding_id=finding.id,
        window=finding.window,
        found_at=finding.found_at,
        severity=finding.severity,
        value=finding.value,
    )
    if record is None:
        return AlertRecord(latest=finding, sightings=(sighting,), first_seen=_start(sighting))
    by_window = {_slot(one): one for one in record.sightings}
    present = by_window.get(_slot(sighting))
    if present is not None and present.place >= sighting.place:
        return record
    by_window[_slot(sighting)] = sighting
    sightings = tuple(sorted(by_window.values(), key=lambda one: one.place)[-MOST_SIGHTINGS:])
    episode = _episode(sightings)
    first_seen = _start(episode[0])
    if len(episode) == len(sightings) == MOST_SIGHTINGS:
        first_seen = min(first_seen, record.first_seen)  # the episode began before the sightings that are kept
    return record.model_copy(
        update={
            "latest": finding if sightings[-1] == sighting else record.latest,
            "sightings": sightings,
            "first_seen": first_seen,
        }
    )


def derive(record: AlertRecord) -> Alert:
    """The alert as it stands."""
    latest, episode = record.latest, _episode(record.sightings)
    troubled = [one for one in episode if one.severity is not Severity.NONE]
    acknowledgement, notice = record.acknowledgement, record.notice
    state = _state(record, episode)
    return Alert(
        id=alert_id(latest.model_id, latest.subject_key),
        subject_key=latest.subject_key,
        model_id=latest.model_id,
        model_name=latest.model_name,
        owner=latest.owner,
        concern=latest.concern,
        subject=latest.subject,
        measure=latest.measure,
        state=state,
        severity=latest.severity,
        worst=max((one.severity for one in episode), key=lambda severity: severity.rank),
        title=latest.title,
        reason=latest.reason,
        remedy=latest.remedy,
        value=latest.value,
        threshold=latest.threshold,
        report_id=latest.report_id,
        first_seen=record.first_seen,
        last_seen=_end(record.sightings[-1]),
        windows=tuple(one.window for one in troubled if one.window is not None)[-SHOWN:],
        windows_seen=len(troubled),
        history=_history(record.sightings)[-SHOWN:],
        acknowledged_by=acknowledgement.by if acknowledgement and state is AlertState.ACKNOWLEDGED else None,
        acknowledged_at=acknowledgement.at if acknowledgement and state is AlertState.ACKNOWLEDGED else None,
        note=acknowledgement.note if acknowledgement and state is AlertState.ACKNOWLEDGED else "",
        notified_at=notice.at if notice else None,
        notice_unconfirmed=notice is not None and not notice.confirmed,
    )


def is_pending(record: AlertRecord) -> bool:
    """Whether the owner has still to be told: the alert is open, and new or worse than what they were told."""
    episode = _episode(record.sightings)
    if _state(record, episode) is not AlertState.OPEN:
        return False
    notice = record.notice
    told = notice is not None and notice.place >= episode[0].place
    return not told or (notice is not None and record.latest.severity.rank > notice.severity.rank)


def was_troubled(record: AlertRecord) -> bool:
    """Whether there ever was trouble. Findings that say "all is well" are kept too: an older, worse one may follow."""
    return any(one.severity is not Severity.NONE for one in record.sightings)


ON_RECORD: Final = "label"
"""The outcome of a fairness finding that is not the model's doing; a subject begins with its outcome and a colon."""


def precedence(alert: Alert) -> tuple[bool, bool, float]:
    """What is told first of one model's alerts of one severity, least first: what the model does, then the gravest.

    A difference in the model's own decisions comes before one in the outcomes on record, the ratio of selection rates
    before other measures, and what is farther beyond its threshold before what is nearer.
    """
    if alert.concern is not Concern.BIAS:
        return (False, False, 0.0)
    is_ratio = alert.measure == "disparate_impact"
    return (alert.subject.split(":")[0] == ON_RECORD, not is_ratio, -_excess(alert, is_ratio=is_ratio))


def _excess(alert: Alert, *, is_ratio: bool) -> float:
    """How far a value is from no difference, in units of what its threshold allows."""
    value, threshold = alert.value, alert.threshold
    if value is None or threshold is None:
        return 0.0 if threshold is None else math.inf  # nobody in the reference was selected
    if not is_ratio:
        return abs(value) / threshold if threshold > 0 else 0.0
    ratio = min(value, 1 / value) if value > 0 else 0.0
    return (1 - ratio) / (1 - threshold) if threshold < 1 else 0.0


def _state(record: AlertRecord, episode: Sequence[Sighting]) -> AlertState:
    if record.sightings[-1].severity is Severity.NONE:
        return AlertState.RESOLVED
    seen = record.acknowledgement
    if seen is not None and seen.place >= episode[0].place and record.latest.severity.rank <= seen.severity.rank:
        return AlertState.ACKNOWLEDGED
    return AlertState.OPEN


def _episode(sightings: Sequence[Sighting]) -> Sequence[Sighting]:
    """The sightings of the present trouble; when it is over, those of the last one and its end."""
    end = len(sightings)
    while end > 0 and sightings[end - 1].severity is Severity.NONE:
        end -= 1
    start = end
    while start > 0 and sightings[start - 1].severity is not Severity.NONE:
        start -= 1
    return sightings[start:] if end > 0 else sightings[-1:]


def _history(sightings: Sequence[Sighting]) -> tuple[SeverityChange, ...]:
    changes: list[SeverityChange] = []
    for one in sightings:
        if not changes or changes[-1].severity is not one.severity:
            changes.append(SeverityChange(since=_start(one), severity=one.severity))
    return tuple(changes)


def _slot(sighting: Sighting) -> str:
    return sighting.window.key if sighting.window else sighting.finding_id


def _start(sighting: Sighting) -> datetime:
    return sighting.window.start if sighting.window else sighting.found_at


def _end(sighting: Sighting) -> datetime:
    return sighting.window.end if sighting.window else sighting.found_at
