"""Large windows by messages: the same report as one function gives, whatever fails and however often."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from syndic.checks.counting.keys import finisher_key, open_key, run_key
from syndic.checks.counting.list_files import list_files
from syndic.checks.counting.part_message import take_part
from syndic.checks.counting.plan import Counters, PartTask, start_run
from syndic.checks.counting.queue_run import (
    MOST_STARTS,
    PATIENCE,
    STALLED,
    FanOut,
    FanOutRun,
    RunState,
    finish_run,
    stalled_runs,
)
from syndic.checks.counting.window_counts import KeptCounts
from syndic.drift.check import check_drift
from syndic.drift.models import BaselineSource, DriftReport
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.prepare import make_counter
from syndic.errors import UnavailableError
from syndic.models import (
    CaptureFormat,
    CaptureSchema,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    CountRequested,
    PartRequested,
    WindowLength,
    to_json,
)
from syndic.ports import Record
from syndic.records import model_key
from syndic.windows import partitions
from tests.unit.drift.case import NOW, Case

DAY = WindowLength.DAY.around(datetime.fromisoformat("2026-11-02T12:00:00Z"))
BASE = WindowLength.DAY.around(datetime.fromisoformat("2026-11-01T12:00:00Z"))
SCHEMA = CaptureSchema(
    inputs=(ColumnSpec(name="x", kind=ColumnKind.NUMERIC), ColumnSpec(name="c", kind=ColumnKind.CATEGORICAL)),
    outputs=(ColumnSpec(name="y", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),),
)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch holds one pair of files and those beside it."""
    monkeypatch.setattr(partitions, "MOST_FILES", 6)


def event(call: str, when: datetime, collection: str, rows: list[dict[str, Any]]) -> bytes:
    record = {
        "specversion": "1.0", "id": f"{collection}-{call}", "source": "/subscriptions/s",
        "time": f"{when:%Y-%m-%dT%H:%M:%SZ}",
        "type": f"azureml.inference.{collection}", "datacontenttype": "application/json", "correlationid": call,
        "data": rows,
    }  # fmt: skip
    return json.dumps(record).encode() + b"\n"


def collected(shift: float = 3.0, *, damaged: bool = False) -> Case:
    """Two instances; every seventh call is answered in the next hour, some lines are damaged or repeated."""
    case = Case(schema=SCHEMA, length=WindowLength.DAY)
    endpoint = case.endpoint.model_copy(
        update={"capture": case.endpoint.capture.model_copy(update={"format": CaptureFormat.AZURE_COLLECTOR})}
    )
    case.endpoint, case.model = endpoint, case.model.model_copy(update={"endpoint": endpoint})
    case.store.put(Record(model_key(case.model.id), to_json(case.model)))
    for window, moved in ((BASE, 0.0), (DAY, shift)):
        for instance in ("i0", "i1"):
            write(case, window.start, instance, moved, damaged=damaged and window is DAY)
    case.baseline(BaselineSource(window=BASE))
    return case


def write(case: Case, day: datetime, instance: str, shift: float, *, damaged: bool = False) -> None:
    """With `damaged`, every thirteenth question and every seventeenth answer is none that can be read."""
    random = Random(f"{day}{instance}")  # noqa: S311
    files: dict[tuple[str, int], list[bytes]] = {}
    for hour in range(8):
        for number in range(40):
            when, call = day + timedelta(hours=hour, minutes=number), f"{instance}-{day:%d}-{hour}-{number}"
            given = [{"x": random.gauss(shift, 1), "c": random.choice("abc")} for _ in range(1 + number % 3)]
            answered = [{"y": random.random()} for _ in given]
            if damaged and number % 13 == 5:
                given[0]["x"] = "none"
            if damaged and number % 17 == 4:
                answered[0]["y"] = "none"
            late = hour + (number % 7 == 0)
            files.setdefault(("model_inputs", hour), []).append(event(call, when, "model_inputs", given))
            if number % 11:
                files.setdefault(("model_outputs", late), []).append(event(call, when, "model_outputs", answered))
        files["model_inputs", hour] += [b'{"id": 1\n', files["model_inputs", hour][0]]
    for (collection, hour), lines in files.items():
        at, name = day + timedelta(hours=hour), f"{instance}.jsonl"
        path = f"{case.endpoint.capture.uri}/{case.endpoint.name}/blue/{collection}/{at:%Y/%m/%d/%H}/{name}"
        case.captures.add(path, b"".join(lines), modified=NOW)


def take(case: Case, message: PartRequested, *, now: datetime = NOW) -> DriftReport | None:
    """Count a part; what the last one merged is judged."""
    counters = Counters({"drift": make_counter}, case.store, case.archive, case.captures)
    merged = take_part(message, PartTask.model_validate(message.task), counters=counters, now=now)
    if merged is None:
        return None
    request, name = merged
    report = check_drift(
        case.request(request.window, force=request.force),
        store=case.store,
        captures=case.captures,
        archive=case.archive,
        bus=case.bus,
        audit=case.audit,
        now=now,
        counts=KeptCounts(name, archive=case.archive),
    )
    finish_run(message.run, store=case.store)
    return report


def start(case: Case, *, now: datetime = NOW, force: bool = False) -> list[PartRequested]:
    """Ask for the window; gives the messages of this call."""
    before = len(messages(case))
    request = CountRequested(model_id=case.model.id, window=DAY, checks=("drift",), force=force)
    files = list_files(case.model, DAY, captures=case.captures, now=NOW)
    maps = FanOut(case.store, case.bus, clock=lambda: now)
    start_run(request, case.model, files, archive=case.archive, maps=maps)
    return messages(case)[before:]


def messages(case: Case) -> list[PartRequested]:
    return [one for one in case.bus.published if isinstance(one, PartRequested)]


def kept(case: Case) -> dict[str, Any]:
    partition = f"drift.{case.model.id}"
    return {one.key.sort: one.body for one in case.store.query(partition).records}


def test_collector_files_counted_apart_give_the_report_of_one_function() -> None:
    case, single = collected(), collected()
    parts = start(case)
    assert len(parts) == 16  # nine hours of two instances: those of the last have no pair after them
    Random(2).shuffle(parts)  # noqa: S311
    reports = [take(case, part) for part in [*parts, *parts[:4]]]
    (report,) = [one for one in reports if one is not None]
    direct = single.check(DAY)
    assert report == direct
    assert direct.intake.rejected == 32
    assert direct.intake.reasons == {"duplicate": 16, "envelope": 16}
    assert kept(case) == kept(single)
    assert case.findings == single.findings


def test_sides_that_cannot_be_read_are_counted_the_same_however_the_window_is_split() -> None:
    case, single = collected(0.0, damaged=True), collected(0.0, damaged=True)
    reports = [take(case, part) for part in start(case)]
    (report,) = [one for one in reports if one is not None]
    direct = single.check(DAY)
    assert report == direct
    assert direct.intake.reasons.keys() == {"duplicate", "envelope", "rows", "type"}
    assert direct.intake.unread["y"] > 0
    assert direct.verdict.value == "not_comparable"


def test_messages_stay_small_whatever_the_files() -> None:
    assert max(len(part.model_dump_json()) for part in start(collected())) < 4_000


class Failing:
    """Passes calls on to a port, and fails instead of, or after, the n-th."""

    def __init__(self, port: Any, count: Iterator[bool]) -> None:
        self._port, self._count = port, count

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not callable(method):
            return method

        def call(*given: Any, **named: Any) -> Any:
            result = method(*given, **named)
            if next(self._count):
                raise UnavailableError("the process ended here")
            return result

        return call


def ends_after(call: int) -> Iterator[bool]:
    number = 0
    while True:
        number += 1
        yield number == call


def interrupted(case: Case, call: int, work: Callable[[Case], object]) -> bool:
    """Do the work with ports that end the process after that call; whether it was reached."""
    count = ends_after(call)
    whole = (case.store, case.bus, case.archive, case.audit)
    case.store, case.bus, case.archive, case.audit = (Failing(port, count) for port in whole)
    try:
        work(case)
    except UnavailableError:
        return True
    finally:
        case.store, case.bus, case.archive, case.audit = whole
    return False


def test_a_run_stopped_anywhere_is_taken_up_and_judged_once() -> None:
    direct = collected()
    direct.check(DAY)
    expected, call, reached = kept(direct), 0, True
    while reached:
        call += 1
        case = collected()
        reached = interrupted(case, call, start)
        start(case)
        parts = messages(case)
        for part in dict.fromkeys(part.model_dump_json() for part in parts):
            message = PartRequested.model_validate_json(part)
            interrupted(case, 1 + call % 9, lambda case, message=message: take(case, message))
            take(case, message)
        assert kept(case) == expected, f"ended after call {call}"
        run = FanOutRun.model_validate(case.store.get(run_key(parts[0].run)).body)
        assert run.state is RunState.FINISHED
    assert call > 4


def test_only_one_of_two_last_workers_judges_and_an_old_claim_is_taken_over() -> None:
    case = collected()
    *others, last = start(case)
    for part in others:
        assert take(case, part) is None
    # It ends after its claim, before the report: of the store's calls the last is the claim.
    claims = 0
    for call in range(1, 30):
        trial = case.store.get(run_key(last.run))
        assert trial is not None
        if (
            interrupted(case, call, lambda case: take(case, last))
            and case.store.get(finisher_key(last.run)) is not None
        ):
            claims = call
            break
    assert claims
    assert take(case, others[0]) is None, "the claim is another worker's, and young"
    assert take(case, others[0], now=NOW + PATIENCE) is not None


def test_the_same_window_is_started_once() -> None:
    case = collected()
    assert start(case)
    assert start(case, now=NOW + STALLED / 2) == []


def test_a_run_whose_messages_failed_every_try_is_started_anew_when_asked_for() -> None:
    case, single = collected(), collected()
    *_, lost = start(case)
    for part in messages(case)[:-1]:
        take(case, part)
    assert kept(case) == {}

    again = start(case, now=NOW + STALLED)

    assert lost in again
    assert [take(case, part) for part in again][-1] == single.check(DAY)


def test_a_window_is_judged_again_when_its_policy_changed_after_the_run() -> None:
    case, single = collected(), collected()
    single.check(DAY)
    for part in start(case):
        take(case, part)
    for one in (case, single):
        one.policy(DriftPolicy(multivariate=True))

    reports = [take(case, part) for part in start(case)]

    assert [one for one in reports if one is not None] == [single.check(DAY)]


def test_a_window_asked_for_by_force_is_judged_each_time() -> None:
    case = collected()
    for _ in range(2):
        reports = [take(case, part) for part in start(case, force=True)]
        assert [one.window for one in reports if one is not None] == [DAY]


def test_a_run_that_stalled_is_asked_for_again_and_in_the_end_left_to_people(caplog: pytest.LogCaptureFixture) -> None:
    case = collected()
    run = start(case)[0].run
    assert stalled_runs(store=case.store, now=NOW + STALLED / 2) == []
    at = NOW
    for _ in range(MOST_STARTS - 1):
        at += STALLED
        (request,) = stalled_runs(store=case.store, now=at)
        assert (request.window, request.checks) == (DAY, ("drift",))
        parts = start(case, now=at)
    assert stalled_runs(store=case.store, now=at + STALLED) == []
    assert "run failed" in caplog.text
    for part in parts:
        take(case, part)
    assert case.store.get(open_key(run)) is None
    assert stalled_runs(store=case.store, now=at + 2 * STALLED) == []
