"""One way out: a request over https to an address on the public Internet. No redirects, no second try, no proxies.

The name is resolved once; every answer has to be public, and the connection goes to one of exactly these addresses, so
nobody can answer differently the second time. Nothing here logs, and no error shows an address or a header: either may
be a secret. `urllib3`'s pools log paths, so its connections are used without one.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError

from syndic.adapters.internet.addresses import HTTPS_PORT, is_public, read_address
from syndic.errors import InvalidInputError, NotSentError, SyndicError

Resolve = Callable[[str, int], Iterable[tuple[str, int]]]
"""From host and port to addresses and ports."""

CONNECTING: Final = 3.0  # seconds
ANSWERING: Final = 15.0  # seconds for everything after connecting, as Standard Webhooks advises at least
LONGEST_ANSWER: Final = 65_536  # bytes; what comes after is not read


class UnansweredError(SyndicError):
    """The request left and no whole answer came: whether the service took it is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve_name(host: str, port: int) -> list[tuple[str, int]]:
    """All addresses of a name. Raises `OSError` when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(one[4][0]), port) for one in found))


class PublicHttps:
    """Sends requests to the public Internet.

    Args:
        resolve: From a name to its addresses.
        admit: Whether an address may be connected to.
        context: Of TLS; None: the system's authorities.
        connecting: Seconds for a connection.
        answering: Seconds from there to the end of the answer.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = resolve_name,
        admit: Callable[[str], bool] = is_public,
        context: ssl.SSLContext | None = None,
        connecting: float = CONNECTING,
        answering: float = ANSWERING,
    ) -> None:
        self._resolve, self._admit = resolve, admit
        self._context = context
        self._connecting, self._answering = connecting, answering

    def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        where: str,
        hosts: Iterable[str] | None = None,
        answering: float | None = None,
        longest: int = LONGEST_ANSWER,
    ) -> Answer:
        """Send one request with a body.

        Args:
            url: Where to.
            body: What to send.
            headers: Names and values; printable ASCII.
            where: What the address is of, for errors.
            hosts: See `read_address`.
            answering: Seconds from connecting to the end of the answer; None: those of all requests.
            longest: Bytes of an answer; what comes after is not read.

        Raises:
            InvalidInputError: The address is refused, or leads to one that is; nothing was connected to.
            NotSentError: No connection, or none that can be trusted; nothing was sent.
            UnansweredError: The request may have been taken.
        """
        return self._send("POST", url, body, headers, where=where, hosts=hosts, answering=answering, longest=longest)

    def get(self, url: str, headers: Mapping[str, str], *, where: str) -> Answer:
        """Ask for what is at an address; arguments and errors as `post`."""
        return self._send("GET", url, None, headers, where=where, hosts=None)

    def _send(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        where: str,
        hosts: Iterable[str] | None,
        answering: float | None = None,
        longest: int = LONGEST_ANSWER,
    ) -> Answer:
        target = read_address(url, where=where, hosts=hosts)
        for name, value in headers.items():
            if not value.isascii() or not value.isprintable():
                raise InvalidInputError(f"the header {name} is no line of ASCII", where=where)
        connection = self._connect(target.host, where)
        # A service that answers a byte a minute keeps every single read in time: the whole has a limit too.
        alarm = threading.Timer(answering or self._answering, _hang_up, (connection.sock,))
        alarm.daemon = True
        alarm.start()
        if answering is not None:
            connection.sock.settimeout(answering)
        try:
            return _exchange(connection, method, target.path, body, {**headers, "Host": target.host}, longest)
        except (HTTPError, HTTPException, OSError) as error:
            raise UnansweredError(
                f"{where}: {target.host} gave no whole answer ({type(error).__name__}): it may have been taken"
            ) from None
        finally:
            alarm.cancel()
            connection.close()

    def _connect(self, host: str, where: str) -> HTTPSConnection:
        try:
            addresses = list(self._resolve(host, HTTPS_PORT))
        except (OSError, UnicodeError):
            raise NotSentError(f"{where}: the name {host} has no address at present") from None
        if not addresses:
            raise NotSentError(f"{where}: the name {host} has no address at present")
        if not all(self._admit(address) for address, _ in addresses):
            raise InvalidInputError(f"{host} leads to an address that is not public", where=where)
        last = time.monotonic() + 2 * self._connecting  # for all addresses together
        why = "no answer"
        context = self._context or ssl.create_default_context()
        for address, port in addresses:
            connection = HTTPSConnection(
                address,
                port,
                timeout=self._connecting,
                ssl_context=context,
                server_hostname=host,
                assert_hostname=host,
            )
            try:
                connection.connect()
            except (HTTPError, OSError) as error:
                connection.close()
                why = type(error).__name__
            else:
                connection.sock.settimeout(self._answering)
                return connection
            if time.monotonic() > last:
                break
        raise NotSentError(f"{where}: {host} cannot be reached ({why})")


def _exchange(  # noqa: PLR0917 - private, called once
    connection: HTTPSConnection, method: str, path: str, body: bytes | None, headers: Mapping[str, str], longest: int
) -> Answer:
    connection.request(method, path, body=body, headers=headers, preload_content=False, decode_content=False)
    answer = connection.getresponse()
    read = b""
    while len(read) < longest and (piece := answer.read(longest - len(read))):  # one says if it was cut
        read += piece
    named = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status, named, read)


def _hang_up(sock: socket.socket | None) -> None:
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
