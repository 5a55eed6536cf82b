"""Keeping deployments: one open deployment an endpoint, each change one commit with all that is to be told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from syndic.canonical import sha256_of
from syndic.changes import Change, Telling, commit
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
from syndic.record_versions import Schema, Upgraded, numbered
from syndic.records import iterate
from syndic.registry.deployments.models import Deployment, DeploymentPage, DeploymentState, endpoint_slot
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A deployment as it is stored; `untold` is what a release before schema 2 left untold inside the record."""

    deployment: Deployment
    etag: str
    untold: Telling


def _from_version_1(body: dict[str, Any]) -> Upgraded:
    """Before, what was to be told lay in the record: audit entries, findings, and whether evidence was due."""
    deployment = Deployment.model_validate(body["deployment"])
    due = bool(body.get("evidence"))
    findings = tuple(Finding.model_validate(one) for one in body.get("findings", ()))
    events: list[Event] = [FindingsChanged(findings=findings)] if findings else []
    untold = Telling(
        entries=numbered([AuditEntry.model_validate(one) for one in body.get("untold", ())]),
        evidence=(evidence_of(deployment),) if due else (),
        events=tuple(events + ([EvidenceChanged(model_id=deployment.model_id, kinds=(KIND,))] if due else [])),
    )
    return Upgraded({"deployment": body["deployment"]}, untold)


SCHEMA: Final = Schema("deployment", (_from_version_1,))


def kept(record: Record) -> Kept:
    """A stored deployment as this release has it."""
    read = SCHEMA.read(record)
    return Kept(Deployment.model_validate(read.body["deployment"]), record.etag, read.untold)


def load(store: Store, deployment_id: str) -> Kept:
    """A deployment as stored. Raises `NotFoundError`."""
    record = store.get(deployment_key(deployment_id))
    if record is None:
        raise NotFoundError(f"no deployment has the id {deployment_id!r}")
    return kept(record)


def get_deployment(store: Store, deployment_id: str) -> Deployment:
    """A deployment. Raises `NotFoundError`."""
    return load(store, deployment_id).deployment


def read_slot(store: Store, resource_id: str) -> tuple[Slot, str | None]:
    """The slot of an endpoint, and its etag; None when nothing was ever deployed to it by Syndic."""
    record = store.get(slot_key(endpoint_slot(resource_id)))
    return (Slot.model_validate(record.body), record.etag) if record else (Slot(), None)


def keep_new(
    deployment: Deployment,
    *,
    slot: Slot,
    slot_etag: str | None,
    entry: AuditEntry,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
) -> None:
    """Commit a new deployment and give it its endpoint, both or neither.

    Raises:
        StaleWriteError: Another deployment took the endpoint at the same moment.
    """
    taken = Slot(count=slot.count + 1, held_by=deployment.id)
    place = slot_key(endpoint_slot(deployment.resource_id))
    writes = [Write(deployment_record(deployment), ABSENT), Write(Record(place, to_json(taken)), slot_etag or ABSENT)]
    commit(Change(writes, deployment.changed_at, entries=(entry,)), store=store, audit=audit, bus=bus)


def keep_changed(
    deployment: Deployment,
    before: Kept,
    *,
    entries: Sequence[AuditEntry] = (),
    findings: tuple[Finding, ...] = (),
    evidence: bool = False,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
) -> Kept:
    """Commit a deployment that was changed, and its hold on the endpoint with it.

    Args:
        deployment: As it is now.
        before: As it was read.
        entries: For the audit trail.
        findings: For alerting.
        evidence: Whether it ended, which is evidence on its model.
        store: Records.
        audit: The audit trail.
        bus: Tells the other concerns.

    Raises:
        StaleWriteError: Somebody else changed the deployment, or took the endpoint, at the same moment.
        ConflictError: It wants the endpoint while another deployment holds it.
    """
    slot, slot_etag = read_slot(store, deployment.resource_id)
    if deployment.is_open and slot.held_by not in {None, deployment.id}:
        raise ConflictError(f"endpoint {deployment.endpoint} is held by deployment {slot.held_by}")
    wanted = deployment.id if deployment.is_open else None
    writes = [Write(deployment_record(deployment), before.etag)]
    if slot.held_by != wanted and slot.held_by in {None, deployment.id}:
        changed = slot.model_copy(update={"held_by": wanted})
        place = slot_key(endpoint_slot(deployment.resource_id))
        writes.append(Write(Record(place, to_json(changed)), slot_etag or ABSENT))
    events: list[Event] = [FindingsChanged(findings=findings)] if findings else []
    events += [EvidenceChanged(model_id=deployment.model_id, kinds=(KIND,))] if evidence else []
    change = Change(
        writes, deployment.changed_at, entries, (evidence_of(deployment),) if evidence else (), events, before.untold
    )
    return kept(commit(change, store=store, audit=audit, bus=bus)[0])


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
    """The ids of every deployment that is on its way, the one longest unchanged first."""
    found = [kept(record).deployment for record in iterate(store, OPEN_DEPLOYMENTS)]
    return [deployment.id for deployment in sorted(found, key=lambda one: (one.changed_at, one.id))]


def list_deployments(
    store: Store,
    *,
    model_id: str | None = None,
    state: DeploymentState | None = None,
    oldest_first: bool = False,
    limit: int = 50,
    token: str | None = None,
) -> DeploymentPage:
    """One page of deployments, newest first: all, or those of a model.

    With a `state` a page may be shorter than `limit` although more follow.
    """
    if not 1 <= limit <= MOST:
        raise InvalidInputError(f"expected 1 to {MOST}", where="limit")
    partition = DEPLOYMENTS if model_id is None else model_deployments(model_id)
    page = store.query(partition, descending=oldest_first, limit=limit, token=token)
    found = (kept(record).deployment for record in page.records)
    return DeploymentPage(
        deployments=tuple(one for one in found if state in {None, one.state}), next_token=page.next_token
    )


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


def deployment_record(deployment: Deployment) -> Record:
    """A deployment as it is stored, listed among all, among those of its model and, while it is on its way, as open."""
    newest = f"{_LAST - int(deployment.asked_at.timestamp() * 1000):014d}.{deployment.id}"
    listings = [Listing(DEPLOYMENTS, newest), Listing(model_deployments(deployment.model_id), newest)]
    if deployment.is_open:
        listings.append(Listing(OPEN_DEPLOYMENTS, deployment.id))
    body = SCHEMA.write({"deployment": to_json(deployment)})
    return Record(deployment_key(deployment.id), body, listings=tuple(listings))
