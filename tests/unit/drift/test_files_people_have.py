"""``syndic drift`` on files as people have them: spelled numbers, dates, truths, nested columns, no header."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from syndic.cli.shell.frame import run

ROWS = 400
Report = Callable[..., dict[str, Any]]


@pytest.fixture
def report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Report:
    """Compares two files, given as text, bytes or an Arrow table, and returns the report."""

    def compared(before: Any, after: Any, *options: str, ending: str = "csv") -> dict[str, Any]:
        paths = []
        for name, data in (("before", before), ("after", after)):
            path = tmp_path / f"{name}.{'parquet' if isinstance(data, pa.Table) else ending}"
            if isinstance(data, pa.Table):
                pq.write_table(data, path)
            else:
                path.write_text(data, encoding="utf-8-sig")
            paths.append(str(path))
        code = run(["drift", "--baseline", paths[0], "--current", paths[1], "--format", "json", *options])
        told = capsys.readouterr()
        return {"error": told.err} if code == 2 else json.loads(told.out)

    return compared


def incomes(seed: int, factor: float = 1.0) -> list[float]:
    return np.round(np.random.default_rng(seed).lognormal(8, 0.4, ROWS) * factor, 2).tolist()


def csv_of(texts: list[str]) -> str:
    return "\n".join(["income;age", *(f"{text};{20 + place % 50}" for place, text in enumerate(texts)), ""])


WRITTEN: dict[str, Callable[[float], str]] = {
    "decimal comma": lambda value: f"{value:.2f}".replace(".", ","),
    "thousands": lambda value: f"{value:,.2f}",
    "dollars": lambda value: f"${value:,.0f}",
    "French": lambda value: f"{value:,.2f}".replace(",", "\u202f").replace(".", ","),
    "Swiss": lambda value: f"{value:,.2f}".replace(",", "\u2019"),
    "per cent": lambda value: f"{value / 100:.2f}%",
}


@pytest.mark.parametrize("style", WRITTEN)
@pytest.mark.parametrize("seed", [1, 2])
def test_doubled_incomes_drift_in_every_spelling(report: Report, style: str, seed: int) -> None:
    write = WRITTEN[style]
    before, same, after = incomes(seed), incomes(seed + 100), incomes(seed + 200, 1.85)
    found = report(csv_of([write(value) for value in before]), csv_of([write(value) for value in after]))
    assert (found["verdict"], found["drifted"]) == ("drift", ["income"])
    assert sum("income is read as numbers" in note for note in found["warnings"]) == 2
    quiet = report(csv_of([write(value) for value in before]), csv_of([write(value) for value in same]))
    assert quiet["features"]["income"]["verdict"] == "no_drift"


def test_both_sides_need_not_be_spelled_alike(report: Report) -> None:
    before, same = incomes(5), incomes(6)
    plain = csv_of([f"{value:.2f}" for value in before])
    found = report(plain, csv_of([WRITTEN["French"](value) for value in same]))
    assert found["features"]["income"]["verdict"] == "no_drift"
    assert "in row" not in str(found)
    refused = report(plain, csv_of([WRITTEN["per cent"](value) for value in same]))
    assert "they have no common scale" in refused["error"]


def dated(start: datetime, seed: int) -> str:
    dice = np.random.default_rng(seed)
    moments = [start + timedelta(hours=int(hour)) for hour in dice.integers(0, 24 * 28, ROWS)]
    spellings = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%b-%Y", "%Y-%m"]
    rows = [
        ",".join(
            [
                *(moment.strftime(spelling) for spelling in spellings),
                f"{moment:%Y%m%d}",
                f"{moment.timestamp():.0f}",
                f"{moment.timestamp() * 1000:.0f}",
                str(dice.integers(5)),
            ]
        )
        for moment in moments
    ]
    names = [*(f"d{place}" for place in range(len(spellings))), "compact", "seconds", "milliseconds", "ok"]
    return "\n".join([",".join(names), *rows, ""])


@pytest.mark.parametrize("seed", range(3))
def test_dates_are_not_compared_in_any_spelling(report: Report, seed: int) -> None:
    before = dated(datetime(2024, 1, 1, tzinfo=UTC), seed)
    found = report(before, dated(datetime(2024, 3, 1, tzinfo=UTC), seed + 50))
    assert found["verdict"] == "no_drift"
    assert [name for name, one in found["features"].items() if one["verdict"] != "not_comparable"] == ["ok"]
    for name, one in found["features"].items():
        assert name == "ok" or "dates or times" in one["reason"] or "a value of its own" in one["reason"]
    for name in ("d0", "d2", "d3", "d4", "d5", "d6", "d7", "compact"):
        assert "dates or times" in found["features"][name]["reason"]


@pytest.mark.parametrize(("first", "second"), [("arrow", "01"), ("01", "arrow"), ("TF", "01"), ("01", "TF")])
def test_truths_are_compared_with_0_and_1(report: Report, first: str, second: str) -> None:
    def side(form: str, share: float) -> Any:
        values = [place % 100 < share for place in range(ROWS)]
        if form == "arrow":
            return pa.table({"flag": values})
        words = ("0", "1") if form == "01" else ("False", "True")
        return "\n".join(["flag", *(words[value] for value in values), ""])

    assert report(side(first, 30), side(second, 30))["verdict"] == "no_drift"
    moved = report(side(first, 30), side(second, 60))
    assert moved["verdict"] == "drift"
    assert any("0 and 1 are read as false and true" in note for note in moved["warnings"])


def nested(seed: int) -> pa.Table:
    dice = np.random.default_rng(seed)
    return pa.table({"n": dice.normal(size=ROWS), "tags": [["a"] * (place % 3) for place in range(ROWS)]})


@pytest.mark.parametrize("options", [(), ("--ignore", "tags"), ("--columns", "n")])
def test_nested_columns_are_left_out(report: Report, options: tuple[str, ...]) -> None:
    found = report(nested(1), nested(2), *options)
    assert list(found["features"]) == ["n"]
    named = [note for note in found["warnings"] if "tags is set aside: lists or objects" in note]
    assert len(named) == (0 if options else 2)


def test_a_nested_column_that_is_asked_for_is_an_error(report: Report) -> None:
    found = report(nested(1), nested(2), "--columns", "tags")
    assert "before.parquet, column 'tags': lists or objects cannot be measured" in found["error"]


def test_a_column_that_cannot_be_read_can_be_left_out(report: Report) -> None:
    doubtful = "a,b\n" + "".join(f'{place % 9},"1,{100 + place % 200}"\n' for place in range(ROWS))
    assert "before.csv, line 2, column 'b': a comma before three digits" in report(doubtful, doubtful)["error"]
    assert report(doubtful, doubtful, "--ignore", "b")["verdict"] == "no_drift"
    assert report(doubtful, doubtful, "--columns", "a")["verdict"] == "no_drift"
    for mark, mean in (("comma", 1.1995), ("point", 1199.5)):
        found = report(doubtful, doubtful, "--decimal-mark", mark)
        assert found["features"]["b"]["baseline_moments"]["mean"] == pytest.approx(mean, rel=1e-3)


def test_rows_of_json_and_rows_without_a_header(report: Report, tmp_path: Path) -> None:
    dice = np.random.default_rng(3)
    rows = [[int(dice.integers(2)), round(float(dice.normal(100, 10)), 1)] for _ in range(ROWS)]
    schema = tmp_path / "schema.json"
    columns = [{"name": "churn", "kind": "numeric"}, {"name": "days", "kind": "numeric"}]
    schema.write_text(json.dumps({"inputs": columns}), encoding="utf-8")
    lines = "\n".join(json.dumps({"features": row}) for row in rows)
    plain = "\n".join(f"{churn},{days}" for churn, days in rows)
    array = json.dumps([dict(zip(("churn", "days"), row, strict=True)) for row in rows])
    for data, ending in ((lines, "jsonl"), (plain, "csv"), (array, "json")):
        found = report(data, data, "--schema", str(schema), ending=ending)
        assert found["verdict"] == "no_drift"
        assert set(found["features"]) == {"churn", "days"}
    assert "give the names with --schema FILE" in report(plain, plain)["error"]


@pytest.mark.parametrize("command", ["drift", "quality"])
@pytest.mark.parametrize(("moved", "code"), [(0.0, 0), (1.5, 1)])
@pytest.mark.parametrize("unit", [1e307, np.finfo(float).max / 8])
def test_numbers_near_the_largest_are_judged_like_others(
    command: str, moved: float, code: int, unit: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their squares and sums are infinite, as where the largest number stands for a missing one."""
    random = np.random.default_rng(31)
    paths = []
    for name, shift, rows in (("before", 0.0, 3_000), ("after", moved, 700)):
        path = tmp_path / f"{name}.csv"
        numbers = np.clip(random.normal(shift, 1, rows), -4, 7) * unit
        path.write_text("v\n" + "".join(f"{number!r}\n" for number in numbers.tolist()), encoding="utf-8")
        paths.append(str(path))
    found = run([command, "--baseline", paths[0], "--current", paths[1]])
    assert found == (code if command == "drift" else found), capsys.readouterr().out
    assert found in {0, 1}
