"""Bias: judges the window that each queued request names."""

from __future__ import annotations

from syndic.bias.check import check_bias
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_request
from syndic.tasks.obstacles import take_on


def take(body: str, clouds: Clouds) -> None:
    """A message of the bias queue."""
    request = read_request(body, "bias")
    if not take_on(request, clouds):
        return
    reports = check_bias(
        request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    for report in reports:
        clouds.count("WindowsChecked", check="bias", verdict=report.verdict)
