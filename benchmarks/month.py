"""10,000 models, hourly: the real discovery at a cloud's latencies, then the queues of a month. Time is only counted.

    .venv/bin/python benchmarks/month.py [MODELS] [HOURS] [DAYS OF FILES KEPT]

Discovery's own code runs on stores in memory, behind ports that add to a clock what the cloud would take (SageMaker and
S3 listing 60 ms a call, DynamoDB 6 ms and 15 ms for a transaction, EventBridge 25 ms; assumed), and six times its own
processor time: a function of 512 MB has 0.29 of a processor, of which one here is two. Each endpoint captures a file a
minute. Messages are taken by ten functions, each at the moment one is free. What a check takes is counted elsewhere
(2.9, 2.6 and 2.7 s for drift, quality and bias of 10,000 rows in 60 files); so the month's queue model takes it.
"""

from __future__ import annotations

import heapq
import random
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from syndic.adapters.memory import MemoryAudit, MemoryStore  # noqa: E402
from syndic.discovery.discover import discover_models, look_at  # noqa: E402
from syndic.discovery.follow_listing import seen  # noqa: E402
from syndic.discovery.keys import baseline_key  # noqa: E402
from syndic.models import (  # noqa: E402
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    Cloud,
    ColumnKind,
    ColumnSpec,
    Endpoint,
    EndpointVariant,
    WindowLength,
)
from syndic.models.capture_paths import hour_path  # noqa: E402
from syndic.policy import policy_key  # noqa: E402
from syndic.ports import ListedEndpoint, ListedPart, ObjectInfo, Record  # noqa: E402
from syndic.records import model_record  # noqa: E402

SLOW_CPU = 6
SAGEMAKER, LIST, ITEM, TRANSACTION, EVENTS = 0.060, 0.060, 0.006, 0.015, 0.025
WORKERS = 10
BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
CHECKS = {"drift": 2.9, "quality": 2.6, "bias": 2.7}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Clock:
    """The time of the call that is being made: where it began, what its calls took, and its processor time."""

    def __init__(self) -> None:
        self.start(BEGAN)
        self.calls: Counter[str] = Counter()

    def start(self, moment: datetime) -> None:
        self.began, self._waited, self._cpu = moment, 0.0, time.process_time()

    def wait(self, what: str, seconds: float, times: int = 1) -> None:
        self.calls[what] += times
        self._waited += seconds * times

    @property
    def taken(self) -> float:
        return self._waited + SLOW_CPU * (time.process_time() - self._cpu)

    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.taken)


class SlowStore(MemoryStore):
    """DynamoDB's latencies."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def get(self, key: Any) -> Any:
        self.clock.wait("get", ITEM)
        return super().get(key)

    def put(self, record: Any, **options: Any) -> Any:
        self.clock.wait("write", TRANSACTION)
        return super().put(record, **options)

    def put_together(self, writes: Any) -> Any:
        self.clock.wait("write", TRANSACTION)
        return super().put_together(writes)

    def query(self, *args: Any, **options: Any) -> Any:
        self.clock.wait("query", ITEM)
        return super().query(*args, **options)


class SlowAudit(MemoryAudit):
    def append(self, *entries: Any) -> None:
        CLOCK.wait("write", ITEM, len(entries))


class SlowBus:
    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def publish(self, events: Any) -> None:
        CLOCK.wait("events", EVENTS, -(-len(events) // 10))
        self.waiting += events


class Account:
    """A SageMaker account: so many endpoints."""

    name = "sagemaker 123456789012/eu-central-1"

    def __init__(self, models: int) -> None:
        self.all = {f"model-{number:05d}": endpoint(number) for number in range(models)}

    def listing(self) -> Iterator[ListedEndpoint]:
        CLOCK.wait("sagemaker", SAGEMAKER, -(-len(self.all) // 100))
        return (ListedEndpoint(one.name, one.resource_id) for one in self.all.values())

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        for name in self.all if names is None else names:
            CLOCK.wait("sagemaker", SAGEMAKER, 4)
            yield self.all[name]


class MinuteFiles:
    """A file a minute since long, never written down: a listing is computed."""

    def __init__(self, days: int) -> None:
        self.first = BEGAN - timedelta(days=days)

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        start = int(after or 0)
        everything = int((CLOCK.began - self.first) / MINUTE)
        end = min(everything, start + 1000 * calls)
        CLOCK.wait("list", LIST, max(1, -(-(end - start) // 1000)))
        files = tuple(self._file(endpoint, capture, at) for at in range(start, end))
        return ListedPart(files, str(end) if end < everything else None)

    def recent(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        *,
        hour: datetime,
        variants: Collection[str],
        span: str,  # noqa: ARG002
    ) -> Iterator[ObjectInfo]:
        start = max(0, int((hour.replace(minute=0) - self.first) / MINUTE))
        everything = int((CLOCK.began - self.first) / MINUTE)
        CLOCK.wait("list", LIST, len(variants) - 1 + max(1, -(-(everything - start) // 1000)))
        return (self._file(endpoint, capture, at) for at in range(start, everything))

    def objects(self, endpoint: Endpoint, capture: CaptureConfig, window: Any) -> Iterator[ObjectInfo]:
        CLOCK.wait("list", LIST, 2)
        return iter([self._file(endpoint, capture, int((window.start - self.first) / MINUTE))])

    def _file(self, endpoint: Endpoint, capture: CaptureConfig, number: int) -> ObjectInfo:
        moment = self.first + number * MINUTE
        uri = f"{capture.uri}/{endpoint.name}/AllTraffic/{hour_path(moment)}/{moment:%M}.jsonl"
        return ObjectInfo(uri, 20_000, f"{number:x}", moment + MINUTE)


def endpoint(number: int) -> Endpoint:
    name = f"model-{number:05d}"
    return Endpoint(
        cloud=Cloud.AWS, scope="123456789012/eu-central-1", name=name, status="InService",
        resource_id=f"arn:aws:sagemaker:eu-central-1:123456789012:endpoint/{name}",
        variants=(EndpointVariant(name="AllTraffic"),),
        capture=CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://sagemaker-captures/data"),
        tags={"syndic:window": "hour"},
    )  # fmt: skip


CLOCK = Clock()


def known(store: MemoryStore, account: Account) -> None:
    """Every model is registered and ready for three checks."""
    schema = CaptureSchema(inputs=(ColumnSpec(name="x", kind=ColumnKind.NUMERIC),))
    for one in account.all.values():
        model = seen(one, None, now=BEGAN).model_copy(update={"capture_schema": schema, "window": WindowLength.HOUR})
        store.put(model_record(model))
        store.put(Record(baseline_key(model.id), {}))
        store.put(Record(policy_key("bias", model.id), {}))


def hour_of(moment: datetime, account: Account, world: dict[str, Any]) -> tuple[list[float], float, Counter[str]]:
    """One hour: how long each call took, when the last page was done (seconds), and the checks asked for."""
    bus = world["bus"]
    CLOCK.start(moment)
    discover_models(sources=[account], now=moment, clock=CLOCK.now, **world)
    taken = [CLOCK.taken]
    asked: Counter[str] = Counter()
    free = [moment + timedelta(seconds=taken[0])] * WORKERS
    pages = []
    while True:
        for event in bus.waiting:
            if event.type == "LookRequested":
                pages.append(event)
            elif event.type == "CheckRequested":
                asked[event.model_id] += 1
        bus.waiting = []
        if not pages:
            return taken, (max(free) - moment).total_seconds(), asked
        began = heapq.heappop(free)
        CLOCK.start(began)
        look_at(pages.pop(0), sources=[account], now=began, clock=CLOCK.now, **world)
        taken.append(CLOCK.taken)
        heapq.heappush(free, began + timedelta(seconds=CLOCK.taken))


def month(models: int, discovery: float, *, seed: int = 7) -> tuple[float, float]:
    """720 hours of the three queues, one hour in fifty at three times the latency: the longest backlog, in hours.

    Each queue has ten functions. An hour's checks arrive while discovery looks at its models.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    left = dict.fromkeys(CHECKS, 0.0)
    longest = busy = 0.0
    for _ in range(720):
        slow = 3.0 if chance.random() < 0.02 else 1.0
        for check, seconds in CHECKS.items():
            work = models * seconds * slow / WORKERS
            left[check] = max(0.0, left[check] + work - 3600)
            busy = max(busy, work / slow / 3600)
            longest = max(longest, (left[check] + discovery * slow) / 3600)
    return longest, busy


def main() -> None:
    given = [int(one) for one in sys.argv[1:4]]
    models, hours, days = [*given, *(10_000, 6, 30)[len(given) :]]
    account = Account(models)
    store = SlowStore(CLOCK)
    known(store, account)
    world = {"store": store, "captures": MinuteFiles(days), "bus": SlowBus(), "audit": SlowAudit()}
    first_rounds = 2 + -(-days * 1440 // 50_000)
    print(
        f"{models} models, a file a minute, {days} days of files kept; the first {first_rounds} hours list the history"
    )
    for number in range(first_rounds + hours):
        CLOCK.calls.clear()
        taken, done, asked = hour_of(BEGAN + number * HOUR, account, world)
        per = {what: round(count / models, 2) for what, count in sorted(CLOCK.calls.items())}
        judged = sum(count >= 3 for count in asked.values())
        print(f"hour {number}: {judged} models asked for, {len(taken)} calls, longest {max(taken):.1f} s, "
              f"the last model after {done:.0f} s; calls a model {per}")  # fmt: skip
    longest, busy = month(models, done)
    print(f"a month: the drift queue is busy {busy:.0%} of the time, the longest backlog {longest:.1f} h")


if __name__ == "__main__":
    main()
