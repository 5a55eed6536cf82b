"""Intervals against published worked examples, scipy, and their own definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from syndic.statistics.proportions import (
    katz,
    larger_of,
    miettinen_nurminen,
    newcombe,
    odds,
    proportion,
    ratio,
    wilson,
)


def floats(*values: float) -> np.ndarray:
    return np.array(values, float)


def test_wilson_equals_scipy_for_any_counts():
    for successes, trials in [(0, 10), (1, 30), (81, 263), (15, 148), (10, 10), (500, 1000)]:
        expected = stats.binomtest(successes, trials).proportion_ci(method="wilson")
        low, high = wilson(successes, trials)
        assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_exact_interval_is_used_for_few_successes_or_failures_and_equals_scipys():
    for successes, trials in [(0, 30), (3, 30), (7, 30), (29, 30), (30, 30), (5, 1000), (995, 1000)]:
        expected = stats.binomtest(successes, trials).proportion_ci(method="exact")
        low, high, exact = proportion(floats(successes), floats(trials))
        assert exact.all()
        assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-10)
    assert not proportion(floats(8), floats(30))[2].any()


def test_no_trials_give_no_interval():
    low, high, exact = proportion(floats(0), floats(0))
    assert np.isnan([low[0], high[0]]).all()
    assert not exact.any()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [  # Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0000)),
    ],
)
def test_newcombe_gives_the_published_examples(cells, expected):
    x1, n1, x2, n2 = (floats(value) for value in cells)
    low, high = newcombe((x1 / n1, x2 / n2), wilson(x1, n1), wilson(x2, n2))
    assert (low[0], high[0]) == pytest.approx(expected, abs=5e-5)


def test_katz_gives_the_german_credit_interval():
    low, high = katz(floats(110), floats(190), floats(590), floats(810))
    assert (low[0], high[0]) == pytest.approx((0.699, 0.904), abs=5e-4)


def test_the_score_interval_holds_the_ratios_that_the_score_test_does_not_reject():
    x1, n1, x2, n2 = (floats(value) for value in (3, 30, 9, 40))
    low, high = miettinen_nurminen(x1, n1, x2, n2)
    for limit, inside, outside in ((low, 1.001, 0.999), (high, 0.999, 1.001)):
        assert not rejected(3, 30, 9, 40, limit[0] * inside)
        assert rejected(3, 30, 9, 40, limit[0] * outside)


def rejected(x1: int, n1: int, x2: int, n2: int, tested: float) -> bool:
    """The score test by brute force: the likelihood of p2 under p1 = tested * p2 is maximised on a grid."""
    p2 = np.linspace(1e-6, min(1, 1 / tested) - 1e-6, 400_001)
    p1 = p2 * tested
    likelihood = x1 * np.log(p1) + (n1 - x1) * np.log1p(-p1) + x2 * np.log(p2) + (n2 - x2) * np.log1p(-p2)
    best = p2[np.argmax(likelihood)]
    variance = tested * best * (1 - tested * best) / n1 + tested**2 * best * (1 - best) / n2
    variance *= (n1 + n2) / (n1 + n2 - 1)
    return bool(abs(x1 / n1 - tested * x2 / n2) / np.sqrt(variance) > stats.norm.ppf(0.975))


def test_the_method_follows_the_cells():
    low, high, is_katz = ratio(
        (floats(50, 3, 0, 5, 0), floats(100, 30, 30, 30, 30)), (floats(50, 9, 5, 0, 0), floats(100, 40, 40, 40, 40))
    )
    assert is_katz.tolist() == [True, False, False, False, False]
    assert low[2] == 0
    assert np.isinf(high[3])
    assert np.isnan([low[4], high[4]]).all()


def test_odds_of_two_counts_are_open_above_when_the_second_is_zero():
    low, high = odds(floats(5, 10, 0), floats(0, 10, 0))
    assert np.isinf(high[0])
    assert low[1] < 1 < high[1]
    assert np.isnan([low[2], high[2]]).all()


def test_the_larger_of_two_gaps_reaches_down_to_zero_only_when_both_do():
    value, (low, high) = larger_of(
        (floats(0.1, -0.2), (floats(-0.1, -0.3), floats(0.3, -0.1))),
        (floats(0.05, 0.0), (floats(-0.1, -0.1), floats(0.2, 0.1))),
    )
    assert value.tolist() == [0.1, 0.2]
    assert low.tolist() == [0.0, 0.1]
    assert high.tolist() == [0.3, 0.3]
