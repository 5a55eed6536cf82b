"""`ModelSource` on Azure Machine Learning: the online endpoints of one workspace, over the control plane's REST API.

https://learn.microsoft.com/rest/api/azureml/online-endpoints. Batch and serverless endpoints and Azure OpenAI
deployments are other resource types and are not listed. docs/decisions/005-azure-ml-over-rest.md says why REST.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote

from azure.core.exceptions import AzureError, ResourceNotFoundError

from syndic.adapters.azure.collectors import Collected, Datastore, capture_of, collected_by, data_asset, path_in
from syndic.adapters.azure.endpoints import describe, split_workspace
from syndic.adapters.azure.errors import translate
from syndic.adapters.azure.resource_manager import PUBLIC, ResourceManager
from syndic.errors import SourceUnavailableError, in_words
from syndic.models import CaptureConfig, Endpoint
from syndic.ports import ListedEndpoint

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.pipeline.transport import HttpTransport

_log = logging.getLogger(__name__)

API_VERSION: Final = "2024-10-01"
DEFAULT_PATH: Final = "azureml://datastores/workspaceblobstore/paths/modelDataCollector"


class WorkspaceReader(Protocol):
    """Reads a workspace; answers are those of the REST API. Raises `AzureError`."""

    def endpoints(self) -> Iterator[Any]:
        """Online endpoints, page by page."""

    def endpoint(self, name: str) -> Any:
        """An online endpoint."""

    def deployments(self, endpoint: str) -> Iterator[Any]:
        """The deployments of an endpoint."""

    def datastore(self, name: str) -> Any:
        """A datastore."""

    def data_uri(self, name: str, version: str) -> str:
        """The address that a version of a data asset stands for."""


class AzureMachineLearning:
    """Lists the online endpoints of a workspace and describes what is behind each.

    Args:
        credential: The identity that signs in; it needs to read the workspace.
        workspace: ``subscription/resource group/workspace``.
        address: The control plane, another one in sovereign clouds.
        reader: Reads the workspace instead of the REST API.
    """

    def __init__(
        self,
        credential: TokenCredential | None,
        workspace: str,
        *,
        address: str = PUBLIC,
        reader: WorkspaceReader | None = None,
    ) -> None:
        self._scope = "/".join(split_workspace(workspace))
        self._reader = reader or RestReader(credential, workspace, address=address)
        self._datastores: dict[str, Datastore | None] = {}

    @property
    def name(self) -> str:
        """Such as ``azureml subscription/group/workspace``."""
        return f"azureml {self._scope}"

    def listing(self) -> Iterator[ListedEndpoint]:
        """Every online endpoint by name."""
        with self._answering("list endpoints"):
            for found in self._reader.endpoints():
                yield ListedEndpoint(str(found["name"]), str(found["id"]))

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        """What is behind every online endpoint, or those of some names."""
        self._datastores.clear()
        with self._answering("list endpoints" if names is None else "describe endpoints"):
            for found in self._reader.endpoints() if names is None else map(self._named, names):
                endpoint = None if found is None else self._endpoint(found)
                if endpoint is not None:
                    yield endpoint

    @contextmanager
    def _answering(self, doing: str) -> Iterator[None]:
        try:
            yield
        except AzureError as error:
            raise SourceUnavailableError(str(translate(error, f"{self.name}: {doing}"))) from error
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            reason = f"the answer is not as described for {API_VERSION}: {in_words(error)}"
            raise SourceUnavailableError(f"{self.name}: {reason}") from error

    def _named(self, name: str) -> Any | None:
        try:
            return self._reader.endpoint(name)
        except ResourceNotFoundError:
            return None

    def _endpoint(self, found: Any) -> Endpoint | None:
        try:
            deployments = list(self._reader.deployments(found["name"]))
        except ResourceNotFoundError:
            return None
        return describe(found, deployments, scope=self._scope, capture=self._capture(found, deployments))

    def _capture(self, endpoint: Any, deployments: list[Any]) -> CaptureConfig | None:
        """Where the endpoint's traffic is collected: as its busiest deployment that collects says.

        None too when it names an asset or a datastore that was deleted: one endpoint must not hide the others.
        """
        collected = collected_by(endpoint, deployments)
        if collected is None:
            return None
        try:
            return self._place(collected)
        except ResourceNotFoundError:
            _log.warning("collector writes to what is not there", extra={"endpoint": collected.endpoint})
            return None

    def _place(self, collected: Collected) -> CaptureConfig | None:
        path = DEFAULT_PATH
        if collected.data_id is not None:
            asset = data_asset(collected.data_id, scope=self._scope)
            if asset is None:
                return None
            path = self._reader.data_uri(*asset)
        place = path_in(path, scope=self._scope)
        if place is None:
            return None
        return capture_of(collected, self._datastore(place[0]), place[1])

    def _datastore(self, name: str) -> Datastore | None:
        if name not in self._datastores:
            self._datastores[name] = Datastore.read(self._reader.datastore(name))
        return self._datastores[name]


class RestReader:
    """Reads a workspace over plain REST. Takes what `AzureMachineLearning` takes, and what carries the requests."""

    def __init__(
        self,
        credential: TokenCredential | None,
        workspace: str,
        *,
        address: str,
        transport: HttpTransport[Any, Any] | None = None,
    ) -> None:
        subscription, group, name = split_workspace(workspace)
        self._root = (
            f"/subscriptions/{subscription}/resourceGroups/{group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{name}"
        )
        self._plane = ResourceManager(credential, address=address, api_version=API_VERSION, transport=transport)

    def endpoints(self) -> Iterator[Any]:
        """Online endpoints, page by page."""
        return self._plane.list(f"{self._root}/onlineEndpoints")

    def endpoint(self, name: str) -> Any:
        """An online endpoint."""
        return self._plane.get(f"{self._root}/onlineEndpoints/{quote(name, safe='')}")

    def deployments(self, endpoint: str) -> Iterator[Any]:
        """The deployments of an endpoint."""
        return self._plane.list(f"{self._root}/onlineEndpoints/{quote(endpoint, safe='')}/deployments")

    def datastore(self, name: str) -> Any:
        """A datastore."""
        return self._plane.get(f"{self._root}/datastores/{name}")

    def data_uri(self, name: str, version: str) -> str:
        """The address that a version of a data asset stands for."""
        return str(self._plane.get(f"{self._root}/data/{name}/versions/{version}")["properties"]["dataUri"])

    def models(self) -> Iterator[Any]:
        """The containers of models, archived ones too, page by page."""
        return self._plane.list(f"{self._root}/models", listViewType="All")

    def model_versions(self, model: str) -> Iterator[Any]:
        """The versions of a model, archived ones too, page by page."""
        return self._plane.list(f"{self._root}/models/{_part(model)}/versions", listViewType="All")

    def model_version(self, model: str, version: str) -> Any:
        """A version of a model."""
        return self._plane.get(f"{self._root}/models/{_part(model)}/versions/{_part(version)}")

    def put_model_version(self, model: str, version: str, properties: Mapping[str, Any]) -> None:
        """Replace the properties of a version of a model."""
        path = f"{self._root}/models/{_part(model)}/versions/{_part(version)}"
        self._plane.put(path, {"properties": dict(properties)})


def _part(name: str) -> str:
    """A name as one part of a path. Raises `ValueError` for one that would lead elsewhere."""
    if not name.strip("."):
        raise ValueError(f"{name!r} is no name")
    return quote(name, safe="")
