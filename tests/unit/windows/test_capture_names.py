"""Captured rows without names: a name given by position is said, and given up when the values speak against it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syndic.cli.shell.frame import run
from syndic.windows import Table, Window, read_table, read_tables_alike
from tests.unit.drift.test_model_monitor import numeric_feature, statistics
from tests.unit.windows.captured import CSV, sagemaker, side

Columns = dict[str, Sequence[Any]]
KINDS = ("scaled", "alike", "words")


def data(kind: str, seed: int, rows: int = 400) -> Columns:
    """Columns whose ranges differ, numbers of one scale and different shape, or numbers and words; the label last."""
    dice = np.random.default_rng(seed)
    if kind == "scaled":
        columns = {
            "amount": dice.normal(50, 10, rows),
            "age": dice.integers(18, 81, rows),
            "gap": dice.exponential(90, rows),
        }
        return {**columns, "target": dice.beta(2, 3, rows)}
    if kind == "alike":
        shapes = [dice.beta(a, b, rows) for a, b in ((1, 8), (8, 1), (5, 5), (1, 1))]
        return dict(zip(("a", "b", "c", "y"), shapes, strict=True))
    region, plan = dice.choice(["north", "south"], rows), dice.choice(["basic", "plus", "pro"], rows)
    return {
        "region": region,
        "plan": plan,
        "income": dice.lognormal(3, 1, rows),
        "granted": dice.choice(["yes", "no"], rows),
    }


def table(columns: Columns, order: Sequence[str]) -> bytes:
    lines = [
        ",".join(order),
        *(",".join(map(str, row)) for row in zip(*(columns[name] for name in order), strict=True)),
    ]
    return ("\n".join(lines) + "\n").encode()


def capture(columns: Columns) -> bytes:
    """The last column is the answer."""
    rows = zip(*columns.values(), strict=True)
    return sagemaker((side(",".join(map(str, row[:-1])), CSV), side(str(row[-1]), CSV)) for row in rows)


def read(before: bytes, now: bytes, *, swapped: bool = False) -> tuple[Window, Window]:
    tables = [Table(before, "train.csv"), Table(now, "capture.jsonl")]
    one, other = read_tables_alike(*(reversed(tables) if swapped else tables))
    return (other, one) if swapped else (one, other)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", KINDS)
def test_names_by_position_are_said_when_they_fit(kind: str, seed: int, *, swapped: bool) -> None:
    before, now = data(kind, seed), data(kind, 100 + seed)
    _, window = read(table(before, list(before)), capture(now), swapped=swapped)
    assert list(window.columns) == list(before)
    assert window.intake.naming is not None
    for said in ("guess", "--schema", *before):
        assert said in window.intake.naming


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_a_label_elsewhere_than_last_is_noticed(kind: str, place: int, seed: int) -> None:
    before, now = data(kind, seed), data(kind, 200 + seed)
    order = list(before)
    order.insert(place, order.pop())
    _, window = read(table(before, order), capture(now))
    assert list(window.columns) == ["input_0", "input_1", "input_2", "output_0"]
    assert "--schema" in (window.intake.naming or "")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["scaled", "alike"])
def test_real_drift_in_the_right_order_keeps_its_names(kind: str, seed: int) -> None:
    before, now = data(kind, seed), data(kind, 300 + seed)
    first = next(iter(now))
    values = np.asarray(now[first], float)
    now = {**now, first: values + 1.5 * values.std()}
    _, window = read(table(before, list(before)), capture(now))
    assert list(window.columns) == list(before)


def test_numbers_that_do_not_fit_are_not_named_and_the_hint_is_given() -> None:
    before = {"id": range(400), **data("scaled", 1)}
    _, window = read(table(before, list(before)), capture(data("scaled", 2)))
    assert list(window.columns) == ["input_0", "input_1", "input_2", "output_0"]
    assert "--schema" in (window.intake.naming or "")
    alone = read_table(capture(data("scaled", 2)), name="c.jsonl")
    assert "--schema" in (alone.intake.naming or "")


def test_two_captures_without_names_are_compared_by_position_without_a_guess() -> None:
    one, other = read(capture(data("scaled", 1)), capture(data("scaled", 2)))
    assert list(one.columns) == list(other.columns) == ["input_0", "input_1", "input_2", "output_0"]
    assert "guess" not in (other.intake.naming or "")


def test_outputs_with_names_leave_the_others_to_the_inputs() -> None:
    before = data("scaled", 1)
    now = data("scaled", 2)
    rows = list(zip(*now.values(), strict=True))
    answers: list[dict[str, Any]] = [{"predictions": [{"target": float(row[-1]), "extra": 1}]} for row in rows]
    given = [",".join(map(str, row[:-1])) for row in rows]
    both = sagemaker((side(one, CSV), side(other)) for one, other in zip(given, answers, strict=True))
    _, window = read(table(before, list(before)), both)
    assert list(window.columns) == ["amount", "age", "gap", "target", "extra"]
    repeated = [
        {"amount": float(row[0]), **answer["predictions"][0]} for row, answer in zip(rows, answers, strict=True)
    ]
    echo = sagemaker((side(one, CSV), side(other)) for one, other in zip(given, repeated, strict=True))
    _, window = read(table(before, list(before)), echo)
    assert list(window.columns) == ["amount", "age", "gap", "target", "extra"]
    assert window.intake.echoes == {"amount": 0}


def test_most_rows_decide_how_many_columns_there_are() -> None:
    now = data("scaled", 2)
    rows = [",".join(map(str, row[:-1])) for row in zip(*now.values(), strict=True)]
    odd = [f"{row},7" if place % 10 == 0 else row for place, row in enumerate(rows)]
    window = read_table(sagemaker((side(row, CSV), side("0.5", CSV)) for row in odd), name="c.jsonl")
    assert len(window.columns) == 4
    assert window.intake.reasons == {"columns": 40}


@pytest.mark.parametrize("place", [0, 3])
def test_the_command_compares_nothing_by_a_contradicted_guess(
    place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, now = data("scaled", 1), data("scaled", 2)
    order = list(before)
    order.insert(place, order.pop())
    (tmp_path / "train.csv").write_bytes(table(before, order))
    (tmp_path / "capture.jsonl").write_bytes(capture(now))
    schema = {
        "inputs": [{"name": name, "kind": "numeric"} for name in ("amount", "age", "gap")],
        "outputs": [{"name": "target", "kind": "numeric", "role": "score"}],
    }
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    asked = ["drift", "--baseline", str(tmp_path / "train.csv"), "--current", str(tmp_path / "capture.jsonl"), "--json"]
    run(asked)
    report = json.loads(capsys.readouterr().out)
    if place == 0:
        assert (report["verdict"], report["drifted"]) == ("not_comparable", [])
        assert "--schema" in report["reason"]
    else:
        assert (report["verdict"], report["drifted"]) == ("no_drift", [])
        assert any("guess" in warning and "--schema" in warning for warning in report["warnings"])
    assert run([*asked, "--schema", str(tmp_path / "schema.json")]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "no_drift"
    assert report["intake"]["naming"] is None


def test_model_monitors_statistics_with_captured_csv_give_the_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = {name: np.asarray(cells, float) for name, cells in data("scaled", 1).items()}
    content = statistics([numeric_feature(name, cells, np.random.default_rng(1)) for name, cells in values.items()])
    (tmp_path / "statistics.json").write_bytes(content)
    (tmp_path / "capture.jsonl").write_bytes(capture(data("scaled", 2)))
    run(["drift", "--baseline", str(tmp_path / "statistics.json"), "--current", str(tmp_path / "capture.jsonl")])
    said = io.StringIO(capsys.readouterr().out).readline()
    assert said.startswith("NOT COMPARABLE")
    assert "--schema" in said
