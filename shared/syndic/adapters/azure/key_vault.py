"""`Secrets` on Azure Key Vault, over its REST interface, as the app's identity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest

from syndic.errors import InvalidInputError, NotSentError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.pipeline.transport import HttpTransport

AUDIENCE: Final = "https://vault.azure.net/.default"
API: Final = "7.4"
NAME: Final = re.compile(r"[0-9A-Za-z-]{1,127}")
_HOST: Final = re.compile(r"[a-z][a-z0-9-]{1,22}[a-z0-9]\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)")
# Less than a prediction may take: a silent vault is an error that is said.
_TIMES: Final[dict[str, Any]] = {"connection_timeout": 3, "read_timeout": 5}


class KeyVaultSecrets:
    """Reads secrets of one vault.

    Args:
        credential: The identity that signs in.
        address: The vault's, such as ``https://syndic.vault.azure.net``. The identity's token goes nowhere else.
        transport: What carries the requests.

    Raises:
        InvalidInputError: The address is none of a vault.
    """

    def __init__(
        self, credential: TokenCredential, address: str, *, transport: HttpTransport[Any, Any] | None = None
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc) or parts.path.strip("/"):
            raise InvalidInputError("expected an address such as https://name.vault.azure.net", where="key_vault")
        self._address = address.rstrip("/")
        policies: list[Any] = [
            UserAgentPolicy("syndic"), RetryPolicy(retry_total=1, retry_backoff_factor=0.2),
            BearerTokenCredentialPolicy(credential, AUDIENCE),
        ]  # fmt: skip
        self._client: PipelineClient[Any, Any] = PipelineClient(
            self._address, policies=policies, transport=transport, **_TIMES
        )

    def read(self, name: str) -> str:
        """The secret. Raises `InvalidInputError` when there is none, `NotSentError` when the vault does not say."""
        where = f"secret {name[:127]}"
        if not NAME.fullmatch(name):
            raise InvalidInputError("a name in a key vault has letters, digits and hyphens", where=where)
        request = HttpRequest("GET", f"{self._address}/secrets/{name}", params={"api-version": API})
        try:
            answer = self._client.send_request(request)
        except AzureError as error:
            raise NotSentError(f"{where} cannot be read: {type(error).__name__}") from None
        if answer.status_code == 404:
            raise InvalidInputError("there is no such secret in the key vault", where=where)
        if answer.status_code != 200:
            raise NotSentError(f"{where} cannot be read: the vault answered with status {answer.status_code}")
        value = answer.json().get("value")
        if not isinstance(value, str):
            raise InvalidInputError("is empty, and has to be text", where=where)
        return value
