"""Quality of captured rows, and performance once labels come."""

from __future__ import annotations

import json

import pytest

from syndic.errors import ConflictError
from syndic.models import (
    TimeWindow,
    to_json,
)
from syndic.ports import Record
from syndic.quality.check import get_report, history, latest_report
from syndic.quality.keys import expectations_key
from syndic.quality.models import Check, Metric, PerformanceVerdict, Verdict
from syndic.records import evidence_key, model_key
from tests.unit.quality.case import DAY, EXPECTED, NEXT, Case, checks, lines, rows, truths


def test_sound_data_have_no_issue() -> None:
    case = Case()
    case.add(lines(rows()))
    report = case.check()
    assert (report.verdict, report.issues, report.rows) == (Verdict.SOUND, (), 300)
    assert report.duplicate_share == 0.0
    assert case.findings == {}
    evidence = case.store.get(evidence_key(case.model.id, "quality.run"))
    assert evidence is not None
    assert evidence.body["status"] == "passing"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda r: ("", *r[1:]), ("missing", "amount")),
        (lambda r: (f"{float(r[0]) + 1000}", *r[1:]), ("range", "amount")),
        (lambda r: ("inf", *r[1:]), ("infinite", "amount")),
        (lambda r: (r[0], "boat", *r[2:]), ("unseen", "purpose")),
    ],
    ids=["missing", "range", "infinite", "unseen"],
)
def test_a_change_in_a_fifth_of_the_rows_is_named(change, found) -> None:  # type: ignore[no-untyped-def]
    case = Case()
    case.add(lines([change(row) if place % 5 == 0 else row for place, row in enumerate(rows())]))
    report = case.check()
    assert report.verdict is Verdict.ISSUES
    assert checks(report) == {found}
    assert report.issues[0].reason
    assert [finding[:2] for finding in case.findings.values()] == [(found[1], found[0])]


def test_one_odd_row_in_a_small_window_is_no_issue() -> None:
    case = Case()
    given = rows(80)
    given[3] = ("500", *given[3][1:])
    case.add(lines(given))
    assert case.check().verdict is Verdict.SOUND


def test_constant_columns_and_repeated_rows_are_named() -> None:
    case = Case()
    case.add(lines([("5.25", "car", "1", "0.75")] * 300))
    report = case.check()
    assert ("constant", "amount") in checks(report)
    assert ("duplicates", None) in checks(report)
    assert report.duplicate_share == pytest.approx(299 / 300)


def test_lost_and_new_columns_are_named() -> None:
    case = Case()
    columns = {**{k: v for k, v in EXPECTED.items() if k != "amount"}, "age": EXPECTED["amount"]}
    case.store.put(Record(expectations_key(case.model.id), {"baseline_sha256": "x", "columns": columns}))
    case.add(lines(rows()))
    report = case.check()
    assert checks(report) == {("lost_column", "age"), ("new_column", "amount")}


def test_a_column_of_another_kind_is_named() -> None:
    case = Case()
    columns = {**EXPECTED, "purpose": {"kind": "numeric", "low": 0.0, "high": 1.0}}
    case.store.put(Record(expectations_key(case.model.id), {"baseline_sha256": "x", "columns": columns}))
    case.add(lines(rows()))
    assert checks(case.check()) == {("type", "purpose")}


def test_rejected_records_are_counted_and_named() -> None:
    case = Case()
    case.add(lines(rows()) + b"not json\n" * 100)
    report = case.check()
    assert checks(report) == {(Check.REJECTED.value, None)}
    assert report.intake.read == report.intake.used + report.intake.rejected == 400


def test_a_file_of_rejected_lines_alone_makes_no_other_row_look_repeated() -> None:
    case = Case()
    for number in range(3):
        case.add(lines(rows(100, seed=number), prefix=f"{number}-"), name=f"{number}.jsonl")
    case.add(b"{not json\n", name="1-rejected.jsonl")
    assert case.check().duplicate_share == 0.0


def test_rejected_records_are_quarantined_by_place_and_reason_never_by_content() -> None:
    case = Case()
    assert case.check().quarantine is None
    case.add(lines(rows()) + b"the secret of somebody\n" * 3)
    report = case.check()
    assert report.quarantine is not None
    listed = [json.loads(line) for line in case.archive.get(report.quarantine).splitlines()]
    assert len(listed) == report.intake.rejected == 3
    assert {entry["reason"] for entry in listed} == {"json"}
    assert [entry["line"] for entry in listed] == [301, 302, 303]
    assert all(entry["object"].startswith("s3://") for entry in listed)
    assert b"secret" not in case.archive.get(report.quarantine)


def test_few_rows_and_no_baseline_are_answers() -> None:
    few = Case()
    few.add(lines(rows(10)))
    assert few.check().verdict is Verdict.NOT_ENOUGH_DATA
    assert Case().check().verdict is Verdict.NOT_ENOUGH_DATA
    without = Case(expected=False)
    without.add(lines(rows()))
    report = without.check()
    assert report.verdict is Verdict.NOT_COMPARABLE
    assert report.warnings


def test_no_capture_is_a_conflict() -> None:
    case = Case()
    bare = case.model.model_copy(update={"capture_schema": None})
    case.store.put(Record(model_key(bare.id), to_json(bare)))
    with pytest.raises(ConflictError, match="not captured"):
        case.check()


def test_labels_give_metrics_with_intervals_and_coverage() -> None:
    case = Case()
    given = rows(400)
    case.add(lines(given))
    case.label(truths(given[:300], wrong=30) + truths(given[:5], wrong=0, prefix="other"))
    performance = case.check().performance
    assert performance is not None
    assert (performance.rows, performance.labelled, performance.late, performance.orphans) == (400, 300, 300, 5)
    assert performance.coverage == pytest.approx(0.75)
    accuracy = performance.metrics[Metric.ACCURACY]
    assert accuracy.value == pytest.approx(270 / 300)
    assert accuracy.low is not None
    assert accuracy.low < 0.9 < (accuracy.high or 0.0)
    assert performance.verdict is PerformanceVerdict.MEASURED
    assert performance.confusion is not None
    assert sum(performance.confusion.values()) == 300
    assert {Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.AUC, Metric.BRIER} <= performance.metrics.keys()


def test_below_is_said_only_when_the_whole_interval_is_below() -> None:
    given = rows(400)

    def verdict(level: float) -> PerformanceVerdict:
        case = Case()
        case.levels(accuracy=level)
        case.add(lines(given))
        case.label(truths(given, wrong=40))
        performance = case.check().performance
        assert performance is not None
        return performance.verdict

    assert verdict(0.80) is PerformanceVerdict.MEETS_LEVEL
    assert verdict(0.91) is PerformanceVerdict.INCONCLUSIVE
    assert verdict(0.99) is PerformanceVerdict.BELOW_LEVEL


def test_few_labels_are_not_enough() -> None:
    case = Case()
    given = rows(400)
    case.levels(accuracy=0.99)
    case.add(lines(given))
    case.label(truths(given[:20], wrong=20))
    performance = case.check().performance
    assert performance is not None
    assert performance.verdict is PerformanceVerdict.NOT_ENOUGH_DATA
    assert case.findings == {}


def test_late_labels_give_a_new_revision_and_labels_of_other_rows_none() -> None:
    case = Case()
    given = rows(400)
    case.add(lines(given))
    case.label(truths(given[:200], wrong=0))
    assert case.check().revision == 1
    case.label(truths(given[:50], wrong=0, prefix="unrelated"), name="more.jsonl")
    events = len(case.bus.published)
    assert case.check().revision == 1
    assert len(case.bus.published) == events
    case.label(truths(given[200:], wrong=50, start=200), name="late.jsonl")
    report = case.check()
    assert report.revision == 2
    assert report.performance is not None
    assert report.performance.labelled == 400


def test_a_missed_level_and_its_end_are_told_in_any_order() -> None:
    given = rows(400)

    def run(order: list[TimeWindow]) -> dict[str, tuple[str, str | None, str]]:
        case = Case()
        bad = [("900", *row[1:]) for row in given]
        case.add(lines(bad))
        case.add(lines(given, prefix="n"), window=NEXT)
        for window in order:
            case.check(window)
        assert [p.verdict for p in history(case.model.id, store=case.store).points] == [Verdict.ISSUES, Verdict.SOUND]
        newest = latest_report(case.model.id, store=case.store)
        assert newest == get_report(case.model.id, NEXT, store=case.store)
        assert history(case.model.id, store=case.store).points[-1].expected == newest.expected
        return case.findings

    assert run([DAY, NEXT]) == run([NEXT, DAY]) == run([NEXT, DAY, NEXT, DAY])
    assert sorted(severity for _, measure, severity in run([DAY, NEXT]).values() if measure == "range") == [
        "medium",
        "none",
    ]


def test_the_report_does_not_depend_on_how_records_are_split() -> None:
    given = rows(300)
    whole, split = Case(), Case()
    whole.add(lines(given))
    data = lines(given).splitlines(keepends=True)
    for part in range(7):
        split.add(b"".join(data[part::7]), name=f"{part}.jsonl")
    drop = {"inputs_sha256", "intake"}
    assert whole.check().model_dump(exclude=drop) == split.check().model_dump(exclude=drop)
