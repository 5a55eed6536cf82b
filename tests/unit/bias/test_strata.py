"""Selection within strata: Simpson's paradox, and statistics against their textbook values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from syndic.bias.policy.model import ProtectedAttribute
from syndic.statistics.stratified import conditional_disparity, mantel_haenszel
from tests.unit.bias.cases import policy, report, window

# Bickel, Hammel and O'Connell (1975), Science 187: admissions to Berkeley, fall 1973, the six largest departments,
# as in R's datasets::UCBAdmissions: (admitted, rejected) of men, then of women.
BERKELEY = {
    "A": ((512, 313), (89, 19)),
    "B": ((353, 207), (17, 8)),
    "C": ((120, 205), (202, 391)),
    "D": ((138, 279), (131, 244)),
    "E": ((53, 138), (94, 299)),
    "F": ((22, 351), (24, 317)),
}


def berkeley():
    sex, department, admitted = [], [], []
    for name, sides in BERKELEY.items():
        for who, (yes, no) in zip(("male", "female"), sides, strict=True):
            sex += [who] * (yes + no)
            department += [name] * (yes + no)
            admitted += [1.0] * yes + [0.0] * no
    return window(sex=sex, department=department, prediction=admitted)


def test_berkeley_is_a_difference_that_departments_explain():
    rules = policy(ProtectedAttribute(name="sex", reference_group="male"), label=None, stratifier="department")
    women = report(berkeley(), rules).attributes["sex"].groups["female"]
    assert women.demographic_parity_difference.value == pytest.approx(557 / 1835 - 1198 / 2691)
    within = women.disparities["conditional_demographic_parity_difference"]
    assert within.value > 0
    assert within.low < within.value < within.high
    disparity = women.disparities["conditional_demographic_disparity"]
    assert disparity.value < 0 < 557 / 1835
    assert disparity.low < disparity.value < disparity.high


def test_the_cmh_test_equals_the_one_of_r():
    # mantelhaen.test(UCBAdmissions, correct = FALSE): X-squared = 1.5246 (1.4269 with correction), df = 1
    women = np.array([[sides[1][1], sides[1][0]] for sides in BERKELEY.values()])
    men = np.array([[sides[0][1], sides[0][0]] for sides in BERKELEY.values()])
    _, _, p = mantel_haenszel(women, men)
    assert stats.chi2.isf(p, 1) == pytest.approx(1.5246, abs=2e-3)


def test_one_stratum_is_the_plain_difference():
    value, spread, p = mantel_haenszel(np.array([[60, 40]]), np.array([[100, 100]]))
    assert value == pytest.approx(-0.1)
    assert spread == pytest.approx(np.sqrt(0.24 / 100 + 0.25 / 200), rel=0.02)
    assert 0 < p < 1


def test_conditional_disparity_by_hand():
    # One stratum: group 0 is 1/2 of the refused and 1/4 of the selected; the other: 1/3 of both. Sizes 40 and 60.
    table = np.array([[[10, 5], [10, 10]], [[10, 15], [20, 20]]])
    assert conditional_disparity(table).tolist() == pytest.approx([0.25 * 40 / 100, -0.25 * 40 / 100])


def test_strata_without_both_sides_tell_nothing():
    value, spread, p = mantel_haenszel(np.array([[5, 5], [0, 0]]), np.array([[0, 0], [5, 5]]))
    assert np.isnan([value, spread, p]).all()
