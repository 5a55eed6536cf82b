"""The fields that reports read from other concerns' records are the ones those concerns write."""

from __future__ import annotations

import numpy as np

from syndic.adapters.memory import MemoryStore
from syndic.bias.keys import report_key
from syndic.bias.models import AttributeBias, BiasReport, Estimate, GroupBias
from syndic.bias.report.findings import evidence_of
from syndic.drift.models import DriftReport
from syndic.drift.models.history import ColumnPoint, HistoryPoint
from syndic.drift.models.impact import Impact
from syndic.drift.policy.model import DriftPolicy
from syndic.models import Cloud, RegisteredModel, WindowLength, to_json
from syndic.ports import Record
from syndic.records import model_key, put_evidence
from syndic.registry.documents.card import make_card
from syndic.registry.documents.data_sheet import make_data_sheet
from syndic.reports.content.collect import collect
from syndic.reports.documents.drafts import form_of
from syndic.reports.models import DriftPoint, ReportKind, ReportRequest
from tests.unit.bias.cases import NOW, policy, report
from tests.unit.bias.cases import window as rows_of
from tests.unit.registry.case import PROFILE, Registry

MODEL = RegisteredModel(id="credit", name="Credit", cloud=Cloud.AWS, registered_at=NOW)


def test_a_drift_point_has_what_the_trend_shows():
    assert set(DriftPoint.model_fields) - {"psi", "harm"} <= set(HistoryPoint.model_fields)
    assert "harm" in Impact.model_fields
    assert "impact" in HistoryPoint.model_fields
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


def test_fairness_is_told_of_what_the_model_does_first_and_combinations_that_are_found_are_in_it():
    """The record of a prediction sorts after that of a label, and the gravest finding is of two attributes."""
    store = MemoryStore()
    window = WindowLength.DAY.around(NOW)
    random = np.random.default_rng(1)
    age, sex = random.choice(["old", "young"], 4000), random.choice(["f", "m"], 4000)
    poor = (age == "young") & (sex == "f")
    rows = rows_of(
        age=age.tolist(),
        sex=sex.tolist(),
        prediction=(random.random(4000) < np.where(poor, 0.3, 0.5)).astype(float),
        label=(random.random(4000) < np.where(age == "young", 0.3, 0.5)).astype(float),
    )
    rules = policy("age", "sex", outcomes=("label", "prediction"))
    reports = tuple(report(rows, rules, outcome) for outcome in rules.outcomes)
    for one in reports:
        store.put(Record(report_key("credit", one.outcome, window), to_json(one)))
    put_evidence(store, evidence_of(reports, "credit", window))
    store.put(Record(model_key("credit"), to_json(MODEL)))
    section = collect(ReportRequest(kind=ReportKind.FRIA, model_ids=("credit",)), store=store).sections[0]
    outcomes = [ratio.outcome for ratio in section.fairness]
    assert outcomes == sorted(outcomes, key=["prediction", "label"].index)
    first = section.fairness[0]
    assert (first.outcome, first.attribute, first.group) == ("prediction", "age & sex", "young & f")
    assert first.verdict == "adverse_impact_indicated"
    assert section.evidence[0].summary.startswith("prediction: adverse impact indicated. age & sex: young & f")
    found = {field[0]: field[1] for part in form_of(collected(store))["sections"] for field in part["fields"]}
    said = found["Adverse impact or another disparity indicated for"]
    assert said.index("prediction: adverse") < said.index("label: adverse")


def collected(store):
    return collect(ReportRequest(kind=ReportKind.FRIA, model_ids=("credit",)), store=store)


def test_card_and_data_sheet_name_the_attributes_that_a_fairness_run_examined():
    registry = Registry(**PROFILE)
    described = registry.version("1")
    rows = rows_of(age=["old", "young"] * 200, prediction=[1.0, 0.0, 0.0, 1.0] * 100)
    found = report(rows, policy("age", outcomes=("prediction",)), "prediction")
    put_evidence(registry.store, evidence_of((found,), registry.model.id, WindowLength.DAY.around(NOW)))
    card = make_card(registry.store, registry.model.id, described.version, now=NOW)
    assert card.factors.relevant_factors == card.factors.evaluation_factors == ["age"]
    sheet = make_data_sheet(registry.store, registry.model.id, described.version, now=NOW)
    assert sheet.composition.protected_attributes == ("age",)
