"""Deployments: plan, follow, cancel, take back. The rollouts function moves the traffic within five minutes."""

from __future__ import annotations

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import Field

from functions.api.access.callers import require_change
from functions.api.inputs import Clouds, Limit, ModelId, Order, Person, Token
from syndic.models import Noun
from syndic.records import get_model
from syndic.registry.deployments.models import Deployment, DeploymentPage, DeploymentState
from syndic.registry.deployments.plan import cancel_deployment, plan_deployment, roll_back_deployment
from syndic.registry.deployments.store import get_deployment, list_deployments
from syndic.registry.models import CanaryStep, Stage, Strategy, VersionName

router = Router()

DeploymentId = Annotated[str, Path(pattern=r"^[0-9a-f]{10}-[0-9]{6}$", description="Id of a deployment")]
Reason = Annotated[str, Field(min_length=10, max_length=2000)]


class WantedDeployment(Noun):
    """What is to be served, from where, and how. Left out: the model's own endpoint, and what its policy asks for."""

    model_id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")
    version: VersionName
    stage: Literal["staging", "production"] = "production"
    endpoint_of: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$",
        description="the registered model whose endpoint is to serve the version",
    )
    strategy: Strategy | None = Field(default=None, description="to production never less careful than the policy")
    steps: tuple[CanaryStep, ...] | None = Field(default=None, min_length=1, max_length=20, description="of a canary")
    reason: Reason


class Stop(Noun):
    """Why a deployment is stopped or taken back."""

    reason: Reason


State = Annotated[DeploymentState | None, Query()]


@router.get("/deployments", tags=["deployments"])
def list_all_deployments(
    clouds: Clouds, *, state: State = None, order: Order = None, limit: Limit = 50, token: Token = None
) -> DeploymentPage:
    """All deployments, newest first."""
    oldest = order == "ascending"
    return list_deployments(clouds.store, state=state, oldest_first=oldest, limit=limit, token=token)


@router.get("/models/<model_id>/deployments", tags=["deployments"])
def list_model_deployments(
    clouds: Clouds, model_id: ModelId, *, state: State = None, order: Order = None, limit: Limit = 50,
    token: Token = None,
) -> DeploymentPage:  # fmt: skip
    """The deployments of a model's versions, newest first."""
    get_model(clouds.store, model_id)
    oldest = order == "ascending"
    return list_deployments(
        clouds.store, model_id=model_id, state=state, oldest_first=oldest, limit=limit, token=token
    )  # fmt: skip


@router.post("/deployments", tags=["deployments"], status_code=201)
def plan(clouds: Clouds, person: Person, wanted: Annotated[WantedDeployment, Body()]) -> Deployment:
    """Plan a deployment. A refusal by the gate lists each unmet condition; what is on its way already is returned."""
    for model_id in dict.fromkeys((wanted.model_id, wanted.endpoint_of or wanted.model_id)):
        require_change(person, get_model(clouds.store, model_id))
    return plan_deployment(
        wanted.model_id, wanted.version, target=Stage(wanted.stage), reason=wanted.reason,
        endpoint_of=wanted.endpoint_of, strategy=wanted.strategy, steps=wanted.steps, store=clouds.store,
        audit=clouds.audit, bus=clouds.bus, actor=person.name, now=clouds.now(),
    )  # fmt: skip


@router.get("/deployments/<deployment_id>", tags=["deployments"])
def read_deployment(clouds: Clouds, deployment_id: DeploymentId) -> Deployment:
    """A deployment: where it stands, why, and everything that happened to it with the numbers."""
    return get_deployment(clouds.store, deployment_id)


@router.post("/deployments/<deployment_id>/cancel", tags=["deployments"])
def cancel(clouds: Clouds, person: Person, deployment_id: DeploymentId, stop: Annotated[Stop, Body()]) -> Deployment:
    """Stop a deployment that is on its way; traffic that was moved goes back."""
    require_change(person, get_model(clouds.store, get_deployment(clouds.store, deployment_id).model_id))
    return cancel_deployment(
        deployment_id, reason=stop.reason, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip


@router.post("/deployments/<deployment_id>/rollback", tags=["deployments"])
def take_back(clouds: Clouds, person: Person, deployment_id: DeploymentId, stop: Annotated[Stop, Body()]) -> Deployment:
    """Give the traffic back to the old version, also after the deployment was completed."""
    require_change(person, get_model(clouds.store, get_deployment(clouds.store, deployment_id).model_id))
    return roll_back_deployment(
        deployment_id, reason=stop.reason, store=clouds.store, audit=clouds.audit, bus=clouds.bus, actor=person.name,
        now=clouds.now(),
    )  # fmt: skip
