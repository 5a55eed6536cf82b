"""`IssuerKeys` over HTTPS. An address is an admin's, and may still lead where it must not: it is looked at first.

The name is resolved once, every address it has must be public, and the connection goes to the one that was looked at:
a name that says something else the second time gains nothing. No redirects, a limit on bytes, keys and time.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3

from syndic.errors import UnavailableError

KEPT: Final = timedelta(minutes=10)
ASKED_ANEW: Final = timedelta(minutes=1)
"""How often at most an unknown key id makes the issuer be asked: anybody can invent one."""
MOST_BYTES: Final = 64 * 1024
MOST_KEYS: Final = 50
MOST_ISSUERS: Final = 50
TIMEOUT: Final = urllib3.Timeout(connect=3, read=5, total=8)


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: tuple[Mapping[str, Any], ...]
    at: datetime


def resolve(host: str) -> Sequence[str]:
    """The addresses of a name. Raises `UnavailableError`."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnavailableError(f"{host} is not a known host") from error
    return [str(one[4][0]) for one in found]


def fetch(address: str, *, names: Callable[[str], Sequence[str]] = resolve) -> bytes:
    """The body at an https address of the public internet. Raises `UnavailableError`."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.port not in {None, 443} or parts.username is not None or not host:
        raise UnavailableError("an issuer's keys are only asked for over https on port 443")
    addresses = names(host)
    if not addresses or not all(_public(one) for one in addresses):
        raise UnavailableError(f"{host} is no address of the public internet")
    pool = urllib3.HTTPSConnectionPool(
        addresses[0], 443, timeout=TIMEOUT, retries=False, server_hostname=host, assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
    )  # fmt: skip
    try:
        with pool.request(
            "GET", parts.path or "/", headers={"Host": host, "Accept": "application/json"}, redirect=False,
            preload_content=False,
        ) as answer:  # fmt: skip
            body: bytes = answer.read(MOST_BYTES + 1)
            status = answer.status
    except urllib3.exceptions.HTTPError as error:
        raise UnavailableError(f"{host} does not answer: {type(error).__name__}") from error
    finally:
        pool.close()
    if status != 200 or len(body) > MOST_BYTES:
        raise UnavailableError(f"{host} answered {status} with {len(body)} bytes, not with its keys")
    return body


class HttpsIssuerKeys:
    """`syndic.ports.IssuerKeys`: kept for ten minutes."""

    def __init__(
        self,
        *,
        get: Callable[[str], bytes] = fetch,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._get, self._clock = get, clock
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def get(self, address: str, *, key_id: str) -> Sequence[Mapping[str, Any]]:
        """The keys of this id."""
        with self._lock:
            now, kept = self._clock(), self._kept.get(address)
            known = kept is not None and any(one.get("kid") == key_id for one in kept.keys)
            if kept is None or now - kept.at >= (KEPT if known else ASKED_ANEW):
                kept = _Kept(read_keys(self._get(address)), now)
                if len(self._kept) >= MOST_ISSUERS:
                    self._kept.clear()
                self._kept[address] = kept
            return [one for one in kept.keys if one.get("kid") == key_id]


def read_keys(body: bytes) -> tuple[Mapping[str, Any], ...]:
    """The keys of a JSON Web Key Set. Raises `UnavailableError` for anything else."""
    try:
        found = json.loads(body)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnavailableError("the issuer's keys are no JSON Web Key Set") from error
    if not isinstance(found, list) or len(found) > MOST_KEYS or not all(isinstance(one, dict) for one in found):
        raise UnavailableError(f"the issuer's keys are no list of at most {MOST_KEYS}")
    return tuple(found)


def _public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast


_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
