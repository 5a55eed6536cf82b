"""A proposal for a model in Azure on emulators: DynamoDB and the deployed mirror here, table, queue and blobs there."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import timedelta

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from functions.mirror.handler import handler
from functions.wiring import AwsWiring
from syndic.adapters.azure import BlobCaptures, StorageClients
from syndic.audit.log import AuditLog
from syndic.records import get_model
from syndic.tasks import drift
from syndic.tasks.awaited_proposals import ask_for_proposal, show_proposal
from tests.contract import clouds
from tests.contract.mirrored import deployed, name, world
from tests.unit.mirror.test_awaited_proposals import ENDPOINT, calls, collection_files
from tests.unit.mirror.two_clouds import MODEL, NOW, QUIET, Azure, TwoClouds

__all__ = ["deployed", "name", "world"]  # fixtures
pytestmark = pytest.mark.emulator
SCHEDULED = {"type": "mirror.scheduled"}


class Worker:
    """What the drift function of Azure is wired to."""

    def __init__(self, azure: Azure) -> None:
        self.store, self.captures, self.audit, self.now = azure.own, azure.captures, AuditLog(azure.own), azure.now
        self.counted: list[str] = []

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.counted += [name]


def test_a_proposal_is_asked_for_by_queue_made_from_blobs_and_mirrored_back(
    name: str, world: TwoClouds, deployed: AwsWiring, azurite: clouds.Azurite
) -> None:
    container = BlobServiceClient.from_connection_string(azurite.connection).create_container(f"{name}-traffic")
    assert ENDPOINT.capture is not None
    capture = ENDPOINT.capture.model_copy(update={"uri": f"{container.url}/collected"})
    for day in range(3):
        for path, data in collection_files(QUIET + timedelta(days=day), calls(day, 40)):
            container.upload_blob(f"collected/{path}", data)
    blobs = StorageClients(clouds.AZURITE_ACCOUNT, connection=azurite.connection).blobs_of
    world.azure.captures = BlobCaptures(blobs, accounts=[clouds.AZURITE_ACCOUNT])  # type: ignore[assignment]
    world.azure.source.listed[:] = [ENDPOINT.model_copy(update={"capture": capture})]
    world.azure.discover()
    queue = QueueServiceClient.from_connection_string(azurite.connection).get_queue_client("syndic-drift")
    with suppress(ResourceExistsError):
        queue.create_queue()
    queue.clear_messages()
    handler(SCHEDULED, None)

    model = get_model(deployed.store, MODEL)
    ask_for_proposal(model, store=deployed.store, audit=deployed.audit, bus=deployed.bus, actor="ada", now=NOW)
    assert show_proposal(model, store=deployed.store).awaited_since == NOW
    assert handler(SCHEDULED, None)["pushed"]["events"] == 1
    [message] = queue.receive_messages()
    body, worker = base64.b64decode(message.content).decode(), Worker(world.azure)
    for _ in range(2):  # delivered twice
        drift.take(body, worker)  # type: ignore[arg-type]
    assert worker.counted == ["SettingsProposed"]
    handler(SCHEDULED, None)

    proposal = show_proposal(model, store=deployed.store)
    assert proposal.awaited_since is None
    assert proposal.capture_schema is not None
    assert {spec.name: spec.role for spec in proposal.capture_schema.captured} == {
        "application_id": "row_id", "amount": "feature", "applicantSex": "feature",
        "granted": "prediction", "chance": "score",
    }  # fmt: skip
    assert proposal.seen is not None
    assert (proposal.seen.rows, proposal.seen.rejected) == (80, 0)
    assert proposal.baseline is not None
    assert proposal.baseline.start == QUIET + timedelta(days=1), "the day before was first captured at nine"
