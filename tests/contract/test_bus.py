"""What every `EventBus` promises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syndic.errors import TooLargeError
from syndic.models import (
    Concern,
    CountRequested,
    EvidenceChanged,
    Finding,
    FindingsChanged,
    Severity,
    WindowCounted,
    WindowLength,
)
from tests.contract.subjects import BusSubject

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def finding(i: int, *, text: str = "x") -> Finding:
    return Finding(
        id=f"f{i}",
        model_id="car-loan-000000",
        model_name="car-loan",
        owner=None,
        concern=Concern.DRIFT,
        subject=f"feature {i}",
        severity=Severity.HIGH,
        title="Grüße 東京",
        reason=text,
        remedy="look",
        value=0.1,
        found_at=NOW,
    )


def test_events_arrive_as_they_were_published(bus: BusSubject) -> None:
    events = [
        CountRequested(model_id="m", window=WindowLength.DAY.around(NOW), checks=("drift", "bias")),
        WindowCounted(check="drift", model_id="m", window=WindowLength.DAY.around(NOW), counts="counts/m"),
        FindingsChanged(findings=(finding(1),)),
        EvidenceChanged(model_id="m", kinds=("drift.run",)),
    ]
    bus.bus.publish(events)
    arrived = {one["type"]: one for one in bus.arrived()}
    assert arrived == {event.type: event.model_dump(mode="json") for event in events}


def test_many_events_all_arrive(bus: BusSubject) -> None:
    bus.bus.publish([EvidenceChanged(model_id=f"m{i}", kinds=()) for i in range(57)])
    assert {one["model_id"] for one in bus.arrived()} == {f"m{i}" for i in range(57)}


def test_no_events_are_fine(bus: BusSubject) -> None:
    bus.bus.publish([])
    assert bus.arrived() == []


def test_findings_of_any_number_arrive_once_each(bus: BusSubject) -> None:
    bus.bus.publish([FindingsChanged(findings=tuple(finding(i, text="ü" * 2_000) for i in range(200)))])
    ids = [one["id"] for event in bus.arrived() for one in event["findings"]]
    assert sorted(ids) == sorted(f"f{i}" for i in range(200))


@pytest.mark.parametrize("bus", ["eventbridge", "azurite"], indirect=True)
def test_one_event_over_the_limit_is_refused(bus: BusSubject) -> None:
    with pytest.raises(TooLargeError):
        bus.bus.publish([FindingsChanged(findings=(finding(1, text="x" * 300_000),))])
