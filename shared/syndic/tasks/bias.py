"""Bias: judges the counts of the window that each message names."""

from __future__ import annotations

from syndic.bias.check import check_bias
from syndic.tasks.checks.judging import judge
from syndic.tasks.clouds import Clouds


def take(body: str, clouds: Clouds) -> None:
    """A message of the bias queue."""
    for report in judge(body, "bias", check_bias, clouds) or ():
        clouds.count("WindowsChecked", check="bias", verdict=report.verdict)
