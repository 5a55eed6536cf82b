"""Scores by group: the histogram, scoring rates, AUC, calibration, hints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from syndic.bias.counting.score_histogram import auc, grid_keys, grid_values
from syndic.bias.counting.tally import make_plan, tally
from syndic.bias.measures.mitigation import hint, threshold_selecting
from syndic.bias.models import Verdict
from syndic.bias.policy.model import Metric, MetricRule, ProtectedAttribute
from syndic.errors import InvalidInputError
from syndic.windows import Window
from tests.unit.bias.cases import policy, report, texts


def scored(random: np.random.Generator, rows: int, *, shift: float = 0.0) -> Window:
    """Rows of two groups whose scores are true chances; those of group b are lower by `shift`."""
    group = random.integers(0, 2, rows)
    score = np.clip(random.beta(2, 2, rows) - shift * group, 0, 1)
    label = random.random(rows) < score
    return Window(
        rows,
        {
            "group": texts(["ab"[place] for place in group]),
            "score": score,
            "label": label.astype(float),
            "prediction": (score >= 0.5).astype(float),
        },
    )


RULES = policy("group", score="score", outcomes=("score",))


@given(st.floats(-1e300, 1e300))
def test_the_grid_keeps_a_score_to_a_thousandth_and_in_order(value):
    key = grid_keys(np.array([value]))
    back = float(grid_values(key)[0])
    assert abs(back - value) <= abs(value) * 2**-10 + 1e-300
    assert back <= value


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_the_grid_keeps_the_order(values):
    keys = grid_keys(np.sort(np.array(values)))
    assert (np.diff(keys) >= 0).all()


def test_whole_numbers_and_halves_are_kept_exactly():
    values = np.array([-3.0, -0.5, 0.0, -0.0, 0.25, 1.0, 100.0, 2047.0])
    assert grid_values(grid_keys(values)).tolist() == values.tolist()


def test_the_scoring_rate_is_the_share_above_the_median_of_all_rows():
    random = np.random.default_rng(1)
    for size in (400, 401):
        rows = scored(random, size, shift=0.1)
        whole = Window(rows.rows, {**rows.columns, "score": np.round(rows.columns["score"] * 64)})
        found = report(whole, RULES, "score")
        scores, codes = whole.columns["score"], whole.columns["group"].codes
        for name, place in zip(whole.columns["group"].levels, (0, 1), strict=True):
            expected = (scores[codes == place] > np.median(scores)).mean()
            assert found.attributes["group"].groups[name].selection_rate.value == pytest.approx(expected, abs=1e-12)
        assert found.details["exact"] is True
        assert found.details["median"] == pytest.approx(np.floor(np.median(scores)), abs=0.5)


def test_low_scores_may_be_the_favourable_ones():
    random = np.random.default_rng(2)
    rows = scored(random, 400, shift=0.2)
    turned = Window(rows.rows, {**rows.columns, "score": -rows.columns["score"]})
    one = report(rows, RULES, "score").attributes["group"].groups
    other = report(turned, policy("group", score="score", favourable_scores="low"), "score").attributes["group"].groups
    for name in "ab":
        assert other[name].selection_rate.value == pytest.approx(one[name].selection_rate.value, abs=0.02)
        assert other[name].rates["auc"].value == pytest.approx(one[name].rates["auc"].value, abs=1e-3)


def test_the_auc_of_each_group_is_scikit_learns():
    random = np.random.default_rng(3)
    rows = scored(random, 1000)
    coarse = Window(rows.rows, {**rows.columns, "score": np.round(rows.columns["score"] * 32) / 32})
    found = report(coarse, RULES, "score").attributes["group"]
    for name in "ab":
        members = np.array([value == name for value in coarse.columns["group"].values()])
        expected = roc_auc_score(coarse.columns["label"][members], coarse.columns["score"][members])
        estimate = found.groups[name].rates["auc"]
        assert estimate.value == pytest.approx(expected, abs=1e-12)
        assert estimate.low < expected < estimate.high


def test_delongs_variance_is_that_of_the_placements():
    random = np.random.default_rng(4)
    labels = random.integers(0, 2, 60)
    keys = random.integers(0, 20, 60) + 3 * labels
    found = auc(labels, keys, np.ones(60, np.int64))
    x, y = keys[labels == 1], keys[labels == 0]
    wins = (x[:, None] > y) + 0.5 * (x[:, None] == y)
    expected = wins.mean(1).var(ddof=1) / len(x) + wins.mean(0).var(ddof=1) / len(y)
    assert found.value == pytest.approx(wins.mean())
    assert found.variance == pytest.approx(expected)


def test_scores_that_are_chances_are_found_calibrated_and_shifted_ones_are_not():
    random = np.random.default_rng(5)
    rows = scored(random, 20_000)
    rule = MetricRule(metric=Metric.CALIBRATION, threshold=0.05)
    rules = policy("group", score="score", fairness_metrics=(*RULES.fairness_metrics, rule))
    good = report(rows, rules, "score").attributes["group"].groups
    assert all(abs(good[name].rates["observed_minus_expected"].value) < 0.02 for name in "ab")
    in_a = np.array(rows.columns["group"].values()) == "a"
    bad_scores = rows.columns["score"] * np.where(in_a, 1, 0.6)
    bad = report(Window(rows.rows, {**rows.columns, "score": bad_scores}), rules, "score").attributes["group"]
    worse = next(group for group in bad.groups.values() if not group.is_reference)
    assert abs(worse.disparities["calibration_difference"].value) > 0.15
    assert worse.judgements["calibration_difference"].verdict is Verdict.DISPARITY_INDICATED


def test_a_group_without_both_labels_has_no_auc_and_says_so():
    rows = scored(np.random.default_rng(6), 300)
    label = np.where(np.array(rows.columns["group"].values()) == "a", 1.0, rows.columns["label"])
    found = report(Window(rows.rows, {**rows.columns, "label": label}), RULES, "score").attributes["group"]
    assert found.groups["a"].rates["auc"].value is None
    assert found.groups["a"].rates["auc"].reason.startswith("undefined")


def test_scores_that_are_missing_or_infinite_are_counted_apart():
    rows = scored(np.random.default_rng(7), 300)
    score = rows.columns["score"].copy()
    score[:10], score[10:15] = np.nan, np.inf
    found = report(Window(rows.rows, {**rows.columns, "score": score}), RULES, "score")
    assert found.details["rows_without_score"] == 15
    assert found.rows.used == 285


def test_the_hint_equalises_what_it_says_and_counts_what_it_costs():
    rows = scored(np.random.default_rng(8), 4000, shift=0.2)
    rules = policy(ProtectedAttribute(name="group", reference_group="a"), score="score")
    found = report(rows, rules)
    assert found.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    selection, opportunity = found.hints
    assert selection.metric is Metric.DISPARATE_IMPACT
    assert selection.gap_after < 0.02 < selection.gap_before
    assert selection.groups["b"].threshold < selection.groups["a"].threshold
    assert abs(selection.selections_after - selection.selections_before) < 80
    assert selection.accuracy_after < selection.accuracy_before
    # The rate it promises is the rate that those thresholds give.
    group = np.array(rows.columns["group"].values())
    for name, part in selection.groups.items():
        given = (rows.columns["score"][group == name] >= part.threshold).mean()
        assert given == pytest.approx(part.rate, abs=0.01)
    assert opportunity.metric is Metric.EQUAL_OPPORTUNITY
    assert opportunity.gap_after < 0.02


def test_hints_refuse_what_thresholds_cannot_equalise():
    rows = scored(np.random.default_rng(9), 400)
    scores = tally(rows, make_plan(RULES)).scores
    with pytest.raises(InvalidInputError, match="cannot be equalised"):
        hint(scores, "group", Metric.PREDICTIVE_PARITY, RULES, common_threshold=0.5)
    assert threshold_selecting(scores, 0.0) > rows.columns["score"].max()
