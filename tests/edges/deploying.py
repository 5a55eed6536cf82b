"""Worlds in which a version of the credit model is on its way to its endpoint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syndic.errors import UnavailableError
from syndic.models import TimeWindow
from syndic.ports import VariantNumbers
from syndic.registry.approving import choose_policy
from syndic.registry.deploying import plan_deployment
from syndic.registry.models import (
    ApprovalPolicy,
    Artefact,
    ModelVersion,
    RollbackConditions,
    Stage,
    Strategy,
    TrainingData,
)
from syndic.registry.policies import save_policy
from syndic.registry.versions import add_version
from syndic.tasks.rollouts import advance
from tests.edges.world import ENDPOINT, MODEL, NOW, World, governed

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
    artefacts = [Artefact(name=name, location=f"s3://runs/7/{name}") for name in FILES]
    version = ModelVersion(
        model_id=MODEL, version="7", created_at=NOW, created_by="setup", metrics={"auc": 0.8},
        training=TrainingData(dataset_sha256="7" * 64, rows=600, features=2),
        artefacts=(*artefacts, Artefact(name="sagemaker-model", location="credit-7")),
    )  # fmt: skip
    add_version(version, **common)
    return world


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
