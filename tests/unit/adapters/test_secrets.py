"""Secrets are read below one path, and what is wrong with one is said without it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from syndic.adapters.aws.secrets import BACKENDS, SecretsManager
from syndic.errors import InvalidInputError, NotSentError


class Client:
    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, []

    def get_secret_value(self, *, SecretId: str) -> Any:  # noqa: N803
        self.asked.append(SecretId)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "canary-7"}}, "GetSecretValue")


def test_a_secret_is_read_below_the_path() -> None:
    client = Client({"SecretString": "word"})
    assert SecretsManager(client).read("on-call") == "word"
    assert client.asked == ["syndic/alerting/on-call"]


def test_the_gateways_secrets_lie_apart_from_those_of_receivers() -> None:
    client = Client({"SecretString": "word"})
    assert SecretsManager(client, below=BACKENDS).read("on-call") == "word"
    assert client.asked == ["syndic/gateway/on-call"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refused("ResourceNotFoundException"), InvalidInputError),
        (refused("InvalidRequestException"), InvalidInputError),
        (refused("AccessDeniedException"), NotSentError),
        (refused("ThrottlingException"), NotSentError),
        (EndpointConnectionError(endpoint_url="https://x"), NotSentError),
        ({"SecretBinary": b"canary-7"}, InvalidInputError),
    ],
)
def test_trouble_names_the_secret_and_does_not_show_it(answer: Any, expected: type[Exception]) -> None:
    with pytest.raises(expected, match="syndic/alerting/on-call") as caught:
        SecretsManager(Client(answer)).read("on-call")
    assert "canary" not in str(caught.value)
