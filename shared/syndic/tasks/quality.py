"""Quality: judges the counts of the window that each message names."""

from __future__ import annotations

from syndic.quality.check import check_quality
from syndic.tasks.clouds import Clouds
from syndic.tasks.judging import judge


def take(body: str, clouds: Clouds) -> None:
    """A message of the quality queue."""
    report = judge(body, "quality", check_quality, clouds)
    if report is not None:
        clouds.count("WindowsChecked", check="quality", verdict=report.verdict)
