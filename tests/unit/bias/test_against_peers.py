"""The same numbers as Fairlearn and AIF360, to 1e-12, in 500 random cases, wherever they define the same thing.

A fifth of the cases in `make test`, all of them in `make proof`.

docs/bias.md lists the definitions that differ, with the reasons.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from syndic.bias.measures.individual import consistency
from syndic.bias.models import Estimate
from syndic.bias.policy.model import Comparison, ProtectedAttribute
from tests.proof import share
from tests.unit.bias.cases import policy, random_rows, report

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import fairlearn.metrics as fairlearn
    from aif360.datasets import BinaryLabelDataset
    from aif360.metrics import BinaryLabelDatasetMetric, ClassificationMetric

CASES = share(range(500), 5)  # seeds
EQUAL = 1e-12


def close(estimate: Estimate | None, expected: float) -> bool:
    """Equal to 1e-12, or undefined on both sides."""
    if estimate is None or estimate.value is None:
        return not math.isfinite(expected)
    return math.isfinite(expected) and abs(estimate.value - expected) <= EQUAL


@pytest.mark.filterwarnings("ignore")
def test_rates_of_groups_equal_fairlearns():
    wanted = {
        "selection_rate": fairlearn.selection_rate,
        "true_positive_rate": fairlearn.true_positive_rate,
        "false_positive_rate": fairlearn.false_positive_rate,
        "true_negative_rate": fairlearn.true_negative_rate,
        "false_negative_rate": fairlearn.false_negative_rate,
    }
    for seed in CASES:
        random = np.random.default_rng(seed)
        rows = random_rows(random, int(random.integers(20, 300)), int(random.integers(2, 6)))
        attribute = report(rows, policy("group", minimum_label_coverage=0)).attributes["group"]
        codes = rows.columns["group"].codes
        for group, found in attribute.groups.items():
            members = codes == int(group.removeprefix("g"))
            arrays = rows.columns["label"][members], rows.columns["prediction"][members]
            truth = found.confusion
            for name, theirs in wanted.items():
                # Fairlearn says 0 where there is nothing to divide by; here that is undefined, with a reason.
                empty = {"true_positive_rate": ("true_positive", "false_negative")}
                empty["false_negative_rate"] = empty["true_positive_rate"]
                empty["false_positive_rate"] = empty["true_negative_rate"] = ("true_negative", "false_positive")
                if name in empty and truth is not None and sum(truth[cell] for cell in empty[name]) == 0:
                    assert found.rates[name].value is None
                    assert found.rates[name].reason
                    continue
                assert close(found.rates[name], float(theirs(*arrays, pos_label=1))), (seed, group, name)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_gap_of_selection_rates_equals_fairlearns_ratio_and_difference():
    for seed in CASES:
        random = np.random.default_rng(seed)
        rows = random_rows(random, int(random.integers(50, 400)), int(random.integers(2, 6)))
        sensitive = pd.Series(rows.columns["group"].values())
        keywords = {"sensitive_features": sensitive}
        arrays = (rows.columns["label"], rows.columns["prediction"])
        rules = policy("group", minimum_group_size=1, minimum_expected=0)
        attribute = report(rows, rules).attributes["group"]
        others = [group for group in attribute.groups.values() if not group.is_reference]
        ratios = [group.disparate_impact.value for group in others]
        gaps = [group.demographic_parity_difference.value for group in others]
        assert min(ratios) == pytest.approx(fairlearn.demographic_parity_ratio(*arrays, **keywords), abs=EQUAL)
        assert -min(gaps) == pytest.approx(fairlearn.demographic_parity_difference(*arrays, **keywords), abs=EQUAL)
        if len(attribute.groups) == 2:
            # Over more groups Fairlearn takes the widest gap of any pair, here each is against its reference.
            other = others[0]
            odds = fairlearn.equalized_odds_difference(*arrays, **keywords)
            opportunity = fairlearn.equal_opportunity_difference(*arrays, **keywords)
            assert other.disparities["equalized_odds_difference"].value == pytest.approx(odds, abs=EQUAL)
            assert abs(other.equal_opportunity_difference.value) == pytest.approx(opportunity, abs=EQUAL)


@pytest.mark.filterwarnings("ignore")
def test_disparities_from_a_named_reference_equal_aif360s():
    for seed in CASES:
        random = np.random.default_rng(seed)
        rows = random_rows(random, int(random.integers(40, 300)), 2)
        truth, predicted = aif_datasets(rows)
        sides = {"unprivileged_groups": [{"group": 0.0}], "privileged_groups": [{"group": 1.0}]}
        theirs = ClassificationMetric(truth, predicted, **sides)
        attribute = report(rows, policy(ProtectedAttribute(name="group", reference_group="g1"))).attributes["group"]
        group = attribute.groups["g0"]
        pairs = {
            "disparate impact": (group.disparate_impact, theirs.disparate_impact()),
            "parity": (group.demographic_parity_difference, theirs.statistical_parity_difference()),
            "opportunity": (group.equal_opportunity_difference, theirs.equal_opportunity_difference()),
            "fpr": (group.disparities["false_positive_rate_difference"], theirs.false_positive_rate_difference()),
            "for": (group.disparities["false_omission_rate_difference"], theirs.false_omission_rate_difference()),
            "ppv": (group.predictive_parity_difference, -theirs.false_discovery_rate_difference()),
            "accuracy": (group.disparities["accuracy_difference"], -theirs.error_rate_difference()),
            "tnr": (group.rates["true_negative_rate"], theirs.true_negative_rate(privileged=False)),
            "npv": (group.rates["negative_predictive_value"], theirs.negative_predictive_value(privileged=False)),
        }
        for name, (ours, expected) in pairs.items():
            assert close(ours, float(expected)), (seed, name, ours, expected)
        odds = group.disparities["equalized_odds_difference"].value
        assert odds == pytest.approx(theirs.equalized_odds_difference(), abs=EQUAL)


def aif_datasets(rows):
    frame = pd.DataFrame(
        {"group": rows.columns["group"].codes.astype(float), "label": rows.columns["label"]}, copy=True
    )
    truth = BinaryLabelDataset(df=frame, label_names=["label"], protected_attribute_names=["group"])
    predicted = truth.copy()
    predicted.labels = rows.columns["prediction"].reshape(-1, 1).copy()
    return truth, predicted


@pytest.mark.filterwarnings("ignore")
def test_consistency_equals_aif360s_where_neighbours_are_not_tied():
    for seed in range(20):
        random = np.random.default_rng(seed)
        features = random.normal(size=(200, 4))
        decisions = (features[:, 0] + random.normal(size=200) > 0).astype(float)
        frame = pd.DataFrame(features, columns=list("abcd"))
        frame["label"] = decisions
        data = BinaryLabelDataset(df=frame, label_names=["label"], protected_attribute_names=["a"])
        expected = float(np.ravel(BinaryLabelDatasetMetric(data).consistency(n_neighbors=5))[0])
        assert consistency(features, decisions) == pytest.approx(expected, abs=EQUAL)


def test_against_the_rest_is_the_table_of_the_group_and_everybody_else():
    random = np.random.default_rng(5)
    rows = random_rows(random, 300, 3)
    attribute = ProtectedAttribute(name="group", compare_with=Comparison.REST)
    found = report(rows, policy(attribute)).attributes["group"]
    codes, decisions = rows.columns["group"].codes, rows.columns["prediction"]
    for place, group in enumerate(("g0", "g1", "g2")):
        expected = decisions[codes == place].mean() / decisions[codes != place].mean()
        assert close(found.groups[group].disparate_impact, expected)
    assert found.reference == "rest"
