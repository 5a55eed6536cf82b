"""The fields that reports read from other concerns' records are the ones those concerns write."""

from __future__ import annotations

from syndic.bias.models import AttributeBias, BiasReport, Estimate, GroupBias
from syndic.drift.histories import ColumnPoint, HistoryPoint
from syndic.drift.models import DriftReport
from syndic.drift.policies import DriftPolicy
from syndic.reports.models import DriftPoint


def test_a_drift_point_has_what_the_trend_shows():
    assert set(DriftPoint.model_fields) - {"psi"} <= set(HistoryPoint.model_fields)
    assert "columns" in HistoryPoint.model_fields
    assert "psi" in ColumnPoint.model_fields


def test_a_drift_report_names_its_threshold_where_it_is_looked_for():
    assert "policy" in DriftReport.model_fields
    assert "psi_threshold" in DriftPolicy.model_fields


def test_a_bias_report_has_what_the_fairness_chart_shows():
    assert {"outcome", "attributes"} <= set(BiasReport.model_fields)
    assert {"reference", "groups"} <= set(AttributeBias.model_fields)
    assert {"n", "is_reference", "disparate_impact", "verdict", "reason"} <= set(GroupBias.model_fields)
    assert {"value", "low", "high", "reason"} <= set(Estimate.model_fields)
