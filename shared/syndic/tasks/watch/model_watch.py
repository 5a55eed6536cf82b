"""Whether models are still measured: captures that stopped, and checks that did not run although there was traffic.

Findings about the model, told as those of checks are, so its owner hears of them. Each cloud looks at its own models.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from syndic.alerting.keys import subject_id, subject_key
from syndic.discovery.coverage import windows_in
from syndic.discovery.evidence import KIND as CAPTURE
from syndic.discovery.evidence import QUIET
from syndic.discovery.keys import baseline_key, bookmark_key
from syndic.discovery.models import Bookmark
from syndic.models import (
    ComplianceStatus,
    Concern,
    Evidence,
    EvidenceStatus,
    Finding,
    FindingsChanged,
    RegisteredModel,
    Severity,
)
from syndic.ports import Key, Record
from syndic.records import evidence_key, list_models
from syndic.tasks.clouds import Clouds

MARK: Final = Key("models.watch", "present")
EVERY: Final = timedelta(hours=5, minutes=55)
GRACE: Final = timedelta(hours=6)
"""How long after its time a check may come: queues keep up within an hour, and a window is asked for each hour."""
RUNS: Final = {"drift.run": "drift", "quality.run": "quality"}
"""Checks of every model with a baseline. Fairness has a policy that can be taken away again."""
TOGETHER: Final = 100
MOST_BACK: Final = timedelta(days=70)
CAPTURES, CHECKS = "capture", "checks"

Records = Mapping[Key, Record]


@dataclass(frozen=True, slots=True)
class Missed:
    """Checks that are owed. `word` is the same while the same ones are.

    Files may have come late, and the check be on its way: it is told when the same ones are owed at two looks.
    """

    word: str
    reason: str


def watch_models(clouds: Clouds) -> int:
    """Raise what is wrong with models' measuring and end what is well again; returns how many findings were told."""
    now, mark = clouds.now(), clouds.store.get(MARK)
    if mark is not None and now - datetime.fromisoformat(str(mark.body["at"])) < EVERY:
        return 0
    told, before, owed = 0, frozenset(mark.body["owed"] if mark else ()), set[str]()
    ours = (one for one in list_models(clouds.store) if one.cloud in clouds.inspects and one.endpoint is not None)
    while models := tuple(islice(ours, TOGETHER)):
        found = clouds.store.get_many([key for model in models for key in _keys(model)])
        looked = [(model, _missed(model, found, now)) for model in models]
        owed |= {missed.word for _, missed in looked if missed is not None}
        standing = [(model, missed if missed and missed.word in before else None) for model, missed in looked]
        events = [
            FindingsChanged(findings=news) for model, missed in standing if (news := _news(model, missed, found, now))
        ]
        if events:
            clouds.bus.publish(events)
            told += len(events)
    clouds.store.put(Record(MARK, {"at": now.isoformat(), "owed": [*sorted(owed)]}))
    return told


def _keys(model: RegisteredModel) -> list[Key]:
    kinds = [evidence_key(model.id, kind) for kind in (CAPTURE, *RUNS)]
    raised = [_place(model, subject) for subject in (CAPTURES, CHECKS)]
    return [*kinds, bookmark_key(model.id), baseline_key(model.id), *raised]


def _news(model: RegisteredModel, missed: Missed | None, found: Records, now: datetime) -> tuple[Finding, ...]:
    """What changed since it was told last."""
    retired = model.compliance_status is ComplianceStatus.RETIRED
    news = []
    late = None if missed is None else missed.reason
    for subject, reason in ((CAPTURES, _stopped(model, found, now)), (CHECKS, late)):
        wrong = reason is not None and not retired
        stored = found.get(_place(model, subject))
        raised = stored is not None and stored.body["latest"]["severity"] != Severity.NONE.value
        if wrong is not raised:
            news.append(_finding(model, subject, now, reason if wrong else None))
    return tuple(news)


def _stopped(model: RegisteredModel, found: Records, now: datetime) -> str | None:
    """Why nothing is captured of a model any more; None: it is, or it never was."""
    record, kept = found.get(evidence_key(model.id, CAPTURE)), found.get(bookmark_key(model.id))
    newest = Bookmark.model_validate(kept.body).modified if kept else None
    if record is None or newest is None:
        return None
    evidence = Evidence.model_validate(record.body)
    quiet = now - newest > QUIET
    return evidence.summary if evidence.status is EvidenceStatus.FAILING or quiet else None


def _missed(model: RegisteredModel, found: Records, now: datetime) -> Missed | None:
    """Which checks did not run on a window with traffic whose time has come; None: all did, or none ever ran."""
    kept = found.get(bookmark_key(model.id))
    if kept is None or baseline_key(model.id) not in found:
        return None
    covered = Bookmark.model_validate(kept.body).covered
    late, first = [], ""
    for kind, name in RUNS.items():
        record = found.get(evidence_key(model.id, kind))
        window = None if record is None else Evidence.model_validate(record.body).window
        if window is None:
            continue
        since = max(window.end, now - MOST_BACK)
        windows = windows_in(covered, model.window, since=since, until=now)
        owed = [one for one in windows if one.end + model.lateness + GRACE <= now and one.end > window.end]
        if owed:
            first += f"{name} {owed[0].key} "
            late.append(f"{name} ({len(owed)} windows, the first of {owed[0].start:%Y-%m-%d %H:%M} UTC)")
    if not late:
        return None
    word = hashlib.sha256(f"{model.id} {first}".encode()).hexdigest()[:12]
    return Missed(word, f"There is traffic, and these checks did not run on it: {', '.join(late)}.")


def _place(model: RegisteredModel, subject: str) -> Key:
    return subject_key(subject_id(_finding(model, subject, model.registered_at, None)))


def _finding(model: RegisteredModel, subject: str, now: datetime, reason: str | None) -> Finding:
    title, remedy, severity = SAID[subject]
    return Finding(
        id=f"watch.{model.id}.{subject}.{now:%Y%m%dT%H%M%S}",
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.DISCOVERY,
        subject=subject,
        measure="watch",
        severity=Severity.NONE if reason is None else severity,
        title=f"{model.name}: {title}",
        reason=reason or "It is well again.",
        remedy=remedy if reason else "Nothing needs to be done.",
        found_at=now,
    )


SAID: Final = {
    CAPTURES: (
        "its traffic is captured no more",
        "Look whether the endpoint still has traffic and data capture; without it nothing of the model is measured.",
        Severity.HIGH,
    ),
    CHECKS: (
        "checks did not run",
        "Ask for the window again (syndic checks ask), and look at the functions' logs and dead letters.",
        Severity.MEDIUM,
    ),
}
"""Of each subject the title, what to do, and how bad it is."""
