"""``syndic audit erase`` and ``hold`` on a local store."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndic.adapters.folder import FolderStore
from syndic.audit.log import AuditLog
from syndic.audit.verification.trail import verify
from syndic.cli.shell.frame import run
from tests.unit.audit.tampering import entry

WHY = "asked for by the person"


def test_contents_are_erased_unless_they_are_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "store"
    AuditLog(FolderStore(store)).append(*(entry(number) for number in range(12)))
    place = ["--store", str(store), "--as", "dora", "--reason", WHY]
    subject = entry(1).subject

    assert run(["audit", "hold", subject, *place]) == 0
    assert f"dora: {WHY}" in capsys.readouterr().out
    assert run(["audit", "erase", subject, *place]) == 2
    assert "legal hold" in capsys.readouterr().err
    assert run(["audit", "hold", subject, "--lift", *place]) == 0
    assert "no legal hold" in capsys.readouterr().out
    assert run(["audit", "erase", subject, *place]) == 0
    assert f"{subject}: contents of" in capsys.readouterr().out
    found = verify(FolderStore(store))
    assert found.intact
    assert found.erased > 0


@pytest.mark.parametrize(("subject", "reason"), [("model", WHY), ("model/m", "short")])
def test_what_cannot_be_meant_is_refused(tmp_path: Path, subject: str, reason: str) -> None:
    assert run(["audit", "erase", subject, "--store", str(tmp_path), "--reason", reason]) == 2
