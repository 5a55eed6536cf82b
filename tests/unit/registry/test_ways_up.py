"""A version goes up through every stage by each stage's own gate; approvers come from different roles."""

from __future__ import annotations

from typing import Any

import pytest

from syndic.errors import ConflictError, InvalidInputError, NotAllowedError
from syndic.registry.approvals.requests import choose_policy, decide, request_approval
from syndic.registry.models import ApprovalPolicy, Stage
from syndic.registry.promotion.policies import read_policy, save_policy
from syndic.registry.promotion.promote import GateRefusedError, promote_through, read_stages
from tests.unit.registry.case import NOW, PROFILE, Registry, vote

ROLES = ("ml_engineer", "data_scientist", "product_owner", "security_officer")
THREE_OF_FOUR: dict[str, Any] = {
    "name": "house", "description": "three of four", "approvers": 3, "from_roles": list(ROLES)
}  # fmt: skip


def common(registry: Registry, **more: Any) -> dict[str, Any]:
    return {"store": registry.store, "audit": registry.audit, "actor": "ann", "now": NOW, **more}


def up(registry: Registry, target: Stage = Stage.PRODUCTION) -> Stage:
    stages = promote_through(registry.model.id, "1", target, reason="all is in order", **common(registry))
    return stages.of["1"]


def under(registry: Registry, **policy: Any) -> None:
    save_policy(read_policy({**THREE_OF_FOUR, **policy}), **common(registry))
    choose_policy(registry.model.id, "house", **common(registry))


def test_one_call_passes_every_stage_by_its_own_gate() -> None:
    registry = Registry(**PROFILE)
    registry.version("1")
    registry.approve_model()
    under(registry, approvers=0, from_roles=[])

    assert up(registry) is Stage.PRODUCTION
    history = read_stages(registry.store, registry.model.id).history
    assert [(one.source, one.target) for one in history] == [
        (Stage.DEVELOPMENT, Stage.STAGING),
        (Stage.STAGING, Stage.PRODUCTION),
    ]
    assert up(registry) is Stage.PRODUCTION, "asked for again it is there"


def test_it_stops_where_a_gate_refuses() -> None:
    registry = Registry(**PROFILE)
    registry.version("1")
    with pytest.raises(GateRefusedError) as refused:
        up(registry)

    assert refused.value.result.target is Stage.PRODUCTION
    assert read_stages(registry.store, registry.model.id).of["1"] is Stage.STAGING


def test_nothing_comes_back_from_the_archive_this_way() -> None:
    registry = Registry(**PROFILE)
    registry.version("1")
    up(registry, Stage.ARCHIVED)
    with pytest.raises(ConflictError):
        up(registry)


def test_three_approvers_of_four_roles() -> None:
    registry = Registry(**PROFILE)
    registry.version("1")
    under(registry)
    request = request_approval(registry.model.id, "1", Stage.PRODUCTION, **common(registry))

    def say(person: str, role: str) -> str:
        voted = decide(
            registry.model.id, request.id, vote(person, role), held_roles=[role], store=registry.store,
            audit=registry.audit, now=NOW,
        )  # fmt: skip
        return voted.state.value

    with pytest.raises(NotAllowedError, match="not for risk_owner"):
        say("rita", "risk_owner")
    assert [say("bob", "ml_engineer"), say("eve", "ml_engineer"), say("dan", "product_owner")] == ["pending"] * 3
    assert say("sue", "security_officer") == "approved", "two of one role count once"


def test_a_policy_that_nobody_can_meet_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="only 2 roles are named"):
        read_policy({**THREE_OF_FOUR, "from_roles": ["ml_engineer", "data_scientist"]})


def test_a_policy_kept_before_reads_as_it_was() -> None:
    before = {"name": "house", "description": "two", "approvers": 2, "roles": ["ml_engineer", "product_owner"]}

    assert ApprovalPolicy.model_validate(before).from_roles == ()
