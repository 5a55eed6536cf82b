"""The templates: `syndic-results` is deployed and kept, `syndic` is a deployment stack that can be deleted."""

from __future__ import annotations

import json

from cdk.azure.access import APP_ON_RESULTS, MIRROR_ON_RESULTS, assignment, identity, reads, trust
from cdk.azure.alarms import alarms
from cdk.azure.app import INSIGHTS, SITE, hosting, monitoring
from cdk.azure.choices import Azure
from cdk.azure.expressions import ACCOUNT, IDENTITY, Json, evaluated, property_of, resource, resource_id, template
from cdk.azure.names import PACKAGES, Names, names_of
from cdk.azure.storage import account, container, results

SECRET = {"type": "securestring"}


def templates(azure: Azure) -> dict[str, str]:
    """The text of each template by its file's name. The same choices give the same bytes."""
    names = names_of(azure)
    made = {
        "syndic-results": results(azure, names),
        "syndic": stack(azure, names),
        "syndic-package": package(names),
    }
    return {name: json.dumps(content, indent=2) + "\n" for name, content in made.items()}


def stack(azure: Azure, names: Names) -> Json:
    """Everything that computes, and who may do what. Reads the account of results, does not hold it."""
    host, kept = resource_id(ACCOUNT, names.host), resource_id(ACCOUNT, names.results)
    insights = resource_id(INSIGHTS, names.insights)
    before_app = [
        assignment("Storage Blob Data Owner", on=host, to=names.app_identity, after=(host,)),
        assignment("Monitoring Metrics Publisher", on=insights, to=names.app_identity, after=(insights,)),
        *(assignment(role, on=kept, to=names.app_identity) for role in APP_ON_RESULTS),
    ]
    return template(
        [
            *monitoring(azure, names),
            *alarms(azure, names),
            account(names.host, location=azure.location, purpose="host"),
            *container(names.host, PACKAGES),
            identity(names.app_identity, location=azure.location),
            identity(names.mirror_identity, location=azure.location),
            trust(names.mirror_identity, issuer=azure.issuer),
            *before_app,
            *(assignment(role, on=kept, to=names.mirror_identity) for role in MIRROR_ON_RESULTS),
            *reads(azure, names),
            *hosting(
                azure,
                names,
                after=(
                    resource_id(f"{ACCOUNT}/blobServices/containers", names.host, "default", PACKAGES),
                    insights,
                    *(_id_of(one) for one in before_app),
                ),
            ),
        ],
        parameters={
            "mirrorRoleArn": {
                "type": "string",
                "metadata": {"description": "ARN of the AWS role that may sign in as the mirror"},
            }
        },
        outputs={
            "appName": {"type": "string", "value": names.app},
            "resultsAccount": {"type": "string", "value": names.results},
            "mirrorClientId": {
                "type": "string",
                "value": evaluated(property_of(IDENTITY, names.mirror_identity, "clientId")),
            },
        },
    )


def package(names: Names) -> Json:
    """Publishes the functions' code: the app fetches it from a signed address, which the history does not show."""
    publish = resource(
        f"{SITE}/extensions",
        f"{names.app}/onedeploy",
        properties={"packageUri": "[parameters('packageUri')]", "remoteBuild": False, "type": "zip"},
    )
    return template([publish], parameters={"packageUri": SECRET})


def _id_of(role: Json) -> str:
    """The id of a role assignment: below the resource it is on."""
    scope, name = (role[part][1:-1] for part in ("scope", "name"))
    return f"extensionResourceId({scope}, 'Microsoft.Authorization/roleAssignments', {name})"
