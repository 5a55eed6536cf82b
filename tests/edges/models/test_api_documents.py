"""Documents over the API: recorded by their hash or written here, and read again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.handler import handler
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, World

PATH = f"/api/v1/models/{MODEL}/documents"
TEXT = "The gap follows income, which the law lets us consider. Forty rejected files were read again by hand."
JSON = {"content-type": "application/json"}
ABOUT = {"topic": "fairness_assessment", "title": "Young applicants", "dated": "2026-01-01"}
ELSEWHERE = {"location": "s3://docs/1", "sha256": "5" * 64}


def test_what_was_written_is_read_again_with_its_hash_and_its_name(
    wire: Callable[[str], World], context: Context
) -> None:
    wire("checked")
    written = handler(
        api_request("POST", PATH, headers=JSON, person="admin", body=json.dumps({**ABOUT, "text": TEXT})), context
    )
    assert written["statusCode"] == 201
    body = json.loads(handler(api_request("GET", PATH, person="auditor"), context)["body"])
    assert body["documents"][0] == json.loads(written["body"])
    assert body["documents"][0]["text"] == TEXT
    assert body["documents"][0]["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert body["documents"][0]["recorded_by"] == "ada"


@pytest.mark.parametrize(
    "wrong", [{}, {"location": "s3://docs/1"}, {"sha256": "5" * 64}, {"text": TEXT, **ELSEWHERE}, {"text": "short"}]
)
def test_it_is_either_here_or_elsewhere(wire: Callable[[str], World], context: Context, wrong: dict[str, Any]) -> None:
    wire("checked")
    refused = handler(
        api_request("POST", PATH, headers=JSON, person="admin", body=json.dumps({**ABOUT, **wrong})), context
    )
    assert refused["statusCode"] == 422
