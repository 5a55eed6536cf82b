"""A shadow gets copies and is compared; nobody gets its answers, waits for it, or is refused for it."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from syndic.adapters.memory import MemoryCaptures
from syndic.errors import NotFoundError, UnavailableError
from syndic.gateway.comparison import ShadowComparison, compare_shadow
from syndic.gateway.inference_record import InferenceRecord, ShadowCopy
from syndic.gateway.keep import count_minutes, keep_records
from syndic.gateway.numbers import GatewayMetrics, added
from syndic.gateway.outputs import Decision
from syndic.gateway.predict import Answer, predict
from syndic.gateway.shadow import ask_shadows, compare
from syndic.gateway.shares import GatewayTraffic
from syndic.models import TimeWindow, to_json
from syndic.ports import Asked, Cell, Record
from syndic.registry.deployments.models import GATEWAY
from syndic.registry.keys import version_key
from syndic.registry.models import Stage
from syndic.registry.versions.queries import get_version
from syndic.serving.shadows import Shadows
from syndic.traffic import VariantChange
from tests.unit.gateway.served import World, row

NEW = "2-new"


class Versions:
    """Version 1 answers the first feature over 100; version 2 answers as it is told."""

    def __init__(self, second: Any) -> None:
        self.second = second
        self.asked: list[str] = []

    def predict(self, asked: Asked, features: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> Sequence[Any]:
        self.asked.append(asked.version)
        if asked.version == "2" and isinstance(self.second, Exception):
            raise self.second
        scores = [float(one[features[0]] or 0) / 100 for one in rows]
        return scores if asked.version == "1" else [self.second(score) for score in scores]


def shadowed(second: Any, **settings: Any) -> World:
    world = World(**settings)
    world.backend = Versions(second)  # type: ignore[assignment]
    object.__setattr__(world.gateway, "backends", world.backend)
    change = VariantChange(
        endpoint=f"{GATEWAY}{world.model_id}", old_configuration="stage-1", old_variant="v-1", new_variant=NEW,
        model_name="2", both_configuration="both", new_configuration="new", shadows=True,
    )  # fmt: skip
    since = world.now - timedelta(days=1)
    traffic = GatewayTraffic(world.store, serving=lambda _: ("1", since), clock=lambda: world.now)
    traffic.begin(change)
    world.traffic, world.change = traffic, change  # type: ignore[attr-defined]
    world.now += timedelta(minutes=1)
    return world


def ask(world: World, value: Any, request_id: str = "r") -> Answer:
    body = json.dumps(value).encode()
    return predict(world.gateway, world.model_id, body, content_type="application/json", request_id=request_id)


def kept(world: World, writer: MemoryCaptures | None = None) -> ShadowComparison:
    """What is known once the records were kept and the shadow was asked, as the function that keeps does."""
    writer = writer or MemoryCaptures(lambda: world.now)
    common: dict[str, Any] = {"writer": writer, "store": world.store, "audit": world.audit, "now": world.now}
    records = [InferenceRecord.model_validate(one) for one in (*world.records.taken, *world.records.offered)]
    for _ in range(2):  # a message may come twice
        keep_records(records, **common)
        keep_records(
            ask_shadows(records, serving=world.gateway.serving, backends=world.backend),
            **common,
        )
    start = world.now - timedelta(hours=1)
    return compare_shadow(world.store, world.model_id, start=start, end=world.now + timedelta(minutes=1))


@pytest.mark.parametrize("guarantee", ["required", "fast"])
def test_it_is_asked_the_same_rows_and_compared_and_its_answers_go_to_nobody(guarantee: str) -> None:
    world, writer = shadowed(lambda score: 1 - score, log={"guarantee": guarantee}), MemoryCaptures()
    answers = [ask(world, row(float(first)), f"r-{first}") for first in range(5, 100, 10)]
    assert {one.prediction.model_version for one in answers} == {"1"}
    assert set(world.backend.asked) == {"1"}, "it is not asked while somebody waits"

    found = kept(world, writer)

    assert (found.version, found.active, found.copies, found.rows, found.failed) == ("2", True, 10, 10, 0)
    assert found.agreement is not None
    assert (found.agreement.share, found.agreement.lower) == (0.0, 0.0)
    assert found.mean_difference == pytest.approx(sum(abs(1 - 2 * first / 100) for first in range(5, 100, 10)) / 10)
    assert sum(found.scores_given) == sum(found.scores_shadow) == 10
    assert found.distance == pytest.approx(0.0, abs=0.11)
    lines = [
        line
        for uri, (data, _) in writer._objects.items()
        if f"/shadow/{world.model_id}/{NEW}/" in uri
        for line in data.splitlines()
    ]
    assert len(lines) == 10
    assert not any(f"/traffic/{world.model_id}/{NEW}/" in uri for uri in writer._objects), "checks must not read it"
    assert b'"copied"' not in b"".join(data for data, _ in writer._objects.values())


def test_its_errors_are_counted_for_rollback_rules_and_touch_no_answer() -> None:
    world = shadowed(UnavailableError("down"))
    assert ask(world, row()).prediction.model_version == "1"
    found = kept(world)
    assert (found.copies, found.failed, found.rows, found.agreement) == (1, 1, 0, None)
    window = TimeWindow(start=world.now - timedelta(hours=1), end=world.now + timedelta(hours=1))
    numbers = GatewayMetrics(world.store).read(f"{GATEWAY}{world.model_id}", NEW, window)
    assert (numbers.invocations, numbers.errors_5xx) == (1, 1)


def test_a_regression_is_compared_by_its_values() -> None:
    world = shadowed(lambda value: value + 0.25, task="regression")
    ask(world, [row(10.0), row(90.0)])
    found = kept(world)
    assert (found.mean_difference, found.rows, found.scores_given, found.distance) == (pytest.approx(0.25), 2, (), None)


def test_no_copy_is_made_once_it_gets_traffic_or_has_left_the_stage_or_is_too_large() -> None:
    world = shadowed(lambda score: score)
    ask(world, [row() for _ in range(2_000)], "large")
    assert "copied" not in world.records.taken[0]
    world.stages({"1": Stage.PRODUCTION})
    world.now += timedelta(minutes=1)
    ask(world, row(), "left")
    assert "copied" not in world.records.taken[-1]
    world.stages({"1": Stage.PRODUCTION, "2": Stage.STAGING})
    world.traffic.weigh(world.change, percent=0)  # type: ignore[attr-defined]
    world.now += timedelta(minutes=1)
    ask(world, row(), "weighed")
    assert "copied" not in world.records.taken[-1]


def test_a_shadow_with_another_signature_is_refused_without_being_asked() -> None:
    world = shadowed(lambda score: score)
    ask(world, row())
    signature = {"inputs": [{"name": "other", "type": "double", "required": True}]}
    changed = get_version(world.store, world.model_id, "2").model_copy(update={"signature": signature})
    world.store.put(Record(version_key(world.model_id, "2"), to_json(changed)))
    world.now += timedelta(minutes=1)
    found = kept(world)
    assert (found.refused, found.rows, world.backend.asked) == (1, 0, ["1"])


def test_where_there_was_no_shadow_there_is_nothing_to_compare() -> None:
    world = World()
    with pytest.raises(NotFoundError, match=r"no version of .* got copies"):
        compare_shadow(world.store, world.model_id, start=world.now - timedelta(hours=1), end=world.now)


def test_beside_a_server_a_slow_shadow_slows_no_answer_and_too_many_copies_are_dropped() -> None:
    let_go = threading.Event()

    def slow(score: float) -> float:
        let_go.wait()
        return score

    world = shadowed(slow)
    shadows = Shadows(world.gateway.serving, world.backend, world.records)
    object.__setattr__(world.gateway, "shadows", shadows.offer)
    for number in range(250):
        ask(world, row(), f"r-{number}")
    assert shadows.dropped >= 49
    let_go.set()
    shadows.close()
    told = [one for one in world.records.offered if one.get("shadow")]
    assert len(told) == 250 - shadows.dropped
    assert all("copied" not in one for one in (*world.records.taken, *world.records.offered))


def test_a_shadow_whose_answers_differ_beyond_numbers_is_compared_all_the_same() -> None:
    copy = ShadowCopy(variant=NEW, rows=({}, {}), ids=("a", "b"), predictions=(1e308, -1e308), scores=(None, None))
    far = [Decision(-given, None, -given, None) for given in (1e308, -1e308)]

    found = compare(copy, far)

    assert (found.rows, found.agreed, found.difference) == (2, 0, sys.float_info.max)
    both = added([found, found])
    assert both is not None
    assert both.difference == sys.float_info.max


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("variant", "../../traffic/other/v-1"),
        ("variant", "a/b"),
        ("variant", "v-1\n"),
        ("model_id", "../other"),
        ("at", "9999-12-31T23:59:59Z"),
        ("id", "x" * 1_001),
    ],
)
def test_a_record_that_was_sent_names_no_other_folder(field: str, value: str) -> None:
    record = {
        "id": "r-1", "request_id": "r-1", "model_id": "credit", "version": "1", "variant": "v-1", "status": 200,
        "at": "2026-03-03T09:00:00Z", "outcome": "answered", "milliseconds": 3, "stream": "s", "number": 1,
    }  # fmt: skip
    InferenceRecord.model_validate(record)

    with pytest.raises(ValidationError, match=field):
        InferenceRecord.model_validate(record | {field: value})


def test_a_copy_and_its_record_fit_one_message_and_so_does_what_the_shadow_answered() -> None:
    world = shadowed(lambda score: score)
    rows = [row(float(n % 99), **{"mean texture": 1.0}) for n in range(600)]

    ask(world, rows)

    sizes = [len(json.dumps(one).encode()) for one in world.records.taken]
    assert max(sizes) < 256 * 1024
    records = [InferenceRecord.model_validate(one) for one in world.records.taken]
    assert any(one.copied is not None for one in records)
    told = ask_shadows(records, serving=world.gateway.serving, backends=world.backend)
    assert sum(len(one.lines) for one in told) == 600
    assert [one.first for one in told] == [True, *[False] * (len(told) - 1)]
    assert max(len(one.model_dump_json().encode()) for one in told) < 256 * 1024


def test_copies_are_counted_apart_from_requests_of_the_same_version_and_minute() -> None:
    world = shadowed(lambda score: score)
    ask(world, row())
    record = InferenceRecord.model_validate(world.records.taken[0])
    (shadow,) = ask_shadows([record], serving=world.gateway.serving, backends=world.backend)
    own = record.model_copy(update={"variant": shadow.variant, "version": shadow.version, "copied": None})

    counted = count_minutes([shadow, own])

    assert sorted((one.shadow, one.invocations) for one in counted) == [(False, 1), (True, 1)]
