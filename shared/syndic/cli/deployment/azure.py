"""What would stop the Azure half: `syndic doctor --azure`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndic.cli.deployment.answers import Answer, Look, good, wrong
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.adapters.aws.inspection.account import AwsAccount
    from syndic.adapters.azure.subscription import AzureSubscription

PROVIDERS = ("Microsoft.Web", "Microsoft.OperationalInsights", "Microsoft.Insights", "Microsoft.Storage",
             "Microsoft.ManagedIdentity")  # fmt: skip
DEPLOYERS = {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c"}  # Owner, Contributor
GRANTERS = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",  # Role Based Access Control Administrator
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
}
AUDIENCE = "api://AzureADTokenExchange"


def read_choices(path: Path) -> dict[str, Any]:
    """What an azure.json says. Its form is checked when it is synthesised; here its presence."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InvalidInputError("there is no such file", where=str(path)) from error
    except ValueError as error:
        raise InvalidInputError(f"it is not JSON: {error}", where=str(path)) from error
    needed = ("subscription", "resource_group", "location", "client_id", "issuer", "workspaces", "capture_accounts")
    missing = [name for name in needed if not isinstance(found, dict) or not found.get(name)]
    if missing:
        raise InvalidInputError(f"it does not say {missing[0]}", where=str(path))
    return dict(found)


def subscription_of(wanted: dict[str, Any]) -> AzureSubscription:
    """The subscription, as whoever is signed in to Azure here."""
    from azure.identity import DefaultAzureCredential

    from syndic.adapters.azure.subscription import AzureSubscription

    return AzureSubscription(DefaultAzureCredential(), str(wanted["subscription"]))


def azure_looks(azure: AzureSubscription, account: AwsAccount, wanted: dict[str, Any]) -> list[tuple[str, Look]]:
    """Everything of Azure, in the order in which it would stop a deployment."""
    group = str(wanted["resource_group"])
    return [
        ("azure issuer", lambda: _issuer(account, str(wanted["issuer"]))),
        ("azure group", lambda: _group(azure, group, str(wanted["location"]))),
        ("azure providers", lambda: _providers(azure)),
        ("azure location", lambda: _location(azure, str(wanted["location"]))),
        ("azure identity", lambda: _identity(azure, account, wanted)),
        *((f"azure {kind}", partial(_there, azure, kind, str(one)))
          for kind, ones in (("workspace", wanted["workspaces"]), ("captures", wanted["capture_accounts"]))
          for one in ones),
    ]  # fmt: skip


def _issuer(account: AwsAccount, issuer: str) -> Iterator[Answer]:
    own = account.outbound_issuer()
    if own is None:
        do = "aws iam enable-outbound-web-identity-federation"
        yield wrong("azure issuer", "the AWS account gives no tokens for other clouds", do)
    elif own.rstrip("/") != issuer.rstrip("/"):
        yield wrong("azure issuer", f"the account's issuer is {own}, not {issuer}", f"write {own} into the file")
    else:
        yield good("azure issuer", own)


def _group(azure: AzureSubscription, group: str, location: str) -> Iterator[Answer]:
    if azure.group(group):
        yield good("azure group", group)
    else:
        yield wrong("azure group", f"there is no group {group}", f"az group create -n {group} -l {location}")


def _providers(azure: AzureSubscription) -> Iterator[Answer]:
    missing = [name for name in PROVIDERS if not azure.registered(name)]
    if missing:
        do = "; ".join(f"az provider register -n {name}" for name in missing)
        yield wrong("azure providers", f"not registered: {', '.join(missing)}", do)
    else:
        yield good("azure providers", "registered")


def _location(azure: AzureSubscription, location: str) -> Iterator[Answer]:
    if location in azure.flex_locations():
        yield good("azure location", f"{location} offers Flex Consumption")
    else:
        do = "choose one of: az functionapp list-flexconsumption-locations"
        yield wrong("azure location", f"{location} does not offer Flex Consumption", do)


def _identity(azure: AzureSubscription, account: AwsAccount, wanted: dict[str, Any]) -> Iterator[Answer]:
    group, client = str(wanted["resource_group"]), str(wanted["client_id"]).lower()
    found = azure.identity(group, client)
    if found is None:
        do = "docs/azure-deploy.md, section 2"
        yield wrong("azure identity", f"no identity of group {group} has client id {client}", do)
        return
    subject = f"arn:aws:iam::{account.who().account}:role/syndic-azure-provisioner"
    trusts = azure.trusts(group, str(found["name"]))
    asked = (str(wanted["issuer"]).rstrip("/"), subject, AUDIENCE)
    if any((str(one["issuer"]).rstrip("/"), one["subject"], *one["audiences"]) == asked for one in trusts):
        yield good("azure trust", f"{found['name']} trusts {subject}")
    else:
        trust = f"--issuer {asked[0]} --subject {subject} --audiences {AUDIENCE}"
        do = f"az identity federated-credential create -g {group} --identity-name {found['name']} -n aws {trust}"
        yield wrong("azure trust", f"{found['name']} does not trust {subject} of {asked[0]}", do)
    roles = azure.roles(group, str(found["properties"]["principalId"]))
    for about, enough, role in (
        ("azure deploys", DEPLOYERS, "Contributor"),
        ("azure grants", GRANTERS, "Role Based Access Control Administrator"),
    ):
        if roles & enough:
            yield good(about, f"{found['name']} has a role for it on {group}")
        else:
            do = f'az role assignment create --role "{role}", docs/azure-deploy.md, section 2'
            yield wrong(about, f"{found['name']} is not {role} of {group}", do)


def _there(azure: AzureSubscription, kind: str, place: str) -> Iterator[Answer]:
    _, group, name = place.split("/")
    provider, version = {
        "workspace": ("Microsoft.MachineLearningServices/workspaces", "2024-10-01"),
        "captures": ("Microsoft.Storage/storageAccounts", "2023-05-01"),
    }[kind]
    if azure.exists(f"/resourceGroups/{group}/providers/{provider}/{name}", version=version):
        yield good(f"azure {kind}", place)
    else:
        yield wrong(f"azure {kind}", f"{place} is not there, or may not be read", "mend the name in the file")
