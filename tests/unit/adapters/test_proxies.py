"""The command line behind a proxy: it goes through the one that is named, and never for this machine."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator

import pytest
import urllib3

from syndic.adapters.internet.api_client import ApiClient
from syndic.adapters.internet.proxies import pool_for
from syndic.errors import InvalidInputError, UnavailableError

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that notes what is asked of it and refuses it."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(4096))
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


@pytest.mark.enable_socket
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_asked_with_its_password_and_named_when_it_refuses(
    name: str, proxy: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, asked = proxy
    monkeypatch.setenv(name, f"http://pia:p%40ss@127.0.0.1:{port}")
    client = ApiClient("https://syndic.example.org", token="t", timeout=urllib3.Timeout(5))
    with pytest.raises(UnavailableError, match="through the proxy that HTTPS_PROXY names"):
        client.send("POST", "/models", {})
    assert asked[0].startswith(b"CONNECT syndic.example.org:443 ")
    assert base64.b64encode(b"pia:p@ss") in asked[0]
    assert b"Bearer" not in asked[0], "the proxy is not told who asks"


@pytest.mark.parametrize(
    ("address", "environment", "through"),
    [
        ("https://syndic.example.org", {}, False),
        ("https://syndic.example.org", {"HTTPS_PROXY": "proxy.example.org:3128"}, True),
        ("https://syndic.example.org", {"HTTP_PROXY": "http://proxy.example.org:3128"}, False),
        ("https://syndic.example.org", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org"}, False),
        ("https://syndic.example.org", {"HTTPS_PROXY": ""}, False),
        ("http://localhost:8350", {"HTTP_PROXY": "http://p:1"}, False),
        ("http://127.0.0.1:8350", {"ALL_PROXY": "http://p:1"}, False),
    ],
)
def test_which_addresses_go_through_it(
    address: str, environment: dict[str, str], through: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert isinstance(pool_for(address), urllib3.ProxyManager) is through


def test_another_kind_of_proxy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5h://127.0.0.1:9050")
    with pytest.raises(InvalidInputError, match="HTTPS_PROXY: only proxies by http are taken, not socks5h"):
        ApiClient("https://syndic.example.org", token=None)
