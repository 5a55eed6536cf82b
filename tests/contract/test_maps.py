"""What every `MapRunner` promises."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from syndic.adapters.aws import StepFunctionsMap
from syndic.adapters.memory import MemoryBus, MemoryMap, MemoryStore
from syndic.checks.counting.queue_run import FanOut
from syndic.models import CountRequested, WindowLength
from syndic.ports import MapRunner
from tests.contract import clouds

NOW = datetime(2026, 11, 21, tzinfo=UTC)
REQUEST = CountRequested(model_id="car-loan-123abc", window=WindowLength.MONTH.around(NOW), checks=("drift",))
ITEMS = [{"part": part, "own": []} for part in range(300)]


def _fan_out() -> tuple[MapRunner, Callable[[], list[str]]]:
    store, bus = MemoryStore(), MemoryBus()
    return FanOut(store, bus, clock=lambda: NOW), lambda: list(
        dict.fromkeys(part.run for part in bus.of("PartRequested"))
    )


@pytest.fixture(params=["memory", "fan-out", pytest.param("stepfunctions", marks=pytest.mark.emulator)])
def runner(request: pytest.FixtureRequest) -> tuple[MapRunner, Callable[[], list[str]]]:
    """A runner, and the names of the runs behind it."""
    if request.param == "memory":
        memory = MemoryMap()
        return memory, lambda: list(memory.started)
    if request.param == "fan-out":
        return _fan_out()
    client, machine = _machine(request.getfixturevalue("aws"))
    return StepFunctionsMap(client, machine), lambda: _names(client, machine)


def _machine(aws: str) -> tuple[Any, str]:
    """A client, and a state machine whose executions run until they are stopped."""
    client = clouds.client("stepfunctions", aws)
    created = client.create_state_machine(
        name=f"m-{uuid.uuid4().hex[:8]}",
        definition=json.dumps({"StartAt": "Count", "States": {"Count": {"Type": "Wait", "Seconds": 900, "End": True}}}),
        roleArn="arn:aws:iam::000000000000:role/r",
    )
    return client, created["stateMachineArn"]


def _names(client: Any, machine: str) -> list[str]:
    return [one["name"] for one in client.list_executions(stateMachineArn=machine)["executions"]]


def test_a_run_is_started_once_and_found_running(runner: tuple[MapRunner, Callable[[], list[str]]]) -> None:
    maps, runs = runner
    assert maps.start("run-1", REQUEST, ITEMS) == "run-1"
    assert maps.start("run-1", REQUEST, ITEMS) == "run-1"
    assert runs() == ["run-1"]
    assert maps.start("run-2", REQUEST, ITEMS[:2]) == "run-2"
    assert sorted(runs()) == ["run-1", "run-2"]


@pytest.mark.emulator
def test_a_run_that_was_stopped_is_started_again(aws: str) -> None:
    client, machine = _machine(aws)
    maps = StepFunctionsMap(client, machine)
    first = maps.start("run-1", REQUEST, ITEMS)
    client.stop_execution(executionArn=f"{machine.replace('stateMachine', 'execution')}:{first}")
    assert maps.start("run-1", REQUEST, ITEMS) == f"{first}-2"
    assert maps.start("run-1", REQUEST, ITEMS) == f"{first}-2"
    assert sorted(_names(client, machine)) == [first, f"{first}-2"]
