"""Lists are filtered and turned round; a filter that a list does not have is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from syndic.registry.models import ModelVersion
from syndic.registry.versions.versions import add_version
from syndic_client import errors
from tests.edges.calling import Gateway
from tests.edges.deploying import add_deployment
from tests.edges.world import MODEL, NOW, World


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    world = wire("checked")
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    for name in ("1", "2", "3"):
        add_version(ModelVersion(model_id=MODEL, version=name, created_at=NOW, created_by="setup"), **common)
    add_deployment(world)
    return world


def test_each_list_is_filtered_and_turned_round(world: World) -> None:
    client = Gateway().client()
    first = client.registry.request_approval(MODEL, "1")
    world.moment += timedelta(minutes=20)
    second = client.registry.request_approval(MODEL, "2")
    client.reports.request(framework="soc2", model_ids=(MODEL,), format="csv")
    for requirement, due in (("AIA-10", "2026-06-01"), ("AIA-11", "2026-07-01")):
        client.compliance.open_remediation(
            MODEL, framework_id="eu_ai_act", requirement_id=requirement, title="Write it down",
            owner="olga@example.org" if due < "2026-07" else "otto@example.org", due=due,
        )  # fmt: skip
    deployed = client.deployments.list().all()[0]

    assert [one.version for one in client.registry.versions(MODEL, order="descending", page_size=1)][-1] == "1"
    assert [one.version for one in client.registry.versions(MODEL, stage="development")][:1] == ["1"]
    assert client.registry.versions(MODEL, stage="archived").all() == []
    assert [one.id for one in client.registry.approvals(MODEL, order="ascending")] == [first.id, second.id]
    assert [one.id for one in client.registry.approvals(MODEL, state="pending")] == [second.id, first.id]
    assert client.registry.approvals(MODEL, state="rejected").all() == []
    assert [one.id for one in client.deployments.list(state=deployed.state)] == [deployed.id]
    assert client.deployments.list(model=MODEL, state="failed", order="ascending").all() == []
    assert len(client.reports.list(state="queued").all()) == 1
    assert client.reports.list(state="done", order="ascending").all() == []
    assert [one.requirement_id for one in client.compliance.remediations(order="descending")] == ["AIA-11", "AIA-10"]
    assert [one.requirement_id for one in client.compliance.remediations(owner="otto@example.org")] == ["AIA-11"]
    assert client.compliance.remediations(status="closed").all() == []


@pytest.mark.parametrize("query", [{"state": "sleeping"}, {"order": "random"}, {"status": "queued"}])
def test_a_filter_that_is_none_is_refused(query: dict[str, Any], world: World) -> None:
    with pytest.raises(errors.InvalidRequestError):
        Gateway().client().request("GET", "/compliance/reports", query=query)
