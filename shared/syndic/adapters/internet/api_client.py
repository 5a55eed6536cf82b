"""Calls to the deployed API. What goes wrong is one sentence; the token is in none of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import urllib3

from syndic.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    SyndicError,
    TooLargeError,
    UnavailableError,
)

PREFIX: Final = "/api/v1"
MACHINE: Final = "/api/machine/v1"
"""Where the API takes keys of programs, and nothing else."""
KEY: Final = "syn_"
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
TIMEOUT: Final = urllib3.Timeout(connect=5.0, read=35.0)  # the API itself gives up after 30 seconds
# Only reading is tried again: whether a write that got no answer was made is not known.
RETRIES: Final = urllib3.Retry(
    total=3,
    backoff_factor=0.3,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=frozenset({"GET"}),
    raise_on_status=False,
    redirect=False,
    respect_retry_after_header=False,
)
ERRORS: Final[Mapping[int, type[SyndicError]]] = {
    HTTPStatus.BAD_REQUEST: InvalidInputError,
    HTTPStatus.FORBIDDEN: NotAllowedError,
    HTTPStatus.NOT_FOUND: NotFoundError,
    HTTPStatus.METHOD_NOT_ALLOWED: InvalidInputError,
    HTTPStatus.CONFLICT: ConflictError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLargeError,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: InvalidInputError,
    HTTPStatus.UNPROCESSABLE_ENTITY: InvalidInputError,
}


class RefusedError(ConflictError):
    """A 409 that lists what stands in the way, such as unmet conditions. `names` are theirs."""

    def __init__(self, detail: str, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(detail)


class ApiClient:
    """The API at an address, as the person whose ID token is given.

    Args:
        address: Such as ``https://abc.execute-api.eu-central-1.amazonaws.com/prod``, with or without ``/api/v1``.
        token: ID token or key; None sends none.
        timeout: Of a call.
        where: What named the address, for errors.
        renew: What to do about a token that is wrong, for errors.

    Raises:
        InvalidInputError: The address is none, or would send the token unencrypted; the token is not one line.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None,
        timeout: urllib3.Timeout = TIMEOUT,
        where: str = "--api",
        renew: str = "set SYNDIC_TOKEN to a fresh ID token",
    ) -> None:
        self._renew = renew
        parts = urlsplit(address.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
            raise InvalidInputError("expected an address such as https://syndic.example.org", where=where)
        if parts.scheme == "http" and parts.hostname not in LOCAL:
            raise InvalidInputError("only https, or the token could be read on the way", where=where)
        if token is not None and not all("!" <= sign <= "~" for sign in token):
            raise InvalidInputError("must be one line of visible ASCII", where="token")
        self._base = address.strip().rstrip("/").removesuffix(PREFIX)
        self._base += MACHINE if token is not None and token.startswith(KEY) else PREFIX
        self._host = parts.netloc
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._signed_in = token is not None
        self._pool = urllib3.PoolManager(timeout=timeout, retries=RETRIES, headers=headers)

    def get(self, path: str, **query: object) -> Any:
        """Read; parameters that are None are left out."""
        given = urlencode({name: str(value) for name, value in query.items() if value is not None})
        return self._call("GET", path + (f"?{given}" if given else ""), None)

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Write: POST, PUT, PATCH or DELETE with a JSON body."""
        # As UTF-8, not escaped: what is not Latin would take two or three times the bytes, of which a body has few.
        text = json.dumps(body, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        return self._call(method, path, text.encode("utf-8", "surrogatepass"))

    def _call(self, method: str, path: str, body: bytes | None) -> Any:
        headers = {**self._pool.headers} | ({"Content-Type": "application/json"} if body is not None else {})
        try:
            answer = self._pool.request(method, self._base + path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"{self._host} {_why(error)}") from error
        content = _json(answer.data)
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES and content is not None:
            return content
        raise self._error(answer.status, content if isinstance(content, dict) else {})

    def _error(self, status: int, problem: dict[str, Any]) -> SyndicError:
        said = str(problem.get("detail") or problem.get("message") or "")
        if status == HTTPStatus.UNAUTHORIZED:
            given = "the token is wrong or has expired" if self._signed_in else "no token was given"
            return NotAllowedError(f"{self._host} does not know you: {given}; {self._renew}")
        if status not in ERRORS or not said:
            words = f": {said}" if said else ", not as Syndic's API does; is the address right?"
            return UnavailableError(f"{self._host} answered {status}{words}")
        found = [error for error in problem.get("errors") or () if isinstance(error, dict)]
        if status == HTTPStatus.CONFLICT and found:
            return RefusedError(said, tuple(str(error.get("where")) for error in found))
        fields = "; ".join(f"{error.get('where')}: {error.get('problem')}" for error in found)
        return ERRORS[status](f"{said.rstrip('.')}: {fields}" if fields else said)


def _why(error: urllib3.exceptions.HTTPError) -> str:
    cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) else error
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return "is not a known host"
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return "cannot be reached"
    if isinstance(cause, urllib3.exceptions.TimeoutError):
        return "did not answer in time"
    if isinstance(cause, urllib3.exceptions.SSLError):
        return "has no certificate that can be trusted"
    return f"did not answer ({type(cause).__name__})"


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
