"""``syndic compliance`` on local files: no cloud, exit codes, one sentence for bad input."""

from __future__ import annotations

import json
import zipfile

import pytest

from syndic.cli.shell.frame import run
from syndic.compliance.definitions.load import built_in
from syndic.models import EvidenceStatus, to_json

AT = ("--at", "2026-11-21T09:00:00Z")


@pytest.fixture
def folder(tmp_path, everything):
    place = tmp_path / "evidence"
    place.mkdir()
    for index, item in enumerate(everything(built_in()["soc2"])):
        (place / f"{index:03}.json").write_text(json.dumps(to_json(item)))
    return place


@pytest.fixture
def failing(folder, evidence):
    bad = evidence("quality.performance", status=EvidenceStatus.FAILING, summary="accuracy below its level")
    for file in folder.iterdir():
        if json.loads(file.read_text())["kind"] == "quality.performance":
            file.write_text(json.dumps(to_json(bad)))
    return folder


def test_check_finds_nothing_contradicted(folder, capsys):
    assert run(["compliance", "check", str(folder), "--framework", "soc2", *AT]) == 0
    assert "SOC 2 (Trust Services Criteria), 13 of 13 applicable met" in capsys.readouterr().out


def test_check_names_what_is_contradicted_and_ends_with_1(failing, capsys):
    assert run(["compliance", "check", str(failing), "--framework", "soc2", *AT]) == 1
    shown = capsys.readouterr().out
    assert "SOC2-PI1" in shown
    assert "SOC2-PI1" in shown


def test_check_as_json_has_every_requirement_with_state_and_reason(failing, capsys):
    assert run(["compliance", "check", str(failing), "--framework", "soc2", "--format", "json", *AT]) == 1
    (status,) = json.loads(capsys.readouterr().out)
    assert len(status["requirements"]) == 13
    assert status["counts"]["not_met"] == 1
    assert all(item["reason"] for item in status["requirements"])
    assert "score" not in json.dumps(list(status))


def test_a_framework_file_of_ones_own_is_used(folder, tmp_path, capsys):
    mine = tmp_path / "mine.yaml"
    text = (
        built_in()["soc2"].text.replace("id: soc2", "id: mine", 1).replace("title: SOC 2 (Trust", "title: Mine (Trust")
    )
    mine.write_text(text)
    run(["compliance", "check", str(folder), "--framework", str(mine), *AT])
    assert "Mine (Trust Services Criteria)" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["pdf", "html", "json", "csv"])
def test_a_report_is_written_and_the_same_twice(folder, tmp_path, ending):
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    for file in (first, second):
        assert run(["compliance", "report", str(folder), "-o", str(file), "--framework", "soc2", *AT]) == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_draft_is_written(folder, tmp_path):
    file = tmp_path / "fria.pdf"
    assert run(["compliance", "report", str(folder), "-o", str(file), "--kind", "fria", *AT]) == 0
    assert file.read_bytes().startswith(b"%PDF-1.7")


def test_an_evidence_package_is_written_and_can_be_checked_again(failing, tmp_path, capsys):
    package = tmp_path / "package.zip"
    assert run(["compliance", "evidence", str(failing), "-o", str(package), *AT]) == 0
    assert "manifest.json" in zipfile.ZipFile(package).namelist()
    assert run(["compliance", "check", str(package), "--framework", "soc2", *AT]) == 1
    assert "SOC2-PI1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1: not JSON"),
        ("3", "must be an object"),
        ('{"kind": "drift.run"}', "model_id: Field required"),
        ('[{"kind": "drift.run"}]', "[0]: model_id"),
        ('{"id": "x"}', "name: Field required"),
    ],
)
def test_bad_evidence_is_one_sentence_with_the_file(tmp_path, capsys, content, message):
    file = tmp_path / "bad.json"
    file.write_text(content)
    assert run(["compliance", "check", str(file)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "bad.json" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "{tmp}/nothing"],
        ["check", "{folder}", "--framework", "pci_dss"],
        ["check", "{folder}", "--framework", "{tmp}/none.yaml"],
        ["check", "{folder}", "--at", "yesterday"],
        ["report", "{folder}", "-o", "{tmp}/report.docx"],
        ["report", "{folder}", "-o", "{tmp}/no/such/folder/report.csv"],
        ["report", "{folder}", "-o", "{tmp}/x.csv", "--kind", "fria"],
        ["check", "{tmp}"],
    ],
)
def test_wrong_arguments_are_one_sentence_and_exit_2(folder, tmp_path, capsys, arguments):
    empty = tmp_path / "empty"
    empty.mkdir()
    filled = [argument.format(tmp=empty, folder=folder) for argument in arguments]
    assert run(["compliance", *filled]) == 2
    assert capsys.readouterr().err.startswith("syndic: ")


def test_validate_lists_every_problem_by_line(tmp_path, capsys):
    file = tmp_path / "policy.yaml"
    text = built_in()["soc2"].text.replace("kind: criteria", "kind: rule").replace("valid_days: 190", "valid_days: 0")
    file.write_text(text)
    assert run(["compliance", "validate", str(file)]) == 2
    told = capsys.readouterr().err
    assert told.count("line ") == text.count("valid_days: 0\n") + 1
    file.write_text(built_in()["soc2"].text)
    assert run(["compliance", "validate", str(file)]) == 0
    assert "13 requirements, nothing wrong" in capsys.readouterr().out
