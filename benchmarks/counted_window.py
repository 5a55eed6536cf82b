"""The window that `benchmarks/counting.py` measures: captured lines of 60 columns in memory, and who judges them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from benchmarks.cost_world import ENDPOINT, SCHEMA, lines
from syndic.adapters.memory import MemoryCaptures
from syndic.bias.check import check_bias
from syndic.bias.policy.kept import set_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.drift.baseline.summary import summarise
from syndic.drift.check import check_drift
from syndic.drift.count_window import count_pieces
from syndic.drift.models import BaselineSource
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.set_baseline import set_baseline
from syndic.drift.verdict.judge import judge
from syndic.models import CheckRequested, Cloud, CountRequested, RegisteredModel, WindowLength
from syndic.quality.check import check_quality
from syndic.records import model_record
from syndic.tasks import counter
from tests.edges.azure.test_azure_parity import envelope
from tests.edges.world import World

VERBS = {"drift": check_drift, "quality": check_quality, "bias": check_bias}


def made(number: int, hour: datetime) -> tuple[bytes, World]:
    """One captured file of so many lines, and a world in which its window is due."""
    now = hour + timedelta(hours=2)
    world = World(captures=MemoryCaptures(lambda: now), moment=now)
    model = RegisteredModel(
        id=ENDPOINT.model_id, name="shop", cloud=Cloud.AWS, endpoint=ENDPOINT, capture_schema=SCHEMA,
        window=WindowLength.HOUR, registered_at=now,
    )  # fmt: skip
    world.store.put(model_record(model))
    before = hour - timedelta(days=2)
    world.captures.capture(ENDPOINT, before, b"".join(lines(before, 1, 10_000)), modified=before)
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "ann", "now": now}
    source = BaselineSource(window=WindowLength.HOUR.around(before))
    set_baseline(model.id, source, captures=world.captures, archive=world.archive, **common)
    attributes = (ProtectedAttribute(name="c00"), ProtectedAttribute(name="c01"))
    policy = BiasPolicy(favourable=("yes",), outcomes=("prediction",), protected_attributes=attributes)
    set_policy(model.id, policy, **common)
    data = b"".join(lines(hour, 2, number))
    world.captures.capture(ENDPOINT, hour, data, modified=hour)
    return data, world


def verdicts(world: World) -> None:
    """Count the window and judge it, as the functions do, each time anew."""
    from syndic.checks.counting.window_counts import KeptCounts

    for name in [name for name in world.archive._objects if name.startswith("counts/")]:
        del world.archive._objects[name]
    world.bus.published.clear()
    window = WindowLength.HOUR.around(world.moment - timedelta(hours=2))
    request = CountRequested(model_id=ENDPOINT.model_id, window=window, checks=("drift", "quality", "bias"), force=True)
    counter.take(envelope(request.model_dump(mode="json")), world)
    for told in world.bus.of("WindowCounted"):
        VERBS[told.check](
            CheckRequested.model_validate(told.request.model_dump()),
            store=world.store, captures=world.captures, archive=world.archive, bus=world.bus, audit=world.audit,
            now=world.moment, counts=KeptCounts(told.counts, archive=world.archive),
        )  # fmt: skip


def sorted_columns(data: bytes) -> list[Any]:
    """The numeric columns of the file, as arrays."""
    rows = [json.loads(line)["captureData"]["endpointInput"]["data"].split(",")[:48] for line in data.splitlines()]
    return [np.ascontiguousarray(column) for column in np.array(rows, dtype=np.float64).T]


def judged_rows(data: bytes, number: int) -> Callable[[], object]:
    """Counting and judging so many rows for drift, beside a baseline of as many others."""
    from syndic.windows import FORMATS

    reading = FORMATS[ENDPOINT.capture.format]
    text = data.splitlines(keepends=True)
    now, then = (
        list(reading.parse([b"".join(part)], SCHEMA, source="memory"))
        for part in (text[:number], text[number : 2 * number])
    )
    baseline, policy = summarise(then), DriftPolicy()
    return lambda: judge(baseline, count_pieces(now, baseline), policy)
