"""A value means the same in the file, on the command line and in a policy, whoever spelled it."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from syndic.bias.models import Verdict
from syndic.bias.policy.file import parse_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.cli.shell.frame import run
from tests.unit.bias.cases import policy, report, window

TRUTHS = [("True", "False"), ("true", "false"), ("TRUE", "FALSE")]


def married(seed: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    group = random.random(size) < 0.45
    return group, random.random(size) < np.where(group, 0.75, 0.3)


@pytest.fixture
def examined(capsys, tmp_path):
    """The report that the command prints on rows of a married column and a decision."""

    def examine(words: tuple[str, str], *options: str, decisions: tuple[str, str] = ("1", "0"), seed: int = 1) -> dict:
        group, chosen = married(seed, 500)
        path = tmp_path / "rows.csv"
        lines = [f"{words[not g]},{decisions[not c]}" for g, c in zip(group, chosen, strict=True)]
        path.write_text("\n".join(["married,pred", *lines]) + "\n", "utf-8")
        code = run(["bias", "--data", str(path), "--json", *options])
        said = capsys.readouterr()
        assert code == 1, said.err
        return json.loads(said.out)

    return examine


@pytest.mark.parametrize("in_file", TRUTHS, ids="/".join)
@pytest.mark.parametrize("asked", ["True", "true", "TRUE"])
def test_true_in_the_file_is_true_on_the_command_line(examined, in_file, asked):
    options = ("--prediction", "pred", "--favourable", asked, "--protected", f"married={asked}")
    found = examined(in_file, *options, decisions=in_file)
    part = found["attributes"]["married"]
    assert found["verdict"] == "adverse_impact_indicated"
    assert part["reference"] == "true"
    assert part["groups"]["false"]["disparate_impact"]["value"] < 0.6


@pytest.mark.parametrize("in_file", [*TRUTHS, ("yes", "no"), ("Yes", "No"), ("on", "off")], ids="/".join)
@pytest.mark.parametrize("quote", ["", "'"])
@pytest.mark.parametrize("seed", [2, 3])
def test_true_in_the_file_is_true_in_a_policy_however_yaml_reads_it(examined, tmp_path, in_file, quote, seed):
    groups = [f"{quote}{word}{quote}" for word in in_file]
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        f"bias_monitoring:\n  favourable: [{groups[0]}]\n  prediction: pred\n  protected_attributes:\n"
        f"    - married: {{groups: [{', '.join(groups)}], reference_group: {groups[0]}}}\n",
        "utf-8",
    )
    found = examined(in_file, "--policy", str(rules), decisions=in_file, seed=seed)["attributes"]["married"]
    assert found["reference"] == in_file[0]
    assert set(found["groups"]) == set(in_file)
    assert found["verdict"] == "adverse_impact_indicated"


@pytest.mark.parametrize("asked", [True, "True", "true", 1, "1"])
def test_a_truth_in_the_apis_policy_and_in_parquet(capsys, tmp_path, asked):
    group, chosen = married(4, 400)
    path = tmp_path / "rows.parquet"
    pa.parquet.write_table(pa.table({"married": pa.array(group.tolist()), "pred": pa.array(chosen.tolist())}), path)
    rules = BiasPolicy.model_validate(
        {"favourable": [asked], "prediction": "pred", "protected_attributes": [{"name": "married", "groups": [asked]}]}
    )
    assert rules.favourable == (str(asked),)
    code = run(["bias", "--data", str(path), "--json", "--prediction", "pred", "--favourable", str(asked),
                "--protected", f"married={asked}"])  # fmt: skip
    assert code == 1
    assert json.loads(capsys.readouterr().out)["attributes"]["married"]["reference"] == "true"


def test_truths_that_a_capture_reads_as_numbers_are_found_too():
    group, chosen = married(5, 400)
    rows = window(married=group.astype(float), prediction=chosen.astype(float))
    declared = ProtectedAttribute(name="married", groups=("True", "False"), reference_group="True")
    for attribute, reference in ((declared, "True"), (ProtectedAttribute(name="married", reference_group="true"), "1")):
        found = report(rows, policy(attribute, label=None, favourable=("True",)))
        assert found.attributes["married"].reference == reference
        assert found.verdict is Verdict.ADVERSE_IMPACT_INDICATED


def test_values_of_a_policy_are_the_text_that_stands_there():
    text = (
        "bias_monitoring:\n  favourable: [yes, 012, 1.0, 2020-01-02, On, ~x]\n  favourable_label: no\n"
        "  intersectional_analysis: {enabled: no}\n  protected_attributes:\n"
        "    - a: {groups: &names [yes, n, 1_0, 0x1F], reference_group: yes}\n    - b: {groups: *names}\n"
    )
    found = parse_policy(text, source="rules.yaml")
    assert found.favourable == ("yes", "012", "1.0", "2020-01-02", "On", "~x")
    assert found.favourable_label == ("no",)
    assert found.intersectional is False
    assert [attribute.groups for attribute in found.protected_attributes] == [("yes", "n", "1_0", "0x1F")] * 2
    assert found.protected_attributes[0].reference_group == "yes"


@pytest.mark.parametrize(
    ("cells", "declared"),
    [
        (["Female", "Male"], ["female", "male"]),
        ([" f", "m "], ["F", "M"]),
        (["1.0", "2.0"], ["1", "2"]),
        (["True", "False"], ["1", "0"]),
    ],
)
def test_declared_groups_take_rows_of_another_spelling(cells, declared):
    rows = window(group=cells * 300, prediction=[1, 0, 1, 1] * 150)
    named = ProtectedAttribute(name="group", groups=tuple(declared), reference_group=declared[1])
    found = report(rows, policy(named, label=None)).attributes["group"]
    assert set(found.groups) == set(declared)
    assert found.reference == declared[1]


def test_spellings_that_are_two_groups_stay_two():
    rows = window(group=["F", "f", "x"] * 200, prediction=[1, 0, 1] * 200)
    named = ProtectedAttribute(name="group", groups=("F", "f"))
    assert set(report(rows, policy(named, label=None)).attributes["group"].groups) == {"F", "f", "other"}
    assert set(report(rows, policy("group", label=None)).attributes["group"].groups) == {"F", "f", "x"}


@pytest.mark.parametrize("word", ["Unknown\n", "UNKNOWN", " unknown ", "unknown", "", None])
def test_a_group_that_nobody_knows_is_the_unknown_however_it_is_spelled(word):
    rows = window(group=["a", "b", word] * 200, prediction=[1, 0, 1] * 200)
    found = report(rows, policy("group", label=None))
    assert set(found.attributes["group"].groups) == {"a", "b", "unknown"}
    assert found.rows.unknown == {"group": 200}


def test_a_reference_that_is_not_there_is_refused_with_what_is(capsys, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("married,pred\n" + "True,1\nFalse,0\n" * 50, "utf-8")
    asked = ["--data", str(path), "--prediction", "pred", "--favourable", "1", "--protected", "married=yes"]
    assert run(["bias", *asked]) == 2
    assert "the reference group 'yes' has no rows; groups are: false, true" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["unknown", "Unknown"])
def test_the_unknown_is_no_reference(capsys, tmp_path, word):
    path = tmp_path / "rows.csv"
    path.write_text("sex,pred\n" + "F,1\nM,0\nUnknown,1\n" * 50, "utf-8")
    asked = ["--data", str(path), "--prediction", "pred", "--favourable", "1", "--protected", f"sex={word}"]
    assert run(["bias", *asked]) == 2
    assert "not known are no reference" in capsys.readouterr().err
    rows = window(sex=["F", "M", "Unknown"] * 100, prediction=[1, 0, 1] * 100)
    found = report(rows, policy(ProtectedAttribute(name="sex", reference_group=word), label=None))
    assert found.verdict is Verdict.NOT_ASSESSABLE
