"""JSON documents that are tables, in each layout of pandas and polars; answers by other names; names given twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from syndic.cli.law.local_evidence import load_evidence
from syndic.cli.shell.frame import run
from syndic.cli.shell.options import read_schema
from syndic.errors import InvalidInputError
from syndic.json_text import load_json
from syndic.models import CaptureSchema
from syndic.windows import read_table
from syndic.windows.tables.json_layouts import document_rows
from tests.unit.windows.captured import collector, sagemaker, side
from tests.unit.windows.made import cells, numeric, text

ORIENTS = ["columns", "index", "split", "table", "records"]


def frame(seed: int, rows: int = 300) -> pd.DataFrame:
    dice = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "income": dice.normal(3_000, 400, rows).round(2),
            "age": dice.integers(18, 80, rows),
            "region": dice.choice(["n", "s", None], rows),
        }
    )


INDEX: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "running": lambda data: data,
    "times": lambda data: data.set_index(pd.Index(range(10**9, 10**9 + 60 * len(data), 60))),
    "texts": lambda data: data.set_index(pd.Index([f"r{place}" for place in range(len(data))])),
}


@pytest.mark.parametrize("index", INDEX)
@pytest.mark.parametrize("orient", ORIENTS)
def test_every_orientation_gives_the_same_columns(orient: Any, index: str) -> None:
    data = frame(len(orient))
    found = read_table(INDEX[index](data).to_json(orient=orient).encode(), name="d.json")
    assert set(found.columns) == {"income", "age", "region"}
    assert cells(found.columns["income"]) == data["income"].tolist()
    assert cells(found.columns["age"]) == data["age"].tolist()
    assert cells(found.columns["region"]) == [None if pd.isna(one) else one for one in data["region"]]


def test_values_alone_take_the_names_of_the_schema() -> None:
    data = frame(1)
    schema = CaptureSchema(inputs=(numeric("income"), numeric("age"), text("region")))
    found = read_table(data.to_json(orient="values").encode(), name="d.json", schema=schema)
    assert cells(found.columns["age"]) == data["age"].tolist()


def test_polars_columns_and_one_column() -> None:
    polars = {"columns": [{"name": "a", "datatype": "Int64", "values": [1, 2]}, {"name": "b", "values": ["x", None]}]}
    assert document_rows(polars, ()) == [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    assert document_rows({"a": {"0": 5, "1": None}}, ()) == [{"a": 5}, {"a": None}]


@pytest.mark.parametrize(
    ("value", "known", "rows"),
    [
        ({"1": {"1": 5, "2": 6}, "2": {"1": 7, "2": 8}}, (), None),
        ({"1": {"1": 5, "2": 6}, "2": {"1": 7, "2": 8}, "3": {"1": 9, "2": 0}}, ("1", "2", "3", "4"), None),
        ({"a": {"x": 5, "y": 6}, "b": {"x": 7, "y": 8}}, ("a", "b"), [{"a": 5, "b": 7}, {"a": 6, "b": 8}]),
        ({"a": {"x": 5, "y": 6}, "b": {"x": 7, "y": 8}}, ("x", "y"), [{"x": 5, "y": 6}, {"x": 7, "y": 8}]),
        ({"a": {"x": 5, "y": "s"}, "b": {"x": 7, "y": "t"}}, (), [{"x": 5, "y": "s"}, {"x": 7, "y": "t"}]),
    ],
)
def test_what_names_the_columns_is_known_or_refused(value: Any, known: tuple[str, ...], rows: Any) -> None:
    if rows is None:
        with pytest.raises(ValueError, match="cannot be told"):
            document_rows(value, known)
    else:
        assert document_rows(value, known) == rows


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ('{"columns": ["a", "b"], "data": [[1, 2], [3]]}', "row 2 does not hold 2 values"),
        ('{"columns": ["a", "a"], "data": [[1, 2]]}', "two columns have the name 'a'"),
        ('{"columns": [{"name": "a", "values": [1]}, {"name": "b", "values": []}]}', "differ in length"),
    ],
)
def test_a_table_with_holes_is_refused(document: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_table(document.encode(), name="d.json")


@pytest.mark.parametrize("orient", [*ORIENTS, "lines"])
def test_the_command_reads_them_as_baselines_too(
    orient: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, seed in (("before", 1), ("after", 2)):
        lines = orient == "lines"
        text = frame(seed).to_json(orient="records" if lines else orient, lines=lines)
        (tmp_path / f"{name}.json").write_text(text)
    code = run(["drift", f"--baseline={tmp_path}/before.json", f"--current={tmp_path}/after.json", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (code, sorted(told["features"])) == (0, ["age", "income", "region"])


ANSWERS: dict[str, Callable[[float], Any]] = {
    "probabilities": lambda p: {"probabilities": [1 - p, p]},
    "nested probabilities": lambda p: {"probabilities": [[1 - p, p]]},
    "beside a model's name": lambda p: {"probabilities": [1 - p, p], "model": "v3"},
    "logits": lambda p: {"logits": [[1 - p, p]], "version": 2},
    "output": lambda p: {"output": [1 - p, p]},
    "predictions": lambda p: {"predictions": [[1 - p, p]]},
}


@pytest.mark.parametrize("described", [True, False])
@pytest.mark.parametrize("name", ANSWERS)
def test_answers_by_other_names_are_one_row_for_one_question(name: str, described: bool) -> None:
    chances = np.random.default_rng(4).random(60).round(6).tolist()
    schema = CaptureSchema(inputs=(numeric("age"),), outputs=(numeric("no"), numeric("yes")))
    calls = [({"age": place}, ANSWERS[name](p)) for place, p in enumerate(chances)]
    data = sagemaker((side(asked), side(answered)) for asked, answered in calls)
    found = read_table(data, name="c.jsonl", schema=schema if described else None)
    last = list(found.columns)[-1]
    assert (found.rows, found.intake.rejected, found.intake.partial) == (60, 0, 0)
    assert cells(found.columns[last]) == chances
    if described:
        other = read_table(collector(calls), name="c.jsonl", schema=schema)
        assert cells(other.columns["yes"]) == chances


def test_a_label_beside_probabilities_is_no_wrapper() -> None:
    calls = [(side({"age": [1, 2]}), side({"label": [0, 1], "probabilities": [0.25, 0.75]})) for _ in range(20)]
    found = read_table(sagemaker(calls), name="c.jsonl")
    assert cells(found.columns["label"])[:2] == [0, 1]
    assert cells(found.columns["probabilities"])[:2] == [0.25, 0.75]


TWICE = '{"a": 1, "b": 2,\n "a": 3}'


@pytest.mark.parametrize(
    "document", [f"[{TWICE}]", '{"a": 1, "a": 2}\n{"a": 3}\n', '{"r": {"a": 1, "b": [{"c": 1, "c": 2}]}}']
)
def test_a_table_with_a_name_given_twice_is_refused(document: str) -> None:
    with pytest.raises(InvalidInputError, match="given twice in one object"):
        read_table(document.encode(), name="d.json")


def test_a_file_of_settings_with_a_name_given_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"s\.json, line 2: 'a' is given twice in one object"):
        load_json(TWICE, where="s.json")
    assert load_json('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}', where="s.json")["a"] == {"a": 1}
    path = tmp_path / "s.json"
    path.write_text('{"inputs": [{"name": "age", "kind": "numeric"}], "inputs": []}')
    with pytest.raises(InvalidInputError, match="'inputs' is given twice"):
        read_schema(path)
    path.write_text('{"id": "m", "id": "n"}')
    with pytest.raises(InvalidInputError, match="'id' is given twice"):
        load_evidence(path)


def test_a_captured_payload_with_a_name_given_twice_is_rejected() -> None:
    schema = CaptureSchema(inputs=(numeric("a"), text("at")), outputs=(numeric("s"),))
    good, bad = '{"a": 1, "at": "10:30:00"}', '{"a": 1, "at": "x", "a": 2}'
    data = sagemaker((side(body), side({"s": 0.5})) for body in (good, bad, good))
    found = read_table(data, name="c.jsonl", schema=schema)
    assert (found.rows, found.intake.reasons) == (2, {"payload": 1})
    assert "a name stands twice" in found.intake.examples["payload"]
