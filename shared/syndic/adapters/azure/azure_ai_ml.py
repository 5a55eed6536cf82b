"""Reads a workspace through `azure-ai-ml` instead of REST. An optional extra: decision 005 says what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.ai.ml import MLClient


class AzureAiMlReader:
    """`WorkspaceReader` and `ModelReader` on the vendor's client; its entities become what the REST API answers.

    Args:
        client: The client of a workspace.
        enforce_https: False only for a control plane on this machine.
    """

    def __init__(self, client: MLClient, *, enforce_https: bool = True) -> None:
        self._client = client
        self._common = {
            "resource_group_name": client.resource_group_name,
            "workspace_name": client.workspace_name,
            "enforce_https": enforce_https,
        }

    def endpoints(self) -> Iterator[Any]:
        """Online endpoints, page by page."""
        return map(_described, self._client.online_endpoints.list())

    def endpoint(self, name: str) -> Any:
        """An online endpoint."""
        return _described(self._client.online_endpoints.get(name))

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

    # Models are read and written by the client's own generated calls, as answers and not as its entities: an entity
    # does not say whether it is anonymous or archived, and written back it loses its jobName and leaves the archive.

    def models(self) -> Iterator[Any]:
        """The containers of models, archived ones too, page by page."""
        yield from self._calls("_model_container_operation").list(**self._common, list_view_type="All")

    def model_versions(self, model: str) -> Iterator[Any]:
        """The versions of a model, archived ones too, page by page."""
        yield from self._calls("_model_versions_operation").list(name=model, **self._common, list_view_type="All")

    def model_version(self, model: str, version: str) -> Any:
        """A version of a model."""
        return self._calls("_model_versions_operation").get(name=model, version=version, **self._common)

    def put_model_version(self, model: str, version: str, properties: Mapping[str, Any]) -> None:
        """Replace the properties of a version of a model."""
        body = {"properties": dict(properties)}
        self._calls("_model_versions_operation").create_or_update(
            name=model, version=version, body=body, **self._common
        )

    def _calls(self, name: str) -> Any:
        return getattr(self._client.models, name)


def _collection(found: Any, share: float | None) -> dict[str, Any]:
    enabled = str(found.enabled).lower() == "true"
    share = getattr(found, "sampling_rate", None) or share
    said = {"dataCollectionMode": "Enabled" if enabled else "Disabled", "samplingRate": share}
    return {**said, "dataId": found.data} if isinstance(found.data, str) else said


def _text(value: Any) -> str:
    return str(getattr(value, "value", value))


def _described(found: Any) -> dict[str, Any]:
    created = getattr(found, "creation_context", None)
    return {
        "id": found.id,
        "name": found.name,
        "tags": found.tags,
        "systemData": {"createdAt": created.created_at.isoformat()} if created and created.created_at else None,
        "properties": {"provisioningState": _text(found.provisioning_state), "traffic": found.traffic},
    }
