"""How tests and the demonstration speak to the host, on the loopback only.

GET /status, POST /timers/<name>, and below /api/ the functions that answer HTTP.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from demo.azure_host.host import Host
from demo.azure_host.requests import PREFIX


class Control(ThreadingHTTPServer):
    """The host's small server."""

    daemon_threads = True

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop, port: int) -> None:
        super().__init__(("127.0.0.1", port), Answers)
        self.host, self.loop = host, loop

    def start(self) -> None:
        """Answer in a thread of its own."""
        Thread(target=self.serve_forever, daemon=True).start()

    def ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the host's loop."""
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return future.result()


class Answers(BaseHTTPRequestHandler):
    """One request."""

    server: Control

    def do_GET(self) -> None:
        """Tell the status."""
        if self.path.startswith(PREFIX):
            self._hand_over()
        elif self.path == "/status":
            self._answer(200, self.server.ask(self.server.host.status()))
        else:
            self._answer(404, {"error": f"nothing is at {self.path}"})

    def do_POST(self) -> None:
        """Fire a timer and wait for its end. A page in a browser may not: its requests name their origin."""
        if self.headers.get("Origin"):
            self._answer(403, {"error": "not from a browser"})
            return
        if self.path.startswith(PREFIX):
            self._hand_over()
            return
        outcome = self.server.ask(self.server.host.fire(self.path.removeprefix("/timers/")))
        if outcome is None:
            self._answer(404, {"error": f"no timer is at {self.path}"})
        else:
            self._answer(200 if outcome.error is None else 500, {"error": outcome.error})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's name
        """Say nothing: calls are told by the host."""

    def _hand_over(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self.server.ask(self.server.host.routes.answer(self.command, self.path, dict(self.headers), body))
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
