"""Checks under bad luck: retries, crashes, late files, other inputs, no baseline, large windows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest

from syndic.drift.models import BaselineInfo, BaselineSource, DriftPolicy, Persistence, Season, Verdict
from syndic.drift.policy.kept import get_policy
from syndic.drift.report.queries import find_baseline, get_baseline, history, latest_report, root_cause
from syndic.drift.set_baseline import UploadedRows, set_baseline
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from syndic.models import (
    CaptureSchema,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    EvidenceStatus,
    TimeWindow,
    WindowLength,
    to_json,
)
from syndic.ports import Record
from syndic.records import evidence_key, model_key
from syndic.windows import Window
from tests.proof import share
from tests.unit.drift.case import DATA, MONTHS, NOW, Case, capture_line, car_loan

SMALL = CaptureSchema(
    inputs=(ColumnSpec(name="x", kind=ColumnKind.NUMERIC), ColumnSpec(name="c", kind=ColumnKind.CATEGORICAL)),
    outputs=(ColumnSpec(name="y", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),),
)
HOURS = tuple(WindowLength.HOUR.around(datetime(2026, 11, 2, hour, tzinfo=UTC)) for hour in range(24))
BASE = TimeWindow(start=datetime(2026, 11, 1, tzinfo=UTC), end=datetime(2026, 11, 2, tzinfo=UTC))


def lines(rows: int, seed: int, shift: float = 0.0) -> bytes:
    random = np.random.default_rng(seed)
    x, y = random.normal(shift, 1, rows), random.random(rows)
    c = random.choice(["a", "b", "c"], rows)
    when = HOURS[0].start
    return b"".join(
        capture_line(f"{seed}-{place}", when, [f"{x[place]:.6f}", c[place]], [f"{y[place]:.6f}"])
        for place in range(rows)
    )


def hourly(shifts: Sequence[float], rows: int = 300) -> Case:
    """A model checked every hour; each number is one hour's shift of x."""
    case = Case(schema=SMALL, length=WindowLength.HOUR)
    case.add(BASE.start, lines(3000, 1))
    case.baseline(BaselineSource(window=BASE))
    for place, shift in enumerate(shifts):
        case.add(HOURS[place].start, lines(rows, 100 + place, shift))
    return case


def outcome(case: Case) -> object:
    evidence = case.store.get(evidence_key(case.model.id, "drift.run"))
    return history(case.model.id, store=case.store), case.findings, evidence and dict(evidence.body)


SHIFTS = (0.0, 2.0, 0.0, 0.0, 2.0, 2.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0)


def test_one_bad_hour_is_no_finding_and_two_of_three_are() -> None:
    case = hourly(SHIFTS)
    for hour in HOURS[: len(SHIFTS)]:
        case.check(hour)
    points = history(case.model.id, store=case.store).points
    assert [bool(point.drifted) for point in points] == [bool(shift) for shift in SHIFTS]
    assert [bool(point.confirmed) for point in points] == [place in {5, 7, 8} for place in range(12)]
    told = {key.rsplit(".", 2)[-2]: severity for key, (_, severity) in case.findings.items()}
    assert {key for key, severity in told.items() if severity != "none"} == {HOURS[p].key for p in (5, 7, 8)}
    assert told[HOURS[9].key] == "none"


@pytest.mark.parametrize("seed", share(range(8), 3))
def test_any_order_with_repeats_ends_the_same(seed: int) -> None:
    straight, mixed = hourly(SHIFTS), hourly(SHIFTS)
    for hour in HOURS[: len(SHIFTS)]:
        straight.check(hour)
    order = [*HOURS[: len(SHIFTS)], *HOURS[2:6]]
    Random(seed).shuffle(order)  # noqa: S311
    for hour in order:
        mixed.check(hour)
    assert outcome(mixed) == outcome(straight)


@pytest.mark.parametrize("broken", ["bus", "audit"])
def test_a_crash_before_everybody_was_told_is_made_good_by_the_retry(broken: str) -> None:
    case, well = hourly((2.0, 2.0)), hourly((2.0, 2.0))
    for hour in HOURS[:2]:
        well.check(hour)
    case.check(HOURS[0])
    port = getattr(case, broken)
    port.refuse = "down"
    with pytest.raises(UnavailableError):
        case.check(HOURS[1])
    port.refuse = None
    assert case.check(HOURS[1]).revision == 1
    assert outcome(case) == outcome(well)
    assert case.audit.actions.count("drift.checked") >= 2


def test_a_late_file_gives_a_new_revision_of_the_same_report() -> None:
    case = hourly((0.0,))
    first = case.check(HOURS[0])
    case.add(HOURS[0].start, lines(500, 77, 3.0), name="late.jsonl")
    second = case.check(HOURS[0])
    assert (first.id, first.revision, first.rows.current) == (second.id, 1, 300)
    assert (second.revision, second.rows.current, second.verdict) == (2, 800, Verdict.DRIFT)
    assert latest_report(case.model.id, store=case.store) == second


def test_another_policy_or_baseline_is_another_input() -> None:
    case = hourly((2.0,))
    assert case.check(HOURS[0]).revision == 1
    case.policy(DriftPolicy(psi_threshold=9.0))
    changed = case.check(HOURS[0])
    assert (changed.revision, changed.verdict) == (2, Verdict.NO_DRIFT)
    case.baseline(BaselineSource(window=HOURS[0]))
    assert case.check(HOURS[0]).revision == 3
    assert case.check(HOURS[0], force=True).revision == 4
    assert get_policy(case.model.id, store=case.store).version == 1


def test_the_same_baseline_or_policy_again_changes_nothing() -> None:
    case = hourly((0.0,))
    before, entries = get_baseline(case.model.id, store=case.store), len(case.audit.entries)
    assert case.baseline(BaselineSource(window=BASE)) == before
    first = case.policy(DriftPolicy(min_samples=7))
    assert case.policy(DriftPolicy(min_samples=7)) == first
    assert len(case.audit.entries) == entries + 1


def test_without_a_baseline_the_answer_is_not_comparable() -> None:
    case = Case(schema=SMALL, length=WindowLength.HOUR)
    case.add(HOURS[0].start, lines(300, 1))
    report = case.check(HOURS[0])
    assert (report.verdict, report.reason) == (Verdict.NOT_COMPARABLE, "no baseline is set for this model")
    evidence = case.store.get(evidence_key(case.model.id, "drift.run"))
    assert evidence is not None
    assert evidence.body["status"] == EvidenceStatus.INCONCLUSIVE.value
    case.add(BASE.start, lines(3000, 1))
    case.baseline(BaselineSource(window=BASE))
    assert case.check(HOURS[0]).verdict is Verdict.NO_DRIFT


def test_a_model_without_capture_or_schema_is_not_comparable() -> None:
    assert "not captured" in Case(capture=False).check(MONTHS[0]).reason
    case = Case()
    case.store.put(Record(model_key(case.model.id), to_json(case.model.model_copy(update={"capture_schema": None}))))
    assert "not described" in case.check(MONTHS[0]).reason


def test_an_unknown_model_and_unreadable_captures_raise() -> None:
    case = hourly((0.0,))
    case.captures.refuse = "access denied"
    with pytest.raises(UnavailableError):
        case.check(HOURS[0])
    with pytest.raises(NotFoundError):
        root_cause(case.model.id, store=case.store)
    with pytest.raises(NotFoundError):
        get_baseline("nobody", store=case.store)


def test_a_hole_in_the_window_is_not_enough_data() -> None:
    case = hourly((0.0,))
    report = case.check(HOURS[5])
    assert (report.verdict, report.rows.current) == (Verdict.NOT_ENOUGH_DATA, 0)


def test_a_baseline_from_a_table_keeps_the_columns_of_the_schema() -> None:
    case = Case()
    data = (DATA / "car_loan_reference_1k_per_month.csv.gz").read_bytes()
    case.captures.add("s3://tables/reference.csv.gz", data)
    info = case.baseline(BaselineSource(uri="s3://tables/reference.csv.gz"))
    assert info.rows == 10_000
    assert "timestamp" not in info.columns
    assert "id" not in info.columns
    assert "repaid" not in info.columns
    assert info.columns["y_pred"] is ColumnKind.CATEGORICAL
    uploaded = set_baseline(
        case.model.id,
        UploadedRows("reference.csv.gz", data),
        store=case.store,
        captures=case.captures,
        archive=case.archive,
        audit=case.audit,
        actor="ann",
        now=NOW,
    )
    assert uploaded.sha256 == info.sha256


def test_a_table_and_the_captured_window_of_the_same_rows_are_the_same_baseline() -> None:
    captured = car_loan()
    table = Case()
    table.captures.add("s3://t/r.csv.gz", (DATA / "car_loan_reference_1k_per_month.csv.gz").read_bytes())
    one = find_baseline(captured.model.id, store=captured.store)
    assert one is not None
    timed = BaselineSource(uri="s3://t/r.csv.gz", time_column="timestamp")
    assert table.baseline(timed).sha256 == one.sha256


def test_a_data_frame_is_the_same_baseline_as_its_table() -> None:
    import pandas as pd

    from syndic.windows.tables.dataframe import from_frame

    path = DATA / "car_loan_reference_1k_per_month.csv.gz"
    frame, case = pd.read_csv(path, dtype=str), Case()
    for spec in case.schema.columns:
        if spec.kind is ColumnKind.NUMERIC:
            frame[spec.name] = frame[spec.name].astype(float)
    kinds = {spec.name: spec.kind for spec in case.schema.columns}
    with pytest.raises(InvalidInputError, match=r"size_of_downpayment.*schema says categorical, the rows are numeric"):
        in_memory(case, from_frame(frame))
    info = in_memory(case, from_frame(frame, kinds=kinds))
    case.captures.add("s3://t/r.csv.gz", path.read_bytes())
    assert case.baseline(BaselineSource(uri="s3://t/r.csv.gz")).sha256 == info.sha256


def in_memory(case: Case, rows: Window) -> BaselineInfo:
    return set_baseline(
        case.model.id,
        rows,
        store=case.store,
        captures=case.captures,
        archive=case.archive,
        audit=case.audit,
        actor="ann",
        now=NOW,
    )


def test_a_baseline_without_rows_or_columns_is_refused() -> None:
    case = Case(schema=SMALL)
    with pytest.raises(InvalidInputError, match="no rows"):
        case.baseline(BaselineSource(window=BASE))
    case.captures.add("s3://t/other.csv", b"a,b\n1,2\n")
    with pytest.raises(InvalidInputError, match="none of the"):
        case.baseline(BaselineSource(uri="s3://t/other.csv"))
    with pytest.raises(NotFoundError):
        case.baseline(BaselineSource(uri="s3://t/none.csv"))
    bare = Case(capture=False)
    with pytest.raises(ConflictError):
        bare.baseline(BaselineSource(window=BASE))


def test_like_is_compared_with_like() -> None:
    case = Case(schema=SMALL, length=WindowLength.HOUR)
    night = [datetime(2026, 11, 1, hour, tzinfo=UTC) for hour in range(24)]
    for place, start in enumerate(night):
        shift = 4.0 if place < 12 else 0.0
        text = lines(400, 500 + place, shift).replace(b"2026-11-02T00", f"{start:%Y-%m-%dT%H}".encode())
        case.add(start, text)
    info = case.baseline(BaselineSource(window=BASE, season=Season.HOUR))
    assert len(info.seasons) == 24
    case.add(HOURS[3].start, lines(400, 901, 4.0))
    case.policy(DriftPolicy(season=Season.NONE))
    whole = case.check(HOURS[3]).features["x"]
    assert whole.verdict is Verdict.NO_DRIFT
    assert whole.limit is not None
    assert whole.psi is not None
    assert 0.1 < whole.psi < (whole.limit.learnt or 0.0)
    assert "the baseline's own 24 hours" in whole.reason
    case.policy(DriftPolicy(season=Season.AUTO))
    like = case.check(HOURS[3])
    assert like.verdict is Verdict.NO_DRIFT
    assert like.baseline_sha256 == info.seasons["h03"]
    case.policy(DriftPolicy(season=Season.WEEKDAY))
    assert "no part" in case.check(HOURS[3]).warnings[-1]


# --- large windows ------------------------------------------------------------------------------------


def test_persistence_of_the_policy_is_honoured() -> None:
    case = hourly((2.0, 2.0, 2.0))
    case.policy(DriftPolicy(persistence=Persistence(windows=3, of=3)))
    for hour in HOURS[:3]:
        report = case.check(hour)
    assert report.confirmed == ("x",)
    assert len(case.findings) == 1
    assert report.checked_at == NOW
