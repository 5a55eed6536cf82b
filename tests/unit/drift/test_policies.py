"""Policies: the configuration file's shape, persistence, and the rules of judging."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import numpy as np
import pytest
from pydantic import ValidationError

from syndic.drift.baseline.seasonal import season_key
from syndic.drift.baseline.summary import summarise
from syndic.drift.counts.count_rows import count
from syndic.drift.models import DriftPolicy, FeatureRule, Persistence, SeverityBands, Verdict
from syndic.drift.policy.file import read_policy
from syndic.drift.policy.model import Season
from syndic.drift.verdict.judge import judge
from syndic.drift.verdict.persistence import confirmed_at, windows_after, windows_before
from syndic.errors import InvalidInputError
from syndic.models import CALENDAR, Severity, TimeWindow, WindowLength
from syndic.windows.tables.dataframe import from_columns

FOUNDING = """
drift_detection:
  statistical_tests:
    - ks_test:
        enabled: true
        threshold: 0.05
        features: all
    - psi:
        enabled: true
        threshold: 0.1
        buckets: 10
    - chi_square:
        enabled: true
        threshold: 0.01
        categorical_only: true

  monitoring:
    frequency: hourly
    baseline_window: 30_days
    comparison_window: 7_days
    min_samples: 1000

  alerting:
    channels: [email, slack]
    severity_levels:
      critical: psi > 0.25
      high: psi > 0.15
      medium: psi > 0.10
      low: psi > 0.05
"""


def test_the_configuration_file_is_read_as_a_policy() -> None:
    policy = read_policy(FOUNDING)
    assert (policy.psi_threshold, policy.buckets, policy.significance, policy.min_samples) == (0.1, 10, 0.01, 1000)
    assert policy.severity_levels == SeverityBands(low=0.05, medium=0.10, high=0.15, critical=0.25)
    assert policy.features is None
    assert policy.notes["monitoring.frequency"] == "hourly"
    assert policy.notes["alerting.channels"] == "['email', 'slack']"


def test_own_field_names_and_a_feature_list_are_read_too() -> None:
    own = read_policy("psi_threshold: 0.2\nrules:\n  age: {psi_threshold: 0.3}\npersistence: {windows: 2, of: 5}\n")
    assert own.rule("age").psi_threshold == 0.3
    assert own.rule("other").psi_threshold == 0.2
    assert own.persistence == Persistence(windows=2, of=5)
    named = read_policy(FOUNDING.replace("features: all", "features: [age, income]"))
    assert named.features == ("age", "income")
    assert named.rule("zip").ignore


def test_without_psi_the_largest_gap_decides() -> None:
    policy = read_policy(FOUNDING.replace("- psi:\n        enabled: true", "- psi:\n        enabled: false"))
    assert (policy.psi_threshold, policy.distance_threshold) == (None, 0.1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "line 1: not valid YAML"),
        ("- 1", "mapping"),
        ("drift_detection: 3", "mapping"),
        ("min_samples: none", "min_samples"),
        ("unknown_setting: 1", "unknown_setting"),
        ("persistence: {windows: 4, of: 3}", "4 of 3"),
        ("psi_threshold: null", "effect size"),
        (FOUNDING.replace("psi > 0.25", "p < 0.01"), "severity_levels.critical"),
        (FOUNDING.replace("psi > 0.25", "psi > 0.01"), "must rise"),
        (
            FOUNDING.replace("- psi:", "- hellinger:"),
            "there is no test 'hellinger'; known are: chi_square, ks_test, psi",
        ),
        ("x" * 1_000_001, "at most"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_policy(text, where="policy.yaml")


def test_a_policy_without_any_effect_size_is_refused() -> None:
    with pytest.raises(ValidationError, match="effect size"):
        DriftPolicy(psi_threshold=None)


@pytest.mark.parametrize("length", CALENDAR)
def test_windows_before_and_after_are_neighbours_on_the_calendar(length: WindowLength) -> None:
    window = length.around(datetime(2024, 3, 1, 5, tzinfo=UTC))
    before, after = windows_before(window, length, 4), windows_after(window, length, 4)
    assert before[-1] == after[0] == window
    chain = (*before, *after[1:])
    assert all(one.end == other.start for one, other in itertools.pairwise(chain))


def test_k_of_n_counts_the_calendar_and_not_the_reports() -> None:
    hour = WindowLength.HOUR
    windows = windows_after(hour.around(datetime(2026, 1, 1, tzinfo=UTC)), hour, 5)
    rule = Persistence(windows=2, of=3)
    drifted = {windows[0].key: ("a",), windows[2].key: ("a", "b"), windows[4].key: ("b",)}
    assert confirmed_at(windows[2], drifted, rule, hour) == ("a",)
    assert confirmed_at(windows[4], drifted, rule, hour) == ("b",)
    far = {windows[0].key: ("a",), windows[3].key: ("a",)}
    assert confirmed_at(windows[3], far, rule, hour) == ()
    assert confirmed_at(windows[1], drifted, rule, hour) == ()


def test_k_of_n_passes_over_windows_that_could_not_be_judged() -> None:
    hour = WindowLength.HOUR
    windows = windows_after(hour.around(datetime(2026, 1, 1, tzinfo=UTC)), hour, 20)
    rule = Persistence(windows=2, of=3)
    drifted = {windows[0].key: ("a",), windows[5].key: ("a",)}
    empty = {window.key for window in windows[1:5]}
    assert confirmed_at(windows[5], drifted, rule, hour) == ()
    assert confirmed_at(windows[5], drifted, rule, hour, empty) == ("a",)
    assert confirmed_at(windows[5], drifted, rule, hour, empty - {windows[3].key, windows[4].key}) == ()
    late = {windows[0].key: ("a",), windows[19].key: ("a",)}
    assert confirmed_at(windows[19], late, rule, hour, {window.key for window in windows[1:19]}) == ()


def test_short_windows_need_two_of_three_and_months_one() -> None:
    policy = DriftPolicy()
    assert policy.persistence_for(WindowLength.HOUR) == Persistence(windows=2, of=3)
    assert policy.persistence_for(WindowLength.MONTH) == Persistence(windows=1, of=1)


def test_season_parts() -> None:
    monday = TimeWindow(start=datetime(2026, 11, 16, 7, tzinfo=UTC), end=datetime(2026, 11, 16, 8, tzinfo=UTC))
    day = WindowLength.DAY.around(monday.start)
    assert season_key(monday, Season.HOUR) == "h07"
    assert season_key(monday, Season.WEEKDAY_HOUR) == "mon-h07"
    assert season_key(day, Season.WEEKDAY) == "mon"
    assert season_key(day, Season.HOUR) is None
    assert season_key(day, Season.NONE) is None


RANDOM = np.random.default_rng(31)
BASELINE = summarise([from_columns({f"x{place}": RANDOM.normal(size=20_000) for place in range(30)})])
START = RANDOM.bit_generator.state


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    """Each test draws the same numbers, whichever ran before."""
    RANDOM.bit_generator.state = START


def window(rows: int, shift: float) -> dict[str, np.ndarray]:
    columns = {f"x{place}": RANDOM.normal(size=rows) for place in range(30)}
    columns["x3"] = columns["x3"] + shift
    return columns


def test_a_tiny_shift_in_a_huge_window_is_significant_and_no_drift() -> None:
    judged = judge(BASELINE, count(from_columns(window(60_000, 0.06)), BASELINE), DriftPolicy())
    feature = judged.features["x3"]
    assert (feature.ks.p_adjusted or 1.0) < 0.001
    assert (feature.verdict, feature.severity) == (Verdict.NO_DRIFT, Severity.NONE)
    assert "is not over 0.1" in feature.reason


def test_a_middling_shift_is_watched_and_no_drift() -> None:
    judged = judge(BASELINE, count(from_columns(window(20_000, 0.27)), BASELINE), DriftPolicy())
    feature = judged.features["x3"]
    assert 0.05 < (feature.psi or 0.0) < 0.1
    assert (feature.verdict, feature.severity) == (Verdict.NO_DRIFT, Severity.LOW)
    assert judged.verdict is Verdict.NO_DRIFT


def test_a_large_psi_of_few_rows_is_noise() -> None:
    policy = DriftPolicy(min_samples=30)
    noisy = alarms = 0
    for _ in range(40):
        judged = judge(BASELINE, count(from_columns(window(60, 0.0)), BASELINE), policy)
        noisy += sum((feature.psi or 0.0) > 0.1 for feature in judged.features.values())
        alarms += judged.verdict is not Verdict.NO_DRIFT
    assert noisy > 100  # the bare threshold would have rung all the time
    assert alarms <= 4  # at a level of 0.05 two windows of forty are expected to be mistaken at most


def test_rules_of_one_feature_come_before_the_policy() -> None:
    shifted = count(from_columns(window(2_000, 0.6)), BASELINE)
    assert judge(BASELINE, shifted, DriftPolicy()).drifted == ("x3",)
    lenient = DriftPolicy(rules={"x3": FeatureRule(psi_threshold=2.0)})
    assert judge(BASELINE, shifted, lenient).features["x3"].verdict is Verdict.NO_DRIFT
    hungry = DriftPolicy(rules={"x3": FeatureRule(min_samples=5_000)})
    assert judge(BASELINE, shifted, hungry).features["x3"].verdict is Verdict.NOT_ENOUGH_DATA
    ignored = DriftPolicy(rules={"x3": FeatureRule(ignore=True)})
    assert "x3" not in judge(BASELINE, shifted, ignored).features
    gap = DriftPolicy(psi_threshold=None, distance_threshold=0.1)
    assert "largest gap" in judge(BASELINE, shifted, gap).features["x3"].reason


def test_more_missing_values_alone_are_drift() -> None:
    columns = window(2_000, 0.0)
    columns["x5"][:600] = np.nan
    judged = judge(BASELINE, count(from_columns(columns), BASELINE), DriftPolicy())
    assert judged.drifted == ("x5",)
    assert "missing values" in judged.features["x5"].reason
    assert judged.features["x5"].missing.current == pytest.approx(0.3)
