"""Storage accounts without keys, and what is in them. The account of results outlives the rest."""

from __future__ import annotations

from cdk.azure.choices import Azure
from cdk.azure.expressions import ACCOUNT, Json, evaluated, property_of, resource, resource_id, template
from cdk.azure.names import ARCHIVE, QUEUES, TABLE, Names

KEPT_DAYS = 14  # a deleted object can be brought back for so long


def account(name: str, *, location: str, purpose: str) -> Json:
    """An account that no key opens, only identities, and in which nothing is public."""
    return resource(
        ACCOUNT,
        name,
        location=location,
        tags={"syndic": purpose},
        sku={"name": "Standard_LRS"},
        kind="StorageV2",
        properties={
            "accessTier": "Hot",
            "allowBlobPublicAccess": False,
            "allowCrossTenantReplication": False,
            "allowSharedKeyAccess": False,
            "defaultToOAuthAuthentication": True,
            "minimumTlsVersion": "TLS1_2",
            "supportsHttpsTrafficOnly": True,
            # The mirror comes from AWS over the internet; who it is decides, not where it comes from.
            "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow"},
        },
    )


def container(owner: str, name: str) -> list[Json]:
    """A private container, and the blob service that holds it."""
    service = f"{ACCOUNT}/blobServices"
    keeping = {"enabled": True, "days": KEPT_DAYS}
    return [
        resource(
            service,
            f"{owner}/default",
            after=(resource_id(ACCOUNT, owner),),
            properties={"deleteRetentionPolicy": keeping, "containerDeleteRetentionPolicy": keeping},
        ),
        resource(
            f"{service}/containers",
            f"{owner}/default/{name}",
            after=(resource_id(service, owner, "default"),),
            properties={"publicAccess": "None"},
        ),
    ]


def expiry(owner: str, container: str) -> Json:
    """What is only needed while a window is judged goes after a week."""
    prefixes = [f"{container}/{name}/" for name in ("maps", "counts")]
    rule = {
        "name": "counts",
        "enabled": True,
        "type": "Lifecycle",
        "definition": {
            "filters": {"blobTypes": ["blockBlob"], "prefixMatch": prefixes},
            "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 7}}},
        },
    }
    kind = f"{ACCOUNT}/managementPolicies"
    after = (resource_id(f"{ACCOUNT}/blobServices", owner, "default"),)
    return resource(kind, f"{owner}/default", after=after, properties={"policy": {"rules": [rule]}})


def results(azure: Azure, names: Names) -> Json:
    """The template of the account of results: records, archive, queues. A deployment of its own, never deleted."""
    owner = names.results
    tables, queues = f"{ACCOUNT}/tableServices", f"{ACCOUNT}/queueServices"
    services = [
        resource(kind, f"{owner}/default", after=(resource_id(ACCOUNT, owner),), properties={})
        for kind in (tables, queues)
    ]
    return template(
        [
            account(owner, location=azure.location, purpose="results"),
            *container(owner, ARCHIVE),
            expiry(owner, ARCHIVE),
            *services,
            resource(
                f"{tables}/tables",
                f"{owner}/default/{TABLE}",
                after=(resource_id(tables, owner, "default"),),
                properties={},
            ),
            *(
                resource(
                    f"{queues}/queues",
                    f"{owner}/default/{name}",
                    after=(resource_id(queues, owner, "default"),),
                    properties={},
                )
                for name in QUEUES
            ),
        ],
        outputs={"resultsAccount": {"type": "string", "value": owner}},
    )


def endpoint(owner: str, service: str) -> str:
    """The address of an account's service, with a slash at its end; differs between Azure's clouds."""
    return evaluated(property_of(ACCOUNT, owner, f"primaryEndpoints.{service}"))
