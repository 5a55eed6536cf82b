"""Posting to hosts of the deployment's own network: connections are kept, and the whole answer has a time limit."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from syndic.errors import UnavailableError


class _Asked(threading.local):
    """The connections that the request of this thread goes over."""

    connections: list[HTTPConnection] | None = None


_asked = _Asked()


class _NotedHttp(HTTPConnection):
    def request(self, *args: Any, **given: Any) -> None:
        _note(self)
        super().request(*args, **given)


class _NotedHttps(HTTPSConnection):
    def request(self, *args: Any, **given: Any) -> None:
        _note(self)
        super().request(*args, **given)


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _NotedHttp


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _NotedHttps


class DirectHttp:
    """Posts without redirects and without a second try.

    Args:
        longest: Bytes of an answer; of a longer one so many and one more are given.
    """

    def __init__(self, *, longest: int) -> None:
        self._longest = longest
        self._pool = urllib3.PoolManager(maxsize=16, retries=False)
        self._pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> tuple[int, bytes, str | None]:
        """Status, body and media type of the answer.

        Args:
            url: Where to; the caller has examined it.
            body: What to send.
            headers: Names and values.
            timeout: Seconds until the last byte has come.

        Raises:
            UnavailableError: No whole answer in time.
        """
        try:
            with _until(timeout):
                answer = self._pool.request(
                    "POST", url, body=body, headers=dict(headers), timeout=urllib3.Timeout(total=timeout),
                    redirect=False, retries=False, preload_content=False,
                )  # fmt: skip
                data = answer.read(self._longest + 1)
                if len(data) > self._longest:
                    answer.close()  # the rest is not read, so nothing else can come over this connection
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise UnavailableError(f"the backend gave no whole answer ({type(error).__name__})") from None
        return answer.status, data, answer.headers.get("content-type")


@contextmanager
def _until(seconds: float) -> Iterator[None]:
    """A service that gives a byte a second keeps every single read in time: after `seconds` its connection is cut."""
    used: list[HTTPConnection] = []
    lock, over = threading.Lock(), threading.Event()

    def cut() -> None:
        with lock:
            if over.is_set():
                return
            over.set()
            for one in used:
                if one.sock is not None:
                    with suppress(OSError):
                        one.sock.shutdown(SHUT_RDWR)

    _asked.connections = used
    alarm = threading.Timer(seconds, cut)
    alarm.daemon = True
    alarm.start()
    try:
        yield
        with lock:
            late = over.is_set()
            over.set()
        if late:
            raise UnavailableError("the backend gave no whole answer in time")
    finally:
        alarm.cancel()
        with lock:
            over.set()
        _asked.connections = None


def _note(connection: HTTPConnection) -> None:
    if _asked.connections is not None:
        _asked.connections.append(connection)
