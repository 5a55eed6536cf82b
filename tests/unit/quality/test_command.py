"""``syndic quality``: files in, verdict and exit code out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from syndic.cli.shell.frame import run
from syndic.drift.baseline.codec import to_bytes
from syndic.drift.baseline.summary import summarise
from syndic.windows.tables.dataframe import from_columns
from tests.unit.drift.test_model_monitor import numeric_feature, statistics

RANDOM = np.random.default_rng(12)


def rows(size: int, *, shift: float = 0.0, city: str = "") -> dict[str, list[str]]:
    return {
        "amount": [f"{value:.4f}" for value in RANDOM.normal(shift, 1, size)],
        "city": [city or str(name) for name in RANDOM.choice(["Ulm", "Köln", "Bern"], size)],
        "id": [str(10_000 + place) for place in range(size)],
    }


def write(path: Path, columns: dict[str, list[str]]) -> str:
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def baseline(tmp_path: Path) -> str:
    return write(tmp_path / "before.csv", rows(1_500))


def quality(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["quality", *arguments])
    said = capsys.readouterr()
    assert (code == 2) == bool(said.err)
    return code, said.err if code == 2 else said.out


def test_unchanged_data_are_sound(baseline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = quality(capsys, "--baseline", baseline, "--current", write(tmp_path / "now.csv", rows(400)))
    assert code == 0
    assert said.startswith("SOUND  nothing is wrong with the 400 rows\n")
    assert "against a baseline of 1500 rows" in said


def test_what_is_wrong_is_listed_and_ends_with_one(
    baseline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = rows(400, shift=9.0, city="Wien")
    now["amount"][:200] = [""] * 200
    current = write(tmp_path / "now.csv", now)
    code, said = quality(capsys, "--baseline", baseline, "--current", current)
    assert code == 1
    assert said.startswith("ISSUES  ")
    for words in ("missing", "range", "unseen", "Wien", "constant"):
        assert words in said
    code, said = quality(capsys, "--baseline", baseline, "--current", current, "--json", "--ignore", "city")
    report = json.loads(said)
    assert (code, report["verdict"], report["rows"], report["baseline_rows"]) == (1, "issues", 400, 1500)
    assert {(issue["check"], issue["column"]) for issue in report["issues"]} == {
        ("missing", "amount"),
        ("range", "amount"),
    }
    assert (report["ignored"], report["columns"]["amount"]["missing"]) == (["city"], 0.5)


@pytest.mark.parametrize("lost", ["amount", "city"])
def test_a_lost_column_is_no_pass(lost: str, baseline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = {name: values for name, values in rows(400).items() if name != lost}
    arguments = ["--baseline", baseline, "--current", write(tmp_path / "now.csv", now)]
    code, said = quality(capsys, *arguments)
    assert (code, "lost column" in said) == (1, True)
    assert quality(capsys, *arguments, "--ignore", lost)[0] == 0
    assert quality(capsys, *arguments, "--allow-inconclusive")[0] == 1


def test_a_new_column_is_to_be_reviewed(baseline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    current = write(tmp_path / "now.csv", {**rows(400), "extra": ["1.5", "2.5"] * 200})
    code, said = quality(capsys, "--baseline", baseline, "--current", current)
    assert code == 0
    assert said.startswith("SOUND, REVIEW  extra: the baseline does not have this column")


def test_too_few_rows_cannot_tell(baseline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--baseline", baseline, "--current", write(tmp_path / "now.csv", rows(9))]
    code, said = quality(capsys, *arguments)
    assert code == 3
    assert said.startswith("NOT ENOUGH DATA, CANNOT TELL  the window has 9 rows, 50 are needed")
    assert quality(capsys, *arguments, "--allow-inconclusive")[0] == 0


@pytest.mark.parametrize("known", [1, 12, 49])
def test_a_baseline_of_a_few_rows_lets_nothing_be_called_sound(
    known: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [write(tmp_path / f"{size}.csv", {"city": rows(size)["city"]}) for size in (known, 700)]
    code, said = quality(capsys, "--baseline", paths[0], "--current", paths[1])
    assert code == 3
    assert said.startswith("NOT ENOUGH DATA")
    assert f"the baseline has {known} rows, 50 are needed" in said


def test_the_limits_of_a_policy_hold(baseline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("data_quality:\n  columns:\n    amount: {low: -0.5, high: 0.5}\n", encoding="utf-8")
    arguments = ["--baseline", baseline, "--current", write(tmp_path / "now.csv", rows(400)), "--policy", str(policy)]
    code, said = quality(capsys, *arguments)
    assert (code, "outside -0.5 to 0.5" in said) == (1, True)
    policy.write_text("columns:\n  gone: {max_missing: 0.1}\n", encoding="utf-8")
    code, said = quality(capsys, *arguments)
    assert code == 3
    assert said.startswith("CANNOT TELL  not judged, though asked for: gone; ")
    policy.write_text("missing_tolerence: 0.1\n", encoding="utf-8")
    assert "did you mean 'missing_tolerance'?" in quality(capsys, *arguments)[1]
    policy.write_text("- 1\n", encoding="utf-8")
    assert "a mapping of settings is expected" in quality(capsys, *arguments)[1]
    policy.write_text("a: [", encoding="utf-8")
    assert "line 1: not valid YAML" in quality(capsys, *arguments)[1]


def test_a_stored_baseline_and_one_of_model_monitor_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = RANDOM.normal(size=3_000)
    current = write(tmp_path / "now.csv", {"x": [f"{value:.5f}" for value in RANDOM.normal(size=400)]})
    stored, imported = tmp_path / "baseline.bin", tmp_path / "statistics.json"
    stored.write_bytes(to_bytes(summarise([from_columns({"x": values})])))
    imported.write_bytes(statistics([numeric_feature("x", values, RANDOM)], 3000))
    for place in (stored, imported):
        for check in ("quality", "drift"):
            code = run([check, "--baseline", str(place), "--current", current])
            assert (code, capsys.readouterr().err) == (0, "")
    stored.write_bytes(stored.read_bytes()[:-9])
    assert "cut short or was changed" in quality(capsys, "--baseline", str(stored), "--current", current)[1]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--columns", "colour"), "no column 'colour'"),
        (("--ignore", "colour"), "no column 'colour'"),
        (("--policy", "nowhere.yaml"), "nowhere.yaml"),
        (("--numeric", "x", "--categorical", "x"), "numeric and categorical at once"),
    ],
)
def test_bad_input_is_two_and_one_sentence(
    option: tuple[str, ...], said: str, baseline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = quality(capsys, "--baseline", baseline, "--current", baseline, *option)
    assert (code, told.count("\n")) == (2, 1)
    assert said in told
