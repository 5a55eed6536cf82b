"""What the clouds write is what is read, whatever the values, the encoding and the cut of the bytes."""

from __future__ import annotations

import gzip
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.traffic import Call, collector_files, sagemaker_line
from syndic.windows import Reason, concatenate, level_text, parse_collector, parse_sagemaker
from syndic.windows.cells.cell import MISSING_TEXTS
from tests.unit.windows.made import MIXED, NUMBERS, blocks, calls, cells, content

finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.one_of(st.none(), finite, st.integers(-(10**18), 10**18))
words = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
    st.sampled_from(["a,b", 'say "yes"', "North", "1.0", "0123", "True", "été"]),
)
input_row = st.tuples(numbers, words, numbers)
output_row = st.tuples(words, numbers)


@st.composite
def captured(draw: st.DrawFn) -> list[Call]:
    groups = []
    for _ in range(draw(st.integers(1, 8))):
        rows = draw(st.integers(1, 3))
        given_rows = draw(st.lists(input_row, min_size=rows, max_size=rows))
        answered = draw(st.lists(output_row, min_size=rows, max_size=rows))
        missing = draw(st.sampled_from(["neither", "neither", "inputs", "outputs"]))
        groups.append((None if missing == "inputs" else given_rows, None if missing == "outputs" else answered))
    return calls(groups)


def expected(traffic: list[Call], width_in: int = 3, width_out: int = 2) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for call in traffic:
        count = len(call.inputs if call.inputs is not None else call.outputs or ())
        for row in range(count):
            one = tuple(call.inputs[row]) if call.inputs is not None else (None,) * width_in
            other = tuple(call.outputs[row]) if call.outputs is not None else (None,) * width_out
            income, region, age = one
            decision, score = other
            rows.append(
                (
                    call.event_id if count == 1 else f"{call.event_id}#{row}",
                    _number(income),
                    level_text(region),
                    _number(age),
                    level_text(decision),
                    _number(score),
                )
            )
    return rows


def _number(cell: Any) -> float | None:
    return None if cell is None else float(cell)


def rows_of(window: Any) -> list[tuple[Any, ...]]:
    return list(zip(window.ids, *(cells(column) for column in window.columns.values()), strict=True))


@pytest.mark.parametrize("encoding", ["CSV", "BASE64", "JSON"])
@settings(max_examples=60, deadline=None)
@given(traffic=captured(), size=st.sampled_from([1, 7, 100, 10_000]), packed=st.booleans())
def test_sagemaker_captures_come_back_as_written(encoding: Any, traffic: list[Call], size: int, packed: bool) -> None:
    lines = [
        sagemaker_line(
            call, encoding=encoding, input_names=("income", "region", "age"), output_names=("decision", "score")
        )
        for call in traffic
    ]
    data = "\n".join(lines).encode()
    data = gzip.compress(data) if packed else data
    window = concatenate(parse_sagemaker(blocks(data, size), MIXED, source="s3://b/k"))
    assert rows_of(window) == expected(traffic)
    assert window.intake.read == window.intake.used == len(traffic)
    assert window.times is not None
    assert window.times[0] == np.datetime64("2026-03-02T09:00:00", "ms")


@settings(max_examples=60, deadline=None)
@given(traffic=captured(), size=st.sampled_from([1, 50, 10_000]))
def test_collector_files_come_back_joined(traffic: list[Call], size: int) -> None:
    # A row of nulls only still has its names, and must stay a row.
    files = dict(
        collector_files("credit", traffic, input_names=("income", "region", "age"), output_names=("decision", "score"))
    )
    inputs = next((name for name in files if "model_inputs" in name), None)
    outputs = next((name for name in files if "model_outputs" in name), None)
    window = concatenate(
        parse_collector(
            blocks(files[inputs], size) if inputs else [],
            MIXED,
            source=inputs or "credit/blue/model_inputs/2026/03/02/09/none.jsonl",
            outputs=blocks(files[outputs], size) if outputs else None,
            outputs_source=outputs or "",
        )
    )
    assert sorted(rows_of(window), key=lambda row: row[0]) == sorted(expected(traffic), key=lambda row: row[0])
    assert window.intake.read == window.intake.used


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(finite, st.integers(-(10**25), 10**25)).map(repr), min_size=3, max_size=3))
def test_numbers_equal_python_float_of_their_text(fields: list[str]) -> None:
    line = _numbers_line([",".join(fields)])
    window = concatenate(parse_sagemaker([line], NUMBERS, source="s"))
    assert [window.numeric(name)[0] for name in ("income", "debt", "age")] == [float(field) for field in fields]


@pytest.mark.parametrize(
    "field",
    [
        *("1e999", "-1e999", "1e-400", "4.9e-324", "2.2250738585072011e-308", "9007199254740993", "1" * 400),
        *("0.1" + "0" * 300, "inf", "-Infinity", "+5", ".5", "5.", "00012", " 7 ", "1_000", "0x10", "nan", "NaN", ""),
        *("1nan", "--1", "1,,", "true", "null", "[1]", '"3"', "1e", "\u0661\u0662"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_odd_numbers_are_read_as_float_reads_them_or_refused(field: str, place: int) -> None:
    fields = ["1", "2", "3"]
    fields[place] = field
    # Twenty good rows around it, so that it is met in a batch as well as alone.
    rows = ["4,5,6"] * 20
    rows.insert(10, ",".join(fields))
    window = concatenate(parse_sagemaker([b"".join(map(_numbers_line, ([row] for row in rows)))], NUMBERS, source="s"))
    bare = field.strip().strip('"')
    if bare in MISSING_TEXTS:
        want: float | None = None
    else:
        try:
            want = float(bare if "_" not in bare else "no number: to float alone 1_000 is one")
        except ValueError:
            assert window.intake.rejected == 1
            assert window.rows == 20
            return
    assert window.rows == 21
    assert cells(window.numeric(("income", "debt", "age")[place]))[10] == want


def _numbers_line(rows: list[str]) -> bytes:
    record = {
        "captureData": {
            "endpointInput": {"data": "\n".join(rows), "encoding": "CSV"},
            "endpointOutput": {"data": "0.5\n" * len(rows), "encoding": "CSV"},
        }
    }
    return json.dumps(record).encode() + b"\n"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("1,\n2,3", Reason.COLUMNS),
        ("1\n,2,3", Reason.COLUMNS),
        ("1\n,2,\n3", Reason.COLUMNS),
        ("1,2,3\r4", Reason.COLUMNS),
        ("1,2", Reason.COLUMNS),
        ("1,2,3],[4,5,6", Reason.COLUMNS),
        ("1,[2],3", Reason.TYPE),
        ("1,2,3;4", Reason.TYPE),
        ('1,"2,3', Reason.PAYLOAD),
        ("income,debt,age", Reason.EMPTY),
        ("", Reason.EMPTY),
    ],
)
def test_a_payload_that_only_looks_like_one_row_is_refused(payload: str, reason: Reason) -> None:
    found: list[Any] = []
    lines = _numbers_line([payload]) + _numbers_line(["7,8,9"])
    window = concatenate(parse_sagemaker([lines], NUMBERS, source="s", on_reject=found.append))
    assert cells(window.numeric("income")) == [7.0]
    assert [line.reason for line in found] == [reason]


@pytest.mark.parametrize("size", [1, 2, 3, 17, 255, 4096])
def test_any_cut_of_the_bytes_gives_the_same_rows(size: int) -> None:
    traffic = calls([([(index, "x" * (index % 5), None)], [("yes", index / 7)]) for index in range(60)])
    lines = [sagemaker_line(call) for call in traffic]
    lines[7], lines[20], lines[21] = "{broken", "", "  \r"
    lines[30] = lines[29]
    data = ("\ufeff" + "\r\n".join(lines)).encode()
    whole, cut = [], []
    once = concatenate(parse_sagemaker([data], MIXED, source="s", on_reject=whole.append))
    many = concatenate(parse_sagemaker(blocks(data, size), MIXED, source="s", on_reject=cut.append))
    assert content(once) == content(many)
    assert whole == cut
    for line in whole:
        assert data[line.offset :].split(b"\n")[0].strip() == lines[line.line - 1].encode().strip()
