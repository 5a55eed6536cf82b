"""Batch transform jobs, from SageMaker and S3 to verdicts by the real adapters; and how their descriptions are read."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.aws import S3Captures, SageMakerSource
from syndic.adapters.aws.sagemaker.transform_jobs import _obstacle
from syndic.batch_jobs import JobCaptures, find_job
from syndic.captures.endpoint import ToldModels
from syndic.drift.models import BaselineSource, DriftReport
from syndic.drift.report.queries import stored
from syndic.drift.set_baseline import set_baseline
from syndic.models import (
    CaptureSchema,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    Event,
    RegisteredModel,
    WindowLength,
    to_json,
)
from syndic.records import list_models
from syndic.registry.versions.versions import change_model
from syndic.tasks import counter, discovery, drift, quality
from tests.contract import clouds
from tests.edges.azure.test_azure_parity import envelope
from tests.edges.world import World

ROLE = "arn:aws:iam::123456789012:role/r"
SCHEMA = CaptureSchema(
    inputs=(
        ColumnSpec(name="customer", kind=ColumnKind.CATEGORICAL, role=ColumnRole.ROW_ID),
        ColumnSpec(name="amount", kind=ColumnKind.NUMERIC),
    ),
    outputs=(ColumnSpec(name="score", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),),
)


class Account:
    """SageMaker and S3 of the emulator, and everything of Syndic's around them."""

    def __init__(self, url: str, sagemaker: Any = None) -> None:
        self.sagemaker, self.s3 = sagemaker or clouds.client("sagemaker", url), clouds.client("s3", url)
        self.bucket = f"batch-{uuid.uuid4().hex[:10]}"
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": clouds.REGION})
        self.model = f"churn-{uuid.uuid4().hex[:6]}"
        self.sagemaker.create_model(
            ModelName=f"{self.model}-2026-11-01-10-20-30-123", PrimaryContainer={"Image": "i:1"}, ExecutionRoleArn=ROLE
        )
        self.world = Batches(self)

    def put(self, key: str, lines: list[str]) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body="".join(f"{line}\n" for line in lines).encode())

    def transform(self, files: dict[str, list[tuple[str, str]]], **job: Any) -> str:
        """Run a job on some files: pairs of a line and its answer."""
        name = f"job-{uuid.uuid4().hex[:8]}"
        for file, lines in files.items():
            self.put(f"in/{name}/{file}", [given for given, _ in lines])
        self.sagemaker.create_transform_job(
            TransformJobName=name,
            ModelName=f"{self.model}-2026-11-01-10-20-30-123",
            TransformInput={
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/in/{name}/"}},
                "ContentType": "text/csv",
                "SplitType": "Line",
            },
            TransformOutput={"S3OutputPath": f"s3://{self.bucket}/out/{name}", "AssembleWith": "Line"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
            **{"DataProcessing": {}, "Tags": [{"Key": "syndic:owner", "Value": "ana@example.org"}], **job},
        )
        for file, lines in files.items():
            self.put(f"out/{name}/{file}.out", [answer for _, answer in lines])
        return name


class Batches(World):
    """A world whose sources and captures are the real adapters."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self.captures = JobCaptures(S3Captures(account.s3, buckets=[account.bucket]), self.store)  # type: ignore[assignment]
        self.at_aws = SageMakerSource(account.sagemaker, account="123456789012", region=clouds.REGION)
        self.maps, self.name = None, account.model

    @property
    def sources(self) -> Any:
        return (self.at_aws, ToldModels(self.store))

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=2)

    def hour(self) -> None:
        """The schedule's run, and everything that it asked for."""
        self.bus.published.clear()
        discovery.discover(self)
        self.deliver()

    def deliver(self) -> None:
        """Everything that was asked for, and what that asks for."""
        while self.bus.published:
            events: list[Event] = list(self.bus.published)
            self.bus.published.clear()
            for event in events:
                self._take(event)

    def _take(self, event: Event) -> None:
        body = envelope(event.model_dump(mode="json"))
        if event.type in {"ListingRequested", "LookRequested", "JobsRequested"}:
            discovery.take(body, self)
        elif event.type == "CountRequested":
            counter.take(body, self)
        elif event.type == "WindowCounted":
            {"drift": drift, "quality": quality}[event.check].take(body, self)

    def registered(self) -> RegisteredModel:
        return next(model for model in list_models(self.store) if model.name == self.name)

    def drift_of(self, job: str) -> DriftReport | None:
        kept = find_job(self.store, self.registered().id, job)
        assert kept is not None
        found = stored(self.store, self.registered().id, kept.window)
        return found.report if found else None


@pytest.fixture
def account(sagemaker: str) -> Account:
    return Account(sagemaker)


def rows(seed: int, *, mean: float = 100.0, count: int = 400) -> list[tuple[str, str]]:
    values = random.Random(seed)  # noqa: S311
    return [(f"c{seed}-{place},{values.gauss(mean, 10):.3f}", f"{values.random():.4f}") for place in range(count)]


@pytest.mark.emulator
def test_two_jobs_of_one_day_are_judged_apart_and_once(account: Account) -> None:
    world = account.world
    first = account.transform({"a.csv": rows(1), "b.csv": rows(2)})
    world.hour()
    model = world.registered()
    assert (model.name, model.owner, model.window) == (account.model, "ana@example.org", WindowLength.JOB)
    assert world.drift_of(first) is None  # no schema and no baseline yet: it waits
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "ana", "now": world.now()}
    change_model(model.id, {"capture_schema": to_json(SCHEMA)}, **common)
    kept = find_job(world.store, model.id, first)
    assert kept is not None
    source = BaselineSource(window=kept.window)
    info = set_baseline(model.id, source, captures=world.captures, archive=world.archive, **common)
    assert info.rows == 800
    usual = account.transform({"a.csv": rows(3)})
    moved = account.transform({"a.csv": rows(4, mean=160.0)})
    world.hour()
    verdicts = {name: report.verdict.value for name in (first, usual, moved) if (report := world.drift_of(name))}
    assert verdicts == {first: "no_drift", usual: "no_drift", moved: "drift"}
    report = world.drift_of(moved)
    assert report is not None
    assert report.confirmed == ("amount",)  # a whole population at once needs no second one
    assert report.rows.current == 400
    before = world.state()
    world.hour()
    after = world.state()
    changed = {key.split()[0] for key in after if after[key] != before.get(key)}
    assert not [one for one in changed if one.split(".")[0] in {"model", "drift", "quality", "evidence", "audit"}]


@pytest.mark.emulator
def test_answers_of_other_lines_are_not_judged(account: Account) -> None:
    world = account.world
    good = account.transform({"a.csv": rows(1)})
    world.hour()
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "ana", "now": world.now()}
    model = world.registered()
    change_model(model.id, {"capture_schema": to_json(SCHEMA)}, **common)
    kept = find_job(world.store, model.id, good)
    assert kept is not None
    set_baseline(model.id, BaselineSource(window=kept.window), captures=world.captures, archive=world.archive, **common)
    bad = account.transform({"a.csv": rows(5)})
    account.put(f"out/{bad}/a.csv.out", [answer for _, answer in rows(5)][:-1])
    joined = account.transform(
        {"a.csv": [(given, f"{given},{answer}") for given, answer in rows(6)]},
        DataProcessing={"JoinSource": "Input"},
    )
    world.hour()
    report = world.drift_of(bad)
    assert report is not None
    assert report.verdict.value == "not_comparable"
    assert "AssembleWith" in str(report.intake.examples)
    whole = world.drift_of(joined)
    assert whole is not None
    assert (whole.verdict.value, whole.rows.current) == ("no_drift", 400)


def test_what_cannot_be_read_is_said_with_what_to_set() -> None:
    def job(**given: Any) -> dict[str, Any]:
        source = {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in/", **given.pop("source", {})}
        return {
            "TransformInput": {"DataSource": {"S3DataSource": source}, "SplitType": "Line", **given},
            "TransformOutput": {"S3OutputPath": "s3://b/out"},
        }

    assert _obstacle(job()) is None
    assert "CSV or JSON Lines" in str(_obstacle(job(SplitType="TFRecord")))
    assert "S3Prefix or ManifestFile" in str(_obstacle(job(source={"S3DataType": "AugmentedManifestFile"})))
    assert "s3://bucket/prefix" in str(_obstacle(job(source={"S3Uri": "https://b.s3.amazonaws.com/in"})))
