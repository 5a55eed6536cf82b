"""The documentation is served under a strict policy; a client is made from the description without a warning."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from functions.api.openapi import describe_api
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request

ROOT = Path(__file__).parents[3]


def fetched(path: str) -> tuple[int, dict[str, list[str]], str]:
    answer = handler(api_request("GET", PREFIX + path), Context())
    return answer["statusCode"], answer["multiValueHeaders"], answer["body"]


def test_description_is_served_to_everybody() -> None:
    status, headers, body = fetched("/openapi.json")

    assert (status, headers["Content-Type"]) == (200, ["application/json"])
    assert json.loads(body) == json.loads(json.dumps(describe_api()))


def test_page_asks_nothing_of_others_and_runs_nothing_inline() -> None:
    status, headers, page = fetched("/docs")

    assert (status, headers["Content-Type"]) == (200, ["text/html; charset=utf-8"])
    assert "'unsafe" not in headers["Content-Security-Policy"][0]
    assert "default-src 'none'" in headers["Content-Security-Policy"][0]
    assert not re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", page)
    places = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert places == ["docs/page.css", "docs/page.js", "openapi.json"]
    for place in places:
        status, headers, text = fetched(f"/{place}")
        assert status == 200, place
        assert "https://" not in text or place == "openapi.json"
        assert "innerHTML" not in text


def test_page_has_no_other_files() -> None:
    assert fetched("/docs/page.html")[0] == 422
    assert fetched("/docs/other.js")[0] == 404


def test_schema_titles_are_unique() -> None:
    schemas = describe_api()["components"]["schemas"]
    titles = Counter(schema["title"] for schema in schemas.values())

    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.slow
def test_a_client_is_made_without_a_warning(tmp_path: Path) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(ROOT / "docs" / "openapi.json")),
            *("--output-path", str(tmp_path / "client"), "--meta", "none", "--fail-on-warning"),
        ],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        cwd=tmp_path, capture_output=True, text=True, timeout=170, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-3000:]
    made = list((tmp_path / "client" / "api").rglob("*.py"))
    assert len(made) > 100
