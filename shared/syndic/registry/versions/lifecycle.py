"""The legal steps of both lifecycles, read from lifecycle.yaml."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml
from pydantic import Field

from syndic.errors import ConflictError
from syndic.models import ComplianceStatus, Noun
from syndic.registry.models import ApprovalPolicy, Stage


class Required(Noun):
    """What a gate demands of a version's record."""

    evaluation_artefacts: tuple[tuple[str, ...], ...]
    evaluation_metrics: int = Field(ge=0)
    profile: tuple[str, ...]


class Lifecycle(Noun):
    """Both lifecycles and the gates between stages."""

    compliance_status: dict[ComplianceStatus, tuple[ComplianceStatus, ...]]
    stage: dict[Stage, tuple[Stage, ...]]
    gates: dict[Stage, tuple[str, ...]]
    carries_over: tuple[str, ...] = Field(description="kinds that count for another version than they name")
    required: Required


@cache
def lifecycle() -> Lifecycle:
    """The lifecycles shipped with Syndic."""
    text = resources.files(__package__).joinpath("lifecycle.yaml").read_text("utf-8")
    return Lifecycle.model_validate(yaml.safe_load(text))


@cache
def shipped_policies() -> dict[str, ApprovalPolicy]:
    """The approval policies shipped with Syndic, by name."""
    text = resources.files("syndic.registry.promotion").joinpath("policies.yaml").read_text("utf-8")
    policies = [ApprovalPolicy.model_validate(item) for item in yaml.safe_load(text)]
    return {policy.name: policy for policy in policies}


def require_status_step(source: ComplianceStatus, target: ComplianceStatus) -> None:
    """Raise `ConflictError` unless a model may go from one compliance status to the other."""
    allowed = lifecycle().compliance_status[source]
    if target not in allowed:
        steps = ", ".join(allowed) or "none: it is final"
        raise ConflictError(f"compliance status cannot go from {source} to {target}; possible from {source}: {steps}")


def require_stage_step(source: Stage, target: Stage) -> None:
    """Raise `ConflictError` unless a version may go from one stage to the other."""
    allowed = lifecycle().stage[source]
    if target not in allowed:
        steps = ", ".join(allowed) or "none; it comes back only by rollback"
        raise ConflictError(f"a version cannot go from {source} to {target}; possible from {source}: {steps}")
