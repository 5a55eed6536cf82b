"""The AWS wiring with and without an Azure half."""

from __future__ import annotations

import pytest

from functions.wiring import AwsWiring
from syndic.adapters.aws import EventBridgeBus
from syndic.adapters.azure import QueueBus, TableStore
from syndic.adapters.partitioned import PartitionedStore
from syndic.errors import InvalidInputError
from syndic.mirror.change_log import ChangeLog
from syndic.mirror.outbox import OutboxBus
from syndic.settings import AwsSettings

ALONE = AwsSettings(table_name="records", archive_bucket="archive", event_bus="bus")
WITH_AZURE = ALONE.model_copy(update={"azure_storage_account": "results"})
FEDERATED = WITH_AZURE.model_copy(update={"azure_tenant_id": "tenant", "azure_client_id": "client"})


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")


def test_without_azure_nothing_is_noted_and_nothing_waits() -> None:
    wired = AwsWiring(ALONE)

    assert isinstance(wired.store, PartitionedStore)
    assert isinstance(wired.bus, EventBridgeBus)
    assert wired.azure is None


def test_every_function_of_a_deployment_with_azure_notes_what_azure_has_to_know() -> None:
    wired = AwsWiring(WITH_AZURE)

    assert isinstance(wired.store, ChangeLog)
    assert isinstance(wired.bus, OutboxBus)


def test_the_mirror_signs_in_without_a_stored_secret() -> None:
    azure = AwsWiring(FEDERATED).azure

    assert azure is not None
    assert isinstance(azure.store, TableStore)
    assert isinstance(azure.bus, QueueBus)


def test_an_account_that_nothing_signs_in_to_is_said() -> None:
    with pytest.raises(InvalidInputError, match="nothing signs in to storage account results"):
        _ = AwsWiring(WITH_AZURE).azure
