"""What keeps a check from being made: known before anything is queued, and said with what to do about it."""

from __future__ import annotations

import logging

from pydantic import Field

from syndic.bias.policy.kept import get_policy as get_bias_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.drift.keys import baseline_key
from syndic.drift.report.queries import find_baseline
from syndic.errors import ConflictError
from syndic.models import CheckRequested, ComplianceStatus, Noun, RegisteredModel
from syndic.policy import policy_key
from syndic.ports import Key, Readable
from syndic.tasks.clouds import Clouds
from syndic.tasks.messages import Check

log = logging.getLogger(__name__)


class Obstacle(Noun):
    """Why one check of a model cannot be made now."""

    check: Check
    reason: str
    remedy: str = Field(description="what to do so that it can be made")


class ChecksRefusedError(ConflictError):
    """Checks that were asked for cannot be made; nothing was queued."""

    code = "checks_refused"

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        self.obstacles = obstacles
        reasons: dict[tuple[str, str], list[str]] = {}
        for one in obstacles:
            reasons.setdefault((one.reason, one.remedy), []).append(one.check)
        super().__init__(
            "; ".join(
                f"no {' or '.join(checks)} check: {reason}; {remedy}" for (reason, remedy), checks in reasons.items()
            )
        )

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """Each check, with why it cannot be made and what to do."""
        return tuple((f"body.checks.{one.check}", f"{one.reason}; {one.remedy}") for one in self.obstacles)


def obstacle_keys(model_id: str) -> tuple[Key, ...]:
    """Keys of what `find_obstacle` looks at beside the model, to be read at once for all checks."""
    return baseline_key(model_id), policy_key(BiasPolicy.concern, model_id)


def find_obstacle(check: Check, model: RegisteredModel, *, store: Readable, elsewhere: bool = False) -> Obstacle | None:
    """What keeps a check of a model from being made, or None.

    Args:
        check: Which one.
        model: The model.
        store: Where its baseline and policy are read, or what was read at `obstacle_keys`.
        elsewhere: The model's own cloud makes the check. It keeps the baseline, and may have set one since.
    """
    found = _unreadable(model)
    if found is None and check == "drift" and not elsewhere and find_baseline(model.id, store=store) is None:
        found = "no baseline is set for this model", f"set one: POST /models/{model.id}/drift/baseline"
    if found is None and check == "bias" and not get_bias_policy(model.id, store=store).protected_attributes:
        found = "the fairness policy names no protected attribute", f"name one: PUT /models/{model.id}/bias/policy"
    return None if found is None else Obstacle(check=check, reason=found[0], remedy=found[1])


def takes_on(model: RegisteredModel | None, request: CheckRequested, clouds: Clouds) -> bool:
    """Whether a queued check of a model can be made; None: there is no such model.

    If not, it ends here, and the log and the count of refused checks say why. Trying again would not help, so that it
    is no failure. What drift and bias lack besides is told by their reports.
    """
    if model is None:
        reason: str | None = "no such model is registered"
    elif model.compliance_status is ComplianceStatus.RETIRED or request.check == "quality":
        found = _unreadable(model)
        reason = None if found is None else found[0]
    else:
        reason = None
    if reason is not None:
        told = {"check": request.check, "model_id": request.model_id, "window": request.window.key, "reason": reason}
        log.warning("check refused", extra=told)
        clouds.count("ChecksRefused", check=request.check)
    return reason is None


def _unreadable(model: RegisteredModel) -> tuple[str, str] | None:
    """Reason and remedy when no check of the model's traffic can be made, whichever it is."""
    if model.compliance_status is ComplianceStatus.RETIRED:
        return "the model is retired and not checked any more", "register its successor"
    if model.endpoint is None:
        remedy = f"deploy it where discovery looks, or send its rows: POST /models/{model.id}/captures"
        return "the model has no endpoint, so no traffic of it is captured", remedy
    if model.endpoint.capture is None:
        return "the model's traffic is not captured", "turn on data capture at its endpoint"
    if model.capture_schema is None:
        remedy = f"describe them: PATCH /models/{model.id} with capture_schema"
        return "the columns of the model's traffic are not described", remedy
    return None
