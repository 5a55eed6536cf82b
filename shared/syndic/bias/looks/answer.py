"""The answer for a captured window: what all windows together prove, not what one of many looks happened to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syndic.bias.looks.codec import dump, load, load_strata
from syndic.bias.looks.judge import judge_looks, windows_in_words
from syndic.bias.looks.ledger import Strata, add_window, next_version
from syndic.bias.looks.tables import RATES, parts_of
from syndic.bias.models import BEYOND, BiasReport, GroupBias, Looks, Verdict
from syndic.bias.policy.model import Metric
from syndic.bias.verdict.rows_read import of_what_was_read
from syndic.models import TimeWindow


def look_again(
    report: BiasReport,
    window: TimeWindow,
    kept: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
    *,
    version: str,
    labels: bool,
) -> tuple[BiasReport, dict[str, Any], dict[str, Any]]:
    """Add a window to all windows and let them answer.

    Args:
        report: On one outcome of the window, judged by itself.
        window: The window.
        kept: What is kept of all windows, None before the first, and of this window, None when it was not added yet.
        version: What serves now.
        labels: Rows have labels, or will have them.

    Returns:
        The report with the answer of all windows, and both records as they are to be kept.
    """
    ledger, entered = kept
    present = next_version(None if ledger is None else load(ledger), version, window)
    before = load_strata(entered)
    strata, not_counted = add_window(present, report, window, before, labels=labels)
    looks = judge_looks(present, report, not_counted, labels=labels)
    return answered(report, looks), dump(present), {"strata": strata}


def answered(report: BiasReport, looks: Looks) -> BiasReport:
    """The report with the answer of all windows.

    A window alone makes no finding of a rate that is cumulated: of many equal windows some look unequal. What cannot
    be cumulated (calibration, AUC, means, strata) is still judged by window.
    """
    if looks.verdict in BEYOND:
        found = report.model_copy(update={"looks": looks, "verdict": looks.verdict, "reason": looks.reason})
        return of_what_was_read(found)
    looked = report.model_copy(update={"looks": looks})
    if report.verdict not in BEYOND or window_findings(looked):
        return looked
    reason = (
        f"this window alone would be a finding ({report.reason}), which chance brings among many windows; over "
        f"{'all ' if looks.windows > 1 else ''}{windows_in_words(looks.windows)}: {looks.not_counted or looks.reason}"
    )
    return report.model_copy(update={"looks": looks, "verdict": Verdict.INCONCLUSIVE, "reason": reason})


def window_findings(report: BiasReport) -> tuple[tuple[str, str, Metric], ...]:
    """Family, group and metric of what a window alone proves: of metrics that are not cumulated, of a file of all.

    Ratio and difference of selection rates are one trouble, which the ratio tells.
    """
    return tuple(
        (name, group, Metric(key))
        for name, part in parts_of(report).items()
        for group, found in part.groups.items()
        for key, judgement in found.judgements.items()
        if judgement.verdict in BEYOND and found.verdict in BEYOND
        if report.looks is None or (judgement.shared and Metric(key) not in RATES)
        if Metric(key) is not Metric.DEMOGRAPHIC_PARITY or not _told_by_ratio(found)
    )


def _told_by_ratio(group: GroupBias) -> bool:
    ratio = group.judgements.get(Metric.DISPARATE_IMPACT.value)
    return ratio is not None and ratio.verdict in BEYOND


__all__ = ["Strata", "answered", "look_again", "window_findings"]
