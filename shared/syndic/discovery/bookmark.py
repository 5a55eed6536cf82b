"""From new files to the checks that are due: how a model's bookmark moves. Pure.

A file is new when its fingerprint (address, etag, size) was not seen. Object stores give times of change to the
second and files of one second may become visible one after the other, so each run looks again at the files of the
quarter of an hour before the newest one and knows them by their fingerprints.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from syndic.discovery.coverage import cover, windows_in
from syndic.discovery.models import Bookmark, HourRun
from syndic.models import CheckRequested, RegisteredModel, TimeWindow
from syndic.models.capture_paths import captured_hour, captured_span, longest_span, outlasts
from syndic.ports import ObjectInfo

Check = Literal["drift", "quality", "bias"]
CHECKS: Final[tuple[Check, ...]] = get_args(Check)
USE_LABELS: Final[tuple[Check, ...]] = ("quality", "bias")

OVERLAP: Final = timedelta(minutes=15)
LABEL_OVERLAP: Final = timedelta(days=2)
MOST_WAITING: Final = 1000
MOST_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Advance:
    """Where the bookmark moves once the requests are handed over."""

    bookmark: Bookmark
    due: tuple[CheckRequested, ...]
    fresh: int  # files not seen before
    misplaced: int  # new files in no hour's folder: no window holds them
    dropped: int = 0  # windows given up because more than 1000 waited for a check
    waiting: dict[str, int] = field(default_factory=dict)  # windows that stay waiting, by check


def advance(
    bookmark: Bookmark,
    files: Iterable[ObjectInfo],
    labels: Iterable[ObjectInfo],
    *,
    model: RegisteredModel,
    ready: Collection[str],
    label_delay_days: int,
    now: datetime,
    use_labels: Collection[Check] = USE_LABELS,
) -> Advance:
    """Take new files into account and say which checks are due.

    A window is asked for once it is complete (``end + lateness <= now``), again when a late file arrives in it, and
    for the checks that use labels again when ground truth arrives that may concern it. A check that cannot run yet
    (no baseline) keeps its windows waiting until it can. So do all while files hold more than one window.
    """
    fresh, modified, recent = _fresh(files, bookmark)
    span = longest_span(span for item in fresh if (span := captured_span(item.uri)) is not None) or bookmark.span
    if span is not None and outlasts(span, model.window):
        ready = ()
    hours = [hour for item in fresh if (hour := captured_hour(item.uri)) is not None]
    covered = cover(bookmark.covered, hours)
    touched = {model.window.around(hour).start for hour in hours}
    waiting = {check: set(bookmark.waiting.get(check, ())) | touched for check in CHECKS}
    label_files = list(labels)
    seen = set(bookmark.recent_labels)
    new_labels = [item for item in label_files if _fingerprint(item) not in seen]
    label_hours = [hour for item in new_labels if (hour := captured_hour(item.uri)) is not None]
    for window in _concerned(covered, label_hours, model=model, days=label_delay_days):
        for check in use_labels:
            waiting[check].add(window.start)
    labels_hour = max([*label_hours, *([bookmark.labels_hour] if bookmark.labels_hour else [])], default=None)
    due, left, dropped = _due(waiting, model=model, ready=ready, now=now)
    return Advance(
        bookmark=bookmark.model_copy(
            update={
                "modified": modified,
                "recent": recent,
                "span": span,
                "labels_hour": labels_hour,
                "recent_labels": _recent_labels(label_files, bookmark, labels_hour),
                "waiting": left,
                "covered": covered,
            }
        ),
        due=tuple(due),
        fresh=len(fresh),
        misplaced=len(fresh) - len(hours),
        dropped=dropped,
        waiting={check: len(starts) for check, starts in left.items()},
    )


def look_from(bookmark: Bookmark) -> datetime | None:
    """From which time of change on files are listed."""
    return None if bookmark.modified is None else bookmark.modified - OVERLAP


def labels_window(bookmark: Bookmark, now: datetime) -> TimeWindow | None:
    """The days whose ground truth folders are looked at, or None before anything was captured."""
    if bookmark.labels_hour is not None:
        start = bookmark.labels_hour - LABEL_OVERLAP
    elif bookmark.covered:
        start = bookmark.covered[0].start
    else:
        return None
    start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    end = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return TimeWindow(start=min(start, end), end=end)


def _fresh(
    files: Iterable[ObjectInfo], bookmark: Bookmark
) -> tuple[list[ObjectInfo], datetime | None, tuple[str, ...]]:
    seen = set(bookmark.recent)
    listed = {_fingerprint(item): item for item in files}
    fresh = [item for print_, item in listed.items() if print_ not in seen]
    if not fresh:
        return [], bookmark.modified, bookmark.recent
    newest = max([*(item.modified for item in fresh), *([bookmark.modified] if bookmark.modified else [])])
    recent = sorted(print_ for print_, item in listed.items() if item.modified > newest - OVERLAP)
    return fresh, newest, tuple(recent)


def _concerned(
    covered: Sequence[HourRun], label_hours: Sequence[datetime], *, model: RegisteredModel, days: int
) -> list[TimeWindow]:
    """Covered windows whose predictions new labels may be about: their own, the one before, and the delay's."""
    found: dict[datetime, TimeWindow] = {}
    for hour in {model.window.around(hour).start for hour in label_hours}:
        own = model.window.around(hour)
        before = model.window.around(own.start - timedelta(hours=1))
        since = min(before.start, own.start - timedelta(days=days))
        for window in windows_in(covered, model.window, since=since, until=own.end):
            found[window.start] = window
    return list(found.values())


def _recent_labels(listed: Sequence[ObjectInfo], bookmark: Bookmark, labels_hour: datetime | None) -> tuple[str, ...]:
    if labels_hour is None:
        return bookmark.recent_labels
    start = (labels_hour - LABEL_OVERLAP).replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(
        sorted(_fingerprint(item) for item in listed if (hour := captured_hour(item.uri)) is not None and hour >= start)
    )


def _due(
    waiting: dict[Check, set[datetime]], *, model: RegisteredModel, ready: Collection[str], now: datetime
) -> tuple[list[CheckRequested], dict[str, tuple[datetime, ...]], int]:
    due: list[CheckRequested] = []
    left: dict[str, tuple[datetime, ...]] = {}
    dropped = 0
    for check, starts in waiting.items():
        # A model whose window length was changed keeps old starts: they are in one of today's windows.
        windows = sorted({model.window.around(start).start for start in starts})
        complete = [start for start in windows if model.window.around(start).end + model.lateness <= now]
        asked = complete[:MOST_AT_ONCE] if check in ready else []
        due += [CheckRequested(check=check, model_id=model.id, window=model.window.around(start)) for start in asked]
        stay = [start for start in windows if start not in set(asked)]
        dropped += max(0, len(stay) - MOST_WAITING)
        if stay:
            left[check] = tuple(stay[-MOST_WAITING:])
    return due, left, dropped


def _fingerprint(item: ObjectInfo) -> str:
    return hashlib.sha256(f"{item.uri}\n{item.etag}\n{item.size}".encode()).hexdigest()[:16]
