"""Groups so small that people could be recognised in them do not leave through any route."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.api.handler import handler
from syndic.bias.policy.kept import get_policy, set_policy
from syndic.models import CheckRequested, TimeWindow
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, NOW, SHIFTED, World
from tests.reading import check_bias


@pytest.mark.parametrize("least", [0, 301])
def test_small_groups_are_hidden_in_reports_and_trends(
    least: int, wire: Callable[[str], World], context: Context
) -> None:
    world = wire("governed")
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "now": NOW}
    policy = get_policy(MODEL, store=world.store).model_copy(update={"suppress_below": least})
    set_policy(MODEL, policy, actor="ada", **common)
    window = TimeWindow(start=SHIFTED, end=NOW.replace(hour=0))
    request = CheckRequested(check="bias", model_id=MODEL, window=window)
    check_bias(request, captures=world.captures, archive=world.archive, bus=world.bus, **common)

    def read(path: str) -> Any:
        response = handler(api_request("GET", f"/api/v1/models/{MODEL}/{path}", person="auditor"), context)
        assert response["statusCode"] == 200
        return json.loads(response["body"])

    groups = read("bias")["reports"][0]["attributes"]["sex"]["groups"]
    points = read("bias/history")["points"][0]["attributes"]["sex"]
    shown = None if least else 300  # 300 women and 300 men a day
    assert {group["n"] for group in groups.values()} == {shown}
    assert {group["n"] for group in points.values()} == {shown}
    assert bool(read("bias/history")["crossings"]) is not bool(least)
