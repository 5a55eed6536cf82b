"""A model whose calls name customers, in memory; and a worker that takes its messages."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryCaptures, MemoryStore
from syndic.erasure.apply import planned_objects
from syndic.erasure.models import Erasure, PlannedObject
from syndic.erasure.request import Wish, ask_apply, ask_plan
from syndic.erasure.store import get_erasure
from syndic.erasure.work import go_on
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    Cloud,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    Endpoint,
    RegisteredModel,
)
from syndic.models.capture_lines import capture_line, label_line
from syndic.records import model_record

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
HOUR = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENDPOINT = Endpoint(
    cloud=Cloud.AWS, scope="123456789012/eu-central-1", name="credit", resource_id="arn:credit", status="InService",
    capture=CaptureConfig(
        enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://captures/data", labels_uri="s3://captures/labels"
    ),
)  # fmt: skip
SCHEMA = CaptureSchema(
    inputs=(
        ColumnSpec(name="customer", kind=ColumnKind.CATEGORICAL, role=ColumnRole.IGNORED),
        ColumnSpec(name="amount", kind=ColumnKind.NUMERIC),
    ),
    outputs=(ColumnSpec(name="granted", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),),
)


def call(customer: object, amount: float = 1.5, *, row_id: str = "c-1") -> bytes:
    return capture_line({"customer": customer, "amount": amount}, {"granted": "yes"}, row_id=row_id, at=HOUR)


def calls(given: str, answered: str, *, row_id: str = "c-9", encoding: str = "CSV", kind: str = "text/csv") -> bytes:
    """A call of several rows, as an endpoint captures it."""

    def side(text: str) -> dict[str, str]:
        data = base64.b64encode(text.encode()).decode() if encoding == "BASE64" else text
        return {"observedContentType": kind, "mode": "INPUT", "data": data, "encoding": encoding}

    record = {
        "captureData": {"endpointInput": side(given), "endpointOutput": side(answered)},
        "eventMetadata": {"eventId": row_id, "inferenceTime": "2026-03-02T09:00:00Z"},
        "eventVersion": "0",
    }
    return json.dumps(record).encode() + b"\n"


@dataclass
class Desk:
    """Asks for plans, lets the worker take what waits, and looks at what is left."""

    store: MemoryStore = field(default_factory=MemoryStore)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    bus: MemoryBus = field(default_factory=MemoryBus)
    captures: MemoryCaptures = field(default_factory=lambda: MemoryCaptures(lambda: NOW))
    archive: MemoryArchive = field(default_factory=lambda: MemoryArchive(lambda: NOW))
    held: set[str] = field(default_factory=set)
    steps: int = 0

    def register(self, schema: CaptureSchema | None = SCHEMA, endpoint: Endpoint | None = ENDPOINT) -> None:
        model = RegisteredModel(
            id="credit", name="credit", cloud=Cloud.AWS, registered_at=NOW, endpoint=endpoint, capture_schema=schema
        )
        self.store.put(model_record(model))

    def capture(self, *lines: bytes, name: str = "0.jsonl", hour: datetime = HOUR) -> str:
        return self.captures.capture(ENDPOINT, hour, b"".join(lines), name=name, modified=hour).uri

    def label(self, *lines: bytes) -> str:
        assert ENDPOINT.capture is not None
        return self.captures.label(ENDPOINT.capture, HOUR + timedelta(days=1), b"".join(lines)).uri

    @property
    def common(self) -> dict[str, Any]:
        return {"store": self.store, "audit": self.audit, "bus": self.bus, "now": NOW}

    def ask(self, *identifiers: str, column: str | None = "customer", days: int | None = None) -> Erasure:
        wish = Wish("credit", "asked by the person", frozenset(identifiers), column, days, "requests/r-1")
        return ask_plan(wish, held=self.held, actor="dora", **self.common)

    def work(self, *, over: Any = lambda: False) -> None:
        """Take every message that waits, those that come of it included."""
        while self.bus.published:
            event = self.bus.published.pop(0)
            if event.type == "ErasureStepRequested":
                self.steps += 1
                go_on(
                    event.erasure_id, held=self.held, captures=self.captures, eraser=lambda: self.captures,
                    archive=self.archive, over=over, **self.common,
                )  # fmt: skip

    def plan(self, *identifiers: str, **options: Any) -> Erasure:
        asked = self.ask(*identifiers, **options)
        self.work()
        return self.get(asked)

    def apply(self, erasure: Erasure, *, allowed: bool = True) -> Erasure:
        ask_apply(erasure.id, str(erasure.plan_sha256), allowed=allowed, held=self.held, actor="dora", **self.common)
        self.work()
        return self.get(erasure)

    def get(self, erasure: Erasure) -> Erasure:
        return get_erasure(self.store, erasure.id)

    def objects(self, erasure: Erasure) -> list[PlannedObject]:
        return planned_objects(erasure, self.archive)

    def content(self, uri: str) -> bytes:
        return self.captures._objects[uri][0]

    def addresses(self) -> set[str]:
        return set(self.captures._objects)

    def everything(self) -> str:
        """All that is kept outside of the customer's store, as text."""
        records = [
            json.dumps(one.body) if isinstance(one.body, dict) else str(one.body) for one in self.store._kept.values()
        ]
        return " ".join([*records, str(self.audit.entries), str(self.archive._objects)])


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.register()
    return made


__all__ = ["call", "calls", "label_line"]
