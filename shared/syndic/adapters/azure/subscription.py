"""What an Azure subscription is like before a deployment, over the control plane's REST API. Only reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from azure.core import PipelineClient
from azure.core.exceptions import AzureError, ResourceNotFoundError, map_error
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest

from syndic.adapters.azure.errors import translate

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

PUBLIC: Final = "https://management.azure.com"
VERSIONS: Final = {
    "resourceGroups": "2022-09-01",
    "providers": "2022-09-01",
    "userAssignedIdentities": "2023-01-31",
    "roleAssignments": "2022-04-01",
    "geoRegions": "2024-04-01",
}
_ERRORS: Final[Any] = {404: ResourceNotFoundError}


class AzureSubscription:
    """A subscription. Every method raises one of Syndic's errors when the control plane refuses.

    Args:
        credential: Who signs in; reading is enough.
        subscription: Its id.
        address: The control plane.
    """

    def __init__(self, credential: TokenCredential | None, subscription: str, *, address: str = PUBLIC) -> None:
        policies: list[Any] = [UserAgentPolicy("syndic"), RetryPolicy(retry_total=3)]
        if credential is not None:
            policies.append(BearerTokenCredentialPolicy(credential, f"{PUBLIC}/.default"))
        self._client: PipelineClient[Any, Any] = PipelineClient(address, policies=policies)
        self._root = f"{address.rstrip('/')}/subscriptions/{subscription}"

    def exists(self, resource: str, *, version: str) -> bool:
        """Whether there is a resource, by its path below the subscription."""
        return self._get(resource, version) is not None

    def group(self, name: str) -> bool:
        """Whether there is a resource group."""
        return self.exists(f"/resourceGroups/{name}", version=VERSIONS["resourceGroups"])

    def registered(self, provider: str) -> bool:
        """Whether a resource provider is registered."""
        found = self._get(f"/providers/{provider}", VERSIONS["providers"])
        return found is not None and found.get("registrationState") == "Registered"

    def flex_locations(self) -> frozenset[str]:
        """Where Flex Consumption is offered, as ``westeurope``."""
        pages = self._list("/providers/Microsoft.Web/geoRegions", VERSIONS["geoRegions"], sku="FlexConsumption")
        return frozenset(str(one["name"]).replace(" ", "").lower() for one in pages)

    def identity(self, group: str, client_id: str) -> dict[str, Any] | None:
        """The user-assigned identity of a client id, or None."""
        for one in self._list(f"{_identities(group)}", VERSIONS["userAssignedIdentities"]):
            if str(one["properties"].get("clientId", "")).lower() == client_id:
                return dict(one)
        return None

    def trusts(self, group: str, identity: str) -> tuple[dict[str, Any], ...]:
        """What an identity trusts: issuer, subject and audiences of each federated credential."""
        place = f"{_identities(group)}/{identity}/federatedIdentityCredentials"
        return tuple(dict(one["properties"]) for one in self._list(place, VERSIONS["userAssignedIdentities"]))

    def roles(self, group: str, principal: str) -> frozenset[str]:
        """Ids of the roles that somebody has on a group, or from above."""
        place = f"/resourceGroups/{group}/providers/Microsoft.Authorization/roleAssignments"
        asked = {"$filter": f"principalId eq '{principal}'"}
        found = self._list(place, VERSIONS["roleAssignments"], **asked)
        return frozenset(str(one["properties"]["roleDefinitionId"]).rpartition("/")[2].lower() for one in found)

    def _get(self, place: str, version: str) -> dict[str, Any] | None:
        try:
            return self._ask(f"{self._root}{place}", {"api-version": version})
        except ResourceNotFoundError:
            return None
        except AzureError as error:
            raise translate(error, f"look at {place}") from error

    def _list(self, place: str, version: str, **query: str) -> Iterator[dict[str, Any]]:
        address, asked = f"{self._root}{place}", {"api-version": version, **query}
        try:
            while address:
                page = self._ask(address, asked)
                yield from page.get("value", [])
                address, asked = page.get("nextLink") or "", {}
        except AzureError as error:
            raise translate(error, f"list {place}") from error

    def _ask(self, address: str, query: dict[str, str]) -> dict[str, Any]:
        answer = self._client.send_request(HttpRequest("GET", address, params=query))
        if answer.status_code >= 400:
            map_error(answer.status_code, answer, _ERRORS)
            answer.raise_for_status()
        return dict(answer.json())


def _identities(group: str) -> str:
    return f"/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
