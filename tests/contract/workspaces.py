"""A workspace behind a strict control plane, and the two ways to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import HttpTransport

from demo.azure_ml import ControlPlane, Workspace, control_plane
from syndic.adapters.azure.azure_ai_ml import AzureAiMlReader

WORKSPACE = "11111111-2222-3333-4444-555555555555/risk/credit"
STORE = {"accountName": "collected", "containerName": "azureml-blobstore-1", "endpoint": "core.windows.net"}


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(WORKSPACE, datastores={"workspaceblobstore": STORE})


@pytest.fixture
def plane(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[ControlPlane]:
    with control_plane([workspace]) as server:
        for name, value in server.identity.items():
            monkeypatch.setenv(name, value)
        yield server


class SignedIn:
    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(self._token, 2**33)


def vendors_reader(plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> AzureAiMlReader:
    """A reader through the vendor's client, signed in to the control plane."""
    monkeypatch.setenv("ARM_CLOUD_METADATA_URL", f"{plane.address}/metadata/endpoints?api-version=2019-05-01")
    from azure.ai.ml import MLClient

    client = MLClient(SignedIn(plane.token()), *WORKSPACE.split("/"), cloud="LocalCloud")
    return AzureAiMlReader(client, enforce_https=False)


@pytest.fixture
def no_wait_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's pipeline tries as often as ever, and does not wait ten seconds in all between its tries."""
    monkeypatch.setattr(HttpTransport, "sleep", lambda _self, _seconds: None)
