"""The API's function behind a local HTTP server, as API Gateway would call it. For the fuzzer and for looking by hand.

Who is signed in follows from the bearer token: the name of one of `envelopes.PEOPLE`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.edges.envelopes import PEOPLE, api_request

Function = Callable[[dict[str, Any], Any], dict[str, Any]]


@contextmanager
def served(function: Function, context: object) -> Iterator[tuple[str, list[BaseException]]]:
    """Serve a function on a free port; gives the address and the list of exceptions that left the function."""
    broken: list[BaseException] = []
    one_at_a_time = threading.Lock()  # as one Lambda environment is

    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # headers and body in one write, or each answer waits 40 ms for a delayed ACK

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)) or None
            try:
                with one_at_a_time:
                    response = function(self.request_event(body), context)
            except Exception as error:  # noqa: BLE001 - the gateway answers 502 whatever the function did
                broken.append(error)
                response = {"statusCode": 502, "multiValueHeaders": {}, "body": ""}
            data = (response.get("body") or "").encode()
            self.send_response(response["statusCode"])
            for name, values in (response.get("multiValueHeaders") or {}).items():
                for value in values:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def request_event(self, body: bytes | None) -> dict[str, Any]:
            parts = urlsplit(self.path)
            token = (self.headers.get("authorization") or "").removeprefix("Bearer ")
            return api_request(
                self.command,
                unquote(parts.path, errors="replace"),
                query=parts.query,
                headers=dict(self.headers.items()),
                body=body,
                person=token if token.removeprefix("access:") in PEOPLE else None,
            )

        def __getattr__(self, name: str) -> Any:
            """Any method goes to the function: what is not offered is for it to say."""
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", broken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
