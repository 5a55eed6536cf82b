"""Tables as people bring them: every fault is one sentence with its place."""

from __future__ import annotations

import csv
import gzip
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.traffic import sagemaker_line
from syndic.errors import InvalidInputError
from syndic.models import CaptureSchema, ColumnKind, ColumnRole
from syndic.windows import Table, level_text, read_table, read_tables_alike
from tests.unit.windows.made import MIXED, calls, cells, numeric, text


def parquet(table: Any) -> bytes:
    data = io.BytesIO()
    pq.write_table(table if isinstance(table, pa.Table) else pa.table(table), data)
    return data.getvalue()


def read(data: bytes, name: str = "data.csv", **known: Any) -> dict[str, list[Any]]:
    return {column: cells(values) for column, values in read_table(data, name=name, **known).columns.items()}


def test_kinds_are_seen_in_the_values() -> None:
    found = read(b"age,region,member,empty\n31,N,True,\n,NA,False,\n2.5,,,\n")
    assert found == {
        "age": [31, None, 2.5],
        "region": ["N", None, None],
        "member": ["true", "false", None],
        "empty": [None] * 3,
    }


@pytest.mark.parametrize("spelling", ["", "NA", "NaN", "nan", "null", "None", "N/A", "<NA>", " "])
def test_missing_is_missing_however_it_is_spelled(spelling: str) -> None:
    assert read(f"a,b\n1,x\n{spelling},{spelling}\n".encode()) == {"a": [1, None], "b": ["x", None]}


def test_a_column_that_turns_out_to_hold_text_is_categorical_from_its_first_row() -> None:
    rows = ["1.50"] * 9_000 + ["A7"] + ["2"]
    found = read(("code,n\n" + "".join(f"{row},1\n" for row in rows)).encode())
    assert found["code"] == rows
    assert set(found["n"]) == {1.0}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(allow_nan=False)),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
        ),
        min_size=1,
    )
)
def test_csv_comes_back_as_written(rows: list[tuple[float | None, str]]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([("number", "text"), *rows])
    found = read(written.getvalue().encode(), kinds={"text": ColumnKind.CATEGORICAL})
    assert found["number"] == [row[0] for row in rows]
    assert found["text"] == [level_text(row[1]) for row in rows]


BAD: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "d.csv", "d.csv: the file is empty"),
    "blank": (b" \n \n", "d.csv", "d.csv: the file is empty"),
    "header only": (b"a,b\n", "d.csv", "d.csv, line 2: the file has a header but no rows"),
    "no names": (b",,\n1,2,3\n", "d.csv", "d.csv, line 1: the first line should hold the names of the columns"),
    "two names": (b"a,b,a\n1,2,3\n", "d.csv", "d.csv, line 1, column 'a': two columns have this name"),
    "ragged": (b"a,b\n1,2\n\n1,2,3\n", "d.csv", "d.csv, line 4: the row has 3 fields where the header has 2"),
    "short": (b'a,b\n"1\n2",2\n1\n', "d.csv", "d.csv, line 4: the row has 1 fields where the header has 2"),
    "open quote": (b'a,b\n1,2\n1,"2\n', "d.csv", "d.csv, line 3: not well-formed CSV: unexpected end of data"),
    "latin-1": ("a,b\n1,x\n2,é\n".encode("latin-1"), "d.csv", "d.csv, line 3: the text is not UTF-8"),
    "utf-16": ("a,b\n1,2\n".encode("utf-16")[:-1], "d.csv", "d.csv: the file begins like UTF-16, and is cut"),
    "cut gzip": (
        gzip.compress(b"a,b\n" + b"1,2\n" * 99)[:-9],
        "d.csv.gz",
        "d.csv.gz: the compressed file is damaged or incomplete",
    ),
    "not Parquet": (b"a,b\n1,2\n", "d.parquet", "d.parquet: the file is not Parquet, although its name says so"),
    "cut Parquet": (parquet({"a": [1]})[:-9], "d.parquet", "d.parquet: the file is not readable Parquet"),
    "Parquet without rows": (parquet({"a": pa.array([], "int64")}), "d.parquet", "d.parquet: the file has no rows"),
    "no JSON line": (b'{"a":1}\n{"a":\n', "d.jsonl", "d.jsonl, line 2: the line is not JSON"),
    "no JSON": (b'[{"a":1},\n{"a":2}', "d.json", "d.json, line 2: not JSON"),
    "values in lines": (b'{"a":1}\n7\n', "d.jsonl", "d.jsonl, line 2: the row is neither an object nor a list"),
    "no header": (b"0,106,0,27.4\n1,28,0,18.8\n", "d.csv", "d.csv, line 1: the first line holds values, not the names"),
    "quoted lines": (b'"0,106,0"\n"1,28,0"\n', "d.csv", "d.csv, line 1: each line is one quoted field that holds 3"),
    "no usable record": (
        sagemaker_line(calls([([(1, "x", 2)], None)])[0]).replace("CSV", "JSON").encode(),
        "d.jsonl",
        "d.jsonl, line 1: none of the 1 records can be used; the first: ",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_fault_is_one_sentence_with_its_place(case: str) -> None:
    data, name, sentence = BAD[case]
    with pytest.raises(InvalidInputError, match="^" + re.escape(sentence)) as caught:
        read_table(data, name=name, schema=MIXED if case == "no usable record" else None)
    assert "\n" not in str(caught.value)


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"no\.csv: there is no such file"):
        read_table(tmp_path / "no.csv")
    with pytest.raises(InvalidInputError, match="cannot be read: Is a directory"):
        read_table(str(tmp_path))


def test_a_path_and_its_bytes_give_the_same(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfa;b\n1;x\n2;y\n"
    (tmp_path / "d.csv").write_bytes(data)
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(data))
    expected = {"a": [1, 2], "b": ["x", "y"]}
    for path in ("d.csv", "d.csv.gz"):
        found = read_table(tmp_path / path).columns
        assert {name: cells(column) for name, column in found.items()} == expected


def test_text_in_a_declared_number_names_line_and_column() -> None:
    data = b'a,b\n1,"two\nlines"\n1,x\nabc,y\n'
    with pytest.raises(
        InvalidInputError, match=r"^d\.csv, line 5, column 'a': text where a number is expected$"
    ) as caught:
        read_table(data, name="d.csv", kinds={"a": ColumnKind.NUMERIC})
    assert (caught.value.line, caught.value.where) == (5, "d.csv")


def test_parquet_types() -> None:
    table = {
        "int": pa.array([1, None, 3], "int16"),
        "big": pa.array([2**53 + 1, None, 3], "int64"),
        "float": [0.1, None, float("nan")],
        "decimal": [Decimal("1.25"), None, Decimal(3)],
        "truth": [True, None, False],
        "text": ["x", None, "NA"],
        "date": [date(2026, 1, 2), None, date(2026, 1, 3)],
        "dictionary": pa.array(["p", None, "q"]).dictionary_encode(),
        "coded": pa.DictionaryArray.from_arrays(pa.array([0, None, 1], "int8"), pa.array([5, 7])),
        "nothing": pa.nulls(3),
    }
    assert read(parquet(table), "d.parquet") == {
        "int": [1, None, 3],
        "big": [float(2**53 + 1), None, 3],
        "float": [0.1, None, None],
        "decimal": [1.25, None, 3],
        "truth": ["true", None, "false"],
        "text": ["x", None, None],
        "date": ["2026-01-02", None, "2026-01-03"],
        "dictionary": ["p", None, "q"],
        "coded": [5, None, 7],
        "nothing": [None] * 3,
    }


def test_pandas_files_of_both_kinds_read_alike() -> None:
    frame = pd.DataFrame({"n": [1, 2, 3], "x": [0.5, None, 2], "s": ["a", None, "b"], "t": [True, False, True]})
    data = io.BytesIO()
    frame.to_parquet(data)
    assert read(data.getvalue(), "d.parquet") == read(frame.to_csv().encode())


def test_parquet_text_declared_numeric() -> None:
    data = parquet({"a": ["1", " 2.5", None]})
    assert read(data, "d.parquet", kinds={"a": ColumnKind.NUMERIC}) == {"a": [1, 2.5, None]}
    with pytest.raises(InvalidInputError, match="column 'a': text where a number is expected, in row 2"):
        read_table(parquet({"a": ["1", "x"]}), name="d.parquet", kinds={"a": ColumnKind.NUMERIC})


def test_a_schema_gives_roles_kinds_and_ids() -> None:
    schema = CaptureSchema(
        inputs=(text("id", ColumnRole.ROW_ID), text("grade"), numeric("noise", ColumnRole.IGNORED), numeric("gone")),
        label=numeric("label", ColumnRole.LABEL),
    )
    window = read_table(
        b"grade,id,noise,label,extra\n1,7,x,0,z\n2,8,y,1,z\n",
        name="d.csv",
        schema=schema,
        kinds={"noise": ColumnKind.CATEGORICAL},
    )
    assert window.ids == ("7", "8")
    assert set(window.columns) == {"grade", "label", "extra"}
    assert window.kind("grade") is ColumnKind.CATEGORICAL
    assert window.with_role(ColumnRole.LABEL) == ("label",)
    with pytest.raises(InvalidInputError, match="none of the schema's columns"):
        read_table(b"p,q\n1,2\n", name="d.csv", schema=schema)


TRAFFIC = calls([([(1.5, "N", 30)], [("yes", 0.25)]), ([(2, "S", None), (3, "N", 31)], [("no", 0.5), ("yes", 1)])])


@pytest.mark.parametrize("packed", [False, True])
def test_capture_files_with_and_without_a_schema(*, packed: bool) -> None:
    data = "\n".join(map(sagemaker_line, TRAFFIC)).encode()
    data = gzip.compress(data) if packed else data
    rows = [[1.5, 2, 3], ["N", "S", "N"], [30, None, 31], ["yes", "no", "yes"], [0.25, 0.5, 1]]
    assert list(read(data, "d.jsonl.gz", schema=MIXED).values()) == rows
    bare = read(data, "d")
    assert list(bare.values()) == rows
    assert list(bare) == ["input_0", "input_1", "input_2", "output_0", "output_1"]


def test_captured_json_brings_its_names() -> None:
    names = {"input_names": ("income", "region", "age"), "output_names": ("decision", "score")}
    data = "\n".join(sagemaker_line(call, encoding="JSON", **names) for call in TRAFFIC).encode()
    assert read(data, "d.jsonl") == read(data, "d.jsonl", schema=MIXED)


def alike(first: bytes, second: bytes, names: tuple[str, str] = ("a.csv", "b.csv")) -> list[dict[str, list[Any]]]:
    both = read_tables_alike(Table(first, names[0]), Table(second, names[1]))
    return [{name: cells(column) for name, column in window.columns.items()} for window in both]


def test_a_number_in_one_table_must_be_a_number_in_the_other() -> None:
    with pytest.raises(InvalidInputError, match=r"^b\.csv, line 3, column 'x': text where a number"):
        alike(b"x\n1\n2\n", b"x\n1\ntwo\n")
    with pytest.raises(InvalidInputError, match=r"^a\.csv, line 2, column 'x': text where a number"):
        alike(b"x\none\n", b"x\n1\n")


def test_an_empty_column_and_a_parquet_text_are_followed() -> None:
    assert alike(b"x,y\n,1\n", b"x,y\nA,1\n") == [{"x": [None], "y": [1]}, {"x": ["A"], "y": [1]}]
    typed = parquet({"x": ["1", "2"]})
    assert alike(typed, b"x\n1\n", ("a.parquet", "b.csv")) == [{"x": ["1", "2"]}, {"x": ["1"]}]


def test_a_declared_category_is_followed() -> None:
    first = Table(b"x\n1\n", "a.csv", kinds={"x": ColumnKind.CATEGORICAL})
    second = Table(b"x\n2\n", "b.csv", kinds={"x": ColumnKind.CATEGORICAL})
    assert [cells(window.column("x")) for window in read_tables_alike(first, second)] == [["1"], ["2"]]


@pytest.mark.parametrize("swapped", [False, True])
def test_captured_csv_takes_the_names_of_the_other_table(*, swapped: bool) -> None:
    captured = ("\n".join(map(sagemaker_line, TRAFFIC)).encode(), "d.jsonl")
    table = (b"income,region,age\n1,N,2\n", "t.csv")
    first, second = (captured, table) if swapped else (table, captured)
    both = alike(first[0], second[0], (first[1], second[1]))
    assert list(both[0 if swapped else 1]) == ["income", "region", "age", "output_0", "output_1"]


def test_levels_are_one_text_for_one_value() -> None:
    for same in (["1", "1.0", 1, 1.0, " 1 "], ["true", "True", "TRUE", True], ["0123"], ["1.50"], ["-0.5", -0.5]):
        assert len({level_text(value) for value in same}) == 1
    assert level_text("0123") == "0123"
    assert level_text(float("nan")) is None
    assert np.isnan(read_table(b"a\nNA\n").numeric("a")[0])


def test_a_small_parquet_file_of_very_many_rows_is_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Runs of one value are a few bytes: 541 KiB may hold 200 million rows, and numbers are 8 bytes each in memory."""
    monkeypatch.setattr("syndic.windows.tables.parquet._MOST_VALUES", 1_999_999)
    data = parquet({"a": np.ones(1_000_000), "b": np.ones(1_000_000)})
    assert len(data) < 50_000
    read_rows = []
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda *_, **__: read_rows.append(1) or iter(()))
    with pytest.raises(InvalidInputError, match=r"1,000,000 rows of 2 columns do not fit in memory"):
        read_table(data, name="d.parquet")
    assert read_rows == []
