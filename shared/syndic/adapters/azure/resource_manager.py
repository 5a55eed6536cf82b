"""Azure's control plane over plain REST, as one identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from azure.core import PipelineClient
from azure.core.exceptions import ResourceNotFoundError, map_error
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.pipeline.transport import HttpTransport

PUBLIC: Final = "https://management.azure.com"
_PAGES: Final = 1000
# Shorter than the function's time limit: a silent control plane is an error that is said, not a timeout.
_TIMES: Final[dict[str, Any]] = {"connection_timeout": 3, "read_timeout": 20}
_PORTS: Final = {"https": 443, "http": 80}
_ERRORS: Final[Any] = {404: ResourceNotFoundError}


class ResourceManager:
    """Asks the control plane at an address. Raises `AzureError`, and `ValueError` for a list that leads elsewhere.

    Args:
        credential: The identity that signs in; None: nobody, for what carries its own.
        address: The control plane, another one in sovereign clouds.
        api_version: That of the resources that are asked for.
        transport: What carries the requests.
    """

    def __init__(
        self,
        credential: TokenCredential | None,
        *,
        address: str,
        api_version: str,
        transport: HttpTransport[Any, Any] | None = None,
    ) -> None:
        self._address, self._asked = address.rstrip("/"), {"api-version": api_version}
        # Only a control plane on this machine, the demonstration's, is spoken to without TLS.
        local = self._address.startswith("http://127.0.0.1:")
        self._local = {"enforce_https": False} if local and credential is not None else {}
        policies: list[Any] = [UserAgentPolicy("syndic"), RetryPolicy(retry_total=3, retry_backoff_factor=0.5)]
        if credential is not None:
            audience = PUBLIC if local else self._address  # each cloud takes only tokens made for it
            policies.append(BearerTokenCredentialPolicy(credential, f"{audience}/.default"))
        self._client: PipelineClient[Any, Any] = PipelineClient(
            self._address, policies=policies, transport=transport, **_TIMES
        )

    def get(self, path: str, **asked: str) -> Any:
        """A resource by its path."""
        return self._ask(HttpRequest("GET", f"{self._address}{path}", params={**self._asked, **asked}))

    def list(self, path: str, **asked: str) -> Iterator[Any]:
        """The resources of a list, page by page."""
        page = self.get(path, **asked)
        for _ in range(_PAGES):
            yield from page["value"]
            following = page.get("nextLink")
            if not following:
                return
            if _server(following) != _server(self._address):  # the identity's token goes nowhere else
                raise ValueError(f"the next page is at another address: {following[:100]}")
            page = self._ask(HttpRequest("GET", following))
        raise ValueError(f"the list of {path} has over {_PAGES} pages")

    def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Replace a resource."""
        self._ask(HttpRequest("PUT", f"{self._address}{path}", params=self._asked, json=dict(body)))

    def _ask(self, request: HttpRequest) -> Any:
        answer = self._client.send_request(request, **self._local)
        if answer.status_code >= 400:
            map_error(status_code=answer.status_code, response=answer, error_map=_ERRORS)
        answer.raise_for_status()
        return answer.json()


def _server(address: str) -> tuple[str, str | None, int | None]:
    """What an address names before its path. The control plane writes its own with the port, ours is without."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
