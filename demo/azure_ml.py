"""A strict stand-in for the part of Azure's control plane that discovery reads, and for managed identity's tokens.

There is no emulator of Azure ML. Like the real service this one refuses a request without a token it issued, without
an api-version it knows, and to any path it does not have; it pages its lists. The one thing that it lets be changed is
a version of a model.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from pydantic import Field

from demo.azure_ml_models import RefusedError, ServedModel, change, read
from syndic.models import Noun

VERSIONS: Final = frozenset(
    # Those of azure-ai-ml beside our own: it uses another preview for each kind of resource.
    {"2024-10-01", "2022-02-01-preview", "2023-04-01-preview", "2024-10-01-preview", "2023-04-01", "2023-08-01-preview"}
)
TOKEN_PATH: Final = "/identity/token"  # noqa: S105 - a path
AUDIENCE: Final = "https://management.azure.com"
CREATED: Final = "2018-10-31T08:00:00.0000000+00:00"
_PAGE: Final = 2


class ServedDeployment(Noun):
    """A deployment of an online endpoint. `collections` is the collector's own JSON; None: it has no collector."""

    name: str = "blue"
    model: str = "model"
    version: str = "1"
    collections: dict[str, Any] | None = None


class ServedEndpoint(Noun):
    """An online endpoint."""

    name: str
    deployments: tuple[ServedDeployment, ...]
    traffic: dict[str, int]
    tags: dict[str, str] = Field(default_factory=dict)


@dataclass
class Workspace:
    """What a workspace holds. Set `refuse` to a status and every request for it is refused, or every write."""

    path: str  # subscription/resource group/workspace
    endpoints: list[ServedEndpoint] = field(default_factory=list)
    datastores: dict[str, dict[str, Any]] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)  # dataUri by <name>/versions/<version>
    models: list[ServedModel] = field(default_factory=list)
    refuse: int | None = None
    refuse_writes: int | None = None

    @property
    def root(self) -> str:
        """The workspace's own path in the control plane."""
        subscription, group, name = self.path.split("/")
        return (
            f"/subscriptions/{subscription}/resourceGroups/{group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{name}"
        )


class ControlPlane(ThreadingHTTPServer):
    """The server. `header` is the secret that the platform gives an app for asking for tokens."""

    daemon_threads = True

    def __init__(self, workspaces: Sequence[Workspace], *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.workspaces, self.header = list(workspaces), secrets.token_hex(16)
        self.tokens: set[str] = set()
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """The address of the control plane."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def identity(self) -> dict[str, str]:
        """The environment by which managed identity is found, as App Service sets it."""
        return {"IDENTITY_ENDPOINT": f"{self.address}{TOKEN_PATH}", "IDENTITY_HEADER": self.header}

    def token(self) -> str:
        """A new token."""
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        return token


@contextmanager
def control_plane(workspaces: Sequence[Workspace], *, port: int = 0) -> Iterator[ControlPlane]:
    """Serve until the block ends."""
    server = ControlPlane(workspaces, port=port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: ControlPlane
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self._reply(self._answer)

    def do_PUT(self) -> None:
        self.server.asked.append(f"PUT {self.path}")
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._reply(lambda path, query: self._written(path, query, content))

    def _reply(self, answered: Callable[[str, dict[str, str]], Any]) -> None:
        address = urlsplit(self.path)
        try:
            answer = answered(address.path, {key: one[-1] for key, one in parse_qs(address.query).items()})
            self._send(200, answer)
        except RefusedError as refusal:
            self._send(refusal.status, {"error": {"code": refusal.code, "message": str(refusal)}})

    def _answer(self, path: str, query: dict[str, str]) -> Any:
        if path == TOKEN_PATH:
            return self._token(query)
        if path == "/metadata/endpoints":
            return [self._cloud()]
        workspace = self._workspace(path, query)
        parts = _parts(workspace, path)
        if parts[0] != "models":
            return self._of(workspace, parts, path, query)
        found = read(workspace.root, workspace.models, parts, query, _written())
        return self._page(found, path, query) if isinstance(found, list) else found

    def _workspace(self, path: str, query: dict[str, str]) -> Workspace:
        """The workspace that a request is for, when it may be asked for."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.server.tokens:
            raise RefusedError(401, "InvalidAuthenticationToken", "The access token is missing or invalid.")
        if "api-version" not in query:
            raise RefusedError(400, "MissingApiVersionParameter", "The api-version query parameter is required.")
        if query["api-version"] not in VERSIONS:
            raise RefusedError(400, "InvalidResourceType", f"api-version {query['api-version']} is not supported.")
        for workspace in self.server.workspaces:
            if path.startswith(f"{workspace.root}/") or path == workspace.root:
                if workspace.refuse is not None:
                    raise RefusedError(
                        workspace.refuse, "AuthorizationFailed", "The client may not read the workspace."
                    )
                return workspace
        raise RefusedError(404, "ResourceNotFound", f"The resource {path} was not found.")

    def _written(self, path: str, query: dict[str, str], content: bytes) -> Any:
        workspace = self._workspace(path, query)
        if workspace.refuse_writes is not None:
            raise RefusedError(workspace.refuse_writes, "AuthorizationFailed", "The client may not write there.")
        return change(workspace.root, workspace.models, _parts(workspace, path), content, _written())

    def _of(self, workspace: Workspace, parts: list[str], path: str, query: dict[str, str]) -> Any:
        endpoints = {one.name: one for one in workspace.endpoints}
        match parts:
            case [""]:
                return {"id": workspace.root, "name": workspace.path.split("/")[-1], "location": "westeurope",
                        "systemData": _written(), "properties": {"discoveryUrl": self.server.address}}  # fmt: skip
            case ["onlineEndpoints"]:
                return self._page([_endpoint(workspace, one) for one in workspace.endpoints], path, query)
            case ["onlineEndpoints", name] if name in endpoints:
                return _endpoint(workspace, endpoints[name])
            case ["onlineEndpoints", name, "deployments"] if name in endpoints:
                found = [_deployment(workspace, name, one) for one in endpoints[name].deployments]
                return self._page(found, path, query)
            case ["datastores", name] if name in workspace.datastores:
                said = {"datastoreType": "AzureBlob", "protocol": "https", "credentials": {"credentialsType": "None"},
                        **workspace.datastores[name]}  # fmt: skip
                return {"id": f"{workspace.root}/datastores/{name}", "name": name, "properties": said}
            case ["data", name, "versions", version] if f"{name}/versions/{version}" in workspace.data:
                uri = workspace.data[f"{name}/versions/{version}"]
                properties = {"dataType": "uri_folder", "dataUri": uri}
                return {"id": f"{workspace.root}/data/{name}/versions/{version}", "name": version,
                        "systemData": _written(), "properties": properties}  # fmt: skip
            case _:
                raise RefusedError(404, "ResourceNotFound", f"The resource {path} was not found.")

    def _page(self, items: list[Any], path: str, query: dict[str, str]) -> Any:
        skip = query.get("$skip", "0")
        first = int(skip) if skip.isdigit() else 0
        page: dict[str, Any] = {"value": items[first : first + _PAGE]}
        if first + _PAGE < len(items):
            asked = {**query, "$skip": first + _PAGE}
            page["nextLink"] = f"{self.server.address}{path}?{urlencode(asked, safe='$')}"
        return page

    def _token(self, query: dict[str, str]) -> Any:
        if self.headers.get("X-IDENTITY-HEADER") != self.server.header:
            raise RefusedError(401, "Unauthorized", "The identity header is missing or wrong.")
        if query.get("resource", "").rstrip("/") != AUDIENCE:
            raise RefusedError(400, "InvalidResource", f"No token for the resource {query.get('resource')}.")
        return {"access_token": self.server.token(), "expires_on": str(int(time.time()) + 3600),
                "resource": AUDIENCE, "token_type": "Bearer"}  # fmt: skip

    def _cloud(self) -> Any:
        address = self.server.address
        return {"name": "LocalCloud", "portal": address, "resourceManager": address,
                "authentication": {"loginEndpoint": address, "audiences": [AUDIENCE]},
                "suffixes": {"storage": "core.windows.net"}}  # fmt: skip

    def _send(self, status: int, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


def _parts(workspace: Workspace, path: str) -> list[str]:
    return [unquote(part) for part in path.removeprefix(workspace.root).strip("/").split("/")]


def _written() -> dict[str, str]:
    return {"createdAt": CREATED, "createdBy": "ann", "createdByType": "User", "lastModifiedAt": CREATED}


def _endpoint(workspace: Workspace, one: ServedEndpoint) -> dict[str, Any]:
    return {
        "id": f"{workspace.root}/onlineEndpoints/{one.name}", "name": one.name, "kind": "Managed", "tags": one.tags,
        "location": "westeurope", "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        "identity": {"type": "SystemAssigned"}, "systemData": _written(),
        "properties": {
            "authMode": "Key", "provisioningState": "Succeeded", "traffic": one.traffic, "properties": {},
            "publicNetworkAccess": "Enabled", "mirrorTraffic": {}, "description": None,
            "scoringUri": f"https://{one.name}.westeurope.inference.ml.azure.com/score",
        },
    }  # fmt: skip


def _deployment(workspace: Workspace, endpoint: str, one: ServedDeployment) -> dict[str, Any]:
    collector = None if one.collections is None else {"rollingRate": "Hour", "collections": one.collections}
    return {
        "id": f"{workspace.root}/onlineEndpoints/{endpoint}/deployments/{one.name}", "name": one.name, "tags": {},
        "location": "westeurope", "kind": "Managed", "systemData": _written(),
        "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
        "sku": {"name": "Default", "capacity": 1},
        "properties": {
            "endpointComputeType": "Managed", "provisioningState": "Succeeded", "instanceType": "Standard_DS3_v2",
            "model": f"{workspace.root}/models/{one.model}/versions/{one.version}", "dataCollector": collector,
            "scaleSettings": {"scaleType": "Default"}, "environmentVariables": {}, "properties": {},
            "appInsightsEnabled": False, "egressPublicNetworkAccess": "Enabled", "environmentId": None,
            "codeConfiguration": None, "description": None, "modelMountPath": None, "provisioningDetails": None,
            "requestSettings": {"maxConcurrentRequestsPerInstance": 1, "requestTimeout": "PT5S"},
            "livenessProbe": None, "readinessProbe": None,
        },
    }  # fmt: skip
