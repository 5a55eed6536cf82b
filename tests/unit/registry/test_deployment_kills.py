"""A run may die before or after any call. Whatever the point, running again ends in the same state.

A share of the points in `make test`, all of them in `make proof`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from syndic.changes import UNTOLD, sweep
from syndic.records import iterate
from syndic.registry.deployments.plan import roll_back_deployment
from syndic.registry.deployments.store import list_deployments, list_open
from syndic.registry.models import Strategy
from syndic.registry.promotion.promote import read_stages
from tests.proof import share
from tests.unit.registry.rollout import Rollout


class Killed(BaseException):
    """The process ended."""


class Fragile:
    """Passes calls on and dies before or after the call with the given number, counted over all collaborators."""

    def __init__(self, inner: Any, clock: Clock) -> None:
        self._inner, self._clock = inner, clock

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self._clock.strike()
            result = found(*args, **kwargs)
            self._clock.strike()
            return result

        return call


class Clock:
    def __init__(self, kill_at: int | None) -> None:
        self.count, self.kill_at = 0, kill_at

    def strike(self) -> None:
        self.count += 1
        if self.count == self.kill_at:
            raise Killed


def completed(rollout: Rollout) -> None:
    rollout.plan()
    finish(rollout)


def taken_back(rollout: Rollout) -> None:
    rollout.behave(errors=0.5)
    completed(rollout)


def taken_back_by_a_person(rollout: Rollout) -> None:
    deployment = rollout.plan()
    finish(rollout)
    while True:
        try:
            if rollout.get(deployment).state.value in {"returning", "rolled_back"}:
                break
            roll_back_deployment(
                deployment.id, reason="a customer complained", store=rollout.store, audit=rollout.audit,
                bus=rollout.bus, actor="ann", now=rollout.now,
            )  # fmt: skip
        except Killed:
            continue
    finish(rollout)


def finish(rollout: Rollout) -> None:
    """Run until nothing is open, starting again after each death."""
    for _ in range(60):
        try:
            rollout.tick()
            if not list_open(rollout.store):
                return
        except Killed:
            continue
    raise AssertionError("still open after 60 runs")


def ran(journey: Callable[[Rollout], None], kill_at: int | None) -> tuple[dict[str, Any], int]:
    strategy = Strategy.CANARY if journey is completed else Strategy.BLUE_GREEN
    rollout = Rollout(strategy=strategy, error_rate=0.05, takes=1)
    clock = Clock(None)
    for name in ("store", "traffic", "audit", "bus", "metrics"):
        setattr(rollout, name, Fragile(getattr(rollout, name), clock))
    clock.kill_at = kill_at
    try:
        journey(rollout)
    except Killed:  # while planning: the person asks again
        journey(rollout)
    clock.kill_at = None
    count = clock.count
    sweep(store=rollout.store, audit=rollout.audit, bus=rollout.bus, now=rollout.now + timedelta(minutes=2))
    # Never a second deployment, however often planning was tried.
    (deployment,) = list_deployments(rollout.store).deployments
    stages = read_stages(rollout.store, rollout.model_id)
    return {
        "state": deployment.state,
        "states": [event.state.value for event in deployment.history],
        "configuration": rollout.configuration,
        "calls": rollout.traffic.calls,
        "production": stages.production,
        "stage_changes": [(one.version, one.target.value) for one in stages.history],
        "audited": sorted({e.action for e in rollout.audit.entries if e.action.startswith("deployment.")}),
        "findings": sorted({finding.severity.value for finding in rollout.findings}),
        "untold": list(iterate(rollout.store, UNTOLD)),
    }, count


@pytest.mark.parametrize("journey", [completed, taken_back, taken_back_by_a_person])
def test_dying_at_any_call_ends_in_the_same_state(journey: Callable[[Rollout], None]) -> None:
    expected, calls = ran(journey, None)
    assert expected["untold"] == []
    assert calls > 150
    for kill_at in share(range(1, calls + 1), 5, of=len(journey.__name__)):
        found, _ = ran(journey, kill_at)
        assert found == expected, f"killed at call {kill_at} of {calls}"
