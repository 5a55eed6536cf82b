"""AWS and Azure in memory: the real use cases on both sides, and the mirror between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from syndic.adapters.memory import MemoryArchive, MemoryBus, MemoryCaptures, MemorySource, MemoryStore
from syndic.alerting.alerts import receive_findings
from syndic.audit.log import AuditLog
from syndic.bias.policy.kept import set_policy as set_bias_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.discovery.discover import discover_models
from syndic.discovery.models import DiscoveryReport
from syndic.drift.models import BaselineSource
from syndic.drift.set_baseline import set_baseline
from syndic.mirror.change_log import ChangeLog, GovernedInAws, azure_wants
from syndic.mirror.exchange import Side, exchange
from syndic.mirror.models import ExchangeReport
from syndic.mirror.outbox import FromAws, OutboxBus, from_azure
from syndic.model_marks import MARKED
from syndic.models import BaselineRequested, CheckRequested, Cloud, CountRequested, OnboardingRequested, to_json
from syndic.ports import Key, Store
from syndic.records import get_model
from syndic.registry.versions.versions import change_model
from syndic.tasks.awaited_proposals import is_answered, keep_proposal
from syndic.tasks.mirror import observe
from syndic.tasks.onboarding import propose_settings
from tests.edges.world import ENDPOINT as AWS_ENDPOINT
from tests.edges.world import QUIET, SCHEMA, SHIFTED, capture_lines
from tests.reading import check_bias, check_drift, check_quality

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)
ENDPOINT = AWS_ENDPOINT.model_copy(
    update={
        "cloud": Cloud.AZURE,
        "scope": "subscription/group/workspace",
        "name": "car-loan",
        "resource_id": "/subscriptions/1/workspaces/w/onlineEndpoints/car-loan",
    }
)
MODEL = ENDPOINT.model_id


@dataclass
class Azure:
    """The data plane: discovery and the checks, next to the captured traffic."""

    store: Store = field(default_factory=MemoryStore)  # as the mirror reaches it
    bus: MemoryBus = field(default_factory=MemoryBus)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    captures: MemoryCaptures = field(default_factory=MemoryCaptures)
    source: MemorySource = field(default_factory=lambda: MemorySource("azure ml subscription/group/workspace"))
    moment: datetime = NOW
    skew: timedelta = timedelta(0)

    @cached_property
    def own(self) -> ChangeLog:
        """The store as Azure's own functions see it."""
        return ChangeLog(self.store, wanted=azure_wants, clock=self.now)

    @cached_property
    def telling(self) -> OutboxBus:
        """The bus as Azure's own functions see it."""
        return OutboxBus(self.bus, store=self.own, route=from_azure)

    @property
    def common(self) -> dict[str, Any]:
        return {"store": self.own, "audit": AuditLog(self.own), "now": self.now()}

    def now(self) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment + self.skew

    def discover(self) -> DiscoveryReport:
        return discover_models(sources=[self.source], captures=self.captures, bus=self.telling, **self.common)

    def capture(self, day: datetime, factor: float) -> None:
        lines = b"".join(capture_lines(day, factor))
        self.captures.capture(self.source.listed[0], day + timedelta(hours=9), lines, modified=day)

    def check(self, request: CountRequested | CheckRequested) -> None:
        """What people ask for, and what waited since a release that knew no counter."""
        verbs: dict[str, Callable[..., object]] = {"drift": check_drift, "quality": check_quality, "bias": check_bias}
        for check in request.checks if isinstance(request, CountRequested) else (request.check,):
            one = CheckRequested(check=check, model_id=request.model_id, window=request.window, force=request.force)
            verbs[check](one, captures=self.captures, archive=self.archive, bus=self.telling, **self.common)

    def baseline(self, asked: BaselineRequested) -> None:
        source = BaselineSource.model_validate(asked.source)
        set_baseline(
            asked.model_id,
            source,
            captures=self.captures,
            archive=self.archive,
            actor=asked.actor,
            **self.common,
        )

    def propose(self, asked: OnboardingRequested) -> None:
        """As the task does."""
        model = get_model(self.own, asked.model_id)
        if not is_answered(asked, store=self.own, audit=AuditLog(self.own)):
            proposal = propose_settings(model, store=self.own, captures=self.captures)
            keep_proposal(proposal, asked, **self.common)

    def __post_init__(self) -> None:
        self.bus.subscribe("OnboardingRequested", self.propose)
        self.bus.subscribe("CountRequested", self.check)
        self.bus.subscribe("CheckRequested", self.check)
        self.bus.subscribe("BaselineRequested", self.baseline)


@dataclass
class Aws:
    """The control plane: people decide, compliance is judged, alerts are kept."""

    raw: Store = field(default_factory=MemoryStore)
    bus: MemoryBus = field(default_factory=MemoryBus)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    captures: MemoryCaptures = field(default_factory=MemoryCaptures)
    source: MemorySource = field(default_factory=lambda: MemorySource("sagemaker 123456789012/eu-central-1"))
    moment: datetime = NOW

    @cached_property
    def store(self) -> ChangeLog:
        return ChangeLog(self.raw, wanted=GovernedInAws(self.raw), clock=self.now)

    @cached_property
    def telling(self) -> OutboxBus:
        return OutboxBus(self.bus, store=self.store, route=FromAws(self.raw))

    @property
    def audit(self) -> AuditLog:
        return AuditLog(self.store)

    @property
    def common(self) -> dict[str, Any]:
        return {"store": self.store, "audit": self.audit, "now": self.now()}

    def now(self) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment

    def discover(self) -> DiscoveryReport:
        return discover_models(sources=[self.source], captures=self.captures, bus=self.telling, **self.common)

    def __post_init__(self) -> None:
        self.bus.subscribe(
            "EvidenceChanged", lambda event: evaluate_model(event.model_id, bus=self.telling, **self.common)
        )
        self.bus.subscribe("FindingsChanged", lambda event: receive_findings(event, **self.common))


@dataclass
class TwoClouds:
    """Both clouds. `meet` is one run of the mirror."""

    aws: Aws = field(default_factory=Aws)
    azure: Azure = field(default_factory=Azure)

    def meet(self, **replaced: Any) -> ExchangeReport:
        given: dict[str, Any] = {
            "here": Side(self.aws.store, self.aws.telling),
            "there": Side(self.azure.store, self.azure.bus),
            "audit": self.aws.audit,
            "observe": observe,
            "now": self.aws.now(),
        }
        return exchange(**{**given, **replaced})

    def settle(self, times: int = 4) -> None:
        """Let both clouds work and meet until nothing is left to do."""
        for _ in range(times):
            self.meet()
            self.azure.bus.deliver()
            self.aws.bus.deliver()
        assert self.meet().pulled.written == 0

    def later(self, span: timedelta) -> None:
        self.aws.moment += span
        self.azure.moment += span

    def govern(self) -> None:
        """What people decide in AWS about the model in Azure, and the baseline that they ask for."""
        change_model(MODEL, {"capture_schema": to_json(SCHEMA), "domain": "credit"}, actor="ada", **self.aws.common)
        attribute = ProtectedAttribute(name="sex", reference_group="male")
        policy = BiasPolicy(favourable=("yes",), outcomes=("prediction",), protected_attributes=(attribute,))
        set_bias_policy(MODEL, policy, actor="ada", **self.aws.common)
        source = {"window": {"start": QUIET.isoformat(), "end": (QUIET + DAY).isoformat()}}
        self.aws.telling.publish([BaselineRequested(model_id=MODEL, source=source, actor="ada")])


def found(**azure: Any) -> TwoClouds:
    """An endpoint in Azure with two days of captured traffic, seen by Azure's discovery."""
    world = TwoClouds(azure=Azure(**azure))
    world.azure.source.listed.append(ENDPOINT)
    world.azure.capture(QUIET, 1.0)
    world.azure.capture(SHIFTED, 3.0)
    world.azure.discover()
    return world


def governed(**azure: Any) -> TwoClouds:
    """The same, known in AWS, with a policy and a baseline; its windows are asked for and not checked yet."""
    world = found(**azure)
    world.settle()
    world.govern()
    world.settle()
    world.azure.discover()
    return world


def contents(store: Store) -> dict[str, Any]:
    """Everything in a memory store but what the mirror and the trail keep for themselves."""
    assert isinstance(store, MemoryStore)
    aside = {"mirror", "changes", "audit", "trail"}
    kept = sorted(store._kept, key=lambda key: (key.partition, key.sort))
    kept = [key for key in kept if not key.sort.startswith(MARKED)]  # how many marks there are tells of tries
    return {f"{key.partition} {key.sort}": store.get(key).body for key in kept if key.partition not in aside}  # type: ignore[union-attr]


def body(store: Store, partition: str, sort: str) -> Any:
    record = store.get(Key(partition, sort))
    return None if record is None else record.body
