"""Ports in memory that add to a clock what the cloud's would take: DynamoDB's, S3's and EventBridge's latencies."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from syndic.adapters.memory import MemoryArchive, MemoryBus, MemoryStore
from syndic.ports import Key, ObjectInfo, Record

GET, PUT, ITEM, TRANSACTION, EVENTS = 0.030, 0.040, 0.006, 0.015, 0.025
"""Seconds of a call, as the audit of the deployment assumed them."""

CALLS_AT_ONCE = 8  # as the sequencer makes them


class Clock:
    """The time of the call that is being made: when it began, what its calls took, and its processor time."""

    def __init__(self, began: datetime) -> None:
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.start(began, 1.0)

    def start(self, moment: datetime, slower: float) -> None:
        """A call begins, in a function whose processor is so many times slower than this one."""
        self.began, self._slower, self._waited, self._cpu = moment, slower, 0.0, time.process_time()

    def wait(self, what: str, seconds: float, times: int = 1, *, at_once: int | None = None) -> None:
        """Calls of the cloud, so many `at_once`: by default as many as the pool has threads that makes them."""
        if at_once is None:
            at_once = 1 if threading.current_thread() is threading.main_thread() else CALLS_AT_ONCE
        with self._lock:
            self.calls[what] += times
            self._waited += seconds * times / at_once

    @property
    def taken(self) -> float:
        """Seconds since the call began."""
        return self._waited + self._slower * (time.process_time() - self._cpu)

    def now(self) -> datetime:
        """The time within the call."""
        return self.began + timedelta(seconds=self.taken)


class SlowStore(MemoryStore):
    """DynamoDB's latencies."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def get(self, key: Key) -> Record | None:
        self.clock.wait("get", ITEM)
        return super().get(key)

    def get_many(self, keys: Any) -> dict[Key, Record]:
        self.clock.wait("get many", ITEM, -(-len(keys) // 100))
        return {key: found for key in keys if (found := MemoryStore.get(self, key)) is not None}

    def put(self, record: Record, **options: Any) -> Record:
        self.clock.wait("write", ITEM)
        return super().put(record, **options)

    def put_together(self, writes: Any) -> Any:
        self.clock.wait("transaction", TRANSACTION)
        return super().put_together(writes)

    def delete(self, key: Key, **options: Any) -> None:
        self.clock.wait("write", ITEM)
        super().delete(key, **options)

    def query(self, *args: Any, **options: Any) -> Any:
        self.clock.wait("query", ITEM)
        return super().query(*args, **options)


class SlowArchive(MemoryArchive):
    """S3's latencies."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock.now)
        self.clock = clock

    def put(self, name: str, data: bytes, **options: Any) -> ObjectInfo:
        self.clock.wait("put object", PUT)
        return super().put(name, data, **options)

    def get(self, name: str) -> bytes:
        self.clock.wait("get object", GET)
        return super().get(name)


class SlowBus(MemoryBus):
    """EventBridge's latency. What was published waits to be taken."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def publish(self, events: Any) -> None:
        self.clock.wait("events", EVENTS, -(-len(events) // 10))
        super().publish(events)
