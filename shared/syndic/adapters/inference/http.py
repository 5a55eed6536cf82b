"""Asking a service over HTTP: the public internet under guard, or hosts that the deployment names."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from syndic.adapters.inference.direct_http import DirectHttp
from syndic.adapters.internet.https import PublicHttps, UnansweredError
from syndic.errors import InvalidInputError, NotSentError, UnavailableError
from syndic.ports import Secrets

LONGEST: Final = 6_000_000
"""Bytes of an answer."""

WHERE: Final = "backend.address"
REFUSED: Final = (401, 403)


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
        self._direct = DirectHttp(longest=LONGEST)

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
        if status in REFUSED and secret is not None:
            self._tokens.pop(secret, None)  # it may have been changed: the next request reads it again
        if len(data) > LONGEST:
            raise UnavailableError(f"the backend answered with more than {LONGEST} bytes")
        if not 200 <= status < 300:
            raise UnavailableError(f"the backend answered with status {status}")
        try:
            return json.loads(data), data, media or "application/json"
        except (ValueError, RecursionError):  # brackets without end are no answer, and no end of the process
            raise UnavailableError("the backend answered with what is not JSON") from None

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> tuple[int, bytes, str | None]:
        if self._hosts & _named(url):
            return self._direct.post(url, body, headers, timeout)
        if self._public is None:
            raise InvalidInputError("the host is not among those that may be asked", where=WHERE)
        try:
            answer = self._public.post(url, body, headers, where=WHERE, answering=timeout, longest=LONGEST + 1)
        except (UnansweredError, NotSentError) as error:
            raise UnavailableError(str(error)) from None
        return answer.status, answer.body, answer.headers.get("content-type")

    def _token(self, secret: str) -> str:
        if self._secrets is None:
            raise InvalidInputError("no secrets are kept here", where="backend.secret")
        if secret not in self._tokens:
            self._tokens[secret] = self._secrets.read(secret).strip()
        return self._tokens[secret]


def _named(url: str) -> frozenset[str]:
    r"""The host of an address, without and with its port; none where two parsers read different hosts.

    What is examined has to be what is connected to: of ``http://a\@b/`` one parser takes ``a`` for the host, another
    ``b``.
    """
    try:
        parts, asked = urlsplit(url), parse_url(url)
        host = str(parts.hostname).lower()
        if parts.scheme not in {"http", "https"} or (asked.host or "").strip("[]").lower() != host:
            raise InvalidInputError("not an address", where=WHERE)
        if asked.auth is not None or "@" in parts.netloc or "\\" in url or not url.isprintable():
            raise InvalidInputError("has to be without user and backslash", where=WHERE)
        return frozenset({host, parts.netloc.lower()}) if parts.port == asked.port else frozenset()
    except (ValueError, LocationParseError):
        raise InvalidInputError("not an address", where=WHERE) from None
