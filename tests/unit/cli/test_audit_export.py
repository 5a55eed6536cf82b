"""``syndic audit export`` of a local store, and its verification with nothing but the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syndic.adapters.folder import FolderStore
from syndic.audit.log import AuditLog
from syndic.audit.signed.notes import VerifierKey, verifier_of
from syndic.cli.shell.frame import run
from tests.unit.audit.tampering import Key, entry


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    AuditLog(FolderStore(folder)).append(*(entry(number, note="=HYPERLINK(1)") for number in range(12)))
    return folder


def exported(store: Path, out: Path, *options: str) -> Path:
    key = store.parent / "key.pem"
    assert run(["audit", "export", "--store", str(store), "--out", str(out), "--signing-key", str(key), *options]) == 0
    return out


def test_an_export_is_verified_and_continues_an_older_one(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = exported(store, tmp_path / "first.zip")
    from syndic.audit.public.export import unzipped

    older = tmp_path / "older.txt"
    older.write_bytes(unzipped(first.read_bytes(), where="first")["checkpoint.txt"])
    AuditLog(FolderStore(store)).append(*(entry(number) for number in range(3)))
    second = exported(store, tmp_path / "second.zip")
    capsys.readouterr()

    assert run(["audit", "verify", str(second), "--checkpoint", str(older)]) == 0
    said = capsys.readouterr().out
    assert "verified, 15 entries, continues the checkpoint of 12 entries" in said
    assert "The key came with the package" in said
    assert run(["audit", "verify", str(first), "--checkpoint", str(older), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["continues"] == 12
    assert run(["audit", "verify", str(second), "--key", str(verifier_of(Key()))]) == 2


def test_only_what_was_asked_for_is_exported(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = exported(
        store, tmp_path / "some.zip", "--model", "m1", "--from", "2026-11-21", "--to", "2026-11-21T00:00:06Z"
    )
    capsys.readouterr()
    assert run(["audit", "verify", str(out), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == 2


def test_entries_alone_are_lines_or_a_table_without_formulas(store: Path, tmp_path: Path) -> None:
    lines = exported(store, tmp_path / "a.jsonl", "--as-format", "jsonl").read_bytes().splitlines()
    assert [json.loads(line)["index"] for line in lines] == list(range(12))
    table = exported(store, tmp_path / "a.csv", "--as-format", "csv").read_text()
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table.splitlines() for cell in row.split(","))


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--signing-key", "/nowhere/key"),
        ("--from", "yesterday", "--signing-key", "k"),
        ("--to", "2026-11-21T00:00"),
    ],
)
def test_bad_input_is_one_error(
    options: tuple[str, ...], store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audit", "export", "--store", str(store), "--out", str(tmp_path / "x.zip"), *options]) in {2, 3}
    assert len(capsys.readouterr().err.strip().splitlines()) <= 2
    assert VerifierKey("a", b"0" * 32).id != VerifierKey("b", b"0" * 32).id
