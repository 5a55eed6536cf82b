"""A window's drift as it is added to those of its day, when the reports of hours go."""

from __future__ import annotations

from syndic.checks.history.summary import PeriodSummary, series_of, window_of_its_own
from syndic.drift.models import HistoryPoint
from syndic.ports import Record


def summed_window(record: Record) -> PeriodSummary:
    """What a history point leaves: of each column verdicts, whether it drifted, was confirmed, and its measures."""
    point = HistoryPoint.model_validate(record.body["point"])
    series = {
        name: series_of(
            verdict=column.verdict.value,
            flagged=name in point.drifted,
            counts={"confirmed_windows": int(name in point.confirmed)},
            measures={
                "psi": column.psi,
                "ks": column.ks,
                "wasserstein": column.wasserstein,
                "jensen_shannon": column.jensen_shannon,
                "missing": column.missing,
                "mean": column.mean,
            },
        )
        for name, column in point.columns.items()
    }
    return window_of_its_own(
        point.window, rows=point.rows, verdict=point.verdict.value, severity=point.severity, series=series
    )
