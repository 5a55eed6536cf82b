"""Keeping reports once and telling of them, so that the end is the same in whatever order windows arrive."""

from __future__ import annotations

import logging
from typing import Final

from pydantic import JsonValue

from syndic.batch_jobs import judged_model
from syndic.checks import keeping as checks
from syndic.checks.keeping import Found
from syndic.drift.keys import POINTS, partition, point_key, report_key
from syndic.drift.models import DriftReport, HistoryPoint, Impact
from syndic.drift.policy.kept import get_policy
from syndic.drift.policy.model import Persistence
from syndic.drift.report.build import evidence_of, point_of
from syndic.drift.report.findings import findings_of
from syndic.drift.report.impact import impact_of, performance_seen
from syndic.drift.report.troubled import listings_of, mark, may_be_troubled
from syndic.drift.verdict.persistence import (
    confirmed_at,
    reach_of,
    recovered_at,
    unanswered,
    windows_after,
    windows_before,
)
from syndic.models import CALENDAR, RegisteredModel, TimeWindow, WindowLength, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write

log = logging.getLogger(__name__)

TOGETHER: Final = 40
"""Points in one commit: each may have a listing, and a transaction takes 99 places."""


def keep(
    report: DriftReport,
    model: RegisteredModel,
    window: TimeWindow,
    *,
    store: Store,
    bus: EventBus,
    audit: AuditTrail,
    force: bool = False,
    stored: bool = False,
    absent: bool = False,
) -> DriftReport:
    """Commit a report and its point, and the points of later windows that it changes, with all there is to tell.

    What a window confirms depends on the windows before it. A window that arrives late may therefore confirm, or end,
    a trouble in later windows that are already known: those are told again, as are findings of windows whose labels
    have come since and say whether it hurt. When the same inputs were kept meanwhile, that report is returned.
    `stored`: the report was read from the store, so that another one found there is newer. `absent`: the window had no
    report a moment ago, so that the first try does not look for one.
    """
    kept = _Kept(report, model, window, store=store, force=force, stored=stored, absent=absent)
    about = report_key(model.id, window)
    if checks.keep(kept.decide, about, store=store, bus=bus, audit=audit, settle=kept.committed):
        log.info(
            "drift checked",
            extra={
                "model_id": model.id,
                "window": window.key,
                "verdict": kept.result.verdict.value,
                "rows": kept.result.rows.current,
                "drifted": len(kept.result.drifted),
                "confirmed": len(kept.result.confirmed),
            },
        )
    return kept.result


def tell_harm(model_id: str, window: TimeWindow, *, store: Store, bus: EventBus, audit: AuditTrail) -> None:
    """Tell the drift of a window, and of later ones, again where what is known of its harm changed.

    To be called when a window's performance became known: drift and quality are judged side by side, in any order.
    """
    length = next((one for one in CALENDAR if one.around(window.start) == window), None)
    if length is not None:
        first, last = _around(window, length, get_policy(model_id, store=store).persistence_for(length))
        if may_be_troubled(store, model_id, first, last) is False:
            return
    report = _report(store, model_id, window)
    if report is not None:
        keep(report, judged_model(store, model_id, window), window, store=store, bus=bus, audit=audit, stored=True)


class _Kept:
    """Decides what is to be written of a report, by what is stored around its window."""

    def __init__(
        self,
        report: DriftReport,
        model: RegisteredModel,
        window: TimeWindow,
        *,
        store: Store,
        force: bool,
        stored: bool,
        absent: bool,
    ) -> None:
        self.result = report
        self._report, self._model, self._window, self._store = report, model, window, store
        self._force, self._known, self._revision = force, stored, 0
        self._read_now, self._absent_now = stored, absent
        self._decided: DriftReport | None = None  # to be written by the commit that follows
        self._own: DriftReport | None = None  # written by that commit

    def decide(self) -> Found | None:
        """What is to be written now; None when all is as it should be."""
        absent, self._absent_now, self._decided = self._absent_now, False, None
        report, write = self._present(absent=absent)
        length, persistence = self._model.window, report.policy.persistence_for(self._model.window)
        records, first, last = self._records(report, length, persistence, absent=absent)
        points = {key: point for key, (point, _) in records.items()}
        if write is None and self._window.key in points and points[self._window.key].revision != report.revision:
            self._own = None
            report, write = self._present()  # another took its place between the two reads
        if write is not None or self._window.key not in points:
            points[self._window.key] = point_of(report, self._window)
        drifted, silent = {key: point.drifted for key, point in points.items()}, unanswered(points)
        troubled = any(drifted.values())
        seen = performance_seen(self._store, self._model.id, first, last) if troubled else {}
        found = Found("drift", self._model.id, report.checked_at, version=self._model.served_version)
        for key in sorted(points):
            point, record = points[key], records[key][1] if key in records else None
            is_this = key == self._window.key
            confirmed, recovered = point.confirmed, point.recovered
            if key >= self._window.key:
                confirmed = confirmed_at(point.window, drifted, persistence, length, silent)
                recovered = recovered_at(point.window, points, persistence, length)
            marked = point.model_copy(update={"confirmed": confirmed, "recovered": recovered})
            impact = impact_of(marked, points, seen) if point.drifted else None
            if is_this:
                self.result = report.model_copy(update={"confirmed": confirmed})
            untold = is_this and (write is not None or record is None or not record.body["announced"])
            same = (confirmed, recovered) == (point.confirmed, point.recovered)
            later = len(found.writes) >= TOGETHER and not is_this  # after this commit is decided again
            if later or (not untold and same and not _harm_is_news(point, impact)):
                continue
            about = self.result if is_this else self._other(point, confirmed)
            if about is None:
                continue
            marked = marked.model_copy(update={"impact": impact})
            body = {"point": to_json(marked), "announced": True}
            place = point_key(self._model.id, point.window)
            listings = listings_of(self._model.id, marked)
            found.writes.append(Write(Record(place, body, listings=listings), record.etag if record else ABSENT))
            if is_this:
                found.enter(**_details(about, point.window))
            found.tell(
                point.window,
                [(about.id, about.verdict.value)],
                evidence=[evidence_of(about, self._model.id, point.window, impact)],
                findings=findings_of(about, self._model, point.window, recovered, impact),
            )
        if write is not None:
            found.writes.insert(0, write)
            self._decided, self._revision = report, report.revision
        return found if found.writes else None

    def committed(self) -> None:
        """What was decided last is written: it is not read again to see whether anything is left to do."""
        self._own = self._decided or self._own

    def _records(
        self, report: DriftReport, length: WindowLength, persistence: Persistence, *, absent: bool
    ) -> tuple[dict[str, tuple[HistoryPoint, Record]], TimeWindow, TimeWindow]:
        """The points around the window, and between which windows they lie.

        Where nothing drifts in it or in any of them, the point of the window alone.
        """
        if length is WindowLength.JOB:  # which job comes next no calendar says
            found = points_beside(self._store, self._model.id, self._window, reach_of(persistence))
            ordered = sorted((self._window, *(point.window for point, _ in found.values())), key=lambda one: one.key)
            return found, ordered[0], ordered[-1]
        first, last = _around(self._window, length, persistence)
        troubled = may_be_troubled(self._store, self._model.id, first, last)
        if troubled is None:
            mark(self._store, self._model.id, self._window, first, self._model.window)
        if troubled is not False or report.drifted:
            return points_between(self._store, self._model.id, first, last), first, last
        record = None if absent else self._store.get(point_key(self._model.id, self._window))
        if record is None:
            return {}, first, last
        return {self._window.key: (HistoryPoint.model_validate(record.body["point"]), record)}, first, last

    def _present(self, *, absent: bool = False) -> tuple[DriftReport, Write | None]:
        """The report that counts, and its write when it is not stored yet.

        One that was read for this is not read twice: where another takes its place before the commit, the point of the
        window changes with it, the commit fails, and it is read again.
        """
        if self._own is not None:
            return self._own, None
        if self._read_now:
            self._read_now = False
            return self._report, None
        key = report_key(self._model.id, self._window)
        present = None if absent else self._store.get(key)
        if present is None:
            return self._report, Write(Record(key, to_json(self._report)), ABSENT, seldom_read=True)
        before = DriftReport.model_validate(present.body)
        same = before.inputs_sha256 == self._report.inputs_sha256
        if self._known or (same and (not self._force or before.revision == self._revision)):
            return before, None
        report = self._report.model_copy(update={"revision": before.revision + 1})
        return report, Write(Record(key, to_json(report)), present.etag, seldom_read=True)

    def _other(self, point: HistoryPoint, confirmed: tuple[str, ...]) -> DriftReport | None:
        """The report of a later window; None when a newer revision was kept: its own check tells of it."""
        about = _report(self._store, self._model.id, point.window)
        if about is None or about.revision != point.revision:
            return None
        return about.model_copy(update={"confirmed": confirmed})


def _around(window: TimeWindow, length: WindowLength, persistence: Persistence) -> tuple[TimeWindow, TimeWindow]:
    """The first and the last window that what is said of a window depends on, or that depends on it."""
    reach = reach_of(persistence)
    return windows_before(window, length, reach)[0], windows_after(window, length, reach)[-1]


def _harm_is_news(point: HistoryPoint, impact: Impact | None) -> bool:
    """Whether drift has to be told again, because labels have come since that say what it did."""
    if impact is None:
        return False
    known = point.impact
    return known is None or (known.harm, known.source) != (impact.harm, impact.source)


def points_between(
    store: Store, model_id: str, first: TimeWindow, last: TimeWindow
) -> dict[str, tuple[HistoryPoint, Record]]:
    """The points of a span of windows, both ends included, by window key, with their records."""
    found: dict[str, tuple[HistoryPoint, Record]] = {}
    token: str | None = None
    while True:
        page = store.query(
            partition(model_id), start=f"{POINTS}{first.key}", end=f"{POINTS}{last.key}~", limit=100, token=token
        )
        for record in page.records:
            point = HistoryPoint.model_validate(record.body["point"])
            found[point.window.key] = (point, record)
        token = page.next_token
        if token is None:
            return found


def points_beside(store: Store, model_id: str, window: TimeWindow, size: int) -> dict[str, tuple[HistoryPoint, Record]]:
    """The points of a window, of so many before it and so many after it that have one, with their records."""
    place, key = partition(model_id), f"{POINTS}{window.key}"
    before = store.query(place, prefix=POINTS, end=f"{key}~", descending=True, limit=size)
    after = store.query(place, prefix=POINTS, start=key, limit=size)
    points = ((HistoryPoint.model_validate(one.body["point"]), one) for one in (*before.records, *after.records))
    return {point.window.key: (point, record) for point, record in points}


def _report(store: Store, model_id: str, window: TimeWindow) -> DriftReport | None:
    record = store.get(report_key(model_id, window))
    return None if record is None else DriftReport.model_validate(record.body)


def _details(report: DriftReport, window: TimeWindow) -> dict[str, JsonValue]:
    return {
        "window": window.key,
        "report": report.id,
        "revision": report.revision,
        "verdict": report.verdict.value,
        "drifted": list(report.drifted),
        "confirmed": list(report.confirmed),
        "rows": report.rows.current,
        "inputs_sha256": report.inputs_sha256,
    }
