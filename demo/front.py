"""Stands for CloudFront on this machine: the dashboard's bucket and, under /api/, the API, from one origin.

The emulator's own distribution answers only by host name and https, which a browser here cannot reach. Headers are
those the distribution sends. The user pool's own pages and token endpoint are served from the same origin.
"""

from __future__ import annotations

import http.client
import mimetypes
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import ClientError

from cdk.headers import HEADERS, content_security_policy
from demo.cloud import LocalCloud

PASSED = ("Authorization", "Content-Type", "Accept", "Idempotency-Key", "If-Match", "X-Request-Id")
ANSWERED = (
    "Content-Type",
    "Location",
    "Retry-After",
    "Cache-Control",
    "Content-Disposition",
    "ETag",
    "Idempotent-Replayed",
    "X-Request-Id",
    "X-Model-Version",
    "X-Model-Stage",
    "X-Logged",
    "X-Flagged-Rows",
)
MOST_BODY = 10 * 1024 * 1024


SECURITY = {
    # Without Strict-Transport-Security: this is plain http, on this machine only.
    **{name: value for name, value in HEADERS.items() if name != "Strict-Transport-Security"},
    "Content-Security-Policy": content_security_policy(""),
}
POOL = frozenset({"/oauth2/authorize", "/oauth2/token", "/oauth2/userInfo", "/login", "/logout"})
"""What the user pool's domain serves. Its pages are the emulator's, with their own styles."""

POOL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"


class FrontServer(ThreadingHTTPServer):
    """A server that knows what stands behind it."""

    daemon_threads = True

    def __init__(self, cloud: LocalCloud, *, bucket: str, api_id: str) -> None:
        super().__init__(("127.0.0.1", cloud.ports.dashboard), Front)
        self.cloud, self.bucket, self.api_id = cloud, bucket, api_id

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away before its answer came."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Front(BaseHTTPRequestHandler):
    """One request of the browser: a file of the bucket, or passed on to the cloud."""

    server: FrontServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _serve(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/api/"):
            self._pass(f"/restapis/{self.server.api_id}/prod/_user_request_{self.path}")
        elif path in POOL:
            self._pass(self.path, {"Content-Security-Policy": POOL_POLICY})
        elif path == "/oauth2/revoke":
            self._revoke()
        elif self.command in {"GET", "HEAD"}:
            self._object(path.lstrip("/") or "index.html")
        else:
            self._answer(405, b"", "text/plain")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the library's names

    def _object(self, name: str) -> None:
        try:
            found = self.server.cloud.s3.get_object(Bucket=self.server.bucket, Key=name)
        except ClientError:
            self._answer(404, b"not found\n", "text/plain")
            return
        kind = found.get("ContentType") or mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._answer(200, found["Body"].read(), kind, {"Cache-Control": found.get("CacheControl", "no-cache")})

    def _revoke(self) -> None:
        """The emulator has the call, but not under the domain's path."""
        fields = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace"))
        token, client = (fields.get(name, [""])[0] for name in ("token", "client_id"))
        try:
            self.server.cloud.client("cognito-idp").revoke_token(Token=token, ClientId=client)
        except ClientError:
            self._answer(400, b'{"error": "invalid_request"}', "application/json")
            return
        self._answer(200, b"", "application/json")

    def _pass(self, target: str, extra: dict[str, str] | None = None) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BODY:
            self._answer(413, b"", "text/plain")
            return
        headers = {name: self.headers[name] for name in PASSED if self.headers.get(name)}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.cloud.ports.cloud, timeout=60)
        try:
            connection.request(self.command, target, self.rfile.read(length) or None, headers)
            answer = connection.getresponse()
            kept = {name: answer.headers[name] for name in ANSWERED if answer.headers.get(name)}
            kind = kept.pop("Content-Type", "application/json")
            self._answer(answer.status, answer.read(), kind, {**kept, **(extra or {})})
        except OSError:
            self._answer(502, b'{"message": "the local cloud does not answer"}', "application/json")
        finally:
            connection.close()

    def _answer(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**SECURITY, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the demonstration's own lines are what people read."""


def serve_front(cloud: LocalCloud, *, bucket: str, api_id: str) -> FrontServer:
    """Start serving on the dashboard's port, in a thread of this process."""
    server = FrontServer(cloud, bucket=bucket, api_id=api_id)
    threading.Thread(target=server.serve_forever, name="front", daemon=True).start()
    return server
