"""Captures that stopped and checks that were missed are told of without a rule, once, and over when they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.alerting.alerts import receive_findings
from syndic.discovery.keys import baseline_key, bookmark_key
from syndic.discovery.models import Bookmark, HourRun
from syndic.models import ComplianceStatus, Evidence, EvidenceStatus, FindingsChanged, Severity, TimeWindow, to_json
from syndic.ports import Record
from syndic.records import get_model, model_record, put_evidence
from syndic.tasks.watch.model_watch import watch_models
from tests.edges.world import MODEL, NOW, World, governed

DAY = timedelta(days=1)
TODAY = NOW.replace(hour=0)


class Watched:
    """A model with windows of a day and a lateness of an hour, and what discovery and the checks left of it."""

    def __init__(self) -> None:
        self.world: World = governed()
        self.world.bus.published.clear()
        self.model = get_model(self.world.store, MODEL)
        for key in [one for one in self.world.store._kept if one.partition == f"evidence.{MODEL}"]:
            self.world.store.delete(key)
        self.world.store.put(Record(baseline_key(MODEL), {}))
        self.captured(TODAY)
        self.capture(EvidenceStatus.PASSING)
        self.checked(TODAY)

    def captured(self, until, modified=None) -> None:  # type: ignore[no-untyped-def]
        run = HourRun(start=TODAY - 20 * DAY, end=until)
        bookmark = Bookmark(covered=(run,), modified=modified or until)
        self.world.store.put(Record(bookmark_key(MODEL), to_json(bookmark)))

    def capture(self, status: EvidenceStatus) -> None:
        self._put("capture.config", status, None)

    def checked(self, until, *kinds: str) -> None:  # type: ignore[no-untyped-def]
        for kind in kinds or ("drift.run", "quality.run"):
            self._put(kind, EvidenceStatus.PASSING, TimeWindow(start=until - DAY, end=until))

    def _put(self, kind: str, status: EvidenceStatus, window: TimeWindow | None) -> None:
        put_evidence(self.world.store, Evidence(
            kind=kind, model_id=MODEL, status=status, summary=f"{kind} {status}", source="s",
            sha256=f"{status}{window}", produced_at=self.world.moment, window=window,
        ))  # fmt: skip

    def looks(self, after: timedelta = timedelta(hours=6)) -> list[tuple[str, Severity]]:
        """What is told at the next look, by subject."""
        self.world.moment += after
        watch_models(self.world)  # type: ignore[arg-type]
        told = [event for event in self.world.bus.of("FindingsChanged") if isinstance(event, FindingsChanged)]
        self.world.bus.published.clear()
        for event in told:
            receive_findings(event, store=self.world.store, audit=self.world.audit, now=self.world.moment)
        assert all(one.owner == self.model.owner for event in told for one in event.findings)
        return [(one.subject, one.severity) for event in told for one in event.findings]


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_while_all_is_well_nothing_is_told_and_little_is_read(watched: Watched) -> None:
    assert watched.looks() == []
    writes = watched.world.store._writes
    assert watched.looks(timedelta(minutes=5)) == []
    assert watched.world.store._writes == writes, "every six hours"


def test_a_capture_that_stopped_is_told_once_and_over_when_files_come(watched: Watched) -> None:
    watched.capture(EvidenceStatus.FAILING)
    assert watched.looks() == [("capture", Severity.HIGH)]
    assert watched.looks() == []
    watched.capture(EvidenceStatus.PASSING)
    assert watched.looks() == [("capture", Severity.NONE)]
    watched.captured(TODAY, modified=watched.world.moment - 8 * DAY)
    assert watched.looks() == [("capture", Severity.HIGH)]


def test_a_model_that_never_captured_has_not_stopped(watched: Watched) -> None:
    watched.capture(EvidenceStatus.FAILING)
    watched.world.store.put(Record(bookmark_key(MODEL), to_json(Bookmark())))
    assert watched.looks() == []


def test_checks_that_did_not_run_on_traffic_are_told_by_name_after_their_time(watched: Watched) -> None:
    watched.captured(TODAY + DAY)
    watched.world.moment = TODAY + DAY + timedelta(hours=1)
    assert watched.looks(timedelta(hours=5, minutes=59)) == [], "queues may be slow"
    watched.checked(TODAY + DAY, "quality.run")
    assert watched.looks() == [], "the files may have come just now"
    assert watched.looks() == [("checks", Severity.MEDIUM)]
    alert = watched.world.store.query("episodes", limit=100).records
    (said,) = [one.body["lead"]["reason"] for one in alert if one.body["id"] == f"{MODEL}.discovery"]
    assert "drift (1 windows" in said
    assert "quality" not in said
    watched.checked(TODAY + DAY, "drift.run")
    assert watched.looks() == [("checks", Severity.NONE)]


def test_where_no_check_can_or_ever_did_run_none_was_missed(watched: Watched) -> None:
    watched.captured(TODAY + 5 * DAY)
    watched.world.moment = TODAY + 6 * DAY
    baseline = watched.world.store.get(baseline_key(MODEL))
    assert baseline is not None
    watched.world.store.delete(baseline_key(MODEL))
    assert watched.looks() == []
    watched.world.store.put(Record(baseline_key(MODEL), {}))
    retired = watched.model.model_copy(update={"compliance_status": ComplianceStatus.RETIRED})
    watched.world.store.put(model_record(retired))
    assert watched.looks() == []
    watched.world.store.put(model_record(watched.model))
    assert watched.looks() == [("checks", Severity.MEDIUM)]


def test_traffic_that_came_late_is_no_missed_check_while_it_is_on_its_way(watched: Watched) -> None:
    watched.world.moment = TODAY + 30 * DAY
    for day in range(1, 4):
        watched.captured(TODAY + day * DAY, modified=watched.world.moment)
        assert watched.looks() == []
        watched.checked(TODAY + day * DAY)
    assert watched.looks() == []


def test_each_cloud_looks_at_its_own_models(watched: Watched) -> None:
    watched.capture(EvidenceStatus.FAILING)
    watched.world.inspects = frozenset()
    assert watched.looks() == []
