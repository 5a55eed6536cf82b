"""A model whose captured decisions are checked for bias, in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryCaptures, MemoryStore
from syndic.bias.policy.kept import set_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    CheckRequested,
    Cloud,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    Endpoint,
    RegisteredModel,
    WindowLength,
    to_json,
)
from syndic.ports import Record
from syndic.records import model_key
from tests.reading import check_bias

DAY = datetime(2026, 3, 2, tzinfo=UTC)
NOW = DAY + timedelta(days=30)
CAPTURE = CaptureConfig(
    enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://captures/in", labels_uri="s3://captures/truth"
)
ENDPOINT = Endpoint(
    cloud=Cloud.AWS, scope="1/eu", name="credit", resource_id="arn:credit", status="InService", capture=CAPTURE
)
SCHEMA = CaptureSchema(
    inputs=(
        ColumnSpec(name="age", kind=ColumnKind.NUMERIC),
        ColumnSpec(name="sex", kind=ColumnKind.CATEGORICAL),
        ColumnSpec(name="amount", kind=ColumnKind.NUMERIC),
    ),
    outputs=(ColumnSpec(name="decision", kind=ColumnKind.NUMERIC, role=ColumnRole.PREDICTION),),
    label=ColumnSpec(name="paid", kind=ColumnKind.NUMERIC, role=ColumnRole.LABEL),
)
POLICY = BiasPolicy(
    favourable=("1",),
    outcomes=("label", "prediction"),
    protected_attributes=(
        ProtectedAttribute(name="age", bins=(25,), reference_group=">25"),
        ProtectedAttribute(name="sex"),
    ),
)


@dataclass
class House:
    """All ports in memory, one registered model."""

    store: MemoryStore = field(default_factory=MemoryStore)
    captures: MemoryCaptures = field(default_factory=lambda: MemoryCaptures(lambda: DAY))
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    bus: MemoryBus = field(default_factory=MemoryBus)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    model: RegisteredModel = field(
        default_factory=lambda: RegisteredModel(
            id="credit",
            name="Credit",
            cloud=Cloud.AWS,
            owner="owner@example.org",
            endpoint=ENDPOINT,
            capture_schema=SCHEMA,
            window=WindowLength.DAY,
            registered_at=DAY,
        )
    )

    def __post_init__(self) -> None:
        self.store.put(Record(model_key(self.model.id), to_json(self.model)))

    def set(self, policy: BiasPolicy = POLICY) -> BiasPolicy:
        return set_policy("credit", policy, store=self.store, audit=self.audit, actor="ada", now=DAY)

    def traffic(
        self, day: datetime, *, young_rate: float = 0.4, rows: int = 400, labels: bool = True, seed: int = 1
    ) -> None:
        random = np.random.default_rng(seed)
        lines, truth = [], []
        for i in range(rows):
            age = int(random.integers(19, 60))
            decision = int(random.random() < (young_rate if age <= 25 else 0.7))
            row_id = f"{day:%d}-{i}"
            captured = {
                "endpointInput": side("INPUT", f"{age},{'mf'[i % 2]},{i}"),
                "endpointOutput": side("OUTPUT", f"{decision}"),
            }
            event = {"eventId": row_id, "inferenceTime": f"{day:%Y-%m-%d}T05:00:00Z"}
            lines.append({"captureData": captured, "eventMetadata": event, "eventVersion": "0"})
            paid = {"data": f"{int(random.random() < 0.7)}", "encoding": "CSV"}
            truth.append({"groundTruthData": paid, "eventMetadata": {"eventId": row_id}, "eventVersion": "0"})
        self.captures.capture(ENDPOINT, day + timedelta(hours=5), jsonl(lines))
        if labels:
            self.captures.label(CAPTURE, day + timedelta(days=2), jsonl(truth), name=f"labels-{day:%d}.jsonl")

    def check(self, day: datetime, *, force: bool = False, now: datetime = NOW):
        window = WindowLength.DAY.around(day)
        return check_bias(
            CheckRequested(check="bias", model_id="credit", window=window, force=force),
            store=self.store,
            captures=self.captures,
            archive=self.archive,
            bus=self.bus,
            audit=self.audit,
            now=now,
        )


def side(mode: str, data: str) -> dict[str, str]:
    return {"observedContentType": "text/csv", "mode": mode, "encoding": "CSV", "data": data}


def jsonl(lines: list[dict]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
