"""A request before it is sent and an answer after it came: everything about them that knows no network."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from syndic_client.errors import ConfigurationError, UnreadableAnswerError, error_of
from syndic_client.records import Record, read_at
from syndic_client.retries import retry_after_of
from syndic_client.schemas import ModelVersion, RegisteredModel, Registration, ShownModel

T = TypeVar("T")

PREFIX: Final = "/api/v1"
MACHINE: Final = "/api/machine/v1"
KEY_BEGINS: Final = "syn_"
READING: Final = frozenset({"GET", "HEAD"})

Query = Mapping[str, str | int | bool | None]
ModelNamed = str | ShownModel | RegisteredModel | Registration
"""A model that was read, or its id. Changes to one that was read by itself are refused when it changed meanwhile."""
VersionNamed = str | ModelVersion
"""A version that was read, or its name."""


@dataclass(frozen=True)
class Call:
    """One request. What changes something has a key, under which it is carried out once however often it is sent."""

    method: str
    path: str
    query: Query = field(default_factory=dict)
    body: object = None
    if_match: str | None = None
    key: str | None = None

    def page(self, token: str | None) -> Call:
        """The same request for one page, from the beginning or from where a token leads: each has a key of its own."""
        key = None if self.key is None else str(uuid.uuid4())
        return replace(self, query={**self.query, "token": token}, key=key)

    def parameters(self) -> dict[str, str]:
        """The query without what was left out."""
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in self.query.items()
            if value is not None
        }

    def content(self) -> bytes | None:
        """The body as JSON."""
        return None if self.body is None else msgspec.json.encode(self.body)

    def headers(self) -> dict[str, str]:
        """What goes with it, the sign-in apart."""
        wanted = {"If-Match": self.if_match, "Idempotency-Key": self.key}
        if self.body is not None:
            wanted["Content-Type"] = "application/json"
        return {name: value for name, value in wanted.items() if value is not None}


def get(*parts: str, **query: str | int | bool | None) -> Call:
    """A request that reads."""
    return Call("GET", path_of(*parts), query)


def change(
    method: str,
    *parts: str,
    body: object = None,
    of: object = None,
    key: str | None = None,
    query: Query | None = None,
) -> Call:
    """A request that changes something. `of` is what was read before: it must not have changed meanwhile."""
    etag = of.etag if isinstance(of, Record) else None
    return Call(method, path_of(*parts), query or {}, body, etag, key or str(uuid.uuid4()))


def path_of(*parts: str) -> str:
    """A path of which no part can leave its place."""
    for part in parts:
        if part in {"", ".", ".."}:
            raise ConfigurationError(f"{part!r} is no id")
    return PREFIX + "".join(f"/{quote(part, safe='')}" for part in parts)


class Identified(Protocol):
    """What was read and has an id."""

    @property
    def id(self) -> str:
        """Its id."""


class Named(Protocol):
    """What was read and is known by its name."""

    @property
    def name(self) -> str:
        """Its name."""


def id_of(entry: str | Identified) -> str:
    """The id of what was read, or the id itself."""
    return entry if isinstance(entry, str) else entry.id


def named(entry: str | Named) -> str:
    """The name of what was read, or the name itself."""
    return entry if isinstance(entry, str) else entry.name


def name_of(version: VersionNamed) -> str:
    """The name of a version that was read, or the name itself."""
    return version if isinstance(version, str) else version.version


def address_of(base_url: str, *, allow_http: bool) -> str:
    """The address that all paths are added to. Raises `ConfigurationError`."""
    parts = urlsplit(base_url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(f"base_url is an address such as https://syndic.example.org, not {base_url!r}")
    if parts.username or parts.password:
        raise ConfigurationError("base_url holds a password: give api_key or token instead")
    if parts.scheme == "http" and not allow_http and not _is_here(parts.hostname):
        raise ConfigurationError(f"over http everybody on the way could read the key: use https://{parts.netloc}")
    path = parts.path.rstrip("/").removesuffix(PREFIX).removesuffix(MACHINE)
    return f"{parts.scheme}://{parts.netloc}{path}"


def credential_of(api_key: str | None, token: str | Callable[[], str] | None) -> Callable[[], str]:
    """Who asks: what gives the bearer token of each request. Raises `ConfigurationError`."""
    if (api_key is None) is (token is None):
        raise ConfigurationError("give either api_key or token")
    given = api_key if token is None else token
    if callable(given):
        return given
    text = str(given).strip()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigurationError(f"{'api_key' if token is None else 'token'} is empty or holds what no key holds")
    return lambda: text


def address_for(path: str, credential: str) -> str:
    """The path on which a credential is taken: keys have one of their own, before which no user pool stands."""
    return MACHINE + path.removeprefix(PREFIX) if credential.startswith(KEY_BEGINS) else path


def read(kind: type[T], status: int, headers: Mapping[str, str], body: bytes) -> T:
    """What an answer tells. Raises `ApiError`, `UnreadableAnswerError`."""
    if status >= 400:
        raise error_of(status, body, retry_after=retry_after_of(headers), request_id=request_id_of(headers))
    if not 200 <= status < 300:
        raise UnreadableAnswerError(f"{status} is no answer of the API: is base_url right?")
    try:
        return read_at(msgspec.json.decode(body, type=kind), headers.get("etag"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableAnswerError(f"the answer does not read as {kind.__name__}: {error}") from error


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """What API Gateway calls the request."""
    return headers.get("x-amzn-requestid") or headers.get("x-amz-apigw-id")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
