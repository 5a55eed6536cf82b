"""Verbs on stages: judge the gate, promote, move back, roll back, waive a condition."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from syndic.changes import AGAIN, finish
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError
from syndic.models import ComplianceStatus, RegisteredModel, RiskLevel, to_json
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import get_model, list_evidence, retried
from syndic.registry.approvals.expressions import answer
from syndic.registry.approvals.requests import current_request, policy_of
from syndic.registry.keys import stages_key
from syndic.registry.models import (
    ApprovalPolicy,
    GateResult,
    ModelVersion,
    Stage,
    StageChange,
    Stages,
    Waiver,
    numbers_in,
)
from syndic.registry.promotion.compliance_run import compliance_run, is_asked_by
from syndic.registry.promotion.gate import NEVER_WAIVED, Case, judge
from syndic.registry.promotion.stage_changes import keep_refusal, keep_stages, records_judged
from syndic.registry.versions.change_version import change_version
from syndic.registry.versions.lifecycle import lifecycle, require_stage_step
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.stage_listing import follow_stages


class GateRefusedError(ConflictError):
    """A promotion was refused. `result` lists each unmet condition."""

    code = "gate_refused"

    def __init__(self, result: GateResult) -> None:
        self.result = result
        unmet = "; ".join(f"{condition.name}: {condition.reason}" for condition in result.unmet)
        super().__init__(f"version {result.version} may not go to {result.target}: {unmet}")

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """Every unmet condition: a list that is cut would be wrong."""
        return tuple((one.name, one.reason) for one in self.result.unmet)


def read_stages(store: Store, model_id: str) -> Stages:
    """The stage of every version of a model; a version without one is in development."""
    record = store.get(stages_key(model_id))
    return Stages(model_id=model_id) if record is None else Stages.model_validate(record.body)


def judge_gate(
    model_id: str, version: str, target: Stage, *, store: Store, now: datetime, policy: ApprovalPolicy | None = None
) -> GateResult:
    """Judge whether a version may reach a stage now, under the model's policy or the one given. Changes nothing."""
    if target not in lifecycle().gates:
        raise InvalidInputError(f"there is no gate to {target}; gates lead to staging and production", where="stage")
    model, described = get_model(store, model_id), get_version(store, model_id, version)
    policy, stages = policy or policy_of(store, model_id), read_stages(store, model_id)
    evidence = {item.kind: item for item in list_evidence(store, model_id)}
    standing = compliance_run(store, model_id, now=now) if is_asked_by(policy) else None
    if standing is not None:
        evidence[standing.kind] = standing
    facts: dict[str, object] = {
        "model": to_json(model),
        "version": _facts_of(described),
        "evidence": {kind: to_json(item) for kind, item in evidence.items()},
        "production": _production_facts(store, stages),
    }
    case = Case(
        model=model,
        version=described,
        target=target,
        policy=policy,
        evidence=evidence,
        request=current_request(store, model_id, version, target, now=now),
        expressions={name: answer(text, facts) for name, text in policy.conditions.items()},
        auto_approved=policy.auto_approve is not None and answer(policy.auto_approve, facts) is True,
        now=now,
        follows=_followed(stages, version),
    )
    return judge(case)


def promote(
    model_id: str,
    version: str,
    target: Stage,
    *,
    reason: str,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    bus: EventBus | None = None,
) -> Stages:
    """Move a version one legal step. To staging and production only through the gate.

    A version that reaches production sends the one that was there to the archive, in the same write, and leaves
    evidence on how it was tested and approved. Compliance hears of it through `bus`, or looks at it within a day.

    Raises:
        ConflictError: The step is not legal from where the version is.
        GateRefusedError: The gate's unmet conditions.
        StaleWriteError: Stages, version or approval were changed by others each time it was tried.
    """

    def step() -> Stages:
        etag, stages = _load(store, model_id)
        source = stages.of.get(version, Stage.DEVELOPMENT)
        if source is target:
            get_version(store, model_id, version)
            finish(stages_key(model_id), store=store, audit=audit, bus=bus)
            return stages
        judged = records_judged(store, model_id, version, target)
        require_stage_step(source, target)
        result: GateResult | None = None
        demotion = source is Stage.PRODUCTION
        if target in lifecycle().gates and not demotion:
            result = judge_gate(model_id, version, target, store=store, now=now)
            if not result.passed:
                keep_refusal(result, store=store, audit=audit, actor=actor, now=now)
                raise GateRefusedError(result)
        kind = "archival" if target is Stage.ARCHIVED else "demotion" if demotion else "promotion"
        change = StageChange(version=version, source=source, target=target, at=now, by=actor, reason=reason, kind=kind)
        left = result if target is Stage.PRODUCTION else None
        return keep_stages(stages, etag, change, judged, left, store=store, audit=audit, bus=bus)

    changed = retried(step, what=f"the stages of {model_id}")
    follow_stages(store, model_id)
    return changed


def promote_through(
    model_id: str,
    version: str,
    target: Stage,
    *,
    reason: str,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    bus: EventBus | None = None,
) -> Stages:
    """Move a version up to a stage, through every stage before it, each by its own gate.

    It stops where a gate refuses (`GateRefusedError`) and stays at the stage that it has reached by then.
    """
    present = read_stages(store, model_id).of.get(version, Stage.DEVELOPMENT)
    up = {present, target} <= {*_UPWARDS} and _UPWARDS.index(present) < _UPWARDS.index(target)
    way = _UPWARDS[_UPWARDS.index(present) + 1 : _UPWARDS.index(target)] if up else ()
    common: dict[str, Any] = {"reason": reason, "store": store, "audit": audit, "actor": actor, "now": now, "bus": bus}
    for stage in way:
        promote(model_id, version, stage, **common)
    return promote(model_id, version, target, **common)


_UPWARDS = (Stage.DEVELOPMENT, Stage.STAGING, Stage.PRODUCTION)


def roll_back(
    model_id: str,
    *,
    to: str | None,
    reason: str,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    bus: EventBus | None = None,
    again_within: timedelta = timedelta(0),
) -> Stages:
    """Return production to an earlier version that has been there, and record why.

    Left out, `to` is the version before the present one that was not itself taken back: a second rollback
    returns to the one before that, never to the one just left. What is known of the version's tests and approval
    becomes the evidence on what is in production now. Where requests may be repeated because their answer was lost,
    `again_within` is the time within which the same person's same request is that one and does not roll back again.

    Raises:
        ConflictError: No version was in production before, `to` never was, the model is retired or its use prohibited.
    """

    def step() -> Stages:
        etag, stages = _load(store, model_id)
        newest = stages.history[-1] if stages.history else None
        same = newest is not None and (newest.kind, newest.by, newest.reason) == ("rollback", actor, reason)
        if same and newest is not None and to in {None, newest.version} and now - newest.at < again_within:
            finish(stages_key(model_id), store=store, audit=audit, bus=bus)
            return stages
        _require_servable(get_model(store, model_id))
        target = _return_to(stages, to)
        judged = records_judged(store, model_id, target, Stage.PRODUCTION)
        result = judge_gate(model_id, target, Stage.PRODUCTION, store=store, now=now)
        source = stages.of.get(target, Stage.ARCHIVED)
        change = StageChange(
            version=target, source=source, target=Stage.PRODUCTION, at=now, by=actor, reason=reason, kind="rollback"
        )
        return keep_stages(stages, etag, change, judged, result, store=store, audit=audit, bus=bus)

    changed = retried(step, what=f"the stages of {model_id}")
    follow_stages(store, model_id)
    return changed


def _return_to(stages: Stages, to: str | None) -> str:
    """The version that a rollback returns to. Raises `ConflictError` when there is none, or `to` never was there."""
    earlier = dict.fromkeys(
        change.version
        for change in reversed(stages.history)
        if change.target is Stage.PRODUCTION and change.version != stages.production
    )
    if not earlier:
        raise ConflictError(f"model {stages.model_id} has no earlier production version to return to")
    target = to or next(reversed(_standing(stages)), None)
    if target is None:
        left = ", ".join(earlier)
        raise ConflictError(f"every earlier production version of {stages.model_id} was taken back; name one of {left}")
    if target not in earlier:
        raise ConflictError(f"version {target} was never in production; possible: {', '.join(earlier)}")
    return target


def _standing(stages: Stages) -> list[str]:
    """The versions that were in production and not taken back, oldest first, without the present one."""
    standing: list[str] = []
    for change in stages.history:
        if change.target is not Stage.PRODUCTION:
            continue
        if change.kind == "rollback" and change.version in standing:
            del standing[standing.index(change.version) :]
        standing = [*(name for name in standing if name != change.version), change.version]
    return [name for name in standing if name != stages.production]


def _require_servable(model: RegisteredModel) -> None:
    """Also a return must not bring a version of a retired model, or one for a prohibited use, into production."""
    if model.compliance_status is ComplianceStatus.RETIRED:
        raise ConflictError(f"model {model.id} is retired: no version of it goes to production")
    if model.risk is not None and model.risk.level is RiskLevel.UNACCEPTABLE:
        raise ConflictError(f"the use of model {model.id} is prohibited: no version of it goes to production")


def waive(
    model_id: str,
    version: str,
    condition: str,
    *,
    reason: str,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> ModelVersion:
    """Record a reason why a gate condition need not hold for a version. Withdraws approvals: they did not see it."""
    if condition in NEVER_WAIVED:
        raise NotAllowedError(f"{condition} is never waived")
    if not policy_of(store, model_id).waivers_allowed:
        raise NotAllowedError(f"policy {policy_of(store, model_id).name} allows no waiver")
    waiver = Waiver(condition=condition, reason=reason, by=actor, at=now)

    def waived(present: ModelVersion) -> ModelVersion:
        same = (one for one in present.waivers if one.model_copy(update={"at": now}) == waiver)
        if any(now - one.at < AGAIN for one in same):
            return present
        kept = tuple(one for one in present.waivers if one.condition != condition)
        return present.model_copy(update={"waivers": (*kept, waiver)})

    return change_version(
        model_id, version, waived, store=store, audit=audit, actor=actor, now=now, action="condition.waived",
        condition=condition, reason=reason,
    )  # fmt: skip


def _load(store: Store, model_id: str) -> tuple[str | None, Stages]:
    get_model(store, model_id)
    record = store.get(stages_key(model_id))
    if record is None:
        return None, Stages(model_id=model_id)
    return record.etag, Stages.model_validate(record.body)


def _production_facts(store: Store, stages: Stages) -> dict[str, object] | None:
    name = stages.production
    return None if name is None else _facts_of(get_version(store, stages.model_id, name))


def _followed(stages: Stages, version: str) -> str | None:
    """The version in production before one that never was there; None for the first, and for one that comes back."""
    placed = [change.version for change in stages.history if change.target is Stage.PRODUCTION]
    return None if version in placed else next(reversed(placed), None)


def _facts_of(version: ModelVersion) -> dict[str, object]:
    """A version as conditions read it: of a metric that is no number they have no answer, so that none holds by it."""
    return {**to_json(version), "metrics": numbers_in(version.metrics)}
