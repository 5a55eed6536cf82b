"""Columns in the beginnings of a batch job's files."""

from __future__ import annotations

import pytest

from syndic.windows.tables.captures import FoundRows, find_rows
from syndic.windows.tables.job_records import job_records
from syndic.windows.tables.sources import TableSource

ROWS = [(f"r{one}", one * 1.5, one / 40) for one in range(30)]
CSV = "".join(f"{name},{amount}\n" for name, amount, _ in ROWS)
SCORES = "".join(f"{score}\n" for *_, score in ROWS)
OBJECTS = "".join(f'{{"name":"{name}","amount":{amount}}}\n' for name, amount, _ in ROWS)
TOLD = "".join(
    f'{{"name":"{name}","amount":{amount},"SageMakerOutput":{{"score":{score}}}}}\n' for name, amount, score in ROWS
)
JOINED = "".join(f"{name},{amount},{score}\n" for name, amount, score in ROWS)
STAMP = ",1f1d57b1-2e6f-488c-8c30-db4e6d757861,2022-08-30T00:49:15Z\n"


def found(asked: str | None, answered: str) -> FoundRows:
    records = job_records(None if asked is None else asked.encode(), answered.encode(), name="a")
    return find_rows(TableSource(b"".join(records), "files"))


@pytest.mark.parametrize(
    ("asked", "answered", "inputs", "outputs"),
    [
        (CSV, SCORES, ["input_0", "input_1"], ["output_0"]),
        ("name,amount\n" + CSV, SCORES, ["name", "amount"], ["output_0"]),
        ("name,amount\r\n" + CSV.replace("\n", "\r\n"), "score\n" + SCORES, ["name", "amount"], ["score"]),
        (CSV, SCORES.replace("\n", STAMP), ["input_0", "input_1"], ["output_0"]),
        (OBJECTS, SCORES, ["name", "amount"], ["output_0"]),
        (None, TOLD, ["name", "amount"], ["score"]),
        (None, JOINED, ["input_0", "input_1"], ["output_0"]),
        (None, "name,amount,score\n" + JOINED, ["name", "amount"], ["score"]),
    ],
)
def test_columns_are_found_whatever_the_files_look_like(
    asked: str | None, answered: str, inputs: list[str], outputs: list[str]
) -> None:
    rows = found(asked, answered)
    assert [one.name for one in rows.schema.inputs] == inputs
    assert [one.name for one in rows.schema.outputs] == outputs
    assert [one.kind.value for one in rows.schema.columns] == ["categorical", "numeric", "numeric"]
    assert rows.window.rows == len(ROWS)


@pytest.mark.parametrize("first", ["anna,berlin\n", "nan,r\n", "r,NA\n", ",\n"])
def test_a_first_row_of_words_gives_no_column_its_name(first: str) -> None:
    words = "".join(f"{name},{'x' if place % 2 else place}\n" for place, (name, *_) in enumerate(ROWS))
    assert [one.name for one in found(first + words, "1\n" + SCORES).schema.inputs] == ["input_0", "input_1"]


def test_only_lines_that_both_beginnings_have_are_rows() -> None:
    cut = "".join(line for line in SCORES.splitlines(keepends=True)[:7])
    assert found(CSV, cut).window.rows == 7
    assert list(job_records(b"", b"", name="a")) == []
    assert list(job_records(None, b'{"a":1}\n', name="a")) == [], "it holds no answer"


@pytest.mark.parametrize(
    "line", ["a\rb,1,2\n", '"' + "x" * 200_000 + '",1,2\n', '"open,1,2\n', "\x00,1,2\n", "\ufeff\n"]
)
def test_a_line_that_cannot_be_cut_hides_no_other(line: str) -> None:
    assert found(None, JOINED + line).window.rows >= len(ROWS)
    assert found(line + CSV, "1\n" + SCORES).window.rows >= len(ROWS)
    assert found("name,amount\n" + CSV + line, SCORES + "1\n").window.rows >= len(ROWS)
