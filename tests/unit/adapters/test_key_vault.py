"""Secrets of a key vault: read by name as the app's identity, whose token goes to the vault only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ServiceRequestError

from syndic.adapters.azure import KeyVaultSecrets
from syndic.errors import InvalidInputError, NotSentError
from tests.unit.adapters.test_machine_learning import Answer, Wire


class Identity:
    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        assert scopes == ("https://vault.azure.net/.default",)
        return AccessToken("secret", 9_999_999_999)


class Vault(Wire):
    """Answers every request with one answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__({})
        self.answer = (status, body)

    def send(self, request: Any, **_: Any) -> Answer:
        self.sent.append(request.url)
        assert request.headers["Authorization"] == "Bearer secret"
        status, body = self.answer
        if isinstance(body, Exception):
            raise body
        return Answer(request, status, json.dumps(body).encode())


def vault(wire: Vault) -> KeyVaultSecrets:
    return KeyVaultSecrets(Identity(), "https://syndic.vault.azure.net/", transport=wire)


def test_a_secret_is_read_as_the_apps_identity() -> None:
    wire = Vault(200, {"value": "word"})
    assert vault(wire).read("syndic-api-key") == "word"
    assert wire.sent == ["https://syndic.vault.azure.net/secrets/syndic-api-key?api-version=7.4"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((404, {"error": {"message": "canary-7"}}), InvalidInputError),
        ((403, {"error": {"message": "canary-7"}}), NotSentError),
        ((200, {"value": None}), InvalidInputError),
        ((0, ServiceRequestError("canary-7")), NotSentError),
    ],
)
def test_trouble_names_the_secret_and_does_not_show_it(answer: Any, expected: type[Exception]) -> None:
    with pytest.raises(expected, match="secret token") as caught:
        vault(Vault(*answer)).read("token")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "../keys/x", "a/b", "a?b", "x" * 128])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="letters, digits and hyphens"):
        vault(Vault(200, {"value": "word"})).read(name)


@pytest.mark.parametrize(
    "address",
    [
        "http://a.vault.azure.net",
        "https://vault.azure.net.example.org",
        "https://evil.org",
        "https://a.vault.azure.net/x",
    ],
)
def test_the_identitys_token_goes_to_no_other_address(address: str) -> None:
    with pytest.raises(InvalidInputError, match="key_vault"):
        KeyVaultSecrets(Identity(), address)
