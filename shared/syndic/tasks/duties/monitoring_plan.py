"""Monitoring plans: what runs, by policies, baseline, capture, routes and evidence, is held to what is planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from syndic.alerting.routing.dispatch import model_labels
from syndic.alerting.routing.kept import compiled, get_routing
from syndic.bias.policy.kept import get_policy as bias_policy
from syndic.canonical import sha256_of
from syndic.discovery.tags import read_tags
from syndic.drift.keys import baseline_key
from syndic.drift.policy.kept import get_policy as drift_policy
from syndic.errors import ConflictError, NotFoundError
from syndic.models import Concern, Noun, RegisteredModel, Severity, to_json
from syndic.policy import ModelPolicy, policy_key, rules_of
from syndic.ports import AuditTrail, EventBus, Store
from syndic.quality.policy.kept import get_policy as quality_policy
from syndic.records import get_model, list_evidence, list_models
from syndic.registers.entries import change_entry, get_entry, open_entry
from syndic.registers.listing import list_entries, standing
from syndic.registers.models import Standing
from syndic.registers.monitoring.following import differences, digest_of, missing_of, overdue, seen_now
from syndic.registers.monitoring.models import (
    KINDS,
    CheckName,
    Monitored,
    MonitoringPlan,
    PlanDifference,
    PlannedCheck,
    PlanState,
    PlanStatements,
)
from syndic.registers.monitoring.register import PLANS, approved, newest_approved, superseded, watched
from syndic.tasks.clouds import Clouds

ACTOR = "syndic/compliance"


class PlanFollowing(Noun):
    """Where a model's plan stands: the plan in force against what runs now, the draft, and what a new one lacks."""

    model_id: str
    plan: MonitoringPlan | None = Field(description="in force; null: none was approved")
    draft: MonitoringPlan | None = Field(description="the newest draft after it")
    running: Monitored = Field(description="what would be planned now")
    last_runs: dict[str, datetime] = Field(description="of each check the end of the newest window that it answered")
    overdue: tuple[str, ...]
    differences: tuple[PlanDifference, ...]
    missing: tuple[str, ...] = Field(description="what a plan drafted now lacks, the present statements taken over")
    standing: Standing | None
    follows: bool | None = Field(description="whether what is planned runs, as it is planned; null: nothing is planned")


def running_now(store: Store, model: RegisteredModel) -> Monitored:
    """How a model is monitored at present, by what is on record of it."""
    capture = model.endpoint.capture if model.endpoint else None
    captured = capture is not None and capture.enabled
    baseline = store.get(baseline_key(model.id))
    columns = model.capture_schema
    no_rows = (
        "its endpoint captures no traffic, and none is sent" if not captured
        else "it has no capture schema" if columns is None else ""
    )  # fmt: skip
    no_baseline = no_rows or ("" if baseline is not None else "it has no baseline")
    no_groups = no_rows or ("" if store.get(policy_key("bias", model.id)) is not None else "it has no fairness policy")
    quality = quality_policy(model.id, store=store)
    no_labels = no_baseline or (
        "no ground truth is expected: its schema names no label" if columns is None or columns.label is None
        else "" if quality.levels else "its quality policy declares no level"
    )  # fmt: skip
    checks: list[tuple[CheckName, ModelPolicy, str]] = [
        ("drift", drift_policy(model.id, store=store), no_baseline),
        ("quality", quality, no_baseline),
        ("performance", quality, no_labels),
        ("bias", bias_policy(model.id, store=store), no_groups),
    ]
    return Monitored(
        model_id=model.id,
        name=model.name,
        purpose=model.intended_purpose,
        owner=model.owner,
        version=model.served_version,
        window=model.window,
        lateness=model.lateness,
        label_delay_days=read_tags(model.tags).label_delay_days,
        captured=captured,
        sampling_percent=capture.sampling_percent if capture is not None and captured else None,
        columns_sha256=None if columns is None else sha256_of(columns),
        baseline_sha256=None if baseline is None else str(baseline.body["sha256"]),
        checks=tuple(_check(name, policy, why_not) for name, policy, why_not in checks),
        told=_told(store, model),
    )


def _check(name: CheckName, policy: ModelPolicy, why_not: str) -> PlannedCheck:
    rules: dict[str, JsonValue] = rules_of(policy)
    version = policy.version if policy.changed_at is not None else 0
    return PlannedCheck(
        check=name, runs=not why_not, why_not=why_not, policy_version=version, policy_sha256=sha256_of(rules),
        rules=rules,
    )  # fmt: skip


def _told(store: Store, model: RegisteredModel) -> tuple[str, ...]:
    """The receivers that an alert of high severity on the model reaches by the routing; owners only where one is."""
    labels = model_labels(model) | {"severity": Severity.HIGH.value, "concern": Concern.DRIFT.value}
    root = compiled(store, get_routing(store).routing)
    names = dict.fromkeys(node.receiver for node in root.reached(labels))
    return tuple(name for name in names if name != "owners" or model.owner is not None)


def last_runs(store: Store, model_id: str) -> dict[str, datetime]:
    """Of each check the end of the newest window that it answered, whatever the answer."""
    kinds = {kind: check for check, kind in KINDS.items()}
    return {
        kinds[one.kind]: one.window.end if one.window else one.produced_at
        for one in list_evidence(store, model_id)
        if one.kind in kinds
    }


def follow_plan(store: Store, model_id: str, *, now: datetime) -> PlanFollowing:
    """Where a model's plan stands now. Writes nothing."""
    model = get_model(store, model_id)
    plans = list(list_entries(PLANS, store, model_id=model_id))
    plan, running, runs = newest_approved(plans), running_now(store, model), last_runs(store, model_id)
    draft = max((one for one in plans if one.state == PlanState.DRAFT), key=lambda one: one.number, default=None)
    if draft is not None and plan is not None and draft.number < plan.number:
        draft = None
    newest = draft or plan
    late = () if plan is None else overdue(plan, runs, now)
    other = () if plan is None else differences(plan.content, running)
    return PlanFollowing(
        model_id=model_id,
        plan=plan,
        draft=draft,
        running=running,
        last_runs=runs,
        overdue=late,
        differences=other,
        missing=missing_of(running, PlanStatements() if newest is None else newest.statements),
        standing=None if newest is None else standing(PLANS, newest, now),
        follows=None if plan is None else not (late or other),
    )


def draft_plan(
    model_id: str,
    statements: PlanStatements,
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> MonitoringPlan:
    """Draft the next version of a plan from what runs now and what a person writes beside it.

    What was not written is taken over from the version before. The same draft again is the one that is there.
    """
    model = get_model(store, model_id)
    plans = list(list_entries(PLANS, store, model_id=model_id))
    before = max(plans, key=lambda one: one.number, default=None)
    given = statements.model_dump(exclude_unset=True)
    said = statements if before is None else before.statements.model_copy(update=given)
    content = running_now(store, model)
    digest = digest_of(content, said)
    if before is not None and before.state == PlanState.DRAFT and before.sha256 == digest and before.opened_by == actor:
        return change_entry(PLANS, before.id, lambda one: one, action="drafted", store=store, audit=audit, bus=bus,
                            actor=actor, now=now)  # fmt: skip
    number = 1 if before is None else before.number + 1
    values: dict[str, Any] = {
        "title": f"Monitoring plan no. {number}", "owner": model.owner or actor, "model_ids": (model_id,),
        "state": PlanState.DRAFT.value, "number": number, "content": content, "statements": said, "sha256": digest,
    }  # fmt: skip
    asked = {"model_id": model_id, "number": number, "sha256": digest}
    return open_entry(
        PLANS, asked, lambda own: MonitoringPlan.model_validate({**own, **values}), store=store, audit=audit, bus=bus,
        actor=actor, now=now,
    )  # fmt: skip


def approve_plan(
    model_id: str, plan_id: str, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> MonitoringPlan:
    """Approve a draft; the plan that was in force before is superseded.

    Raises `ConflictError` for a plan that is not complete, or when a later one is in force.
    """
    model, plan = get_model(store, model_id), plan_of(store, model_id, plan_id)
    common: dict[str, Any] = {"store": store, "audit": audit, "bus": bus, "actor": actor, "now": now}
    others = [one for one in list_entries(PLANS, store, model_id=model_id) if one.id != plan_id]
    later = newest_approved(others)
    if later is not None and later.number > plan.number:
        raise ConflictError(f"plan no. {later.number} is in force, which is later")

    def rule(one: MonitoringPlan) -> MonitoringPlan:
        held = one.model_copy(update={"approved_at": now})
        return approved(one, seen_now(held, running_now(store, model), last_runs(store, model_id), now), actor=actor,
                        now=now)  # fmt: skip

    result = change_entry(PLANS, plan_id, rule, action="approved", **common)
    for one in others:
        if one.state == PlanState.APPROVED and one.number < plan.number:
            change_entry(PLANS, one.id, lambda it: superseded(it, now), action="superseded", **common)
    return result


def plan_of(store: Store, model_id: str, plan_id: str) -> MonitoringPlan:
    """A version of a model's plan. Raises `NotFoundError`, also for a plan of another model."""
    plan = get_entry(PLANS, store, plan_id)
    if plan.model_id != model_id:
        raise NotFoundError(f"{model_id} has no plan {plan_id!r}")
    return plan


def watch_plans(clouds: Clouds, models: Iterable[RegisteredModel] | None = None) -> int:
    """Hold each plan in force to what runs; returns how many were seen to be otherwise than the day before."""
    store, now, changed = clouds.store, clouds.now(), 0
    for model in list_models(store) if models is None else models:
        plan = newest_approved(list(list_entries(PLANS, store, model_id=model.id)))
        if plan is None:
            continue
        seen = seen_now(plan, running_now(store, model), last_runs(store, model.id), now)
        if seen == plan.seen:
            continue
        action = "deviated" if seen.overdue or seen.differences else "followed"
        change_entry(
            PLANS, plan.id, lambda one, seen=seen: watched(one, seen),  # type: ignore[misc]
            action=action, store=store, audit=clouds.audit, bus=clouds.bus, actor=ACTOR, now=now,
            details={"overdue": list(to_json(seen)["overdue"]), "differences": list(to_json(seen)["differences"])},
        )  # fmt: skip
        changed += 1
    return changed
