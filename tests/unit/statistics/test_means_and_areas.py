"""Intervals and metrics against scipy, scikit-learn and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import f1_score, roc_auc_score

from syndic.statistics.means import mean
from syndic.statistics.proportions import f1, wilson
from syndic.statistics.two_sample import auc


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10_000), st.floats(0, 1))
def test_wilson_equals_scipy(trials: int, share: float) -> None:
    successes = round(share * trials)
    wanted = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == (pytest.approx(wanted.low, abs=1e-9), pytest.approx(wanted.high, abs=1e-9))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 80), st.integers(2, 80), st.integers(1, 3))
def test_auc_equals_scikit_learn_with_ties(seed: int, positives: int, negatives: int, digits: int) -> None:
    random = np.random.default_rng(seed)
    above, below = random.normal(0.5, 1, positives).round(digits), random.normal(0, 1, negatives).round(digits)
    value, low, high = auc(above, below)
    labels = [1] * positives + [0] * negatives
    assert value == pytest.approx(roc_auc_score(labels, np.concatenate((above, below))), abs=1e-12)
    assert 0.0 <= low <= value <= high <= 1.0


def test_delong_variance_equals_its_definition() -> None:
    random = np.random.default_rng(5)
    above, below = random.normal(1, 1, 60), random.normal(0, 1, 90)
    kernel = (above[:, None] > below[None, :]) + 0.5 * (above[:, None] == below[None, :])
    area = kernel.mean()
    variance = kernel.mean(axis=1).var(ddof=1) / 60 + kernel.mean(axis=0).var(ddof=1) / 90
    half = stats.norm.ppf(0.975) * np.sqrt(variance) / (area * (1 - area))
    logit = np.log(area / (1 - area))
    _, low, high = auc(above, below)
    assert (low, high) == (
        pytest.approx(1 / (1 + np.exp(half - logit)), abs=1e-12),
        pytest.approx(1 / (1 + np.exp(-half - logit)), abs=1e-12),
    )


def test_delong_covers_the_true_area() -> None:
    random = np.random.default_rng(7)
    truth = stats.norm.cdf(1 / np.sqrt(2))
    inside = 0
    for _ in range(300):
        _, low, high = auc(random.normal(1, 1, 40), random.normal(0, 1, 120))
        inside += low <= truth <= high
    assert 0.92 <= inside / 300 <= 0.98


def test_a_perfect_score_still_has_an_interval() -> None:
    value, low, high = auc(np.arange(10.0) + 100, np.arange(20.0))
    assert (value, high) == (1.0, 1.0)
    assert low == pytest.approx(0.7)


def test_f1_equals_scikit_learn_and_its_interval_holds_it() -> None:
    true = np.array([1] * 50 + [0] * 100)
    called = np.array([1] * 40 + [0] * 10 + [1] * 15 + [0] * 85)
    value, low, high = f1(40, 15, 10)
    assert value == pytest.approx(f1_score(true, called))
    assert low < value < high


def test_mean_interval_equals_scipy() -> None:
    values = np.random.default_rng(2).gamma(2, 2, 400)
    middle, low, high = mean(values)
    wanted = stats.norm.interval(0.95, values.mean(), stats.sem(values))
    assert (middle, low, high) == (pytest.approx(values.mean()), pytest.approx(wanted[0]), pytest.approx(wanted[1]))
