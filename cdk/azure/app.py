"""The function app, its plan, and where its logs go."""

from __future__ import annotations

import json

from cdk.azure.choices import Azure, Vault
from cdk.azure.expressions import IDENTITY, Json, evaluated, property_of, resource, resource_id
from cdk.azure.names import ARCHIVE, PACKAGES, SCHEDULES, TABLE, Names
from cdk.azure.storage import endpoint
from syndic.settings import variable

LOGS, INSIGHTS = "Microsoft.OperationalInsights/workspaces", "Microsoft.Insights/components"
PLAN, SITE = "Microsoft.Web/serverfarms", "Microsoft.Web/sites"
PYTHON = "3.13"
LOG_DAYS = 30


def monitoring(azure: Azure, names: Names) -> list[Json]:
    """Logs and metrics. Telemetry is taken from identities only."""
    logs = resource_id(LOGS, names.logs)
    return [
        resource(
            LOGS,
            names.logs,
            location=azure.location,
            properties={"sku": {"name": "PerGB2018"}, "retentionInDays": LOG_DAYS},
        ),
        resource(
            INSIGHTS,
            names.insights,
            after=(logs,),
            location=azure.location,
            kind="web",
            properties={
                "Application_Type": "web",
                "WorkspaceResourceId": evaluated(logs),
                "DisableLocalAuth": True,
            },
        ),
    ]


def hosting(azure: Azure, names: Names, *, after: tuple[str, ...]) -> list[Json]:
    """The plan and the app. A Flex Consumption plan holds one app."""
    plan, runner = resource_id(PLAN, names.plan), resource_id(IDENTITY, names.app_identity)
    return [
        resource(
            PLAN,
            names.plan,
            location=azure.location,
            kind="functionapp",
            sku={"tier": "FlexConsumption", "name": "FC1"},
            properties={"reserved": True},
        ),
        resource(
            SITE,
            names.app,
            after=(plan, runner, *after),
            location=azure.location,
            kind="functionapp,linux",
            identity={"type": "UserAssigned", "userAssignedIdentities": {evaluated(runner): {}}},
            properties={
                "serverFarmId": evaluated(plan),
                "httpsOnly": True,
                "clientAffinityEnabled": False,
                "siteConfig": {"minTlsVersion": "1.2", "appSettings": app_settings(azure, names)},
                "functionAppConfig": {
                    "deployment": {
                        "storage": {
                            "type": "blobContainer",
                            "value": evaluated(f"concat({endpoint(names.host, 'blob')[1:-1]}, '{PACKAGES}')"),
                            "authentication": {
                                "type": "UserAssignedIdentity",
                                "userAssignedIdentityResourceId": evaluated(runner),
                            },
                        }
                    },
                    "scaleAndConcurrency": {
                        "maximumInstanceCount": azure.instances,
                        "instanceMemoryMB": azure.memory_mb,
                    },
                    "runtime": {"name": "python", "version": PYTHON},
                },
            },
        ),
    ]


def app_settings(azure: Azure, names: Names) -> list[Json]:
    """Exactly what the code and the host read; the runtime's language and version are not set on Flex Consumption."""
    client = evaluated(property_of(IDENTITY, names.app_identity, "clientId"))
    settings = {
        "AzureWebJobsStorage__accountName": names.host,
        "AzureWebJobsStorage__credential": "managedidentity",
        "AzureWebJobsStorage__clientId": client,
        "APPLICATIONINSIGHTS_CONNECTION_STRING": evaluated(property_of(INSIGHTS, names.insights, "ConnectionString")),
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": evaluated(
            f"format('ClientId={{0}};Authorization=AAD', {client[1:-1]})"
        ),
        "SyndicStorage__queueServiceUri": endpoint(names.results, "queue"),
        "SyndicStorage__credential": "managedidentity",
        "SyndicStorage__clientId": client,
        variable("storage_account"): names.results,
        variable("table_name"): TABLE,
        variable("archive_container"): ARCHIVE,
        variable("client_id"): client,
        variable("ml_workspaces"): ",".join(str(place) for place in azure.workspaces),
        variable("capture_accounts"): ",".join(place.name for place in azure.capture_accounts),
        variable("capture_places"): ",".join(str(place) for place in azure.capture_accounts),
        **_gateway(azure),
        **_alerting(azure),
        **SCHEDULES,
    }
    return [{"name": name, "value": value} for name, value in sorted(settings.items())]


def _gateway(azure: Azure) -> dict[str, str]:
    """What predictions need, where they are served."""
    chosen = azure.gateway
    if chosen is None:
        return {}
    wanted = {
        variable("governing_api"): chosen.api,
        variable("key_vault"): _address(chosen.vault),
        variable("backend_hosts"): ",".join(chosen.hosts),
        variable("pseudonym_secret"): chosen.pseudonym_secret or "",
    }
    return {name: value for name, value in wanted.items() if value}


def _alerting(azure: Azure) -> dict[str, str]:
    """Whom the app tells by itself, where that was chosen."""
    chosen = azure.alerting
    if chosen is None:
        return {}
    return {
        variable("channel_vault"): _address(chosen.vault),
        # An object: a list would begin with a bracket, which a template takes for an expression.
        variable("standby_receivers"): json.dumps(
            {"receivers": [one.model_dump() for one in chosen.receivers]}, sort_keys=True
        ),
        variable("standby_hours"): str(chosen.after_hours),
    }


def _address(vault: Vault) -> str:
    return f"https://{vault.name.lower()}.vault.azure.net"
