"""Payloads read as columns are the rows that reading them one by one gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.models import ColumnKind, ColumnRole, ColumnSpec
from syndic.windows.parsing import sides
from syndic.windows.parsing.plain_columns import PlainColumns, read_plain_columns, runs_of
from syndic.windows.parsing.sides import Side

N, T = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
SPECS = (
    ColumnSpec(name="id", kind=T, role=ColumnRole.ROW_ID),
    *(ColumnSpec(name=f"n{place}", kind=N) for place in range(3)),
    ColumnSpec(name="c", kind=T),
    ColumnSpec(name="m", kind=N),
)
CELLS = st.sampled_from(["1", "-2.5", "1e3", "0.1", "", " 7", "nan", "x", "grün", "1_0", "[1", "1]", "\u2028", '"'])


def read(side: Side, texts: list[str]) -> tuple[dict[str, Any], list[bool], list[str | None]]:
    side.start_piece()
    rows, bad = side.plain_rows(texts)
    good = [place for place, fails in enumerate(bad.tolist()) if not fails]
    kept = rows if len(good) == len(texts) else [list(rows)[place] for place in good]
    columns = {name: [None if np.isnan(x) else x for x in array.tolist()] for name, array in side.columns(kept).items()}
    return columns, bad.tolist(), list(side.own_ids(kept, [None] * len(good)))


@given(st.lists(st.lists(CELLS, min_size=5, max_size=7).map(",".join), min_size=1, max_size=6))
def test_columns_are_the_rows_that_are_read_one_by_one(texts: list[str]) -> None:
    side = Side(SPECS)
    quick = read(side, texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sides, "read_plain_columns", lambda *_: None)
        assert quick == read(side, texts)


def test_rows_without_gaps_are_never_rows() -> None:
    texts = ["a,1,2,3,grün,4", "b,5,6,7,x,8.5"]
    rows = read_plain_columns(texts, 6, runs_of([1, 2, 3, 5]))
    assert isinstance(rows, PlainColumns)
    assert [list(row) for row in rows] == [["a", 1.0, 2.0, 3.0, "grün", 4.0], ["b", 5.0, 6.0, 7.0, "x", 8.5]]
    assert rows[1][4] == "x"
    assert np.array_equal(rows.column(5), [4.0, 8.5])


@pytest.mark.parametrize(
    "texts", [["a,1,2", "b,1,2,3,4"], ["a,1,,3,x,4"], ['a,1,2,3,"x",4'], ["a,1,2,3,x,4\nb,1,2,3,x,4"]]
)
def test_what_is_no_plain_row_is_left_to_the_slower_way(texts: list[str]) -> None:
    assert read_plain_columns(texts, 6, [(1, 3), (5, 5)]) is None


def test_places_that_neighbour_each_other_are_one_run() -> None:
    assert runs_of([1, 2, 3, 5, 7, 8]) == [(1, 3), (5, 5), (7, 8)]
