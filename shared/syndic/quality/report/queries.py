"""What the API and the dashboard read of quality: reports and history."""

from __future__ import annotations

from syndic.checks.history.older import read_back
from syndic.errors import NotFoundError
from syndic.models import TimeWindow
from syndic.ports import Readable, Store
from syndic.quality.keys import STREAM, partition, report_key
from syndic.quality.models import QualityHistory, QualityPoint, QualityReport
from syndic.records import ASIDE


def latest_report(model_id: str, *, store: Store) -> QualityReport | None:
    """The report of the newest window, or None."""
    page = store.query(partition(model_id), end=ASIDE, descending=True, limit=1)
    return QualityReport.model_validate(page.records[0].body["report"]) if page.records else None


def get_report(model_id: str, window: TimeWindow, *, store: Store) -> QualityReport:
    """The report of a window. Raises `NotFoundError`."""
    record = store.get(report_key(model_id, window))
    if record is None:
        raise NotFoundError(f"the model {model_id!r} has no quality report for the window {window.key}")
    return QualityReport.model_validate(record.body["report"])


def history(
    model_id: str, *, store: Store, read: Readable | None = None, limit: int = 100, token: str | None = None
) -> QualityHistory:
    """The newest `limit` windows, oldest first. `token` continues with older ones, then with days and months."""
    page = read_back(model_id, STREAM, partition(model_id), store=store, read=read, limit=limit, token=token, end=ASIDE)
    reports = [QualityReport.model_validate(record.body["report"]) for record in reversed(page.records)]
    points = tuple(
        QualityPoint(
            window=report.window,
            report_id=report.id,
            verdict=report.verdict,
            severity=report.severity,
            rows=report.rows,
            issues=report.issues,
            performance=report.performance,
            expected=report.expected,
        )
        for report in reports
    )
    return QualityHistory(model_id=model_id, points=points, older=page.older, next_token=page.next_token)
