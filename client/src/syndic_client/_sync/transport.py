# Made from ../_async by client/generate.py: change it there.
"""Sends requests, again where that is safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import httpx

from syndic_client.calls import Call, address_for, read
from syndic_client.errors import NoAnswerError, TimedOutError, error_of
from syndic_client.retries import Retries, retry_after_of

T = TypeVar("T")


class Transport:
    """One connection pool to one API, as one caller."""

    def __init__(
        self, address: str, credential: Callable[[], str], http: httpx.Client, retries: Retries, agent: str
    ) -> None:
        self._address, self._credential, self._http, self._retries = address, credential, http, retries
        self._agent = agent

    def ask(self, kind: type[T], call: Call) -> T:
        """Send a request and read its answer. Raises `ApiError`, `NoAnswerError`, `UnreadableAnswerError`."""
        response = self._answered(call)
        return read(kind, response.status_code, response.headers, response.content)

    def fetch(self, link: str) -> bytes:
        """The file behind a link that was handed out. It is not told who asks: the link itself is the permission."""
        try:
            response = self._http.get(link)
        except httpx.HTTPError as error:
            raise NoAnswerError(f"the file could not be fetched: {type(error).__name__}") from error
        if response.is_error:
            raise error_of(response.status_code, response.content)
        return response.content

    def send(self, link: str, data: bytes, headers: Mapping[str, str]) -> None:
        """Put a file behind a link that was handed out; as often as it takes, which changes nothing."""
        attempt = 0
        while True:
            attempt += 1
            response, failure = None, None
            try:
                response = self._http.put(link, content=data, headers=dict(headers))
            except httpx.TransportError as error:
                failure = error
            wait = self._retries.wait(attempt, None if response is None else response.status_code, None)
            if wait is not None:
                time.sleep(wait)
            elif response is None:
                raise NoAnswerError(f"the file could not be sent in {attempt} attempts") from failure
            elif response.is_error:
                raise error_of(response.status_code, response.content)
            else:
                return

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _answered(self, call: Call) -> httpx.Response:
        attempt = 0
        while True:
            attempt += 1
            response, failure = None, None
            try:
                response = self._sent(call)
            except httpx.TransportError as error:
                failure = error
            status = None if response is None else response.status_code
            asked = None if response is None else retry_after_of(response.headers)
            wait = self._retries.wait(attempt, status, asked)
            if wait is None and response is not None:
                return response
            if wait is None:
                kind = TimedOutError if isinstance(failure, httpx.TimeoutException) else NoAnswerError
                raise kind(f"{call.method} {call.path} got no answer in {attempt} attempts") from failure
            time.sleep(wait)

    def _sent(self, call: Call) -> httpx.Response:
        credential = self._credential()
        headers = {**call.headers(), "Accept": "application/json", "User-Agent": self._agent}
        if credential:  # who has none yet may sign in
            headers["Authorization"] = f"Bearer {credential}"
        address = self._address + address_for(call.path, credential)
        return self._http.request(
            call.method, address, params=call.parameters(), content=call.content(), headers=headers
        )
