"""10,000 models, hourly: six hours of the real functions at a cloud's latencies, then the queues of a month.

    make bench-month
    .venv/bin/python benchmarks/month.py [MODELS] [HOURS] [HOURS OF FILES KEPT]

Every function of a model's hour runs its own code for every model: discovery, the counter, the three judges, the
evaluation of evidence, the sequencer of the trail, and the daily work when its hour comes. Time is only counted: ports
in memory add to a clock what the cloud would take (SageMaker and S3 listing 60 ms a call, GET 30 ms and 16 files at
once, DynamoDB 6 ms and 15 ms for a transaction, EventBridge 25 ms; assumed), and processor time counts 1.4 times in a
function of 1769 MB (a processor) and 6 times in one of 512 MB (0.29 of one). Windows hold 240 rows of three columns in
60 files; what 10,000 rows of 60 columns take beyond these, as docs/cost.md measured it, is added to each window that is
counted or judged. A message is taken when a function of its queue is free, of which there are as many as are deployed.
"""

from __future__ import annotations

import gc
import heapq
import itertools
import json
import logging
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from benchmarks.month_world import BEGAN, HOUR, MINUTE, Platform, ready  # noqa: E402
from benchmarks.slow_ports import Clock  # noqa: E402
from syndic.models import to_json  # noqa: E402
from syndic.tasks import alerting, bias, compliance, counter, discovery, drift, quality, trail  # noqa: E402


@dataclass
class Function:
    """A deployed function: how many run at once, how much slower its processor is, and what a full window adds."""

    at_once: int
    slower: float
    full: float = 0.0  # seconds
    free: list[datetime] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    waited: float = 0.0  # the longest that a message waited, in seconds
    limit: float = 300.0
    most: float = 0.5  # of its limit, that a call may take

    def takes(self, arrived: datetime) -> datetime:
        """When it begins a message."""
        begins = arrived if len(self.free) < self.at_once else max(arrived, heapq.heappop(self.free))
        self.waited = max(self.waited, (begins - arrived).total_seconds())
        return begins


SMALL, LARGE = 6.0, 1.4
HANDLED: dict[str, tuple[str, Callable[[str, Any], object]]] = {
    "LookRequested": ("discovery", discovery.take),
    "ListingRequested": ("discovery", discovery.take),
    "CountRequested": ("counter", counter.take),
    "FindingsChanged": ("alerting", alerting.take),
    "DailyStepRequested": ("compliance", compliance.take),
}
JUDGES = {"drift": drift.take, "quality": quality.take, "bias": bias.take}
GATHERS = timedelta(seconds=30)
BATCH = 10


def functions() -> dict[str, Function]:
    """As `SHAPES` in cdk/constructs/functions.py says."""
    return {
        "schedule": Function(1, SMALL),  # discovery's own, beside its queue
        "discovery": Function(10, SMALL),
        "counter": Function(10, LARGE, full=0.24),
        "drift": Function(10, LARGE, full=0.14, limit=180),
        "quality": Function(10, LARGE, full=0.03, limit=180),
        "bias": Function(10, LARGE, full=0.03, limit=180),
        "compliance": Function(5, SMALL),
        "alerting": Function(2, SMALL, limit=120),
        "audit": Function(1, SMALL, limit=60, most=0.85),  # goes on for 40 s while entries wait, then ends its batch
    }


class Deployed:
    """The functions, their schedules and their queues, on one clock."""

    def __init__(self, world: Platform) -> None:
        self.world, self.functions = world, functions()
        self.judged: dict[tuple[str, datetime], int] = Counter()
        self.last = BEGAN
        self._due: list[tuple[datetime, int, str, Callable[[], object], Any]] = []
        self._order = itertools.count()
        self._gathered: list[str] = []

    def at(self, moment: datetime, function: str, work: Callable[[], object], event: Any = None) -> None:
        """Work arrives at a function's queue."""
        heapq.heappush(self._due, (moment, next(self._order), function, work, event))

    def run(self, until: datetime) -> None:
        """Everything that arrives before a moment, and what comes of it."""
        while self._due and self._due[0][0] < until:
            arrived, _, name, work, event = heapq.heappop(self._due)
            if name == "batch":  # the queue hands over what it has gathered
                self._hand_over(arrived)
                continue
            function = self.functions[name]
            begins = function.takes(arrived)
            self.world.clock.start(begins, function.slower)
            work()
            took = self.world.clock.taken + (function.full if event is not None else 0.0)
            ended = begins + timedelta(seconds=took)
            function.took.append(took)
            heapq.heappush(function.free, ended)
            if event is not None and name in JUDGES:
                self.judged[event.model_id, event.window.start] += 1
                self.last = max(ended, self.last)
            self._take_up(ended)

    def _take_up(self, moment: datetime) -> None:
        for event in self.world.taken_up():
            body = json.dumps({"detail-type": event.type, "detail": to_json(event)})
            if event.type == "EvidenceChanged":
                if not self._gathered:
                    self.at(moment + GATHERS, "batch", lambda: None)
                self._gathered.append(body)
                if len(self._gathered) >= BATCH:
                    self._hand_over(moment)
            elif event.type in {"WindowCounted", "CheckRequested"}:
                self.at(moment, event.check, self._call(JUDGES[event.check], body), event)
            elif event.type in HANDLED:
                name, take = HANDLED[event.type]
                self.at(moment, name, self._call(take, body), event if name == "counter" else None)

    def _hand_over(self, moment: datetime) -> None:
        bodies, self._gathered = self._gathered, []

        def batch() -> None:
            take = compliance.once_a_batch()
            for body in bodies:
                take(body, self.world)

        if bodies:
            self.at(moment, "compliance", batch)

    def _call(self, take: Callable[[str, Any], object], body: str) -> Callable[[], object]:
        return lambda: take(body, self.world)


def month(
    models: int, seconds: dict[str, float], at_once: dict[str, int], *, seed: int = 7
) -> tuple[float, str, float]:
    """720 hours of the queues, one hour in fifty at three times the latency: the longest backlog, in hours.

    An hour's messages arrive at once. Returns the backlog, the busiest queue, and how busy that is.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    left = dict.fromkeys(seconds, 0.0)
    longest = 0.0
    for _ in range(720):
        slow = 3.0 if chance.random() < 0.02 else 1.0
        for name, each in seconds.items():
            left[name] = max(0.0, left[name] + models * each * slow / at_once[name] - 3600)
        longest = max(longest, max(left.values()) / 3600)
    busy = {name: models * each / at_once[name] / 3600 for name, each in seconds.items()}
    first = max(busy, key=lambda name: busy[name])
    return longest, first, busy[first]


def main() -> int:
    """Print each hour; 1 when a model was not judged within it, or a call took more of its function's time than it may.

    The first hour of which files are kept may have begun before them, and is not judged: two are kept before the first.
    """
    given = [int(one) for one in sys.argv[1:4]]
    models, hours, kept = [*given, *(10_000, 6, 2)[len(given) :]]
    logging.disable(logging.CRITICAL)
    clock = Clock(BEGAN)
    deployed = Deployed(ready(clock, models, kept))
    world: Any = deployed.world
    gc.freeze()
    print(f"{models} models, a file a minute, {kept} hours of files kept before", flush=True)
    missed = 0
    for number in range(hours):
        hour = BEGAN + number * HOUR + 5 * MINUTE
        clock.calls.clear()
        deployed.judged.clear()
        for function in deployed.functions.values():
            function.took, function.waited = [], 0.0
        deployed.at(hour, "schedule", lambda: discovery.discover(world))
        for minute in range(60):
            deployed.at(hour + minute * MINUTE, "audit", lambda: trail.run(world))
        if hour.hour == 5:
            deployed.at(hour.replace(minute=15), "compliance", lambda: compliance.evaluate_daily(world))
        deployed.run(hour + HOUR)
        missed += _tell(deployed, number, hour, models)
        gc.freeze()  # what is kept is looked through no more: a function does not hold ten thousand models' records
    seconds = {
        name: sum(one.took) / models for name, one in deployed.functions.items() if name not in {"audit", "schedule"}
    }
    longest, busiest, busy = month(models, seconds, {name: one.at_once for name, one in deployed.functions.items()})
    print(
        f"a month: the busiest queue is that of {busiest}, {busy:.0%} of the time; the longest backlog {longest:.1f} h"
    )
    return bool(missed)


def _tell(deployed: Deployed, number: int, hour: datetime, models: int) -> int:
    per = {what: round(count / models, 2) for what, count in sorted(deployed.world.clock.calls.items())}
    print(f"hour {number}: calls a model {per}")
    wrong = 0
    for name, one in deployed.functions.items():
        if one.took:
            over = max(one.took) > one.limit * one.most
            wrong += over
            print(f"  {name:10} {len(one.took):6} calls, longest {max(one.took):6.1f} s of {one.limit:.0f}"
                  f"{'  OVER' if over else ''}, a message waited at most {one.waited:.0f} s")  # fmt: skip
    whole = {model for (model, _), count in deployed.judged.items() if count >= len(JUDGES)}
    after = (deployed.last - hour).total_seconds()
    print(
        f"  {len(deployed.judged)} windows of {len(whole)} models judged by all three, the last after {after:.0f} s",
        flush=True,
    )
    if len(whole) < models:
        wrong += 1
        print(f"  NOT JUDGED: {models - len(whole)} models")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
