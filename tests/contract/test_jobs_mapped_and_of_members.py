"""Batch jobs that are too large for one function, and those of another account: from SageMaker and S3 to verdicts."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config

from syndic.adapters.aws import S3Captures
from syndic.adapters.aws.members import MemberCaptures, Members, MemberSource, s3_reader
from syndic.adapters.memory import MemoryMap
from syndic.batch_jobs import JobCaptures, find_job
from syndic.drift.models import BaselineSource
from syndic.drift.set_baseline import set_baseline
from syndic.models import CountRequested, to_json
from syndic.registry.versions.versions import change_model
from syndic.tasks import counter
from syndic.windows import partitions
from tests.contract import clouds
from tests.contract.test_transform_jobs import SCHEMA, Account, rows
from tests.edges.azure.test_azure_parity import envelope

pytestmark = pytest.mark.emulator
MEMBER, ROLE = "111122223333", "syndic-reader"
FILES = {f"{day:02}/a.csv": day for day in range(6)}


def ready(account: Account) -> str:
    """A model whose first job is its baseline; the id."""
    world = account.world
    first = account.transform({"a.csv": rows(1), "b.csv": rows(2)})
    world.hour()
    model = world.registered()
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "ana", "now": world.now()}
    change_model(model.id, {"capture_schema": to_json(SCHEMA)}, **common)
    kept = find_job(world.store, model.id, first)
    assert kept is not None
    set_baseline(model.id, BaselineSource(window=kept.window), captures=world.captures, archive=world.archive, **common)
    return model.id


def large(account: Account) -> str:
    """A job over pairs of files in folders, one of which lost an answer."""
    name = account.transform({file: rows(day + 10, mean=150.0) for file, day in FILES.items()})
    account.put(f"out/{name}/05/a.csv.out", [answer for _, answer in rows(15)][:-1])
    return name


def told(account: Account, job: str) -> dict[str, Any]:
    report = account.world.drift_of(job)
    assert report is not None
    return report.model_dump(mode="json", exclude={"revision", "checked_at", "window", "evaluated_at"})


def run_map(account: Account, reads: JobCaptures) -> int:
    """Each item of the started run in a worker that listed nothing, then the sum; returns how many there were."""
    world = account.world
    assert world.maps is not None
    ((run, (request, items)),) = world.maps.started.items()
    listed, world.captures = world.captures, reads  # type: ignore[assignment]
    given = {"run": run, "request": to_json(request)}
    for item in items:
        counter.count(given | {"item": json.loads(json.dumps(item))}, world)
    counter.finish(given, world)
    world.captures = listed
    world.deliver()
    return len(items)


def test_a_mapped_job_has_the_report_of_one_function(sagemaker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "MOST_FILES", 4)  # two pairs of files a worker
    account = Account(sagemaker)
    model, world = ready(account), account.world
    job = large(account)
    world.hour()
    alone = told(account, job)
    assert (alone["verdict"], alone["rows"]["current"]) == ("drift", 5 * 400)
    assert "AssembleWith" in str(alone["intake"]["examples"]), "a pair that does not match is said, mapped or not"

    monkeypatch.setattr("syndic.tasks.counter.is_large", lambda *_, **__: True)
    world.maps = MemoryMap()
    kept = find_job(world.store, model, job)
    assert kept is not None
    asked = CountRequested(model_id=model, window=kept.window, checks=("drift", "quality"), force=True)
    counter.take(envelope(asked.model_dump(mode="json")), world)
    reads = JobCaptures(S3Captures(account.s3, buckets=[account.bucket]), world.store)
    assert run_map(account, reads) == 3
    assert told(account, job) == alone


def test_a_job_of_another_account_is_judged_with_its_role_alone_also_when_it_is_mapped(
    sagemaker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("AWS_ENDPOINT_URL", sagemaker), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(partitions, "MOST_FILES", 4)
    members = Members(ROLE, "only-us", config=Config(), own=boto3.Session(region_name=clouds.REGION))
    account = Account(sagemaker, sagemaker=members.client("sagemaker", MEMBER, clouds.REGION))
    world = account.world
    world.at_aws = MemberSource(members, MEMBER, clouds.REGION)

    def reader() -> JobCaptures:
        """What a function has when it starts: with its own rights it may read no bucket of the member."""
        own = S3Captures(account.s3, buckets=["ours"])
        captures = MemberCaptures(own, MEMBER.__eq__, s3_reader(members, [account.bucket]))
        return JobCaptures(captures, world.store)

    world.captures = reader()  # type: ignore[assignment]
    ready(account)
    assert world.registered().endpoint is not None
    assert world.registered().endpoint.scope == f"{MEMBER}/{clouds.REGION}"  # type: ignore[union-attr]
    world.hour()  # its first job has waited
    monkeypatch.setattr("syndic.tasks.counter.is_large", lambda *_, **__: True)
    world.maps = MemoryMap()
    job = large(account)
    world.hour()
    assert run_map(account, reader()) == 3
    report = told(account, job)
    assert (report["verdict"], report["rows"]["current"]) == ("drift", 5 * 400)
