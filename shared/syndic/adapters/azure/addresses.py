"""Addresses of blobs, and which of them may be given a credential."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from syndic.errors import InvalidInputError

EMULATOR: Final = "127.0.0.1"
_ACCOUNT: Final = "[a-z0-9]{3,24}"
_HOST: Final = re.compile(
    rf"({_ACCOUNT})\.(?:blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)|z\d+\.blob\.storage\.azure\.net)"
)
_CONTAINER: Final = re.compile(r"\$root|\$web|[a-z0-9](?:-?[a-z0-9]){2,62}")


@dataclass(frozen=True, slots=True)
class BlobAddress:
    """Where a blob, or a folder of blobs, lies. `service` is the address of its account."""

    service: str
    account: str
    container: str
    name: str


def read_address(uri: str) -> BlobAddress:
    """An address such as ``https://account.blob.core.windows.net/container/path``, or one of the local emulator.

    Addresses come from tags and people, and whoever answers at one is shown a token. So only hosts of the storage
    service are taken, over TLS. Raises `InvalidInputError` for others.
    """
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refusal(uri) from None
    path = parts.path.lstrip("/")
    if parts.query or parts.fragment or parts.username is not None:
        raise _refusal(uri)
    cloud = _HOST.fullmatch(host)
    if cloud is not None and parts.scheme == "https" and port is None:
        account, service = cloud[1], f"https://{host}"
    elif host == EMULATOR and parts.scheme == "http" and port is not None:  # it names the account in the path
        account, _, path = path.partition("/")
        service = f"http://{host}:{port}/{account}"
    else:
        raise _refusal(uri)
    container, _, name = path.partition("/")
    if not re.fullmatch(_ACCOUNT, account) or not _CONTAINER.fullmatch(container):
        raise _refusal(uri)
    return BlobAddress(service, account, container, unquote(name))


def blob_address(container_url: str, name: str) -> str:
    """The address of a blob; `read_address` gives the name back."""
    return f"{container_url.rstrip('/')}/{quote(name, safe=_PLAIN)}"


def is_folder(found: Any) -> bool:
    """Whether a listed blob only stands for a folder: a tool's marker, or a directory of a hierarchical account."""
    return found.name.endswith("/") or str((found.metadata or {}).get("hdi_isfolder", "")).lower() == "true"


_PLAIN: Final = "/~!$&'()*+,;=:@"


def _refusal(uri: str) -> InvalidInputError:
    return InvalidInputError(
        f"{uri[:200]!r} is no address such as https://account.blob.core.windows.net/container/path", where="uri"
    )
