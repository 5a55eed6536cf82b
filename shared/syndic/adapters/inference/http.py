"""Asking a service over HTTP: the public internet under guard, or hosts that the deployment names."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3

from syndic.adapters.internet.https import PublicHttps, UnansweredError
from syndic.errors import InvalidInputError, NotSentError, UnavailableError
from syndic.ports import Secrets

LONGEST: Final = 6_000_000
"""Bytes of an answer."""

WHERE: Final = "backend.address"


class HttpBackends:
    """Posts to services.

    Args:
        hosts: ``host`` or ``host:port`` that are asked directly, over http too: the deployment's own network. Every
            other address has to be https and public.
        secrets: Where tokens are kept.
        public: The way to public addresses.
    """

    def __init__(
        self, *, hosts: Collection[str] = (), secrets: Secrets | None = None, public: PublicHttps | None
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._secrets, self._public = secrets, public
        self._tokens: dict[str, str] = {}
        self._pool = urllib3.PoolManager(maxsize=16, retries=False)

    def post_json(
        self, url: str, value: Any, *, timeout: float, secret: str | None, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, bytes, str]:
        """Post a value as JSON and give the answer's value, its bytes, and what they are.

        Raises:
            InvalidInputError: The address is refused, or there is no such secret.
            UnavailableError: No whole answer in time, a status that is none of success, or no JSON.
        """
        body = json.dumps(value, allow_nan=False, separators=(",", ":")).encode()
        sent = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
        if secret is not None:
            sent["Authorization"] = f"Bearer {self._token(secret)}"
        status, data, media = self._post(url, body, sent, timeout)
        if not 200 <= status < 300:
            raise UnavailableError(f"the backend answered with status {status}")
        try:
            return json.loads(data), data, media or "application/json"
        except (ValueError, RecursionError):  # brackets without end are no answer, and no end of the process
            raise UnavailableError("the backend answered with what is not JSON") from None

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> tuple[int, bytes, str | None]:
        try:
            parts = urlsplit(url)
            named = {str(parts.hostname).lower(), parts.netloc.rpartition("@")[2].lower()}
        except ValueError:
            raise InvalidInputError("not an address", where=WHERE) from None
        if parts.scheme in {"http", "https"} and self._hosts & named:
            return self._direct(url, body, headers, timeout)
        if self._public is None:
            raise InvalidInputError("the host is not among those that may be asked", where=WHERE)
        try:
            answer = self._public.post(url, body, headers, where=WHERE, answering=timeout, longest=LONGEST)
        except (UnansweredError, NotSentError) as error:
            raise UnavailableError(str(error)) from None
        return answer.status, answer.body, answer.headers.get("content-type")

    def _direct(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout: float
    ) -> tuple[int, bytes, str | None]:
        try:
            answer = self._pool.request(
                "POST", url, body=body, headers=dict(headers), timeout=urllib3.Timeout(total=timeout), redirect=False,
                retries=False, preload_content=False,
            )  # fmt: skip
            data = answer.read(LONGEST + 1)
            answer.drain_conn()
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise UnavailableError(f"the backend gave no whole answer ({type(error).__name__})") from None
        if len(data) > LONGEST:
            raise UnavailableError(f"the backend answered with more than {LONGEST} bytes")
        return answer.status, data, answer.headers.get("content-type")

    def _token(self, secret: str) -> str:
        if self._secrets is None:
            raise InvalidInputError("no secrets are kept here", where="backend.secret")
        if secret not in self._tokens:
            self._tokens[secret] = self._secrets.read(secret).strip()
        return self._tokens[secret]
