"""Slices of captured windows: asked for by the policy, counted in pieces, told in the report."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from syndic.canonical import sha256_of
from syndic.checks.counting.list_files import list_files
from syndic.checks.counting.window_counts import Reading, count_window
from syndic.drift.baseline.summary import summarise
from syndic.drift.check import check_drift
from syndic.drift.models import BaselineSource, DriftPolicy, DriftReport, Verdict
from syndic.drift.prepare import make_counter
from syndic.drift.report.build import policy_hash
from syndic.drift.slices.count import count_slices
from syndic.drift.slices.find import find_slices
from syndic.drift.slices.of_windows import UNSET
from syndic.drift.slices.plan import plan_slices
from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec, TimeWindow, WindowLength, to_json
from syndic.policy import rules_of
from syndic.windows import Categories, Window
from syndic.windows.tables.dataframe import from_columns
from tests.unit.drift.case import NOW, Case, capture_line

NUMERIC, CATEGORICAL = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
SCHEMA = CaptureSchema(
    inputs=(
        ColumnSpec(name="region", kind=CATEGORICAL),
        ColumnSpec(name="plan", kind=CATEGORICAL),
        ColumnSpec(name="age", kind=NUMERIC),
    ),
    outputs=(
        ColumnSpec(name="decision", kind=CATEGORICAL, role=ColumnRole.PREDICTION),
        ColumnSpec(name="score", kind=NUMERIC, role=ColumnRole.SCORE),
    ),
    label=ColumnSpec(name="paid", kind=CATEGORICAL, role=ColumnRole.LABEL),
)
BASE = TimeWindow(start=datetime(2026, 11, 1, tzinfo=UTC), end=datetime(2026, 11, 2, tzinfo=UTC))
DAY = WindowLength.DAY.around(datetime(2026, 11, 2, tzinfo=UTC))
ASKED = DriftPolicy(slices=True)
SOUTH_BASIC = {"region = south", "plan = basic"}


class Rows:
    """Rows of which 8 % are of the south and the basic plan, where scores may move and decisions be wrong."""

    def __init__(self, size: int, seed: int, *, move: float = 0.0, wrong: float = 0.05) -> None:
        random = np.random.default_rng(seed)
        self.region = random.choice(["north", "south", "east"], size, p=[0.55, 0.25, 0.2])
        self.plan = random.choice(["basic", "plus"], size, p=[0.32, 0.68])
        inside = (self.region == "south") & (self.plan == "basic")
        self.age = random.integers(18, 80, size)
        self.score = np.clip(random.normal(0.5, 0.15, size) + move * inside, 0, 1)
        self.decision = np.where(self.score > 0.5, "yes", "no")
        missed = random.random(size) < np.where(inside, wrong, 0.05)
        self.paid = np.where(missed, np.where(self.decision == "yes", "no", "yes"), self.decision)

    def lines(self, when: datetime, prefix: str) -> list[bytes]:
        inputs = zip(self.region, self.plan, self.age.astype(str), strict=True)
        outputs = zip(self.decision, [f"{score:.6f}" for score in self.score], strict=True)
        both = enumerate(zip(inputs, outputs, strict=True))
        return [capture_line(f"{prefix}-{row}", when, given, answered) for row, (given, answered) in both]

    def truths(self, prefix: str) -> bytes:
        return b"".join(
            json.dumps({
                "groundTruthData": {"data": self.paid[row], "encoding": "CSV"},
                "eventMetadata": {"eventId": f"event-{prefix}-{row}"},
                "eventVersion": "0",
            }).encode() + b"\n"
            for row in range(len(self.age))
        )  # fmt: skip


def world(rows: Rows, *, policy: DriftPolicy = ASKED, files: int = 1) -> Case:
    case = Case(schema=SCHEMA, length=WindowLength.DAY)
    if policy != DriftPolicy():
        case.policy(policy)
    case.add(BASE.start, b"".join(Rows(4000, 1).lines(BASE.start, "base")))
    case.baseline(BaselineSource(window=BASE))
    lines = rows.lines(DAY.start, "day")
    for number in range(files):
        part = b"".join(lines[number::files])
        case.add(DAY.start + timedelta(hours=number), part, name=f"{number}.jsonl")
    return case


def kept_slices(case: Case) -> list[str]:
    return [one.uri for one in case.archive.list("") if one.uri.endswith(".slices")]


def label(case: Case, rows: Rows) -> None:
    assert case.endpoint.capture is not None
    case.captures.label(case.endpoint.capture, DAY.end + timedelta(hours=1), rows.truths("day"))


def first(report: DriftReport) -> set[str]:
    assert report.slices is not None
    return set(report.slices.slices[0].conditions)


def test_nobody_asked_and_nothing_is_counted() -> None:
    case = world(Rows(1500, 2, move=0.3), policy=DriftPolicy())
    report = case.check(DAY)
    assert (report.slices, report.error_slices) == (None, None)
    assert not kept_slices(case)


def test_a_planted_slice_is_the_first_in_the_report_and_in_what_the_api_gives() -> None:
    report = world(Rows(2000, 2, move=0.15)).check(DAY)
    assert first(report) == SOUTH_BASIC
    shown = to_json(report)["slices"]["slices"][0]
    assert (shown["target"], shown["rows"]) == ("score", report.slices.slices[0].rows)  # type: ignore[union-attr]
    assert shown["low"] > 0.05


def test_the_split_into_pieces_changes_nothing() -> None:
    rows = Rows(2000, 3, move=0.2, wrong=0.4)
    reports = []
    for files in (1, 5):
        case = world(rows, files=files)
        label(case, rows)
        reports.append(case.check(DAY))
    assert reports[0].slices == reports[1].slices
    assert reports[0].error_slices == reports[1].error_slices
    assert first(reports[0]) == SOUTH_BASIC


def test_counts_that_were_kept_say_what_reading_says() -> None:
    rows = Rows(2000, 4, move=0.2, wrong=0.4)
    case = world(rows)
    label(case, rows)
    files = list_files(case.model, DAY, captures=case.captures, now=NOW)
    ports = {"store": case.store, "archive": case.archive, "captures": case.captures}
    counter = make_counter(case.model, DAY, **ports)  # type: ignore[arg-type]
    assert counter is not None
    count_window(case.model, DAY, files, [counter], captures=case.captures, archive=case.archive)
    other = make_counter(case.model, DAY, **ports)  # type: ignore[arg-type]
    assert other is not None
    other.merge(counter.counts())
    counted = other.counts()
    assert counted == counter.counts()

    class Kept(Reading):
        def fill(self, counter: object) -> None:
            counter.merge(counted)  # type: ignore[attr-defined]

    read = case.check(DAY)
    counts = Kept(case.model, DAY, case.captures, NOW)
    request = case.request(DAY, force=True)
    kept = check_drift(request, counts=counts, bus=case.bus, audit=case.audit, now=NOW, **ports)  # type: ignore[arg-type]
    assert (kept.slices, kept.error_slices) == (read.slices, read.error_slices)


def test_labels_that_come_later_say_where_it_is_wrong() -> None:
    rows = Rows(2000, 5, wrong=0.4)
    case = world(rows)
    before = case.check(DAY)
    assert before.error_slices is None
    label(case, rows)
    after = case.check(DAY)
    assert (before.revision, after.revision) == (1, 2)
    assert after.error_slices is not None
    assert set(after.error_slices.slices[0].conditions) == SOUTH_BASIC
    assert after.verdict is before.verdict is Verdict.NO_DRIFT
    assert not {name for one in after.error_slices.slices for name in one.conditions if name.startswith("decision")}


def test_a_baseline_from_before_the_question_is_said_and_counted_when_it_is_set_again() -> None:
    case = world(Rows(2000, 6, move=0.2), policy=DriftPolicy())
    case.policy(ASKED)
    early = case.check(DAY)
    assert early.slices is None
    assert UNSET in early.warnings
    info = case.baseline(BaselineSource(window=BASE))
    assert info.slices is not None
    assert info.slices.targets[:2] == ("decision", "score")
    later = case.check(DAY)
    assert first(later) == SOUTH_BASIC
    assert UNSET not in later.warnings
    assert case.baseline(BaselineSource(window=BASE)) == info, "the same rows again change nothing"


def test_slices_that_were_changed_are_refused() -> None:
    case = world(Rows(500, 7))
    name = next(name for name in case.archive._objects if name.endswith(".slices"))
    data, info = case.archive._objects[name]
    case.archive._objects[name] = data[:-1] + b"x", info
    with pytest.raises(InvalidInputError, match="their hash differs"):
        case.check(DAY)


def test_policies_that_do_not_ask_hash_as_before_there_were_slices() -> None:
    rules = {name: rule for name, rule in rules_of(DriftPolicy()).items() if name not in {"notes", "slices"}}
    assert policy_hash(DriftPolicy()) == sha256_of(rules)
    assert policy_hash(ASKED) != sha256_of(rules)


def test_persons_with_many_rows_are_no_evidence_of_their_own() -> None:
    def people(seed: int, number: int) -> Window:
        random = np.random.default_rng(seed)
        region = np.repeat(random.integers(0, 4, number), 20).astype(np.int32)
        value = np.repeat(random.standard_normal(number), 20)
        return from_columns({"region": Categories(region, ("a", "b", "c", "d")), "value": value})

    alone = thinned = 0
    for seed in range(20):
        before, now = people(2 * seed, 400), people(2 * seed + 1, 200)
        plan = plan_slices(summarise([before]), ["value"], never=["value"])
        counts = [count_slices(side.columns, side.rows, plan) for side in (now, before)]
        alone += bool(find_slices(plan, *counts).slices)
        thinned += bool(find_slices(plan, *counts, design={"value": 20.0}).slices)
    assert alone >= 10, "without it chance among persons is taken for a slice"
    assert thinned <= 2
