"""Quality: judges the window that each queued request names."""

from __future__ import annotations

from syndic.quality.check import check_quality
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import read_request
from syndic.tasks.obstacles import take_on


def take(body: str, clouds: Clouds) -> None:
    """A message of the quality queue."""
    request = read_request(body, "quality")
    if not take_on(request, clouds):
        return
    report = check_quality(
        request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    clouds.count("WindowsChecked", check="quality", verdict=report.verdict)
