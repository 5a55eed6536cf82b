"""A window's fairness as it is added to that of its day, when the reports of hours go."""

from __future__ import annotations

from syndic.bias.models import BEYOND, BiasReport, GroupBias
from syndic.bias.report.disclosure import suppress
from syndic.checks.history.summary import PeriodSummary, SeriesSummary, series_of, window_of_its_own
from syndic.ports import Record


def summed_window(record: Record) -> PeriodSummary | None:
    """What a report on one outcome leaves: of each group the rows and those selected, which add up, and its verdicts.

    Series are called ``sex/female``. What a shown report hides, because a group is small, is not counted either.
    """
    report = suppress(BiasReport.model_validate(record.body))
    if report.window is None:
        return None
    series = {
        f"{name}/{group}": _group(found)
        for name, attribute in report.attributes.items()
        for group, found in attribute.groups.items()
    }
    return window_of_its_own(
        report.window, rows=report.rows.used, verdict=report.verdict.value, severity=None, series=series
    )


def _group(found: GroupBias) -> SeriesSummary:
    known = {"rows": found.n, "selected": found.selected, "labelled": found.labelled}
    return series_of(
        verdict=found.verdict.value,
        flagged=found.verdict in BEYOND,
        counts={name: count for name, count in known.items() if count is not None},
        measures={"selection_rate": found.selection_rate.value, "disparate_impact": found.disparate_impact.value},
    )
