"""The frame of the command line: exit codes, one sentence for each error, commands imported only when needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

import syndic
from syndic.cli.shell import commands
from syndic.cli.shell.commands import COMMANDS, Entry
from syndic.cli.shell.frame import run
from syndic.cli.shell.options import declared_kinds, read_schema
from syndic.cli.shell.outcomes import ExitCode
from syndic.cli.shell.tables import figure, table
from syndic.errors import InvalidInputError, NotFoundError, UnavailableError
from syndic.models import ColumnKind

SYNDIC = [sys.executable, "-m", "syndic.cli"]


@click.command()
@click.argument("how")
@click.pass_context
def probe(context: click.Context, how: str) -> int | None:
    """Ends in the way it is told."""
    errors: dict[str, BaseException] = {
        "input": InvalidInputError("text where a number is expected", where="a.csv", line=3, column="'age'"),
        "lines": NotFoundError("one\n  two"),
        "down": UnavailableError("the store did not answer"),
        "usage": click.BadParameter("too large", param_hint="--top"),
        "file": FileNotFoundError(2, "No such file or directory", "x.csv"),
        "memory": MemoryError(),
        "bug": KeyError("missing"),
        "interrupt": KeyboardInterrupt(),
        "abort": click.Abort(),
    }
    if how in errors:
        raise errors[how]
    if how == "exit":
        context.exit(1)
    return {"finding": 1, "nothing": 0}.get(how)


@pytest.fixture(autouse=True)
def _with_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "probe", Entry("tests.unit.cli.test_frame:probe", "For tests."))
    monkeypatch.setattr(
        commands, "import_module", lambda name: sys.modules[__name__] if "test_frame" in name else 1 / 0
    )


@pytest.mark.parametrize(
    ("how", "code", "sentence"),
    [
        ("nothing", 0, ""),
        ("none", 0, ""),
        ("finding", 1, ""),
        ("exit", 1, ""),
        ("input", 2, "syndic: a.csv, line 3, column 'age': text where a number is expected\n"),
        ("lines", 2, "syndic: one two\n"),
        ("down", 3, "syndic: the store did not answer\n"),
        ("usage", 2, "syndic: Invalid value for --top: too large (see syndic probe --help)\n"),
        ("file", 2, "syndic: x.csv: No such file or directory\n"),
        ("memory", 2, "syndic: the data does not fit into this machine's memory\n"),
        ("interrupt", 130, ""),
        ("abort", 130, ""),
    ],
)
def test_every_end_has_its_code_and_at_most_one_sentence(
    how: str, code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["probe", how]) == code
    assert capsys.readouterr() == ("", sentence)


def test_an_error_of_our_own_is_no_finding_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "bug"]) == ExitCode.OWN_ERROR
    said = capsys.readouterr().err
    assert said.startswith(
        "syndic: an error of Syndic's own, please report it: KeyError: 'missing' (test_frame.py, line "
    )
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nope"], "syndic: No such command 'nope' (see syndic --help)\n"),
        (["probbe"], "syndic: No such command 'probbe'. Did you mean 'probe'? (see syndic --help)\n"),
        (["--nope"], "syndic: No such option '--nope' (see syndic --help)\n"),
        (["probe"], "syndic: Missing argument 'HOW' (see syndic probe --help)\n"),
        (["probe", "a", "b"], "syndic: Got unexpected extra argument (b) (see syndic probe --help)\n"),
    ],
)
def test_wrong_use_is_one_sentence(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == ExitCode.BAD_INPUT
    assert capsys.readouterr() == ("", sentence)


def test_help_lists_the_commands_without_importing_them(capsys: pytest.CaptureFixture[str]) -> None:
    # The fixture makes every import but the probe's fail.
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "drift" in shown
    assert "Exit codes" in shown
    assert run([]) == ExitCode.BAD_INPUT
    assert "Usage: syndic" in capsys.readouterr().err


def test_every_listed_command_is_there() -> None:
    for entry in COMMANDS.values():
        module, _, attribute = entry.target.partition(":")
        __import__(module)
        assert isinstance(getattr(sys.modules[module], attribute), click.Command)
        assert entry.summary.endswith(".")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"syndic, version {syndic.__version__}\n"


def _environment() -> dict[str, str]:
    root = Path(__file__).resolve().parents[3]
    return {**os.environ, "PYTHONPATH": f"{root / 'shared'}{os.pathsep}{root}"}


def test_help_needs_no_heavy_module() -> None:
    code = (
        "import sys; from syndic.cli.shell.frame import run; run(['--help']);"
        "sys.exit(', '.join({'numpy', 'pyarrow', 'scipy', 'pandas', 'boto3'} & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=_environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*SYNDIC, "--help"], env=_environment(), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_control_c_is_quiet(tmp_path: Path) -> None:
    fifo = tmp_path / "never.csv"
    os.mkfifo(fifo)  # opening it waits for a writer
    # Whoever runs the tests in the background has the interrupt ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*SYNDIC, "drift", "--baseline", str(fifo), "--current", str(fifo)],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGINT, before)
    writer = os.open(fifo, os.O_WRONLY)  # returns when the command has opened it for reading
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    os.close(writer)
    assert (process.returncode, out, err) == (130, "", "")


# --- options and tables --------------------------------------------------------------------------------


def test_a_column_has_one_kind() -> None:
    assert declared_kinds(("a",), ("b",)) == {"a": ColumnKind.NUMERIC, "b": ColumnKind.CATEGORICAL}
    with pytest.raises(InvalidInputError, match="'a' cannot be numeric and categorical"):
        declared_kinds(("a",), ("a",))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{\n,", r"s\.json, line 2: not JSON"),
        (b"\xff", r"s\.json: not UTF-8 text"),
        (b"{}", r"s\.json: inputs: Field required"),
        (b'{"inputs":[{"name":"a","kind":"number"}]}', r"s\.json: inputs\.0\.kind: "),
    ],
)
def test_a_wrong_schema_names_its_field(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=sentence):
        read_schema(path)
    assert read_schema(None) is None


def test_a_table_lines_up_and_wraps_its_last_column() -> None:
    shown = table(
        ["feature", "psi", "reason"],
        [["車の価値", "1.700", "word " * 20], ["tenure\x1b[31m", "0.010", ""]],
        right="lr",
        width=60,
    )
    lines = shown.splitlines()
    assert lines[0].split() == ["feature", "psi", "reason"]
    assert lines[2].startswith("車の価値     1.700  word")
    assert max(map(len, lines)) <= 60
    assert "\x1b" not in shown
    assert sum(line.count("word") for line in lines) == 20


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), (float("nan"), "-"), (0.0, "0.000"), (0.25, "0.250"), (1.2e-5, "1.2e-05"), (-3.14159, "-3.142")],
)
def test_figures(value: float | None, shown: str) -> None:
    assert figure(value) == shown
