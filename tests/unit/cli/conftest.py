"""The registry's commands on a folder of each test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syndic.cli.shell.frame import run

WHY = ("--reason", "as the board decided")
Syndic = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SYNDIC_API", "SYNDIC_STORE", "SYNDIC_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "registry"


@pytest.fixture
def syndic(folder: Path, capsys: pytest.CaptureFixture[str]) -> Syndic:
    """Run a command as somebody and give what it printed; what it said of an error when the code is 2."""

    def send(*arguments: str, by: str = "ann", code: int = 0) -> str:
        got = run([*arguments, "--store", str(folder), "--as", by])
        said = capsys.readouterr()
        assert got == code, said
        assert (code == 2) == bool(said.err)
        assert said.err.count("\n") == (code == 2)
        return said.err if code == 2 else said.out

    return send


def ready(syndic: Syndic, *versions: str, policy: str = "basic") -> None:
    """A model called credit whose versions lack only approval."""
    said = ("--purpose", "scores", "--limitations", "none", "--data-source", "ours", "--oversight-plan", "a clerk")
    syndic("models", "register", "credit", "--owner", "olga@example.org", *said)
    syndic("models", "policy", "credit", policy)
    syndic("models", "risk", "credit", "limited", *WHY)
    syndic("models", "status", "credit", "under_review", *WHY)
    syndic("models", "status", "credit", "approved", *WHY)
    data = ("--dataset-sha256", "a" * 64, "--rows", "10", "--features", "2", "--metric", "auc=0.9")
    reports = ("--artefact", "evaluation.json=x", "--artefact", "residuals.png=y")
    for version in versions:
        syndic("models", "versions", "add", "credit", version, *data, *reports)
        syndic("models", "promote", "credit", version, "--stage", "staging", *WHY)
