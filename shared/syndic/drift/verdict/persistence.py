"""Drift over time: k of the last n windows, and episodes. Pure functions of the ordered windows, not of their arrival.

"The last n windows" are the last n on the calendar that have an answer: one that was checked and could not be judged,
such as an hour without rows, is passed over. One that has no report yet counts as one without drift, so a late report
can only confirm, never take back, and the final answer does not depend on the order of arrival. Batch jobs have no
calendar: there they are the last n jobs that have an answer, whatever came between them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from syndic.drift.models import Episode, HistoryPoint, Verdict
from syndic.drift.policy.model import Persistence
from syndic.models import Severity, TimeWindow, WindowLength

RECOVERY = 12
"""How many windows after a trouble its end is still told, and how far back unanswered windows are passed over."""


def windows_before(window: TimeWindow, length: WindowLength, size: int) -> tuple[TimeWindow, ...]:
    """The window and those before it on the calendar, `size` in all, oldest first."""
    found = [window]
    while len(found) < size:
        found.append(length.around(found[-1].start - timedelta(seconds=1)))
    return tuple(reversed(found))


def windows_after(window: TimeWindow, length: WindowLength, size: int) -> tuple[TimeWindow, ...]:
    """The window and those after it on the calendar, `size` in all, oldest first."""
    found = [window]
    while len(found) < size:
        found.append(length.around(found[-1].end))
    return tuple(found)


def _keys_before(window: TimeWindow, length: WindowLength, size: int, known: Collection[str]) -> list[str]:
    """Keys of the window and those before it, `size` in all, oldest first: on the calendar, or of the known jobs."""
    if length is WindowLength.JOB:
        return sorted(key for key in {*known, window.key} if key <= window.key)[-size:]
    return [one.key for one in windows_before(window, length, size)]


def reach_of(persistence: Persistence) -> int:
    """How many windows back the answer of one may depend on others: what is confirmed, and what has recovered."""
    return 2 * RECOVERY + persistence.of


def unanswered(points: Mapping[str, HistoryPoint]) -> frozenset[str]:
    """Keys of the windows that were checked and could not be judged."""
    return frozenset(key for key, point in points.items() if point.verdict not in {Verdict.DRIFT, Verdict.NO_DRIFT})


def confirmed_at(
    window: TimeWindow,
    drifted: Mapping[str, Sequence[str]],
    persistence: Persistence,
    length: WindowLength,
    passed_over: Collection[str] = (),
) -> tuple[str, ...]:
    """The columns that drift in the window and in enough of the windows that end with it.

    Args:
        window: The window asked about.
        drifted: Window key -> columns that drift there.
        persistence: How many of how many windows.
        length: The length of the model's windows.
        passed_over: Keys of windows that have no answer.
    """
    if not drifted.get(window.key):
        return ()
    span = _keys_before(window, length, persistence.of + RECOVERY, drifted)
    keys = [key for key in span if key not in passed_over][-persistence.of :]
    return tuple(
        name
        for name in drifted.get(window.key, ())
        if sum(name in drifted.get(key, ()) for key in keys) >= persistence.windows
    )


def recovered_at(
    window: TimeWindow, points: Mapping[str, HistoryPoint], persistence: Persistence, length: WindowLength
) -> tuple[str, ...]:
    """The columns that are quiet in the window and were confirmed as drifting in one of the 12 windows before it."""
    here = points.get(window.key)
    if here is None:
        return ()
    drifted = {key: point.drifted for key, point in points.items()}
    earlier = [points[key].window for key in _keys_before(window, length, RECOVERY + 1, points)[:-1] if key in points]
    silent = unanswered(points)
    troubled = {name for one in earlier for name in confirmed_at(one, drifted, persistence, length, silent)}
    return tuple(sorted(name for name in troubled - set(here.drifted) if answered(here, name)))


def episodes(points: Sequence[HistoryPoint]) -> tuple[Episode, ...]:
    """The troubles in a history, oldest first: each column's runs of drifting windows.

    A window without an answer (not enough data, not comparable) neither continues nor ends an episode.
    """
    found: list[Episode] = []
    names = sorted({name for point in points for name in point.drifted})
    ordered = sorted(points, key=lambda point: point.window.key)
    for name in names:
        running: list[HistoryPoint] = []
        for point in ordered:
            if name in point.drifted:
                running.append(point)
            elif answered(point, name):
                if running:
                    found.append(_episode(name, running, ongoing=False))
                running = []
        if running:
            found.append(_episode(name, running, ongoing=True))
    return tuple(sorted(found, key=lambda episode: (episode.first.key, -(episode.worst_psi or 0.0), episode.feature)))


def answered(point: HistoryPoint, name: str) -> bool:
    """Whether a window says anything about a column."""
    column = point.columns.get(name)
    return column is not None and column.verdict in {Verdict.DRIFT, Verdict.NO_DRIFT}


def _episode(name: str, points: Sequence[HistoryPoint], *, ongoing: bool) -> Episode:
    columns = [point.columns[name] for point in points if name in point.columns]
    return Episode(
        feature=name,
        first=points[0].window,
        last=points[-1].window,
        windows=len(points),
        ongoing=ongoing,
        worst=max((column.severity for column in columns), key=lambda s: s.rank, default=Severity.NONE),
        worst_psi=max((column.psi for column in columns if column.psi is not None), default=None),
    )
