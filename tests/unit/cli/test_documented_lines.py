"""Every line with `syndic` in a block of the documentation is one that the tool would take; none is left out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from syndic.cli.shell.frame import cli

ROOT = Path(__file__).parents[3]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *(ROOT / one for one in ("README.md", "client/README.md"))]
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILES = {".csv", ".json", ".parquet", ".yaml", ".zip", ".txt", ".baseline", ".tlog-proof"}
FOLDERS = {"EVIDENCE", "config/"}


def lines() -> list[tuple[str, str]]:
    """Page and command of each."""
    found = []
    for page in PAGES:
        for block in BLOCK.findall(page.read_text("utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                command = re.search(r"(?:^|[$(>] ?)(syndic [a-z].*)", line)
                if command:
                    found.append((page.name, " ".join(command[1].split())))
    return found


def words_of(line: str) -> list[str]:
    """What a shell hands over; what may be left out or said more often is said once."""
    whole = re.sub(r"\[([^\]]*)\](?:\.\.\.)?", r"\1", line.removesuffix(")")).replace("<hash>", "0" * 64)
    return shlex.split(whole, comments=True)[1:]


@pytest.mark.parametrize(("page", "line"), lines(), ids=lambda one: one[:60])
def test_a_documented_line_is_taken(page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rest = words_of(line)
    for word in rest:  # what it reads has to be there
        if word in FOLDERS:
            Path(word).mkdir()
        elif word[:1] != "-" and (Path(word).suffix in FILES or word in {"KEY", "FILE"}):
            Path(word).parent.mkdir(parents=True, exist_ok=True)
            Path(word).touch()
    context, command = cli.make_context("syndic", list(rest)), cli
    below: click.Command = command
    while isinstance(below, click.Group):
        _, found, rest = below.resolve_command(context, rest)
        assert found is not None, page
        context, below = found.make_context(found.name or "", list(rest), parent=context), found
    assert not isinstance(below, click.Group), page


def test_pages_have_lines() -> None:
    assert len(lines()) >= 50
