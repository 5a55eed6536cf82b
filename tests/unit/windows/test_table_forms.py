"""The forms in which tables come: CSV of every layout, JSON, Parquet types; and truths beside 0 and 1."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole
from syndic.windows import Table, read_table, read_tables_alike
from tests.unit.windows.made import cells, numeric, text
from tests.unit.windows.test_tables import alike, parquet, read

CHURN = CaptureSchema(
    inputs=(numeric("days"), text("plan"), numeric("minutes")),
    outputs=(numeric("score", ColumnRole.SCORE),),
    label=numeric("churn", ColumnRole.LABEL),
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@settings(max_examples=15, deadline=None)
@given(
    names=st.lists(st.text("ab, ;|EUR", min_size=1, max_size=8).map(str.strip), min_size=2, max_size=4, unique=True),
    rows=st.integers(1, 60),
)
def test_the_delimiter_is_found_by_the_lines(delimiter: str, names: list[str], rows: int) -> None:
    if not all(names):
        return
    quoted = [f'"{name}"' for name in names]
    line = delimiter.join(f"{place}.5" for place in range(len(names)))
    data = "\r\n".join([delimiter.join(quoted), *[line] * rows]).encode()
    assert read(data) == {name: [place + 0.5] * rows for place, name in enumerate(names)}


def test_a_comma_in_a_name_or_a_number_is_no_delimiter() -> None:
    assert read(b'"income, EUR";age\n4918.37;43\n') == {"income, EUR": [4918.37], "age": [43]}
    assert read(b"income, EUR;age\n4918,37;43\n") == {"income, EUR": [4918.37], "age": [43]}
    assert read(b"text,n\na;b;c,1\nd;e;f,2\n") == {"text": ["a;b;c", "d;e;f"], "n": [1, 2]}
    assert read(b'a,b\n"x\ny",2\n' + b'"x,y",2\n' * 40)["a"][:2] == ["x\ny", "x,y"]


@pytest.mark.parametrize("width", [3, 4, 5])
def test_a_schema_names_a_file_without_a_header(width: int) -> None:
    row = ["1", "a,b", "2.5", "0.7", "1"][:width]
    line = ",".join(f'"{cell}"' for cell in row)
    window = read_table(f"{line}\n{line}\n".encode(), name="d.csv", schema=CHURN)
    assert list(window.columns) == ["days", "plan", "minutes", "score", "churn"][:width]
    assert cells(window.column("plan")) == ["a,b", "a,b"]
    assert window.rows == 2
    assert window.notes == ("d.csv: the file has no header: its columns are named by position, as in the schema",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"1,a\n2,b\n", "line 1: the table has none of the schema's columns: .* its 2 fields do not fit the 5 columns"),
        (b"p,q,r\n1,a,2\n", "line 1: the table has none of the schema's columns: .* does not hold numbers where"),
    ],
)
def test_other_names_are_no_values(data: bytes, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_table(data, name="d.csv", schema=CHURN)


@pytest.mark.parametrize(
    "data",
    [
        b"0,106,0,274.4\n0,28,0,187.8\n",
        b"1,106,3,274.4\n0,28,0,187.8\n",
        b"5,north,3.5\n6,south,\n7,north,2.5\n",
        b"17\n18\n",
    ],
)
def test_a_first_line_of_values_is_no_header(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^d\.csv, line 1: the first line holds"):
        read_table(data, name="d.csv")


@pytest.mark.parametrize("header", ["0,1,2", ",0,1", "2019,2020,2021", "region,2019,2020", "a,b,c"])
def test_running_numbers_are_names(header: str) -> None:
    window = read_table(f"{header}\n5,6,7\n8,9,10\n".encode())
    assert window.rows == 2


ROWS = [{"age": 31, "region": "N", "ok": True}, {"age": None, "region": "S", "ok": False}, {"age": 2.5, "ok": None}]
EXPECTED = {"age": [31, None, 2.5], "region": ["N", "S", None], "ok": ["true", "false", None]}


def json_forms() -> dict[str, bytes]:
    lines = "\n".join(map(json.dumps, ROWS))
    names = list(EXPECTED)
    lists = [[row.get(name) for name in names] for row in ROWS]
    return {
        "lines": lines.encode(),
        "lines with BOM and CR": b"\xef\xbb\xbf" + lines.replace("\n", "\r\n").encode() + b"\r\n",
        "array": json.dumps(ROWS).encode(),
        "pretty array": json.dumps(ROWS, indent=2).encode(),
        "records": json.dumps({"dataframe_records": ROWS}).encode(),
        "split": json.dumps({"columns": names, "data": lists}).encode(),
        "columns": json.dumps({name: [row.get(name) for row in ROWS] for name in names}, indent=1).encode(),
    }


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", json_forms())
def test_json_is_a_table(form: str, *, packed: bool) -> None:
    data = json_forms()[form]
    assert read(gzip.compress(data) if packed else data, "d.json") == EXPECTED


def test_lists_of_values_are_named_by_the_schema_or_the_other_table() -> None:
    lines = b'{"features":[41,"a",2],"label":1}\n{"features":[33,"b",2],"label":0}\n'
    assert list(read(lines, "d.jsonl")) == ["input_0", "input_1", "input_2", "label"]
    assert list(read(lines, "d.jsonl", schema=CHURN)) == ["days", "plan", "minutes", "label"]
    assert list(alike(b"x,y,z\n1,a,2\n", b'[[1,"a",3]]', ("a.csv", "b.json"))[1]) == ["x", "y", "z"]
    with pytest.raises(InvalidInputError, match="the row has 2 values, which do not fit the 5 columns of the schema"):
        read(b"[[1,2]]", "d.json", schema=CHURN)
    with pytest.raises(InvalidInputError, match="none of the schema's columns"):
        read(b'[{"level":"info"}]', "d.json", schema=CHURN)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[]", "d.json: the file holds no rows"),
        (b"\xef\xbb\xbf\n", "d.json: the file holds no rows"),
        (b'{"a":1}\n{"a":"x"\n', "d.json, line 2: the line is not JSON"),
        (b'[{"a":1},', "d.json, line 1: not JSON"),
        ('[{"a":"é"}]'.encode("latin-1"), "d.json, line 1: the text is not UTF-8"),
        (gzip.compress(b'[{"a":1}]' * 99, mtime=0)[:-9], "d.json: the compressed file is damaged or incomplete"),
        (b"[" * 100_000, "d.json: the JSON is nested too deeply"),
        (b'[{"a":1},{"a":"x"}]', "d.json, column 'a': text where a number is expected, in row 2"),
    ],
)
def test_faults_of_json_name_their_place(data: bytes, said: str) -> None:
    with pytest.raises(InvalidInputError, match="^" + said):
        read_table(data, name="d.json", kinds={"a": ColumnKind.NUMERIC})


def nested() -> bytes:
    return parquet({"n": [1, 2], "tags": [["a"], ["b", "c"]], "at": [{"x": 1}, {"x": 2}], "m": [3.5, None]})


def test_nested_columns_are_set_aside_and_named() -> None:
    window = read_table(nested(), name="d.parquet")
    assert list(window.columns) == ["n", "m"]
    assert window.notes == ("d.parquet: tags, at are set aside: lists or objects cannot be measured",)
    lines = b'{"n":1,"tags":["a"]}\n{"n":2}\n'
    assert read_table(lines, name="d.jsonl").notes == (
        "d.jsonl: tags is set aside: lists or objects cannot be measured",
    )
    for data, name in ((nested(), "d.parquet"), (lines, "d.jsonl")):
        with pytest.raises(InvalidInputError, match=f"{name}, column 'tags': lists or objects cannot be measured"):
            read_table(data, name=name, only=["tags"])
        with pytest.raises(InvalidInputError, match="column 'tags' was left out: lists or objects"):
            read_table(data, name=name).column("tags")
        schema = CaptureSchema(inputs=(numeric("n"), text("tags")))
        with pytest.raises(InvalidInputError, match="column 'tags': lists or objects"):
            read_table(data, name=name, schema=schema)
        ignored = (text("tags", ColumnRole.IGNORED), text("at", ColumnRole.IGNORED))
        ignoring = CaptureSchema(inputs=(numeric("n"), *ignored))
        assert read_table(data, name=name, schema=ignoring).notes == ()
        one, other = read_tables_alike(*[Table(data, name, ignored=["tags", "at"])] * 2)
        assert one.notes == other.notes == ()


def test_every_other_parquet_type() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    table = {
        "seconds": pa.array([timedelta(seconds=90), None], pa.duration("ns")),
        "milliseconds": pa.array([timedelta(seconds=90), None], pa.duration("ms")),
        "zone": pa.array([moment, None], pa.timestamp("us", "Europe/Berlin")),
        "nano": pa.array([1_700_000_000_000_000_001, None], pa.int64()).cast(pa.timestamp("ns")),
        "far": pa.array([2**60, None], pa.int64()).cast(pa.timestamp("us")),
        "time": pa.array([time(3, 4, 5), None]),
        "day": pa.array([date(2026, 1, 2), None], pa.date64()),
        "huge": pa.array([2**64 - 1, None], pa.uint64()),
        "tiny": pa.array([-1, None], pa.int8()),
        "half": pa.array(np.array([1.5, 2.5], np.float16)),
        "money": pa.array([Decimal("12345678901234567890.5"), None], pa.decimal128(38, 2)),
        "more": pa.array([Decimal("1.25"), None], pa.decimal256(50, 2)),
        "bytes": pa.array([b"ab", None]),
        "fixed": pa.array([b"abcd", None], pa.binary(4)),
        "words": pa.array(["x", None], pa.large_string()),
        "coded": pa.array(["p", None]).dictionary_encode(),
        "truth": pa.array([True, None]),
        "null": pa.nulls(2),
        "list": pa.array([[1], None]),
        "pair": pa.array([[1, 2], None], pa.list_(pa.int8(), 2)),
        "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int8())),
        "struct": pa.array([{"a": 1}, None]),
    }
    window = read_table(parquet(table), name="d.parquet")
    assert {name: cells(column)[0] for name, column in window.columns.items()} == {
        "seconds": 90,
        "milliseconds": 90,
        "zone": "2026-01-02 03:04:05.000000",
        "nano": "2023-11-14 22:13:20.000000001",
        "far": "<value out of range: 1152921504606846976>",
        "time": "03:04:05.000000",
        "day": "2026-01-02",
        "huge": float(2**64 - 1),
        "tiny": -1,
        "half": 1.5,
        "money": 12345678901234567890.5,
        "more": 1.25,
        "bytes": "ab",
        "fixed": "abcd",
        "words": "x",
        "coded": "p",
        "truth": "true",
        "null": None,
    }
    assert set(window.set_aside) == {"list", "pair", "map", "struct"}
    assert {cells(column)[1] for name, column in window.columns.items() if name != "half"} == {None}


def truths(form: str, values: list[bool | None]) -> tuple[bytes, str]:
    if form == "parquet":
        return parquet({"x": values}), "t.parquet"
    if form == "json":
        return json.dumps([{"x": value} for value in values]).encode(), "t.json"
    spelled = {
        "words": {True: "True", False: "False"},
        "digits": {True: "1", False: "0"},
        "floats": {True: "1.0", False: "0.0"},
    }[form]
    rows = ["NA" if value is None else spelled[value] for value in values]
    return "\n".join(["x", *rows, ""]).encode(), f"{form}.csv"


@pytest.mark.parametrize(("first", "second"), list(permutations(["parquet", "json", "words", "digits", "floats"], 2)))
def test_truths_are_one_column_however_they_come(first: str, second: str) -> None:
    values = [True, False, True, None]
    sides = truths(first, values), truths(second, values[::-1])
    both = alike(sides[0][0], sides[1][0], (sides[0][1], sides[1][1]))
    assert both[0]["x"] == both[1]["x"][::-1]
    assert both[0]["x"][3] is None


def test_truths_beside_other_numbers_are_of_another_kind() -> None:
    said = r"^n\.csv, column 'x': the values are numbers other than 0 and 1, where t\.parquet has only true and false"
    for swapped in (False, True):
        tables = [Table(truths("parquet", [True, False])[0], "t.parquet"), Table(b"x\n0\n2\n", "n.csv")]
        with pytest.raises(InvalidInputError, match=said):
            read_tables_alike(*tables[:: -1 if swapped else 1])
    one, other = read_tables_alike(
        Table(truths("parquet", [True, False])[0], "t.parquet"), Table(b"x\n1\n0\n", "n.csv")
    )
    assert other.notes == ("n.csv: x: 0 and 1 are read as false and true, as in t.parquet",)
    assert one.notes == ()


def test_a_dictionary_may_list_values_that_no_row_has() -> None:
    coded = pa.DictionaryArray.from_arrays(pa.array([0, 1], "int8"), pa.array(["1,5", "2,5", "unused"]))
    data = io.BytesIO()
    pq.write_table(pa.table({"n": coded}), data)
    assert read(data.getvalue(), "d.parquet")["n"] in ([1.5, 2.5], ["1,5", "2,5"])


def test_numbers_of_any_type_compare() -> None:
    typed: dict[str, Any] = {"x": pa.array([Decimal("1.50"), Decimal("2.50")])}
    assert alike(parquet(typed), b'x\n"1,5"\n"2,5"\n', ("a.parquet", "b.csv")) == [{"x": [1.5, 2.5]}, {"x": [1.5, 2.5]}]


@pytest.mark.parametrize("seed", range(3))
def test_a_headerless_file_of_texts_takes_the_schemas_names_or_is_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    schema = CaptureSchema(inputs=(text("plan"), text("region")))
    lines = [f"{rng.choice(['basic', 'gold'])},{rng.choice(['north', 'south'])}" for _ in range(60)]
    data = "\n".join(lines).encode()
    window = read_table(data, schema=schema)
    assert window.rows == 60
    assert cells(window.column("plan")) == [x.split(",")[0] for x in lines]
    assert cells(window.column("region")) == [x.split(",")[1] for x in lines]
    with pytest.raises(InvalidInputError, match="values that come again"):
        read_table(data)
    with pytest.raises(InvalidInputError, match="none of the schema's columns"):
        read_table(b"tariff,place\n" + data, schema=schema)
    assert read_table(b"plan,region\n" + data, schema=schema).rows == 60
    assert read_table(b"tariff,place\n" + data).rows == 60


SPELLINGS = [("yes", "no"), ("Yes", "No"), ("true", "false"), ("T", "F"), ("Y", "N"), ("ja", "nein"), ("oui", "non")]


@pytest.mark.parametrize("first", SPELLINGS)
@pytest.mark.parametrize("second", SPELLINGS)
def test_yes_and_no_in_two_spellings_are_one_column(first: tuple[str, str], second: tuple[str, str]) -> None:
    rng = np.random.default_rng(1)
    sides = [rng.random(80) < share for share in (0.3, 0.6)]
    files = [
        ("paid,n\n" + "".join(f"{words[int(not yes)]},{k}\n" for k, yes in enumerate(side.tolist()))).encode()
        for words, side in zip((first, second), sides, strict=True)
    ]
    one, other = read_tables_alike(Table(files[0], "a"), Table(files[1], "b"))
    known = dict(zip(first, (True, False), strict=True))
    for window, side in ((one, sides[0]), (other, sides[1])):
        assert [known[value] for value in cells(window.column("paid"))] == side.tolist()
    assert bool(other.notes) is (first != second)


def test_sexes_and_letters_that_are_no_answers_keep_their_words() -> None:
    one, other = read_tables_alike(Table(b"sex\nf\nm\n", "a"), Table(b"sex\nF\nM\n", "b"))
    assert (cells(one.column("sex")), cells(other.column("sex"))) == (["f", "m"], ["F", "M"])


def test_texts_with_leading_zeros_beside_numbers_are_an_error() -> None:
    typed = parquet({"zip": pa.array([f"{n:05}" for n in range(13, 60)])})
    with pytest.raises(InvalidInputError, match="leading zeros"):
        read_tables_alike(Table(typed, "a"), Table(b"zip\n" + b"\n".join(b"%d" % n for n in range(13, 60)), "b"))


@pytest.mark.parametrize("kind", [pa.float32(), pa.decimal128(12, 3), pa.decimal256(40, 3)])
def test_narrow_and_decimal_numbers_are_what_was_written(kind: pa.DataType, tmp_path: Path) -> None:
    """39.4 of 32 bits and 39.4 of 64 are one value: compared bit by bit they would be two."""
    random = np.random.default_rng(17)
    written = [None, *np.round(random.normal(40, 10, 2_000), 1).tolist(), 0.125, -3.0, 1e6, 0.001]
    exact = [None if one is None else Decimal(repr(one)) for one in written] if pa.types.is_decimal(kind) else written
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"v": pa.array(exact, kind)}), path)
    column = read_table(path).columns["v"]
    assert np.isnan(column[0])
    assert column[1:].tolist() == written[1:]


def test_narrow_numbers_keep_what_is_no_number(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    largest = float(np.finfo(np.float32).max)
    pq.write_table(pa.table({"v": pa.array([np.nan, np.inf, -np.inf, largest, 1e-40, None], pa.float32())}), path)
    found = read_table(path).columns["v"]
    assert np.isnan(found[[0, 5]]).all()
    assert found[[1, 2]].tolist() == [np.inf, -np.inf]
    assert np.array_equal(found[3:5].astype(np.float32), np.array([largest, 1e-40], np.float32))
