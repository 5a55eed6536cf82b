"""The change log and the outbox, by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.discovery.keys import bookmark_key
from syndic.drift.keys import baseline_key, expectations_key, point_key
from syndic.errors import StaleWriteError, UnavailableError
from syndic.mirror.change_log import ChangeLog, GovernedInAws, azure_wants
from syndic.mirror.outbox import FromAws, OutboxBus, Route, deliver, from_azure, waiting
from syndic.mirror.rules import owner_of
from syndic.models import (
    CheckRequested,
    Cloud,
    Concern,
    CountRequested,
    Event,
    EvidenceChanged,
    Finding,
    FindingsChanged,
    RegisteredModel,
    Severity,
    TimeWindow,
)
from syndic.policy import policy_key
from syndic.ports import ABSENT, Key, Record, Write
from syndic.records import evidence_key, model_record
from tests.unit.mirror.two_clouds import DAY, ENDPOINT, NOW

WINDOW = TimeWindow(start=NOW.replace(hour=0), end=NOW.replace(hour=0) + DAY)
REPORT = Key("drift.m", "window")
NEWS = EvidenceChanged(model_id="m", kinds=("drift.run",))


class Refusing(MemoryStore):
    """Takes notes and refuses records, as when a function dies between the two."""

    def put(self, record: Record, *, expect: str | None = None) -> Record:
        raise UnavailableError("refused")

    def delete(self, key: Key, *, expect: str | None = None) -> None:
        raise UnavailableError("refused")


def noted(store: MemoryStore) -> list[tuple[str, str]]:
    return [(one.body["partition"], one.body["sort"]) for one in store.query("changes").records]


def model(cloud: Cloud, **more: Any) -> RegisteredModel:
    told = {"id": f"of-{cloud}", "name": "m", "endpoint": ENDPOINT.model_copy(update={"cloud": cloud}), **more}
    return RegisteredModel(cloud=cloud, registered_at=NOW, **told)


def test_a_change_is_noted_before_it_is_made() -> None:
    store = Refusing()
    log = ChangeLog(store, wanted=azure_wants, clock=lambda: NOW)

    with pytest.raises(UnavailableError):
        log.put(Record(REPORT, {}))
    with pytest.raises(UnavailableError):
        log.delete(Key("bias.m", "label.window"))

    assert sorted(noted(store)) == [("bias.m", "label.window"), ("drift.m", "window")]


def test_a_transaction_notes_each_of_its_records_and_keeps_its_condition() -> None:
    store = MemoryStore()
    log = ChangeLog(store, wanted=azure_wants, clock=lambda: NOW)
    writes = [Write(Record(Key("drift.m", sort), {}), ABSENT) for sort in ("a", "b")]

    log.put_together(writes)
    with pytest.raises(StaleWriteError):
        log.put_together(writes)

    assert {sort for _, sort in noted(store)} == {"a", "b"}


def test_what_stays_in_azure_is_not_noted() -> None:
    store = MemoryStore()
    log = ChangeLog(store, wanted=azure_wants, clock=lambda: NOW)
    for key in (
        bookmark_key("m"), expectations_key("m"), policy_key("drift", "m"), Key("audit", "head"), Key("alerts", "a"),
        Key("compliance.m", "eu_ai_act"), Key("map.run", "run"), evidence_key("m", "registry.profile"),
        Key("outbox", "x"), Key("mirror", "pushed"),
    ):  # fmt: skip
        log.put(Record(key, {}))
        assert owner_of(key) is not Cloud.AZURE

    assert noted(store) == []


def test_aws_notes_only_what_governs_models_in_azure() -> None:
    store = MemoryStore()
    log = ChangeLog(store, wanted=GovernedInAws(store), clock=lambda: NOW)
    imported = model(Cloud.AZURE, id="imported", endpoint=None)  # from a registry in Azure: nothing runs there
    for one in (model(Cloud.AWS), model(Cloud.AZURE), imported):
        log.put(model_record(one))
        for key in (
            policy_key("drift", one.id), evidence_key(one.id, "registry.profile"),
            evidence_key(one.id, "drift.run"), baseline_key(one.id), point_key(one.id, WINDOW),
        ):  # fmt: skip
            log.put(Record(key, {}))
    log.put(Record(Key("frameworks", "eu_ai_act"), {}))

    assert sorted(noted(store)) == [
        ("evidence.of-azure", "registry.profile"),
        ("frameworks", "eu_ai_act"),
        ("model.of-azure", "policy.drift"),
        ("models", "of-azure"),
    ]


@pytest.mark.parametrize(("concern", "route"), [(Concern.DRIFT, Route.BOTH), (Concern.COMPLIANCE, Route.HERE)])
def test_findings_of_checks_are_told_to_aws_and_those_of_compliance_are_not(concern: Concern, route: Route) -> None:
    given: dict[str, Any] = dict.fromkeys(("subject", "title", "reason", "remedy"), "x")
    finding = Finding(
        id="f", model_id="m", model_name="m", owner=None, concern=concern, severity=Severity.LOW, found_at=NOW, **given
    )

    assert from_azure(FindingsChanged(findings=(finding,))) is route


@pytest.mark.parametrize("cloud", [Cloud.AWS, Cloud.AZURE])
@pytest.mark.parametrize("kind", ["count", "check"])
def test_a_request_goes_to_the_cloud_of_its_model_and_nowhere_else(cloud: Cloud, kind: str) -> None:
    store, bus = MemoryStore(), MemoryBus()
    store.put(model_record(model(cloud)))
    request: CountRequested | CheckRequested = CheckRequested(check="drift", model_id=f"of-{cloud}", window=WINDOW)
    if kind == "count":
        request = CountRequested(checks=("drift",), model_id=f"of-{cloud}", window=WINDOW)

    OutboxBus(bus, store=store, route=FromAws(store)).publish([request, request])

    assert len(bus.published) == (2 if cloud is Cloud.AWS else 0)
    assert len(waiting(store)) == (0 if cloud is Cloud.AWS else 1)


def test_an_event_told_again_while_it_is_delivered_is_delivered_again() -> None:
    store, bus = MemoryStore(), MemoryBus()
    own = OutboxBus(MemoryBus(), store=store, route=from_azure)
    own.publish([NEWS])

    class Slow(MemoryBus):
        def publish(self, events: Sequence[Event]) -> None:
            super().publish(events)
            own.publish([NEWS])  # the evidence changed once more

    deliver(waiting(store), store=store, bus=Slow(), kinds=frozenset({"EvidenceChanged"}))
    deliver(waiting(store), store=store, bus=bus, kinds=frozenset({"EvidenceChanged"}))

    assert bus.published == [NEWS]
    assert waiting(store) == []


@pytest.mark.parametrize("body", [{"type": "ReportRequested", "job_id": "x"}, {"type": "EvidenceChanged", "model": 1}])
def test_what_is_no_event_for_the_receiver_is_not_published(body: dict[str, Any]) -> None:
    store, bus = MemoryStore(), MemoryBus()
    store.put(Record(Key("outbox", "forged"), body))

    assert deliver(waiting(store), store=store, bus=bus, kinds=frozenset({"EvidenceChanged"})) == 0
    assert bus.published == []
    assert waiting(store) == []


def test_an_event_is_in_the_outbox_before_it_is_published() -> None:
    store, bus = MemoryStore(), MemoryBus()
    bus.refuse = "down"

    with pytest.raises(UnavailableError):
        OutboxBus(bus, store=store, route=from_azure).publish([NEWS])

    assert len(waiting(store)) == 1
