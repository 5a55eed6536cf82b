"""Eight people plan a deployment to one endpoint at the same moment, on every store: one of them gets it."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus
from syndic.errors import ConflictError, StaleWriteError
from syndic.ports import Store
from syndic.registry.deployments.models import Deployment, DeploymentState, endpoint_slot
from syndic.registry.deployments.store import (
    entry,
    keep_changed,
    keep_new,
    list_deployments,
    list_open,
    load,
    read_slot,
)
from syndic.registry.models import CanaryStep, RollbackConditions, Stage, Strategy

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def planned(resource: str, number: int, person: str) -> Deployment:
    return Deployment(
        id=f"{endpoint_slot(resource)}-{number:06d}", model_id=f"car-loan-{resource[-6:]}", version="2",
        version_sha256="2" * 64, target=Stage.STAGING, endpoint_of="car-loan", endpoint="car-loan",
        resource_id=resource, model_name="car-loan-2", strategy=Strategy.BLUE_GREEN, steps=(CanaryStep(percent=100),),
        rollback=RollbackConditions(), policy="basic", reason="to be tried out", state_reason="waits",
        asked_by=person, asked_at=NOW, changed_at=NOW,
    )  # fmt: skip


def test_one_of_many_gets_the_endpoint_and_it_is_free_again_at_the_end(store: Store) -> None:
    resource = f"arn:aws:sagemaker:r:1:endpoint/{uuid.uuid4().hex}"

    audit = MemoryAudit()

    def plan(person: str) -> str | None:
        slot, etag = read_slot(store, resource)
        deployment = planned(resource, slot.count + 1, person)
        if slot.held_by is not None:
            return None
        try:
            keep_new(
                deployment,
                slot=slot,
                slot_etag=etag,
                store=store,
                entry=entry(deployment, "x", actor=person),
                audit=audit,
                bus=MemoryBus(),
            )
        except StaleWriteError:
            return None
        return person

    with ThreadPoolExecutor(8) as pool:
        won = [person for person in pool.map(plan, [f"person-{number}" for number in range(8)]) if person]

    (page,) = [list_deployments(store, model_id=f"car-loan-{resource[-6:]}")]
    assert [one.asked_by for one in page.deployments] == won
    assert len(won) == 1
    (deployment,) = page.deployments
    assert read_slot(store, resource)[0].held_by == deployment.id
    assert deployment.id in list_open(store)

    kept = load(store, deployment.id)
    changed = deployment.moved(DeploymentState.CANCELLED, "no longer wanted", by="ann", now=NOW)
    keep_changed(changed, kept, store=store, audit=audit, bus=MemoryBus())
    assert read_slot(store, resource)[0].held_by is None
    assert audit.actions == ["x"]
    assert deployment.id not in list_open(store)
    with pytest.raises(StaleWriteError):
        keep_changed(changed, kept, store=store, audit=audit, bus=MemoryBus())


def test_an_ended_deployment_does_not_take_back_an_endpoint_that_another_holds(store: Store) -> None:
    resource = f"arn:aws:sagemaker:r:1:endpoint/{uuid.uuid4().hex}"
    first, audit, bus = planned(resource, 1, "ann"), MemoryAudit(), MemoryBus()
    slot, etag = read_slot(store, resource)
    keep_new(first, slot=slot, slot_etag=etag, store=store, entry=entry(first, "x", actor="ann"), audit=audit, bus=bus)
    kept = load(store, first.id)
    ended = first.model_copy(update={"state": DeploymentState.COMPLETED})
    kept = keep_changed(ended, kept, store=store, audit=audit, bus=bus)
    slot, etag = read_slot(store, resource)
    second = planned(resource, 2, "bob")
    keep_new(
        second, slot=slot, slot_etag=etag, store=store, entry=entry(second, "x", actor="bob"), audit=audit, bus=bus
    )
    back = ended.moved(DeploymentState.RETURNING, "a customer complained", by="ann", now=NOW, ends_as="rolled_back")
    with pytest.raises(ConflictError, match=f"held by deployment {second.id}"):
        keep_changed(back, kept, store=store, audit=audit, bus=bus)
    assert read_slot(store, resource)[0].held_by == second.id
