"""One model on moto, with a day's baseline and hourly windows, whose use `benchmarks.cost_meter` counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from benchmarks.cost_meter import Meter
from syndic.adapters.aws import EventBridgeBus, S3Archive, S3Captures
from syndic.adapters.memory import MemoryCaptures
from syndic.audit.appending.inbox import Inbox
from syndic.bias.policy.kept import set_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.discovery.discover import discover_models
from syndic.drift.models import BaselineSource
from syndic.drift.set_baseline import set_baseline
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    Cloud,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    Endpoint,
    EndpointVariant,
    TimeWindow,
    WindowLength,
    to_json,
)
from syndic.ports import Record
from syndic.registry.versions.versions import change_model
from tests.edges.world import World
from tests.vendors import recording

NOW = datetime(2026, 11, 30, 12, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILES, ROWS, COLUMNS = 60, 10_000, 60
CALLS_AT_ONCE = 16
"""As `syndic.windows.read_ahead` fetches files."""

ENDPOINT = Endpoint(
    cloud=Cloud.AWS,
    scope=f"{recording.ACCOUNT}/{recording.REGION}",
    name="shop",
    resource_id=f"arn:aws:sagemaker:{recording.REGION}:{recording.ACCOUNT}:endpoint/shop",
    status="InService",
    capture=CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER, uri=f"s3://{recording.CAPTURES}/data"),
    variants=(EndpointVariant(name="AllTraffic", model_name="shop-7", weight=1.0),),
)
SCHEMA = CaptureSchema(
    inputs=(
        *(ColumnSpec(name=f"n{number:02d}", kind=ColumnKind.NUMERIC) for number in range(48)),
        *(ColumnSpec(name=f"c{number:02d}", kind=ColumnKind.CATEGORICAL) for number in range(10)),
    ),
    outputs=(
        ColumnSpec(name="granted", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),
        ColumnSpec(name="score", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),
    ),
)


def lines(hour: datetime, seed: int, rows: int) -> list[bytes]:
    """Captured calls of one row each, as SageMaker writes them."""
    random = np.random.default_rng(seed)
    numbers, texts = random.normal(100, 20, (rows, 48)), random.integers(0, 8, (rows, 10))
    texts[:, 0] %= 2
    texts[:, 1] %= 4
    scores = random.random(rows)
    found = []
    for row in range(rows):
        given = ",".join([*(f"{x:.4f}" for x in numbers[row].tolist()), *(f"v{x}" for x in texts[row].tolist())])
        answered = f"{'yes' if scores[row] > 0.4 else 'no'},{scores[row]:.5f}"
        event = {
            "captureData": {
                "endpointInput": {
                    "observedContentType": "text/csv",
                    "mode": "INPUT",
                    "data": given,
                    "encoding": "CSV",
                },
                "endpointOutput": {
                    "observedContentType": "text/csv",
                    "mode": "OUTPUT",
                    "data": answered,
                    "encoding": "CSV",
                },
            },
            "eventMetadata": {
                "eventId": f"{hour:%Y%m%d%H}-{seed}-{row}",
                "inferenceTime": f"{hour + timedelta(seconds=row % 3600):%Y-%m-%dT%H:%M:%SZ}",
            },
            "eventVersion": "0",
        }
        found.append(json.dumps(event).encode() + b"\n")
    return found


def made(meter: Meter) -> World:
    """A model with a day's baseline, a fairness policy and hourly windows, its records and captured files on moto."""
    memory = World(captures=MemoryCaptures(lambda: NOW), moment=NOW)
    memory.source.listed.append(ENDPOINT)
    # A day before the hours that are counted, whose evidence is otherwise of the future.
    common: dict[str, Any] = {
        "store": memory.store, "audit": memory.audit, "actor": "ann", "now": NOW - timedelta(days=1),
    }  # fmt: skip
    discover_models(
        sources=memory.sources, store=memory.store, captures=MemoryCaptures(), bus=memory.bus, audit=memory.audit,
        now=NOW - timedelta(days=40),
    )  # fmt: skip
    change_model(ENDPOINT.model_id, {"capture_schema": to_json(SCHEMA), "window": WindowLength.HOUR.value}, **common)
    day = TimeWindow(
        start=NOW.replace(hour=0, minute=0) - timedelta(days=20), end=NOW.replace(hour=0, minute=0) - timedelta(days=19)
    )
    for hour in range(24):
        at = day.start + hour * HOUR
        memory.captures.capture(ENDPOINT, at, b"".join(lines(at, 1000 + hour, 420)), modified=at)
    set_baseline(
        ENDPOINT.model_id, BaselineSource(window=day), captures=memory.captures, archive=memory.archive, **common
    )  # fmt: skip
    policy = BiasPolicy(
        favourable=("yes",),
        outcomes=("prediction",),
        protected_attributes=(ProtectedAttribute(name="c00"), ProtectedAttribute(name="c01")),
    )
    set_policy(ENDPOINT.model_id, policy, **common)
    recording.prepare()
    store = recording.tables()
    for key, kept in memory.store._kept.items():
        store.put(Record(key, json.loads(kept.body), listings=kept.listings))
    archive = S3Archive(recording.client("s3"), recording.ARCHIVE)
    for title, (data, _) in memory.archive._objects.items():
        archive.put(title, data, content_type="application/octet-stream")
    world: Any = World(source=memory.source, moment=NOW)
    world.store, world.archive, world.waits = store, archive, True
    world.captures = S3Captures(recording.client("s3"), buckets=[recording.CAPTURES])
    world.bus = EventBridgeBus(recording.client("events"), recording.BUS)
    world.notifier, world.maps = None, None
    world.log_archive, world.signing_key = None, None
    assert isinstance(world.audit, Inbox)
    meter.install()
    done: World = world
    return done


def capture(meter: Meter, hour: datetime, *, seed: int, files: int = FILES, rows: int = ROWS) -> None:
    """An hour's captured files."""
    every = lines(hour, seed, rows)
    s3 = recording.client("s3")
    for number in range(files):
        name = f"data/{ENDPOINT.name}/AllTraffic/{hour:%Y/%m/%d/%H}/{number:02d}-00-000.jsonl"
        body = b"".join(every[number::files])
        etag = s3.put_object(Bucket=recording.CAPTURES, Key=name, Body=body)["ETag"]
        meter.keys.append((name, len(body), etag, hour + timedelta(minutes=number + 1)))
    meter.keys.sort()


def age(meter: Meter, days: int, *, until: datetime) -> None:
    """A file a minute for so many days before: listed, seen long ago, and never opened."""
    first = until - timedelta(days=days)
    present = {key for key, *_ in meter.keys}
    for minute in range(days * 24 * 60):
        at = first + timedelta(minutes=minute)
        name = f"data/{ENDPOINT.name}/AllTraffic/{at:%Y/%m/%d/%H}/{at:%M}-00-000.jsonl"
        if name not in present:
            meter.keys.append((name, 130_000, '"old"', at))
    meter.keys.sort()
