"""The dashboard's files as the API serves them where there is no CloudFront."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from cdk.headers import HEADERS, content_security_policy
from functions.serving import serve

FILES = {
    "index.html": b"<!doctype html>",
    "config.json": b"{}",
    "assets/index-1.js": b"1",
    "assets/index-1.css": b"a{}",
    "mark.svg": b"<svg/>",
    "font.woff2": bytes(range(256)),
}
SENT = {**HEADERS, "Content-Security-Policy": content_security_policy("https://login.example")}


def get(path: str, name: str | None = None) -> dict[str, Any]:
    event = {"requestContext": {"stage": "prod", "path": path}, "pathParameters": {"file": name} if name else None}
    return serve(event, read=FILES.get, headers=SENT)


@pytest.mark.parametrize("name", [None, *FILES, "nothing.js", "../config.json", "assets/../../secret"])
def test_every_answer_carries_the_policy(name: str | None) -> None:
    answer = get(f"/prod/{name or ''}", name)
    assert SENT.items() <= answer["headers"].items()
    assert answer["statusCode"] == (200 if name is None or name in FILES else 404)


def test_the_page_is_at_the_stage_with_a_slash() -> None:
    assert get("/prod")["statusCode"] == 302
    assert get("/prod")["headers"]["Location"] == "/prod/"
    assert get("/prod/")["body"] == "<!doctype html>"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("assets/index-1.js", "text/javascript; charset=utf-8"),
        ("assets/index-1.css", "text/css; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
        ("config.json", "application/json"),
    ],
)
def test_a_text_is_sent_as_what_it_is(name: str, kind: str) -> None:
    answer = get(f"/prod/{name}", name)
    assert (answer["headers"]["Content-Type"], answer["isBase64Encoded"]) == (kind, False)
    assert answer["body"].encode() == FILES[name]


def test_other_bytes_arrive_whole() -> None:
    answer = get("/prod/font.woff2", "font.woff2")
    assert answer["isBase64Encoded"]
    assert base64.b64decode(answer["body"]) == FILES["font.woff2"]


def test_only_names_with_a_hash_are_kept_by_browsers() -> None:
    kept = {name for name in FILES if "immutable" in get(f"/prod/{name}", name)["headers"]["Cache-Control"]}
    assert kept == {"assets/index-1.js", "assets/index-1.css"}
