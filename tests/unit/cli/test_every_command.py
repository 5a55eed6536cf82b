"""Every command shows an example that it would take; every table can be had as comma-separated values."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from syndic.cli.shell.comma_separated import comma_separated
from syndic.cli.shell.frame import cli, run


def commands(group: click.Group, context: click.Context, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, click.Context(found, parent=context, info_name=name), (*path, name))
        else:
            yield (*path, name)


SAME = {
    ("versions", "add"): ("models", "versions"),
    ("versions", "list"): ("models", "versions"),
    ("login",): ("sign-in",),
}
EVERY = list(commands(cli, click.Context(cli, info_name="syndic")))


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_the_help_ends_with_an_example_that_is_taken(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*path, "--help"]) == 0
    help_text = " ".join(capsys.readouterr().out.split())
    assert help_text.count("Example:") == 1
    line = help_text.partition("Example: ")[2].partition(" > ")[0]
    words = shlex.split(line.removeprefix("export SYNDIC_TOKEN=$(").removesuffix(")"))
    assert tuple(words[1 : 1 + len(path)]) == SAME.get(path, path)
    for word in words:  # what it reads has to be there
        if Path(word).suffix in {".csv", ".json", ".parquet", ".yaml", ".zip"} and word[:1] != "-":
            Path(word).parent.mkdir(exist_ok=True)
            Path(word).touch()
    Path("config").mkdir(exist_ok=True)

    context, rest = cli.make_context("syndic", words[1:]), words[1:]
    command: click.Command = cli
    while isinstance(command, click.Group):
        _, below, rest = command.resolve_command(context, rest)
        assert below is not None
        context, command = below.make_context(words[1], list(rest), parent=context), below


def test_rows_of_any_document_are_comma_separated() -> None:
    report = {
        "verdict": "drift",
        "features": {"age": {"psi": 0.2, "at": {"low": 1}}, "=sum(A1)": {"psi": None, "at": {"low": "a,b"}}},
        "few": [{"x": 1}],
    }
    rows = list(csv.DictReader(io.StringIO(comma_separated(report))))

    assert rows == [
        {"name": "age", "psi": "0.2", "at.low": "1"},
        {"name": "'=sum(A1)", "psi": "", "at.low": "a,b"},
    ]
    assert comma_separated({"id": "a", "many": ["x", "y"]}).splitlines() == ["id,many", 'a,"[""x"", ""y""]"']
    assert comma_separated([{"a": 1}, {"b": True}]).splitlines() == ["a,b", "1,", ",true"]
    assert comma_separated({"models": []}).splitlines() == ["models", "[]"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["completion", shell]) == 0
    assert f"_SYNDIC_COMPLETE={shell}_complete" in capsys.readouterr().out
    monkeypatch.setenv("_SYNDIC_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "syndic models prom")
    monkeypatch.setenv("COMP_CWORD", "prom" if shell == "fish" else "2")
    assert run([]) == 0
    assert "promote" in capsys.readouterr().out
