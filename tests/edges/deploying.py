"""Worlds in which a version of the credit model is on its way to its endpoint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syndic.errors import UnavailableError
from syndic.models import TimeWindow
from syndic.registry.approvals.requests import choose_policy
from syndic.registry.deployments.models import Deployment, DeploymentState, Served, endpoint_slot
from syndic.registry.deployments.plan import plan_deployment
from syndic.registry.deployments.store import Slot, entry, keep_new
from syndic.registry.models import (
    ApprovalPolicy,
    Artefact,
    CanaryStep,
    ModelVersion,
    RollbackConditions,
    Stage,
    Strategy,
    TrainingData,
)
from syndic.registry.promotion.policies import save_policy
from syndic.registry.versions.versions import add_version
from syndic.tasks.rollouts import advance
from syndic.traffic import VariantNumbers
from tests.edges.world import ENDPOINT, MODEL, NOW, World, governed

OTHER = ENDPOINT.resource_id.replace("credit", "other")
FILES = ("classification_report.json", "confusion_matrix.png")


def deployable() -> World:
    """Version 7 may go to staging, as a canary that is watched for errors."""
    world = governed()
    world.traffic.serve(ENDPOINT.name, resource_id=ENDPOINT.resource_id)
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    policy = ApprovalPolicy(
        name="watched", description="watched for errors", approvers=0, strategy=Strategy.CANARY,
        rollback=RollbackConditions(error_rate=0.05),
    )  # fmt: skip
    save_policy(policy, **common)
    choose_policy(MODEL, "watched", **common)
    add_served_version(world)
    return world


def add_served_version(world: World) -> None:
    """Version 7 may go to staging, and says which model of SageMaker it is."""
    artefacts = [Artefact(name=name, location=f"s3://runs/7/{name}") for name in FILES]
    version = ModelVersion(
        model_id=MODEL, version="7", created_at=NOW, created_by="setup", metrics={"auc": 0.8},
        training=TrainingData(dataset_sha256="7" * 64, rows=600, features=2),
        artefacts=(*artefacts, Artefact(name="sagemaker-model", location="credit-7")),
    )  # fmt: skip
    add_version(version, store=world.store, audit=world.audit, actor="setup", now=NOW)


def add_deployment(world: World) -> str:
    """A deployment of version 7 to another endpoint that is on its way; returns its id."""
    add_served_version(world)
    deployment = Deployment(
        id=f"{endpoint_slot(OTHER)}-000001", model_id=MODEL, version="7", version_sha256="7" * 64,
        target=Stage.STAGING, endpoint_of=MODEL, endpoint="other", resource_id=OTHER, model_name="credit-7",
        strategy=Strategy.BLUE_GREEN, steps=(CanaryStep(percent=100),), rollback=RollbackConditions(), policy="basic",
        reason="to be tried out", state=DeploymentState.SHIFTING, state_reason="begins",
        before=Served(configuration="first", variant="main"), asked_by="setup", asked_at=NOW, changed_at=NOW,
    )  # fmt: skip
    planned = entry(deployment, "deployment.planned", actor="setup")
    keep_new(
        deployment, slot=Slot(), slot_etag=None, entry=planned, store=world.store, audit=world.audit, bus=world.bus
    )
    return deployment.id


def deploying() -> World:
    """The deployment is planned."""
    world = deployable()
    plan_deployment(
        MODEL, "7", target=Stage.STAGING, reason="to be tried out", store=world.store, audit=world.audit,
        bus=world.bus, actor="olga", now=NOW,
    )  # fmt: skip
    return world


def watched() -> World:
    """A tenth of the calls go to the new version; every one of them fails."""
    world = deploying()

    def failing(variant: str, _window: TimeWindow) -> VariantNumbers:
        return VariantNumbers(500, 0 if variant == "main" else 500, 0)

    world.endpoint_metrics.numbers = failing
    while True:
        if "baking" in advance(world).states.values():
            break
    world.moment += timedelta(minutes=10)
    world.bus.published.clear()
    return world


def unseen() -> World:
    """As `watched`, and CloudWatch does not answer."""
    world = watched()

    def silent(_variant: str, _window: TimeWindow) -> VariantNumbers:
        raise UnavailableError("CloudWatch did not answer")

    world.endpoint_metrics.numbers = silent
    return world


DEPLOYMENT_WORLDS = {made.__name__: made for made in (deployable, deploying, watched, unseen)}
