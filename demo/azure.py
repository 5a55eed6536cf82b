"""Azure's part of the demonstration: the storage emulator, a control plane of Azure ML, and the function app.

The function app runs through the runtime that runs it in Azure. What stands in for Azure, and what that does not prove,
is in docs/local-cloud.md.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient, ContainerClient
from azure.storage.queue import QueueServiceClient

from cdk.azure.names import ARCHIVE, QUEUES, SCHEDULES, TABLE
from demo.azure_ml import ControlPlane, ServedDeployment, ServedEndpoint, Workspace
from demo.cloud import ROOT, Ports
from demo.processes import Processes, is_free
from demo.progress import DemoError
from demo.scenario import OWNER, Row, Scenario
from demo.traffic import Call, CollectedLabel, collector_files, label_files

WORKSPACE: Final = "00000000-0000-0000-0000-000000000000/models/credit"
CONTAINER: Final = "azureml-blobstore"
ROOT_FOLDER: Final = "modelDataCollector"
ACCOUNT: Final = "devstoreaccount1"  # the emulator's published account and key
KEY: Final = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
LABEL_DELAY: Final = timedelta(days=3)
AZURITE: Final = ROOT / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"


@dataclass(frozen=True)
class LocalAzure:
    """A running Azure half."""

    ports: Ports
    state: Path

    @cached_property
    def connection(self) -> str:
        """The connection string of the storage emulator."""
        services = {"Blob": self.ports.blob, "Queue": self.ports.queue, "Table": self.ports.table}
        addresses = ";".join(f"{name}Endpoint=http://127.0.0.1:{port}/{ACCOUNT}" for name, port in services.items())
        return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};{addresses};"

    @cached_property
    def captures(self) -> ContainerClient:
        """The container of the ML workspace, which holds collected traffic."""
        return BlobServiceClient.from_connection_string(self.connection).get_container_client(CONTAINER)

    def fire(self, timer: str) -> None:
        """Run a timer's function now, as its schedule does."""
        status, answer = self._ask("POST", f"/timers/{timer}")
        if status != 200:
            raise DemoError(f"the Azure function {timer} failed: {str(answer.get('error'))[:400]}")

    def wait_until_quiet(self, *, seconds: float = 240) -> None:
        """Wait until no queue holds a message and nothing runs. Raises `DemoError` when a message was given up."""
        deadline, quiet = time.monotonic() + seconds, 0
        while quiet < 2:
            _, status = self._ask("GET", "/status")
            if status["poison"]:
                raise DemoError(f"messages were given up by the Azure functions: {status['poison']}")
            if time.monotonic() > deadline:
                raise DemoError(f"the Azure functions are not done after {seconds:.0f} s: {status['queues']}")
            quiet = quiet + 1 if status["idle"] else 0
            time.sleep(0.2)

    @property
    def runtime(self) -> str:
        """What runs the functions."""
        return str(self._ask("GET", "/status")[1]["runtime"])

    def _ask(self, method: str, path: str) -> tuple[int, dict[str, Any]]:
        address = f"http://127.0.0.1:{self.ports.functions}{path}"
        request = urllib.request.Request(address, method=method)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


def start_azure(processes: Processes, ports: Ports, state: Path) -> LocalAzure:
    """Start everything that stands for Azure. Records and blobs are kept below `state` and found by the next start."""
    azure = LocalAzure(ports, state)
    kept = state / "azure"
    kept.mkdir(parents=True, exist_ok=True)
    listening = {"blob": ports.blob, "queue": ports.queue, "table": ports.table}
    processes.start(
        "azurite",
        ["node", str(AZURITE), "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", str(kept),
         *(part for name, port in listening.items() for part in (f"--{name}Port", str(port)))],
        environ=os.environ,
        ready=lambda: not any(is_free(port) for port in listening.values()),
        seconds=60,
    )  # fmt: skip
    _make_storage(azure)
    plane = ControlPlane([_workspace(azure)], port=ports.control_plane)
    threading.Thread(target=plane.serve_forever, name="azure-ml", daemon=True).start()
    settings = kept / "settings.json"
    settings.write_text(json.dumps({"IsEncrypted": False, "Values": _settings(azure, plane)}), "utf-8")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SYNDIC_", "AZURE_"))}
    processes.start(
        "azure-functions",
        [sys.executable, "-m", "demo.azure_host", "--settings", str(settings), "--port", str(ports.functions)],
        environ={**inherited, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'shared'}"},
        ready=lambda: not is_free(ports.functions),
        seconds=60,
    )
    return azure


def _make_storage(azure: LocalAzure) -> None:
    """What the template makes in Azure, and the container of the ML workspace."""
    blobs = BlobServiceClient.from_connection_string(azure.connection)
    queues = QueueServiceClient.from_connection_string(azure.connection)
    for make, names in ((blobs.create_container, (ARCHIVE, CONTAINER)), (queues.create_queue, QUEUES)):
        for name in names:
            try:
                make(name)
            except ResourceExistsError:  # a state that was kept
                continue
    TableServiceClient.from_connection_string(azure.connection).create_table_if_not_exists(TABLE)


def _settings(azure: LocalAzure, plane: ControlPlane) -> dict[str, str]:
    return {
        "SyndicStorage": azure.connection,
        "SYNDIC_STORAGE_ACCOUNT": ACCOUNT,
        "SYNDIC_STORAGE_CONNECTION": azure.connection,
        "SYNDIC_TABLE_NAME": TABLE,
        "SYNDIC_ARCHIVE_CONTAINER": ARCHIVE,
        "SYNDIC_ML_WORKSPACES": WORKSPACE,
        "SYNDIC_CAPTURE_ACCOUNTS": ACCOUNT,
        "SYNDIC_RESOURCE_MANAGER": plane.address,
        **SCHEDULES,
        **plane.identity,
    }


def _workspace(azure: LocalAzure) -> Workspace:
    """Two endpoints: one collects its traffic, the other one's collector is turned off."""
    tags = {
        "syndic:owner": OWNER,
        "syndic:window": "month",
        "syndic:labels": f"{azure.captures.url}/labels/car-loan",
    }
    on, off = (
        {side: {"dataCollectionMode": mode, "samplingRate": 1.0} for side in ("model_inputs", "model_outputs")}
        for mode in ("Enabled", "Disabled")
    )
    served = [
        ServedEndpoint(
            name=name,
            deployments=(ServedDeployment(model=name, version=version, collections=collections),),
            traffic={"blue": 100},
            tags=own,
        )
        for name, version, collections, own in (
            ("car-loan", "3", on, tags),
            ("claims-triage", "1", off, {"syndic:owner": OWNER}),
        )
    ]
    store = {"accountName": ACCOUNT, "containerName": CONTAINER, "endpoint": f"127.0.0.1:{azure.ports.blob}"}
    return Workspace(WORKSPACE, endpoints=served, datastores={"workspaceblobstore": {**store, "protocol": "http"}})


def replay(azure: LocalAzure, scenario: Scenario) -> int:
    """Write what the data collector and the ground truth would have written; returns how many blobs are new."""
    present = {blob.name for blob in azure.captures.list_blobs()}
    new = {name: content for name, content in written(scenario) if name not in present}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: azure.captures.upload_blob(*item), new.items()))
    return len(new)


def written(scenario: Scenario) -> Iterable[tuple[str, bytes]]:
    """Names in the workspace's container, and contents."""
    names = {side: [column["name"] for column in scenario.schema[side]] for side in ("inputs", "outputs")}
    calls = [Call(row.at, row.row_id, [row.inputs], [row.outputs]) for row in scenario.rows]
    collected = collector_files(scenario.endpoint, calls, input_names=names["inputs"], output_names=names["outputs"])
    yield from ((f"{ROOT_FOLDER}/{name}", content) for name, content in collected)
    labels = label_files(map(_label, scenario.rows))
    yield from ((f"labels/{scenario.endpoint}/{name}", content) for name, content in labels)


def _label(row: Row) -> CollectedLabel:
    midnight = row.at.replace(hour=0, minute=0, second=0, microsecond=0)
    return CollectedLabel(at=midnight + LABEL_DELAY, event_id=row.row_id, value=row.label)


def upload(azure: LocalAzure, name: str, content: bytes) -> str:
    """Keep a table beside the collected traffic; returns its address."""
    azure.captures.upload_blob(name, content, overwrite=True)
    return f"{azure.captures.url}/{name}"
