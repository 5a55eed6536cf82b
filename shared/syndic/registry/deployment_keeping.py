"""Keeping deployments: one open deployment an endpoint, conditional writes, and nobody left untold.

What a change has to tell (audit entries, findings, evidence) is stored with it and taken off once it is told, so that a
function that dies in between leaves it for the next one. Somebody may hear the same thing twice, never not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import (
    AuditEntry,
    Event,
    Evidence,
    EvidenceChanged,
    EvidenceStatus,
    Finding,
    FindingsChanged,
    Noun,
    to_json,
)
from syndic.ports import ABSENT, AuditTrail, EventBus, Listing, Record, Store, Write
from syndic.records import iterate, put_evidence
from syndic.registry.deployments import Deployment, DeploymentPage, DeploymentState, endpoint_slot
from syndic.registry.keys import DEPLOYMENTS, OPEN_DEPLOYMENTS, deployment_key, model_deployments, slot_key

KIND: Final = "registry.deployment"
MOST = 100
_LAST = 10**14
_TOLD_AS = {
    DeploymentState.COMPLETED: EvidenceStatus.PASSING,
    DeploymentState.ROLLED_BACK: EvidenceStatus.FAILING,
    DeploymentState.FAILED: EvidenceStatus.FAILING,
}


class Slot(Noun):
    """An endpoint's slot: how many deployments it had, and which one holds it now."""

    count: int = 0
    held_by: str | None = None


class Kept(Noun):
    """A deployment as it is stored, with what is still to be told of it."""

    deployment: Deployment
    untold: tuple[AuditEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: bool = Field(default=False, description="evidence of its end is still to be put")


def load(store: Store, deployment_id: str) -> tuple[Kept, str]:
    """A deployment as stored, and its etag. Raises `NotFoundError`."""
    record = store.get(deployment_key(deployment_id))
    if record is None:
        raise NotFoundError(f"no deployment has the id {deployment_id!r}")
    return Kept.model_validate(record.body), record.etag


def get_deployment(store: Store, deployment_id: str) -> Deployment:
    """A deployment. Raises `NotFoundError`."""
    return load(store, deployment_id)[0].deployment


def read_slot(store: Store, resource_id: str) -> tuple[Slot, str | None]:
    """The slot of an endpoint, and its etag; None when nothing was ever deployed to it by Syndic."""
    record = store.get(slot_key(endpoint_slot(resource_id)))
    return (Slot.model_validate(record.body), record.etag) if record else (Slot(), None)


def keep_new(deployment: Deployment, *, slot: Slot, slot_etag: str | None, store: Store, entry: AuditEntry) -> str:
    """Write a new deployment and give it its endpoint, both or neither; returns its etag.

    Raises:
        StaleWriteError: Another deployment took the endpoint at the same moment.
    """
    taken = Slot(count=slot.count + 1, held_by=deployment.id)
    place = slot_key(endpoint_slot(deployment.resource_id))
    _, record = store.put_together(
        [
            Write(Record(place, to_json(taken)), slot_etag or ABSENT),
            Write(_record(Kept(deployment=deployment, untold=(entry,))), ABSENT),
        ]
    )
    return record.etag


def keep_changed(kept: Kept, etag: str, *, store: Store) -> str:
    """Write a deployment that was changed, and its hold on the endpoint with it; returns its new etag.

    Raises:
        StaleWriteError: Somebody else changed the deployment, or took the endpoint, at the same moment.
        ConflictError: It wants the endpoint while another deployment holds it.
    """
    deployment = kept.deployment
    slot, slot_etag = read_slot(store, deployment.resource_id)
    if deployment.is_open and slot.held_by not in {None, deployment.id}:
        raise ConflictError(f"endpoint {deployment.endpoint} is held by deployment {slot.held_by}")
    wanted = deployment.id if deployment.is_open else None
    writes = [Write(_record(kept), etag)]
    if slot.held_by != wanted and slot.held_by in {None, deployment.id}:
        changed = slot.model_copy(update={"held_by": wanted})
        place = slot_key(endpoint_slot(deployment.resource_id))
        writes.append(Write(Record(place, to_json(changed)), slot_etag or ABSENT))
    return store.put_together(writes)[0].etag


def tell(deployment_id: str, *, store: Store, audit: AuditTrail, bus: EventBus) -> Deployment:
    """Tell what is still untold of a deployment, and mark it told."""
    kept, etag = load(store, deployment_id)
    deployment = kept.deployment
    if not (kept.untold or kept.findings or kept.evidence):
        return deployment
    if kept.untold:
        audit.append(*kept.untold)
    if kept.evidence:
        put_evidence(store, evidence_of(deployment))
    events: list[Event] = []
    if kept.findings:
        events.append(FindingsChanged(findings=kept.findings))
    if kept.evidence:
        events.append(EvidenceChanged(model_id=deployment.model_id, kinds=(KIND,)))
    if events:
        bus.publish(events)
    store.put(_record(Kept(deployment=deployment)), expect=etag)
    return deployment


def evidence_of(deployment: Deployment) -> Evidence:
    """How a deployment ended, as evidence on its model."""
    return Evidence(
        kind=KIND,
        model_id=deployment.model_id,
        status=_TOLD_AS.get(deployment.state, EvidenceStatus.INCONCLUSIVE),
        summary=f"version {deployment.version} on {deployment.endpoint}: {deployment.state}: {deployment.state_reason}",
        facts={
            "deployment": deployment.id,
            "version": deployment.version,
            "stage": deployment.target.value,
            "strategy": deployment.strategy.value,
            "state": deployment.state.value,
            "looks": deployment.looks,
        },
        source=f"deployment/{deployment.id}",
        sha256=sha256_of(deployment),
        produced_at=deployment.changed_at,
    )


def list_open(store: Store) -> list[str]:
    """The ids of every deployment that is on its way or has something untold, the one longest unchanged first."""
    found = [Kept.model_validate(record.body).deployment for record in iterate(store, OPEN_DEPLOYMENTS)]
    return [deployment.id for deployment in sorted(found, key=lambda one: (one.changed_at, one.id))]


def list_deployments(
    store: Store, *, model_id: str | None = None, limit: int = 50, token: str | None = None
) -> DeploymentPage:
    """One page of deployments, newest first: all, or those of a model."""
    if not 1 <= limit <= MOST:
        raise InvalidInputError(f"expected 1 to {MOST}", where="limit")
    partition = DEPLOYMENTS if model_id is None else model_deployments(model_id)
    page = store.query(partition, limit=limit, token=token)
    found = tuple(Kept.model_validate(record.body).deployment for record in page.records)
    return DeploymentPage(deployments=found, next_token=page.next_token)


def entry(deployment: Deployment, action: str, *, actor: str, **details: object) -> AuditEntry:
    """An audit entry on a deployment."""
    values: Mapping[str, object] = {
        "deployment": deployment.id, "version": deployment.version, "endpoint": deployment.endpoint,
        "state": deployment.state.value, "reason": deployment.state_reason, **details,
    }  # fmt: skip
    return AuditEntry.model_validate(
        {
            "action": action, "actor": actor, "subject": f"model/{deployment.model_id}",
            "at": deployment.changed_at, "details": values,
        }
    )  # fmt: skip


def _record(kept: Kept) -> Record:
    deployment = kept.deployment
    newest = f"{_LAST - int(deployment.asked_at.timestamp() * 1000):014d}.{deployment.id}"
    listings = [Listing(DEPLOYMENTS, newest), Listing(model_deployments(deployment.model_id), newest)]
    if deployment.is_open or kept.untold or kept.findings or kept.evidence:
        listings.append(Listing(OPEN_DEPLOYMENTS, deployment.id))
    return Record(deployment_key(deployment.id), to_json(kept), listings=tuple(listings))
