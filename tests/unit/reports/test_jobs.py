"""Report jobs: queued, built once, tried again when a service is silent, failed with a reason when asked wrongly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus
from syndic.errors import ConflictError, NotFoundError, UnavailableError, UnknownReferenceError
from syndic.reports.jobs import build_report, get_job, list_jobs, report_file, request_report
from syndic.reports.models import JobState, ReportFormat, ReportKind, ReportRequest

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def bus():
    return MemoryBus()


@pytest.fixture
def ask(filled, audit, bus):
    def put(at=NOW, actor="ada", **over):
        request = ReportRequest(**{"format": ReportFormat.CSV, **over})
        return request_report(request, store=filled, audit=audit, bus=bus, actor=actor, now=at)

    return put


def build(job, store, archive, audit):
    return build_report(job.id, store=store, archive=archive, audit=audit, now=NOW + timedelta(seconds=9))


def test_a_job_is_queued_built_and_fetched(ask, filled, archive, audit):
    job = ask()
    assert get_job(filled, job.id).state is JobState.QUEUED
    with pytest.raises(ConflictError, match="queued"):
        report_file(job.id, store=filled, archive=archive)
    done = build(job, filled, archive, audit)
    assert (done.state, done.progress, done.content_type) == (JobState.DONE, 1.0, "text/csv; charset=utf-8")
    data = report_file(job.id, store=filled, archive=archive)
    assert len(data) == done.size
    assert [entry.action for entry in audit.entries] == ["report.requested", "report.built"]


def test_progress_only_grows(ask, filled, archive, audit):
    seen = []

    class Watched:
        def __getattr__(self, name):
            return getattr(filled, name)

        def put(self, record, **over):
            if "progress" in record.body:
                seen.append(record.body["progress"])
            return filled.put(record, **over)

        def put_together(self, writes):
            seen.append(writes[0].record.body["progress"])
            return filled.put_together(writes)

    job = ask(actor="grace")
    build(job, Watched(), archive, audit)
    assert seen == sorted(seen)
    assert len(seen) >= 4
    assert seen[-1] == 1.0


def test_building_twice_is_one_file_and_one_entry(ask, filled, archive, audit):
    job = ask(actor="edith")
    first = build(job, filled, archive, audit)
    assert build(job, filled, archive, audit) == first
    assert [entry.action for entry in audit.entries].count("report.built") == 1


def test_asking_twice_in_a_minute_is_one_job(ask, audit):
    assert ask(actor="joan") == ask(actor="joan", at=NOW + timedelta(seconds=30))
    assert ask(actor="joan", at=NOW + timedelta(minutes=1)).id != ask(actor="joan").id


def test_a_worker_is_told_until_it_has_begun(ask, bus, filled, archive, audit):
    job = ask(actor="rosa")
    ask(actor="rosa")
    assert [event.job_id for event in bus.of("ReportRequested")] == [job.id, job.id]
    build(job, filled, archive, audit)
    ask(actor="rosa")
    assert len(bus.of("ReportRequested")) == 2


def test_asking_twice_at_the_same_moment_is_one_job(filled, bus, audit):
    class Late:
        """Another request writes the job between this one's look and its write."""

        def __getattr__(self, name):
            return getattr(filled, name)

        def put(self, record, **over):
            filled.put(record, **over)
            return filled.put(record, **over)

    request = ReportRequest(format=ReportFormat.CSV)
    job = request_report(request, store=Late(), audit=audit, bus=bus, actor="twin", now=NOW)
    assert job == get_job(filled, job.id)


def test_a_model_that_does_not_exist_is_named_at_once(ask, bus):
    with pytest.raises(UnknownReferenceError, match="nobody-000000"):
        ask(model_ids=("nobody-000000",))
    assert bus.published == []


def test_an_impossible_request_fails_with_its_reason(ask, filled, archive, audit):
    job = ask(frameworks=("no_such_law",))
    failed = build(job, filled, archive, audit)
    assert failed.state is JobState.FAILED
    assert "no_such_law" in failed.error
    with pytest.raises(ConflictError, match="no_such_law"):
        report_file(job.id, store=filled, archive=archive)


def test_a_silent_archive_is_tried_again_not_failed(ask, filled, archive, audit):
    class Silent(MemoryArchive):
        def put(self, *_, **__):
            raise UnavailableError("no answer")

    job = ask(actor="hedy")
    with pytest.raises(UnavailableError):
        build(job, filled, Silent(), audit)
    assert get_job(filled, job.id).state is JobState.RUNNING
    assert build(job, filled, archive, audit).state is JobState.DONE


def test_a_file_that_was_changed_is_not_handed_out(ask, filled, archive, audit):
    done = build(ask(actor="mary"), filled, archive, audit)
    archive.put(done.file, b"something else", content_type="text/csv")
    with pytest.raises(ConflictError, match="SHA-256"):
        report_file(done.id, store=filled, archive=archive)


def test_jobs_are_listed_newest_first(ask, filled):
    older, newer = ask(actor="z", at=NOW + timedelta(days=1)), ask(actor="z", at=NOW + timedelta(days=2))
    jobs, _ = list_jobs(filled, limit=2)
    assert [job.id for job in jobs] == [newer.id, older.id]
    with pytest.raises(NotFoundError):
        get_job(filled, "nothing")


@pytest.mark.parametrize(
    "over",
    [
        {"start_date": date(2026, 2, 1), "end_date": date(2026, 1, 1)},
        {"kind": ReportKind.FRIA},
        {"kind": ReportKind.FRIA, "model_ids": ("a", "b")},
        {"kind": ReportKind.FRIA, "model_ids": ("a",), "format": ReportFormat.CSV},
        {"format": "docx"},
        {"model_ids": tuple(map(str, range(201)))},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(over):
    with pytest.raises(ValidationError):
        ReportRequest(**over)


def test_the_period_limits_the_trend(filled):
    from syndic.reports.content.collect import collect

    request = ReportRequest(model_ids=("car-loan-4d5e6f",), start_date=date(2019, 4, 1), end_date=date(2019, 6, 30))
    drift = collect(request, store=filled).sections[0].drift
    assert [point.window.start.month for point in drift] == [4, 5, 6]


def test_a_job_that_was_asked_for_while_the_trail_was_down_is_told_by_the_next_asking(filled):
    audit, bus = MemoryAudit(), MemoryBus()
    audit.refuse = "no answer"
    common = {"store": filled, "audit": audit, "bus": bus, "actor": "nina", "now": NOW}
    with pytest.raises(UnavailableError):
        request_report(ReportRequest(), **common)
    assert bus.published == []
    audit.refuse = None
    job = request_report(ReportRequest(), **common)
    assert audit.actions == ["report.requested"]
    assert {event.job_id for event in bus.published} == {job.id}
