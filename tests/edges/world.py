"""A small governed world in memory: what the real handlers are wired to in these tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from syndic.adapters.memory import (
    MemoryArchive,
    MemoryBackends,
    MemoryBus,
    MemoryCaptures,
    MemoryChannels,
    MemoryDirectory,
    MemoryEndpointMetrics,
    MemoryInferenceLog,
    MemoryIssuerKeys,
    MemoryMap,
    MemoryNotifier,
    MemorySource,
    MemoryStorageInspector,
    MemoryStore,
    MemoryTraffic,
)
from syndic.alerting.alerts import receive_findings
from syndic.audit.appending.inbox import Inbox
from syndic.audit.log import AuditLog
from syndic.bias.policy.kept import set_policy as set_bias_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.captures.endpoint import ToldModels
from syndic.checks.counting.list_files import list_files
from syndic.checks.counting.plan import PartTask, count_part, merge_parts, start_run
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.discovery.discover import discover_models
from syndic.drift.models import BaselineSource
from syndic.drift.set_baseline import set_baseline
from syndic.erasure.request import Wish, ask_apply, ask_plan
from syndic.erasure.store import get_erasure
from syndic.erasure.work import go_on
from syndic.errors import UnavailableError
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.gateway.state import read_state
from syndic.identity.pool_tokens import PoolTokens
from syndic.mirror.exchange import Side
from syndic.model_marks import MARKED
from syndic.models import (
    AuditEntry,
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    CheckRequested,
    Cloud,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    Concern,
    CountRequested,
    Endpoint,
    Finding,
    FindingsChanged,
    Severity,
    TimeWindow,
    to_json,
)
from syndic.ports import DirectoryUser, ModelSource, StorageRules
from syndic.records import get_model
from syndic.registry.versions.versions import change_model
from syndic.reports.jobs import request_report
from syndic.reports.models import ReportFormat, ReportRequest
from syndic.settings import AwsSettings, Settings
from syndic.tasks.counter import counters_of
from tests.edges.alerting.slack import SECRET
from tests.edges.sign_ins import pool_tokens
from tests.edges.tokens import KEYS
from tests.reading import check_bias, check_drift, check_quality
from tests.unit.audit.tampering import Key as LogKey
from tests.unit.registry.workspace import Workspace

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
QUIET, SHIFTED = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)  # two days of traffic
OWNER = "olga@example.org"
DIRECTORY = tuple(
    DirectoryUser(name, f"{name}@example.org", frozenset({role}), enabled=True, confirmed=True, address_confirmed=True)
    for name, role in (("ada", "admin"), ("olga", "model_owner"), ("otto", "model_owner"))
)
PASSWORD = "correct horse battery staple"
ENDPOINT = Endpoint(
    cloud=Cloud.AWS,
    scope="123456789012/eu-central-1",
    name="credit",
    resource_id="arn:aws:sagemaker:eu-central-1:123456789012:endpoint/credit",
    status="InService",
    capture=CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://captures/data"),
    tags={"syndic:owner": OWNER},
)
MODEL = ENDPOINT.model_id
SCHEMA = CaptureSchema(
    inputs=(
        ColumnSpec(name="amount", kind=ColumnKind.NUMERIC),
        ColumnSpec(name="sex", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PROTECTED),
    ),
    outputs=(ColumnSpec(name="granted", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),),
)
SETTINGS = AwsSettings(
    table_name="records",
    archive_bucket="archive",
    event_bus="bus",
    mail_from="syndic@example.org",
    audit_mail="auditors@example.org",
    dashboard_url="https://syndic.example.org",
    erase_captures=True,
)


KEPT = StorageRules("AES256", True, None, False, None, None, None)
RULES = {
    "s3://captures/data/credit/": StorageRules("AES256", False, None, False, 400, 400, 0),
    "s3://archive": KEPT,
    "s3://audit-anchors": replace(KEPT, locked_days=2557),
}


@dataclass
class World:
    """Memory adapters behind the names of `syndic.tasks.clouds.Clouds`."""

    store: MemoryStore = field(default_factory=MemoryStore)
    archive: MemoryArchive = field(default_factory=lambda: MemoryArchive(lambda: NOW))
    captures: MemoryCaptures = field(default_factory=lambda: MemoryCaptures(lambda: NOW))
    bus: MemoryBus = field(default_factory=MemoryBus)
    notifier: MemoryNotifier | None = field(default_factory=MemoryNotifier)
    channels: MemoryChannels | None = field(
        default_factory=lambda: MemoryChannels(secrets={"slack-signing": SECRET}, clock=lambda: NOW)
    )
    source: MemorySource = field(default_factory=lambda: MemorySource("sagemaker 123456789012/eu-central-1"))
    standby: Any = None
    queues: Any = tuple
    maps: MemoryMap | None = field(default_factory=MemoryMap)
    traffic: MemoryTraffic = field(default_factory=MemoryTraffic)
    endpoint_metrics: MemoryEndpointMetrics = field(default_factory=MemoryEndpointMetrics)
    registries: tuple[Any, ...] = ()
    azure: Side | None = None
    directory: MemoryDirectory = field(default_factory=lambda: MemoryDirectory(DIRECTORY, {"olga": PASSWORD}))
    issuer_keys: MemoryIssuerKeys = field(default_factory=lambda: MemoryIssuerKeys(KEYS))
    people: PoolTokens = field(default_factory=pool_tokens)
    storage: Any = field(default_factory=lambda: MemoryStorageInspector(RULES))
    own_stores: dict[str, str] = field(
        default_factory=lambda: {"archive": "s3://archive", "trail": "s3://audit-anchors"}
    )
    inspects: frozenset[Cloud] = frozenset(Cloud)
    moment: datetime = NOW
    settings: Settings = SETTINGS
    log_archive: MemoryArchive | None = field(default_factory=lambda: MemoryArchive(lambda: NOW))
    signing_key: Any = field(default_factory=LogKey)
    witness_requests: Any = None
    waits: bool = False  # whether entries wait for the sequencer, as they do in the cloud
    backends: MemoryBackends = field(default_factory=lambda: MemoryBackends(lambda _asked, rows: [0.5] * len(rows)))
    predictions: MemoryInferenceLog = field(default_factory=MemoryInferenceLog)
    counted: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)

    @property
    def audit(self) -> AuditLog | Inbox:
        return Inbox(self.store) if self.waits else AuditLog(self.store)

    @property
    def access_log(self) -> MemoryStore:
        return self.store

    @property
    def accounts(self) -> MemoryDirectory:
        return self.directory

    @property
    def chain(self) -> MemoryStore:
        return self.store

    @property
    def eraser(self) -> MemoryCaptures:
        if not isinstance(self.captures, MemoryCaptures):  # a deployment as it is by default
            raise UnavailableError("erasing captured rows is off")
        return self.captures

    @property
    def received(self) -> MemoryCaptures:
        return self.captures

    @cached_property
    def serving(self) -> Serving:
        return Serving(lambda model_id: read_state(self.store, model_id), clock=self.now)

    @property
    def pseudonyms(self) -> Callable[[], bytes | None]:
        return lambda: None

    @cached_property
    def gateway(self) -> Gateway:
        return Gateway(self.serving, self.backends, self.predictions, self.now, stream="world")

    @property
    def sources(self) -> tuple[ModelSource, ...]:
        return (self.source, ToldModels(self.store))

    def now(self) -> datetime:
        return self.moment

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.counted.append((name, value, dimensions))

    def state(self) -> dict[str, Any]:
        """Everything stored, without etags: for telling whether anything changed. Of marks, which are marked."""
        records = (self.store.get(key) for key in sorted(self.store._kept, key=lambda key: (key.partition, key.sort)))
        return {f"{one.key.partition} {_unmarked(one.key.sort)}": one.body for one in records if one is not None}


def _unmarked(sort: str) -> str:
    """A sort key without what is random in that of a mark."""
    return sort.rpartition(".")[0] if sort.startswith(MARKED) else sort


def empty() -> World:
    return World()


def governed() -> World:
    """A credit model with two days of captured traffic, a baseline taken from the first and a fairness policy.

    On the second day amounts are three times as large, and half as many women as men are granted credit.
    """
    world = World()
    world.source.listed.append(ENDPOINT)
    for day, factor in ((QUIET, 1.0), (SHIFTED, 3.0)):
        world.captures.capture(ENDPOINT, day + timedelta(hours=9), b"".join(capture_lines(day, factor)), modified=day)
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    discover_models(
        sources=world.sources,
        store=world.store,
        captures=MemoryCaptures(),
        bus=world.bus,
        audit=world.audit,
        now=NOW - timedelta(days=3),
    )
    change_model(MODEL, {"capture_schema": to_json(SCHEMA)}, **common)
    source = BaselineSource.model_validate({"window": {"start": QUIET, "end": QUIET + timedelta(days=1)}})
    set_baseline(MODEL, source, captures=world.captures, archive=world.archive, **common)
    attribute = ProtectedAttribute(name="sex", reference_group="male")
    policy = BiasPolicy(favourable=("yes",), outcomes=("prediction",), protected_attributes=(attribute,))
    set_bias_policy(MODEL, policy, **common)
    world.bus.published.clear()
    return world


def checked() -> World:
    """The governed world after both days were checked, judged and told."""
    world = governed()
    common: dict[str, Any] = {"store": world.store, "bus": world.bus, "audit": world.audit, "now": NOW}
    for day in (QUIET, SHIFTED):
        window = TimeWindow(start=day, end=day + timedelta(days=1))
        for check, verb in (("drift", check_drift), ("quality", check_quality), ("bias", check_bias)):
            request = CheckRequested.model_validate({"check": check, "model_id": MODEL, "window": window})
            verb(request, captures=world.captures, archive=world.archive, **common)
    evaluate_model(MODEL, **common)
    for event in world.bus.of("FindingsChanged"):
        receive_findings(event, store=world.store, audit=world.audit, now=NOW)
    return world


def found() -> World:
    """An endpoint that discovery did not see yet."""
    return World(source=MemorySource("sagemaker 123456789012/eu-central-1", [ENDPOINT]))


def refused() -> World:
    """A governed world whose listing is refused since then."""
    world = governed()
    world.source.refuse = "access denied"
    return world


def listed() -> World:
    """A model registry that only this cloud can read."""
    return World(registries=(Workspace({"churn": {"7": {"team": "customers"}, "8": "it is Failed"}}),))


def alerted() -> World:
    """An alert waits to be told."""
    world = World()
    finding = Finding(
        id="finding-1",
        model_id=MODEL,
        model_name="credit",
        owner=OWNER,
        concern=Concern.DRIFT,
        subject="amount",
        severity=Severity.CRITICAL,
        title="amount drifts",
        reason="PSI 1.7 is over 0.1",
        remedy="Look at the source of amount.",
        measure="psi",
        value=1.7,
        threshold=0.1,
        window=TimeWindow(start=QUIET, end=SHIFTED),
        found_at=NOW - timedelta(hours=1),
    )
    receive_findings(FindingsChanged(findings=(finding,)), store=world.store, audit=world.audit, now=NOW)
    return world


def mailless() -> World:
    """An alert waits, and no sender is configured."""
    world = alerted()
    world.notifier = None
    return world


def asked() -> World:
    """Three reports wait: a PDF, a CSV by a framework that nobody knows, and an evidence package."""
    world = checked()
    for wanted in (
        ReportRequest(model_ids=(MODEL,), frameworks=("eu_ai_act",)),
        ReportRequest(frameworks=("no_such_law",), format=ReportFormat.CSV),
        ReportRequest(format=ReportFormat.EVIDENCE),
    ):
        request_report(wanted, store=world.store, audit=world.audit, bus=world.bus, actor="ada", now=NOW)
    world.bus.published.clear()
    return world


def erasing() -> World:
    """Three rows of the first day are to go as planned; a plan of what is older than a day waits to be made."""
    world = governed()
    common: dict[str, Any] = {
        "held": (), "store": world.store, "audit": world.audit, "bus": world.bus, "now": NOW,
    }  # fmt: skip
    rows = frozenset(f"{QUIET:%Y%m%d}-{number}" for number in (1, 2, 3))
    plan = ask_plan(Wish(MODEL, "asked by the person", identifiers=rows, reference="r-1"), actor="ada", **common)
    go_on(
        plan.id, captures=world.captures, eraser=lambda: world.captures, archive=world.archive, over=lambda: False,
        **common,
    )  # fmt: skip
    made = get_erasure(world.store, plan.id)
    ask_apply(plan.id, str(made.plan_sha256), allowed=True, actor="ada", **common)
    ask_plan(Wish(MODEL, "kept too long", older_than_days=1), actor="ada", **common)
    world.bus.published.clear()
    return world


def waiting() -> World:
    """Two entries wait for their places in the trail, one of them twice: its writer died before it knew."""
    world = World()
    for entries in ({"one": told("model.changed"), "two": told("report.built")}, {"two": told("report.built")}):
        Inbox(world.store, clock=world.now).take(entries)
    return world


def told(action: str) -> AuditEntry:
    return AuditEntry(action=action, actor="ada", subject=f"model/{MODEL}", at=NOW)


def mapped() -> World:
    """The shifted day was planned as a run of one part, which was counted, and the sum of it is kept."""
    world = governed()
    window = TimeWindow(start=SHIFTED, end=SHIFTED + timedelta(days=1))
    request = CountRequested(model_id=MODEL, window=window, checks=("drift", "quality", "bias"))
    model, counters = get_model(world.store, MODEL), counters_of(world)
    files = list_files(model, window, captures=world.captures, now=NOW)
    runs = MemoryMap()
    run = start_run(request, model, files, archive=world.archive, maps=runs)
    for item in runs.started[run][1]:
        count_part(PartTask.model_validate({"run": run, "request": to_json(request), "item": item}), counters)
    _, name = merge_parts(run, counters)
    for made, known in ((name, "counts/shifted.counts"), *((one, one.replace(run, "run-1")) for one in of_run(run))):
        world.archive.put(known, world.archive.get(made), content_type="application/octet-stream")
    return world


def of_run(run: str) -> list[str]:
    """What a run of one part keeps in the archive."""
    return [f"maps/{run}/{name}" for name in ("window.json", "items.jsonl", "counts/00000000.counts")]


WORLDS = {
    made.__name__: made
    for made in (empty, governed, checked, asked, found, refused, listed, alerted, mailless, waiting, mapped, erasing)
}


def capture_lines(day: datetime, factor: float) -> Iterator[bytes]:
    """600 applicants, one line each, as SageMaker's Data Capture writes them. The same on every run."""
    for number in range(600):
        sex = "female" if number % 2 else "male"
        refused = (number // 2) % 10 >= (6 if sex == "male" or factor == 1.0 else 3)
        row = f"{(1000 + 37 * (number % 100)) * factor},{sex}"
        document = {
            "captureData": {
                "endpointInput": _side("INPUT", row),
                "endpointOutput": _side("OUTPUT", "no" if refused else "yes"),
            },
            "eventMetadata": {
                "eventId": f"{day:%Y%m%d}-{number}",
                "inferenceTime": f"{day + timedelta(hours=9, seconds=number):%Y-%m-%dT%H:%M:%SZ}",
            },
            "eventVersion": "0",
        }
        yield json.dumps(document).encode() + b"\n"


def _side(mode: str, data: str) -> dict[str, str]:
    return {"observedContentType": "text/csv", "mode": mode, "data": data, "encoding": "CSV"}
