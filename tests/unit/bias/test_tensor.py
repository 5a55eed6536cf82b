"""The count tensor adds up to the same whatever the split, and stays small with many groups."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.bias.counting.tensor import CountTensor, count_codes
from syndic.errors import InvalidInputError

LEVELS = (("a", "b", "c"), ("x", "y"))


def counted(codes: np.ndarray, levels=LEVELS) -> CountTensor:
    return count_codes(("one", "two"), levels, [codes[:, 0], codes[:, 1]], codes[:, 2], codes[:, 3])


def same(one: CountTensor, other: CountTensor) -> bool:
    return (
        one.levels == other.levels
        and np.array_equal(one.cells, other.cells)
        and np.array_equal(one.counts, other.counts)
    )


rows = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.integers(0, 2)), min_size=0, max_size=60
)


@settings(max_examples=150, deadline=None)
@given(rows, st.lists(st.integers(0, 60), max_size=4))
def test_any_split_of_the_rows_gives_the_same_tensor(values, cuts):
    codes = np.array(values, np.int64).reshape(-1, 4)
    pieces = np.split(codes, sorted(min(cut, len(codes)) for cut in cuts))
    total = CountTensor.empty(("one", "two"))
    for piece in pieces:
        total = total.plus(counted(piece))
    assert same(total, CountTensor.empty(("one", "two")).plus(counted(codes)))


@settings(max_examples=50, deadline=None)
@given(rows)
def test_the_order_of_levels_in_a_piece_does_not_matter(values):
    codes = np.array(values, np.int64).reshape(-1, 4)
    turned = codes.copy()
    turned[:, 0] = 2 - turned[:, 0]
    assert same(counted(codes), counted(turned, (("c", "b", "a"), ("x", "y"))))


def test_the_sparse_way_counts_as_the_dense_one():
    random = np.random.default_rng(3)
    levels = [tuple(f"{name}{i}" for i in range(1000)) for name in "ab"]
    codes = np.column_stack([random.integers(0, 1000, (2000, 2)), random.integers(0, 3, (2000, 2))])
    sparse = counted(codes, levels)  # 9 million places
    few = codes.copy()
    few[:, :2] %= 10
    dense = counted(few, [level[:10] for level in levels])
    assert sparse.rows == dense.rows == 2000
    first = sparse.over(("one",))
    expected = np.bincount(codes[:, 0], minlength=1000)
    got = {name[0]: int(table.sum()) for name, table in zip(first.names(), first.counts, strict=True)}
    assert got == {f"a{i}": int(expected[i]) for i in range(1000) if expected[i]}


def test_a_tensor_survives_json():
    tensor = counted(np.array([[0, 1, 1, 1], [2, 0, 0, 2], [0, 1, 1, 0]]))
    assert same(tensor, CountTensor.from_json(json.loads(json.dumps(tensor.to_json()))))


def test_tensors_of_other_attributes_do_not_add_up():
    with pytest.raises(InvalidInputError, match="cannot be added"):
        CountTensor.empty(("one",)).plus(CountTensor.empty(("two",)))


def test_the_label_looked_at_as_a_decision_has_no_truth():
    tensor = counted(np.array([[0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 2, 1]])).with_decision("label")
    assert tensor.counts[0].tolist() == [[0, 0, 0], [0, 0, 0], [1, 1, 0]]
    assert tensor.counts[1].tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 1]]
