"""Every `curl` in a block of the documentation is sent to the real handler as it stands, with ids that exist."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from functions.api.handler import handler
from syndic.models import to_json
from tests.edges.access.test_api_access import filler
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, SCHEMA, World

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
ID = re.compile(r"\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{6}\b")
ELSEWHERE = {
    "gateway.md": "sent to a model that is served, with its row, in tests/edges/gateway/test_gateway.py",
}
NOT_ALONE = {("POST", "/auth/login"): 401, ("PUT", "/models/{model}/drift/policy"): 412}
"""A password that nobody has, and the ETag of a policy that is another by now."""


@dataclass
class Sent:
    """What `curl` is told to send."""

    method: str | None = None
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


def documented() -> list[tuple[str, str]]:
    """Page and command of each."""
    found: list[tuple[str, str]] = []
    for page in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "client" / "README.md"]:
        for block in BLOCK.findall(page.read_text("utf-8")) if page.name not in ELSEWHERE else ():
            commands = re.findall(r"^\$? ?(curl .*?)(?=^\$? ?curl |^[a-z{#]|\Z)", block, re.MULTILINE | re.DOTALL)
            found += [(page.name, command.replace("\\\n", " ").strip()) for command in commands]
    return found


def read_command(command: str) -> Sent:
    sent, rest = Sent(), iter(shlex.split(command, comments=True)[1:])
    for word in rest:
        if word == "|":
            break
        if word == "-X":
            sent.method = next(rest)
        elif word == "-H":
            name, _, text = next(rest).partition(": ")
            sent.headers[name] = text
        elif word == "-d":
            sent.body = next(rest)
        elif not word.startswith("-"):
            sent.address = word
    return sent


@pytest.mark.parametrize(("page", "command"), documented(), ids=lambda one: one[:70])
def test_a_documented_request_is_answered(page: str, command: str, wire: Callable[[str], World]) -> None:
    fill = filler(wire("checked"))
    sent = read_command(command)

    def ask(method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        answer = handler(api_request(method, path, headers=headers, body=body, person="admin"), Context())
        return answer["statusCode"], json.loads(answer["body"])

    model = MODEL
    if sent.address.endswith("/captures"):  # of a model that runs on neither cloud
        outside = json.dumps({"name": "Scoring", "capture_schema": to_json(SCHEMA)})
        model = ask("POST", "/api/v1/models", outside, {"content-type": "application/json"})[1]["id"]
    path = urlsplit(sent.address.replace("$SYNDIC_API", "").replace("$API", "/api/v1")).path
    path = ID.sub(model, path).replace("/reports/ID", fill("/reports/<report_id>"))
    method = sent.method or ("GET" if sent.body is None else "POST")
    status, answer = ask(method, path, sent.body and ID.sub(model, sent.body), sent.headers)

    route = (method, path.removeprefix("/api/v1").replace(MODEL, "{model}"))
    assert status in ({NOT_ALONE[route]} if route in NOT_ALONE else {200, 201, 202}), (page, answer)


def test_pages_have_documented() -> None:
    assert len(documented()) >= 7
    assert all((ROOT / "docs" / page).exists() for page in ELSEWHERE)
