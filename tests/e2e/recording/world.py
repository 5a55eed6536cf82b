"""The demonstration models in memory: their traffic, checks, alerts and compliance, by the real use cases."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from demo.endpoints import written
from demo.scenario import OWNER, Scenario, scenarios
from syndic.adapters.memory import MemoryArchive, MemoryBus, MemoryCaptures, MemoryNotifier, MemorySource, MemoryStore
from syndic.alerting.alerts import receive_findings
from syndic.audit.log import AuditLog
from syndic.audit.public.publish import publish
from syndic.bias.policy.kept import set_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.people.answers import classify
from syndic.discovery.discover import discover_models
from syndic.drift.set_baseline import UploadedRows, set_baseline
from syndic.models import CaptureConfig, CaptureFormat, CheckRequested, Cloud, CountRequested, Endpoint
from syndic.registry.approvals.requests import request_approval
from syndic.registry.models import ModelVersion, Stage, TrainingData
from syndic.registry.versions.versions import add_version, change_model
from syndic.settings import AwsSettings
from syndic.tasks.duties.dates import record_organisation
from tests.edges.sign_ins import pool_tokens
from tests.reading import check_bias, check_drift, check_quality
from tests.unit.audit.tampering import Key as LogKey

NOW = datetime(2026, 10, 6, 6, 15, tzinfo=UTC)
SCHEDULES = {"Discovery": "rate(1 hour)", "Compliance": "cron(15 5 * * ? *)", "Registries": "cron(30 * * * ? *)"}
BROKEN = b'{"captureData": {"endpointInput": {\nnot a record\n[1, 2]\n'


class World:
    """A deployment in memory; it is what routes ask for (`syndic.tasks.clouds.Clouds`). Events arrive at once."""

    def __init__(self) -> None:
        self.time = NOW
        self.settings = AwsSettings(
            table_name="memory", archive_bucket="memory", event_bus="memory", erase_captures=True,
            schedules=json.dumps(SCHEDULES),
        )  # fmt: skip
        self.store = MemoryStore()
        self.archive = MemoryArchive(self.now)
        self.captures = MemoryCaptures(self.now)
        self.bus = MemoryBus()
        self.audit = AuditLog(self.store)
        self.access_log = self.store
        self.people = pool_tokens()
        self.log_archive = MemoryArchive(self.now)
        self.notifier = MemoryNotifier()
        self.maps = None
        self.sagemaker = MemorySource("sagemaker 000000000000/eu-central-1")
        self.sources = (self.sagemaker, MemorySource("sagemaker 000000000000/eu-west-1", refuse="access was denied"))
        self.bus.subscribe("CountRequested", self._check_all)
        self.bus.subscribe("FindingsChanged", self._alert)
        self.bus.subscribe("EvidenceChanged", self._evaluate)

    def now(self) -> datetime:
        """A clock that only moves when something is done, so that recordings are the same each time."""
        return self.time

    def discover(self) -> None:
        """Run the schedule once and everything that follows from it."""
        kept = {"store": self.store, "captures": self.captures, "bus": self.bus, "audit": self.audit}
        discover_models(sources=self.sources, **kept, now=self.later())
        self.bus.deliver()

    def later(self) -> datetime:
        self.time += timedelta(seconds=7)
        return self.time

    def _check_all(self, asked: CountRequested) -> None:
        for check in asked.checks:
            self._check(CheckRequested(check=check, model_id=asked.model_id, window=asked.window, force=asked.force))

    def _check(self, request: CheckRequested) -> None:
        kept = {"store": self.store, "captures": self.captures, "bus": self.bus, "audit": self.audit}
        if request.check == "drift":
            check_drift(request, **kept, archive=self.archive, now=self.later())
        elif request.check == "quality":
            check_quality(request, **kept, archive=self.archive, now=self.later())
        else:
            check_bias(request, **kept, archive=self.archive, now=self.later())

    def _alert(self, event: Any) -> None:
        receive_findings(event, store=self.store, audit=self.audit, now=self.time)

    def _evaluate(self, event: Any) -> None:
        evaluate_model(event.model_id, store=self.store, audit=self.audit, bus=self.bus, now=self.time)


def governed() -> World:
    """Both demonstration models, described by their owners and checked by one run of the schedule."""
    world = World()
    found = scenarios()
    for scenario in found:
        world.sagemaker.listed.append(endpoint(scenario))
    world.discover()
    for scenario in found:
        describe(world, scenario)
        traffic(world, scenario)
    world.discover()
    world.discover()  # a history of more files than one look lists takes two
    record_organisation(world)
    for scenario in found:
        versions(world, scenario)
    world.bus.deliver()
    publish(world.store, world.log_archive, LogKey())
    return world


def endpoint(scenario: Scenario) -> Endpoint:
    """The scenario's endpoint as SageMaker lists it."""
    return Endpoint(
        cloud=Cloud.AWS,
        scope="000000000000/eu-central-1",
        name=scenario.endpoint,
        resource_id=f"arn:aws:sagemaker:eu-central-1:000000000000:endpoint/{scenario.endpoint}",
        status="InService",
        capture=CaptureConfig(
            enabled=True,
            format=CaptureFormat.SAGEMAKER,
            uri="s3://captures/capture",
            labels_uri=f"s3://captures/labels/{scenario.endpoint}",
            inputs=True,
            outputs=True,
        ),
        tags={"syndic:owner": OWNER, "syndic:window": "month"},
    )


def describe(world: World, scenario: Scenario) -> None:
    """What the owner says of a model: schema, purpose, baseline, fairness policy."""
    model_id = endpoint(scenario).model_id
    told = {"store": world.store, "audit": world.audit, "actor": OWNER, "now": world.now()}
    changes = {"capture_schema": scenario.schema, **scenario.profile}
    change_model(model_id, changes, **told)
    table = io.StringIO()
    scenario.baseline.to_csv(table, index=False)
    rows = UploadedRows(f"{scenario.endpoint}.csv", table.getvalue().encode())
    set_baseline(model_id, rows, **told, captures=world.captures, archive=world.archive)
    if scenario.bias is not None:
        set_policy(model_id, BiasPolicy.model_validate(scenario.bias), **told)
    for questionnaire, answers in scenario.answers.items():
        classify(model_id, questionnaire, answers, **told, bus=world.bus)


def versions(world: World, scenario: Scenario) -> None:
    """Two versions as a training pipeline reports them; for the newer one somebody asks for approval."""
    model_id = endpoint(scenario).model_id
    kept = {"store": world.store, "audit": world.audit, "actor": OWNER}
    for name, accuracy, strength in (("1.0.0", 0.741, 1.0), ("1.1.0", 0.752, 0.5)):
        version = ModelVersion(
            model_id=model_id,
            version=name,
            framework="scikit-learn 1.5.2",
            algorithm="logistic regression",
            hyperparameters={"C": strength, "penalty": "l2", "max_iter": 1000},
            commit=sha256(f"{model_id} {name}".encode()).hexdigest()[:40],
            training=TrainingData(
                description=scenario.description,
                sources=(f"s3://training/{scenario.endpoint}/2026-08.csv",),
                rows=len(scenario.rows),
                features=len(scenario.schema["inputs"]),
            ),
            artefact_location=f"s3://models/{scenario.endpoint}/{name}/model.tar.gz",
            metrics={"accuracy": accuracy, "auc": round(accuracy + 0.03, 3)},
            run_id=f"run-{name}",
            created_by=OWNER,
            created_at=world.later(),
        )
        add_version(version, **kept, now=world.time)
    request_approval(model_id, "1.1.0", Stage.PRODUCTION, **kept, now=world.later())


def traffic(world: World, scenario: Scenario) -> None:
    """Captured traffic and labels, with three broken lines in the newest file."""
    files = written(scenario)
    newest = max(name for name in files if name.startswith("capture/"))
    for name, data in files.items():
        world.captures.add(f"s3://captures/{name}", data + BROKEN if name == newest else data)
