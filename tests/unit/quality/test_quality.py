"""Examining windows: sound data, each kind of trouble, delayed labels, declared levels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryCaptures, MemoryStore
from syndic.errors import ConflictError
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    CheckRequested,
    Cloud,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    Endpoint,
    FindingsChanged,
    RegisteredModel,
    TimeWindow,
    WindowLength,
    to_json,
)
from syndic.ports import Record
from syndic.quality.check import check_quality, get_report, history, latest_report, set_policy
from syndic.quality.keys import expectations_key
from syndic.quality.models import Check, Metric, PerformanceVerdict, QualityPolicy, QualityReport, Verdict
from syndic.records import evidence_key, model_key

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = WindowLength.DAY.around(datetime(2026, 11, 10, tzinfo=UTC))
NEXT = WindowLength.DAY.around(datetime(2026, 11, 11, tzinfo=UTC))
NUMERIC, CATEGORICAL = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
SCHEMA = CaptureSchema(
    inputs=(ColumnSpec(name="amount", kind=NUMERIC), ColumnSpec(name="purpose", kind=CATEGORICAL)),
    outputs=(
        ColumnSpec(name="risk", kind=CATEGORICAL, role=ColumnRole.PREDICTION),
        ColumnSpec(name="score", kind=NUMERIC, role=ColumnRole.SCORE),
    ),
    label=ColumnSpec(name="label", kind=CATEGORICAL, role=ColumnRole.LABEL),
)
EXPECTED = {
    "amount": {"kind": "numeric", "low": 0.0, "high": 100.0, "missing": 0.01, "rows": 1000},
    "purpose": {"kind": "categorical", "values": ["car", "house"], "rows": 1000},
    "risk": {"kind": "categorical", "role": "prediction", "values": ["0", "1"], "rows": 1000},
    "score": {"kind": "numeric", "role": "score", "low": 0.0, "high": 1.0, "rows": 1000},
}
Row = tuple[str, str, str, str]


def rows(size: int = 300, seed: int = 1) -> list[Row]:
    random = np.random.default_rng(seed)
    scores = random.random(size)
    return [
        (f"{random.uniform(0, 100):.4f}", str(random.choice(["car", "house"])), str(int(score > 0.5)), f"{score:.6f}")
        for score in scores
    ]


def lines(given: list[Row], prefix: str = "e") -> bytes:
    out = []
    for place, (amount, purpose, risk, score) in enumerate(given):
        event = {
            "captureData": {
                "endpointInput": {
                    "observedContentType": "text/csv",
                    "mode": "INPUT",
                    "data": f"{amount},{purpose}",
                    "encoding": "CSV",
                },
                "endpointOutput": {
                    "observedContentType": "text/csv",
                    "mode": "OUTPUT",
                    "data": f"{risk},{score}",
                    "encoding": "CSV",
                },
            },
            "eventMetadata": {"eventId": f"{prefix}{place}", "inferenceTime": "2026-11-10T01:00:00Z"},
            "eventVersion": "0",
        }
        out.append(json.dumps(event).encode() + b"\n")
    return b"".join(out)


def truths(given: list[Row], wrong: int, prefix: str = "e", start: int = 0) -> bytes:
    """Labels: the predicted class, but the other one for the first `wrong` rows."""
    out = []
    for place, (_, _, risk, _) in enumerate(given):
        label = ("1" if risk == "0" else "0") if place < wrong else risk
        event = {
            "groundTruthData": {"data": label, "encoding": "CSV"},
            "eventMetadata": {"eventId": f"{prefix}{place + start}"},
            "eventVersion": "0",
        }
        out.append(json.dumps(event).encode() + b"\n")
    return b"".join(out)


@dataclass
class Case:
    """A model on in-memory ports."""

    expected: bool = True

    def __post_init__(self) -> None:
        self.store, self.archive, self.captures = MemoryStore(), MemoryArchive(), MemoryCaptures(lambda: NOW)
        self.bus, self.audit = MemoryBus(), MemoryAudit()
        self.capture = CaptureConfig(
            enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://captures/live", labels_uri="s3://captures/labels"
        )
        self.endpoint = Endpoint(
            cloud=Cloud.AWS,
            scope="1/eu",
            name="credit",
            resource_id="arn:credit",
            status="InService",
            capture=self.capture,
        )
        self.model = RegisteredModel(
            id=self.endpoint.model_id,
            name="credit",
            cloud=Cloud.AWS,
            owner="owner@example.com",
            endpoint=self.endpoint,
            capture_schema=SCHEMA,
            registered_at=NOW,
        )
        self.store.put(Record(model_key(self.model.id), to_json(self.model)))
        if self.expected:
            self.store.put(Record(expectations_key(self.model.id), {"baseline_sha256": "x", "columns": EXPECTED}))

    def add(self, data: bytes, window: TimeWindow = DAY, name: str = "00.jsonl") -> None:
        self.captures.capture(self.endpoint, window.start + timedelta(hours=1), data, name=name)

    def label(self, data: bytes, days: int = 3, name: str = "labels.jsonl") -> None:
        self.captures.label(self.capture, DAY.start + timedelta(days=days), data, name=name)

    def check(self, window: TimeWindow = DAY, *, force: bool = False) -> QualityReport:
        return check_quality(
            CheckRequested(check="quality", model_id=self.model.id, window=window, force=force),
            store=self.store,
            captures=self.captures,
            archive=self.archive,
            bus=self.bus,
            audit=self.audit,
            now=NOW,
        )

    def levels(self, **levels: float) -> None:
        policy = QualityPolicy(levels={Metric(name): level for name, level in levels.items()})
        set_policy(self.model.id, policy, store=self.store, audit=self.audit, actor="ann", now=NOW)

    @property
    def findings(self) -> dict[str, tuple[str, str | None, str]]:
        return {
            finding.id: (finding.subject, finding.measure, finding.severity.value)
            for event in self.bus.published
            if isinstance(event, FindingsChanged)
            for finding in event.findings
        }


def checks(report: QualityReport) -> set[tuple[str, str | None]]:
    return {(issue.check.value, issue.column) for issue in report.issues}


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
