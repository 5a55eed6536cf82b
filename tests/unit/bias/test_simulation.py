"""A short, seeded version of benchmarks/bias_simulation.py, which prints every case."""

from __future__ import annotations

import pytest

from benchmarks.bias_simulation import LEAST, alarm_rate, label_cases, rate_cases


def test_intervals_cover_or_are_conservative():
    # 400 simulations know a coverage to about 0.011: three of those below the bound would be wrong.
    cases = [*rate_cases(400, (30, 300, 10_000), (0.02, 0.3, 0.9)), *label_cases(400, (300,))]
    assert len(cases) > 70
    for case in cases:
        assert case.coverage >= LEAST - 0.033, case


def test_ten_equal_groups_raise_a_false_alarm_in_at_most_five_percent():
    alarm, naive = alarm_rate([0.3] * 10, 100, 400)
    assert alarm <= 0.05
    assert naive > 0.95


@pytest.mark.parametrize("rates", [[0.3, 0.5], [0.18, 0.3]])
def test_a_true_ratio_of_six_tenths_is_found(rates):
    alarm, _ = alarm_rate(rates, 500, 200)
    assert alarm >= 0.95
