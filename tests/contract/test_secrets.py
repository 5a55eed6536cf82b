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
from syndic.adapters.azure.key_vault import CHANNELS
from syndic.adapters.memory import MemorySecrets
from syndic.errors import InvalidInputError, NotSentError
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
    name = asked.path.removeprefix("/secrets/").removeprefix("syndic-alerting-")
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
        meant, request.url = request.url, request.url.replace(f"https://{VAULT}", self._there, 1)
        try:
            return super().send(request, **options)
        finally:
            request.url = meant  # it may be sent again


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


def _channels() -> Iterator[Secrets]:
    with local_server(vault) as there:
        yield KeyVaultSecrets(Identity(), f"https://{VAULT}", below=CHANNELS, transport=Led(there))


STORES: dict[str, Callable[[], Iterator[Secrets]]] = {
    "memory": _memory,
    "aws": _aws,
    "azure": _azure,
    "azure channels": _channels,
}


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


CHALLENGE = 'Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"'
Reply = tuple[int, Mapping[str, str], bytes]
ANSWERS: dict[str, tuple[Reply, int, float | None]] = {
    "challenged": ((401, {"WWW-Authenticate": CHALLENGE}, b"{}"), 1, None),
    "no role": ((403, {}, b'{"error": {"code": "Forbidden", "innererror": {"code": "ForbiddenByRbac"}}}'), 1, None),
    "forbidden and told to wait": ((403, {"Retry-After": "3600"}, b"{}"), 1, 3600.0),
    "busy for long": ((429, {"Retry-After": "3600"}, b"{}"), 1, 3600.0),
    "busy for a moment": ((429, {"Retry-After": "0"}, b"{}"), 2, 0.0),
    "broken": ((503, {}, b"<html>"), 2, None),
    "no JSON": ((200, {}, b"<html>"), 1, None),
    "another JSON": ((200, {}, b"[]"), 1, None),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_vault_that_does_not_answer_is_waited_for_a_moment_and_no_longer(case: str) -> None:
    """What it asked for is handed on: whoever sends then leaves the receiver alone for so long."""
    answer, tries, after = ANSWERS[case]
    heard: list[Mapping[str, str]] = []

    def reply(_method: str, _path: str, headers: Mapping[str, str], _body: bytes) -> Reply:
        heard.append(headers)
        return answer

    with local_server(reply) as there:
        secrets = KeyVaultSecrets(Identity(), f"https://{VAULT}", below=CHANNELS, transport=Led(there))
        with pytest.raises(NotSentError, match="secret syndic-alerting-on-call") as caught:
            secrets.read("on-call")
    assert (len(heard), caught.value.after) == (tries, after)
    assert {one["authorization"] for one in heard} == {"Bearer token-of-the-app"}


def test_a_vault_that_recovers_within_a_moment_gives_the_secret() -> None:
    answers = [(429, {"Retry-After": "1"}, b"{}"), (200, {}, json.dumps({"value": CANARY}).encode())]
    with local_server(lambda *_: answers.pop(0)) as there:
        secrets = KeyVaultSecrets(Identity(), f"https://{VAULT}", transport=Led(there))
        assert secrets.read("on-call") == CANARY


@pytest.mark.parametrize("cloud", ["azure.net", "azure.cn", "usgovcloudapi.net"])
def test_the_token_is_for_the_vaults_own_cloud(cloud: str) -> None:
    asked: list[str] = []

    class Signed:
        def get_token(self, *scopes: str, **_: Any) -> AccessToken:
            asked.extend(scopes)
            return AccessToken("token-of-the-app", 9_999_999_999)

    class There(RequestsTransport):
        def send(self, request: Any, **options: Any) -> Any:
            request.url = request.url.replace(f"https://syndic.vault.{cloud}", there, 1)
            return super().send(request, **options)

    with local_server(lambda *_: (200, {}, b'{"value": "word"}')) as there:
        assert KeyVaultSecrets(Signed(), f"https://syndic.vault.{cloud}", transport=There()).read("a") == "word"
    assert asked == [f"https://vault.{cloud}/.default"]
