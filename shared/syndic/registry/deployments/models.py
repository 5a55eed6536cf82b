"""Nouns of a deployment: what is to take over which endpoint, how, and what came of it. Its legal states are data."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import Field

from syndic.errors import ConflictError
from syndic.models import Finite, Moment, Noun
from syndic.registry.models import CanaryStep, RollbackConditions, Stage, Strategy, VersionName
from syndic.traffic import VariantChange

HISTORY = 200

GATEWAY = "gateway:"
"""Begins the name of an endpoint whose traffic the gateway shares out; the model's id follows."""


class DeploymentState(StrEnum):
    """Where a deployment stands. Legal steps are data: deployments.yaml."""

    PLANNED = "planned"
    SHIFTING = "shifting"  # the cloud is asked to change the shares of traffic
    BAKING = "baking"  # the shares are in place and the numbers are watched
    FINISHING = "finishing"  # every step held; the old version is being taken away
    COMPLETED = "completed"
    RETURNING = "returning"  # traffic is on its way back to the old version
    ROLLED_BACK = "rolled_back"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Limits(Noun):
    """Fixed numbers of every deployment."""

    attempts: int = Field(ge=1)
    settle_minutes: int = Field(ge=0)
    significance: Finite = Field(gt=0, lt=1)
    minutes_p50: int = Field(ge=1)
    minutes_p95: int = Field(ge=1)
    minutes_least: int = Field(ge=1)


class Rules(Noun):
    """The legal steps and the fixed numbers."""

    states: dict[DeploymentState, tuple[DeploymentState, ...]]
    open: tuple[DeploymentState, ...]
    limits: Limits


@cache
def rules() -> Rules:
    """The rules shipped with Syndic."""
    text = resources.files(__package__).joinpath("deployments.yaml").read_text("utf-8")
    return Rules.model_validate(yaml.safe_load(text))


class Verdict(StrEnum):
    """What the numbers say of one rollback condition."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNDECIDED = "undecided"  # too little traffic, a missing number, or still within chance


class ConditionAnswer(Noun):
    """One rollback condition, judged: the number seen, its lower bound, the limit, and why."""

    name: str
    verdict: Verdict
    reason: str
    value: Finite | None = None
    lower: Finite | None = None  # one-sided confidence bound: the least that the true value can well be
    limit: Finite | None = None


class Judgement(Noun):
    """Every condition at one look."""

    conditions: tuple[ConditionAnswer, ...]
    invocations: int | None
    judged_at: Moment

    @property
    def broken(self) -> tuple[ConditionAnswer, ...]:
        """The conditions for which traffic goes back."""
        return tuple(one for one in self.conditions if one.verdict is Verdict.BROKEN)

    @property
    def undecided(self) -> tuple[ConditionAnswer, ...]:
        """The conditions that cannot be answered yet."""
        return tuple(one for one in self.conditions if one.verdict is Verdict.UNDECIDED)


class DeploymentEvent(Noun):
    """One thing that happened to a deployment."""

    at: Moment
    by: str
    state: DeploymentState
    reason: str
    percent: int | None = None
    judgement: Judgement | None = None


class Served(Noun):
    """What an endpoint served before the deployment: what a return goes back to."""

    configuration: str
    variant: str


class Deployment(Noun):
    """A version on its way to serve an endpoint."""

    id: str
    model_id: str
    version: VersionName
    version_sha256: str  # of what was approved
    target: Stage
    endpoint_of: str  # the registered model whose endpoint it is
    endpoint: str
    resource_id: str
    model_name: str  # what the cloud calls the model that is served
    strategy: Strategy
    steps: tuple[CanaryStep, ...]
    rollback: RollbackConditions
    policy: str
    reason: str
    state: DeploymentState = DeploymentState.PLANNED
    state_reason: str
    step: int = 0
    step_since: Moment | None = None
    attempts: int = 0
    looks: int = Field(default=0, description="times the numbers were judged; each look has a smaller chance of error")
    judgement: Judgement | None = None
    before: Served | None = None
    replaces: VersionName | None = Field(default=None, description="the version that was in the target stage before")
    ends_as: Literal["rolled_back", "cancelled", "failed"] | None = None
    asked_by: str
    asked_at: Moment
    changed_at: Moment
    ended_at: Moment | None = None
    history: tuple[DeploymentEvent, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it holds its endpoint."""
        return self.state in rules().open

    @property
    def percent(self) -> int:
        """The share of traffic that the new version gets in the present step."""
        return self.steps[self.step].percent

    @property
    def new_variant(self) -> str:
        """The variant's name in the cloud, made of the version and the deployment's id.

        A direct deployment keeps the old variant's name: nothing is compared, and SageMaker's own guardrails, which
        then watch over the update, ask for it.
        """
        if self.strategy is Strategy.DIRECT and self.before is not None:
            return self.before.variant
        words = re.sub(r"[^A-Za-z0-9]+", "-", self.version).strip("-")[:32].rstrip("-")
        return f"{words}-{self.id}"

    @property
    def change(self) -> VariantChange:
        """What the cloud is asked for. Only once `before` is known."""
        if self.before is None:
            raise ConflictError(f"deployment {self.id} has not looked at its endpoint yet")
        return VariantChange(
            endpoint=self.endpoint,
            old_configuration=self.before.configuration,
            old_variant=self.before.variant,
            new_variant=self.new_variant,
            model_name=self.model_name,
            both_configuration=f"syndic-{self.id}-both",
            new_configuration=f"syndic-{self.id}-new",
            shadows=self.steps[0].percent == 0,
        )

    def moved(self, state: DeploymentState, reason: str, *, by: str, now: datetime, **changes: object) -> Deployment:
        """The deployment one legal step further, with the reason in its history. Raises `ConflictError`."""
        if state is not self.state and state not in rules().states[self.state]:
            possible = ", ".join(rules().states[self.state]) or "none: it has ended"
            raise ConflictError(f"deployment {self.id} cannot go from {self.state} to {state}; possible: {possible}")
        changed = self.model_copy(update={"state": state, "state_reason": reason, "changed_at": now, **changes})
        ended = not changed.is_open
        event = DeploymentEvent(
            at=now, by=by, state=state, reason=reason, percent=changed.percent, judgement=changed.judgement
        )
        return changed.model_copy(
            update={"ended_at": now if ended else None, "history": (*self.history, event)[-HISTORY:]}
        )


class DeploymentPage(Noun):
    """Some deployments, newest first, and the token that continues after them."""

    deployments: tuple[Deployment, ...]
    next_token: str | None = None


def endpoint_slot(resource_id: str) -> str:
    """Ten hex digits that stand for an endpoint in keys and names."""
    return hashlib.sha256(resource_id.encode()).hexdigest()[:10]
