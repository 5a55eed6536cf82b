"""Finding batch jobs by SageMaker's own rules: few calls, whole pages, throttled calls made again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syndic.adapters.aws import SageMakerSource
from tests.vendors.iam import ACCOUNT, REGION
from tests.vendors.jobs import StrictJobs
from tests.vendors.rules import RefusedError

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def source(account: StrictJobs) -> SageMakerSource:
    return SageMakerSource(account.client(), account=ACCOUNT, region=REGION)


def account(count: int, *, throttled: int = 0) -> StrictJobs:
    statuses = ("Completed", "Completed", "Failed", "InProgress", "Stopping", "Stopped")
    jobs = {f"job-{one}": (NOW - timedelta(minutes=one + 1), statuses[one % 6]) for one in range(count)}
    return StrictJobs(jobs, throttled=throttled)


def test_a_hundred_jobs_are_one_call_and_those_that_run_are_not_named() -> None:
    made = account(250)
    found = list(source(made).ended_jobs(NOW - timedelta(days=1), NOW))
    assert made.calls == ["ListTransformJobs"] * 3
    assert len(found) == 250 - sum(1 for _, status in made.jobs.values() if status in {"InProgress", "Stopping"})
    assert list(source(made).ended_jobs(NOW, NOW + timedelta(hours=1))) == []


def test_jobs_of_one_model_take_two_calls_each_and_the_model_two() -> None:
    made = account(6)
    jobs = list(source(made).jobs([f"job-{one}" for one in range(6)]))
    assert [job.status for job in jobs] == ["completed", "completed", "failed", "stopped"]
    assert made.calls.count("DescribeTransformJob") == 6
    assert made.calls.count("DescribeModel") == 1
    assert len(made.calls) == 6 + 4 + 2  # those that run have no tags read; the model's are read once


def test_a_call_that_was_throttled_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    made = account(250, throttled=2)
    assert len(list(source(made).ended_jobs(NOW - timedelta(days=1), NOW))) == len(
        list(source(account(250)).ended_jobs(NOW - timedelta(days=1), NOW))
    )
    assert len(made.calls) > 3


def test_the_stub_refuses_a_name_that_sagemaker_refuses() -> None:
    with pytest.raises(RefusedError, match="single dashes"):
        list(source(account(1)).jobs(["-a"]))
