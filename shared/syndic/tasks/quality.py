"""Quality: judges the counts of the window that each message names, and lets drift say whether it hurt."""

from __future__ import annotations

from syndic.drift.report.keep import tell_harm
from syndic.quality.check import check_quality
from syndic.tasks.checks.judging import judge
from syndic.tasks.clouds import Clouds


def take(body: str, clouds: Clouds) -> None:
    """A message of the quality queue."""
    report = judge(body, "quality", check_quality, clouds)
    if report is not None:
        tell_harm(report.model_id, report.window, store=clouds.store, bus=clouds.bus, audit=clouds.audit)
        clouds.count("WindowsChecked", check="quality", verdict=report.verdict)
