"""Keys of issuers are asked for on public addresses only, seldom, and within limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from syndic.adapters.issuer_keys import ASKED_ANEW, KEPT, MOST_KEYS, HttpsIssuerKeys, fetch, read_keys
from syndic.errors import UnavailableError

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "::ffff:169.254.169.254", "::ffff:8.8.8.8",
     "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "ff02::1", "nonsense"],
)  # fmt: skip
def test_no_address_that_is_not_public_is_asked(address: str) -> None:
    with pytest.raises(UnavailableError, match="public internet"):
        fetch("https://issuer.example.org/keys", names=lambda _: ["93.184.216.34", address])


@pytest.mark.parametrize(
    "url",
    ["http://issuer.example.org/", "https://issuer.example.org:8443/", "https://a@issuer.example.org/", "https:///x",
     "file:///etc/passwd"],
)  # fmt: skip
def test_no_other_way_is_gone(url: str) -> None:
    with pytest.raises(UnavailableError, match="443"):
        fetch(url, names=lambda _: ["93.184.216.34"])


def test_an_issuer_is_asked_seldom_whatever_ids_are_invented() -> None:
    asked: list[str] = []
    moment = [NOW]

    def get(address: str) -> bytes:
        asked.append(address)
        return json.dumps({"keys": [{"kid": "k1"}]}).encode()

    keys = HttpsIssuerKeys(get=get, clock=lambda: moment[0])
    assert keys.get("https://a", key_id="k1")
    assert [keys.get("https://a", key_id=f"invented-{number}") for number in range(50)] == [[]] * 50
    assert len(asked) == 1
    moment[0] += ASKED_ANEW
    keys.get("https://a", key_id="invented")
    assert len(asked) == 2
    moment[0] += KEPT - timedelta(seconds=1)
    keys.get("https://a", key_id="k1")
    assert len(asked) == 2


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": [1]}', b"\xff", b"[" * 9999])
def test_what_is_no_key_set_is_said(body: bytes) -> None:
    with pytest.raises(UnavailableError):
        read_keys(body)
    with pytest.raises(UnavailableError):
        read_keys(json.dumps({"keys": [{}] * (MOST_KEYS + 1)}).encode())
