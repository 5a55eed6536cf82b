"""Ten thousand models in memory, behind ports that add to a clock what the cloud would take."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.slow_ports import GET, Clock, SlowArchive, SlowBus, SlowStore
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
from syndic.models.capture_paths import hour_path
from syndic.ports import Key, ListedEndpoint, ListedPart, Listing, ObjectInfo, Record
from syndic.registry.versions.versions import change_model
from tests.edges.world import World

SAGEMAKER, LIST = 0.060, 0.060
"""Seconds of a call, as the audit of the deployment assumed them."""

FILES_AT_ONCE = 16  # as `syndic.windows.read_ahead` fetches them
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = "model-00000"
ROWS = 4
"""Rows of a file of a minute. What 10,000 rows of 60 columns take beyond these is added by the benchmark."""

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Account:
    """A SageMaker account: so many endpoints."""

    name = "sagemaker 123456789012/eu-central-1"

    def __init__(self, clock: Clock, models: int) -> None:
        self.clock = clock
        self.all = {f"model-{number:05d}": endpoint(number) for number in range(models)}

    def listing(self) -> Iterator[ListedEndpoint]:
        self.clock.wait("sagemaker", SAGEMAKER, -(-len(self.all) // 100))
        return (ListedEndpoint(one.name, one.resource_id) for one in self.all.values())

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        for name in self.all if names is None else names:
            self.clock.wait("sagemaker", SAGEMAKER, 4)
            yield self.all[name]


class MinuteFiles(MemoryCaptures):
    """A file a minute since long, never written down: a listing is computed, and what is read is the same each day."""

    def __init__(self, clock: Clock, hours: int) -> None:
        super().__init__(clock.now)
        self.clock, self.first = clock, BEGAN - hours * HOUR
        self._bodies: dict[int, bytes] = {}

    def objects(
        self, endpoint: Endpoint, capture: CaptureConfig, window: TimeWindow, *, variants: Collection[str] | None = None
    ) -> Iterator[ObjectInfo]:
        first = int((window.start - self.first) / MINUTE)
        self.clock.wait("list", LIST, 2 if variants is None else len(variants))
        last = min(int((window.end - self.first) / MINUTE), int((self.clock.began - self.first) / MINUTE))
        return (self._file(endpoint, capture, at) for at in range(max(0, first), last))

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:  # noqa: ARG002
        return iter(())

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        start = int(after or 0)
        everything = int((self.clock.began - self.first) / MINUTE)
        end = min(everything, start + 1000 * calls)
        self.clock.wait("list", LIST, max(1, -(-(end - start) // 1000)))
        files = tuple(self._file(endpoint, capture, at) for at in range(start, end))
        return ListedPart(files, str(end) if end < everything else None)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str,  # noqa: ARG002
    ) -> Iterator[ObjectInfo]:  # fmt: skip
        start = max(0, int((hour.replace(minute=0) - self.first) / MINUTE))
        everything = int((self.clock.began - self.first) / MINUTE)
        self.clock.wait("list", LIST, len(variants) - 1 + max(1, -(-(everything - start) // 1000)))
        return (self._file(endpoint, capture, at) for at in range(start, everything))

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        self.clock.wait("get file", GET, at_once=FILES_AT_ONCE)
        minute = int(item.etag, 16)
        if minute not in self._bodies:
            self._bodies[minute] = b"".join(lines(self.first + minute * MINUTE))
        yield self._bodies[minute][offset:]

    def _file(self, endpoint: Endpoint, capture: CaptureConfig, number: int) -> ObjectInfo:
        moment = self.first + number * MINUTE
        uri = f"{capture.uri}/{endpoint.name}/AllTraffic/{hour_path(moment)}/{moment:%M}.jsonl"
        return ObjectInfo(uri, 20_000, f"{number:x}", moment + MINUTE)


class Platform(World):
    """The world in which every task finds its ports. Its time is that of the call that is being made."""

    def __init__(self, clock: Clock, models: int, hours: int) -> None:
        super().__init__(
            store=SlowStore(clock), archive=SlowArchive(clock), captures=MinuteFiles(clock, hours), bus=SlowBus(clock),
            notifier=None, maps=None, log_archive=None, signing_key=None,
        )  # fmt: skip
        self.clock, self.account = clock, Account(clock, models)

    @property
    def audit(self) -> Inbox:
        return Inbox(self.store, clock=self.now)

    @property
    def sources(self) -> Any:
        return (self.account,)

    def now(self) -> datetime:
        return self.clock.now()

    def taken_up(self) -> list[Any]:
        """What was published since the last time."""
        events, self.bus.published = self.bus.published, []
        self.bus._waiting.clear()
        return events


def endpoint(number: int) -> Endpoint:
    """One of the account's endpoints."""
    name = f"model-{number:05d}"
    return Endpoint(
        cloud=Cloud.AWS, scope="123456789012/eu-central-1", name=name, status="InService",
        resource_id=f"arn:aws:sagemaker:eu-central-1:123456789012:endpoint/{name}",
        variants=(EndpointVariant(name="AllTraffic"),),
        capture=CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://sagemaker-captures/data"),
        tags={"syndic:window": "hour"},
    )  # fmt: skip


def lines(moment: datetime) -> Iterator[bytes]:
    """The rows of a minute. The same numbers in each, so that nothing drifts and nobody is told."""
    for row in range(ROWS):
        female = (row + moment.minute) % 2
        given = f"{1000 + 37 * ((row * 7 + moment.minute) % 30)},{'female' if female else 'male'}"
        granted = "yes" if (row // 2 + moment.minute) % 3 else "no"
        side = {"observedContentType": "text/csv", "encoding": "CSV"}
        yield json.dumps({
            "captureData": {
                "endpointInput": {**side, "mode": "INPUT", "data": given},
                "endpointOutput": {**side, "mode": "OUTPUT", "data": granted},
            },
            "eventMetadata": {
                "eventId": f"{moment:%Y%m%d%H%M}-{row}",
                "inferenceTime": f"{moment + row * timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}",
            },
            "eventVersion": "0",
        }).encode() + b"\n"  # fmt: skip


def ready(clock: Clock, models: int, hours: int) -> Platform:
    """Every model is registered, with a baseline of a day and a fairness policy: one is made, the others are copies."""
    world = Platform(clock, models, hours)
    made = MinuteFiles(Clock(BEGAN), 24)
    made.clock.start(BEGAN, 1.0)
    one = endpoint(0)
    before = BEGAN - HOUR
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "ann", "now": before}
    first = Account(Clock(BEGAN), 1)
    discover_models(
        sources=[first], store=world.store, captures=MemoryCaptures(), bus=world.bus, audit=world.audit, now=before
    )
    schema = CaptureSchema(
        inputs=(
            ColumnSpec(name="amount", kind=ColumnKind.NUMERIC),
            ColumnSpec(name="sex", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PROTECTED),
        ),
        outputs=(ColumnSpec(name="granted", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),),
    )
    change_model(one.model_id, {"capture_schema": to_json(schema), "window": WindowLength.HOUR.value}, **common)
    window = TimeWindow(start=BEGAN - timedelta(days=1), end=BEGAN)
    set_baseline(one.model_id, BaselineSource(window=window), captures=made, archive=world.archive, **common)
    attribute = ProtectedAttribute(name="sex", reference_group="male")
    policy = BiasPolicy(favourable=("yes",), outcomes=("prediction",), protected_attributes=(attribute,))
    set_policy(one.model_id, policy, **common)
    _copy(world, one.model_id, models)
    world.taken_up()
    return world


def _copy(world: Platform, model_id: str, models: int) -> None:
    kept = [(key, held) for key, held in world.store._kept.items() if model_id in f"{key} {held.body!r}"]
    objects = [(name, data) for name, (data, _) in world.archive._objects.items() if model_id in name]
    for number in range(1, models):
        other = endpoint(number)

        def renamed(text: str, other: Endpoint = other) -> str:
            return text.replace(model_id, other.model_id).replace(FIRST, other.name)

        for key, held in kept:
            world.store.put(
                Record(
                    Key(renamed(key.partition), renamed(key.sort)), json.loads(renamed(held.body.decode())),
                    listings=tuple(Listing(renamed(one.partition), renamed(one.sort)) for one in held.listings),
                )
            )  # fmt: skip
        for name, data in objects:
            world.archive.put(renamed(name), data, content_type="application/octet-stream")
