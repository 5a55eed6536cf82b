"""Addresses to which nothing is ever connected, counted by a listener; and what is resolved once stays."""

from __future__ import annotations

import ipaddress

import pytest

from syndic.adapters.internet.addresses import is_public, read_address
from syndic.adapters.internet.https import PublicHttps
from syndic.errors import InvalidInputError
from tests.unit.channels.listening import Reply, Server

_NUMBERS = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 017700000001 127.0.0.1. 0 0.0.0.0
169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 169.254.170.2 169.254.169.253 168.63.129.16
100.100.100.200 192.0.0.192 10.0.0.1 10.1 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 100.64.0.1 198.18.0.1
224.0.0.1 255.255.255.255 240.0.0.1 192.0.2.1 8.8.8.8 134744072
[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:a9fe:a9fe] [::127.0.0.1] [64:ff9b::7f00:1]
[64:ff9b::169.254.169.254] [64:ff9b:1::a9fe:a9fe] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2001:0:7f00:1::] [fe80::1]
[fe80::1%25eth0] [fc00::1] [fd00:ec2::254] [ff02::1] [fec0::1] [2001:db8::1] [100::1] [2606:4700::1111]
[::ffff:0:127.0.0.1]
localhost LOCALHOST localhost. a.localhost metadata metadata.google.internal instance-data printer.local host.lan
db.internal x.home.arpa kubernetes.default.svc.cluster.local \u2460\u2461\u2466.0.0.1 127\u30020\u30020\u30021
\uff11\uff12\uff17.0.0.1
"""
NUMBERS = _NUMBERS.split()
WHOLE = (
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "//hooks.example.org/",
    "hooks.example.org",
    "https://",
    "https:///x",
    "https://user@hooks.example.org/",
    "https://user:word@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/",
    "https://127.0.0.1#@hooks.example.org/",
    "https://127.0.0.1\\@hooks.example.org/",
    "https://hooks.example.org\\.evil.example/",
    "https://hooks.example.org:80/",
    "https://hooks.example.org:8443/",
    "https://hooks.example.org:99999/",
    "https://hooks.example.org:x/",
    "https://hooks.example.org/#x",
    "https://hooks.example.org/\r\nX-Evil: 1",
    "https://hooks.example.org/a b",
    "https://hooks.example.org/\x00",
    "https://hooks.example.org/\u00e9",
    "https://-a.example.org/",
    "https://a..example.org/",
    "https://" + "a" * 64 + ".example.org/",
    "https://hooks.example.org/" + "a" * 2_048,
    "https://[::1/",
    "https://%31%32%37.0.0.1/",
    "https://127.0.0.1%2f.example.org/",
)
_HIDDEN = """
127.0.0.1 127.8.8.8 169.254.169.254 168.63.129.16 100.100.100.200 10.0.0.1 172.20.0.1 192.168.5.5 0.0.0.0 100.64.0.1
192.0.0.192 192.0.2.7 198.18.0.1 198.51.100.1 203.0.113.9 192.88.99.1 224.0.0.251 255.255.255.255 240.0.0.1
::1 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:a9fe:a9fe ::7f00:1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1
2002:7f00:1:: 2002:a9fe:a9fe:: 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2001:10::1 fe80::1 fe80::1%eth0
fc00::1 fd00:ec2::254 fec0::1 ff02::1 ff0e::1 100::1 3fff::1 5f00::1 4000::1 2a00::5efe:7f00:1 2a00::200:5efe:a9fe:a9fe
::ffff:0:7f00:1 2620:4f:8000::1 nonsense 1 127.1
"""
HIDDEN = _HIDDEN.split()


@pytest.mark.parametrize("url", [*(f"https://{one}/hook" for one in NUMBERS), *WHOLE])
def test_no_connection_is_made_to_what_is_no_public_name(server: Server, url: str) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[tuple[str, int]]:
        asked.append(host)
        return [("127.0.0.1", server.port)]

    with pytest.raises(InvalidInputError):
        server.https(resolve=resolve).post(url, b"{}", {}, where="test")
    assert asked == []
    assert server.connections == 0


def test_there_are_more_than_eighty_of_them() -> None:
    assert len({*NUMBERS, *WHOLE}) >= 80
    assert len(set(HIDDEN)) >= 40


@pytest.mark.parametrize("address", HIDDEN)
def test_a_name_that_leads_to_what_is_not_public_is_not_connected_to(server: Server, address: str) -> None:
    assert not is_public(address)
    for answers in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        https = PublicHttps(
            resolve=lambda host, port, answers=answers: [(one, server.port) for one in answers], context=server.context
        )
        with pytest.raises(InvalidInputError, match="not public"):
            https.post("https://hooks.example.org/", b"{}", {}, where="test")
    assert server.connections == 0


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "52.94.236.248", "2606:4700:4700::1111", "2a00:1450:4001::1"]
)
def test_public_addresses_are_connected_to(address: str) -> None:
    assert is_public(address)


def test_every_private_network_that_python_knows_is_refused() -> None:
    for found in (*ipaddress._IPv4Constants._private_networks, *ipaddress._IPv6Constants._private_networks):
        assert not is_public(str(found[0]))
        assert not is_public(str(found[-1]))


def test_a_name_is_resolved_once_and_that_address_is_connected_to(server: Server) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[tuple[str, int]]:
        asked.append(host)
        return [("127.0.0.1", server.port)] if len(asked) == 1 else [("127.0.0.1", 1)]

    answer = server.https(resolve=rebinding).post("https://hooks.example.org/", b"{}", {}, where="test")
    assert (answer.status, asked, server.connections) == (200, ["hooks.example.org"], 1)
    assert server.heard[0].host == "hooks.example.org"


def test_a_name_whose_answer_changes_is_examined_each_time(server: Server) -> None:
    answers = iter(["8.8.8.8", "169.254.169.254"])
    https = PublicHttps(resolve=lambda host, port: [(next(answers), 1)], context=server.context, connecting=0.01)
    next(answers)
    with pytest.raises(InvalidInputError, match="not public"):
        https.post("https://hooks.example.org/", b"{}", {}, where="test")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server: Server, status: int) -> None:
    server.reply = lambda heard: Reply(status, b"", {"Location": "https://169.254.169.254/latest"})
    assert server.https().post("https://hooks.example.org/", b"{}", {}, where="test").status == status
    assert server.connections == 1


@pytest.mark.parametrize(
    ("host", "hosts", "taken"),
    [
        ("hooks.slack.com", ("hooks.slack.com",), True),
        ("HOOKS.slack.com", ("hooks.slack.com",), True),
        ("evil.slack.com", ("hooks.slack.com",), False),
        ("hooks.slack.com.evil.example", ("hooks.slack.com",), False),
        ("xhooks.slack.com", ("hooks.slack.com",), False),
        ("a.logic.azure.com", (".logic.azure.com",), True),
        ("evillogic.azure.com", (".logic.azure.com",), False),
        ("logic.azure.com", (".logic.azure.com",), False),
    ],
)
def test_services_with_names_of_their_own_are_reached_under_these_only(
    host: str, hosts: tuple[str, ...], *, taken: bool
) -> None:
    if taken:
        assert read_address(f"https://{host}/x?y=1", where="test", hosts=hosts).path == "/x?y=1"
    else:
        with pytest.raises(InvalidInputError):
            read_address(f"https://{host}/x", where="test", hosts=hosts)


def test_a_proxy_of_the_environment_is_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert server.https().post("https://hooks.example.org/", b"{}", {}, where="test").status == 200
