"""`Secrets` on Azure Key Vault, over its REST interface, as the app's identity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest

from syndic.errors import InvalidInputError, NotSentError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.pipeline.transport import HttpTransport

API: Final = "7.4"
CHANNELS: Final = "syndic-alerting-"
"""How the names of receivers' secrets begin: no receiver can name another one."""
NAME: Final = re.compile(r"[0-9A-Za-z-]{1,127}")
_HOST: Final = re.compile(r"[a-z][a-z0-9-]{1,22}[a-z0-9]\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)")
_PATIENCE: Final = 2.0
"""Seconds that a busy vault is waited for. Whoever asks has less time than a vault may ask for."""
# Less than a prediction may take: a silent vault is an error that is said.
_TIMES: Final[dict[str, Any]] = {"connection_timeout": 3, "read_timeout": 5}


class _OnceMore(RetryPolicy[Any, Any]):
    """Tries once more what failed in passing, but waits for no long: the library's own waits as long as it is told."""

    def __init__(self) -> None:
        super().__init__(retry_total=1, retry_backoff_factor=0.2)

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """Whether another try may help soon enough."""
        status = response.http_response.status_code
        if status not in {408, 429} and status < 500:
            return False
        return (self.get_retry_after(response) or 0) <= _PATIENCE and super().is_retry(settings, response)


class KeyVaultSecrets:
    """Reads secrets of one vault.

    Args:
        credential: The identity that signs in.
        address: The vault's, such as ``https://syndic.vault.azure.net``. The identity's token goes nowhere else.
        below: How the names of the secrets begin that may be read; names are given without it.
        transport: What carries the requests.

    Raises:
        InvalidInputError: The address is none of a vault.
    """

    def __init__(
        self,
        credential: TokenCredential,
        address: str,
        *,
        below: str = "",
        transport: HttpTransport[Any, Any] | None = None,
    ) -> None:
        parts = urlsplit(address)
        host = _HOST.fullmatch(parts.netloc)
        if parts.scheme != "https" or host is None or parts.path.strip("/"):
            raise InvalidInputError("expected an address such as https://name.vault.azure.net", where="key_vault")
        self._address, self._below = address.rstrip("/"), below
        policies: list[Any] = [
            UserAgentPolicy("syndic"), _OnceMore(),
            BearerTokenCredentialPolicy(credential, f"https://vault.{host[1]}/.default"),  # each cloud has its own
        ]  # fmt: skip
        self._client: PipelineClient[Any, Any] = PipelineClient(
            self._address, policies=policies, transport=transport, **_TIMES
        )

    def read(self, name: str) -> str:
        """The secret. Raises `InvalidInputError` when there is none, `NotSentError` when the vault does not say."""
        whole = self._below + name
        where = f"secret {whole[:127]}"
        if not name or not NAME.fullmatch(whole):
            raise InvalidInputError("a name in a key vault has letters, digits and hyphens", where=where)
        request = HttpRequest("GET", f"{self._address}/secrets/{whole}", params={"api-version": API})
        try:
            answer = self._client.send_request(request)
        except AzureError as error:
            raise NotSentError(f"{where} cannot be read: {type(error).__name__}") from None
        if answer.status_code == 404:
            raise InvalidInputError("there is no such secret in the key vault", where=where)
        if answer.status_code != 200:
            said = f"{where} cannot be read: the vault answered with status {answer.status_code}"
            raise NotSentError(said, after=_asked(answer.headers.get("Retry-After")))
        try:
            value = answer.json().get("value")
        except (ValueError, AttributeError):
            raise NotSentError(f"{where} cannot be read: the answer is no object of JSON") from None
        if not isinstance(value, str):
            raise InvalidInputError("is empty, and has to be text", where=where)
        return value


def _asked(text: str | None) -> float | None:
    """The seconds for which a vault asks to be left alone. Key Vault names seconds, never a date."""
    return float(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 7 else None
