"""Outputs that repeat inputs: the input is measured, the prediction is found, and the repetition is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndic.bias.counting.tally import decided_by, make_plan
from syndic.bias.policy.model import BiasPolicy
from syndic.cli.shell.frame import run
from syndic.models import CaptureSchema, ColumnRole
from syndic.models.intake_words import intake_notes
from syndic.windows import concatenate, parse_collector, parse_sagemaker, read_table
from syndic.windows.parsing.batches import same_value
from tests.unit.windows.captured import collector, sagemaker, side
from tests.unit.windows.made import cells, numeric, text

Row = dict[str, Any]

ECHOES: dict[str, Callable[[Row, float], Any]] = {
    "one input": lambda row, score: {"amount": row["amount"], "score": score},
    "all inputs": lambda row, score: {**row, "score": score},
    "after the prediction": lambda row, score: {"score": score, **row},
    "as text": lambda row, score: {"amount": str(row["amount"]), "age": f"{row['age']}.0", "score": score},
    "in a list of rows": lambda row, score: [{**row, "score": score}],
    "in predictions": lambda row, score: {"predictions": [{**row, "score": score}]},
    "beside predictions": lambda row, score: {"instances": [row], "predictions": [{"score": score}]},
    "as columns": lambda row, score: {**{name: [cell] for name, cell in row.items()}, "score": [score]},
    "below a name of its own": lambda row, score: {"input": row, "score": score},
    "below the name of a wrapper": lambda row, score: {"inputs": row, "score": score},
    "as objects": lambda row, score: {"amount": {"value": row["amount"]}, "score": score},
    "in some rows": lambda row, score: {**(row if row["age"] % 2 else {}), "score": score},
}
PLAIN = CaptureSchema(inputs=(numeric("amount"), numeric("age")), outputs=(numeric("score", ColumnRole.SCORE),))


def traffic(seed: int, *, moved: float = 0.0, rows: int = 300) -> list[tuple[Row, float]]:
    dice = np.random.default_rng(seed)
    return [
        (
            {"amount": round(float(dice.normal(50 + moved, 10)), 2), "age": int(dice.integers(18, 81))},
            float(dice.random()),
        )
        for _ in range(rows)
    ]


def files(calls: list[tuple[Row, float]], echo: Callable[[Row, float], Any]) -> dict[str, bytes]:
    return {
        "sagemaker": sagemaker((side(row), side(echo(row, score))) for row, score in calls),
        "azure": collector((row, echo(row, score)) for row, score in calls),
    }


@pytest.mark.parametrize("cloud", ["sagemaker", "azure"])
@pytest.mark.parametrize("name", ECHOES)
def test_inputs_and_prediction_are_the_same_with_and_without_an_echo(name: str, cloud: str) -> None:
    calls = traffic(7, rows=40)
    window = read_table(files(calls, ECHOES[name])[cloud], name="c.jsonl")
    assert set(window.columns) == {"amount", "age", "score"}
    assert cells(window.columns["amount"]) == [row["amount"] for row, _ in calls]
    assert cells(window.columns["age"]) == [row["age"] for row, _ in calls]
    assert cells(window.columns["score"]) == [score for _, score in calls]
    assert [spec.name for spec in window.specs if spec.role is ColumnRole.PREDICTION] == ["score"]


@pytest.mark.parametrize("cloud", ["sagemaker", "azure"])
@pytest.mark.parametrize("role", [role for role in ColumnRole if role is not ColumnRole.ROW_ID])
def test_whatever_role_a_schema_gives_the_echo_the_input_is_measured(role: ColumnRole, cloud: str) -> None:
    schema = CaptureSchema(inputs=PLAIN.inputs, outputs=(text("amount", role), *PLAIN.outputs))
    calls = traffic(3, rows=30)
    window = read_table(files(calls, ECHOES["one input"])[cloud], name="c.jsonl", schema=schema)
    assert cells(window.columns["amount"]) == [row["amount"] for row, _ in calls]
    assert [(spec.name, spec.role) for spec in window.specs] == [
        ("amount", ColumnRole.FEATURE),
        ("age", ColumnRole.FEATURE),
        ("score", ColumnRole.SCORE),
    ]
    assert window.intake.echoes == {"amount": 0}
    assert [spec.name for spec in schema.columns] == ["amount", "age", "score"]


def test_an_output_named_as_an_ignored_input_is_measured() -> None:
    inputs = (numeric("amount", ColumnRole.IGNORED), numeric("age"))
    schema = CaptureSchema(inputs=inputs, outputs=(numeric("amount", ColumnRole.PREDICTION),))
    data = sagemaker([(side("1,2", "text/csv"), side("9", "text/csv"))])
    window = concatenate(parse_sagemaker([data], schema, source="s"))
    assert {name: cells(column) for name, column in window.columns.items()} == {"age": [2], "amount": [9]}
    assert window.with_role(ColumnRole.PREDICTION) == ("amount",)


def test_another_value_under_an_inputs_name_is_said_with_the_remedy() -> None:
    data = sagemaker((side({"price": n, "day": n}), side({"price": n + (n % 2)})) for n in range(10))
    window = read_table(data, name="c.jsonl")
    assert window.intake.echoes == {"price": 5}
    (note,) = intake_notes(window.intake)
    assert all(said in note for said in ("price", "5 rows", "role ignored"))


def test_an_echo_in_one_record_with_both_sides_is_not_read_twice() -> None:
    schema = CaptureSchema(inputs=PLAIN.inputs, outputs=(numeric("amount"), *PLAIN.outputs))
    line = {"id": "1", "correlationid": "c", "data": [{"amount": 5, "age": 6, "score": 0.5}]}
    source = "e/d/model_inputs_outputs/2026/03/02/09/i.jsonl"
    window = concatenate(parse_collector([json.dumps(line).encode() + b"\n"], schema, source=source))
    assert {name: cells(column) for name, column in window.columns.items()} == {
        "amount": [5],
        "age": [6],
        "score": [0.5],
    }


@given(st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e9, 1e9), st.booleans(), st.text("abc ", min_size=1)))
def test_a_value_is_the_same_as_its_text(value: Any) -> None:
    assert same_value(value, value)
    assert same_value(value, str(value))
    assert same_value([value], [value]) is False


@pytest.mark.parametrize("cloud", ["sagemaker", "azure"])
@pytest.mark.parametrize(("name", "seed"), [(name, seed) for seed, name in enumerate(ECHOES)])
def test_a_moved_input_drifts_through_any_echo(
    name: str, seed: int, cloud: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for place, moved in (("a", 0.0), ("b", 30.0)):
        path = tmp_path / f"{place}.jsonl"
        path.write_bytes(files(traffic(100 * seed + len(paths), moved=moved), ECHOES[name])[cloud])
        paths.append(str(path))
    code = run(["drift", "--baseline", paths[0], "--current", paths[1], "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (code, report["drifted"]) == (1, ["amount"])
    assert report["features"]["amount"]["psi"] > 2
    assert report["features"]["score"]["verdict"] == "no_drift"
    if "below" not in name and "beside" not in name:
        assert any("amount" in warning and "input" in warning for warning in report["warnings"])


@pytest.mark.parametrize("seed", range(3))
def test_bias_finds_the_prediction_beside_an_echo(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = np.random.default_rng(seed)
    people = ["F" if dice.random() < 0.5 else "M" for _ in range(400)]
    decided = [int(dice.random() < (0.3 if person == "F" else 0.6)) for person in people]
    said = {}
    for name in ("echo", "plain"):
        path = tmp_path / f"{name}.jsonl"
        answers = [
            {**({"sex": p} if name == "echo" else {}), "approved": d} for p, d in zip(people, decided, strict=True)
        ]
        path.write_bytes(sagemaker((side({"sex": p}), side(a)) for p, a in zip(people, answers, strict=True)))
        code = run(
            [
                "bias",
                "--data",
                str(path),
                "--prediction",
                "approved",
                "--favourable",
                "1",
                "--protected",
                "sex",
                "--json",
            ]
        )
        report = json.loads(capsys.readouterr().out)
        said[name] = (code, report["verdict"], report["attributes"])
        assert any("sex" in warning for warning in report["warnings"]) is (name == "echo")
    assert said["echo"] == said["plain"]
    assert said["echo"][:2] == (1, "adverse_impact_indicated")


@pytest.mark.parametrize("cloud", ["sagemaker", "azure"])
@pytest.mark.parametrize("described", [False, True])
def test_bias_examines_the_answer_and_not_an_input_of_its_name(
    cloud: str, described: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before, an earlier decision among the inputs, a coin toss, was examined in its place: no indication, exit 0."""
    dice = np.random.default_rng(11)
    people = ["f" if dice.random() < 0.5 else "m" for _ in range(800)]
    calls = [
        ({"sex": sex, "approved": int(dice.random() < 0.5)}, {"approved": int(dice.random() < (0.7, 0.3)[sex == "f"])})
        for sex in people
    ]
    path, names = tmp_path / "c.jsonl", tmp_path / "schema.json"
    path.write_bytes(
        sagemaker((side(given), side(answer)) for given, answer in calls) if cloud == "sagemaker" else collector(calls)
    )
    inputs = (text("sex", ColumnRole.PROTECTED), numeric("approved"))
    schema = CaptureSchema(inputs=inputs, outputs=(numeric("approved", ColumnRole.PREDICTION),))
    names.write_text(schema.model_dump_json())
    asked = ["--data", str(path), "--prediction", "approved", "--favourable", "1", "--protected", "sex", "--json"]
    code = run(["bias", *asked, *(["--schema", str(names)] if described else [])])
    report = json.loads(capsys.readouterr().out)
    assert (code, report["verdict"]) == (1, "adverse_impact_indicated")
    rates = [sum(a["approved"] for g, a in calls if g["sex"] == sex) / people.count(sex) for sex in "fm"]
    groups = report["attributes"]["sex"]["groups"]
    assert [groups[sex]["selection_rate"]["value"] for sex in "fm"] == pytest.approx(rates)


@pytest.mark.parametrize("named", [False, True])
def test_a_check_examines_the_answer_that_an_input_has_the_name_of(named: bool) -> None:
    schema = CaptureSchema(
        inputs=(text("sex", ColumnRole.PROTECTED), numeric("approved")),
        outputs=(numeric("approved", ColumnRole.PREDICTION), numeric("chance", ColumnRole.SCORE)),
    )
    policy = BiasPolicy(prediction="approved" if named else None)
    read = decided_by(policy, schema)
    assert (make_plan(policy, read).prediction, make_plan(policy, read).score) == ("approved", "chance")
    assert read.echoes == frozenset()
    assert read.inputs[1].role is ColumnRole.IGNORED
    repeated = CaptureSchema(inputs=schema.inputs, outputs=(*schema.outputs, numeric("no", ColumnRole.PREDICTION)))
    own = decided_by(BiasPolicy(), repeated)
    assert make_plan(BiasPolicy(), own).prediction == "no"
    assert own.echoes == {"approved"}
