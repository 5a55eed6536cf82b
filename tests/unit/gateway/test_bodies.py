"""Every shape of a body gives the same rows; what is no shape is refused by its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.errors import InvalidInputError, SyndicError, TooLargeError
from syndic.gateway.bodies import read_body
from syndic.gateway.contract import Contract, ContractBrokenError, check
from syndic.gateway.rows import MOST_BYTES
from syndic.gateway.values import Feature, FeatureType

NAMES = ("a", "b", "c")
CONTRACT = Contract(tuple(Feature(name=name, type=FeatureType.DOUBLE) for name in NAMES))
DATA = [[1.0, 2.5, -3.0], [4.0, 5.0, 6.0]]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in DATA]


def tensor(name: str, shape: list[int], data: Any, datatype: str = "FP64") -> dict[str, Any]:
    return {"name": name, "shape": shape, "datatype": datatype, "data": data}


SHAPES: dict[str, Any] = {
    "dataframe_split": {"dataframe_split": {"columns": list(NAMES), "data": DATA}},
    "dataframe_split with an index": {"dataframe_split": {"columns": list(NAMES), "data": DATA, "index": [7, 9]}},
    "dataframe_split in another order": {
        "dataframe_split": {"columns": ["c", "a", "b"], "data": [[row[2], row[0], row[1]] for row in DATA]}
    },
    "dataframe_records": {"dataframe_records": RECORDS},
    "instances of lists": {"instances": DATA},
    "instances of objects": {"instances": RECORDS},
    "instances as SageMaker's": {"instances": [{"features": row} for row in DATA]},
    "inputs of lists": {"inputs": DATA},
    "inputs of columns": {"inputs": {name: [row[n] for row in DATA] for n, name in enumerate(NAMES)}},
    "inputs of objects": {"inputs": RECORDS},
    "one tensor, nested": {"inputs": [tensor("x", [2, 3], DATA)]},
    "one tensor, flat": {"id": "7", "inputs": [tensor("x", [2, 3], DATA[0] + DATA[1])]},
    "a tensor each, flat": {"inputs": [tensor(n, [2], [row[i] for row in DATA]) for i, n in enumerate(NAMES)]},
    "a tensor each, nested": {"inputs": [tensor(n, [2, 1], [[row[i]] for row in DATA]) for i, n in enumerate(NAMES)]},
    "a list of objects": RECORDS,
    "a list of lists": DATA,
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_every_shape_gives_the_same_rows(body: Any) -> None:
    found = check(read_body(json.dumps(body).encode(), "application/json; charset=utf-8"), CONTRACT)

    assert list(found.rows) == RECORDS


def test_csv_goes_by_place() -> None:
    found = check(read_body(b"1,2.5,-3\r\n4,5,6\r\n", "text/csv"), CONTRACT)

    assert list(found.rows) == RECORDS


def test_one_object_is_one_row_even_where_a_feature_is_called_as_a_wrapper() -> None:
    contract = Contract((Feature(name="inputs", type=FeatureType.DOUBLE), Feature(name="b", type=FeatureType.DOUBLE)))

    assert list(check(read_body(b'{"inputs": 1, "b": 2}', ""), contract).rows) == [{"inputs": 1.0, "b": 2.0}]


WRONG = {
    "not JSON": (b"{", "body"),
    "not UTF-8": (b"\xff\xfe", "body"),
    "a number": (b"3", "body"),
    "no rows": (b"[]", "body"),
    "no instances": (b'{"instances": []}', "instances"),
    "a name twice": (b'{"a": 1, "a": 2, "b": 1, "c": 1}', "body"),
    "two wrappers": (b'{"instances": [[1]], "inputs": [[1]]}', "body"),
    "parameters": (b'{"instances": [[1, 2, 3]], "params": {"temperature": 1}}', "params"),
    "a row too short": (b'{"dataframe_split": {"columns": ["a", "b", "c"], "data": [[1, 2]]}}', "data[0]"),
    "a column twice": (b'{"dataframe_split": {"columns": ["a", "a", "c"], "data": [[1, 2, 3]]}}', "columns"),
    "columns of two lengths": (b'{"inputs": {"a": [1], "b": [1, 2], "c": [1]}}', "inputs"),
    "a list in a cell": (b'[{"a": [1, 2], "b": 1, "c": 1}]', "body[0].a"),
    "rows of two kinds": (b'[{"a": 1, "b": 1, "c": 1}, 3]', "body[1]"),
    "a tensor that does not fill its shape": (
        json.dumps({"inputs": [tensor("x", [2, 3], [1, 2, 3])]}).encode(), "inputs.x.data",
    ),
    "a tensor nested otherwise": (
        json.dumps({"inputs": [tensor("x", [2, 3], [[1, 2], [3, 4], [5, 6]])]}).encode(), "inputs.x.data",
    ),
    "a tensor of texts said to be numbers": (
        json.dumps({"inputs": [tensor("x", [1, 3], ["1", "2", "3"])]}).encode(), "inputs.x.data[0]",
    ),
    "a tensor in the binary extension": (
        b'{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "parameters": {"binary_data_size": 12}}]}',
        "inputs.x",
    ),
    "a tensor whose type is a list": (
        b'{"inputs": [{"name": "x", "shape": [1], "datatype": ["FP64"], "data": [1]}]}', "inputs.x.datatype",
    ),
    "an id for one row of two": (b'{"instances": [[1, 2, 3], [1, 2, 3]], "row_ids": ["1"]}', "row_ids"),
    "an id twice": (b'{"instances": [[1, 2, 3], [1, 2, 3]], "row_ids": ["1", 1]}', "row_ids"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "where"), WRONG.values(), ids=WRONG)
def test_what_is_no_shape_is_refused_by_its_place(body: bytes, where: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_body(body, "application/json")

    assert where in str(refused.value.where)


def test_a_body_too_large_or_of_another_type_is_refused() -> None:
    with pytest.raises(TooLargeError):
        read_body(b" " * (MOST_BYTES + 1), "application/json")
    with pytest.raises(InvalidInputError, match="application/x-npy is not read here"):
        read_body(b"", "application/x-npy")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["a", "b", "c", "inputs", "instances", "dataframe_split", "columns", "data", "name", "shape",
                         "datatype", "features", "row_ids"]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(body=VALUES, media=st.sampled_from(["application/json", "text/csv"]))
def test_any_body_is_read_or_refused(body: Any, media: str) -> None:
    try:
        found = check(read_body(json.dumps(body).encode(), media), CONTRACT)
    except SyndicError:
        return
    assert all(list(row) == list(NAMES) and all(isinstance(v, float) for v in row.values()) for row in found.rows)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for media in ("application/json", "text/csv"):
        try:
            check(read_body(body, media), CONTRACT)
        except SyndicError:
            continue


def test_missing_and_extra_features_are_both_named() -> None:
    with pytest.raises(ContractBrokenError) as refused:
        check(read_body(b'{"a": 1, "b": 2, "d": 3, "e": 4}', ""), CONTRACT)

    assert (refused.value.missing, refused.value.extra) == (("c",), ("d", "e"))
