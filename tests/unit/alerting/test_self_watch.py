"""The platform tells of itself: what is wrong is raised once, and over when it is well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.alerting.alerts import list_alerts
from syndic.alerting.models import AlertState, Delivery
from syndic.alerting.models.routing import Route, Routing
from syndic.alerting.routing.kept import set_routing
from syndic.assessment import ORGANISATION
from syndic.audit.verification.daily import KIND
from syndic.discovery.keys import source_key
from syndic.discovery.models import KnownSource
from syndic.models import Evidence, EvidenceStatus, to_json
from syndic.ports import Key, Listing, Record
from syndic.records import put_evidence
from syndic.tasks import alerting
from tests.edges.world import NOW, World, alerted


def standing(world: World) -> list[tuple[str, str]]:
    alerts = list_alerts(world.store, now=world.moment, limit=100).alerts
    return sorted(
        (one.subject, one.severity.value)
        for alert in alerts
        if alert.model_id == "syndic" and alert.state is not AlertState.RESOLVED
        for one in alert.members
        if one.severity.rank
    )


@pytest.fixture
def world() -> World:
    return alerted()


def look(world: World) -> list[tuple[str, str]]:
    world.moment += timedelta(minutes=5)
    alerting.digest(world)  # type: ignore[arg-type]
    return standing(world)


def test_that_nobody_is_told_is_itself_told_and_over_when_somebody_is(world: World) -> None:
    common = {"store": world.store, "audit": world.audit, "actor": "ada", "now": NOW}
    assert look(world) == []
    gone = {"routing": {"route": {"receiver": "gone"}}, "version": 1, "changed_at": None, "changed_by": None}
    world.store.put(Record(Key("routing", "present"), gone))  # whose receiver was removed since
    assert look(world) == [("nobody told", "high")]
    writes = world.store._writes
    assert look(world) == [("nobody told", "high")]
    assert world.store._writes - writes <= 1, "it is told once"
    set_routing(Routing(route=Route(receiver="owners")), **common)  # type: ignore[arg-type]
    assert look(world) == []


def test_a_receiver_that_refuses_a_source_and_the_trail_are_told_of(world: World) -> None:
    refused = Delivery(receiver="on-call", tries=3, trouble="no such key")
    key = "on-call.x"
    world.store.put(Record(Key("deliveries", key), to_json(refused), listings=(Listing("deliveries.open", key),)))
    source = KnownSource(name="azure", unavailable="denied")
    world.store.put(Record(source_key("azure"), to_json(source)))
    put_evidence(world.store, Evidence(
        kind=KIND, model_id=ORGANISATION, status=EvidenceStatus.FAILING, summary="entry 7 was changed", source="s",
        sha256="x", produced_at=NOW,
    ))  # fmt: skip
    world.channels = None
    assert look(world) == [("receiver on-call", "high"), ("source azure", "medium"), ("trail", "critical")]
    world.store.put(Record(source_key("azure"), to_json(source.model_copy(update={"unavailable": None}))))
    assert ("source azure", "medium") not in look(world)
