"""New captured files become checks of complete windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syndic.discovery.evidence import KIND
from syndic.discovery.keys import baseline_key
from syndic.errors import UnavailableError
from syndic.models import ComplianceStatus, Evidence, EvidenceStatus, WindowLength
from syndic.ports import Record
from syndic.records import evidence_key
from tests.unit.discovery.makers import DAY, HOUR, NOW, World, endpoint

YESTERDAY = NOW.replace(hour=3) - DAY
ALL = {"drift", "quality", "bias"}


@pytest.fixture
def world() -> World:
    world = World(endpoint(tags={"syndic:owner": "o@example.org", "syndic:labels": "s3://captured/labels"}))
    world.make_ready()
    return world


def evidence(world: World) -> Evidence:
    record = world.store.get(evidence_key(world.endpoint.model_id, KIND))
    assert record is not None
    return Evidence.model_validate(record.body)


def test_a_complete_window_with_new_files_is_asked_for_once_for_each_check(world: World) -> None:
    for hour in range(24):
        world.capture(YESTERDAY.replace(hour=hour))
    assert world.run().requested == 3
    assert sorted(world.requests) == [("bias", "11-20"), ("drift", "11-20"), ("quality", "11-20")]
    assert world.run().requested == 0


def test_a_window_is_asked_for_only_after_its_end_and_lateness(world: World) -> None:
    world.edit(lateness=timedelta(hours=2))
    world.capture(NOW - HOUR)
    assert world.run().requested == 0
    world.now = datetime(2026, 11, 22, 1, 59, tzinfo=UTC)
    assert world.run().requested == 0
    world.now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert world.run().requested == 3
    assert {day for _, day in world.requests} == {"11-21"}


def test_a_late_file_asks_for_its_window_again_and_no_other(world: World) -> None:
    world.capture(YESTERDAY)
    world.capture(YESTERDAY - DAY)
    assert world.run().requested == 6
    world.now += HOUR
    world.capture(YESTERDAY, "late.jsonl")
    world.run()
    assert {day for _, day in world.requests} == {"11-20"}


def test_a_file_that_was_replaced_asks_for_its_window_again(world: World) -> None:
    world.capture(YESTERDAY)
    world.run()
    world.capture(YESTERDAY, data=b"other\n")
    assert world.run().requested == 3


def test_a_file_of_the_same_second_that_became_visible_later_is_not_missed(world: World) -> None:
    world.capture(YESTERDAY, "a.jsonl")
    world.run()
    world.capture(YESTERDAY - DAY, "b.jsonl")
    world.captures.add("s3://captured/in/car-loan/v/2026/11/18/00/c.jsonl", b"x", modified=NOW - timedelta(minutes=14))
    world.run()
    assert {day for _, day in world.requests} == {"11-19", "11-18"}


def test_the_bookmark_moves_only_after_the_requests_were_handed_over(world: World) -> None:
    world.capture(YESTERDAY)
    world.bus.refuse = "down"
    with pytest.raises(UnavailableError):
        world.run()
    world.bus.refuse = None
    assert world.run().requested == 3


def test_windows_of_every_length_are_asked_for(world: World) -> None:
    world.edit(window=WindowLength.MONTH)
    for month in (8, 9, 10):
        for day in (1, 15):
            world.capture(datetime(2026, month, day, tzinfo=UTC))
    world.run()
    drift = [day for check, day in world.requests if check == "drift"]
    assert drift == ["08-01", "09-01", "10-01"]


def test_windows_wait_for_a_baseline_and_are_asked_for_when_there_is_one() -> None:
    world = World(endpoint())
    world.make_ready(baseline=False)
    world.capture(YESTERDAY)
    report = world.run()
    assert {check for check, _ in world.requests} == {"bias"}
    assert "no baseline" in world.notes(report)
    assert world.run().requested == 0
    world.store.put(Record(baseline_key(world.endpoint.model_id), {}))
    world.run()
    assert sorted(world.requests) == [("drift", "11-20"), ("quality", "11-20")]


def test_a_model_without_schema_is_said_and_not_asked_for() -> None:
    world = World(endpoint())
    world.run()
    world.capture(YESTERDAY)
    report = world.run()
    assert report.requested == 0
    assert "no capture schema" in world.notes(report)
    world.make_ready()
    assert world.run().requested == 3


def test_a_retired_model_is_not_checked(world: World) -> None:
    world.edit(compliance_status=ComplianceStatus.RETIRED)
    world.capture(YESTERDAY)
    report = world.run()
    assert report.requested == 0
    assert "retired" in world.notes(report)


def test_the_last_files_of_a_model_that_is_gone_are_still_checked(world: World) -> None:
    world.run()
    world.capture(NOW - HOUR)
    listed, world.source.listed = world.source.listed, []
    world.run()
    world.now += DAY
    world.run()
    assert {day for _, day in world.requests} == {"11-21"}
    world.source.listed = listed


def test_the_files_of_a_model_are_looked_at_while_its_source_cannot_be_read(world: World) -> None:
    world.run()
    world.capture(YESTERDAY)
    world.source.refuse = "throttled"
    assert world.run().requested == 3


def test_unreadable_files_of_one_model_do_not_stop_the_others() -> None:
    world = World(endpoint("a"), endpoint("b"))
    world.make_ready()
    world.captures.refuse = "AccessDenied"
    report = world.run()
    assert sum("AccessDenied" in note.note for note in report.notes) == 2
    assert evidence(world).status is EvidenceStatus.INCONCLUSIVE
    world.captures.refuse = None
    world.capture(YESTERDAY)
    assert world.run().requested == 3


def test_files_in_no_hours_folder_are_said(world: World) -> None:
    world.captures.add("s3://captured/in/car-loan/AllTraffic/notes.txt", b"x")
    world.captures.add("s3://captured/in/car-loan/AllTraffic/2026/13/45/99/a.jsonl", b"x")
    assert "2 new files lie in no hour's folder" in world.notes(world.run())
    assert "no hour" not in world.notes(world.run())


def test_files_that_hold_more_than_a_window_are_said_and_wait_until_the_window_is_long_enough(world: World) -> None:
    root = f"{world.endpoint.capture.uri.rstrip('/')}/{world.endpoint.name}/AllTraffic"
    world.captures.add(f"{root}/2019/02/a.jsonl", b"{}\n")
    assert "holds a month, longer than the model's window of a day" in world.notes(world.run())
    assert "nothing is checked" in world.notes(world.run())
    assert world.requests == []
    world.edit(window=WindowLength.MONTH)
    world.run()
    assert {start for _, start in world.requests} == {"02-01"}


def test_many_windows_are_asked_for_in_portions_and_none_is_lost(world: World) -> None:
    world.edit(window=WindowLength.HOUR)
    start = NOW - timedelta(days=30)
    for hour in range(450):
        world.capture(start + hour * HOUR)
    asked = []
    for _ in range(4):
        world.run()
        asked += [one.window.start for one in world.bus.of("CountRequested") if "drift" in one.checks]
    assert asked == [start + hour * HOUR for hour in range(450)]


def test_new_ground_truth_asks_again_for_the_checks_that_use_it(world: World) -> None:
    for days in range(1, 6):
        world.capture(YESTERDAY - days * DAY)
    world.capture(YESTERDAY)
    world.run()
    world.label(YESTERDAY)
    world.run()
    assert sorted(world.requests) == [("bias", "11-19"), ("bias", "11-20"), ("quality", "11-19"), ("quality", "11-20")]
    assert world.run().requested == 0
    world.now += DAY
    world.label(YESTERDAY, "more.jsonl")
    assert world.run().requested == 4


def test_a_known_label_delay_reaches_further_back() -> None:
    tags = {"syndic:labels": "s3://captured/labels", "syndic:label-delay": "4d"}
    world = World(endpoint(tags=tags))
    world.make_ready()
    for days in range(8):
        world.capture(YESTERDAY - days * DAY)
    world.run()
    world.label(YESTERDAY)
    world.run()
    assert [day for check, day in world.requests if check == "bias"] == ["11-16", "11-17", "11-18", "11-19", "11-20"]


def test_ground_truth_from_before_the_first_run_is_not_missed(world: World) -> None:
    world.capture(YESTERDAY - 20 * DAY)
    world.label(YESTERDAY - 20 * DAY)
    world.run()
    assert world.requests.count(("bias", "10-31")) == 1
    assert world.run().requested == 0


# --- evidence about the capture ------------------------------------------------------------------------


def test_evidence_tells_what_is_captured_and_what_is_missing(world: World) -> None:
    for hour in (0, 1, 5):
        world.capture(YESTERDAY.replace(hour=hour) - 3 * DAY)
    world.capture(YESTERDAY)
    world.run()
    found = evidence(world)
    assert found.status is EvidenceStatus.PASSING
    assert found.facts["enabled"] is True
    assert found.facts["sampling_percent"] == 100.0
    assert found.facts["hours_captured"] == 4
    assert found.facts["oldest_hour"] == "2026-11-17T00:00:00+00:00"
    assert found.facts["newest_hour"] == "2026-11-20T03:00:00+00:00"
    assert found.facts["hours_without_files"] == 3 * 24 + 4 - 4
    assert found.facts["windows_without_files"] == 2
    assert found.facts["latest_windows_without_files"] == [
        "20261118T000000Z-20261119T000000Z",
        "20261119T000000Z-20261120T000000Z",
    ]


@pytest.mark.parametrize("one", [endpoint(capture=False), endpoint(enabled=False)])
def test_without_capture_the_evidence_fails(one) -> None:
    world = World(one)
    report = world.run()
    assert evidence(world).status is EvidenceStatus.FAILING
    assert "captures no traffic" in world.notes(report)


def test_silence_is_not_taken_for_health(world: World) -> None:
    assert evidence(world).status is EvidenceStatus.INCONCLUSIVE
    world.capture(YESTERDAY)
    world.run()
    assert evidence(world).status is EvidenceStatus.PASSING
    world.now += 8 * DAY
    world.run()
    assert evidence(world).status is EvidenceStatus.INCONCLUSIVE
    assert "8 days old" in evidence(world).summary


def test_compliance_is_told_when_the_answer_changes_and_not_each_hour(world: World) -> None:
    world.capture(YESTERDAY)
    world.run()
    assert [event.kinds for event in world.bus.of("EvidenceChanged")] == [(KIND,)]
    world.now += HOUR
    world.capture(NOW)
    world.run()
    assert world.bus.of("EvidenceChanged") == []
    assert evidence(world).facts["newest_hour"] == "2026-11-21T12:00:00+00:00"


def test_what_was_deleted_since_is_not_said_to_be_kept(world):
    """AI Act, Art. 19 and 26(6), and GDPR, Art. 5(1)(e), ask how far back captured files are there, not were."""
    for day in range(6):
        world.capture(YESTERDAY - day * DAY)
    world.run()
    first = YESTERDAY - 5 * DAY
    assert evidence(world).facts["oldest_hour"] == first.isoformat()
    for day in (5, 4, 3):
        world.captures.expire(hour=YESTERDAY - day * DAY)
    world.run()  # looked at once a day
    assert evidence(world).facts["oldest_hour"] == first.isoformat()
    world.now += DAY
    world.run()
    assert evidence(world).facts["oldest_hour"] == (YESTERDAY - 2 * DAY).isoformat()
    for day in range(3):
        world.captures.expire(hour=YESTERDAY - day * DAY)
    world.now += DAY
    world.run()
    assert "oldest_hour" not in evidence(world).facts
    world.capture(world.now - HOUR)
    world.now += DAY
    world.run()
    assert evidence(world).facts["oldest_hour"] == evidence(world).facts["newest_hour"]


@pytest.mark.parametrize("kind", ["serverless", "asynchronous"])
def test_an_endpoint_of_a_kind_that_captures_nothing_says_why(kind: str) -> None:
    world = World(endpoint(capture=False, kinds=(kind,)))
    assert f"captures nothing of {kind} endpoints" in world.notes(world.run())
    found = evidence(world)
    assert found.status is EvidenceStatus.FAILING
    assert f"captures nothing of {kind} endpoints" in found.summary
    assert found.facts["kinds"] == [kind]
