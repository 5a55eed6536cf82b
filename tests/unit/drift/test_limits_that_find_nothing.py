"""Which limits even a major shift stays inside, as the policy tells it to who reads its evidence."""

from __future__ import annotations

import pytest

from syndic.drift.policy.model import DriftPolicy


@pytest.mark.parametrize(
    ("policy", "hollow"),
    [
        ({}, []),
        ({"psi_threshold": 0.25}, []),
        ({"psi_threshold": 1000}, ["age: psi_threshold 1000", "job: psi_threshold 1000"]),
        ({"psi_threshold": 1000, "distance_threshold": 0.2}, []),
        ({"psi_threshold": None, "distance_threshold": 0.9, "features": ["age"]}, ["age: distance_threshold 0.9"]),
        ({"rules": {"age": {"psi_threshold": 8}}}, ["age: psi_threshold 8"]),
    ],
)  # fmt: skip
def test_a_limit_that_a_major_shift_stays_inside_is_named(policy, hollow):
    assert DriftPolicy.model_validate(policy).hollow_limits(["age", "job"]) == hollow
