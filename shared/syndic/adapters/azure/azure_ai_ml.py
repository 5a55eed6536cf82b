"""Reads a workspace through `azure-ai-ml` instead of REST. An optional extra: decision 005 says what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.ai.ml import MLClient


class AzureAiMlReader:
    """`WorkspaceReader` on the vendor's client of a workspace; its entities become what the REST API answers."""

    def __init__(self, client: MLClient) -> None:
        self._client = client

    def endpoints(self) -> Iterator[Any]:
        """Online endpoints, page by page."""
        for found in self._client.online_endpoints.list():
            created = getattr(found, "creation_context", None)
            yield {
                "id": found.id,
                "name": found.name,
                "tags": found.tags,
                "systemData": {"createdAt": created.created_at.isoformat()} if created and created.created_at else None,
                "properties": {"provisioningState": _text(found.provisioning_state), "traffic": found.traffic},
            }

    def deployments(self, endpoint: str) -> Iterator[Any]:
        """The deployments of an endpoint."""
        for found in self._client.online_deployments.list(endpoint):
            properties = {"model": found.model, "instanceType": getattr(found, "instance_type", None)}
            collector = getattr(found, "data_collector", None)
            if collector is not None:
                collections = {
                    name: _collection(one, collector.sampling_rate)
                    for name, one in (collector.collections or {}).items()
                }
                properties["dataCollector"] = {"collections": collections}
            yield {"name": found.name, "properties": properties}

    def datastore(self, name: str) -> Any:
        """A datastore."""
        found: Any = self._client.datastores.get(name)
        container = getattr(found, "container_name", None) or getattr(found, "filesystem", None)
        said = {"accountName": getattr(found, "account_name", None), "endpoint": getattr(found, "endpoint", None)}
        return {"properties": {**said, "containerName": container}}

    def data_uri(self, name: str, version: str) -> str:
        """The address that a version of a data asset stands for."""
        return str(self._client.data.get(name, version=version).path)


def _collection(found: Any, share: float | None) -> dict[str, Any]:
    enabled = str(found.enabled).lower() == "true"
    share = getattr(found, "sampling_rate", None) or share
    said = {"dataCollectionMode": "Enabled" if enabled else "Disabled", "samplingRate": share}
    return {**said, "dataId": found.data} if isinstance(found.data, str) else said


def _text(value: Any) -> str:
    return str(getattr(value, "value", value))
