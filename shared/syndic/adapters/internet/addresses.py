"""Which addresses may be reached: names on the public Internet, by https, and nothing else. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from syndic.errors import InvalidInputError

HTTPS_PORT: Final = 443
LONGEST: Final = 2048  # characters of an address

_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label begins with a letter: no notation of a number, decimal, octal or hexadecimal, is a name.
_NAME: Final = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")
_LOCAL_NAMES: Final = ("localhost", "local", "internal", "localdomain", "home.arpa", "lan", "intranet", "corp", "test")

_REFUSED: Final = tuple(
    ip_network(one)
    for one in (
        # Beside what `is_global` says: that differs between versions of Python, and knows no cloud.
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared; 100.100.100.200 is a cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services inside a virtual machine
        "169.254.0.0/16",  # link-local: metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # v4-compatible, unspecified, loopback
        "::ffff:0:0/96",  # v4-mapped
        "::ffff:0:0:0/96",  # v4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of one's own network
        "100::/64",
        "2001::/23",  # Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_UNICAST: Final = ip_network("2000::/3")
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart once, so that what was examined is what is connected to."""

    host: str
    path: str


def read_address(url: str, *, where: str, hosts: Iterable[str] | None = None) -> Target:
    """Take an address apart.

    Args:
        url: ``https://name/path?query``. It may be a secret: no error shows it.
        where: What the address is of, for errors.
        hosts: Names that are taken, and with a dot in front all names that end so; None: any public name.

    Raises:
        InvalidInputError: Not https, credentials or a port in it, a number for a name, or a name that is not taken.
    """

    def refuse(why: str) -> InvalidInputError:
        return InvalidInputError(f"is no address that messages are sent to: {why}", where=where)

    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise refuse("it has more than 2,048 characters, or other than printable ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refuse("it cannot be read") from None
    if parts.scheme != "https" or "@" in parts.netloc or parts.fragment:
        raise refuse("it has to be https, without user and fragment")
    if port not in {None, HTTPS_PORT}:
        raise refuse("the port has to be 443")
    host = (parts.hostname or "").lower()
    if not _NAME.fullmatch(host) or any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES):
        raise refuse("the host has to be a public name, not a number")
    if hosts is not None and not any(host.endswith(one) if one.startswith(".") else host == one for one in hosts):
        raise refuse(f"the host has to be {' or '.join(f'*{one}' if one.startswith('.') else one for one in hosts)}")
    return Target(host, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def is_public(address: str) -> bool:
    """Whether an address of IPv4 or IPv6 is on the public Internet, and hides no other one that is not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if any(found.version == one.version and found in one for one in _REFUSED):
        return False
    if isinstance(found, IPv4Address):
        return found.is_global
    return _is_public_v6(found)


def _is_public_v6(found: IPv6Address) -> bool:
    embedded = (int(found) >> 32) & 0xFFFFFFFF
    return found.scope_id is None and found in _UNICAST and found.is_global and embedded not in _ISATAP
