"""A model registered with what should hold for it: each wish becomes a policy, or it is said what it became instead.

Some wishes would do harm as they stand: a p-value alone rings on every large window, a risk level that the sender finds
convenient is no decision. What is made of each is told with the registration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from syndic.bias.policy import kept as bias
from syndic.bias.policy.model import (
    DEFAULT_METRICS,
    BiasPolicy,
    MetricRule,
    ProtectedAttribute,
    is_ratio,
    with_threshold,
)
from syndic.compliance.catalogue import active_frameworks
from syndic.drift.policy import kept as drift
from syndic.drift.policy.model import DriftPolicy
from syndic.errors import UnknownReferenceError
from syndic.models import Finite, Noun, RegisteredModel, RiskDecision, RiskLevel, WindowLength
from syndic.policy import policy_key
from syndic.ports import AuditTrail, Store
from syndic.records import get_model
from syndic.registry.versions.versions import decide_risk

SCHEDULES: Final[Mapping[str, WindowLength]] = {
    "hourly": WindowLength.HOUR,
    "daily": WindowLength.DAY,
    "weekly": WindowLength.WEEK,
    "monthly": WindowLength.MONTH,
}
GREATEST_LEVEL: Final = 0.1
"""A greater drift threshold than this is no level of significance, but an effect size."""


class Became(Noun):
    """What was made of one field of a request."""

    field: str
    became: str


class Registration(RegisteredModel):
    """A registered model, and what was made of each wish that was sent with it."""

    became: tuple[Became, ...] = ()


class Wishes(Noun):
    """What should hold for a model from the beginning. The answer says what each became."""

    cloud_provider: str | None = Field(default=None, max_length=64, description="where it runs, such as aws or azure")
    endpoint_name: str | None = Field(default=None, max_length=256)
    model_type: str | None = Field(default=None, max_length=64, description="such as binary_classification")
    protected_attributes: tuple[Annotated[str, Field(min_length=1, max_length=128)], ...] = Field(
        default=(), max_length=20
    )
    drift_threshold: Finite | None = Field(
        default=None, gt=0, lt=1, description="up to 0.1 a level of significance, else a PSI"
    )
    bias_threshold: Finite | None = Field(
        default=None, gt=0, le=1, description="from 0.5 a ratio between groups, else a difference"
    )
    compliance_frameworks: tuple[str, ...] = Field(
        default=(), max_length=20, description="in any case: EU_AI_ACT, soc2"
    )
    monitoring_schedule: Literal["hourly", "daily", "weekly", "monthly"] | None = None
    risk_level: RiskLevel | None = None

    def profile(self) -> dict[str, Any]:
        """What of the wishes is kept with the model itself."""
        said = {name: getattr(self, name) for name in ("cloud_provider", "endpoint_name", "model_type")}
        kept: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        if self.compliance_frameworks:
            kept["compliance_frameworks"] = [framework_id(name) for name in self.compliance_frameworks]
        return kept


def framework_id(name: str) -> str:
    """A framework's id as people write it: ``EU_AI_ACT``, ``eu-ai-act`` and ``eu_ai_act`` are one."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def require_frameworks(names: tuple[str, ...], *, store: Store) -> None:
    """Raise `UnknownReferenceError` for a framework that is not in force."""
    active = active_frameworks(store) if names else {}
    for name in names:
        if framework_id(name) not in active:
            known = ", ".join(sorted(active))
            raise UnknownReferenceError(
                f"no framework {framework_id(name)!r} is active; there are {known}", where="compliance_frameworks"
            )


def apply_wishes(
    wishes: Wishes, model: RegisteredModel, *, store: Store, audit: AuditTrail, actor: str, now: datetime
) -> Registration:
    """Make policies of what was wished for a model, and say what each became. Policies that are there already stay."""
    common: dict[str, Any] = {"store": store, "audit": audit, "actor": actor, "now": now}
    notes = [
        *_of_place(wishes),
        *_of_drift(wishes, model.id, common),
        *_of_bias(wishes, model.id, common),
        *_of_frameworks(wishes),
        *_of_schedule(wishes),
        *_of_risk(wishes, model, common),
    ]
    kept = get_model(store, model.id) if notes else model
    return Registration(**dict(kept), became=tuple(Became(field=field, became=words) for field, words in notes))


def _of_place(wishes: Wishes) -> Iterator[tuple[str, str]]:
    for name in ("cloud_provider", "model_type"):
        if getattr(wishes, name) is not None:
            yield name, f"kept as metadata.{name}; it decides nothing"
    if wishes.endpoint_name is not None:
        yield (
            "endpoint_name",
            "kept as metadata.endpoint_name. Discovery lists the endpoint as a model of its own, with its traffic",
        )


def _of_drift(wishes: Wishes, model_id: str, common: dict[str, Any]) -> Iterator[tuple[str, str]]:
    wanted = wishes.drift_threshold
    if wanted is None:
        return
    if common["store"].get(policy_key("drift", model_id)) is not None:
        yield "drift_threshold", "nothing: the model has a drift policy already, which stays"
        return
    if wanted <= GREATEST_LEVEL:
        policy = DriftPolicy(significance=wanted)
        words = (
            f"significance {wanted} of the drift policy, over all tests of a run together, and only beside an effect "
            f"(PSI over {policy.psi_threshold}): a p-value alone would ring at every large window"
        )
    else:
        policy = DriftPolicy(psi_threshold=wanted)
        words = f"psi_threshold {wanted} of the drift policy, beside significance {policy.significance}"
    drift.set_policy(model_id, policy, **common)
    yield "drift_threshold", words


def _of_bias(wishes: Wishes, model_id: str, common: dict[str, Any]) -> Iterator[tuple[str, str]]:
    names, wanted = wishes.protected_attributes, wishes.bias_threshold
    if not names and wanted is None:
        return
    given = [field for field, value in (("protected_attributes", names), ("bias_threshold", wanted)) if value]
    if common["store"].get(policy_key("bias", model_id)) is not None:
        yield from ((field, "nothing: the model has a fairness policy already, which stays") for field in given)
        return
    rules: tuple[MetricRule, ...] = DEFAULT_METRICS
    words = ""
    if wanted is not None:
        rules = with_threshold(rules, wanted)
        changed = ", ".join(rule.metric.value for rule in rules if rule.metric.is_ratio is is_ratio(wanted))
        words = f"threshold {wanted} of {changed}: a finding needs a significant disparity beyond it, not a bare number"
    attributes = tuple(ProtectedAttribute(name=name) for name in dict.fromkeys(names))
    policy = BiasPolicy(protected_attributes=attributes, fairness_metrics=rules)
    bias.set_policy(model_id, policy, **common)
    if names:
        yield (
            "protected_attributes",
            "those of the fairness policy, each compared with its best-off group. Say there what is `favourable`",
        )
    if words:
        yield "bias_threshold", words


def _of_frameworks(wishes: Wishes) -> Iterator[tuple[str, str]]:
    if wishes.compliance_frameworks:
        names = ", ".join(framework_id(name) for name in wishes.compliance_frameworks)
        yield "compliance_frameworks", f"{names}: kept in the metadata. Every framework in force judges every model"


def _of_schedule(wishes: Wishes) -> Iterator[tuple[str, str]]:
    if wishes.monitoring_schedule is not None:
        length = SCHEDULES[wishes.monitoring_schedule].value
        yield "monitoring_schedule", f"windows of one {length}, each checked when it is complete"


def _of_risk(wishes: Wishes, model: RegisteredModel, common: dict[str, Any]) -> Iterator[tuple[str, str]]:
    level = wishes.risk_level
    if level is None:
        return
    if model.risk is not None:
        yield "risk_level", f"nothing: {model.risk.level.value} was decided already"
    elif level in {RiskLevel.HIGH, RiskLevel.UNACCEPTABLE}:
        decision = RiskDecision(
            level=level,
            reason="said when the model was registered",
            decided_by=common["actor"],
            decided_at=common["now"],
        )
        decide_risk(model.id, decision, store=common["store"], audit=common["audit"], now=common["now"])
        yield "risk_level", f"the decision {level.value}, with the registration as its reason"
    else:
        yield "risk_level", f"nothing yet: {level.value} takes a decision with reasons (PUT .../risk-profile)"
