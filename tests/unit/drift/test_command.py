"""``syndic drift``: files in, verdict and exit code out."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from syndic.cli.shell.frame import run
from tests.unit.drift.case import DATA
from tests.unit.drift.test_model_monitor import numeric_feature, statistics

REFERENCE = str(DATA / "car_loan_reference_1k_per_month.csv.gz")
IGNORED = ("--ignore", "id", "--ignore", "timestamp")


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The stream's months as CSV files."""
    folder = tmp_path_factory.mktemp("months")
    text = gzip.decompress((DATA / "car_loan_analysis_1k_per_month.csv.gz").read_bytes()).decode()
    header, *rows = text.splitlines()
    found = {}
    for month in ("2019-02", "2019-04"):
        path = folder / f"{month}.csv"
        path.write_text("\n".join([header, *(row for row in rows if f",{month}-" in row)]) + "\n", encoding="utf-8")
        found[month] = str(path)
    return found


def test_the_json_has_the_documented_shape(months: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["drift", "--baseline", REFERENCE, "--current", months["2019-04"], "--format", "json", *IGNORED]
    assert run(arguments) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "drift"
    assert report["rows"] == {"baseline": 10_000, "current": 1_000}
    for feature in report["features"].values():
        assert {"kind", "verdict", "severity", "reason", "psi", "wasserstein", "jensen_shannon"} <= feature.keys()
        assert {"statistic", "p_value", "p_adjusted", "reason"} <= feature["ks"].keys()
        assert {"statistic", "p_value", "reason"} <= feature["chi_square"].keys()
        assert {"baseline", "current"} <= feature["missing"].keys()
    car_value = report["features"]["car_value"]
    assert (car_value["verdict"], car_value["severity"]) == ("drift", "critical")
    assert 1.5 <= car_value["psi"] <= 1.9
    assert report["features"]["salary_range"]["ks"] == {
        "statistic": None,
        "p_value": None,
        "p_adjusted": None,
        "max_error": None,
        "reason": "the column is categorical",
    }


def test_a_quiet_month_ends_with_zero(months: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["drift", "--baseline", REFERENCE, "--current", months["2019-02"], *IGNORED]) == 0
    out = capsys.readouterr().out
    assert out.startswith("NO DRIFT")
    assert "car_value" in out
    assert max(map(len, out.splitlines())) <= 130


def test_running_numbers_and_times_are_not_taken_for_drift(months: dict[str, str], capsys) -> None:  # type: ignore[no-untyped-def]
    assert run(["drift", "--baseline", REFERENCE, "--current", months["2019-02"], "--format", "json"]) == 0
    features = json.loads(capsys.readouterr().out)["features"]
    assert {features[name]["verdict"] for name in ("id", "timestamp")} == {"not_comparable"}
    assert features["id"]["psi"] is None
    assert "identifier" in features["id"]["undefined"]["psi"]


def test_policy_columns_and_violations(months: dict[str, str], tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    policy, violations = tmp_path / "policy.yaml", tmp_path / "constraint_violations.json"
    policy.write_text("drift_detection:\n  statistical_tests:\n    - psi: {threshold: 0.3}\n", encoding="utf-8")
    arguments = ["drift", "--baseline", REFERENCE, "--current", months["2019-04"], "--policy", str(policy)]
    arguments += ["--columns", "salary_range", "--columns", "car_value", "--format", "json"]
    assert run([*arguments, "--violations", str(violations)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert set(report["features"]) == {"salary_range", "car_value"}
    assert report["drifted"] == ["car_value"]
    assert [item["feature_name"] for item in json.loads(violations.read_text())["violations"]] == ["car_value"]


def test_a_baseline_of_model_monitor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(6)
    baseline, current = tmp_path / "statistics.json", tmp_path / "now.csv"
    baseline.write_bytes(statistics([numeric_feature("x", random.normal(size=3000), random)], 3000))
    current.write_text("x\n" + "\n".join(f"{value:.5f}" for value in random.normal(1, 1, 800)), encoding="utf-8")
    assert run(["drift", "--baseline", str(baseline), "--current", str(current), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["drifted"] == ["x"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--baseline", "nowhere.csv", "--current", REFERENCE], "nowhere.csv"),
        (["--baseline", REFERENCE], "--current"),
        (["--baseline", REFERENCE, "--current", REFERENCE, "--columns", "colour"], "no column 'colour'"),
        (["--baseline", REFERENCE, "--current", REFERENCE, "--policy", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_bad_input_is_one_sentence_and_two(arguments: list[str], said: str, capsys) -> None:  # type: ignore[no-untyped-def]
    assert run(["drift", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_text_in_a_number_column_names_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("x,y\n" + "1.5,2\n" * 50, encoding="utf-8")
    bad.write_text("x,y\n" + "1.5,2\n" * 3 + "1.5,two\n" + "1.5,2\n" * 40, encoding="utf-8")
    assert run(["drift", "--baseline", str(good), "--current", str(bad)]) == 2
    assert "bad.csv, line 5" in capsys.readouterr().err


@pytest.mark.parametrize(("columns", "left_out"), [("80", True), ("120", False)])
def test_the_table_fits_the_terminal(
    months: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: str,
    left_out: bool,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    run(["drift", "--baseline", REFERENCE, "--current", months["2019-04"], *IGNORED])
    said = capsys.readouterr().out
    rows = said.split("\n\n")[1].splitlines()
    assert "PSI" in rows[0]
    assert max(map(len, rows)) <= int(columns)
    assert ("Left out, for the width of this terminal: JS" in said) is left_out


def test_a_reason_that_columns_share_is_said_once(
    months: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = tmp_path / "few.csv"
    few.write_text("".join(Path(months["2019-02"]).read_text(encoding="utf-8").splitlines(keepends=True)[:8]), "utf-8")
    assert run(["drift", "--baseline", REFERENCE, "--current", str(few), *IGNORED]) == 3
    said = capsys.readouterr().out
    assert said.startswith("NOT ENOUGH DATA")
    assert said.count("the window has 7 rows, 200 are needed\n") == 2  # of the whole, and once for all columns


def test_a_pipe_is_refused_in_one_sentence(months: dict[str, str], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    script = "import sys; from syndic.cli.shell.frame import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "drift", "--baseline", REFERENCE, "--current", str(pipe)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as reader:
        try:
            with pipe.open("wb") as writer:
                writer.write(b"a\n1\n")
        except BrokenPipeError:
            pass
        _, said = reader.communicate(timeout=60)
    assert reader.returncode == 2
    assert said == f"syndic: {pipe}: this is a pipe, and a table is read twice: save it as a file\n"
