"""Names of everything in the Azure half. The same at every deployment, known before the first."""

from __future__ import annotations

from dataclasses import dataclass

from cdk.azure.choices import Azure

PROVISIONER_ROLE = "syndic-azure-provisioner"  # fixed, so that Azure can be told to trust it before it exists
MIRROR_ROLE = "syndic-azure-mirror"
STACK = "syndic"
TABLE = "syndicrecords"
ARCHIVE = "syndic-archive"
PACKAGES = "app-package"
QUEUES = tuple(
    f"syndic-{name}"
    for name in ("counter", "drift", "quality", "bias", "compliance", "alerting", "windows", "discovery", "predictions")
)
SCHEDULES = {  # as on AWS; seconds first, UTC
    "SYNDIC_DISCOVERY_SCHEDULE": "0 0 * * * *",
    "SYNDIC_REGISTRIES_SCHEDULE": "0 30 * * * *",
    "SYNDIC_COMPLIANCE_SCHEDULE": "0 15 5 * * *",
    "SYNDIC_ALERTING_SCHEDULE": "0 */15 * * * *",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names that must be unique in the world carry the suffix; the rest need only be so in the resource group."""

    app: str
    host: str
    results: str
    logs: str = "syndic-logs"
    insights: str = "syndic-insights"
    plan: str = "syndic-plan"
    alarms: str = "syndic-alarms"
    app_identity: str = "syndic-app"
    mirror_identity: str = "syndic-mirror"


def names_of(azure: Azure) -> Names:
    """The names for a subscription and resource group."""
    return Names(app=f"syndic-{azure.suffix}", host=f"syndichost{azure.suffix}", results=f"syndicdata{azure.suffix}")
