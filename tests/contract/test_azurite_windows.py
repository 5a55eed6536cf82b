"""A large window counted by several workers on Azurite: real queue, table and container, one report."""

from __future__ import annotations

import base64
import threading
import uuid
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from syndic.adapters.azure import BlobArchive, QueueBus, TableStore
from syndic.adapters.azure.queues import DRIFT, QUEUES, WINDOWS
from syndic.checks.counting.list_files import list_files
from syndic.checks.counting.plan import start_run
from syndic.checks.counting.queue_run import FanOut, FanOutRun
from syndic.drift.models import BaselineSource
from syndic.models import CountRequested, to_json
from syndic.ports import Record
from syndic.records import model_key
from syndic.settings import AzureSettings
from syndic.tasks import counter, drift
from syndic.windows import partitions
from tests.contract import clouds
from tests.unit.checks.test_counted_by_messages import BASE, DAY, collected, kept
from tests.unit.drift.case import NOW, Case

pytestmark = pytest.mark.emulator
WORKERS = 4


class World:
    """What a worker is wired to: one of its own for each thread."""

    settings = AzureSettings(
        table_name="t", storage_account="devstoreaccount1", archive_container="c", ml_workspaces="s/g/w"
    )
    maps, notifier, sources = None, None, ()

    def __init__(self, case: Case) -> None:
        self.store, self.archive, self.bus = case.store, case.archive, case.bus
        self.captures, self.audit = case.captures, case.audit

    def now(self) -> Any:
        return NOW

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Metrics are not looked at here."""


@pytest.fixture
def case(azurite: clouds.Azurite, azure_table: Any) -> Case:
    """The same captured traffic as in the unit test, with everything that is written on the emulator."""
    case, suffix = collected(), uuid.uuid4().hex[:8]
    container = BlobServiceClient.from_connection_string(azurite.connection).create_container(f"windows-{suffix}")
    queues = QueueServiceClient.from_connection_string(azurite.connection)
    for name in QUEUES:
        queues.create_queue(f"{name}-{suffix}")
    case.store = TableStore(azure_table, blobs=container)
    case.archive = BlobArchive(container)
    case.bus = QueueBus(lambda name: queues.get_queue_client(f"{name}-{suffix}"))
    case.judged = queues.get_queue_client(f"{DRIFT}-{suffix}")
    case.windows = queues.get_queue_client(f"{WINDOWS}-{suffix}")
    case.store.put(Record(model_key(case.model.id), to_json(case.model)))
    case.baseline(BaselineSource(window=BASE))
    return case


def work(case: Case, failures: list[BaseException]) -> None:
    """Take messages until none is left. Every fifth is given back first, as when a worker dies."""
    taken = 0
    while (message := case.windows.receive_message(visibility_timeout=60)) is not None:
        taken += 1
        if taken % 5 == 0 and message.dequeue_count == 1:
            case.windows.update_message(message, visibility_timeout=0, content=message.content)
            continue
        try:
            counter.take_part(base64.b64decode(message.content).decode(), World(case))
        except BaseException as error:
            failures.append(error)
            raise
        case.windows.delete_message(message)


def test_workers_on_one_queue_give_the_report_of_one_function(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "MOST_FILES", 6)  # a batch for each pair of files
    direct = collected()
    expected = direct.check(DAY)
    request = CountRequested(model_id=case.model.id, window=DAY, checks=("drift",))
    files = list_files(case.model, DAY, captures=case.captures, now=NOW)
    maps = FanOut(case.store, case.bus, clock=lambda: NOW)
    run = start_run(request, case.model, files, archive=case.archive, maps=maps)
    failures: list[BaseException] = []
    workers = [threading.Thread(target=work, args=(case, failures)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    (message,) = case.judged.receive_messages()
    drift.take(base64.b64decode(message.content).decode(), World(case))
    assert kept(case) == kept(direct)
    assert FanOutRun.model_validate(case.store.query(f"map.{run}", prefix="run").records[0].body).state == "finished"
    assert [entry.action for entry in case.audit.entries].count("drift.checked") == 1
    assert expected.rows.current > 0
