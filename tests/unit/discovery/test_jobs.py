"""Batch jobs that ended are found once, related to a model, and their checks asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemorySource
from syndic.batch_jobs import JobCaptures, find_job, job_files, served_in
from syndic.captures.endpoint import ToldModels
from syndic.discovery.discover import discover_models, look_at_jobs
from syndic.discovery.evidence import KIND
from syndic.discovery.jobs.related import related
from syndic.discovery.keys import baseline_key
from syndic.errors import UnavailableError
from syndic.models import (
    BatchJob,
    CaptureSchema,
    ColumnKind,
    ColumnSpec,
    Evidence,
    EvidenceStatus,
    RegisteredModel,
    WindowLength,
    imported_id,
)
from syndic.ports import Record
from syndic.records import evidence_key, find_model, list_models, model_record
from tests.unit.discovery.makers import HOUR, NOW, World, endpoint

SCOPE = "000000000000/eu-central-1"
CHURN = imported_id(f"sagemaker packages {SCOPE}", "churn")


def job(name: str, *, ended: datetime = NOW - HOUR, lasted: timedelta = timedelta(minutes=9), **given: Any) -> BatchJob:
    values = {
        "name": name,
        "resource_id": f"arn:aws:sagemaker:eu-central-1:000000000000:transform-job/{name}",
        "scope": SCOPE,
        "status": "completed",
        "model_name": "churn-model",
        "package_group": "churn",
        "model_version": "3",
        "created_at": ended - lasted,
        "ended_at": ended,
        "input_uri": f"s3://data/in/{name}/",
        "output_uri": f"s3://data/out/{name}",
        **given,
    }
    return BatchJob.model_validate(values)


class Jobs(World):
    """A world whose source has batch jobs too."""

    def __init__(self, *jobs: BatchJob) -> None:
        super().__init__()
        self.source.ended = list(jobs)
        for one in jobs:
            self.files(one)

    def files(self, one: BatchJob, *, answered: timedelta = timedelta(0)) -> None:
        self.captures.add(f"{one.input_uri}a.csv", b"1\n2\n", modified=one.created_at - HOUR)
        self.captures.add(f"{one.output_uri}/a.csv.out", b"0\n1\n", modified=one.ended_at + answered)

    def hour(self) -> list[tuple[str, str | None]]:
        """The checks asked for in a run: (check, job)."""
        self.bus.published.clear()
        means: dict[str, Any] = {
            "store": self.store, "captures": JobCaptures(self.captures, self.store), "bus": self.bus,
            "audit": self.audit, "now": self.now,
        }  # fmt: skip
        sources = [self.source, ToldModels(self.store)]
        self.reports = [discover_models(sources=sources, **means)]
        for event in list(self.bus.of("JobsRequested")):
            self.reports.append(look_at_jobs(event, sources=sources, **means))
        asked = self.bus.of("CountRequested")
        return sorted((check, one.window.job) for one in asked for check in one.checks)

    def ready(self, model_id: str = CHURN) -> None:
        model = find_model(self.store, model_id)
        assert model is not None
        columns = (ColumnSpec(name="amount", kind=ColumnKind.NUMERIC),)
        self.store.put(model_record(model.model_copy(update={"capture_schema": CaptureSchema(inputs=columns)})))
        self.store.put(Record(baseline_key(model_id), {}))

    def evidence(self) -> Evidence:
        record = self.store.get(evidence_key(CHURN, KIND))
        assert record is not None
        return Evidence.model_validate(record.body)


def test_jobs_wait_for_what_the_checks_need_and_are_asked_for_once() -> None:
    world = Jobs(job("one"), job("two", ended=NOW - 2 * HOUR, model_version="2"))
    assert world.hour() == []
    (model,) = list_models(world.store)
    assert (model.id, model.name, model.window, model.served_version) == (CHURN, "churn", WindowLength.JOB, "3")
    world.ready()
    both = [("drift", "one"), ("drift", "two"), ("quality", "one"), ("quality", "two")]
    assert world.hour() == both
    records, told = len(world.store._kept), len(world.audit.entries)
    assert world.hour() == []
    assert (len(world.store._kept), len(world.audit.entries)) == (records, told)
    older = find_job(world.store, CHURN, "two")
    assert older is not None
    kept = find_model(world.store, CHURN)
    assert kept is not None
    assert served_in(kept, older.window, world.store).served_version == "2"


def test_two_jobs_of_the_same_seconds_have_two_windows() -> None:
    world = Jobs(job("one"), job("two"))
    world.hour()
    windows = {find_job(world.store, CHURN, name).window.key for name in ("one", "two")}  # type: ignore[union-attr]
    assert len(windows) == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"status": "failed", "reason": "ModelError: 500"}, "it failed: ModelError: 500"),
        ({"status": "stopped"}, "it was stopped"),
        ({"obstacle": "its input is split as TFRecord"}, "its input is split as TFRecord"),
    ],
)
def test_what_is_not_judged_is_said(given: dict[str, Any], why: str) -> None:
    world = Jobs(job("good", ended=NOW - 2 * HOUR), job("bad", **given))
    world.hour()
    world.ready()
    assert {name for _, name in world.hour()} == {"good"}
    evidence = world.evidence()
    assert evidence.status is EvidenceStatus.INCONCLUSIVE
    assert evidence.facts["not_judged"] == [{"job": "bad", "why": why}]
    assert why in evidence.summary


def test_a_job_that_failed_registers_nothing() -> None:
    world = Jobs(job("bad", status="failed"))
    world.hour()
    assert list(list_models(world.store)) == []


def test_a_job_whose_files_cannot_be_listed_waits_and_one_without_files_does_not() -> None:
    world = Jobs(job("one"))
    world.hour()
    world.ready()
    world.captures.refuse = "access denied"
    assert world.hour() == []
    assert "access denied" in str(world.evidence().facts["not_judged"])
    world.captures.refuse = None
    assert {name for _, name in world.hour()} == {"one"}
    gone = Jobs(job("one"))
    gone.hour()
    gone.ready()
    gone.captures._objects.clear()
    assert gone.hour() == gone.hour() == []
    assert "not there" in gone.evidence().summary or "any more" in gone.evidence().summary


def test_jobs_that_cannot_be_listed_hide_no_endpoint_and_are_told_of_once() -> None:
    world = Jobs()
    world.source.listed.append(endpoint())

    class NoJobs(MemorySource):
        def ended_jobs(self, since: datetime, until: datetime):
            from syndic.errors import SourceUnavailableError

            raise SourceUnavailableError("ListTransformJobs: AccessDenied")

    world.source = NoJobs("sagemaker test", world.source.listed)
    world.hour()
    assert world.model.name == "car-loan"
    assert "AccessDenied" in world.reports[0].unavailable["sagemaker test"]
    world.hour()
    actions = [one.subject for one in world.audit.entries if one.action == "source.unavailable"]
    assert actions == ["source/sagemaker test batch jobs"]


def test_a_page_of_jobs_that_fails_is_taken_apart() -> None:
    world = Jobs(job("one"), job("two"))

    class Poor(MemorySource):
        def jobs(self, names: Any):
            if "two" in names:
                raise UnavailableError("throttled")
            yield from super().jobs(names)

    poor = Poor("sagemaker test")
    poor.ended = world.source.ended
    world.source = poor
    world.hour()
    again = [one.jobs for one in world.bus.of("JobsRequested")]
    assert again[-2:] == [("one",), ("two",)]


def test_a_history_is_gone_through_a_day_at_a_time() -> None:
    jobs = [job(f"j{day}", ended=NOW - timedelta(days=day, hours=1)) for day in range(40)]
    world = Jobs(*jobs)
    world.hour()
    handed = {name for one in world.bus.of("JobsRequested") for name in one.jobs}
    assert handed == {one.name for one in jobs[:31]}
    world.now += HOUR
    world.hour()
    assert world.bus.of("JobsRequested") == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "churn"),
        ({"package_group": None, "model_name": "churn-2026-11-01-10-20-30-123"}, "churn"),
        ({"package_group": None, "model_name": "plain"}, "plain"),
        ({"tags": {"syndic:model": "Weekly churn"}}, "Weekly churn"),
    ],
)
def test_a_job_is_related_by_its_tag_its_package_then_its_model(given: dict[str, Any], name: str) -> None:
    assert related(job("one", **given), Jobs().store).name == name


def test_a_model_with_an_endpoint_takes_no_jobs() -> None:
    world = Jobs()
    world.source.listed.append(endpoint())
    world.hour()
    tagged = related(job("one", tags={"syndic:model": world.endpoint.model_id}), world.store)
    assert tagged.model_id != world.endpoint.model_id
    assert "hours and jobs are not one history" in str(tagged.note)
    free = RegisteredModel(id="free-1", name="free", cloud=world.model.cloud, registered_at=NOW)
    world.store.put(model_record(free))
    assert related(job("one", tags={"syndic:model": "free-1"}), world.store).model_id == "free-1"


def test_files_are_those_of_the_job_and_of_its_time() -> None:
    one = job("one", captured_uri="s3://data/captured")
    world = Jobs(one)
    world.hour()
    model = find_model(world.store, CHURN)
    assert model is not None
    assert model.endpoint is not None
    world.captures.add("s3://data/in/one/late.csv", b"1\n", modified=NOW)
    world.captures.add("s3://data/out/one/old.csv.out", b"1\n", modified=NOW - timedelta(days=2))

    def names() -> list[str]:
        assert model is not None
        assert model.endpoint is not None
        return sorted(it.uri.rpartition("/")[2] for it in job_files(one, model.endpoint, captures=world.captures))

    assert names() == ["a.csv", "a.csv.out"]
    world.captures.add("s3://data/in/one/b.csv", b"1\n", modified=one.created_at - HOUR)
    assert names() == ["a.csv", "a.csv.out", "b.csv"]
    folder = f"s3://data/captured/input/{one.created_at:%Y/%m/%d/%H}"
    world.captures.add(f"{folder}/m", b'[{"prefix":"s3://data/in/one/"},"a.csv"]')
    world.captures.add(f"{folder}/other", b'[{"prefix":"s3://data/in/two/"},"a.csv"]')
    world.captures.add(f"{folder}/broken", b"not json")
    assert names() == ["a.csv", "a.csv.out"]


def test_new_ground_truth_asks_again_for_the_jobs_that_it_may_be_about() -> None:
    tags = {"syndic:labels": "s3://data/labels", "syndic:label-delay": "10d"}
    jobs = [job(f"j{day}", ended=NOW - timedelta(days=day), tags=tags) for day in (1, 5, 12, 20)]
    world = Jobs(*jobs)
    world.hour()
    world.ready()
    assert {name for _, name in world.hour()} == {"j1", "j5", "j12", "j20"}
    model = find_model(world.store, CHURN)
    assert model is not None
    assert model.endpoint is not None
    assert model.endpoint.capture is not None
    world.captures.label(model.endpoint.capture, NOW.replace(minute=0) - HOUR, b"{}\n")
    world.now += HOUR
    assert world.hour() == [("quality", "j1"), ("quality", "j12"), ("quality", "j5")]
    world.now += HOUR
    assert world.hour() == []
