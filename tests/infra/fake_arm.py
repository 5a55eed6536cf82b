"""A control plane that is as strict as Azure's about what it can be strict about: see `FakeArm`."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.infra.arm_language import Scope, TemplateError, evaluate
from tests.infra.fake_resources import Resources, parameters_of
from tests.local_server import local_server

PATH = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Resources/(?P<kind>deployments|deploymentStacks)/(?P<name>[-\w.()]{1,64})$"
)
VERSIONS = {"deployments": "2022-09-01", "deploymentStacks": "2024-03-01"}
RUNNING = {"deployments": ("Accepted", "Running"), "deploymentStacks": ("creating", "deploying")}
DONE = {"deployments": "Succeeded", "deploymentStacks": "succeeded"}
DELETION = {
    "unmanageAction.Resources": {"delete", "detach"},
    "unmanageAction.ResourceGroups": {"delete", "detach"},
    "unmanageAction.ManagementGroups": {"delete", "detach"},
}
Answer = tuple[int, Any]


def same_group(path: str) -> str:
    """A path with its group in small letters: Azure does not tell groups apart by case."""
    match = PATH.match(path)
    assert match is not None
    return path[: match.start("group")] + match["group"].lower() + path[match.end("group") :]


def error(code: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    """An error as ARM shapes it."""
    inner: dict[str, Any] = {"code": code, "message": message}
    return {"error": inner | ({"details": list(details)} if details else {})}


@dataclass
class Item:
    """A deployment or a stack."""

    kind: str
    body: dict[str, Any]
    scope: Scope
    polls: int
    state: str
    outcome: dict[str, Any] | None = None  # how it is to fail
    error: dict[str, Any] | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    managed: set[str] = field(default_factory=set)
    deleting: bool = False


class FakeArm:
    """Deployments and deployment stacks of some resource groups.

    It refuses a missing or used-up bearer token, another api-version than each type's, paths and groups that do not
    exist, bodies that lack something, templates whose expressions, names, dependencies or scopes do not resolve; all
    in ARM's error shape. Work goes on when it is looked at: an item is done after `polls` looks.
    """

    def __init__(self, *groups: tuple[str, str], polls: int = 2) -> None:
        self.groups = {(subscription, group.lower()) for subscription, group in groups}
        self.polls = polls
        self.items: dict[str, Item] = {}
        self.resources = Resources(self.groups)
        self.tokens: dict[str, int] = {}  # calls that each token is still good for
        self.calls: list[str] = []
        self.injected: dict[int, tuple[int, Any, dict[str, str]]] = {}
        self.failing: dict[str, dict[str, Any]] = {}  # by name, without a deployment's own word: how it ends
        self.sticking: set[str] = set()  # names of items that never end
        self._lock = threading.Lock()

    def token(self, calls: int = 10_000) -> str:
        """A new token."""
        name = f"token-{len(self.tokens)}"
        self.tokens[name] = calls
        return name

    def exists(self, resource_id: str, properties: dict[str, Any] | None = None) -> None:
        """Somebody else's resource."""
        self.resources.there[resource_id] = {"properties": properties or {}}

    def snapshot(self) -> dict[str, Any]:
        """What is there in the end."""
        return {"resources": self.resources.there, "published": self.resources.published}

    # One request.

    def answer(self, method: str, url: str, headers: dict[str, str], data: bytes) -> tuple[int, Any, dict[str, str]]:
        """Status, body and headers."""
        with self._lock:
            address = urlsplit(url)
            self.calls.append(f"{method} {address.path}")
            if len(self.calls) in self.injected:
                return self.injected[len(self.calls)]
            try:
                status, body = self._answer(method, address.path, dict(parse_qsl(address.query)), headers, data)
            except TemplateError as broken:
                status, body = 400, error("InvalidTemplate", "Deployment template validation failed.",
                                          {"code": broken.code, "message": broken.message})  # fmt: skip
            return status, body, {}

    def _answer(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], data: bytes) -> Answer:
        refused = self._signed_in(headers.get("authorization", "")) or self._addressed(path, query)
        if refused:
            return refused
        del query["api-version"]
        path = same_group(path)
        if method == "GET" and not query:
            return self._get(path)
        if method == "PUT" and not query:
            return self._put(path, json.loads(data))
        if method == "DELETE" and "deploymentStacks" in path:
            return self._delete(path, query)
        return 405, error("HttpMethodNotAllowed", f"{method} with {sorted(query)} is not allowed.")

    def _signed_in(self, authorization: str) -> Answer | None:
        token = authorization.removeprefix("Bearer ")
        if token not in self.tokens:
            return 401, error("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        if self.tokens[token] <= 0:
            return 401, error("ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than now.")
        self.tokens[token] -= 1
        return None

    def _addressed(self, path: str, query: dict[str, str]) -> Answer | None:
        match, version = PATH.match(path), query.get("api-version")
        if match is None:
            return 404, error("InvalidResourceType", f"The resource type could not be found at {path!r}.")
        if version is None:
            return 400, error("MissingApiVersionParameter", "The api-version query parameter is required.")
        if version != VERSIONS[match["kind"]]:
            return 400, error("InvalidApiVersionParameter", f"The api-version '{version}' is invalid.")
        if (match["subscription"], match["group"].lower()) not in self.groups:
            return 404, error("ResourceGroupNotFound", f"Resource group '{match['group']}' could not be found.")
        return None

    def _get(self, path: str) -> Answer:
        item = self.items.get(path)
        if item is None:
            code = "DeploymentStackNotFound" if "deploymentStacks" in path else "DeploymentNotFound"
            return 404, error(code, f"'{path.rsplit('/', 1)[-1]}' could not be found.")
        self._advance(path, item)
        if path not in self.items:
            return 404, error("DeploymentStackNotFound", "The deployment stack could not be found.")
        properties: dict[str, Any] = {"provisioningState": item.state}
        if item.error:
            properties["error"] = item.error
        if item.outputs:
            properties["outputs"] = item.outputs
        return 200, {
            "id": path,
            "name": path.rsplit("/", 1)[-1],
            "tags": item.body.get("tags"),
            "properties": properties,
        }

    def _put(self, path: str, body: dict[str, Any]) -> Answer:
        match = PATH.match(path)
        assert match is not None
        kind, scope = match["kind"], Scope(match["subscription"], match["group"])
        current = self.items.get(path)
        if current is not None and current.state in (*RUNNING[kind], "deleting"):
            code = "DeploymentActive" if kind == "deployments" else "DeploymentStackInNonTerminalState"
            return 409, error(code, "The resource is not in a terminal state.")
        refused = self._malformed(kind, body)
        if refused:
            return 400, error("InvalidRequestContent", refused)
        properties = body["properties"]
        scope.parameters = parameters_of(properties["template"], properties.get("parameters", {}))
        self.resources.validate(properties["template"], scope)
        name = path.rsplit("/", 1)[-1]
        outcome = self.failing.get(name if kind == "deploymentStacks" else name.rsplit("-", 1)[0])
        managed = current.managed if current else set()
        self.items[path] = Item(kind, body, scope, self.polls, RUNNING[kind][0], outcome, managed=managed)
        return 201, {"id": path, "properties": {"provisioningState": RUNNING[kind][0]}}

    def _delete(self, path: str, query: dict[str, str]) -> Answer:
        item = self.items.get(path)
        if item is None:
            return 204, None
        for name, allowed in DELETION.items():
            if query.get(name) not in allowed:
                return 400, error("InvalidQueryParameter", f"{name} must be one of {sorted(allowed)}.")
        if set(query) - set(DELETION) - {"bypassStackOutOfSyncError"}:
            return 400, error("InvalidQueryParameter", f"Unknown parameters {sorted(query)}.")
        if item.state in RUNNING["deploymentStacks"]:
            return 409, error("DeploymentStackInNonTerminalState", "The resource is not in a terminal state.")
        if not item.deleting:
            item.deleting, item.state, item.polls, item.error = True, "deleting", self.polls, None
            item.outcome = self.failing.get(f"delete {path.rsplit('/', 1)[-1]}")
            if query["unmanageAction.Resources"] == "detach":
                item.managed = set()
        return 202, None

    # What a deployment does.

    @staticmethod
    def _malformed(kind: str, body: dict[str, Any]) -> str | None:
        properties = body.get("properties") or {}
        template = properties.get("template")
        if not isinstance(template, dict) or not {"$schema", "contentVersion", "resources"} <= set(template):
            return "The request content has no valid template."
        if kind == "deployments":
            return None if properties.get("mode") == "Incremental" else "The deployment mode is missing."
        unmanaged = properties.get("actionOnUnmanage") or {}
        if unmanaged.get("resources") not in {"delete", "detach"}:
            return "actionOnUnmanage.resources is required."
        if (properties.get("denySettings") or {}).get("mode") not in {"none", "denyDelete", "denyWriteAndDelete"}:
            return "denySettings.mode is required."
        return None

    def _advance(self, path: str, item: Item) -> None:
        """A look at an item: its work goes on by one step."""
        if path.rsplit("/", 1)[-1] in self.sticking or item.state not in (*RUNNING[item.kind], "deleting"):
            return
        item.polls -= 1
        if item.polls > 0:
            item.state = item.state if item.deleting else RUNNING[item.kind][1]
            return
        if item.outcome:
            item.state, item.error = item.outcome["state"], item.outcome.get("error")
            item.deleting = False
            return
        if item.deleting:
            for gone in item.managed:
                self.resources.there.pop(gone, None)
            del self.items[path]
            return
        try:
            made = self.resources.apply(item.body["properties"]["template"], item.scope)
        except TemplateError as broken:
            item.state = "Failed" if item.kind == "deployments" else "failed"
            item.error = error(
                "DeploymentFailed", "At least one resource deployment operation failed.",
                {"code": broken.code, "message": broken.message},
            )["error"]  # fmt: skip
            return
        if item.kind == "deploymentStacks":
            for gone in item.managed - made:  # actionOnUnmanage: delete
                self.resources.there.pop(gone, None)
            item.managed = made
        item.state = DONE[item.kind]
        item.outputs = {
            name: {"type": one["type"], "value": evaluate(one["value"], item.scope)}
            for name, one in item.body["properties"]["template"].get("outputs", {}).items()
        }


@contextmanager
def served(arm: FakeArm) -> Iterator[str]:
    """The control plane on a port of this machine."""

    def answer(method: str, path: str, headers: Mapping[str, str], data: bytes) -> tuple[int, Mapping[str, str], bytes]:
        status, body, more = arm.answer(method, path, dict(headers), data)
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return status, more, content

    with local_server(answer) as address:
        yield address
