"""Discovery: brings the registry up to date with the clouds and asks for the checks that are due."""

from __future__ import annotations

from syndic.discovery.discover import discover_models
from syndic.discovery.models import DiscoveryReport
from syndic.registry.overview import keep_overview
from syndic.tasks.clouds import Clouds
from syndic.tasks.sweeping import forget_keys, tell_untold


def discover(clouds: Clouds) -> DiscoveryReport:
    """Look at every source once."""
    tell_untold(clouds)
    forget_keys(clouds)
    report = discover_models(
        sources=clouds.sources,
        store=clouds.store,
        captures=clouds.captures,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    clouds.count("ChecksRequested", report.requested)
    keep_overview(clouds.store, now=clouds.now())
    return report
