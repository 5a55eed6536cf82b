"""Which limits and declared levels say nothing, as the policy tells it to who reads its evidence."""

from __future__ import annotations

import pytest

from syndic.quality.policy.model import QualityPolicy


@pytest.mark.parametrize(
    ("levels", "hollow"),
    [
        ({}, []),
        ({"accuracy": 0.8}, []),
        ({"accuracy": 0.01}, ["accuracy 0.01"]),
        ({"auc": 0.5, "brier": 0.25}, ["auc 0.5", "brier 0.25"]),
        ({"auc": 0.5, "accuracy": 0.7}, []),
        ({"rmse": 1e9}, []),  # in the unit of the answer: nothing here knows what guessing reaches
        ({"rmse": 3.0, "accuracy": 0.0}, []),
        ({"accuracy": -5.0, "recall": 0.0}, ["accuracy -5", "recall 0"]),
    ],
)
def test_levels_that_guessing_reaches_are_named(levels, hollow):
    assert QualityPolicy(levels=levels).hollow_levels == hollow


def test_tolerances_of_half_of_all_values_are_named():
    assert QualityPolicy().hollow_limits == []
    assert QualityPolicy(missing_tolerance=1, unseen_tolerance=0.5).hollow_limits == [
        "missing_tolerance 1",
        "unseen_tolerance 0.5",
    ]
