"""How a version takes over traffic, as a policy asks for it and as a person may ask for more care. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from syndic.errors import ConflictError, InvalidInputError
from syndic.registry.models import ApprovalPolicy, CanaryStep, ModelVersion, Strategy

SERVED_AS: Final = "sagemaker-model"
"""The artefact of a version that names the cloud's model: approvers saw it, so nothing else is served."""

_CARE: Final = (Strategy.DIRECT, Strategy.BLUE_GREEN, Strategy.CANARY)
_MODEL_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def steps_of(policy: ApprovalPolicy, strategy: Strategy) -> tuple[CanaryStep, ...]:
    """The steps of a strategy under a policy; the last one gives all traffic to the new version."""
    if strategy is not Strategy.CANARY:
        return (CanaryStep(percent=100, minutes=policy.bake_minutes),)
    steps = policy.canary_steps
    if not steps or steps[-1].percent < 100:
        steps = (*steps, CanaryStep(percent=100))
    return checked_steps(steps, where=f"policy {policy.name}: canary_steps")


def checked_steps(steps: Sequence[CanaryStep], *, where: str) -> tuple[CanaryStep, ...]:
    """The steps, if their shares rise to 100. Raises `InvalidInputError`."""
    shares = [step.percent for step in steps]
    if not shares or shares != sorted(set(shares)) or shares[-1] != 100:
        raise InvalidInputError(f"expected shares that rise to 100, got {shares}", where=where)
    return tuple(steps)


def chosen(
    policy: ApprovalPolicy, *, strategy: Strategy | None, steps: Sequence[CanaryStep] | None, binding: bool
) -> tuple[Strategy, tuple[CanaryStep, ...]]:
    """The strategy and steps to use: the policy's, or those asked for.

    Args:
        policy: The approval policy of the model.
        strategy: What a person asked for, if anything.
        steps: Canary steps that a person asked for.
        binding: Whether what is asked for must be at least as careful as the policy, as it must to production.

    Raises:
        InvalidInputError: Steps that do not rise to 100, or steps of another strategy than canary.
        ConflictError: Less careful than the policy asks for.
    """
    wanted = strategy or policy.strategy
    if steps is not None and wanted is not Strategy.CANARY:
        raise InvalidInputError(f"only canary has steps, not {wanted}", where="steps")
    if binding and _CARE.index(wanted) < _CARE.index(policy.strategy):
        raise ConflictError(f"policy {policy.name} asks for {policy.strategy}; {wanted} is less careful")
    if steps is None and wanted is Strategy.CANARY and policy.strategy is not Strategy.CANARY:
        steps = policy.canary_steps
    asked = steps_of(policy, wanted) if steps is None else checked_steps(steps, where="steps")
    if binding and policy.strategy is not Strategy.DIRECT:
        serving = [step for step in asked if step.percent]  # a shadow comes before that, and replaces none of it
        _require_care(serving, steps_of(policy, policy.strategy), policy.name)
    return wanted, asked


def _require_care(asked: Sequence[CanaryStep], least: Sequence[CanaryStep], policy: str) -> None:
    """Refuse steps that at any time give the new version more traffic than the policy would."""
    clock = 0
    for step in asked:
        allowed = _share_at(least, clock)
        if step.percent > allowed:
            raise ConflictError(
                f"after {clock} minutes the new version would get {step.percent} % of the traffic; "
                f"policy {policy} allows {allowed} % by then"
            )
        clock += step.minutes
    whole = sum(step.minutes for step in least)
    if clock < whole:
        raise ConflictError(f"the new version would be watched for {clock} minutes; policy {policy} asks for {whole}")


def _share_at(steps: Sequence[CanaryStep], clock: int) -> int:
    for step in steps:
        if clock < step.minutes:
            return step.percent
        clock -= step.minutes
    return 100


def served_model(version: ModelVersion) -> str:
    """What the cloud calls the model of a version. Raises `ConflictError` when the version's record does not say."""
    named = next((one.location for one in version.artefacts if one.name == SERVED_AS), None)
    if named is None:
        raise ConflictError(
            f"version {version.version} does not say which model of SageMaker it is: "
            f"add an artefact called {SERVED_AS} whose location is the model's name or ARN"
        )
    name = named.rpartition("/")[2]
    if not _MODEL_NAME.fullmatch(name):
        raise ConflictError(f"version {version.version}: {named!r} is not the name or ARN of a SageMaker model")
    return name
