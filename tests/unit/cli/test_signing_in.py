"""`syndic sign-in` against a user pool of this process: the browser is a thread."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import click
import pytest
import urllib3

from syndic.cli.deployment.sign_in import PORTS
from syndic.cli.shell.frame import run
from syndic.cli.shell.settings import REFRESH_TOKEN

pytestmark = pytest.mark.enable_socket


class Pool(ThreadingHTTPServer):
    """Authorize, token and the dashboard's configuration."""

    daemon_threads = True
    challenge = ""
    refuses = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Pool

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/config.json":
            return self._send(200, {"loginUrl": self.server.address, "userPoolClientId": "client"})
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.challenge = query["code_challenge"]
        answer = {"error": "access_denied"} if self.server.refuses else {"code": "c1"}
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(text).items()}
        proof = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(proof).decode().rstrip("=") == self.server.challenge
        if fields.get("refresh_token") == "good":
            return self._send(200, {"id_token": "id-2"})
        if fields["grant_type"] == "authorization_code" and fields["code"] == "c1" and proven:
            return self._send(200, {"id_token": "id-1", "refresh_token": "r-1"})
        return self._send(400, {"error": "invalid_grant"})

    def _send(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    monkeypatch.delenv(REFRESH_TOKEN, raising=False)
    server = Pool(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()

    def browse(page: str, **_: Any) -> int:
        way_back = urllib3.request("GET", page, redirect=False).headers["Location"].replace("localhost", "127.0.0.1")
        threading.Thread(target=urllib3.request, args=("GET", way_back), daemon=True).start()
        return 0

    monkeypatch.setattr(click, "launch", browse)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_person_gets_an_id_token_and_nothing_else_on_the_output(
    pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sign-in", pool.address]) == 0
    said = capsys.readouterr()
    assert said.out == "id-1\n"
    assert re.search(rf"redirect_uri=http%3A%2F%2Flocalhost%3A({'|'.join(map(str, PORTS))})%2F", said.err)


def test_a_pipeline_gets_one_without_a_browser(
    pool: Pool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["sign-in", pool.address, "--refresh-token"]) == 0
    assert capsys.readouterr().out == "r-1\n"
    monkeypatch.setenv(REFRESH_TOKEN, "good")
    assert run(["sign-in", pool.address]) == 0
    assert capsys.readouterr().out == "id-2\n"
    monkeypatch.setenv(REFRESH_TOKEN, "expired")
    assert run(["sign-in", pool.address]) == 2
    assert "sign in again" in capsys.readouterr().err


def test_a_refusal_is_one_sentence(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    pool.refuses = True
    assert run(["sign-in", pool.address]) == 2
    assert "signing in was refused: access_denied" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["http://dashboard.example.com", "ftp://x"])
def test_no_token_is_asked_for_over_plain_http(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sign-in", address]) == 2
    assert "only https" in capsys.readouterr().err
