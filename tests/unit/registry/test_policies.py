"""Policies are checked when saved and can be tried on every model before anybody is bound by one."""

from __future__ import annotations

import pytest

from syndic.errors import InvalidInputError
from syndic.registry.approvals.requests import choose_policy, policy_of
from syndic.registry.models import Stage
from syndic.registry.promotion.policies import read_policy, save_policy, try_policy
from syndic.registry.promotion.promote import judge_gate
from syndic.registry.versions.lifecycle import shipped_policies
from tests.unit.registry.case import NOW, Registry

OWN = {
    "name": "auc_counts",
    "description": "A version must rank well, and one that ranks very well needs nobody.",
    "approvers": 1,
    "conditions": {"ranks_well": "version.metrics.auc >= 0.8"},
    "auto_approve": "version.metrics.auc > 0.95 && model.risk.level == 'limited'",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"conditions": {"x": "version.metrics.auc >="}}, "policy.conditions.x"),
        ({"conditions": {"x": "secrets.key == 1"}}, "known here: evidence, model, production, version"),
        ({"auto_approve": "[1,2,3].all(x, x > 0)"}, "policy.auto_approve"),
        ({"approvers": -1}, "policy.approvers"),
        ({"roles": ["a", "b"]}, "2 roles must agree but only 1"),
        ({"name": "No Spaces"}, "policy.name"),
        ({"colour": "red"}, "policy.colour"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_field(change, said):
    with pytest.raises(InvalidInputError, match=said):
        read_policy({**OWN, **change})


def test_expressions_decide_and_what_cannot_be_told_is_not_met():
    registry = Registry()
    save_policy(read_policy(OWN), store=registry.store, audit=registry.audit, actor="cora", now=NOW)
    choose_policy(registry.model.id, "auc_counts", store=registry.store, audit=registry.audit, actor="cora", now=NOW)
    for name, metrics, expected in (
        ("1", {"auc": 0.9}, None),
        ("2", {"auc": 0.7}, "false"),
        ("3", {"f1": 0.9}, "cannot"),
    ):
        registry.version(name, metrics=metrics)
        result = judge_gate(registry.model.id, name, Stage.PRODUCTION, store=registry.store, now=NOW)
        own = next(c for c in result.conditions if c.name == "condition:ranks_well")
        assert own.met is (expected is None)
        assert expected is None or own.reason.startswith(expected)
        assert not next(c for c in result.conditions if c.name == "approvals").met


def test_trying_a_policy_changes_nothing():
    registry = Registry()
    registry.version("1")
    before = len(registry.audit.entries)
    trial = try_policy(shipped_policies()["strict"], store=registry.store, now=NOW).trials[0]
    assert (trial.version, trial.result.policy, trial.result.passed) == ("1", "strict", False)
    assert len(registry.audit.entries) == before
    assert policy_of(registry.store, registry.model.id).name == "moderate"


def test_the_shipped_policies_are_sound():
    for policy in shipped_policies().values():
        assert read_policy(policy.model_dump(mode="json")) == policy


def test_the_steps_of_a_canary_must_rise_to_all_traffic() -> None:
    values = {"name": "house", "description": "ours", "approvers": 1, "strategy": "canary"}
    assert [step.percent for step in read_policy({**values, "canary_steps": [5, 100]}).canary_steps] == [5, 100]
    for steps in ([50, 20, 100], [5, 25], [], [5, 5, 100]):
        with pytest.raises(InvalidInputError, match=r"policy\.canary_steps: expected shares that rise to 100"):
            read_policy({**values, "canary_steps": steps})
