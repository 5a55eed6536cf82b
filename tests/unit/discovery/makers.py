"""A small world with one source for the tests of discovery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryCaptures, MemorySource, MemoryStore
from syndic.changes import sweep
from syndic.discovery.discover import discover_models
from syndic.discovery.keys import baseline_key, bookmark_key
from syndic.discovery.models import Bookmark, DiscoveryReport
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    Cloud,
    ColumnKind,
    ColumnSpec,
    CountRequested,
    Endpoint,
    EndpointVariant,
    RegisteredModel,
)
from syndic.policy import policy_key
from syndic.ports import Record
from syndic.records import get_model, model_record

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ARN = "arn:aws:sagemaker:eu-central-1:000000000000:endpoint/"


def endpoint(name: str = "car-loan", *, capture: bool = True, enabled: bool = True, **changes: object) -> Endpoint:
    values = {
        "cloud": Cloud.AWS,
        "scope": "000000000000/eu-central-1",
        "name": name,
        "resource_id": f"{ARN}{name}",
        "status": "InService",
        "variants": (EndpointVariant(name="AllTraffic", model_name=f"{name}-model"),),
        "capture": CaptureConfig(enabled=enabled, format=CaptureFormat.SAGEMAKER, uri="s3://captured/in")
        if capture
        else None,
        "tags": {"syndic:owner": "owner@example.org", "syndic:window": "day"},
        **changes,
    }
    return Endpoint.model_validate(values)


class World:
    """Discovery with everything around it. `run` runs it at `self.now`."""

    def __init__(self, *endpoints: Endpoint) -> None:
        self.now = NOW
        self.store = MemoryStore()
        self.captures = MemoryCaptures(clock=lambda: self.now)
        self.bus = MemoryBus()
        self.audit = MemoryAudit()
        self.source = MemorySource("sagemaker test", endpoints)

    def run(self, *sources: MemorySource) -> DiscoveryReport:
        self.bus.published.clear()
        sweep(store=self.store, audit=self.audit, bus=self.bus, now=self.now + timedelta(minutes=2))
        return discover_models(
            sources=sources or [self.source],
            store=self.store,
            captures=self.captures,
            bus=self.bus,
            audit=self.audit,
            now=self.now,
        )

    @property
    def endpoint(self) -> Endpoint:
        return self.source.listed[0]

    @property
    def model(self) -> RegisteredModel:
        return get_model(self.store, self.endpoint.model_id)

    def edit(self, **changes: object) -> None:
        """Change the model as a person would."""
        self.store.put(model_record(self.model.model_copy(update=changes)))

    def make_ready(self, *, baseline: bool = True, bias: bool = True) -> None:
        if self.store.get(model_record_key(self.endpoint)) is None:
            self.run()
        columns = (ColumnSpec(name="car_value", kind=ColumnKind.NUMERIC),)
        self.edit(capture_schema=CaptureSchema(inputs=columns))
        if baseline:
            self.store.put(Record(baseline_key(self.endpoint.model_id), {}))
        if bias:
            self.store.put(Record(policy_key("bias", self.endpoint.model_id), {}))

    def capture(self, hour: datetime, name: str = "0.jsonl", data: bytes = b"{}\n") -> None:
        self.captures.capture(self.endpoint, hour, data, name=name)

    def label(self, hour: datetime, name: str = "l.jsonl") -> None:
        capture = self.model.endpoint.capture if self.model.endpoint else None
        assert capture is not None
        self.captures.label(capture, hour, b"{}\n", name=name)

    @property
    def requests(self) -> list[tuple[str, str]]:
        """The checks asked for in the last run: (check, first day)."""
        asked: list[CountRequested] = self.bus.of("CountRequested")
        every = [(check, f"{one.window.start:%m-%d}") for one in asked for check in one.checks]
        return sorted(every, key=lambda one: ("drift", "quality", "bias").index(one[0]))

    @property
    def bookmark(self) -> Bookmark:
        record = self.store.get(bookmark_key(self.endpoint.model_id))
        assert record is not None
        return Bookmark.model_validate(record.body)

    def notes(self, report: DiscoveryReport) -> str:
        return "; ".join(note.note for note in report.notes)


def model_record_key(one: Endpoint):
    from syndic.records import model_key

    return model_key(one.model_id)
