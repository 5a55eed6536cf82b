"""Connections from a person's machine or a pipeline, through the proxy that its environment names.

`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read as other programs do; this machine is never asked
through one.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from syndic.errors import InvalidInputError

LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def pool_for(address: str, **options: Any) -> urllib3.PoolManager:
    """Connections to the host of an address. Raises `InvalidInputError` for a proxy of another kind than http."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    named = getproxies()
    proxy = named.get(parts.scheme) or named.get("all")
    if not proxy or host in LOCAL or proxy_bypass(host):
        return urllib3.PoolManager(**options)
    through = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if through.scheme not in {"http", "https"} or not through.hostname:
        raise InvalidInputError(f"only proxies by http are taken, not {through.scheme}", where="HTTPS_PROXY")
    place = f"{through.scheme}://{through.netloc.rpartition('@')[2]}"
    given = ":".join(unquote(part) for part in (through.username, through.password) if part is not None)
    headers = urllib3.make_headers(proxy_basic_auth=given) if given else None
    return urllib3.ProxyManager(place, proxy_headers=headers, **options)
