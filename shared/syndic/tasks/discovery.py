"""Discovery: brings the registry up to date with the clouds and asks for the checks that are due.

The schedule lists the sources; where there are many, each in a message of its own, so that one that does not answer
delays no other. What a listing names is looked at page by page, in messages too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from syndic.captures.endpoint import ToldModels
from syndic.compliance.person_index import keep_person_index
from syndic.discovery.discover import discover_models, look_at, look_at_jobs
from syndic.discovery.models import DiscoveryReport
from syndic.models import JobsRequested, ListingRequested, LookRequested
from syndic.registry.overview import keep_overview
from syndic.tasks.clouds import Clouds
from syndic.tasks.endpoint_changes import CHANGED, look_at_changed
from syndic.tasks.messages import read_message, type_of
from syndic.tasks.schedule.sweeping import forget_keys, tell_untold
from syndic.tasks.watch.metrics import keep_metrics

OVERVIEW_FOR: Final = timedelta(seconds=30)
"""How long models are counted here; the next hour goes on."""

STALE: Final = timedelta(hours=1)
"""After which a listing that nobody took is asked for again by the schedule."""


def discover(clouds: Clouds) -> DiscoveryReport:
    """Look at every source once, as far as one call goes."""
    tell_untold(clouds)
    forget_keys(clouds)
    until = clouds.now() + OVERVIEW_FOR
    keep_overview(clouds.store, now=clouds.now(), over=lambda: clouds.now() >= until)
    keep_person_index(clouds.store, now=clouds.now(), over=lambda: clouds.now() >= until)
    later = clouds.now() + OVERVIEW_FOR
    keep_metrics(clouds.store, now=clouds.now(), over=lambda: clouds.now() >= later)
    sources = clouds.sources
    here = [one for one in sources if isinstance(one, ToldModels)]  # our own records: they always answer
    services = [one for one in sources if one not in here]
    if len(services) > 1:
        clouds.bus.publish([ListingRequested(source=one.name, asked_at=clouds.now()) for one in services])
        services = []
    return _counted(discover_models(sources=[*services, *here], **_means(clouds)), clouds)


def take(body: str, clouds: Clouds) -> DiscoveryReport:
    """A message of the discovery queue: a source to list, a page of models to look at, or an endpoint that changed."""
    kind = type_of(body)
    if kind == "ListingRequested":
        asked = read_message(body, ListingRequested)
        stale = clouds.now() - asked.asked_at >= STALE
        sources = [] if stale else [one for one in clouds.sources if one.name == asked.source]
        return _counted(discover_models(sources=sources, **_means(clouds)), clouds)
    if kind == "JobsRequested":
        return _counted(
            look_at_jobs(read_message(body, JobsRequested), sources=clouds.sources, **_means(clouds)), clouds
        )
    request = look_at_changed(body) if kind in CHANGED else read_message(body, LookRequested)
    return _counted(look_at(request, sources=clouds.sources, **_means(clouds)), clouds)


def _means(clouds: Clouds) -> dict[str, Any]:
    return {
        "store": clouds.store,
        "captures": clouds.captures,
        "bus": clouds.bus,
        "audit": clouds.audit,
        "now": clouds.now(),
        "clock": clouds.now,
    }


def _counted(report: DiscoveryReport, clouds: Clouds) -> DiscoveryReport:
    clouds.count("ChecksRequested", report.requested)
    clouds.count("ModelsHandedOn", report.handed_on)
    clouds.count("SourcesUnavailable", len(report.unavailable))
    return report
