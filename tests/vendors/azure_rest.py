"""Azure's control plane as far as a doctor reads it: versions, pages, refusals in its own shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.local_server import local_server

SUBSCRIPTION = "aaaaaaaa-1111-2222-3333-444444444444"
ROOT = f"/subscriptions/{SUBSCRIPTION}"
IDENTITIES = f"{ROOT}/resourceGroups/syndic/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
ASSIGNMENTS = f"{ROOT}/resourceGroups/syndic/providers/Microsoft.Authorization/roleAssignments"
PROVIDERS = ("Microsoft.Web", "Microsoft.OperationalInsights", "Microsoft.Insights", "Microsoft.Storage",
             "Microsoft.ManagedIdentity")  # fmt: skip
CONTRIBUTOR, GRANTER = "b24988ac-6180-42a0-ab88-20f7382dd24c", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
PAGE = 1  # one item a page: whoever reads only the first page is found out


@dataclass
class Rest:
    """What is there, by path; lists hold their items."""

    there: dict[str, Any] = field(default_factory=dict)
    refuses: bool = False

    def prepare(self, *, group: str, client: str, principal: str, issuer: str) -> None:
        """Everything that docs/azure-deploy.md asks for."""
        role = "arn:aws:iam::123456789012:role/syndic-azure-provisioner"
        trust = {"issuer": issuer, "subject": role, "audiences": ["api://AzureADTokenExchange"]}
        definitions = f"{ROOT}/providers/Microsoft.Authorization/roleDefinitions"
        self.there = {
            f"{ROOT}/resourceGroups/{group}": {"name": group},
            **{f"{ROOT}/providers/{name}": {"registrationState": "Registered"} for name in PROVIDERS},
            f"{ROOT}/providers/Microsoft.Web/geoRegions": [{"name": "East US"}, {"name": "West Europe"}],
            IDENTITIES: [
                {"name": "other", "properties": {"clientId": "0", "principalId": "0"}},
                {"name": "syndic-provisioner", "properties": {"clientId": client, "principalId": principal}},
            ],
            f"{IDENTITIES}/syndic-provisioner/federatedIdentityCredentials": [{"properties": trust}],
            ASSIGNMENTS: [
                {"properties": {"roleDefinitionId": f"{definitions}/{one}", "principalId": principal}}
                for one in (CONTRIBUTOR, GRANTER)
            ],
            f"{ROOT}/resourceGroups/models/providers/Microsoft.MachineLearningServices/workspaces/credit": {},
            f"{ROOT}/resourceGroups/models/providers/Microsoft.Storage/storageAccounts/captures": {},
        }

    def take_away(self, what: str) -> None:
        """Leave one thing out."""
        trusts = f"{IDENTITIES}/syndic-provisioner/federatedIdentityCredentials"
        models = f"{ROOT}/resourceGroups/models/providers"
        if what == "group":
            del self.there[f"{ROOT}/resourceGroups/syndic"]
        elif what == "provider":
            self.there[f"{ROOT}/providers/Microsoft.Web"] = {"registrationState": "NotRegistered"}
        elif what == "location":
            self.there[f"{ROOT}/providers/Microsoft.Web/geoRegions"].pop()
        elif what == "identity":
            self.there[IDENTITIES].pop()
        elif what == "trust":
            self.there[trusts] = []
        elif what == "subject":
            self.there[trusts][0]["properties"]["subject"] += "-other"
        elif what in {"deploys", "grants"}:
            self.there[ASSIGNMENTS].pop(0 if what == "deploys" else 1)
        elif what == "workspace":
            del self.there[f"{models}/Microsoft.MachineLearningServices/workspaces/credit"]
        else:
            del self.there[f"{models}/Microsoft.Storage/storageAccounts/captures"]

    def answer(self, url: str) -> tuple[int, Any]:
        """Status and body."""
        parts = urlsplit(url)
        path, query = unquote(parts.path), parse_qs(parts.query)
        if self.refuses:
            return 403, {"error": {"code": "AuthorizationFailed", "message": "no authorization"}}
        if "api-version" not in query:
            return 400, {"error": {"code": "MissingApiVersionParameter", "message": "api-version is required"}}
        if path not in self.there:
            return 404, {"error": {"code": "ResourceNotFound", "message": f"{path} was not found"}}
        found = self.there[path]
        if not isinstance(found, list):
            return 200, found
        start = int(query.get("$skiptoken", ["0"])[0])
        page: dict[str, Any] = {"value": found[start : start + PAGE]}
        if start + PAGE < len(found):
            page["nextLink"] = f"{path}?api-version={query['api-version'][0]}&$skiptoken={start + PAGE}"
        return 200, page


@contextmanager
def served(rest: Rest) -> Iterator[str]:
    """The control plane on a port of this machine."""

    def answer(_method: str, path: str, headers: Mapping[str, str], _body: bytes) -> tuple[int, dict[str, str], bytes]:
        status, body = rest.answer(path)
        if isinstance(body, dict) and "nextLink" in body:
            body["nextLink"] = f"http://{headers['host']}{body['nextLink']}"
        return status, {"Content-Type": "application/json"}, json.dumps(body).encode()

    with local_server(answer) as address:
        yield address
