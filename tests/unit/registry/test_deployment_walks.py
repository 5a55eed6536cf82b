"""Random walks over plans, runs, people's orders and bad days: no walk reaches a state that is not allowed."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

from syndic.errors import ConflictError, UnavailableError
from syndic.registry.deployments.models import Deployment, DeploymentState, rules
from syndic.registry.deployments.plan import cancel_deployment, roll_back_deployment
from syndic.registry.deployments.store import list_deployments, list_open, read_slot
from syndic.registry.models import Stage, Strategy
from syndic.registry.promotion.promote import read_stages
from tests.unit.registry.rollout import ARN, Rollout

ORDERS = ("plan", "tick", "tick", "tick", "tick", "cancel", "roll back", "sound", "failing", "deaf", "hearing")


def order(rollout: Rollout, word: str, chance: random.Random) -> None:
    common: dict[str, Any] = {
        "store": rollout.store, "audit": rollout.audit, "bus": rollout.bus, "actor": "ann", "now": rollout.now,
        "reason": "a customer complained",
    }  # fmt: skip
    known = list_deployments(rollout.store).deployments
    try:
        if word == "plan":
            rollout.plan(target=chance.choice([Stage.STAGING, Stage.PRODUCTION]))
        elif word == "tick":
            rollout.tick(minutes=chance.choice([1, 5, 30]))
        elif word == "cancel" and known:
            cancel_deployment(chance.choice(known).id, **common)
        elif word == "roll back" and known:
            roll_back_deployment(chance.choice(known).id, **common)
        elif word in {"sound", "failing"}:
            rollout.behave(errors=0.0 if word == "sound" else 0.4)
        elif word in {"deaf", "hearing"}:
            rollout.traffic.refuse = UnavailableError("throttled") if word == "deaf" else None
    except ConflictError:
        pass  # a refusal is an answer


def assert_sound(rollout: Rollout) -> None:
    deployments = list_deployments(rollout.store, limit=100).deployments
    open_ones = [one for one in deployments if one.is_open]
    assert len(open_ones) <= 1
    slot, _ = read_slot(rollout.store, ARN)
    assert slot.held_by == (open_ones[0].id if open_ones else None)
    assert slot.count == len(deployments)
    for deployment in deployments:
        assert_legal(deployment)
    stages = read_stages(rollout.store, rollout.model_id)
    assert sum(stage is Stage.PRODUCTION for stage in stages.of.values()) <= 1
    failed = any(one.state is DeploymentState.FAILED for one in deployments)
    if not open_ones and not failed and not list_open(rollout.store):
        assert len(rollout.traffic.endpoints["car-loan"].traffic.variants) == 1, "nothing is left half way"


def assert_legal(deployment: Deployment) -> None:
    states = [event.state for event in deployment.history]
    for before, after in pairwise(states):
        assert before is after or after in rules().states[before], states
    assert (deployment.ended_at is None) == deployment.is_open


@pytest.mark.parametrize("strategy", list(Strategy))
@pytest.mark.parametrize("seed", range(12))
def test_no_walk_leaves_the_rules_and_quiet_days_end_every_deployment(strategy: Strategy, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    rollout = Rollout(strategy=strategy, error_rate=0.05, takes=chance.choice([0, 1]))
    for _ in range(80):
        order(rollout, chance.choice(ORDERS), chance)
        assert_sound(rollout)
    rollout.traffic.refuse = None
    rollout.behave()
    for _ in range(40):
        rollout.tick()
    assert_sound(rollout)
    for identity in list_open(rollout.store):
        (held,) = [one for one in list_deployments(rollout.store).deployments if one.id == identity]
        assert held.state_reason.startswith("held: "), held.state_reason


def test_the_walks_reach_every_state() -> None:
    reached: set[DeploymentState] = set()
    for strategy in Strategy:
        for seed in range(12):
            chance = random.Random(seed)  # noqa: S311
            rollout = Rollout(strategy=strategy, error_rate=0.05, takes=chance.choice([0, 1]))
            for _ in range(80):
                order(rollout, chance.choice(ORDERS), chance)
            found = list_deployments(rollout.store, limit=100).deployments
            reached |= {event.state for deployment in found for event in deployment.history}
    assert reached == set(DeploymentState)
