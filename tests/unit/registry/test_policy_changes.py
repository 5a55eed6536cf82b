"""A vote counts for the policy it was given under; a model put under a stricter one needs what that one asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.errors import ConflictError
from syndic.registry.approvals.requests import choose_policy, decide, get_request, list_requests, request_approval
from syndic.registry.models import Condition, RequestState, Stage
from syndic.registry.promotion.policies import read_policy, save_policy, try_policy
from syndic.registry.promotion.promote import GateRefusedError, judge_gate, promote
from tests.unit.registry.case import NOW, PROFILE, Registry, vote

EVERYTHING = ("drift.run", "quality.run", "bias.run", "compliance.run")


class Asked(Registry):
    """A version in staging, with all evidence, for which approval was asked under a policy."""

    def __init__(self, policy: str) -> None:
        super().__init__(**PROFILE)
        self.approve_model()
        for kind in EVERYTHING:
            self.evidence(kind)
        self.version("1")
        promote(self.model.id, "1", Stage.STAGING, reason="try", actor="ann", **self.common)
        self.put_under(policy)
        self.request = self.ask()

    @property
    def common(self):
        return {"store": self.store, "audit": self.audit, "now": NOW}

    def put_under(self, policy: str) -> None:
        choose_policy(self.model.id, policy, actor="adam", **self.common)

    def ask(self):
        return request_approval(self.model.id, "1", Stage.PRODUCTION, actor="ann", **self.common)

    def approve(self, actor: str, role: str, request: str | None = None):
        identity = request or self.request.id
        return decide(self.model.id, identity, vote(actor, role), held_roles=[role], **self.common)

    def approvals(self, policy=None) -> Condition:
        result = judge_gate(self.model.id, "1", Stage.PRODUCTION, store=self.store, now=NOW, policy=policy)
        return next(one for one in result.conditions if one.name == "approvals")


def test_approval_under_a_lax_policy_is_not_enough_for_a_strict_one():
    registry = Asked("basic")
    registry.approve("bob", "ml_engineer")
    assert registry.approvals().met
    registry.put_under("strict")
    held = registry.approvals()
    assert (held.met, held.reason) == (
        False,
        "approved under policy basic; strict asks for 3 more (data_scientist, product_owner, security_officer)",
    )
    with pytest.raises(GateRefusedError, match="approved under policy basic"):
        promote(registry.model.id, "1", Stage.PRODUCTION, reason="now", actor="ann", **registry.common)
    second = registry.ask()
    assert (second.id, second.policy.name, second.state) == ("000002", "strict", RequestState.PENDING)
    first = get_request(registry.store, registry.model.id, registry.request.id, now=NOW)
    assert (first.state, first.state_reason) == (
        RequestState.WITHDRAWN,
        "made under policy basic; the model is under strict now",
    )
    for actor, role in zip("bcde", second.policy.roles, strict=True):
        registry.approve(actor, role, second.id)
    assert registry.approvals().met


def test_votes_that_suffice_for_the_present_policy_stay_good():
    registry = Asked("moderate")
    registry.approve("bob", "ml_engineer")
    registry.approve("cora", "product_owner")
    registry.put_under("basic")
    assert registry.approvals().met
    assert registry.ask().id == registry.request.id


def test_a_request_that_waits_under_another_policy_is_asked_anew():
    registry = Asked("strict")
    registry.approve("bob", "ml_engineer")
    registry.put_under("basic")
    assert registry.ask().id == "000002"
    with pytest.raises(ConflictError, match="is withdrawn: made under policy strict; the model is under basic now"):
        registry.approve("cora", "data_scientist")
    states = [one.state for one in list_requests(registry.store, registry.model.id, now=NOW)]
    assert states == [RequestState.PENDING, RequestState.WITHDRAWN]


def test_a_policy_changed_under_the_same_name_counts_as_another():
    registry = Asked("basic")
    registry.approve("bob", "ml_engineer")
    house = {"name": "basic", "description": "ours", "approvers": 2, "roles": ["ml_engineer", "product_owner"]}
    save_policy(read_policy(house), actor="adam", **registry.common)
    assert registry.approvals().reason == "approved under policy basic; basic asks for 1 more (product_owner)"


def test_a_dry_run_says_what_the_policy_would_ask_for():
    registry = Asked("basic")
    registry.approve("bob", "ml_engineer")
    tried = read_policy({"name": "house", "description": "ours", "approvers": 3, "valid_for": timedelta(days=7)})
    (trial,) = try_policy(tried, store=registry.store, now=NOW).trials
    assert {one.name: one.reason for one in trial.result.unmet} == {
        "approvals": "approved under policy basic; house asks for 2 more"
    }


def test_a_policy_that_asks_for_nobody_is_not_held_up_by_an_old_request():
    registry = Asked("moderate")
    save_policy(read_policy({"name": "free", "description": "ours", "approvers": 0}), actor="adam", **registry.common)
    registry.put_under("free")
    assert registry.approvals().reason == "the policy asks for no approver"
