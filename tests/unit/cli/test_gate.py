"""``syndic gate`` for pipelines: what it answers, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syndic.adapters.folder import FolderStore
from syndic.cli.shell.frame import run
from tests.unit.cli.conftest import WHY, Syndic, ready


def test_it_passes_with_zero(syndic: Syndic) -> None:
    ready(syndic, "1")
    syndic("models", "request", "credit", "1")
    syndic("models", "approve", "credit", "--role", "ml_engineer", "--comment", "looked at it", by="mia")
    said = syndic("gate", "credit", "--stage", "production", "--version", "1")
    assert said.startswith("PASSED")
    assert said.endswith("to production (policy basic): 11 conditions met\n")
    assert syndic("gate", "credit", "--stage", "staging").startswith("PASSED")


def test_it_refuses_with_one_and_a_line_for_each_condition(syndic: Syndic) -> None:
    syndic("models", "register", "credit", "--owner", "olga@example.org")
    syndic("models", "versions", "add", "credit", "1")
    first, *lines = syndic("gate", "credit", "--stage", "staging", code=1).splitlines()
    assert first.endswith("version 1 to staging (policy moderate): 4 of 6 conditions unmet")
    assert [line.split(":")[0].strip() for line in lines] == [
        "dataset_fingerprint", "dataset_size", "evaluation_metrics", "evaluation_artefacts",
    ]  # fmt: skip
    assert lines[1] == (
        "  dataset_size: not logged: training rows and features; remedy: log the number of rows and features "
        "(run_manifest.json or tags)"
    )
    judged = json.loads(syndic("gate", "credit", "--stage", "staging", "--json", code=1))
    assert not judged["passed"]
    assert judged["unmet"] == [line.split(":")[0].strip() for line in lines]


def test_it_judges_the_version_that_was_made_last_and_changes_nothing(syndic: Syndic, folder: Path) -> None:
    ready(syndic, "9", "10")
    before = sorted((path, path.read_bytes()) for path in folder.rglob("*.json"))
    assert json.loads(syndic("gate", "credit", "--json", code=1))["version"] == "10"
    assert sorted((path, path.read_bytes()) for path in folder.rglob("*.json")) == before


def test_waivers_are_shown(syndic: Syndic) -> None:
    ready(syndic, "1", policy="moderate")
    for check in ("drift", "bias"):
        syndic("models", "waive", "credit", "1", f"evidence:{check}.run", *WHY)
    said = syndic("gate", "credit", code=1)
    assert "  evidence:bias.run: waived by ann: as the board decided (otherwise: there is no bias.run evidence)" in said
    assert "1 of 12 conditions unmet" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nothing",), "no model has the id or the name 'nothing'"),
        (("credit",), "has no version; add one: syndic models versions add credit-"),
        (("credit", "--version", "7"), "has no version '7'"),
        (("credit", "--version", "a/b"), "key sort"),
        (("credit", "--stage", "archived"), "Invalid value for '--stage'"),
    ],
)
def test_bad_input_is_two_and_never_a_pass(syndic: Syndic, arguments: tuple[str, ...], sentence: str) -> None:
    syndic("models", "register", "credit", "--owner", "olga@example.org")
    assert sentence in syndic("gate", *arguments, code=2)


def test_a_damaged_store_is_two(syndic: Syndic, folder: Path) -> None:
    ready(syndic, "1")
    (path,) = (folder / "records" / "models").glob("credit-*")
    path.write_text("{")
    assert "is damaged" in syndic("gate", path.name.removesuffix(".json"), code=2)


def test_without_a_place_it_is_two(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gate", "credit"]) == 2
    assert "where is the registry? give --api URL or --store DIR" in capsys.readouterr().err
    FolderStore(folder)
    assert run(["gate", "credit", "--store", str(folder), "--api", "https://syndic.example.org"]) == 2
