"""The demonstration models in memory: captured traffic, baselines, checks, alerts and compliance by the real use cases."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndic.adapters.memory import MemoryArchive, MemoryBus, MemoryCaptures, MemorySource, MemoryStore
from syndic.alerting.use_cases import receive_findings
from syndic.audit.log import AuditLog
from syndic.compliance.use_cases import evaluate_model
from syndic.drift.use_cases import UploadedRows, check_drift, set_baseline
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

DATA = Path(__file__).parents[3] / "demo" / "data"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER = "model.risk@bank.example"

NUMBER, CATEGORY = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
CAR_LOAN = CaptureSchema(
    inputs=(
        ColumnSpec(name="car_value", kind=NUMBER),
        ColumnSpec(name="salary_range", kind=CATEGORY),
        ColumnSpec(name="debt_to_income_ratio", kind=NUMBER),
        ColumnSpec(name="loan_length", kind=NUMBER),
        ColumnSpec(name="repaid_loan_on_prev_car", kind=CATEGORY),
        ColumnSpec(name="size_of_downpayment", kind=CATEGORY),
        ColumnSpec(name="driver_tenure", kind=NUMBER),
    ),
    outputs=(
        ColumnSpec(name="y_pred", kind=CATEGORY, role=ColumnRole.PREDICTION),
        ColumnSpec(name="y_pred_proba", kind=NUMBER, role=ColumnRole.SCORE),
    ),
    label=ColumnSpec(name="repaid", kind=CATEGORY, role=ColumnRole.LABEL),
)


class World:
    """A deployment in memory. `now` is its clock; events are delivered as they are on the bus."""

    def __init__(self) -> None:
        self.now = NOW
        self.store = MemoryStore()
        self.archive = MemoryArchive(lambda: self.now)
        self.captures = MemoryCaptures(lambda: self.now)
        self.bus = MemoryBus()
        self.audit = AuditLog(self.store)
        self.source = MemorySource("sagemaker 000000000000/eu-central-1")
        self.bus.subscribe("FindingsChanged", self._findings)
        self.bus.subscribe("EvidenceChanged", self._evidence)

    def _findings(self, event: object) -> None:
        receive_findings(event, store=self.store, audit=self.audit, now=self.now)

    def _evidence(self, event: object) -> None:
        evaluate_model(event.model_id, store=self.store, audit=self.audit, bus=self.bus, now=self.now)

    def register(self, name: str, schema: CaptureSchema) -> RegisteredModel:
        """Put a model in the registry as discovery and its owner would."""
        resource = f"arn:aws:sagemaker:eu-central-1:000000000000:endpoint/{name}"
        capture = CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER, uri=f"s3://captures/{name}")
        endpoint = Endpoint(
            cloud=Cloud.AWS,
            scope="000000000000/eu-central-1",
            name=name,
            resource_id=resource,
            status="InService",
            capture=capture,
        )
        model = RegisteredModel(
            id=endpoint.model_id,
            name=name,
            cloud=Cloud.AWS,
            owner=OWNER,
            endpoint=endpoint,
            capture_schema=schema,
            window=WindowLength.MONTH,
            registered_at=NOW,
            last_seen_at=NOW,
        )
        self.source.listed.append(endpoint)
        self.store.put(Record(model_key(model.id), to_json(model)))
        return model

    def request(self, check: str, model: RegisteredModel, moment: datetime) -> CheckRequested:
        return CheckRequested(check=check, model_id=model.id, window=model.window.around(moment))


def table(name: str) -> str:
    """A demonstration table as text."""
    data = (DATA / name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode()


def captured(row_id: str, at: datetime, given: list[str], answered: list[str]) -> str:
    """One line as SageMaker Data Capture writes it."""
    side = {"observedContentType": "text/csv", "encoding": "CSV"}
    line = {
        "captureData": {
            "endpointInput": {**side, "mode": "INPUT", "data": as_csv(given)},
            "endpointOutput": {**side, "mode": "OUTPUT", "data": as_csv(answered)},
        },
        "eventMetadata": {"eventId": f"event-{row_id}", "inferenceId": row_id, "inferenceTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
        "eventVersion": "0",
    }
    return json.dumps(line)


def as_csv(values: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def hours(lines: Iterator[tuple[datetime, str]]) -> dict[datetime, bytes]:
    """Capture lines by the hour whose file holds them."""
    found: dict[datetime, list[str]] = defaultdict(list)
    for at, line in lines:
        found[at.replace(minute=0, second=0, microsecond=0)].append(line)
    return {hour: "\n".join(lines).encode() for hour, lines in found.items()}


def car_loan(world: World) -> RegisteredModel:
    """Ten months of loans, with a few broken lines in the last; from April 2019 on another kind of car is financed."""
    model = world.register("car-loan", CAR_LOAN)
    reference = table("car_loan_reference_1k_per_month.csv.gz").encode()
    use = {"store": world.store, "captures": world.captures, "archive": world.archive, "audit": world.audit}
    set_baseline(model.id, UploadedRows("car_loan_reference.csv", reference), **use, actor=OWNER, now=world.now)
    rows = list(csv.DictReader(io.StringIO(table("car_loan_analysis_1k_per_month.csv.gz"))))

    def lines() -> Iterator[tuple[datetime, str]]:
        for row in rows:
            at = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
            given = [row[column.name] for column in CAR_LOAN.inputs]
            yield at, captured(row["id"], at, given, [row[column.name] for column in CAR_LOAN.outputs])

    files = hours(lines())
    last = max(files)
    files[last] += b'\n{"captureData": {"endpointInput"\nnot a record\n'
    for hour, data in files.items():
        world.captures.capture(model.endpoint, hour, data)
    for month in sorted({(hour.year, hour.month) for hour in files}):
        world.now += timedelta(seconds=20)
        request = world.request("drift", model, datetime(*month, 1, tzinfo=UTC))
        check_drift(request, **use, bus=world.bus, now=world.now)
        world.bus.deliver()
    return model
