"""Reading and changing a model's fairness policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from syndic.bias.policy.file import SHORT_NAMES, validated_policy
from syndic.bias.policy.model import BiasPolicy, Metric, MetricRule
from syndic.errors import InvalidInputError, UnknownReferenceError
from syndic.policy import read_policy
from syndic.policy import set_policy as keep_policy
from syndic.ports import AuditTrail, Readable, Store
from syndic.records import get_model


def get_policy(model_id: str, *, store: Readable) -> BiasPolicy:
    """The policy of a model. Until somebody sets one: the default, which declares no protected attribute."""
    return read_policy(BiasPolicy, model_id, store=store)


def set_policy(
    model_id: str,
    policy: BiasPolicy,
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    expect_version: int | None = None,
) -> BiasPolicy:
    """Set a model's policy; returns it with its version. The same policy again changes nothing.

    Raises `NotFoundError` for an unknown model, `UnknownReferenceError` when a column is not in the model's capture
    schema, `ConflictError` when the present version is not `expect_version`.
    """
    _require_columns(model_id, policy, store)
    return keep_policy(model_id, policy, store=store, audit=audit, actor=actor, now=now, expect_version=expect_version)


def set_thresholds(
    model_id: str,
    thresholds: Mapping[str, float],
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
) -> BiasPolicy:
    """Change only the thresholds of some metrics; a metric that was not judged is from now on.

    Args:
        model_id: The model.
        thresholds: By metric name, short or long: ``{"disparate_impact": 0.8, "equal_opportunity": 0.1}``.
        store: Where policies are kept.
        audit: The trail.
        actor: Who asks.
        now: The time.

    Raises `UnknownReferenceError` for an unknown metric, `InvalidInputError` for a threshold out of range, and as
    `set_policy` does.
    """
    if not thresholds:
        raise InvalidInputError("give at least one threshold", where="thresholds")
    policy = get_policy(model_id, store=store)
    rules = {rule.metric: rule for rule in policy.fairness_metrics}
    for name, threshold in thresholds.items():
        metric = SHORT_NAMES.get(name)
        if metric is None:
            known = ", ".join(metric.value for metric in Metric)
            raise UnknownReferenceError(
                f"there is no fairness metric {name!r}; metrics are: {known}", where="thresholds"
            )
        fields = validated_policy({"fairness_metrics": [{"metric": metric, "threshold": threshold}]}, "thresholds")
        rules[metric] = MetricRule(metric=metric, threshold=fields.fairness_metrics[0].threshold)
    changed = policy.model_copy(update={"fairness_metrics": tuple(rules.values())})
    return set_policy(model_id, changed, store=store, audit=audit, actor=actor, now=now)


def _require_columns(model_id: str, policy: BiasPolicy, store: Store) -> None:
    model = get_model(store, model_id)
    if model.capture_schema is None:
        return
    known = {column.name for column in model.capture_schema.columns}
    wanted = [policy.prediction, policy.label, policy.score, policy.stratifier]
    wanted += [attribute.source_column for attribute in policy.protected_attributes if attribute.side_file is None]
    for name in wanted:
        if name is not None and name not in known:
            shown = ", ".join(sorted(known))
            raise UnknownReferenceError(
                f"the model's capture has no column {name!r}; columns are: {shown}", where="policy"
            )
