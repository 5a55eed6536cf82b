"""Whoever reads the output, or does not: a command under a shell ends with the code of what it found."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from syndic.cli.shell.commands import COMMANDS
from syndic.cli.shell.frame import run

ROOT = Path(__file__).resolve().parents[3]
MODEL = "credit"

# Every group of commands, with what it finds: the code, and the arguments. {} is the folder of `folder`.
FOUND: dict[str, tuple[int, str]] = {
    "performance": (2, "performance --reference {}/none.csv --current {}/none.csv --label a --prediction b"),
    "drift": (1, "drift --baseline {}/before.csv --current {}/moved.csv"),
    "drift that cannot tell": (3, "drift --baseline {}/before.csv --current {}/few.csv"),
    "quality": (1, "quality --baseline {}/before.csv --current {}/moved.csv"),
    "bias": (1, "bias --data {}/people.csv --prediction got --favourable 1 --protected sex"),
    "gate": (1, "gate credit --store {}/store"),
    "models promote": (1, "models promote credit 1 --stage staging --reason 'because of the test' --store {}/store"),
    "models that are not there": (2, "models show nobody --store {}/store"),
    "compliance": (1, "compliance check {}/evidence --framework soc2"),
    "audit": (1, f"audit verify {{}}/package.zip --sha256 {'0' * 64}"),
    "apply": (2, "apply -f {}/before.csv --api http://dashboard.example.com"),
    "onboard": (2, "onboard propose --api http://dashboard.example.com"),
    "sign-in": (2, "sign-in http://dashboard.example.com"),
    "login": (2, "login http://dashboard.example.com"),
    "baseline": (2, "baseline set {}/none.csv --out {}/baseline"),
    "keys": (2, "keys list --api http://dashboard.example.com"),
    "versions": (2, "versions list nobody --store {}/store"),
    "checks": (2, "checks ask credit --api http://dashboard.example.com"),
    "reports": (2, "reports list --api http://dashboard.example.com"),
    "exchange": (2, "exchange --api http://dashboard.example.com"),
    "completion": (2, "completion csh"),
    "alerts": (2, "alerts list --api http://dashboard.example.com"),
    **{
        name: (2, f"{name} list --api http://dashboard.example.com")
        for name in ("requests", "records", "erase", "training", "policies", "systems", "vendors")
    },
    "conformity": (2, "conformity show credit --api http://dashboard.example.com"),
    "plan": (2, "plan show credit --api http://dashboard.example.com"),
    "retention": (2, "retention show --api http://dashboard.example.com"),
    "calendar": (2, "calendar --api http://dashboard.example.com"),
    "incidents": (2, "incidents list --api http://dashboard.example.com"),
    "risks": (2, "risks list --api http://dashboard.example.com"),
    "trace": (2, "trace credit row --api http://dashboard.example.com"),
    "shadow": (2, "shadow credit --api http://dashboard.example.com"),
    "serve": (2, "serve credit --api http://dashboard.example.com"),
    "users": (2, "users list --api http://dashboard.example.com"),
    "doctor": (2, "doctor --azure {}/nowhere.json"),
    "verify-deployment": (2, "verify-deployment --outputs {}/nowhere.json"),
    "import": (1, "import mlflow {}/mlruns --store {}/imports --json"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files in which every command finds something."""
    place, random = tmp_path_factory.mktemp("found"), np.random.default_rng(20)
    before = random.normal(size=600)
    for name, values in (("before", before), ("moved", before + 4.0), ("few", before[:9])):
        (place / f"{name}.csv").write_text("x\n" + "\n".join(f"{value:.4f}" for value in values), "utf-8")
    people = ["f,0\n"] * 250 + ["f,1\n"] * 50 + ["m,0\n"] * 50 + ["m,1\n"] * 250
    (place / "people.csv").write_text("sex,got\n" + "".join(people), "utf-8")
    common = {"model_id": MODEL, "source": "q/1", "sha256": "5" * 64, "produced_at": "2026-11-21T09:00:00Z"}
    category = {"status": "passing", "summary": "in the engagement", "facts": {"processing_integrity": True}}
    evidence = [
        {"kind": "quality.performance", "status": "failing", "summary": "below its level", **common},
        {"kind": "classification.soc2", **category, **common},
    ]
    (place / "evidence").mkdir()
    (place / "evidence" / "found.json").write_text(json.dumps(evidence), "utf-8")
    run(["compliance", "evidence", str(place / "evidence"), "--framework", "soc2", "-o", str(place / "package.zip")])
    version = place / "mlruns" / "models" / MODEL / "version-1"
    version.mkdir(parents=True)
    (version.parent / "meta.yaml").write_text("name: credit\n", "utf-8")
    (version / "meta.yaml").write_text("version: [", "utf-8")
    local = ["--store", str(place / "store"), "--as", "ann"]
    run(["models", "register", MODEL, "--owner", "olga@example.org", *local])
    run(["models", "versions", "add", MODEL, "1", *local])
    return place


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line in bash that ends with the code of the first command of a pipe that failed."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("SYNDIC_")}
    environ["PYTHONPATH"] = f"{ROOT / 'shared'}{os.pathsep}{ROOT}"
    syndic = shlex.join([sys.executable, "-m", "syndic.cli"])
    script = f'set -o pipefail; syndic() {{ {syndic} "$@"; }}; {line}'
    return subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_every_group_of_commands_is_here() -> None:
    assert {arguments.split()[0] for _, arguments in FOUND.values()} == set(COMMANDS)


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_is_told_though_the_reader_has_left(name: str, folder: Path) -> None:
    code, arguments = FOUND[name]
    command = arguments.replace("{}", str(folder))
    done = shell(f"syndic {command} | true")
    assert (done.stdout, done.returncode) == ("", code)
    assert done.stderr.count("\n") == (code == 2)


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("2>&1 | true", 1),
        (">&- 2>&- <&-", 1),
        ("2>/dev/full >/dev/null", 1),
        (">/dev/full 2>/dev/full", 2),  # what was to be kept could not be
    ],
)
def test_a_refusal_is_never_a_pass_wherever_the_output_goes(where: str, code: int, folder: Path) -> None:
    assert shell(f"syndic gate credit --store {folder}/store {where}").returncode == code


@pytest.mark.parametrize("where", ["2>&1 | true", ">&- 2>&-", "2>/dev/full"])
def test_bad_input_is_two_wherever_the_output_goes(where: str, folder: Path) -> None:
    assert shell(f"syndic gate nobody --store {folder}/store {where}").returncode == 2


def test_nothing_found_stays_nothing_when_the_reader_leaves(folder: Path) -> None:
    done = shell(f"syndic models list --store {folder}/store | true")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_is_one_sentence(folder: Path) -> None:
    done = shell(f"syndic gate credit --store {folder}/store >/dev/full")
    assert done.stderr == "syndic: No space left on device\n"


def test_output_longer_than_a_pipe_holds_does_not_hide_the_finding(folder: Path) -> None:
    wide = folder / "wide.csv"
    names = [f"column_{place}" for place in range(150)]
    for name, shift in (("wide", 0), ("wider", 5)):
        rows = np.random.default_rng(5).normal(size=(250, 150)) + shift
        (folder / f"{name}.csv").write_text(
            ",".join(names) + "\n" + "\n".join(",".join(f"{x:.3f}" for x in row) for row in rows), "utf-8"
        )
    done = shell(f"syndic drift --baseline {wide} --current {folder}/wider.csv --format json | head -1")
    assert (done.stdout, done.returncode, done.stderr) == ("{\n", 1, "")


def test_a_slow_reader_of_a_pipe_that_does_not_wait_gets_all(folder: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command: Sequence[str] = [sys.executable, "-c", _LONG]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'shared'}{os.pathsep}{ROOT}"}
    with subprocess.Popen(command, stdout=writing, env=environ, cwd=folder) as process:
        os.close(writing)
        time.sleep(1.0)
        with os.fdopen(reading, "rb") as reader:
            assert len(reader.read()) == 300_001
    assert process.returncode == 0


_LONG = """
import sys, click
from syndic.cli.shell.streams import lasting_streams
with lasting_streams():
    click.echo("x" * 300_000)
"""
