"""`syndic checks`, `syndic reports` and what other commands print in other forms, against the API of this process."""

from __future__ import annotations

import csv
import http.server
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from syndic.cli.shell.frame import run
from syndic.cli.work import checks, reports
from syndic.models import to_json
from syndic.tasks import counter, drift
from syndic.tasks import reports as building
from tests.edges.envelopes import bridge_event
from tests.edges.world import MODEL, World

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def world(wire: Callable[[str], World], reached_by_commands: None) -> World:
    return wire("checked")


@pytest.fixture
def files(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Serves what the archive gives links to."""

    class Archive(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = world.archive.get(self.path[1:])
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Archive)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(
        world.archive, "link", lambda name, seconds=300: f"http://127.0.0.1:{server.server_port}/{name}"
    )
    yield
    server.shutdown()
    server.server_close()


def syndic(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    got = run(list(words))
    printed, err = capsys.readouterr()
    assert got == code, (printed, err)
    return "".join(line for line in printed.splitlines(keepends=True) if not line.startswith('{"_aws"'))


def deliver(world: World, kind: str, take: Callable[[str, World], None]) -> None:
    for event in world.bus.of(kind):
        take(json.dumps(bridge_event(to_json(event))), world)
    world.bus.published.clear()


def test_a_report_is_waited_for_and_kept(
    world: World, files: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = SimpleNamespace(sleep=lambda _: deliver(world, "ReportRequested", building.take))
    monkeypatch.setattr(reports, "time", idle)
    world.bus.published.clear()
    wanted = ("--framework", "soc2", "--model", MODEL, "--as", "json")
    said = syndic(capsys, "reports", "ask", *wanted, "-o", str(tmp_path / "r"))
    listed = syndic(capsys, "reports", "list")
    late = run(["reports", "ask", "--as", "csv", "-o", str(tmp_path / "late"), "--wait", "0"])

    assert "bytes, sha256" in said
    assert json.loads((tmp_path / "r").read_text())
    assert "done" in listed
    assert late == 3
    assert not (tmp_path / "late").exists()


def test_checks_are_asked_for_and_waited_for(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(_: float) -> None:
        for event in list(world.bus.of("CountRequested")):
            counter.take(json.dumps(bridge_event(to_json(event))), world)
        deliver(world, "WindowCounted", drift.take)

    monkeypatch.setattr(checks, "time", SimpleNamespace(sleep=work))
    world.bus.published.clear()
    world.moment = world.moment.replace(hour=7)
    said = syndic(capsys, "checks", "ask", MODEL, "--check", "drift", "--force", "--wait", "20")
    asked = syndic(capsys, "checks", "ask", MODEL, "--check", "bias", "--json")

    assert "drift  new" in said
    assert "PSI" in said
    assert json.loads(asked)["asked"]["requested"][0]["check"] == "bias"


def test_lists_come_as_comma_separated_values_and_lineage_as_a_table(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    syndic(capsys, "versions", "add", MODEL, "7", "--metric", "auc=0.9", "--commit", "4f1c", "--rows", "10")
    models = list(csv.DictReader(io.StringIO(syndic(capsys, "models", "list", "--format", "csv"))))
    versions = list(csv.DictReader(io.StringIO(syndic(capsys, "versions", "list", MODEL, "--format", "csv"))))
    lineage = syndic(capsys, "models", "lineage", MODEL, "7", "--format", "table")

    assert [(one["id"], one["endpoint.name"]) for one in models] == [(MODEL, "credit")]
    assert [(one["version"], one["metrics.auc"]) for one in versions] == [("7", "0.9")]
    assert "4f1c" in lineage
    assert "gap" in lineage
