"""Tests of significance against scipy, and Holm's correction by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from syndic.statistics.multiplicity import holm
from syndic.statistics.two_by_two import EXACT_UP_TO, equal_shares, fisher, z_test


def test_fisher_equals_scipy_in_random_tables():
    random = np.random.default_rng(1)
    for _ in range(200):
        n1, n2 = random.integers(1, 3000, 2)
        x1, x2 = random.integers(0, n1 + 1), random.integers(0, n2 + 1)
        expected = stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue
        assert fisher(int(x1), int(n1), int(x2), int(n2)) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_german_credit_has_fishers_p_of_one_in_ten_thousand():
    assert fisher(110, 190, 590, 810) == pytest.approx(9.9446e-5, rel=1e-4)


def test_large_tables_get_the_z_test_and_small_expected_counts_fisher():
    big = EXACT_UP_TO
    assert equal_shares(3000, big, 3100, big) == pytest.approx(
        z_test(*(np.array(float(v)) for v in (3000, big, 3100, big)))
    )
    assert equal_shares(0, 10, 50, 1_000_000) == pytest.approx(fisher(0, 10, 50, 1_000_000))


def test_the_z_test_is_that_of_pooled_proportions():
    z = (0.3 - 0.25) / np.sqrt(0.275 * 0.725 * 2 / 10_000)
    assert equal_shares(3000, 10_000, 2500, 10_000) == pytest.approx(2 * stats.norm.sf(z), rel=1e-9)


def test_nobody_or_everybody_selected_is_no_difference_and_no_rows_are_no_test():
    p = equal_shares(np.array([0, 10, 0]), np.array([10, 10, 0]), np.array([0, 20, 5]), np.array([20, 20, 20]))
    assert p[:2].tolist() == [1.0, 1.0]
    assert np.isnan(p[2])


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    adjusted = holm([0.01, np.nan, 0.5])
    assert adjusted[0] == pytest.approx(0.02)
    assert np.isnan(adjusted[1])


def test_a_larger_family_than_the_values_given_is_answered_for():
    assert holm([0.01, 0.02], tests=6) == pytest.approx([0.06, 0.1])
