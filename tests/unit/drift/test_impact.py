"""Did it hurt? Drift and performance of a window in one record, and what it makes of a finding."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from syndic.drift.models import DriftPolicy, Harm, HistoryPoint, Impact, Verdict
from syndic.drift.policy.model import ImpactRules
from syndic.drift.report.impact import Seen, impact_of, performance_seen, with_impact
from syndic.drift.report.keep import tell_harm
from syndic.drift.report.queries import impacts, root_cause
from syndic.models import Severity, TimeWindow, WindowLength
from syndic.ports import Key, Record
from syndic.statistics.earlier_windows import change_from
from tests.unit.drift.case import MONTHS, Case, car_loan

APRIL, MAY = MONTHS[5:7]
HOUR = WindowLength.HOUR


def estimate(value: float, half: float = 0.01, **more: object) -> dict[str, object]:
    return {"value": value, "low": value - half, "high": value + half, **more}


def tell_quality(case: Case, window: TimeWindow, auc: float | None, expected: float | None = None) -> None:
    """What the quality check would keep of a window."""
    performance = None if auc is None else {"verdict": "measured", "metrics": {"auc": estimate(auc)}}
    scores = None if expected is None else {"verdict": "expected", "metrics": {"auc": estimate(expected)}}
    body = {"report": {"performance": performance, "expected": scores}, "announced": True}
    case.store.put(Record(Key(f"quality.{case.model.id}", window.key), body))


def joined(values: list[tuple[bool, float | None]], *, metric: str = "auc", source: str = "performance") -> Impact:
    """The record of the last of some hours, each with whether a column drifts and a value."""
    case = Case(length=HOUR)
    points = {}
    windows = [HOUR.around(datetime(2026, 1, 1, hour, tzinfo=UTC)) for hour in range(len(values))]
    for window, (drifts, value) in zip(windows, values, strict=True):
        verdict, drifted = (Verdict.DRIFT, ("x",)) if drifts else (Verdict.NO_DRIFT, ())
        points[window.key] = HistoryPoint(
            window=window, report_id="r", verdict=verdict, severity="none", rows=9, drifted=drifted, columns={}
        )
        if value is not None:
            report = {source: {"verdict": "expected", "metrics": {metric: estimate(value)}}}
            case.store.put(Record(Key(f"quality.{case.model.id}", window.key), {"report": report}))
    seen: Seen = performance_seen(case.store, case.model.id, windows[0], windows[-1])
    return impact_of(points[windows[-1].key], points, seen)


STEADY: list[tuple[bool, float | None]] = [(False, 0.90), (False, 0.91), (False, 0.89), (False, 0.90)]


@pytest.mark.parametrize(
    ("hours", "more", "harm"),
    [
        ([*STEADY, (True, 0.70)], {}, Harm.HURT),
        ([*STEADY, (True, 0.895)], {}, Harm.NOT_SEEN),
        ([*STEADY, (True, 0.99)], {}, Harm.NOT_SEEN),
        ([*STEADY, (True, 0.99)], {"metric": "rmse"}, Harm.HURT),
        ([*STEADY, (True, 0.70)], {"source": "expected"}, Harm.HURT),
        ([*STEADY, (True, None)], {}, Harm.UNKNOWN),
        ([*STEADY, (True, 0.70), (True, None)], {}, Harm.HURT),
        ([*STEADY, (True, 0.70), (False, None), (True, None)], {}, Harm.UNKNOWN),
        ([*STEADY[:2], (True, 0.70)], {}, Harm.UNKNOWN),
        ([(True, 0.9), (True, 0.9), (True, 0.9), (True, 0.7)], {}, Harm.UNKNOWN),
    ],
)
def test_harm_is_a_metric_that_is_worse_than_without_drift(
    hours: list[tuple[bool, float | None]], more: dict[str, str], harm: Harm
) -> None:
    found = joined(hours, **more)
    assert found.harm is harm
    assert ("sees no change of concept" in found.reason) == (more.get("source") == "expected")
    if harm is not Harm.UNKNOWN:
        assert found.compared_with == 4
        assert found.about is not None


def test_an_expectation_that_cannot_be_trusted_is_none() -> None:
    case = Case()
    report = {"performance": None, "expected": {"verdict": "not_calibrated", "metrics": {"auc": estimate(0.9)}}}
    case.store.put(Record(Key(f"quality.{case.model.id}", APRIL.key), {"report": report}))
    case.store.put(Record(Key(f"quality.{case.model.id}", MAY.key), {"report": {"performance": {"metrics": 3}}}))
    assert performance_seen(case.store, case.model.id, APRIL, MAY) == {}


def test_windows_like_the_earlier_ones_are_seldom_called_worse() -> None:
    random = np.random.default_rng(1)
    wrong = 0
    for _ in range(2000):
        means = 0.9 + 0.02 * random.standard_normal(7)
        seen = means + 0.01 * random.standard_normal(7)
        found = change_from(seen[6], 0.01, seen[:6].tolist(), [0.01] * 6)
        assert found is not None
        wrong += not found.low <= 0.0 <= found.high
    assert wrong / 2000 < 0.065
    assert change_from(0.5, 0.01, [0.9, 0.9], [0.01] * 2) is None


@pytest.mark.parametrize(
    ("harm", "source", "severity", "after"),
    [
        (Harm.HURT, "expected", Severity.LOW, Severity.HIGH),
        (Harm.HURT, "realised", Severity.CRITICAL, Severity.CRITICAL),
        (Harm.NOT_SEEN, "realised", Severity.HIGH, Severity.LOW),
        (Harm.NOT_SEEN, "expected", Severity.HIGH, Severity.HIGH),
        (Harm.UNKNOWN, None, Severity.HIGH, Severity.HIGH),
    ],
)
def test_the_policy_says_what_harm_makes_of_severity(
    harm: Harm, source: str | None, severity: Severity, after: Severity
) -> None:
    impact = Impact(window=APRIL, drift=Verdict.DRIFT, drifted=("x",), harm=harm, reason="so", source=source)
    assert with_impact(severity, impact, ImpactRules(not_seen=Severity.LOW)) is after
    assert with_impact(severity, impact, ImpactRules(hurt=None)) is severity
    assert with_impact(severity, None, ImpactRules()) is severity


def test_labels_that_come_late_tell_a_finding_again() -> None:
    case = car_loan()
    case.policy(DriftPolicy(impact=ImpactRules(not_seen=Severity.LOW)))
    for month in MONTHS[:6]:
        case.check(month)
        if month != APRIL:
            tell_quality(case, month, 0.95)
    april = next(
        event for event in case.findings.items() if f".{APRIL.key}." in f"{event[0]}." and event[1][0] == "car_value"
    )
    assert april[1][1] == "critical"
    tell_quality(case, APRIL, 0.945)
    before = len(case.bus.published)
    case.check(APRIL)
    assert case.findings[april[0]] == ("car_value", "low")
    told = len(case.bus.published)
    assert told > before
    case.check(APRIL)
    assert len(case.bus.published) == told
    tell_quality(case, APRIL, 0.6)
    case.check(MAY)
    assert case.findings[april[0]] == ("car_value", "critical")
    record = impacts(case.model.id, store=case.store).windows
    assert [one.harm for one in record[-2:]] == [Harm.HURT, Harm.HURT]
    assert record[-1].about == APRIL
    cause = root_cause(case.model.id, store=case.store)
    assert cause.quality_moved is True
    assert "auc 0.6 after 0.95" in cause.quality


def told_of(case: Case) -> list[object]:
    tell_harm(case.model.id, APRIL, store=case.store, bus=case.bus, audit=case.audit)
    return list(case.store.query(f"drift.{case.model.id}", prefix="point.", limit=100).records)


def test_drift_and_performance_give_the_same_end_in_either_order() -> None:
    first, last = car_loan(), car_loan()
    for case in (first, last):
        case.policy(DriftPolicy(impact=ImpactRules(not_seen=Severity.LOW)))
        for month in MONTHS[:5]:
            case.check(month)
            tell_quality(case, month, 0.95)
    tell_quality(first, APRIL, 0.945)
    first.check(APRIL)
    told = len(last.bus.published)
    assert APRIL not in [one.body["point"]["window"] for one in told_of(last)]
    assert len(last.bus.published) == told  # no report yet: nothing is made of it
    last.check(APRIL)
    assert first.findings != last.findings
    tell_quality(last, APRIL, 0.945)
    points = told_of(last)
    assert first.findings == last.findings
    assert [one.body for one in points] == [one.body for one in told_of(first)]
    told = len(last.bus.published)
    last.check(APRIL)
    assert told_of(last) == points
    assert len(last.bus.published) == told
