"""`Secrets` on AWS Secrets Manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of
from syndic.errors import InvalidInputError, NotSentError

PREFIX: Final = "syndic/alerting/"
"""Where secrets of receivers are: functions may read no others, and no receiver can name one outside."""

BACKENDS: Final = "syndic/gateway/"
"""Where secrets of the gateway's backends are, and the key of its pseudonyms."""

_GONE: Final = frozenset({"ResourceNotFoundException", "InvalidParameterException", "InvalidRequestException"})


class SecretsClient(Protocol):
    """What is used of boto3's client."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803 - the service's name
        """The secret's current version."""


class SecretsManager:
    """Reads the secrets below a path. Nothing is kept, so a changed secret counts at once."""

    def __init__(self, client: SecretsClient, *, below: str = PREFIX) -> None:
        self._client, self._below = client, below

    def read(self, name: str) -> str:
        """The secret. Raises `InvalidInputError` when there is none, `NotSentError` when the service does not say."""
        where = f"secret {self._below}{name}"
        try:
            answer = self._client.get_secret_value(SecretId=self._below + name)
        except ClientError as error:
            if code_of(error) in _GONE:
                raise InvalidInputError("there is no such secret in Secrets Manager", where=where) from None
            raise NotSentError(f"{where} cannot be read: {code_of(error)}") from None
        except BotoCoreError as error:
            raise NotSentError(f"{where} cannot be read: {type(error).__name__}") from None
        value = answer.get("SecretString")
        if not isinstance(value, str):
            raise InvalidInputError("is binary, and has to be text", where=where)
        return value
