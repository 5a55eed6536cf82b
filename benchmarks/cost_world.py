"""One model on moto whose calls, units and CPU seconds are counted by the function that was at work."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from botocore.client import BaseClient

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


@dataclass
class Used:
    """What one function used."""

    invocations: int = 0
    cpu: float = 0.0  # seconds of the product's own code, without what stands for the cloud
    calls: Counter[str] = field(default_factory=Counter)
    write_units: int = 0
    read_units: float = 0.0


class Meter:
    """Counts calls and units of every client, by the function that is at work."""

    def __init__(self) -> None:
        self.used: dict[str, Used] = defaultdict(Used)
        self.at_work: str | None = None
        self.events: list[Any] = []
        self.keys: list[tuple[str, int, str, datetime]] = []  # captured files, by name
        self._inside = 0.0
        self._send = BaseClient._make_api_call

    def install(self) -> None:
        """See every call from now on."""
        meter = self

        def seen(client: BaseClient, operation: str, given: dict[str, Any]) -> Any:
            begun = time.thread_time()
            gone = meter._sizes_of_deleted(client, operation, given) if meter.at_work is not None else 0
            answer = meter._answer(client, operation, given)
            meter._inside += time.thread_time() - begun
            if meter.at_work is not None:
                meter._count(client.meta.service_model.service_name, operation, given, answer)
                meter.used[meter.at_work].write_units += gone
            return answer

        BaseClient._make_api_call = seen  # type: ignore[method-assign]

    @contextmanager
    def working(self, function: str) -> Iterator[None]:
        """What is called meanwhile is an invocation of this function."""
        self.at_work, self._inside = function, 0.0
        begun = time.process_time()
        try:
            yield
        finally:
            self.used[function].cpu += time.process_time() - begun - self._inside
            self.used[function].invocations += 1
            self.at_work = None

    def _answer(self, client: BaseClient, operation: str, given: dict[str, Any]) -> Any:
        if operation == "ListObjectsV2" and given["Bucket"] == recording.CAPTURES:
            return self._listed(given)
        if client.meta.service_model.service_name == "kms":
            return recording.signed(operation, given)
        if operation == "PutEvents":
            self.events += [json.loads(entry["Detail"]) for entry in given["Entries"]]
        return self._send(client, operation, given)

    def _count(self, service: str, operation: str, given: dict[str, Any], answer: Any) -> None:
        used = self.used[self.at_work or ""]
        captured = service == "s3" and operation == "GetObject" and given["Bucket"] == recording.CAPTURES
        used.calls["s3.GetCaptured" if captured else f"{service}.{operation}"] += 1
        if operation == "PutEvents":
            used.calls["events"] += len(given["Entries"])
        if service == "dynamodb":
            used.write_units += _writes(operation, given)
            used.read_units += _reads(operation, given, answer)

    def _sizes_of_deleted(self, client: BaseClient, operation: str, given: dict[str, Any]) -> int:
        """Units of deletes: the vendor takes the size of what is deleted, which is looked up here."""
        found = 0
        for share, table, key in _deletes(operation, given):
            item = self._send(client, "GetItem", {"TableName": table, "Key": key}).get("Item", {})
            found += share * _units(size_of(item), 1024)
        return found

    def _listed(self, given: dict[str, Any]) -> dict[str, Any]:
        """A page of a listing of any length, which nobody has to write first."""
        prefix, after = given.get("Prefix", ""), given.get("ContinuationToken") or given.get("StartAfter", "")
        delimiter, most = given.get("Delimiter"), given.get("MaxKeys", 1000)
        contents: list[dict[str, Any]] = []
        folders: dict[str, None] = {}
        place = _first(self.keys, max(prefix, after))
        while place < len(self.keys) and len(contents) + len(folders) < most:
            key, size, etag, modified = self.keys[place]
            if not key.startswith(prefix):
                break
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                folder = prefix + rest.partition(delimiter)[0] + delimiter
                place = _first(self.keys, folder + "\U0010ffff")
                if folder > after:
                    folders[folder] = None
                continue
            place += 1
            if key > after:
                contents.append({"Key": key, "Size": size, "ETag": etag, "LastModified": modified})
        more = place < len(self.keys) and self.keys[place][0].startswith(prefix)
        page: dict[str, Any] = {"Contents": contents, "IsTruncated": more}
        if folders:
            page["CommonPrefixes"] = [{"Prefix": folder} for folder in folders]
        if more:
            page["NextContinuationToken"] = contents[-1]["Key"] if contents else next(reversed(folders)) + "\U0010ffff"
        return page


def _first(keys: list[tuple[str, int, str, datetime]], name: str) -> int:
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle][0] < name:
            low = middle + 1
        else:
            high = middle
    return low


def size_of(value: Any) -> int:
    """Bytes of a DynamoDB value or item, as the vendor counts them: names and contents."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in {"S", "B", "N", "M", "L", "BOOL", "NULL", "SS"}:
            (kind, held), *_ = value.items()
            if kind in {"S", "B"}:
                return len(held.encode() if isinstance(held, str) else held)
            if kind == "N":
                return (len(held) + 1) // 2 + 1
            return 3 + size_of(held) if kind in {"M", "L", "SS"} else 1
        return sum(len(name) + size_of(one) for name, one in value.items())
    if isinstance(value, list):
        return sum(1 + size_of(one) for one in value)
    return len(str(value).encode())


def _units(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def _writes(operation: str, given: dict[str, Any]) -> int:
    """Units of puts. None here overwrites a larger item, whose size would count."""
    if operation == "PutItem":
        return _units(size_of(given["Item"]), 1024)
    if operation == "TransactWriteItems":
        return sum(2 * _units(size_of(one["Put"]["Item"]), 1024) for one in given["TransactItems"] if "Put" in one)
    if operation == "BatchWriteItem":
        asked = [one for some in given["RequestItems"].values() for one in some if "PutRequest" in one]
        return sum(_units(size_of(one["PutRequest"]["Item"]), 1024) for one in asked)
    return 0


def _deletes(operation: str, given: dict[str, Any]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """What a call deletes: the price of a unit, in units; the table; the key."""
    if operation == "DeleteItem":
        yield 1, given["TableName"], given["Key"]
    elif operation == "TransactWriteItems":
        for one in given["TransactItems"]:
            if "Delete" in one:
                yield 2, one["Delete"]["TableName"], one["Delete"]["Key"]
    elif operation == "BatchWriteItem":
        for table, some in given["RequestItems"].items():
            for one in some:
                if "DeleteRequest" in one:
                    yield 1, table, one["DeleteRequest"]["Key"]


def _reads(operation: str, given: dict[str, Any], answer: dict[str, Any]) -> float:
    if operation == "GetItem":
        return _units(size_of(answer.get("Item", {})), 4096) * (1.0 if given.get("ConsistentRead") else 0.5)
    if operation == "Query":
        size = sum(size_of(item) for item in answer["Items"])
        return _units(size, 4096) * (1.0 if given.get("ConsistentRead") else 0.5)
    if operation == "BatchGetItem":
        total = 0.0
        for name, asked in given["RequestItems"].items():
            share = 1.0 if asked.get("ConsistentRead") else 0.5
            found = answer.get("Responses", {}).get(name, [])
            total += share * (sum(_units(size_of(one), 4096) for one in found) + len(asked["Keys"]) - len(found))
        return total
    return 0.0


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
