"""Policies as YAML, presets, and what is refused with the place named."""

from __future__ import annotations

import pytest

from syndic.bias.policy.file import parse_policy, preset_names, preset_policy, preset_provenance
from syndic.bias.policy.model import BiasPolicy, Comparison, Metric
from syndic.errors import InvalidInputError, UnknownReferenceError

FOUNDING = """
bias_monitoring:
  protected_attributes:
    - age:
        groups: ["18-25", "26-40", "41-60", "60+"]
        reference_group: "26-40"
    - gender:
        groups: ["male", "female", "non-binary"]
        reference_group: "male"
    - ethnicity:
        groups: ["group_a", "group_b", "group_c"]
        reference_group: "group_a"

  fairness_metrics:
    - disparate_impact:
        threshold: 0.8
        enabled: true
    - demographic_parity:
        threshold: 0.1
        enabled: true
    - equal_opportunity:
        threshold: 0.1
        enabled: true
    - predictive_parity:
        threshold: 0.1
        enabled: false

  intersectional_analysis:
    enabled: true
    combinations: [["age", "gender"], ["gender", "ethnicity"]]
"""


def test_the_expected_shape_of_the_file_is_read():
    policy = parse_policy(FOUNDING, source="bias.yaml")
    assert [attribute.name for attribute in policy.protected_attributes] == ["age", "gender", "ethnicity"]
    assert policy.protected_attributes[0].groups == ("18-25", "26-40", "41-60", "60+")
    assert policy.protected_attributes[0].comparison is Comparison.NAMED
    assert policy.rule(Metric.DISPARATE_IMPACT).threshold == 0.8
    assert policy.rule(Metric.PREDICTIVE_PARITY) is None
    assert policy.combinations == (("age", "gender"), ("gender", "ethnicity"))


def test_every_preset_is_a_policy_that_cites_its_source_and_date():
    assert set(preset_names()) == {"four_fifths", "nyc_ll144", "eu_ai_act_art10", "ecoa_credit"}
    for name in preset_names():
        policy = preset_policy(name, protected_attributes=["sex"])
        provenance = preset_provenance(name)
        assert policy.preset == provenance
        assert provenance.source
        assert provenance.dated
        assert provenance.verified_on
        assert policy.rule(Metric.DISPARATE_IMPACT).threshold == 0.8


def test_a_file_may_start_from_a_preset_and_change_it():
    text = "bias_monitoring: {preset: four_fifths, favourable: [1, yes], minimum_group_size: 50}"
    policy = parse_policy(text, source="bias.yaml")
    assert policy.preset.name == "four_fifths"
    assert policy.minimum_group_size == 50
    assert policy.favourable == ("1", "yes")


def test_ll144_compares_with_the_most_selected_category_whatever_is_named():
    policy = preset_policy("nyc_ll144", protected_attributes=["sex"])
    assert policy.protected_attributes[0].comparison is Comparison.BEST_OFF


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "bias.yaml, line 1: not valid YAML"),
        ("- 1", "expected a mapping with the key 'bias_monitoring'"),
        ("bias_monitoring: {preset: nope}", "there is no bias preset 'nope'; presets are: ecoa_credit"),
        ("bias_monitoring: {fairness_metrics: [{nope: {threshold: 1}}]}", "there is no fairness metric 'nope'"),
        (
            "bias_monitoring: {fairness_metrics: [{disparate_impact: {threshold: 1.2}}]}",
            "at most 1, not 1.2",
        ),
        ("bias_monitoring: {fairness_metrics: [7]}", "a name, or a name with threshold and enabled"),
        ("bias_monitoring: {fairness_metrics: [equalized_odds]}", "fairness_metrics"),  # whose threshold nobody says
        ("bias_monitoring: {bias_threshold: yes}", "bias_threshold: expected a number"),
        ("bias_monitoring: {bias_threshold: 2}", "at most 1"),
        ("bias_monitoring: {protected_attributes: 3}", "expected a list of attributes"),
        ("bias_monitoring: {protected_attributes: [[1]]}", "each attribute is a name"),
        ("bias_monitoring: {protected_attributes: [{age: {bins: [40, 25]}}]}", "bins must rise"),
        ("bias_monitoring: {protected_attributes: [{age: {bins: [4], groups: [a]}}]}", "groups or bins, not both"),
        (
            "bias_monitoring: {protected_attributes: [{a: {groups: [x], reference_group: y}}]}",
            "'y' is not in",
        ),
        ("bias_monitoring: {protected_attributes: [a, a]}", "declared twice"),
        (
            "bias_monitoring: {protected_attributes: [a], intersectional_analysis: {combinations: [[a, b]]}}",
            "names 'b'",
        ),
        ("bias_monitoring: {intersectional_analysis: [a]}", "expected enabled and combinations"),
        ("bias_monitoring: {outcomes: [luck]}", "prediction, label, score or value, not 'luck'"),
        ("bias_monitoring: {minimum_group_size: .nan}", "bias.yaml: minimum_group_size"),
        ("bias_monitoring: {minimum_grup_size: 3}", "bias.yaml: minimum_grup_size"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_its_place(text, said):
    with pytest.raises(InvalidInputError) as caught:
        parse_policy(text, source="bias.yaml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_is_an_unknown_reference():
    with pytest.raises(UnknownReferenceError):
        preset_policy("nope")


def test_the_default_policy_declares_no_attribute():
    assert BiasPolicy().protected_attributes == ()


@pytest.mark.parametrize(
    ("fields", "thresholds"),
    [
        ("fairness_metrics: [demographic_parity, equalized_odds], bias_threshold: 0.15", [0.15, 0.15]),
        ("fairness_metrics: [disparate_impact, demographic_parity]", [0.8, 0.1]),
        ("fairness_metrics: [disparate_impact, equal_opportunity], bias_threshold: 0.9", [0.9, 0.1]),
        ("fairness_metrics: [{demographic_parity: {threshold: 0.2}}, auc], bias_threshold: 0.05", [0.2, 0.05]),
        ("bias_threshold: 0.05", [0.8, 0.05, 0.05, 0.05]),
    ],
)
def test_a_metric_by_its_name_alone_has_the_threshold_of_its_kind(fields: str, thresholds: list[float]) -> None:
    policy = parse_policy(f"bias_monitoring: {{{fields}}}", source="fair.yaml")
    assert [rule.threshold for rule in policy.fairness_metrics] == thresholds
