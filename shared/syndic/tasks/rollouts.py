"""Rollouts: moves every open deployment at most one step."""

from __future__ import annotations

from syndic.registry.deployments.controller import RolloutReport, advance_deployments
from syndic.tasks.clouds import TrafficClouds
from syndic.tasks.schedule.sweeping import tell_untold


def advance(clouds: TrafficClouds) -> RolloutReport:
    """Look at every open deployment once."""
    tell_untold(clouds)
    report = advance_deployments(
        store=clouds.store,
        traffic=clouds.traffic,
        metrics=clouds.endpoint_metrics,
        audit=clouds.audit,
        bus=clouds.bus,
        now=clouds.now(),
    )
    clouds.count("DeploymentsChanged", report.changed)
    clouds.count("DeploymentsUnavailable", len(report.unavailable))
    return report
