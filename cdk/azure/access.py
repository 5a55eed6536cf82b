"""Who may do what: identities, role assignments, and the trust in a role of the AWS account."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from cdk.azure.choices import Azure, Place, Vault
from cdk.azure.expressions import (
    ACCOUNT,
    IDENTITY,
    Json,
    evaluated,
    property_of,
    quoted,
    resource,
    resource_id,
    template,
)
from cdk.azure.names import Names

ROLES = {  # https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "Storage Queue Data Message Sender": "c6a89b2d-59bc-44d0-9896-0f6f861d6e8f",
}
APP_ON_RESULTS = ("Storage Table Data Contributor", "Storage Blob Data Contributor", "Storage Queue Data Contributor")
MIRROR_ON_RESULTS = (
    "Storage Table Data Contributor", "Storage Blob Data Contributor", "Storage Queue Data Message Sender",
)  # fmt: skip
AUDIENCE = "api://AzureADTokenExchange"
ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
VAULT = "Microsoft.KeyVault/vaults"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


def identity(name: str, *, location: str) -> Json:
    """An identity of its own, so that roles can be there before what uses them."""
    return resource(IDENTITY, name, location=location)


def trust(name: str, *, issuer: str) -> Json:
    """Lets a role of the AWS account sign in as an identity. The subject is the role's ARN, to the letter."""
    return resource(
        f"{IDENTITY}/federatedIdentityCredentials",
        f"{name}/aws",
        after=(resource_id(IDENTITY, name),),
        properties={"issuer": issuer, "subject": "[parameters('mirrorRoleArn')]", "audiences": [AUDIENCE]},
    )


def assignment(role: str, *, on: str, to: str, after: tuple[str, ...] = ()) -> Json:
    """A role on one resource of this resource group, for one identity of it."""
    holder = resource_id(IDENTITY, to)
    return _assignment(
        role, on=on, holder=holder, principal=property_of(IDENTITY, to, "principalId"), after=(holder, *after)
    )


def reads(azure: Azure, names: Names) -> list[Json]:
    """Reader on each workspace and account of captures, Blob Data Reader on the latter: one nested deployment a group.

    Where predictions are served or receivers are told, the vault's secrets may be read. Where approvals are written
    back, a role of the subscription's own on each workspace too: no built-in one lets only the versions be written.
    """
    granted: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    wanted: list[tuple[str, str, tuple[Place, ...]]] = [
        (WORKSPACE, "Reader", azure.workspaces),
        (ACCOUNT, "Storage Blob Data Reader", azure.capture_accounts),
        (ACCOUNT, "Reader", azure.capture_accounts),  # its rules: no key and no blob is read with it
    ]
    if azure.approval_role is not None:
        wanted.append((WORKSPACE, azure.approval_role, azure.workspaces))
    vaults = [one.vault for one in (azure.gateway, azure.alerting) if one is not None]
    if vaults:
        wanted.append((VAULT, "Key Vault Secrets User", _once(vaults)))
    for kind, role, places in wanted:
        for place in places:
            granted[_group(place)].append((kind, place.name, role))
    return [_in_group(azure, names, group, what) for group, what in sorted(granted.items())]


def _once(vaults: list[Vault]) -> tuple[Vault, ...]:
    """One role on one vault: Azure does not tell its names apart by case either."""
    return tuple({str(one).lower(): one for one in vaults}.values())


def _group(place: Place) -> tuple[str, str]:
    return place.subscription, place.group.lower()  # Azure does not tell groups apart by case


def _in_group(azure: Azure, names: Names, group: tuple[str, str], what: list[tuple[str, str, str]]) -> Json:
    # Inside, resourceId() speaks of the other group: the identity is named in full, and its principal is handed in.
    # In small letters, as it is part of a name: the same role under a second name is refused.
    holder = quoted(
        f"/subscriptions/{azure.subscription}/resourceGroups/{azure.resource_group.lower()}"
        f"/providers/{IDENTITY}/{names.app_identity}"
    )
    inner = [
        _assignment(role, on=resource_id(kind, name), holder=holder, principal="parameters('principalId')")
        for kind, name, role in sorted(what)
    ]
    principal = evaluated(property_of(IDENTITY, names.app_identity, "principalId"))
    return resource(
        "Microsoft.Resources/deployments",
        f"syndic-reads-{hashlib.sha256('/'.join(group).encode()).hexdigest()[:10]}",
        after=(resource_id(IDENTITY, names.app_identity),),
        subscriptionId=group[0],
        resourceGroup=group[1],
        properties={
            "mode": "Incremental",
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {"principalId": {"value": principal}},
            "template": template(inner, parameters={"principalId": {"type": "string"}}),
        },
    )


def _assignment(role: str, *, on: str, holder: str, principal: str, after: tuple[str, ...] = ()) -> Json:
    role_id = quoted(ROLES.get(role, role))  # a built-in role by its name, another by its id
    definition = f"subscriptionResourceId('Microsoft.Authorization/roleDefinitions', {role_id})"
    return resource(
        ASSIGNMENT,
        evaluated(f"guid({on}, {holder}, {role_id})"),
        after=after,
        scope=evaluated(on),
        properties={
            "roleDefinitionId": evaluated(definition),
            "principalId": evaluated(principal),
            "principalType": "ServicePrincipal",  # a new identity is not looked for before it is known everywhere
        },
    )
