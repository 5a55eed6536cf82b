"""What people ask of deployments: plan one, cancel it, take it back. The cloud is only touched by `rollouts`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from syndic.changes import finish
from syndic.errors import ConflictError
from syndic.models import Cloud, Endpoint
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import get_model, retried
from syndic.registry.approvals.requests import policy_of
from syndic.registry.deployments.models import GATEWAY, Deployment, DeploymentEvent, DeploymentState, endpoint_slot
from syndic.registry.deployments.store import entry, get_deployment, keep_changed, keep_new, load, read_slot
from syndic.registry.keys import deployment_key, gateway_key
from syndic.registry.models import CanaryStep, Stage, Strategy
from syndic.registry.promotion.promote import GateRefusedError, judge_gate, read_stages
from syndic.registry.promotion.strategies import chosen, served_model
from syndic.registry.versions.lifecycle import require_stage_step
from syndic.registry.versions.queries import get_version


def plan_deployment(
    model_id: str,
    version: str,
    *,
    target: Stage,
    reason: str,
    endpoint_of: str | None = None,
    strategy: Strategy | None = None,
    steps: Sequence[CanaryStep] | None = None,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> Deployment:
    """Plan to serve a version from an endpoint; the next run of the rollouts function starts it.

    Asking again for what is already on its way returns it.

    Args:
        model_id: The model.
        version: Its version.
        target: The stage that the version is to reach: staging or production.
        reason: Why, for the audit trail.
        endpoint_of: The registered model whose endpoint is to serve the version; its own when left out.
        strategy: More care than the model's approval policy asks for; to production never less.
        steps: The steps of a canary.
        store: Records.
        audit: The audit trail.
        bus: Tells the other concerns.
        actor: Who asks.
        now: The time of asking.

    Raises:
        GateRefusedError: The gate to the target stage, with its unmet conditions.
        ConflictError: The endpoint is held by another deployment, is not one that can be moved, or the step is illegal.
        InvalidInputError: Steps that make no sense.
    """
    described = get_version(store, model_id, version)
    stage = read_stages(store, model_id).of.get(version, Stage.DEVELOPMENT)
    if stage is not target:
        require_stage_step(stage, target)
    endpoint = _endpoint(store, endpoint_of or model_id)
    if endpoint.told and endpoint_of not in {None, model_id}:
        raise ConflictError("the gateway serves versions of the model itself: leave endpoint_of out")
    policy = policy_of(store, model_id)
    how, when = chosen(policy, strategy=strategy, steps=steps, binding=target is Stage.PRODUCTION)
    if when[0].percent == 0 and not endpoint.told:
        raise ConflictError("only the gateway can copy requests: SageMaker's endpoints have no step of 0 %")
    slot, etag = read_slot(store, endpoint.resource_id)
    if slot.held_by is not None:
        same = _same_or_refuse(get_deployment(store, slot.held_by), model_id, version, target, how)
        finish(deployment_key(same.id), store=store, audit=audit, bus=bus)
        return same
    gate = judge_gate(model_id, version, target, store=store, now=now)
    if not gate.passed:
        raise GateRefusedError(gate)
    waits = "waits for the next run of the rollouts function"
    deployment = Deployment(
        id=f"{endpoint_slot(endpoint.resource_id)}-{slot.count + 1:06d}",
        model_id=model_id,
        version=version,
        version_sha256=described.content_sha256,
        target=target,
        endpoint_of=endpoint_of or model_id,
        endpoint=f"{GATEWAY}{model_id}" if endpoint.told else endpoint.name,
        resource_id=endpoint.resource_id,
        model_name=version if endpoint.told else served_model(described),
        strategy=how,
        steps=when,
        rollback=policy.rollback,
        policy=policy.name,
        reason=reason,
        state_reason=waits,
        asked_by=actor,
        asked_at=now,
        changed_at=now,
        history=(DeploymentEvent(at=now, by=actor, state=DeploymentState.PLANNED, reason=reason),),
    )
    told = entry(
        deployment, "deployment.planned", actor=actor, strategy=how.value, policy=policy.name, why=reason,
        steps=[[step.percent, step.minutes] for step in when],
    )  # fmt: skip
    keep_new(deployment, slot=slot, slot_etag=etag, entry=told, store=store, audit=audit, bus=bus)
    return deployment


def cancel_deployment(
    deployment_id: str, *, reason: str, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> Deployment:
    """Stop a deployment that is on its way. Once traffic was moved it goes back first.

    Raises:
        ConflictError: It has ended.
    """
    return _take_back(deployment_id, "cancelled", reason, store=store, audit=audit, bus=bus, actor=actor, now=now)


def roll_back_deployment(
    deployment_id: str, *, reason: str, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> Deployment:
    """Give the traffic back to the old version, also after the deployment was completed.

    The registry's stage follows once the old version serves again.

    Raises:
        ConflictError: It was not started, it was taken back already, or a later deployment was completed since.
    """
    return _take_back(deployment_id, "rolled_back", reason, store=store, audit=audit, bus=bus, actor=actor, now=now)


def _take_back(
    deployment_id: str,
    ends_as: str,
    reason: str,
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> Deployment:

    def step() -> Deployment:
        kept = load(store, deployment_id)
        deployment = kept.deployment
        if _was_asked(deployment, ends_as, reason, actor):
            finish(deployment_key(deployment_id), store=store, audit=audit, bus=bus)
            return deployment
        changed = _taken_back(store, deployment, ends_as, reason, actor=actor, now=now)
        told = entry(changed, f"deployment.{changed.state.value}", actor=actor, ends_as=ends_as)
        return keep_changed(changed, kept, entries=(told,), store=store, audit=audit, bus=bus).deployment

    return retried(step, what=f"deployment {deployment_id}")


def _was_asked(deployment: Deployment, ends_as: str, reason: str, actor: str) -> bool:
    """Whether it is going back, or this person has asked for just this: then asking again changes nothing."""
    if deployment.state is DeploymentState.RETURNING:
        return True
    back = {DeploymentState.RETURNING, DeploymentState.CANCELLED}
    asked = any(one.state in back and (one.by, one.reason) == (actor, reason) for one in deployment.history)
    return asked and deployment.ends_as == ends_as


def _taken_back(
    store: Store, deployment: Deployment, ends_as: str, reason: str, *, actor: str, now: datetime
) -> Deployment:
    """The deployment on its way back. Raises `ConflictError` when it cannot be taken back so."""
    cancelling = ends_as == "cancelled"
    if deployment.state is DeploymentState.COMPLETED:
        if cancelling:
            raise ConflictError(f"deployment {deployment.id} is completed: roll it back instead")
        _require_newest(store, deployment)
    state = DeploymentState.RETURNING
    if deployment.state is DeploymentState.PLANNED:
        if not cancelling:
            raise ConflictError(f"deployment {deployment.id} was not started: cancel it instead")
        state = DeploymentState.CANCELLED
    return deployment.moved(state, reason, by=actor, now=now, ends_as=ends_as, attempts=0)


def _endpoint(store: Store, model_id: str) -> Endpoint:
    endpoint = get_model(store, model_id).endpoint
    if endpoint is None:
        raise ConflictError(f"no endpoint of model {model_id} is known: name a registered model that has one")
    if endpoint.batch:
        raise ConflictError(
            f"model {model_id} answers in batch jobs, each with the version that it names: none is moved"
        )
    if endpoint.told:
        if store.get(gateway_key(model_id)) is None:
            raise ConflictError(f"model {model_id} is not served by the gateway, so its traffic cannot be moved")
        return endpoint
    if endpoint.cloud is not Cloud.AWS:
        raise ConflictError(f"endpoint {endpoint.name} is on {endpoint.cloud}: only SageMaker's traffic can be moved")
    return endpoint


def _same_or_refuse(holder: Deployment, model_id: str, version: str, target: Stage, strategy: Strategy) -> Deployment:
    wanted = (model_id, version, target, strategy)
    if (holder.model_id, holder.version, holder.target, holder.strategy) == wanted:
        return holder
    raise ConflictError(
        f"endpoint {holder.endpoint} is held by deployment {holder.id} of version {holder.version} ({holder.state})"
    )


def _require_newest(store: Store, deployment: Deployment) -> None:
    """What a later deployment put in place must not be undone by taking back an earlier one."""
    slot, _ = read_slot(store, deployment.resource_id)
    if slot.held_by is not None:
        raise ConflictError(f"endpoint {deployment.endpoint} is held by deployment {slot.held_by}")
    name, _, number = deployment.id.rpartition("-")
    for later in range(int(number) + 1, slot.count + 1):
        other = get_deployment(store, f"{name}-{later:06d}")
        if other.state is DeploymentState.COMPLETED:
            raise ConflictError(f"deployment {other.id} was completed since: take that one back")
