"""A window's quality as it is added to that of its day, when the reports of hours go."""

from __future__ import annotations

from syndic.checks.history.summary import PeriodSummary, SeriesSummary, series_of, window_of_its_own
from syndic.ports import Record
from syndic.quality.models import Performance, QualityReport

PERFORMANCE = "performance"
EXPECTED = "expected"


def summed_window(record: Record) -> PeriodSummary:
    """What a report leaves: its issues by check and column, and performance with the counts that it rests on.

    Series are called ``missing:income``, ``performance`` (with the confusion matrix, which adds up),
    ``performance:accuracy`` and ``expected:accuracy``.
    """
    report = QualityReport.model_validate(record.body["report"])
    series: dict[str, SeriesSummary] = {
        f"{issue.check.value}:{issue.column or ''}": series_of(flagged=True, measures={"value": issue.value})
        for issue in report.issues
    }
    if report.performance is not None:
        series |= _performance(report.performance)
    if report.expected is not None:
        series |= {
            f"{EXPECTED}:{metric.value}": series_of(counts={"rows": one.n}, measures={"value": one.value})
            for metric, one in report.expected.metrics.items()
        }
    return window_of_its_own(
        report.window, rows=report.rows, verdict=report.verdict.value, severity=report.severity, series=series
    )


def _performance(found: Performance) -> dict[str, SeriesSummary]:
    counts = {"rows": found.rows, "labelled": found.labelled, **(found.confusion or {})}
    below = found.verdict.value == "below_level"
    metrics = {
        f"{PERFORMANCE}:{metric.value}": series_of(
            verdict=None if one.verdict is None else one.verdict.value,
            flagged=one.verdict is not None and one.verdict.value == "below_level",
            counts={"rows": one.n},
            measures={"value": one.value},
        )
        for metric, one in found.metrics.items()
    }
    return {PERFORMANCE: series_of(verdict=found.verdict.value, flagged=below, counts=counts), **metrics}
