"""What every store of secrets promises: a name gives its text, and what is wrong is said without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from moto import mock_aws

from syndic.adapters.aws.secrets import SecretsManager
from syndic.adapters.azure import KeyVaultSecrets
from syndic.adapters.memory import MemorySecrets
from syndic.errors import InvalidInputError
from syndic.ports import Secrets
from tests.local_server import local_server

pytestmark = pytest.mark.enable_socket

CANARY = "Kanarienvogel7Kanarienvogel7abcd"
KEPT = {"on-call": CANARY, "slack-signing": "8f742231b10e8888abcd99yyyzzz85a5"}
VAULT = "syndic.vault.azure.net"


class Identity:
    """Signs in to vaults, and to nothing else."""

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        assert scopes == ("https://vault.azure.net/.default",)
        return AccessToken("token-of-the-app", 9_999_999_999)


def vault(method: str, path: str, headers: Mapping[str, str], _: bytes) -> tuple[int, Mapping[str, str], bytes]:
    """The part of Key Vault's interface that reads: host, version and token are looked at."""
    asked = urlsplit(path)
    name = asked.path.removeprefix("/secrets/")
    status, body = 200, {"value": KEPT.get(name), "id": f"https://{VAULT}/secrets/{name}/1"}
    if method != "GET" or headers["host"] != VAULT or "api-version" not in parse_qs(asked.query):
        status, body = 400, {"error": {"code": "BadParameter", "message": CANARY}}
    elif headers["authorization"] != "Bearer token-of-the-app":
        status, body = 401, {"error": {"code": "Unauthorized", "message": CANARY}}
    elif name not in KEPT:
        status, body = 404, {"error": {"code": "SecretNotFound", "message": CANARY}}
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


class Led(RequestsTransport):
    """Carries requests for the vault to a service of this machine, under the vault's name."""

    def __init__(self, there: str) -> None:
        super().__init__()
        self._there = there

    def send(self, request: Any, **options: Any) -> Any:
        assert request.url.startswith(f"https://{VAULT}/"), "the token goes nowhere else"
        request.headers["Host"] = VAULT
        request.url = request.url.replace(f"https://{VAULT}", self._there, 1)
        return super().send(request, **options)


def _memory() -> Iterator[Secrets]:
    yield MemorySecrets(KEPT)


def _aws() -> Iterator[Secrets]:
    with mock_aws():
        client = boto3.client("secretsmanager", "eu-central-1", aws_access_key_id="t", aws_secret_access_key="t")
        for name, value in KEPT.items():
            client.create_secret(Name=f"syndic/alerting/{name}", SecretString=value)
        client.create_secret(Name="payroll", SecretString=CANARY)
        yield SecretsManager(client)


def _azure() -> Iterator[Secrets]:
    with local_server(vault) as there:
        yield KeyVaultSecrets(Identity(), f"https://{VAULT}", transport=Led(there))


STORES: dict[str, Callable[[], Iterator[Secrets]]] = {"memory": _memory, "aws": _aws, "azure": _azure}


@pytest.fixture(params=STORES)
def secrets(request: pytest.FixtureRequest) -> Iterator[Secrets]:
    yield from STORES[request.param]()


def test_a_name_gives_its_text(secrets: Secrets) -> None:
    assert {name: secrets.read(name) for name in KEPT} == KEPT


@pytest.mark.parametrize("name", ["nobody", "payroll", "on-call-2"])
def test_what_is_not_there_is_said_by_its_name_alone(secrets: Secrets, name: str) -> None:
    with pytest.raises(InvalidInputError, match=name) as caught:
        secrets.read(name)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("name", ["../payroll", "on-call/1", "on-call?x=1", "on call", ""])
def test_no_name_leads_elsewhere(secrets: Secrets, name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        secrets.read(name)
    assert CANARY not in str(caught.value)
