"""Types, ranges and categories: what breaks them never reaches a model."""

from __future__ import annotations

from typing import Any

import pytest

from syndic.errors import UnavailableError
from syndic.gateway.contract import Contract, ContractBrokenError, check, features_of
from syndic.gateway.models import FeatureRule, OnViolation
from syndic.gateway.rows import of_named
from syndic.gateway.values import Feature, FeatureType
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec

TYPES = [
    ("double", 1, 1.0), ("double", -0.5, -0.5), ("double", 1e308, 1e308), ("long", 3, 3), ("long", 3.0, 3),
    ("long", -(2**63), -(2**63)), ("integer", 2**31 - 1, 2**31 - 1), ("boolean", True, True), ("string", "", ""),
    ("string", "Ünïcode", "Ünïcode"), ("datetime", "2026-01-01", "2026-01-01"), ("float", 0, 0.0),
]  # fmt: skip
WRONG = [
    ("double", True), ("double", "1"), ("double", None), ("double", 10**400), ("double", float("inf")),
    ("double", float("nan")), ("long", 3.5), ("long", 2**63), ("integer", 2**31), ("integer", -(2**31) - 1),
    ("boolean", 1), ("boolean", "true"), ("string", 1), ("string", "x" * 10_001), ("datetime", 20260101),
]  # fmt: skip


def held(kind: str, value: Any, **rule: Any) -> Any:
    rules = {"x": FeatureRule(**rule)} if rule else {}
    contract = Contract((Feature(name="x", type=FeatureType(kind)),), rules)
    return check(of_named([{"x": value}], "body"), contract)


@pytest.mark.parametrize(("kind", "value", "expected"), TYPES)
def test_a_value_of_the_type_is_taken_as_the_type(kind: str, value: Any, expected: Any) -> None:
    found = held(kind, value).rows[0]["x"]

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_a_value_of_another_type_is_refused_with_row_and_feature(kind: str, value: Any) -> None:
    with pytest.raises(ContractBrokenError) as refused:
        held(kind, value)

    assert [(one.row, one.feature) for one in refused.value.wrong] == [(0, "x")]


def test_an_optional_feature_may_be_missing_or_left_out() -> None:
    contract = Contract(
        (Feature(name="x", type=FeatureType.DOUBLE, required=False), Feature(name="y", type=FeatureType.DOUBLE))
    )

    found = check(of_named([{"x": None, "y": 1}, {"y": 2}], "body"), contract)

    assert list(found.rows) == [{"x": None, "y": 1.0}, {"x": None, "y": 2.0}]


@pytest.mark.parametrize(
    ("kind", "value", "rule"),
    [
        ("double", 17.9, {"minimum": 18}), ("double", 101, {"maximum": 100}),
        ("string", "blue", {"categories": ["red"]}),
        ("long", 4, {"categories": ["1", "2"]}),
    ],
)  # fmt: skip
def test_a_rule_rejects_or_flags_as_it_says(kind: str, value: Any, rule: dict[str, Any]) -> None:
    with pytest.raises(ContractBrokenError):
        held(kind, value, **rule)

    flagged = held(kind, value, on_violation=OnViolation.FLAG, **rule)
    assert [(one.row, one.feature) for one in flagged.flags] == [(0, "x")]
    assert flagged.rows[0]["x"] == value


def test_a_value_on_the_edge_of_a_range_keeps_it() -> None:
    for value in (18, 100):
        assert held("double", value, minimum=18, maximum=100).flags == ()


def test_what_comes_along_is_kept_apart_and_names_the_row() -> None:
    contract = Contract((Feature(name="x", type=FeatureType.DOUBLE),), along=("sex",), row_id="application")

    found = check(of_named([{"x": 1, "sex": "f", "application": 7}], "body"), contract)

    assert (list(found.rows), list(found.along), found.ids) == ([{"x": 1.0}], [{"sex": "f"}], ("7",))
    with pytest.raises(ContractBrokenError, match="two rows have the same application"):
        check(of_named([{"x": 1, "application": 7}, {"x": 1, "application": "7"}], "body"), contract)


def test_a_version_without_names_is_held_to_the_columns_of_its_traffic() -> None:
    columns = CaptureSchema(
        inputs=(
            ColumnSpec(name="age", kind=ColumnKind.NUMERIC), ColumnSpec(name="job", kind=ColumnKind.CATEGORICAL),
            ColumnSpec(name="sex", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PROTECTED),
        )
    )  # fmt: skip
    tensor: dict[str, Any] = {"inputs": [{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}]}

    assert [(one.name, one.type) for one in features_of(tensor, columns)] == [("age", "double"), ("job", "string")]
    tensor["inputs"][0]["tensor-spec"]["shape"] = [-1, 30]
    for signature, schema in ((None, None), ({}, None), (tensor, columns), (tensor, None)):
        with pytest.raises(UnavailableError, match="give one of them"):
            features_of(signature, schema)
    with pytest.raises(UnavailableError, match="of type binary"):
        features_of({"inputs": [{"name": "x", "type": "binary"}]}, None)
