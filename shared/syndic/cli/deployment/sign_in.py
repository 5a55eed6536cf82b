"""``syndic sign-in``: an ID token for the API, by the user pool's own pages (code flow with PKCE, RFC 8252)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import click
import urllib3

from syndic.cli.shell.outcomes import ExitCode
from syndic.cli.shell.settings import read_cli_settings
from syndic.errors import InvalidInputError, NotAllowedError, UnavailableError

PORTS: Final = (8765, 8766, 8767)
"""Loopback ports to which the pool's client may send the browser back (`cdk/constructs/users.py`)."""

SCOPES: Final = "openid email profile"
TIMEOUT: Final = urllib3.Timeout(connect=5, read=20)


@click.command("sign-in")
@click.argument("address", metavar="URL")
@click.option("--refresh-token", is_flag=True, help="Print the refresh token, for a pipeline's secret, instead.")
@click.option("--no-browser", is_flag=True, help="Only print the address of the sign-in page.")
def command(*, address: str, refresh_token: bool, no_browser: bool) -> int:
    """Sign in to the dashboard at URL and print an ID token, which lasts an hour.

    export SYNDIC_TOKEN=$(syndic sign-in https://d111.cloudfront.net)

    A pipeline has no browser: give it a refresh token as SYNDIC_REFRESH_TOKEN (30 days), and the same command prints an
    ID token without asking anybody.
    """
    config = read_config(address)
    kept = read_cli_settings().refresh_token
    if kept:
        tokens = exchange(config, {"grant_type": "refresh_token", "refresh_token": kept})
    else:
        tokens = by_browser(config, opens=not no_browser)
    name = "refresh_token" if refresh_token else "id_token"
    if name not in tokens:
        raise UnavailableError(f"{config['loginUrl']} gave no {name}")
    click.echo(tokens[name])
    return ExitCode.NOTHING_FOUND


def read_config(address: str) -> dict[str, str]:
    """What the dashboard says of its user pool."""
    url = f"{address.rstrip('/')}/config.json"
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise InvalidInputError("only https", where="URL")
    found = _ask("GET", url)
    if not isinstance(found.get("loginUrl"), str) or not isinstance(found.get("userPoolClientId"), str):
        raise InvalidInputError(f"{url} names no user pool: is this the dashboard's address?", where="URL")
    return {name: str(found[name]).rstrip("/") for name in ("loginUrl", "userPoolClientId")}


def by_browser(config: Mapping[str, str], *, opens: bool) -> dict[str, Any]:
    """Let the person sign in, and take the answer on a port of this machine."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    with _listener() as server:
        home = f"http://localhost:{server.server_address[1]}/"
        query = {
            "response_type": "code", "client_id": config["userPoolClientId"], "redirect_uri": home, "scope": SCOPES,
            "state": state, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        page = f"{config['loginUrl']}/oauth2/authorize?{urlencode(query)}"
        click.echo(f"Sign in at {page}", err=True)
        if opens:
            click.launch(page)
        while server.answer is None:
            server.handle_request()
    answer = server.answer
    if answer.get("state") != state:
        raise NotAllowedError("the browser came back with an answer to another question; try again")
    if "code" not in answer:
        raise NotAllowedError(f"signing in was refused: {answer.get('error_description') or answer.get('error')}")
    fields = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": home}
    return exchange(config, {**fields, "code_verifier": verifier})


def exchange(config: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, Any]:
    """Tokens for a code or a refresh token. Raises `NotAllowedError` when it is not taken."""
    return _ask("POST", f"{config['loginUrl']}/oauth2/token", {**fields, "client_id": config["userPoolClientId"]})


class _Listener(HTTPServer):
    """Waits for the browser."""

    answer: dict[str, str] | None = None


class _Answered(BaseHTTPRequestHandler):
    """The browser's way back."""

    server: _Listener

    def do_GET(self) -> None:
        """Take the answer; say that the page can be closed."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        answers = "code" in query or "error" in query
        if answers:
            self.server.answer = query
        body = b"You can close this page.\n" if answers else b"nothing here\n"
        self.send_response(200 if answers else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the address holds the code."""


def _listener() -> _Listener:
    for port in PORTS:
        try:
            return _Listener(("127.0.0.1", port), _Answered)
        except OSError:
            continue
    raise UnavailableError(f"the ports {', '.join(map(str, PORTS))} are taken: free one of them")


def _ask(method: str, url: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    host = urlsplit(url).netloc
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    body = urlencode(dict(fields)) if fields else None
    try:
        answer = urllib3.request(
            method, url, body=body, headers=headers, redirect=False, retries=False, timeout=TIMEOUT
        )
    except urllib3.exceptions.HTTPError as error:
        raise UnavailableError(f"{host} does not answer: {type(error).__name__}") from error
    if fields and answer.status in {400, 401, 403}:
        raise NotAllowedError(f"{host} does not take it: sign in again")
    try:
        found = json.loads(answer.data) if answer.status == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnavailableError(f"{host} answered {answer.status} without what was asked for")
    return found
