"""Nouns of the registry: versions, approvals, gates, stages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from syndic.canonical import sha256_of
from syndic.models import Finite, Moment, Noun

VersionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$")]
"""Such as ``3``, ``v1.0.0`` or ``2026-11-21.1``: what a registry calls the version."""


def _spelled(value: object, check: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        value = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    try:
        return check(value)
    except ValidationError:  # one error for the field, not one for each of what it may be
        raise PydanticCustomError("measured", 'expected a number, or "Infinity", "-Infinity" or "NaN"') from None


Measured = Annotated[Finite | Literal["Infinity", "-Infinity", "NaN"], WrapValidator(_spelled)]
"""A metric as it was logged: a number, or the word for what is none. JSON and RFC 8785 know no infinity, so the word
is what is stored, hashed and exported; two NaNs are then the same record. No condition on it ever holds."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Stage(StrEnum):
    """Where a version is deployed. Legal steps are data: lifecycle.yaml."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


class TrainingData(Noun):
    """What a version was trained on: fingerprint and size, never the rows."""

    dataset_sha256: Sha256 | None = None
    rows: int | None = Field(default=None, ge=0)
    features: int | None = Field(default=None, ge=0)
    period: str | None = None
    sources: tuple[str, ...] = ()
    description: str | None = None


class Artefact(Noun):
    """A file that a training or evaluation run left, such as ``classification_report.json``."""

    name: str
    location: str
    sha256: Sha256 | None = None


class Waiver(Noun):
    """A person's reason why one gate condition need not hold for this version. Approvers see it."""

    condition: str
    reason: str = Field(min_length=10)
    by: str
    at: Moment


class ModelVersion(Noun):
    """One version of a model: how it was made and how it was evaluated."""

    model_id: str
    version: VersionName
    created_at: Moment
    created_by: str
    framework: str | None = None
    algorithm: str | None = None
    hyperparameters: dict[str, JsonValue] = Field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    commit: str | None = None
    training: TrainingData = TrainingData()
    signature: dict[str, JsonValue] | None = None
    artefact_location: str | None = None
    artefacts: tuple[Artefact, ...] = ()
    metrics: dict[str, Measured] = Field(default_factory=dict)
    source: str | None = None  # where it was imported from: mlflow:<server>/<run>, sagemaker:<package arn>
    run_id: str | None = None
    metadata: dict[str, JsonValue] = Field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    changed_by: tuple[str, ...] = ()  # who changed what is on record of it since it was made

    @property
    def content_sha256(self) -> str:
        """Hash of everything an approver judges. Any change withdraws a pending or given approval."""
        return sha256_of(self.model_dump(mode="json", exclude={"created_at", "created_by", "changed_by", "metadata"}))

    @property
    def authors(self) -> frozenset[str]:
        """Everybody whose work an approver judges: who made it, changed it, or waived a condition for it."""
        return frozenset({self.created_by, *self.changed_by, *(waiver.by for waiver in self.waivers)})


def numbers_in(metrics: Mapping[str, float | str]) -> dict[str, float]:
    """The metrics as numbers of Python, infinities and NaN included."""
    return {name: float(value) for name, value in metrics.items()}


class StageChange(Noun):
    """One move of a version, kept with its reason."""

    version: VersionName
    source: Stage
    target: Stage
    at: Moment
    by: str
    reason: str
    kind: str = "promotion"  # promotion, demotion, archival, rollback, supersession


class Stages(Noun):
    """The stage of every version of a model: one record, so that stages change one at a time.

    `history` keeps the newest 200 changes; the audit trail keeps them all.
    """

    model_id: str
    of: dict[str, Stage] = Field(default_factory=dict)
    history: tuple[StageChange, ...] = ()

    @property
    def production(self) -> str | None:
        """The version in production, if any. There is never more than one."""
        return next((name for name, stage in self.of.items() if stage is Stage.PRODUCTION), None)


# --- approvals ---------------------------------------------------------------------------------------


class Strategy(StrEnum):
    """How a version takes over traffic."""

    DIRECT = "direct"
    BLUE_GREEN = "blue_green"
    CANARY = "canary"


class CanaryStep(Noun):
    """A share of the traffic and how long it is watched before the next step.

    0 %, as a first step: the version gets copies of all requests, and its answers go to nobody (a shadow).
    """

    percent: int = Field(ge=0, le=100)
    minutes: int = Field(default=30, ge=1, le=10_080)


class RollbackConditions(Noun):
    """When a deployment is taken back by itself. Shares are between 0 and 1; what is not set is not watched.

    How each is judged, and when there is too little traffic to judge: docs/deployments.md.
    """

    error_rate: Finite | None = Field(default=None, ge=0, le=1, description="greatest share of 5xx answers")
    error_rate_spike: Finite | None = Field(
        default=None, ge=0, le=1, description="greatest rise of the share of 4xx and 5xx answers over the old version"
    )
    performance_degradation: Finite | None = Field(
        default=None, ge=0, le=1, description="greatest relative rise of the model's latency over the old version"
    )
    latency_percentile: Literal["p50", "p95"] = Field(default="p50", description="of performance_degradation")
    latency_p50_ms: Finite | None = Field(default=None, gt=0, description="greatest median latency in milliseconds")
    latency_p95_ms: Finite | None = Field(default=None, gt=0, description="greatest 95th percentile in milliseconds")
    min_invocations: int = Field(default=100, ge=1, description="fewer invocations in a step are too few to judge it")
    give_up_hours: int = Field(default=24, ge=1, le=336, description="after so long unjudged, traffic goes back")


def _as_step(value: object) -> object:
    return {"percent": value} if isinstance(value, int) else value


PolicyAge = Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=365))]
"""More than nothing, at most a year: beyond it evidence is not fresh, and a duration has no one form in JSON."""


class ApprovalPolicy(Noun):
    """Who must agree before a version reaches a stage, and what must be true. Presets: policies.yaml."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")
    description: str
    approvers: int = Field(ge=0, le=20, description="different people who must approve")
    roles: tuple[str, ...] = Field(default=(), description="roles of which each must be among the approvers")
    from_roles: tuple[str, ...] = Field(
        default=(), max_length=20, description="roles of which the approvers must come, each from another one"
    )
    valid_for: PolicyAge = Field(default=timedelta(days=14), description="how long a request stays open")
    evidence: dict[str, PolicyAge] = Field(default_factory=dict, description="evidence kind -> greatest age")
    inconclusive: tuple[str, ...] = Field(default=(), description="kinds that may be inconclusive")
    conditions: dict[str, str] = Field(default_factory=dict, description="name -> CEL expression that must be true")
    auto_approve: str | None = Field(default=None, description="CEL expression; true: no approver is needed")
    waivers_allowed: bool = True
    strategy: Strategy = Strategy.DIRECT
    canary_steps: tuple[Annotated[CanaryStep, BeforeValidator(_as_step)], ...] = Field(
        default=(CanaryStep(percent=10), CanaryStep(percent=50), CanaryStep(percent=100)), max_length=20
    )
    bake_minutes: int = Field(default=30, ge=1, le=10_080, description="how long blue/green watches the new version")
    rollback: RollbackConditions = RollbackConditions()

    @property
    def sha256(self) -> str:
        """Hash of the policy, kept with each request it was applied to."""
        return sha256_of(self)


class Decision(StrEnum):
    """What an approver says."""

    APPROVE = "approve"
    REJECT = "reject"


class Vote(Noun):
    """One person's decision, in one role, with a comment."""

    actor: str
    role: str
    decision: Decision
    comment: str = Field(min_length=3)
    at: Moment


class RequestState(StrEnum):
    """Where an approval request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ApprovalRequest(Noun):
    """A request to let a version reach a stage. Votes are added by conditional writes, so none is lost or doubled."""

    id: str
    model_id: str
    version: VersionName
    target: Stage
    policy: ApprovalPolicy
    version_sha256: str
    requested_by: str
    requested_at: Moment
    expires_at: Moment
    votes: tuple[Vote, ...] = ()
    state: RequestState = RequestState.PENDING
    state_reason: str | None = None


# --- the gate ------------------------------------------------------------------------------------------


class Condition(Noun):
    """One condition of a gate and whether it holds, in words."""

    name: str
    met: bool
    reason: str
    remedy: str | None = None
    waived_by: str | None = None
    waivable: bool = Field(default=False, description="it does not hold, and a person may say why it need not")


class GateResult(Noun):
    """All conditions of a promotion. `passed` only if each is met or waived."""

    model_id: str
    version: VersionName
    target: Stage
    policy: str
    conditions: tuple[Condition, ...]
    judged_at: Moment

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """What still stands in the way."""
        return tuple(condition for condition in self.conditions if not condition.met)

    @property
    def passed(self) -> bool:
        """Whether the version may be promoted."""
        return not self.unmet
