"""What the dashboard's first page is told: where every model stands, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.handler import handler
from syndic.adapters.memory import MemorySource
from syndic.discovery.discover import discover_models
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, NOW, World


@pytest.fixture
def read(wire: Callable[[str], World], context: Context) -> Callable[..., tuple[int, Any]]:
    wire("checked")

    def ask(path: str, query: str = "") -> tuple[int, Any]:
        response = handler(api_request("GET", f"/api/v1{path}", person="auditor", query=query), context)
        return response["statusCode"], json.loads(response["body"])

    return ask


def test_a_model_stands_where_its_evidence_and_its_requirements_say(read: Callable[..., tuple[int, Any]]) -> None:
    status, body = read("/dashboard/models")
    assert status == 200
    (standing,) = body["models"]
    _, drift = read(f"/models/{MODEL}/drift")
    assert standing["model"]["id"] == MODEL
    assert standing["evidence"]["drift.run"]["verdict"] == drift["verdict"]
    assert standing["evidence"]["drift.run"]["source"] == drift["id"]
    _, compliance = read(f"/models/{MODEL}/compliance")
    wanted = sum(status["counts"]["not_met"] for status in compliance["statuses"])
    assert standing["requirements"]["not_met"] == wanted
    assert read(f"/dashboard/models/{MODEL}") == (200, standing)


def test_a_model_that_does_not_exist_stands_nowhere(read: Callable[..., tuple[int, Any]]) -> None:
    assert read("/dashboard/models/nobody-000000")[0] == 404


def test_a_source_that_refuses_is_told_with_its_reason(wire: Callable[[str], World], context: Context) -> None:
    world = wire("checked")
    refusing = MemorySource("sagemaker 1/eu-west-1", refuse="access was denied")
    kept = {"store": world.store, "captures": world.captures, "bus": world.bus, "audit": world.audit}
    discover_models(sources=[refusing], now=NOW, **kept)
    response = handler(api_request("GET", "/api/v1/dashboard/models", person="auditor"), context)
    unavailable = json.loads(response["body"])["unavailable"]
    assert list(unavailable) == ["sagemaker 1/eu-west-1"]
    assert "access was denied" in unavailable["sagemaker 1/eu-west-1"]


def test_each_window_of_the_history_has_its_report(read: Callable[..., tuple[int, Any]]) -> None:
    _, history = read(f"/models/{MODEL}/drift/history")
    assert len(history["points"]) >= 2
    for point in history["points"]:
        window = "-".join(point["window"][end].replace("-", "").replace(":", "") for end in ("start", "end"))
        status, report = read(f"/models/{MODEL}/drift", f"window={window}")
        assert (status, report["id"]) == (200, point["report_id"])


@pytest.mark.parametrize(
    ("window", "status"),
    [("20990101T000000Z-20990102T000000Z", 404), ("20261301T000000Z-20261401T000000Z", 400), ("april", 422)],
)
def test_a_window_that_is_not_there_is_told_from_one_that_is_none(
    read: Callable[..., tuple[int, Any]], window: str, status: int
) -> None:
    found, body = read(f"/models/{MODEL}/drift", f"window={window}")
    assert found == status
    assert body["detail"]
