"""Bias: judges the window that each queued request names."""

from __future__ import annotations

from syndic.bias.use_cases import check_bias
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_request


def take(body: str, clouds: Clouds) -> None:
    """A message of the bias queue."""
    reports = check_bias(
        read_request(body, "bias"),
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    for report in reports:
        clouds.count("WindowsChecked", check="bias", verdict=report.verdict)
