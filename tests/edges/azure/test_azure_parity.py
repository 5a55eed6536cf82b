"""Every case that a queue or a schedule starts does the same on both clouds, delivered once and delivered again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.edges.azure.azure_cases import ROOT, stage
from tests.edges.azure.outcomes import outcome_of
from tests.edges.conftest import Context
from tests.edges.test_events import CASES, EVENTS, Wire, names, run

# What only AWS has; and the sequencer, which Azure does not need: there who appends sequences.
CONTROL_PLANE = {
    "api",
    "audit",
    "reports",
    "rollouts",
    "erasure",
    "mirror",
    "registries",
}
TIMERS = {"discovery": "discovery", "compliance": "compliance_daily", "alerting": "alerting_digest"}
OF_SAGEMAKER = {"discovery/endpoint_changed"}
"""What only AWS is told."""

SHARED = [
    path
    for path in CASES
    if names(path) not in OF_SAGEMAKER
    and path.parent.name not in CONTROL_PLANE
    and {"messages", "schedule"} & set(json.loads(path.read_text()))
]
TIMES = 2


def envelope(message: Any) -> str:
    """A queue's message as our own bus writes it on Azure. Text is the body itself, hostile as it may be."""
    if isinstance(message, str):
        return message
    kind = message.get("type", "Unknown") if isinstance(message, dict) else "Unknown"
    return json.dumps({"source": "syndic", "detail-type": kind, "detail": message})


def call_of(path: Path) -> dict[str, Any]:
    case = json.loads(path.read_text())
    call = {"world": case["world"], "times": TIMES}
    if "messages" in case:
        return call | {"function": path.parent.name, "bodies": [envelope(message) for message in case["messages"]]}
    return call | {"function": TIMERS[path.parent.name]}


HOSTILE = json.loads((EVENTS / "drift" / "hostile_bodies.json").read_text())["messages"]
PARTS = {"world": "governed", "times": 1, "function": "windows", "bodies": [envelope(one) for one in HOSTILE]}

RELAYED = {"world": "listed", "times": 2, "function": "registries"}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the deployed layout of the app did with each case, in one process of its own."""
    folder = stage(ROOT / "azure_functions", tmp_path_factory.mktemp("app"))
    process = subprocess.run(
        [sys.executable, "-m", "tests.edges.azure.azure_cases", str(folder)],
        cwd=ROOT,
        input=json.dumps([*map(call_of, SHARED), PARTS, RELAYED]),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-4000:]
    answer: dict[str, Any] = json.loads(process.stdout)
    assert Path(answer["where"]).is_relative_to(folder), "the app must be imported from its deployed folder"
    if sys.version_info >= (3, 13):
        assert answer["runtime"] == "azure-functions-runtime"
    return dict(zip([*map(names, SHARED), "windows", "relayed"], answer["results"], strict=True))


@pytest.mark.parametrize("path", SHARED, ids=names)
def test_both_clouds_do_the_same(path: Path, azure: dict[str, Any], wire: Wire, context: Context) -> None:
    case = json.loads(path.read_text())
    world = wire(case["world"])
    answers = [run(path, case, context) for _ in range(TIMES)]
    on_aws, on_azure = outcome_of(world), azure[names(path)]

    for part in ("stored", "trail", "archived", "published", "counted", "mails"):
        assert on_azure[part] == on_aws[part], part
    if "messages" in case:
        assert on_azure["failed"] == answers
        assert on_azure["failed"][0] == case["expect"]["failed"]
    else:
        assert on_azure["failed"] == [[], []]
        assert on_azure["told"] == answers


def test_only_the_map_of_large_windows_is_called_otherwise() -> None:
    """On Azure its parts are messages of the windows queue, which has its own tests."""
    others = {names(path) for path in CASES if path.parent.name not in CONTROL_PLANE} - set(map(names, SHARED))

    assert others == {"counter/large_window_part", "counter/large_window_merge", *OF_SAGEMAKER}


def test_hostile_bodies_in_the_windows_queue_fail_alone_and_leave_nothing(azure: dict[str, Any]) -> None:
    assert azure["windows"]["failed"] == [list(range(len(HOSTILE)))]
    assert azure["windows"]["published"] == azure["windows"]["counted"] == []


def test_azure_relays_the_registries_that_only_it_can_read(azure: dict[str, Any]) -> None:
    relayed = azure["relayed"]
    kept = [body for key, body in relayed["stored"].items() if key.startswith("registry.foreign version.")]
    assert sorted((body["version"] or {}).get("version", "") for body in kept) == ["", "7"]
    counted = [[name, value] for name, value, _ in relayed["counted"] if name.startswith(("Registries", "Versions"))]
    once = [["RegistriesRead", 1], ["VersionsRelayed", 2], ["VersionsTold", 0]]
    assert counted == [*once, ["RegistriesRead", 1], ["VersionsRelayed", 0], ["VersionsTold", 0]]
    assert relayed["failed"] == [[], []]


def test_every_concern_of_azure_has_cases() -> None:
    assert {path.parent.name for path in SHARED} == {
        "alerting", "bias", "compliance", "counter", "discovery", "drift", "quality",
    }  # fmt: skip
