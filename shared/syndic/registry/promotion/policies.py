"""Verbs on approval policies: check, save, try on every model before anybody is bound by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from syndic.changes import Change, commit, finish
from syndic.errors import InvalidInputError
from syndic.expressions.evaluate import compile_expression
from syndic.models import AuditEntry, Noun, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import ASIDE, MODELS, retried
from syndic.registry.approvals.expressions import NAMES
from syndic.registry.keys import policy_key
from syndic.registry.models import ApprovalPolicy, GateResult, Stage, Strategy
from syndic.registry.promotion.promote import judge_gate, read_stages
from syndic.registry.promotion.strategies import checked_steps
from syndic.registry.versions.queries import list_versions
from syndic.spelling import first_problem


def read_policy(values: Mapping[str, Any], *, where: str = "policy") -> ApprovalPolicy:
    """A policy from JSON or YAML values, its expressions compiled. Raises `InvalidInputError` naming the field."""
    try:
        policy = ApprovalPolicy.model_validate(values)
    except ValidationError as error:
        place, sentence = first_problem(error, ApprovalPolicy)
        raise InvalidInputError(sentence, where=".".join(filter(None, (where, place)))) from error
    for name, text in policy.conditions.items():
        compile_expression(text, names=NAMES, where=f"{where}.conditions.{name}")
    if policy.auto_approve is not None:
        compile_expression(policy.auto_approve, names=NAMES, where=f"{where}.auto_approve")
    if policy.strategy is Strategy.CANARY:
        checked_steps(policy.canary_steps, where=f"{where}.canary_steps")
    if policy.from_roles and len({*policy.roles, *policy.from_roles}) < policy.approvers:
        raise InvalidInputError(
            f"{policy.approvers} approvers of different roles are asked for, but only "
            f"{len({*policy.roles, *policy.from_roles})} roles are named",
            where=f"{where}.from_roles",
        )
    if len(policy.roles) > policy.approvers:
        raise InvalidInputError(
            f"{len(policy.roles)} roles must agree but only {policy.approvers} approvers are asked for",
            where=f"{where}.approvers",
        )
    return policy


def save_policy(
    policy: ApprovalPolicy, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> ApprovalPolicy:
    """Save a policy under its name. Requests already made keep the policy they were made under."""
    read_policy(to_json(policy))
    key = policy_key(policy.name)
    details = {"concern": "approval", "policy": policy.name, "sha256": policy.sha256}
    entry = AuditEntry(
        action="policy.changed", actor=actor, subject=f"policy/{policy.name}", at=now, details=dict(details)
    )

    def step() -> ApprovalPolicy:
        present = store.get(key)
        if present is not None and ApprovalPolicy.model_validate(present.body) == policy:
            finish(key, store=store, audit=audit)
        else:
            writes = (Write(Record(key, to_json(policy)), present.etag if present else ABSENT),)
            commit(Change(writes, now, entries=(entry,)), store=store, audit=audit)
        return policy

    return retried(step, what=f"policy {policy.name}")


class Trial(Noun):
    """What a policy would say of one version now."""

    model_id: str
    version: str
    result: GateResult


class Trials(Noun):
    """What a policy would say of some models and, when there may be more, the token that continues after them."""

    trials: tuple[Trial, ...]
    next_token: str | None = None


def try_policy(
    policy: ApprovalPolicy, *, store: Store, now: datetime, limit: int = 20, token: str | None = None
) -> Trials:
    """Judge each model's production version, or its newest, as if it were under the policy. Changes nothing.

    Looks at `limit` models by id; those without a version are left out.
    """
    page = store.query(MODELS, end=ASIDE, limit=limit, token=token)
    trials: list[Trial] = []
    for record in page.records:
        model_id = record.key.sort
        versions = {version.version: version for version in list_versions(store, model_id)}
        if not versions:
            continue
        newest = max(versions.values(), key=lambda version: version.created_at).version
        name = read_stages(store, model_id).production or newest
        result = judge_gate(model_id, name, Stage.PRODUCTION, store=store, now=now, policy=policy)
        trials.append(Trial(model_id=model_id, version=name, result=result))
    return Trials(trials=tuple(trials), next_token=page.next_token)
