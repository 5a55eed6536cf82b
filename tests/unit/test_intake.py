"""Records that could not be read: every answer names them, and beyond the policy's share none of them is a pass."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryCaptures, MemoryStore
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.drift.models import BaselineSource, DriftPolicy
from syndic.drift.set_baseline import set_baseline
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    CheckRequested,
    Cloud,
    ColumnRole,
    Endpoint,
    Evidence,
    EvidenceStatus,
    FindingsChanged,
    Intake,
    RegisteredModel,
    TimeWindow,
    WindowLength,
    to_json,
)
from syndic.models.intake_words import beyond_tolerance, lost_share, records_line
from syndic.policy import WindowPolicy, set_policy
from syndic.ports import Record
from syndic.quality.policy.model import QualityPolicy
from syndic.records import list_evidence, model_key
from syndic.windows import Reason
from tests.reading import check_bias, check_drift, check_quality
from tests.unit.windows.captured import CSV, collector, sagemaker, side
from tests.unit.windows.made import numeric, text

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BASE = WindowLength.DAY.around(datetime(2026, 11, 10, tzinfo=UTC))
DAY = WindowLength.DAY.around(datetime(2026, 11, 11, tzinfo=UTC))
ROWS = 1_200
SCHEMA = CaptureSchema(
    inputs=(numeric("amount"), text("sex")),
    outputs=(text("decision", ColumnRole.PREDICTION), numeric("score", ColumnRole.SCORE)),
)
CHECKS: dict[str, Callable[..., Any]] = {"drift": check_drift, "bias": check_bias, "quality": check_quality}
POLICIES: dict[str, WindowPolicy] = {
    "drift": DriftPolicy(),
    "quality": QualityPolicy(),
    "bias": BiasPolicy(favourable=("1",), protected_attributes=(ProtectedAttribute(name="sex"),)),
}
FINE = {"drift": "no_drift", "bias": "no_indication", "quality": "sound"}
CANNOT_TELL = {
    "drift": {"not_comparable"},
    "bias": {"not_assessable"},
    "quality": {"issues", "not_comparable"},  # records that cannot be read are what quality is about
}
BROKEN_CSV = {"columns": "5", "type": "five,m", "payload": '5,"m', "empty": " "}
BROKEN_EVENTS: dict[str, Any] = {"columns": [[5]], "type": [{"amount": "five"}], "empty": []}


def values(seed: int, *, moved: float = 0.0, gap: float = 0.0) -> list[tuple[Any, Any]]:
    dice = np.random.default_rng(seed)
    found = []
    for _ in range(ROWS):
        sex, score = str(dice.choice(["f", "m"])), round(float(dice.random()), 4)
        favoured = score < (0.8 - gap if sex == "f" else 0.8)
        found.append(((round(float(dice.normal(50 + moved, 10)), 2), sex), (str(int(favoured)), score)))
    return found


def captured(cloud: Cloud, rows: list[tuple[Any, Any]], bad: int, *, outputs: bool = False) -> bytes:
    """A file in which `bad` calls, spread over the file, have a side that cannot be read."""
    broken = list(BROKEN_CSV.values()) if cloud is Cloud.AWS else list(BROKEN_EVENTS.values())
    places = set(np.linspace(0, len(rows) - 1, bad).astype(int).tolist()) if bad else set()
    assert len(places) == bad
    calls: list[tuple[Any, Any]] = []
    for place, (given_row, answered) in enumerate(rows):
        fault = broken[place % len(broken)] if place in places else None
        if cloud is Cloud.AWS:
            sides: list[Any] = [",".join(map(str, given_row)), ",".join(map(str, answered))]
        else:
            sides = [[dict(zip(("amount", "sex"), given_row, strict=True))]]
            sides.append([dict(zip(("decision", "score"), answered, strict=True))])
        if fault is not None:
            sides[outputs] = fault
        calls.append((sides[0], sides[1]))
    if cloud is Cloud.AWS:
        return sagemaker((side(one, CSV), side(other, CSV)) for one, other in calls)
    return collector(calls)


class World:
    """A model of a cloud on in-memory ports, with a baseline and a policy for each check."""

    def __init__(self, cloud: Cloud, tolerance: float | None = None) -> None:
        self.cloud = cloud
        self.ports: dict[str, Any] = {
            "store": MemoryStore(),
            "captures": MemoryCaptures(lambda: NOW),
            "archive": MemoryArchive(),
            "bus": MemoryBus(),
            "audit": MemoryAudit(),
        }
        form = CaptureFormat.SAGEMAKER if cloud is Cloud.AWS else CaptureFormat.AZURE_COLLECTOR
        config = CaptureConfig(enabled=True, format=form, uri="s3://captures/live")
        self.endpoint = Endpoint(
            cloud=cloud, scope="1/eu", name="credit", resource_id="r", status="InService", capture=config
        )
        self.model = RegisteredModel(
            id="credit", name="credit", cloud=cloud, owner="o@example.com", endpoint=self.endpoint,
            capture_schema=SCHEMA, window=WindowLength.DAY, registered_at=NOW,
        )  # fmt: skip
        self.ports["store"].put(Record(model_key("credit"), to_json(self.model)))
        self.add(BASE, captured(cloud, values(1), 0))
        audit = {"actor": "ann", "now": NOW}
        kept = {name: port for name, port in self.ports.items() if name != "bus"}
        set_baseline("credit", BaselineSource(window=BASE), **kept, **audit)
        for policy in POLICIES.values():
            changed = policy if tolerance is None else policy.model_copy(update={"rejected_tolerance": tolerance})
            set_policy("credit", changed, store=kept["store"], audit=kept["audit"], **audit)

    def add(self, window: TimeWindow, data: bytes) -> None:
        at = window.start + timedelta(hours=1)
        path = f"{self.endpoint.capture.uri}/credit/blue/all/{at:%Y/%m/%d/%H}/i.jsonl"  # type: ignore[union-attr]
        if self.cloud is Cloud.AWS:
            self.ports["captures"].capture(self.endpoint, at, data)
            return
        for collection in ("model_inputs", "model_outputs"):
            lines = [line for line in data.splitlines(keepends=True) if f".{collection}".encode() in line]
            self.ports["captures"].add(path.replace("all", collection), b"".join(lines), modified=NOW)

    def check(self, concern: str) -> Any:
        request = CheckRequested(check=concern, model_id="credit", window=DAY)
        report = CHECKS[concern](request, **self.ports, now=NOW)
        return report[0] if isinstance(report, tuple) else report

    def evidence(self, concern: str) -> Evidence:
        return next(item for item in list_evidence(self.ports["store"], "credit") if item.kind == f"{concern}.run")

    @property
    def told(self) -> list[str]:
        events = [event for event in self.ports["bus"].published if isinstance(event, FindingsChanged)]
        return [finding.reason for event in events for finding in event.findings if finding.severity.rank]


@cache
def checked(cloud: Cloud, bad: int) -> tuple[World, dict[str, Any]]:
    world = World(cloud)
    world.add(DAY, captured(cloud, values(2), bad))
    return world, {concern: world.check(concern) for concern in CHECKS}


@pytest.mark.parametrize("concern", CHECKS)
@pytest.mark.parametrize("cloud", [Cloud.AWS, Cloud.AZURE])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.049, 0.06, 0.49, 1.0])
def test_the_share_of_rejected_records_decides_whether_a_window_can_be_judged(
    share: float, cloud: Cloud, concern: str
) -> None:
    bad = round(share * ROWS)
    world, reports = checked(cloud, bad)
    report, evidence = reports[concern], world.evidence(concern)
    records = 1 if cloud is Cloud.AWS else 2  # the collector keeps both sides of a call in records of their own
    intake = report.intake
    assert (intake.read, intake.rejected) == (records * ROWS, records * bad)
    assert intake.read == intake.used + intake.rejected
    assert evidence.facts["records"]["rejected"] == intake.rejected  # type: ignore[index,call-overload]
    if share > 0.05:
        assert report.verdict.value in CANNOT_TELL[concern]
        assert evidence.status is not EvidenceStatus.PASSING
        assert f"{intake.rejected} of {intake.read} records" in report.reason
    else:
        assert report.verdict.value == FINE[concern]
        assert evidence.status is EvidenceStatus.PASSING
    line = records_line(intake)
    assert (line is None) == (bad == 0)
    if line is not None:
        assert f"{intake.read} records read, {intake.used} used, {intake.rejected} rejected" in evidence.summary
        assert "where" in line


@pytest.mark.parametrize("cloud", [Cloud.AWS, Cloud.AZURE])
def test_reasons_are_counted_one_by_one(cloud: Cloud) -> None:
    _, reports = checked(cloud, round(0.49 * ROWS))
    reasons = Counter(reports["drift"].intake.reasons)
    answers = reasons.pop("rows", 0)  # the answers to questions that could not be read
    kinds = BROKEN_CSV if cloud is Cloud.AWS else BROKEN_EVENTS
    assert set(reasons) == set(kinds)
    assert answers == (0 if cloud is Cloud.AWS else reasons.total())
    assert min(reasons.values()) > 100
    assert set(reports["drift"].intake.examples) == set(reports["drift"].intake.reasons)


@pytest.mark.parametrize("cloud", [Cloud.AWS, Cloud.AZURE])
def test_the_policy_says_how_many_are_too_many(cloud: Cloud) -> None:
    for tolerance, verdict in ((0.1, "no_drift"), (0.0, "not_comparable")):
        world = World(cloud, tolerance)
        world.add(DAY, captured(cloud, values(2), 60))
        assert world.check("drift").verdict.value == verdict
        assert (world.check("bias").verdict.value == "no_indication") == (tolerance > 0)
        assert (world.check("quality").verdict.value == "sound") == (tolerance > 0)


@pytest.mark.parametrize("cloud", [Cloud.AWS, Cloud.AZURE])
def test_a_difference_among_the_rows_that_were_read_is_still_a_finding_and_says_of_which(cloud: Cloud) -> None:
    world = World(cloud)
    world.add(DAY, captured(cloud, values(2, moved=30, gap=0.4), 300))
    drift, bias = world.check("drift"), world.check("bias")
    assert (drift.verdict.value, bias.verdict.value) == ("drift", "adverse_impact_indicated")
    for report, concern in ((drift, "drift"), (bias, "bias")):
        assert "These are the rows that were read" in report.reason
        assert world.evidence(concern).status is not EvidenceStatus.PASSING
    assert world.told
    assert all("records read" in reason for reason in world.told)  # what mails are made of


@pytest.mark.parametrize("cloud", [Cloud.AWS, Cloud.AZURE])
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_answers_that_cannot_be_read_take_no_question_with_them_and_are_no_missing_values(
    share: float, cloud: Cloud
) -> None:
    bad = round(share * ROWS)
    world = World(cloud)
    world.add(DAY, captured(cloud, values(2), bad, outputs=True))
    drift, quality = world.check("drift"), world.check("quality")
    assert drift.rows.current == ROWS
    intake = drift.intake
    assert intake.unread == {"decision": bad, "score": bad}
    assert (intake.partial, intake.rejected) == ((bad, 0) if cloud is Cloud.AWS else (0, bad))
    assert drift.drifted == ()
    assert drift.verdict.value == ("no_drift" if share < 0.05 else "not_comparable")
    assert {feature.missing.current for feature in drift.features.values()} == {0.0}
    assert not [issue for issue in quality.issues if issue.check.value == "missing"]
    assert (world.evidence("quality").status is EvidenceStatus.PASSING) == (share < 0.05)


def test_repeated_deliveries_are_no_loss_and_a_cut_file_is_one() -> None:
    twice = Intake(objects=2, read=200, used=100, rejected=100, reasons={"duplicate": 100})
    assert lost_share(twice) == 0
    assert beyond_tolerance(twice, 0.0) is None
    cut = Intake(objects=4, read=1001, used=1000, rejected=1, reasons={"truncated": 1})
    assert lost_share(cut) == 0.25
    assert "1 of 4 files" in (beyond_tolerance(cut, 0.05) or "")


REASONS = st.dictionaries(st.sampled_from([reason.value for reason in Reason]), st.integers(1, 50), max_size=6)


@st.composite
def intakes(draw: st.DrawFn) -> Intake:
    used, reasons, partial = draw(st.integers(0, 500)), draw(REASONS), draw(REASONS)
    while sum(partial.values()) > used:
        partial.popitem()
    rejected = sum(reasons.values())
    return Intake(
        objects=draw(st.integers(1, 9)),
        read=used + rejected,
        used=used,
        rejected=rejected,
        reasons=reasons,
        partial=sum(partial.values()),
        partial_reasons=partial,
        examples={reason: draw(st.text("abc", min_size=1)) for reason in {**reasons, **partial}},
    )


@given(st.lists(intakes(), min_size=1, max_size=4), st.floats(0, 1))
def test_intakes_add_up_in_any_order_and_are_judged_by_their_share(parts: list[Intake], tolerance: float) -> None:
    total, back = Intake(), Intake()
    for part, other in zip(parts, reversed(parts), strict=True):
        total, back = total.plus(part), back.plus(other)
    assert total == back
    assert total.read == total.used + total.rejected
    assert 0 <= lost_share(total) <= 1
    said = beyond_tolerance(total, tolerance)
    assert (said is not None) == (lost_share(total) > tolerance)
    assert json.loads(total.model_dump_json()) == to_json(total)
    line = records_line(total)
    assert (line is None) == (total.rejected + total.partial == 0)
