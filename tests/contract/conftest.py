"""One factory per port and adapter. A new adapter joins the suites by one line in the tables below."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.data.tables import TableClient
from azure.storage.blob import ContainerClient

from syndic.adapters.aws import DynamoStore, S3Archive, S3CaptureEraser, S3Captures, S3Received
from syndic.adapters.aws.messaging.mail import SesMail
from syndic.adapters.azure import BlobArchive, BlobCaptures, StorageClients, TableStore
from syndic.adapters.folder import FolderStore
from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryCaptures, MemoryNotifier, MemoryStore
from syndic.audit.log import AuditLog
from syndic.models import CaptureFormat
from syndic.ports import CaptureEraser
from tests.contract import clouds
from tests.contract.strict_tables import StrictTables
from tests.contract.subjects import BusSubject, CaptureSubject, MailSubject

SENDER = "syndic@example.org"


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with clouds.ministack(tmp_path_factory.mktemp("ministack")) as url:
        yield url


@pytest.fixture(scope="session")
def sagemaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with clouds.moto(tmp_path_factory.mktemp("moto")) as url:
        yield url


@pytest.fixture(scope="session")
def bucket(aws: str) -> str:
    name = f"syndic-{uuid.uuid4().hex[:12]}"
    clouds.client("s3", aws).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": clouds.REGION})
    return name


@pytest.fixture(scope="session")
def table(aws: str) -> str:
    name = f"syndic-{uuid.uuid4().hex[:12]}"
    clouds.client("dynamodb", aws).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    return name


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clouds.Azurite]:
    with clouds.azurite(tmp_path_factory.mktemp("azurite")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def azure_clients(azurite: clouds.Azurite) -> StorageClients:
    return StorageClients(clouds.AZURITE_ACCOUNT, connection=azurite.connection)


@pytest.fixture(scope="session")
def container(azure_clients: StorageClients) -> ContainerClient:
    client = azure_clients.container(f"syndic-{uuid.uuid4().hex[:12]}")
    client.create_container()
    return client


@pytest.fixture(scope="session")
def azure_table(azurite: clouds.Azurite) -> TableClient:
    """A table with the limits and the short pages of the real service."""
    name = f"syndic{uuid.uuid4().hex[:12]}"
    client = TableClient.from_connection_string(azurite.connection, name, transport=StrictTables())
    client.create_table()
    return client


@pytest.fixture(scope="session")
def plain_azure_table(azure_clients: StorageClients) -> TableClient:
    """A table of the emulator as it is."""
    client = azure_clients.table(f"plain{uuid.uuid4().hex[:12]}")
    client.create_table()
    return client


def _tables(ask: Callable[[str], Any]) -> TableStore:
    return TableStore(ask("azure_table"), blobs=ask("container"))


def _dynamo(ask: Callable[[str], str]) -> DynamoStore:
    url = ask("aws")
    return DynamoStore(clouds.client("dynamodb", url), ask("table"), s3=clouds.client("s3", url), bucket=ask("bucket"))


def _s3_captures(ask: Callable[[str], str]) -> CaptureSubject:
    client, bucket = clouds.client("s3", ask("aws")), ask("bucket")

    def write(uri: str, data: bytes) -> None:
        client.put_object(Bucket=bucket, Key=uri.removeprefix(f"s3://{bucket}/"), Body=data)

    root = f"s3://{bucket}/{uuid.uuid4().hex}"
    return CaptureSubject(S3Captures(client, buckets=[bucket]), write, root, writer=S3Received(client, f"{root}/sent/"))


def _blob_captures(ask: Callable[[str], Any]) -> CaptureSubject:
    clients, container = ask("azure_clients"), ask("container")
    captures = BlobCaptures(clients.blobs_of, accounts=[clouds.AZURITE_ACCOUNT])

    def write(uri: str, data: bytes) -> None:
        container.upload_blob(uri.removeprefix(f"{container.url}/"), data, overwrite=True)

    return CaptureSubject(captures, write, f"{container.url}/{uuid.uuid4().hex}", CaptureFormat.AZURE_COLLECTOR)


def _memory_captures(_ask: Callable[[str], str]) -> CaptureSubject:
    captures = MemoryCaptures()
    return CaptureSubject(captures, captures.add, "s3://bucket/captured", writer=captures)


def _memory_bus(_ask: Callable[[str], str]) -> BusSubject:
    bus = MemoryBus()
    return BusSubject(bus, lambda: [event.model_dump(mode="json") for event in bus.published])


def _event_bridge(ask: Callable[[str], str]) -> BusSubject:
    url = ask("aws")
    return BusSubject.on_event_bridge(clouds.client("events", url), clouds.client("sqs", url))


def _ses(ask: Callable[[str], str]) -> MailSubject:
    client = clouds.client("sesv2", ask("aws"))
    client.create_email_identity(EmailIdentity=SENDER)
    return MailSubject.on_ministack(SesMail(client, SENDER), ask("aws"))


def _memory_mail(_ask: Callable[[str], str]) -> MailSubject:
    notifier = MemoryNotifier()
    return MailSubject(
        notifier, lambda: [{"to": m.to, "subject": m.subject, "text": m.text, "html": m.html} for m in notifier.sent]
    )


STORES = {
    "memory": lambda _ask: MemoryStore(),
    "folder": lambda ask: FolderStore(ask("tmp_path")),
    "dynamodb": _dynamo,
    "azurite": _tables,
}


def _memory_erasing(ask: Callable[[str], str]) -> tuple[CaptureSubject, CaptureEraser]:
    subject = _memory_captures(ask)
    return subject, subject.reader  # type: ignore[return-value]


def _s3_erasing(ask: Callable[[str], str]) -> tuple[CaptureSubject, CaptureEraser]:
    return _s3_captures(ask), S3CaptureEraser(clouds.client("s3", ask("aws")), buckets=[ask("bucket")])


ARCHIVES = {
    "memory": lambda _ask: MemoryArchive(),
    "s3": lambda ask: S3Archive(clouds.client("s3", ask("aws")), ask("bucket")),
    "azurite": lambda ask: BlobArchive(ask("container"), signing=ask("azure_clients").signing),
}
CAPTURES = {"memory": _memory_captures, "s3": _s3_captures, "azurite": _blob_captures}
BUSES = {
    "memory": _memory_bus,
    "eventbridge": _event_bridge,
    "azurite": lambda ask: BusSubject.on_queues(ask("azurite").connection),
}
MAIL_SERVICES = {"memory": _memory_mail, "ses": _ses}
AUDITS = {
    "memory": lambda _ask: MemoryAudit(),
    "log-memory": lambda _ask: AuditLog(MemoryStore()),
    "log-dynamodb": lambda ask: AuditLog(_dynamo(ask)),
    "log-azurite": lambda ask: AuditLog(_tables(ask)),
}


def _made(factories: dict[str, Callable]) -> Callable:
    marks = {"memory": (), "folder": (), "log-memory": ()}

    @pytest.fixture(params=[pytest.param(name, marks=marks.get(name, pytest.mark.emulator)) for name in factories])
    def subject(request: pytest.FixtureRequest):
        return factories[request.param](request.getfixturevalue)

    return subject


store = _made(STORES)
archive = _made(ARCHIVES)
captures = _made(CAPTURES)
erasing = _made({"memory": _memory_erasing, "s3": _s3_erasing})
bus = _made(BUSES)
mails = _made(MAIL_SERVICES)
audit = _made(AUDITS)
