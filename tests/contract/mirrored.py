"""Two clouds between which the mirror runs, on emulators: DynamoDB here, Table Storage there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient

from functions import wiring
from functions.wiring import AwsWiring
from syndic.adapters.aws import DynamoStore
from syndic.adapters.azure import TableStore
from tests.contract import clouds
from tests.unit.mirror.two_clouds import Aws, TwoClouds, found


@pytest.fixture
def name() -> str:
    return f"mirror{uuid.uuid4().hex[:12]}"


@pytest.fixture
def world(name: str, aws: str, bucket: str, azurite: clouds.Azurite) -> TwoClouds:
    client = clouds.client("dynamodb", aws)
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    here = DynamoStore(client, name, s3=clouds.client("s3", aws), bucket=bucket)
    table = TableServiceClient.from_connection_string(azurite.connection).create_table(name)
    blobs = BlobServiceClient.from_connection_string(azurite.connection).create_container(name)
    world = found(store=TableStore(table, blobs=blobs))
    return TwoClouds(aws=Aws(raw=here), azure=world.azure)


@pytest.fixture
def deployed(
    name: str, aws: str, bucket: str, azurite: clouds.Azurite, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwsWiring]:
    """What a Lambda function is given, with the emulators' addresses."""
    clouds.client("events", aws).create_event_bus(Name=name)
    environment = {
        "AWS_ENDPOINT_URL": aws, "AWS_DEFAULT_REGION": clouds.REGION, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "SYNDIC_TABLE_NAME": name, "SYNDIC_ARCHIVE_BUCKET": bucket,
        "SYNDIC_EVENT_BUS": name, "SYNDIC_AZURE_STORAGE_ACCOUNT": clouds.AZURITE_ACCOUNT,
        "SYNDIC_AZURE_STORAGE_CONNECTION": azurite.connection, "SYNDIC_AZURE_TABLE_NAME": name,
        "SYNDIC_AZURE_ARCHIVE_CONTAINER": name,
    }  # fmt: skip
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    wired = wiring.wired
    wired.cache_clear()
    yield wired()
    wired.cache_clear()
