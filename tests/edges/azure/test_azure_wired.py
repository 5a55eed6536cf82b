"""The deployed layout of the app, its own wiring, and Azurite: a message in, records and messages out."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueClient, QueueServiceClient

from azure_functions.wiring import AzureWiring
from syndic.adapters.azure.queues import PREDICTIONS, QUEUES
from syndic.adapters.memory import MemoryBus, MemoryCaptures
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.queries import statuses_of
from syndic.discovery.discover import discover_models
from syndic.models import BaselineRequested, EvidenceChanged, TimeWindow
from syndic.settings import AzureSettings, read_settings
from tests.contract.clouds import azurite
from tests.edges.azure.azure_cases import ROOT, stage
from tests.edges.azure.test_azure_host import Running
from tests.edges.world import MODEL, NOW, QUIET, found

SCHEDULES = {
    f"SYNDIC_{name}_SCHEDULE": "0 0 0 29 2 *" for name in ("DISCOVERY", "REGISTRIES", "COMPLIANCE", "ALERTING")
}


def settings_of(connection: str) -> dict[str, str]:
    return {
        "SyndicStorage": connection,
        "SYNDIC_STORAGE_ACCOUNT": "devstoreaccount1",
        "SYNDIC_STORAGE_CONNECTION": connection,
        "SYNDIC_TABLE_NAME": "syndicrecords",
        "SYNDIC_ARCHIVE_CONTAINER": "syndic-archive",
        "SYNDIC_ML_WORKSPACES": "00000000-0000-0000-0000-000000000000/models/credit",
        "AzureFunctionsJobHost__extensions__queues__visibilityTimeout": "00:00:00",
        **SCHEDULES,
    }


def provide(connection: str) -> None:
    """What the template makes in Azure."""
    with TableServiceClient.from_connection_string(connection) as tables:
        tables.create_table("syndicrecords")
    with BlobServiceClient.from_connection_string(connection) as blobs:
        blobs.create_container("syndic-archive")
    with QueueServiceClient.from_connection_string(connection) as queues:
        for name in QUEUES:
            queues.create_queue(name)


@pytest.mark.emulator
def test_messages_become_records_and_messages_in_the_emulated_account(tmp_path: Path) -> None:
    folder = stage(ROOT / "azure_functions", tmp_path / "app")
    with azurite(tmp_path) as emulator:
        provide(emulator.connection)
        values = settings_of(emulator.connection)
        (tmp_path / "settings.json").write_text(json.dumps({"IsEncrypted": False, "Values": values}))
        wiring = AzureWiring(read_settings(AzureSettings, values))
        discover_models(
            sources=found().sources,
            store=wiring.store,
            captures=MemoryCaptures(),
            bus=MemoryBus(),
            audit=wiring.audit,
            now=NOW - timedelta(days=3),
        )
        window = TimeWindow(start=QUIET, end=QUIET + timedelta(days=1))
        source = {"window": window.model_dump(mode="json")}
        baseline = BaselineRequested(model_id="nobody-000000", source=source, actor="ann")
        wiring.bus.publish([EvidenceChanged(model_id=MODEL, kinds=("drift.run",)), baseline])

        _predictions_wait_in_the_queue(wiring, emulator.connection)

        command = [sys.executable, "-m", "demo.azure_host", "--app", str(folder), "--settings"]
        with (
            (tmp_path / "stderr").open("w") as errors,
            QueueServiceClient.from_connection_string(emulator.connection) as queues,
            subprocess.Popen(
                [*command, str(tmp_path / "settings.json")], cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
            ) as process,
        ):
            try:
                host = Running(process, tmp_path, queues)
                host.started = json.loads(host.output.readline())
                status = host.until_idle()
                told = host.ask("/api/v1/gateway/credit/health")
                process.send_signal(signal.SIGTERM)
                said = host.output.read()
                process.wait(timeout=20)
            finally:
                process.kill()

        assert process.returncode == 0, said
        assert told[0] == 503
        assert "choose `gateway`" in told[1]["detail"]
        assert status["calls"]["compliance"] == {"succeeded": 1, "failed": 0}
        assert len(statuses_of(wiring.store, MODEL)) == len(built_in())
        assert status["calls"]["drift"] == {"succeeded": 0, "failed": 5}  # nobody registered that model
        assert status["poison"]["syndic-drift"] == 1
        metrics = [json.loads(line) for line in (tmp_path / "stderr").read_text().splitlines() if '"metric"' in line]
        assert [(one["metric"], one["value"], one["trigger"]) for one in metrics] == [
            ("ModelsEvaluated", 1, "evidence")
        ]


def _predictions_wait_in_the_queue(wiring: AzureWiring, connection: str) -> None:
    """A record comes back as it was sent, whether a message takes it or not."""
    waiting, large = wiring.waiting, json.dumps({"lines": ["x" * 200_000]}).encode()
    waiting.take("m", b'{"number": 1}')
    waiting.take("m", large)
    with QueueClient.from_connection_string(connection, PREDICTIONS) as queue:
        found = [base64.b64decode(one.content).decode() for one in queue.receive_messages()]
        queue.clear_messages()
    assert sorted((waiting.read(one) for one in found), key=str) == sorted([[b'{"number": 1}'], [large]], key=str)
    for one in (*found, *found):
        waiting.forget(one)
