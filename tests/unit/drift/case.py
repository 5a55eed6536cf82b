"""A model whose traffic is captured, on in-memory ports, and the car-loan data by month."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryCaptures, MemoryStore
from syndic.drift.models import BaselineInfo, BaselineSource, DriftPolicy, DriftReport
from syndic.drift.policy.kept import set_policy
from syndic.drift.set_baseline import set_baseline
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
from syndic.ports import ObjectInfo, Record
from syndic.records import model_key
from tests.reading import check_drift

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[3] / "demo" / "data"
NUMERIC, CATEGORICAL = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
CAR_LOAN = CaptureSchema(
    inputs=(
        ColumnSpec(name="id", kind=CATEGORICAL, role=ColumnRole.ROW_ID),
        ColumnSpec(name="car_value", kind=NUMERIC),
        ColumnSpec(name="salary_range", kind=CATEGORICAL),
        ColumnSpec(name="debt_to_income_ratio", kind=NUMERIC),
        ColumnSpec(name="loan_length", kind=NUMERIC),
        ColumnSpec(name="repaid_loan_on_prev_car", kind=CATEGORICAL),
        ColumnSpec(name="size_of_downpayment", kind=CATEGORICAL),
        ColumnSpec(name="driver_tenure", kind=NUMERIC),
    ),
    outputs=(
        ColumnSpec(name="y_pred", kind=CATEGORICAL, role=ColumnRole.PREDICTION),
        ColumnSpec(name="y_pred_proba", kind=NUMERIC, role=ColumnRole.SCORE),
    ),
    label=ColumnSpec(name="repaid", kind=CATEGORICAL, role=ColumnRole.LABEL),
)
MONTHS = tuple(
    WindowLength.MONTH.around(datetime(year, month, 15, tzinfo=UTC))
    for year, month in [(2018, 11), (2018, 12), *((2019, m) for m in range(1, 9))]
)
REFERENCE = TimeWindow(start=datetime(2018, 1, 1, tzinfo=UTC), end=datetime(2018, 11, 1, tzinfo=UTC))


def capture_line(row_id: str, when: datetime, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    """A line of SageMaker Data Capture."""
    event = {
        "captureData": {
            "endpointInput": {
                "observedContentType": "text/csv",
                "mode": "INPUT",
                "data": ",".join(inputs),
                "encoding": "CSV",
            },
            "endpointOutput": {
                "observedContentType": "text/csv",
                "mode": "OUTPUT",
                "data": ",".join(outputs),
                "encoding": "CSV",
            },
        },
        "eventMetadata": {"eventId": f"event-{row_id}", "inferenceTime": f"{when:%Y-%m-%dT%H:%M:%SZ}"},
        "eventVersion": "0",
    }
    return json.dumps(event).encode() + b"\n"


@cache
def car_loan_hours() -> dict[datetime, bytes]:
    """Capture files of both car-loan samples, one for each day."""
    files: defaultdict[datetime, list[bytes]] = defaultdict(list)
    for name in ("reference", "analysis"):
        text = gzip.decompress((DATA / f"car_loan_{name}_1k_per_month.csv.gz").read_bytes()).decode()
        for row in csv.DictReader(io.StringIO(text)):
            when = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
            day = when.replace(hour=0, minute=0, second=0, microsecond=0)
            inputs = [row[spec.name] for spec in CAR_LOAN.inputs]
            outputs = [row[spec.name] for spec in CAR_LOAN.outputs]
            files[day].append(capture_line(row["id"], when, inputs, outputs))
    return {day: b"".join(lines) for day, lines in files.items()}


@dataclass
class Case:
    """A registered model and its ports."""

    schema: CaptureSchema = CAR_LOAN
    length: WindowLength = WindowLength.MONTH
    capture: bool = True
    store: MemoryStore = field(default_factory=MemoryStore)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    captures: MemoryCaptures = field(default_factory=lambda: MemoryCaptures(lambda: NOW))
    bus: MemoryBus = field(default_factory=MemoryBus)
    audit: MemoryAudit = field(default_factory=MemoryAudit)

    def __post_init__(self) -> None:
        config = CaptureConfig(
            enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://captures/live", labels_uri="s3://captures/labels"
        )
        self.endpoint = Endpoint(
            cloud=Cloud.AWS,
            scope="123456789012/eu-central-1",
            name="car-loan",
            resource_id="arn:aws:sagemaker:eu-central-1:123456789012:endpoint/car-loan",
            status="InService",
            capture=config if self.capture else None,
        )
        self.model = RegisteredModel(
            id=self.endpoint.model_id,
            name="car-loan",
            cloud=Cloud.AWS,
            owner="owner@example.com",
            endpoint=self.endpoint,
            capture_schema=self.schema,
            window=self.length,
            registered_at=NOW,
        )
        self.store.put(Record(model_key(self.model.id), to_json(self.model)))

    def add(self, hour: datetime, data: bytes, name: str = "00.jsonl") -> ObjectInfo:
        """Keep a capture file."""
        return self.captures.capture(self.endpoint, hour, data, name=name)

    def baseline(self, source: BaselineSource) -> BaselineInfo:
        """Set the baseline."""
        return set_baseline(
            self.model.id,
            source,
            store=self.store,
            captures=self.captures,
            archive=self.archive,
            audit=self.audit,
            actor="ann",
            now=NOW,
        )

    def policy(self, policy: DriftPolicy) -> DriftPolicy:
        """Set the policy."""
        return set_policy(self.model.id, policy, store=self.store, audit=self.audit, actor="ann", now=NOW)

    def request(self, window: TimeWindow, *, force: bool = False) -> CheckRequested:
        """A request for a check."""
        return CheckRequested(check="drift", model_id=self.model.id, window=window, force=force)

    def check(self, window: TimeWindow, *, force: bool = False, now: datetime = NOW) -> DriftReport:
        """Check a window."""
        return check_drift(
            self.request(window, force=force),
            store=self.store,
            captures=self.captures,
            archive=self.archive,
            bus=self.bus,
            audit=self.audit,
            now=now,
        )

    @property
    def findings(self) -> dict[str, tuple[str, str]]:
        """The last finding of each id: subject and severity. What alerting ends with."""
        found = {}
        for event in self.bus.published:
            if isinstance(event, FindingsChanged):
                for finding in event.findings:
                    found[finding.id] = (finding.subject, finding.severity.value)
        return found


def car_loan() -> Case:
    """The car-loan model with all its traffic captured and its baseline set."""
    case = Case()
    for day, data in car_loan_hours().items():
        case.add(day, data)
    case.baseline(BaselineSource(window=REFERENCE))
    return case
