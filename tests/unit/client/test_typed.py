"""A program that uses the installed client is checked by its types; what would fail when it runs is found before."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.proof import ALL

ROOT = Path(__file__).parents[3]

PROGRAM = """
import asyncio
import datetime as dt

from syndic_client import AsyncGovernanceClient, GovernanceClient, Retries
from syndic_client.errors import ApiError, GateRefusedError
from syndic_client.schemas import CaptureSchema, ColumnKind, ColumnSpec, DriftPolicy, RiskLevel, Severity, TimeWindow


def nightly(client: GovernanceClient, trained: object) -> list[str]:
    worst: list[str] = []
    for model in client.models.list(risk="high"):
        report = client.drift.get_metrics(model)
        if report.severity == Severity.CRITICAL and report.window is not None:
            worst.append(f"{model.name} {report.window.start:%Y-%m-%d} {report.features['amount'].effect or 0:.2f}")
        policy: DriftPolicy = client.drift.get_policy(model.id)
        client.drift.set_policy(model, policy.with_changes(psi_threshold=0.2))
    found = client.models.register(name="Credit", risk_level=RiskLevel.HIGH, protected_attributes=["age"])
    start = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
    window = TimeWindow(start=start, end=start + dt.timedelta(days=1))
    client.drift.set_baseline(found, window=window)
    version = client.registry.register(trained, model=found, version="7", metrics={"auc": 0.9})
    try:
        client.registry.promote(found, version, stage="production", reason="release")
    except GateRefusedError as refused:
        worst += [one.problem for one in refused.errors]
    except ApiError as error:
        worst.append(error.code)
    return worst


def outside(client: GovernanceClient) -> str:
    columns = CaptureSchema(inputs=(ColumnSpec(name="amount", kind=ColumnKind.NUMERIC),))
    model = client.models.register(name="On premises", capture_schema=columns)
    kept = client.models.capture(model, [{"inputs": {"amount": 9}}], version="7")
    client.models.add_labels(model, {"900": True}, label_delay_days=30)
    return client.models.upload(model, b"amount\\n9\\n", kind="baseline", suffix="csv") + str(kept.rows)


async def alerts(client: AsyncGovernanceClient) -> list[str]:
    first = await client.alerts.list(state="open").first()
    return [alert.title async for alert in client.alerts.list()] + ([] if first is None else [first.id])


client = GovernanceClient("https://syndic.example.org", token=lambda: "t", retries=Retries(attempts=2))
"""
WRONG = """
client.models.register(nmae="Credit")
client.models.register(owner="olga@example.org")
client.models.get(7)
client.drift.get_metrics("m").verdit
client.registry.promote("m", "7", stage="production")
asyncio.run(alerts(client))
number: int = client.models.list()
"""


def expect_the_wrong_lines(python: Path | str, folder: Path) -> None:
    """Hold what mypy finds in the program with an interpreter's packages against the lines that are wrong."""
    path = folder / "program.py"
    path.write_text(PROGRAM + WRONG, "utf-8")
    own = ("--strict", "--config-file", "", "--cache-dir", str(folder / "cache"))
    command = [str(python), "-m", "mypy", *own, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stdout
    lines = {int(found) for found in re.findall(r"program\.py:(\d+): error", said)}
    right, wrong = PROGRAM.count("\n") + 1, WRONG.strip().count("\n") + 1

    assert lines == set(range(right + 1, right + wrong + 1)), said


def test_a_users_program_is_checked(tmp_path: Path) -> None:
    expect_the_wrong_lines(sys.executable, tmp_path)


@pytest.mark.skipif(not ALL, reason="installs packages: make proof")
def test_a_users_program_is_checked_against_the_installed_wheel(tmp_path: Path) -> None:
    """In an environment that has the wheel and nothing else of ours, as whoever installs it."""
    uv, root, python = ROOT / "build" / "tools" / "bin" / "uv", tmp_path / "env", tmp_path / "env" / "bin" / "python"

    def run(*command: object) -> None:
        subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, cwd=tmp_path)

    run(uv, "build", "-q", "--wheel", "--package", "syndic-client", "--out-dir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("syndic_client-*.whl")
    run(uv, "venv", "-q", "--python", sys.executable, root)
    run(uv, "pip", "install", "-q", "--python", python, wheel, f"mypy=={version('mypy')}")
    there = subprocess.run([python, "-c", "import syndic_client; print(syndic_client.__file__)"], capture_output=True,
                           text=True, check=True, cwd=tmp_path)  # fmt: skip
    assert there.stdout.startswith(str(root)), "it is the wheel's"

    expect_the_wrong_lines(python, tmp_path)
