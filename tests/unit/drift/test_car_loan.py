"""The car-loan stream: nothing before April 2019, then the value of the cars."""

from __future__ import annotations

from random import Random

import pytest

from syndic.drift.models import Verdict
from syndic.drift.report.queries import feature_trend, history, latest_report, root_cause
from syndic.models import EvidenceStatus, FindingsChanged, Severity
from syndic.records import evidence_key
from tests.proof import share
from tests.unit.drift.case import MONTHS, Case, car_loan

APRIL = MONTHS[5]
QUIET = ("debt_to_income_ratio", "size_of_downpayment", "driver_tenure")


@pytest.fixture(scope="module")
def checked() -> Case:
    case = car_loan()
    for month in MONTHS:
        case.check(month)
    return case


def test_nothing_drifts_before_april_2019(checked: Case) -> None:
    for point in history(checked.model.id, store=checked.store).points[:5]:
        assert point.verdict is Verdict.NO_DRIFT
        assert max(column.psi or 0.0 for column in point.columns.values()) < 0.03


def test_the_value_of_the_cars_drifts_from_april_on_and_three_columns_stay_quiet(checked: Case) -> None:
    points = history(checked.model.id, store=checked.store).points
    assert len(points) == 10
    for point in points[5:]:
        car_value = point.columns["car_value"]
        assert point.drifted[0] == "car_value"
        assert 1.5 <= (car_value.psi or 0.0) <= 1.9
        assert car_value.severity is Severity.CRITICAL
        assert all(point.columns[name].verdict is Verdict.NO_DRIFT for name in QUIET)


def test_the_trouble_is_one_episode_that_began_in_april(checked: Case) -> None:
    first = history(checked.model.id, store=checked.store).episodes[0]
    assert (first.feature, first.first, first.windows, first.ongoing) == ("car_value", APRIL, 5, True)
    trend = feature_trend(checked.model.id, "car_value", store=checked.store)
    assert [episode.first for episode in trend.episodes] == [APRIL]
    assert len(trend.points) == 10


def test_root_cause_ranks_the_columns_and_says_that_the_score_moved(checked: Case) -> None:
    cause = root_cause(checked.model.id, store=checked.store)
    assert cause.ranked[0].feature == "car_value"
    assert cause.ranked[0].share > 0.5
    assert cause.ranked[0].since == APRIL
    assert [entry.share for entry in cause.ranked] == sorted((e.share for e in cause.ranked), reverse=True)
    assert cause.predictions_moved is True
    assert "y_pred_proba" in cause.predictions
    assert cause.quality_moved is None
    histogram = cause.ranked[0].histogram
    assert histogram is not None
    assert sum(histogram.baseline) == pytest.approx(1.0, abs=1e-4)
    assert sum(histogram.current) == pytest.approx(1.0, abs=1e-4)


def test_findings_name_the_same_trouble_by_the_same_key(checked: Case) -> None:
    subjects = {subject for subject, _ in checked.findings.values()}
    assert "car_value" in subjects
    assert not subjects & set(QUIET)
    assert [severity for subject, severity in checked.findings.values() if subject == "car_value"] == ["critical"] * 5


def test_a_finding_names_its_window_by_its_days(checked: Case) -> None:
    told = [f for event in checked.bus.published if isinstance(event, FindingsChanged) for f in event.findings]
    reasons = [found.reason for found in told if found.subject == "car_value"]
    assert reasons[0].startswith("In the window 2019-04-01 to 2019-04-30 (UTC): PSI 1.88 is over 0.1 (by chance alone ")


def test_evidence_is_of_the_newest_window(checked: Case) -> None:
    record = checked.store.get(evidence_key(checked.model.id, "drift.run"))
    assert record is not None
    assert record.body["status"] == EvidenceStatus.FAILING.value
    assert record.body["window"]["start"].startswith("2019-08-01")


def test_every_number_of_a_report_is_a_number_and_every_null_has_its_reason(checked: Case) -> None:
    report = latest_report(checked.model.id, store=checked.store)
    assert report is not None
    for feature in report.features.values():
        for name in ("psi", "wasserstein", "jensen_shannon", "l_infinity"):
            assert (getattr(feature, name) is None) == (name in feature.undefined)
        assert (feature.ks.statistic is None) == (feature.ks.reason is not None)
        assert (feature.chi_square.statistic is None) == (feature.chi_square.reason is not None)
        assert feature.reason


def state(case: Case) -> object:
    """What is left in the end: points, reports without times, findings, evidence."""
    found = history(case.model.id, store=case.store)
    evidence = case.store.get(evidence_key(case.model.id, "drift.run"))
    assert evidence is not None
    return found, case.findings, dict(evidence.body)


@pytest.mark.parametrize("seed", share(range(4), 3))
def test_the_order_of_arrival_and_repeats_do_not_change_the_final_state(checked: Case, seed: int) -> None:
    case = car_loan()
    order = [*MONTHS, *MONTHS[3:7]]
    Random(seed).shuffle(order)  # noqa: S311
    for month in order:
        case.check(month)
    assert state(case) == state(checked)


def test_a_second_check_writes_nothing_and_says_nothing(checked: Case) -> None:
    events, entries = len(checked.bus.published), len(checked.audit.entries)
    before = state(checked)
    assert checked.check(APRIL).revision == 1
    assert (len(checked.bus.published), len(checked.audit.entries)) == (events, entries)
    assert state(checked) == before
