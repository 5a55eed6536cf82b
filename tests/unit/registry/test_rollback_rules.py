"""Rollback conditions are honest about small counts, about missing numbers and about looking often."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from syndic.registry.deployments.models import ConditionAnswer, Verdict
from syndic.registry.deployments.rollback_rules import judge, significance_of
from syndic.registry.models import RollbackConditions
from syndic.statistics.binomial import binomial_tail, difference_lower_limit, lower_limit, upper_limit
from syndic.statistics.ranks import median_lower_limit, median_ratio, median_ratio_lower_limit
from syndic.traffic import LatencyPoint, VariantNumbers

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOTHING = VariantNumbers(None, None, None)


def points(values: list[float], *, calls: int = 100) -> tuple[LatencyPoint, ...]:
    return tuple(LatencyPoint(NOW + timedelta(minutes=at), calls, value, value * 2) for at, value in enumerate(values))


def one(conditions: RollbackConditions, new: VariantNumbers, old: VariantNumbers = NOTHING, *, look: int = 1) -> (
    ConditionAnswer
):  # fmt: skip
    (answer,) = judge(conditions, new=new, old=old, look=look, now=NOW).conditions
    return answer


# --- against scipy -------------------------------------------------------------------------------------


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.0001, 0.9999))
def test_the_binomial_tail_is_scipys(events: int, trials: int, share: float) -> None:
    assert binomial_tail(events, trials, share) == pytest.approx(stats.binom.sf(events - 1, trials, share), abs=1e-9)


@given(st.integers(1, 10_000), st.data())
def test_the_exact_bounds_are_scipys(trials: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, trials))
    low = stats.binomtest(events, trials, alternative="greater").proportion_ci(0.95, method="exact").low
    high = stats.binomtest(events, trials, alternative="less").proportion_ci(0.95, method="exact").high
    assert lower_limit(events, trials, 0.05) == pytest.approx(low, abs=1e-9)
    assert upper_limit(events, trials, 0.05) == pytest.approx(high, abs=1e-9)


def test_the_rank_bound_and_the_rank_test_agree() -> None:
    generator = random.Random(7)  # noqa: S311
    for size, other, alpha in ((5, 7, 0.05), (12, 12, 0.01), (20, 20, 0.05), (30, 40, 0.01)):
        new = [generator.lognormvariate(0.3, 0.2) for _ in range(size)]
        old = [generator.lognormvariate(0.0, 0.2) for _ in range(other)]
        bound = median_ratio_lower_limit(new, old, alpha)
        assert bound is not None
        for factor, rejected in ((0.999, True), (1.001, False)):
            raised = [value * bound * factor for value in old]
            method = "exact" if size * other <= 400 else "asymptotic"
            found = stats.mannwhitneyu(new, raised, alternative="greater", method=method, use_continuity=False).pvalue
            assert (found <= alpha) == rejected, (size, other, alpha, factor, found)


def test_few_values_give_no_bound_rather_than_a_wrong_one() -> None:
    assert median_ratio_lower_limit([2.0, 2.1], [1.0, 1.1], 0.05) is None
    assert median_ratio_lower_limit([], [1.0], 0.05) is None
    assert median_lower_limit([5.0] * 4, 0.05) is None
    assert median_lower_limit([5.0] * 5, 0.05) == 5.0


def test_a_ratio_does_not_depend_on_the_order() -> None:
    assert len({median_ratio(list(order), [1.0, 2.0, 4.0]) for order in permutations([1.0, 3.0, 9.0])}) == 1


@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 300), st.integers(1, 300))
def test_a_rise_is_at_least_its_bound(events: int, trials: int, old_events: int, old_trials: int) -> None:
    events, old_events = min(events, trials), min(old_events, old_trials)
    bound = difference_lower_limit((events, trials), (old_events, old_trials), 0.05)
    assert -2 <= bound <= events / trials - old_events / old_trials + 1e-12


# --- errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calls", "errors", "verdict"),
    [
        (3, 1, Verdict.UNDECIDED),  # a third, of three
        (60, 2, Verdict.UNDECIDED),
        (100, 0, Verdict.UNDECIDED),  # 1 % needs 300 calls
        (300, 0, Verdict.HOLDS),
        (300, 3, Verdict.HOLDS),
        (300, 5, Verdict.UNDECIDED),  # above the limit, but it may be chance
        (300, 12, Verdict.BROKEN),
        (12, 12, Verdict.BROKEN),  # all fail: no floor keeps such a version
    ],
)
def test_one_percent_of_errors(calls: int, errors: int, verdict: Verdict) -> None:
    assert one(RollbackConditions(error_rate=0.01), VariantNumbers(calls, errors, 0)).verdict is verdict


def test_an_answer_names_the_numbers_its_bound_and_its_limit() -> None:
    answer = one(RollbackConditions(error_rate=0.05), VariantNumbers(400, 60, 0))
    assert answer.reason.startswith("60 of 400 calls ended in 5xx (15.00%, at least ")
    assert (answer.value, answer.limit) == (0.15, 0.05)
    assert answer.lower is not None
    assert 0.05 < answer.lower < 0.15


@pytest.mark.parametrize(
    "conditions",
    [
        RollbackConditions(error_rate=0.05),
        RollbackConditions(error_rate_spike=0.05),
        RollbackConditions(performance_degradation=0.05),
        RollbackConditions(latency_p50_ms=100),
        RollbackConditions(latency_p95_ms=100),
    ],
)
@pytest.mark.parametrize("missing", [NOTHING, VariantNumbers(0, 0, 0), VariantNumbers(10_000, None, None)])
def test_no_number_is_undecided_for_every_condition(conditions: RollbackConditions, missing: VariantNumbers) -> None:
    assert one(conditions, missing, VariantNumbers(10_000, 0, 0, points([50.0] * 30))).verdict is Verdict.UNDECIDED


def test_no_condition_set_is_nothing_to_judge() -> None:
    assert judge(RollbackConditions(), new=NOTHING, old=NOTHING, look=1, now=NOW).conditions == ()


def test_errors_that_the_old_version_has_too_are_no_rise() -> None:
    conditions = RollbackConditions(error_rate_spike=0.02)
    same = VariantNumbers(2000, 50, 350)
    assert one(conditions, same, same).verdict is Verdict.HOLDS
    assert one(conditions, VariantNumbers(2000, 50, 550), same).verdict is Verdict.BROKEN


def test_more_errors_than_calls_are_all_calls() -> None:
    assert one(RollbackConditions(error_rate=0.05), VariantNumbers(100, 140, 0)).value == 1.0


# --- latency -------------------------------------------------------------------------------------------


def test_a_slower_version_is_seen_and_an_equal_one_is_not() -> None:
    conditions = RollbackConditions(performance_degradation=0.05)
    base = [50.0 + at % 7 / 5 for at in range(20)]
    old = VariantNumbers(2000, 0, 0, points(base))
    assert one(conditions, VariantNumbers(2000, 0, 0, points(base)), old).verdict is Verdict.HOLDS
    slower = VariantNumbers(2000, 0, 0, points([value * 1.2 for value in base]))
    assert one(conditions, slower, old).verdict is Verdict.BROKEN
    assert (
        one(conditions, VariantNumbers(200, 0, 0, points([60.0, 61.0, 62.0, 63.0])), old).verdict is Verdict.UNDECIDED
    )


def test_minutes_of_few_calls_do_not_count() -> None:
    conditions = RollbackConditions(performance_degradation=0.05, latency_percentile="p95")
    old = VariantNumbers(2000, 0, 0, points([50.0] * 20))
    few = VariantNumbers(200, 0, 0, points([500.0] * 20, calls=10))
    assert one(conditions, few, old).verdict is Verdict.UNDECIDED


def test_an_absolute_latency_is_judged_by_its_minutes() -> None:
    conditions = RollbackConditions(latency_p95_ms=150)
    assert one(conditions, VariantNumbers(2000, 0, 0, points([60.0] * 20))).verdict is Verdict.HOLDS
    assert one(conditions, VariantNumbers(2000, 0, 0, points([80.0] * 20))).verdict is Verdict.BROKEN
    one_slow_minute = points([60.0] * 19 + [900.0])
    assert one(conditions, VariantNumbers(2000, 0, 0, one_slow_minute)).verdict is Verdict.HOLDS


# --- looking often -------------------------------------------------------------------------------------


def test_all_looks_together_have_the_chance_of_one() -> None:
    assert sum(significance_of(look) for look in range(1, 100_000)) == pytest.approx(0.05, abs=1e-5)


def test_a_sound_version_looked_at_fifty_times_is_seldom_taken_back_and_a_broken_one_always() -> None:
    """Error rate exactly at the limit: the worst sound version there is. 150 deployments, seed fixed."""
    conditions, generator = RollbackConditions(error_rate=0.05), random.Random(11)  # noqa: S311

    def taken_back(share: float) -> int:
        count = 0
        for _ in range(150):
            calls = errors = 0
            for look in range(1, 51):
                calls += 40
                errors += sum(generator.random() < share for _ in range(40))
                if one(conditions, VariantNumbers(calls, errors, 0), look=look).verdict is Verdict.BROKEN:
                    count += 1
                    break
        return count

    assert taken_back(0.05) <= 8
    assert taken_back(0.15) == 150
