"""Azure Resource Manager over HTTPS: one call, one answer, every refusal as one of Syndic's errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import urllib3

from functions.azure_stack.reasons import clean, codes, reason
from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    SyndicError,
    UnavailableError,
)

ADDRESS: Final = "https://management.azure.com"
TIMEOUT: Final = urllib3.Timeout(connect=5, read=40)
BUSY: Final = frozenset({408, 429, 500, 502, 503, 504})
REFUSED: Final[dict[int, type[SyndicError]]] = {
    401: NotAllowedError,
    403: NotAllowedError,
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
}
"""Any other answer of 400 and above is `InvalidInputError`: what was sent is wrong, and stays wrong."""
IN_PROGRESS: Final = frozenset(
    {"DeploymentActive", "DeploymentStackInNonTerminalState", "AnotherOperationInProgress", "OperationInProgress"}
)


class Arm:
    """The control plane.

    Args:
        token: Signs in and gives a bearer token. Asked again when one was refused.
        address: Of another cloud than the public one, or of a test's.
        pool: Opens connections.
    """

    def __init__(
        self, token: Callable[[], str], *, address: str = ADDRESS, pool: urllib3.PoolManager | None = None
    ) -> None:
        self._sign_in, self._address = token, address.rstrip("/")
        self._pool = pool or urllib3.PoolManager(cert_reqs="CERT_REQUIRED")
        self._token: str | None = None

    def get(self, path: str, *, version: str) -> dict[str, Any] | None:
        """What is there, or None.

        Raises:
            UnavailableError: No answer, or the answer "later".
            NotAllowedError: Signing in, or the call, was refused.
            InvalidInputError: The call itself is wrong.
        """
        try:
            return self._call("GET", path, version=version)
        except NotFoundError:
            return None

    def put(self, path: str, body: dict[str, Any], *, version: str) -> None:
        """Ask for something to be there. Raises as `get`, and `NotFoundError` for a group that is not there.

        Raises:
            UnavailableError: Also while another operation on it runs.
        """
        self._call("PUT", path, version=version, body=body)

    def delete(self, path: str, *, version: str, **query: str) -> None:
        """Ask for something to be gone; it may be already. Raises as `put`."""
        try:
            self._call("DELETE", path, version=version, query=query)
        except NotFoundError:
            return

    def _call(
        self,
        method: str,
        path: str,
        *,
        version: str,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        fields = {"api-version": version, **(query or {})}
        url = f"{self._address}{path}?" + "&".join(f"{name}={value}" for name, value in fields.items())
        what = f"{method} {path}"
        answer = self._send(method, url, body, what)
        if answer.status == 401:  # the token ran out: once more with a new one
            self._token = None
            answer = self._send(method, url, body, what)
        content = _content(answer.data)
        if answer.status < 400:
            return content if isinstance(content, dict) else {}
        raise refusal(answer.status, content, what)

    def _send(self, method: str, url: str, body: dict[str, Any] | None, what: str) -> urllib3.BaseHTTPResponse:
        if self._token is None:
            self._token = self._sign_in()
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        try:
            return self._pool.request(
                method, url, body=data, headers=headers, timeout=TIMEOUT, retries=False, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"{what}: no answer ({type(error).__name__})") from error


def refusal(status: int, content: object, what: str) -> SyndicError:
    """The error that an answer means."""
    said = f"{what}: {status}: {reason(content)}" if content else f"{what}: {status} without a reason"
    if status in BUSY or (status == 409 and codes(content) & IN_PROGRESS):
        return UnavailableError(said)
    return REFUSED.get(status, InvalidInputError)(said)


def _content(data: bytes) -> object:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return {"message": clean(data[:300].decode("utf-8", "replace"))}
