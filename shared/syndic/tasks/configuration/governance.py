"""An approval policy from a governance file: our own fields, or required approvers, roles and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from syndic.models import slug
from syndic.registry.models import ApprovalPolicy
from syndic.registry.promotion.policies import read_policy
from syndic.registry.versions.lifecycle import shipped_policies
from syndic.spelling import refuse_unknown
from syndic.tasks.configuration.models import Reading

OTHER_NAMES: Final[Mapping[str, str]] = {
    "required_approvers": "approvers",
    "deployment_strategy": "strategy",
    "rollback_conditions": "rollback",
}
SHAPED: Final = frozenset(
    {*OTHER_NAMES, "compliance_level", "approval_roles", "auto_approval_conditions", "auto_approve_conditions"}
)
PASSING: Final = '"{kind}" in evidence && evidence["{kind}"].status == "passing"'
CONDITIONS: Final[Mapping[str, str]] = {
    "passes_bias_tests": PASSING.format(kind="bias.run"),
    "passes_drift_tests": PASSING.format(kind="drift.run"),
    "regulatory_compliance": PASSING.format(kind="compliance.run"),
}
"""Conditions that evidence answers."""


def policy_of_governance(given: Mapping[str, Any], reading: Reading) -> ApprovalPolicy:
    """The approval policy. Raises `InvalidInputError` that names the field."""
    refuse_unknown(given, SHAPED | ApprovalPolicy.model_fields.keys(), where=reading.where, shown=reading.section)
    if not SHAPED & given.keys():
        return read_policy(given, where=reading.where)
    name = slug(str(given.get("name", "governance"))).replace("-", "_")[:48]
    fields: dict[str, Any] = {"description": "from a governance file", **_level(given, reading)}
    fields |= {
        OTHER_NAMES.get(key, key): value for key, value in given.items() if OTHER_NAMES.get(key, key) not in SHAPED
    }
    fields["name"] = name
    if given.get("name", name) != name:
        reading.says("name", f"{name}: what the policy is called here")
    _roles(given, fields, reading)
    _automatic(given, fields, reading)
    return read_policy(fields, where=reading.where)


def _level(given: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """The evidence, rollout and the like of the shipped policy of that level."""
    level = given.get("compliance_level")
    if level is None:
        return {}
    known = shipped_policies()
    refuse_unknown({str(level): None}, known.keys(), where=reading.where, shown=f"{reading.section}.compliance_level")
    reading.says("compliance_level", f"what the shipped policy {level} asks for, where the file says nothing else")
    return known[str(level)].model_dump(
        mode="json", exclude={"name", "description", "approvers", "roles", "from_roles"}
    )


def _roles(given: Mapping[str, Any], fields: dict[str, Any], reading: Reading) -> None:
    roles = tuple(given.get("approval_roles") or ())
    approvers = given.get("required_approvers", fields.get("approvers", len(roles)))
    fields["approvers"] = approvers
    if not roles:
        return
    every = approvers == len(roles)
    fields["roles" if every else "from_roles"] = roles
    if not every:
        reading.says("approval_roles", f"from_roles: {approvers} approvers, each in another one of these roles")


def _automatic(given: Mapping[str, Any], fields: dict[str, Any], reading: Reading) -> None:
    """An expression for the conditions, only when every one of them can be told; else people approve."""
    key = "auto_approval_conditions" if "auto_approval_conditions" in given else "auto_approve_conditions"
    wanted = given.get(key)
    if not isinstance(wanted, Mapping) or not wanted:
        return
    metric = wanted.get("metric")
    parts, untold = [], []
    for name, value in wanted.items():
        if name == "metric" or value is False:
            continue
        if name == "performance_improvement" and isinstance(metric, str) and metric.replace("_", "").isalnum():
            better = f'version.metrics["{metric}"] >= production.metrics["{metric}"] * {1 + float(value)}'
            parts.append(f"production != null && {better}")
        elif name in CONDITIONS:
            parts.append(CONDITIONS[name])
        else:
            untold.append(str(name))
    if untold:
        reading.says(
            key,
            f"nothing is approved without people: {', '.join(untold)} cannot be told from what is on record"
            + (" (name the metric as `metric`)" if "performance_improvement" in untold else ""),
        )
    elif parts:
        fields["auto_approve"] = " && ".join(f"({part})" for part in parts)
        reading.says(key, f"auto_approve: {fields['auto_approve']}")
