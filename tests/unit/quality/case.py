"""A model whose captured rows are checked for quality, in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryCaptures, MemoryStore
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
    FindingsChanged,
    RegisteredModel,
    TimeWindow,
    WindowLength,
    to_json,
)
from syndic.ports import Record
from syndic.quality.check import set_policy
from syndic.quality.keys import expectations_key
from syndic.quality.models import Metric, QualityPolicy, QualityReport
from syndic.records import model_key
from tests.reading import check_quality

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = WindowLength.DAY.around(datetime(2026, 11, 10, tzinfo=UTC))
NEXT = WindowLength.DAY.around(datetime(2026, 11, 11, tzinfo=UTC))
NUMERIC, CATEGORICAL = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
SCHEMA = CaptureSchema(
    inputs=(ColumnSpec(name="amount", kind=NUMERIC), ColumnSpec(name="purpose", kind=CATEGORICAL)),
    outputs=(
        ColumnSpec(name="risk", kind=CATEGORICAL, role=ColumnRole.PREDICTION),
        ColumnSpec(name="score", kind=NUMERIC, role=ColumnRole.SCORE),
    ),
    label=ColumnSpec(name="label", kind=CATEGORICAL, role=ColumnRole.LABEL),
)
EXPECTED = {
    "amount": {"kind": "numeric", "low": 0.0, "high": 100.0, "missing": 0.01, "rows": 1000},
    "purpose": {"kind": "categorical", "values": ["car", "house"], "rows": 1000},
    "risk": {"kind": "categorical", "role": "prediction", "values": ["0", "1"], "rows": 1000},
    "score": {"kind": "numeric", "role": "score", "low": 0.0, "high": 1.0, "rows": 1000},
}
Row = tuple[str, str, str, str]


def rows(size: int = 300, seed: int = 1) -> list[Row]:
    random = np.random.default_rng(seed)
    scores = random.random(size)
    return [
        (f"{random.uniform(0, 100):.4f}", str(random.choice(["car", "house"])), str(int(score > 0.5)), f"{score:.6f}")
        for score in scores
    ]


def lines(given: list[Row], prefix: str = "e") -> bytes:
    out = []
    for place, (amount, purpose, risk, score) in enumerate(given):
        event = {
            "captureData": {
                "endpointInput": {
                    "observedContentType": "text/csv",
                    "mode": "INPUT",
                    "data": f"{amount},{purpose}",
                    "encoding": "CSV",
                },
                "endpointOutput": {
                    "observedContentType": "text/csv",
                    "mode": "OUTPUT",
                    "data": f"{risk},{score}",
                    "encoding": "CSV",
                },
            },
            "eventMetadata": {"eventId": f"{prefix}{place}", "inferenceTime": "2026-11-10T01:00:00Z"},
            "eventVersion": "0",
        }
        out.append(json.dumps(event).encode() + b"\n")
    return b"".join(out)


def truths(given: list[Row], wrong: int, prefix: str = "e", start: int = 0) -> bytes:
    """Labels: the predicted class, but the other one for the first `wrong` rows."""
    out = []
    for place, (_, _, risk, _) in enumerate(given):
        label = ("1" if risk == "0" else "0") if place < wrong else risk
        event = {
            "groundTruthData": {"data": label, "encoding": "CSV"},
            "eventMetadata": {"eventId": f"{prefix}{place + start}"},
            "eventVersion": "0",
        }
        out.append(json.dumps(event).encode() + b"\n")
    return b"".join(out)


@dataclass
class Case:
    """A model on in-memory ports."""

    expected: bool = True

    def __post_init__(self) -> None:
        self.store, self.archive, self.captures = MemoryStore(), MemoryArchive(), MemoryCaptures(lambda: NOW)
        self.bus, self.audit = MemoryBus(), MemoryAudit()
        self.capture = CaptureConfig(
            enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://captures/live", labels_uri="s3://captures/labels"
        )
        self.endpoint = Endpoint(
            cloud=Cloud.AWS,
            scope="1/eu",
            name="credit",
            resource_id="arn:credit",
            status="InService",
            capture=self.capture,
        )
        self.model = RegisteredModel(
            id=self.endpoint.model_id,
            name="credit",
            cloud=Cloud.AWS,
            owner="owner@example.com",
            endpoint=self.endpoint,
            capture_schema=SCHEMA,
            registered_at=NOW,
        )
        self.store.put(Record(model_key(self.model.id), to_json(self.model)))
        if self.expected:
            self.store.put(Record(expectations_key(self.model.id), {"baseline_sha256": "x", "columns": EXPECTED}))

    def add(self, data: bytes, window: TimeWindow = DAY, name: str = "00.jsonl") -> None:
        self.captures.capture(self.endpoint, window.start + timedelta(hours=1), data, name=name)

    def label(self, data: bytes, days: int = 3, name: str = "labels.jsonl") -> None:
        self.captures.label(self.capture, DAY.start + timedelta(days=days), data, name=name)

    def check(self, window: TimeWindow = DAY, *, force: bool = False) -> QualityReport:
        return check_quality(
            CheckRequested(check="quality", model_id=self.model.id, window=window, force=force),
            store=self.store,
            captures=self.captures,
            archive=self.archive,
            bus=self.bus,
            audit=self.audit,
            now=NOW,
        )

    def levels(self, **levels: float) -> None:
        policy = QualityPolicy(levels={Metric(name): level for name, level in levels.items()})
        set_policy(self.model.id, policy, store=self.store, audit=self.audit, actor="ann", now=NOW)

    @property
    def findings(self) -> dict[str, tuple[str, str | None, str]]:
        return {
            finding.id: (finding.subject, finding.measure, finding.severity.value)
            for event in self.bus.published
            if isinstance(event, FindingsChanged)
            for finding in event.findings
        }


def checks(report: QualityReport) -> set[tuple[str, str | None]]:
    return {(issue.check.value, issue.column) for issue in report.issues}
