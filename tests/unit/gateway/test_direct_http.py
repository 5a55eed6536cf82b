"""Hosts of the deployment's own network, asked directly: what a service may do to whoever asks it, and who is asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from syndic.adapters.inference.http import LONGEST, HttpBackends
from syndic.errors import InvalidInputError, UnavailableError

pytestmark = pytest.mark.enable_socket

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WAIT = 0.4  # seconds that are given to a service


@contextmanager
def service(answer: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[str, HttpBackends]]:
    """A service on a free port whose answers are bytes of one's own, and what asks it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(caller,), daemon=True).start()

        def one(caller: socket.socket) -> None:
            with caller:
                try:
                    while asked := caller.recv(65_536):
                        while not asked.endswith(b"[1]"):  # head and body may come apart
                            asked += caller.recv(65_536)
                        answer(caller, asked)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        host = f"127.0.0.1:{server.getsockname()[1]}"
        yield f"http://{host}/invocations", HttpBackends(hosts=[host], public=None)


def slow_body(caller: socket.socket, _: bytes) -> None:
    caller.sendall(OK + b"Content-Length: 100\r\n\r\n")
    for _place in range(100):
        caller.sendall(b" ")
        time.sleep(WAIT / 4)


def slow_head(caller: socket.socket, _: bytes) -> None:
    for byte in OK:
        caller.sendall(bytes([byte]))
        time.sleep(WAIT / 4)


@pytest.mark.parametrize("answer", [slow_body, slow_head])
def test_a_service_that_gives_a_byte_now_and_then_is_waited_for_no_longer_than_any(answer: Any) -> None:
    with service(answer) as (url, http):
        began = time.monotonic()
        with pytest.raises(UnavailableError, match="no whole answer"):
            http.post_json(url, [1], timeout=WAIT, secret=None)

        assert time.monotonic() - began < 10 * WAIT  # of the 25 times and more that the service would take


def test_of_an_answer_without_end_no_more_is_read_than_shows_it() -> None:
    sent = [0]

    def giant(caller: socket.socket, _: bytes) -> None:
        caller.sendall(OK + b"Content-Length: 400000000\r\n\r\n")
        for _place in range(400):
            caller.sendall(b" " * 1_000_000)
            sent[0] += 1_000_000

    with service(giant) as (url, http):
        with pytest.raises(UnavailableError, match=f"more than {LONGEST} bytes"):
            http.post_json(url, [1], timeout=30, secret=None)

        assert sent[0] < 100_000_000


def test_a_connection_is_kept_and_a_limit_of_one_request_is_none_of_the_next() -> None:
    callers: set[int] = set()

    def answer(caller: socket.socket, _: bytes) -> None:
        callers.add(id(caller))
        caller.sendall(OK + b"Content-Length: 5\r\n\r\n[0.5]")

    with service(answer) as (url, http):
        for _ in range(5):
            assert http.post_json(url, [1], timeout=WAIT, secret=None)[0] == [0.5]
            time.sleep(WAIT / 3)

    assert len(callers) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_was_changed_counts_after_one_refusal(status: int) -> None:
    class Secrets:
        tokens = iter(["old", "new", "newer"])

        def read(self, _name: str) -> str:
            return next(self.tokens)

    def answer(caller: socket.socket, asked: bytes) -> None:
        known = b"Bearer new\r\n" in asked
        caller.sendall(
            OK + b"Content-Length: 5\r\n\r\n[0.5]" if known else b"HTTP/1.1 %d no\r\nContent-Length: 0\r\n\r\n" % status
        )

    with service(answer) as (url, http):
        http._secrets = Secrets()
        with pytest.raises(UnavailableError, match=f"status {status}"):
            http.post_json(url, [1], timeout=5, secret="one")

        assert [http.post_json(url, [1], timeout=5, secret="one")[0] for _ in range(2)] == [[0.5], [0.5]]


@pytest.mark.parametrize("address", [
    "http://169.254.169.254\\@models.internal/", "http://models.internal@169.254.169.254/",
    "http://169.254.169.254#@models.internal/", "http://169.254.169.254?@models.internal/",
    "http://a:b@models.internal/", "http://169.254.169.254%5c@models.internal/", "http://models.internal\t.evil.example/",
    "http://[::1]@models.internal/", "http://models.internal:99999/", "http://models.internal:x/", "http://[::1/",
    "ftp://models.internal/", "//models.internal/", "http://2852039166/", "http://[::ffff:169.254.169.254]/",
])  # fmt: skip
def test_what_two_parsers_read_differently_or_nobody_named_is_not_asked(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: Any, **__: Any) -> Any:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket, "getaddrinfo", connect)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(InvalidInputError):
        HttpBackends(hosts=["models.internal"], public=None).post_json(address, [1], timeout=1, secret=None)
