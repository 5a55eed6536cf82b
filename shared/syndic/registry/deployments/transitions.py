"""The ways a deployment may change while it runs, each one conditional write with all that is to be told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from syndic.errors import ConflictError, StaleWriteError
from syndic.models import AuditEntry, Finding, Severity
from syndic.ports import AuditTrail, EventBus, Store
from syndic.records import get_model
from syndic.registry.deployments.findings import over, trouble
from syndic.registry.deployments.models import Deployment, DeploymentState
from syndic.registry.deployments.store import entry, keep_changed, load
from syndic.registry.models import Stage
from syndic.registry.promotion.promote import judge_gate, promote, read_stages, roll_back
from syndic.registry.versions.queries import get_version

ACTOR: Final = "syndic/rollouts"
_HELD: Final = "held: "
_ENDS: Final = {
    "rolled_back": DeploymentState.ROLLED_BACK,
    "cancelled": DeploymentState.CANCELLED,
    "failed": DeploymentState.FAILED,
}


class Open:
    """A deployment read for changing. Every change raises `StaleWriteError` when somebody else came first."""

    def __init__(self, deployment_id: str, *, store: Store, audit: AuditTrail, bus: EventBus, now: datetime) -> None:
        self._kept = load(store, deployment_id)
        self._store, self._audit, self._bus, self._now = store, audit, bus, now

    @property
    def deployment(self) -> Deployment:
        """The deployment as it is now stored."""
        return self._kept.deployment

    def note(self, **values: object) -> None:
        """Keep values without a step: a look, an attempt, a reason for waiting."""
        self._keep(self.deployment.model_copy(update={**values, "changed_at": self._now}))

    def move(self, state: DeploymentState, reason: str, **changes: object) -> None:
        """Take a legal step, with an audit entry."""
        self._keep(self.deployment.moved(state, reason, by=ACTOR, now=self._now, **changes), told=True)

    def hold(self, reason: str) -> None:
        """Wait for a person, who is told once."""
        if self.deployment.state_reason == _HELD + reason:
            return
        held = self.deployment.moved(self.deployment.state, _HELD + reason, by=ACTOR, now=self._now)
        title = f"The deployment of version {held.version} to {held.endpoint} waits for a person"
        self._keep(held, told=True, severity=Severity.MEDIUM, title=title, remedy="held")

    def go_back(self, reason: str, *, ends_as: str, severity: Severity, title: str, **changes: object) -> None:
        """Return the traffic, and tell the model's owner."""
        changed = self.deployment.moved(
            DeploymentState.RETURNING, reason, by=ACTOR, now=self._now, ends_as=ends_as, attempts=0, **changes
        )
        self._keep(changed, told=True, severity=severity, title=title, remedy="returning")

    def give_up(self, reason: str) -> None:
        """The cloud did not do what it was asked: return the traffic, or, when that is what failed, stop."""
        if self.deployment.state is DeploymentState.RETURNING:
            self.fail(reason, severity=Severity.CRITICAL)
        else:
            title = f"Version {self.deployment.version} could not be deployed to {self.deployment.endpoint}"
            self.go_back(reason, ends_as="failed", severity=Severity.HIGH, title=title)

    def fail(self, reason: str, *, severity: Severity = Severity.HIGH) -> None:
        """End as failed. Nothing more is asked of the cloud."""
        changed = self.deployment.moved(DeploymentState.FAILED, reason, by=ACTOR, now=self._now)
        title = f"The deployment of version {changed.version} to {changed.endpoint} failed"
        self._keep(changed, told=True, severity=severity, title=title, remedy="failed", evidence=True)

    def complete(self, reason: str) -> None:
        """End as completed; earlier trouble with the endpoint is over."""
        changed = self.deployment.moved(DeploymentState.COMPLETED, reason, by=ACTOR, now=self._now)
        self._keep(
            changed, told=True, findings=(over(changed, get_model(self._store, changed.model_id)),), evidence=True
        )

    def end_return(self, note: str) -> None:
        """The old version serves again: end as what the return was for."""
        deployment = self.deployment
        state = _ENDS[deployment.ends_as or "failed"]
        reason = f"{_why_back(deployment)}; the old version serves {deployment.endpoint} again{note}"
        changed = deployment.moved(state, reason, by=ACTOR, now=self._now, attempts=0)
        self._keep(changed, told=True, evidence=True)

    def _keep(
        self,
        deployment: Deployment,
        *,
        told: bool = False,
        severity: Severity | None = None,
        title: str = "",
        remedy: str = "",
        findings: tuple[Finding, ...] = (),
        evidence: bool = False,
    ) -> None:
        entries: tuple[AuditEntry, ...] = ()
        if told:
            entries = (entry(deployment, f"deployment.{deployment.state.value}", actor=ACTOR, **_numbers(deployment)),)
        if severity is not None:
            model = get_model(self._store, deployment.model_id)
            findings = (*findings, trouble(deployment, model, severity=severity, title=title, remedy=remedy))
        self._kept = keep_changed(
            deployment, self._kept, entries=entries, findings=findings, evidence=evidence, store=self._store,
            audit=self._audit, bus=self._bus,
        )  # fmt: skip


def gate_refusal(deployment: Deployment, *, store: Store, now: datetime) -> str | None:
    """Why the version may not reach its stage now, or None."""
    version = get_version(store, deployment.model_id, deployment.version)
    if version.content_sha256 != deployment.version_sha256:
        return "the version was changed after the deployment was planned"
    gate = judge_gate(deployment.model_id, deployment.version, deployment.target, store=store, now=now)
    if gate.passed:
        return None
    return "the gate does not pass: " + "; ".join(f"{one.name}: {one.reason}" for one in gate.unmet)


def promotion_reason(deployment: Deployment) -> str:
    """The reason that a stage change made by a deployment has; by it the change is known again."""
    return f"deployment {deployment.id}"


def settle_stage(deployment: Deployment, *, store: Store, audit: AuditTrail, now: datetime) -> str:
    """Bring the registry's stage back to the version that serves again; returns what was done, in words."""
    stages = read_stages(store, deployment.model_id)
    reason = f"deployment {deployment.id} was taken back: {_why_back(deployment)}"
    left = next((one for one in reversed(stages.history) if one.reason == reason), None)
    if left is not None and left.target is Stage.PRODUCTION and left.version == stages.production:
        return f" and version {left.version} is in production again"  # by a run that died before it could say so
    if left is not None and stages.of.get(left.version) is left.target is Stage.STAGING:
        return f" and version {left.version} is in staging again"
    arrived = next(
        (
            one
            for one in reversed(stages.history)
            if one.target is Stage.PRODUCTION and one.version == stages.production
        ),
        None,
    )
    if arrived is None or arrived.version != deployment.version or arrived.reason != promotion_reason(deployment):
        return ""  # it never reached production, or by another way than this deployment
    try:
        if deployment.replaces is None:
            promote(
                deployment.model_id, deployment.version, Stage.STAGING, reason=reason, store=store, audit=audit,
                actor=ACTOR, now=now,
            )  # fmt: skip
            return f" and version {deployment.version} is in staging again"
        roll_back(
            deployment.model_id, to=deployment.replaces, reason=reason, store=store, audit=audit, actor=ACTOR, now=now
        )
    except StaleWriteError:
        raise
    except ConflictError as error:
        return f", but the stage could not follow: {error}"
    return f" and version {deployment.replaces} is in production again"


def _why_back(deployment: Deployment) -> str:
    """Why it goes back. Its present reason may be that a call to the cloud failed on the way."""
    back = (one.reason for one in reversed(deployment.history) if one.state is DeploymentState.RETURNING)
    return next(back, deployment.state_reason)


def _numbers(deployment: Deployment) -> dict[str, object]:
    if deployment.judgement is None:
        return {"percent": deployment.percent}
    return {
        "percent": deployment.percent,
        "look": deployment.looks,
        "invocations": deployment.judgement.invocations,
        "conditions": [
            {"name": one.name, "verdict": one.verdict.value, "value": one.value, "lower": one.lower, "limit": one.limit}
            for one in deployment.judgement.conditions
        ],
    }
