"""Answers when some records, perhaps those of one group, could not be read."""

from __future__ import annotations

from syndic.bias.models import BEYOND, BiasReport, Verdict
from syndic.models.intake_words import beyond_tolerance


def of_what_was_read(report: BiasReport) -> BiasReport:
    """The answer for the window when some of its records could not be read.

    A difference among the rows that were read is one; that they show none says nothing of the others.
    """
    lost = beyond_tolerance(report.intake, report.policy.rejected_tolerance)
    if lost is None:
        return report
    if report.verdict in BEYOND:
        return report.model_copy(update={"reason": f"{report.reason}. These are the rows that were read: {lost}"})
    if report.verdict is Verdict.NOT_ASSESSABLE:
        return report.model_copy(update={"reason": f"{report.reason}; {lost}"})
    reason = (
        f"fairness not assessable: {lost}. The rows that were read need not be like them; of these, {report.reason}"
    )
    return report.model_copy(update={"verdict": Verdict.NOT_ASSESSABLE, "reason": reason})
