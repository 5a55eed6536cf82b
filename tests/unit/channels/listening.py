"""A server on the loopback, by TLS, under the names of the services; the guard's resolver leads there by injection."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from syndic.adapters.channels.means import Means
from syndic.adapters.internet.https import PublicHttps
from syndic.adapters.memory import MemorySecrets

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
NAMES = (
    "hooks.slack.com",
    "slack.com",
    "prod-1.westeurope.logic.azure.com",
    "events.pagerduty.com",
    "events.eu.pagerduty.com",
    "api.atlassian.com",
    "api.opsgenie.com",
    "hooks.example.org",
    "witness.example.org",
    "other.example.org",
)


@dataclass
class Heard:
    host: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    cut: str = ""  # "before": hang up without an answer; "within": in the middle of one
    delay: float = 0.0  # seconds before each byte


@dataclass
class Server:
    port: int
    context: ssl.SSLContext
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    reply: Callable[[Heard], Reply] = lambda heard: Reply()

    def https(self, **options: Any) -> PublicHttps:
        given = {"resolve": lambda host, port: [("127.0.0.1", self.port)], "admit": lambda address: True}
        return PublicHttps(**{**given, "context": self.context, "answering": 5.0, **options})

    def means(self, *, secret: str, **options: Any) -> Means:
        return Means(self.https(**options), MemorySecrets({"one": secret}), lambda: NOW)


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "local services")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(one) for one in NAMES])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "local.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def listening(folder: Path) -> Iterator[Server]:  # noqa: C901 - a server in one place
    file = _certificate(folder)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file)
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            heard = Heard(self.headers["Host"], self.path, dict(self.headers.items()), body)
            server.heard.append(heard)
            reply = server.reply(heard)
            if reply.cut == "before":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            head = f"HTTP/1.1 {reply.status} x\r\nContent-Length: {len(reply.body)}\r\nConnection: close\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items()) + "\r\n"
            sent = head.encode() + reply.body
            if reply.cut == "within":
                self.wfile.write(sent[:-1])
                return
            if reply.delay:
                for byte in sent:
                    if stop.wait(reply.delay):
                        return
                    try:
                        self.wfile.write(bytes([byte]))
                    except OSError:
                        return
                return
            self.wfile.write(sent)

        def log_message(self, *args: object) -> None:
            pass

    class Listener(ThreadingHTTPServer):
        def get_request(self) -> tuple[socket.socket, Any]:
            connection, address = super().get_request()
            server.connections += 1
            connection.settimeout(5)
            return served.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *args: object) -> None:
            pass

    web = Listener(("127.0.0.1", 0), Handler)
    trusted = ssl.create_default_context(cafile=str(file))
    server = Server(web.server_address[1], trusted)
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        web.shutdown()
        web.server_close()
        thread.join()
