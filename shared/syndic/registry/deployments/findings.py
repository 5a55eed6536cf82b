"""What the owner of a model is told of its deployments. Pure functions."""

from __future__ import annotations

from syndic.canonical import sha256_of
from syndic.models import Concern, Finding, RegisteredModel, Severity
from syndic.registry.deployments.models import Deployment, Judgement

MEASURE = "rollout"
_REMEDY = {
    "returning": "Look at the new version's logs and numbers; repair it and deploy again.",
    "failed": "Look at the endpoint in the cloud, put right what the reason names and deploy again.",
    "held": "Put right what the reason names, or take the deployment back.",
}


def trouble(deployment: Deployment, model: RegisteredModel, *, severity: Severity, title: str, remedy: str) -> Finding:
    """A finding on a deployment; `remedy` is returning, failed or held."""
    worst = _worst(deployment.judgement)
    return _finding(
        deployment, model, severity=severity, title=title, reason=deployment.state_reason, remedy=_REMEDY[remedy],
        value=worst[0], threshold=worst[1],
    )  # fmt: skip


def over(deployment: Deployment, model: RegisteredModel) -> Finding:
    """A deployment to the same endpoint was completed: earlier trouble with it is over."""
    title = f"Version {deployment.version} serves {deployment.endpoint}"
    return _finding(
        deployment, model, severity=Severity.NONE, title=title, reason=deployment.state_reason, remedy="Nothing to do.",
        value=None, threshold=None,
    )  # fmt: skip


def _worst(judgement: Judgement | None) -> tuple[float | None, float | None]:
    if judgement is None or not judgement.broken:
        return None, None
    return judgement.broken[0].value, judgement.broken[0].limit


def _finding(
    deployment: Deployment,
    model: RegisteredModel,
    *,
    severity: Severity,
    title: str,
    reason: str,
    remedy: str,
    value: float | None,
    threshold: float | None,
) -> Finding:
    identity = sha256_of([deployment.id, deployment.state.value, deployment.changed_at.isoformat(), severity.value])
    return Finding(
        id=f"rollout-{identity[:24]}",
        model_id=deployment.model_id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.REGISTRY,
        subject=deployment.endpoint,
        severity=severity,
        title=title,
        reason=reason,
        remedy=remedy,
        measure=MEASURE,
        value=value,
        threshold=threshold,
        report_id=None,
        found_at=deployment.changed_at,
    )
