"""Pieces of a window: joined, taken apart, and known again by their ids, in bounded memory."""

from __future__ import annotations

import random
import tracemalloc

import numpy as np
import pytest

from demo.traffic import sagemaker_line
from syndic.errors import InvalidInputError, UnknownReferenceError
from syndic.models import (
    ColumnKind,
    ColumnRole,
    Intake,
)
from syndic.windows import (
    Categories,
    Seen,
    Window,
    concatenate,
    parse_sagemaker,
)
from tests.unit.windows.made import MIXED, cells, content
from tests.unit.windows.traffic import small, traffic


def test_pieces_join_with_one_table_of_levels() -> None:
    joined = concatenate([small("a", "b"), small("c", "a"), small("b")])
    column = joined.categorical("x")
    assert column.values() == ["a", "b", "c", "a", "b"]
    assert column.levels == ("a", "b", "c")
    assert column.codes.dtype == np.int32


def test_missing_codes_stay_missing_when_pieces_join() -> None:
    gap = Window(2, {"x": Categories(np.array([-1, 0], np.int32), ("z",))})
    assert concatenate([small("a"), gap, gap]).categorical("x").values() == ["a", None, "z", None, "z"]


def test_intakes_add_up_and_empty_pieces_only_add_theirs() -> None:
    intake = Intake(objects=1, read=3, used=1, rejected=2, reasons={"json": 2}, rows=1)
    joined = concatenate([Window(0, {}, intake=intake), small(1.0, intake=intake), Window(0, {}, intake=intake)])
    assert joined.intake == intake.plus(intake).plus(intake)
    assert joined.rows == 1
    assert concatenate([]).rows == 0


def test_pieces_of_other_columns_or_kinds_do_not_join() -> None:
    with pytest.raises(InvalidInputError, match="differ in their columns: y"):
        concatenate([small(1.0), Window(1, {"x": np.ones(1), "y": np.ones(1)})])
    with pytest.raises(InvalidInputError, match="'x' is numeric in one piece"):
        concatenate([small(1.0), small("a")])


def test_columns_by_name_kind_and_role() -> None:
    window = concatenate(parse_sagemaker([sagemaker_line(traffic(1)[0]).encode()], MIXED, source="s"))
    assert window.with_role(ColumnRole.FEATURE) == ("income", "region", "age")
    assert window.with_role(ColumnRole.SCORE) == ("score",)
    assert window.kind("region") is ColumnKind.CATEGORICAL
    with pytest.raises(InvalidInputError, match="categorical, a numeric one is needed"):
        window.numeric("region")
    with pytest.raises(InvalidInputError, match="numeric, a categorical one is needed"):
        window.categorical("age")
    with pytest.raises(UnknownReferenceError, match="no column 'height'"):
        window.column("height")


def test_rows_taken_by_mask_and_by_place_are_the_same() -> None:
    data = "\n".join(map(sagemaker_line, traffic(6))).encode()
    window = concatenate(parse_sagemaker([data], MIXED, source="s"))
    mask = np.array([True, False, False, True, False, True])
    assert content(window.take(mask)) == content(window.take(np.flatnonzero(mask)))
    assert cells(window.take(mask).column("income")) == [0, 3, 5]


def test_seen_ids_are_new_once_whatever_the_batches() -> None:
    dice = random.Random(3)  # noqa: S311
    ids = [dice.choice([None, f"id-{dice.randrange(60_000)}"]) for _ in range(150_000)]
    met: set[str] = set()
    expected = []
    for record_id in ids:
        expected.append(record_id is None or record_id not in met)
        met.add(record_id or "")
    seen, found, start = Seen(), [], 0
    while start < len(ids):
        size = dice.choice([1, 10, 1_000, 40_000])
        found += seen.first(ids[start : start + size]).tolist()
        start += size
    assert found == expected


def test_ids_met_one_by_one_take_no_more_memory_than_many_at_once() -> None:
    seen = Seen()
    tracemalloc.start()
    for number in range(20_000):
        seen.first([f"id-{number}"])
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 0.5e6  # 20,000 ids at 8 bytes, and the newest
    assert not seen.first([f"id-{number}" for number in range(20_000)]).any()
