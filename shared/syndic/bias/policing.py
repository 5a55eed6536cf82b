"""Reading and changing a model's fairness policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from syndic.bias.keys import policy_key
from syndic.bias.policies import BiasPolicy, Metric, MetricRule
from syndic.bias.policy_file import SHORT_NAMES, validated_policy
from syndic.errors import ConflictError, InvalidInputError, UnknownReferenceError
from syndic.models import AuditEntry, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store
from syndic.records import get_model

_UNMARKED = {"version": 1, "changed_at": None, "changed_by": None}


def get_policy(model_id: str, *, store: Store) -> BiasPolicy:
    """The policy of a model. Until somebody sets one: the default, which declares no protected attribute."""
    record = store.get(policy_key(model_id))
    return BiasPolicy() if record is None else BiasPolicy.model_validate(record.body)


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
    schema, `ConflictError` when the present version is not `expect_version`, `StaleWriteError` when somebody changes
    it at the same time.
    """
    _require_columns(model_id, policy, store)
    record = store.get(policy_key(model_id))
    present = None if record is None else BiasPolicy.model_validate(record.body)
    version = present.version if present else 0
    if expect_version is not None and expect_version != version:
        raise ConflictError(f"the bias policy of {model_id} has version {version}, not {expect_version}")
    if present is not None and present.model_copy(update=_UNMARKED) == policy.model_copy(update=_UNMARKED):
        return present
    changed = policy.model_copy(update={"version": version + 1, "changed_at": now, "changed_by": actor})
    store.put(Record(policy_key(model_id), to_json(changed)), expect=record.etag if record else ABSENT)
    audit.append(
        AuditEntry(
            action="bias.policy_changed",
            actor=actor,
            subject=f"model/{model_id}",
            at=now,
            details={"version": changed.version, "policy": to_json(changed)},
        )
    )
    return changed


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
