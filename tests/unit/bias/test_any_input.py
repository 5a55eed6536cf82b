"""Whatever the rows and the policy: an answer with a reason, no NaN in any JSON, and the same for any split."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndic.bias.models import BiasReport
from syndic.bias.policy.model import Comparison, Metric, MetricRule, ProtectedAttribute
from syndic.bias.report.disclosure import audit_tables, suppress
from syndic.windows import Window
from tests.unit.bias.cases import numbers, policy, report, texts

ROW = st.tuples(
    st.sampled_from(["a", "b", "c", "unknown", "", None]),
    st.sampled_from([1.0, 2.0, None]),
    st.sampled_from([1.0, 0.0, None]),
    st.sampled_from([1.0, 0.0, None]),
    st.sampled_from([-2.5, 0.0, 0.1, 0.9, 3e9, float("inf"), None]),
)
EVERY_RULE = tuple(MetricRule(metric=metric, threshold=0.5) for metric in Metric)


def rows_of(values: list[tuple]) -> Window:
    group, tier, label, prediction, score = ([row[i] for row in values] for i in range(5))
    return Window(
        len(values),
        {
            "group": texts(group),
            "tier": numbers(tier),
            "label": numbers(label),
            "prediction": numbers(prediction),
            "score": numbers(score),
        },
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ROW, max_size=80),
    st.sampled_from(["prediction", "label", "score", "value"]),
    st.sampled_from([*Comparison]),
    st.booleans(),
    st.integers(1, 20),
)
def test_any_rows_give_an_answer(values, outcome, comparison, bootstrap, least):
    reference = "a" if comparison is Comparison.NAMED else None
    rules = policy(
        ProtectedAttribute(name="group", compare_with=comparison, reference_group=reference),
        "tier",
        score="score",
        outcomes=(outcome,),
        prediction="score" if outcome == "value" else "prediction",
        stratifier="tier",
        minimum_group_size=least,
        minimum_expected=0,
        minimum_label_coverage=0,
        replicates=100,
        intervals="bootstrap" if bootstrap else "closed_form",
        fairness_metrics=EVERY_RULE,
    )
    whole = report(rows_of(values), rules, outcome)
    halves = report([rows_of(values[: len(values) // 2]), rows_of(values[len(values) // 2 :])], rules, outcome)
    for found in (whole, halves, suppress(whole)):
        text = found.model_dump_json()
        json.dumps(json.loads(text), allow_nan=False)
        assert found.reason
        assert BiasReport.model_validate_json(text) == found
        for table in audit_tables(found):
            json.dumps(table.model_dump(mode="json"), allow_nan=False)
    assert halves.verdict == whole.verdict
    if outcome != "value":  # sums of floats differ in the last bits
        assert halves.attributes == whole.attributes


def test_a_regression_compares_means_and_mean_errors():
    random = np.random.default_rng(1)
    group = np.repeat(["a", "b"], 500)
    truth = random.normal(10, 2, 1000)
    value = truth + random.normal(0, 1, 1000) + np.where(group == "a", -1.0, 0.0)
    rows = Window(1000, {"group": texts(group.tolist()), "label": truth, "prediction": value})
    rule = MetricRule(metric=Metric.MEAN_ERROR, threshold=0.5)
    rules = policy(ProtectedAttribute(name="group", reference_group="b"), outcomes=("value",), fairness_metrics=(rule,))
    found = report(rows, rules, "value").attributes["group"].groups["a"]
    errors = value - truth
    expected = errors[:500].mean() - errors[500:].mean()
    gap = found.disparities["mean_error_difference"]
    spread = np.sqrt(errors[:500].var(ddof=1) / 500 + errors[500:].var(ddof=1) / 500)
    assert abs(gap.value - expected) < 1e-12
    assert abs(gap.high - gap.value - 1.959964 * spread) < 1e-6
    assert found.verdict.value == "disparity_indicated"
    assert found.selection_rate.reason == "the outcome is a number, not a decision"
    assert abs(found.rates["mean_absolute_error"].value - np.abs(errors[:500]).mean()) < 1e-12
