"""An endpoint, a version in production and one that is to replace it: everything a deployment needs, in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from syndic.adapters.memory import MemoryBus, MemoryEndpointMetrics, MemoryTraffic
from syndic.models import Cloud, Endpoint, TimeWindow
from syndic.ports import Record
from syndic.records import get_model, model_record
from syndic.registry.approvals.requests import choose_policy, find_policy
from syndic.registry.deployments.controller import advance_deployments
from syndic.registry.deployments.models import Deployment
from syndic.registry.deployments.plan import plan_deployment
from syndic.registry.deployments.store import get_deployment
from syndic.registry.models import Artefact, CanaryStep, RollbackConditions, Stage, Strategy
from syndic.registry.promotion.policies import save_policy
from syndic.traffic import LatencyPoint, VariantNumbers
from tests.unit.registry.case import NOW, Registry
from tests.unit.registry.test_gate import approved, ready, to

ARN = "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/car-loan"
WHY = "the new version is better"
STEPS = (CanaryStep(percent=10, minutes=20), CanaryStep(percent=100, minutes=20))


def numbers(
    window: TimeWindow, *, per_minute: int = 100, errors: float = 0.0, rejected: float = 0.0, latency: float = 50.0
) -> VariantNumbers:
    """A variant that is called `per_minute` times, fails in a share of the calls, and takes `latency` ms."""
    minutes = int((window.end - window.start) / timedelta(minutes=1))
    calls = per_minute * minutes
    points = tuple(
        LatencyPoint(window.start + timedelta(minutes=at), per_minute, latency + at % 5 / 10, latency * 2 + at % 5)
        for at in range(minutes)
    )
    return VariantNumbers(calls, round(calls * errors), round(calls * rejected), points)


class Rollout:
    """Version 1 serves and is in production; version 2 is approved and in staging."""

    def __init__(
        self, *, strategy: Strategy = Strategy.CANARY, takes: int = 0, first: bool = False, **rollback: Any
    ) -> None:
        self.registry: Registry = ready()
        self.store, self.audit = self.registry.store, self.registry.audit
        self.bus, self.traffic, self.metrics = MemoryBus(), MemoryTraffic(takes=takes), MemoryEndpointMetrics()
        self.now = NOW
        self.model_id = self.registry.model.id
        self._serve()
        self._policy(strategy, RollbackConditions(**rollback))
        for name in ("2",) if first else ("1", "2"):
            self.version(name)
            to(self.registry, name, Stage.STAGING)
            approved(self.registry, name)
            if name == "1":
                to(self.registry, name, Stage.PRODUCTION)
        self.behave()

    def _serve(self) -> None:
        model = get_model(self.store, self.model_id)
        endpoint = Endpoint(
            cloud=Cloud.AWS, scope="123456789012/eu-central-1", name="car-loan", resource_id=ARN, status="InService"
        )
        record = self.store.get(model_record(model).key)
        assert isinstance(record, Record)
        self.store.put(model_record(model.model_copy(update={"endpoint": endpoint})), expect=record.etag)
        self.traffic.serve("car-loan", resource_id=ARN)

    def _policy(self, strategy: Strategy, rollback: RollbackConditions) -> None:
        policy = find_policy(self.store, "moderate").model_copy(
            update={"name": "tried", "strategy": strategy, "canary_steps": STEPS, "bake_minutes": 20,
                    "rollback": rollback}
        )  # fmt: skip
        common = {"store": self.store, "audit": self.audit, "actor": "admin", "now": NOW}
        save_policy(policy, **common)
        choose_policy(self.model_id, "tried", **common)

    def version(self, name: str) -> None:
        artefacts = (
            Artefact(name="classification_report.json", location="s3://b/r.json"),
            Artefact(name="confusion_matrix.png", location="s3://b/c.png"),
            Artefact(name="sagemaker-model", location=f"arn:aws:sagemaker:eu-central-1:1:model/car-loan-{name}"),
        )
        self.registry.version(name, artefacts=artefacts)

    def behave(self, **new: Any) -> None:
        """Let the new variant behave so; the old one is sound."""
        self.answer(lambda variant, window: numbers(window, **(new if variant != "main" else {})))

    def answer(self, of: Callable[[str, TimeWindow], VariantNumbers]) -> None:
        self.metrics.numbers = of

    def plan(self, **changes: Any) -> Deployment:
        values = {"target": Stage.PRODUCTION, "reason": WHY, "actor": "ann", "now": self.now, **changes}
        version = values.pop("version", "2")
        return plan_deployment(self.model_id, version, store=self.store, audit=self.audit, bus=self.bus, **values)

    def tick(self, minutes: int = 5) -> None:
        self.run()
        self.now += timedelta(minutes=minutes)

    def run(self) -> Any:
        return advance_deployments(
            store=self.store, traffic=self.traffic, metrics=self.metrics, audit=self.audit, bus=self.bus, now=self.now
        )

    def until_ended(self, deployment: Deployment, *, ticks: int = 60) -> Deployment:
        for _ in range(ticks):
            self.tick()
            found = self.get(deployment)
            if not found.is_open:
                return found
        raise AssertionError(f"still {found.state}: {found.state_reason}")

    def until(self, deployment: Deployment, state: str, *, ticks: int = 60) -> Deployment:
        for _ in range(ticks):
            found = self.get(deployment)
            if found.state.value == state:
                return found
            self.tick()
        raise AssertionError(f"still {found.state}: {found.state_reason}")

    def get(self, deployment: Deployment) -> Deployment:
        return get_deployment(self.store, deployment.id)

    def share(self, variant: str) -> float:
        return self.traffic.endpoints["car-loan"].traffic.share(variant)

    @property
    def configuration(self) -> str:
        return self.traffic.endpoints["car-loan"].traffic.configuration

    @property
    def findings(self) -> list[Any]:
        return [finding for event in self.bus.of("FindingsChanged") for finding in event.findings]


def later(moment: datetime, **span: float) -> datetime:
    return moment + timedelta(**span)
