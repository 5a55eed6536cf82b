"""The same request sent again is answered by what was done; what was judged must still be so when it is written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from syndic.changes import AGAIN
from syndic.drift.policy.model import DriftPolicy
from syndic.errors import ConflictError
from syndic.models import RiskDecision, RiskLevel
from syndic.policy import set_policy
from syndic.records import get_model
from syndic.registry.approvals.requests import choose_policy, decide, request_approval
from syndic.registry.models import Decision, Stage
from syndic.registry.promotion.promote import GateRefusedError, promote, read_stages, roll_back, waive
from syndic.registry.versions.change_version import change_version
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.versions import decide_risk
from tests.unit.registry.case import NOW, vote
from tests.unit.registry.test_gate import approved, ready
from tests.unit.registry.test_rollback import Shipped

WHY = "as the board decided"


class Meanwhile:
    """A store in which somebody else does something just before the first commit of one partition."""

    def __init__(self, store: Any, partition: str, something: Any) -> None:
        self._store, self._partition, self._something = store, partition, something

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_together(self, writes: Any) -> Any:
        if self._something is not None and writes[0].record.key.partition == self._partition:
            something, self._something = self._something, None
            something()
        return self._store.put_together(writes)


def promotable() -> Any:
    registry = ready()
    registry.version("1")
    common = {"store": registry.store, "audit": registry.audit, "actor": "ann", "now": NOW}
    promote(registry.model.id, "1", Stage.STAGING, reason=WHY, **common)
    approved(registry, "1")
    return registry


def test_a_version_edited_between_judgement_and_write_is_judged_again() -> None:
    registry = promotable()
    common = {"audit": registry.audit, "actor": "eve", "now": NOW}

    def edit() -> None:
        change_version(
            registry.model.id, "1", lambda one: one.model_copy(update={"metrics": {"auc": 0.1}}),
            store=registry.store, **common,
        )  # fmt: skip

    store = Meanwhile(registry.store, f"model.{registry.model.id}", edit)
    with pytest.raises(GateRefusedError):
        promote(registry.model.id, "1", Stage.PRODUCTION, reason=WHY, store=store, **common)

    assert get_version(registry.store, registry.model.id, "1").metrics == {"auc": 0.1}
    assert read_stages(registry.store, registry.model.id).production is None


def test_what_was_judged_is_written_again_unchanged() -> None:
    registry = promotable()
    before = get_version(registry.store, registry.model.id, "1")

    promote(
        registry.model.id, "1", Stage.PRODUCTION, reason=WHY, store=registry.store, audit=registry.audit,
        actor="ann", now=NOW,
    )  # fmt: skip

    assert read_stages(registry.store, registry.model.id).production == "1"
    assert get_version(registry.store, registry.model.id, "1") == before


def test_the_same_rollback_again_goes_back_no_further_within_its_time() -> None:
    registry = Shipped("1", "2", "3")

    def back(minutes: int, reason: str = WHY) -> str | None:
        common = {"store": registry.store, "audit": registry.audit, "actor": "ann"}
        now = NOW + timedelta(minutes=minutes)
        return roll_back(
            registry.model.id, to=None, reason=reason, again_within=AGAIN, now=now, **common
        ).production  # fmt: skip

    assert [back(0), back(1), back(14)] == ["2", "2", "2"]
    assert back(14, "worse than the one before, too") == "1"
    assert registry.audit.actions.count("version.rollback") == 2


def test_the_same_vote_again_is_counted_once_and_another_is_refused() -> None:
    registry = Shipped()
    registry.version("1")
    asked = request_approval(registry.model.id, "1", Stage.PRODUCTION, actor="ann", **registry.common)
    common = {**registry.common, "held_roles": ["ml_engineer"]}

    first = decide(registry.model.id, asked.id, vote("bob", "ml_engineer"), **common)
    later = vote("bob", "ml_engineer").model_copy(update={"at": NOW + timedelta(hours=1)})

    assert decide(registry.model.id, asked.id, later, **common) == first
    assert registry.audit.actions.count("approval.voted") == 1
    with pytest.raises(ConflictError):
        decide(registry.model.id, asked.id, vote("bob", "ml_engineer", Decision.REJECT), **common)


def test_the_same_decisions_again_are_made_once() -> None:
    registry = Shipped()
    registry.version("1")
    identity = registry.model.id

    def again(action: str, do: Any) -> list[int]:
        counts = []
        for minutes in (0, 5, 60):
            do({**registry.common, "now": NOW + timedelta(minutes=minutes)}, NOW + timedelta(minutes=minutes))
            counts.append(registry.audit.actions.count(action))
        return [one - counts[0] for one in counts]

    def risk(common: Any, now: Any) -> None:
        decision = RiskDecision(
            level=RiskLevel.LIMITED, reason="a chatbot for customers", decided_by="cora", decided_at=now
        )
        decide_risk(identity, decision, store=common["store"], audit=common["audit"], now=now)

    def condition(common: Any, _: Any) -> None:
        waive(identity, "1", "evaluation_metrics", reason="measured elsewhere", actor="ann", **common)

    def policy(common: Any, _: Any) -> None:
        choose_policy(identity, "moderate", actor="adam", **common)

    assert again("model.risk_decided", risk) == [0, 0, 1], "an hour later it is a decision of its own"
    assert again("condition.waived", condition) == [0, 0, 1]
    assert again("policy.chosen", policy) == [0, 0, 0], "the same name is the same choice"
    assert get_model(registry.store, identity).risk is not None


def test_a_refusal_is_told_once_to_the_one_who_asks_again_at_once() -> None:
    registry = ready()
    registry.version("1", metrics={})
    common = {"store": registry.store, "audit": registry.audit}

    def ask(actor: str, minutes: int) -> None:
        with pytest.raises(GateRefusedError):
            promote(
                registry.model.id, "1", Stage.STAGING, reason=WHY, actor=actor, now=NOW + timedelta(minutes=minutes),
                **common,
            )  # fmt: skip

    for actor, minutes in (("ann", 0), ("ann", 1), ("bob", 2), ("bob", 60)):
        ask(actor, minutes)
    assert registry.audit.actions.count("promotion.refused") == 3


def test_the_version_that_a_policy_was_expected_to_have_may_be_the_one_before_the_answer_was_lost() -> None:
    registry = ready()
    common = {"store": registry.store, "audit": registry.audit, "now": NOW}
    stricter = DriftPolicy(psi_threshold=0.1)
    set_policy(registry.model.id, DriftPolicy(psi_threshold=0.3), actor="ann", **common)

    first = set_policy(registry.model.id, stricter, actor="ann", expect_version=1, **common)

    assert set_policy(registry.model.id, stricter, actor="ann", expect_version=1, **common) == first
    with pytest.raises(ConflictError, match="has version 2, not 1"):
        set_policy(registry.model.id, stricter, actor="bob", expect_version=1, **common)
    with pytest.raises(ConflictError, match="has version 2, not 1"):
        set_policy(registry.model.id, DriftPolicy(psi_threshold=0.2), actor="ann", expect_version=1, **common)
    assert registry.audit.actions.count("drift.policy_changed") == 2
