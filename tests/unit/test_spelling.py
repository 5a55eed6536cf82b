"""A misspelt name in a file that we read is refused with the nearest one, in every kind of file."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from syndic.bias.policy.file import parse_policy
from syndic.bias.policy.model import BiasPolicy
from syndic.cli.shell.options import read_schema
from syndic.drift.policy.file import read_policy as read_drift_policy
from syndic.drift.policy.model import DriftPolicy
from syndic.errors import InvalidInputError
from syndic.quality.policy.file import read_policy as read_quality_policy
from syndic.quality.policy.model import QualityPolicy
from syndic.registry.promotion.policies import read_policy as read_approval_policy
from syndic.spelling import refusal, unknown_name


def _schema(text: str) -> object:
    path = Path("schema.json")
    path.write_text(text, encoding="utf-8")
    return read_schema(path)


READERS: dict[str, Callable[[str], object]] = {
    "drift": lambda text: read_drift_policy(text, where="file"),
    "bias": lambda text: parse_policy(text, source="file"),
    "quality": lambda text: read_quality_policy(text, where="file"),
    "approval": lambda text: read_approval_policy(json.loads(text), where="file"),
    "schema": _schema,
}


@pytest.mark.parametrize(
    ("kind", "text", "place", "meant"),
    [
        ("drift", "psi_treshold: 0.2", "psi_treshold", "psi_threshold"),
        ("drift", "rules: {age: {psi_treshold: 0.2}}", "rules.age.psi_treshold", "psi_threshold"),
        ("drift", "severity_levels: {hihg: 0.2}", "severity_levels.hihg", "high"),
        ("drift", "drift_detecton: {statistical_tests: []}", "drift_detecton", None),
        (
            "drift",
            "drift_detection: {statistical_tests: [psi: {treshold: 0.3}]}",
            "drift_detection.statistical_tests.psi.treshold",
            "threshold",
        ),
        ("drift", "drift_detection: {statistical_test: []}", "statistical_test", "statistical_tests"),
        (
            "drift",
            "drift_detection: {monitoring: {min_sample: 3}}",
            "drift_detection.monitoring.min_sample",
            "min_samples",
        ),
        ("drift", "drift_detection: {alerting: {severity_level: {}}}", "alerting.severity_level", "severity_levels"),
        ("drift", "drift_detection: {alerting: {}, min_sample: 3}", "drift_detection.min_sample", "min_samples"),
        ("drift", "{drift_detection: {min_samples: 3}, bias_monitring: 1}", "bias_monitring", None),
        ("bias", "bias_monitoring: {favorable: [a]}", "favorable", "favourable"),
        ("bias", "bias_monitoring: {protected_attributes: [age: {group: [a]}]}", "group", "groups"),
        ("bias", "bias_monitoring: {fairness_metrics: [disparate_impct: {threshold: 0.8}]}", "", "disparate_impact"),
        ("bias", "bias_monitoring: {fairness_metrics: [disparate_impact: {treshold: 0.8}]}", "treshold", "threshold"),
        ("bias", "bias_monitoring: {intersectional_analysis: {enabeld: true}}", "enabeld", "enabled"),
        ("bias", "{bias_monitoring: {}, bias_monitorng: {}}", "bias_monitorng", "bias_monitoring"),
        ("quality", "missing_tolerence: 0.2", "missing_tolerence", "missing_tolerance"),
        ("quality", "columns: {age: {max_mising: 0.2}}", "columns.age.max_mising", "max_missing"),
        ("approval", '{"name": "a", "description": "b", "approver": 2}', "approver", "approvers"),
        ("schema", '{"input": [{"name": "a", "kind": "numeric"}]}', "input", "inputs"),
        ("schema", '{"inputs": [{"name": "a", "kid": "numeric"}]}', "inputs.0.kid", "kind"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest(
    kind: str, text: str, place: str, meant: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInputError) as refused:
        READERS[kind](text)
    assert place in str(refused.value)
    assert meant is None or f"did you mean {meant!r}?" in str(refused.value)


def test_settings_beside_the_founding_shape_are_in_force() -> None:
    policy = read_drift_policy("drift_detection: {statistical_tests: [psi: {threshold: 0.3}], significance: 0.01}")
    assert (policy.psi_threshold, policy.significance) == (0.3, 0.01)


@given(st.data())
def test_one_wrong_letter_names_the_field_that_was_meant(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([DriftPolicy, BiasPolicy, QualityPolicy]))
    field = data.draw(st.sampled_from([name for name in kind.model_fields if len(name) > 5]))
    place = data.draw(st.integers(0, len(field) - 1))
    written = field[:place] + data.draw(st.sampled_from(string.ascii_lowercase)) + field[place + 1 :]
    if written in kind.model_fields:
        return
    with pytest.raises(ValidationError) as wrong:
        kind.model_validate({written: 1})
    said = str(refusal(wrong.value, kind, where="file"))
    # `changed_bt` is as near to `changed_by` as to `changed_at`.
    alike = [one for one in kind.model_fields if len(one) == len(written)]
    near = [one for one in alike if sum(a != b for a, b in zip(one, written, strict=True)) == 1]
    assert any(f"{written}: there is no setting {written!r}; did you mean {one!r}?" in said for one in near)


def test_a_name_like_no_other_is_answered_with_all_of_them() -> None:
    assert unknown_name("zzz", ["alpha", "beta"]) == "there is no setting 'zzz'; known are: alpha, beta"
    assert unknown_name("", []) == "there is no setting ''"
    assert "..." in unknown_name("???", map(str, range(100)))
    assert unknown_name("PSI_Threshold", ["psi_threshold"]).endswith("did you mean 'psi_threshold'?")


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("drift", "min_samples: 3\npsi_threshold: 0.2\nmin_samples: 900", "line 3"),
        ("drift", "drift_detection: {statistical_tests: [psi: {threshold: 0.2, threshold: 0.9}]}", "line 1"),
        ("quality", "columns:\n  age: {low: 0}\n  age: {low: 9}", "line 3"),
        ("bias", "bias_monitoring:\n  favourable: [yes]\n  favourable: [no]", "line 3"),
    ],
)
def test_a_key_that_stands_twice_is_refused(kind: str, text: str, place: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"file, {place}: .* is given twice"):
        READERS[kind](text)


def test_a_merged_mapping_may_set_a_key_again() -> None:
    text = "rules:\n  age: &usual {psi_threshold: 0.2, ignore: false}\n  sum: {<<: *usual, psi_threshold: 0.3}"
    assert read_drift_policy(text).rules["sum"].psi_threshold == 0.3


@pytest.mark.parametrize("truth", ["true", "yes", "False", "off"])
@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("drift", "psi_threshold"),
        ("drift", "min_samples"),
        ("drift", "rejected_tolerance"),
        ("drift", "severity_levels.low"),
        ("drift", "drift_detection.statistical_tests.psi.threshold"),
        ("quality", "rejected_tolerance"),
        ("quality", "min_labels"),
        ("quality", "levels.accuracy"),
        ("bias", "bias_monitoring.minimum_group_size"),
        ("bias", "bias_monitoring.significance"),
    ],
)
def test_a_truth_is_no_number(kind: str, setting: str, truth: str) -> None:
    """Before, it was taken for 1: every record could be rejected with `rejected_tolerance: yes`."""
    text = truth
    for name in reversed(setting.split(".")):
        text = f"{{{name}: {text}}}"
    with pytest.raises(InvalidInputError, match="a number is expected"):
        READERS[kind](text)


@pytest.mark.parametrize("written", ['"false"', "'no'", '"0"', "off", "n", "false"])
def test_a_truth_in_quotation_marks_is_read(written: str) -> None:
    text = f"drift_detection: {{statistical_tests: [psi: {{threshold: 9, enabled: {written}}}]}}"
    assert read_drift_policy(text).psi_threshold is None
    asked = f"drift_detection: {{statistical_tests: [psi: {{enabled: perhaps {written}}}]}}"
    with pytest.raises(InvalidInputError, match=r"true or false is expected|not valid YAML"):
        read_drift_policy(asked)
