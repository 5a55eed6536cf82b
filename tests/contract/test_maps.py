"""What every `MapRunner` promises."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from syndic.adapters.aws import StepFunctionsMap
from syndic.adapters.memory import MemoryArchive, MemoryBus, MemoryMap, MemoryStore
from syndic.drift.scale.queue_run import FanOut
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CheckRequested,
    Cloud,
    Endpoint,
    RegisteredModel,
    WindowLength,
)
from syndic.ports import MapRunner, ObjectInfo
from syndic.records import model_record
from tests.contract import clouds

NOW = datetime(2026, 11, 21, tzinfo=UTC)
REQUEST = CheckRequested(check="drift", model_id="car-loan-123abc", window=WindowLength.MONTH.around(NOW))
ITEMS = [ObjectInfo(f"s3://b/{i:03d}", i, f"e{i}", NOW) for i in range(300)]


def _fan_out() -> tuple[MapRunner, Callable[[], list[str]]]:
    store, bus = MemoryStore(), MemoryBus()
    capture = CaptureConfig(enabled=True, format=CaptureFormat.AZURE_COLLECTOR, uri="https://a.blob.core.windows.net/c")
    endpoint = Endpoint(
        cloud=Cloud.AZURE, scope="s/g/w", name="car-loan", resource_id="/car", status="Succeeded", capture=capture
    )
    model = RegisteredModel(
        id=REQUEST.model_id, name="car-loan", cloud=Cloud.AZURE, endpoint=endpoint, registered_at=NOW
    )
    store.put(model_record(model))
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
    return StepFunctionsMap(client, machine, archive=MemoryArchive()), lambda: _names(client, machine)


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


def test_the_same_request_on_the_same_objects_is_one_run(
    runner: tuple[MapRunner, Callable[[], list[str]]],
) -> None:
    maps, runs = runner
    name = maps.start(REQUEST, ITEMS)
    assert maps.start(REQUEST, ITEMS[::-1]) == name
    assert runs() == [name]


def test_another_object_or_another_content_is_another_run(
    runner: tuple[MapRunner, Callable[[], list[str]]],
) -> None:
    maps, runs = runner
    names = {
        maps.start(REQUEST, ITEMS),
        maps.start(REQUEST, ITEMS[1:]),
        maps.start(REQUEST, [ObjectInfo("s3://b/000", 0, "other", NOW), *ITEMS[1:]]),
        maps.start(REQUEST.model_copy(update={"force": True}), ITEMS),
    }
    assert len(names) == 4
    assert set(runs()) == names


@pytest.mark.emulator
def test_a_run_that_was_stopped_is_started_again(aws: str) -> None:
    client, machine = _machine(aws)
    maps = StepFunctionsMap(client, machine, archive=MemoryArchive())
    first = maps.start(REQUEST, ITEMS)
    client.stop_execution(executionArn=f"{machine.replace('stateMachine', 'execution')}:{first}")
    assert maps.start(REQUEST, ITEMS) == f"{first}-2"
    assert maps.start(REQUEST, ITEMS) == f"{first}-2"
    assert sorted(_names(client, machine)) == [first, f"{first}-2"]
