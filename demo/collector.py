"""A stand-in for the sidecar of Azure ML's data collector: what a deployment logs becomes files, as documented.

In a deployment the package ``azureml-ai-monitoring`` posts each DataFrame to a sidecar on loopback, which writes the
CloudEvents that monitoring reads: https://learn.microsoft.com/azure/machine-learning/concept-data-collection. That
sidecar is not published. This one takes the same posts, so that the package itself writes the files of tests, and it
refuses whatever the package would not send.
"""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from demo.collected import JSON, TYPE_PREFIX, Deployed, Logged, envelope, line

PATH: Final = "/modeldata/log"
INLINE_LIMIT: Final = 4_000_000  # bytes; a longer payload lies in a file of its own
ACCEPTED_LIMIT: Final = 64 * 1024 * 1024
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class RefusedError(Exception):
    """A post that the package would not have made, with the status that says so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Sidecar(ThreadingHTTPServer):
    """Takes posts on a free port of loopback and keeps their events until `flush`.

    Args:
        deployed: Whose traffic it is.
        write: Gets a file's name below the collector's root and its whole content so far.
        root: The address of the collector's root, for payloads that lie in a file of their own.
        clock: The time of every event instead of the one it was posted with: a replay writes past months by it.
        inline_limit: Payloads of more bytes are not written into the event.
    """

    daemon_threads = True

    def __init__(
        self,
        deployed: Deployed,
        write: Callable[[str, bytes], object],
        *,
        root: str,
        clock: Callable[[], datetime] | None = None,
        inline_limit: int = INLINE_LIMIT,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.deployed, self._write, self._root = deployed, write, root.rstrip("/")
        self._clock, self._inline_limit = clock, inline_limit
        self._lock = threading.Lock()
        self._files: defaultdict[str, bytearray] = defaultdict(bytearray)
        self._grown: set[str] = set()

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which the package finds the sidecar; its configuration is a file: `configuration`."""
        return {"AZUREML_MDC_HOST": "127.0.0.1", "AZUREML_MDC_PORT": str(self.server_port)}

    def receive(self, headers: Message, body: bytes) -> None:
        """Keep what the package posted. Raises `RefusedError`."""
        at = _moment(_header(headers, "ce-time"))
        kind = _header(headers, "ce-type")
        collection = kind.removeprefix(TYPE_PREFIX)
        if collection == kind or not _NAME.fullmatch(collection):
            raise RefusedError(400, f"ce-type is not {TYPE_PREFIX}<collection>")
        optional = {"modelversion": headers.get("ce-model-version")}
        self._keep(
            Logged(
                event_id=_header(headers, "trace-id"),
                collection=collection,
                at=at if self._clock is None else self._clock(),
                data=_json(body),
                size=len(body),
                correlation=headers.get("ce-x-request-id"),
                attributes={
                    **{name: value for name, value in optional.items() if value is not None},
                    "collectdatatype": _header(headers, "ce-collect-data-type"),
                    "agent": _header(headers, "ce-agent"),
                },
            ),
            body,
        )

    def exchange(self, call: str, *, request: bytes, response: bytes, content_type: str = JSON) -> None:
        """Keep the bodies of one HTTP call, as payload logging does with the collections request and response.

        Raises `RefusedError` when a body is not what `content_type` says.
        """
        at = self._clock() if self._clock is not None else datetime.now(UTC)
        for collection, body, more in (
            ("request", request, {"path": "/score", "method": "POST"}),
            ("response", response, {}),
        ):
            data = _json(body) if content_type == JSON else _text(body)
            event_id = f"{call}-{collection}"
            self._keep(Logged(event_id, collection, at, data, len(body), call, content_type, more), body)

    def flush(self) -> None:
        """Write every file that has grown since the last time."""
        with self._lock:
            grown = {name: bytes(self._files[name]) for name in sorted(self._grown)}
            self._grown.clear()
        for name, content in grown.items():
            self._write(name, content)

    def _keep(self, logged: Logged, body: bytes) -> None:
        event = envelope(logged, self.deployed.source)
        file = self.deployed.file(logged.collection, logged.at)
        raw = f"{self.deployed.folder(logged.collection, logged.at)}/raw/{logged.event_id}.json"
        with self._lock:
            if len(body) > self._inline_limit:
                event |= {"data": f"{self._root}/{raw}", "datainblob": "true"}
                self._files[raw] = bytearray(body)
                self._grown.add(raw)
            self._files[file] += line(event)
            self._grown.add(file)


def configuration(*collections: str) -> str:
    """The package's configuration file, whose address is ``AZUREML_MDC_CONFIG_PATH``: collections taken in full."""
    return json.dumps({"collections": {name: {"enabled": True, "sampleRatePercentage": 100} for name in collections}})


@contextmanager
def sidecar(deployed: Deployed, write: Callable[[str, bytes], object], **options: Any) -> Iterator[Sidecar]:
    """Take posts until the block ends, then write what is left. `options` go to `Sidecar`."""
    server = Sidecar(deployed, write, **options)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="data-collector", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.flush()


class _Handler(BaseHTTPRequestHandler):
    server: Sidecar

    def do_POST(self) -> None:
        try:
            self._take()
        except RefusedError as refusal:
            self._answer(refusal.status, str(refusal))
        else:
            self._answer(200, "accepted")

    def _take(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise RefusedError(411, "the post has no Content-Length")
        if int(length) > ACCEPTED_LIMIT:
            raise RefusedError(413, f"a payload has at most {ACCEPTED_LIMIT} bytes")
        body = self.rfile.read(int(length))
        if self.path != PATH:
            raise RefusedError(404, f"only {PATH} takes posts")
        if self.headers.get_content_type() != JSON:
            raise RefusedError(415, f"the content type is not {JSON}")
        self.server.receive(self.headers, body)

    def _answer(self, status: int, message: str) -> None:
        content = json.dumps({"message": message}).encode()
        self.send_response(status)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


def _header(headers: Message, name: str) -> str:
    value = headers.get(name)
    if not value:
        raise RefusedError(400, f"the header {name} is missing")
    return value


def _moment(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise RefusedError(400, "ce-time is not a number of seconds since 1970") from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise RefusedError(400, "the payload is not UTF-8") from None


def _json(body: bytes) -> Any:
    try:
        return json.loads(_text(body), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RefusedError(400, "the payload is not JSON") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)
