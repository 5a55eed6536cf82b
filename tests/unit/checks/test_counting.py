"""A window is read once and counted for every check; in parts it gives what one reading gives."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from syndic.adapters.memory import MemoryCaptures
from syndic.bias.policy.kept import set_policy as set_bias_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute, SideFile
from syndic.checks.counting import read_once as reading
from syndic.checks.counting.plan import MOST_FILES, is_large, merge_parts, start_run
from syndic.checks.counting.queue_run import FanOut
from syndic.checks.counting.window_files import WindowFiles
from syndic.drift.models import BaselineSource
from syndic.drift.set_baseline import set_baseline
from syndic.errors import ConflictError, InvalidInputError, UnavailableError
from syndic.models import (
    CaptureSchema,
    Cloud,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    CountRequested,
    RegisteredModel,
    WindowLength,
    to_json,
)
from syndic.ports import ObjectInfo
from syndic.quality.models import QualityPolicy
from syndic.quality.policy.kept import set_policy as set_quality_policy
from syndic.records import get_model, model_record
from syndic.tasks import bias, counter, drift, quality
from syndic.windows import FORMATS, in_batches, partitions
from tests.edges.azure.test_azure_parity import envelope
from tests.edges.world import ENDPOINT, NOW, World
from tests.unit.drift.case import capture_line

DAY = WindowLength.DAY.around(NOW - timedelta(days=1))
BEFORE = WindowLength.DAY.around(NOW - timedelta(days=2))
CHECKS = ("drift", "quality", "bias")
TAKE = {"drift": drift.take, "quality": quality.take, "bias": bias.take}
SCHEMA = CaptureSchema(
    inputs=(
        ColumnSpec(name="x", kind=ColumnKind.NUMERIC),
        ColumnSpec(name="region", kind=ColumnKind.CATEGORICAL),
        ColumnSpec(name="sex", kind=ColumnKind.CATEGORICAL),
    ),
    outputs=(
        ColumnSpec(name="granted", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),
        ColumnSpec(name="score", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),
    ),
    label=ColumnSpec(name="paid", kind=ColumnKind.CATEGORICAL, role=ColumnRole.LABEL),
)
SIDES = "s3://captures/side/grade.csv"


class Counted(MemoryCaptures):
    """Counts which files were opened."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW)
        self.opened: Counter[str] = Counter()
        self.broken: str | None = None

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        self.opened[item.uri] += 1
        if item.uri == self.broken:
            raise UnavailableError("the store did not answer")
        return super().open(item, offset=offset)


def traffic(day: datetime, seed: int, shift: float, files: int = 12, rows: int = 30) -> Iterator[tuple[int, bytes]]:
    """Files of one day; some lines are damaged, and one row is repeated within its file."""
    random = np.random.default_rng(seed)
    for number in range(files):
        lines = []
        for row in range(rows):
            given = [f"{random.normal(shift, 1):.4f}", random.choice(["n", "s"]), random.choice(["f", "m"])]
            score = random.random()
            answered = ["yes" if score > 0.4 else "no", f"{score:.4f}"]
            lines.append(capture_line(f"{seed}-{number}-{row}", day + timedelta(minutes=row), given, answered))
        yield number, b"".join([*lines, lines[0], b"{not json\n"])


def prepared(*, files: int = 12) -> World:
    world = World(captures=Counted())
    capture = ENDPOINT.capture.model_copy(update={"labels_uri": "s3://captures/labels"})
    endpoint = ENDPOINT.model_copy(update={"capture": capture})
    model = RegisteredModel(
        id=endpoint.model_id, name="credit", cloud=Cloud.AWS, endpoint=endpoint, capture_schema=SCHEMA,
        window=WindowLength.DAY, registered_at=NOW,
    )  # fmt: skip
    world.store.put(model_record(model))
    for window, seed, shift in ((BEFORE, 1, 0.0), (DAY, 2, 2.0)):
        for number, data in traffic(window.start, seed, shift, files):
            world.captures.capture(endpoint, window.start + timedelta(hours=number % 24), data, name=f"{number}.jsonl")
    truths = []
    for number in range(files):
        for row in range(0, 30, 2):
            paid = "yes" if row % 3 else "no"
            record = {
                "groundTruthData": {"data": paid, "encoding": "CSV"},
                "eventMetadata": {"eventId": f"event-2-{number}-{row}"},
                "eventVersion": "0",
            }
            truths.append(json.dumps(record).encode() + b"\n")
    world.captures.label(capture, DAY.start + timedelta(hours=3), b"".join(truths[: len(truths) // 2]))
    world.captures.label(capture, DAY.end + timedelta(hours=1), b"".join(truths[len(truths) // 2 :]))
    grades = "".join(f"event-2-{number}-{row},{'ab'[row % 2]}\n" for number in range(files) for row in range(30))
    world.captures.add(SIDES, f"id,grade\n{grades}".encode(), modified=NOW)
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "ann", "now": NOW}
    source = BaselineSource(window=BEFORE)
    set_baseline(model.id, source, captures=world.captures, archive=world.archive, **common)
    policy = BiasPolicy(
        favourable=("yes",),
        outcomes=("prediction", "label"),
        protected_attributes=(
            ProtectedAttribute(name="sex", reference_group="m"),
            ProtectedAttribute(name="grade", side_file=SideFile(uri=SIDES, id_column="id")),
        ),
    )
    set_bias_policy(model.id, policy, **common)
    world.captures.opened.clear()
    return world


def request(world: World, *checks: str, force: bool = False) -> CountRequested:
    return CountRequested.model_validate(
        {"model_id": ENDPOINT.model_id, "window": DAY, "checks": checks or CHECKS, "force": force}
    )


def send(world: World, event: Any) -> None:
    body = envelope(to_json(event))
    if event.type == "CountRequested":
        counter.take(body, world)
    elif event.type == "PartRequested":
        counter.take_part(body, world)
    else:
        TAKE[event.check](body, world)


def settle(world: World, *, shuffled: bool = False) -> None:
    """Deliver what the counter and the judges tell each other until nothing is left."""
    done = 0
    while done < len(world.bus.published):
        waiting = world.bus.published[done:]
        done = len(world.bus.published)
        if shuffled:
            Random(3).shuffle(waiting)  # noqa: S311
        for event in waiting:
            if event.type in {"CountRequested", "PartRequested", "WindowCounted"}:
                send(world, event)


def reports(world: World) -> dict[str, Any]:
    """What is kept of the checks."""
    return {key: body for key, body in world.state().items() if key.startswith(("drift.", "quality.", "bias."))}


def directly(world: World) -> World:
    """Each check reads the window by itself, as an earlier release asked for it."""
    for check, take in TAKE.items():
        asked = {"type": "CheckRequested", "check": check, "model_id": ENDPOINT.model_id, "window": to_json(DAY)}
        take(envelope(asked), world)
    return world


def test_three_checks_read_each_file_once_and_say_what_three_readings_say() -> None:
    world, alone = prepared(), directly(prepared())
    send(world, request(world))
    settle(world)
    assert reports(world) == reports(alone)
    assert len(reports(world)) > 5
    ours = [uri for uri in world.captures.opened if "/data/" in uri or "/labels" in uri]
    assert {world.captures.opened[uri] for uri in ours} == {1}, "read once"
    assert {alone.captures.opened[uri] for uri in ours if "/data/" in uri} == {3}


@pytest.mark.parametrize("files", [1, 3])
def test_a_window_in_parts_gives_every_report_of_one_reading(files: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "MOST_FILES", files)
    monkeypatch.setattr("syndic.checks.counting.plan.MOST_FILES", 2)
    world, alone = prepared(), prepared()
    world.maps = FanOut(world.store, world.bus, clock=world.now)
    send(world, request(world))
    assert len(world.bus.of("PartRequested")) == 12 / files
    settle(world, shuffled=True)
    monkeypatch.setattr("syndic.checks.counting.plan.MOST_FILES", MOST_FILES)
    assert reports(world) == reports(directly(alone))


def test_small_pieces_are_counted_together_and_the_first_is_given_as_it_was_read() -> None:
    world = prepared()
    model = get_model(world.store, ENDPOINT.model_id)
    files = counter.list_files(model, DAY, captures=world.captures, now=NOW)
    pieces = FORMATS[model.endpoint.capture.format].read(files.objects, SCHEMA, captures=world.captures)
    assert [piece.rows for piece in reading.together(pieces)] == [30, 330]


def test_a_check_whose_counts_fail_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    world = prepared()
    caplog.set_level(logging.CRITICAL)
    broken = next(name for name in world.archive._objects if name.startswith("baselines/"))
    world.archive._objects[broken] = (b"changed by somebody", NOW)
    send(world, request(world))
    counted = world.bus.of("WindowCounted")
    assert [one.check for one in counted] == list(CHECKS)
    with pytest.raises(InvalidInputError, match="its hash differs"):
        send(world, counted[0])
    for one in counted[1:]:
        send(world, one)
    assert {key.partition(".")[0] for key in reports(world)} == {"quality", "bias"}


def test_a_defect_in_counting_one_check_is_that_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    world, alone = prepared(), directly(prepared())
    with monkeypatch.context() as patch:
        patch.setattr("syndic.bias.count_window.tally", lambda *_: 1 / 0)
        send(world, request(world))
    drift_counted, quality_counted, bias_counted = world.bus.of("WindowCounted")
    with pytest.raises(InvalidInputError, match="could not be counted: ZeroDivisionError"):
        send(world, bias_counted)
    send(world, drift_counted)
    send(world, quality_counted)
    send(world, request(world))  # as after a release that mends it: what failed is not taken for counted
    settle(world)
    assert reports(world) == reports(alone)


def test_a_store_that_does_not_answer_fails_the_window_and_nothing_is_told() -> None:
    world = prepared()
    world.captures.broken = next(uri for uri in sorted(world.captures._objects) if f"/{DAY.start:%Y/%m/%d}/07" in uri)
    with pytest.raises(UnavailableError):
        send(world, request(world))
    assert world.bus.published == []


def test_counts_of_another_policy_or_that_expired_are_made_again() -> None:
    world, alone = prepared(), prepared()
    send(world, request(world))
    counted = world.bus.of("WindowCounted")
    for one in (world, alone):
        policy = QualityPolicy.model_validate({"columns": {"x": {"ignore": True}}})
        set_quality_policy(ENDPOINT.model_id, policy, store=one.store, audit=one.audit, actor="ann", now=NOW)
    world.archive._objects.pop(counted[0].counts)
    send(world, counted[0])
    send(world, counted[1])
    settle(world)
    assert reports(world) == reports(directly(alone))


def test_a_run_with_a_part_that_was_not_counted_is_not_judged() -> None:
    world = prepared()
    model, maps = get_model(world.store, ENDPOINT.model_id), world.maps
    files = counter.list_files(model, DAY, captures=world.captures, now=NOW)
    run = start_run(request(world), model, files, archive=world.archive, maps=maps)
    with pytest.raises(ConflictError, match="was not counted"):
        merge_parts(run, counter.counters_of(world))


def listed(files: int, size: int = 600) -> WindowFiles:
    start = DAY.start - timedelta(days=40)
    place = "s3://captures/data/credit/AllTraffic"
    return WindowFiles(
        tuple(
            ObjectInfo(
                f"{place}/{start + timedelta(minutes=number):%Y/%m/%d/%H}/{number:06d}.jsonl", size, "e" * 32, NOW
            )
            for number in range(files)
        )
    )


@pytest.mark.parametrize("files", [43_800, 100_000])
def test_a_month_of_minute_files_and_a_week_of_many_are_planned_in_batches_that_a_message_holds(files: int) -> None:
    window = listed(files)
    assert is_large(window, threshold_mb=256), "by their number: they have few bytes"
    world = prepared(files=1)
    model = get_model(world.store, ENDPOINT.model_id)
    run = start_run(request(world), model, window, archive=world.archive, maps=world.maps)
    items = world.maps.started[run][1]
    assert sum(len(item["own"]) for item in items) == files
    assert len(items) <= files // 80
    assert max(len(json.dumps(item)) for item in items) < 40_000
    assert world.archive.get(f"maps/{run}/items.jsonl").count(b"\n") == len(items)


def test_large_files_are_not_batched_and_a_part_is_never_empty() -> None:
    window = listed(10, size=200_000_000)
    parts = list(in_batches(FORMATS[ENDPOINT.capture.format].parts(window.objects)))
    assert [len(part.own) for part in parts] == [1] * 10
    assert list(in_batches(())) == []
