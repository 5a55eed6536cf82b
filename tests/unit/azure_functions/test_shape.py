"""The house's rules about edges, counted on the Azure side, and what the bindings must say."""

from __future__ import annotations

import ast
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from azure_functions.logs import JsonLines, count, tell
from azure_functions.schedules import timer_schedule
from azure_functions.wiring import AzureWiring
from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.settings import AzureSettings, read_settings
from syndic.tasks import alerting
from tests.contract.clouds import AZURITE_KEY
from tests.edges.azure.azure_settings import (
    bindings,
    connections,
    settings_in_bindings,
    settings_known,
    settings_needed,
)

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "azure_functions"
CONCERNS = ("alerting", "bias", "compliance", "discovery", "drift", "gateway", "quality")
TRIGGERS = bindings()
HOST = json.loads((FOLDER / "host.json").read_text())
EXAMPLE = json.loads((FOLDER / "local.settings.example.json").read_text())["Values"]


@pytest.mark.parametrize("concern", CONCERNS)
def test_a_function_takes_its_envelope_off_calls_once_and_returns(concern: str) -> None:
    text = (FOLDER / f"{concern}.py").read_text()
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]

    assert len(text.splitlines()) <= (60 if concern == "gateway" else 40)  # which has four, each as small
    assert functions
    for node in functions:
        assert len([one for one in node.body if not isinstance(one, ast.Expr | ast.Constant)]) <= 10
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try | ast.For | ast.While | ast.If)]


def test_every_concern_has_its_queue_and_parts_of_windows_have_theirs() -> None:
    queues = {name: one["queueName"] for name, one in TRIGGERS.items() if one["type"] == "queueTrigger"}

    assert queues == {
        **{
            name: f"syndic-{name}"
            for name in ("counter", "drift", "windows", "quality", "bias", "compliance", "alerting")
        },
        "discovery_page": "syndic-discovery",
        "gateway_records": "syndic-predictions",
    }
    assert connections() == {"SyndicStorage"}


def test_whoever_asks_for_a_prediction_names_a_key() -> None:
    routes = {name: one for name, one in TRIGGERS.items() if one["type"] == "httpTrigger"}

    assert {one["route"] for one in routes.values()} == {
        f"v1/gateway/{{model}}/{verb}" for verb in ("health", "model-info", "predict")
    }
    assert {str(one["authLevel"]).lower() for one in routes.values()} == {"function"}


def test_timers_are_monitored_and_never_fire_because_an_instance_started() -> None:
    timers = {name: one for name, one in TRIGGERS.items() if one["type"] == "timerTrigger"}

    assert set(timers) == {"discovery", "registries", "compliance_daily", "alerting_digest"}
    for timer in timers.values():
        assert timer["useMonitor"] is True
        assert not timer.get("runOnStartup")


def test_every_schedule_is_one_of_the_hosts_and_no_timer_fires_every_minute() -> None:
    """A schedule of less than a minute is not monitored; the example's are what a deployment begins with."""
    from datetime import UTC, datetime, timedelta

    for trigger in TRIGGERS.values():
        if trigger["type"] == "timerTrigger":
            schedule = timer_schedule(trigger["schedule"], EXAMPLE)
            first = schedule.next_after(datetime(2026, 3, 4, tzinfo=UTC))
            assert schedule.next_after(first) - first > timedelta(minutes=1)


def test_every_setting_in_a_binding_is_known_and_set_in_the_example() -> None:
    assert settings_in_bindings() == {
        "SYNDIC_DISCOVERY_SCHEDULE",
        "SYNDIC_COMPLIANCE_SCHEDULE",
        "SYNDIC_REGISTRIES_SCHEDULE",
        "SYNDIC_ALERTING_SCHEDULE",
    }
    identity = {name for name in settings_needed() if name.startswith("SyndicStorage__")} | {"SYNDIC_CLIENT_ID"}
    assert settings_needed() - identity <= set(EXAMPLE)  # the emulator has no identity, but connection strings
    assert set(EXAMPLE) <= settings_known() | {"AzureWebJobsStorage"}


def test_the_example_reads_as_settings_and_holds_no_key_but_the_emulators() -> None:
    settings = read_settings(AzureSettings, EXAMPLE)
    keys = {
        key for value in EXAMPLE.values() for key in re.findall(r"AccountKey=([^;]*)|SharedAccess\w*=([^;]*)", value)
    }

    assert settings.storage_connection == EXAMPLE["SyndicStorage"]
    assert keys == {(AZURITE_KEY, "")}


def test_a_message_is_held_back_tried_five_times_and_read_as_the_bus_writes_it() -> None:
    queues = HOST["extensions"]["queues"]

    assert queues["maxDequeueCount"] == 5
    assert queues["messageEncoding"] == "base64"
    assert queues["visibilityTimeout"] == "00:05:00"


def test_counts_are_never_sampled_away() -> None:
    """A metric is a trace: a sample of traces would count too few."""
    sampling = HOST["logging"]["applicationInsights"]["samplingSettings"]

    assert "Trace" in sampling["excludedTypes"].split(";")


@pytest.mark.parametrize("concern", ["discovery", "compliance", "alerting"])
def test_concerns_without_statistics_load_none_and_no_adapter(concern: str) -> None:
    heavy = ("numpy", "scipy", "pandas", "pyarrow", "syndic.adapters", "azure.data", "azure.storage", "azure.identity")
    code = f"import sys, azure_functions.{concern}; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": "shared:."},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == "[]"


def test_azure_sends_no_mail_and_asks_for_no_sender() -> None:
    wiring = AzureWiring(read_settings(AzureSettings, EXAMPLE))
    vars(wiring).update(store=MemoryStore(), bus=MemoryBus())  # what is untold is told first

    outcome = alerting.digest(wiring)

    assert wiring.notifier is None
    assert outcome == {"sent": 0, "reason": "AWS sends all mail"}


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is logged, as the worker's handler gets it."""
    written: list[dict[str, Any]] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    keeper = Keeper()
    keeper.setFormatter(JsonLines())
    logger = logging.getLogger("syndic")
    logger.addHandler(keeper)
    level = logger.level
    logger.setLevel(logging.INFO)  # which also forgets what was found out by the level before
    yield written
    logger.setLevel(level)
    logger.removeHandler(keeper)


def test_a_count_is_one_line_with_its_name_value_and_dimensions(lines: list[dict[str, Any]]) -> None:
    count("WindowsChecked", 2, check="drift", verdict="no_drift")

    assert [{key: line[key] for key in ("metric", "value", "check", "verdict")} for line in lines] == [
        {"metric": "WindowsChecked", "value": 2, "check": "drift", "verdict": "no_drift"}
    ]


def test_what_a_timer_did_and_an_exception_are_lines_of_json(lines: list[dict[str, Any]]) -> None:
    tell("discovery finished", {"requested": 3})
    try:
        int("broken\nline")
    except ValueError:
        logging.getLogger("syndic.test").exception("check failed", extra={"at": Path("x")})

    assert (lines[0]["message"], lines[0]["outcome"]) == ("discovery finished", {"requested": 3})
    assert lines[1]["level"] == "ERROR"
    assert "ValueError: invalid literal" in lines[1]["exception"]
