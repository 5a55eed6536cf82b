"""What a custom resource asks for, and the paths and bodies that say so to Azure."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from syndic.errors import InvalidInputError

DEPLOYMENTS: Final = "2022-09-01"
STACKS: Final = "2024-03-01"
STACK: Final = "syndic"
STACK_ID = re.compile(
    r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Resources/deploymentStacks/[^/]+$", re.IGNORECASE
)
OPERATION: Final = "syndic-operation"


class Wanted(BaseModel):
    """The properties of the custom resource. Templates and the package are addresses that change with the content."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # CloudFormation adds ServiceToken

    tenant: str
    client_id: str
    subscription: str
    resource_group: str
    location: str
    mirror_role_arn: str
    results_template: str
    stack_template: str
    package_template: str
    package: str

    @property
    def group(self) -> str:
        """The path of the resource group."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"

    @property
    def stack_id(self) -> str:
        """The id of the deployment stack: the custom resource's own."""
        return f"{self.group}/providers/Microsoft.Resources/deploymentStacks/{STACK}"

    def deployment(self, name: str) -> str:
        """The path of a deployment in the group."""
        return f"{self.group}/providers/Microsoft.Resources/deployments/{name}"


class Request(BaseModel):
    """A call of the Provider framework."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    RequestType: Literal["Create", "Update", "Delete"]
    RequestId: str
    ResourceProperties: Wanted
    PhysicalResourceId: str | None = None
    Data: dict[str, Any] = {}

    @property
    def operation(self) -> str:
        """One word for this request: the same each time it is tried, another for the next request."""
        return hashlib.sha256(self.RequestId.encode()).hexdigest()[:12]


def read_request(event: dict[str, Any]) -> Request:
    """Read the event. Raises `InvalidInputError` that names the property."""
    try:
        return Request.model_validate(event)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(first["msg"], where=f"custom resource: {where}") from error


def deployment_body(template: object, parameters: dict[str, str]) -> dict[str, Any]:
    """A deployment that adds and changes, and removes nothing."""
    values = {name: {"value": value} for name, value in parameters.items()}
    return {"properties": {"mode": "Incremental", "template": template, "parameters": values}}


def stack_body(wanted: Wanted, template: object, operation: str) -> dict[str, Any]:
    """A stack that deletes what its template no longer has. Groups are never deleted: Syndic made none."""
    return {
        "location": wanted.location,
        "tags": {OPERATION: operation},
        "properties": {
            "description": "Syndic on Azure: deployed by CloudFormation, do not change by hand",
            "template": template,
            "parameters": {"mirrorRoleArn": {"value": wanted.mirror_role_arn}},
            "actionOnUnmanage": {"resources": "delete", "resourceGroups": "detach", "managementGroups": "detach"},
            "denySettings": {"mode": "none"},
        },
    }


DELETION: Final = {
    "unmanageAction.Resources": "delete",
    "unmanageAction.ResourceGroups": "detach",
    "unmanageAction.ManagementGroups": "detach",
}
