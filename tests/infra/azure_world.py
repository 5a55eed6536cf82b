"""What the tests of provisioning share: choices, files, requests of CloudFormation, and the framework's waiting."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cdk.azure.choices import Azure
from cdk.azure.template import templates
from functions.azure_stack.progress import ControlPlane, advance, begin
from functions.azure_stack.wanted import Wanted
from tests.infra.fake_arm import FakeArm

SUBSCRIPTION, OTHER = "22222222-2222-4222-8222-222222222222", "55555555-5555-4555-8555-555555555555"
GROUP = "syndic-rg"
ROLE_ARN = "arn:aws:iam::000000000000:role/syndic-azure-mirror"
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SIGNATURE = "X-Amz-Signature=0123456789abcdef"
CHOICES: dict[str, Any] = {
    "tenant": "11111111-1111-4111-8111-111111111111",
    "subscription": SUBSCRIPTION,
    "resource_group": GROUP,
    "location": "westeurope",
    "client_id": "33333333-3333-4333-8333-333333333333",
    "issuer": "https://44444444-4444-4444-8444-444444444444.tokens.sts.global.api.aws",
    "workspaces": [f"{SUBSCRIPTION}/Models/credit", f"{OTHER}/research/churn"],
    "capture_accounts": [f"{SUBSCRIPTION}/models/creditstore", f"{OTHER}/data/churnstore"],
}
FOREIGN = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/models/providers/Microsoft.MachineLearningServices/workspaces/credit",
    f"/subscriptions/{OTHER}/resourceGroups/research/providers/Microsoft.MachineLearningServices/workspaces/churn",
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/models/providers/Microsoft.Storage/storageAccounts/creditstore",
    f"/subscriptions/{OTHER}/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/churnstore",
)


def choices(**changed: Any) -> Azure:
    """The usual choices, some of them changed."""
    return Azure.model_validate(CHOICES | changed)


def azure_arm(*, polls: int = 2) -> FakeArm:
    """A control plane with the groups and with what is in them before Syndic."""
    arm = FakeArm((SUBSCRIPTION, GROUP), (SUBSCRIPTION, "models"), (OTHER, "research"), (OTHER, "data"), polls=polls)
    for resource_id in FOREIGN:
        arm.exists(resource_id)
    return arm


@dataclass
class MemoryFiles:
    """Files of one deployment, by address."""

    content: dict[str, str] = field(default_factory=dict)

    def read(self, uri: str) -> Any:
        return json.loads(self.content[uri])

    def link(self, uri: str) -> str:
        return f"https://assets.s3.eu-central-1.amazonaws.com/{uri.removeprefix('s3://assets/')}?{SIGNATURE}"


def properties(azure: Azure, files: MemoryFiles, *, code: str = "one") -> dict[str, str]:
    """The custom resource's properties for some choices, as the stack gives them."""
    made = templates(azure)
    addresses = {name: f"s3://assets/{hash(text) & 0xFFFFFFFF:08x}-{name}.json" for name, text in made.items()}
    files.content |= {addresses[name]: text for name, text in made.items()}
    return {
        "ServiceToken": "arn:aws:lambda:eu-central-1:000000000000:function:provider",
        "tenant": azure.tenant,
        "client_id": azure.client_id,
        "subscription": azure.subscription,
        "resource_group": azure.resource_group,
        "location": azure.location,
        "mirror_role_arn": ROLE_ARN,
        "results_template": addresses["syndic-results"],
        "stack_template": addresses["syndic"],
        "package_template": addresses["syndic-package"],
        "package": f"s3://assets/{code}.zip",
    }


def request(kind: str, number: int, wanted: dict[str, str], physical: str | None = None) -> dict[str, Any]:
    """A request of CloudFormation."""
    event: dict[str, Any] = {"RequestType": kind, "RequestId": f"request-{number}", "ResourceProperties": wanted}
    return event | ({"PhysicalResourceId": physical} if physical else {})


def waited_for(
    event: dict[str, Any],
    azure: Callable[[Wanted], ControlPlane],
    files: MemoryFiles,
    *,
    interrupt: type[BaseException] | None = None,
    minutes: int = 58,
) -> dict[str, Any]:
    """What the Provider framework does: begin once, then ask each minute; an interrupted call is asked again."""
    begun = begin(event, now=START)
    asked = event | begun
    for minute in range(minutes):
        try:
            said = advance(asked, azure=azure, files=files, now=START + timedelta(minutes=minute))
        except BaseException as error:
            if interrupt is None or not isinstance(error, interrupt):
                raise
            continue
        if said["IsComplete"]:
            return begun | said
        assert "Data" not in said, "the framework refuses attributes of what is not complete"
    raise TimeoutError("the waiter gave up")
