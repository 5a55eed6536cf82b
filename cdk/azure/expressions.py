"""The few expressions of the ARM template language that are used, without their outer brackets."""

from __future__ import annotations

from typing import Any

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
VERSIONS = {
    "Microsoft.Authorization/roleAssignments": "2022-04-01",
    "Microsoft.Insights/actionGroups": "2023-01-01",
    "Microsoft.Insights/components": "2020-02-02",
    "Microsoft.Insights/scheduledQueryRules": "2023-12-01",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "2023-01-31",
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials": "2023-01-31",
    "Microsoft.OperationalInsights/workspaces": "2025-02-01",
    "Microsoft.Resources/deployments": "2022-09-01",
    "Microsoft.Storage/storageAccounts": "2024-01-01",
    "Microsoft.Storage/storageAccounts/blobServices": "2024-01-01",
    "Microsoft.Storage/storageAccounts/blobServices/containers": "2024-01-01",
    "Microsoft.Storage/storageAccounts/managementPolicies": "2024-01-01",
    "Microsoft.Storage/storageAccounts/queueServices": "2024-01-01",
    "Microsoft.Storage/storageAccounts/queueServices/queues": "2024-01-01",
    "Microsoft.Storage/storageAccounts/tableServices": "2024-01-01",
    "Microsoft.Storage/storageAccounts/tableServices/tables": "2024-01-01",
    "Microsoft.Web/serverfarms": "2024-04-01",
    "Microsoft.Web/sites": "2024-04-01",
    "Microsoft.Web/sites/extensions": "2024-04-01",
}
ACCOUNT = "Microsoft.Storage/storageAccounts"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"

Json = dict[str, Any]


def resource(of: str, name: str, /, *, after: tuple[str, ...] = (), **fields: Any) -> Json:
    """One resource of a template; `after` are expressions of what must exist before it."""
    made: Json = {"type": of, "apiVersion": VERSIONS[of], "name": name}
    if after:
        made["dependsOn"] = [evaluated(one) for one in after]
    return made | fields


def template(resources: list[Json], *, parameters: Json | None = None, outputs: Json | None = None) -> Json:
    """A whole template."""
    made: Json = {"$schema": SCHEMA, "contentVersion": "1.0.0.0"}
    if parameters:
        made["parameters"] = parameters
    made["resources"] = resources
    if outputs:
        made["outputs"] = outputs
    return made


def evaluated(expression: str) -> str:
    """An expression as a template's value."""
    return f"[{expression}]"


def resource_id(kind: str, *names: str) -> str:
    """The id of a resource in the deployment's own resource group."""
    return f"resourceId({', '.join(quoted(part) for part in (kind, *names))})"


def property_of(kind: str, name: str, path: str) -> str:
    """A property that a resource has once it exists, also when another deployment made it."""
    return f"reference({resource_id(kind, name)}, {quoted(VERSIONS[kind])}).{path}"


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"
