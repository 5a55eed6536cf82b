"""One decimal mark for a file: a column that leaves it open is read as the others, and said, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from syndic.cli.shell.frame import run
from syndic.errors import InvalidInputError
from syndic.windows import Window, read_table
from tests.unit.windows.made import cells

ROWS = 200
Column = Callable[[np.random.Generator], str]

PROOFS: dict[str, tuple[str, Column]] = {
    "decimal comma": (",", lambda dice: f"{dice.uniform(1, 99):.2f}".replace(".", ",")),
    "millions by points": (",", lambda dice: f"{dice.integers(10**6, 10**8):,}".replace(",", ".")),
    "per cent with a comma": (",", lambda dice: f"{dice.uniform(1, 99):.1f} %".replace(".", ",")),
    "decimal point": (".", lambda dice: f"{dice.uniform(1, 99):.2f}"),
    "millions by commas": (".", lambda dice: f"{dice.integers(10**6, 10**8):,}"),
    "thousands and cents": (".", lambda dice: f"{dice.uniform(10**3, 10**5):,.2f}"),
}


def table(columns: dict[str, Column], seed: int = 1, rows: int = ROWS) -> bytes:
    dice = np.random.default_rng(seed)
    lines = [";".join(columns), *(";".join(make(dice) for make in columns.values()) for _ in range(rows))]
    return "\n".join(lines).encode()


def with_comma(dice: np.random.Generator) -> str:
    return f"{dice.integers(1, 10)},{dice.integers(1_000):03d}"


def with_point(dice: np.random.Generator) -> str:
    return with_comma(dice).replace(",", ".")


def noted(window: Window) -> str:
    return " ".join(window.notes)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("open_column", [with_comma, with_point])
def test_an_open_column_is_read_as_the_file_is_written_and_said(proof: str, open_column: Column, first: bool) -> None:
    mark, proven = PROOFS[proof]
    columns = {"v": open_column, "p": proven} if first else {"p": proven, "v": open_column}
    found = read_table(table(columns), name="d.csv")
    written = ["," if open_column is with_comma else "."]
    values = np.array(cells(found.columns["v"]), np.float64)
    fractions = written == [mark]
    assert float(np.max(values)) < 10 if fractions else float(np.min(values)) >= 1_000
    if not (open_column is with_point and mark == "."):  # plain numbers in a file with decimal points need no word
        assert "v leaves its decimal mark open" in noted(found)


def test_a_column_that_proves_its_own_mark_keeps_it() -> None:
    data = table({"p": PROOFS["decimal comma"][1], "v": lambda dice: f"{dice.uniform(1, 9):.4f}"})
    found = read_table(data, name="d.csv")
    assert max(cells(found.columns["v"])) < 10
    assert max(cells(found.columns["p"])) < 100


@pytest.mark.parametrize("open_column", [with_comma, with_point])
def test_where_columns_contradict_each_other_the_open_one_is_refused(open_column: Column) -> None:
    data = table({"p": PROOFS["decimal comma"][1], "q": PROOFS["decimal point"][1], "v": open_column})
    with pytest.raises(InvalidInputError, match=r"d\.csv, line 2, column 'v'"):
        read_table(data, name="d.csv")
    found = read_table(data, name="d.csv", only={"p", "q"})
    assert "left out: d.csv, line 2, column 'v'" in noted(found)
    for mark, most in ((",", 10 if open_column is with_comma else 10_000), (".", 10_000)):
        found = read_table(data, name="d.csv", decimal=mark)
        if open_column is with_comma:
            assert max(cells(found.columns["v"])) < most


def test_a_rule_does_not_stand_against_the_values_of_another_column() -> None:
    columns = {"p": PROOFS["decimal comma"][1], "v": lambda dice: f"EUR {with_comma(dice)}"}
    with pytest.raises(InvalidInputError, match=r"line 2, column 'v': .* p has a decimal comma"):
        read_table(table(columns), name="d.csv")
    assert max(cells(read_table(table({"k": lambda _: "a", "v": columns["v"]}), name="d.csv").columns["v"])) >= 1_000


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_texts_in_json_follow_the_same_rule(ending: str) -> None:
    dice = np.random.default_rng(2)
    rows = [{"p": PROOFS["decimal comma"][1](dice), "v": with_comma(dice)} for _ in range(50)]
    text = json.dumps(rows) if ending == "json" else "\n".join(map(json.dumps, rows))
    found = read_table(text.encode(), name=f"d.{ending}")
    assert max(cells(found.columns["v"])) < 10
    assert "as in p" in noted(found)


def test_a_change_in_such_a_column_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof = PROOFS["decimal comma"][1]
    (tmp_path / "a.csv").write_bytes(table({"p": proof, "v": with_comma}, 1, 600))
    (tmp_path / "b.csv").write_bytes(table({"p": proof, "v": lambda dice: with_comma(dice)[0] + ",900"}, 2, 600))
    code = run(["drift", f"--baseline={tmp_path}/a.csv", f"--current={tmp_path}/b.csv"])
    assert code == 1
    assert "v leaves its decimal mark open: it is the comma, as in p" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_the_unicode_text_of_a_spreadsheet_is_read(encoding: str) -> None:
    found = read_table("Größe\tOrt\n1,5\tKöln\n2,5\tUlm\n".encode(encoding), name="d.txt")
    assert cells(found.columns["Größe"]) == [1.5, 2.5]
    assert cells(found.columns["Ort"]) == ["Köln", "Ulm"]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_first_line_that_names_the_delimiter_and_blank_lines_are_no_rows(mark: str) -> None:
    lines = [f"sep={mark}", f"v{mark}k", f"1{mark}a", "  ", f"2{mark}b", "", "\t " if mark != "\t" else ""]
    found = read_table("\r\n".join(lines).encode(), name="d.csv")
    assert (cells(found.columns["v"]), cells(found.columns["k"])) == ([1, 2], ["a", "b"])
    with pytest.raises(InvalidInputError, match="line 3: the row has 1 fields"):
        read_table(f"sep={mark}\nv{mark}k\n1\n".encode(), name="d.csv")
