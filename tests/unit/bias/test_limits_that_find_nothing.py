"""Limits that nothing exceeds: what passes by them shows nothing, and the evidence says which they are."""

from __future__ import annotations

import pytest

from syndic.bias.models import Verdict
from syndic.bias.policy.file import preset_names, preset_policy
from syndic.bias.policy.model import BiasPolicy, Metric, MetricRule
from syndic.bias.report.findings import evidence_of
from syndic.models import EvidenceStatus, WindowLength
from tests.unit.bias.cases import NOW, counted_rows, policy, report

DAY = WindowLength.DAY.around(NOW)
IMPACT, PARITY, MEAN = Metric.DISPARATE_IMPACT, Metric.DEMOGRAPHIC_PARITY, Metric.MEAN
LOOSE = {IMPACT: 0.1, PARITY: 0.9}
NAMED = ["disparate_impact 0.1", "demographic_parity_difference 0.9"]


def rules(thresholds):
    return tuple(MetricRule(metric=metric, threshold=threshold) for metric, threshold in thresholds.items())


@pytest.mark.parametrize(
    ("thresholds", "significance", "hollow"),
    [
        ({IMPACT: 0.8, PARITY: 0.1}, 0.05, []),
        (LOOSE, 0.05, NAMED),
        ({IMPACT: 0.5}, 0.05, ["disparate_impact 0.5"]),
        ({**LOOSE, PARITY: 0.1}, 0.05, []),  # one that is exceeded is enough
        ({MEAN: 1e9}, 0.05, []),  # in the unit of the answer: nothing here knows what is large
        ({IMPACT: 0.8}, 1e-300, ["significance 1e-300"]),
        ({}, 0.05, []),
    ],
)
def test_thresholds_that_half_the_rate_stays_inside_are_named(thresholds, significance, hollow):
    assert BiasPolicy(fairness_metrics=rules(thresholds), significance=significance).hollow_limits == hollow


@pytest.mark.parametrize("name", preset_names())
def test_no_preset_is_hollow(name):
    assert preset_policy(name, protected_attributes=["sex"]).hollow_limits == []
    assert BiasPolicy().hollow_limits == []


def test_half_the_selection_rate_passes_by_such_limits_and_the_evidence_names_them():
    chosen = policy("group", fairness_metrics=rules(LOOSE), significance=1e-300)
    found = report(counted_rows({"a": (250, 1000), "b": (500, 1000)}), chosen)
    assert found.verdict is Verdict.NO_INDICATION
    evidence = evidence_of((found,), "credit", DAY)
    assert evidence.status is EvidenceStatus.PASSING
    assert evidence.facts["hollow_limits"] == [*NAMED, "significance 1e-300"]
