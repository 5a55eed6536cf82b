"""The one table from what was found to the exit code, and what it means for drift."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
import pytest

from syndic.assessment import State
from syndic.bias.models import Verdict as BiasVerdict
from syndic.cli.shell.frame import cli, run
from syndic.cli.shell.outcomes import CODES, ExitCode, code_of, headline
from syndic.drift.models import Verdict as DriftVerdict
from syndic.quality.models import Verdict as QualityVerdict


@pytest.mark.parametrize(
    ("command", "outcomes"),
    [("drift", DriftVerdict), ("bias", BiasVerdict), ("quality", QualityVerdict), ("compliance", State)],
)
def test_every_verdict_has_its_line(command: str, outcomes: type) -> None:
    assert {outcome.value for outcome in outcomes} <= CODES[command].keys()


@pytest.mark.parametrize("command", CODES)
def test_a_finding_is_before_cannot_tell_and_both_before_nothing(command: str) -> None:
    for length in (1, 2, 3):
        for outcomes in itertools.product(CODES[command], repeat=length):
            codes = {CODES[command][outcome] for outcome in outcomes}
            expected = min(codes, key=[ExitCode.FINDING, ExitCode.CANNOT_TELL, ExitCode.NOTHING_FOUND].index)
            assert code_of(command, outcomes) == expected
            allowed = ExitCode.NOTHING_FOUND if expected is ExitCode.CANNOT_TELL else expected
            assert code_of(command, outcomes, allow_inconclusive=True) == allowed


def test_what_the_table_does_not_know_and_nothing_at_all_is_no_pass() -> None:
    assert code_of("drift", ["no_drift", "an invention"]) is ExitCode.CANNOT_TELL
    assert code_of("compliance", []) is ExitCode.CANNOT_TELL


def test_the_first_words_say_the_outcome() -> None:
    assert headline("drift", "drift", "x moved") == "DRIFT  x moved"
    assert headline("drift", "no_drift", "calm", unjudged=["a"]) == (
        "CANNOT TELL  not judged, though asked for: a; calm"
    )
    assert headline("bias", "inconclusive", "few").startswith("INCONCLUSIVE, CANNOT TELL  ")
    assert headline("bias", "difference_under_threshold", "small", review="") == (
        "DIFFERENCE UNDER THRESHOLD, REVIEW  small"
    )
    assert headline("drift", "no_drift", "calm", review="y") == "NO DRIFT, REVIEW  y; calm"


def test_only_checks_have_the_option_and_nothing_opens_the_gate() -> None:
    with click.Context(cli) as context:
        having = {
            name
            for name in cli.list_commands(context)
            if (command := cli.get_command(context, name)) is not None
            and any("--allow-inconclusive" in option.opts for option in command.params)
        }
    assert having == {"drift", "quality", "performance", "bias"}
    assert run(["gate", "credit", "--allow-inconclusive"]) == ExitCode.BAD_INPUT


@pytest.mark.parametrize("command", [["drift"], ["quality"], ["bias"], ["gate"], ["compliance", "check"]])
def test_the_help_says_what_each_code_means(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for words in ("Exit code 0: ", " 1: ", " 2: ", " 3: "):
        assert words in said


# --- drift: the wrong file never passes ----------------------------------------------------------------

Drift = Callable[..., int]


@pytest.fixture
def drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Drift:
    """Compare an unchanged file after something was done to it; gives the code, and keeps what was said."""
    random = np.random.default_rng(14)

    def compared(change: Callable[[dict[str, list[str]]], None], *options: str, starts: str = "") -> int:
        paths = []
        for name, size in (("before", 1_000), ("now", 500)):
            columns = {
                "amount": [f"{x:.3f}" for x in random.normal(size=size)],
                "city": [str(x) for x in random.choice(["Ulm", "Bern", "Köln"], size)],
                "id": [str(x) for x in range(50_000, 50_000 + size)],
                "day": [f"2026-0{1 + x % 9}-{1 + x % 28:02d}" for x in range(size)],
            }
            if name == "now":
                change(columns)
            lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text("\n".join(lines), "utf-8")
        code = run(["drift", "--baseline", str(paths[0]), "--current", str(paths[1]), *options])
        assert capsys.readouterr().out.startswith(starts)
        return code

    return compared


def nothing(columns: dict[str, list[str]]) -> None: ...


def test_identifiers_and_dates_do_not_count(drift: Drift) -> None:
    assert drift(nothing, starts="NO DRIFT  ") == 0
    assert drift(lambda columns: columns.pop("id") and None, starts="NO DRIFT  ") == 0


@pytest.mark.parametrize("lost", ["amount", "city"])
def test_a_lost_column_cannot_tell(lost: str, drift: Drift) -> None:
    def lose(columns: dict[str, list[str]]) -> None:
        columns.pop(lost)

    assert drift(lose, starts=f"CANNOT TELL  not judged, though asked for: {lost}; ") == 3
    assert drift(lose, "--allow-inconclusive", starts="CANNOT TELL  ") == 0
    assert drift(lose, "--ignore", lost, starts="NO DRIFT  ") == 0


def test_another_table_cannot_tell(drift: Drift) -> None:
    def other(columns: dict[str, list[str]]) -> None:
        for name in list(columns):
            columns[f"other_{name}"] = columns.pop(name)

    assert drift(other, starts="NOT COMPARABLE, CANNOT TELL  ") == 3


def test_a_finding_beside_a_lost_column_is_a_finding(drift: Drift) -> None:
    def both(columns: dict[str, list[str]]) -> None:
        columns.pop("city")
        columns["amount"] = [str(float(x) + 5) for x in columns["amount"]]

    assert drift(both, "--allow-inconclusive", starts="DRIFT  ") == 1


def test_a_column_that_only_the_policy_names_cannot_tell(drift: Drift, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("rules: {amonut: {psi_threshold: 0.2}}", "utf-8")
    assert drift(nothing, "--policy", str(policy), starts="CANNOT TELL  not judged, though asked for: amonut; ") == 3


BAD: dict[str, bytes | None] = {
    "no such file": None,
    "empty": b"",
    "white space": b"\n \n",
    "a header alone": b"v,g\n",
    "values for names": b"1.5,a\n2.5,a\n3.5,a\n",
    "a short row": b"v,g\n1,a\n2\n",
    "a name twice": b"v,v\n1,2\n",
    "both decimal marks": b'v;g\n"1,5";a\n1.25;a\n',
    "Latin-1": "v,g\n1,\u00e9\n".encode("latin-1"),
    "cut gzip": b"\x1f\x8b\x08\x00\x00\x00",
    "cut Parquet": b"PAR1\x00\x00",
    "cut JSON": b'[{"v": 1},',
    "a name twice in JSON": b'[{"v": 1, "v": 2}]',
}


@pytest.mark.parametrize("command", ["drift", "quality", "bias"])
@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_2_with_one_sentence_that_names_the_file(
    command: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("v,g\n" + "".join(f"{place},a\n" for place in range(300)))
    if (content := BAD[kind]) is not None:
        bad.write_bytes(content)
    for allowed in ((), ("--allow-inconclusive",)):
        files = ["--data", str(bad), "--prediction", "v", "--favourable", "1", "--protected", "g"]
        files = files if command == "bias" else ["--baseline", str(good), "--current", str(bad)]
        assert run([command, *files, *allowed]) == 2
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", 1)
        assert "bad.csv" in told.err
