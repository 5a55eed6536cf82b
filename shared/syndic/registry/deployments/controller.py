"""Moving deployments forward, a step at a time, from a schedule. The only code that asks the cloud to move traffic.

A run may die after any call. What it is about to do is written before it asks, names are fixed, and asking twice
changes nothing; so the next run finds out where things stand from the cloud itself and goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from syndic.changes import finish
from syndic.errors import ConflictError, NotFoundError, StaleWriteError, SyndicError, UnavailableError
from syndic.models import Noun, Severity, TimeWindow
from syndic.ports import AuditTrail, EventBus, Store
from syndic.registry.deployments.models import Deployment, DeploymentState, Judgement, Served, rules
from syndic.registry.deployments.rollback_rules import judge
from syndic.registry.deployments.store import keep_changed, list_open, load
from syndic.registry.deployments.transitions import ACTOR, Open, gate_refusal, promotion_reason, settle_stage
from syndic.registry.keys import deployment_key
from syndic.registry.models import Stage, Strategy
from syndic.registry.promotion.promote import promote, read_stages
from syndic.traffic import EndpointMetrics, ServedTraffic, TrafficShifter

log = logging.getLogger(__name__)

SAME_SHARE: Final = 0.005
_PROMPT: Final = (DeploymentState.SHIFTING, DeploymentState.FINISHING, DeploymentState.RETURNING)


class RolloutReport(Noun):
    """What one run did."""

    looked_at: int = 0
    changed: int = 0
    unavailable: dict[str, str] = Field(default_factory=dict, description="deployment -> why it could not be moved")
    states: dict[str, str] = Field(default_factory=dict, description="deployment -> where it stands now")


@dataclass(frozen=True, slots=True)
class Tools:
    """What a step may use."""

    store: Store
    traffic: TrafficShifter
    metrics: EndpointMetrics
    audit: AuditTrail
    bus: EventBus
    now: datetime


def advance_deployments(
    *, store: Store, traffic: TrafficShifter, metrics: EndpointMetrics, audit: AuditTrail, bus: EventBus, now: datetime
) -> RolloutReport:
    """Look at every open deployment and move each at most one step. Trouble with one does not keep up the others."""
    tools = Tools(store, traffic, metrics, audit, bus, now)
    states: dict[str, str] = {}
    unavailable: dict[str, str] = {}
    changed = 0
    waiting = list_open(store)
    for identity in waiting:
        try:
            before = load(store, identity).deployment.state
            after = advance_deployment(identity, tools)
        except StaleWriteError:
            log.info("deployment was changed by somebody else meanwhile", extra={"deployment": identity})
            continue
        except SyndicError as error:
            log.warning("deployment could not be moved", extra={"deployment": identity, "reason": str(error)})
            unavailable[identity] = str(error)
            continue
        states[identity] = after.state.value
        changed += after.state is not before
    return RolloutReport(looked_at=len(waiting), changed=changed, unavailable=unavailable, states=states)


def advance_deployment(deployment_id: str, tools: Tools) -> Deployment:
    """Move one deployment at most one step. What a run that died left untold of it is told first."""
    finish(deployment_key(deployment_id), store=tools.store, audit=tools.audit, bus=tools.bus)
    kept = load(tools.store, deployment_id)
    if not kept.untold.is_empty:  # left by a release before schema 2
        kept = keep_changed(kept.deployment, kept, store=tools.store, audit=tools.audit, bus=tools.bus)
    before = kept.deployment
    after = _step(before, tools)
    # A step that only decided what to do next does it at once, rather than in five minutes.
    return _step(after, tools) if after.state is not before.state and after.state in _PROMPT else after


def _step(deployment: Deployment, tools: Tools) -> Deployment:
    handle = _STEPS.get(deployment.state)
    if handle is None:
        return deployment
    case = Open(deployment.id, store=tools.store, audit=tools.audit, bus=tools.bus, now=tools.now)
    handle(case, tools)
    return case.deployment


def _planned(case: Open, tools: Tools) -> None:
    """Look at the endpoint, remember what it serves, and begin."""
    deployment = case.deployment
    refusal = gate_refusal(deployment, store=tools.store, now=tools.now)
    if refusal is not None:
        case.fail(refusal)
        return
    seen = _seen(case, tools)
    if seen is None:
        return
    if len(seen.variants) != 1:
        case.fail(f"endpoint {seen.endpoint} serves {len(seen.variants)} variants; one is needed to move traffic from")
        return
    production = read_stages(tools.store, deployment.model_id).production
    case.move(
        DeploymentState.SHIFTING,
        f"begins: {deployment.strategy}, {deployment.steps[0].percent} % first",
        before=Served(configuration=seen.configuration, variant=seen.variants[0].name),
        replaces=production if deployment.target is Stage.PRODUCTION and production != deployment.version else None,
        step_since=tools.now,
    )


def _shifting(case: Open, tools: Tools) -> None:
    """Bring the shares of traffic to those of the present step."""
    deployment, change = case.deployment, case.deployment.change
    if deployment.strategy is Strategy.DIRECT:
        case.move(DeploymentState.FINISHING, "direct: the new version replaces the old one at once", attempts=0)
        return
    seen = _seen(case, tools)
    if seen is None:
        return
    if seen.configuration == change.old_configuration:
        _ask(case, "serve both versions", lambda: tools.traffic.begin(change), failure=seen.failure)
    elif seen.configuration != change.both_configuration:
        case.fail(_foreign(seen))
    elif not _has(seen, change.new_variant, deployment.percent):
        percent = deployment.percent
        _ask(case, f"give {percent} % to the new version", lambda: tools.traffic.weigh(change, percent=percent))
    else:
        minutes = deployment.steps[deployment.step].minutes
        gets = f"{deployment.percent} % of the traffic" if deployment.percent else "copies of the traffic"
        reason = f"the new version gets {gets} and is watched for {minutes} minutes"
        case.move(DeploymentState.BAKING, reason, step_since=tools.now, attempts=0, judgement=None)


def _baking(case: Open, tools: Tools) -> None:
    """Judge the numbers of the present step; go on, wait, or go back."""
    deployment, change, limits = case.deployment, case.deployment.change, rules().limits
    seen = _seen(case, tools)
    if seen is None:
        return
    if seen.configuration != change.both_configuration or not _has(seen, change.new_variant, deployment.percent):
        case.fail(_foreign(seen))
        return
    since = deployment.step_since or deployment.changed_at
    start = _whole_minute(since) + timedelta(minutes=1)
    until = _whole_minute(tools.now - timedelta(minutes=limits.settle_minutes))
    if until <= start:
        return
    judgement = _judged(deployment, TimeWindow(start=start, end=until), tools)
    # With what follows from it in one write: a run that dies in between must not look twice at the same numbers.
    looked: dict[str, object] = {"judgement": judgement, "looks": deployment.looks + 1}
    if judgement.broken:
        reason = "; ".join(one.reason for one in judgement.broken)
        title = f"Version {deployment.version} was taken back from {deployment.endpoint}"
        case.go_back(reason, ends_as="rolled_back", severity=Severity.HIGH, title=title, **looked)
        return
    watched = until - since >= timedelta(minutes=deployment.steps[deployment.step].minutes)
    if not watched:
        case.note(**looked)
        return
    if judgement.undecided:
        reason = "; ".join(one.reason for one in judgement.undecided)
        if tools.now - since >= timedelta(hours=deployment.rollback.give_up_hours):
            title = f"Version {deployment.version} could not be judged on {deployment.endpoint}"
            reason = f"not judged within {deployment.rollback.give_up_hours} hours: {reason}"
            case.go_back(reason, ends_as="failed", severity=Severity.MEDIUM, title=title, **looked)
        else:
            case.note(state_reason=f"waits: {reason}", **looked)
        return
    _step_on(case, tools, judgement, looked)


def _step_on(case: Open, tools: Tools, judgement: Judgement, looked: dict[str, object]) -> None:
    deployment = case.deployment
    held = "; ".join(one.reason for one in judgement.conditions) or "no rollback condition is set"
    if deployment.step + 1 < len(deployment.steps):
        percent = deployment.steps[deployment.step + 1].percent
        reason = f"{held}; goes on to {percent} %"
        case.move(DeploymentState.SHIFTING, reason, step=deployment.step + 1, attempts=0, **looked)
        return
    refusal = gate_refusal(deployment, store=tools.store, now=tools.now)
    if refusal is not None:
        case.note(**looked)
        case.hold(refusal)
    else:
        case.move(DeploymentState.FINISHING, f"{held}; the old version is taken away", attempts=0, **looked)


def _finishing(case: Open, tools: Tools) -> None:
    """Take the old version away; once it is gone, the registry's stage follows."""
    deployment, change = case.deployment, case.deployment.change
    seen = _seen(case, tools)
    if seen is None:
        return
    if seen.configuration != change.new_configuration:
        if seen.configuration not in {change.old_configuration, change.both_configuration}:
            case.fail(_foreign(seen))
            return
        _ask(case, "serve the new version alone", lambda: tools.traffic.finish(change), failure=seen.failure)
        return
    try:
        promote(
            deployment.model_id, deployment.version, deployment.target, reason=promotion_reason(deployment),
            store=tools.store, audit=tools.audit, actor=ACTOR, now=tools.now, bus=tools.bus,
        )  # fmt: skip
    except StaleWriteError:
        raise
    except ConflictError as error:
        case.hold(str(error))
        return
    case.complete(f"version {deployment.version} serves {deployment.endpoint} alone and is in {deployment.target}")


def _returning(case: Open, tools: Tools) -> None:
    """Give all traffic back to the old version, quickly by weights, then take the new one away."""
    deployment, change = case.deployment, case.deployment.change
    seen = _seen(case, tools)
    if seen is None:
        return
    if seen.configuration == change.old_configuration:
        note = settle_stage(deployment, store=tools.store, audit=tools.audit, now=tools.now)
        case.end_return(note)
    elif seen.configuration == change.both_configuration and not _has(seen, change.new_variant, 0):
        _ask(case, "give all traffic back", lambda: tools.traffic.weigh(change, percent=0))
    elif seen.configuration in {change.both_configuration, change.new_configuration}:
        _ask(case, "serve the old version alone", lambda: tools.traffic.restore(change), failure=seen.failure)
    else:
        case.fail(_foreign(seen))


_STEPS: Final[dict[DeploymentState, Callable[[Open, Tools], None]]] = {
    DeploymentState.PLANNED: _planned,
    DeploymentState.SHIFTING: _shifting,
    DeploymentState.BAKING: _baking,
    DeploymentState.FINISHING: _finishing,
    DeploymentState.RETURNING: _returning,
}


def _seen(case: Open, tools: Tools) -> ServedTraffic | None:
    """The endpoint when it may be asked for something; None while the cloud works on it, or it is gone for good."""
    deployment = case.deployment
    try:
        seen = tools.traffic.describe(deployment.endpoint)
    except NotFoundError as error:
        case.fail(f"the endpoint is gone: {error}")
        return None
    except ConflictError as error:
        case.fail(str(error), severity=Severity.CRITICAL)
        return None
    if seen.resource_id != deployment.resource_id:
        case.fail(f"endpoint {deployment.endpoint} is {seen.resource_id}, not {deployment.resource_id}")
        return None
    return seen if seen.ready else None


def _ask(case: Open, what: str, call: Callable[[], None], *, failure: str | None = None) -> None:
    """Ask the cloud for a change, a limited number of times: each asking is written down before it is made."""
    deployment, limit = case.deployment, rules().limits.attempts
    if deployment.attempts >= limit:
        why = failure or deployment.state_reason
        case.give_up(f"the cloud was asked {limit} times to {what}: {why}")
        return
    case.note(attempts=deployment.attempts + 1)
    try:
        call()
    except (UnavailableError, ConflictError, NotFoundError) as error:
        case.note(state_reason=f"could not {what}: {error}")


def _judged(deployment: Deployment, window: TimeWindow, tools: Tools) -> Judgement:
    """Judge the new version against the old one: in the same span, or, when the old one idles, before the shift."""
    change, span = deployment.change, window
    if deployment.percent == 100:
        began = next(one.at for one in deployment.history if one.state is DeploymentState.SHIFTING)
        end = _whole_minute(began)
        span = TimeWindow(start=end - (window.end - window.start), end=end)
    new = tools.metrics.read(deployment.endpoint, change.new_variant, window)
    old = tools.metrics.read(deployment.endpoint, change.old_variant, span)
    return judge(deployment.rollback, new=new, old=old, look=deployment.looks + 1, now=tools.now)


def _has(seen: ServedTraffic, variant: str, percent: int) -> bool:
    return abs(seen.share(variant) - percent / 100) <= SAME_SHARE


def _foreign(seen: ServedTraffic) -> str:
    shares = ", ".join(f"{one.name} {seen.share(one.name):.0%}" for one in seen.variants)
    return f"somebody else changed endpoint {seen.endpoint}: configuration {seen.configuration} with {shares}"


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
