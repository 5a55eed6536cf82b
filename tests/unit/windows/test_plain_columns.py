"""Payloads read as columns are the rows that reading them one by one gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.models import ColumnKind, ColumnRole, ColumnSpec
from syndic.windows import Rejected, concatenate, parse_sagemaker
from syndic.windows.cells.cell import Factorizer
from syndic.windows.parsing.cell_codes import CellCoder
from syndic.windows.parsing.plain_columns import PlainColumns, PlainReader
from syndic.windows.parsing.sides import Side
from tests.unit.windows.captured import CSV, JSON, sagemaker, side
from tests.unit.windows.made import MIXED, blocks, content

N, T = ColumnKind.NUMERIC, ColumnKind.CATEGORICAL
SPECS = (
    ColumnSpec(name="id", kind=T, role=ColumnRole.ROW_ID),
    *(ColumnSpec(name=f"n{place}", kind=N) for place in range(3)),
    ColumnSpec(name="c", kind=T),
    ColumnSpec(name="m", kind=N),
)
SPELLINGS = (
    "1", "-2.5", "1e3", "0.1", "", " 7", "nan", "x", "grün", "1_0", "[1", "1]", "[2]", "\u2028", '"', "-0", "-0.0",
    " -0", "0", "1e400", "-1e400", "1e-400", "4.9e-324", "9007199254740993", "18446744073709551615",
    "18446744073709551616", "-9223372036854775809", "0.1000000000000000055511151231257827021181583404541015625",
    "1.7976931348623157e308", "inf", "-Infinity", "NaN", "null", "true", "{}", "007", "+1", "1.", ".5", "1e", "0x10",
    "\u22125", "1\u202f000", "1.000", "٣", "\t7", "7\x0b", "\ufeff1", "NA", "v1\0", "a" * 8, "a" * 9, "a" * 32,
    "a" * 33, "b" * 40, "é" * 4, " x ", "1.0", "True",
)  # fmt: skip
CELLS = st.sampled_from(SPELLINGS)


def read(side: Side, texts: list[str]) -> tuple[dict[str, Any], list[bool], list[str | None]]:
    """The columns of the payloads that are good, which are bad, and ids; numbers with their sign and all their bits."""
    side.start_piece()
    rows, bad = side.plain_rows(texts)
    good = [place for place, fails in enumerate(bad.tolist()) if not fails]
    kept = rows if len(good) == len(texts) else [list(rows)[place] for place in good]
    columns: dict[str, Any] = {}
    for name, column in side.finished([side.columns(kept)]).items():
        columns[name] = [repr(x) for x in (column.tolist() if isinstance(column, np.ndarray) else column.values())]
    return columns, bad.tolist(), list(side.own_ids(kept, [None] * len(good)))


@given(st.lists(st.lists(CELLS, min_size=5, max_size=7).map(",".join), min_size=1, max_size=6))
def test_columns_are_the_rows_that_are_read_one_by_one(texts: list[str]) -> None:
    for specs in (SPECS, SPECS[1:4], SPECS[::4], SPECS[:5]):
        wide = [",".join(text.split(",")[: len(specs)]) for text in texts]
        quick = read(Side(specs), wide)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PlainReader, "read", lambda *_: None)
            assert quick == read(Side(specs), wide)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_read_as_python_reads_it_or_left_to_who_does(spelling: str) -> None:
    found = PlainReader([2], [0, 1]).read([f"{spelling},1.5"])
    if found is not None:
        assert repr(found.column(0)) == repr([float(spelling or "nan")])


def test_rows_without_gaps_are_never_rows() -> None:
    rows = PlainReader([6], [1, 2, 3, 5]).read(["a,1,2,3,grün,4", "b,5,,7,x,8.5"])
    assert isinstance(rows, PlainColumns)
    assert next(iter(rows)) == ("a", 1.0, 2.0, 3.0, "grün", 4.0)
    assert rows[1][4] == "x"
    assert np.array_equal(rows.numbers(5), [4.0, 8.5])
    assert np.isnan(rows.numbers(2)[1])


@pytest.mark.parametrize(
    "texts",
    [["a,1,2", "b,1,2,3,4"], ["a,1, ,3,x,4"], ['a,1,2,3,"x",4'], ["a,1,2,3,x,4\nb,1,2,3,x,4"], ["a,1,-0,3,x,4"],
     ["a,[1,2],3,x,4"], ["a,1,2,3,x,4,b,1,2,3,x", "4"]],
)  # fmt: skip
def test_what_may_be_no_plain_row_is_left_to_the_slower_way(texts: list[str]) -> None:
    assert PlainReader([6], [1, 2, 3, 5]).read(texts) is None
    assert PlainReader([1], [0]).read(["1", ""]) is None, "an empty payload holds no row"


def test_texts_have_the_same_codes_however_many_there_are_and_however_long() -> None:
    random = np.random.default_rng(7)
    levels = [f"{'x' * int(size)}{number}" for number, size in enumerate(random.integers(0, 45, 3_000))]
    whole, reader = {0: Factorizer(), 2: Factorizer()}, PlainReader([3], [1], [0, 2])
    coder = CellCoder(whole)
    seen: list[tuple[str, int]] = []
    for size in (1, 40, 300, 300, 3_000, 300):
        chosen = random.integers(0, size, (200, 2))
        rows = reader.read([f"{levels[a]},1,{levels[b]}" for a, b in chosen])
        assert rows is not None
        codes = coder.codes(rows.cells)
        for row, place in enumerate((0, 2)):
            found = [list(whole[place].levels)[code] for code in codes[row].tolist()]
            assert found == [levels[number] for number in chosen[:, row].tolist()]
            seen += [(f"{place} {level}", code) for level, code in zip(found, codes[row].tolist(), strict=True)]
    assert len(set(seen)) == len(dict(seen))


def hostile(random: np.random.Generator, rows: int, share: float) -> bytes:
    """A file in which so many payloads are not one plain row, or not one at all."""

    def cell(usual: str) -> str:
        return str(random.choice(SPELLINGS)) if random.random() < share else usual

    calls = []
    for number in range(rows):
        given = f"{cell(f'{number}.5')},{cell('north')},{cell(str(number))}"
        answered = f"{cell('yes')},{cell('0.25')}"
        kind = random.random() / share if share else 1.0
        if kind < 0.2:
            given = ["", "1", f"{given}\n{given}", f'{given},"x, y"', "1,x,2\r\n"][number % 5]
        inputs = side(given if kind > 0.5 or kind < 0.2 else [[1.5, "x", None]], CSV if kind > 0.5 else JSON)
        if 0.8 < kind < 1.0:
            inputs = side(given, CSV, packed=True)
        calls.append((inputs if kind > 0.01 else None, side(answered, CSV) if kind > 0.02 else None))
    lines = sagemaker(calls).splitlines(keepends=True)
    again = random.integers(0, rows, int(rows * share / 5))
    return (b"\xef\xbb\xbf" if share else b"") + b"".join([*lines, *(lines[number] for number in again), b"{\n"])


@pytest.mark.parametrize(("seed", "share"), [(1, 0.0), (2, 0.0005), (3, 0.01), (4, 0.3)])
def test_a_hostile_file_is_the_same_rows_and_the_same_account_either_way(seed: int, share: float) -> None:
    data = hostile(np.random.default_rng(seed), 3_000, share)

    def outcome() -> tuple[dict[str, Any], list[Rejected]]:
        rejected: list[Rejected] = []
        pieces = parse_sagemaker(blocks(data, 100_000), MIXED, source="s", on_reject=rejected.append)
        return content(concatenate(pieces)), rejected

    quick = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlainReader, "read", lambda *_: None)
        assert quick == outcome()
